"""Signs that show nothing: they would make two names of one, or turn what follows round."""

import unicodedata

# The others that show nothing: Default_Ignorable_Code_Point (Unicode 15), assigned or not.
_IGNORABLE = {
    *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),
    *range(0x180B, 0x1810),
    *range(0xFE00, 0xFE10),
    *range(0xFFF0, 0xFFF9),
    *range(0xE0000, 0xE1000),
}


def without_unseen(text: str) -> str:
    """Return a text without them; what separates words stays."""
    return "".join(one for one in text if one.isspace() or not _is_unseen(one))


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs") or ord(sign) in _IGNORABLE
