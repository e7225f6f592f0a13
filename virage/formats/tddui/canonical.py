"""The addresses of TDDUI 2.3.0: profiles, extensions, code lists and the packages it stands on."""

from virage.formats.fhir.names import FR_CORE

TDDUI = "https://interop.esante.gouv.fr/ig/fhir/tddui"
VERSION = "2.3.0"
KNOWN_VERSIONS = {"2.3.0", "2.3.0-ballot"}
FR_CORE_VERSION = "2.1.0"
PACKAGES = [
    {"system": TDDUI, "version": VERSION, "code": "ans.fhir.fr.tddui"},
    {"system": FR_CORE, "version": FR_CORE_VERSION, "code": "hl7.fhir.fr.core"},
]
"""The tags that say, in the Bundle, which guides it follows."""


def structure(name: str) -> str:
    """The address of a profile or of an extension of the guide."""
    return f"{TDDUI}/StructureDefinition/tddui-{name}"


def code_system(name: str) -> str:
    """The address of a code list of the guide."""
    return f"{TDDUI}/CodeSystem/tddui-{name}"


BUNDLE = structure("bundle")
PATIENT = structure("patient")
PATIENT_INS = structure("patient-ins")
ORGANIZATION = structure("organization")
PRACTITIONER = structure("practitioner")
PRACTITIONER_ROLE = structure("practitioner-role")
STAY = structure("encounter-sejour")
EVENT = structure("encounter-evenement")
EVALUATION = structure("questionnaire-response")
CONTACT = structure("related-person-contact")
DOCUMENT = structure("document-reference")
PERSON_TRANSPORT = structure("task-transport-usager")
PROFESSIONAL_TRANSPORT = structure("task-transport-professionnel")
LOCATION = f"{FR_CORE}/StructureDefinition/fr-core-location"

ADMISSION_DATE = structure("admission-date")
ATTACHMENT = structure("attachment")
BIRTH_ORDER = structure("birth-order")
CANCEL_REASON = structure("event-cancel-reason")
OTHER_CANCEL_REASON = structure("cancel-reason")
"""The name that a draft of the guide gave to the reason."""
COMMENT = structure("comment")
CONTACT_DESCRIPTION = structure("related-person-contact-description")
ENTRY_LABEL = structure("entry-mode-label")
EVENT_LABEL = structure("event-label")
EVENT_REASON = structure("event-reason")
EVENT_REPORT = structure("event-report")
EXERCISE_MODE = structure("exercise-mode")
EXIT_LABEL = structure("exit-mode-label")
HOUSEHOLD = structure("household-situation")
OUTSIDE_SERVICE = structure("outside-service")
PERSON_CONFIRMATION = structure("patient-validation")
PERSON_PRESENT = structure("patient-present")
PROFESSION = structure("profession")
RESOURCES_USED = structure("ressources-used")

ENCOUNTER_IDENTIFIERS = code_system("encounter-identifier")
TRANSPORT_INPUTS = code_system("task-input-transport")
SERAFIN = "https://smt.esante.gouv.fr/terminologie-SERAFINPH"


def profiled(*profiles: str) -> dict[str, list[str]]:
    """The `meta` of a resource: its profiles with the version that it follows."""
    versions = {LOCATION: FR_CORE_VERSION}
    return {"profile": [f"{each}|{versions.get(each, VERSION)}" for each in profiles]}
