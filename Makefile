# One word for each thing that one does here. Every target runs the project's own tools from .venv; `make setup` makes it.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help setup gate test lint format coverage mutation example benchmark

help:  ## what each word does
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

setup:  ## the environment that the other words use
	$(PYTHON) -m venv .venv && $(BIN)/pip install -q -e '.[test]'

gate:  ## everything that CI checks, in fresh clones
	bash .ci/run

test:  ## the tests, on two workers
	$(BIN)/pytest -q -n 2

lint:  ## style, types, layers, workflows; changes nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/zizmor --offline --persona auditor --no-progress action.yml .github/workflows examples/workflows

format:  ## mends what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

coverage:  ## branches of the pure rooms that their tests reach; fails below the floor
	bash .ci/coverage

mutation:  ## mutants of the judging rooms that survive (slow, by hand)
	bash .ci/mutation

example:  ## the README's first command on the shipped reports
	$(BIN)/triagebot triage examples/staging/reports/day-2-red --config examples/triagebot.toml

benchmark:  ## grouping quality and speed (slow; needs benchmarks/requirements.txt)
	$(BIN)/python -m benchmarks
