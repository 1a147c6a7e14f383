"""The quick JSON decoder says what the standard library says, or that it is not sure; never anything else."""

from __future__ import annotations

import json
import random
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mgdecide.adapters.fhir import read_fhir, text
from mgdecide.adapters.fhir.quick_json import NOT_SURE, QuickJson, quick_json
from mgdecide.errors import InvalidRecord
from tests.adapters.fhir.charts import bundle, observation

pytest.importorskip("msgspec", reason="the extra fast is not installed")

_standard = json.JSONDecoder(parse_float=Decimal).decode


def _quick() -> QuickJson:
    found = quick_json()
    assert found is not None
    return found


def _agrees(content: str) -> bool:
    """Whether the quick decoder was sure; its value then has to be the standard library's, digit for digit."""
    value = _quick().value(content)
    if value is NOT_SURE:
        return False
    assert repr(value) == repr(_standard(content))
    return True


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        "[]",
        '{"value": 0.750}',
        '{"value":-0.0,"low":1E+2,"high":1e400,"n":-0}',
        "18446744073709551616",
        "9223372036854775808",
        "1" * 60,
        '{"text":"said \\"low\\" and\\nleft","div":"<a b=\\"c\\">"}',
        '{"text":"caf\u00e9 \u2028 \U0001f600"}',
        '{"a" : 1 ,\t"b"\n:\r[ 2 ] }',
        "[" * 100 + "]" * 100,
        '{"a":{"b":1},"b":1}',
    ],
)
def test_it_is_sure_of_what_is_plain(content: str) -> None:
    assert _agrees(content)


@pytest.mark.parametrize(
    "content",
    [
        '{"a":1,"a":1}',
        '{"a":1,"a":{"b":"c"}}',
        '{"a":{"b":"c"},"a":1}',
        '[{"k":{"x":1,"x":2}}]',
        '{"a":"\\"","a":"b"}',
        '{"a":"\\\\","a":"\\\\\\""}',
        '{"\\u0061":1,"a":2}',
        '{"a":"\\u0022\\u0022","a":1}',
    ],
)
def test_a_key_given_twice_is_never_lost(content: str) -> None:
    assert _quick().value(content) is NOT_SURE
    with pytest.raises(InvalidRecord) as told:
        text.bundle_value(content)
    assert told.value.problems[0].code == "MGD-R106"


@pytest.mark.parametrize(
    "content",
    ["NaN", "[Infinity]", "01", "1.", ".5", "+1", "1_0", "", "[1,]", "{1:2}", '"a\x01"', '"a\tb"', "\x0b1", "1 x",
     "\ufeff1",
     "\u00a01", '"\ud800"', '"\\ud800"', "1" * 5000, "[" * 5000 + "]" * 5000, "1e999999999999999999999"],
)  # fmt: skip
def test_what_it_refuses_is_left_to_the_standard_library(content: str) -> None:
    assert not _agrees(content)


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False).map(float)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@given(_VALUES, st.booleans(), st.sampled_from([None, (",", ":"), (" , ", " : ")]))
def test_any_value_is_read_alike(value: object, ascii: bool, separators: tuple[str, str] | None) -> None:
    _agrees(json.dumps(value, ensure_ascii=ascii, separators=separators))


_KEYS = st.sampled_from(["a", "b", '"', "\\", ":", "a\\", '\\"', "\u00e9"])


@given(st.lists(st.tuples(_KEYS, st.text(alphabet='ab"\\:,{}', max_size=5)), min_size=1, max_size=5), st.booleans())
@example([("a", ""), ("a", "")], True)
def test_of_repeated_keys_it_is_never_sure(pairs: list[tuple[str, str]], ascii: bool) -> None:
    content = "{" + ",".join(
        f"{json.dumps(key, ensure_ascii=ascii)}:{json.dumps(value, ensure_ascii=ascii)}" for key, value in pairs
    )
    sure = _agrees(content + "}")
    assert not (sure and len({key for key, _ in pairs}) < len(pairs))


@settings(max_examples=300)
@given(st.integers(0, 2**32), st.integers(1, 4))
def test_bent_texts_are_read_alike_or_left(seed: int, times: int) -> None:
    chance = random.Random(seed)
    content = json.dumps(bundle(observation("19123-9", 1.48, "mg/dL"), observation("2160-0", "0.9", "mg/dL")))
    for _ in range(times):
        at = chance.randrange(len(content))
        content = content[:at] + chance.choice('{}[]",:\\ 0.-eE\n') + content[at + chance.randrange(2) :]
    _agrees(content)


def test_charts_are_read_alike_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    content = json.dumps(bundle(observation("19123-9", 1.480, "mg/dL"), observation("44261-6", 14, "{score}")))
    assert _agrees(content)
    with_it = read_fhir(content)
    monkeypatch.setattr(text, "quick_json", lambda: None)
    without = read_fhir(content)
    assert with_it[0] == without[0]
    assert with_it[1].to_record() == without[1].to_record()
