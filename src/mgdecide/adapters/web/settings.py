"""How the service is set up: defaults, a TOML file, the environment, the command line; each over the one before.

Every mistake is told at once, with the name of the key and where it was set. No secret stands here: the keys of
clients are public ones, and access tokens of FHIR servers arrive with each request and are never kept.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from attrs import evolve, field, frozen

from mgdecide.adapters.suggestions import given_words, one_of
from mgdecide.adapters.web import option_values as kinds
from mgdecide.errors import InvalidInput, Problem

PREFIX = "MGDECIDE_"
LARGEST_FILE = 200_000


@frozen
class Client:
    """An EHR that may call: its issuer, and where its public keys are (a file, or an address that is allow-listed).

    ``jku`` is the only address its tokens may name; by default that of the keys, and with keys in a file any, since
    nothing is ever fetched from an address that a token names.
    """

    issuer: str
    jwks_file: str = ""
    jwks_url: str = ""
    jku: str = ""
    algorithms: tuple[str, ...] = ("ES384", "RS384")


@frozen
class Settings:
    """Everything that can be set. ``OPTIONS`` says what each means and within which bounds."""

    host: str = "127.0.0.1"
    port: int = 8010
    public_url: str = ""
    shadow: bool = False
    workbench: bool = True
    site: str = ""
    data_dir: str = ""
    conditions_complete: bool = False
    medications_complete: bool = False
    cors_origins: tuple[str, ...] = ()
    fhir_hosts: tuple[str, ...] = ()
    fhir_allow_http: bool = False
    fhir_seconds: float = 3.0
    fhir_max_pages: int = 10
    fhir_max_bytes: int = 20_000_000
    max_body_bytes: int = 10_000_000
    body_seconds: float = 10.0
    max_connections: int = 500
    token_leeway_seconds: int = 60
    token_max_seconds: int = 600
    keep_comments: bool = False
    clients: tuple[Client, ...] = field(default=())

    @property
    def folder(self) -> Path:
        """Where feedback and the record of cards are kept."""
        if self.data_dir:
            return Path(self.data_dir)
        state = os.environ.get("XDG_STATE_HOME")
        return Path(state) / "mgdecide" if state else Path.home() / ".local" / "state" / "mgdecide"

    @property
    def base_url(self) -> str:
        """The address of the service without a slash at its end: the public one, or the one it listens at."""
        return self.public_url or f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in ("localhost", "::1") or self.host.startswith("127.")


Reader: TypeAlias = Callable[[object], object]


@frozen
class Option:
    """One key: how it is read, and what it means. The environment's name is ``MGDECIDE_`` and the key in capitals."""

    key: str
    read: Reader
    meaning: str

    @property
    def variable(self) -> str:
        """The name in the environment."""
        return PREFIX + self.key.upper()


OPTIONS: Mapping[str, Option] = {
    key: Option(key, read, meaning)
    for key, read, meaning in (
        ("host", kinds.text, "address to listen at; loopback unless told"),
        ("port", kinds.whole(0, 65535), "port to listen at; 0 takes a free one"),
        ("public_url", kinds.address, "address by which clients reach the service; JWTs must be made out to it"),
        ("shadow", kinds.yes_no, "record what would have been shown, and show no card"),
        ("workbench", kinds.yes_no, "serve the workbench page at /"),
        ("site", kinds.text, "a site's overlay (TOML): limits, locale, crisis line"),
        ("data_dir", kinds.text, "folder of feedback.jsonl and cards.jsonl (default: the user's state folder)"),
        (
            "conditions_complete",
            kinds.yes_no,
            "the site's word that problem lists are complete: the rest is absent",
        ),
        ("medications_complete", kinds.yes_no, "the site's word that medication lists are complete"),
        (
            "cors_origins",
            kinds.texts,
            "origins of browser clients; * for any (default: pages of this machine)",
        ),
        (
            "fhir_hosts",
            kinds.texts,
            "FHIR servers data may be fetched from, as host or host:port",
        ),
        ("fhir_allow_http", kinds.yes_no, "also fetch without TLS; for tests on one machine"),
        ("fhir_seconds", kinds.number(0.1, 60), "seconds for everything that is fetched for one request"),
        ("fhir_max_pages", kinds.whole(1, 100), "pages read of one search"),
        ("fhir_max_bytes", kinds.whole(1_000, 200_000_000), "bytes read from a FHIR server for one request"),
        ("max_body_bytes", kinds.whole(1_000, 200_000_000), "largest request body"),
        ("body_seconds", kinds.number(0.1, 600), "seconds a client has to send its request"),
        ("max_connections", kinds.whole(1, 100_000), "connections at once; beyond them the answer is 503"),
        ("token_leeway_seconds", kinds.whole(0, 600), "how far a client's clock may be off"),
        ("token_max_seconds", kinds.whole(10, 86_400), "longest life of a client's JWT, from iat to exp"),
        ("keep_comments", kinds.yes_no, "keep the free text of feedback; it may hold a patient's data"),
    )
}

_CLIENT_KEYS = ("issuer", "jwks_file", "jwks_url", "jku", "algorithms")


def read_settings(
    file: str | None = None, environment: Mapping[str, str] | None = None, arguments: Mapping[str, object] | None = None
) -> tuple[Settings, tuple[Problem, ...]]:
    """The settings, and remarks that are no mistakes (variables nobody reads, a port open to all without JWTs).

    Args:
        file: a TOML file; the variable MGDECIDE_CONFIG names one too.
        environment: variables; only those that begin with ``MGDECIDE_`` are looked at.
        arguments: from the command line, over everything else; None means not given.

    Raises:
        InvalidInput: every mistake: not TOML (MGD-S101), an unknown key (S102), a value that cannot be used (S103), a
            client that cannot be told (S104), a file that is not there (MGD-L104 to L108).
    """
    variables = {name: value for name, value in (environment or {}).items() if name.startswith(PREFIX)}
    path = file or variables.pop(PREFIX + "CONFIG", None)
    table = _table(path) if path else {}
    problems: list[Problem] = []
    remarks: list[Problem] = []
    values: dict[str, Any] = {}
    clients = _clients(table.pop("client", []), Path(path).parent if path else Path(), problems)
    for key, value in table.items():
        _take(key, value, key, values, problems)
    names = {option.variable: key for key, option in OPTIONS.items()}
    for name, text in variables.items():
        if name in names:
            _take(names[name], text, name, values, problems)
        else:
            remarks.append(Problem("MGD-S105", name, "a variable that is not read", one_of(names, name)))
    for key, given in (arguments or {}).items():
        if given is not None:
            _take(key, given, f"--{key.replace('_', '-')}", values, problems)
    if problems:
        raise InvalidInput(problems)
    settings = evolve(Settings(clients=clients), **values)
    remarks += _open_to_all(settings)
    return settings, tuple(remarks)


def _table(path: str) -> dict[str, object]:
    from mgdecide.adapters.commands.command_line import read_text

    text = read_text(path, "a configuration in TOML", LARGEST_FILE)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: not TOML, or an integer of thousands of digits
        raise InvalidInput(Problem("MGD-S101", path, str(error) or "nesting", "a configuration in TOML")) from None


def _take(key: str, value: object, where: str, values: dict[str, Any], problems: list[Problem]) -> None:
    option = OPTIONS.get(key)
    if option is None:
        problems.append(Problem("MGD-S102", where, "an unknown key", one_of((*OPTIONS, "client"), key)))
        return
    try:
        values[key] = option.read(value)
    except ValueError as error:
        problems.append(Problem("MGD-S103", where, given_words(value), str(error)))


def _clients(given: object, beside: Path, problems: list[Problem]) -> tuple[Client, ...]:
    if not isinstance(given, list):
        problems.append(Problem("MGD-S104", "client", given_words(given), "[[client]] tables"))
        return ()
    found = [_client(each, f"client[{at}]", beside, problems) for at, each in enumerate(given)]
    issuers = [client.issuer for client in found]
    twice = sorted({issuer for issuer in issuers if issuer and issuers.count(issuer) > 1})
    problems += (Problem("MGD-S104", "client", f"the issuer {issuer} twice", "each issuer once") for issuer in twice)
    return tuple(found)


def _client(given: object, where: str, beside: Path, problems: list[Problem]) -> Client:
    if not isinstance(given, dict):
        problems.append(Problem("MGD-S104", where, given_words(given), "a table"))
        return Client("")
    problems += (
        Problem("MGD-S102", f"{where}.{key}", "an unknown key", one_of(_CLIENT_KEYS, key))
        for key in given
        if key not in _CLIENT_KEYS
    )
    values: dict[str, Any] = {}
    readers: Mapping[str, Reader] = {
        "issuer": kinds.text,
        "jwks_file": kinds.text,
        "jwks_url": kinds.address,
        "jku": kinds.address,
        "algorithms": kinds.algorithms,
    }
    for key, read in readers.items():
        if key in given:
            try:
                values[key] = read(given[key])
            except ValueError as error:
                problems.append(Problem("MGD-S103", f"{where}.{key}", given_words(given[key]), str(error)))
    client = evolve(Client(""), **values)
    if not client.issuer:
        problems.append(Problem("MGD-S104", f"{where}.issuer", "nothing", "the iss claim of the client's tokens"))
    if bool(client.jwks_file) == bool(client.jwks_url):
        problems.append(Problem("MGD-S104", where, "no one place of keys", "either jwks_file or jwks_url"))
    if client.jwks_file:
        path = beside / client.jwks_file
        client = evolve(client, jwks_file=str(path))
        if not os.path.isfile(path):
            problems.append(Problem("MGD-L104", f"{where}.jwks_file", "no such file", "a JSON Web Key Set"))
    return client


def _open_to_all(settings: Settings) -> list[Problem]:
    if settings.is_loopback or settings.clients:
        return []
    accepted = "[[client]] tables in the configuration, or a gateway in front that checks who calls"
    return [Problem("MGD-S106", "host", f"{settings.host} without any client's keys: anyone may call", accepted)]
