"""The rulebook on a whole cohort, natively on the engine that holds it.

    from mgdecide.cohort import judge, explain, facts_of

    judged = judge(frame)                   # a frame of the same kind: one row of verdicts for each row of facts
    assessments = explain(frame.head(5))    # the complete assessment of chosen rows
    row = facts_of(patient)                 # one input row from one patient

Input columns are the catalogue's facts (``mgdecide schema cohort``); any may be missing, and null is unknown. Output
columns are the key, ``status``, ``gate``, ``urgent``, ``finding.<rule>``, ``fit.<study>`` and ``unusable``. No rule is
written a second time: the questions that ``assess`` asks are compiled to expressions of the frame's own engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from mgdecide.assessment import Assessment
from mgdecide.assessment import facts_of as _facts_of
from mgdecide.cohort.columns import DEFAULT_KEY
from mgdecide.domain.patient import Patient
from mgdecide.errors import InvalidInput, Problem
from mgdecide.knowledge.edition import Knowledge, default_knowledge

if TYPE_CHECKING:
    from narwhals.typing import IntoFrame

__all__ = ["explain", "facts_of", "judge"]

FrameT = TypeVar("FrameT", bound="IntoFrame")


def judge(frame: FrameT, *, key: str = DEFAULT_KEY, knowledge: Knowledge | None = None) -> FrameT:
    """Judge every row of a cohort.

    Args:
        frame: Polars, DuckDB, PySpark, pandas, pyarrow or another frame that narwhals knows, lazy or eager. Columns
            with other names are not used; one whose name is nearly a fact's is warned of (``ColumnNotUsed``).
        key: the column that names each row; it is kept as it is, and may repeat.
        knowledge: another edition or a site's own limits; the one this release ships by default.

    Returns:
        A frame of the same kind, lazy where ``frame`` is, with a row for each row. ``urgent`` and ``finding.*`` are
        true, false or null (unknown); ``fit.*`` is null unless the gate is open. ``unusable`` names, sorted and
        separated by commas, the columns whose cell counts as unknown: out of its plausible range, in a unit or with
        a word that is not accepted, NaN or infinite.

    Raises:
        InvalidInput: before any row is read: not a data frame (MGD-C101), no key column (MGD-C102), a key named like
            a fact or an output (MGD-C103), a column of the wrong type (MGD-C104) or whose words are none of those
            accepted (MGD-C105), columns of mixed type or of one name (MGD-C106), narwhals is missing (MGD-C107).
    """
    _need_narwhals()
    from mgdecide.cohort.judging import judged

    result: FrameT = judged(frame, key, knowledge or default_knowledge())
    return result


def explain(frame: IntoFrame, *, key: str = DEFAULT_KEY, knowledge: Knowledge | None = None) -> tuple[Assessment, ...]:
    """The complete assessment of each row, in the order of the rows; for the few that someone wants to see.

    Gate, status, findings and fits equal those of ``judge``. Raises what ``judge`` raises.
    """
    _need_narwhals()
    from mgdecide.cohort.explanation import explained

    return explained(frame, key, knowledge or default_knowledge())


def facts_of(patient: Patient, *, knowledge: Knowledge | None = None) -> dict[str, object]:
    """One input row for ``judge``: the patient's id as key, and every fact that is known."""
    return {DEFAULT_KEY: patient.id, **_facts_of(patient, knowledge=knowledge)}


def _need_narwhals() -> None:
    from importlib.util import find_spec

    if find_spec("narwhals") is None:
        accepted = 'install the extra: pip install "mgdecide[cohort]"'
        raise InvalidInput(Problem("MGD-C107", "narwhals", "not installed", accepted))
