# make demo   the main job on the bundled recordings; make test   the whole suite. Both set up .venv by themselves.

PYTHON ?= python3.11
BIN := .venv/bin
export SHENGJIAN_MODELS ?= $(HOME)/.shengjian/models

.PHONY: setup demo test lint lock clean

setup: .venv/ready
	$(BIN)/shengjian models fetch

.venv/ready: requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) not found: install Python 3.11, or say make PYTHON=…" >&2; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

demo: setup  ## audits the bundled recordings in a workspace of its own
	env -u SHENGJIAN_DATABASE_URL -u SHENGJIAN_BLOBS SHENGJIAN_HOME="$(CURDIR)/.demo" $(BIN)/shengjian demo

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint  ## lint, types, import contract, and every test
	$(BIN)/python -m pytest

lock:  ## writes requirements.lock anew from pyproject.toml
	rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install --quiet torch==2.13.0
	.venv-lock/bin/pip install --quiet --editable '.[dev]'
	{ echo "# Every version, for Python 3.11; made by make lock."; \
	  .venv-lock/bin/pip freeze --exclude-editable | sed 's/^\(torch==[0-9.]*\)+.*/\1/'; } > requirements.lock
	rm -rf .venv-lock

clean:
	rm -rf .venv .demo
