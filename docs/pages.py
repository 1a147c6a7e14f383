"""The pages that are read off the library itself: ``make pages`` writes them, a test keeps them current.

    python -m docs.pages            writes docs/generated/ and docs/safety/hazard-log.md
    python -m docs.pages --check    says which pages are out of date; exit 1 if any

Traceability runs both ways: from each sentence to its rule and sources (rules, bodies, studies), and from each source
to everything that rests on it and the tests that hold that (sources).
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from attrs import frozen

from docs.evidence_pages import bodies_page, studies_page, study_ids
from docs.markdown import address as _address
from docs.markdown import anchor as _anchor
from docs.markdown import cell as _cell
from docs.markdown import link as _link
from docs.markdown import page as _page
from docs.markdown import prose as _prose
from docs.markdown import table as _table
from docs.outline import outline, shared
from docs.record_page import record_page
from mgdecide.adapters.fhir.reasons import REASONS
from mgdecide.adapters.pictures.from_assessment import forest_of
from mgdecide.adapters.pictures.salt_map import evidence_map_of
from mgdecide.knowledge.catalogue import Fact, catalogue
from mgdecide.knowledge.edition import default_knowledge
from mgdecide.knowledge.error_catalogue import error_catalogue
from mgdecide.knowledge.source_register import RegisteredSource, source_register
from mgdecide.rules.rulebook import Rule, rulebook
from mgdecide.rules.vocabulary import Words
from mgdecide.testing.laws import LAWS

DOCS = Path(__file__).parent
ROOT = DOCS.parent
KNOWLEDGE = ROOT / "src" / "mgdecide" / "knowledge"


def pages() -> dict[str, str]:
    """Every page by its path below docs/."""
    found = {
        "generated/record.md": record_page(),
        "generated/rules.md": _rules(),
        "generated/facts.md": _facts(),
        "generated/studies.md": studies_page(),
        "generated/bodies.md": bodies_page(),
        "generated/errors.md": _errors(),
        "generated/laws.md": _laws(),
        "generated/sources.md": _sources(),
        "safety/hazard-log.md": _hazards(),
    }
    for body in default_knowledge().bodies:
        picture = forest_of(body)
        if picture is not None:
            found[f"generated/pictures/{body.id}.svg"] = picture.svg
    found["generated/pictures/evidence-map.svg"] = evidence_map_of().svg
    return {name: text.rstrip() + "\n" for name, text in found.items()}


def _source_links(keys: Iterable[str]) -> str:
    register, studies = source_register(), study_ids()
    return ", ".join(
        _link("sources", key) if key in register else _link("studies", key) if key in studies else f"`{key}`"
        for key in keys
    )


# --- rules --------------------------------------------------------------------------------------------------


_ABOUT = {
    "urgent": "what somebody must act on now; each closes the gate",
    "caution": "reasons for care that do not close the gate",
    "companion": "what else to measure or correct beside magnesium",
    "data-quality": "results, units and lists that are doubtful or incomplete",
    "gate": "contraindications: each closes the gate, and leaves it undecided while it cannot be told",
    "intake": "magnesium from food and products, against requirements and upper levels",
    "interaction": "medicines that magnesium binds, or that change magnesium",
    "risk": "what makes a low magnesium more likely",
    "specimen": "samples and derived figures: ionised magnesium, urine, albumin",
    "statement": "sentences about the evidence",
}


def _rules() -> str:
    known = default_knowledge()
    book, words = rulebook(known), Words(known)
    rules = (*book.urgent, *book.rules)
    groups: dict[str, list[str]] = defaultdict(list)
    for rule in rules:
        groups[rule.id.partition(".")[0]].append(rule.id)
    parts = [
        f"Knowledge {known.edition}, {len(rules)} rules. Each has its kind, severity and action; the sentence it says; "
        "the condition it holds on; and its sources. A name in braces stands for the value as reported. *Unknown* is "
        "what is said where the rule cannot be decided. `mgdecide explain ID` prints one rule.",
        "\n".join(
            (
                "| Rules | How many | What they are about |",
                "| --- | --- | --- |",
                *(f"| [{name}](#{_anchor(ids[0])}) | {len(ids)} | {_ABOUT[name]} |" for name, ids in groups.items()),
            )
        ),
    ]
    for rule in rules:
        entry = rule.entry
        mark = "" if rule.verified else " **Rests on something recalled, not read.**"
        parts += [
            f"## {rule.id}",
            f"*{entry.kind}, {entry.severity.value}, action: {entry.action}*{mark}",
            f"> {_prose(entry.text)}",
            f"Unknown: {_prose(entry.unknown_text)}" if entry.unknown_text else "",
            outline(rule.when, words),
            f"**Sources** {_source_links(rule.sources)}",
        ]
    parts += ["## Conditions that many rules share", *shared(words)]
    return _page("Rules", *parts)


# --- facts --------------------------------------------------------------------------------------------------


def _facts() -> str:
    groups: dict[str, list[Fact]] = defaultdict(list)
    for fact in catalogue():
        groups[fact.group].append(fact)
    parts = [
        f"{sum(map(len, groups.values()))} facts a rule may ask about. Each is true, false or a value, or unknown."
    ]
    for group, facts in groups.items():
        rows = (
            (f"`{fact.name}`", fact.kind.replace("_", "/"), ", ".join(fact.units or fact.values), fact.meaning)
            for fact in facts
        )
        parts += [f"## {group}", _table(("Fact", "Kind", "Units or values", "Meaning"), rows)]
    return _page("Facts", *parts)


# --- errors and laws ----------------------------------------------------------------------------------------


def _errors() -> str:
    parts = [
        "Every error has a code, the place of the mistake, what was given and what is accepted. `mgdecide explain "
        "CODE` prints what stands here; in Python the same parts are in `error.problems`. The letter says "
        "where a code comes from: C cohorts, F FHIR, I arguments of functions, K knowledge files, L the command line, "
        "O site overlays, P pools and printed numbers, Q questions, R patient records, S the service, T testing, "
        "U units and doses, W wording.",
    ]
    for entry in error_catalogue().values():
        parts += [
            f"## {entry.code}",
            f"**{_prose(entry.title)}**",
            _prose(entry.means),
            f"```text\n{entry.example.strip()}\n```",
            f"**What to do** {_prose(entry.fix)}",
        ]
    parts += ["## Why a resource of a Bundle was not used", _table(("Code", "Reason"), sorted(REASONS.items()))]
    return _page("Errors", *parts)


def _laws() -> str:
    return _page(
        "Laws",
        "What the property tests prove; `mgdecide laws` prints the same. "
        "`from mgdecide.testing import LAWS` gives them to your own tests, each with `.prove()`.",
        _table(("Number", "Law"), ((law.id, law.sentence) for law in LAWS)),
    )


# --- sources ------------------------------------------------------------------------------------------------


@frozen(order=True)
class Use:
    """One entry of a knowledge file that rests on a source: the file, and the entry's id."""

    file: str
    entry: str


_HELD_BY = {
    "bodies/": "tests/knowledge/test_bodies.py",
    "codes/": "tests/knowledge/test_codes.py",
    "limits/": "tests/knowledge/test_limits.py",
    "rules/": "tests/rules/test_findings.py",
    "studies/": "tests/knowledge/test_studies.py",
    "chart.toml": "tests/adapters/fhir/test_conditions.py",
    "circulating_claims.toml": "tests/knowledge/test_bodies.py",
    "conflicts.toml": "tests/knowledge/test_bodies.py",
    "conversions.toml": "tests/knowledge/test_limits.py",
    "facts.toml": "tests/adapters/test_schemas.py",
    "instruments.toml": "tests/knowledge/test_instruments.py",
    "intake.toml": "tests/knowledge/test_intake.py",
    "interactions.toml": "tests/knowledge/test_interactions.py",
    "medicine_names.toml": "tests/knowledge/test_medicines.py",
    "medicine_products.toml": "tests/knowledge/test_medicines.py",
    "medicines.toml": "tests/knowledge/test_medicines.py",
    "salts.toml": "tests/knowledge/test_salts.py",
    "scales.toml": "tests/knowledge/test_scales.py",
    "status.toml": "tests/rules/test_status.py",
    "unit_spellings.toml": "tests/knowledge/test_codes.py",
    "src/mgdecide/knowledge/overlay.py": "tests/knowledge/test_overlay.py",
}
"""Knowledge file -> the test module that holds its entries against what their sources print."""

_IDS = ("id", "key", "fact", "name", "code", "system")


@cache
def uses() -> Mapping[str, tuple[Use, ...]]:
    """Source key -> every entry of the knowledge, and every module, that names it."""
    keys = frozenset(source_register())
    found: dict[str, set[Use]] = {key: set() for key in keys}
    for path in sorted(KNOWLEDGE.rglob("*.toml")):
        file = path.relative_to(KNOWLEDGE).as_posix()
        if file.startswith(("sources/", "errors/")):
            continue
        for key, entry in _named(tomllib.loads(path.read_text(encoding="utf-8")), keys, ""):
            found[key].add(Use(file, entry))
    for path in sorted((ROOT / "src" / "mgdecide").rglob("*.py")):
        for key in re.findall(r'"([a-z0-9.\-]+)"', path.read_text(encoding="utf-8")):
            if key in keys:
                found[key].add(Use(path.relative_to(ROOT).as_posix(), ""))
    for key, source in source_register().items():
        if not found[key]:  # read only to hold something of ours against it
            addresses = [each.removeprefix("https://") for each in source.address]
            found[key] = {Use(path, "") for path, text in _test_texts() if any(each in text for each in addresses)}
    return {key: tuple(sorted(each)) for key, each in found.items()}


def _named(value: object, keys: frozenset[str], entry: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if value in keys:
            yield value, entry
    elif isinstance(value, list):
        for each in value:
            yield from _named(each, keys, entry)
    elif isinstance(value, dict):
        own = next((str(value[id]) for id in _IDS if isinstance(value.get(id), str)), "")
        for key, each in value.items():
            inner = own or (key if isinstance(each, dict) and not entry.count(".") else "")
            yield from _named(each, keys, inner or entry)


@cache
def _test_texts() -> tuple[tuple[str, str], ...]:
    paths = sorted((ROOT / "tests").rglob("test_*.py"))
    return tuple((path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths)


def tests_of(key: str) -> tuple[str, ...]:
    """The test modules that hold what rests on a source: by its key or an entry's id, or by the file of the entry."""
    entries = {use.entry for use in uses()[key] if "." in use.entry or "-" in use.entry}
    quoted = {f'"{name}"' for name in (key, *entries)}
    named = {path for path, text in _test_texts() if any(each in text for each in quoted)}
    named |= {use.file for use in uses()[key] if use.file.startswith("tests/")}
    held = {test for use in uses()[key] for start, test in _HELD_BY.items() if use.file.startswith(start)}
    if any(use.file.startswith("limits/") for use in uses()[key]):
        held.add("tests/rules/test_every_edge.py")
    named -= {"tests/knowledge/test_sources.py"}
    return tuple(sorted(named | held))


def _sources() -> str:
    register = source_register()
    read = sum(source.verified for source in register.values())
    parts = [
        f"{len(register)} sources of rules, limits, doses and medicines; {read} were read, {len(register) - read} are "
        "recalled and marked so wherever they are used. The sources of the figures of a study stand with the study."
    ]
    for source in register.values():
        parts += _source(source)
    return _page("Sources", *parts)


def _source(source: RegisteredSource) -> Iterator[str]:
    yield f"## {source.key}"
    yield _prose(source.citation) + ("" if source.verified else " **Recalled, not read.**")
    if source.address:
        yield "**Read at** " + ", ".join(_address(each) for each in source.address)
    if source.read:
        yield f"**What was read** {_prose(source.read)}"
    rules = [rule.id for rule in _all_rules() if source.key in rule.sources]
    if rules:
        yield "**Rules** " + ", ".join(_link("rules", id) for id in rules)
    by_file: dict[str, list[str]] = defaultdict(list)
    for use in uses()[source.key]:
        by_file[use.file].append(use.entry)
    yield "**Used in** " + "; ".join(
        f"`{file}`" + (f": {', '.join(entries)}" if any(entries) else "") for file, entries in by_file.items()
    )
    yield "**Tested by** " + ", ".join(f"`{test}`" for test in tests_of(source.key))


@cache
def _all_rules() -> tuple[Rule, ...]:
    book = rulebook(default_knowledge())
    return (*book.urgent, *book.rules)


# --- hazards ------------------------------------------------------------------------------------------------


def hazards() -> list[dict[str, object]]:
    """The entries of the hazard log."""
    table = tomllib.loads((DOCS / "safety" / "hazards.toml").read_text(encoding="utf-8"))
    found = table["hazard"]
    assert isinstance(found, list)
    return found


def _hazards() -> str:
    found = hazards()
    rows = (
        f"| [{each['id']}](#{_anchor(_title(each))}) | {_cell(each['hazard'])} | {each['severity']} |" for each in found
    )
    parts = [
        f"{len(found)} hazards. Severity is that of the harm if it came to pass. Each control is proved by the tests "
        "named with it; a test of the suite checks that each of them exists and is collected.",
        "\n".join(("| | Hazard | Severity |", "| --- | --- | --- |", *rows)),
    ]
    for each in found:
        parts += [
            f"## {_title(each)}",
            f"**Cause** {each['cause']}",
            f"**Harm** {each['harm']} Severity: **{each['severity']}**.",
            "**Controls**\n\n" + _bullets(each["controls"]),
            "**Proved by**\n\n" + _bullets(f"`{test}`" for test in _strings(each["tests"])),
            f"**What remains** {each['rest']}" if "rest" in each else "",
        ]
    return _page("Hazard log", *parts)


def _title(hazard: Mapping[str, object]) -> str:
    return f"{hazard['id']} {hazard['hazard']}"


def _strings(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(each) for each in value]


def _bullets(value: object) -> str:
    assert isinstance(value, Iterable)
    return "\n".join(f"- {each}" for each in value)


# --- writing ------------------------------------------------------------------------------------------------


def stale() -> list[str]:
    """The pages that are not as they would be written now."""
    return [
        name
        for name, text in pages().items()
        if not (DOCS / name).exists() or (DOCS / name).read_text(encoding="utf-8") != text
    ]


def main(arguments: list[str]) -> int:
    """Write, or check."""
    if "--check" in arguments:
        old = stale()
        print("\n".join(f"out of date: docs/{name} (make pages)" for name in old) or "every page is current")
        return 1 if old else 0
    for name, text in pages().items():
        path = DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
