"""One harness under atheris, with the library instrumented for coverage. Started by ``fuzz.guided``."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["mgdecide"]):
    import mgdecide.adapters.bulk.facts
    import mgdecide.adapters.fhir
    import mgdecide.adapters.incoming
    import mgdecide.adapters.record.records
    import mgdecide.knowledge.overlay
    import mgdecide.knowledge.study_reading
    import mgdecide.rules.rulebook
    import mgdecide.testing.knowledge_doors  # noqa: F401
    from fuzz.guided import HARNESSES, mutated

_LIBRARY_OF_FUZZERS = 3
"""Every third mutation is libFuzzer's own; the others know the shape of what they change."""


def custom_mutator(data: bytes, most: int, seed: int) -> bytes:
    """Mix the fuzzer's own mutations with ours."""
    if seed % _LIBRARY_OF_FUZZERS == 0:
        return bytes(atheris.Mutate(data, most))
    return mutated(data, most, seed)


def main() -> None:
    """Run the harness named first on the command line; the rest goes to libFuzzer."""
    harness = HARNESSES[sys.argv[1]][0]
    atheris.Setup([sys.argv[0], *sys.argv[2:]], harness, custom_mutator=custom_mutator)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
