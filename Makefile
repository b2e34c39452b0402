# Two commands are enough: `make up` runs haechi, `make test` tests it. `make help` lists the others.

PYTHON ?= python3
MODEL  ?= auto
PORT   ?=
DATA   ?= .haechi
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --no-input
QUIET  := -q --progress-bar off

.DEFAULT_GOAL := help
.PHONY: help up down test lint types contracts unit prove-self-test lock docs bench states fuzz mcp eval clean openmp

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

up: $(VENV)/.run ## set up everything and run haechi until Ctrl-C (MODEL=auto|none|small|NAME, PORT, DATA)
	@exec $(BIN)/haechi up --data $(DATA) --model $(MODEL) $(if $(PORT),--port $(PORT))

down: ## end a haechi that runs in the background
	@test ! -x $(BIN)/haechi || $(BIN)/haechi down --data $(DATA)

test: lint types contracts unit ## everything that must hold: lint, types, import contracts, tests

lint: $(VENV)/.test
	@echo "── lint"; $(BIN)/ruff check -q . && $(BIN)/ruff format -q --check .

types: $(VENV)/.test
	@echo "── types"; $(BIN)/mypy

contracts: $(VENV)/.test
	@echo "── import contracts"; $(BIN)/lint-imports --no-cache > $(VENV)/contracts.log || { cat $(VENV)/contracts.log; exit 1; }

unit: $(VENV)/.test $(VENV)/sdk2/.done $(VENV)/sdk3/.done $(VENV)/clients/.done $(VENV)/schemathesis/.done
	@echo "── tests"; $(BIN)/python -m pytest -q

prove-self-test: $(VENV)/.test ## plant every known hole in a copy: `haechi prove` must find each of them
	@$(BIN)/haechi prove --self-test

states: $(VENV)/.test ## walk 20,000 steps through everything that can break; prints its seed (STEPS, SEED)
	@$(BIN)/python -m tests.faults.states --steps $(or $(STEPS),20000) $(if $(SEED),--seed $(SEED))

fuzz: $(VENV)/.test ## disguises at random: nothing raised, nothing over 100 ms (EXAMPLES)
	@$(BIN)/python -m tests.faults.fuzz --examples $(or $(EXAMPLES),20000)

bench: $(VENV)/.test ## CPU per request through the gate, against direct and nginx
	@$(BIN)/python -m benchmarks.overhead

lock: $(VENV)/.test ## resolve requirements/*.lock anew
	@$(BIN)/python requirements/lock.py

docs: $(VENV)/.test ## fill in the parts of the pages that are made from the code
	@$(BIN)/python docs/make_reference.py

mcp: $(VENV)/.run ## install what `mcp` in haechi.yaml needs
	@$(PIP) install $(QUIET) --require-hashes -r requirements/mcp.lock

eval: $(VENV)/.run ## install what `haechi eval` needs to read parquet
	@$(PIP) install $(QUIET) --require-hashes -r requirements/eval.lock

clean: ## remove the environment (never the data)
	rm -rf $(VENV)

# ── setting up ──────────────────────────────────────────────────────────────────────────────────────────────

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "haechi: Python 3.11 or newer is needed, and $(PYTHON) is not one (apt install python3, or make PYTHON=python3.12)."; exit 2; }
	@echo "haechi: setting up $(VENV) …"
	@$(PYTHON) -m venv $(VENV) || { echo "haechi: python3 -m venv failed (apt install python3-venv)."; rm -rf $(VENV); exit 2; }

$(VENV)/.run: requirements/run.lock requirements/weights.lock pyproject.toml | $(BIN)/python
	@echo "haechi: installing dependencies, versions and hashes locked (1/3) …"
	@$(PIP) install $(QUIET) --require-hashes -r requirements/run.lock
	@echo "haechi: installing the plumbing model, 93 MB (2/3) …"
	@$(PIP) install $(QUIET) --no-deps --require-hashes -r requirements/weights.lock
	@$(BIN)/python -c 'import ctypes, sys; sys.platform == "linux" and ctypes.CDLL("libgomp.so.1")' 2>/dev/null || $(MAKE) -s openmp
	@echo "haechi: installing haechi (3/3) …"
	@$(PIP) install $(QUIET) --no-deps --no-build-isolation -e .
	@touch $@

# llama.cpp needs the OpenMP runtime, which a bare Debian lacks and which its package does not bring. Another
# package carries it (libgomp, GPL-3.0 with the GCC runtime exception); it is put where the engine looks.
openmp: | $(BIN)/python
	@echo "haechi: libgomp is not installed here; taking it from a package, 6 MB …"
	@$(PIP) install $(QUIET) --no-deps --require-hashes -r requirements/openmp.lock
	@mkdir -p $(VENV)/lib/openmp
	@ln -sf "$$(ls -d $(CURDIR)/$(VENV)/lib/python3*/site-packages/xgboost_cpu.libs/libgomp-*.so* | head -n 1)" $(VENV)/lib/openmp/libgomp.so.1

$(VENV)/.test: $(VENV)/.run requirements/test.lock
	@echo "haechi: installing what the tests need …"
	@$(PIP) install $(QUIET) --require-hashes -r requirements/test.lock
	@touch $@

$(VENV)/sdk%/.done: requirements/openai%.lock | $(BIN)/python
	@echo "haechi: installing the openai SDK, major $* …"
	@$(PYTHON) -m venv $(VENV)/sdk$*
	@$(VENV)/sdk$*/bin/python -m pip --disable-pip-version-check install $(QUIET) --require-hashes -r requirements/openai$*.lock
	@touch $@

$(VENV)/clients/.done: requirements/clients.lock | $(BIN)/python
	@echo "haechi: installing the SDKs of other dialects …"
	@$(PYTHON) -m venv $(VENV)/clients
	@$(VENV)/clients/bin/python -m pip --disable-pip-version-check install $(QUIET) --require-hashes -r requirements/clients.lock
	@touch $@

$(VENV)/schemathesis/.done: requirements/schemathesis.lock | $(BIN)/python
	@echo "haechi: installing what fuzzes the OpenAPI document …"
	@$(PYTHON) -m venv $(VENV)/schemathesis
	@$(VENV)/schemathesis/bin/python -m pip --disable-pip-version-check install $(QUIET) --require-hashes -r requirements/schemathesis.lock
	@touch $@
