"""`virage journal`: sealed, verified, broken and taken up again, with its exit codes."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.cli.command import run, run_json
from tests.factories.town import Town
from virage.foundation.journal.models import JournalEvent


@pytest.fixture(autouse=True)
def kept_outside(settings: Any, tmp_path: Path) -> None:
    settings.JOURNAL_KEY = tmp_path / "journal_key"
    settings.JOURNAL_HEADS = tmp_path / "journal.heads"


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
    assert found["Journal cohérent"] == ["Le fichier des têtes du journal a disparu."]
    assert run("journal", "seal", "--restart", "Disque remplacé").exit_code == 0
    verified = run("journal", "verify")
    assert verified.exit_code == 0
    assert "Motif\N{NO-BREAK SPACE}: Disque remplacé" in verified.stdout
