"""Does a pooled result that was stored still follow from its rows?"""

from __future__ import annotations

from collections.abc import Mapping

from mgdecide.evidence.inputs import refuse
from mgdecide.evidence.pooling import METHODS, Pool

# Of stored numbers against recomputed ones, absolute and relative: the digits that are written down.
TOLERANCE = 1e-6
Stored = Mapping[str, Mapping[str, object]]


def agrees(pool: Pool, stored: Stored, *, tolerance: float = TOLERANCE) -> bool:
    """Whether every stored number equals the recomputed one; ``stored`` has the shape of the record's "methods".

    Only what is stored is compared; an empty ``stored`` agrees with nothing.

    Raises:
        InvalidInput: MGD-P112 a method or a name that no pool has.
    """
    compared = [
        _equal(pool.by(_known(method, METHODS, "stored")).to_record(), name, value, f"stored.{method}", tolerance)
        for method, values in stored.items()
        for name, value in values.items()
    ]
    return bool(compared) and all(compared)


def _equal(record: Mapping[str, object], name: str, value: object, path: str, tolerance: float) -> bool:
    ours = record[_known(name, record, path)]
    if isinstance(ours, list) and isinstance(value, list | tuple):
        pairs = list(zip(ours, value, strict=False))
        return len(ours) == len(value) and all(_close(a, b, tolerance) for a, b in pairs)
    return _close(ours, value, tolerance)


def _close(ours: object, value: object, tolerance: float) -> bool:
    if isinstance(ours, float) and isinstance(value, int | float) and not isinstance(value, bool):
        return abs(ours - value) <= tolerance * max(1.0, abs(ours))
    return ours is None and value is None


def _known(name: str, names: Mapping[str, object], path: str) -> str:
    if name not in names:
        raise refuse("MGD-P112", path, name, "one of " + ", ".join(names))
    return name
