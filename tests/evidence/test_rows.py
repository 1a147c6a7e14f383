"""Rows from CSV: what is read, and every mistake with its path."""

from __future__ import annotations

import pytest

from mgdecide.errors import InvalidInput
from mgdecide.evidence.effects import Arm, hedges_g, mean_difference
from mgdecide.evidence.rows import Row, checked_rows, digest_rows, read_rows_csv, rows_from_effects

GOOD = "study,yi,vi\nrajizadeh-2017,-0.61,0.079\nmahboobi-2022,-0.27,.0776\n"
ROWS = (Row("rajizadeh-2017", -0.61, 0.079), Row("mahboobi-2022", -0.27, 0.0776))


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.rstrip("\n"),
        "Study, YI ,vi\n\nrajizadeh-2017, -0.61 ,7.9e-2\n\n mahboobi-2022,-0.27,0.0776\n",
        "vi,n,study,yi\n0.079,53,rajizadeh-2017,-0.61\n0.0776,52,mahboobi-2022,-0.27\n",
        'study,yi,vi\n"rajizadeh-2017","-0.61","0.079"\nmahboobi-2022,-0.27,0.0776\n',
    ],
    ids=["plain", "byte-order mark", "CRLF", "no last newline", "spaces", "other columns", "quotes"],
)
def test_tables_that_are_read(text: str) -> None:
    assert read_rows_csv(text) == ROWS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("MGD-P105", "file")]),
        ("\n\n", [("MGD-P105", "file")]),
        ("study,yi,vi\n", [("MGD-P105", "rows")]),
        ("study,yi\na,1\n", [("MGD-P101", "file")]),
        ("study,yi,yi,vi\na,1,1,1\n", [("MGD-P101", "file")]),
        ("-0.61,0.079\n", [("MGD-P101", "file")]),
        ('study,yi,vi\n"a,1,1\n', [("MGD-P101", "file")]),
        ("study,yi,vi\na,x,0.1\n", [("MGD-P102", "rows[0].yi")]),
        ("study,yi,vi\na,,0.1\n", [("MGD-P102", "rows[0].yi")]),
        ("study,yi,vi\na,nan,0.1\nb,1,inf\n", [("MGD-P102", "rows[0].yi"), ("MGD-P102", "rows[1].vi")]),
        ("study,yi,vi\na,1_0,0.1\n", [("MGD-P102", "rows[0].yi")]),
        ("study,yi,vi\na,٣,0.1\n", [("MGD-P102", "rows[0].yi")]),
        ("study,yi,vi\na,1e99,0.1\n", [("MGD-P102", "rows[0].yi")]),
        ("study,yi,vi\na,1,-0.1\n", [("MGD-P103", "rows[0].vi")]),
        ("study,yi,vi\na,1,0\n", [("MGD-P103", "rows[0].vi")]),
        ("study,yi,vi\na,1,1e-300\n", [("MGD-P103", "rows[0].vi")]),
        ("study,yi,vi\na,-0,61,0.1\n", [("MGD-P108", "rows[0]")]),
        ("study,yi,vi\na;1;0.1\n", [("MGD-P108", "rows[0]")]),
        ("study,yi,vi\na,1,0.1\n,1,0.1\n", [("MGD-P107", "rows[1].study")]),
        ("study,yi,vi\na,1,0.1\nb,1,0.1\na,2,0.1\n", [("MGD-P104", "rows[2].study")]),
        (
            "study,yi,vi\na,x,0.1\nb,1,0.1\nb,1,-1\n",
            [("MGD-P102", "rows[0].yi"), ("MGD-P103", "rows[2].vi"), ("MGD-P104", "rows[2].study")],
        ),
    ],
)
def test_every_mistake_at_once_each_with_its_path(text: str, expected: list[tuple[str, str]]) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_rows_csv(text)
    assert [(problem.code, problem.path) for problem in caught.value.problems] == expected


@pytest.mark.parametrize(
    ("column", "last", "beyond"),
    [
        ("yi", "1000000", "1000000.01"),
        ("yi", "-1e6", "-1000001"),
        ("vi", "1e-10", "9.9e-11"),
        ("vi", "1e10", "1.01e10"),
    ],
)
def test_the_ends_of_what_is_read(column: str, last: str, beyond: str) -> None:
    def table(value: str) -> str:
        return f"study,yi,vi\na,{value},0.1\n" if column == "yi" else f"study,yi,vi\na,0.1,{value}\n"

    (row,) = read_rows_csv(table(last))
    assert {"yi": row.yi, "vi": row.vi}[column] == float(last)
    with pytest.raises(InvalidInput) as caught:
        read_rows_csv(table(beyond))
    assert caught.value.problems[0].path == f"rows[0].{column}"


def test_the_message_tells_what_was_given_and_what_is_accepted() -> None:
    with pytest.raises(InvalidInput) as caught:
        read_rows_csv("study,yi,vi\na,1,0.1\nb,1,0.1\nc,1,0.1\nd,1,-0.2\n")
    assert str(caught.value) == (
        "[MGD-P103] at rows[3].vi: got -0.2. Expected a sampling variance above 0 (1e-10 to 1e+10)"
    )


def test_too_many_rows() -> None:
    checked_rows(Row(f"study {i}", 0.0, 1.0) for i in range(500))
    with pytest.raises(InvalidInput, match="at most 500 rows"):
        checked_rows(Row(f"study {i}", 0.0, 1.0) for i in range(501))


def test_effects_of_one_measure_only() -> None:
    arms = Arm(11.4, 3.8, 12), Arm(10.9, 4.3, 11)
    g, md = hedges_g(*arms), mean_difference(*arms)
    assert rows_from_effects({"barragan-2008": g}) == (Row("barragan-2008", g.yi, g.vi),)
    with pytest.raises(InvalidInput, match="MGD-P110"):
        rows_from_effects({"barragan-2008": g, "other": md})


def test_the_digest_is_that_of_plain_ascii_json() -> None:
    """``printf '%s' '[["M\\u00fcller", "-0.5", "0.1"]]' | sha256sum``"""
    found = digest_rows([Row("M\u00fcller", -0.5, 0.1)])
    assert found == "sha256:30122f62c54041b7174fba047daeafe44bd3904d055623d97b8318726ab025e8"


def test_the_digest_knows_every_number_but_not_the_order() -> None:
    assert digest_rows(ROWS) == digest_rows(reversed(ROWS))
    assert digest_rows(ROWS) != digest_rows((ROWS[0], Row("mahboobi-2022", -0.27, 0.0777)))
    assert digest_rows(ROWS) != digest_rows((ROWS[0], Row("mahboobi", -0.27, 0.0776)))
    assert digest_rows(ROWS).startswith("sha256:")
    assert len(digest_rows(ROWS)) == 71
