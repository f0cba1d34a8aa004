# `make` alone lists the targets. Needs bash and nothing else; scripts/setup brings the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
FAST := $(wildcard tests/unit tests/cases tests/stories tests/laws tests/repo)
# Tests among real kernels wait more than they compute.
WAITING := $(shell echo $$(($$(nproc) * 3 / 2)))
# What real kernels do once is asked a second time, and said: docs/decisions/0022-real-packets-are-asked-twice.md.
REAL := $(PYTEST) --reruns 1 -rsxXfER
PYTHON_FILES := $(wildcard src tests bench scripts)

.PHONY: help setup demo test test-fast test-slow test-netns test-lab test-explain test-machines test-long test-faults lint format accept coverage bench docs clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

setup: ## install what lacks (as root) and make .venv
	@scripts/setup

demo: setup ## build examples/nine-worlds on this machine, probe it, take it down
	@$(BIN)/warren lab test examples/nine-worlds/warren.yaml

test: test-fast test-slow test-netns test-lab test-explain test-machines ## everything but test-long and test-faults

test-fast: ## no root, no namespaces, under a minute
	@scripts/setup dev
	$(PYTEST) -n auto -m "not slow" $(FAST)

test-slow: ## what needs no root and takes longer: every step that can fail
	@scripts/setup dev
	$(PYTEST) -n auto -m slow $(FAST)

test-netns: ## real rules and real packets in namespaces
	@scripts/setup test
	$(REAL) -n $(WAITING) -m "not long" tests/netns

test-lab: ## every example, built and verified
	@scripts/setup test
	$(REAL) -n 2 tests/lab

test-explain: ## every fault of the catalogue made for real, and named by `warren explain`
	@scripts/setup test
	$(REAL) -n $(WAITING) tests/faults

test-machines: ## whole Debian systems, booted: systemd, Podman, ssh; as root, the first time a minute longer
	@scripts/setup machines
	$(REAL) -n auto -m "not long" tests/machines

test-long: ## what waits for minutes: hosts that go back alone, hosts that are left, a change struck at some of its steps
	@scripts/setup machines
	$(REAL) -n auto -m long tests/netns tests/machines

test-faults: ## a change struck at every one of its steps, on booted machines; an hour or more
	@scripts/setup machines
	WARREN_FAULTS=all $(PYTEST) tests/machines/test_faults.py

lint: ## format, lint rules, types
	@scripts/setup dev
	$(BIN)/ruff format --check $(PYTHON_FILES)
	$(BIN)/ruff check $(PYTHON_FILES)
	$(BIN)/mypy

format: ## rewrite what `lint` would complain about
	@scripts/setup dev
	$(BIN)/ruff format $(PYTHON_FILES)
	$(BIN)/ruff check --fix $(PYTHON_FILES)

accept: ## rewrite the golden texts of tests/cases and tests/stories; read the diff before you commit it
	@scripts/setup dev
	$(PYTEST) -n auto tests/cases tests/stories --accept

coverage: ## which lines the fast tests never reach
	@scripts/setup dev
	$(BIN)/coverage run -m pytest -q $(FAST)
	$(BIN)/coverage report

bench: ## the figures of docs/performance.md, as ratios of one run; BENCH="--quick" or names of benches
	@scripts/setup bench || { echo "bench: measuring against the rivals that are there" >&2 && scripts/setup; }
	$(BIN)/python -m bench $(BENCH)

docs: ## write schema/ and docs/reference/ from the source
	@scripts/setup dev
	@scripts/docs

clean: ## remove caches and builds; .venv stays
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.* build dist
	find $(PYTHON_FILES) -name __pycache__ -type d -prune -exec rm -rf {} +
