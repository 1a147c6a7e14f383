"""The words of a medicine's name as people write it: which of them name an ingredient, which say only how it is given.

"Omeprazole 20 MG Delayed Release Oral Capsule [Prilosec]" names one ingredient twice; "lisinopril-hydrochlorothiazide"
names two; in "esomeprazole magnesium" the second word is the salt and not a magnesium product.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from enum import Enum

from attrs import frozen

LONGEST_NAME = 5
"""No name in the register has more words than this; a test keeps it so."""

_APART = re.compile(r"\s*(?:[/+;,&()\[\]]|\band\b|\bwith\b|\bplus\b(?=\s+\w))\s*")
_BRAND = re.compile(r"\[[^\]]*\]\s*$")
"""RxNorm ends a branded name with the brand in square brackets; it says nothing that the name before has not said."""
_FREE_OF = re.compile(r"\b(?:preservative|sugar|alcohol|gluten|lactose|latex|dye)[- ]free\b")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_NUMBER = re.compile(r"\d")


class Way(Enum):
    """How a name says that a medicine is given."""

    NOT_SAID = "not said"
    LOCAL = "local"
    INHALED = "inhaled"
    INJECTED = "injected"


def spelled(name: str) -> str:
    """A name without case, accents, hyphens and the British ``ph`` of sulphate: how names are compared.

    >>> spelled("St. John's Wort"), spelled("Levothyroxine  Sodium"), spelled("Magnesium sulphate")
    ('st john s wort', 'levothyroxine sodium', 'magnesium sulfate')
    """
    if name.isalpha() and name.isascii():
        return name.lower().replace("sulph", "sulf")
    if not name.isascii():
        name = "".join(each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))
    return _NOT_A_WORD.sub(" ", name.lower()).strip().replace("sulph", "sulf")


@frozen
class Vocabulary:
    """Words that do not name an ingredient, by what they say."""

    ways: Mapping[str, Way]
    negations: frozenset[str]
    salt_metals: frozenset[str]
    silent: frozenset[str]


@frozen
class Heard:
    """What was heard in a name: the names of the register in order, the way of giving, and words nobody knows."""

    names: tuple[str, ...]
    way: Way
    unknown: tuple[str, ...]
    negated: bool


def listen(text: str, names: Mapping[str, object], is_mineral: Callable[[str], bool], words: Vocabulary) -> Heard:
    """Find the names of ``names`` in a free text.

    Args:
        names: what can be found, spelled as ``spelled`` does.
        is_mineral: whether a metal after this name is an ingredient of its own.
    """
    text = _FREE_OF.sub(" ", text.lower())
    heard = _listen(_BRAND.sub("", text), names, is_mineral, words)
    return heard if heard.names else _listen(text, names, is_mineral, words)


def _listen(text: str, names: Mapping[str, object], is_mineral: Callable[[str], bool], words: Vocabulary) -> Heard:
    found: list[str] = []
    unknown: list[str] = []
    way, negated = Way.NOT_SAID, False
    for part in _APART.split(text):
        before = ""
        for word in _known_or_not(spelled(part).split(), names):
            if word in names:
                if before and word in words.salt_metals and not is_mineral(before):
                    continue
                found.append(word)
                before = word
            elif word in words.negations:
                negated = True
            elif word in words.ways:
                way = words.ways[word] if way is Way.NOT_SAID else way
            elif len(word) > 1 and word not in words.silent and not _NUMBER.search(word):
                unknown.append(word)
    return Heard(tuple(dict.fromkeys(found)), way, tuple(unknown), negated)


def _known_or_not(words: list[str], names: Mapping[str, object]) -> Iterator[str]:
    """The words of a part, the longest known names joined."""
    start = 0
    while start < len(words):
        for end in range(min(len(words), start + LONGEST_NAME), start, -1):
            candidate = " ".join(words[start:end])
            if candidate in names:
                yield candidate
                start = end
                break
        else:
            yield words[start]
            start += 1
