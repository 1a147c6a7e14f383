"""The resources of a Bundle, the one patient they are of, and where references lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import define, field

from mgdecide.adapters.fhir import reasons
from mgdecide.adapters.fhir.chart import Resource
from mgdecide.adapters.suggestions import given_words
from mgdecide.errors import InvalidRecord, Problem

MOST_RESOURCES = 1_000_000
_DEEPEST = 4
_NO_ENTRIES: tuple[Any, ...] = ()


@define
class Contents:
    """What a Bundle holds, before anything is read: resources with their addresses, and entries of no use."""

    resources: list[Resource] = field(factory=list)
    addresses: list[str | None] = field(factory=list)
    patients: list[tuple[Resource, str | None]] = field(factory=list)
    broken: list[str] = field(factory=list)


def contents_of(bundle: Any) -> Contents:
    """The resources of a Bundle and of Bundles inside it.

    Raises:
        InvalidRecord: MGD-F100 not a Bundle, MGD-F135 more resources than are read.
    """
    kind = bundle.get("resourceType") if isinstance(bundle, Mapping) else None
    if kind != "Bundle":
        given = given_words(bundle) if kind is None else f"a resource of type {given_words(kind)}"
        raise InvalidRecord(Problem(reasons.NOT_A_BUNDLE, "resourceType", given, "a FHIR R4 Bundle of one patient"))
    found = Contents()
    _collect(bundle, found, 0, "entry")
    return found


def _collect(bundle: Any, found: Contents, depth: int, path: str) -> None:
    entries = bundle.get("entry")
    if entries is None:
        return
    if not isinstance(entries, list | tuple) or depth > _DEEPEST:
        found.broken.append(path)
        return
    if len(entries) + len(found.resources) > MOST_RESOURCES:
        accepted = f"at most {MOST_RESOURCES}: one patient's chart"
        raise InvalidRecord(Problem(reasons.TOO_LARGE, path, f"{len(entries)} entries", accepted))
    resources, addresses = found.resources, found.addresses
    if not resources and _collect_alike(entries, found):
        return
    for at, entry in enumerate(entries):
        try:
            resource = entry["resource"]
            kind = resource["resourceType"]
        except (KeyError, TypeError, IndexError):
            if not (isinstance(entry, Mapping) and "resource" not in entry):  # an entry may be a bare response
                found.broken.append(f"{path}[{at}]")
            continue
        if type(resource) is not dict:
            if not isinstance(resource, Mapping):
                found.broken.append(f"{path}[{at}]")
                continue
            resource = dict(resource)
        if kind == "Bundle":
            _collect(resource, found, depth + 1, f"{path}[{at}].resource.entry")
        elif type(kind) is str:
            resources.append(resource)
            address = entry.get("fullUrl")
            addresses.append(address if type(address) is str else None)
            if kind == "Patient":
                found.patients.append((resource, addresses[-1]))
        else:
            found.broken.append(f"{path}[{at}]")


def _collect_alike(entries: Sequence[Any], found: Contents) -> bool:
    """Collect entries that are all alike, each one resource; False, and nothing collected, where any is otherwise."""
    try:
        resources = [entry["resource"] for entry in entries]
        kinds = [resource["resourceType"] for resource in resources]
        addresses = [entry.get("fullUrl") for entry in entries]
    except (KeyError, TypeError, IndexError, AttributeError):
        return False
    if not _DICT.issuperset(map(type, resources)) or not _TEXT.issuperset(map(type, kinds)) or "Bundle" in kinds:
        return False
    if not _TEXT_OR_NONE.issuperset(map(type, addresses)):
        return False
    found.resources, found.addresses = resources, addresses
    found.patients = [(resources[at], addresses[at]) for at, kind in enumerate(kinds) if kind == "Patient"]
    return True


_DICT = frozenset((dict,))
_TEXT = frozenset((str,))
_TEXT_OR_NONE = frozenset((str, type(None)))


# --- the one patient ----------------------------------------------------------------------------------------


def one_patient(contents: Contents) -> tuple[Resource | None, str | None]:
    """The Patient resource and its address; several copies of one patient are one.

    Raises:
        InvalidRecord: MGD-F101, more than one patient.
    """
    found: tuple[Resource, str | None] | None = None
    for resource, address in contents.patients:
        if found is not None and resource != found[0] and _identity(resource, address) != _identity(*found):
            raise _several(_identity(*found), _identity(resource, address))
        if found is None or _version(resource) > _version(found[0]):
            found = resource, address
    return found if found is not None else (None, None)


def _identity(resource: Resource, address: str | None) -> str:
    return str(resource.get("id") or address or "")


def _version(resource: Resource) -> tuple[str, int]:
    meta = resource.get("meta")
    if not isinstance(meta, dict):
        return "", 0
    number = meta.get("versionId")
    return str(meta.get("lastUpdated") or ""), int(number[:9]) if isinstance(number, str) and number.isdecimal() else 0


def _several(one: str, other: str) -> InvalidRecord:
    given = f"two patients: {given_words(one)} and {given_words(other)}"
    return InvalidRecord(Problem(reasons.SEVERAL_PATIENTS, "entry", given, "the resources of one patient"))


def subject_of(contents: Contents) -> str | None:
    """Where there is no Patient resource: the one patient that all resources refer to.

    Raises:
        InvalidRecord: MGD-F101, they refer to more than one.
    """
    found: set[str] = set()
    for resource in contents.resources:
        reference = resource.get("subject") or resource.get("patient")
        text = reference.get("reference") if isinstance(reference, dict) else None
        if type(text) is str and not text.startswith("#") and ("Patient/" in text or text.startswith("urn:")):
            found.add(_plain(text))
    if len(found) > 1:
        raise _several(*sorted(found)[:2])
    return found.pop() if found else None


def _plain(reference: str) -> str:
    """A reference without its version and base: ``Patient/1``."""
    reference = reference.split("/_history/")[0]
    at = reference.rfind("Patient/")
    return reference[at:] if at >= 0 else reference


@define
class Belonging:
    """Tells whether a resource is of the patient."""

    own: frozenset[str]
    identifiers: frozenset[tuple[str, str]] = frozenset()
    bases: tuple[str, ...] = ()
    relative: str = ""

    def __contains__(self, reference: str) -> bool:
        if reference in self.own:
            return True
        reference = reference.split("/_history/")[0]
        if reference in self.own:
            return True
        # An absolute address of the same id counts unless the Bundle says that its Patient lives elsewhere.
        return bool(self.relative) and not self.bases and "://" in reference and reference.endswith("/" + self.relative)


def belonging(patient: Resource | None, address: str | None, subject: str | None) -> Belonging:
    """How resources may refer to the patient."""
    if patient is None:
        return Belonging(frozenset((subject,)) if subject else frozenset(), relative=subject or "")
    id = patient.get("id")
    relative = f"Patient/{id}" if type(id) is str and id else ""
    own = {each for each in (relative, address) if each}
    if type(id) is str and id:
        own.add(f"urn:uuid:{id}")
    identifiers = patient.get("identifier")
    pairs = frozenset(
        (str(each.get("system")), str(each.get("value")))
        for each in (identifiers if isinstance(identifiers, list) else ())
        if isinstance(each, dict) and each.get("value")
    )
    bases = (address,) if address is not None and address.startswith("http") and relative else ()
    return Belonging(frozenset(own), pairs, bases, relative)


def whose(resource: Resource, of: Belonging) -> bool | None:
    """Whether a resource is of the patient; None where it does not say."""
    reference = resource.get("subject")
    if reference is None:
        reference = resource.get("patient")
        if reference is None:
            return None
    text = reference.get("reference")
    if text is None:
        identifier = reference.get("identifier")
        if identifier is None:
            return None
        return (str(identifier.get("system")), str(identifier.get("value"))) in of.identifiers
    if text in of.own or text in of:
        return True
    if text.startswith("#"):
        inside = next((each for each in resource.get("contained", ()) if each.get("id") == text[1:]), None)
        return inside is not None and inside.get("resourceType") == "Patient" and _same_person(inside, of)
    return False


def _same_person(inside: Resource, of: Belonging) -> bool:
    """A contained Patient is the Bundle's if it carries one of its identifiers, or if there is no other to confuse."""
    pairs = {(str(each.get("system")), str(each.get("value"))) for each in inside.get("identifier", ())}
    return not of.identifiers.isdisjoint(pairs) if of.identifiers or pairs else True


# --- references ---------------------------------------------------------------------------------------------


class Finder:
    """Follows references: contained, by full address, by type and id. The index is made when first needed."""

    def __init__(self, resources: Iterable[Resource], addresses: Iterable[str | None] = ()) -> None:
        self._resources = resources
        self._addresses = addresses
        self._index: dict[str, Resource] | None = None

    def __call__(self, holder: Resource, reference: Any) -> Resource | None:
        text = reference.get("reference")
        if text is None:
            return None
        if text.startswith("#"):
            return next((each for each in holder.get("contained", ()) if each.get("id") == text[1:]), None)
        if self._index is None:
            self._index = self._made()
        text = text.split("/_history/")[0]
        found = self._index.get(text)
        if found is None and "://" in text:
            found = self._index.get("/".join(text.split("/")[-2:]))
        return found

    def _made(self) -> dict[str, Resource]:
        index: dict[str, Resource] = {}
        for resource in self._resources:
            id = resource.get("id")
            if type(id) is str:
                index.setdefault(f"{resource['resourceType']}/{id}", resource)
                index.setdefault(f"urn:uuid:{id}", resource)
        addressed = zip(self._resources, self._addresses, strict=False)
        return index | {address: resource for resource, address in addressed if address is not None}
