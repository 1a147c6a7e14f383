"""``mgdecide laws``: the numbered laws the property tests prove, each with its sentence."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from mgdecide.adapters.commands.command_line import write_output


def add_arguments(parser: ArgumentParser) -> None:
    """None: every law is listed."""


def run(args: Namespace) -> int:
    """Print them; 0. Proving them needs the extra ``test``, listing them does not."""
    from mgdecide.testing.laws import LAWS

    width = max(len(law.id) for law in LAWS)
    write_output("\n".join(f"{law.id:<{width}}  {law.sentence}" for law in LAWS))
    return 0
