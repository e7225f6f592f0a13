# Every gesture of a developer, one target each. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check fix bench docs
PYTHON ?= python3
BIN := .venv/bin
CHECKS := check-lint check-format check-types check-imports check-migrations check-templates \
	check-markup check-docs check-locks check-secrets check-audit
# Where the machine forbids Python to keep what it compiles, each program that a test starts would
# compile everything again: more than half of what starting costs.
unexport PYTHONDONTWRITEBYTECODE
# Tools that load the settings keep their files apart from a developer's own VIRAGE_HOME.
check fix docs $(CHECKS): export VIRAGE_HOME := $(CURDIR)/build/home
check fix docs $(CHECKS): export DJANGO_SETTINGS_MODULE := virage.settings.test

help:  # list the targets
	@sed -n 's/^\([a-z]*\):.*  # /  make \1\t/p' Makefile | expand -t 16

setup: .venv/ready  # make .venv from the locked requirements; does nothing when up to date

.venv/ready: requirements-dev.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes requirements-dev.txt
	$(BIN)/uv pip install --quiet --no-deps --editable .
	touch $@

demo: setup  # start the demonstration and print its address; RESET=1 starts over, SCALE=region or bench is larger
	$(BIN)/virage demo $(if $(RESET),--reset) $(if $(SCALE),--scale $(SCALE))

test: setup  # run the whole suite on SQLite, browser journeys included
	$(BIN)/pytest -n 2 --dist loadgroup -rs

check: setup  # run every check, show all failures, change nothing
	@$(MAKE) --keep-going --no-print-directory $(CHECKS)

fix: setup  # repair what a machine can: lint, format, locks, generated docs
	$(BIN)/ruff check --quiet --fix --exit-zero
	$(BIN)/ruff format
	.ci/locks write
	$(BIN)/virage docs

bench: setup  # measure the budgets, thirty people at work, the access rules; leave the machine alone meanwhile
	$(BIN)/python -m bench
	$(BIN)/python -m bench.load
	$(BIN)/python -m bench.lists

docs: setup  # regenerate docs/reference
	$(BIN)/virage docs

.PHONY: $(CHECKS)
check-lint:
	$(BIN)/ruff check
check-format:
	$(BIN)/ruff format --check
check-types:
	$(BIN)/mypy
check-imports:
	$(BIN)/lint-imports
check-migrations:
	$(BIN)/django-admin makemigrations --check --dry-run
check-templates:
	$(BIN)/pytest -q tests/house/test_templates.py
check-markup:
	$(BIN)/djlint --quiet --lint virage
check-docs:
	$(BIN)/virage docs --check
check-locks:
	.ci/locks check
check-secrets:
	$(BIN)/python .ci/secrets
check-audit:
	$(BIN)/python .ci/audit
