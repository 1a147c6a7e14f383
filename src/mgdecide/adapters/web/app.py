"""The application: routes, the door around them, and errors that are answers. ``create_app(settings)``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date
from functools import cache
from typing import Annotated

from fastapi import FastAPI, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from mgdecide.adapters.schema.published import SCHEMAS, schema
from mgdecide.adapters.web import api, cds_hooks
from mgdecide.adapters.web import openapi as published
from mgdecide.adapters.web.door import App, Door, Receive, Scope, Send
from mgdecide.adapters.web.outcomes import ServiceError
from mgdecide.adapters.web.paths import placed, prefix_of
from mgdecide.adapters.web.service import Service, encoded, json_response
from mgdecide.adapters.web.settings import Settings
from mgdecide.adapters.web.short_way import short_ways

On = Annotated[date | None, Query(description="the day ages and staleness are judged at")]
ProblemList = Annotated[api.Listed | None, Query(description="whether conditions that are not listed are absent")]
MedicationList = Annotated[api.Listed | None, Query(description="whether medicines that are not listed are not taken")]
ServiceId = Annotated[str, Path(description="id of a service in the discovery document")]


def create_app(settings: Settings | None = None, service: Service | None = None) -> FastAPI:
    """The service as an ASGI application.

    Args:
        settings: how it is set up; the defaults if None.
        service: a service made beforehand, for tests; ``settings`` are then its own.

    Raises:
        MgdecideError: a site overlay or a key set that cannot be used.
    """
    running = service or Service(settings or Settings())

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        warm_up(running)
        running.is_ready = True
        try:
            yield
        finally:
            running.is_ready = False

    app = FastAPI(
        title="mgdecide",
        version=running.site.knowledge.provenance.library,
        description=published.DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.service = running
    app.state.door = Door(running.settings, running.log, running.metrics, short_ways(running, _told))
    app.add_middleware(app.state.door.around)
    _add_hooks(app, running)
    _add_api(app, running)
    _add_watch(app, running)
    if running.settings.workbench:
        from mgdecide.adapters.web.workbench.routes import add_workbench

        add_workbench(app, running)
    app.add_exception_handler(ServiceError, _on_service_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.openapi = lambda: published.document(app)  # type: ignore[method-assign]  # FastAPI's own way to replace it
    return app


def entrance(app: FastAPI) -> App:
    """The application for a server of its own: hook calls go through its door past FastAPI's outer layers."""
    door: Door = app.state.door

    async def enter(scope: Scope, receive: Receive, send: Send) -> None:
        if door.knows_short_way(scope):
            scope["app"] = app
            await door(scope, receive, send)
        else:
            await app(scope, receive, send)

    return enter


def warm_up(service: Service) -> None:
    """Read the knowledge and answer for an invented patient, so that the first real one need not wait."""
    from mgdecide.adapters.fhir.text import bundle_value
    from mgdecide.adapters.web.decision import decide
    from mgdecide.adapters.web.hook_request import HookRequest
    from mgdecide.adapters.web.prefetch import prefetched
    from mgdecide.adapters.web.workbench.bundle_example import example_bundle

    today = service.today()
    chart = bundle_value(example_bundle(today))
    prefetch = {"chart": chart, **dict.fromkeys(("patient", "labs", "conditions", "medications"))}
    for hook, _, _ in cds_hooks.SERVICES.values():
        call = HookRequest(hook, "example", prefetch, None)
        encoded(decide(call, prefetched(prefetch), today, service.site).to_record())


def _add_hooks(app: FastAPI, service: Service) -> None:
    @app.get("/cds-services", tags=["CDS Hooks"], **published.DISCOVERY)
    async def discover(request: Request) -> Response:
        """Every service, with its hook and prefetch."""
        await service.admit(request)
        return json_response(cds_hooks.discovery())

    @app.post("/cds-services/{id}", tags=["CDS Hooks"], **published.CALL)
    async def call(id: ServiceId, request: Request) -> Response:
        """Cards for one patient at one hook."""
        return await cds_hooks.call(service, id, request)

    @app.post("/cds-services/{id}/feedback", tags=["CDS Hooks"], **published.FEEDBACK)
    async def feedback(id: ServiceId, request: Request) -> Response:
        """What became of cards. Acknowledged once it is on the disk; also for cards that are not known."""
        return await cds_hooks.feedback(service, id, request)


def _add_api(app: FastAPI, service: Service) -> None:
    @app.post("/assess", tags=["JSON API"], **published.ASSESS)
    async def assess(
        request: Request, on: On = None, problem_list: ProblemList = None, medication_list: MedicationList = None
    ) -> Response:
        """The assessment of one patient record or FHIR R4 Bundle: the same answer as the library's."""
        return await api.assess_body(service, request, on, problem_list, medication_list)

    @app.post("/read", tags=["JSON API"], **published.READ)
    async def read(request: Request, on: On = None) -> Response:
        """The patient record that a FHIR R4 Bundle amounts to, and what became of every resource."""
        return await api.read_body(service, request, on)

    @app.get("/schemas/{name}", tags=["JSON API"], **published.SCHEMA)
    async def one_schema(name: Annotated[str, Path(description="patient, assessment or cohort")]) -> Response:
        """One of the published JSON Schemas."""
        if name not in SCHEMAS:
            raise ServiceError(404, "not-found", f"There are the schemas {', '.join(SCHEMAS)}.")
        return json_response(schema(name))

    @cache
    def described() -> bytes:
        return encoded(app.openapi())

    @app.get("/openapi.json", include_in_schema=False)
    async def document() -> Response:
        """This API, described."""
        return Response(described(), media_type="application/json")


def _add_watch(app: FastAPI, service: Service) -> None:
    @app.get("/healthz", tags=["Watch"], **published.HEALTH)
    async def healthz() -> Response:
        """The process is alive."""
        return json_response({"status": "ok"})

    @app.get("/readyz", tags=["Watch"], **published.READY)
    async def readyz() -> Response:
        """The knowledge is loaded; calls are answered."""
        return json_response({"status": "ready" if service.is_ready else "not ready"}, 200 if service.is_ready else 503)

    @app.get("/metrics", tags=["Watch"], **published.METRICS)
    async def metrics() -> Response:
        """Counts for Prometheus, without anything of a patient."""
        return Response(
            service.metrics.text(service.log.dropped), media_type="text/plain; version=0.0.4; charset=utf-8"
        )


Handler = Callable[[Request, Exception], Awaitable[Response]]


async def _on_service_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)
    return _told(request, error)


def _told(request: Request, error: ServiceError) -> Response:
    """An error as an OperationOutcome; as a page for a person with a browser where the workbench is served."""
    if "text/html" in request.headers.get("accept", "") and request.app.state.service.settings.workbench:
        from mgdecide.adapters.web.workbench.error_page import error_page

        prefix = prefix_of(request.scope, request.app.state.service.settings.public_url)
        answer = Response(placed(error_page(error), prefix), error.status, media_type="text/html; charset=utf-8")
    else:
        answer = json_response(error.outcome(), error.status)
    answer.headers.update(error.headers)
    return answer


_HTTP_TEXTS = {
    404: ("not-found", "There is nothing at this address."),
    405: ("not-supported", "This method is not answered here."),
}


async def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code, text = _HTTP_TEXTS.get(error.status_code, ("processing", "The request could not be answered."))
    told = ServiceError(error.status_code, code, text)
    told.headers.update(error.headers or {})
    return _told(request, told)


async def _on_invalid(request: Request, error: Exception) -> Response:
    """A query parameter that cannot be used; FastAPI's own answer would repeat what was given."""
    assert isinstance(error, RequestValidationError)
    problems = [
        {
            "code": "MGD-S110",
            "path": str(each["loc"][-1]) if each["loc"][-1] in ("on", "problem_list", "medication_list") else "",
            "given": "something else",
            "accepted": "a day as YYYY-MM-DD" if each["loc"][-1] == "on" else "complete or partial",
        }
        for each in error.errors()
    ]
    return json_response({"problems": problems}, 400)
