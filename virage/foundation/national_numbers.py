"""The keys of the national numbers: which typing or copying errors a number can betray.

A right key never proves that a number was issued. These rules block entry by hand only: what an
exchange brings is kept as received and reported.
"""

import re
from datetime import date

NIR_BODY = re.compile(r"[1-478]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2[AB])\d{6}")
NIR_IN_TEXT = re.compile(rf"(?<![0-9A-Z]){NIR_BODY.pattern}(?:\d{{2}})?(?![0-9A-Z])")
SEX_OF_NIR = {"1": "male", "2": "female"}
LA_POSTE = "356000000"

# The registries of NIR and NIA (OID, CI-SIS): those of the national health identity, real or for
# trials, then those of health insurance.
REGISTRIES = "1.2.250.1.213.1.4"
INS_NIR, INS_NIA = f"{REGISTRIES}.8", f"{REGISTRIES}.9"
INS_TEST, INS_DEMO = f"{REGISTRIES}.10", f"{REGISTRIES}.11"
NSS_NIR, NSS_NIA = f"{REGISTRIES}.13", f"{REGISTRIES}.14"


def nir_key(body: str) -> str:
    """The two digits that end a NIR or a NIA, from its 13 characters.

    97 − (number mod 97), where Corsica's 2A and 2B count as 19 and 18 (INSEE). Raises `ValueError`
    when the 13 characters do not have the form of a NIR.
    """
    if not NIR_BODY.fullmatch(body):
        raise ValueError("not the 13 characters of a NIR")
    number = int(body.replace("2A", "19").replace("2B", "18"))
    return f"{97 - number % 97:02d}"


def is_nir_valid(number: str) -> bool:
    """Whether 15 characters have the form of a NIR or a NIA and the right key.

    The month goes from 01 to 12, and from 20 to 99 for incomplete civil records; the first digit
    is 1 or 2, and 3, 4, 7 or 8 for provisional numbers (INSEE).
    """
    return bool(NIR_BODY.fullmatch(number[:13])) and number[13:] == nir_key(number[:13])


def contradicted_by_nir(number: str, sex: str, birth_on: date | None) -> list[str]:
    """What a NIR or a NIA of 15 characters says otherwise: "sex", "year", "month" of birth.

    The sex is "male" or "female", else nothing is said of it. The months 20 and above are fictive
    values of the register, the first digits 3, 4, 7 and 8 provisional: they say nothing (INSEE).
    """
    if len(number) != 15:
        return []
    said = SEX_OF_NIR.get(number[0])
    found = ["sex"] if said and sex in SEX_OF_NIR.values() and said != sex else []
    if birth_on and number[1:3] != f"{birth_on:%y}":
        found.append("year")
    if birth_on and "01" <= number[3:5] <= "12" and number[3:5] != f"{birth_on:%m}":
        found.append("month")
    return found


def looks_like_nir(text: str) -> bool:
    """Whether a text holds what may be a NIR, with or without its key, right or wrong.

    Used to keep NIR out of our identifiers and to point at those received: a false alarm (a local
    number of 13 or 15 digits of that form) costs less than a leak.
    """
    return bool(NIR_IN_TEXT.search(text.upper()))


def is_luhn_valid(digits: str) -> bool:
    """Luhn's formula (ISO/IEC 7812-1): from the right, every second digit doubled, sum mod 10."""
    if not re.fullmatch(r"[0-9]+", digits):
        return False
    doubled = [2 * int(digit) for digit in digits[-2::-2]]
    total = sum(int(digit) for digit in digits[::-2]) + sum(n // 10 + n % 10 for n in doubled)
    return total % 10 == 0


def is_finess_valid(number: str) -> bool:
    """Whether 9 characters make a FINESS number: department, then digits, with Luhn's key.

    A department written with a letter (2A, 2B, 9A to 9F) is checked on its form only: how the
    letter counts in the key is not published.
    """
    if re.fullmatch(r"(?:2[AB]|9[A-F])\d{7}", number):
        return True
    return len(number) == 9 and is_luhn_valid(number)


def is_siren_valid(number: str) -> bool:
    """Whether 9 digits make a SIREN number (INSEE): Luhn's key."""
    return len(number) == 9 and is_luhn_valid(number)


def is_siret_valid(number: str) -> bool:
    """Whether 14 digits make a SIRET number (INSEE): a valid SIREN and Luhn's key on the whole.

    The establishments of La Poste follow another rule: the sum of their digits is a multiple of 5.
    """
    if len(number) != 14 or not is_siren_valid(number[:9]):
        return False
    if is_luhn_valid(number):
        return True
    return number.startswith(LA_POSTE) and sum(int(digit) for digit in number) % 5 == 0


def is_rpps_valid(number: str) -> bool:
    """Whether 11 digits make an RPPS number (ANS): Luhn's key."""
    return len(number) == 11 and is_luhn_valid(number)
