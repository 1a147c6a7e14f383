"""Reading a whole dose from the words it is printed in: basis, salt and period."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mgdecide.domain.amounts import Period, read_amount
from mgdecide.domain.doses import (
    AnyDose,
    CourseElementalDose,
    CourseSaltDose,
    CourseUnstatedDose,
    DailyElementalDose,
    DailySaltDose,
    DailyUnstatedDose,
    ElementalDose,
    SaltDose,
    UnstatedDose,
)
from mgdecide.domain.exact import shown
from mgdecide.errors import AmountInvalid, Problem

_WORDS = re.compile(
    r"(?P<amount>[0-9.,]+ ?[^\W\d]+) "
    r"(?:elemental magnesium(?: \(as (?P<source>[^()]+)\))?"
    r"|(?P<salt>[^()]+?)(?: \((?P<basis>salt|salt or elemental: not stated)\))?)"
    r"(?P<per> per dose| per day| per course)?\Z"
)
_LONGEST = 300

_ELEMENTAL: Mapping[Period, type[ElementalDose | DailyElementalDose | CourseElementalDose]] = {
    Period.DOSE: ElementalDose,
    Period.DAY: DailyElementalDose,
    Period.COURSE: CourseElementalDose,
}
_SALT: Mapping[Period, type[SaltDose | DailySaltDose | CourseSaltDose]] = {
    Period.DOSE: SaltDose,
    Period.DAY: DailySaltDose,
    Period.COURSE: CourseSaltDose,
}
_UNSTATED: Mapping[Period, type[UnstatedDose | DailyUnstatedDose | CourseUnstatedDose]] = {
    Period.DOSE: UnstatedDose,
    Period.DAY: DailyUnstatedDose,
    Period.COURSE: CourseUnstatedDose,
}


def read_dose_text(text: str) -> AnyDose:
    """The dose that a printed text tells, so that printing and reading come back to the same dose.

    Raises AmountInvalid (MGD-U109) when the text is no dose, and the errors of amount and salt.

    >>> read_dose_text("500 mg magnesium oxide (salt) per day")
    DailySaltDose("500 mg", "magnesium oxide")
    >>> read_dose_text("500 mg magnesium oxide")
    UnstatedDose("500 mg", "magnesium oxide")
    """
    found = _WORDS.match(" ".join(text.split())) if len(text) <= _LONGEST else None
    if found is None:
        accepted = 'write it as printed, such as "500 mg magnesium oxide (salt)" or "302 mg elemental magnesium"'
        raise AmountInvalid(Problem("MGD-U109", "dose", shown(text), accepted))
    amount, period = read_amount(found["amount"]), Period((found["per"] or " per dose").strip())
    if found["salt"] is None:
        return _ELEMENTAL[period](amount, found["source"])
    if found["basis"] == "salt":
        return _SALT[period](amount, found["salt"])
    return _UNSTATED[period](amount, found["salt"])
