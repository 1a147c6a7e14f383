"""Where the service lives: at the root of a host, or below a path of one, mounted or behind a gateway."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit


def mounted_at(scope: Mapping[str, Any]) -> str:
    """The path of the program the service is mounted in, without a slash at its end; empty at the root."""
    return str(scope.get("root_path", "")).rstrip("/")


def path_in(scope: Mapping[str, Any]) -> str:
    """The path of a request within the service."""
    path, root = str(scope.get("path", "")), mounted_at(scope)
    return path[len(root) :] if root and path.startswith(f"{root}/") else path


def prefix_of(scope: Mapping[str, Any], public_url: str) -> str:
    """What stands before every path of ours in the address bar: as the site says, else where it is mounted."""
    return urlsplit(public_url).path.rstrip("/") if public_url else mounted_at(scope)


_OURS = re.compile(r'(?<=\s)(href|action|src)="/')
_PLAIN = re.compile(r"[A-Za-z0-9._~/-]*")


def placed(html: str, prefix: str) -> str:
    """A page whose own addresses begin with the prefix. Texts are escaped and hold no quotes, so only markup is met."""
    if not prefix or not _PLAIN.fullmatch(prefix):
        return html
    return _OURS.sub(rf'\1="{prefix}/', html)
