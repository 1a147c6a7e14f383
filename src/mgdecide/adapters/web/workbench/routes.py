"""The addresses of the workbench."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from urllib.parse import parse_qsl

from fastapi import FastAPI, Request, Response

from mgdecide.adapters.report.explanation import explain
from mgdecide.adapters.web.outcomes import ServiceError
from mgdecide.adapters.web.paths import placed, prefix_of
from mgdecide.adapters.web.service import Service, refuse_other_types
from mgdecide.adapters.web.workbench import patient_page, view
from mgdecide.adapters.web.workbench.fields import Values
from mgdecide.adapters.web.workbench.markup import tag, text
from mgdecide.adapters.web.workbench.page import page
from mgdecide.errors import MgdecideError
from mgdecide.knowledge.edition import Knowledge

FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 500
_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}


def add_workbench(app: FastAPI, service: Service) -> None:
    """The page, its fragment, the patient view, the explanations, and the static files."""

    def shown_at(request: Request, content: str, status: int = 200) -> Response:
        prefix = prefix_of(request.scope, service.settings.public_url)
        return Response(placed(content, prefix), status, media_type="text/html; charset=utf-8")

    def whole(request: Request, found: view.View, example: str = "") -> Response:
        return shown_at(request, _page(found, service.site.knowledge, example), 400 if found.mistakes else 200)

    @app.get("/", include_in_schema=False)
    async def start(request: Request, example: str = "") -> Response:
        """The empty page, or one of the bundled patients."""
        if not example:
            return whole(request, view.empty(service.today()))
        try:
            found = view.of_example(example, service.today(), service.site.knowledge)
        except KeyError:
            raise ServiceError(404, "not-found", "There is no example of this name.") from None
        return whole(request, found, example)

    @app.post("/", include_in_schema=False)
    async def submit(request: Request) -> Response:
        """What was entered, judged; or the same patient in the other view."""
        values = await _values(request)
        mode, go = _mode(values), values.pop("go", "")
        shown = view.switched if go and go != mode else view.judged
        return whole(request, shown(values, mode, service.today(), service.site.knowledge))

    @app.post("/workbench/fragment", include_in_schema=False)
    async def fragment(request: Request) -> Response:
        """Only the right side, for a page that follows what is typed."""
        values = await _values(request)
        mode = _mode(values)
        values.pop("go", "")
        found = view.judged(values, mode, service.today(), service.site.knowledge)
        from mgdecide.adapters.web.workbench.entry import summary

        inner = summary(found.mistakes) if found.mistakes else view.answer(found, service.site.knowledge)
        answer = shown_at(request, inner)
        answer.headers["X-Title"] = found.title
        return answer

    @app.post("/patient-view", include_in_schema=False)
    async def patient_view(request: Request) -> Response:
        """The same facts for the patient."""
        values = await _values(request)
        found = view.judged(values, _mode(values), service.today(), service.site.knowledge)
        if found.assessment is None:
            return whole(request, found)
        tools = patient_page.tools(view.back_form(found))
        shown = patient_page.patient_page(found.assessment, tools)
        words = patient_page.INTENDED, patient_page.FOOT
        return shown_at(request, page("Your magnesium result", shown, intended=words[0], foot=words[1]))

    @app.get("/explain/{name}", include_in_schema=False)
    async def explanation(request: Request, name: str) -> Response:
        """What a rule, a fact or an error code means."""
        try:
            told = explain(name)
        except MgdecideError:
            raise ServiceError(404, "not-found", "Nothing is known by this name.") from None
        inner = tag("pre", text(told), tabindex="0", aria_label="Explanation", class_="explanation")
        back = tag("p", tag("a", text("To the workbench"), href="/"))
        return shown_at(request, page(name, tag("section", tag("h1", text(name)), inner, back, class_="panel single")))

    @app.get("/static/{name}", include_in_schema=False)
    async def static(name: str, request: Request) -> Response:
        """Style, script and icon: the page needs nothing else, and nothing from anywhere else."""
        found = static_files().get(name)
        if found is None:
            raise ServiceError(404, "not-found", "There is no such file.")
        content, tag_ = found
        headers = {"ETag": tag_, "Cache-Control": "no-cache"}
        if request.headers.get("if-none-match") == tag_:
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=_TYPES[name.rpartition(".")[2]], headers=headers)


@cache
def static_files() -> dict[str, tuple[bytes, str]]:
    """The static files with their tags, by name."""
    found = {}
    for path in files("mgdecide.adapters.web").joinpath("static").iterdir():
        if path.name.rpartition(".")[2] in _TYPES:
            content = path.read_bytes()
            found[path.name] = content, f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    return found


async def _values(request: Request) -> Values:
    """The fields of a posted form.

    Raises:
        ServiceError: 415, or 400 for what is no form.
    """
    refuse_other_types(request, FORM)
    content = await request.body()
    try:
        pairs = parse_qsl(content.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        raise ServiceError(400, "structure", "The body is not a form.") from None
    return {name: value.replace("\r\n", "\n") for name, value in pairs}


def _mode(values: Values) -> str:
    return view.JSON if values.pop("mode", "") == view.JSON else view.FORM


def _page(found: view.View, knowledge: Knowledge, example: str) -> str:
    if found.assessment is None:
        skip_to, skip = "entry-title", "Skip to the form"
    else:
        skip_to, skip = "result", "Skip to the assessment"
    return page(found.title, view.whole(found, knowledge, example), skip_to=skip_to, skip=skip)
