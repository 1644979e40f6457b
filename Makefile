# Two commands are enough: `make run` serves the site, `make test` passes everything. The rest is what they are made of.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.SILENT:

TOOLS := . scripts/tools.env;

.PHONY: run test build watch lint audit unit end2end torture dist reproduce fuzz bench bench-load bench-scale clean

# Everything from a bare machine to http://127.0.0.1:3000.
run: build
	$(TOOLS) exec "$$(scripts/binary)"

# Formatting, lints of both halves, what others wrote, unit and store tests on both engines, journeys through the release binary.
test:
	scripts/setup test
	$(MAKE) lint
	$(MAKE) audit
	$(MAKE) unit
	$(MAKE) end2end

# The release binary, and the browser's files in target/site.
build:
	scripts/setup build
	$(TOOLS) echo "build: the site in release form (about 7 minutes the first time, then only what changed)" >&2
	CARGO_ENCODED_RUSTFLAGS="$$PAVISE_RELEASE_FLAGS" cargo leptos build --release
	scripts/search-module

# The developer's loop: http://127.0.0.1:3000, reloaded at every change to code, styles, words or content.
watch:
	scripts/setup build
	scripts/search-module
	$(TOOLS) cargo leptos watch

lint:
	$(TOOLS) echo "lint: formatting, then clippy for the server and for the browser" >&2
	cargo fmt --all --check
	cargo clippy -q --workspace --features bench --all-targets -- -D warnings
	cargo clippy -q --features hydrate --lib --target wasm32-unknown-unknown -- -D warnings
	cargo clippy -q -p pavise-search --features worker --target wasm32-unknown-unknown -- -D warnings

audit:
	$(TOOLS) echo "audit: licences, sources and known weaknesses of what others wrote" >&2
	scripts/audit

unit:
	$(TOOLS) echo "unit: rules and SQL, on SQLite and on a throwaway PostgreSQL" >&2
	scripts/postgres cargo test -q --workspace --features bench

end2end: build
	$(TOOLS) echo "end2end: journeys in Chromium against the release binary" >&2
	cd end2end
	npx tsc --noEmit
	PAVISE_BINARY="$$(../scripts/binary)" ../scripts/postgres npx playwright test

# Killed a thousand times while it writes, on each engine. It takes an hour or more.
torture: build
	scripts/setup test
	$(TOOLS) cd end2end
	PAVISE_TORTURE=1000 PAVISE_BINARY="$$(../scripts/binary)" ../scripts/postgres npx playwright test torture

# What a machine needs, in dist/: deploy/README.md says what to do with it.
dist: build
	scripts/dist

# Whether anybody gets the same from the same commit: a second build, from nothing and in another place, which takes a quarter of an hour.
reproduce: dist
	$(TOOLS) scripts/reproduce

# Whatever comes in: a million inputs for each of what reads what others write, and new ways through the program are kept.
fuzz:
	scripts/setup fuzz
	$(TOOLS) scripts/fuzz

# What slow clients, and more of them than there is room for, cost the others.
bench-load:
	scripts/setup bench
	$(MAKE) build
	$(TOOLS) PAVISE_BINARY="$$(scripts/binary)" scripts/bench-load

# Bytes, requests and throughput, beside nginx on the same machine. Figures are in BENCHMARKS.md.
bench:
	scripts/setup bench
	$(TOOLS) CARGO_ENCODED_RUSTFLAGS="$$PAVISE_RELEASE_FLAGS" cargo build -q --release --no-default-features --features bench
	cp "$$(scripts/binary)" "$$(scripts/binary)-bench"
	$(MAKE) build
	PAVISE_BINARY="$$(scripts/binary)" PAVISE_BENCH_BINARY="$$(scripts/binary)-bench" scripts/bench

# The same pages with ten thousand, a hundred thousand and a million posts. It takes some minutes and 10 GB of disk.
bench-scale:
	scripts/setup bench
	$(MAKE) build
	$(TOOLS) PAVISE_BINARY="$$(scripts/binary)" scripts/bench-scale

clean:
	$(TOOLS) cargo clean
	rm -rf data end2end/node_modules
