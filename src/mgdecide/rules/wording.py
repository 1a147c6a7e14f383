"""Published texts with this patient's words filled in: values as given, medicines as named, both readings of a unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import frozen

from mgdecide.domain.laboratory import LabResult
from mgdecide.domain.patient import Patient
from mgdecide.knowledge.edition import Knowledge
from mgdecide.logic.questions import Number
from mgdecide.logic.words import number_words
from mgdecide.rules.derived import (
    ALBUMIN_CORRECTED,
    DEPLETION_SCORE,
    DEPLETION_SCORE_HIGH,
    DEPLETION_SCORE_LOW,
    FRACTIONAL_EXCRETION,
)
from mgdecide.rules.intake import UPPER_LEVEL
from mgdecide.rules.row import Reading
from mgdecide.rules.rulebook import Answers, Rule, Rulebook

_NUMBERS: Mapping[str, Number] = {
    "depletion_score": DEPLETION_SCORE,
    "depletion_score_low": DEPLETION_SCORE_LOW,
    "depletion_score_high": DEPLETION_SCORE_HIGH,
    "femg": FRACTIONAL_EXCRETION,
    "albumin_corrected": ALBUMIN_CORRECTED,
}


_COMPARATOR_WORDS = {"<": "less than ", "<=": "at most ", ">": "more than ", ">=": "at least "}


def shown_result(result: LabResult) -> str:
    """A result with its unit, as reported, a comparator in words: ``1.48 mg/dL``, ``less than 0.5 mmol/L``."""
    words = _COMPARATOR_WORDS.get(result.comparator or "", "")
    return f"{words}{result.value:f} {result.unit}"


@frozen(eq=False)
class Wording:
    """Fills the places of a text for one patient."""

    patient: Patient
    reading: Reading
    rulebook: Rulebook
    answers: Answers

    def fill(self, rule: Rule, medicine: str = "") -> str:
        """The text of a rule, with every place filled."""
        if len(rule.text) == 1:
            return rule.text[0]
        parts = list(rule.text)
        parts[1::2] = [self._word(place, rule, medicine) for place in rule.text[1::2]]
        return "".join(parts)

    def fact(self, name: str) -> str:
        """The value of a fact as given, with its unit; ``not known`` where there is none."""
        result = self.reading.results.get(name)
        if result is not None:
            return shown_result(result)
        value = self.reading.row.get(name)
        fact = self._knowledge.catalogue.facts.get(name)
        if value is None or fact is None:
            return "not known"
        return f"{bare(value)} {fact.units[0]}" if fact.units else bare(value)

    def _word(self, place: str, rule: Rule, medicine: str) -> str:
        special = _SPECIAL.get(place)
        if special is not None:
            return special(self)
        if place == "medicine":
            return medicine
        if place == "medicines":
            return self._medicines(rule)
        number = _NUMBERS.get(place)
        if number is not None:
            value = self.rulebook.value(number, self.answers)
            return number_words(value) if isinstance(value, float) else "not known"
        return self.fact(place)

    def _medicines(self, rule: Rule) -> str:
        """The medicines of the classes a rule asks about, as given."""
        named = {
            self._knowledge.name_of(medicine)
            for name in rule.medicine_classes
            for medicine in self.reading.medicines.get(name, ())
        }
        return _capital(", ".join(sorted(named, key=alphabetically)) or "A medicine of this class")

    def both_readings(self) -> str:
        """A doubtful magnesium in its own unit and with the same digits in the others, each converted."""
        result = self.reading.results.get("serum_magnesium")
        if result is None:
            return ""
        others = [unit for unit in ("mmol/L", "mg/dL", "mEq/L") if unit != result.unit]
        return (
            f"As reported {self._converted(result.shown, result, result.unit)}; "
            + "; ".join(f"the same digits in {unit} {self._converted(result.shown, result, unit)}" for unit in others)
            + "."
        )

    def _converted(self, shown: str, result: LabResult, unit: str) -> str:
        to = "mg/dL" if unit == "mmol/L" else "mmol/L"
        value = self._knowledge.convert("serum_magnesium", result.value, unit, to)
        return f"{shown} {unit}" + (f" (that is {float(value):.3g} {to})" if value is not None else "")

    def stale(self) -> str:
        """Tests whose result is older than the age limit."""
        return self._tests(self._is_stale)

    def undated(self) -> str:
        """Tests whose result has no date."""
        facts = self._knowledge.catalogue.facts
        beside = [f"{facts[each.test].label} {shown_result(each)}" for each in self.reading.undated]
        alone = self._tests(lambda test: self.reading.row.get(f"{test}_age_days") is None)
        return ", ".join(filter(None, (alone, *beside)))

    def _is_stale(self, test: str) -> bool:
        age = self.reading.row.get(f"{test}_age_days")
        return isinstance(age, float) and age > self.rulebook.stale_after

    def _tests(self, wanted: Callable[[str], bool]) -> str:
        facts = self._knowledge.catalogue.facts
        return ", ".join(facts[test].label for test in sorted(self.reading.results) if wanted(test))

    def conflicts(self) -> str:
        """Results of one day that differ, each as reported."""
        facts = self._knowledge.catalogue.facts
        return "; ".join(
            f"{facts[test].label} {shown_result(self.reading.results[test])} and "
            + " and ".join(shown_result(other) for other in others)
            for test, others in sorted(self.reading.same_day.items())
        )

    def unrecognised(self) -> str:
        """Medicines that were not recognised, as given."""
        return ", ".join(medicine.shown for medicine in self.reading.unrecognised)

    def products(self) -> str:
        """Elemental magnesium from products, as a number or as an interval."""
        low, high = (self.reading.row.get(f"product_magnesium_mg_{end}") for end in ("low", "high"))
        if not isinstance(low, float):
            return "amount not known"
        if not isinstance(high, float):
            return f"at least {low:,.0f} mg elemental magnesium a day"
        amount = f"{low:,.0f}" if round(low) == round(high) else f"{low:,.0f} to {high:,.0f}"
        return f"{amount} mg elemental magnesium a day"

    def upper_level(self) -> str:
        """The upper level in force for this patient."""
        value = self.rulebook.value(UPPER_LEVEL, self.answers)
        return f"{number_words(value)} mg" if isinstance(value, float) else "not known"

    def crisis_line(self) -> str:
        """The site's crisis line as a sentence of its own, where a site has set one."""
        overlay = self._knowledge.overlay
        return f" {overlay.crisis_line}" if overlay is not None and overlay.crisis_line else ""

    @property
    def _knowledge(self) -> Knowledge:
        return self.rulebook.knowledge


_SPECIAL: Mapping[str, Callable[[Wording], str]] = {
    "both_readings": Wording.both_readings,
    "stale": Wording.stale,
    "undated": Wording.undated,
    "conflicts": Wording.conflicts,
    "unrecognised": Wording.unrecognised,
    "products": Wording.products,
    "upper_level": Wording.upper_level,
    "crisis_line": Wording.crisis_line,
}


def alphabetically(name: str) -> tuple[str, str]:
    """Letters first, capitals to settle ties: the same order in every process."""
    return name.casefold(), name


def bare(value: object) -> str:
    """A row value as a bare string: ``54``, ``true``, ``female``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_words(value) if isinstance(value, float | int) else str(value)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
