"""The data of every picture, read off an assessment and the knowledge it was made with.

Regimens appear only behind an open gate: while it is not open, no study's dose and no fit is drawn anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from statistics import NormalDist

from mgdecide.adapters.evidence.body_pools import body_statement
from mgdecide.adapters.pictures.canvas import Picture, span
from mgdecide.adapters.pictures.day import day_schedule
from mgdecide.adapters.pictures.dose_ladder import LadderMark, Rung, dose_ladder
from mgdecide.adapters.pictures.forest import Estimate, ForestGroup, ForestPool, ForestRow, forest_plot
from mgdecide.adapters.pictures.level_line import Level, LevelEdge, LevelInterval, level_line
from mgdecide.adapters.pictures.salt_map import evidence_map_of
from mgdecide.adapters.pictures.trial_fit import FitCell, FitRow, trial_fit_strip
from mgdecide.adapters.report.words import level_word
from mgdecide.assessment import Assessment
from mgdecide.domain.dayplan import Dose
from mgdecide.domain.verdicts import Fit, Regimens
from mgdecide.knowledge.body_types import Body, BodyRow, StoredPool
from mgdecide.knowledge.edition import Knowledge, default_knowledge
from mgdecide.knowledge.intake import Sex, State, reference_row
from mgdecide.knowledge.studies import load_study
from mgdecide.rules.row import elemental_mg_per_day

FIRST_BODY = "oral-magnesium-depressive-symptoms"
PATIENT_WORDS: Mapping[Fit | None, str] = {
    Fit.FITS: "fits",
    Fit.CANNOT_TELL: "may fit",
    Fit.DOES_NOT_FIT: "outside",
    None: "not judged",
}
"""How a study stands to this patient, as the forest plot and the tables mark it."""

_METHOD = "REML"
_REACH = NormalDist().inv_cdf(0.975)
_ADULT = 18
_EDGES = (
    ("critically low", "serum-magnesium.critical-low", True),
    ("severely low", "serum-magnesium.severe-hypo", True),
    ("below the NHANES I interval", "serum-magnesium.nhanes-1-low", True),
    ("below the proposed risk limit (contested)", "serum-magnesium.risk-limit", True),
    ("high", "serum-magnesium.hyper", False),
    ("extremely high", "serum-magnesium.hyper-extreme", False),
)
_ADULT_EDGES = ("serum-magnesium.nhanes-1-low", "serum-magnesium.risk-limit")
"""Not used in pregnancy or under 18 (see rules/status.py)."""
_PUBLISHED = {
    "interval.nhanes-1": "NHANES I, 1971 to 1974",
    "interval.nhanes-2021-women": "NHANES 2021 to 2023, women",
    "interval.nhanes-2021-men": "NHANES 2021 to 2023, men",
    "interval.nhs": "NHS laboratories",
    "interval.australasia": "Australasian laboratories",
}


def pictures_of(assessment: Assessment, knowledge: Knowledge | None = None) -> dict[str, Picture]:
    """Every picture there is something to draw for, by name.

    Args:
        knowledge: the edition the assessment was made with; the default one where it was made with that.
    """
    known = knowledge or default_knowledge()
    found = {
        "level-line": level_of(assessment, known),
        "trial-fit": trial_fit_of(assessment),
        "dose-ladder": ladder_of(assessment, known),
        "forest-plot": forest_of(next(body for body in known.bodies if body.id == FIRST_BODY), assessment),
        "evidence-map": evidence_map_of(),
        "day-schedule": day_of(assessment, known),
    }
    return {name: picture for name, picture in found.items() if picture is not None}


# --- the patient's value ------------------------------------------------------------------------------------


def level_of(assessment: Assessment, known: Knowledge) -> Picture | None:
    """Serum magnesium on its intervals; None where no value was given."""
    status = assessment.status
    if status.value is None or status.unit is None:
        return None
    value = status.value.lstrip("<>= ")
    unit = status.unit
    intervals: list[LevelInterval] = []
    if status.interval is not None:
        name = f"In force ({status.interval.origin})"
        intervals.append(LevelInterval(name, status.interval.low, status.interval.high, used=True))
    for id, name in _PUBLISHED.items():
        low, high = (_edge(known, f"{id}.{end}", unit) for end in ("low", "high"))
        if low and high and _speaks_of(assessment, id):
            converted = " (converted)" if unit in known.limits[f"{id}.low"].derived else ""
            intervals.append(LevelInterval(name + converted, low, high))
    level = Level(
        "Serum magnesium",
        value,
        unit,
        status.on or "",
        level_word(status.category),
        status.converted,
        status.value[: len(status.value) - len(value)],
    )
    return level_line(level, tuple(intervals), tuple(_edges(assessment, known, unit, Decimal(value))))


def _speaks_of(assessment: Assessment, id: str) -> bool:
    sex = assessment.patient.sex
    return not (id.endswith("-women") and sex == "male") and not (id.endswith("-men") and sex == "female")


def _edges(assessment: Assessment, known: Knowledge, unit: str, value: Decimal) -> Iterator[LevelEdge]:
    """The edges of the categories; that of extremes only where the value comes near: it would squeeze the rest."""
    patient = assessment.patient
    adult = (patient.age_years is None or patient.age_years >= _ADULT) and patient.pregnancy != "pregnant"
    high = Decimal(_edge(known, "serum-magnesium.hyper", unit) or "Infinity")
    for name, id, below in _EDGES:
        edge = _edge(known, id, unit)
        left_out = (id in _ADULT_EDGES and not adult) or (id.endswith("-extreme") and value < high)
        if edge is not None and not left_out:
            converted = " (converted)" if unit in known.limits[id].derived else ""
            yield LevelEdge(name + converted, edge, below)


def _edge(known: Knowledge, id: str, unit: str) -> str | None:
    """The edge in a unit: as printed, or converted and shortened for showing."""
    limit = known.limits.get(id)
    edge = None if limit is None else limit.edges.get(unit)
    if limit is None or edge is None:
        return None
    return f"{edge:f}" if unit in limit.printed else f"{float(edge):.3g}"


# --- regimens -----------------------------------------------------------------------------------------------


def trial_fit_of(assessment: Assessment) -> Picture | None:
    """The strip behind an open gate; None while regimens are withheld."""
    held = assessment.regimens
    if not isinstance(held, Regimens):
        return None
    return trial_fit_strip(
        tuple(
            FitRow(
                each.study,
                f"{_salt_words(each.dose.salt)}; {_against(each.comparator)}",
                each.fit,
                tuple(FitCell(criterion.text, criterion.verdict) for criterion in each.criteria),
            )
            for each in held.items
        )
    )


def ladder_of(assessment: Assessment, known: Knowledge) -> Picture:
    """References, upper levels, the patient's products, and behind an open gate the studies by salt."""
    notes: list[str] = []
    marks = [*_references(assessment, notes), *_upper_levels(assessment, known, notes)]
    held = assessment.regimens
    if isinstance(held, Regimens):
        studied = sorted(held.items, key=lambda each: each.study)
        marks += [
            LadderMark(Rung.STUDY, f"{r.study}: {_salt_words(r.dose.salt)}", r.dose.low, r.dose.high) for r in studied
        ]
    else:
        notes.append("Doses of studies are withheld while the gate is not open.")
    marks += _products(assessment, notes)
    eaten = assessment.patient.diet_magnesium_mg_per_day
    if eaten is not None:
        marks.append(LadderMark(Rung.DIET, "as recorded", float(eaten), float(eaten)))
    return dose_ladder(tuple(marks), tuple(notes))


def _references(assessment: Assessment, notes: list[str]) -> Iterator[LadderMark]:
    patient = assessment.patient
    if patient.age_years is None or patient.sex not in ("female", "male"):
        notes.append("No intake reference is drawn: it needs age and sex.")
        return
    sex: Sex = "female" if patient.sex == "female" else "male"
    state: State = "pregnant" if patient.pregnancy == "pregnant" else "lactating" if patient.lactating else ""
    for measure, words in (("EAR", "average requirement"), ("RDA", "recommended allowance")):
        row = reference_row("IOM", "EAR" if measure == "EAR" else "RDA", float(patient.age_years), sex, state)
        if row is not None:
            source = ", ".join(filter(None, (row.issuer, row.state)))
            yield LadderMark(Rung.INTAKE, f"{measure}, {words}", row.milligrams, row.milligrams, source)


def _upper_levels(assessment: Assessment, known: Knowledge, notes: list[str]) -> Iterator[LadderMark]:
    """Those of adults; under 18 the level for the age, where one is held."""
    age = assessment.patient.age_years
    if age is not None and age < _ADULT:
        rows = {
            where: reference_row(issuer, "UL", float(age), None) for where, issuer in (("US", "IOM"), ("EU", "EFSA"))
        }
        for where, row in rows.items():
            if row is None:
                notes.append(f"No {where} upper level for this age is held.")
            else:
                label = f"{where} upper level for this age"
                yield LadderMark(Rung.UPPER, label, row.milligrams, row.milligrams, row.issuer)
        return
    for where in ("us", "eu"):
        limit = known.limits[f"upper-level.{where}"]
        level = known.number(limit.id)
        yield LadderMark(Rung.UPPER, f"{where.upper()} upper level, adults", level, level, ", ".join(limit.sources))


def _products(assessment: Assessment, notes: list[str]) -> Iterator[LadderMark]:
    products = assessment.patient.magnesium_products
    if products is None:
        notes.append("Whether the patient takes magnesium products was not recorded.")
        return
    if not products:
        notes.append("The patient takes no magnesium product.")
    low = high = 0.0
    known = True
    for product in products:
        basis = f"basis {product.basis}" if product.basis else "basis not stated"
        often = f" x {product.per_day.normalize():f}" if product.per_day is not None else ", doses a day not recorded"
        label = f"{product.salt} {product.amount}{often}, {basis}"
        found = elemental_mg_per_day(product)
        if found is None:
            known = False
            yield LadderMark(Rung.PRODUCT, label, None, None)
            continue
        low, high = low + float(found[0]), high + float(found[1])
        yield LadderMark(Rung.PRODUCT, label, float(found[0]), float(found[1]))
    if len(products) > 1 and known:
        yield LadderMark(Rung.PRODUCT, "all products together", low, high)


# --- studies ------------------------------------------------------------------------------------------------


def forest_of(body: Body, assessment: Assessment | None = None) -> Picture | None:
    """The forest plot of a body from its stored pools; None where it has no rows.

    Flagged studies stand below the pool without them, with a second pool that takes them in. Studies without a
    usable figure keep a row. With an assessment behind an open gate, every study is marked for this patient.
    """
    if not body.rows:
        return None
    held = None if assessment is None else assessment.regimens
    fits = {each.study: each.fit for each in held.items} if isinstance(held, Regimens) else {}
    shown_doses = assessment is None or isinstance(held, Regimens)
    stored = {each.name: each for each in body.stored}
    default, every = body.pool_rows("default"), body.pool_rows("with-flagged")
    flagged = tuple(row for row in every if row.pool == "flagged")

    def rows(listed: tuple[BodyRow, ...], pool: StoredPool | None, over: tuple[BodyRow, ...]) -> tuple[ForestRow, ...]:
        weights = _weights(over, pool)
        return tuple(
            _forest_row(row.study, row, weights.get(row.study), "", fits, assessment is not None, shown_doses)
            for row in sorted(listed, key=lambda each: each.study)
        )

    groups: list[ForestGroup] = []
    if default:
        pool = stored.get("default")
        heading = "In the pool"
        groups.append(ForestGroup(heading, rows(default, pool, default), _pools("Pool", pool, len(default))))
    if flagged:
        pool = stored.get("with-flagged")
        heading = "Printed figures do not hold together: left out of any pool above, taken into the one below"
        told = "Pool with flagged studies" if default else "Pool of flagged studies only"
        groups.append(
            ForestGroup(heading, rows(flagged, None if default else pool, flagged), _pools(told, pool, len(every)))
        )
    without = tuple(
        _forest_row(member.study, None, None, member.why, fits, assessment is not None, shown_doses)
        for member in sorted(body.members, key=lambda each: each.study)
        if member.pool == "outside" and load_study(member.study).dose is not None
    )
    if without:
        groups.append(ForestGroup("Bears on the question, in no pool", without))
    measure = stored["default" if default else "with-flagged"].measure if stored else "effect"
    notes = (f"Certainty {body.certainty}. {body_statement(body)}", body.rule, body.rows_note, *_withheld(shown_doses))
    return forest_plot(body.outcome, f"{measure} (Hedges' g)" if measure == "SMD" else measure, tuple(groups), notes)


def _salt_words(salt: str) -> str:
    return "salt not found" if salt.startswith("not ") else salt


def _against(comparator: str) -> str:
    return "no control group" if comparator == "none" else f"against {comparator}"


def _withheld(shown: bool) -> tuple[str, ...]:
    return () if shown else ("Doses and fit are withheld while the gate is not open.",)


def _forest_row(
    id: str,
    row: BodyRow | None,
    weight: float | None,
    why: str,
    fits: Mapping[str, Fit],
    marked: bool,
    doses: bool,
) -> ForestRow:
    study = load_study(id)
    wide = 0.0 if row is None else _REACH * row.vi**0.5
    return ForestRow(
        study=id,
        dose=_dose_words(id) if doses else "",
        comparator=_against("none" if study.comparator is None else study.comparator.text),
        blinding=f"blinding {study.design.blinding}",
        risk_of_bias=study.risk_of_bias.overall if study.risk_of_bias is not None else "not judged",
        fit=PATIENT_WORDS[fits.get(id)] if marked else "",
        flags=len(study.flags),
        estimate=None if row is None else Estimate(row.yi, row.yi - wide, row.yi + wide),
        weight=weight,
        why=why,
    )


def _dose_words(id: str) -> str:
    dose = load_study(id).dose
    if dose is None:
        return ""
    if dose.low is None or dose.high is None:
        return f"{_salt_words(dose.salt)}, elemental dose not known"
    return f"{_salt_words(dose.salt)}, {span(dose.low, dose.high)} mg elemental a day"


def _weights(rows: tuple[BodyRow, ...], pool: StoredPool | None) -> dict[str, float]:
    """Percent of the random-effects weight, 1 / (vi + tau2)."""
    tau2 = None if pool is None else pool.methods[_METHOD].get("tau2")
    raw = {row.study: 1 / (row.vi + (tau2 if isinstance(tau2, float) else 0.0)) for row in rows}
    return {study: 100 * weight / sum(raw.values()) for study, weight in raw.items()} if pool else {}


def _pools(label: str, pool: StoredPool | None, studies: int) -> tuple[ForestPool, ...]:
    if pool is None:
        return ()
    found = pool.methods[_METHOD]
    ci, value = _pair(found.get("ci_knapp_hartung")), found.get("estimate")
    kind = "Knapp-Hartung interval" if ci else "Wald interval"
    ci = ci or _pair(found.get("ci"))
    if ci is None or not isinstance(value, float):
        return ()
    tau2, i2 = found.get("tau2"), found.get("i2")
    spread = f"tau2 {tau2:.2f}, I2 {i2:.0f}%" if isinstance(tau2, float) and isinstance(i2, float) else ""
    told = f"{label}, {studies} {'study' if studies == 1 else 'studies'}, {_METHOD}, {kind}"
    return (ForestPool(told, Estimate(value, *ci), _pair(found.get("prediction")), spread),)


def _pair(given: object) -> tuple[float, float] | None:
    if isinstance(given, list | tuple) and len(given) == 2:
        return float(given[0]), float(given[1])
    return None


# --- the day ------------------------------------------------------------------------------------------------


def day_of(assessment: Assessment, known: Knowledge) -> Picture | None:
    """The 24 hours, where a medicine with a clock time must be kept apart; the widest published hours are kept."""
    rows = {row.id: row for row in known.interactions}
    times = {known.name_of(each): each.times for each in assessment.patient.medications}
    doses: list[Dose] = []
    without: set[str] = set()
    for finding in assessment.findings:
        row = rows.get(finding.rule) or rows.get(finding.rule.removeprefix("interaction."))
        if finding.action != "separate" or row is None or row.separation is None or not finding.subject:
            continue
        before, after = row.separation.widest_before_minutes, row.separation.widest_after_minutes
        minutes = times.get(finding.subject, ())
        doses += [Dose(finding.subject, minute, before, after) for minute in minutes]
        if not minutes:
            without.add(finding.subject)
    return day_schedule(doses, sorted(without)) if doses else None
