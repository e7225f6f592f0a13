"""Files: what is accepted, what they are, the name they leave under."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virage.documents.rules import (
    ACCEPTED,
    KNOWN,
    download_name,
    is_what_it_says,
    nature_label,
    size_label,
    type_of_file_name,
)


def test_each_accepted_type_recognises_its_own_beginning() -> None:
    for content_type, nature in ACCEPTED.items():
        content = (nature.beginnings or (b"texte",))[0] + b" suite"
        assert is_what_it_says(content, content_type)
        assert type_of_file_name(f"fichier{nature.extension.upper()}") == content_type


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("photo.jpeg", "image/jpeg"), ("Radio.TIFF", "image/tiff")],
)
def test_a_type_is_known_by_its_other_extension(name: str, content_type: str) -> None:
    assert type_of_file_name(name) == content_type


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"MZ\x90\x00", "application/pdf"),
        (b"<html>", "image/png"),
        (b"nul\x00", "text/plain"),
        (b"%PDF-1.7", "application/octet-stream"),
    ],
)
def test_bytes_that_contradict_the_type_are_told(content: bytes, content_type: str) -> None:
    assert not is_what_it_says(content, content_type)


@pytest.mark.parametrize(
    "name", ["virus.exe", "page.html", "image.svg", "sans", "a.xml", ".pdf.js"]
)
def test_other_names_have_no_accepted_type(name: str) -> None:
    assert type_of_file_name(name) == ""


@given(st.text(), st.sampled_from([*KNOWN, "text/html"]))
def test_a_download_name_is_plain_whatever_the_title(title: str, content_type: str) -> None:
    name = download_name(title, content_type)
    stem, dot, extension = name.rpartition(".")
    assert dot
    assert extension.isalnum()
    assert stem.replace("-", "").isalnum()
    assert name.isascii()
    assert len(name) < 100


def test_natures_and_sizes_are_said_in_words() -> None:
    assert (nature_label("application/pdf"), nature_label("x/y")) == ("PDF", "Fichier")
    assert [size_label(size) for size in (1, 640_000, 1_234_567)] == [
        "1\u00a0ko",
        "640\u00a0ko",
        "1,2\u00a0Mo",
    ]
