# Everything here sets itself up first; see scripts/setup.sh.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup test-packages demo test test-newest test-long experts proofs faults hostile lint format types bench clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## lay .venv with all packages and find or install a Chromium
	@scripts/setup.sh

test-packages: setup
	@scripts/test_packages.sh

demo: setup  ## the whole path, small: collect, train, evaluate, show (minutes on two cores, no GPU, no network)
	@.venv/bin/python -m algorithms.demo $(ARGS)

test: test-packages  ## the tests, on up to four cores; ARGS="tests/test_cli.py -k doctor" runs some
	@.venv/bin/pytest -n auto --maxprocesses 4 --dist worksteal $(ARGS)

test-newest: test-packages  ## the environments' tests under the newest gymnasium (.venv has the one that d3rlpy pins)
	@scripts/newest_gymnasium.sh $(ARGS)

experts: setup  ## run every template's expert on twenty tasks, from the start and after random actions (hours)
	@WEBVOYAGER_GYM_EXPERT_SEEDS=20 .venv/bin/pytest -n auto --maxprocesses 4 --dist worksteal tests/sites/test_experts.py $(ARGS)

proofs: setup  ## what the local suite claims: its draws and experts, the same pages every time, nothing for nothing, no packet leaves (an hour)
	@.venv/bin/python -m webvoyager_gym.proofs.draws
	@.venv/bin/python -m webvoyager_gym.proofs.experts
	@.venv/bin/python -m webvoyager_gym.proofs.experts --prefix 5
	@.venv/bin/python -m webvoyager_gym.proofs.determinism
	@.venv/bin/python -m webvoyager_gym.proofs.null_policies
	@.venv/bin/python -m webvoyager_gym.proofs.loopback

faults: setup  ## break browser, tabs, site, loop and disk a thousand times; then 2,000 episodes that may not use more memory (an hour, Linux)
	@.venv/bin/python -m webvoyager_gym.proofs.faults
	@.venv/bin/python -m webvoyager_gym.proofs.soak

test-long: test-packages  ## the tests that `make test` leaves out: nodes and drivers of a cluster that die (minutes)
	@.venv/bin/pytest -m long $(ARGS)

hostile: test-packages  ## open a thousand damaged datasets, each within a second and 200 MB (minutes)
	@WEBVOYAGER_GYM_MUTATIONS=1000 .venv/bin/pytest -n auto --maxprocesses 4 --dist worksteal tests/data/test_hostile.py $(ARGS)

lint: setup  ## ruff: lint and format, without changing anything
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .

format: setup  ## ruff: mend what can be mended
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

types: test-packages  ## mypy
	@.venv/bin/mypy

bench: test-packages  ## timings, against bare Playwright in the same run
	@.venv/bin/pytest tests/benchmarks -s $(ARGS)

clean:  ## remove .venv, caches and built packages; runs/ and datasets stay
	@rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
