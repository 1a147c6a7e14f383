"""The rules of safe printing, each with its pattern, what to write instead, and who says so."""

from __future__ import annotations

import re

from attrs import frozen

_ISMP_LIST = (
    "ISMP list of error-prone abbreviations, symbols and dose designations, www.highbeam.com/doc/1G1-141091014.html"
)
_ISMP_DOSES = "ISMP error-prone dose designations, www.empr.com/charts/error-prone-dose-designations"
_FDA_ISMP = "FDA and ISMP, www.accessdata.fda.gov/scripts/cdrh/cfdocs/psn/printer.cfm?id=449"
_JOINT_COMMISSION = "Joint Commission do-not-use list, as at www.mmhs.com/content/abbavoidlink.htm"
_CUI = "NHS Common User Interface, www.mscui.com/DesignGuide/QuickGuides/MedicationLine/attributes/dose.aspx"
_ISMP_SALTS = "ISMP guidelines for safe electronic communication of medication information, 2019"
_ISMP_MAGNESIUM = "ISMP on errors with magnesium sulfate, ismp.org"
_HOUSE = "mgdecide-policy"


@frozen
class Rule:
    """One rule. ``prose_only`` does not hold in tables; ``laboratory_may`` not for results given per volume."""

    id: str
    sentence: str
    pattern: re.Pattern[str]
    write: str
    source: str
    prose_only: bool = False
    laboratory_may: bool = False


_MASS = r"(?:mg|mcg|kg|g|micrograms?|milligrams?|grams?|mmol|mEq|meq|mL|ml|dL|L|units)"
_END = r"(?![A-Za-z0-9])"
_START = r"(?<![A-Za-z0-9.,])"
_PER = r"(?P<per>\s?/\s?(?:[dmu]?[Ll]|min)\b|)"


def _rule(id: str, sentence: str, pattern: str, write: str, source: str, **options: bool) -> Rule:
    return Rule(id, sentence, re.compile(pattern), write, source, **options)


RULES: tuple[Rule, ...] = (
    _rule(
        "PRINT-01",
        "Magnesium sulfate is never abbreviated; MS and MSO4 are read as morphine sulfate too.",
        rf"(?<![A-Za-z0-9])(?:Mg\s?SO(?:4|\N{{SUBSCRIPT FOUR}})|MSO(?:4|\N{{SUBSCRIPT FOUR}})|MS){_END}",
        "write magnesium sulfate with its hydrate",
        _FDA_ISMP,
    ),
    _rule(
        "PRINT-02",
        "A dose has no trailing zero: 2.0 mg is read as 20 mg.",
        rf"{_START}[0-9][0-9,]*\.[0-9]*0(?=\s?{_MASS}{_END}{_PER})",
        "leave the trailing zero out",
        _ISMP_DOSES,
        laboratory_may=True,
    ),
    _rule(
        "PRINT-03",
        "A number below one has a leading zero: .2 mg is read as 2 mg.",
        r"(?<![A-Za-z0-9.)\]])\.[0-9]+",
        "put a zero before the decimal point",
        _ISMP_DOSES,
    ),
    _rule(
        "PRINT-04",
        "A space stands between a number and its unit.",
        rf"{_START}[0-9][0-9,.]*{_MASS}{_END}",
        "put a space before the unit",
        _CUI,
    ),
    _rule(
        "PRINT-05",
        "U and IU are written as units and international units.",
        rf"(?:{_START}[0-9][0-9,.]*\s?(?:U|u|iu)|(?<![A-Za-z0-9])I\.?U\.?){_END}(?={_PER})",
        "write units or international units",
        _JOINT_COMMISSION,
        laboratory_may=True,
    ),
    _rule(
        "PRINT-06",
        "QD and QOD are written as daily and every other day.",
        rf"(?<![A-Za-z0-9])(?:[Qq]\.?[Oo]\.?[Dd]\.?|[Qq]\.?[Dd]\.?){_END}",
        "write daily or every other day",
        _JOINT_COMMISSION,
    ),
    _rule(
        "PRINT-07",
        "Micrograms are written in words or as mcg.",
        rf"(?<![A-Za-z])(?:\N{{MICRO SIGN}}g|\N{{GREEK SMALL LETTER MU}}g|ug){_END}(?={_PER})",
        "write micrograms or mcg",
        _JOINT_COMMISSION,
        laboratory_may=True,
    ),
    _rule(
        "PRINT-08",
        "Less than and more than are words in prose.",
        r"(?<![-=<>])[<>]\s?=?\s?(?=[0-9.])|[\N{LESS-THAN OR EQUAL TO}\N{GREATER-THAN OR EQUAL TO}]",
        "write less than, more than, at least or at most",
        _ISMP_LIST,
        prose_only=True,
    ),
    _rule(
        "PRINT-09",
        "A dose of 1,000 or more has a comma.",
        rf"{_START}[0-9]{{4,}}(?:\.[0-9]+)?(?=\s?{_MASS}{_END})",
        "group the digits with a comma",
        _ISMP_DOSES,
    ),
    _rule(
        "PRINT-10",
        "Mg is not a unit: it reads as magnesium and as megagram.",
        rf"{_START}[0-9][0-9,.]*\s?Mg{_END}",
        "write mg for milligrams",
        _HOUSE,
    ),
    _rule(
        "PRINT-11",
        "A salt of magnesium is named in full and not by its symbol.",
        rf"(?<![A-Za-z0-9])Mg(?:O|CO[3\N{{SUBSCRIPT THREE}}]|Cl[2\N{{SUBSCRIPT TWO}}]"
        rf"|[0-9]?\([A-Z][A-Za-z0-9]*\)[0-9]?){_END}",
        "write the salt in full, with its hydrate",
        _ISMP_SALTS,
    ),
    _rule(
        "PRINT-12",
        "Cubic centimetres (cc) are written as mL.",
        rf"{_START}[0-9][0-9,.]*\s?cc{_END}",
        "write mL",
        _ISMP_LIST,
    ),
    _rule(
        "PRINT-13",
        "An ampoule is not a dose: strengths differ.",
        r"(?<![A-Za-z0-9])(?:[0-9]+|one|two|three|four)\s(?:amps?|ampoules?|ampules?)\b",
        "write the amount and its unit",
        _ISMP_MAGNESIUM,
    ),
)
"""In order of id. Ids are never used again for another rule."""
