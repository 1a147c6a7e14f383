"""What may be said at which certainty: one sentence by certainty and size, and the words a certainty does not allow.

The table follows GRADE guidelines 26 (Santesso et al., J Clin Epidemiol 2020;119:126-135). Certainty speaks of how sure
the evidence is, never of how large an effect or how bad a harm is.
"""

from __future__ import annotations

import re
from enum import Enum

from attrs import frozen

from mgdecide.errors import Problem


class Certainty(Enum):
    """GRADE's four levels, in order: ``Certainty.LOW < Certainty.HIGH``; ``Certainty("very low")`` reads one."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very low"

    @property
    def rank(self) -> int:
        """3 for high down to 0 for very low."""
        return {"high": 3, "moderate": 2, "low": 1, "very low": 0}[self.value]

    def __lt__(self, other: Certainty) -> bool:
        return self.rank < other.rank

    def __le__(self, other: Certainty) -> bool:
        return self.rank <= other.rank

    def __gt__(self, other: Certainty) -> bool:
        return self.rank > other.rank

    def __ge__(self, other: Certainty) -> bool:
        return self.rank >= other.rank

    def rated_down(self, levels: int = 1) -> Certainty:
        """So many levels lower, never below very low."""
        return _BY_RANK[max(0, self.rank - levels)]

    @property
    def symbols(self) -> str:
        """GRADE's circles, to be printed beside the word and never instead of it."""
        return "⊕" * (self.rank + 1) + "⊝" * (3 - self.rank)

    @property
    def plain_symbols(self) -> str:
        """The circles where only plain letters can be printed."""
        return "(+)" * (self.rank + 1) + "(-)" * (3 - self.rank)

    def label(self, *, plain: bool = False) -> str:
        """The word with its symbols: ``VERY LOW (+)(-)(-)(-)`` in plain letters."""
        return f"{self.value.upper()} {self.plain_symbols if plain else self.symbols}"


_BY_RANK = {each.rank: each for each in Certainty}


class Size(Enum):
    """How large the effect is against what people would notice; a judgement made elsewhere, with its reason."""

    LARGE = "large"
    IMPORTANT = "important"
    SLIGHT = "slight"
    LITTLE_OR_NONE = "little or no"


class Direction(Enum):
    """Which way the outcome goes; not used where there is little or no difference."""

    REDUCES = "reduces"
    INCREASES = "increases"


NO_STUDY = "No study held measured this: a gap in the evidence, not a finding."


def statement(certainty: Certainty | None, size: Size, direction: Direction, intervention: str, outcome: str) -> str:
    """The one sentence for this certainty and size; None: no study held measured the outcome.

    ``intervention`` and ``outcome`` are written as inside a sentence ("magnesium", "depressive symptoms").
    """
    if certainty is None:
        return NO_STUDY
    if certainty is Certainty.VERY_LOW:
        return f"The evidence is very uncertain about the effect of {intervention} on {outcome}."
    subject = intervention[:1].upper() + intervention[1:]
    return f"{subject} {_predicate(certainty, size, direction, outcome)}."


def _predicate(certainty: Certainty, size: Size, direction: Direction, outcome: str) -> str:
    verb = {Direction.REDUCES: "reduce", Direction.INCREASES: "increase"}[direction]
    noun = {Direction.REDUCES: "reduction", Direction.INCREASES: "increase"}[direction]
    match size:
        case Size.LARGE:
            return f"{_hedged(certainty, 'result')} in a large {noun} in {outcome}"
        case Size.IMPORTANT:
            return f"{_hedged(certainty, verb)} {outcome}"
        case Size.SLIGHT:
            return f"{_hedged(certainty, verb)} {outcome} slightly"
        case Size.LITTLE_OR_NONE:
            return f"{_hedged(certainty, 'result')} in little to no difference in {outcome}"


def _hedged(certainty: Certainty, verb: str) -> str:
    """The verb as sure as the evidence: "reduces", "probably reduces", "may reduce"."""
    if certainty is Certainty.HIGH:
        return f"{verb}s"
    return f"probably {verb}s" if certainty is Certainty.MODERATE else f"may {verb}"


@frozen
class _Rule:
    """Words that are too strong up to and including a certainty."""

    pattern: re.Pattern[str]
    up_to: Certainty
    instead: str


_CLAIMS = (
    "reduc(?:es|ed)|increas(?:es|ed)|improv(?:es|ed)|lower(?:s|ed)|rais(?:es|ed)|prevents|treats|relieves|alleviates"
)
_BARE = "reduce|increase|improve|lower|raise|prevent|treat|relieve|alleviate|result in|help"


def _rule(pattern: str, up_to: Certainty, instead: str) -> _Rule:
    return _Rule(re.compile(pattern, re.IGNORECASE), up_to, instead)


_RULES = (
    _rule(
        r"\bprove[nsd]?\b|\bcure[sd]?\b|\bguarantee[sd]?\b|\bmiracle\b", Certainty.HIGH, "what was measured, in whom"
    ),
    _rule(
        r"(?<!not )\bsafe(?:ly)?\b(?![^.;]*\bfor\b[^.;]*\bup to\b)",
        Certainty.HIGH,
        "for whom it is safe and up to what dose",
    ),
    _rule(
        rf"(?<!probably )\b(?:{_CLAIMS}|results in)\b",
        Certainty.MODERATE,
        'a verb with "probably" (moderate) or "may" (low)',
    ),
    _rule(rf"\bprobably (?:{_CLAIMS}|results in)\b|\bprobably\b|\blikely\b", Certainty.LOW, '"may" (low certainty)'),
    _rule(r"\b(?:is|are|was|were) (?:\w+ )?effective\b|\bineffective\b", Certainty.LOW, "what was measured, in whom"),
    _rule(r"\bsignifican(?:t|tly|ce)\b", Certainty.LOW, "the estimate with its interval"),
    _rule(r"\bworks?\b", Certainty.LOW, "what was measured, in whom"),
    _rule(r"\bno (?:effect|difference)\b(?<!to no difference)", Certainty.LOW, '"little to no difference" with "may"'),
    _rule(
        rf"\bmay (?:\w+ly )?(?:{_BARE})\b",
        Certainty.VERY_LOW,
        '"The evidence is very uncertain about the effect of ..."',
    ),
)


def check_wording(text: str, certainty: Certainty) -> tuple[Problem, ...]:
    """Every word of ``text`` that says more than ``certainty`` allows, as MGD-W101 problems; () when there is none.

    For texts about the effect of an intervention. The order is that of the text.
    """
    found = [
        (hit.start(), rule, hit.group())
        for rule in _RULES
        if certainty <= rule.up_to
        for hit in rule.pattern.finditer(text)
    ]
    return tuple(
        Problem(
            "MGD-W101",
            f"text[{start}]",
            f'"{words}" at {certainty.value} certainty',
            f"say {rule.instead}",
        )
        for start, rule, words in sorted(found, key=lambda each: (each[0], each[2]))
    )
