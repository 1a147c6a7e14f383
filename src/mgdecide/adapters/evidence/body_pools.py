"""A body of evidence pooled again: from the figures of its study files, beside what is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import frozen

from mgdecide.adapters.evidence.body_points import points_of
from mgdecide.adapters.suggestions import given_words, one_of
from mgdecide.errors import InvalidInput, Problem
from mgdecide.evidence.grade_words import Certainty, Direction, Size, statement
from mgdecide.evidence.points import Points
from mgdecide.evidence.pooling import Pool, pool_rows
from mgdecide.evidence.rows import Row, digest_rows
from mgdecide.evidence.stored import TOLERANCE, agrees
from mgdecide.evidence.study_rows import rows_again, rows_of
from mgdecide.evidence.subgroups import Subgroups, pool_subgroups
from mgdecide.knowledge.body_types import Body, BodyRow, StoredPool
from mgdecide.knowledge.study_types import Study

POOL_WORDS: Mapping[str, str] = {"default": "flagged studies out", "with-flagged": "flagged studies in"}
"""The pools of a body, the first that has rows being the one answered with."""

_BLINDED = ("double", "triple")
_OPEN = ("none", "single")


@frozen
class BodyPool:
    """One pool of a body, computed now, with what is stored of it.

    ``agrees``: the rows, their digest and every stored number do; None where nothing is stored.
    """

    name: str
    measure: str | None
    pool: Pool
    stored: StoredPool | None
    agrees: bool | None

    def to_record(self, body: str) -> dict[str, object]:
        """The shape of ``mgdecide pool``, with the name of the pool and the digests of its rows."""
        methods = None if self.stored is None else {name: dict(held) for name, held in self.stored.methods.items()}
        record = self.pool.to_record(body=body, measure=self.measure, stored=methods, agrees=self.agrees)
        held = None if self.stored is None else self.stored.digest
        return record | {"pool": self.name, "digest": {"rows": digest_rows(self.pool.rows), "stored": held}}


@frozen
class BodyPools:
    """Every pool of a body, its parts beside the whole, and the flags that the files of its studies carry."""

    body: Body
    pools: tuple[BodyPool, ...]
    subgroups: tuple[Subgroups, ...]
    flags: Mapping[str, tuple[str, ...]]

    @property
    def first(self) -> BodyPool:
        """The default pool; the one with flagged studies where no other study has a row."""
        return self.pools[0]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What comes before the numbers."""
        if self.first.name != "default":
            return ("Every row is of a study that carries a flag: there is no pool without them.",)
        return ()

    def _points(self) -> tuple[Points, ...]:
        """The estimate of the default method in points of named scales."""
        shown = self.first.pool.methods[0]
        return points_of(self.body, self.first.measure, shown.estimate, shown.ci)

    def to_record(self) -> dict[str, object]:
        """The shape of ``mgdecide pool``; what is beyond it stands after it."""
        others = {each.name: each.to_record(self.body.id) for each in self.pools[1:]}
        record = self.first.to_record(self.body.id)
        return record | {
            "warnings": [*self.warnings, *self.first.pool.warnings],
            "other_pools": others,
            "subgroups": [each.to_record() for each in self.subgroups],
            "members": [
                {"study": each.study, "pool": each.pool, "why": each.why, "flags": self.flags.get(each.study, ())}
                for each in self.body.members
            ],
            "assumed": {row.study: row.assumed for row in self.body.rows if row.assumed},
            "certainty": self.body.certainty,
            "statement": body_statement(self.body),
            "rule": self.body.rule,
            "note": self.body.rows_note or None,
            "in_points": [
                {
                    "scale": points.scale.name,
                    "sd": points.scale.sd,
                    "sd_of": points.scale.source,
                    "estimate": points.estimate,
                    "ci": [points.low, points.high],
                }
                for points in self._points()
            ],
        }


def pool_body(body: Body, studies: Mapping[str, Study]) -> BodyPools:
    """Work the rows out again from the study files and pool them.

    Raises:
        InvalidInput: a body without rows (MGD-P151), a row its study file does not bear out (MGD-P140), no scipy
            (MGD-P190).
    """
    if not body.rows:
        given = "a body without figures by arm that could be read"
        raise InvalidInput(
            Problem("MGD-P151", body.id, given, "a body that has rows; mgdecide evidence list names them")
        )
    pools = tuple(_pool(body, name, studies) for name in pool_names(body))
    flags = {id: tuple(flag.text for flag in study.flags) for id, study in studies.items()}
    return BodyPools(body, pools, _subgroups(body, pools[-1].pool.rows, studies), flags)


def pool_names(body: Body) -> tuple[str, ...]:
    """The pools that have rows; where no row is flagged there is only the default one."""
    default, every = body.pool_rows("default"), body.pool_rows("with-flagged")
    return tuple(name for name, wanted in (("default", bool(default)), ("with-flagged", every != default)) if wanted)


def find_body(bodies: tuple[Body, ...], id: str) -> Body:
    """The body of this id.

    Raises:
        InvalidInput: no such body (MGD-P150), with the nearest.
    """
    for body in bodies:
        if body.id == id:
            return body
    raise InvalidInput(Problem("MGD-P150", "BODY", given_words(id), one_of([each.id for each in bodies], id)))


def body_statement(body: Body) -> str:
    """What may be said of the body at its certainty."""
    words = body.intervention_words, body.outcome_words
    return statement(Certainty(body.certainty), Size(body.size), Direction(body.direction), *words)


def _pool(body: Body, name: str, studies: Mapping[str, Study]) -> BodyPool:
    listed = body.pool_rows(name)
    rows = rows_again(listed, studies)
    pool = pool_rows(rows)
    stored = next((each for each in body.stored if each.name == name), None)
    same = None if stored is None else _rows_agree(listed, rows, stored) and agrees(pool, stored.methods)
    return BodyPool(name, None if stored is None else stored.measure, pool, stored, same)


def _rows_agree(listed: tuple[BodyRow, ...], again: tuple[Row, ...], stored: StoredPool) -> bool:
    """Whether the stored rows are those the pool was made of, and follow from the study files."""
    held = rows_of(listed)
    near = all(
        abs(one.yi - other.yi) <= TOLERANCE and abs(one.vi - other.vi) <= TOLERANCE
        for one, other in zip(held, again, strict=True)
    )
    return near and stored.digest == digest_rows(held)


# --- parts of a body ----------------------------------------------------------------------------------------


def _subgroups(body: Body, rows: tuple[Row, ...], studies: Mapping[str, Study]) -> tuple[Subgroups, ...]:
    """By blinding, by low magnesium at entry and by flags, over the widest pool; one study has no parts."""
    if len(rows) < 2:
        return ()
    ways: dict[str, Callable[[Study], str]] = {
        "blinding": _blinding,
        "magnesium at the start": _magnesium_at_start,
        "flags": lambda study: "flagged" if study.id in body.flagged_out else "not flagged",
    }
    return tuple(
        pool_subgroups(rows, by, {row.study: group(studies[row.study]) for row in rows}) for by, group in ways.items()
    )


def _blinding(study: Study) -> str:
    if study.design.blinding in _BLINDED:
        return "blinded"
    return "not or single blinded" if study.design.blinding in _OPEN else "blinding not read"


def _magnesium_at_start(study: Study) -> str:
    """Whether only people with a low serum magnesium were let in; that no such limit was read is not that none was."""
    limits = (each for each in study.criteria if each.kind == "inclusion" and each.requires is not None)
    return "low" if any(_bounds_magnesium(each.requires) for each in limits) else "not low, or not read"


def _bounds_magnesium(requires: object) -> bool:
    match requires:
        case {"fact": "serum_magnesium", **bound}:
            return "less_than" in bound or "at_most" in bound
        case Mapping():
            return any(_bounds_magnesium(each) for key, each in requires.items() if key in ("any", "all"))
        case list() | tuple():
            return any(map(_bounds_magnesium, requires))
        case _:
            return False
