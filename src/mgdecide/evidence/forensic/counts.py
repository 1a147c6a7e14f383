"""Numbers of people: parts that add up, people who are accounted for, registration against report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from mgdecide.evidence.forensic.check import Check, Subject
from mgdecide.evidence.inputs import head_count, refuse


def arms_add_up(study: str, what: str, parts: Mapping[str, int], total: int, source: str) -> Check:
    """Do the printed groups (arms, sexes, sites) add up to the printed total?"""
    subject = Subject("arms-add-up", study, what, source)
    counted = {label: head_count(n, f"parts.{label}", at_least=0) for label, n in parts.items()}
    if not counted:
        raise refuse("MGD-P137", "parts", "nothing", "at least one group with its number of people")
    whole, added = head_count(total, "total", at_least=0), sum(counted.values())
    told = " + ".join(f"{n} {label}" for label, n in counted.items())
    numbers = {**{f"n {label}": n for label, n in counted.items()}, "sum": added, "total": whole}
    if added == whole:
        return subject.says("consistent", f"{what}: {told} make {added}, as printed.", **numbers)
    return subject.says("cannot be", f"{what}: {told} make {added}, not the printed {whole}.", **numbers)


def analysed_within(study: str, what: str, randomised: int, analysed: int, source: str) -> Check:
    """Are no more people analysed than were randomised?"""
    subject = Subject("analysed-within", study, what, source)
    began, counted = head_count(randomised, "randomised", at_least=0), head_count(analysed, "analysed", at_least=0)
    numbers = {"randomised": began, "analysed": counted}
    if counted <= began:
        return subject.says("consistent", f"{what}: {counted} of {began} people randomised were analysed.", **numbers)
    sentence = f"{what}: {counted} people cannot be analysed where {began} were randomised."
    return subject.says("cannot be", sentence, **numbers)


def flow_adds_up(study: str, what: str, randomised: int, lost: int, analysed: int, source: str) -> Check:
    """Do those lost and those analysed make up those randomised?"""
    subject = Subject("flow-adds-up", study, what, source)
    began, gone, counted = (
        head_count(n, path, at_least=0)
        for n, path in ((randomised, "randomised"), (lost, "lost"), (analysed, "analysed"))
    )
    numbers = {"randomised": began, "lost": gone, "analysed": counted}
    told = f"{what}: {began} people less {gone} lost leave {began - gone}"
    if began - gone == counted:
        return subject.says("consistent", f"{told}, as analysed.", **numbers)
    return subject.says("cannot be", f"{told}, not the printed {counted}.", **numbers)


def registered_n(
    study: str,
    what: str,
    registered: int,
    reported: int,
    source: str,
    *,
    registered_is: Literal["target", "actual"],
) -> Check:
    """Does the number reported agree with the register's?

    A planned number may be missed ("cannot tell"); an actual enrolment on the register and another number of people
    enrolled in the report cannot both be right.
    """
    subject = Subject("registered-n", study, what, source)
    if registered_is not in ("target", "actual"):
        raise refuse("MGD-P138", "registered_is", registered_is, '"target" or "actual" is accepted')
    register, report = head_count(registered, "registered", at_least=0), head_count(reported, "reported", at_least=0)
    numbers = {"registered": register, "reported": report, "registered_is": registered_is}
    if register == report:
        return subject.says("consistent", f"{what}: {report} people, as registered.", **numbers)
    if registered_is == "target":
        sentence = f"{what}: {report} people are reported where {register} were planned on the register."
        return subject.says("cannot tell", sentence, **numbers)
    sentence = (
        f"{what}: the register gives {register} people enrolled and the report {report}; both cannot be the number "
        "enrolled."
    )
    return subject.says("cannot be", sentence, **numbers)
