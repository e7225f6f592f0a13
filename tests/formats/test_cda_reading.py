"""What the official CDA example does not hold: other statuses, journeys, covers, odd values."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.formats.cda_samples import (
    CISIS,
    PATIENT,
    document,
    event,
    events,
    identifier,
    observation,
    read,
    section,
)
from virage.formats.outcome import Unreadable
from virage.formats.tddui.record import Event
from virage.foundation.coded import Coded

STATUS = "1.2.250.1.213.1.1.3.217"
PLAIN = "1.2.250.1.213.1.1.3.48"


def read_event(*parts: str, mood: str = "EVN", code: str = "", text: str = "") -> Event:
    return read(document(events(event(*parts, mood=mood, code=code), text=text))).record.events[0]


def titles(data: bytes) -> list[str]:
    return [leftover.title for leftover in read(data).record.leftovers]


def faults(data: bytes) -> list[str]:
    return [finding.code for finding in read(data).findings]


def test_the_usager_without_a_body() -> None:
    person = read(document()).record.person
    assert (person.birth_family_name, person.used_family_name) == ("PATUREL", "MERCIER")
    assert [(each.type.code, each.system) for each in person.identifiers] == [
        ("INS-NIR-TEST", "urn:oid:1.2.250.1.213.1.4.10"),
        ("PI", "https://identifiant-medicosocial-localusager.esante.gouv.fr"),
    ]
    assert person.addresses[0].lines == ["4 allée des Tilleuls"]
    assert (person.telecoms[0].system, person.telecoms[0].use) == ("phone", "mobile")
    assert person.sex == "female"


@pytest.mark.parametrize(
    ("written", "fault", "kept"),
    [
        ('value="1960"', "birth_date_partial", True),
        ('value="19600231"', "date_unreadable", True),
        ('value="demain"', "date_unreadable", True),
        ('nullFlavor="MSK"', None, True),
        ('nullFlavor="UNK"', None, False),
        ('value="99991231"', "date_unreadable", True),
    ],
)
def test_a_birth_date_that_is_not_one(written: str, fault: str | None, kept: bool) -> None:
    data = document(patient=PATIENT.replace('value="19600514"', written))
    assert read(data).record.person.birth_on is None
    assert faults(data) == ([fault] if fault else [])
    assert any("birthTime" in each.content for each in read(data).record.leftovers) is kept


def test_a_guardian_is_a_contact() -> None:
    guardian = """<guardian><telecom value="mailto:tutelle@exemple.fr"/><guardianPerson><name>
      <family>BRUNEL</family><given>Ivan</given></name></guardianPerson></guardian></patient>"""
    [contact] = read(document(patient=PATIENT.replace("</patient>", guardian))).record.contacts
    assert (contact.family_name, contact.relation.label) == ("BRUNEL", "Représentant légal")
    assert contact.telecoms[0].value == "tutelle@exemple.fr"


def test_a_planned_event() -> None:
    planned = read_event(mood="INT")
    assert planned.status == "planned"
    assert planned.starts_at == datetime(2026, 11, 3, 8, tzinfo=UTC)
    assert planned.ends_at == datetime(2026, 11, 3, 9, tzinfo=UTC), "no zone: Paris time"


@pytest.mark.parametrize(
    ("zone", "hour", "minute"), [("+0530", 3, 30), ("-0500", 14, 0), ("-0330", 12, 30)]
)
def test_an_hour_is_read_in_its_zone(zone: str, hour: int, minute: int) -> None:
    encounter = event().replace("090000+0100", f"090000{zone}")
    [timed] = read(document(events(encounter))).record.events
    assert timed.starts_at == datetime(2026, 11, 3, hour, minute, tzinfo=UTC)


def test_a_cancelled_event_says_why() -> None:
    value = f"""<value code="ANNULE"><qualifier><value code="GEN-357" displayName="Motif lié à
      la structure" {CISIS}/></qualifier></value>"""
    cancelled = read_event(observation(STATUS, "106199-3", value))
    assert (cancelled.status, cancelled.cancel_reason.code) == ("cancelled", "GEN-357")


def test_the_last_status_wins_and_the_former_is_left() -> None:
    former = observation(
        STATUS, "106199-3", '<value code="PLANIFIE"/>', more='<effectiveTime value="20261001"/>'
    )
    last = observation(
        STATUS, "106199-3", '<value code="VALIDE"/>', more='<effectiveTime value="20261020"/>'
    )
    data = document(events(event(last, former)))
    assert read(data).record.events[0].status == "triaged"
    assert any("PLANIFIE" in each.content for each in read(data).record.leftovers)


def test_an_unknown_status_is_told_and_left() -> None:
    data = document(events(event(observation(STATUS, "106199-3", '<value code="REVE"/>'))))
    assert read(data).record.events[0].status == "finished"
    assert faults(data) == ["unknown_code"]
    assert any("REVE" in each.content for each in read(data).record.leftovers)


def test_types_coded_and_in_plain_words() -> None:
    serafin = """<originalText><reference value="#mots"/></originalText>
      <qualifier><name code="GEN-363"/>
      <value code="2.1.1" codeSystem="1.2.250.1.213.3.3.60"/></qualifier>"""
    types = read_event(code=serafin, text='<paragraph ID="mots">Sortie au marché</paragraph>').types
    assert types == [
        Coded("https://smt.esante.gouv.fr/terminologie-SERAFINPH", "2.1.1"),
        Coded(text="Sortie au marché"),
    ]


def test_what_an_event_observes() -> None:
    seen = read_event(
        observation(PLAIN, "38887-6", '<value value="false"/>'),
        observation(PLAIN, "GEN-347", '<value value="true"/>'),
        observation(
            PLAIN,
            "GEN-349",
            f"""<value code="ORG-207" {CISIS}><qualifier><value code="ORG-210" {CISIS}/>
            </qualifier></value>""",
        ),
    )
    assert (seen.was_person_present, seen.is_outside_service) == (False, True)
    assert [(used.type.code, used.detail.code) for used in seen.used_resources] == [
        ("ORG-207", "ORG-210")
    ]


def test_an_observation_without_a_place_is_left() -> None:
    meal = observation(PLAIN, "GEN-350", '<value value="true"/>')
    assert titles(document(events(event(meal))))[-1] == "Registre des identifiants de l’expéditeur"
    assert "Précision" in titles(document(events(event(meal))))


def test_a_journey_of_the_usager() -> None:
    act = f"""<entryRelationship><act><templateId root="1.2.250.1.213.1.1.3.24"/>
      {identifier("TPPat-3")}<code code="ORG-156" {CISIS}><qualifier><name code="GEN-345"/>
      <value code="3.2.4" codeSystem="1.2.250.1.213.3.3.60"/></qualifier></code>
      {observation(PLAIN, "MED-1124", '<value value="true"/>')}
      {observation(PLAIN, "275827007", '<value value="false"/>')}
      {observation(PLAIN, "103208-5", '<value value="12.5" unit="km"/>')}
      {observation(PLAIN, "ORG-200", '<value value="30" currency="USD"/>')}
      </act></entryRelationship>"""
    data = document(events(event(act)))
    [journey] = read(data).record.events[0].transports
    assert (journey.traveller, journey.mode.code, journey.nature.code) == (
        *("usager", "ORG-156", "3.2.4"),
    )
    assert (journey.is_accompanied, journey.is_aseptic) == (True, False)
    assert (journey.distance_km, journey.actual_cost) == (Decimal("12.5"), None)
    assert any("USD" in each.content for each in read(data).record.leftovers)


def test_a_professional_who_contradicts_himself_is_kept_twice() -> None:
    def performer(family: str) -> str:
        return f"""<performer><assignedEntity><id root="1.2.250.1.71.4.2.1" extension="801"/>
          <assignedPerson><name><family>{family}</family></name></assignedPerson>
          </assignedEntity></performer>"""

    data = document(events(event(performer("ARNAL"), performer("BOUVET"))))
    record = read(data).record
    assert [each.family_name for each in record.professionals] == ["ARNAL"]
    assert record.events[0].professionals == ["801"]
    assert any("BOUVET" in each.content for each in record.leftovers)


def test_a_professional_without_a_number() -> None:
    who = """<performer><assignedEntity><assignedPerson><name><family>ARNAL</family></name>
      </assignedPerson></assignedEntity></performer>"""
    assert faults(document(events(event(who)))) == ["professional_unknown"]


def test_professionals_without_a_number_are_told_apart_by_all_that_names_them() -> None:
    def performer(code: str, number: str = "") -> str:
        identifier = f'<id root="1.2.3" extension="{number}"/>' if number else ""
        return f"""<performer><assignedEntity>{identifier}<code code="{code}" {CISIS}/>
          <assignedPerson><name><family>MARTIN</family></name></assignedPerson>
          </assignedEntity></performer>"""

    whom = [performer("60"), performer("10"), performer("60"), performer("60", "42")]
    record = read(document(events(event(*whom)))).record
    assert [each.profession.code for each in record.professionals] == ["60", "10", "60"]
    assert len(record.events[0].professionals) == 3


def test_a_number_of_an_unknown_registry_is_not_a_national_one() -> None:
    who = """<performer><assignedEntity><id root="1.2.3" extension="42"/><assignedPerson><name>
      <family>ARNAL</family></name></assignedPerson></assignedEntity></performer>"""
    record = read(document(events(event(who)))).record
    assert record.professionals[0].number == ""
    assert any('root="1.2.3" extension="42"' in each.content for each in record.leftovers)


def test_an_evaluation_with_numbers_and_words() -> None:
    def component(code: str, value: str) -> str:
        return observation("1.2.250.1.213.1.1.3.214", code, value)

    entry = f"""<organizer><templateId root="1.2.250.1.213.1.1.3.95"/><component><observation>
      <templateId root="1.2.250.1.213.1.1.3.25"/>{identifier("EVAL-1")}
      <code code="MED-1291" displayName="Evaluation SERAFIN" {CISIS}/>
      <effectiveTime value="20261005143000+0200"/>
      <author><assignedAuthor><id root="1.2.250.1.71.4.2.1" extension="802"/></assignedAuthor>
      </author>
      {component("1.1.1", '<value xsi:type="INT" value="31"/>')}
      {component("1.1.2", '<value xsi:type="REAL" value="1.50"/>')}
      {component("1.1.3", '<value xsi:type="ST">à revoir</value>')}
      {component("1.1.4", '<value xsi:type="CD" nullFlavor="NA"/>')}
      {component("1.1.5", '<value xsi:type="INT" value="beaucoup"/>')}
      {observation(STATUS, "106199-3", '<value code="ENPREPARATION"/>')}
      </observation></component></organizer>"""
    record = read(document(section("1.2.250.1.213.1.1.2.246", entry))).record
    [evaluation] = record.evaluations
    assert evaluation.authored_at == datetime(2026, 10, 5, 12, 30, tzinfo=UTC)
    assert (evaluation.authored_on, evaluation.status) == (None, "in-progress")
    assert evaluation.author == "802"
    assert [(answer.value, answer.value_kind) for answer in evaluation.answers] == [
        (31, "integer"),
        (Decimal("1.50"), "decimal"),
        ("à revoir", "string"),
        (None, ""),
        (None, ""),
    ]
    assert any("beaucoup" in each.content for each in record.leftovers)


def test_an_evaluation_that_does_not_say_where_it_stands_is_completed() -> None:
    entry = f"""<organizer><templateId root="1.2.250.1.213.1.1.3.95"/><component><observation>
      <templateId root="1.2.250.1.213.1.1.3.25"/>{identifier("EVAL-1")}
      <code code="MED-1291" {CISIS}/></observation></component></organizer>"""
    [evaluation] = read(document(section("1.2.250.1.213.1.1.2.246", entry))).record.evaluations
    assert evaluation.status == "completed"


def stays(*movements: str) -> str:
    """The section of the stays, with one of which these are the entries and exits."""
    entry = f"""<organizer><templateId root="1.2.250.1.213.1.1.3.219"/><component><encounter>
      <templateId root="1.2.250.1.213.1.1.3.218"/>{identifier("SEJOUR-88")}
      <effectiveTime value="20260101"/></encounter></component>{"".join(movements)}</organizer>"""
    return section("1.2.250.1.213.1.1.2.249", entry)


def movement(way: str, day: str, mood: str = "EVN") -> str:
    """An entry (`6`) or an exit (`7`), with its mode."""
    return f"""<component><observation moodCode="{mood}">
      <templateId root="1.2.250.1.213.1.1.3.48.{way}"/><effectiveTime value="{day}"/>
      <value code="GEN-092.06.07" {CISIS}/></observation></component>"""


def test_a_finished_stay_with_coded_ways() -> None:
    entries = (movement("6", "20260103"), movement("6", "20260102", "INT"))
    [stay] = read(document(stays(*entries, movement("7", "20260901")))).record.stays
    assert (stay.status, stay.file_number) == ("finished", "88")
    assert (stay.planned_entry_on, stay.entered_on) == (date(2026, 1, 2), date(2026, 1, 3))
    assert stay.exited_on == date(2026, 9, 1)
    assert stay.entry_mode.code == stay.exit_mode.code == "GEN-092.06.07"


@pytest.mark.parametrize(
    ("movements", "status"),
    [
        ([movement("6", "20260103")], "in-progress"),
        ([movement("6", "20260103", "INT")], "planned"),
        ([], ""),
    ],
)
def test_the_movements_of_a_stay_say_where_it_stands(movements: list[str], status: str) -> None:
    [stay] = read(document(stays(*movements))).record.stays
    assert stay.status == status


def test_a_cover() -> None:
    payer = f"""<act><templateId root="1.2.250.1.213.1.1.3.94"/><id root="{"1.2.3"}"/>
      <code code="GEN-412" displayName="Assurance maladie (Sécurité sociale)" {CISIS}/>
      <performer><assignedEntity><id root="1.2.250.1.999.7" extension="01990"/>
      <representedOrganization><name>CPAM de Valmorel</name></representedOrganization>
      </assignedEntity></performer>
      <participant typeCode="COV"><time><low value="20260101"/></time><participantRole>
      <code code="SELF" codeSystem="2.16.840.1.113883.5.111"/></participantRole></participant>
      <participant typeCode="HLD"><participantRole><id root="1.2.3" extension="987"/>
      </participantRole></participant></act>"""
    entry = f"""<act><templateId root="1.2.250.1.213.1.1.3.61"/><code code="48768-6"/>
      <entryRelationship>{payer}</entryRelationship></act>"""
    [cover] = read(document(section("1.2.250.1.213.1.1.2.79", entry))).record.coverages
    assert (cover.kind.code, cover.payer_name, cover.payer_number) == (
        *("GEN-412", "CPAM de Valmorel", "01990"),
    )
    assert (cover.insured_link.code, cover.insured_number) == ("SELF", "987")
    assert cover.starts_on == date(2026, 1, 1)


def test_a_section_nobody_knows_is_kept_whole() -> None:
    data = document(section("9.9.9", text="Allergie aux noix", title="Allergies"))
    assert faults(data) == ["unknown_section"]
    assert titles(data) == ["Section « Allergies »", "Registre des identifiants de l’expéditeur"]
    assert "noix" in read(data).record.leftovers[0].content


def test_a_dead_pointer_is_told() -> None:
    lost = """<entryRelationship><act><templateId root="1.2.250.1.213.1.1.3.36"/>
      <id root="A5516277-3F86-4681-9013-93868243AB67"/></act></entryRelationship>"""
    assert faults(document(events(event(lost)))) == ["reference_outside_bundle"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<a/>", "unsupported_document"),
        (document().replace(b"EXPORT_DUI", b"LETTRE").replace(b".1.1.58", b".1"), None),
        (document().replace(b"recordTarget", b"nobody"), "no_person"),
        (
            document(patient=PATIENT + "</patientRole><patientRole>" + PATIENT),
            "several_persons",
        ),
    ],
)
def test_what_is_not_the_record_of_one_person(data: bytes, code: str | None) -> None:
    with pytest.raises(Unreadable) as refused:
        read(data)
    assert [finding.code for finding in refused.value.findings] == [code or "unsupported_document"]


def test_another_version_is_told() -> None:
    assert faults(document().replace(b'"1.0.1"', b'"4.2"')) == ["wrong_profile_version"]
