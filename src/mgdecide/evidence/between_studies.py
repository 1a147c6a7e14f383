"""The between-study variance tau squared: DerSimonian-Laird, Paule-Mandel, REML.

Of the libraries for Python none gives all three with an untruncated Knapp-Hartung interval, hence this small module,
checked against metafor. Where metafor stops its iterations at a tolerance (1e-5 in its defaults), the exact root is
found here: Paule-Mandel may differ from metafor's default run in the fifth digit and agrees with a tightened one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from attrs import frozen


@frozen
class Weighted:
    """The weighted mean for one tau squared, and the sums that the estimators need."""

    mean: float
    total: float  # of the weights
    trace: float  # of metafor's projection matrix P
    q: float  # weighted squares about the mean
    squares: float  # squares of the weighted residuals


def weigh(yi: Sequence[float], vi: Sequence[float], tau2: float) -> Weighted:
    """Inverse-variance weights 1 / (vi + tau2) and what follows from them."""
    weights = [1 / (v + tau2) for v in vi]
    total = math.fsum(weights)
    mean = math.fsum(w * y for w, y in zip(weights, yi, strict=True)) / total
    residuals = [(w, y - mean) for w, y in zip(weights, yi, strict=True)]
    return Weighted(
        mean=mean,
        total=total,
        trace=total - math.fsum(w * w for w in weights) / total,
        q=math.fsum(w * e * e for w, e in residuals),
        squares=math.fsum((w * e) ** 2 for w, e in residuals),
    )


def dersimonian_laird(yi: Sequence[float], vi: Sequence[float]) -> float:
    """The moment estimator, 0 where negative (DerSimonian and Laird 1986)."""
    fixed = weigh(yi, vi, 0.0)
    return max(0.0, (fixed.q - (len(yi) - 1)) / fixed.trace)


def paule_mandel(yi: Sequence[float], vi: Sequence[float]) -> float:
    """The tau squared at which the weighted squares equal their expectation k - 1 (Paule and Mandel 1982)."""
    df = len(yi) - 1

    def excess(tau2: float) -> float:
        return weigh(yi, vi, tau2).q - df

    if excess(0.0) <= 0:
        return 0.0
    return root(excess, 0.0, _beyond(yi, vi))


def restricted_maximum_likelihood(yi: Sequence[float], vi: Sequence[float]) -> float:
    """The tau squared of the highest restricted likelihood, 0 included (Viechtbauer 2005).

    The likelihood may have several peaks, so every peak is found (the score changes sign there) and the best taken.
    """

    def score(tau2: float) -> float:
        at = weigh(yi, vi, tau2)
        return at.squares - at.trace

    top = _beyond(yi, vi)
    edges = [0.0]
    edge = min(vi) / 64
    while edge < top:
        edges.append(edge)
        edge *= math.sqrt(2)  # fine enough: in log tau squared the likelihood bends on a scale of about 1
    edges.append(top)
    scores = [score(edge) for edge in edges]
    peaks = [0.0] + [
        root(score, edges[i], edges[i + 1]) for i in range(len(edges) - 1) if scores[i] > 0 >= scores[i + 1]
    ]
    return max(peaks, key=lambda tau2: _restricted_log_likelihood(yi, vi, tau2))


def _restricted_log_likelihood(yi: Sequence[float], vi: Sequence[float], tau2: float) -> float:
    at = weigh(yi, vi, tau2)
    return -0.5 * (math.fsum(math.log(v + tau2) for v in vi) + math.log(at.total) + at.q)


def _beyond(yi: Sequence[float], vi: Sequence[float]) -> float:
    """A tau squared above every solution of the estimating equations.

    P lies below 1 / tau2 and its trace above (k - 1) / (tau2 + max vi): from twice the plain variance (or the largest
    sampling variance) on, both equations have changed sign for good.
    """
    mean = math.fsum(yi) / len(yi)
    variance = math.fsum((y - mean) ** 2 for y in yi) / (len(yi) - 1)
    return 1.001 * max(2 * variance, max(vi))


def root(f: Callable[[float], float], low: float, high: float) -> float:
    """Where ``f`` falls through 0 between ``low`` (above 0) and ``high``: Ridders' method, to the last digits."""
    at_low, at_high = f(low), f(high)
    best = math.inf
    for _ in range(200):
        middle = (low + high) / 2
        at_middle = f(middle)
        spread = math.sqrt(at_middle**2 - at_low * at_high)
        if spread == 0 or high - low <= 1e-15 * high:
            return middle
        guess = middle + (middle - low) * math.copysign(1.0, at_low - at_high) * at_middle / spread
        if abs(guess - best) <= 1e-15 * abs(guess):
            return guess
        best, at_guess = guess, f(guess)
        if at_guess == 0:
            return guess
        # Keep the narrowest pair of points that still has the root between them.
        points = sorted([(low, at_low), (middle, at_middle), (guess, at_guess), (high, at_high)])
        for (a, f_a), (b, f_b) in pairwise(points):
            if (f_a > 0) != (f_b > 0):
                low, at_low, high, at_high = a, f_a, b, f_b
                break
    return best
