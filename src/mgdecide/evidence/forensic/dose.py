"""A stated elemental dose against the mass of salt it is said to come in."""

from __future__ import annotations

from collections.abc import Mapping

from mgdecide.evidence.forensic.check import Check, Subject
from mgdecide.evidence.forensic.printed import printed
from mgdecide.evidence.inputs import positive, refuse

# Labels give round numbers: a stated dose within a twentieth of a computed one is taken to mean it.
ROUND_NUMBERS = 0.05


def elemental_against_salt(
    study: str,
    what: str,
    salt_mg: str,
    elemental_mg: str,
    fractions: Mapping[str, float],
    source: str,
    *,
    tolerance: float = ROUND_NUMBERS,
) -> Check:
    """Can this mass of salt (mg) hold the stated elemental magnesium (mg)?

    ``fractions`` gives the share of magnesium by mass for each form the salt may have (its hydrates), from the
    caller's table of salts.

    Raises:
        InvalidInput: MGD-P137 no form given, MGD-P139 a share that is not between 0 and 1.
    """
    subject = Subject("elemental-against-salt", study, what, source)
    mass, stated = positive(printed(salt_mg, "salt_mg").value, "salt_mg"), printed(elemental_mg, "elemental_mg")
    if not fractions:
        raise refuse("MGD-P137", "fractions", "nothing", "at least one form of the salt with its share")
    for form, share in fractions.items():
        if not 0 < share < 1:
            raise refuse("MGD-P139", f"fractions.{form}", share, "a share by mass between 0 and 1")
    held = {form: mass * share for form, share in fractions.items()}
    near = [form for form, amount in held.items() if abs(amount - stated.value) <= tolerance * stated.value]
    told = ", ".join(f"{amount:,.0f} mg as {form}" for form, amount in held.items())
    numbers = {"salt mg": salt_mg, "elemental mg stated": stated.text} | {
        f"elemental mg as {form}": amount for form, amount in held.items()
    }
    holds = f"{what}: {mass:,g} mg of salt hold {told}; {stated.value:,g} mg elemental is stated"
    if near:
        return subject.says("consistent", f"{holds}, which fits {' and '.join(near)}.", **numbers)
    return subject.says("cannot be", f"{holds}, which fits none of these forms.", **numbers)
