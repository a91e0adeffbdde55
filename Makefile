# Everything a person or a machine runs. `make demo` and `make test` are the two commands of the README.

SHELL := /bin/bash
# One build cache for all checkouts of a user, so that a fresh clone does not start from nothing.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/hengjie/target
CARGO := cargo
HENGJIE := $(CARGO_TARGET_DIR)/release/hengjie
POLICIES := $(wildcard policies/*/policy.md)
# Cases of the law that the two evaluators agree.
AGREEMENT_CASES ?= 10000

.PHONY: demo test bench build tools web fmt lint unit console agreement policies fuzz deny schemathesis load

# On a terminal it ends with the console open; elsewhere it ends.
demo: build
	$(HENGJIE) demo --out demo
	@if [ -t 0 ] && [ -t 1 ]; then exec $(HENGJIE) serve demo; fi

build: tools web
	$(CARGO) build --release -p hengjie-cli

# The pages of the console; the program carries them. `cargo build` alone makes a program without them, which says so.
web: web/dist/index.html

web/dist/index.html: web/node_modules/.package-lock.json $(shell find web/src web/public web/index.html web/vite.config.ts -type f 2>/dev/null)
	npm --prefix web run build

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	@command -v npm >/dev/null || { echo "需要 Node 20 和 npm（Debian: apt-get install nodejs npm） / Node 20 and npm are needed (Debian: apt-get install nodejs npm)"; exit 1; }
	npm --prefix web ci

tools:
	@command -v $(CARGO) >/dev/null || { echo "需要 Rust 工具链（rustup，版本见 rust-toolchain.toml） / a Rust toolchain is needed (rustup; version in rust-toolchain.toml)"; exit 1; }
	@command -v cc >/dev/null || { echo "需要 C 编译器（Debian: apt-get install gcc g++） / a C compiler is needed (Debian: apt-get install gcc g++)"; exit 1; }

test: tools fmt lint unit console agreement policies fuzz

fmt:
	$(CARGO) fmt --all --check

lint:
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings

unit:
	schema/with-postgres.sh $(CARGO) test --workspace --locked

# The console: its texts and numbers, its types against the API, and journeys through every page in a browser.
console: build
	npm --prefix web test
	cd web && npx openapi-typescript ../openapi/hengjie.json -o node_modules/.schema.d.ts >/dev/null && diff -q node_modules/.schema.d.ts src/api/schema.d.ts
	@command -v chromium chromium-browser google-chrome >/dev/null || [ -n "$(CHROMIUM)" ] || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y chromium; } || { echo "浏览器测试要有 Chromium：apt-get install chromium，或用 CHROMIUM 说明在哪里 / the browser tests need Chromium: apt-get install chromium, or name one in CHROMIUM"; exit 1; }
	HENGJIE=$(HENGJIE) npm --prefix web run e2e

# Every operation of the API asked in odd ways; needs Python, and the network for its first run.
SCHEMATHESIS := $(HOME)/.cache/schemathesis/bin/schemathesis
schemathesis: build
	[ -x $(SCHEMATHESIS) ] || { python3 -m venv $(HOME)/.cache/schemathesis && $(HOME)/.cache/schemathesis/bin/pip install --quiet schemathesis==4.32.5; }
	HENGJIE=$(HENGJIE) SCHEMATHESIS=$(SCHEMATHESIS) node web/e2e/schema.mjs 30

# Three hundred explanations a second, and how long each takes.
load: build
	HENGJIE=$(HENGJIE) node web/e2e/load.mjs 300 20

# The two evaluators on random documents and data; in release, because there are many cases.
agreement:
	HENGJIE_AGREEMENT_CASES=$(AGREEMENT_CASES) $(CARGO) test --release --locked -p hengjie-evaluate agree_on_random_documents

# Every shipped regulation: it checks, it is formatted, its examples pass and cover every article with a rule, and it is in good health.
policies: build
	$(HENGJIE) check $(POLICIES)
	$(HENGJIE) fmt --check $(POLICIES)
	$(HENGJIE) test $(POLICIES)
	for policy in $(POLICIES); do $(HENGJIE) health $$policy || exit 1; done
	$(HENGJIE) coverage policies
	bash docs/examples/check.sh $(HENGJIE)

# The kept corpus and the same new inputs on every machine; `make fuzz FUZZ_SECONDS=3600` searches further.
fuzz:
	FUZZ_SECONDS=$(FUZZ_SECONDS) fuzz/run.sh

# Licences and duplicate crates; needs cargo-deny, and the network for advisories.
deny:
	$(CARGO) deny check

# Speed of every sample policy, of a run and of daily averages beside other engines, and of a keystroke in an editor.
bench: build
	$(CARGO) build --release --locked -p hengjie-cli --example answers
	$(CARGO) build --release --locked -p hengjie-app --example invent
	benches/library.sh
	benches/run.sh
	benches/ledger.sh
	HENGJIE=$(HENGJIE) node web/e2e/load.mjs 300 10
	$(CARGO) run --release --locked -p hengjie-lsp --example keystroke -- $(POLICIES)
