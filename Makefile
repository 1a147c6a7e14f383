# Two commands do everything on a fresh machine with Python 3.11+ and make:
#   make demo    installs the library and judges a bundled patient
#   make test    installs what the tests need and runs lint, types and the whole suite
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt
SOURCE := pyproject.toml constraints.txt

.PHONY: demo test check lint types unit long bench docs clean

demo: $(VENV)/.core
	@$(BIN)/mgdecide demo; code=$$?; [ $$code -eq 0 ] || [ $$code -eq 3 ] || [ $$code -eq 4 ]

test: $(VENV)/.dev lint types unit

check: test

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

unit: $(VENV)/.dev
	$(BIN)/pytest -n 2 -m "not slow and not browser"

long: $(VENV)/.dev
	$(BIN)/pytest -m slow

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/single.py

docs: $(VENV)/.docs
	$(BIN)/python -m sphinx -W --keep-going -b html docs docs/_build/html

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "mgdecide needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.core: $(VENV)/bin/python $(SOURCE)
	$(PIP) --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python $(SOURCE)
	$(PIP) --editable ".[evidence,cohort,duckdb,spark,service,test,dev]"
	@touch $@ $(VENV)/.core

$(VENV)/.docs: $(VENV)/.dev
	$(PIP) --editable ".[docs]"
	@touch $@

clean:
	rm -rf $(VENV) docs/_build .mypy_cache .ruff_cache .pytest_cache .hypothesis
