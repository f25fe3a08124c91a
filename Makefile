# WireBuddy: one command per purpose. `make help` lists them.
# Recipes longer than a few lines are scripts in scripts/, so that they can be read, checked and run alone.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help build run test prove check vm fuzz sanitize bench soak install uninstall deb clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Build the release binary (.build/release/wirebuddy)
	@scripts/packages build
	@scripts/build

run: build ## Run a gateway on this host from examples/quickstart; Ctrl-C removes everything again
	@scripts/packages run
	@scripts/run

test: ## Everything the CI runs: check, unit, conformance, SDKs, namespaces, API, real kernel, package, crash, sequences, fuzz
	@scripts/test

prove: ## The same with the full counts (slow)
	@WIREBUDDY_PROVE=1 scripts/test

check: ## Format, scripts, Python and the graph of targets (no build)
	@scripts/packages check
	@scripts/check

vm: build ## The scenarios inside a real Debian kernel with WireGuard (QEMU)
	@scripts/packages run vm
	@Tests/KernelVM/run-all

fuzz: ## Each fuzz target for 10 minutes (FUZZ_SECONDS=600), two at a time, from the seeds in Tests/Fuzz
	@scripts/packages build
	@scripts/fuzz

sanitize: ## The unit tests with the address sanitizer, then with the thread sanitizer (slow)
	@scripts/packages build test
	@scripts/sanitize

bench: build ## BENCHMARKS.md: our figures beside those of others, all or BENCH="reconcile dns" (Tests/Benchmarks)
	@scripts/packages run test vm bench
	@scripts/venv
	@BENCH="$(BENCH)" scripts/bench

soak: build ## A gateway that does everything at once for MINUTES=30 (Tests/Soak), then SEQUENCES=10000 random ones
	@scripts/packages run test
	@scripts/venv
	@MINUTES="$(MINUTES)" SEQUENCES="$(SEQUENCES)" scripts/soak

install: ## Put the built binary, units, man pages and completions below $(DESTDIR)$(PREFIX), /usr/local by default
	@DESTDIR="$(DESTDIR)" PREFIX="$(or $(PREFIX),/usr/local)" scripts/install

uninstall: ## Remove what make install put there
	@DESTDIR="$(DESTDIR)" PREFIX="$(or $(PREFIX),/usr/local)" scripts/install --remove

deb: build ## Build the Debian package (.build/deb)
	@scripts/packages package
	@scripts/deb

clean: ## Remove what was built
	rm -rf .build .build-*
