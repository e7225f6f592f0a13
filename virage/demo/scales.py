"""How large a demonstration is: a house to visit, a region, or a volume to measure on."""

from collections.abc import Callable
from dataclasses import dataclass

from virage.demo import volume
from virage.demo.builder import DemoAccount, Report, build_demo, house_accounts
from virage.demo.region import builder as region
from virage.foundation.access.matrix import profession_label

Advance = Callable[[int], None]


@dataclass(frozen=True)
class Scale:
    """How to build one and who may sign in there.

    Building tells, in French, which part begins, and how many steps more are done, of the `steps`
    that are announced; `counted` is what they are.
    """

    build: Callable[[Report, Advance], None]
    accounts: Callable[[], list[DemoAccount]]
    steps: int = 0
    counted: str = ""


def _build_house(tell: Report, advance: Advance) -> None:
    build_demo(report=tell)


def _build_volume(tell: Report, advance: Advance) -> None:
    tell("5 000 personnes et 300 000 transmissions : quelques minutes")
    volume.fill(volume.FULL, advance, lambda: tell("Sceaux du journal"))


def _build_region(tell: Report, advance: Advance) -> None:
    tell("56 établissements et deux années de leur vie : quelques minutes")
    region.fill(tell, advance)


def _volume_accounts() -> list[DemoAccount]:
    return [
        DemoAccount("", profession_label("nurse"), volume.NURSE),
        DemoAccount("", profession_label("director"), volume.DIRECTOR),
    ]


HOUSE, BENCH = "house", "bench"
SCALES = {
    HOUSE: Scale(_build_house, house_accounts),
    "region": Scale(_build_region, region.accounts, region.steps(), "Journées"),
    BENCH: Scale(_build_volume, _volume_accounts, volume.FULL.steps, "Personnes et transmissions"),
}
