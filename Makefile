# Everything a person or CI does here is one of these targets; `make` lists them.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --warn-undefined-variables --no-builtin-rules

DATA ?= data
LISTEN ?= 127.0.0.1:8080
GOFLAGS ?=
RUN ?= .
SEED ?= 0

npm := web/node_modules/.installed
dist := web/dist/.built
front := $(shell find web/src web/public web/*.html web/*.ts web/package.json -not -path 'web/src/gen/*' 2>/dev/null)
tool = go tool -modfile=tools/go.mod
buf := web/node_modules/.bin/buf
generated := internal/gen web/src/gen internal/store/db

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  \033[1m%-16s\033[0m %s\n", $$1, $$2}' Makefile

.PHONY: run
run: build ## Install what is missing, build, and run everything on this machine (DATA=, LISTEN=)
	tools/need postgresql
	bin/converse dev --data $(DATA) --listen $(LISTEN)

.PHONY: build
build: $(dist) ## Build the program, front end inside, to bin/converse
	go build -trimpath -ldflags='-s -w' -o bin/converse ./cmd/converse

$(npm): web/package-lock.json web/.npmrc
	cd web && npm ci --no-progress
	touch $@

$(dist): $(npm) $(front) $(wildcard web/src/gen/*.ts)
	cd web && npm run --silent build
	touch web/dist/.keep $@

.PHONY: test
test: packages check-generated vet test-web test-race test-e2e ## Run every test, installing what it needs: takes minutes

.PHONY: packages
packages:
	tools/need postgresql redis chromium fonts

.PHONY: vet
vet: $(dist)
	go vet ./...
	cd bench && go vet ./...

.PHONY: test-web
test-web: $(dist) ## Type-check the front end, run its unit tests and check its size
	cd web && npm run --silent check && npm run --silent test && npm run --silent size

.PHONY: test-race
test-race: $(dist) ## Run the Go tests with the race detector (RUN=regexp, SEED=n)
	tools/need postgresql redis
	go test $(GOFLAGS) -race -timeout 20m -run '$(RUN)' ./...

.PHONY: test-e2e
test-e2e: build ## Run the browser journeys in Chromium against the real program
	tools/need postgresql chromium fonts
	cd web && npm run --silent e2e

.PHONY: history
history: $(dist) ## Run the fault history alone (SEED=n repeats one)
	tools/need postgresql redis
	go test $(GOFLAGS) -count=1 -timeout 20m -v ./internal/history -args -seed $(SEED)

.PHONY: bench
bench: build ## Compare with centrifuge and with bare floors, as ratios of one run
	tools/need postgresql redis
	cd bench && go run . -converse ../bin/converse

.PHONY: generate
generate: $(npm) ## Generate code from proto, SQL and tables
	$(buf) generate
	$(buf) generate --template buf.gen.web.yaml
	cd tools/sqlc && go tool sqlc generate -f ../../sqlc.yaml
	cd hub && go run ./codegen

.PHONY: check-generated
check-generated: $(npm) ## Fail if generated code is not what generate makes
	@before=$$(find $(generated) -type f -exec sha256sum {} + | sort | sha256sum); \
	$(MAKE) --no-print-directory generate >/dev/null; \
	after=$$(find $(generated) -type f -exec sha256sum {} + | sort | sha256sum); \
	[ "$$before" = "$$after" ] || { echo "generated code was stale: run make generate and commit" >&2; exit 1; }

.PHONY: lint
lint: $(npm) ## Run every linter
	$(buf) lint
	go vet ./...
	$(tool) staticcheck ./...
	cd tools/lint && go build -o ../../bin/golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	bin/golangci-lint run ./...
	cd web && npm run --silent check

.PHONY: fmt
fmt: $(npm) ## Format Go and proto files
	$(tool) gofumpt -w $$(git ls-files '*.go' | grep -v '^internal/gen/\|^internal/store/db/')
	$(buf) format -w

.PHONY: clean
clean: ## Remove what was built (the data folder stays)
	rm -rf bin web/dist/* web/node_modules/.installed web/test-results
	touch web/dist/.keep
