"""Harnesses that attack mgdecide: ``make fuzz``, ``python -m fuzz.guided``, ``python -m fuzz.hammer``."""
