"""A fragment is proved equal to the page that a browser without script would show.

`answered` applies an answer to a page as htmx does with what the page itself declares; the test
compares it with the same address loaded afresh: two requests and one equality.
"""

from django.http import HttpResponse
from lxml import html
from lxml.html import HtmlElement

FRAGMENT = {"HX-Request": "true"}
# What differs between two loads of one page: its tokens, the moment of printing, that on which a
# form opens, results already told.
FLEETING = (
    "//input[@name='csrfmiddlewaretoken']",
    "//input[@name='sent']",
    "//*[contains(@class, 'print-header')]",
    "//input[@type='datetime-local']",
    "//*[@id='toasts']/*",
)


def answered(before: HttpResponse, target: str, answer: HttpResponse) -> str:
    """Return the page `before` once htmx has put `answer` in place of the element `#target`."""
    page = _tree(before)
    selected = _selected_by(_asker(page, target)) or target
    old, new = _element(page, target), _element(_tree(answer), selected)
    old.getparent().replace(old, new)
    return _plain(page)


def shown(page: HttpResponse) -> str:
    """Return a page as it compares with one that `answered` has put together."""
    return _plain(_tree(page))


def _asker(page: HtmlElement, target: str) -> HtmlElement:
    """Return what asks for this fragment: a form, a link's container, or the element itself."""
    askers = page.xpath("//*[@hx-target=$target]", target=f"#{target}")
    askers += page.xpath("//*[@id=$id and @hx-get]", id=target)
    assert askers, f"nothing on the page asks for #{target}"
    assert askers[0].get("hx-swap", "").startswith("outerHTML")
    return askers[0]


def _selected_by(asker: HtmlElement) -> str:
    return str(asker.get("hx-select", "")).removeprefix("#")


def _tree(response: HttpResponse) -> HtmlElement:
    return html.document_fromstring(response.content.decode())


def _element(tree: HtmlElement, element_id: str) -> HtmlElement:
    found: list[HtmlElement] = tree.xpath("//*[@id=$id]", id=element_id)
    assert len(found) == 1, f"{len(found)} elements are called #{element_id}"
    return found[0]


def _plain(tree: HtmlElement) -> str:
    """Return the markup without what is fleeting, nor what a browser keeps in its own fields."""
    for path in FLEETING:
        for element in tree.xpath(path):
            element.drop_tree()
    for field in tree.xpath("//form[@method='get']//*[self::input or self::option]"):
        for state in ("selected", "value" if field.tag == "input" else "checked"):
            field.attrib.pop(state, None)
    return " ".join(html.tostring(tree, encoding="unicode").split())
