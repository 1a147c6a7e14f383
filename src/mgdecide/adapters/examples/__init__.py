"""The bundled patients: made up, one for each way an assessment can go."""

from __future__ import annotations

from importlib.resources import files


def example_names() -> tuple[str, ...]:
    """Their names, the demonstration first."""
    names = [path.name.removesuffix(".json") for path in files(__name__).iterdir() if path.name.endswith(".json")]
    return tuple(sorted(names, key=lambda name: (name != "demo-1", name)))


def example_text(name: str) -> str:
    """The record of one, as JSON text. Raises ``FileNotFoundError`` for a name that is not in ``example_names``."""
    return files(__name__).joinpath(f"{name}.json").read_text(encoding="utf-8")
