"""What holds content: headers, cards, banners, the identity banner, timelines, empty states."""

from datetime import datetime
from itertools import zip_longest

from django.contrib.messages import get_messages
from django.template import Context, Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from virage.foundation.ui.components import Identity, Kind
from virage.foundation.ui.tags.marks import KIND_ICONS

register = Library()


@register.simple_block_tag
def page_header(content: str, title: str, note: str = "") -> SafeString:
    """Name the page; the block holds its one primary action and its menu."""
    return render_to_string(
        "ui/page_header.html", {"content": content, "title": title, "note": note}
    )


@register.inclusion_tag("ui/breadcrumb.html")
def breadcrumb(*steps: str) -> dict[str, object]:
    """Show the way here: label, address, label, address… and the present page's label."""
    return {"steps": list(zip_longest(steps[::2], steps[1::2], fillvalue=""))}


@register.simple_block_tag
def card(content: str, title: str = "", url: str = "", icon: str = "") -> SafeString:
    """Hold one thing among several to choose from; `url` makes the title a link."""
    shown = {"content": content, "title": title, "url": url, "icon": icon}
    return render_to_string("ui/card.html", shown)


@register.simple_block_tag
def banner(content: str, title: str, kind: Kind = "info") -> SafeString:
    """Tell something that stays on the page: a warning, a result, a limit."""
    shown = {"content": content, "title": title, "kind": kind, "icon": KIND_ICONS[kind]}
    return render_to_string("ui/banner.html", shown)


@register.inclusion_tag("ui/identity_banner.html")
def identity_banner(identity: Identity) -> dict[str, object]:
    """Say whose record this is, on every page of it (block `banner`)."""
    return {"identity": identity}


@register.simple_block_tag
def timeline(content: str, label: str) -> SafeString:
    """Tell what happened, one `timeline_entry` after the other."""
    return render_to_string("ui/timeline.html", {"content": content, "label": label})


@register.simple_block_tag
def timeline_entry(
    content: str,
    title: str,
    at: datetime | None = None,
    has_clock: bool = True,
    author: str = "",
    icon: str = "dot",
    kind: Kind = "neutral",
    url: str = "",
    id: str = "",  # noqa: A002 - the attribute's own name
) -> SafeString:
    """Tell one fact: when, what, by whom; the block holds its text.

    Without a clock, the day alone is told.

    An address that ends in `#id` leads to it, and marks it.
    """
    return render_to_string(
        "ui/timeline_entry.html",
        {
            "content": content,
            "title": title,
            "at": at,
            "has_clock": has_clock,
            "author": author,
            "icon": icon,
            "kind": kind,
            "url": url,
            "id": id,
        },
    )


@register.inclusion_tag("ui/empty.html")
def empty(
    title: str, why: str, action: str = "", url: str = "", icon: str = "inbox"
) -> dict[str, object]:
    """Say why there is nothing (not yet, no result, which rule forbids) and what to do next."""
    return {"title": title, "why": why, "action": action, "url": url, "icon": icon}


@register.simple_block_tag
def definitions(content: str) -> SafeString:
    """List what is known of one thing, as `definition` lines."""
    return render_to_string("ui/definitions.html", {"content": content})


@register.inclusion_tag("ui/definition.html")
def definition(label: str, value: object = "", absent: str = "Non renseigné") -> dict[str, object]:
    """Show a label and its value, or in grey that it is absent."""
    return {"label": label, "value": value, "absent": absent}


@register.inclusion_tag("ui/toasts.html", takes_context=True)
def toasts(context: Context) -> dict[str, object]:
    """Show the results of what was just done; a fragment that answers a POST includes it too."""
    request = context.get("request")
    if request is None:
        return {"messages": (), "is_fragment": False}
    is_fragment = request.headers.get("HX-Request") == "true"
    return {"messages": get_messages(request), "is_fragment": is_fragment}
