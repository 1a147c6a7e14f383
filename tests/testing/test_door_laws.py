"""Whatever is brought to a public function, it answers or tells a mistake; and these laws can be broken."""

from __future__ import annotations

import json
import tomllib
import tracemalloc
from collections.abc import Callable
from contextlib import nullcontext
from random import Random
from time import process_time

import pytest

from mgdecide.errors import InvalidInput, InvalidKnowledge, Problem
from mgdecide.knowledge.conversions import conversions
from mgdecide.knowledge.expressions import question_from
from mgdecide.knowledge.medicine_class_table import read_medicine_classes
from mgdecide.knowledge.reading import KNOWLEDGE
from mgdecide.testing import door_laws, hostile, hostile_toml
from mgdecide.testing.door_laws import DOOR_LAWS, Law, answered_or_told
from mgdecide.testing.door_proofs import BUNDLE, OVERLAY, knowledge_texts, records
from mgdecide.testing.knowledge_doors import KNOWLEDGE_DOORS


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
    began = process_time()
    try:
        law(text)
        took, (_, most) = process_time() - began, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert took < 20
    assert most < 60 * len(text) + 50 * MEGABYTE


def test_a_bomb_of_dotted_toml_keys_is_answered_soon() -> None:
    began = process_time()
    for text in ("a." * 50_000 + "b = 1", "a = " + "[" * 50_000, "[" + "a." * 5_000 + "b]", "x = " + "{a=" * 9_000):
        door_laws.text_of_an_overlay(text)
        door_laws.text_of_a_study(text)
    assert process_time() - began < 20


@pytest.mark.parametrize("kind", KNOWLEDGE_DOORS)
def test_every_knowledge_file_of_this_release_passes_its_door(kind: str) -> None:
    """Damage done to a file that was refused anyway would find nothing."""
    texts = knowledge_texts(kind)
    assert texts
    for text in texts:
        KNOWLEDGE_DOORS[kind].read(text)
        KNOWLEDGE_DOORS[kind].read(hostile_toml.as_toml(tomllib.loads(text)))


def test_every_knowledge_file_has_a_door() -> None:
    every = set(KNOWLEDGE.rglob("*.toml"))
    assert {path for door in KNOWLEDGE_DOORS.values() for path in door.shipped()} == every


TOML_BOMBS = {
    "very many unknown keys": "\n".join(f"key_{number} = 1" for number in range(4_000)),
    "very many tables": "[[limit]]\n[[class]]\n[[interaction]]\n[[scale]]\n[[study]]\n" * 1_000,
    "a key of very many parts": "a." * 50_000 + "b = 1",
    "deep lists": "a = " + "[" * 50_000,
    "deep tables": "[" + ".".join(["not"] * 190) + "]\n" + ".".join(["not"] * 190) + " = 1",
    "a very long text": f'id = "{"a" * 1_500_000}"',
    "longer than any file": "#" * 3_000_000,
    "a very long integer": f"edition = {'9' * 4_200}",
    "too long an integer": f"edition = {'9' * 5_000}",
}


@pytest.mark.parametrize("name", TOML_BOMBS)
def test_exhausting_knowledge_is_answered_soon(name: str) -> None:
    for kind in KNOWLEDGE_DOORS:
        began = process_time()
        door_laws.text_of_knowledge((kind, TOML_BOMBS[name]))
        assert process_time() - began < 20, kind


def test_a_long_chain_of_classes_is_answered_soon() -> None:
    head = 'edition = "1"\nsources = ["s"]\nlocal_groups = []\ninhaled_groups = []\n'
    rows = (f'[[class]]\nkey = "k{at}"\nname = "n"\nincludes = ["k{at + 1}"]\n' for at in range(20_000))
    began = process_time()
    door_laws.text_of_knowledge(("medicine classes", head + "".join(rows)))
    assert process_time() - began < 20


def test_classes_that_include_each_other_are_one() -> None:
    head = 'edition = "1"\nsources = ["s"]\nlocal_groups = []\ninhaled_groups = []\n'
    row = '[[class]]\nkey = "{}"\nname = "n"\natc = ["{}"]\nincludes = ["{}"]\n'
    classes = read_medicine_classes(head + row.format("a", "A01", "b") + row.format("b", "B01", "a"))
    assert classes.of_atc("A01") == classes.of_atc("B01") == {"a", "b"}


@pytest.mark.parametrize("depth", [19, 20, 21, 150])
def test_conditions_nested_too_deeply_are_told(depth: int) -> None:
    table: dict[str, object] = {"fact": "dialysis", "is": True}
    for _ in range(depth):
        table = {"not": table}
    with pytest.raises(InvalidKnowledge, match="MGD-K103") if depth > 19 else nullcontext():
        question_from(table, conversions().spread, "x")


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
    began = process_time()
    door_laws.text_of_a_record(twice)
    door_laws.text_of_a_bundle(twice)
    assert process_time() - began < 10
