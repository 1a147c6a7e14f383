"""Random-effects pooling of one body of evidence: three estimators, three intervals, leave-one-out.

Conventions are metafor's: I squared is tau2 / (tau2 + typical variance) in percent for every method; Knapp-Hartung is
not truncated (its interval may be narrower than the Wald one). The prediction interval is that of Higgins, Thompson
and Spiegelhalter 2009 (t with k - 2 degrees of freedom about the Wald standard error).

    k = 1: the study's own estimate and Wald interval; tau2, I2, Knapp-Hartung and prediction are None.
    k = 2: everything but the prediction interval, which needs three studies.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from attrs import frozen

from mgdecide.evidence.between_studies import (
    dersimonian_laird,
    paule_mandel,
    restricted_maximum_likelihood,
    weigh,
)
from mgdecide.evidence.distributions import chi_squared_above, normal_quantile, t_quantile
from mgdecide.evidence.inputs import probability
from mgdecide.evidence.rows import Row, checked_rows

Interval = tuple[float, float]
METHODS: dict[str, Callable[[Sequence[float], Sequence[float]], float]] = {
    "REML": restricted_maximum_likelihood,
    "PM": paule_mandel,
    "DL": dersimonian_laird,
}


@frozen
class Pooled:
    """The pooled effect by one method; ``tau2`` on the squared scale of yi, ``i2`` in percent, None: not defined."""

    method: str
    estimate: float
    se: float
    tau2: float | None
    i2: float | None
    ci: Interval
    ci_knapp_hartung: Interval | None
    prediction: Interval | None

    def to_record(self) -> dict[str, object]:
        return {
            "estimate": self.estimate,
            "se": self.se,
            "tau2": self.tau2,
            "i2": self.i2,
            "ci": list(self.ci),
            "ci_knapp_hartung": _listed(self.ci_knapp_hartung),
            "prediction": _listed(self.prediction),
        }


@frozen
class WithoutOne:
    """The pool with one study left out, to see how much hangs on it."""

    left_out: str
    methods: tuple[Pooled, ...]

    def to_record(self) -> dict[str, object]:
        return {"left_out": self.left_out, "methods": {each.method: each.to_record() for each in self.methods}}


@frozen
class Pool:
    """Every method's result for the same rows. ``q`` (Cochran) with ``df`` and ``q_p``; None for a single study."""

    rows: tuple[Row, ...]
    methods: tuple[Pooled, ...]
    leave_one_out: tuple[WithoutOne, ...]
    q: float | None
    df: int
    q_p: float | None
    level: float
    warnings: tuple[str, ...]

    def by(self, method: str) -> Pooled:
        """The result by "REML", "PM" or "DL" (KeyError for another name)."""
        return {each.method: each for each in self.methods}[method]

    def to_record(
        self,
        *,
        body: str | None = None,
        measure: str | None = None,
        stored: object = None,
        agrees: bool | None = None,
    ) -> dict[str, object]:
        """The JSON shape of ``mgdecide pool``; without a body there is nothing stored to agree with."""
        return {
            "body": body,
            "measure": measure,
            "rows": [row.to_record() for row in self.rows],
            "methods": {each.method: each.to_record() for each in self.methods},
            "leave_one_out": [each.to_record() for each in self.leave_one_out],
            "heterogeneity": {"q": self.q, "df": self.df, "p": self.q_p},
            "warnings": list(self.warnings),
            "stored": stored,
            "agrees": agrees,
        }


def pool_rows(rows: Iterable[Row], *, level: float = 0.95) -> Pool:
    """Pool all rows by all methods; intervals at ``level``.

    Raises:
        InvalidInput: rows that cannot be pooled (codes of ``read_rows_csv``), a level outside 0 to 1 (MGD-P122), or
            scipy not installed (MGD-P190).
    """
    used = checked_rows(rows)
    probability(level, "level")
    df = len(used) - 1
    q = weigh([row.yi for row in used], [row.vi for row in used], 0.0).q if df else None
    methods = tuple(_pool(method, used, level) for method in METHODS)
    return Pool(
        rows=used,
        methods=methods,
        leave_one_out=_leave_one_out(used, level),
        q=q,
        df=df,
        q_p=None if q is None else chi_squared_above(q, df),
        level=level,
        warnings=_warnings(len(used), methods),
    )


def _pool(method: str, rows: tuple[Row, ...], level: float) -> Pooled:
    yi, vi = [row.yi for row in rows], [row.vi for row in rows]
    k, tail = len(rows), 0.5 + level / 2
    tau2 = METHODS[method](yi, vi) if k > 1 else None
    at = weigh(yi, vi, tau2 or 0.0)
    se = math.sqrt(1 / at.total)
    return Pooled(
        method=method,
        estimate=at.mean,
        se=se,
        tau2=tau2,
        i2=None if tau2 is None else _i2(tau2, vi),
        ci=_about(at.mean, normal_quantile(tail) * se),
        # Knapp and Hartung 2003: the variance is estimated from the weighted residuals themselves.
        ci_knapp_hartung=_about(at.mean, t_quantile(tail, k - 1) * math.sqrt(at.q / ((k - 1) * at.total)))
        if k > 1
        else None,
        prediction=_about(at.mean, t_quantile(tail, k - 2) * math.sqrt(tau2 + se**2))
        if tau2 is not None and k > 2
        else None,
    )


def _i2(tau2: float, vi: Sequence[float]) -> float:
    """Percent of the total variance that lies between studies, with Higgins and Thompson's typical variance."""
    typical = (len(vi) - 1) / weigh([0.0] * len(vi), vi, 0.0).trace
    return 100 * tau2 / (tau2 + typical)


def _leave_one_out(rows: tuple[Row, ...], level: float) -> tuple[WithoutOne, ...]:
    if len(rows) < 2:
        return ()
    return tuple(
        WithoutOne(row.study, tuple(_pool(method, rows[:i] + rows[i + 1 :], level) for method in METHODS))
        for i, row in enumerate(rows)
    )


def _warnings(k: int, methods: tuple[Pooled, ...]) -> tuple[str, ...]:
    """What a reader must know before reading the numbers (Cochrane Handbook 10.10 and 13.3.5.4)."""
    found: list[str] = []
    if k == 1:
        found.append("One study: this is its own estimate, not a pool, and nothing can be said about others.")
    elif k < 5:
        found.append(f"{k} studies: the spread between studies (tau2, I2) can hardly be estimated from so few.")
    if 1 < k < 10:
        found.append(f"{k} studies: tests of asymmetry or of subgroups tell nothing with fewer than ten.")
    narrower = [
        each.method
        for each in methods
        if each.ci_knapp_hartung and each.ci_knapp_hartung[1] - each.ci_knapp_hartung[0] < each.ci[1] - each.ci[0]
    ]
    if narrower:
        found.append(
            f"The Knapp-Hartung interval is narrower than the Wald interval ({', '.join(narrower)}): it is not "
            "truncated here, and with few studies it may be too narrow by chance."
        )
    return tuple(found)


def _about(centre: float, reach: float) -> Interval:
    return centre - reach, centre + reach


def _listed(interval: Interval | None) -> list[float] | None:
    return None if interval is None else list(interval)
