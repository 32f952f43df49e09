# The two commands of the README are `make demo` and `make test`; `make help` lists the rest.

SWIFT ?= swift

.DEFAULT_GOAL := help

.PHONY: help
help: ## Say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

.PHONY: dependencies
dependencies: ## Install the missing system packages
	@scripts/install-dependencies

.PHONY: build
build: dependencies ## Build the release binary, .build/release/mixer
	$(SWIFT) build -c release --product mixer

.PHONY: demo
demo: build ## Index the shipped corpus and answer three summaries
	@scripts/demo

.PHONY: test
test: dependencies ## Build and run all tests
	$(SWIFT) test --disable-xctest

.PHONY: format
format: ## Format all Swift sources in place
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests Benchmarks

.PHONY: lint
lint: ## Fail on a difference from the format
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Benchmarks

.PHONY: benchmark
benchmark: dependencies ## Measure everything, in turn with the Python peers that are installed (a quarter of an hour)
	python3 Benchmarks/benchmark.py

.PHONY: test-crash
test-crash: build ## Kill the indexer at 50 random moments and compare the store with an undisturbed one (minutes)
	Tests/Crash/kill-indexer

.PHONY: test-disk-full
test-disk-full: build ## Fill a small file system while indexing (needs root for the mount)
	Tests/Crash/fill-disk

.PHONY: test-evaluators
test-evaluators: build ## Compare our metrics with ranx (PyPI) on runs over the demo store
	python3 -m venv venv && venv/bin/pip install -q ranx && venv/bin/python Tests/Evaluators/compare-with-ranx
