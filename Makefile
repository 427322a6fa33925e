# `make` lists what there is. All that is needed: Python 3.11 or newer, a C compiler, make.

PYTHON ?= python3
ENGINE ?= durable
DEMO   := examples/northwind/company.yaml
ARGS   :=

# One environment for each Python, so that `make test PYTHON=python3.12` leaves the others alone.
ifeq ($(PYTHON),python3)
VENV := .venv
else
VENV := .venv-$(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>&-)
endif

BIN     := $(VENV)/bin
PIP     := $(BIN)/python -m pip -qq --disable-pip-version-check
SOURCES := $(shell find cli.py engine policies schemas docs/diagnostics.md -type f -not -path '*/__pycache__/*' 2>&-)
RULES   := $(shell grep -o 'durable-rules==[0-9.]*' pyproject.toml)

# What pyproject.toml asks for, one a line: `run`, or an extra. BOUNDS is a sed script over the lines.
BOUNDS       :=
REQUIREMENTS := import sys, tomllib; \
	project = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
	groups = {"run": project["dependencies"], **project["optional-dependencies"]}; \
	print(*(line for name in sys.argv[1:] for line in groups[name]), sep="\n")

.DELETE_ON_ERROR:
.PHONY: help demo test check format test-oldest mutants bench clean

help:
	@echo 'make demo         install Steelyard in $(VENV) and evaluate $(DEMO)'
	@echo 'make test         install what the tests need and run them all; ARGS="-k name" runs some'
	@echo 'make check        format, lint, types and all tests: what a change must pass'
	@echo 'make format       put the sources into their format'
	@echo 'make test-oldest  the tests with the oldest dependencies that are allowed'
	@echo 'make mutants      put faults into the engine, one at a time: the tests must notice each; ARGS=word tries some'
	@echo 'make bench        time it, against a hand-written program and the import of what it needs; ARGS=start one part'
	@echo 'make clean        remove the environments and what the tools left behind'
	@echo
	@echo 'PYTHON=python3.12 takes another Python; make demo ENGINE=reference does without a C compiler'

demo: $(VENV)/.installed-$(ENGINE)
	$(BIN)/steelyard evaluate --data $(DEMO)$(if $(filter reference,$(ENGINE)), --engine reference)

# Warnings are errors: pyproject.toml, [tool.pytest.ini_options].
test: $(VENV)/.test
	$(BIN)/python -m pytest -n auto --maxprocesses 4 $(ARGS)

check: $(VENV)/.test $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --maxprocesses 4 $(ARGS)

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test-oldest:
	@$(MAKE) --no-print-directory test VENV=$(VENV)-oldest BOUNDS='s/>=\([0-9.]*\)[^ ]*/==\1/'

# The faults are those of tests/mutants/faults.py; ARGS are words of their names or files.
mutants: $(VENV)/.test
	$(BIN)/python -m tests.mutants $(ARGS)

# docs/performance.md has the last figures.
bench: $(VENV)/.test
	$(BIN)/python -m benchmarks $(ARGS)

clean:
	rm -rf .venv .venv-* build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps. A rule runs again only when what it depends on has changed.

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>&- || \
		{ echo 'Steelyard needs Python 3.11 or newer, and `$(PYTHON)` is not: name one with PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

# The engine ships as source. Its own build turns the optimiser off, so it is asked for here; pip's cache may hold
# a build without it.
$(VENV)/.engine-durable: $(VENV)/.python pyproject.toml
	@echo 'building the rules engine ($(RULES))'
	@CPPFLAGS=-O2 $(PIP) install --no-cache-dir '$(RULES)' >$(VENV)/engine.log 2>&1 || \
		{ echo 'the rules engine could not be built: it needs a C compiler and the headers of Python' \
		'(Debian: apt install gcc python3-dev; details: $(VENV)/engine.log).' \
		'Without them: make demo ENGINE=reference' >&2; exit 1; }
	@touch $@

$(VENV)/.engine-reference: $(VENV)/.python
	@touch $@

$(VENV)/.installed-$(ENGINE): $(VENV)/.engine-$(ENGINE) $(SOURCES) pyproject.toml README.md
	@echo 'installing Steelyard in $(VENV)'
	@$(BIN)/python -c '$(REQUIREMENTS)' run $(if $(filter reference,$(ENGINE)),| grep -v '^durable-rules') >$(VENV)/needed.txt
	@$(PIP) install -r $(VENV)/needed.txt
	@$(PIP) install --no-deps --force-reinstall .
	@touch $@

$(VENV)/.test: $(VENV)/.engine-durable pyproject.toml
	@echo 'installing what the tests need in $(VENV)'
	@$(BIN)/python -c '$(REQUIREMENTS)' run test | sed '$(BOUNDS)' >$(VENV)/needed.txt
	@$(PIP) install -r $(VENV)/needed.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.python pyproject.toml
	@echo 'installing what reads the code in $(VENV)'
	@$(BIN)/python -c '$(REQUIREMENTS)' dev >$(VENV)/needed.txt
	@$(PIP) install -r $(VENV)/needed.txt
	@touch $@
