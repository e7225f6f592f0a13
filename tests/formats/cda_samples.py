"""CDA documents of invented people, built from parts, for what the official example lacks."""

from lxml import etree

from virage.formats.outcome import Limits
from virage.formats.safe import parse_xml
from virage.formats.tddui.from_cda import read_document
from virage.formats.tddui.record import Reading

CISIS = 'codeSystem="1.2.250.1.213.1.1.4.322"'
ROOT = "1.2.250.1.999.1"
PERSON = "3990000018/LOC42"
INS_TEST = "1.2.250.1.213.1.4.10"

PATIENT = """
<id root="1.2.250.1.213.1.4.10" extension="260058815400233"/>
<id root="1.2.250.1.999.1" extension="3990000018/LOC42"/>
<addr use="HP"><streetAddressLine>4 allée des Tilleuls</streetAddressLine>
  <postalCode>99100</postalCode><city>Valmorel</city></addr>
<telecom value="tel:+33199001234" use="MC"/>
<patient>
  <name><family qualifier="BR">PATUREL</family><given>ODETTE MARIE</given>
    <given qualifier="BR">ODETTE</given><family qualifier="CL">MERCIER</family></name>
  <administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/>
  <birthTime value="19600514"/>
  <birthplace><place><addr><county>99999</county></addr></place></birthplace>
</patient>
"""


def document(*sections: str, patient: str = PATIENT, header: str = "") -> bytes:
    """A whole document with these sections."""
    body = "".join(f"<component>{section}</component>" for section in sections)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:sdtc="urn:hl7-org:sdtc"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <templateId root="1.2.250.1.213.1.1.1.58" extension="1.0.1"/>
  <id root="1.2.250.1.999.1.1"/>
  <code code="EXPORT_DUI" codeSystem="1.2.250.1.213.1.1.4.12"/>
  <effectiveTime value="20261102091500+0100"/>
  <confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
  <recordTarget><patientRole>{patient}</patientRole></recordTarget>
  {header}
  <custodian><assignedCustodian><representedCustodianOrganization>
    <id root="1.2.250.1.71.4.2.2" extension="1990000018"/><name>SAVS Les Tilleuls</name>
  </representedCustodianOrganization></assignedCustodian></custodian>
  <component><structuredBody>{body}</structuredBody></component>
</ClinicalDocument>""".encode()


def section(template: str, *entries: str, text: str = "", title: str = "Section") -> str:
    """A section with its narrative."""
    body = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f"""<section><templateId root="{template}"/><code code="X" {CISIS}/>
      <title>{title}</title><text>{text}</text>{body}</section>"""


def identifier(suffix: str) -> str:
    """A business identifier in the guide's form."""
    return f'<id root="{ROOT}" extension="{PERSON}-{suffix}"/>'


def observation(template: str, code: str, value: str, *, more: str = "") -> str:
    """A component about an entry."""
    return f"""<entryRelationship typeCode="COMP"><observation classCode="OBS" moodCode="EVN">
      <templateId root="1.2.250.1.213.1.1.3.48"/><templateId root="{template}"/>
      <code code="{code}" {CISIS}/><statusCode code="completed"/>{more}{value}
      </observation></entryRelationship>"""


def event(*parts: str, mood: str = "EVN", code: str = "") -> str:
    """An event of the agenda."""
    return f"""<encounter classCode="ENC" moodCode="{mood}">
      <templateId root="1.2.250.1.213.1.1.3.215"/>{identifier("EVN-7")}
      <code code="GEN-367" {CISIS}>{code}</code>
      <effectiveTime><low value="20261103090000+0100"/><high value="202611031000"/></effectiveTime>
      {"".join(parts)}</encounter>"""


def events(*entries: str, text: str = "") -> str:
    """The section of the agenda."""
    return section("1.2.250.1.213.1.1.2.248", *entries, text=text, title="Agenda")


def read(data: bytes) -> Reading:
    """Read a document as the importer does."""
    return read_document(parse_xml(data, Limits()), limits=Limits())


def tree(data: bytes) -> etree._Element:
    """The elements of a document."""
    return parse_xml(data, Limits())
