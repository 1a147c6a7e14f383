"""Who calls: the JWT of a CDS client, checked as CDS Hooks asks.

The issuer must be known, the key must be one of the issuer's own (never one that the token brings), the signature an
asymmetric one the site allows, the audience this very address, the life short, and no token is taken twice. A token
that fails in any way is answered with one and the same sentence: what exactly failed helps only an attacker.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from mgdecide.adapters.web.outcomes import ServiceError
from mgdecide.adapters.web.settings import Client, Settings
from mgdecide.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from jwt import PyJWK

LONGEST_TOKEN = 8_000
MOST_TOKENS = 100_000
_LONGEST_ID = 200
_AGAIN_AFTER = 60.0

Jwk: TypeAlias = dict[str, Any]
"""A JSON Web Key as it came."""

Clock: TypeAlias = Callable[[], float]
"""Seconds since 1970."""


class Keys:
    """The public keys of one client. Those at an address are fetched again, at most once a minute, for a new key id."""

    def __init__(self, client: Client, clock: Clock, fetch: Callable[[str], bytes] | None = None) -> None:
        self._client = client
        self._clock = clock
        self._fetch = fetch or _fetch
        self._keys: dict[str, Jwk] = {}
        self._made: dict[tuple[str, str], PyJWK] = {}
        self._read_at = float("-inf")
        if client.jwks_file:
            self._read()

    @property
    def are_fetched(self) -> bool:
        """Whether the keys are at an address."""
        return bool(self._client.jwks_url)

    def may_be_named(self, jku: object) -> bool:
        """Whether a token may name this address; nothing is ever fetched from it."""
        expected = self._client.jku or self._client.jwks_url
        return jku is None or not expected or jku == expected

    def find(self, id: str, algorithm: str) -> PyJWK:
        """The key of an id, for one signature algorithm. Raises KeyError, or PyJWT's errors where they do not fit."""
        import jwt

        if id not in self._keys and not 0 <= self._clock() - self._read_at < _AGAIN_AFTER:  # or the clock was set back
            with suppress(OSError, InvalidInput):
                self._read()
        if (id, algorithm) not in self._made:
            key = self._keys[id]
            if key.get("alg", algorithm) != algorithm:
                raise KeyError(algorithm)
            self._made[id, algorithm] = jwt.PyJWK(key, algorithm=algorithm)
        return self._made[id, algorithm]

    def _read(self) -> None:
        self._read_at = self._clock()
        client = self._client
        content = Path(client.jwks_file).read_bytes() if client.jwks_file else self._fetch(client.jwks_url)
        self._keys = key_set(content, client.issuer)
        self._made = {}


def key_set(content: bytes, issuer: str) -> dict[str, Jwk]:
    """The keys of a JSON Web Key Set by their id.

    Raises:
        InvalidInput: not a key set, or one with a key that is not a public one with an id (MGD-S107).
    """
    import jwt

    problem = Problem("MGD-S107", f"keys of {issuer}", "a file that is no key set", 'a JWKS: {"keys": [...]}')
    try:
        keys = json.loads(content)["keys"]
        found = {}
        for key in keys:
            if key.get("kty") not in ("EC", "RSA", "OKP") or "d" in key or not isinstance(key.get("kid"), str):
                raise InvalidInput(
                    Problem(
                        "MGD-S107",
                        f"keys of {issuer}",
                        "a key that cannot be used",
                        "public EC or RSA keys, each with a kid",
                    )
                )
            jwt.PyJWK(key)
            found[key["kid"]] = key
    except (ValueError, KeyError, TypeError, AttributeError, jwt.PyJWTError):
        raise InvalidInput(problem) from None
    return found


def _fetch(url: str) -> bytes:
    """A key set from the address the site's configuration names."""
    import httpx

    try:
        response = httpx.get(url, timeout=5.0, follow_redirects=False, trust_env=False)
    except httpx.HTTPError as error:
        raise OSError(type(error).__name__) from None
    if response.status_code != 200:
        raise OSError(f"status {response.status_code}")
    return response.content


class Gate:
    """Lets clients in. With no client configured everybody is let in: then only loopback should be listened to."""

    def __init__(
        self, settings: Settings, clock: Clock, fetch: Callable[[str], bytes] | None = None, most: int = MOST_TOKENS
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._clients = {client.issuer: (client, Keys(client, clock, fetch)) for client in settings.clients}
        self._seen: dict[tuple[str, str], float] = {}
        self._most = most
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Whether no token is asked for."""
        return not self._clients

    @property
    def may_fetch(self) -> bool:
        """Whether a check may have to wait for keys at an address."""
        return any(keys.are_fetched for _, keys in self._clients.values())

    def check(self, authorization: str | None, url: str) -> None:
        """Let a call pass.

        Args:
            authorization: the header, as it came.
            url: the address that was called, as clients know it.

        Raises:
            ServiceError: 401; or 503 where more tokens are alive than can be remembered.
        """
        if self.is_open:
            return
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > LONGEST_TOKEN:
            raise _denied()
        import jwt

        try:
            claims = self._claims(token.strip(), url)
        except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError):
            raise _denied() from None
        with self._lock:
            self._once(claims)

    def _claims(self, token: str, url: str) -> Mapping[str, Any]:
        import jwt

        header = jwt.get_unverified_header(token)
        issuer = str(jwt.decode(token, options={"verify_signature": False})["iss"])
        client, keys = self._clients[issuer]
        if header.get("alg") not in client.algorithms or header.get("typ", "JWT").upper() != "JWT":
            raise ValueError
        if not keys.may_be_named(header.get("jku")):
            raise ValueError
        key = keys.find(header["kid"], header["alg"])
        claims: Mapping[str, Any] = jwt.decode(
            token,
            key,
            algorithms=list(client.algorithms),
            issuer=issuer,
            options={
                "require": ["iss", "aud", "exp", "iat", "jti"],
                "verify_aud": False,
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
        self._times(claims)
        audience = claims["aud"]
        if url not in {str(each).rstrip("/") for each in (audience if isinstance(audience, list) else [audience])}:
            raise ValueError
        if not isinstance(claims["jti"], str) or not 0 < len(claims["jti"]) <= _LONGEST_ID:
            raise ValueError
        return claims

    def _times(self, claims: Mapping[str, Any]) -> None:
        now, leeway = self._clock(), self._settings.token_leeway_seconds
        issued, expires = float(claims["iat"]), float(claims["exp"])
        if not (now - leeway < expires and issued <= now + leeway and issued < expires):
            raise ValueError
        if expires - issued > self._settings.token_max_seconds:
            raise ValueError
        if "nbf" in claims and float(claims["nbf"]) > now + leeway:
            raise ValueError

    def _once(self, claims: Mapping[str, Any]) -> None:
        """Remember a token until it has died; memory is bounded, and a full one lets nobody in unremembered."""
        key = str(claims["iss"]), str(claims["jti"])
        now = self._clock()
        if key in self._seen and self._seen[key] > now:
            raise _denied()
        if len(self._seen) >= self._most:
            self._seen = {each: until for each, until in self._seen.items() if until > now}
            if len(self._seen) >= self._most:
                raise ServiceError(503, "throttled", "Too many calls at once; try again in a minute.")
        self._seen[key] = float(claims["exp"]) + self._settings.token_leeway_seconds


def _denied() -> ServiceError:
    error = ServiceError(
        401, "login", "A valid JWT of a known client is needed, made out to this address and not used before."
    )
    error.headers["WWW-Authenticate"] = "Bearer"
    return error
