"""One CDA document being read, with the account of what was read of it.

A `Node` is an element, or its absence: reading what is absent gives an empty value, so a reader
states the way down once and needs no test at each step. Reading marks what was read; `leftovers`
lists the rest, so forgetting a part of a document shows it instead of losing it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from virage.formats.outcome import Finding

V3 = "urn:hl7-org:v3"
SDTC = "urn:hl7-org:sdtc"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSI_TYPE = f"{{{XSI}}}type"
PREFIXES = {"": V3, "sdtc": SDTC}
TEXT = "text()"


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def squeeze(text: str) -> str:
    """A text with its runs of white space made single."""
    return " ".join(text.split())


@dataclass
class CdaDocument:
    """What was read of a document and what was found wrong in it.

    `owners` are the elements that became an object of ours, with its key; `values` every text
    read, squeezed, to tell what the narrative says twice; `authorities` the OID of the sender's
    identifiers, each with the place where it was first met.
    """

    root: etree._Element
    used: dict[etree._Element, set[str]] = field(default_factory=dict)
    touched: set[etree._Element] = field(default_factory=set)
    owners: dict[etree._Element, str] = field(default_factory=dict)
    values: set[str] = field(default_factory=set)
    authorities: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    blocks: dict[str, etree._Element] = field(default_factory=dict)
    addresses: dict[etree._Element, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.blocks = {
            identifier: element for element in self.root.iter() if (identifier := element.get("ID"))
        }

    @property
    def node(self) -> "Node":
        """The document's own element."""
        return Node(self, self.root)

    def address(self, element: etree._Element) -> str:
        """Where an element stands: `/ClinicalDocument/author[2]/time`.

        Brothers are counted once for all: a section may hold thousands of entries.
        """
        if element not in self.addresses:
            parent = element.getparent()
            above = "" if parent is None else self.address(parent)
            brothers = [element] if parent is None else list(parent)
            counts, seen = Counter(each.tag for each in brothers), Counter[str]()
            for each in brothers:
                seen[each.tag] += 1
                place = f"[{seen[each.tag]}]" if counts[each.tag] > 1 else ""
                self.addresses[each] = f"{above}/{local_name(each)}{place}"
        return self.addresses[element]

    def note_authority(self, root: str, place: str) -> None:
        """Keep the registry of an identifier, where another name of it was preferred."""
        if root:
            self.authorities.setdefault(root, place)

    def mark(self, element: etree._Element, name: str, value: str) -> None:
        """Account for one attribute or for the text of an element."""
        self.used.setdefault(element, set()).add(name)
        self.values.add(squeeze(value))
        while element not in self.touched:
            self.touched.add(element)
            parent = element.getparent()
            if parent is None:
                break
            element = parent


@dataclass(frozen=True)
class Node:
    """An element of a document, or its absence."""

    document: CdaDocument
    element: etree._Element | None

    def __bool__(self) -> bool:
        return self.element is not None

    def children(self, path: str) -> list["Node"]:
        """The elements down a path of names, such as `assignedPerson/name`."""
        if self.element is None:
            return []
        found = self.element.findall(path, PREFIXES)
        return [Node(self.document, element) for element in found]

    def child(self, path: str) -> "Node":
        """The first element down a path."""
        return next(iter(self.children(path)), Node(self.document, None))

    def peek(self, name: str) -> str:
        """The value of an attribute, without accounting for it."""
        return "" if self.element is None else (self.element.get(name) or "").strip()

    def take(self, name: str = "value") -> str:
        """The value of an attribute, accounted for."""
        value = self.peek(name)
        if self.element is not None and name in self.element.attrib:
            self.document.mark(self.element, name, value)
        return value

    def take_all(self, *names: str) -> None:
        """Account for several attributes."""
        for name in names:
            self.take(name)

    def peek_text(self) -> str:
        """The whole text of an element and of what it holds, squeezed, not accounted for."""
        return "" if self.element is None else squeeze("".join(map(str, self.element.itertext())))

    def take_text(self) -> str:
        """The same, accounted for."""
        text = self.peek_text()
        for element in self._walk():
            self.document.mark(element, TEXT, text)
        return text

    def own(self, key: str) -> None:
        """Say that this element became the object of that key, so what it leaves is told of it."""
        if self.element is not None:
            self.document.owners[self.element] = key
            self.document.mark(self.element, "", "")

    def recognise(self) -> None:
        """Account for a code that only says what the entry is, once that is known."""
        self.take_all("code", "displayName", "codeSystem", "codeSystemVersion")

    def forget(self) -> None:
        """Give up what was read of this element: another one said otherwise, and both are kept."""
        for element in self._walk():
            self.document.used.pop(element, None)

    def has_template(self, root: str) -> bool:
        """Whether the element claims a template, by its OID."""
        return any(template.peek("root") == root for template in self.children("templateId"))

    def by_template(self, path: str, root: str) -> list["Node"]:
        """The elements down a path that claim a template."""
        return [node for node in self.children(path) if node.has_template(root)]

    def first_by_template(self, path: str, root: str) -> "Node":
        """The first of them."""
        return next(iter(self.by_template(path, root)), Node(self.document, None))

    @property
    def type(self) -> str:
        """The `xsi:type` of a value, without a prefix."""
        return self.peek(XSI_TYPE).rpartition(":")[2]

    @property
    def path(self) -> str:
        """Where the element stands."""
        return "" if self.element is None else self.document.address(self.element)

    def report(self, code: str, value: str = "") -> None:
        """Note a fault at this place."""
        self.document.findings.append(Finding(code, self.path, value))

    def _walk(self) -> Iterator[etree._Element]:
        return iter(()) if self.element is None else self.element.iter()
