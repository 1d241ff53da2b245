# `make` alone prints what there is to do.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DESIGN ?= build/demo

.DEFAULT_GOAL := help
.PHONY: help venv demo test test-slow check golden bench rtl-tables

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

venv: $(STAMP) ## make .venv with licc and all of its tools (about 6 GB, most of it torch)

$(STAMP): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -e '.[torch,dev,rtl]'
	touch $@

demo: $(STAMP) ## compile a trained student and verify it on a photograph
	$(BIN)/licc compile examples/students/factorized-n32-0.025.pt --size 512x384 -o $(DESIGN)
	$(BIN)/licc verify $(DESIGN) --images examples/demo/path.png

test: $(STAMP) ## the fast tests
	$(BIN)/pytest -n 2 -m "not slow"

test-slow: $(STAMP) ## the tests that compile C++ and whole models
	$(BIN)/pytest -n 2 -m slow --durations=25

check: $(STAMP) ## lint, format and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright --pythonpath $(BIN)/python

golden: $(STAMP) ## rewrite the golden files from what the code gives now
	$(BIN)/pytest -m "not slow" --update-golden

bench: $(STAMP) ## time the compiler and the interpreter, simulate a whole frame in RTL
	$(BIN)/python tests/bench/compile_time.py
	$(BIN)/python tests/bench/balancing.py
	$(BIN)/python tests/bench/interpreter.py
	$(BIN)/python tests/bench/rtl_frame.py

rtl-tables: $(STAMP) ## fit the targets to the RTL again, and rewrite the tables of docs/rtl.md (hours)
	$(BIN)/python tests/bench/rtl_tables.py --jobs 2
