"""JSON text as it should not be: every trap is told with its own code, and nothing but InvalidRecord leaves."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mgdecide import InvalidRecord, read_patient
from mgdecide.adapters.record.json_text import DEEPEST, LARGEST, read_json


def code_of(text: str | bytes) -> str:
    with pytest.raises(InvalidRecord) as raised:
        read_patient(text)
    return raised.value.code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "MGD-R101"),
        (" \n\t ", "MGD-R101"),
        (b"", "MGD-R101"),
        ("{", "MGD-R102"),
        ('{"age_years": 54', "MGD-R102"),
        ('{"age_years": 54,}', "MGD-R102"),
        ("{'age_years': 54}", "MGD-R102"),
        ('{"age_years": 054}', "MGD-R102"),
        ('{"age_years": 54} {}', "MGD-R102"),
        ("// a comment\n{}", "MGD-R102"),
        ("age_years: 54", "MGD-R102"),
        ("\x00", "MGD-R102"),
        ("<Bundle/>", "MGD-R102"),
        (b"\xff\xfe{\x00}\x00", "MGD-R103"),
        (b"\xef\xbb\xbf{}", "MGD-R103"),
        ("\ufeff{}", "MGD-R103"),
        (b'{"id": "\xe4"}', "MGD-R103"),
        ("x" * (LARGEST + 1), "MGD-R104"),
        ('{"labs": [' + "1," * 200_000 + "1]}", "MGD-R104"),
        ("[" * 100_000, "MGD-R105"),
        ("[" * 100_000 + "]" * 100_000, "MGD-R105"),
        ('{"a":' * (DEEPEST + 1) + "1" + "}" * (DEEPEST + 1), "MGD-R105"),
        ('{"age_years": 54, "age_years": 45}', "MGD-R106"),
        ('{"a":' * 900 + '{"b":1,"b":2}' + "}" * 900, "MGD-R105"),
        ("[]", "MGD-R107"),
        ("null", "MGD-R107"),
        ("54", "MGD-R107"),
        ('"PHQ-9: 12"', "MGD-R107"),
        ('{"id": "\\ud800"}', "MGD-R113"),
        ('{"\\ud800": 1}', "MGD-R110"),
        ('{"age_years": NaN}', "MGD-R120"),
        ('{"age_years": Infinity}', "MGD-R120"),
        ('{"age_years": 1e400}', "MGD-R120"),
        ('{"age_years": 1e999999999999999999}', "MGD-R120"),
        ('{"age_years": ' + "9" * 5000 + "}", "MGD-R120"),
    ],
)
def test_every_trap_has_its_code(text: str | bytes, code: str) -> None:
    assert code_of(text) == code


def test_where_reading_stopped_is_told() -> None:
    with pytest.raises(InvalidRecord) as raised:
        read_json('{"a": 1,\n "b" 2}')
    assert "line 2, column 6" in raised.value.problems[0].given


def test_every_repeated_key_is_told_with_its_path() -> None:
    with pytest.raises(InvalidRecord) as raised:
        read_json('{"a": 1, "a": 2, "labs": [{}, {"on": 1, "on": 2, "x": {"y": 1, "y": 1}}]}')
    assert [problem.path for problem in raised.value.problems] == ["a", "labs[1].on", "labs[1].x.y"]


def test_the_deepest_that_is_read() -> None:
    read_json("[" * DEEPEST + "]" * DEEPEST)
    assert code_of("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1)) == "MGD-R105"


def test_fractions_keep_their_digits() -> None:
    assert str(read_json("1.480")) == "1.480"
    assert read_json("[1, 2.50]") == [1, Decimal("2.50")]


def test_a_record_that_holds_itself_is_told_and_not_followed() -> None:
    record: dict[str, object] = {}
    record["labs"] = [record]
    record["me"] = record
    with pytest.raises(InvalidRecord):
        read_patient(record)
