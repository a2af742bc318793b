# make film    the film, in media/film          make film ARGS="-q l"
# make test    format, lint, types, tests       make test ARGS="-k chain_rule"
# Each sets up all that it needs first (tools/setup.sh), which takes a minute once and nothing afterwards.

BIN := .venv/bin
ARGS ?=
PYTHON ?=

.PHONY: help film test check setup clean
.DEFAULT_GOAL := help

help:
	@echo 'make film    render the film into media/film; options: make film ARGS="-q l"'
	@echo 'make test    check the format, the style and the types, then run the tests'
	@echo 'make check   only the format, the style and the types'
	@echo 'make setup   only the set-up, which the others do by themselves'
	@echo 'make clean   remove what was rendered and cached; the set-up stays in .venv'

setup:
	@PYTHON='$(PYTHON)' sh tools/setup.sh test

film:
	@PYTHON='$(PYTHON)' sh tools/setup.sh film
	@$(BIN)/backprop film $(ARGS)

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

test: check
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --maxprocesses 8 $(ARGS)

clean:
	find media -mindepth 1 -maxdepth 1 ! -name stills -exec rm -rf {} +
	find backprop_math backprop_film scenes tests -name __pycache__ -prune -exec rm -rf {} +
	rm -rf build .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
