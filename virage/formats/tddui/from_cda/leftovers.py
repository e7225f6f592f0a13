"""What nobody read of a CDA document, so that nothing received is lost in silence.

The closed list of what says nothing about the usager, and is therefore left aside:

- the grammar of CDA: `ID`, `classCode`, `moodCode`, `typeCode`, `determinerCode`, `inversionInd`,
  `xsi:type`, `xsi:schemaLocation`, `realmCode`, `typeId`, `templateId`, and the layout of the
  narrative's tables;
- the name of a code list beside its OID (`codeSystemName`), the unit of a value that is absent;
- the absence of information (`nullFlavor` NA, NI or UNK; a masked value, MSK, is kept);
- the technical `id` of an entry (a root alone), as the resource ids of FHIR;
- `statusCode` « completed », which the templates impose on every entry;
- the code and the title of a section whose entries are read;
- a pointer to the narrative whose target exists: the target's own text is accounted for;
- of the header, what identifies the message and not the record (the original file is kept):
  `id`, `setId`, `versionNumber`, `title`, `languageCode`, and confidentiality « N » (normal).
"""

from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from virage.formats.cda.node import TEXT, V3, XSI, XSI_TYPE, CdaDocument, local_name, squeeze
from virage.formats.tddui.record import Leftover

GRAMMAR_ATTRIBUTES = {
    *(
        "ID",
        "classCode",
        "moodCode",
        "typeCode",
        "determinerCode",
        "inversionInd",
        "codeSystemName",
    ),
    XSI_TYPE,
    f"{{{XSI}}}schemaLocation",
}
GRAMMAR_ELEMENTS = {"realmCode", "typeId", "templateId", "renderMultiMedia"}
MESSAGE_ELEMENTS = {"id", "setId", "versionNumber", "title", "languageCode"}
CONSTANTS = {("statusCode", "code", "completed")}
ABSENCES = {"NA", "NI", "UNK"}
LAYOUT = {
    *("ID", "border", "frame", "rules", "cellspacing", "cellpadding", "width", "align", "valign"),
    *("char", "charoff", "span", "colspan", "rowspan", "scope", "headers", "styleCode"),
    *("listType", "referencedObject", "language", "mediaType"),
}
TITLES = {
    "addr": "Adresse",
    "author": "Auteur",
    "code": "Code",
    "component": "Élément",
    "componentOf": "Cadre du transfert",
    "confidentialityCode": "Confidentialité",
    "custodian": "Structure qui conserve le document",
    "documentationOf": "Acte documenté",
    "effectiveTime": "Date",
    "entry": "Entrée",
    "entryRelationship": "Précision",
    "id": "Identifiant",
    "informant": "Informateur",
    "legalAuthenticator": "Responsable du document",
    "participant": "Participant",
    "patient": "Usager",
    "performer": "Intervenant",
    "section": "Section",
    "telecom": "Coordonnée",
    "text": "Texte",
    "value": "Valeur",
}


def list_leftovers(document: CdaDocument) -> Iterator[Leftover]:
    """The parts that nobody read, each told of the object it was found in."""
    for element, owner in document.owners.items():
        own = _own_rest(document, element)
        if own is not None:
            yield _leftover(document, element, own, owner)
        for part in element:
            if part in document.owners:
                continue
            rest = _rest(document, part)
            if rest is not None:
                yield _leftover(document, part, rest, owner)
    for root, path in document.authorities.items():
        yield _authority(root, path)


def _leftover(
    document: CdaDocument, part: etree._Element, rest: etree._Element, owner: str
) -> Leftover:
    etree.cleanup_namespaces(rest)
    path = document.address(part)
    return Leftover(
        key=path,
        path=path,
        kind="cda-element",
        title=_title(part),
        content=etree.tostring(rest, encoding="unicode", with_tail=False),
        owner=owner,
    )


def _authority(root: str, path: str) -> Leftover:
    registry = etree.Element(f"{{{V3}}}id", {"root": root}, nsmap={None: V3})  # type: ignore[dict-item]  # stub
    return Leftover(
        key=f"{path}/@root",
        path=path,
        kind="cda-element",
        title="Registre des identifiants de l’expéditeur",
        content=etree.tostring(registry, encoding="unicode"),
    )


def _title(part: etree._Element) -> str:
    name = local_name(part)
    label = TITLES.get(name, f"Élément « {name} »")
    if name == "text":
        return f"Texte de la section « {_section_title(part.getparent())} »"
    section = part if name == "section" else next(part.iterchildren("{*}section"), None)
    if section is not None:
        return f"Section « {_section_title(section)} »"
    said = (code.get("displayName") for code in part.iter("{*}code"))
    detail = squeeze(next((each for each in said if each), ""))
    return f"{label} : {detail}" if detail else label


def _section_title(section: etree._Element | None) -> str:
    if section is None:
        return ""
    return squeeze("".join(section.findtext("{*}title") or ""))


def _rest(document: CdaDocument, element: etree._Element) -> etree._Element | None:
    """A copy of an element with only what was not read, or nothing."""
    if _is_narrative(element):
        return _copy(element) if any(_unsaid(document, element)) else None
    if element not in document.touched:
        return _copy(element) if _has_content(document, element) else None
    kept = _own_rest(document, element)
    for child in element:
        rest = None if child in document.owners else _rest(document, child)
        if rest is not None:
            kept = _empty(element) if kept is None else kept
            kept.append(rest)
    return kept


def _own_rest(document: CdaDocument, element: etree._Element) -> etree._Element | None:
    """What an element says itself, without its children, and was not read."""
    attributes = dict(_unread_attributes(document, element))
    text = _unread_text(document, element)
    if not attributes and not text:
        return None
    kept = _empty(element)
    kept.text = text
    for name, value in attributes.items():
        kept.set(name, value)
    return kept


def _empty(element: etree._Element) -> etree._Element:
    return etree.Element(element.tag, nsmap=element.nsmap)  # type: ignore[arg-type]  # stub


def _copy(element: etree._Element) -> etree._Element:
    copy = deepcopy(element)
    copy.tail = None
    return copy


def _is_narrative(element: etree._Element) -> bool:
    parent = element.getparent()
    return local_name(element) == "text" and parent is not None and local_name(parent) == "section"


def _has_content(document: CdaDocument, element: etree._Element) -> bool:
    """Whether an element that nobody read says something."""
    if _is_structure(element):
        return False
    return (
        any(_unread_attributes(document, element))
        or bool(_unread_text(document, element))
        or any(_has_content(document, child) for child in element)
    )


def _is_structure(element: etree._Element) -> bool:
    name = local_name(element)
    parent = element.getparent()
    if name in GRAMMAR_ELEMENTS:
        return True
    if parent is None or parent.getparent() is not None:
        return False
    return name in MESSAGE_ELEMENTS or (
        name == "confidentialityCode" and element.get("code") == "N"
    )


def _unread_attributes(document: CdaDocument, element: etree._Element) -> Iterator[tuple[str, str]]:
    used = document.used.get(element, set())
    name = local_name(element)
    for key, value in element.attrib.items():
        attribute, said = str(key), str(value)
        is_silent = (
            not said.strip()
            or attribute in used
            or attribute in GRAMMAR_ATTRIBUTES
            or (name, attribute, said) in CONSTANTS
            or (name == "id" and attribute == "root" and not element.get("extension"))
            or (attribute == "nullFlavor" and said in ABSENCES)
            or (name == "reference" and said[:1] == "#" and said[1:] in document.blocks)
        )
        if not is_silent:
            yield attribute, said


def _unread_text(document: CdaDocument, element: etree._Element) -> str:
    if TEXT in document.used.get(element, set()):
        return ""
    return " ".join(_own_texts(element))


def _own_texts(element: etree._Element) -> list[str]:
    """The texts an element holds itself, before and between its children."""
    texts = [element.text, *(child.tail for child in element)]
    return [squeeze(text) for text in texts if text and text.strip()]


def _unsaid(document: CdaDocument, block: etree._Element) -> Iterator[str]:
    """The texts and links of a narrative, headings aside, that no field of ours holds."""
    for element in block.iter():
        if local_name(element) in ("th", "caption") and not element.get("ID"):
            continue
        yield from (str(name) for name in element.attrib if name not in LAYOUT)
        if TEXT in document.used.get(element, set()):
            continue
        yield from (text for text in _own_texts(element) if text not in document.values)
