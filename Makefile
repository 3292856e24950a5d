# `make demo` and `make test` set up what they need in .venv; PYTHON chooses the interpreter (3.11 to 3.14).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Crawls wait more than they work: four at a time take a third of the time on two cores. Where Python is told to keep no
# bytecode, each of 200 processes would compile what it imports: a third of a second.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n 4 --dist loadfile

.PHONY: help setup demo test test-all lint check constraints clean

help:            ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 16

setup: $(VENV)/.done  ## .venv with the pinned dependencies

$(VENV)/.done: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@$(BIN)/python -m compileall -q crawler pipelines spiders  # as pip does with packages: see PYTEST
	@touch $@

demo: setup      ## crawl the bundled papers, offline, and show the stories
	$(BIN)/scrapy demo

test: setup      ## the tests (under 5 minutes)
	$(PYTEST)

test-all: setup  ## the tests, with kills, storms and fuzzing in full
	NEWSFOLD_TEST_FULL=1 $(PYTEST)

lint: setup      ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint test ## what has to pass before a commit

constraints:     ## renew constraints.txt from the newest releases that pyproject.toml allows
	rm -rf $(VENV)-new
	$(PYTHON) -m venv $(VENV)-new
	$(VENV)-new/bin/pip install --quiet --disable-pip-version-check -e '.[dev]'
	(echo '# Pinned by `make constraints`; do not edit.'; $(VENV)-new/bin/pip freeze --exclude-editable) > constraints.txt
	rm -rf $(VENV)-new

clean:           ## remove .venv and what builds left
	rm -rf $(VENV) build *.egg-info
