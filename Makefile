# Needs python3 (3.11 or newer) with pip and venv, and make. Everything else is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SUITE := .tinydb-suite

.PHONY: run test lint types unit screens coverage fuzz faults tinydb-suite smoke sample bench clean

run: $(VENV)/.run
	$(BIN)/archive demo

test: lint types unit tinydb-suite smoke

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

lint: $(VENV)/.dev
	$(BIN)/ruff check --no-cache .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

# The layers below the screens with their coverage; the screens, driven by real keys, without: measuring doubles their time.
unit: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto -m "not long" --ignore=tests/ui --cov --cov-report=
	$(BIN)/python tests/coverage_floors.py model store analysis exchange service cli
	$(BIN)/python -m pytest -n auto -m "not long" tests/ui

# Every case of the screens' tests: all sizes, all hostile texts.
screens: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto tests/ui

# Everything with coverage, the screens included.
coverage: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto --cov --cov-report=term:skip-covered
	$(BIN)/python tests/coverage_floors.py

# The same properties with forty times the examples.
fuzz: $(VENV)/.dev
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -n auto tests/model tests/store tests/exchange tests/service

# TinyDB's own tests, of the version that is installed, on our storage and table.
tinydb-suite: $(SUITE)/.fetched
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
faults: $(VENV)/.dev
	FAULTS=long $(BIN)/python -m pytest -n 2 -k "many_tries or known" tests/faults

smoke: $(VENV)/.dev
	$(BIN)/python tests/smoke.py

sample: $(VENV)/.dev
	$(BIN)/python -m sample_data.generate

bench: $(VENV)/.dev
	$(BIN)/python -m bench.figures
	$(BIN)/python -m bench.ui
	$(BIN)/python -m bench.store
	$(BIN)/python -m bench.analysis

clean:
	rm -rf $(VENV) $(SUITE) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
