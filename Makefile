# `make help` lists the targets. Needs git, make and Python 3.11 or newer with venv; everything else goes into .venv.

PYTHON ?= python3
PYTEST_ARGS ?=
# One more than there are cores: tests wait for processes and for the disk.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
VENV := .venv
CI_VENV := .venv-ci
SITE_VENV := .venv-site
RECIPES_VENV := .venv-recipes
BIN := $(VENV)/bin
PIP := -m pip --disable-pip-version-check --quiet install
HASHED := $(PIP) --require-hashes

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install dist demo test test-long test-browser test-act test-recipes lint lint-ruff lint-format lint-types lint-docs lint-words lint-complexity fix docs bench fuzz fault-points mutants workflows site pins clean

help:  ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/make \1\t\2/' | expand -t 18

install: $(VENV)/.runtime  ## relbot with its pinned dependencies, as .venv/bin/relbot

dist: $(VENV)/.runtime  ## the packages that are uploaded at a release, in dist/
	@rm -rf dist
	@$(BIN)/python -m hatchling build -d dist

demo: $(VENV)/.runtime  ## replay the incident that relbot is about
	@$(BIN)/relbot demo

test: $(VENV)/.dev  ## the whole test suite; PYTEST_ARGS="-k plan" for a part
	@$(compile)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(PYTEST_ARGS)

test-long: $(VENV)/.dev  ## more examples of the same properties, and the tests that take minutes
	@$(compile)
	@RELBOT_TEST_TIER=long $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(PYTEST_ARGS)

test-browser: $(VENV)/.dev  ## the pages in Debian's Chromium; needs its packages chromium and poppler-utils
	@RELBOT_TEST_TIER=long $(BIN)/python -m pytest -n auto tests/browser $(PYTEST_ARGS)

test-act: $(VENV)/.dev  ## the workflows, carried out by act as GitHub's runner would; asks the package index
	@RELBOT_TEST_TIER=long $(BIN)/python -m pytest -n auto tests/github/test_workflows.py -k "keeps_one_comment or proposed_then" $(PYTEST_ARGS)

test-recipes: $(VENV)/.dev $(RECIPES_VENV)/.done  ## the recipes of docs/how-to/gates.md, and completion, with the tools; needs Debian's rpm, capistrano, zsh, fish
	@RELBOT_TEST_TIER=recipes PATH="$(CURDIR)/$(RECIPES_VENV)/bin:$$PATH" $(BIN)/python -m pytest tests/recipes $(PYTEST_ARGS)

lint: lint-ruff lint-format lint-types lint-docs lint-words lint-complexity  ## style, types, complexity, and whether the generated docs are current

lint-ruff: $(VENV)/.dev
	@$(BIN)/ruff check

lint-format: $(VENV)/.dev
	@$(BIN)/ruff format --check --diff

lint-types: $(VENV)/.dev
	@$(BIN)/mypy

lint-docs: $(VENV)/.dev
	@$(BIN)/python -m docs.reference --check

lint-words: $(VENV)/.dev  # words that readers stumble over, the length of sentences, spelling; docs/decisions/0009
	@$(BIN)/python -m pytest -qq -p no:cacheprovider tests/test_words.py tests/test_glossary.py
	@$(BIN)/codespell relbot docs changes .github *.md --skip '*.svg,*.pyc,CHANGELOG.md,relbot/detect,relbot/adoption'

lint-complexity: $(VENV)/.dev
	@found=$$($(BIN)/radon cc -n D relbot); test -z "$$found" || { echo "Too complex:"; echo "$$found"; exit 1; }

fix: $(VENV)/.dev  ## mend what the linters can mend
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

docs: $(VENV)/.dev  ## write the generated docs anew
	@$(BIN)/python -m docs.reference
	@$(BIN)/python -m docs.drawings

bench: $(VENV)/.bench  ## measure against floors and other tools, as ratios
	@$(compile)
	@$(BIN)/python benchmarks/run.py
	@$(BIN)/python benchmarks/pull_request.py

fuzz: $(VENV)/.dev  ## make new hostile inputs of the corpus for SECONDS (default 60)
	@$(BIN)/python -m tests.hostile.fuzz $(or $(SECONDS),60) $(SEED)

fault-points: $(VENV)/.dev  ## let each command that writes fail at every point, and count the points for docs/reliability.md; takes an hour
	@$(compile)
	@$(BIN)/python -m docs.fault_points -n $(WORKERS) $(PYTEST_ARGS)

mutants: $(VENV)/.dev  ## change the code in small ways, and see whether a test notices; ROOMS= for some, EACH= for a sample, SEED= for another
	@$(BIN)/python benchmarks/mutants.py --each $(or $(EACH),0) --seed $(or $(SEED),0) $(if $(ROOMS),'$(ROOMS)')

workflows: $(CI_VENV)/.done $(VENV)/.runtime  ## check the workflows of GitHub Actions
	@$(CI_VENV)/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(CI_VENV)/bin/actionlint -shellcheck $(CI_VENV)/bin/shellcheck
	@$(CI_VENV)/bin/check-jsonschema --builtin-schema vendor.github-actions action.yml
	@$(CI_VENV)/bin/zizmor --offline --quiet --no-progress .github/workflows action.yml
	@$(lint-init)
	@$(CI_VENV)/bin/shellcheck .ci/run .ci/pins .ci/subjects

site: $(SITE_VENV)/.done  ## build the documentation as a site, in site/; nothing is loaded from elsewhere
	@$(SITE_VENV)/bin/zensical build --strict --clean

pins:  ## pin the newest versions that pyproject.toml allows
	@$(check-python)
	@bash .ci/pins "$(PYTHON)"

clean:  ## remove the environments and caches
	rm -rf $(VENV) $(CI_VENV) $(SITE_VENV) $(RECIPES_VENV) site .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist

# A virtual environment that lost its Python, or whose pins changed, is made anew: pip does not remove what is no longer
# pinned. The stamps are set last, so an installation that broke off is repeated.
$(VENV)/bin/python $(CI_VENV)/bin/python $(SITE_VENV)/bin/python $(RECIPES_VENV)/bin/python: ;

$(VENV)/.runtime: requirements.txt requirements-build.txt pyproject.toml $(VENV)/bin/python
	@$(check-python)
	@echo "Installing relbot into $(VENV) ..." >&2
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python $(HASHED) -r requirements.txt -r requirements-build.txt
	@$(BIN)/python $(PIP) --no-deps --no-build-isolation --editable .
	@$(compile)
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.txt
	@echo "Installing what relbot is developed with into $(VENV) ..." >&2
	@$(BIN)/python $(HASHED) -r requirements-dev.txt
	@touch $@

$(VENV)/.bench: $(VENV)/.dev benchmarks/requirements.txt
	@$(BIN)/python $(PIP) -r benchmarks/requirements.txt
	@touch $@

$(CI_VENV)/.done: requirements-ci.txt $(CI_VENV)/bin/python
	@$(check-python)
	@$(PYTHON) -m venv --clear $(CI_VENV)
	@$(CI_VENV)/bin/python $(HASHED) -r requirements-ci.txt
	@touch $@

$(SITE_VENV)/.done: requirements-site.txt $(SITE_VENV)/bin/python
	@$(check-python)
	@$(PYTHON) -m venv --clear $(SITE_VENV)
	@$(SITE_VENV)/bin/python $(HASHED) -r requirements-site.txt
	@touch $@

$(RECIPES_VENV)/.done: requirements-recipes.txt $(RECIPES_VENV)/bin/python
	@$(check-python)
	@$(PYTHON) -m venv --clear $(RECIPES_VENV)
	@$(RECIPES_VENV)/bin/python $(HASHED) -r requirements-recipes.txt
	@touch $@

# Where PYTHONDONTWRITEBYTECODE is set, as in many containers, every run and every process would compile the modules again.
unexport PYTHONDONTWRITEBYTECODE
compile = $(BIN)/python -m compileall -q relbot

# The workflows that `relbot init` writes, in a repository of its own.
define lint-init
room=$$(mktemp -d) && trap 'rm -rf "$$room"' EXIT && git init --quiet "$$room" && \
$(BIN)/relbot init --dir "$$room" --yes --forge github --action "acme/relbot@$$(git rev-parse HEAD)" >/dev/null && \
$(CI_VENV)/bin/check-jsonschema --builtin-schema vendor.github-workflows "$$room"/.github/workflows/*.yml && \
$(CI_VENV)/bin/actionlint -shellcheck $(CI_VENV)/bin/shellcheck "$$room"/.github/workflows/*.yml && \
$(CI_VENV)/bin/zizmor --offline --quiet --no-progress "$$room/.github/workflows"
endef

define check-python
command -v "$(PYTHON)" >/dev/null || { \
  echo "There is no $(PYTHON) here. relbot needs Python 3.11 or newer; name one: make PYTHON=python3.12" >&2; exit 1; }; \
"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
  echo "relbot needs Python 3.11 or newer, and $(PYTHON) is $$("$(PYTHON)" --version 2>&1). Name another: make PYTHON=python3.12" >&2; exit 1; }; \
"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { \
  echo "$(PYTHON) lacks venv or ensurepip. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
endef
