"""How names are written, compared, searched and heard."""

import re
import unicodedata

# Letters that Unicode does not take apart, and the typist's variants of hyphen and apostrophe.
_PLAIN = str.maketrans(
    {
        **{"Æ": "AE", "Œ": "OE", "Ø": "O", "Ł": "L", "Đ": "D", "Þ": "TH", "ẞ": "SS"},
        **dict.fromkeys("‘’ʼ´`′", "'"),
        **dict.fromkeys("‐‑‒–—−", "-"),
    }
)
# What French spells in several ways and says in one, in the order in which it is replaced.
_SOUNDS = (
    *(("PH", "F"), ("BV", "V"), ("CH", "J"), ("H", ""), ("QU", "K"), ("Q", "K"), ("CK", "K")),
    *(("Y", "I"), ("C(?=[EI])", "S"), ("C", "K"), ("Z", "S"), ("W", "V"), ("GU(?=[EI])", "G")),
    *(("EAU|AUX?", "O"), ("AI|EI", "E"), ("EN|EM|AM", "AN"), (r"(.)\1+", r"\1")),
)


def strict_form(text: str) -> str:
    """Return a name as identity traits are compared: capitals, no accent (RNIV).

    Hyphen and apostrophe are kept, any other sign becomes a space.
    """
    return " ".join(re.sub(r"[^A-Z'-]+", " ", _plain(text)).split())


def foreign_signs(text: str) -> list[str]:
    """Return the signs typed that no birth name holds: all but letters, space, - and ' (RNIV)."""
    signs = dict.fromkeys(sign for sign in text if not sign.isspace())
    return [sign for sign in signs if re.search("[^A-Z'-]", _plain(sign))]


def lost_spelling(text: str) -> str:
    """Return a name as typed when its strict form cannot give it back: « Héloïse », « de Bray ».

    Empty for what is typed in plain capitals, in plain small letters or with plain initials.
    """
    strict, name = strict_form(text), " ".join(text.split())
    return "" if name in (strict, strict.lower(), strict.title()) else name


def search_form(text: str) -> str:
    """Return the words of a text as the search compares them: letters and digits, no accent."""
    return " ".join(re.findall(r"[A-Z0-9]+", _plain(text)))


def search_text(*names: str) -> str:
    """Return the search column of a person: each distinct name in search form, after a space.

    « D'Angelo » is found by « angelo » and by « dangelo ». 600 characters at most.
    """
    forms = [
        form
        for name in names
        for form in (search_form(name), search_form(_plain(name).replace("'", "")))
        if form
    ]
    return "".join(f" {form}" for form in dict.fromkeys(forms))[:600]


def name_sound(family_name: str, given_name: str) -> str:
    """Return the key under which like names meet: the family name as heard, the given name's start.

    Our own simplification of French sounds, for a warning only: it never decides an identity.
    """
    return f"{_sound(family_name)} {_sound(given_name)[:3]}".strip()[:120]


def first_given_name(given_names: str) -> str:
    """Return the first of the given names, which may be compound (« MARIE-ANTOINETTE »)."""
    return given_names.replace(",", " ").split()[0] if given_names.strip(", ") else ""


def readable_name(name: str) -> str:
    """Return a name in plain capitals as it is read: « D'Angelo », « Marie-Antoinette ».

    Capitals do not tell « De La » from « de la »: that spelling is the used name's to give.
    """
    return name.title() if name.isupper() else name


def _plain(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.upper().translate(_PLAIN))
    return "".join(sign for sign in spread if not unicodedata.combining(sign)).translate(_PLAIN)


def _sound(name: str) -> str:
    sound = search_form(name).replace(" ", "")
    for spelling, said in _SOUNDS:
        sound = re.sub(spelling, said, sound)
    return re.sub(r"(?<=..)[ESTXD]+$", "", sound)
