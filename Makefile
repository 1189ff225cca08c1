# make run    the app on its demonstration library, at http://127.0.0.1:7860
# make test   every test, the browser's included
# make soak   the long tests in full: a canary over 10,000 requests, kills at every point of an upload
# make bench  speed and quality, written to bench/RESULTS.md
# make bench-peers  the same beside Haystack, LlamaIndex and txtai, which get an environment of their own

PYTHON ?= python3
BIN := .venv/bin
DATA ?= data

.PHONY: run test soak lint install browser bench bench-peers clean

run: install $(DATA)/.demonstration
	$(BIN)/ujuzi serve --data $(DATA)

# The stamp says that the demonstration library is whole; an interrupted build goes on where it stopped.
$(DATA)/.demonstration:
	$(BIN)/ujuzi add corpus --data $(DATA)
	touch $@

# A sixth of the tests' time is waiting for a disk: where there is room, what they write stays in memory.
SCRATCH = test "$$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)" -gt 8000000 2>/dev/null \
	&& echo /dev/shm || echo "$${TMPDIR:-/tmp}"

# Three at a time on two cores: each waits a quarter of its time, for a browser or another process.
test: .venv/.tested browser lint
	@scratch=$$(mktemp -d "$$($(SCRATCH))/ujuzi-tests-XXXXXX") && trap 'rm -rf "$$scratch"' EXIT INT TERM && \
	TMPDIR="$$scratch" $(BIN)/python -m pytest -n 3 --dist loadfile

soak: .venv/.tested
	UJUZI_SOAK=1 $(BIN)/python -m pytest tests/community/test_canary.py tests/community/test_planted.py tests/community/test_upload_kills.py

lint: .venv/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/.tested
	$(BIN)/python -m bench.run

bench-peers: .venv/.tested .venv-peers/.installed
	$(BIN)/python -m bench.run --only peers
	$(BIN)/python -m bench.run --only scale
	$(BIN)/python -m bench.run --only growth

install: .venv/.installed

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv

.venv/.installed: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet torch==2.13.0
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/.tested: .venv/.installed
	$(BIN)/python -m pip install --quiet --editable '.[test,bench]'
	touch $@

.venv-peers/.installed: bench/peers/requirements.txt
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --upgrade pip
	.venv-peers/bin/python -m pip install --quiet torch==2.13.0
	.venv-peers/bin/python -m pip install --quiet --requirement bench/peers/requirements.txt
	touch $@

# The browser that the tests drive: the system's, from Debian's packages where we may install them,
# else the one that Playwright brings.
browser: .venv/.tested
	@command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; \
	else \
		$(BIN)/playwright install chromium; \
	fi

clean:
	rm -rf .venv .venv-peers $(DATA)
