"""`virage journal`: sealed, verified, broken and taken up again, with its exit codes."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.mail import EmailMessage

from tests.cli.command import run, run_json
from tests.factories.town import Town, actor_of
from virage.foundation.access.actor import Actor
from virage.foundation.ids import new_id
from virage.foundation.journal.jobs import mail_head
from virage.foundation.journal.models import JournalEvent, JournalLine, JournalSeal
from virage.foundation.journal.writing import record_writes


@pytest.fixture(autouse=True)
def kept_outside(settings: Any, tmp_path: Path) -> None:
    settings.JOURNAL_KEY = tmp_path / "journal_key"
    settings.JOURNAL_HEADS = tmp_path / "journal.heads"


@pytest.fixture
def alice(town: Town) -> Actor:
    return actor_of(town.alice)


def test_what_is_sealed_is_verified_with_the_key_that_one_noted(town: Town) -> None:
    key = run("journal", "key").stdout.strip()
    sealed = run("journal", "seal")
    assert f"{JournalEvent.objects.count()} évènement(s) scellé(s)" in sealed.stdout
    assert run("journal", "verify", "--key", key).exit_code == 0
    assert run_json("journal", "verify") == (0, [])
    assert run("journal", "verify", "--key", "ab" * 32).exit_code == 1
    JournalEvent.objects.update(actor_name="Personne")
    code, findings = run_json("journal", "verify")
    assert code == 1
    assert "a été modifié" in findings[0]["text"]


@pytest.mark.parametrize("after", [0, 1])
def test_a_journal_erased_whole_is_a_fault(
    town: Town, alice: Actor, settings: Any, after: int
) -> None:
    run("journal", "seal")
    assert run("journal", "verify").exit_code == 0
    JournalLine.objects.all().delete()
    JournalEvent.objects.all().delete()
    JournalSeal.objects.all().delete()
    settings.JOURNAL_HEADS.write_bytes(b"")
    for _ in range(after):
        record_writes(alice, "note.write", {new_id(): {"care"}})
        run("journal", "seal")
    verified = run("journal", "verify")
    assert verified.exit_code == 1
    assert "n’est plus au journal" in verified.stdout and "rien n’a bougé" not in verified.stdout
    checked = run("check").stdout
    assert "✗ Journal cohérent" in checked and "n’est plus au journal" in checked


def test_an_inspector_verifies_an_export_by_himself(town: Town) -> None:
    key = run("journal", "key").stdout.strip()
    run("journal", "seal")
    columns, *blocks = map(json.loads, run("journal", "export").stdout.splitlines())
    assert columns["JournalEvent"][:2] == ["id", "at"]
    for one in blocks:
        digest = hashlib.sha256(b"".join(compact(row) + b"\n" for row in one["rows"]))
        assert digest.hexdigest() == one["block"]["rows_sha256"]
        assert hashlib.sha256(compact(one["block"])).hexdigest() == one["head"]
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(one["signature"]), one["head"].encode())
    assert sum(one["block"]["event_count"] for one in blocks) == JournalEvent.objects.count()


def compact(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def test_a_broken_chain_is_told_and_taken_up_with_a_reason(town: Town, settings: Any) -> None:
    run("journal", "seal")
    settings.JOURNAL_HEADS.unlink()
    refused = run("journal", "seal")
    assert refused.exit_code == 1
    assert "Le fichier des têtes du journal a disparu" in refused.output
    assert "Rien n’a été scellé" in refused.output
    _, checks = run_json("check")
    found = {one["name"]: one["problems"] for one in checks}
    (problem,) = found["Journal cohérent"]
    assert "VIRAGE_JOURNAL_HEADS" in problem and "ne reprenez pas la chaîne" in problem
    assert run("journal", "seal", "--restart", "Disque remplacé").exit_code == 0
    verified = run("journal", "verify")
    assert verified.exit_code == 0
    assert "Motif\N{NO-BREAK SPACE}: Disque remplacé" in verified.stdout


def test_a_head_mailed_away_finds_a_journal_cut_with_its_file_of_heads(
    town: Town, settings: Any, mailoutbox: list[EmailMessage], alice: Actor
) -> None:
    settings.JOURNAL_MAIL = "inspection@exemple.fr"
    mail_head({})
    assert mailoutbox == []
    run("journal", "seal")
    record_writes(alice, "note.write", {new_id(): {"care"}})
    run("journal", "seal")
    mail_head({})
    kept = mailoutbox[0].body.splitlines()[0]
    assert run("journal", "verify", "--head", kept).exit_code == 0
    last = JournalSeal.objects.latest("number")
    JournalLine.objects.filter(event__seal=last).delete()
    JournalEvent.objects.filter(seal=last).delete()
    last.delete()
    lines = settings.JOURNAL_HEADS.read_bytes().splitlines(keepends=True)
    settings.JOURNAL_HEADS.write_bytes(b"".join(lines[:-1]))
    assert run("journal", "verify").exit_code == 0
    cut = run("journal", "verify", "--head", kept)
    assert cut.exit_code == 1
    assert "Le bloc 2 du journal n’est pas celui" in cut.stdout
    assert run("journal", "verify", "--head", "le dernier").exit_code == 64
