# make chat: the bot in a terminal, no token needed · make test: the tests · make quick: the quick ones · make check: what CI runs of lint and types
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: chat serve test quick coverage lint types check lock messages bench-peers clean

chat: $(READY)
	@$(BIN)/verbatim chat

serve: $(READY)
	@$(BIN)/verbatim serve

test: $(READY)
	@$(BIN)/python -m pytest

# The tests that take no time: under half a minute.
quick: $(READY)
	@$(BIN)/python -m pytest -q -m "not slow"

# What the tests reach, processes that they start included. Two tests are left out: they kill
# processes and forbid large files, which the measuring itself would not survive.
coverage: $(READY)
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -q \
	  --deselect tests/test_durable.py::test_kills_lose_no_acknowledged_article \
	  --deselect tests/test_durable.py::test_a_full_disk_is_told_and_loses_nothing
	@$(BIN)/coverage combine -q && $(BIN)/coverage report

lint: $(READY)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(READY)
	@$(BIN)/mypy

check: test lint types

# The catalogues under bot/replies/locales, compiled from their .po files.
messages: $(READY)
	@$(BIN)/pybabel -q compile --domain verbatim --directory bot/replies/locales

# The peers that the benches measure beside us, pinned by hash.
bench-peers: $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock

# Renews requirements.lock from pyproject.toml (needs network).
lock: $(READY)
	@$(BIN)/python -m pip --quiet install uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --group dev pyproject.toml --output-file requirements.lock --custom-compile-command 'make lock'
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --group dev --group bench --constraint requirements.lock pyproject.toml --output-file requirements-bench.lock \
	  --custom-compile-command 'make lock'

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Verbatim needs Python 3.11 or newer; set PYTHON=python3.x" >&2; exit 1; }
	@echo "Setting up .venv (once) ..." >&2
	@$(PYTHON) -m venv $(VENV) >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . >&2
	@touch $@

clean:
	rm -rf $(VENV)
