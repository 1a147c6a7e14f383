"""Cards per hundred patients by rule: of patients judged now, or of what a service showed."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

from mgdecide.adapters.commands.command_line import read_lines, shown_path
from mgdecide.adapters.governance.lines import objects, rules_of
from mgdecide.adapters.governance.tables import Rate, RateTable
from mgdecide.errors import InvalidInput, InvalidRecord, Problem
from mgdecide.knowledge.edition import Knowledge

INDICATORS = ("critical", "warning", "info")
ANY = "any card"
_RECORDS = "a file with a patient record or FHIR R4 Bundle on each line"
_SHOWN = "cards.jsonl, as mgdecide serve writes it"


class _Counts:
    """How many patients, or answers, had a card of each rule; each counts once for a rule, at its loudest."""

    def __init__(self) -> None:
        self.asked = 0
        self.by_rule: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, cards: list[tuple[str, tuple[str, ...]]]) -> None:
        """Add one patient's cards, each as its indicator and its rules."""
        self.asked += 1
        loudest: dict[str, str] = {}
        for indicator, rules in sorted(cards, key=lambda card: _loudness(card[0])):
            for rule in (ANY, *rules):
                loudest.setdefault(rule, indicator)
        for rule, indicator in loudest.items():
            self.by_rule[rule][indicator] += 1

    def table(self, title: str, unit: str, *notes: str) -> RateTable:
        """Any card first, then the most frequent rule."""
        self.by_rule[ANY].update(())
        rows = [self._rate(rule) for rule in self.by_rule]
        rows.sort(key=lambda rate: (rate.name != ANY, -rate.count, rate.name))
        several = "A card may speak for several rules and counts for each."
        return RateTable(title, "rule", unit, tuple(rows), (*notes, several))

    def _rate(self, rule: str) -> Rate:
        counts = self.by_rule[rule]
        order = (*INDICATORS, *sorted(set(counts) - set(INDICATORS)))
        beside = tuple((name, counts[name]) for name in order if counts[name])
        return Rate(rule, sum(counts.values()), self.asked, beside=beside)


def _loudness(indicator: str) -> int:
    return INDICATORS.index(indicator) if indicator in INDICATORS else len(INDICATORS)


def card_rates(path: str, *, on: date | None, today: date, knowledge: Knowledge | None) -> RateTable:
    """The cards that a file's patients would be met with when their charts are opened (hook patient-view).

    Args:
        path: a patient record or FHIR R4 Bundle on each line.
        on, today: the day of assessment; see ``mgdecide batch``.

    Raises:
        InvalidInput: the file cannot be read (MGD-L104 to L106), or holds no patient that can be (MGD-L132).
    """
    from mgdecide.adapters.cards.cards import cards
    from mgdecide.adapters.cards.points import PATIENT_VIEW
    from mgdecide.adapters.incoming import read_incoming
    from mgdecide.assessment import assess

    counts, unread = _Counts(), 0
    for _number, line in read_lines(path, _RECORDS):
        try:
            patient = read_incoming(line, on=on, today=today).patient
        except InvalidRecord:
            unread += 1
            continue
        found = cards(assess(patient, knowledge=knowledge), PATIENT_VIEW)
        counts.add([(card.indicator, card.rules) for card in found])
    if not counts.asked:
        raise InvalidInput(Problem("MGD-L132", shown_path(path), "no patient that can be read", _RECORDS))
    left = f" Lines that could not be read, left out: {unread:,}." if unread else ""
    note = f"{counts.asked:,} patient{'s' * (counts.asked != 1)} judged at the hook patient-view.{left}"
    return counts.table("Cards per hundred patients, by rule", "patients", note)


def shown_rates(path: str, *, shadow: bool = False) -> RateTable:
    """The cards a service showed, per hundred answers that had any; with ``shadow`` those it would have shown.

    Raises:
        InvalidInput: the file cannot be read, or is not what a service writes (MGD-L104 to L106, L130, L132).
    """
    counts, others = _Counts(), 0
    for answer in objects(path, "cards", _SHOWN):
        if (answer.get("shown") is False) is not shadow:
            others += 1
            continue
        cards = [card for card in answer["cards"] if isinstance(card, dict)]
        counts.add([(str(card.get("indicator", "")), rules_of(card)) for card in cards])
    left = f" Answers {'shown' if shadow else 'of shadow mode'}, left out: {others:,}." if others else ""
    mode = " of shadow mode" if shadow else ""
    note = f"{counts.asked:,} answers{mode} with cards. Answers without any are not in the file.{left}"
    return counts.table("Cards per hundred answers with cards, by rule", "answers with cards", note)
