"""The change matrix between two sets of verdicts: gates, statuses and fits, and the rules behind each change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from attrs import field, frozen

from mgdecide.adapters.governance.verdict_lines import NOT_READ, Key, Verdicts

WITHHELD = "withheld"
"""The fit of a study while the gate is not open."""
_GATES = ("open", "undecided", "closed", NOT_READ)
_FITS = ("fits", "cannot tell", "does not fit", WITHHELD)


@frozen
class Change:
    """One kind of verdict: how many went from which to which, and what stands behind those that changed."""

    matrix: Counter[tuple[str, str]] = field(factory=Counter)
    behind: Counter[str] = field(factory=Counter)

    @property
    def changed(self) -> int:
        """How many differ."""
        return sum(count for (old, new), count in self.matrix.items() if old != new)

    def add(self, old: str, new: str, behind: Iterable[str]) -> None:
        """Count one pair."""
        self.matrix[old, new] += 1
        if old != new:
            self.behind.update(behind)

    def to_record(self) -> dict[str, object]:
        """The JSON shape: ``{"changed", "matrix": {old: {new: count}}, "behind": {rule: count}}``."""
        rows: dict[str, dict[str, int]] = {}
        for (old, new), count in sorted(self.matrix.items()):
            rows.setdefault(old, {})[new] = count
        return {"changed": self.changed, "matrix": rows, "behind": _by_count(self.behind)}


@frozen
class VerdictDiff:
    """Everything that changed between two sets."""

    paired: int
    only_old: int
    only_new: int
    editions: tuple[tuple[str, ...], tuple[str, ...]]
    gate: Change
    status: Change
    fits: Mapping[str, Change]
    appeared: Counter[str]
    gone: Counter[str]

    def to_record(self) -> dict[str, object]:
        """The JSON of ``mgdecide diff --format json``."""
        return {
            "paired": self.paired,
            "only_old": self.only_old,
            "only_new": self.only_new,
            "knowledge": {"old": list(self.editions[0]), "new": list(self.editions[1])},
            "gate": self.gate.to_record(),
            "status": self.status.to_record(),
            "fits": {study: change.to_record() for study, change in self.fits.items()},
            "findings": {"appeared": _by_count(self.appeared), "gone": _by_count(self.gone)},
        }


def compare(old: Mapping[Key, Verdicts], new: Mapping[Key, Verdicts]) -> VerdictDiff:
    """Compare the assessments that stand in both sets.

    Behind a change of the gate stand the closing or undecided rules that came or went; behind one of the status the
    findings that came or went; behind one of a fit the requirements whose verdict changed.
    """
    gate, status = Change(), Change()
    fits: dict[str, Change] = {}
    appeared: Counter[str] = Counter()
    gone: Counter[str] = Counter()
    both = sorted(old.keys() & new.keys())
    for key in both:
        before, after = old[key], new[key]
        gate.add(before.gate, after.gate, _moved(before.closing, after.closing))
        status.add(before.status, after.status, sorted(before.findings ^ after.findings))
        first, second = dict(before.fits), dict(after.fits)
        for study in sorted(first.keys() | second.keys()):
            behind = _criteria(study, before, after)
            fits.setdefault(study, Change()).add(first.get(study, WITHHELD), second.get(study, WITHHELD), behind)
        appeared.update(after.findings - before.findings)
        gone.update(before.findings - after.findings)
    return VerdictDiff(
        paired=len(both),
        only_old=len(old.keys() - new.keys()),
        only_new=len(new.keys() - old.keys()),
        editions=(_editions(old), _editions(new)),
        gate=gate,
        status=status,
        fits=dict(sorted(fits.items())),
        appeared=appeared,
        gone=gone,
    )


def _moved(before: frozenset[str], after: frozenset[str]) -> list[str]:
    """The rules that came or went; where none did, those there are (one of them may have changed its answer)."""
    return sorted(before ^ after or before | after)


def _criteria(study: str, before: Verdicts, after: Verdicts) -> Iterator[str]:
    held = dict(before.criteria).get(study), dict(after.criteria).get(study)
    if held[0] is None or held[1] is None:
        yield "the gate"
        return
    first, second = dict(held[0]), dict(held[1])
    for text in sorted(first.keys() | second.keys()):
        if first.get(text) != second.get(text):
            yield text


def _editions(verdicts: Mapping[Key, Verdicts]) -> tuple[str, ...]:
    return tuple(sorted({each.knowledge for each in verdicts.values() if each.knowledge}))


def _by_count(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


# --- for people ---------------------------------------------------------------------------------------------


def diff_text(found: VerdictDiff) -> str:
    """The same as tables, at most 76 columns where names allow."""
    old, new = (", ".join(editions) for editions in found.editions)
    editions = f"; knowledge {old} against {new}" if old or new else ""
    lines = [f"{found.paired} assessment{'s' * (found.paired != 1)} in both sets{editions}"]
    if found.only_old or found.only_new:
        lines.append(f"not compared: {found.only_old} only in the old set, {found.only_new} only in the new one")
    lines += ["", f"GATE    {_changed(found.gate)}", *_table(found.gate, _GATES)]
    lines += ["", f"STATUS  {_changed(found.status)}", *_table(found.status)]
    for study, change in found.fits.items():
        if change.changed:
            lines += ["", f"FIT     {study}: {_changed(change)}", *_table(change, _FITS)]
    if not any(change.changed for change in found.fits.values()):
        lines += ["", "FIT     no change"]
    lines += ["", "FINDINGS", *_counted("appeared", found.appeared), *_counted("gone", found.gone)]
    return "\n".join(lines)


def _changed(change: Change) -> str:
    return f"{change.changed} changed" if change.changed else "no change"


def _table(change: Change, order: tuple[str, ...] = ()) -> Iterator[str]:
    met = {word for pair in change.matrix for word in pair}
    words = [word for word in order if word in met] + sorted(met - set(order))
    if not change.changed:
        return
    width = max(len(word) for word in words) + 2
    yield "  " + " " * (width + 5) + "".join(f"{'to ' + word:>{width + 3}}" for word in words)
    for row in words:
        counts = "".join(f"{change.matrix[row, column]:>{width + 3},}" for column in words)
        yield f"  {'from ' + row:<{width + 5}}{counts}"
    yield from _counted("behind", change.behind)


def _counted(title: str, counts: Counter[str]) -> Iterator[str]:
    listed = [f"{name} ({count:,})" for name, count in _by_count(counts).items()] or ["none"]
    yield f"  {title:<9} {listed[0]}"
    for each in listed[1:]:
        yield f"  {'':<9} {each}"
