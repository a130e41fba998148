# Commands of the Secure Exchange Portal. `make` alone lists them.
# Settings are given by environment, in .env, or behind the command: make run PORT=8001

VENV = .venv
TESTS = tests
TEST_PROCESSES = 2
SHELL = /bin/sh
PYTHON = "$(VENV)/bin/python"

.PHONY: help run test check format screenshots messages lock bench demo-reset environment development
.DEFAULT_GOAL := help

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

run: environment ## Start the portal with its demo organization
	@exec $(PYTHON) deploy/start.py

test: development ## Run all tests (one part: make test TESTS=tests/portal)
	@VENV="$(VENV)" sh deploy/test.sh -n $(TEST_PROCESSES) --dist loadgroup $(TESTS)

check: development ## Check style, types, layers, migrations and production settings
	@VENV="$(VENV)" sh deploy/check.sh

format: development ## Put code and templates into their usual form
	@$(PYTHON) -m ruff check --fix --quiet . || true
	@$(PYTHON) -m ruff format --quiet .
	@$(PYTHON) -m djlint --reformat --quiet templates || true

screenshots: development ## Draw the pages as pictures into var/screenshots
	@CHROMIUM=$$($(PYTHON) deploy/find_browser.py) && export CHROMIUM && $(PYTHON) deploy/screenshots.py

messages: development ## Collect the texts of the pages into the catalogs
	@DJANGO_SETTINGS_MODULE=tests.settings $(PYTHON) manage.py catalogs collect

lock: development ## Choose the newest allowed versions of all packages
	@$(PYTHON) -m uv pip compile --quiet --upgrade --all-extras --universal --no-annotate --no-header \
		--output-file constraints.txt pyproject.toml
	@npm install --package-lock-only --ignore-scripts

bench: environment ## Measure the pages, files and seals that must be fast
	@$(PYTHON) -m tests.bench

demo-reset: environment ## Make the demo organization anew
	@$(PYTHON) manage.py create_keys
	@$(PYTHON) manage.py migrate --verbosity 0
	@$(PYTHON) manage.py load_demo_data --reset

environment:
	@sh deploy/environment.sh "$(VENV)"
	@$(PYTHON) deploy/install.py

development:
	@sh deploy/environment.sh "$(VENV)"
	@$(PYTHON) deploy/install.py dev postgres redis
