# The same commands for people and for .ci/run.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
SHARED ?= ../shared
CODE = archive indexer web tests

.PHONY: setup test test-slow opensearch-test node-kills lint types format messages screenshot serve bench quality meaning misspelling completions speakers reading mixed lock sbom audit mutants clean

setup: $(BIN)/tangthu

$(BIN)/tangthu: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q -e '.[test]'
	touch $@

test: setup
	$(BIN)/python -m pytest -q

test-slow: setup
	$(BIN)/python -m pytest -q -m slow

# The engine's contract, and archives on it, on a cluster of three processes that is made for it.
# OPENSEARCH=2.19.4 takes that line, on Java 17.
opensearch-test: setup
	TANGTHU_OPENSEARCH_REQUIRED=1 $(BIN)/python -m pytest -q tests/indexer/opensearch_engine \
		tests/cluster tests/test_opensearch_server.py tests/test_cluster_waiting.py $(ARGS)

# Nodes of a cluster and rebuilding processes are killed while articles are searched and added.
node-kills: setup
	$(BIN)/python -m tests.faults.node_kills $(ARGS)

lint: setup
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)

types: setup
	$(BIN)/mypy

format: setup
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

# Brings the translations up to date with the code; new messages are left empty in them.
messages: setup
	$(BIN)/pybabel -q extract -F web/translations/babel.cfg -o web/translations/messages.pot \
		--no-location --sort-output --omit-header -k lazy_gettext -k lazy_pgettext:1c,2 web
	$(BIN)/pybabel -q update -i web/translations/messages.pot -d web/translations -l vi \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap
	rm web/translations/messages.pot
	$(BIN)/python -m tests.command_messages

# The picture in README.md, of the demo in the machine's own Chromium.
screenshot: setup
	$(BIN)/python -m tests.screenshot

serve: setup
	$(BIN)/tangthu serve

bench: setup
	TANGTHU_SHARED=$(SHARED) $(BIN)/python -m tests.bench.bench $(ARGS)

quality: setup
	TANGTHU_SHARED=$(SHARED) $(BIN)/python -m tests.bench.quality $(ARGS)

meaning: setup
	TANGTHU_SHARED=$(SHARED) $(BIN)/python -m tests.bench.meaning $(ARGS)

completions: setup
	TANGTHU_SHARED=$(SHARED) $(BIN)/python -m tests.bench.completions $(ARGS)

speakers: setup
	TANGTHU_SHARED=$(SHARED) $(BIN)/python -m tests.bench.speakers $(ARGS)

# The readers it compares with are in an extra of their own.
reading: setup
	$(BIN)/pip install -q -e '.[bench]'
	TANGTHU_SHARED=$(SHARED) $(BIN)/python -W ignore -m tests.bench.reading $(ARGS)
	TANGTHU_SHARED=$(SHARED) $(BIN)/python -W ignore -m tests.bench.page_dates $(ARGS)

mixed: setup
	$(BIN)/python -m tests.bench.mixed_files $(ARGS)

misspelling: setup
	TANGTHU_SHARED=$(SHARED) $(BIN)/python -m tests.bench.misspelling $(ARGS)
	TANGTHU_SHARED=$(SHARED) $(BIN)/python -m tests.bench.repairs

# The versions for containers and deployments, with the sum of every file of a package; what builds
# the program itself (setuptools) is among them, so that nothing is fetched unlocked.
# PYTHON is to be the oldest that is supported (Debian 12: /usr/bin/python3): a newer one takes
# versions that cannot be installed on it.
lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install -q pip-tools
	.venv-lock/bin/pip-compile -q --upgrade --generate-hashes --extra server --extra postgresql --extra cluster --extra s3 --extra parquet --strip-extras --build-deps-for wheel --allow-unsafe \
		--no-header --no-annotate --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
		-o requirements.lock pyproject.toml

# The man pages of all commands, for /usr/local/share/man/man1.
.PHONY: man
man:
	$(PYTHON) -m venv .venv-man
	.venv-man/bin/pip install -q . 'click-man>=0.5,<0.7'
	mkdir -p build/man
	.venv-man/bin/python -c "from click_man.core import write_man_pages; \
		from web.cli.main import COMMANDS, main; \
		main.commands = {name: main.get_command(None, name) for name in COMMANDS}; \
		write_man_pages('tangthu', main, target_dir='build/man', version='')"

# The bill of materials (CycloneDX 1.6, with licences and dependencies) of what the lock installs.
sbom:
	$(PYTHON) -m venv .venv-sbom
	.venv-sbom/bin/pip install -q --require-hashes -r requirements.lock
	.venv-sbom/bin/pip install -q --no-deps --no-build-isolation .
	$(PYTHON) -m venv .venv-sbom-tool
	.venv-sbom-tool/bin/pip install -q 'cyclonedx-bom>=7.2,<8'
	mkdir -p build
	.venv-sbom-tool/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
		--of JSON -o build/tangthu.cdx.json .venv-sbom/bin/python

# Known holes of the locked versions; asks pypi.org, and fails where it cannot (there is no
# database to carry along).
audit:
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/pip install -q 'pip-audit>=2.9,<3'
	.venv-audit/bin/pip-audit --strict --disable-pip --no-deps -r requirements.lock

# PostgreSQL, OpenSearch, an S3 server and two hosts behind nginx, until Ctrl+C: prints the address.
# ARGS: files to take in; --check opens the page and stops.
.PHONY: cluster
cluster: setup
	$(BIN)/python -m tests.local_cluster $(ARGS)

# Would the tests notice a small change? Every night with ARGS='--most 20'; all of it takes hours.
mutants: setup
	$(BIN)/pip install -q -e '.[mutants]'
	$(BIN)/python -m tests.mutation.mutation_run $(ARGS)

# Would the harness of the faults notice a broken promise? It is broken in a copy of the code.
.PHONY: breakages
breakages: setup
	$(BIN)/python -m tests.faults.breakages $(ARGS)

clean:
	rm -rf $(VENV) .venv-* build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
