"""Can the printed numbers be true together? Our own arithmetic over what a report prints.

Each check takes figures as printed (text, so that the digits are kept) and returns a ``Check``: "consistent",
"cannot be" or "cannot tell", with a neutral sentence. Printed figures are taken to be rounded or cut off; a check says
"cannot be" only where no number that prints so would do. A check finds slips of any kind and tells nothing of causes.

    means      GRIM, percentages          spreads   Bhatia-Davis, change SD, SD or standard error
    p_values   p against figures          intervals interval against estimate and p
    counts     arms, flow, registration   dose      elemental dose against salt mass
    outcomes   all that one outcome's rows allow     declared  a check written down as data
"""

from mgdecide.evidence.forensic.check import Check, Verdict, flagged
from mgdecide.evidence.forensic.counts import analysed_within, arms_add_up, flow_adds_up, registered_n
from mgdecide.evidence.forensic.declared import CHECKS, run_declared
from mgdecide.evidence.forensic.dose import elemental_against_salt
from mgdecide.evidence.forensic.intervals import interval_against_estimate, p_against_interval
from mgdecide.evidence.forensic.means import change_against_means, grim, percentage
from mgdecide.evidence.forensic.outcomes import ArmFigures, Contrast, Outcome, check_outcome
from mgdecide.evidence.forensic.p_values import PrintedArm, p_against_change, p_against_figures
from mgdecide.evidence.forensic.spreads import bounded_sd, correlation_of_change, sd_or_standard_error

__all__ = [
    "CHECKS",
    "ArmFigures",
    "Check",
    "Contrast",
    "Outcome",
    "PrintedArm",
    "Verdict",
    "analysed_within",
    "arms_add_up",
    "bounded_sd",
    "change_against_means",
    "check_outcome",
    "correlation_of_change",
    "elemental_against_salt",
    "flagged",
    "flow_adds_up",
    "grim",
    "interval_against_estimate",
    "p_against_change",
    "p_against_figures",
    "p_against_interval",
    "percentage",
    "registered_n",
    "run_declared",
    "sd_or_standard_error",
]
