"""A code of a published list, kept whole: a code we do not know yet must go out as it came in."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Coded:
    """A coded value: the list's canonical URL (or `urn:oid:`), the code, its label and version.

    `text` is what the sender wrote in plain words beside or instead of the code.
    """

    system: str = ""
    code: str = ""
    display: str = ""
    version: str = ""
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.code or self.text)

    @property
    def label(self) -> str:
        """What to show a reader."""
        return self.text or self.display or self.code

    def parts(self) -> dict[str, str]:
        """Return the parts that say something, by name: what is stored."""
        return {name: part for name, part in asdict(self).items() if part}
