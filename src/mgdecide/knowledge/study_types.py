"""What a study file says, as values: whom it enrolled, what was given, and every figure with where it was read.

Figures are kept as printed (text, so that ``26.90`` stays ``26.90``). What was not found is named in ``not_found`` and
has no value; it is never 0 and never false.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

HOW = ("verified", "recalled", "derived")
"""Read in a source; from memory only; worked out from figures that were read."""

ROLES = ("regimen", "evidence")
BASES = ("salt", "elemental", "not stated")
KINDS = ("inclusion", "exclusion")
BLINDING = ("none", "single", "double", "triple", "not read", "not applicable")

Expression = Mapping[str, object]
"""A condition over facts of the catalogue, as ``expressions.question_from`` reads it."""


@frozen
class Source:
    """Where something was read. ``address`` is empty where it was read and the address was not kept."""

    key: str
    kind: str
    address: tuple[str, ...]
    read: str


@frozen
class Backing:
    """How a figure is known: ``sources`` are keys of the study's own sources; ``method`` tells how one was derived."""

    how: str
    sources: tuple[str, ...]
    method: str = ""

    @property
    def verified(self) -> bool:
        """Read in a source, or worked out from what was read; false for what is only remembered."""
        return self.how != "recalled"


@frozen
class Citation:
    """How the study is cited. ``recalled`` names the identifiers that nobody looked up."""

    text: str
    year: int | None
    country: str
    doi: str
    pmid: str
    pmcid: str
    registry: str
    backing: Backing
    recalled: tuple[str, ...] = ()

    @property
    def reference(self) -> str:
        """The best identifier there is, or the citation itself."""
        for prefix, value in (("doi:", self.doi), ("PMID ", self.pmid), ("", self.registry)):
            if value:
                return prefix + value
        return self.text


@frozen
class Design:
    """What kind of study it is, who knew the treatment, and who was analysed."""

    type: str
    backing: Backing
    blinding: str = "not read"
    blinding_text: str = ""
    analysis: str = ""
    control: str = ""


@frozen
class Population:
    """The people studied, in words."""

    text: str
    backing: Backing
    age: str = ""
    sex: str = ""
    antidepressants: str = ""
    baseline_magnesium: str = ""


@frozen
class Criterion:
    """One requirement: ``text`` says what must hold ("No myasthenia gravis").

    ``requires`` is ``None`` where no record can answer it; ``reason`` then says why. ``applies_if`` is ``None`` where
    it always applies.
    """

    kind: str
    text: str
    requires: Expression | None
    applies_if: Expression | None
    reason: str
    backing: Backing

    @property
    def askable(self) -> bool:
        """Whether a record can answer it at all."""
        return self.requires is not None


@frozen
class DoseReading:
    """One way to read a label: ``mg`` a day of a salt's form, or of magnesium itself, and the magnesium in it."""

    form: str
    mg: str
    elemental_mg: str


@frozen
class StudyDose:
    """A dose in the study's words, its basis, and every elemental reading the words allow (mg a day).

    ``stated_elemental_mg`` is what the source itself prints.
    """

    stated: str
    salt: str
    forms: tuple[str, ...]
    basis: str
    route: str
    weeks: float | None
    times_per_day: int | None
    readings: tuple[DoseReading, ...]
    stated_elemental_mg: str
    with_other: str
    note: str
    backing: Backing

    @property
    def low(self) -> float | None:
        """The least elemental magnesium the words allow, in mg a day (mg once for an infusion)."""
        return min((float(each.elemental_mg) for each in self.readings), default=None)

    @property
    def high(self) -> float | None:
        """The most elemental magnesium the words allow, in mg a day (mg once for an infusion)."""
        return max((float(each.elemental_mg) for each in self.readings), default=None)


@frozen
class StudyArm:
    """One group: ``role`` is magnesium, control or other; numbers are ``None`` where not found."""

    id: str
    label: str
    role: str
    randomised: int | None
    analysed: int | None
    backing: Backing


@frozen
class ArmRow:
    """One arm's figures of an outcome, as printed; ``None`` where not found."""

    arm: str
    n: int | None = None
    events: int | None = None
    percent: str | None = None
    baseline: str | None = None
    baseline_sd: str | None = None
    endpoint: str | None = None
    endpoint_sd: str | None = None
    change: str | None = None
    change_sd: str | None = None
    change_p: str | None = None


@frozen
class StudyContrast:
    """A comparison as printed or worked out: ``measure`` is MD, SMD, RR, p or finding (words only)."""

    measure: str
    backing: Backing
    estimate: str | None = None
    low: str | None = None
    high: str | None = None
    p: str | None = None
    compares: str = "endpoint"
    adjusted: bool = False
    finding: str = ""
    note: str = ""


@frozen
class StudyOutcome:
    """One outcome at one time. ``scale_range`` bounds each person's score, ``entry_range`` the scores let in."""

    id: str
    name: str
    scale: str
    kind: str
    time: str
    rows: tuple[ArmRow, ...]
    contrasts: tuple[StudyContrast, ...]
    backing: Backing
    whole_scores: bool = False
    decimals: int | None = None
    scale_range: tuple[float, float] | None = None
    entry_range: tuple[float, float] | None = None
    unit: str = ""
    note: str = ""


@frozen
class Figure:
    """One printed number of a claim, with its interval and p where printed."""

    what: str
    value: str
    low: str | None = None
    high: str | None = None
    p: str | None = None
    unit: str = ""


@frozen
class Claim:
    """One thing the study says, its figures, and what must be said beside it."""

    text: str
    caveat: str
    figures: tuple[Figure, ...]
    backing: Backing


@frozen
class Statement:
    """One sentence ``about`` a side of the study: adverse events, dropouts, funding, a conflict between sources."""

    about: str
    text: str
    backing: Backing


@frozen
class Flag:
    """Printed numbers that do not hold together, by our own arithmetic over them. Nothing is said of causes."""

    text: str
    backing: Backing


@frozen
class RiskOfBias:
    """A judgement by RoB 2 domain with its author; no published judgement was found for any of these trials."""

    author: str
    date: str
    overall: str
    domains: tuple[tuple[str, str], ...]
    reason: str


@frozen(eq=False)
class Study:
    """One study file. ``criteria`` ends with what could not be read about eligibility, which is always unknown."""

    id: str
    family: str
    role: str
    body: str
    result: str
    citation: Citation
    sources: Mapping[str, Source]
    design: Design
    population: Population | None
    criteria: tuple[Criterion, ...]
    dose: StudyDose | None
    comparator: Statement | None
    flags: tuple[Flag, ...] = ()
    arms: tuple[StudyArm, ...] = ()
    outcomes: tuple[StudyOutcome, ...] = ()
    claims: tuple[Claim, ...] = ()
    statements: tuple[Statement, ...] = ()
    risk_of_bias: RiskOfBias | None = None
    checks: tuple[Mapping[str, object], ...] = ()
    not_found: tuple[str, ...] = ()
    criteria_known: bool = field(default=True)

    @property
    def is_regimen(self) -> bool:
        """Oral magnesium tried for depressive symptoms: may be shown behind an open gate."""
        return self.role == "regimen"

    @property
    def references(self) -> tuple[str, ...]:
        """What a reader needs to find it: identifiers, then the addresses that were read."""
        addresses = (address for source in self.sources.values() for address in source.address)
        return tuple(dict.fromkeys((self.citation.reference, *addresses)))

    def about(self, subject: str) -> tuple[Statement, ...]:
        """The statements about one side of the study ("adverse events", "funding")."""
        return tuple(each for each in self.statements if each.about == subject)
