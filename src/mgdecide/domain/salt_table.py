"""The table behind ``salts.py``: names, formulas and families. No figure of a salt stands here; all are computed.

Formulas are in Hill order; ``written_as`` shows ions and water. Where a name is sold for a form beyond the 33, the
form is listed under ``FURTHER_FORMS`` and widens the family (malate, threonate, acetyl taurate).
"""

from __future__ import annotations

from fractions import Fraction

from mgdecide.domain.intervals import Interval
from mgdecide.domain.salts import Salt, SaltFamily

# fmt: off
SALTS: tuple[Salt, ...] = (
    Salt("oxide", "magnesium oxide", "MgO", "MgO", "anhydrous", "oxide", ("MgO",)),
    Salt("hydroxide", "magnesium hydroxide", "H2MgO2", "Mg(OH)2", "anhydrous", "hydroxide",
         ("Mg(OH)2", "milk of magnesia")),
    Salt("carbonate", "magnesium carbonate, anhydrous", "CMgO3", "MgCO3", "anhydrous", "carbonate", (),
         "Goods called magnesium carbonate are usually the basic carbonate."),
    Salt("carbonate_basic", "basic magnesium carbonate pentahydrate", "C4H12Mg5O19", "(MgCO3)4Mg(OH)2(H2O)5",
         "pentahydrate", "carbonate",
         ("magnesium carbonate, basic (4 MgCO3 . Mg(OH)2 . 5 H2O)", "magnesium carbonate hydroxide pentahydrate"),
         "By formula; real goods hold 24 to 28.8 % magnesium."),
    Salt("citrate_tri_anhydrous", "trimagnesium dicitrate, anhydrous", "C12H10Mg3O14", "Mg3(C6H5O7)2", "anhydrous",
         "citrate", ("trimagnesium citrate anhydrous", "tribasic magnesium citrate anhydrous")),
    Salt("citrate_tri_nonahydrate", "trimagnesium dicitrate nonahydrate", "C12H28Mg3O23", "Mg3(C6H5O7)2(H2O)9",
         "nonahydrate", "citrate",
         ("trimagnesium citrate nonahydrate", "tribasic magnesium citrate nonahydrate",
          "magnesium citrate nonahydrate")),
    Salt("citrate_hydrogen", "magnesium hydrogen citrate, anhydrous", "C6H6MgO7", "Mg(C6H6O7)", "anhydrous", "citrate",
         ("magnesium hydrogen citrate (dibasic), anhydrous", "magnesium hydrogen citrate", "dibasic magnesium citrate",
          "dibasic magnesium citrate anhydrous", "magnesium citrate 1:1")),
    Salt("chloride_anhydrous", "magnesium chloride, anhydrous", "Cl2Mg", "MgCl2", "anhydrous", "chloride"),
    Salt("chloride_hexahydrate", "magnesium chloride hexahydrate", "Cl2H12MgO6", "MgCl2(H2O)6", "hexahydrate",
         "chloride", ("MgCl2.6H2O", "MgCl2(H2O)6")),
    Salt("sulfate_anhydrous", "magnesium sulfate, anhydrous", "MgO4S", "MgSO4", "anhydrous", "sulfate"),
    Salt("sulfate_heptahydrate", "magnesium sulfate heptahydrate", "H14MgO11S", "MgSO4(H2O)7", "heptahydrate",
         "sulfate", ("MgSO4.7H2O", "MgSO4(H2O)7", "Epsom salt", "Epsom salts")),
    Salt("orotate_anhydrous", "magnesium orotate, anhydrous", "C10H6MgN4O8", "Mg(C5H3N2O4)2", "anhydrous", "orotate"),
    Salt("orotate_dihydrate", "magnesium orotate dihydrate", "C10H10MgN4O10", "Mg(C5H3N2O4)2(H2O)2", "dihydrate",
         "orotate"),
    Salt("aspartate_anhydrous", "magnesium aspartate, anhydrous", "C8H12MgN2O8", "Mg(C4H6NO4)2", "anhydrous",
         "aspartate", ("magnesium bis(hydrogen aspartate), anhydrous",)),
    Salt("aspartate_dihydrate", "magnesium aspartate dihydrate", "C8H16MgN2O10", "Mg(C4H6NO4)2(H2O)2", "dihydrate",
         "aspartate", ("magnesium aspartate dihydrate (L or DL)", "magnesium DL-aspartate dihydrate")),
    Salt("aspartate_dl_tetrahydrate", "magnesium DL-aspartate tetrahydrate", "C8H20MgN2O12", "Mg(C4H6NO4)2(H2O)4",
         "tetrahydrate", "aspartate",
         ("magnesium bis(hydrogen DL-aspartate) tetrahydrate", "magnesium aspartate tetrahydrate")),
    Salt("aspartate_hcl_trihydrate", "magnesium aspartate hydrochloride trihydrate", "C4H12ClMgNO7",
         "Mg(C4H6NO4)Cl(H2O)3", "trihydrate", "aspartate hydrochloride",
         ("magnesium aspartate hydrochloride", "magnesium aspartate HCl", "magnesium aspartate HCl trihydrate")),
    Salt("bisglycinate", "magnesium bisglycinate, anhydrous", "C4H8MgN2O4", "Mg(C2H4NO2)2", "anhydrous", "glycinate",
         ("magnesium bisglycinate (glycinate), anhydrous", "magnesium glycinate anhydrous",
          "magnesium diglycinate anhydrous")),
    Salt("bisglycinate_dihydrate", "magnesium bisglycinate dihydrate", "C4H12MgN2O6", "Mg(C2H4NO2)2(H2O)2",
         "dihydrate", "glycinate", ("magnesium glycinate dihydrate", "magnesium diglycinate dihydrate")),
    Salt("lactate_anhydrous", "magnesium lactate, anhydrous", "C6H10MgO6", "Mg(C3H5O3)2", "anhydrous", "lactate"),
    Salt("lactate_dihydrate", "magnesium lactate dihydrate", "C6H14MgO8", "Mg(C3H5O3)2(H2O)2", "dihydrate", "lactate"),
    Salt("gluconate_anhydrous", "magnesium gluconate, anhydrous", "C12H22MgO14", "Mg(C6H11O7)2", "anhydrous",
         "gluconate"),
    Salt("gluconate_dihydrate", "magnesium gluconate dihydrate", "C12H26MgO16", "Mg(C6H11O7)2(H2O)2", "dihydrate",
         "gluconate"),
    Salt("malate", "magnesium malate, anhydrous", "C4H4MgO5", "Mg(C4H4O5)", "anhydrous", "malate",
         ("magnesium malate (1:1), anhydrous", "magnesium malate (1:1)", "magnesium malate 1:1")),
    Salt("taurate", "magnesium taurate", "C4H12MgN2O6S2", "Mg(C2H6NO3S)2", "anhydrous", "taurate",
         ("magnesium taurinate", "magnesium taurate anhydrous")),
    Salt("acetyl_taurate", "magnesium acetyl taurate, anhydrous", "C8H16MgN2O8S2", "Mg(C4H8NO4S)2", "anhydrous",
         "acetyl taurate", ("magnesium acetyl taurate (ATA Mg), anhydrous", "magnesium acetyltaurate anhydrous")),
    Salt("threonate", "magnesium L-threonate, anhydrous", "C8H14MgO10", "Mg(C4H7O5)2", "anhydrous", "threonate"),
    Salt("pidolate", "magnesium pidolate", "C10H12MgN2O6", "Mg(C5H6NO3)2", "anhydrous", "pidolate",
         ("magnesium pidolate (pyroglutamate)", "magnesium pyroglutamate", "magnesium pidolate anhydrous")),
    Salt("glycerophosphate", "magnesium glycerophosphate", "C3H7MgO6P", "Mg(C3H7O6P)", "anhydrous",
         "glycerophosphate", ("magnesium glycerylphosphate", "magnesium glycerophosphate anhydrous")),
    Salt("ascorbate", "magnesium ascorbate", "C12H14MgO12", "Mg(C6H7O6)2", "anhydrous", "ascorbate",
         ("magnesium ascorbate anhydrous",), "A dihydrate is sold too and holds less magnesium."),
    Salt("salicylate", "magnesium salicylate, anhydrous", "C14H10MgO6", "Mg(C7H5O3)2", "anhydrous", "salicylate"),
    Salt("salicylate_tetrahydrate", "magnesium salicylate tetrahydrate", "C14H18MgO10", "Mg(C7H5O3)2(H2O)4",
         "tetrahydrate", "salicylate"),
    Salt("levulinate", "magnesium levulinate", "C10H14MgO6", "Mg(C5H7O3)2", "anhydrous", "levulinate",
         ("magnesium levulinate anhydrous",)),
)

FURTHER_FORMS: tuple[Salt, ...] = (
    Salt("malate_trihydrate", "magnesium malate trihydrate", "C4H10MgO8", "Mg(C4H4O5)(H2O)3", "trihydrate", "malate",
         ("magnesium malate (1:1) trihydrate",)),
    Salt("dimagnesium_malate", "dimagnesium malate", "C4H6Mg2O7", "Mg2(OH)2(C4H4O5)", "anhydrous", "malate",
         ("di-magnesium malate",)),
    Salt("acetyl_taurate_dihydrate", "magnesium acetyl taurate dihydrate", "C8H20MgN2O10S2", "Mg(C4H8NO4S)2(H2O)2",
         "dihydrate", "acetyl taurate"),
    Salt("threonate_monohydrate", "magnesium L-threonate monohydrate", "C8H16MgO11", "Mg(C4H7O5)2(H2O)", "monohydrate",
         "threonate"),
)
# fmt: on

_BY_ID = {salt.id: salt for salt in (*SALTS, *FURTHER_FORMS)}

_BASIC_CARBONATE_AS_SOLD = Interval(Fraction("0.24"), Fraction("0.288"))
"""Basic carbonates of commerce vary in carbonate, hydroxide and water. The European Pharmacopoeia asks for 40 to 45 %
as oxide and the USP for 40.0 to 43.5 %, hence 24.1 to 27.1 % magnesium; the upper end is the anhydrous salt's."""

_THREONATE_AS_LABELLED = Interval(Fraction("0.072"), Fraction("0.072"))
"""Labels declare 72 mg of magnesium in 1,000 mg: less than the monohydrate's formula gives."""

_CARBONATE_NOTE = "Basic carbonates vary: real goods hold 24 to 28.8 % magnesium."


def _family(name: str, *forms: str, aliases: tuple[str, ...] = (), id: str = "") -> SaltFamily:
    counter_ion = name.removeprefix("magnesium ")
    members = tuple(_BY_ID[form] for form in forms)
    return SaltFamily(id or f"{counter_ion.replace(' ', '_')}_any", name, members, aliases)


FAMILIES: tuple[SaltFamily, ...] = (
    SaltFamily(
        "carbonate_any",
        "magnesium carbonate",
        (_BY_ID["carbonate"], _BY_ID["carbonate_basic"]),
        ("MgCO3",),
        _BASIC_CARBONATE_AS_SOLD,
        _CARBONATE_NOTE,
    ),
    SaltFamily(
        "carbonate_basic_any",
        "basic magnesium carbonate",
        (_BY_ID["carbonate_basic"],),
        ("light magnesium carbonate", "heavy magnesium carbonate", "magnesium carbonate hydroxide"),
        _BASIC_CARBONATE_AS_SOLD,
        _CARBONATE_NOTE,
    ),
    _family("magnesium citrate", "citrate_tri_anhydrous", "citrate_tri_nonahydrate", "citrate_hydrogen"),
    _family(
        "trimagnesium dicitrate",
        "citrate_tri_anhydrous",
        "citrate_tri_nonahydrate",
        aliases=("trimagnesium citrate", "tribasic magnesium citrate"),
        id="citrate_tri_any",
    ),
    # An anhydrous citrate may be the 3:2 or the 1:1 salt.
    _family("magnesium citrate, anhydrous", "citrate_tri_anhydrous", "citrate_hydrogen", id="citrate_anhydrous_any"),
    # "MgCl2" and "MgSO4" are written for the hydrates as often as for the anhydrous salts.
    _family("magnesium chloride", "chloride_anhydrous", "chloride_hexahydrate", aliases=("MgCl2",)),
    _family("magnesium sulfate", "sulfate_anhydrous", "sulfate_heptahydrate", aliases=("MgSO4",)),
    _family("magnesium orotate", "orotate_anhydrous", "orotate_dihydrate"),
    _family(
        "magnesium aspartate",
        "aspartate_anhydrous",
        "aspartate_dihydrate",
        "aspartate_dl_tetrahydrate",
        aliases=("magnesium hydrogen aspartate", "magnesium bis(hydrogen aspartate)"),
    ),
    _family("magnesium DL-aspartate", "aspartate_dihydrate", "aspartate_dl_tetrahydrate", id="aspartate_dl_any"),
    _family(
        "magnesium glycinate",
        "bisglycinate",
        "bisglycinate_dihydrate",
        aliases=("magnesium bisglycinate", "magnesium diglycinate"),
    ),
    _family("magnesium lactate", "lactate_anhydrous", "lactate_dihydrate"),
    _family("magnesium gluconate", "gluconate_anhydrous", "gluconate_dihydrate"),
    _family("magnesium malate", "malate", "malate_trihydrate", "dimagnesium_malate"),
    _family(
        "magnesium acetyl taurate",
        "acetyl_taurate",
        "acetyl_taurate_dihydrate",
        aliases=("magnesium acetyltaurate", "magnesium N-acetyl taurate"),
    ),
    SaltFamily(
        "threonate_any",
        "magnesium L-threonate",
        (_BY_ID["threonate"], _BY_ID["threonate_monohydrate"]),
        ("Magtein",),
        _THREONATE_AS_LABELLED,
        "Labels declare 144 mg magnesium in 2,000 mg.",
    ),
    _family("magnesium salicylate", "salicylate", "salicylate_tetrahydrate"),
)
"""Names that leave the form open. Several forms may be meant; none of them is guessed."""
