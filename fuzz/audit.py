"""Known weaknesses of what is installed, by pip-audit, told so that a database that was not reached is no pass.

    python -m fuzz.audit

Exit code 0 if every package was looked up and none has a known weakness; 1 if one has; 2 if some could not be looked
up. pip-audit itself ends with 0 where the index answers that it knows no package at all.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping

from attrs import frozen

_COMMAND = ("pip_audit", "--progress-spinner", "off", "--skip-editable", "--format", "json")
_OURS = "mgdecide"
_NO_PASS = "This is not a pass: run it where the database can be reached."
_NAMED = 8


@frozen
class Audit:
    """What the database said: packages looked up, those it could not tell of, and weaknesses by package."""

    looked_up: tuple[str, ...]
    not_looked_up: tuple[str, ...]
    weak: Mapping[str, tuple[str, ...]]

    @property
    def exit_code(self) -> int:
        """0 is a pass: everything looked up, nothing found."""
        return 1 if self.weak else 2 if self.not_looked_up or not self.looked_up else 0

    def to_text(self) -> str:
        """What was found, and what could not be found out."""
        lines = [f"{name}: {', '.join(ids)}" for name, ids in sorted(self.weak.items())]
        lines.append(f"looked up {len(self.looked_up)} packages, {len(self.weak)} with a known weakness")
        if self.not_looked_up:
            named = ", ".join(self.not_looked_up[:_NAMED])
            rest = len(self.not_looked_up) - _NAMED
            lines.append(f"NOT looked up {len(self.not_looked_up)}: {named}{f' and {rest} more' if rest > 0 else ''}")
        if self.exit_code == 2:
            lines.append(_NO_PASS)
        return "\n".join(lines)


def read_audit(text: str) -> Audit:
    """The JSON of pip-audit; our own package, which is on no index, is left out.

    Raises:
        ValueError: no such JSON.
    """
    value: object = json.loads(text)
    rows = value.get("dependencies") if isinstance(value, Mapping) else None
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise ValueError("no list of dependencies")
    told = [row for row in rows if row.get("name") != _OURS]
    return Audit(
        looked_up=tuple(str(row["name"]) for row in told if "vulns" in row),
        not_looked_up=tuple(str(row.get("name")) for row in told if "vulns" not in row),
        weak={str(row["name"]): tuple(str(each["id"]) for each in row["vulns"]) for row in told if row.get("vulns")},
    )


def main() -> int:
    """Run pip-audit and tell what it said."""
    ran = subprocess.run([sys.executable, "-m", *_COMMAND], capture_output=True, text=True)
    try:
        audit = read_audit(ran.stdout)
    except ValueError:
        reason = (ran.stderr.strip().splitlines() or ["no word of why"])[-1]
        print(f"pip-audit could ask nothing: {reason[:300]}\n{_NO_PASS}")
        return 2
    print(audit.to_text())
    return audit.exit_code


if __name__ == "__main__":
    sys.exit(main())
