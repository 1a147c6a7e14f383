"""An audit that could not ask is never taken for one that found nothing."""

from __future__ import annotations

import json
import subprocess

import pytest

from fuzz import audit
from fuzz.audit import read_audit

GOOD = {"name": "attrs", "version": "1", "vulns": []}
WEAK = {"name": "urllib3", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": []}]}
SKIPPED = {"name": "pint", "skip_reason": "Dependency not found on PyPI and could not be audited: pint (1)"}
OURS = {"name": "mgdecide", "skip_reason": "distribution marked as editable"}


@pytest.mark.parametrize(
    ("rows", "code", "words"),
    [
        ([GOOD, OURS], 0, "looked up 1 packages, 0 with"),
        ([GOOD, WEAK], 1, "urllib3: PYSEC-1"),
        ([GOOD, SKIPPED], 2, "NOT looked up 1: pint"),
        ([WEAK, SKIPPED], 1, "NOT looked up 1: pint"),
        ([OURS], 2, "not a pass"),
        ([SKIPPED] * 30, 2, "and 22 more"),
    ],
)
def test_what_was_asked_and_what_was_not(rows: list[dict[str, object]], code: int, words: str) -> None:
    found = read_audit(json.dumps({"dependencies": rows, "fixes": []}))
    assert found.exit_code == code
    assert words in found.to_text()
    assert ("not a pass" in found.to_text()) is (code == 2)


def test_an_audit_that_broke_off_is_no_pass(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 0, "", "ConnectionError: no network")

    monkeypatch.setattr(subprocess, "run", broken)
    assert audit.main() == 2
    assert "ConnectionError: no network" in capsys.readouterr().out
