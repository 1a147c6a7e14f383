"""What mypy must refuse: each line marked with the code of its error. Checked by tests/domain/test_doses_typing.py."""

from mgdecide import ElementalDose, SaltDose, UnstatedDose
from mgdecide.domain.doses import CourseSaltDose, DailyElementalDose, DailySaltDose, to_elemental, to_salt, total

salt = SaltDose("500 mg", "magnesium oxide")
elemental = ElementalDose("248 mg", "magnesium chloride hexahydrate")
unstated = UnstatedDose("500 mg", "magnesium oxide")
daily_salt = DailySaltDose("1 g", "magnesium oxide")
daily_elemental = DailyElementalDose("300 mg")
course = CourseSaltDose("42 g", "magnesium oxide")

# Right: nothing may be reported here.
salt + salt
elemental + elemental
daily_salt + daily_salt
to_elemental(salt) + elemental
to_elemental(daily_salt) + daily_elemental
total([to_elemental(daily_salt), daily_elemental])
salt.per_day(2) + daily_salt
daily_salt.for_days(42) + course
unstated.as_salt() + salt
to_salt(elemental) + salt

# Wrong basis.
salt + elemental  # E: operator
elemental + salt  # E: operator
salt + unstated  # E: operator
unstated + salt  # E: operator
unstated + unstated  # E: operator
daily_salt + daily_elemental  # E: operator
to_elemental(unstated)  # E: arg-type
to_salt(unstated)  # E: arg-type
to_salt(salt)  # E: arg-type

# Wrong period.
salt + daily_salt  # E: operator
daily_salt + course  # E: operator
elemental + daily_elemental  # E: operator
to_elemental(salt) + daily_elemental  # E: operator
salt.for_days(42)  # E: attr-defined
daily_salt.per_day(2)  # E: attr-defined

# Wrong numbers.
SaltDose((0.5, "g"), "magnesium oxide")  # E: arg-type
SaltDose(500, "magnesium oxide")  # E: arg-type
salt.per_day(0.5)  # E: arg-type
salt * 0.5  # E: operator
salt + 500  # E: operator

# What may be an interval is not a number until it has been asked.
salt.elemental_mg + 1  # E: operator
elemental.elemental_mg + 1
