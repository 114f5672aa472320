# Every task of this repository, one line of help each. All of them do their own set-up; no network is needed after it.
.DEFAULT_GOAL := help
.PHONY: help run test check coverage docs bench bench-long screenshots lock soak fuzz setup clean

PYTHON := .venv/bin/python
COMPILE := .venv/bin/pip-compile --quiet --no-header --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-find-links --no-emit-index-url --no-emit-trusted-host

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: ## the ten-minute town: county hub, kiosk and wall with simulated devices; Ctrl-C ends all of it
	@sh deploy/setup.sh run
	@exec $(PYTHON) run.py --config config/town.toml town

test coverage soak: export PYTHONDONTWRITEBYTECODE = # many processes begin in the tests: what was compiled stays so
test: ## every test, those in Chromium and through pcscd included (long runs apart); what fails in the crowd must pass alone
	@sh deploy/setup.sh test
	$(PYTHON) -m pytest -m "not soak" -n auto --dist loadfile --no-loadscope-reorder || \
		$(PYTHON) -m pytest -m "not soak" -x --last-failed --last-failed-no-failures none

check: ## format, lint, types, import rules, budgets, documents: less than a minute
	@sh deploy/setup.sh test
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo
	$(PYTHON) -m pytest tests/test_architecture.py tests/test_documents.py -s

coverage: ## all tests once more, counting branches of kiosk/, contract/ and the pure device files
	@sh deploy/setup.sh test
	$(PYTHON) -m pytest -m "not soak" -n auto --dist loadfile --no-loadscope-reorder --cov --cov-report=term:skip-covered

docs: ## write the tables of docs/ anew from the code
	@sh deploy/setup.sh test
	$(PYTHON) docs/generate.py
	$(PYTHON) docs/county_api.py

bench: ## the figures of docs/bench.md as ratios, measured in one run
	@sh deploy/setup.sh test
	$(PYTHON) -m bench

bench-long: ## the figures that need a million posts and 24 million months: half an hour, 8 GB of disk
	@sh deploy/setup.sh test
	$(PYTHON) -m bench --long

screenshots: ## the pictures of the README, taken in Chromium from a running town
	@sh deploy/setup.sh test
	$(PYTHON) -m bench.screenshots

lock: ## compile requirements*.txt anew from requirements*.in (network needed)
	@sh deploy/setup.sh test
	$(COMPILE) --output-file=requirements.txt requirements.in
	$(COMPILE) --output-file=requirements-pcsc.txt requirements-pcsc.in
	$(COMPILE) --output-file=requirements-dev.txt requirements-dev.in
	@for file in requirements*.txt; do sed '/^--find-links/d' "$$file" > "$$file.new" && mv "$$file.new" "$$file"; done

fuzz: ## every decoder of a device under a coverage-guided fuzzer, a minute each
	@sh deploy/setup.sh test
	$(PYTHON) -m tests.fuzz

soak: ## the long runs
	@sh deploy/setup.sh test
	$(PYTHON) -m pytest -m soak --timeout=0

setup: ## set up again, for example after installing a package that was missing
	@rm -f .venv/.run-stamp-* .venv/.test-stamp-*
	@sh deploy/setup.sh test

clean: ## forget the virtual environment and all caches; var/ (journal, outbox, town) stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage htmlcov build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
