"""Quantiles and tails of the normal, t and chi-squared distributions, from scipy (extra ``evidence``)."""

from __future__ import annotations

import math
from statistics import NormalDist

from mgdecide.evidence.inputs import refuse

_STANDARD_NORMAL = NormalDist()


def normal_quantile(probability: float) -> float:
    """The standard normal value below which ``probability`` lies."""
    return _STANDARD_NORMAL.inv_cdf(probability)


def normal_two_sided(z: float) -> float:
    """The chance of a standard normal at least as far from 0 as ``z``."""
    return math.erfc(abs(z) / math.sqrt(2))


def t_quantile(probability: float, df: float) -> float:
    """The t value (``df`` degrees of freedom, above 0) below which ``probability`` lies."""
    _need_scipy()
    from scipy.special import stdtrit

    return float(stdtrit(df, probability))


def t_two_sided(t: float, df: float) -> float:
    """The chance of a t (``df`` degrees of freedom) at least as far from 0 as ``t``."""
    _need_scipy()
    from scipy.special import stdtr

    return float(2 * stdtr(df, -abs(t)))


def chi_squared_above(value: float, df: int) -> float:
    """The chance of a chi-squared (``df`` degrees of freedom) of at least ``value``."""
    _need_scipy()
    from scipy.special import chdtrc

    return float(chdtrc(df, value))


def _need_scipy() -> None:
    """A clear error where the extra is not installed.

    Raises:
        InvalidInput: MGD-P190.
    """
    from importlib.util import find_spec

    if find_spec("scipy") is None:
        raise refuse("MGD-P190", "scipy", "not installed", 'install the extra: pip install "mgdecide[evidence]"')
