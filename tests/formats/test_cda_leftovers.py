"""Nothing that a CDA document says is lost: a word put anywhere in it is found again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.formats.cda_samples import document, event, events, observation, read, section, tree
from tests.formats.official import CDA_DOCUMENT, needs_official_files
from virage.formats.cda.node import V3, local_name
from virage.formats.outcome import Limits, Unreadable
from virage.formats.tddui.from_cda import read_document

WORD = "mot-témoin"
NARRATIVE = """<table><thead><tr><th>Motif</th><th>Compte-rendu</th></tr></thead>
  <tr><td ID="a">Visite</td></tr></table>"""
SAMPLE = document(
    events(
        event(
            '<performer><assignedEntity><id root="1.2.250.1.71.4.2.1" extension="801"/>'
            "</assignedEntity></performer>",
            observation("1.2.250.1.213.1.1.3.48", "38887-6", '<value value="true"/>'),
            code='<originalText><reference value="#a"/></originalText>',
        ),
        text=NARRATIVE,
    ),
    section("9.9.9", text="Allergies", title="Autre"),
    header="<author><time value='20260101'/></author>",
)
HOWS = ("attribute", "child", "text")
GRAMMAR = {"templateId", "realmCode", "typeId", "renderMultiMedia", "th"}
MESSAGE = {"id", "setId", "versionNumber", "title", "languageCode", "confidentialityCode"}


def is_silent(element: etree._Element) -> bool:
    """Whether the closed list of what says nothing covers a place."""
    names = [local_name(element), *(local_name(each) for each in element.iterancestors())]
    is_of_header = len(names) == 2 and names[0] in MESSAGE
    is_title = names[:2] == ["title", "section"]
    return is_of_header or is_title or not GRAMMAR.isdisjoint(names)


def places(data: bytes) -> list[int]:
    """The elements where a word would be content."""
    return [number for number, element in enumerate(tree(data).iter()) if not is_silent(element)]


def check_kept(data: bytes, place: int, how: str) -> None:
    root = tree(data)
    element = list(root.iter())[place]
    if how == "attribute":
        element.set("dit", WORD)
    elif how == "child":
        etree.SubElement(element, f"{{{V3}}}observationRange", {"dit": WORD})
    else:
        element.text = f"{element.text or ''} {WORD}"
    try:
        assert WORD in repr(read_document(root, limits=Limits()))
    except Unreadable:
        assert how == "text", "only a word inside base64 is refused"


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("place", places(SAMPLE))
def test_a_word_put_anywhere_in_our_sample_is_found_again(place: int, how: str) -> None:
    check_kept(SAMPLE, place, how)


@needs_official_files
@given(st.data(), st.sampled_from(HOWS))
@settings(max_examples=30)
def test_a_word_put_in_the_official_document_is_found_again(data: st.DataObject, how: str) -> None:
    official = CDA_DOCUMENT.read_bytes()
    check_kept(official, data.draw(st.sampled_from(places(official))), how)


@pytest.mark.parametrize(
    "silence",
    [
        '<id root="A5516277-3F86-4681-9013-93868243AB67"/>',
        '<statusCode code="completed"/>',
        '<effectiveTime nullFlavor="NA"/>',
        '<templateId root="1.2.3"/>',
    ],
)
def test_what_says_nothing_is_not_listed(silence: str) -> None:
    without = read(document(events(event()))).record.leftovers
    with_it = read(document(events(event(silence)))).record.leftovers
    assert [each.title for each in with_it] == [each.title for each in without]


def test_a_masked_value_is_listed() -> None:
    left = read(document(events(event('<priorityCode nullFlavor="MSK"/>')))).record.leftovers
    assert any("MSK" in each.content for each in left)


def test_a_leftover_tells_its_object_and_its_place() -> None:
    [left, _] = read(document(events(event('<priorityCode code="R"/>')))).record.leftovers
    assert left.owner.endswith("-EVN-7")
    assert left.path == (
        "/ClinicalDocument/component/structuredBody/component/section/entry/encounter/priorityCode"
    )
    assert left.content == '<priorityCode xmlns="urn:hl7-org:v3" code="R"/>'


def test_a_narrative_that_says_no_more_than_the_fields_is_not_listed() -> None:
    code = '<originalText><reference value="#a"/></originalText>'
    text = '<table><tr><th>Type</th></tr><tr><td ID="a">Visite</td></tr></table>'
    told = read(document(events(event(code=code), text=text))).record
    assert told.events[0].types[0].text == "Visite"
    assert not any("Texte" in each.title for each in told.leftovers)
