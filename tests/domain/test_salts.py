"""The dose forms and how a name finds one."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from mgdecide.domain.intervals import Interval
from mgdecide.domain.safeprint import check
from mgdecide.domain.salts import (
    Salt,
    SaltFamily,
    find_salt,
    further_forms,
    salt_by_id,
    salt_families,
    salts,
)
from mgdecide.errors import SaltUnknown

TABLE = (Path(__file__).parent / "salt_figures.csv").read_text(encoding="utf-8").splitlines()
FIGURES = [tuple(row.values()) for row in csv.DictReader(line for line in TABLE if not line.startswith("#"))]
EVERYTHING: tuple[Salt | SaltFamily, ...] = (*salts(), *further_forms(), *salt_families())


@pytest.mark.parametrize(("id", "mass", "share", "salt_for_100_mg"), FIGURES)
def test_figures_of_the_dossier(id: str, mass: str, share: str, salt_for_100_mg: str) -> None:
    salt = salt_by_id(id)
    assert float(salt.molar_mass) == pytest.approx(float(mass), abs=0.006)
    assert float(salt.elemental_fraction) == pytest.approx(float(share), abs=0.000006)
    assert float(100 / salt.elemental_fraction) == pytest.approx(float(salt_for_100_mg), rel=2e-4)


def test_there_are_33_forms_each_with_an_id_and_a_name_of_its_own() -> None:
    assert [salt.id for salt in salts()] == [row[0] for row in FIGURES]
    assert len({each.id for each in EVERYTHING}) == len(EVERYTHING)
    assert len({each.name for each in EVERYTHING}) == len(EVERYTHING)


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("magnesium oxide", "oxide"),
        ("MgO", "oxide"),
        ("mgo", "oxide"),
        ("Oxide", "oxide"),
        ("MAGNESIUM CHLORIDE HEXAHYDRATE", "chloride_hexahydrate"),
        ("chloride hexahydrate", "chloride_hexahydrate"),
        ("MgCl2 . 6 H2O", "chloride_hexahydrate"),
        ("MgCl2\u00b76H2O", "chloride_hexahydrate"),
        ("anhydrous magnesium chloride", "chloride_anhydrous"),
        ("magnesium chloride, anhydrous", "chloride_anhydrous"),
        ("magnesium sulphate heptahydrate", "sulfate_heptahydrate"),
        ("Magnesium Sulphate Anhydrous", "sulfate_anhydrous"),
        ("Epsom salts", "sulfate_heptahydrate"),
        ("sulfate_heptahydrate", "sulfate_heptahydrate"),
        ("carbonate_basic", "carbonate_basic"),
        ("magnesium carbonate, basic (4 MgCO3 . Mg(OH)2 . 5 H2O)", "carbonate_basic"),
        ("magnesium glycinate dihydrate", "bisglycinate_dihydrate"),
        ("magnesium bis(hydrogen DL-aspartate) tetrahydrate", "aspartate_dl_tetrahydrate"),
        ("magnesium pyroglutamate", "pidolate"),
        ("milk of magnesia", "hydroxide"),
        ("dimagnesium malate", "dimagnesium_malate"),
    ],
)
def test_a_full_name_finds_its_form(name: str, id: str) -> None:
    found = find_salt(name)
    assert isinstance(found, Salt)
    assert found.id == id


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("magnesium sulfate", {"sulfate_anhydrous", "sulfate_heptahydrate"}),
        ("Magnesium Sulphate", {"sulfate_anhydrous", "sulfate_heptahydrate"}),
        ("MgSO4", {"sulfate_anhydrous", "sulfate_heptahydrate"}),
        ("magnesium chloride", {"chloride_anhydrous", "chloride_hexahydrate"}),
        ("MgCl2", {"chloride_anhydrous", "chloride_hexahydrate"}),
        ("magnesium citrate", {"citrate_tri_anhydrous", "citrate_tri_nonahydrate", "citrate_hydrogen"}),
        ("magnesium citrate anhydrous", {"citrate_tri_anhydrous", "citrate_hydrogen"}),
        ("trimagnesium citrate", {"citrate_tri_anhydrous", "citrate_tri_nonahydrate"}),
        ("magnesium glycinate", {"bisglycinate", "bisglycinate_dihydrate"}),
        ("Magnesium Bisglycinate", {"bisglycinate", "bisglycinate_dihydrate"}),
        ("magnesium orotate", {"orotate_anhydrous", "orotate_dihydrate"}),
        ("magnesium lactate", {"lactate_anhydrous", "lactate_dihydrate"}),
        ("magnesium gluconate", {"gluconate_anhydrous", "gluconate_dihydrate"}),
        ("magnesium aspartate", {"aspartate_anhydrous", "aspartate_dihydrate", "aspartate_dl_tetrahydrate"}),
        ("magnesium carbonate", {"carbonate", "carbonate_basic"}),
        ("carbonate", {"carbonate", "carbonate_basic"}),
        ("malate", {"malate", "malate_trihydrate", "dimagnesium_malate"}),
        ("magnesium threonate", {"threonate", "threonate_monohydrate"}),
        ("magnesium salicylate", {"salicylate", "salicylate_tetrahydrate"}),
    ],
)
def test_a_name_without_hydrate_finds_every_form_it_may_mean(name: str, forms: set[str]) -> None:
    found = find_salt(name)
    assert isinstance(found, SaltFamily)
    assert {form.id for form in found.forms} == forms


def test_the_family_runs_from_the_least_to_the_most_magnesium() -> None:
    fractions = find_salt("magnesium chloride").elemental_fractions
    assert fractions.low == salt_by_id("chloride_hexahydrate").elemental_fraction
    assert fractions.high == salt_by_id("chloride_anhydrous").elemental_fraction


def test_basic_carbonate_as_sold_is_wider_than_its_formula() -> None:
    """European Pharmacopoeia: 40 to 45 % as oxide, hence 24.1 to 27.1 % magnesium."""
    sold = find_salt("basic magnesium carbonate").elemental_fractions
    assert sold == Interval("0.24", "0.288")
    for as_oxide in ("0.40", "0.45"):
        assert Fraction(as_oxide) * Fraction(24305, 40304) in sold
    assert "24 to 28.8 %" in find_salt("basic magnesium carbonate").note


def test_labels_of_threonate_lie_inside_their_family() -> None:
    """Labels print 144 mg magnesium for 2,000 mg, which no formula of the salt gives."""
    assert Fraction(144, 2000) in find_salt("magnesium threonate").elemental_fractions


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("magnesium oxid", "magnesium oxide"),
        ("magnesum citrate", "magnesium citrate"),
        ("magnesium sulphat", "magnesium sulfate"),
        ("threonat", "magnesium L-threonate"),
        ("MSO4", "morphine"),
        ("MS", "morphine"),
        ("magnesium", "write the salt in full"),
        ("", "write the salt in full"),
        ("   ", "write the salt in full"),
        ("x" * 10_000, "write the salt in full"),
        ("sodium chloride \N{PILE OF POO}", "magnesium chloride"),
    ],
)
def test_an_unknown_salt_is_refused_with_the_nearest_names(given: str, words: str) -> None:
    with pytest.raises(SaltUnknown) as caught:
        find_salt(given)
    (problem,) = caught.value.problems
    assert problem.code == "MGD-U111"
    assert words in problem.accepted
    assert len(problem.given) < 100


def test_a_text_of_more_than_two_hundred_signs_is_no_name() -> None:
    assert find_salt("magnesium oxide".ljust(200)) is salt_by_id("oxide")
    for too_long in ("magnesium oxide".ljust(201), "magnesium".ljust(201)):
        with pytest.raises(SaltUnknown, match="lists them"):
            find_salt(too_long)
    with pytest.raises(SaltUnknown, match=r"in full, such as .magnesium chloride hexahydrate"):
        find_salt("magnesium".ljust(200))


@pytest.mark.parametrize("given", ["magnesium sulfat", "citrat", "aspartat"])
def test_no_more_than_three_names_are_proposed(given: str) -> None:
    with pytest.raises(SaltUnknown) as caught:
        find_salt(given)
    proposed = caught.value.problems[0].accepted.removeprefix("did you mean ").removesuffix("?").split(" or ")
    assert len(proposed) == 3
    assert proposed[0] == f"magnesium {given.split()[-1]}e"


@pytest.mark.parametrize("given", [None, 5, [], b"magnesium oxide"])
def test_what_is_no_text_is_refused_the_same_way(given: object) -> None:
    with pytest.raises(SaltUnknown, match="MGD-U111"):
        find_salt(given)  # type: ignore[arg-type]  # the error is the test


def test_a_salt_found_is_found_again_as_itself() -> None:
    for each in EVERYTHING:
        assert find_salt(each) is each
        assert find_salt(each.name) is each


def test_no_name_or_note_that_is_printed_holds_a_symbol() -> None:
    for each in EVERYTHING:
        assert check(each.name) == ()
        assert check(each.note) == ()


def test_a_salt_is_what_its_id_says_whatever_is_told_of_it() -> None:
    """Words about a form change between editions; a dose stored with an older one is still of the same salt."""
    oxide, sulfate = salt_by_id("oxide"), find_salt("magnesium sulfate")
    assert isinstance(sulfate, SaltFamily)
    told: dict[str, Any] = {"name": "another name", "aliases": ("another alias",), "note": "Another note."}
    further: dict[str, Any] = {
        "formula": "Mg",
        "written_as": "Mg",
        "hydration": "monohydrate",
        "counter_ion": "another",
    }
    for older in (evolve(oxide, **told, **further), evolve(sulfate, **told, forms=(oxide,), sold_as=Interval(0, 1))):
        now: Salt | SaltFamily = oxide if isinstance(older, Salt) else sulfate
        assert (older, hash(older)) == (now, hash(now))
    assert evolve(oxide, id="another") != oxide


def test_a_salt_is_shown_by_its_id_and_name() -> None:
    assert repr(salt_by_id("oxide")) == "Salt(id='oxide', name='magnesium oxide')"
    assert repr(find_salt("magnesium sulfate")) == "SaltFamily(id='sulfate_any', name='magnesium sulfate')"


def test_an_id_is_one_form_even_where_the_name_is_not() -> None:
    assert salt_by_id("malate").name == "magnesium malate, anhydrous"
    with pytest.raises(KeyError):
        salt_by_id("magnesium malate")
