# The whole interface. `make help` lists the targets.
PY ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
.DEFAULT_GOAL := help
.PHONY: help setup demo check test e2e bench bench-faults requirements messages clean

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(STAMP) ## create .venv and install everything, hashes checked

$(STAMP): requirements/dev.txt pyproject.toml
	@command -v $(PY) >/dev/null || { echo "Cần Python 3.11 trở lên (gói python3, python3-venv)."; exit 1; }
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Cần Python 3.11 trở lên; đang có $$($(PY) -V)."; exit 1; }
	@echo "• Tạo .venv và cài gói (lần đầu mất vài phút) …"
	@test -x $(BIN)/python || $(PY) -m venv $(VENV) || { echo "Thiếu gói python3-venv."; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt -c requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

demo: setup ## fill a demo province and serve it on http://127.0.0.1:8000
	@$(BIN)/phuong demo $(ARGS)

check: setup ## format, lint, walls, templates, types, migrations: seconds first
	@$(BIN)/ruff format --check -q src tests tools
	@$(BIN)/ruff check -q src tests tools
	@$(BIN)/lint-imports --no-logo >/dev/null || $(BIN)/lint-imports
	@$(BIN)/djlint --lint --quiet src
	@$(BIN)/mypy
	@$(BIN)/python tools/checks.py

test: setup ## all tests, journeys in Chromium where it is installed
	@$(BIN)/python -m pytest -n 2 -m "not faults" --ignore=tests/e2e
	@$(BIN)/python -m pytest -n 2 --dist loadfile tests/e2e

e2e: setup ## the journeys alone
	@$(BIN)/python -m pytest -n 2 --dist loadfile tests/e2e

bench: setup ## every benchmark, figures beside their floors
	@$(BIN)/python tools/bench.py $(ARGS)

bench-faults: setup ## kill workers and PostgreSQL in the middle of imports, merges and checks; ROUNDS=20 by default
	@$(BIN)/python -m pytest -m faults --ignore=tests/e2e
	@$(BIN)/python -m tests.faults $(or $(ROUNDS),20) $(SEED)

requirements: setup ## compile the hashed requirement files
	@$(BIN)/python -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev -o requirements/dev.txt pyproject.toml
	@$(BIN)/python -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements/run.txt pyproject.toml

messages: setup ## bring the English catalog up to date with the texts in code and templates
	@$(BIN)/python tools/messages.py

clean: ## stop the embedded database and remove what was made
	@-test -x $(BIN)/phuong && $(BIN)/phuong stop
	rm -rf .venv .phuong .cache build dist src/*.egg-info src/phuong/ui/static/ui
