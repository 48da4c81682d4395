# The two commands of the README, and the ones a developer uses. Everything lives in .venv.
PYTHON ?= python3.11
BIN := .venv/bin
STAMP := .venv/.installed
SITE := .venv/.installed-site
DEV := .venv/.installed-dev

# What of the site runs once more on PostgreSQL: where databases differ. All of it: make test-all.
ON_POSTGRES := $(addprefix tests/site/,test_database.py money orders)

# What needs no plan: tested by one process while the planner's code is compiled by another.
FIRST := $(addprefix tests/,agronomy claims core files forecast gateway geo market people simulate synthetic tracks)

.PHONY: demo serve assets test test-all check bench format clean

demo: $(STAMP)
	$(BIN)/nongshi demo

serve: $(SITE)
	$(BIN)/nongshi serve

assets: # needs Node; what it builds is committed, so that nothing else does
	cd web && npm ci --no-audit --no-fund && node build.mjs

test: $(DEV) # the planner's quotes are compiled once per clone, beside the checks and what needs nothing of them
	PYTEST_ADDOPTS= $(BIN)/pytest tests/site/plans/test_quotes.py >/dev/null 2>&1 & $(MAKE) check && \
	PYTEST_ADDOPTS="$(subst tests.xml,tests-first.xml,$(PYTEST_ADDOPTS))" $(BIN)/pytest $(FIRST) && wait
	$(BIN)/pytest -n 2 $(addprefix --ignore=,$(FIRST))
	$(BIN)/python -m tests.postgres $(BIN)/pytest -n 2 $(ON_POSTGRES) -m "not browser"

test-all: check # also what takes long (tests/slow.py)
	NONGSHI_SLOW_TESTS=1 $(BIN)/pytest -n 2
	NONGSHI_SLOW_TESTS=1 $(BIN)/python -m tests.postgres $(BIN)/pytest -n 2 tests/site -m "not browser and not fuzz"

check: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

bench: $(DEV)
	$(BIN)/nongshi bench dispatch

format: $(DEV)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf .venv out build dist

.venv/bin/python:
	$(PYTHON) -m venv .venv

$(STAMP): pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[tracks]'
	touch $@

$(SITE): pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[tracks,site]'
	touch $@ $(STAMP)

$(DEV): pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@ $(STAMP) $(SITE)
