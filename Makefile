# The four commands that stay: make run | call | test | check. `make help` lists them all.

VENV    := .venv
BIN     := $(VENV)/bin
FITS    := -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
PYTHON  ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
             $$p $(FITS) 2>/dev/null && echo $$p && exit; done; echo python3)
# A real recording where there is one; else a sentence is spoken by the synthesiser.
STATEMENT := $(wildcard ../shared/audio/vi/common_voice_vi_27651857.wav)

# `make run ASTERISK=none` runs everything but the telephony.
ifdef ASTERISK
export HOTLINE_ASTERISK := $(ASTERISK)
endif

LONG    := asterisk or model or slow or postgres
# Where nothing is quick: looking there takes seconds, too.
LEFT    := tests/whole tests/citizens tests/webhooks tests/api/open311 tests/api/sensorthings
# A microphone that is starved stutters, too.
CALLS   := tests/whole tests/asterisk \
           tests/console/test_phone_in_browser.py tests/console/test_prompts_in_browser.py
BY_FILE := --dist loadfile --no-loadscope-reorder
# Callers press keys by the clock, and a shared machine stalls for seconds: what fails is tried once
# more, and told ("R"). What fails twice fails.
AGAIN   := --reruns 1

# Tests and `hotline run` start dozens of processes: each would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run call test check rules quick calls others kills vosk lock clean

help:  ## show the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' Makefile

run: $(VENV)/.run  ## set up what is missing, then answer calls (Ctrl-C stops)
	@scripts/bundle $(VENV)
	@exec $(BIN)/hotline run

call: $(VENV)/.run  ## place a real call into the running hotline and show its report
	@exec $(BIN)/hotline call --silence 2 --at-once 1 --silence 2 --at-once 2 --silence 2 --at-once 4 \
	  $(if $(STATEMENT),--play $(STATEMENT),--say "Đèn đường trước nhà tôi bị hư ba ngày rồi") \
	  --at-once "#" --silence 2 --at-once 2 --silence 2 --at-once 1 --keys 1

test: $(VENV)/.test  ## everything: check, then Asterisk and whole calls
	@$(MAKE) --no-print-directory check
	@scripts/html_validate $(VENV)
	@$(MAKE) --no-print-directory --jobs 2 calls others

check: $(VENV)/.test  ## format, lint, types, import contracts, flows, fast tests (before each commit)
	@scripts/bundle $(VENV)
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target rules quick

rules:
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/hotline check-flows

# Real calls, whose callers press keys by the clock; all other long tests step back behind them.
calls:
	@$(BIN)/python -m pytest $(CALLS) -m "$(LONG)" -n 2 $(BY_FILE) $(AGAIN) -r fER

others:
	@nice -n 15 $(BIN)/python -m pytest $(CALLS:%=--ignore %) -m "$(LONG)" -n 2 $(BY_FILE) $(AGAIN) -r fER

quick:
	@$(BIN)/python -m pytest -m "not ($(LONG))" $(LEFT:%=--ignore %) -n 2 -q

kills: $(VENV)/.test  ## kill servers at every wait of real calls and print what callers notice (10 min)
	@$(BIN)/python -m benchmarks.kill_matrix

vosk: $(VENV)/.run  ## add the Vosk engine (`hotline models fetch` has its models)
	@scripts/install_extra $(VENV) vosk --no-build-isolation

lock:  ## pin every dependency with its hashes, from setup.cfg
	@scripts/lock $(BIN)/uv

clean:  ## remove the environment and what tests leave; data in var/ stays
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(VENV)/.run: setup.cfg pyproject.toml requirements/run.lock requirements/tools.lock
	@scripts/install $(PYTHON) $(VENV) requirements/run.lock
	@touch $@

$(VENV)/.test: setup.cfg pyproject.toml requirements/test.lock requirements/vosk.lock requirements/schemas.lock requirements/tools.lock
	@scripts/install $(PYTHON) $(VENV) requirements/test.lock
	@scripts/install_extra $(VENV) vosk --no-build-isolation
	@scripts/install_extra $(VENV) schemas --no-deps
	@touch $@ $(VENV)/.run
