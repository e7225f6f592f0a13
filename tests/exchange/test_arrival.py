"""What the published lists tell of a received record, said in the report of its import."""

import pytest

from tests.exchange.samples import receive
from tests.factories.town import Town, actor_of
from tests.formats.cda_samples import CISIS, document, identifier, section
from virage.exchange.enums import LineLevel

SERAFIN = 'codeSystem="1.2.250.1.213.3.3.60"'


def _serafin_grid(code: str, words: str) -> bytes:
    """Return a CDA document whose one evaluation answers one question."""
    question = f"""<entryRelationship><observation>
      <templateId root="1.2.250.1.213.1.1.3.214"/>
      <code code="{code}" displayName="{words}" {SERAFIN}/><value xsi:type="INT" value="31"/>
      </observation></entryRelationship>"""
    grid = f"""<organizer><templateId root="1.2.250.1.213.1.1.3.95"/><component><observation>
      <templateId root="1.2.250.1.213.1.1.3.25"/>{identifier("EVAL-1")}
      <code code="MED-1291" displayName="Evaluation SERAFIN" {CISIS}/>{question}
      </observation></component></organizer>"""
    return document(section("1.2.250.1.213.1.1.2.246", grid))


@pytest.mark.parametrize(
    ("code", "words", "told"),
    [
        # So the official grid names the domestic activities.
        ("1.3.3.2", "Besoins pour accomplir les activités domestiques", ["1.3.3.2"]),
        ("1.3.2.2", "Besoins pour accomplir les activités domestiques", []),
        ("1.3.3.2", "Besoins en lien avec le travail et l’emploi", []),
        ("1.3.3.2", "Le travail, en quelques mots à nous", []),
        ("1.2", "Besoins en matière d'autonomie", []),
        ("1.2.1", "Besoins en matière d'autonomie", []),
    ],
)
def test_a_question_with_the_words_of_another(
    town: Town, code: str, words: str, told: list[str]
) -> None:
    received = receive(actor_of(town.sofia), _serafin_grid(code, words))
    warnings = received.lines.filter(level=LineLevel.WARNING, code="answer_code_mismatch")
    assert list(warnings.values_list("value", flat=True)) == told
