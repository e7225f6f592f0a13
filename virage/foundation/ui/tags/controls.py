"""What one presses: buttons, links, menus, tabs, dialogs.

Further attributes are given with underscores: `hx_get="…"` is written `hx-get="…"`.
"""

from collections.abc import Sequence
from typing import Literal

from django.forms.utils import flatatt
from django.template import Context, Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from virage.foundation.ui.components import Tab

register = Library()

# At most one primary button a page; danger for what cannot be undone by a click.
ButtonKind = Literal["primary", "secondary", "quiet", "danger"]


def _attributes(given: dict[str, object]) -> SafeString:
    return flatatt({name.replace("_", "-"): value for name, value in given.items()})


@register.inclusion_tag("ui/button.html")
def button(
    label: str,
    kind: ButtonKind = "primary",
    icon: str = "",
    type: Literal["submit", "button"] = "submit",  # noqa: A002 - the attribute's own name
    **attributes: object,
) -> dict[str, object]:
    """Show a button of a form; its label is a verb."""
    return {
        "label": label,
        "kind": kind,
        "icon": icon,
        "type": type,
        "attributes": _attributes(attributes),
    }


@register.inclusion_tag("ui/link_button.html")
def link_button(
    label: str,
    url: str,
    kind: ButtonKind = "primary",
    icon: str = "",
    key: str = "",
    **attributes: object,
) -> dict[str, object]:
    """Show a link as a button; `key` is its single-key shortcut (`n` for the one that creates)."""
    return {
        "label": label,
        "url": url,
        "kind": kind,
        "icon": icon,
        "key": key,
        "attributes": _attributes(attributes),
    }


@register.inclusion_tag("ui/post_button.html", takes_context=True)
def post_button(
    context: Context,
    label: str,
    url: str,
    kind: ButtonKind = "secondary",
    icon: str = "",
    **attributes: object,
) -> dict[str, object]:
    """Show a button that does one thing at once: a form of its own, with `name` and `value`."""
    return {
        "csrf_token": context.get("csrf_token"),
        "label": label,
        "url": url,
        "kind": kind,
        "icon": icon,
        "attributes": _attributes(attributes),
    }


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> SafeString:  # noqa: A002 - the attribute's own name
    """Hold a short form or a question, opened by a `menu_link` that names it."""
    return render_to_string("ui/dialog.html", {"content": content, "id": id, "title": title})


@register.simple_block_tag
def menu(content: str, label: str, icon: str = "ellipsis") -> SafeString:
    """Fold secondary actions, given as `menu_link` and `post_button`."""
    return render_to_string("ui/menu.html", {"content": content, "label": label, "icon": icon})


@register.inclusion_tag("ui/menu_link.html")
def menu_link(
    label: str, url: str, icon: str = "", key: str = "", dialog: str = ""
) -> dict[str, object]:
    """Show an entry of a menu that leads to a page, or opens the dialog of this id."""
    return {"label": label, "url": url, "icon": icon, "key": key, "dialog": dialog}


@register.inclusion_tag("ui/tabs.html")
def tabs(links: Sequence[Tab], label: str) -> dict[str, object]:
    """Show the volets of a record: links to pages, one of them current."""
    return {"links": links, "label": label}
