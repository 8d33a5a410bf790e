# Python 3.11 or newer and make are all that has to be on the machine: .venv holds the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: setup demo test test-all test-spark test-data test-lowest test-newest lock fuzz soak check docs format clean bench bench-validate bench-warm bench-warm-validate bench-serving editors web bench-spark

# The stamps keep make from installing again until pyproject.toml or a lock changes. What is installed is what the lock says, each file
# by its hash (CONTRIBUTING.md); the package itself is built with the backend in the lock, not with one that pip would fetch for it.
BUILT := --no-deps --no-build-isolation

$(VENV)/.installed: pyproject.toml requirements/run.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "owltype needs Python 3.11 or newer: make PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes --requirement requirements/run.txt
	$(PIP) install $(BUILT) --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed requirements/test.txt
	$(PIP) install --require-hashes --requirement requirements/test.txt
	@touch $@

setup: $(VENV)/.installed-test

EXAMPLES := examples/medigy/content --ontology medigy
EXPORT := output/medigy.ttl
# The problem codes are records, too.
CODES := exporter/problems/catalogue --ontology examples/problems/ontology.ttl
QUESTION := 'SELECT ?topic (COUNT(?page) AS ?pages) { ?page schema:about/skos:prefLabel ?topic } GROUP BY ?topic ORDER BY DESC(?pages) ?topic LIMIT 5'

demo: $(VENV)/.installed
	$(BIN)/owltype export $(EXAMPLES) -o $(EXPORT)
	$(BIN)/owltype validate $(EXAMPLES) --shapes medigy --output-format concise
	$(BIN)/owltype query -d $(EXPORT) $(QUESTION)

# What the pages run in a browser, from packages of npm by the hashes of the lock; without it pages work with plain forms.
WEB := exporter/pages/web
web: exporter/pages/assets/site.js
exporter/pages/assets/site.js: $(WEB)/package-lock.json $(WEB)/build.mjs $(wildcard $(WEB)/src/*.js)
	@command -v npm >/dev/null || { echo "npm is missing, which the scripts of the pages are built with: install Node.js 18 or newer"; exit 1; }
	cd $(WEB) && npm ci --ignore-scripts --no-audit --no-fund --silent && node build.mjs

editors:
	.ci/editors

# In less than four minutes on two processors; `test-all` has the slow ones too, which run whole commands again and again.
# ARGS goes to pytest: make test ARGS=tests/records
# `make test PARALLEL=` runs it in one process, for a debugger.
PARALLEL := --numprocesses auto --dist loadfile
test: setup
	$(BIN)/python -m pytest $(PARALLEL) -m "not slow" $(ARGS)

# The pages are tested with their scripts where there is npm; else these tests are skipped by name.
test-all: setup
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory web; fi
	$(BIN)/python -m pytest $(PARALLEL) $(ARGS)

# Spark itself, with which `export --runner spark` runs over a cluster: several hundred megabytes, and so in an environment of its own.
.venv-spark/.installed: pyproject.toml requirements/test.txt requirements/spark.txt
	@test -x .venv-spark/bin/python || $(PYTHON) -m venv .venv-spark
	.venv-spark/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement requirements/test.txt
	.venv-spark/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement requirements/spark.txt
	.venv-spark/bin/python -m pip --disable-pip-version-check --quiet install $(BUILT) --editable .
	@touch $@

test-spark: .venv-spark/.installed
	.ci/java
	.venv-spark/bin/python -m pytest tests/wide/test_spark.py $(ARGS)

# The public data that tests read, for machines that don't have them beside the project (tests/data.py).
test-data: setup
	$(BIN)/python -m tests.fetch_data

# The bounds in pyproject.toml hold at both ends: the oldest of each package that we use ourselves, and the newest of all.
# `CORE=tests/records` runs a part.
CORE ?= tests/api tests/cli tests/language tests/mapping tests/ontology tests/pipeline tests/records tests/settings tests/sparql \
	tests/validation tests/writers
test-lowest test-newest: test-%: setup
	@test -x .venv-$*/bin/python || $(PYTHON) -m venv .venv-$*
	$(BIN)/python -m tests.version_bounds $* > .venv-$*/ends.txt
	.venv-$*/bin/python -m pip --disable-pip-version-check --quiet install --upgrade --requirement .venv-$*/ends.txt
	.venv-$*/bin/python -m pip --disable-pip-version-check --quiet install $(BUILT) --editable .
	.venv-$*/bin/python -m pip --disable-pip-version-check list
	.venv-$*/bin/python -m pytest -m "not slow" $(WARNINGS_$*) $(CORE)
# An old package may well use what a new one warns of.
WARNINGS_lowest := -W ignore::DeprecationWarning

# Resolves for every Python and platform at once, and writes every file's hash. `make lock LOCK=--upgrade` takes the newest.
.venv-lock/bin/uv:
	@test -x .venv-lock/bin/python || $(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip --disable-pip-version-check --quiet install 'uv>=0.9'

UV_COMPILE = .venv-lock/bin/uv pip compile $(LOCK) --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock" pyproject.toml requirements/build.in
lock: .venv-lock/bin/uv
	$(UV_COMPILE) --output-file requirements/run.txt
	$(UV_COMPILE) --extra test --constraint requirements/run.txt --output-file requirements/test.txt
	$(UV_COMPILE) --extra spark --constraint requirements/run.txt --output-file requirements/spark.txt

# Looks for faults from a seed, for as long as one likes; tests/fuzz/__init__.py says how to write a fuzzer.
SECONDS ?= 600
SEED ?= 1
fuzz: setup
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS) --seed $(SEED) $(if $(ROUND),--round $(ROUND)) $(if $(ONLY),--only $(ONLY))

# The same for hours: make soak SECONDS=36000
soak: SECONDS = 14400
soak: fuzz

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python docs/generate.py --check
	$(BIN)/owltype export $(EXAMPLES) -o $(EXPORT) --check
	$(BIN)/owltype export $(CODES) -o output/problems.ttl --check
	.ci/wheel
	.ci/editors

docs: $(VENV)/.installed
	$(BIN)/python docs/generate.py
	$(BIN)/owltype export $(CODES) -o output/problems.ttl

# morph-kgc, which the benchmarks compare with, needs an older pyoxigraph than ours and so an environment of its own.
.venv-morph/.installed: benchmarks/rivals/morph-requirements.txt
	@test -x .venv-morph/bin/python || $(PYTHON) -m venv .venv-morph
	.venv-morph/bin/python -m pip --disable-pip-version-check --quiet install -r $<
	@touch $@

bench: setup .venv-morph/.installed
	$(BIN)/python -m benchmarks.run $(BENCH)

bench-validate: setup
	$(BIN)/python -m benchmarks.validate $(BENCH)

bench-warm: setup
	$(BIN)/python -m benchmarks.warm $(BENCH)

bench-warm-validate: setup
	$(BIN)/python -m benchmarks.warm_validate $(BENCH)

# rdflib-endpoint, too, is compared with in an environment of its own.
.venv-endpoint/.installed:
	@test -x .venv-endpoint/bin/python || $(PYTHON) -m venv .venv-endpoint
	.venv-endpoint/bin/python -m pip --disable-pip-version-check --quiet install 'rdflib-endpoint[cli]>=0.6'
	@touch $@

bench-serving: setup web .venv-endpoint/.installed
	$(BIN)/python -m benchmarks.serving $(BENCH)

bench-spark: .venv-spark/.installed
	.ci/java
	.venv-spark/bin/python -m benchmarks.wide $(BENCH)

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf .venv .venv-* .test-data dist .mypy_cache .pytest_cache .ruff_cache
