# Two commands do everything on a fresh machine with Python 3.11+ and make:
#   make demo    installs the library and judges a bundled patient
#   make test    installs what the tests need and runs lint, types and the whole suite; the browser tests with it
#                where CI or BROWSER_TESTS is set (make browser runs them alone)
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt
SOURCE := pyproject.toml constraints.txt

BROWSER := $(filter-out 0 false no off,$(CI) $(BROWSER_TESTS))

.PHONY: demo test check lint types unit browser browser-or-not long bench bench-peers docs clean

demo: $(VENV)/.core
	@$(BIN)/mgdecide demo; code=$$?; [ $$code -eq 0 ] || [ $$code -eq 3 ] || [ $$code -eq 4 ]

test: $(VENV)/.dev lint types unit browser-or-not

check: test

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

unit: $(VENV)/.dev
	$(BIN)/pytest -n 2 -m "not slow and not browser"

browser: $(VENV)/.dev
	sh tests/browser/setup.sh $(VENV)
	BROWSER_TESTS=1 $(BIN)/pytest -n 2 -m browser tests/browser

ifeq ($(BROWSER),)
browser-or-not:
	@echo "browser tests not run: make browser runs them, as does CI (they need Chromium)"
else
browser-or-not: browser
endif

long: $(VENV)/.dev
	$(BIN)/pytest -m slow

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/single.py

# Against other engines, fetched into build/peers: needs Node 18+, npm and the network once.
bench-peers: $(VENV)/.core
	$(BIN)/python -m benchmarks.peers.run

# The core's libraries under every other Python of the machine, for the test that all give the same bytes.
pythons:
	@for version in 3.11 3.12 3.13 3.14; do \
	  for python in $$(command -v python$$version) $$HOME/.pyenv/versions/$$version.*/bin/python; do \
	    if [ -x "$$python" ] && "$$python" -c "" 2>/dev/null && [ ! -e .pythons/$$version ]; then \
	      "$$python" -m venv .pythons/$$version && \
	      .pythons/$$version/bin/pip install --quiet --disable-pip-version-check --constraint constraints.txt attrs pydantic pint \
	      || rm -rf .pythons/$$version; fi; done; done; ls .pythons

# The pages that are read off the library: rules, facts, studies, bodies, errors, laws, sources, hazards.
pages: $(VENV)/.core
	$(BIN)/python -m docs.pages

docs: $(VENV)/.docs
	$(BIN)/python -m docs.pages
	$(BIN)/python -m sphinx -W --keep-going -b html docs docs/_build/html

# Coverage-guided, SECONDS for each harness; then a plain loop over very many generated inputs.
fuzz: $(VENV)/.fuzz
	$(BIN)/python -m fuzz.guided all --seconds $(SECONDS)

hammer: $(VENV)/.dev
	$(BIN)/python -m fuzz.hammer records --count 1000000
	$(BIN)/python -m fuzz.hammer bundles --count 100000
	$(BIN)/python -m fuzz.hammer broken --count 100000

# Sustained load on the service with clients that misbehave beside it; then the same with kills in between.
load: $(VENV)/.dev
	$(BIN)/python -m fuzz.load --minutes 10
	$(BIN)/python -m fuzz.load --minutes 3 --kills 9

# All of them: hours. An interrupted run goes on where it stopped; SAMPLE=200 tries so many at random.
mutants: $(VENV)/.fuzz
	nice -n 19 $(BIN)/python -m fuzz.mutants $(if $(SAMPLE),--sample $(SAMPLE))

# bandit needs no network; pip-audit asks a database of weaknesses, and what it could not ask fails (exit code 2).
audit: $(VENV)/.fuzz
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml src
	@echo "bandit: nothing found"
	$(BIN)/python -m fuzz.audit

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "mgdecide needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.core: $(VENV)/bin/python $(SOURCE)
	$(PIP) --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python $(SOURCE)
	$(PIP) --editable ".[evidence,cohort,duckdb,spark,service,test,dev]"
	@touch $@ $(VENV)/.core

$(VENV)/.docs: $(VENV)/bin/python $(SOURCE)
	$(PIP) --editable ".[docs]"
	@touch $@ $(VENV)/.core

$(VENV)/.fuzz: $(VENV)/.dev
	$(PIP) --editable ".[fuzz]"
	@touch $@

clean:
	rm -rf $(VENV) .pythons docs/_build .mypy_cache .ruff_cache .pytest_cache .hypothesis
