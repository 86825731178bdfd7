# Everything a person types here. `make` alone tells what there is.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Processes that share out the test files in their order (browsers last), each with a database of its own.
WORKERS ?= 2
SHARED := -n $(WORKERS) --dist loadfile --no-loadscope-reorder

.PHONY: help run venv test faults check lint format lock bench restore-drill screens clean

help:  ## list these targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

run:  ## start everything, demo county included, and print READY (PORT=8000)
	@$(PYTHON) -m config.launcher run

venv:  ## virtual environment with the locked packages, tests included
	@$(PYTHON) -m config.launcher venv

test: venv  ## the whole test suite, browser journeys included where Chromium is
	@$(BIN)/python -m pytest -q $(SHARED) $(ARGS)

faults: venv  ## the long proofs: faults, races, intruders, hostile input; writes docs/trust.md (about an hour)
	@rm -f var/trust.jsonl; mkdir -p var
	@FULL=1 TRUST_LOG=$(CURDIR)/var/trust.jsonl $(BIN)/python -m pytest -q $(SHARED) -m proof $(ARGS); status=$$?; \
	  $(BIN)/python -m tests.trust var/trust.jsonl && exit $$status

check: venv  ## lint, layers, migrations, deployment settings, house rules
	@$(BIN)/python -m config.checking

format: venv  ## put Python and imports in the house's form
	@$(BIN)/ruff check --fix -q . ; $(BIN)/ruff format -q .

lock: venv  ## make requirements*.lock anew from pyproject.toml
	@$(BIN)/python -m config.locking

bench: venv  ## measure the targets on generated rows: var/bench/results.json and a table (ARGS="--cases 1000000")
	@$(BIN)/python -m bench $(ARGS)

restore-drill: venv  ## backup, death and restore of a generated site; prints RPO and RTO (ARGS="--bulk 1000000")
	@$(BIN)/python -m tests.faults.restore_drill $(ARGS)

screens: venv  ## pictures of the main pages into docs/screens (needs Chromium)
	@$(BIN)/python -m pytest -q tests/screens/take.py

clean:  ## remove var/, .venv and what was kept elsewhere for them
	@$(PYTHON) -m config.launcher clean
