"""Small marks inside a text: icons, badges, keys, the difference of two texts."""

import functools

from django.template import Library
from lucide.templatetags.lucide import lucide

from virage.foundation.ui.components import Badge, Kind
from virage.foundation.ui.differences import differences

register = Library()

# Never colour alone: each meaning has its icon.
KIND_ICONS: dict[Kind, str] = {
    "neutral": "",
    "danger": "octagon-alert",
    "warning": "triangle-alert",
    "success": "circle-check",
    "info": "info",
    "simulated": "flask-conical",
}


@register.simple_tag
@functools.lru_cache(maxsize=512)
def icon(name: str, size: int = 20) -> str:
    """Draw a Lucide icon, always beside a word: screen readers skip it. Unknown names raise."""
    return lucide(name, size=size, aria_hidden="true", **{"class": "icon"})


@register.inclusion_tag("ui/badge.html")
def badge(label: str, kind: Kind = "neutral", icon: str = "") -> dict[str, object]:
    """Show a word with its meaning, its colour and its icon."""
    return {"badge": Badge(label, kind, icon or KIND_ICONS[kind])}


@register.inclusion_tag("ui/badge.html")
def badge_of(badge: Badge) -> dict[str, object]:
    """Show a badge received as a value."""
    return {"badge": Badge(badge.label, badge.kind, badge.icon or KIND_ICONS[badge.kind])}


@register.inclusion_tag("ui/text_diff.html")
def text_diff(
    mine: str,
    theirs: str,
    mine_label: str = "Votre texte, non enregistré",
    theirs_label: str = "Le texte enregistré",
) -> dict[str, object]:
    """Show two texts side by side, the words that differ marked in each."""
    left, right = differences(mine, theirs)
    return {"sides": ((mine_label, left, "del"), (theirs_label, right, "ins"))}


@register.inclusion_tag("ui/progress.html")
def progress(title: str, label: str, done: int = 0, total: int = 0) -> dict[str, object]:
    """Show how far a long work has come: what is being done, and how many of how many."""
    return {"title": title, "label": label, "done": done, "total": total}
