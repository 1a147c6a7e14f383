"""``mgdecide evidence add`` for people and as JSON, with the lines to write into a body's file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from mgdecide.adapters.evidence.body_pools import POOL_WORDS, pool_names
from mgdecide.adapters.evidence.holdings_report import checks_lines
from mgdecide.adapters.evidence.study_addition import Addition, AnswerChange, BodyChange, PoolChange
from mgdecide.adapters.report.text_lines import wrapped
from mgdecide.evidence.pooling import Pool, Pooled, pool_rows
from mgdecide.evidence.rows import digest_rows
from mgdecide.evidence.study_rows import rows_of
from mgdecide.knowledge.body_types import Body, BodyRow

_METHOD = "REML"
_MOST_NAMED = 8


def addition_record(found: Addition) -> dict[str, object]:
    """``{"study", "held", "flagged", "checks", "bodies": [...], "answers": {"fits", "otherwise"}}``."""
    answers = found.answers
    return {
        "study": found.study.id,
        "held": found.held,
        "flagged": found.is_flagged,
        "checks": [check.to_record() for check in found.checks],
        "bodies": [_body_record(change) for change in found.bodies],
        "answers": None
        if answers is None
        else {"fits": {fit: list(names) for fit, names in answers.fits.items()}, "otherwise": list(answers.otherwise)},
    }


def _body_record(change: BodyChange) -> dict[str, object]:
    row = change.row
    return {
        "body": change.body.id,
        "row": None if row is None else {"study": row.study, "yi": row.yi, "vi": row.vi, "pool": row.pool},
        "reason": change.reason or None,
        "certainty": change.body.certainty,
        "pools": {each.name: {"before": _brief(each.before), "after": _brief(each.after)} for each in change.pools},
        "to_write": None if row is None or _stands(change) else _to_write(change, row),
    }


def _brief(pool: Pool | None) -> dict[str, object] | None:
    return None if pool is None else {"studies": len(pool.rows), "methods": pool.to_record()["methods"]}


# --- for people ---------------------------------------------------------------------------------------------


def addition_text(found: Addition) -> str:
    """Checks, pools, certainty and answers, at most 76 columns; last the lines to write, as TOML."""
    how = "held: compared with its absence" if found.held else "not held yet: nothing was written"
    lines = [*wrapped(f"STUDY  {found.study.id} ({how})"), "", "CHECKS"]
    lines += list(checks_lines(found.study, found.checks)) or [f"  {len(found.checks)} made; nothing that cannot be"]
    for change in found.bodies:
        lines += ["", f"POOLS  {change.body.id}", *_pools(change), "", "CERTAINTY", *_certainty(change)]
    if not found.bodies:
        lines += ["", *wrapped("POOLS  The file names no body of evidence, and none names it.", hang="       ")]
    lines += ["", "ANSWERS", *_answers(found.answers)]
    for change in found.bodies:
        if change.row is not None and not _stands(change):
            path = f"src/mgdecide/knowledge/bodies/{change.body.id}.toml"
            lines += ["", *wrapped(f"TO WRITE  into {path}"), "", _to_write(change, change.row)]
    return "\n".join(lines)


def _stands(change: BodyChange) -> bool:
    """Whether the body holds the row already."""
    return any(row.study == change.row.study for row in change.body.rows) if change.row is not None else False


def _pools(change: BodyChange) -> Iterator[str]:
    row = change.row
    if row is None:
        yield from wrapped(f"no row: {change.reason}", "  ", "    ")
        return
    half = f"effect {row.yi:.2f}, variance {row.vi:.3f}"
    yield from wrapped(f"row: {row.outcome} by {row.via}, {row.n[0]} and {row.n[1]} people; {half}", "  ", "    ")
    for each in change.pools:
        yield from _pool(each)


def _pool(each: PoolChange) -> Iterator[str]:
    yield from wrapped(f"{each.name} ({POOL_WORDS[each.name]}), {_METHOD}:", "  ")
    yield f"    before  {_told(each.before)}"
    yield f"    after   {_told(each.after)}"


def _told(pool: Pool | None) -> str:
    if pool is None:
        return "no row"
    found: Pooled = pool.by(_METHOD)
    i2 = "" if found.i2 is None else f", I2 {found.i2:.0f}%"
    studies = "1 study" if len(pool.rows) == 1 else f"{len(pool.rows)} studies"
    return f"{found.estimate:.2f} ({found.ci[0]:.2f} to {found.ci[1]:.2f}), {studies}{i2}"


def _certainty(change: BodyChange) -> Iterator[str]:
    body = change.body
    judged = "; ".join(sorted({f"{each.author}, {each.date}" for each in body.domains}))
    yield from wrapped(f"{body.certainty}, as judged ({judged}). It stays until a person judges again.", "  ")
    if change.row is not None:
        before, after = (
            sum(sum(row.n) for row in rows) for rows in (_others(change.after, change.row), change.after.rows)
        )
        yield from wrapped(f"people in rows: {before} before, {after} after", "  ")


def _others(body: Body, own: BodyRow) -> tuple[BodyRow, ...]:
    return tuple(row for row in body.rows if row.study != own.study)


def _answers(found: AnswerChange | None) -> Iterator[str]:
    if found is None:
        yield from wrapped('none: only a study with role = "regimen" is matched with patients', "  ")
        return
    for fit, names in found.fits.items():
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        yield from wrapped(f"{fit}: {len(names)} ({', '.join(names[:_MOST_NAMED])}{more})", "  ", "    ")
    if found.otherwise:
        yield from wrapped(f"ANYTHING ELSE CHANGES for {', '.join(found.otherwise[:_MOST_NAMED])}", "  ", "    ")
    else:
        yield from wrapped("gates, statuses, findings and certainties: the same", "  ")


# --- TOML ---------------------------------------------------------------------------------------------------


def _to_write(change: BodyChange, row: BodyRow) -> str:
    """The member, its row, and every stored pool of the body anew; ``why`` is for a person to write."""
    figures = {
        "study": row.study,
        "outcome": row.outcome,
        "pool": row.pool,
        "via": row.via,
        "treated": row.treated,
        "control": row.control,
        "treated_n": row.n[0],
        "control_n": row.n[1],
        "yi": repr(row.yi),
        "vi": repr(row.vi),
    }
    member = {"study": row.study, "pool": row.pool, "why": "TO BE WRITTEN: why it is in this pool."}
    parts = [] if any(each.study == row.study for each in change.body.members) else [_table("[[study]]", member)]
    parts += [_table("[[row]]", figures), *stored_toml(change.after)]
    return "\n\n".join(parts)


def stored_toml(body: Body) -> Iterator[str]:
    """The pools of a body as its file stores them."""
    measure = next((each.measure for each in body.stored), "SMD")
    for name in pool_names(body):
        rows = rows_of(body.pool_rows(name))
        yield _table(f"[stored.{name}]", {"measure": measure, "digest": digest_rows(rows)})
        for method in pool_rows(rows).methods:
            held = {key: value for key, value in method.to_record().items() if value is not None}
            yield _table(f"[stored.{name}.methods.{method.method}]", held)


def _table(heading: str, values: Mapping[str, object]) -> str:
    """Text, whole numbers, floats and lists of floats are written in TOML as in JSON."""
    return "\n".join([heading, *(f"{key} = {json.dumps(value)}" for key, value in values.items())])
