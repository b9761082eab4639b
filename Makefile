# Needs python3 (3.11 or newer) with pip and venv, and make. Everything else is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SUITE := .tinydb-suite

.PHONY: help run test check faults lint types quick slow unit screens coverage fuzz tinydb-suite smoke manual sample bench clean

help: ## list the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "make %-13s %s\n", $$1, $$2 }'

run: $(VENV)/.run ## open a copy of the sample archive
	$(BIN)/archive demo

test: lint types quick ## what every change must pass: lint, types and the quick tests, in about two minutes

check: slow unit tinydb-suite smoke ## everything else: the slower tests, coverage, TinyDB's own tests, the wheel

$(VENV)/.run: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	$(BIN)/python -m compileall -q archive
	@touch $@

$(VENV)/.dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	$(BIN)/python -m compileall -q archive
	@touch $@ $(VENV)/.run

lint: $(VENV)/.dev ## check style and formatting
	$(BIN)/ruff check --no-cache .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev ## check types
	$(BIN)/mypy

quick: $(VENV)/.dev ## the tests of `make test`
	$(BIN)/python -m pytest -n auto -m "not long and not check"

# The slower tests of the screens: every size, long walks, memory.
slow: $(VENV)/.dev ## the slower tests of the screens
	$(BIN)/python -m pytest -n auto -m "not long and check" tests/ui

# All tests below the screens with coverage. Those of the screens run without: measuring doubles their time.
unit: $(VENV)/.dev ## all tests below the screens, with coverage
	$(BIN)/python -m pytest -n auto -m "not long" --ignore=tests/ui --cov --cov-report=
	$(BIN)/python tests/coverage_floors.py model store analysis exchange service cli

screens: $(VENV)/.dev ## every case of the screens' tests: all sizes, all hostile texts
	$(BIN)/python -m pytest -n auto tests/ui

coverage: $(VENV)/.dev ## everything with coverage, the screens included
	$(BIN)/python -m pytest -n auto --cov --cov-report=term:skip-covered
	$(BIN)/python tests/coverage_floors.py

fuzz: $(VENV)/.dev ## the property tests with forty times the examples
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -n auto tests/model tests/store tests/exchange tests/service

# TinyDB's own tests, of the version that is installed, on our storage and table.
tinydb-suite: $(SUITE)/.fetched ## TinyDB's own tests on our storage and table
	$(BIN)/python tests/tinydb_suite.py $(SUITE)/tinydb-*/tests

$(SUITE)/.fetched: $(VENV)/.dev
	rm -rf $(SUITE)
	version=$$($(BIN)/python -c "from importlib.metadata import version; print(version('tinydb'))") && \
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: \
		--dest $(SUITE) "tinydb==$$version" || \
	{ echo "TinyDB's own tests could not be fetched from the package index, and were not run." >&2; exit 1; }
	$(BIN)/python -m tarfile -e $(SUITE)/tinydb-*.tar.gz $(SUITE)
	@touch $@

# Kills of the store, of the terminal program, of commands and of background processes; failing calls, full disks, power cuts
# (as root), torn, foreign and shrinking files, flipped bits, file systems without locks, malformed files of a user, hostile
# texts and 100,000 random keys: two to three hours. A table at the end says what each tried and what it lost.
faults: $(VENV)/.dev ## kills, full disks, damage, random keys: two to three hours
	FAULTS=long $(BIN)/python -m pytest -n 2 --dist worksteal -k "many_tries or known" tests/faults

smoke: $(VENV)/.dev ## build the wheel, install it in a clean environment and use it
	$(BIN)/python tests/smoke.py

sample: $(VENV)/.dev ## generate the sample archive again
	$(BIN)/python -m sample_data.generate

manual: $(VENV)/.dev ## write the tables of docs/manual.md from the declarations in the program
	$(BIN)/python -m docs.tables

bench: $(VENV)/.dev ## measure speed and memory
	$(BIN)/python -m bench.figures
	$(BIN)/python -m bench.ui
	$(BIN)/python -m bench.store
	$(BIN)/python -m bench.analysis

clean: ## delete everything that make has created
	rm -rf $(VENV) $(SUITE) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
