"""No form of the house loses what was typed: given back by the server, drafts if long."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django import forms
from django.http import HttpResponse
from django.test import Client

from tests.access.url_cases import DONE, addresses, expected
from tests.access.url_town import UrlTown
from tests.access.whole_module import db, own_files, town
from tests.factories.town import sign_in
from virage.foundation.ui.forms import Keeping

__all__ = ["db", "own_files", "town"]

# A secret is never shown; a file, a browser lets nobody give back.
UNSEEN = (forms.PasswordInput, forms.FileInput, forms.HiddenInput)


def _texts(form: forms.BaseForm) -> dict[str, tuple[str, str]]:
    """Return the label and a text for each field in which words are typed."""
    return {
        field.html_name: (str(field.label), f"Mot {number} d’ici")
        for number, field in enumerate(form.visible_fields())
        if type(field.field) is forms.CharField and not isinstance(field.field.widget, UNSEEN)
    }


def _forms(town: UrlTown) -> Iterator[tuple[str, Client, str, Keeping]]:
    for address in addresses():
        if {"get", "post"} - address.rules.keys() or address.open_to != "situation":
            continue
        roles = [
            role
            for role in town.roles.values()
            if all(expected(address, way, role, "ours") == DONE[way] for way in ("get", "post"))
        ]
        if not roles:
            continue
        client = Client(raise_request_exception=False)
        sign_in(client, roles[0].membership)
        url = address.url(town.targets["ours"].ids)
        page = client.get(url)
        if page.context and (keeping := page.context.get("keeping")):
            yield str(address), client, url, keeping


def _given_back(page: HttpResponse) -> dict[str, str]:
    words = page.text.partition("Ce que vous aviez écrit")[2].partition("</main>")[0]
    pairs = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", words, re.DOTALL)
    return {unescape(label): unescape(text) for label, text in pairs}


def test_no_form_loses_its_words(town: UrlTown, monkeypatch: pytest.MonkeyPatch) -> None:
    doors = [door for door in _forms(town) if _texts(door[3].form)]

    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Keeping, "of", fail)
    lost = []
    for name, client, url, keeping in doors:
        typed = _texts(keeping.form)
        widgets = [field.field.widget for field in keeping.form.visible_fields()]
        if any(isinstance(widget, forms.Textarea) for widget in widgets) and not keeping.local_key:
            lost.append(f"{name}: a long text without a draft")
        page = client.post(url, {field: text for field, (_, text) in typed.items()})
        if (page.status_code, _given_back(page)) != (500, dict(typed.values())):
            lost.append(f"{name}: {page.status_code}, {_given_back(page)}")
    assert len(doors) > 20
    assert not lost, "\n".join(lost)


def test_a_form_too_long_to_be_read_gives_its_words_back(town: UrlTown, settings: Any) -> None:
    """Save one with files: its page alone, before sending, says that it is too large."""
    doors = [
        door for door in _forms(town) if _texts(door[3].form) and not door[3].form.is_multipart()
    ]
    lost = []
    for name, client, url, keeping in doors:
        typed = {field: text for field, (_, text) in _texts(keeping.form).items()}
        sent = urlencode(typed)
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = len(sent) - 1
        page = client.post(url, sent, content_type="application/x-www-form-urlencoded")
        words = re.findall(r"<dd>(.*?)</dd>", page.text, re.DOTALL)
        if page.status_code != 413 or not set(typed.values()) <= set(map(unescape, words)):
            lost.append(f"{name}: {page.status_code}, {words}")
        assert f'href="{url}"' in page.text, name
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10**6
    assert len(doors) > 20
    assert not lost, "\n".join(lost)
