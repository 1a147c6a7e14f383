"""The shape of a patient record: which keys there are and what kind of value each takes. Nothing is required here.

Strict: no key beyond these, no text where a number belongs, no number where true or false belongs. Names, units, ranges
and dates are looked at afterwards (``reader``), so that every mistake of both kinds is reported at once.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema

from mgdecide.adapters.record.values import (
    Measured,
    atc,
    clock_time,
    day,
    loinc,
    measured,
    number,
    rxnorm,
    text,
    whole,
)

_DIGITS = r"^\s*([0-9]{1,20}(\.[0-9]{0,20})?|\.[0-9]{1,20})\s*$"
_WITH_COMPARATOR = r"^\s*(<=|>=|=<|=>|<|>|\u2264|\u2265)?\s*([0-9]{1,20}(\.[0-9]{0,20})?|\.[0-9]{1,20})\s*$"
_NUMBER = [{"type": "number", "minimum": 0}, {"type": "string", "pattern": _DIGITS}, {"type": "null"}]
_TEXT = {"type": ["string", "null"], "minLength": 1, "maxLength": 200}

Number = Annotated[Decimal | None, PlainValidator(number), WithJsonSchema({"anyOf": _NUMBER})]
Value = Annotated[
    Measured | None,
    PlainValidator(measured),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": _WITH_COMPARATOR}]}),
]
Whole = Annotated[
    int | None,
    PlainValidator(whole),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0}, *_NUMBER[1:]]}),
]
Day = Annotated[date | None, PlainValidator(day), WithJsonSchema({"type": ["string", "null"], "format": "date"})]
Text = Annotated[str | None, PlainValidator(text), WithJsonSchema(_TEXT)]
Time = Annotated[
    int,
    PlainValidator(clock_time),
    WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}),
]
Atc = Annotated[
    str | None,
    PlainValidator(atc),
    WithJsonSchema({"type": ["string", "null"], "pattern": "^[A-Z]([0-9]{2}([A-Z]([A-Z]([0-9]{2})?)?)?)?$"}),
]
RxNorm = Annotated[
    str | None,
    PlainValidator(rxnorm),
    WithJsonSchema({"type": ["string", "integer", "null"], "pattern": "^[0-9]{1,10}$", "minimum": 1}),
]
Loinc = Annotated[
    str | None, PlainValidator(loinc), WithJsonSchema({"type": ["string", "null"], "pattern": "^[0-9]{1,7}-[0-9]$"})
]


class Shape(BaseModel):
    """Strict, closed and frozen."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, title="record")


class ReferenceShape(Shape):
    """The laboratory's own interval, in the unit of the result."""

    low: Annotated[Number, Field(description="lower end; leave out where there is none")] = None
    high: Annotated[Number, Field(description="upper end; leave out where there is none")] = None


class LabShape(Shape):
    """One laboratory result as reported."""

    test: Annotated[str | None, Field(description="key of the test")] = None
    value: Annotated[Value, Field(description="as printed; a string keeps its digits and a sign such as < or >=")] = (
        None
    )
    unit: Annotated[str | None, Field(description="the unit as reported; usual spellings are understood")] = None
    comparator: Annotated[str | None, Field(description="FHIR comparator, where it does not stand in value")] = None
    on: Annotated[Day, Field(description="day of the sample; without it the result counts as stale")] = None
    reference: ReferenceShape | None = None
    haemolysed: Annotated[bool | None, Field(description="the sample was haemolysed")] = None
    unit_confirmed: Annotated[bool | None, Field(description="someone checked the unit in the original report")] = None
    loinc: Annotated[Loinc, Field(description="LOINC code; where it speaks against the unit a finding says so")] = None


class ScoreShape(Shape):
    """One administration of a questionnaire."""

    instrument: Annotated[str | None, Field(description="name and version of the instrument")] = None
    total: Annotated[Whole, Field(description="total score; worked out where every item is given")] = None
    items: Annotated[dict[str, Whole] | None, Field(description="points by item number")] = None
    on: Annotated[Day, Field(description="day it was taken")] = None


class MedicationShape(Shape):
    """One medicine: a name, a code, or several of them."""

    name: Annotated[Text, Field(description="as given; one that is not recognised is listed as not checked")] = None
    atc: Annotated[Atc, Field(description="ATC code of any level")] = None
    rxnorm: Annotated[RxNorm, Field(description="RxNorm concept number")] = None
    times: Annotated[list[Time] | None, Field(description="clock times, HH:MM")] = None


class ProductShape(Shape):
    """One magnesium product as labelled."""

    salt: Annotated[str | None, Field(description="the salt in full, with its hydrate where the label says it")] = None
    amount: Annotated[str | None, Field(description='one dose with its unit: "400 mg", "10 mmol"')] = None
    basis: Annotated[str | None, Field(description="salt or elemental; leave out where the label does not say")] = None
    per_day: Annotated[Number, Field(description="doses a day")] = None


class DietShape(Shape):
    """What is eaten and drunk."""

    magnesium_mg_per_day: Annotated[Number, Field(description="mg/day from food and water, without supplements")] = None


class SubstancesShape(Shape):
    """Alcohol, tobacco, caffeine."""

    alcohol_drinks_per_day: Annotated[Number, Field(description="average drinks a day, 14 g of ethanol each")] = None
    tobacco: Annotated[bool | None, Field(description="present tobacco use")] = None
    caffeine_mg_per_day: Annotated[Number, Field(description="mg/day from all sources")] = None


class TreatmentShape(Shape):
    """What was tried for depression."""

    adequate_antidepressant_trials_failed: Annotated[Whole, Field(description="adequate trials that failed")] = None


class RecordShape(Shape):
    """One patient record. Everything may be absent, and absent (or null) means unknown."""

    id: Annotated[Text, Field(description="the caller's own identifier, shown as given")] = None
    assessed_on: Annotated[Day, Field(description="the day ages and staleness are judged at")] = None
    age_years: Annotated[Number, Field(description="age in years on that day")] = None
    sex: Annotated[str | None, Field(description="sex used by reference limits and equations")] = None
    weight_kg: Annotated[Number, Field(description="body weight in kg")] = None
    height_cm: Annotated[Number, Field(description="body height in cm")] = None
    pregnancy: Annotated[str | None, Field(description="present pregnancy")] = None
    trimester: Annotated[Whole, Field(description="trimester of a present pregnancy")] = None
    lactating: Annotated[bool | None, Field(description="breast-feeding")] = None
    labs: list[LabShape] | None = None
    scores: list[ScoreShape] | None = None
    conditions: Annotated[dict[str, bool | None] | None, Field(description="condition key to true or false")] = None
    conditions_complete: Annotated[bool | None, Field(description="conditions not listed are absent")] = None
    presenting: Annotated[dict[str, bool | None] | None, Field(description="acute sign to true or false")] = None
    medications: list[MedicationShape] | None = None
    medications_complete: Annotated[bool | None, Field(description="medicines not listed are not taken")] = None
    magnesium_products: Annotated[
        list[ProductShape] | None, Field(description="an empty list says that none is taken")
    ] = None
    diet: DietShape | None = None
    substances: SubstancesShape | None = None
    treatment_history: TreatmentShape | None = None
    acknowledged: Annotated[list[str] | None, Field(description="urgent rules a clinician has dealt with")] = None
