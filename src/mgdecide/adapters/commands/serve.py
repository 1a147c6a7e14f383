"""``mgdecide serve``: the CDS Hooks service, the JSON API and the workbench, on loopback unless told."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from os import environ
from typing import TYPE_CHECKING

from mgdecide.adapters.commands.command_line import write_output
from mgdecide.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from mgdecide.adapters.web.settings import Settings

_BACKLOG = 2048
_GRACE = 10
"""Seconds that requests under way have when the service is asked to stop."""


def add_arguments(parser: ArgumentParser) -> None:
    """Where to listen, and the configuration. Everything else is set in the file or by variables."""
    parser.add_argument("--host", metavar="HOST", help="address to listen at (default: 127.0.0.1)")
    parser.add_argument("--port", metavar="PORT", help="port to listen at (default: 8010; 0 takes a free one)")
    parser.add_argument("--config", metavar="FILE", help="configuration (TOML); or the variable MGDECIDE_CONFIG")
    parser.add_argument("--site", metavar="FILE", help="a site's limits, locale and crisis line (TOML)")
    parser.add_argument("--data-dir", metavar="FOLDER", help="where feedback and the record of cards are kept")
    parser.add_argument("--shadow", action="store_true", default=None, help="record, and show no card")
    parser.add_argument("--check", action="store_true", help="check the configuration and leave")


def run(args: Namespace) -> int:
    """Serve until told to stop (SIGTERM or Ctrl-C): requests under way are answered first.

    Raises:
        MgdecideError: every mistake of the configuration; a port that is taken (MGD-S108).
    """
    from mgdecide.adapters.web.settings import read_settings

    given = {key: getattr(args, key, None) for key in ("host", "port", "site", "data_dir", "shadow")}
    settings, remarks = read_settings(getattr(args, "config", None), environ, given)
    if getattr(args, "check", False):
        return _check(settings, remarks)
    _remark(remarks)
    return _serve(settings)


def _check(settings: Settings, remarks: Iterable[Problem]) -> int:
    """Everything that starting would do, but listen. A variable nobody reads is a mistake here."""
    from mgdecide.adapters.web.app import create_app

    found = tuple(remarks)
    unread = [problem for problem in found if problem.code == "MGD-S105"]
    if unread:
        raise InvalidInput(unread)
    _remark(found)
    create_app(settings)
    write_output(f"The configuration can be used: {settings.base_url}, {_told(settings)}.")
    return 0


def _remark(remarks: Iterable[Problem]) -> None:
    for problem in remarks:
        print(f"note: {problem}", file=sys.stderr)


def _told(settings: Settings) -> str:
    clients = len(settings.clients)
    parts = [
        f"{clients} client{'s' * (clients != 1)} with keys" if clients else "no JWT asked for",
        f"FHIR servers: {', '.join(settings.fhir_hosts) or 'none'}",
        f"feedback in {settings.folder}",
    ]
    return "; ".join([*parts, "shadow"] if settings.shadow else parts)


def _serve(settings: Settings) -> int:
    import gc
    import socket

    import uvicorn
    from attrs import evolve

    from mgdecide.adapters.web.app import create_app, entrance, warm_up
    from mgdecide.adapters.web.connection import Connections
    from mgdecide.adapters.web.logs import take_over

    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # asyncio: no delay only for TCP by name
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((settings.host, settings.port))
        listening.listen(_BACKLOG)  # from now on callers wait in place of being turned away
    except OSError as error:
        listening.close()
        given = f"{settings.host}:{settings.port} ({error.strerror or type(error).__name__})"
        raise InvalidInput(Problem("MGD-S108", "--port", given, "an address and port that are free here")) from None
    settings = evolve(settings, port=listening.getsockname()[1])
    app = create_app(settings)
    service = app.state.service
    warm_up(service)
    take_over(service.log)
    config = uvicorn.Config(
        entrance(app),
        http=Connections(settings, service.log, service.metrics).protocol(),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=_GRACE,
        timeout_keep_alive=15,
    )
    gc.collect()
    gc.freeze()  # the knowledge stays; the collector need not walk through it again and again
    with listening:
        print(
            f"mgdecide listens at {settings.base_url}/ ({_told(settings)}). Ctrl-C stops it.",
            file=sys.stderr,
            flush=True,
        )
        uvicorn.Server(config).run(sockets=[listening])
    return 0
