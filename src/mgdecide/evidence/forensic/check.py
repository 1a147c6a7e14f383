"""What a check says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from attrs import field, frozen

Verdict = Literal["consistent", "cannot be", "cannot tell"]


@frozen
class Check:
    """One check of printed numbers: what was checked, the verdict, a sentence, the numbers behind it, the source.

    ``id`` names the kind of check, ``what`` the figure it was made on; both with ``study`` name a check uniquely.
    """

    id: str
    study: str
    verdict: Verdict
    sentence: str
    numbers: tuple[tuple[str, str], ...]
    source: str
    what: str = field(kw_only=True)

    def to_record(self) -> dict[str, object]:
        return {
            "id": self.id,
            "study": self.study,
            "what": self.what,
            "verdict": self.verdict,
            "sentence": self.sentence,
            "numbers": dict(self.numbers),
            "source": self.source,
        }


@frozen
class Subject:
    """What a check is about; every check function builds one and lets it make the ``Check``."""

    id: str
    study: str
    what: str
    source: str

    def says(self, verdict: Verdict, sentence: str, **numbers: object) -> Check:
        """The check with this verdict; ``numbers`` are kept as text, underscores read as spaces."""
        kept = tuple((name.replace("_", " "), _text(value)) for name, value in numbers.items())
        return Check(self.id, self.study, verdict, sentence, kept, self.source, what=self.what)


def flagged(checks: Iterable[Check]) -> tuple[Check, ...]:
    """The checks that say "cannot be": what a study carries as a flag. Nothing is ever deleted for it."""
    return tuple(check for check in checks if check.verdict == "cannot be")


def _text(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
