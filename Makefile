# School Cluster Portal. `make help` is the manual.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PY := .venv/bin/python
# Test processes: one more than the machine has cores, since some wait for a browser or a process; at most 8.
TEST_WORKERS ?= $(shell echo $$(($$(nproc) + 1)))
# Tests to run, and options for pytest: make test TESTS=tests/unit PYTEST_ARGS=-x
TESTS ?= tests
PYTEST_ARGS ?=

.PHONY: help run test lint format bench demo lock translations setup setup-test

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile
	@echo
	@echo "  Settings of make run: PORT (8000), PORTAL_LISTEN (127.0.0.1), PORTAL_DEMO_PASSWORD, DATABASE_URL."
	@echo "  PORTAL_INSTANCE, PORTAL_SECRET_KEY."
	@echo "  All settings and commands: docs/operations.md"

run: setup ## start the portal (installs what is missing the first time)
	@$(PY) -m portal.serve --prepare

test: setup-test ## all tests, both databases and a real browser
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check --quiet . || { echo "Some files are not formatted. Run: make format"; exit 1; }
	@$(PY) -m pytest -n $(TEST_WORKERS) --maxprocesses 8 --dist loadscope $(PYTEST_ARGS) $(TESTS)

lint: setup-test ## style and import contracts only
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check --quiet . || { echo "Some files are not formatted. Run: make format"; exit 1; }
	@$(PY) scripts/contracts.py

format: setup-test ## bring all Python files into the common form
	@$(PY) -m ruff format .

bench: setup-test ## the table of speed figures, each a ratio within this run
	@$(PY) -m bench.run

demo: setup ## load the demonstration district into an empty database
	@$(PY) -m flask --app wsgi demo load

lock: setup-test ## write requirements*.txt again from requirements*.in
	@sh scripts/lock.sh

translations: setup-test ## read the page words anew into the English catalogue
	@$(PY) scripts/translations.py

setup:
	@sh scripts/setup.sh run

setup-test:
	@sh scripts/setup.sh test
