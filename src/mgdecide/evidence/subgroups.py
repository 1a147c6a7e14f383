"""Pools of parts of a body (blinded or not, low magnesium or not, flagged or not), shown beside the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from mgdecide.evidence.inputs import refuse
from mgdecide.evidence.pooling import Pool, pool_rows
from mgdecide.evidence.rows import Row, checked_rows


@frozen
class Subgroups:
    """A body split by one property: each group's own pool, and the warning that belongs beside it."""

    by: str
    groups: tuple[tuple[str, Pool], ...]
    warning: str

    def to_record(self) -> dict[str, object]:
        return {
            "by": self.by,
            "groups": {label: pool.to_record() for label, pool in self.groups},
            "warning": self.warning,
        }


def pool_subgroups(rows: Iterable[Row], by: str, group_of: Mapping[str, str]) -> Subgroups:
    """Pool each group of studies; ``group_of`` names the group of every study, "not known" included.

    No test between groups is made: studies were not randomised to groups, and there are too few of them.

    Raises:
        InvalidInput: MGD-P111 a study without a group; the codes of ``pool_rows``.
    """
    listed = checked_rows(rows)
    for index, row in enumerate(listed):
        if row.study not in group_of:
            raise refuse("MGD-P111", f"rows[{index}].study", row.study, f"a study with a group ({by})")
    labels = sorted({group_of[row.study] for row in listed})
    groups = tuple((label, pool_rows(row for row in listed if group_of[row.study] == label)) for label in labels)
    return Subgroups(by, groups, _warning(by, groups))


def _warning(by: str, groups: tuple[tuple[str, Pool], ...]) -> str:
    sizes = ", ".join(f"{label}: {len(pool.rows)}" for label, pool in groups)
    return (
        f"Split by {by} ({sizes}; number of studies). With so few studies a difference between groups may be chance, "
        "studies differ in more than this one property, and no group's result replaces the whole."
    )
