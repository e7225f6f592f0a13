"""Names of code lists and of registries: an OID in CDA, an address in the record in transit."""

import re

from virage.formats.fhir.names import oid_system
from virage.foundation.content import nomenclature

OID = re.compile(r"[0-2](?:\.[0-9]+)+")
UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def code_system(oid: str) -> str:
    """The address of a code list: the one that FHIR uses for it when we know it."""
    known = nomenclature.get("code_system")
    return known.system_of(oid) if known.has(oid) else uri(oid)


def uri(root: str) -> str:
    """An OID or a UUID as an address; anything else as it is."""
    if UUID.fullmatch(root):
        return f"urn:uuid:{root}"
    return oid_system(root) if OID.fullmatch(root) else root
