"""Mixing doses fails in the editor: mypy reports exactly the lines that are marked, with the marked codes."""

from __future__ import annotations

import re
from pathlib import Path

from mypy import api

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "tests" / "typing_negative" / "doses_mixed.py"
MARK = re.compile(r"# E: ([a-z-]+)$")
REPORT = re.compile(r":(\d+): error: .*\[([a-z-]+)\]$")


def marked() -> set[tuple[int, str]]:
    lines = EXAMPLES.read_text(encoding="utf-8").splitlines()
    found = ((number, MARK.search(line)) for number, line in enumerate(lines, start=1))
    return {(number, match.group(1)) for number, match in found if match}


def test_mypy_refuses_what_is_marked_and_nothing_else() -> None:
    config = ["--config-file", str(ROOT / "pyproject.toml"), "--follow-imports", "silent"]
    out, problems, _ = api.run([*config, "--no-error-summary", "--hide-error-context", str(EXAMPLES)])
    assert problems == ""
    reported = {(int(match[1]), match[2]) for line in out.splitlines() if (match := REPORT.search(line))}
    assert len(marked()) > 15
    assert reported == marked(), out
