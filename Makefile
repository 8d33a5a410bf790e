# Python 3.11 or newer and make are all that has to be on the machine: .venv holds the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: setup demo test fuzz check docs format clean bench bench-validate

# The stamps keep make from installing again until pyproject.toml changes.
$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "owltype needs Python 3.11 or newer: make PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(PIP) install --editable '.[test]'
	@touch $@

setup: $(VENV)/.installed-test

EXAMPLES := examples/medigy/content
EXPORT := output/medigy.ttl
QUESTION := 'SELECT ?topic (COUNT(?page) AS ?pages) { ?page schema:about/skos:prefLabel ?topic } GROUP BY ?topic ORDER BY DESC(?pages) ?topic LIMIT 5'

demo: $(VENV)/.installed
	$(BIN)/owltype export $(EXAMPLES) -o $(EXPORT)
	$(BIN)/owltype validate $(EXAMPLES) --output-format concise
	$(BIN)/owltype query -d $(EXPORT) $(QUESTION)

test: setup
	$(BIN)/python -m pytest

# Looks for faults from a seed, for as long as one likes; tests/fuzz/__init__.py says how to write a fuzzer.
SECONDS ?= 600
SEED ?= 1
fuzz: setup
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS) --seed $(SEED) $(if $(ROUND),--round $(ROUND)) $(if $(ONLY),--only $(ONLY))

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python docs/generate.py --check
	$(BIN)/owltype export $(EXAMPLES) -o $(EXPORT) --check
	.ci/wheel

docs: $(VENV)/.installed
	$(BIN)/python docs/generate.py

# morph-kgc, which the benchmarks compare with, needs an older pyoxigraph than ours and so an environment of its own.
.venv-morph/.installed: benchmarks/rivals/morph-requirements.txt
	@test -x .venv-morph/bin/python || $(PYTHON) -m venv .venv-morph
	.venv-morph/bin/python -m pip --disable-pip-version-check --quiet install -r $<
	@touch $@

bench: setup .venv-morph/.installed
	$(BIN)/python -m benchmarks.run $(BENCH)

bench-validate: setup
	$(BIN)/python -m benchmarks.validate $(BENCH)

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) .venv-morph dist .mypy_cache .pytest_cache .ruff_cache
