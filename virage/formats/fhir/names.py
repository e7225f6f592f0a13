"""The addresses that FHIR R4 and FR Core 2.1.0 give to extensions, code lists and profiles."""


def oid_system(oid: str) -> str:
    """The address of a registry or of a list that has an OID (RFC 3061)."""
    return f"urn:oid:{oid}"


def oid_of(system: str) -> str:
    """The OID in such an address; any other address as it is."""
    return system.removeprefix("urn:oid:")


HL7 = "http://hl7.org/fhir/StructureDefinition"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
FR_CORE = "https://hl7.fr/ig/fhir/core"
NOS = "https://mos.esante.gouv.fr/NOS"

ABSENT_REASON = f"{HL7}/data-absent-reason"
BIRTH_PLACE = f"{HL7}/patient-birthPlace"
DISPLAY = f"{HL7}/display"
HOUSE_NUMBER = f"{HL7}/iso21090-ADXP-houseNumber"
ITEM_CONTROL = f"{HL7}/questionnaire-itemControl"
MAX_DECIMALS = f"{HL7}/maxDecimalPlaces"
MAX_VALUE = f"{HL7}/maxValue"
MIN_VALUE = f"{HL7}/minValue"
ORDINAL_VALUE = f"{HL7}/ordinalValue"
ORIGINAL_TEXT = f"{HL7}/originalText"
PLANNED_END = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate"
PLANNED_START = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedStartDate"
QUESTION_UNIT = f"{HL7}/questionnaire-unit"
STREET_NAME = f"{HL7}/iso21090-ADXP-streetNameBase"

BIRTH_GIVEN_NAMES = f"{FR_CORE}/StructureDefinition/fr-core-patient-birth-list-given-name"
IDENTITY_RELIABILITY = f"{FR_CORE}/StructureDefinition/fr-core-identity-reliability"
INSEE_CODE = f"{FR_CORE}/StructureDefinition/fr-core-address-insee-code"

ABSENT_REASONS = f"{TERMINOLOGY}/data-absent-reason"
ACT_CODES = f"{TERMINOLOGY}/v3-ActCode"
COMMUNES = f"{NOS}/TRE_R13-CommuneOM/FHIR/TRE-R13-CommuneOM"
CONFIDENTIALITY = f"{TERMINOLOGY}/v3-Confidentiality"
CONFIDENTIALITY_NAMES = {
    CONFIDENTIALITY,
    "http://hl7.org/fhir/v3/Confidentiality",
    oid_system("2.16.840.1.113883.5.25"),
    "",
}
"""How files name that list: as in R4, as before it, by its OID, or not at all."""
FR_IDENTIFIER_TYPES = f"{FR_CORE}/CodeSystem/fr-core-cs-v2-0203"
FR_ENCOUNTER_IDENTIFIER_TYPES = f"{FR_CORE}/CodeSystem/fr-core-cs-identifier-type"
IDENTIFIER_TYPES = f"{TERMINOLOGY}/v2-0203"
IDENTITY_STATUSES = f"{FR_CORE}/CodeSystem/fr-core-cs-v2-0445"
ITEM_CONTROLS = "http://hl7.org/fhir/questionnaire-item-control"
NULL_FLAVORS = f"{TERMINOLOGY}/v3-NullFlavor"
UNITS = "http://unitsofmeasure.org"

NATIONAL_PROFESSIONAL = oid_system("1.2.250.1.71.4.2.1")
NATIONAL_STRUCTURE = oid_system("1.2.250.1.71.4.2.2")
RPPS = "https://rpps.esante.gouv.fr"
FINESS = "https://finess.esante.gouv.fr"
SIRENE = "https://sirene.fr"
