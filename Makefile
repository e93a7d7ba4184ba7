# Everything that is done to Heirloom. 'make' alone lists it; each target says what it does and can be repeated.
# The work of the set-up is done by the scripts in .ci/.

BUILD ?= .build
PYTHON ?= .python/bin/python
SWIFT_FLAGS = --scratch-path $(BUILD)
HEIRLOOM = $(BUILD)/release/heirloom
ENGINE = $(BUILD)/release/heirloom-engine
SHELL = /bin/bash

.DEFAULT_GOAL := help
.PHONY: help setup build test demo lint format fixtures pretrained bench soak clean

help: ## list the targets
	@echo "make TARGET, where TARGET is one of"
	@sed -nE 's/^([a-z]+):.*## (.*)/  \1\t\2/p' Makefile | expand -t 14
	@echo
	@echo "Variables: BUILD=FOLDER builds there instead of .build; PYTHON=PROGRAM for fixtures and bench;"
	@echo "SOAK=--quick (or other words for .ci/soak) makes soak shorter;"
	@echo "HEIRLOOM_CUDA=yes|no takes libtorch with or without CUDA, whatever this machine has;"
	@echo "HEIRLOOM_LIBTORCH=FOLDER takes an unpacked libtorch 2.11.0 (lib, include) instead of downloading it."

setup: ## what building needs: system packages, libtorch, the links to it (again after 'swift package clean')
	@.ci/setup $(BUILD)

build: setup ## build the programs heirloom and heirloom-engine, optimised
	@echo "build: release"
	@swift build $(SWIFT_FLAGS) -c release --product heirloom
	@swift build $(SWIFT_FLAGS) -c release --product heirloom-engine

test: setup lint ## everything that must hold: set-up, format, all tests
	@echo "test: building (debug)"
	@swift build $(SWIFT_FLAGS) --build-tests
	@swift test $(SWIFT_FLAGS) --skip-build --disable-xctest

demo: setup ## colourise the sample film and photos into out/
	@echo "demo: building the release (a few minutes the first time)"
	@swift build $(SWIFT_FLAGS) -c release --product heirloom
	@.ci/demo $(HEIRLOOM)

lint: ## check the format of every Swift file (fails on any difference)
	@echo "lint: swift format"
	@swift format lint --strict --parallel --recursive Package.swift Sources Tests

format: ## bring every Swift file into the format that lint wants
	@swift format --in-place --parallel --recursive Package.swift Sources Tests

fixtures: ## make the golden files of the tests anew with PyTorch (downloads it the first time)
	@.ci/fixtures $(PYTHON)

pretrained: build ## fetch the weights that other people trained, and verify all of them
	@$(HEIRLOOM) models fetch
	@$(HEIRLOOM) models verify

bench: build ## measure speed and memory, beside PyTorch where PYTHON has torch 2.11.0
	@.ci/bench $(ENGINE) $(PYTHON)

soak: build ## kill, starve and divide jobs on films: every result must be the same bytes (SOAK=--quick)
	@.ci/soak $(HEIRLOOM) $(SOAK)
	@.ci/slurm-test $(HEIRLOOM)

clean: ## remove what was built and out/; libtorch and fetched weights stay
	@rm -rf $(BUILD) out
	@.ci/link-libtorch $(BUILD)
