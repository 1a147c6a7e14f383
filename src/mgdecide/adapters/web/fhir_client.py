"""Fetching what a request did not bring, from the client's FHIR server, with the token the client gave for it.

Only from hosts the site has named, only over TLS unless the site says otherwise, never past a redirect, never to
another host than the request's own server, and within bounds of time, pages and bytes. Whatever goes wrong is a gap
that stays one; the token and the patient's data never reach a log.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from mgdecide.adapters.fhir.text import bundle_value
from mgdecide.adapters.web.hook_request import Access, HookRequest, Resource
from mgdecide.adapters.web.prefetch import Gap, Prefetched, next_page, prefetched
from mgdecide.adapters.web.settings import Settings
from mgdecide.errors import MgdecideError

if TYPE_CHECKING:
    import httpx


class _GapError(Exception):
    """A query that could not be answered; its text is one of ours."""


def allowed(access: Access | None, settings: Settings) -> bool:
    """Whether the site lets data be fetched from this server."""
    if access is None or not settings.fhir_hosts:
        return False
    parts = urlsplit(access.server)
    if parts.scheme != "https" and not settings.fhir_allow_http:
        return False
    if parts.username or parts.password:
        return False
    host = (parts.hostname or "").lower()
    names = {host, f"{host}:{_port(parts.scheme, parts.port)}"}
    return not names.isdisjoint(each.lower() for each in settings.fhir_hosts)


def _port(scheme: str, port: int | None) -> int:
    return port or (443 if scheme == "https" else 80)


async def complete(
    request: HookRequest, settings: Settings, transport: httpx.AsyncBaseTransport | None = None
) -> Prefetched:
    """What the request brought, and what could be fetched beside it; the gaps that stay are named.

    Args:
        transport: for tests; else the network.
    """
    found = prefetched(request.prefetch)
    if not found.gaps or request.access is None or not allowed(request.access, settings):
        return found
    import httpx

    headers = {"Accept": "application/fhir+json", "Accept-Encoding": "identity"}  # 64 kB can unpack to 64 MB
    if request.access.token:
        headers["Authorization"] = f"Bearer {request.access.token}"
    fetcher = _Fetcher(request, settings)
    try:
        async with (
            asyncio.timeout(settings.fhir_seconds),
            httpx.AsyncClient(
                headers=headers,
                follow_redirects=False,
                timeout=settings.fhir_seconds,
                transport=transport,
                trust_env=False,
                limits=httpx.Limits(max_connections=8),
            ) as client,
        ):
            answers = await asyncio.gather(*(fetcher.fill(gap, client) for gap in found.gaps))
    except TimeoutError:
        return Prefetched(found.resources, tuple(_still(gap, "not answered in time") for gap in found.gaps))
    resources = [*found.resources]
    gaps: list[Gap] = []
    for answer in answers:
        if isinstance(answer, Gap):
            gaps.append(answer)
        else:
            resources += answer
    return Prefetched(tuple(resources), tuple(gaps))


def _still(gap: Gap, why: str) -> Gap:
    return Gap(gap.query, why, gap.next)


class _Fetcher:
    """Fetches for one request; keeps count of the bytes."""

    def __init__(self, request: HookRequest, settings: Settings) -> None:
        assert request.access is not None
        self._server = request.access.server
        self._patient = request.patient
        self._settings = settings
        self._bytes = 0

    async def fill(self, gap: Gap, client: httpx.AsyncClient) -> Sequence[Resource] | Gap:
        """The resources that close a gap, or the gap with the reason why it stays."""
        url = gap.next or f"{self._server}/{gap.query.path(self._patient)}"
        pages: list[Resource] = []
        try:
            while url:
                if len(pages) >= self._settings.fhir_max_pages:
                    raise _GapError("more pages than are read")
                page = await self._page(self._address(url), client)
                if page.get("resourceType") not in ("Bundle", gap.query.kind):
                    raise _GapError("an answer that is not what was asked for")
                pages.append(page)
                url = next_page(page)
        except _GapError as error:
            return _still(gap, str(error))
        return pages

    def _address(self, url: str) -> str:
        """A page's address, given in full or relative to the server."""
        try:
            return urljoin(self._server + "/", url)
        except ValueError:
            raise _GapError("a next page that is no address") from None

    async def _page(self, url: str, client: httpx.AsyncClient) -> Resource:
        """One answer."""
        import httpx

        if not self._is_own(url):
            raise _GapError("a next page on another server")
        try:
            async with client.stream("GET", url) as response:
                if response.status_code in (404, 410):
                    raise _GapError("not found by the FHIR server")
                if response.status_code != 200:
                    raise _GapError(f"answered with status {response.status_code}")
                if response.headers.get("content-encoding", "identity").lower() != "identity":
                    raise _GapError("a compressed answer that was not asked for")
                body = await self._body(response)
        except (httpx.HTTPError, httpx.InvalidURL):
            raise _GapError("no answer from the FHIR server") from None
        try:
            value = bundle_value(body)
        except MgdecideError:
            raise _GapError("an answer that is not JSON") from None
        if not isinstance(value, dict):
            raise _GapError("an answer that is not a resource")
        return value

    async def _body(self, response: httpx.Response) -> bytes:
        parts: list[bytes] = []
        async for part in response.aiter_bytes():
            self._bytes += len(part)
            if self._bytes > self._settings.fhir_max_bytes:
                raise _GapError("more bytes than are read")
            parts.append(part)
        return b"".join(parts)

    def _is_own(self, url: str) -> bool:
        """Whether an address is on the request's own server: the token goes nowhere else."""
        try:
            one, other = urlsplit(url), urlsplit(self._server)
            same = (one.scheme, one.hostname, _port(one.scheme, one.port)) == (
                other.scheme,
                other.hostname,
                _port(other.scheme, other.port),
            )
        except ValueError:
            return False
        return same and not one.username and not one.password
