"""Whatever is brought to a public function, it answers or tells a mistake; and these laws can be broken."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from random import Random
from time import perf_counter

import pytest

from mgdecide.errors import InvalidInput, Problem
from mgdecide.testing import door_laws, hostile
from mgdecide.testing.door_laws import DOOR_LAWS, Law, answered_or_told
from mgdecide.testing.door_proofs import BUNDLE, OVERLAY, records


@pytest.mark.parametrize("law", DOOR_LAWS, ids=lambda law: law.id)
def test_the_law_holds(law: Law) -> None:
    law.prove(examples=150)


@pytest.mark.slow
@pytest.mark.parametrize("law", DOOR_LAWS, ids=lambda law: law.id)
def test_the_law_holds_at_length(law: Law) -> None:
    law.prove(examples=10_000)


def test_every_law_has_its_own_number_and_a_sentence() -> None:
    assert [law.id for law in DOOR_LAWS] == [f"DOOR-{number:02}" for number in range(1, len(DOOR_LAWS) + 1)]
    assert all(law.sentence.endswith("refused with a code.") for law in DOOR_LAWS)


class TestLawsCanFail:
    """A law that nothing can break proves nothing."""

    @pytest.mark.parametrize("error", [ValueError("x"), RecursionError(), KeyError("k"), MemoryError()])
    def test_another_exception(self, error: Exception) -> None:
        with pytest.raises(AssertionError, match="left a public function"), answered_or_told():
            raise error

    def test_a_code_that_no_catalogue_knows(self) -> None:
        with pytest.raises(AssertionError, match="in no catalogue"), answered_or_told():
            raise InvalidInput(Problem("MGD-X999", "", "a", "b"))

    def test_a_message_as_long_as_what_was_given(self) -> None:
        with pytest.raises(AssertionError, match="tells"), answered_or_told():
            raise InvalidInput(Problem("MGD-R102", "", "a" * 5_000, "b"))

    def test_the_whole_examples_are_accepted(self) -> None:
        """Damage done to something that was refused anyway would find nothing."""
        from mgdecide.adapters.fhir import read_fhir
        from mgdecide.adapters.record.records import read_patient
        from mgdecide.knowledge.overlay import read_overlay

        for record in records():
            read_patient(record)
        patient, report = read_fhir(BUNDLE, on=door_laws._DAY)
        assert patient.labs
        assert patient.medications
        assert report.resources == 6
        assert read_overlay(OVERLAY).name == "North Hospital"


# --- inputs made to exhaust: answered with a code, in bounded time and memory --------------------------------------

MEGABYTE = 1_000_000
EXHAUSTING = {
    "deep lists": b"[" * MEGABYTE,
    "deep objects": b'{"a":' * MEGABYTE,
    "deep and closed": b"[" * MEGABYTE + b"]" * MEGABYTE,
    "deep inside a record": b'{"labs":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    "a text without an end": b'"' + b"a" * 20 * MEGABYTE,
    "a very long number": b'{"age_years":' + b"9" * MEGABYTE + b"}",
    "a very large exponent": b'{"age_years":1e999999999}',
    "a very small exponent": b'{"age_years":1e-999999999}',
    "a million empty lists": b'{"labs":[' + b"[]," * MEGABYTE + b"[]]}",
    "one key a million times": b"{" + b'"id":"a",' * MEGABYTE + b'"id":"a"}',
    "a million keys": ("{" + ",".join(f'"{number}":1' for number in range(MEGABYTE // 4)) + "}").encode(),
    "zero bytes": b"\x00" * MEGABYTE,
    "another encoding": json.dumps(records()[0]).encode("utf-16"),
    "half a character": b'{"id":"\xe2\x82',
    "only white space": b" " * 5 * MEGABYTE,
    "escapes": b'{"id":"' + b"\\u0000" * 200_000 + b'"}',
    "a lone surrogate": b'{"id":"\\ud800","labs":[{"test":"\\udfff"}]}',
    "references to themselves": b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient",'
    b'"contained":' + b'[{"contained":' * 60 + b"[]" + b"}]" * 60 + b"}}]}",
}


@pytest.mark.parametrize("name", EXHAUSTING)
@pytest.mark.parametrize("law", [door_laws.text_of_a_record, door_laws.text_of_a_bundle], ids=["record", "bundle"])
def test_exhausting_texts_are_answered_soon(name: str, law: object) -> None:
    assert callable(law)
    text = EXHAUSTING[name]
    law(b"{}")  # what is read once is not counted
    tracemalloc.start()
    began = perf_counter()
    try:
        law(text)
        took, (_, most) = perf_counter() - began, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert took < 20
    assert most < 60 * len(text) + 50 * MEGABYTE


def test_a_bomb_of_dotted_toml_keys_is_answered_soon() -> None:
    began = perf_counter()
    for text in ("a." * 50_000 + "b = 1", "a = " + "[" * 50_000, "[" + "a." * 5_000 + "b]", "x = " + "{a=" * 9_000):
        door_laws.text_of_an_overlay(text)
        door_laws.text_of_a_study(text)
    assert perf_counter() - began < 20


def test_damage_is_the_same_from_the_same_seed() -> None:
    def some() -> list[bytes]:
        chance = Random(7)
        return [hostile.damaged(hostile.as_text(hostile.bent(BUNDLE, chance)), chance) for _ in range(50)]

    assert some() == some()
    assert len(set(some())) > 45


def test_damage_leaves_what_it_was_given() -> None:
    before = json.dumps(BUNDLE)
    chance = Random(1)
    for _ in range(200):
        hostile.bent(BUNDLE, chance)
    assert json.dumps(BUNDLE) == before


@pytest.mark.parametrize(
    "text", ["9" * 5_000, f"{'9' * 5_000} = 1", f'[limits]\n"{"9" * 5_000}" = {{ "mmol/L" = "1" }}']
)
def test_a_very_long_key_is_cut_short_in_the_message(text: str) -> None:
    """Found by the fuzzer: a site overlay of one key of thousands of digits was repeated in full."""
    door_laws.text_of_an_overlay(text)
    door_laws.text_of_a_study(text)


@pytest.mark.parametrize("law", [door_laws.text_of_an_overlay, door_laws.text_of_a_study], ids=["overlay", "study"])
def test_an_integer_of_thousands_of_digits_is_refused_with_a_code(law: Callable[[str], None]) -> None:
    """Found by the fuzzer: Python's own limit on digits is no TOML error."""
    law(f"locale = {'9' * 5_000}")


def test_many_different_keys_each_given_twice_are_told_soon() -> None:
    """Found by the tests above: every key was counted by going through all of them again."""
    twice = ("{" + ",".join(f'"{number // 2}":1' for number in range(20_000)) + "}").encode()
    began = perf_counter()
    door_laws.text_of_a_record(twice)
    door_laws.text_of_a_bundle(twice)
    assert perf_counter() - began < 10
