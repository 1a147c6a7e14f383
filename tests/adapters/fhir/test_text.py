"""JSON text: every trap of the format is refused with a code, and digits survive."""

from __future__ import annotations

import json

import pytest

from mgdecide.adapters.fhir import read_fhir
from mgdecide.adapters.fhir.text import DEEPEST, bundle_value
from mgdecide.errors import InvalidRecord
from tests.adapters.fhir.charts import DAY, bundle, labs, magnesium

GOOD = json.dumps(bundle(magnesium(), magnesium(1.2, id="b", note=[{"text": 'a "quoted" [bracket] {brace} \\'}])))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "MGD-R101"),
        ("   ", "MGD-R101"),
        ("{", "MGD-R102"),
        (GOOD + "}", "MGD-R102"),
        (GOOD.replace('"entry"', "entry"), "MGD-R102"),
        (GOOD.encode("utf-16"), "MGD-R103"),
        (b"\xef\xbb\xbf" + GOOD.encode(), "MGD-R103"),
        ("\ufeff" + GOOD, "MGD-R103"),
        (GOOD.encode().replace(b"final", b"fin\xff\xfel"), "MGD-R103"),
        (GOOD.replace('"status": "final"', '"status": "final", "status": "entered-in-error"', 1), "MGD-R106"),
        (GOOD.replace('"value": 1.9', '"value": 1.9, "value": 2.9', 1), "MGD-R106"),
        ('{"resourceType": "Bundle", "entry": ' + "[" * 80 + "]" * 80 + "}", "MGD-R105"),
        ("[" * 100_000, "MGD-R105"),
        ('{"a":' * 3000 + "1" + "}" * 3000, "MGD-R105"),
    ],
)
def test_refused(text: str | bytes, code: str) -> None:
    with pytest.raises(InvalidRecord) as caught:
        read_fhir(text, on=DAY)
    assert caught.value.code == code


def test_brackets_in_texts_are_not_depth() -> None:
    note = [{"text": "[" * 500}]
    assert labs(read_fhir(json.dumps(bundle(magnesium(note=note))), on=DAY)[0])


def test_the_deepest_allowed() -> None:
    text = "[" * DEEPEST + "]" * DEEPEST
    assert bundle_value(text)
    with pytest.raises(InvalidRecord, match="MGD-R105"):
        bundle_value(f"[{text}]")


@pytest.mark.parametrize(
    "number", ["1e999999999999", "1" * 5000, "1." + "3" * 5000, "-0", "1e5", "0e0", "NaN", "Infinity"]
)
def test_monstrous_numbers_are_a_line_of_the_report(number: str) -> None:
    text = json.dumps(bundle(magnesium("@"))).replace('"@"', number)
    patient, report = read_fhir(text, on=DAY)
    assert not patient.labs
    assert report.not_used


def test_bytes_text_and_mapping_read_alike() -> None:
    assert read_fhir(GOOD, on=DAY)[0] == read_fhir(GOOD.encode(), on=DAY)[0] == read_fhir(json.loads(GOOD), on=DAY)[0]


def test_the_mapping_is_left_as_it_was() -> None:
    given = json.loads(GOOD)
    read_fhir(given, on=DAY)
    assert given == json.loads(GOOD)


def test_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mgdecide.adapters.fhir.text.LARGEST", 100)
    monkeypatch.setattr("mgdecide.adapters.fhir.bundle.MOST_RESOURCES", 2)
    with pytest.raises(InvalidRecord, match="MGD-F135"):
        read_fhir(GOOD, on=DAY)
    with pytest.raises(InvalidRecord, match="MGD-F135"):
        read_fhir(json.loads(GOOD), on=DAY)
