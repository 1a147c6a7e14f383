"""Why a resource, or a part of one, was not used; one code and one sentence for each reason.

The codes are stable: a report, a test or a site's own filter may rely on them.
"""

from __future__ import annotations

from collections.abc import Mapping

NOT_A_BUNDLE = "MGD-F100"
SEVERAL_PATIENTS = "MGD-F101"
NO_PATIENT = "MGD-F102"
SHAPE = "MGD-F103"
SUPERSEDED = "MGD-F104"
NO_SUBJECT = "MGD-F105"
OTHER_PATIENT = "MGD-F106"
STATUS = "MGD-F107"
LATER = "MGD-F108"
NO_VALUE = "MGD-F109"
UNIT_CONTRADICTION = "MGD-F110"
UNIT_UNKNOWN = "MGD-F111"
SPECIMEN = "MGD-F112"
OTHER_SPECIMEN = "MGD-F113"
IMPLAUSIBLE = "MGD-F114"
NOT_A_NUMBER = "MGD-F115"
CODE_UNKNOWN = "MGD-F116"
UNIT_TEXT = "MGD-F117"
PROPERTY_MISMATCH = "MGD-F118"
INTERVAL = "MGD-F119"
PARTIAL_DATE = "MGD-F120"
UNDATED = "MGD-F121"
OLDER = "MGD-F122"
OVER = "MGD-F123"
NOT_FOUND = "MGD-F124"
MEDICINE_UNKNOWN = "MGD-F125"
NOT_ACTIVE = "MGD-F126"
NOT_CONFIRMED = "MGD-F127"
NOT_NOW = "MGD-F128"
TYPE_NOT_READ = "MGD-F129"
NOT_NEEDED = "MGD-F130"
OUT_OF_RANGE = "MGD-F131"
INSTRUMENT = "MGD-F132"
CODES_DISAGREE = "MGD-F133"
DECEASED = "MGD-F134"
TOO_LARGE = "MGD-F135"

REASONS: Mapping[str, str] = {
    NOT_A_BUNDLE: "What was given is not a FHIR R4 Bundle.",
    SEVERAL_PATIENTS: "The Bundle speaks of more than one patient; one is judged at a time.",
    NO_PATIENT: "The Bundle holds no Patient resource: age and sex are unknown.",
    SHAPE: "The resource is not of the shape FHIR R4 gives it; nothing of it was used.",
    SUPERSEDED: "Another version of the same resource counts.",
    NO_SUBJECT: "The resource names no patient; it was taken to be of the Bundle's only one.",
    OTHER_PATIENT: "The resource is of another patient; nothing of it was used.",
    STATUS: "Its status says that it must not be used: entered in error, preliminary, cancelled, stopped and the like.",
    LATER: "It is dated after the day of assessment.",
    NO_VALUE: "It holds no value.",
    UNIT_CONTRADICTION: "Unit code and unit text speak of different units; no guess is made which is right.",
    UNIT_UNKNOWN: "The unit is missing, or is not one this result can be judged in.",
    SPECIMEN: "The specimen speaks against the code.",
    OTHER_SPECIMEN: "It was measured in another specimen or in another way; limits for serum do not apply.",
    IMPLAUSIBLE: "The number cannot be a result of this test in this unit.",
    NOT_A_NUMBER: "The value is not a number.",
    CODE_UNKNOWN: "None of its codes is known here.",
    UNIT_TEXT: "The unit is not coded in UCUM; its text was read.",
    PROPERTY_MISMATCH: "The LOINC code speaks against the unit; the unit decides and a finding says so.",
    INTERVAL: "The laboratory's reference interval could not be used.",
    PARTIAL_DATE: "The date is not given to the day; its first possible day was taken.",
    UNDATED: "It bears no date; it counts as stale.",
    OLDER: "A newer one counts.",
    OVER: "It was over before the day of assessment.",
    NOT_FOUND: "The reference leads to nothing in the Bundle.",
    MEDICINE_UNKNOWN: "The medicine is not recognised; it is listed under what was not checked.",
    NOT_ACTIVE: "The condition is not active; only a lasting one counts all the same.",
    NOT_CONFIRMED: "The condition is not confirmed, or its status cannot be told; the fact stays unknown.",
    NOT_NOW: "Whether it is so on the day of assessment cannot be told from its date; the fact stays unknown.",
    TYPE_NOT_READ: "Resources of this type are not read.",
    NOT_NEEDED: "It was read; no rule asks about it.",
    OUT_OF_RANGE: "The points are not possible in this questionnaire.",
    INSTRUMENT: "The questionnaire is not known here.",
    CODES_DISAGREE: "Its codes mean different things.",
    DECEASED: "The chart says that the patient has died.",
    TOO_LARGE: "There is too much of it.",
}
