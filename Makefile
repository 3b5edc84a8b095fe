# The one command surface, for people and for CI alike.

VENV := .venv
PYTHON ?= python3
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export SAM_CLI_TELEMETRY := 0
FUZZ_SECONDS ?= 20
FUZZED := policy query template
PROVIDERS := $(notdir $(wildcard functions/*))
# The very binaries that `sam build` packs, so that what is tested is what is deployed, and built once.
RELEASE := cargo lambda build --locked --release

.DEFAULT_GOAL := help
.PHONY: help demo serve check test test-rust test-e2e test-sam test-ditto-engine fuzz bench lint fmt audit build \
	setup clean \
	$(PROVIDERS:%=invoke-%)

help: ## List all targets
	@awk '/^[^#\t].*:.*## / { sub(/^\$$\([^)]*\): /, ""); name = text = $$0; sub(/:.*/, "", name); \
		sub("%", "<provider>", name); sub(/.*## /, "", text); printf "  make %-20s %s\n", name, text }' Makefile

demo: ## Play logins against the webhook on this machine (needs Rust only)
	cargo run --locked --package ditto-auth -- demo

serve: ## Keep the webhook running at http://127.0.0.1:8787/<provider>, with a curl line to try
	cargo run --locked --package ditto-auth -- serve

check: ## Check the policies, and run the tests beside them (needs Rust only)
	cargo build --quiet --locked --package ditto-auth
	target/debug/ditto-auth check --deny-warnings
	target/debug/ditto-auth fmt --check
	target/debug/ditto-auth test functions/* $(wildcard examples/policies/*)

test: check test-rust test-e2e test-sam ## Set up everything the tests need and run them all

test-rust: ## Run the Rust tests
	cargo test --locked --workspace

test-e2e: setup ## Run the functions under the Lambda emulator, with Secrets Manager and a real OpenID provider
	$(RELEASE) $(PROVIDERS:%=--bin %) --bin bench-hello
	pytest tests/e2e

test-sam: setup ## Check the stack and, where Docker runs, invoke the functions with SAM
	cargo build --locked --package ditto-auth
	pytest tests/sam

test-ditto-engine: ## Hold the encoding of claims against the real Ditto engine (downloads 380 MB)
	cd tests/ditto-engine && npm ci --no-audit --no-fund
	cargo run --quiet --locked --package claim-mapping --example hostile_queries | node tests/ditto-engine/check.mjs

fuzz: ## Fuzz the policy loader, the query parser and the templates (FUZZ_SECONDS=20 for each)
	cargo install --quiet --locked --root target/tools cargo-fuzz@0.13.2
	mkdir -p $(FUZZED:%=fuzz/corpus/%)
	set -e; for target in $(FUZZED); do RUSTC_BOOTSTRAP=1 target/tools/bin/cargo-fuzz fuzz run --fuzz-dir fuzz $$target \
		fuzz/corpus/$$target fuzz/seeds/$$target -- -max_total_time=$(FUZZ_SECONDS) -dict=fuzz/words.dict; done

bench: setup ## Print what a login and a cold start cost, beside their floors in the same run
	$(RELEASE) $(PROVIDERS:%=--bin %) --bin bench-hello --bin bench-login --bin bench-mapping
	target/lambda/bench-login/bootstrap
	target/lambda/bench-mapping/bootstrap
	python bench/cold_start.py

$(PROVIDERS:%=invoke-%): invoke-%: setup ## Sign an event afresh and run it with `sam local invoke` (EVENT=events/oidc/refused_expired.json)
	cargo build --locked --package ditto-auth
	python tests/sam/invoke.py $* $(EVENT)

build: setup ## Build the functions for AWS
	sam build

lint: ## Check format and lints, warnings denied
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- --deny warnings
	RUSTDOCFLAGS='--deny warnings' cargo doc --locked --workspace --no-deps --document-private-items --quiet

audit: ## Check licences, advisories and banned crates (needs cargo-deny)
	cargo deny check

fmt: ## Format the code
	cargo fmt --all

setup: $(VENV)/installed tests/node_modules/installed ## Install what the tests need: a Python venv, npm packages

$(VENV)/installed: tests/requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement tests/requirements.txt
	touch $@

tests/node_modules/installed: tests/package-lock.json
	cd tests && npm ci --no-audit --no-fund
	touch $@

clean: ## Remove everything that was built or installed here
	rm -rf target .aws-sam $(VENV) tests/node_modules tests/ditto-engine/node_modules
