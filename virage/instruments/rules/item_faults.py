"""What no form could ask of one question, in French."""

from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_FLOOR, Decimal

from virage.instruments.rules.items import ALONE, MOST_DIGITS, Item, ItemKind

# What a form takes.
MOST_DECIMALS = 6


def faults_of_item(item: Item) -> Iterator[str]:
    """Say what no form could ask of it, or of its columns."""
    place = f"«\u00a0{item.id}\u00a0»"
    if not item.id or not all(item.by_option):
        yield f"{place}\u00a0: un identifiant est vide"
    if not are_finite(item.at_least, item.at_most, *(one.points for one in item.options)):
        yield f"{place}\u00a0: un nombre n’est pas fini, ou a trop de chiffres"
    elif item.kind == ItemKind.NUMBER:
        yield from _faults_of_number(item)
    elif item.at_least is not None or item.at_most is not None:
        yield f"{place}\u00a0: des bornes vont avec un nombre"
    yield from _faults_of_options(item)
    if "__" in item.id:
        yield f"{place}\u00a0: «\u00a0__\u00a0» sépare les champs du formulaire"
    for column in item.columns:
        yield from faults_of_item(column)
        if column.columns or column.when or column.under:
            yield f"{place}\u00a0: «\u00a0{column.id}\u00a0» n’a ni condition ni colonnes"


def _faults_of_options(item: Item) -> Iterator[str]:
    """Say which option no form could send, or no answer received be known by."""
    place = f"«\u00a0{item.id}\u00a0»"
    if taken := ALONE & item.by_option.keys():
        yield f"{place}\u00a0: l’option «\u00a0{min(taken)}\u00a0» a déjà un sens"
    codes = Counter(option.code or option.id for option in item.options)
    for option in (one for one in item.options if one.code):
        whole = f"{option.system}|{option.code}"
        if option.id != (option.code if codes[option.code] == 1 else whole):
            yield f"{place}\u00a0: «\u00a0{option.id}\u00a0» n’est pas son code publié"


def _faults_of_number(item: Item) -> Iterator[str]:
    """Say which number no answer could be; its bounds are finite."""
    place = f"«\u00a0{item.id}\u00a0»"
    if item.decimals not in range(MOST_DECIMALS + 1):
        yield f"{place} a de 0 à {MOST_DECIMALS} décimales"
        return
    least, most = item.extent
    if item.at_least is not None and item.at_most is not None and item.at_least > item.at_most:
        yield f"{place} a un minimum au-dessus de son maximum"
    elif least > most or most.quantize(Decimal(1).scaleb(-item.decimals), ROUND_FLOOR) < least:
        yield f"{place}\u00a0: aucun nombre à tant de décimales n’est entre ses bornes"


def are_finite(*numbers: Decimal | None) -> bool:
    """Whether none of these numbers is infinite, or no number."""
    """Whether each is a number, neither too large nor too small to be counted with and shown."""
    given = [number for number in numbers if number is not None]
    return all(one.is_finite() and abs(one.adjusted()) <= MOST_DIGITS for one in given)
