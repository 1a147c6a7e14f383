"""The certainty-by-size table, and the law that no sentence is stronger than its certainty."""

from __future__ import annotations

from itertools import product

import pytest

from mgdecide.evidence.grade_words import NO_STUDY, Certainty, Direction, Size, check_wording, statement

HIGH, MODERATE, LOW, VERY_LOW = Certainty
DOWN, UP = Direction
UNCERTAIN = "The evidence is very uncertain about the effect of magnesium on fatigue."


@pytest.mark.parametrize(
    ("certainty", "size", "direction", "sentence"),
    [
        (HIGH, Size.LARGE, DOWN, "Magnesium results in a large reduction in fatigue."),
        (HIGH, Size.IMPORTANT, DOWN, "Magnesium reduces fatigue."),
        (HIGH, Size.IMPORTANT, UP, "Magnesium increases fatigue."),
        (HIGH, Size.SLIGHT, DOWN, "Magnesium reduces fatigue slightly."),
        (HIGH, Size.LITTLE_OR_NONE, DOWN, "Magnesium results in little to no difference in fatigue."),
        (MODERATE, Size.LARGE, UP, "Magnesium probably results in a large increase in fatigue."),
        (MODERATE, Size.IMPORTANT, DOWN, "Magnesium probably reduces fatigue."),
        (MODERATE, Size.SLIGHT, UP, "Magnesium probably increases fatigue slightly."),
        (MODERATE, Size.LITTLE_OR_NONE, DOWN, "Magnesium probably results in little to no difference in fatigue."),
        (LOW, Size.LARGE, DOWN, "Magnesium may result in a large reduction in fatigue."),
        (LOW, Size.IMPORTANT, UP, "Magnesium may increase fatigue."),
        (LOW, Size.SLIGHT, DOWN, "Magnesium may reduce fatigue slightly."),
        (LOW, Size.LITTLE_OR_NONE, UP, "Magnesium may result in little to no difference in fatigue."),
        (VERY_LOW, Size.LARGE, DOWN, UNCERTAIN),
        (VERY_LOW, Size.IMPORTANT, UP, UNCERTAIN),
        (VERY_LOW, Size.SLIGHT, DOWN, UNCERTAIN),
        (VERY_LOW, Size.LITTLE_OR_NONE, DOWN, UNCERTAIN),
        (None, Size.IMPORTANT, DOWN, NO_STUDY),
    ],
)
def test_the_table(certainty: Certainty | None, size: Size, direction: Direction, sentence: str) -> None:
    assert statement(certainty, size, direction, "magnesium", "fatigue") == sentence


EVERY = list(product(Certainty, Size, Direction))


@pytest.mark.parametrize(("certainty", "size", "direction"), EVERY)
def test_every_sentence_passes_at_its_own_certainty_and_fails_at_every_lower(
    certainty: Certainty, size: Size, direction: Direction
) -> None:
    sentence = statement(certainty, size, direction, "oral magnesium", "depressive symptoms")
    for judged in Certainty:
        problems = check_wording(sentence, judged)
        # What is very uncertain may be said at any certainty.
        assert bool(problems) == (judged < certainty), (sentence, judged, problems)


@pytest.mark.parametrize(
    ("text", "certainty", "words"),
    [
        ("Magnesium reduces symptoms.", LOW, ["reduces"]),
        ("Magnesium improves mood.", VERY_LOW, ["improves"]),
        ("It is effective.", LOW, ["is effective"]),
        ("It is not effective.", LOW, ["is not effective"]),
        ("A significant fall was seen.", VERY_LOW, ["significant"]),
        ("Scores fell significantly.", LOW, ["significantly"]),
        ("Magnesium works.", LOW, ["works"]),
        ("There was no effect.", LOW, ["no effect"]),
        ("No difference was found.", VERY_LOW, ["No difference"]),
        ("MAGNESIUM REDUCES SYMPTOMS", MODERATE, ["REDUCES"]),
        ("Magnesium may reduce symptoms.", VERY_LOW, ["may reduce"]),
        ("Magnesium may slightly lower scores.", VERY_LOW, ["may slightly lower"]),
        ("Magnesium probably reduces symptoms.", LOW, ["probably reduces"]),
        ("Magnesium is safe.", HIGH, ["safe"]),
        ("Magnesium was proven to help.", HIGH, ["proven"]),
        ("Magnesium reduces symptoms and works.", VERY_LOW, ["reduces", "works"]),
        ("Magnesium reduces symptoms.", HIGH, []),
        ("Magnesium probably reduces symptoms.", MODERATE, []),
        ("Magnesium may reduce symptoms.", LOW, []),
        ("PHQ-9 lower by 6.0 points (95% CI 4.2 to 7.9).", VERY_LOW, []),
        ("Magnesium may result in little to no difference in mood.", LOW, []),
        ("It is safe for adults with normal kidney function up to 350 mg elemental magnesium daily.", HIGH, []),
        ("It is not safe in kidney failure.", HIGH, []),
        ("The network and the workers were studied.", VERY_LOW, []),
        (NO_STUDY, VERY_LOW, []),
    ],
)
def test_words(text: str, certainty: Certainty, words: list[str]) -> None:
    problems = check_wording(text, certainty)
    assert [problem.given.split('"')[1] for problem in problems] == words
    assert all(problem.code == "MGD-W101" for problem in problems)


def test_a_problem_tells_where_and_what_to_say() -> None:
    (problem,) = check_wording("Magnesium works.", VERY_LOW)
    assert str(problem) == ('[MGD-W101] at text[10]: got "works" at very low certainty. Say what was measured, in whom')


def test_order_and_names() -> None:
    assert VERY_LOW < LOW < MODERATE < HIGH
    assert HIGH >= MODERATE >= MODERATE > LOW
    upwards = [VERY_LOW, LOW, MODERATE, HIGH]
    for (i, a), (j, b) in product(enumerate(upwards), repeat=2):
        assert (a < b, a <= b, a > b, a >= b) == (i < j, i <= j, i > j, i >= j)
    assert sorted(Certainty, reverse=True) == [HIGH, MODERATE, LOW, VERY_LOW]
    assert Certainty("very low") is VERY_LOW
    assert [each.rated_down() for each in (HIGH, MODERATE, LOW, VERY_LOW)] == [MODERATE, LOW, VERY_LOW, VERY_LOW]
    assert [HIGH.rated_down(levels) for levels in (0, 1, 2, 3, 9)] == [HIGH, MODERATE, LOW, VERY_LOW, VERY_LOW]


def test_symbols_stand_beside_the_word() -> None:
    assert [each.symbols for each in Certainty] == ["⊕⊕⊕⊕", "⊕⊕⊕⊝", "⊕⊕⊝⊝", "⊕⊝⊝⊝"]
    assert [each.plain_symbols for each in Certainty] == [
        "(+)(+)(+)(+)",
        "(+)(+)(+)(-)",
        "(+)(+)(-)(-)",
        "(+)(-)(-)(-)",
    ]
    assert VERY_LOW.label(plain=True) == "VERY LOW (+)(-)(-)(-)"
    assert LOW.label() == "LOW ⊕⊕⊝⊝"
