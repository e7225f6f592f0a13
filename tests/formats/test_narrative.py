"""The words that a person reads in a part kept as received: the text alone, never its markup."""

import pytest

from virage.formats.narrative import narrative_of

SECTION = """<section xmlns="urn:hl7-org:v3"><title>Séjour</title>
<text><table border="0">
  <thead><tr><th>Admission</th><th>Dossier</th></tr></thead>
  <tbody><tr><td>11 avril
  2023</td><td ID="n">1012</td></tr></tbody>
</table><list><item>Une <content styleCode="Bold">canne</content></item><item>Des lunettes</item>
</list><paragraph>Vue par<br/>le médecin</paragraph></text>
<entry><act><text>codé ailleurs</text></act></entry></section>"""
IN_WORDS = "Admission · Dossier\n11 avril 2023 · 1012\nUne canne\nDes lunettes\nVue par\nle médecin"

GOAL = '{"resourceType": "Goal", "text": {"div": "<div><p>Aller</p><p>dehors</p></div>"}}'
ADDED = '{"div": "<div>Aller&nbsp;&amp; venir<script>x()</script><!-- non --></div>"}'


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("cda-element", SECTION, IN_WORDS),
        ("cda-element", '<text xmlns="urn:hl7-org:v3">Marche seule.</text>', "Marche seule."),
        ("cda-element", '<act xmlns="urn:hl7-org:v3"><text>Bain</text></act>', ""),
        ("fhir-resource", GOAL, "Aller\ndehors"),
        ("fhir-element", ADDED, "Aller & venir"),
        ("fhir-element", '{"text": {"div": "<!-- -->"}}', ""),
        ("fhir-element", '{"text": {"div": " "}}', ""),
        ("fhir-element", '{"text": "un libellé"}', ""),
        ("fhir-element", '{"div": "<div>Bonjour <o:p>Marie</o:p></div>"}', "Bonjour Marie"),
        ("fhir-element", '"un mot"', ""),
        ("differing", GOAL, ""),
        ("words", "Restriction d’accès", ""),
    ],
)
def test_the_words_are_shown_without_their_markup(kind: str, content: str, words: str) -> None:
    assert narrative_of(kind, content) == words


@pytest.mark.parametrize("kind", ["cda-element", "fhir-element"])
@pytest.mark.parametrize("content", ["", "<", "{", "pas du XML", "[" * 100_000, "<a>" * 100_000])
def test_what_is_not_what_it_says_has_no_words(kind: str, content: str) -> None:
    assert narrative_of(kind, content) == ""
