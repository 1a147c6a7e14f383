"""The rows a pool is made of: one effect and its variance per study, read from CSV or taken from effects."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping

from attrs import frozen

from mgdecide.errors import InvalidInput, Problem
from mgdecide.evidence.effects import Effect

COLUMNS = ("study", "yi", "vi")
# Beyond these a row is a slip of the pen or of units, and the sums below would lose their digits.
LARGEST_EFFECT = 1e6
VARIANCES = (1e-10, 1e10)
MOST_ROWS = 500
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


@frozen
class Row:
    """One study's effect ``yi`` and its sampling variance ``vi`` (the square of its standard error)."""

    study: str
    yi: float
    vi: float

    def to_record(self) -> dict[str, object]:
        return {"study": self.study, "yi": self.yi, "vi": self.vi}


def rows_from_effects(effects: Mapping[str, Effect]) -> tuple[Row, ...]:
    """Rows of effects by study, all of one measure.

    Raises:
        InvalidInput: MGD-P110 effects of more than one measure.
    """
    measures = sorted({effect.measure for effect in effects.values()})
    if len(measures) > 1:
        given = " and ".join(measures)
        raise InvalidInput(Problem("MGD-P110", "rows", given, "effects of one measure can be pooled together"))
    return checked_rows(Row(study, effect.yi, effect.vi) for study, effect in effects.items())


def read_rows_csv(text: str) -> tuple[Row, ...]:
    """Rows of a CSV text with a header naming study, yi and vi (other columns are not read).

    Rows are counted from 0 as in ``rows[0].vi``, the header not counted; blank lines are passed over.

    Raises:
        InvalidInput: MGD-P101 no such table, MGD-P102 not a number, MGD-P103 a variance that is not positive,
            MGD-P104 a study twice, MGD-P105 no rows, MGD-P106 too many rows, MGD-P107 a row without a study name,
            MGD-P108 a row with too few or too many fields; every mistake at once.
    """
    try:
        table = [line for line in csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True) if any(line)]
    except csv.Error as error:
        raise InvalidInput(Problem("MGD-P101", "file", str(error), "comma-separated text")) from None
    if not table:
        raise InvalidInput(Problem("MGD-P105", "file", "an empty file", "a header study,yi,vi and rows"))
    header = [name.strip().lower() for name in table[0]]
    if any(header.count(column) != 1 for column in COLUMNS):
        given = "the header " + ",".join(table[0])
        raise InvalidInput(Problem("MGD-P101", "file", given[:200], "the columns study, yi and vi, each once"))
    problems: list[Problem] = []
    rows = [(index, _row(index, line, header, problems)) for index, line in enumerate(table[1:])]
    return _checked([(index, row) for index, row in rows if row is not None], problems)


def checked_rows(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The same rows in the same order, when all can be pooled; the codes are those of ``read_rows_csv``."""
    listed = list(enumerate(rows))
    return _checked(listed, [found for index, row in listed for found in _range_problems(index, row.yi, row.vi)])


def digest_rows(rows: Iterable[Row]) -> str:
    """A digest of the rows that does not depend on their order, to be stored beside a pooled result."""
    listed = sorted([row.study, repr(row.yi), repr(row.vi)] for row in rows)
    return "sha256:" + hashlib.sha256(json.dumps(listed, ensure_ascii=True).encode()).hexdigest()


def _row(index: int, line: list[str], header: list[str], problems: list[Problem]) -> Row | None:
    """One line as a row; what is wrong with it is added to ``problems``."""
    if len(line) != len(header):
        accepted = f"{len(header)} fields as in the header (a decimal comma splits a number in two)"
        problems.append(Problem("MGD-P108", f"rows[{index}]", f"{len(line)} fields", accepted))
        return None
    cells = dict(zip(header, (cell.strip() for cell in line), strict=True))
    numbers: dict[str, float] = {}
    for column in ("yi", "vi"):
        if _NUMBER.fullmatch(cells[column]):
            numbers[column] = float(cells[column])
        else:
            given = repr(cells[column][:60]) if cells[column] else "nothing"
            problems.append(Problem("MGD-P102", f"rows[{index}].{column}", given, "a plain number such as -0.61"))
    if len(numbers) < 2:
        return None
    problems.extend(_range_problems(index, numbers["yi"], numbers["vi"]))
    return Row(cells["study"], numbers["yi"], numbers["vi"])


def _range_problems(index: int, yi: float, vi: float) -> list[Problem]:
    problems: list[Problem] = []
    if not abs(yi) <= LARGEST_EFFECT:
        accepted = f"a number from -{LARGEST_EFFECT:g} to {LARGEST_EFFECT:g}"
        problems.append(Problem("MGD-P102", f"rows[{index}].yi", str(yi), accepted))
    if not VARIANCES[0] <= vi <= VARIANCES[1]:
        accepted = f"a sampling variance above 0 ({VARIANCES[0]:g} to {VARIANCES[1]:g})"
        problems.append(Problem("MGD-P103", f"rows[{index}].vi", str(vi), accepted))
    return problems


def _checked(rows: list[tuple[int, Row]], problems: list[Problem]) -> tuple[Row, ...]:
    """The rows, when there are some, not too many, and each names a study of its own."""
    seen: dict[str, int] = {}
    for index, row in rows:
        if not row.study.strip():
            problems.append(Problem("MGD-P107", f"rows[{index}].study", "nothing", "a study name"))
        elif row.study in seen:
            accepted = f"each study once (it stands at rows[{seen[row.study]}] already)"
            problems.append(Problem("MGD-P104", f"rows[{index}].study", repr(row.study), accepted))
        else:
            seen[row.study] = index
    if not rows and not problems:
        problems.append(Problem("MGD-P105", "rows", "no rows", "at least one row"))
    if len(rows) > MOST_ROWS:
        problems.append(Problem("MGD-P106", "rows", f"{len(rows)} rows", f"at most {MOST_ROWS} rows"))
    if problems:
        raise InvalidInput(problems)
    return tuple(row for _, row in rows)
