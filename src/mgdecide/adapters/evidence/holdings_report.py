"""``mgdecide evidence list`` and ``check`` for people and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from mgdecide.adapters.evidence.body_pools import pool_names
from mgdecide.adapters.report.text_lines import wrapped
from mgdecide.evidence.forensic import Check, flagged
from mgdecide.evidence.study_checks import checks_of
from mgdecide.knowledge.bodies import load_bodies
from mgdecide.knowledge.body_types import Body
from mgdecide.knowledge.studies import load_studies
from mgdecide.knowledge.study_types import Study

_CAUSES = (
    "A check takes figures as printed and asks whether they can be true together, with every allowance for rounding. "
    "It finds slips of any kind and tells nothing of their cause. A study that carries a flag stays: pools are shown "
    "with it and without it."
)
_VERDICTS = ("cannot be", "cannot tell", "consistent")


# --- check --------------------------------------------------------------------------------------------------


def check_record(studies: Iterable[Study]) -> dict[str, object]:
    """``{"studies": [{"study", "checks": [...], "flags": [...]}], "counts": {verdict: number}}``."""
    found = [(study, checks_of(study)) for study in studies]
    counts = _counted(check for _, checks in found for check in checks)
    return {
        "studies": [
            {
                "study": study.id,
                "checks": [check.to_record() for check in checks],
                "flags": [{"text": flag.text, "method": flag.backing.method} for flag in study.flags],
            }
            for study, checks in found
        ],
        "counts": {verdict: counts[verdict] for verdict in _VERDICTS},
    }


def check_text(studies: Sequence[Study], *, everything: bool = False) -> str:
    """The checks that say "cannot be", study by study, and the flags the files carry; with ``everything`` the rest."""
    found = [(study, checks_of(study)) for study in studies]
    lines = ["CHECKS OF PRINTED NUMBERS", *wrapped(_CAUSES), ""]
    for study, checks in found:
        part = list(checks_lines(study, checks, everything))
        if part or len(studies) <= 1:
            lines += [study.id, *(part or ["  nothing that cannot be"]), ""]
    return "\n".join([*lines, *wrapped(_summary(found))])


def checks_lines(study: Study, checks: tuple[Check, ...], everything: bool = False) -> Iterator[str]:
    """One study's checks and flags, indented."""
    shown = checks if everything else flagged(checks)
    for check in shown:
        yield from wrapped(f"[{check.verdict}] {check.sentence} ({check.id})", "  ", "    ")
    for flag in study.flags:
        yield from wrapped(f"[flag] {flag.text}", "  ", "    ")


def _summary(found: list[tuple[Study, tuple[Check, ...]]]) -> str:
    counts = _counted(check for _, checks in found for check in checks)
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in _VERDICTS)
    without = sum(not checks for _, checks in found)
    studies = "1 study" if len(found) == 1 else f"{len(found)} studies"
    rest = f" {without} of the studies printed no figures that a check could use." if without else ""
    return f"{counts.total()} checks of {studies}: {told}.{rest}"


def _counted(checks: Iterable[Check]) -> Counter[str]:
    return Counter(check.verdict for check in checks)


# --- list ---------------------------------------------------------------------------------------------------


def list_record() -> dict[str, object]:
    """``{"bodies": [...], "studies": [...]}``, each with what can be asked of it."""
    return {
        "bodies": [
            {
                "body": body.id,
                "outcome": body.outcome,
                "certainty": body.certainty,
                "studies": [each.study for each in body.members],
                "pools": list(pool_names(body)),
            }
            for body in load_bodies()
        ],
        "studies": [
            {"study": study.id, "family": study.family, "role": study.role, "flags": len(study.flags)}
            for study in load_studies()
        ],
    }


def list_text() -> str:
    """The bodies with certainty and rows, then the studies by family."""
    lines = ["BODIES OF EVIDENCE  certainty; studies; rows that can be pooled"]
    for body in load_bodies():
        lines += wrapped(f"{body.id}: {body.certainty}; {len(body.members)}; {_rows(body)}", "  ", "    ")
    families: dict[str, list[str]] = {}
    for study in load_studies():
        families.setdefault(study.family, []).append(study.id + (" (flagged)" if study.flags else ""))
    lines += ["", f"STUDIES  {sum(map(len, families.values()))} held"]
    for family, ids in families.items():
        lines += wrapped(f"{family}: {', '.join(ids)}", "  ", "    ")
    return "\n".join(lines)


def _rows(body: Body) -> str:
    return f"{len(body.rows)} rows" if body.rows else "none"
