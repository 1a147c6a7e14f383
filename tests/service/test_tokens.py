"""JWTs of clients: only known issuers, their own keys, asymmetric signatures, this address, a short life, once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from mgdecide.adapters.web.outcomes import ServiceError
from mgdecide.adapters.web.settings import Client, Settings
from mgdecide.adapters.web.tokens import Gate, key_set
from mgdecide.errors import InvalidInput
from tests.service.ehr import LOW, NOW, VIEW, Running, hook_call, running

ISSUER = "https://ehr.example.org"
EC, RSA, OTHER = (
    ec.generate_private_key(ec.SECP384R1()),
    rsa.generate_private_key(65537, 2048),
    ec.generate_private_key(ec.SECP384R1()),
)
BASE = "http://testserver"
URL = f"{BASE}/cds-services"


def public(key: Any, kid: str) -> dict[str, Any]:
    algorithm: Any = ECAlgorithm if isinstance(key, ec.EllipticCurvePrivateKey) else RSAAlgorithm
    return {**json.loads(algorithm.to_jwk(key.public_key())), "kid": kid}


KEYS = {"keys": [public(EC, "ec"), public(RSA, "rsa")]}


def token(
    key: Any = EC, alg: str = "ES384", kid: str | None = "ec", headers: dict[str, Any] | None = None, **claims: Any
) -> str:
    payload = {"iss": ISSUER, "aud": URL, "iat": NOW, "exp": NOW + 300, "jti": uuid.uuid4().hex} | claims
    payload = {name: value for name, value in payload.items() if value is not None}
    extra = ({"kid": kid} if kid else {}) | (headers or {})
    return jwt.encode(payload, key, algorithm=alg, headers=extra)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "keys.json").write_text(json.dumps(KEYS))
    with running(folder, clients=(Client(ISSUER, str(folder / "keys.json")),)) as service:
        yield service


def discover(service: Running, authorization: str | None) -> int:
    headers = {} if authorization is None else {"authorization": authorization}
    answer = service.client.get("/cds-services", headers=headers)
    if answer.status_code == 401:
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["resourceType"] == "OperationOutcome"
    status: int = answer.status_code
    return status


@pytest.mark.parametrize(("key", "alg", "kid"), [(EC, "ES384", "ec"), (RSA, "RS384", "rsa")])
def test_a_good_token_is_let_in(guarded: Running, key: Any, alg: str, kid: str) -> None:
    assert discover(guarded, f"Bearer {token(key, alg, kid)}") == 200
    assert discover(guarded, f"bearer {token(key, alg, kid, aud=[f'{URL}/', 'https://other'])}") == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example.org"},
        {"iss": None},
        {"aud": f"{BASE}/cds-services/other"},
        {"aud": "https://elsewhere.example.org/cds-services"},
        {"aud": None},
        {"exp": NOW - 61},
        {"exp": None},
        {"iat": None},
        {"iat": NOW + 61, "exp": NOW + 100},
        {"exp": NOW + 601},
        {"iat": NOW + 300, "exp": NOW + 200},
        {"nbf": NOW + 100},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 201},
        {"jti": 5},
        {"exp": "soon"},
        {"aud": 5},
    ],
    ids=str,
)
def test_a_claim_that_is_not_right(guarded: Running, claims: dict[str, Any]) -> None:
    try:
        made = token(**claims)
    except TypeError:
        pytest.skip("cannot be encoded")
    assert discover(guarded, f"Bearer {made}") == 401


@pytest.mark.parametrize("claims", [{"exp": NOW - 59}, {"iat": NOW + 59, "exp": NOW + 100}])
def test_clocks_may_be_off_a_little(guarded: Running, claims: dict[str, Any]) -> None:
    assert discover(guarded, f"Bearer {token(iat=claims.pop('iat', NOW - 300), **claims)}") == 200


def part(value: object) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")


def unsigned() -> str:
    claims = {"iss": ISSUER, "aud": URL, "iat": NOW, "exp": NOW + 300, "jti": "n"}
    return (part({"alg": "none", "typ": "JWT", "kid": "ec"}) + b"." + part(claims) + b".").decode()


def by_public_key() -> str:
    """The old confusion: the public key taken for a shared secret."""
    claims = {"iss": ISSUER, "aud": URL, "iat": NOW, "exp": NOW + 300, "jti": "h"}
    signed = part({"alg": "HS384", "typ": "JWT", "kid": "ec"}) + b"." + part(claims)
    digest = hmac.new(json.dumps(public(EC, "ec")).encode(), signed, hashlib.sha384).digest()
    return (signed + b"." + base64.urlsafe_b64encode(digest).rstrip(b"=")).decode()


@pytest.mark.parametrize(
    "made",
    [
        "",
        "x.y.z",
        "a" * 9000,
        unsigned(),
        by_public_key(),
        token(OTHER),
        token(kid="unknown"),
        token(kid=None),
        token(RSA, "RS256", "rsa"),
        token(RSA, "RS384", "ec"),
        token(headers={"typ": "other"}),
        token(OTHER, headers={"jku": "https://evil.example.org/keys"}),
        token(OTHER, headers={"jwk": public(OTHER, "ec")}),
        token()[:-4] + "AAAA",
    ],
    ids=[
        "empty",
        "text",
        "long",
        "none",
        "hmac",
        "other key",
        "kid",
        "no kid",
        "alg",
        "mixed",
        "typ",
        "jku",
        "jwk",
        "cut",
    ],
)
def test_a_token_that_is_not_signed_as_it_must(guarded: Running, made: str) -> None:
    assert discover(guarded, f"Bearer {made}") == 401


@pytest.mark.parametrize("header", [None, "", "Basic eA==", "Bearer", "Bearer "])
def test_no_token(guarded: Running, header: str | None) -> None:
    assert discover(guarded, header) == 401


def test_with_keys_in_a_file_an_address_in_a_token_is_not_looked_at_unless_one_is_expected(
    guarded: Running, tmp_path: Path
) -> None:
    named = {"jku": "https://ehr.example.org/keys"}
    assert discover(guarded, f"Bearer {token(headers=named)}") == 200
    (tmp_path / "keys.json").write_text(json.dumps(KEYS))
    client = Client(ISSUER, str(tmp_path / "keys.json"), jku="https://ehr.example.org/keys")
    with running(tmp_path, clients=(client,)) as service:
        assert discover(service, f"Bearer {token(headers=named)}") == 200
        assert discover(service, f"Bearer {token(headers={'jku': 'https://evil.example.org/keys'})}") == 401


def test_a_token_is_taken_once(guarded: Running) -> None:
    made = token()
    assert discover(guarded, f"Bearer {made}") == 200
    assert discover(guarded, f"Bearer {made}") == 401


def test_every_call_needs_a_token_made_out_to_it(guarded: Running) -> None:
    body = hook_call(VIEW, LOW.prefetch())
    for path in (f"/cds-services/{VIEW}", f"/cds-services/{VIEW}/feedback", "/assess", "/read"):
        assert guarded.post(path, body).status_code == 401
        assert guarded.post(path, body, authorization=f"Bearer {token()}").status_code == 401
    called = token(aud=f"{URL}/{VIEW}")
    assert guarded.post(f"/cds-services/{VIEW}", body, authorization=f"Bearer {called}").status_code == 200
    assert guarded.client.get("/healthz").status_code == 200


def test_the_public_address_is_the_audience(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text(json.dumps(KEYS))
    client = Client(ISSUER, str(tmp_path / "keys.json"))
    with running(tmp_path, clients=(client,), public_url="https://cds.example.org/mg") as service:
        assert discover(service, f"Bearer {token(aud='https://cds.example.org/mg/cds-services')}") == 200
        assert discover(service, f"Bearer {token()}") == 401


# --- the gate by itself -------------------------------------------------------------------------------------


class Keys:
    """Keys at an address."""

    def __init__(self, keys: dict[str, Any]) -> None:
        self.keys, self.fetched = keys, 0

    def __call__(self, url: str) -> bytes:
        assert url == "https://ehr.example.org/keys"
        self.fetched += 1
        return json.dumps(self.keys).encode()


def gate(keys: Keys, clock: list[float], most: int = 100) -> Gate:
    settings = Settings(clients=(Client(ISSUER, jwks_url="https://ehr.example.org/keys"),))
    return Gate(settings, lambda: clock[0], keys, most)


def test_keys_at_an_address_are_fetched_again_for_a_new_key_but_not_for_every_token() -> None:
    clock, keys = [NOW], Keys({"keys": [public(RSA, "rsa")]})
    made = gate(keys, clock)
    made.check(f"Bearer {token(RSA, 'RS384', 'rsa', headers={'jku': 'https://ehr.example.org/keys'})}", URL)
    with pytest.raises(ServiceError):
        made.check(f"Bearer {token(RSA, 'RS384', 'rsa', headers={'jku': 'https://evil.example.org/keys'})}", URL)
    for _ in range(3):
        with pytest.raises(ServiceError):
            made.check(f"Bearer {token()}", URL)
    assert keys.fetched == 1
    keys.keys, clock[0] = KEYS, NOW + 61
    made.check(f"Bearer {token()}", URL)
    assert keys.fetched == 2


def test_a_key_server_that_fails_keeps_the_known_keys() -> None:
    clock, keys = [NOW], Keys(KEYS)
    made = gate(keys, clock)
    made.check(f"Bearer {token()}", URL)
    keys.keys, clock[0] = {"nothing": 1}, NOW + 61
    with pytest.raises(ServiceError):
        made.check(f"Bearer {token(kid='new')}", URL)
    made.check(f"Bearer {token()}", URL)


def test_memory_is_bounded_and_nobody_gets_in_unremembered() -> None:
    clock, keys = [NOW], Keys(KEYS)
    made = gate(keys, clock, most=3)
    for _ in range(3):
        made.check(f"Bearer {token()}", URL)
    with pytest.raises(ServiceError) as refused:
        made.check(f"Bearer {token()}", URL)
    assert refused.value.status == 503
    clock[0] = NOW + 361
    made.check(f"Bearer {token(iat=NOW + 361, exp=NOW + 400)}", URL)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"keys": 5}',
        b'{"keys": [{"kty": "oct", "k": "AA", "kid": "s"}]}',
        b'{"keys": [{"kty": "EC"}]}',
    ],
)
def test_what_is_no_set_of_public_keys(content: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        key_set(content, ISSUER)
    assert refused.value.code == "MGD-S107"


def test_a_private_key_is_refused() -> None:
    private = {**json.loads(ECAlgorithm.to_jwk(EC)), "kid": "ec"}
    with pytest.raises(InvalidInput):
        key_set(json.dumps({"keys": [private]}).encode(), ISSUER)
