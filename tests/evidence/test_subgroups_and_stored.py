"""Parts of a body with their warning, and stored results against their rows."""

from __future__ import annotations

import pytest

from mgdecide.errors import InvalidInput
from mgdecide.evidence.pooling import pool_rows
from mgdecide.evidence.rows import Row
from mgdecide.evidence.stored import agrees
from mgdecide.evidence.subgroups import pool_subgroups

ROWS = (Row("a", -0.6, 0.08), Row("b", 0.1, 0.03), Row("c", 0.2, 0.05), Row("d", -1.4, 0.09))
BLINDED = {"a": "blinded", "b": "blinded", "c": "blinded", "d": "open"}


def test_each_group_is_the_pool_of_its_rows() -> None:
    split = pool_subgroups(ROWS, "blinding", BLINDED)
    groups = dict(split.groups)
    assert list(groups) == ["blinded", "open"]
    assert groups["blinded"] == pool_rows(ROWS[:3])
    assert groups["open"].by("REML").estimate == -1.4
    assert split.warning == (
        "Split by blinding (blinded: 3, open: 1; number of studies). With so few studies a difference between groups "
        "may be chance, studies differ in more than this one property, and no group's result replaces the whole."
    )


def test_no_study_is_left_without_a_group() -> None:
    with pytest.raises(InvalidInput) as caught:
        pool_subgroups(ROWS, "blinding", {"a": "blinded"})
    assert (caught.value.code, caught.value.problems[0].path) == ("MGD-P111", "rows[1].study")


def test_what_is_stored_agrees_with_its_rows() -> None:
    pool = pool_rows(ROWS)
    found = pool.by("REML")
    assert agrees(pool, {each.method: each.to_record() for each in pool.methods})
    assert agrees(pool, {"REML": {"estimate": found.estimate + 5e-7, "ci": list(found.ci)}})
    assert not agrees(pool, {"REML": {"estimate": found.estimate + 5e-6}})
    assert not agrees(pool, {"REML": {"ci": [found.ci[0], found.ci[1] + 0.001]}})
    assert not agrees(pool, {"REML": {"prediction": None}})
    assert agrees(pool_rows(ROWS[:2]), {"REML": {"prediction": None}})
    assert not agrees(pool, {})
    assert not agrees(pool, {"REML": {}})
    with pytest.raises(InvalidInput, match="MGD-P112"):
        agrees(pool, {"ML": {"estimate": 0.0}})
    with pytest.raises(InvalidInput, match="MGD-P112"):
        agrees(pool, {"REML": {"mean": 0.0}})
