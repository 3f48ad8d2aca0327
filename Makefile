# The same commands for people and for .ci/run.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
SHARED ?= ../shared
CODE = archive indexer web tests

.PHONY: setup test test-slow lint types format serve bench quality clean

setup: $(BIN)/tangthu

$(BIN)/tangthu: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q -e '.[test]'
	touch $@

test: setup
	$(BIN)/python -m pytest -q

test-slow: setup
	$(BIN)/python -m pytest -q -m slow

lint: setup
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)

types: setup
	$(BIN)/mypy

format: setup
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

serve: setup
	$(BIN)/tangthu serve

$(BIN)/.bench: setup pyproject.toml
	$(BIN)/pip install -q -e '.[test,bench]'
	touch $@

bench: $(BIN)/.bench
	TANGTHU_SHARED=$(SHARED) $(BIN)/python -m tests.bench.bench $(ARGS)

quality: $(BIN)/.bench
	TANGTHU_SHARED=$(SHARED) $(BIN)/python -m tests.bench.quality $(ARGS)

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
