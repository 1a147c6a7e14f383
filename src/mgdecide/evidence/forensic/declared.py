"""A check written down as data (a table of a study file), so that figures outside the usual rows can be checked too.

{"check": "elemental-against-salt", "what": "daily dose", "salt_mg": "2500", "elemental_mg": "450",
 "fractions": {"hexahydrate": 0.1196, "dihydrate": 0.185, "anhydrous": 0.2553}, "source": "barragan-2008"}
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping

from mgdecide.evidence.forensic.check import Check
from mgdecide.evidence.forensic.counts import analysed_within, arms_add_up, flow_adds_up, registered_n
from mgdecide.evidence.forensic.dose import elemental_against_salt
from mgdecide.evidence.forensic.intervals import interval_against_estimate, p_against_interval
from mgdecide.evidence.forensic.means import change_against_means, grim, percentage
from mgdecide.evidence.forensic.p_values import PrintedArm, p_against_change, p_against_figures
from mgdecide.evidence.forensic.spreads import bounded_sd, correlation_of_change, sd_or_standard_error
from mgdecide.evidence.inputs import refuse

CHECKS: Mapping[str, Callable[..., Check]] = {
    "grim": grim,
    "percentage": percentage,
    "change-against-means": change_against_means,
    "bounded-sd": bounded_sd,
    "correlation-of-change": correlation_of_change,
    "sd-or-standard-error": sd_or_standard_error,
    "p-against-figures": p_against_figures,
    "p-against-change": p_against_change,
    "interval-against-estimate": interval_against_estimate,
    "p-against-interval": p_against_interval,
    "arms-add-up": arms_add_up,
    "analysed-within": analysed_within,
    "flow-adds-up": flow_adds_up,
    "registered-n": registered_n,
    "elemental-against-salt": elemental_against_salt,
}


def run_declared(study: str, record: Mapping[str, object]) -> Check:
    """Run the check that ``record["check"]`` names with the other keys as its arguments.

    Arms ("first", "second") are tables of mean, sd (text) and n.

    Raises:
        InvalidInput: MGD-P130 no such check, MGD-P131 an argument missing or not known, or of the wrong kind, and the
            codes of the checks themselves.
    """
    name = record.get("check")
    if not isinstance(name, str) or name not in CHECKS:
        raise refuse("MGD-P130", "check", name, "one of " + ", ".join(CHECKS))
    function = CHECKS[name]
    given = {key: _argument(key, value) for key, value in record.items() if key != "check"}
    known = [each for each in inspect.signature(function).parameters.values() if each.name != "study"]
    unknown = sorted(given.keys() - {each.name for each in known})
    missing = [each.name for each in known if each.default is inspect.Parameter.empty and each.name not in given]
    if unknown or missing:
        told = [f"{key} (unknown)" for key in unknown] + [f"{key} (missing)" for key in missing]
        accepted = "the arguments " + ", ".join(each.name for each in known)
        raise refuse("MGD-P131", name, ", ".join(told), accepted)
    try:
        return function(study=study, **given)
    except (TypeError, ValueError) as error:
        raise refuse("MGD-P131", name, str(error), "arguments of the kinds in the check's signature") from None


def _argument(key: str, value: object) -> object:
    if key not in ("first", "second"):
        return value
    match value:
        case {"mean": str() as mean, "sd": str() as sd, "n": int() as n}:
            return PrintedArm(mean, sd, n)
        case _:
            raise refuse("MGD-P131", key, value, 'a table such as { mean = "11.4", sd = "3.8", n = 12 } is accepted')
