"""Which classes a medicine is in: by ATC code, by RxNorm number, by name, and what is never guessed."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mgdecide.errors import InvalidKnowledge
from mgdecide.knowledge.medicine_class_table import load_medicine_classes, read_medicine_classes
from mgdecide.knowledge.medicine_register import load_register, read_register
from mgdecide.knowledge.medicine_words import LONGEST_NAME, spelled
from mgdecide.knowledge.medicines import Recognised, Unrecognised, classify, load_products

CLASSES = load_medicine_classes().classes


def known(name: str | None = None, *, atc: str | None = None, rxnorm: str | None = None) -> Recognised:
    found = classify(name, atc, rxnorm)
    assert isinstance(found, Recognised), found
    return found


# One line for each class: a name, an ATC code and an RxNorm ingredient number that belong to it. The numbers are
# those of the terminology dossier (codes.yaml) or of public value sets; None where no number was read.
EVERY_CLASS = [
    ("tetracycline", "doxycycline", "J01AA02", "3640"),
    ("fluoroquinolone", "ofloxacin", "J01MA01", "7623"),
    ("ciprofloxacin_or_delafloxacin", "ciprofloxacin", "J01MA02", "2551"),
    ("ciprofloxacin_or_delafloxacin", "delafloxacin", "J01MA23", "1927663"),
    ("levofloxacin_ofloxacin_norfloxacin", "levofloxacin", "J01MA12", "82122"),
    ("moxifloxacin", "moxifloxacin", "J01MA14", "139462"),
    ("other_quinolone", "gemifloxacin", "J01MA15", "138099"),
    ("oral_bisphosphonate", "alendronate", "M05BA04", "46041"),
    ("bisphosphonate", "zoledronic acid", "M05BA08", None),
    ("thyroid_hormone", "levothyroxine", "H03AA01", "10582"),
    ("dolutegravir", "dolutegravir", "J05AJ03", "1433868"),
    ("dolutegravir_with_rilpivirine", "Juluca", "J05AR21", None),
    ("bictegravir", "bictegravir", "J05AR20", "1999660"),
    ("raltegravir", "raltegravir", "J05AJ01", "719872"),
    ("elvitegravir", "elvitegravir", "J05AJ02", "1306286"),
    ("cabotegravir", "cabotegravir", "J05AJ04", None),
    ("integrase_inhibitor", "raltegravir", "J05AJ01", "719872"),
    ("gabapentin", "gabapentin", "N02BF01", "25480"),
    ("mycophenolate", "mycophenolate mofetil", "L04AA06", "68149"),
    ("oral_iron", "ferrous sulfate", "B03AA07", "24947"),
    ("penicillamine", "penicillamine", "M01CC01", "7975"),
    ("trientine", "trientine", "A16AX12", None),
    ("deferiprone", "deferiprone", "V03AC02", None),
    ("nitrofurantoin", "nitrofurantoin", "J01XE01", "7454"),
    ("chloroquine_or_hydroxychloroquine", "hydroxychloroquine", "P01BA02", "5521"),
    ("quinidine", "quinidine", "C01BA01", "9068"),
    ("rosuvastatin", "rosuvastatin", "C10AA07", "301542"),
    ("eltrombopag", "eltrombopag", "B02BX05", "711942"),
    ("cation_binder", "edetate", "V03AB03", None),
    ("sodium_fluoride", "sodium fluoride", "A12CD01", None),
    ("nitroxoline", "nitroxoline", "J01XX07", None),
    ("antacid_affected", "fexofenadine", "R06AX26", "87636"),
    ("atazanavir", "atazanavir", "J05AE08", "343047"),
    ("erlotinib", "erlotinib", "L01EB02", "337525"),
    ("ace_inhibitor", "lisinopril", "C09AA03", "29046"),
    ("ppi", "omeprazole", "A02BC01", "7646"),
    ("loop_diuretic", "furosemide", "C03CA01", "4603"),
    ("thiazide_diuretic", "hydrochlorothiazide", "C03AA03", "5487"),
    ("thiazide_diuretic", "chlorthalidone", "C03BA04", "2409"),
    ("potassium_sparing_diuretic", "spironolactone", "C03DA01", "9997"),
    ("diuretic", "torsemide", "C03CA04", "38413"),
    ("platinum", "cisplatin", "L01XA01", "2555"),
    ("egfr_antibody", "cetuximab", "L01FE01", "318341"),
    ("aminoglycoside", "gentamicin", "J01GB03", "1596450"),
    ("amphotericin", "amphotericin B", "J02AA01", None),
    ("foscarnet", "foscarnet", "J05AD01", None),
    ("pentamidine", "pentamidine", "P01CX01", "7994"),
    ("calcineurin_inhibitor", "tacrolimus", "L04AD02", "42316"),
    ("calcineurin_inhibitor", "sirolimus", "L04AH01", "35302"),
    ("digoxin", "digoxin", "C01AA05", "3407"),
    ("theophylline", "theophylline", "R03DA04", "10438"),
    ("beta2_agonist", "salbutamol", "R03AC02", "435"),
    ("insulin", "insulin glargine", "A10AE04", "274783"),
    ("laxative", "lactulose", "A06AD11", "6218"),
    ("patiromer", "patiromer", "V03AE09", None),
    ("polystyrene_sulfonate", "sodium polystyrene sulfonate", "V03AE01", None),
    ("active_vitamin_d", "calcitriol", "A11CC04", None),
    ("doxercalciferol", "doxercalciferol", "H05BX03", None),
    ("vitamin_d", "cholecalciferol", "A11CC05", "2418"),
    ("calcium_supplement", "calcium carbonate", "A12AA04", "1897"),
    ("zinc_supplement", "zinc sulfate", "A12CB01", None),
    ("ssri", "sertraline", "N06AB06", "36437"),
    ("citalopram_or_escitalopram", "escitalopram", "N06AB10", "321988"),
    ("snri", "venlafaxine", "N06AX16", "39786"),
    ("tca", "amitriptyline", "N06AA09", "704"),
    ("other_antidepressant", "mirtazapine", "N06AX11", "15996"),
    ("antidepressant", "vortioxetine", "N06AX26", "1455099"),
    ("antidepressant_nutraceutical", "St. John's wort", "N06AX25", "258326"),
    ("lithium", "lithium carbonate", "N05AN01", "42351"),
    ("antipsychotic", "risperidone", "N05AX08", "35636"),
    ("phenothiazine_or_sulpiride", "chlorpromazine", "N05AA01", "2403"),
    ("bipolar_or_psychosis_medicine", "lithium", "N05AN01", "6448"),
    ("carbamazepine_or_valproate", "sodium valproate", "N03AG01", "40254"),
    ("ketamine", "esketamine", "N06AX27", "2119365"),
    ("qt_prolonging_other", "haloperidol", "N05AD01", "5093"),
    ("qt_prolonging", "citalopram", "N06AB04", "2556"),
    ("benzodiazepine", "clonazepam", "N03AE01", "2598"),
    ("opioid", "methadone", "N07BC02", "6813"),
    ("general_anaesthetic", "propofol", "N01AX10", "8782"),
    ("cns_depressant", "zolpidem", "N05CF02", "39993"),
    ("neuromuscular_blocker", "rocuronium", "M03AC09", None),
    ("calcium_channel_blocker", "amlodipine", "C08CA01", "17767"),
    ("macrolide", "azithromycin", "J01FA10", "18631"),
    ("antibiotic", "amoxicillin", "J01CA04", "723"),
    ("antiviral", "aciclovir", "J05AB01", "281"),
    ("antiviral_long_term", "dolutegravir", "J05AJ03", "1433868"),
    ("corticosteroid", "prednisone", "H02AB07", "8640"),
    ("oral_contraceptive", "ethinylestradiol and levonorgestrel", "G03AA07", "214558"),
    ("magnesium_antacid_or_laxative", "magnesium hydroxide", "A02AA04", None),
    ("magnesium_product", "magnesium sulfate", "A12CC02", "6585"),
]


@pytest.mark.parametrize(("key", "name", "atc", "rxnorm"), EVERY_CLASS)
def test_a_class_is_found_by_name_by_atc_and_by_rxnorm(key: str, name: str, atc: str, rxnorm: str | None) -> None:
    assert key in known(name).classes
    assert key in known(name.upper()).classes
    assert key in known(atc=atc).classes
    assert key in known(atc=atc.lower()).classes
    if rxnorm is not None:
        assert key in known(rxnorm=rxnorm).classes


def test_the_table_above_leaves_no_class_out() -> None:
    only_possible = {key for key, one in CLASSES.items() if one.may and not (one.atc or one.members)}
    assert set(CLASSES) - only_possible == {key for key, *_ in EVERY_CLASS}


def test_the_classes_other_parts_ask_for_exist() -> None:
    """The brief's list and the classes that rules name."""
    wanted = """ssri snri tca other_antidepressant lithium antipsychotic bipolar_or_psychosis_medicine thiazide_diuretic
    loop_diuretic potassium_sparing_diuretic ppi opioid calcium_channel_blocker digoxin bisphosphonate fluoroquinolone
    antibiotic_long_term antiviral_long_term penicillamine trientine deferiprone doxercalciferol eltrombopag
    benzodiazepine oral_contraceptive corticosteroid insulin magnesium_product diuretic platinum egfr_antibody
    aminoglycoside amphotericin foscarnet pentamidine calcineurin_inhibitor theophylline beta2_agonist ketamine
    qt_prolonging"""
    assert set(wanted.split()) <= set(CLASSES)


# --- free text -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "ingredients"),
    [
        ("omeprazole 20 MG Delayed Release Oral Capsule", ("omeprazole",)),
        ("Omeprazole 20 mg capsule [Prilosec]", ("omeprazole",)),
        ("alendronate sodium 70 mg once weekly", ("alendronic acid",)),
        ("Frusemide 40mg tabs", ("furosemide",)),
        ("Lévothyroxine sodium 75 mcg", ("levothyroxine sodium",)),
        ("esomeprazole magnesium 20 mg", ("esomeprazole",)),
        ("losartan potassium 50 MG Oral Tablet", ("losartan",)),
        ("lisinopril/hydrochlorothiazide", ("lisinopril", "hydrochlorothiazide")),
        ("lisinopril-hydrochlorothiazide 20-12.5 mg", ("lisinopril", "hydrochlorothiazide")),
        ("Hydrochlorothiazide 12.5 MG / Lisinopril 10 MG Oral Tablet", ("hydrochlorothiazide", "lisinopril")),
        ("losartan HCT 50/12.5", ("losartan", "hydrochlorothiazide")),
        ("Co-amilofruse 5/40", ("amiloride", "furosemide")),
        ("Biktarvy", ("bictegravir", "emtricitabine", "tenofovir alafenamide")),
        ("vitamin D calcium", ("colecalciferol", "calcium")),
        ("Magnesium sulphate heptahydrate", ("magnesium sulfate",)),
        ("72 HR Fentanyl 0.025 MG/HR Transdermal System", ("fentanyl",)),
        ("120 ACTUAT fluticasone propionate 0.11 MG/ACTUAT Metered Dose Inhaler [Flovent]", ("fluticasone",)),
        ("atorvastatin", ("atorvastatin",)),
        ("METFORMIN hydrochloride 500 MG", ("metformin",)),
        ("Ibuprofen 400 MG Oral Tablet [Ibu]", ("ibuprofen",)),  # RxNorm puts the brand in square brackets
        ("Preservative-Free timolol 5 MG/ML Ophthalmic Solution", ("timolol",)),
    ],
)
def test_names_are_read_as_people_write_them(text: str, ingredients: tuple[str, ...]) -> None:
    assert known(text).ingredients == ingredients


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("lisinopril/hydrochlorothiazide", {"ace_inhibitor", "antacid_affected", "thiazide_diuretic", "diuretic"}),
        ("esomeprazole magnesium", {"ppi"}),  # the magnesium is its salt, not a product
        ("ciprofloxacin eye drops", set()),
        ("ciprofloxacin 2 MG/ML Otic Solution", set()),
        ("hydrocortisone 1% cream", set()),
        ("salbutamol inhaler", {"beta2_agonist"}),
        ("budesonide / formoterol inhaler", {"beta2_agonist"}),
        ("zoledronic acid 4 MG/100 ML Injection", {"bisphosphonate"}),
        ("ibandronic acid 3 MG/3 ML Prefilled Syringe", {"bisphosphonate"}),
        ("Cabenuva", set()),
        ("metformin", set()),
        ("atorvastatin", set()),
        ("glyburide", set()),
    ],
)
def test_classes_follow_the_way_a_medicine_is_given(text: str, classes: set[str]) -> None:
    assert known(text).classes == classes


def test_look_alikes_are_not_taken_for_each_other() -> None:
    assert known(rxnorm="1596450").ingredients == ("gentamicin",)
    assert known(rxnorm="4815").ingredients == ("glibenclamide",)  # once used for gentamicin by mistake
    assert "aminoglycoside" not in known(rxnorm="4815").classes
    assert known("chlorpropamide").classes != known("chlorpromazine").classes
    assert "lithium" not in known("lisinopril").classes
    assert "oral_iron" not in known("iron sucrose").classes
    assert "ssri" not in known("selegiline").classes
    assert "tetracycline" not in known("tetrabenazine").classes


# --- what is left open ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "sure", "open_"),
    [
        ("diuretic", {"diuretic"}, {"loop_diuretic", "thiazide_diuretic", "potassium_sparing_diuretic"}),
        ("SSRI", {"ssri", "antidepressant"}, {"citalopram_or_escitalopram"}),
        ("antacid", set(), {"magnesium_product", "magnesium_antacid_or_laxative"}),
        ("multivitamin with minerals", set(), {"magnesium_product"}),
        ("amoxicillin", {"antibiotic"}, {"antibiotic_long_term"}),
    ],
)
def test_a_hint_leaves_a_class_open_and_never_false(given: str, sure: set[str], open_: set[str]) -> None:
    found = known(given)
    assert found.classes == sure
    assert open_ <= found.possible
    assert not found.classes & found.possible


def test_an_atc_group_tells_only_what_all_its_members_share() -> None:
    antipsychotics = known(atc="N05A")
    assert "bipolar_or_psychosis_medicine" in antipsychotics.classes
    assert {"lithium", "qt_prolonging"} <= antipsychotics.possible
    assert known(atc="C03").classes == frozenset()
    assert {"loop_diuretic", "thiazide_diuretic", "potassium_sparing_diuretic"} <= known(atc="C03").possible


@pytest.mark.parametrize(
    ("name", "classes"),
    [
        ("zanzibarine", set()),
        ("sertraline + zanzibarine", {"ssri", "antidepressant"}),
        ("telmisartan plus", set()),  # plus what? A thiazide, most likely: not known is not "none"
        ("", set()),
        ("   ", set()),
        ("???", set()),
        ("20 mg", set()),
    ],
)
def test_an_unknown_part_makes_the_whole_unrecognised(name: str, classes: set[str]) -> None:
    found = classify(name)
    assert isinstance(found, Unrecognised)
    assert found.classes == classes


@pytest.mark.parametrize("name", ["no lithium", "lithium stopped", "allergy to sertraline", "magnesium-free antacid"])
def test_a_denied_medicine_is_not_taken(name: str) -> None:
    found = classify(name)
    assert isinstance(found, Unrecognised)
    assert found.classes == frozenset()


@pytest.mark.parametrize("code", ["Z99ZZ99", "A99AA01", "QJ01AA02", "A02BC1", "A02BC011", "omeprazole", "A", "7646"])
def test_what_is_no_atc_code_is_not_recognised(code: str) -> None:
    assert isinstance(classify(atc=code), Unrecognised)


@pytest.mark.parametrize(
    ("code", "ingredient", "key"),
    [  # evidence/rules.md section 8, end
        ("N03AX12", "gabapentin", "gabapentin"),
        ("J05AX08", "raltegravir", "raltegravir"),
        ("J05AX12", "dolutegravir", "dolutegravir"),
        ("L01XC06", "cetuximab", "egfr_antibody"),
        ("L04AA10", "sirolimus", "calcineurin_inhibitor"),
    ],
)
def test_codes_of_former_years_are_still_read(code: str, ingredient: str, key: str) -> None:
    found = known(atc=code)
    assert found.ingredients == (ingredient,)
    assert key in found.classes


def test_a_mixed_diuretic_is_in_both_classes() -> None:
    assert {"thiazide_diuretic", "potassium_sparing_diuretic"} <= known(atc="C03EA01").classes
    assert {"loop_diuretic", "potassium_sparing_diuretic"} <= known(atc="C03EB01").classes


def test_a_real_code_in_no_class_is_recognised() -> None:
    assert known(atc="B03XA06").classes == frozenset()  # luspatercept, not in the register


# --- several identifiers -------------------------------------------------------------------------------------


def test_a_code_and_a_name_that_disagree_are_reported_with_both() -> None:
    found = known("sertraline", atc="A02BC01")
    assert {"ssri", "ppi"} <= found.classes
    assert found.problems == ("omeprazole and sertraline are different medicines",)
    assert known("metformin", atc="J01MA25").problems == ("ATC J01MA25 and metformin are different medicines",)


@pytest.mark.parametrize(
    ("name", "atc", "rxnorm"),
    [
        ("sertraline 50 mg", "N06AB06", "36437"),
        ("lisinopril", "C09BA03", None),  # the name leaves the diuretic out; the code does not
        ("hydrocortisone", "D07AA02", None),
        ("Prilosec", None, "198051"),
        ("sertraline", None, "999999999"),
    ],
)
def test_identifiers_that_agree_are_no_problem(name: str, atc: str | None, rxnorm: str | None) -> None:
    assert known(name, atc=atc, rxnorm=rxnorm).problems == ()


def test_the_code_tells_the_route_that_the_name_leaves_out() -> None:
    assert "corticosteroid" in known("hydrocortisone").classes
    assert "corticosteroid" not in known("hydrocortisone", atc="D07AA02").classes


def test_an_atc_code_that_does_not_exist_is_said_beside_a_known_name() -> None:
    assert known("sertraline", atc="A99AA01").problems == ("A99AA01 is not an ATC code",)


def test_rxnorm_numbers_of_products_are_known() -> None:
    assert known(rxnorm="198051").ingredients == ("omeprazole",)
    assert set(known(rxnorm="197886").ingredients) == {"hydrochlorothiazide", "lisinopril"}
    assert len(load_products()) > 3000


@given(st.text(max_size=60), st.text(max_size=8), st.text(max_size=8))
def test_any_text_gets_an_answer(name: str, atc: str, rxnorm: str) -> None:
    found = classify(name, atc, rxnorm)
    assert found.classes <= set(CLASSES)
    if isinstance(found, Recognised):
        assert found.possible <= set(CLASSES) - found.classes


@given(st.sampled_from(sorted(load_register().rows)), st.sampled_from(sorted(load_register().rows)))
def test_a_combination_has_the_classes_of_its_parts(one: str, other: str) -> None:
    together = classify(f"{one} / {other}")
    for part in (one, other):
        assert known(part).classes <= together.classes


# --- the tables themselves -----------------------------------------------------------------------------------


def test_every_name_is_found_again_and_means_one_thing() -> None:
    register = load_register()
    for name in (*register.names, *register.rows):
        assert isinstance(classify(name), Recognised), name
    assert len(register.atc) > 1500
    assert len(register.rxnorm) > 600
    assert max(len(name.split()) for name in register.names) <= LONGEST_NAME


def test_every_member_of_a_class_has_a_line_in_the_register() -> None:
    rows = load_register().rows
    for one in CLASSES.values():
        assert set(one.members + one.recalled_members) <= set(rows), one.key
        assert all(spelled(word) == spelled(word.lower()) for word in one.words)


def test_every_code_of_the_register_is_in_a_group_that_exists() -> None:
    register = load_register()
    today = {code for code in register.atc if code not in dict(register.historic)}
    assert {code[:4] for code in today} <= register.atc_groups


@pytest.mark.parametrize(
    ("sources", "row"),
    [
        ("[]", 'atc = ["A"]'),
        ('["s"]', ""),
        ('["s"]', 'includes = ["b"]'),
        ('["s"]', 'atc = ["A"]\nodd = 1'),
    ],
)
def test_a_class_without_source_member_or_known_words_does_not_load(sources: str, row: str) -> None:
    head = f'edition = "1"\nsources = {sources}\nlocal_groups = []\ninhaled_groups = []\n'
    with pytest.raises(InvalidKnowledge):
        read_medicine_classes(f'{head}[[class]]\nkey = "a"\nname = "a"\n{row}')


def test_one_code_for_two_ingredients_does_not_load() -> None:
    table = """
edition = "1"
salt_metals = []
negations = []
local = []
inhaled = []
injected = []
noise = ""
ingredients = '''
one | A01AA01 | 1
two | A01AA01 | 2
'''
combinations = ''
historic = ''
atc_groups = 'A01A'
"""
    with pytest.raises(InvalidKnowledge, match="A01AA01"):
        _ = read_register(table).atc


def test_loading_is_quick() -> None:
    """What one assessment needs of medicines and interactions, read and indexed; the aim is 15 ms on a quiet core."""
    code = """
import time
from mgdecide.knowledge.interactions import load_interactions, _read_once
from mgdecide.knowledge.medicine_class_table import load_medicine_classes
from mgdecide.knowledge.medicine_register import load_register
from mgdecide.knowledge.medicines import load_classifier
best = 9.0
for _ in range(7):
    for each in (load_interactions, _read_once, load_medicine_classes, load_register, load_classifier):
        each.cache_clear()
    start = time.process_time()
    load_classifier().classify("metformin")
    load_interactions()
    best = min(best, time.process_time() - start)
print(best)
"""
    seconds = float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    assert seconds < 0.06  # four times the aim: the machine of a reviewer may be busy
