"""``mgdecide pool`` in text: what may be said, the rows, the pools, their parts, and what is stored."""

from __future__ import annotations

import math
from collections.abc import Iterator

from mgdecide.adapters.evidence.body_points import points_of
from mgdecide.adapters.evidence.body_pools import POOL_WORDS, BodyPool, BodyPools, body_statement
from mgdecide.adapters.report.text_lines import columns, wrapped
from mgdecide.adapters.suggestions import safe_text
from mgdecide.evidence.distributions import normal_quantile
from mgdecide.evidence.pooling import Pool, Pooled
from mgdecide.evidence.rows import Row
from mgdecide.evidence.subgroups import Subgroups
from mgdecide.knowledge.body_types import Body

_LONGEST_STUDY = 30
_SHOWN = "REML"
"""The method of the short tables; the table of methods has every one."""

_FORMULAE = (
    "REML, PM and DL are the estimators of the spread between studies (tau2). K-H: the Knapp-Hartung interval. "
    "Prediction: where the effect of a further study like these would lie. I2 in percent."
)


def body_text(found: BodyPools) -> str:
    """A body of evidence for people, at most 76 columns."""
    body = found.body
    lines = [*wrapped(f"POOL  {body.id}"), *wrapped(body.outcome), ""]
    lines += [*wrapped(f"Certainty {body.certainty}. {body_statement(body)}"), *wrapped(body.rule)]
    for text in filter(None, (body.rows_note, *found.warnings)):
        lines += wrapped(text)
    lines += ["", "STUDIES", *_members(found)]
    for pool in found.pools:
        lines += ["", *_body_pool(pool), *_points(found.body, pool)]
    for split in found.subgroups:
        lines += ["", *_split(split)]
    lines += ["", *wrapped(_FORMULAE)]
    return "\n".join(lines)


def rows_text(pool: Pool) -> str:
    """Any rows for people, at most 76 columns where study names are of usual length."""
    head = f"POOL  {_count(len(pool.rows))}"
    return "\n".join([head, "", *_rows(pool.rows), "", *_pooled(pool), "", *wrapped(_FORMULAE)])


def _members(found: BodyPools) -> Iterator[str]:
    assumed = {row.study: row.assumed for row in found.body.rows if row.assumed}
    for each in found.body.members:
        word = {"default": "in", "flagged": "flagged", "outside": "no row"}[each.pool]
        taken = f" Taken for granted: {assumed[each.study]}." if each.study in assumed else ""
        yield from wrapped(f"{each.study} ({word}): {each.why}{taken}", "  ", "    ")
        for flag in found.flags.get(each.study, ()):
            yield from wrapped(f"flag: {flag}", "    ", "      ")


def _body_pool(each: BodyPool) -> Iterator[str]:
    measure = each.measure or "effect"
    yield from wrapped(f"{each.name.upper()}  {_count(len(each.pool.rows))}, {POOL_WORDS[each.name]}; {measure}")
    yield from wrapped("below 0: less with magnesium", "  ")
    yield from _rows(each.pool.rows)
    yield ""
    yield from _pooled(each.pool)
    yield from wrapped(f"Stored: {_agreement(each)}", "  ")


def _points(body: Body, each: BodyPool) -> Iterator[str]:
    """The shown method's estimate in points of named scales: a change of unit, not of certainty."""
    shown = next((one for one in each.pool.methods if one.method == _SHOWN), None)
    if shown is None or shown.ci is None:
        return
    for points in points_of(body, each.measure, shown.estimate, shown.ci):
        yield from wrapped(points.sentence, "  ")


def _agreement(each: BodyPool) -> str:
    if each.agrees is None:
        return "nothing."
    return (
        "agrees with these rows." if each.agrees else "DOES NOT AGREE with these rows; the stored one is out of date."
    )


def _rows(rows: tuple[Row, ...]) -> Iterator[str]:
    reach = normal_quantile(0.975)
    spreads = ((row, math.sqrt(row.vi) * reach) for row in rows)
    listed = [
        (safe_text(row.study, _LONGEST_STUDY), _number(row.yi), _interval((row.yi - wide, row.yi + wide)))
        for row, wide in spreads
    ]
    yield from columns([("study", "effect", "95% CI"), *listed])


def _pooled(pool: Pool) -> Iterator[str]:
    heading = ("", "estimate", "95% CI", "K-H", "prediction", "tau2", "I2")
    yield from columns([heading, *map(_method, pool.methods)])
    yield from _left_out(pool)
    for text in pool.warnings:
        yield from wrapped(text, "  ")


def _method(each: Pooled) -> tuple[str, ...]:
    intervals = tuple(_interval(one) for one in (each.ci, each.ci_knapp_hartung, each.prediction))
    i2 = "none" if each.i2 is None else f"{each.i2:.0f}"
    tau2 = "none" if each.tau2 is None else _number(each.tau2)
    return (each.method, _number(each.estimate), *intervals, tau2, i2)


def _left_out(pool: Pool) -> Iterator[str]:
    if not pool.leave_one_out:
        return
    yield ""
    listed = []
    for each in pool.leave_one_out:
        found = next(one for one in each.methods if one.method == _SHOWN)
        listed.append((safe_text(each.left_out, _LONGEST_STUDY), _number(found.estimate), _interval(found.ci)))
    yield from columns([(f"without ({_SHOWN})", "estimate", "95% CI"), *listed])
    yield ""


def _split(split: Subgroups) -> Iterator[str]:
    if len(split.groups) == 1:
        label, pool = split.groups[0]
        yield from wrapped(f"BY {split.by.upper()}  every study with a row: {label} ({len(pool.rows)})")
        return
    yield from wrapped(f"BY {split.by.upper()}  every row, flagged studies in; {_SHOWN}")
    listed = []
    for label, pool in split.groups:
        found = pool.by(_SHOWN)
        listed.append((label, str(len(pool.rows)), _number(found.estimate), _interval(found.ci)))
    yield from columns([("", "studies", "estimate", "95% CI"), *listed])
    yield from wrapped(split.warning, "  ")


def _count(studies: int) -> str:
    return "1 study" if studies == 1 else f"{studies} studies"


def _interval(ends: tuple[float, float] | None) -> str:
    return "none" if ends is None else f"{_number(ends[0])} to {_number(ends[1])}"


def _number(value: float) -> str:
    """Two decimals, or three digits where those would not fit; never a negative zero."""
    if 0.005 <= abs(value) < 1000 or value == 0:
        return f"{value:.2f}"
    return f"{value:.1e}" if abs(value) >= 1000 or abs(value) < 0.0005 else f"{value:.3f}"
