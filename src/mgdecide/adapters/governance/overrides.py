"""Override rates by rule, from the feedback that CDS Hooks clients sent and the service stored."""

from __future__ import annotations

from collections import Counter, defaultdict

from mgdecide.adapters.governance.lines import objects, rules_of
from mgdecide.adapters.governance.tables import Rate, RateTable
from mgdecide.adapters.suggestions import safe_text

NO_REASON = "no reason given"
_FEEDBACK = "feedback.jsonl, as mgdecide serve writes it"
_SHOWN = "cards.jsonl, as mgdecide serve writes it"


def override_rates(feedback: str, cards: str | None = None) -> RateTable:
    """Of the cards somebody decided on, how many were overridden, by rule, with the coded reasons beside.

    Args:
        feedback: ``feedback.jsonl`` of a service.
        cards: its ``cards.jsonl``; with it, how often each rule was shown stands beside.

    Of one card's feedback that came twice with the same moment one counts. An entry for a card that is not known
    belongs to no rule.

    Raises:
        InvalidInput: a file cannot be read, or is not what a service writes (MGD-L104 to L106, L130, L132).
    """
    outcomes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    reasons: defaultdict[str, Counter[str]] = defaultdict(Counter)
    seen: set[tuple[str, str, str]] = set()
    strangers = again = 0
    for entry in objects(feedback, "outcome", _FEEDBACK):
        outcome = str(entry["outcome"])
        mark = str(entry.get("card", "")), str(entry.get("outcomeTimestamp", "")), outcome
        rules = rules_of(entry)
        if not rules:
            strangers += 1
        elif mark in seen:
            again += 1
        else:
            seen.add(mark)
            for rule in rules:
                outcomes[rule][outcome] += 1
                if outcome == "overridden":
                    reasons[rule][_reason(entry.get("reason"))] += 1
    shown = _shown(cards) if cards is not None else {}
    rows = [_rate(rule, counts, reasons[rule], shown, told=cards is not None) for rule, counts in outcomes.items()]
    rows.sort(key=lambda rate: (-rate.count, -rate.per_hundred, rate.name))
    notes = ["Of the cards somebody accepted or overrode. A card may speak for several rules and counts for each."]
    if strangers:
        notes.append(f"Entries of cards that are not known, left out: {strangers:,}.")
    if again:
        notes.append(f"Entries that came twice (same card, same moment), counted once: {again:,}.")
    return RateTable("Override rates, by rule", "rule", "decisions", tuple(rows), tuple(notes), intervals=True)


def _rate(rule: str, counts: Counter[str], reasons: Counter[str], shown: dict[str, int], *, told: bool) -> Rate:
    overridden = counts["overridden"]
    beside = (("shown", shown.get(rule, 0)),) if told else ()
    by_count = sorted(reasons.items(), key=lambda each: (-each[1], each[0]))
    return Rate(rule, overridden, overridden + counts["accepted"], beside=(*beside, *by_count))


def _reason(given: object) -> str:
    code = given.get("code") if isinstance(given, dict) else None
    return safe_text(str(code)) if code else NO_REASON


def _shown(path: str) -> dict[str, int]:
    """In how many answers each rule was shown."""
    found: Counter[str] = Counter()
    for answer in objects(path, "cards", _SHOWN):
        if answer.get("shown") is not False:
            cards = [card for card in answer["cards"] if isinstance(card, dict)]
            found.update({rule for card in cards for rule in rules_of(card)})
    return dict(found)
