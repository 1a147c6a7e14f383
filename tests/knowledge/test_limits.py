"""Edges as printed, exact conversion against other people's tables, and what the loader refuses."""

from __future__ import annotations

import pickle
import tomllib
from decimal import Decimal
from importlib.resources import files

import clincalc
import labunits.converters
import pytest
from hypothesis import given
from hypothesis import strategies as st
from molmass import Formula

from mgdecide.errors import InvalidKnowledge
from mgdecide.knowledge.catalogue import catalogue
from mgdecide.knowledge.conversions import conversions, convert, convert_edges, read_conversions
from mgdecide.knowledge.limits import Coefficient, Limit, all_limits, load_coefficients, load_limits, read_limits

KNOWLEDGE = files("mgdecide.knowledge")
LIMITS = load_limits()
COEFFICIENTS = load_coefficients()
UNITS = conversions()
NUMBERS: list[Limit | Coefficient] = [*LIMITS.values(), *COEFFICIENTS.values()]

# Facts that rules compute; the catalogue lists only what a record can hold.
COMPUTED = {
    "bmi", "adjusted_calcium", "albumin_corrected_magnesium", "fractional_excretion_magnesium",
    "magnesium_depletion_score", "alcohol_drinks_per_week", "result_age_days", "serum_magnesium_low",
    "serum_magnesium_high",
}  # fmt: skip


def register() -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for path in KNOWLEDGE.joinpath("sources").iterdir():
        if path.name.endswith(".toml"):
            found |= tomllib.loads(path.read_text(encoding="utf-8"))
    return found


SOURCES = register()
STUDIES = {path.name.removesuffix(".toml") for path in KNOWLEDGE.joinpath("studies").iterdir()}

# --- printed edges --------------------------------------------------------------------------------------------

CATEGORIES = [  # the reporting categories of evidence/rules.md section 3.3
    ("critical-low", "0.40", "0.97", "0.80"),
    ("severe-hypo", "0.50", "1.2", "1.0"),
    ("hypo-default", "0.70", "1.7", "1.4"),
    ("nhanes-1-low", "0.75", "1.82", "1.5"),
    ("risk-limit", "0.85", "2.07", "1.7"),
    ("high-default", "1.00", "2.43", "2.0"),
    ("hyper", "1.23", "3.0", "2.46"),
    ("hyper-extreme", "3.30", "8.0", "6.6"),
]


@pytest.mark.parametrize(("name", "mmol", "mg", "meq"), CATEGORIES)
def test_category_edges_stand_as_printed(name: str, mmol: str, mg: str, meq: str) -> None:
    limit = LIMITS[f"serum-magnesium.{name}"]
    printed = {unit: str(edge) for unit, edge in limit.printed.items()}
    assert printed == {"mmol/L": mmol, "mg/dL": mg, "mEq/L": meq}
    assert limit.derived == {"umol/L", "mg/L"}
    assert limit.edges["umol/L"] == Decimal(mmol) * 1000
    assert limit.edges["mg/L"] == Decimal(mg) * 10


@pytest.mark.parametrize("unit", ["mmol/L", "mg/dL", "mEq/L", "umol/L", "mg/L"])
def test_category_edges_rise_in_every_unit(unit: str) -> None:
    edges = [LIMITS[f"serum-magnesium.{name}"].edges[unit] for name, *_ in CATEGORIES]
    assert edges == sorted(set(edges))


CTCAE = [
    ("hypomagnesaemia-2", "1.2", "0.5"),
    ("hypomagnesaemia-3", "0.9", "0.4"),
    ("hypomagnesaemia-4", "0.7", "0.3"),
    ("hypermagnesaemia-3", "3.0", "1.23"),
    ("hypermagnesaemia-4", "8.0", "3.30"),
]


@pytest.mark.parametrize(("name", "mg", "mmol"), CTCAE)
def test_ctcae_keeps_both_columns_and_derives_neither(name: str, mg: str, mmol: str) -> None:
    limit = LIMITS[f"ctcae.{name}"]
    assert {unit: str(edge) for unit, edge in limit.printed.items()} == {"mg/dL": mg, "mmol/L": mmol}
    assert "mEq/L" not in limit.edges  # no column, so no grade
    assert limit.edges["mg/L"] == Decimal(mg) * 10
    assert not limit.overridable
    # 0.9 mg/dL is 0.370 mmol/L, not 0.4: a computed column would change grades.
    assert abs(limit.edges["mmol/L"] / limit.edges["mg/dL"] - Decimal("0.41144")) > Decimal("0.0005")


PRINTED = [
    ("oral-magnesium.kidney-stop", "mL/min/1.73m2", "30"),
    ("oral-magnesium.kidney-caution", "mL/min/1.73m2", "60"),
    ("depletion-score.kidney-mild-below", "mL/min/1.73m2", "90"),
    ("depletion-score.kidney-reduced-below", "mL/min/1.73m2", "60"),
    ("depletion-score.alcohol-women", "drinks/day", "1"),
    ("depletion-score.alcohol-men", "drinks/day", "2"),
    ("alcohol.week-men", "drinks/week", "15"),
    ("alcohol.week-women", "drinks/week", "8"),
    ("audit-c.positive-men", "points", "4"),
    ("audit-c.positive-women", "points", "3"),
    ("urgent.potassium-low", "mmol/L", "3.0"),
    ("urgent.adjusted-calcium-low", "mmol/L", "1.9"),
    ("urgent.critical-high", "mg/dL", "5.0"),
    ("urgent.critical-high", "mmol/L", "2.06"),
    ("urgent.refeeding-bmi", "kg/m2", "16"),
    ("qtc.prolonged-men", "ms", "450"),
    ("qtc.prolonged-women", "ms", "460"),
    ("qtc.high-risk", "ms", "500"),
    ("qtc.magnesium-risk-factor", "mg/dL", "1.7"),
    ("cardiac-target.magnesium", "mg/dL", "2.0"),
    ("gitelman.floor", "mmol/L", "0.6"),
    ("fractional-excretion.possible-wasting", "%", "2"),
    ("fractional-excretion.wasting", "%", "4"),
    ("urine-magnesium-24h.wasting", "mmol/24h", "1"),
    ("urine-magnesium-24h.wasting", "mg/24h", "24"),
    ("albumin-correction.show-below", "g/L", "30"),
    ("zinc.low-women", "ug/dL", "70"),
    ("zinc.low-men", "ug/dL", "74"),
    ("selenium.low", "ug/L", "70"),
    ("ferritin.low", "ug/L", "15"),
    ("ferritin.low-clinical", "ug/L", "30"),
    ("ferritin.low-inflammation", "ug/L", "70"),
    ("unit-suspect.mmol.from", "mmol/L", "1.40"),
    ("unit-suspect.mg-dl-low.low", "mg/dL", "0.50"),
    ("unit-suspect.mg-dl-low.high", "mg/dL", "1.15"),
    ("unit-suspect.meq-high.low", "mEq/L", "2.2"),
    ("unit-suspect.meq-high.high", "mEq/L", "3.0"),
    ("plausible.serum_magnesium.low", "mmol/L", "0.05"),
    ("plausible.serum_magnesium.high", "mmol/L", "15"),
    ("stale.result", "days", "90"),
    ("children.default.low", "mmol/L", "0.65"),
    ("children.default.high", "mmol/L", "1.10"),
    ("caffeine.note-above", "mg/day", "400"),
    ("upper-level.us", "mg/day", "350"),
    ("upper-level.eu", "mg/day", "250"),
    ("upper-level.here", "mg/day", "350"),
]


@pytest.mark.parametrize(("id", "unit", "edge"), PRINTED)
def test_limits_stand_as_their_sources_print_them(id: str, unit: str, edge: str) -> None:
    assert str(LIMITS[id].printed[unit]) == edge


def test_trimester_ranges_answer_nothing_until_a_site_sets_them() -> None:
    for trimester in (1, 2, 3):
        for side in ("low", "high"):
            limit = LIMITS[f"pregnancy.trimester-{trimester}.{side}"]
            assert limit.site_only
            assert limit.printed
            assert limit.edges == {}
            assert not limit.verified


def test_unit_suspects_apply_in_the_stated_unit_only() -> None:
    for id, limit in LIMITS.items():
        if id.startswith("unit-suspect."):
            assert limit.derived == frozenset(), id


# --- conversions against other people's arithmetic -----------------------------------------------------------

LABUNITS = [  # fact, LOINC, traditional unit, SI unit, tolerance: labunits rounds its factors
    ("serum_magnesium", "19123-9", "mg/dL", "mmol/L", 2e-4),
    ("serum_magnesium", "2601-3", "mEq/L", "mmol/L", 0),
    ("serum_creatinine", "2160-0", "mg/dL", "umol/L", 0),
    ("albumin", "1751-7", "g/dL", "g/L", 0),
    ("serum_potassium", "2823-3", "mEq/L", "mmol/L", 0),
    ("ferritin", "2276-4", "ng/mL", "ug/L", 0),
    ("zinc", "5763-8", "ug/dL", "umol/L", 5e-4),
    ("selenium", "5722-4", "ug/L", "umol/L", 4e-3),
    ("serum_calcium", "17864-0", "mg/dL", "mmol/L", 3e-3),
]


@pytest.mark.parametrize(("fact", "loinc", "unit", "si", "tolerance"), LABUNITS)
def test_factors_agree_with_labunits(fact: str, loinc: str, unit: str, si: str, tolerance: float) -> None:
    ours = convert(fact, Decimal(1), unit, si)
    assert ours is not None
    assert float(ours) == pytest.approx(labunits.converters.to_si_unit(1, loinc), rel=tolerance or 1e-12)


@pytest.mark.parametrize(
    ("fact", "element", "unit", "litres"),
    [
        ("serum_magnesium", "Mg", "mg/dL", 10),
        ("serum_calcium", "Ca", "mg/dL", 10),
        ("serum_phosphate", "P", "mg/dL", 10),
        ("zinc", "Zn", "ug/dL", 10),
        ("selenium", "Se", "ug/L", 1),
    ],
)
def test_mass_factors_are_the_molar_masses(fact: str, element: str, unit: str, litres: int) -> None:
    amount = "umol/L" if unit.startswith("u") else "mmol/L"
    ours = convert(fact, Decimal(1), amount, unit)
    assert ours is not None
    assert float(ours) * litres == pytest.approx(Formula(element).mass, rel=1e-4)


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [  # golden vectors and the conversion table of the dossier
        ("2.0", "mg/dL", "mmol/L", "0.8229"),
        ("2.0", "mg/dL", "mEq/L", "1.6458"),
        ("1", "mmol/L", "mg/dL", "2.4305"),
        ("2", "mEq/L", "mg/dL", "2.4305"),
        ("2.0", "mmol/L", "mg/dL", "4.8610"),
        ("1", "mg/L", "mg/dL", "0.1000"),
        ("1", "umol/L", "mmol/L", "0.0010"),
    ],
)
def test_magnesium_conversions(value: str, unit: str, to: str, expected: str) -> None:
    found = convert("serum_magnesium", Decimal(value), unit, to)
    assert found is not None
    assert found.quantize(Decimal("0.0001")) == Decimal(expected)


PAIRS = [(fact, unit, to) for fact in UNITS.scales for unit in UNITS.units(fact) for to in UNITS.units(fact)]


@given(st.sampled_from(PAIRS), st.decimals("0.001", "1000", places=3))
def test_there_and_back_is_the_same_number(pair: tuple[str, str, str], value: Decimal) -> None:
    fact, unit, to = pair
    there = UNITS.convert(fact, value, unit, to)
    assert there is not None
    back = UNITS.convert(fact, there, to, unit)
    assert back is not None
    assert abs(back - value) <= abs(value) * Decimal("1e-35")
    if UNITS.scales[fact][unit].kind == UNITS.scales[fact][to].kind and fact != "serum_creatinine":
        assert back == value


def test_hba1c_has_no_factor() -> None:
    assert convert("hba1c", Decimal(7), "%", "mmol/mol") is None
    assert UNITS.factor("hba1c", "%", "%") == 1


def test_an_edge_printed_in_one_unit_reaches_the_others() -> None:
    edges = convert_edges("serum_magnesium", {"mg/dL": Decimal("1.8")}, ("mmol/L", "mg/dL", "mg/L"))
    assert list(edges) == ["mg/dL", "mmol/L", "mg/L"]
    assert edges["mg/dL"] == Decimal("1.8")
    assert edges["mg/L"] == 18
    assert edges["mmol/L"] * Decimal("2.4305") == pytest.approx(Decimal("1.8"), rel=Decimal("1e-30"))


@pytest.mark.parametrize(("sex", "age", "creatinine"), [("female", 55, 0.9), ("male", 72, 2.4), ("female", 40, 0.6)])
def test_ckd_epi_coefficients_give_what_another_calculator_gives(sex: str, age: int, creatinine: float) -> None:
    def coefficient(name: str) -> float:
        return float(COEFFICIENTS[f"ckd-epi-2021.{name}"].value)

    ratio = creatinine / coefficient(f"kappa-{sex}")
    ours = (
        coefficient("scale")
        * min(ratio, 1) ** coefficient(f"alpha-{sex}")
        * max(ratio, 1) ** coefficient("exponent")
        * coefficient("age-base") ** age
        * (coefficient("female") if sex == "female" else 1)
    )
    theirs = clincalc.calculate("egfr", {"age": age, "creatinine": creatinine, "creatinine_unit": "mg/dL", "sex": sex})
    assert abs(ours - theirs["result"]) <= 0.5


def test_cockcroft_gault_coefficients() -> None:
    value = {key: COEFFICIENTS[f"cockcroft-gault.{key}"].value for key in ("age", "divisor", "female")}
    ours = (value["age"] - 70) * 60 / (value["divisor"] * Decimal("1.2")) * value["female"]
    assert ours.quantize(Decimal("0.1")) == Decimal("41.3")


def test_the_albumin_slope_is_the_same_in_both_units() -> None:
    slope = COEFFICIENTS["albumin-correction.slope"].value
    assert slope * Decimal("2.4305") == COEFFICIENTS["albumin-correction.slope-mg-dl"].value


# --- sources, facts, units -----------------------------------------------------------------------------------


def test_every_source_key_exists() -> None:
    cited = {key: item.id for item in NUMBERS for key in item.sources}
    cited |= dict.fromkeys(_conversion_sources(), "conversions")
    unknown = {key: where for key, where in cited.items() if key not in SOURCES and not key[-4:].isdigit()}
    assert unknown == {}
    if STUDIES:  # a study is its own source
        assert {key for key in cited if key not in SOURCES} <= STUDIES


def _conversion_sources() -> set[str]:
    table = tomllib.loads(KNOWLEDGE.joinpath("conversions.toml").read_text(encoding="utf-8"))
    return {key for analyte in table["analyte"] for key in analyte["source"]}


def test_no_limit_is_surer_than_all_of_its_sources() -> None:
    for item in NUMBERS:
        known = [SOURCES[key] for key in item.sources if key in SOURCES]
        if item.verified and known:
            assert any(source["verified"] for source in known), item.id


OURS = tomllib.loads(KNOWLEDGE.joinpath("sources", "clinical.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("key", sorted(OURS))
def test_every_source_says_what_was_read_and_where(key: str) -> None:
    source = OURS[key]
    assert source["citation"]
    assert source["read"]
    if source["verified"] and not key.startswith(("mgdecide-", "site-")):
        assert source["address"], "verified without an address"


def test_recalled_limits_are_these() -> None:
    """A limit changes side only on purpose."""
    recalled = {item.id for item in NUMBERS if not item.verified}
    ours = {id for id in recalled if not id.startswith(("statement.", "companion.", "data-quality."))}
    assert ours == {
        *(f"pregnancy.trimester-{number}.{side}" for number in (1, 2, 3) for side in ("low", "high")),
        "cardiac-target.magnesium",
        "cardiac-target.potassium.low",
        "cardiac-target.potassium.high",
        "ferritin.low-clinical",
        "ferritin.low-inflammation",
        "selenium.high-concern.low",
        "selenium.high-concern.high",
        "zinc.copper-deficiency-from",
    }


@pytest.mark.parametrize("limit", LIMITS.values(), ids=lambda limit: limit.id)
def test_every_limit_speaks_of_a_fact_in_a_unit_it_has(limit: Limit) -> None:
    fact = catalogue().facts.get(limit.fact)
    if fact is None:
        assert limit.fact in COMPUTED
        return
    assert set(limit.printed) <= set(fact.units)
    assert limit.meaning.endswith(".")


def test_every_laboratory_unit_of_the_catalogue_is_known() -> None:
    for fact in catalogue().kind("lab"):
        for unit in fact.units:
            assert UNITS.allows(fact.name, unit), f"{fact.name} in {unit}"


def test_every_number_has_a_plausible_range_in_every_unit() -> None:
    limits = all_limits()
    for fact in (*catalogue().kind("lab"), *catalogue().kind("number")):
        bounds = limits.plausible(fact.name)
        assert bounds is not None, fact.name
        for unit in fact.units:
            assert bounds[0].edges[unit] < bounds[1].edges[unit]


def test_no_plausible_range_cuts_off_a_limit() -> None:
    limits = all_limits()
    for limit in LIMITS.values():
        bounds = limits.plausible(limit.fact)
        if bounds is not None and not limit.id.startswith("plausible."):
            for unit, edge in limit.edges.items():
                assert bounds[0].edges[unit] <= edge <= bounds[1].edges[unit], f"{limit.id} in {unit}"


def test_limits_travel_between_processes() -> None:
    assert pickle.loads(pickle.dumps(LIMITS["serum-magnesium.hyper"])) == LIMITS["serum-magnesium.hyper"]


# --- what does not load ----------------------------------------------------------------------------------------

GOOD = """
[[limit]]
id = "a.b"
meaning = "M."
fact = "serum_potassium"
edges = { "mmol/L" = "3.0" }
edition = "1"
source = ["mgdecide-policy"]
"""


def refuse(text: str) -> dict[str, str]:
    with pytest.raises(InvalidKnowledge) as caught:
        read_limits({"x.toml": text}, UNITS, known_sources=frozenset(SOURCES))
    return {problem.code: str(problem) for problem in caught.value.problems}


def test_a_good_entry_loads() -> None:
    limit = read_limits({"x.toml": GOOD}, UNITS, known_sources=frozenset(SOURCES)).limits["a.b"]
    assert limit.edges == {"mmol/L": Decimal("3.0"), "mEq/L": Decimal("3.0")}
    assert not limit.verified  # unless it says so


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('source = ["mgdecide-policy"]', "", "MGD-K205"),
        ('source = ["mgdecide-policy"]', "source = []", "MGD-K201"),
        ('"mgdecide-policy"', '"mgdecide-polcy"', "MGD-K205"),
        ('"3.0"', "3.0", "MGD-K202"),
        ('"3.0"', "3", "MGD-K202"),
        ('"3.0"', '"NaN"', "MGD-K202"),
        ('"3.0"', '"3,0"', "MGD-K202"),
        ('"3.0"', '" 3.0"', "MGD-K202"),
        ('"3.0"', '"1e999"', "MGD-K202"),
        ('"mmol/L"', '"mg/dL"', "MGD-K203"),
        ('{ "mmol/L" = "3.0" }', "{}", "MGD-K201"),
        ('meaning = "M."', "", "MGD-K201"),
        ('meaning = "M."', 'meaning = " "', "MGD-K201"),
        ('edition = "1"', "", "MGD-K201"),
        ('edition = "1"', 'edition = "1"\nstrictr = "lower"', "MGD-K201"),
        ('edition = "1"', 'edition = "1"\nstricter = "lower"', "MGD-K206"),
        ('edition = "1"', 'edition = "1"\noverridable = true\nlocked = true', "MGD-K206"),
        ('edition = "1"', 'edition = "1"\noverridable = "yes"', "MGD-K201"),
        ('"serum_potassium"\nedges = {', '"serum_potassium"\nedges = { "mEq/L" = "3",', "MGD-K206"),
        ("[[limit]]", "[[limt]]", "MGD-K201"),
        ("[[limit]]", "[limit]", "MGD-K201"),
        ("[[limit]]", "[[limit", "MGD-K209"),
    ],
)
def test_the_loader_refuses(old: str, new: str, code: str) -> None:
    assert old in GOOD
    assert code in refuse(GOOD.replace(old, new))


def test_an_id_is_taken_once() -> None:
    assert "MGD-K204" in refuse(GOOD + GOOD)


def test_messages_name_file_entry_key_and_the_nearest_word() -> None:
    assert "x.toml: limit a.b.source" in refuse(GOOD.replace("mgdecide-policy", "mgdecide-polcy"))["MGD-K205"]
    assert "nearest: mgdecide-policy" in refuse(GOOD.replace("mgdecide-policy", "mgdecide-polcy"))["MGD-K205"]
    assert "a float loses its digits" in refuse(GOOD.replace('"3.0"', "3.0"))["MGD-K202"]
    assert "mmol/L, mEq/L" in refuse(GOOD.replace('"mmol/L"', '"g/L"'))["MGD-K203"]


def test_all_mistakes_are_told_at_once() -> None:
    broken = GOOD.replace('"3.0"', "3.0").replace('edition = "1"', "").replace('["mgdecide-policy"]', '["nobody"]')
    assert {"MGD-K201", "MGD-K202", "MGD-K205"} <= set(refuse(broken))


def test_orders_must_rise_and_name_limits() -> None:
    second = GOOD.replace('"a.b"', '"a.c"')
    assert "MGD-K207" in refuse(GOOD + second + '[[order]]\nids = ["a.b", "a.c"]\n')
    assert "MGD-K208" in refuse(GOOD + '[[order]]\nids = ["a.b", "a.d"]\n')


def test_a_range_must_not_be_empty() -> None:
    span = GOOD.replace("[[limit]]", "[[span]]").replace("edges", "low") + 'high = { "mmol/L" = "2.0" }\n'
    assert "MGD-K207" in refuse(span)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            'plain = []\n[[analyte]]\nname = "x"\nfacts = ["f"]\nsource = ["s"]\n[analyte.units]\n"u" = {kind="mass"}',
            "202",
        ),
        (
            'plain = []\n[[analyte]]\nname = "x"\nfacts = ["f"]\nsource = ["s"]\n'
            '[analyte.units]\n"u" = {kind="mass", per="0"}',
            "202",
        ),
        ('plain = []\n[[analyte]]\nname = "x"\nfacts = ["f"]\n[analyte.units]\n"u" = {kind="mass", per="1"}', "205"),
        (
            'plain = []\n[[analyte]]\nname = "x"\nfacts = ["f", "f"]\nsource = ["s"]\n'
            '[analyte.units]\n"u" = {kind="mass", per="1"}',
            "204",
        ),
    ],
)
def test_conversions_refuse(text: str, code: str) -> None:
    with pytest.raises(InvalidKnowledge) as caught:
        read_conversions(text)
    assert f"MGD-K{code}" in {problem.code for problem in caught.value.problems}
