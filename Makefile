# demo: hear it.  test: all checks.  books: a folder of texts.  feed: their podcast.
# bench: how fast.
# reading: how much of the reading corpus is said right.  fuzz: damaged files.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# make books
SRC ?= texts
OUT ?= out
VOICE ?=
JOBS ?= 1

# make feed: where the site of the books in OUT will be; remembered once said
URL ?=

.PHONY: demo test lint format bench reading fuzz books no-book feed clean
.DEFAULT_GOAL := demo

$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Python 3.11 or newer is needed: make PYTHON=python3.12' >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

demo: $(VENV)/.installed
	@$(BIN)/audiobook build tests/data/ve-tinh.txt -o build --author 'Nhóm Audiobook'

test: lint
	$(BIN)/pytest -n 2 --dist worksteal --cov --cov-report=term
	@rm -f .coverage.* # of processes that tests killed

lint: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.installed-dev
	$(BIN)/python bench/bench.py
	$(BIN)/python bench/online.py
	$(BIN)/python bench/podcast.py

reading: $(VENV)/.installed-dev
	@$(BIN)/python bench/reading.py

# FUZZ_SECONDS (60) of damaged and invented files; FUZZ_SEED repeats a run.
fuzz: $(VENV)/.installed-dev
	@$(BIN)/python bench/fuzz.py

# One target a text, named by its line in a list, so that any file name will do and -jN works.
# Each build records in JOBS processes, and leaves alone what has not changed.
books: $(VENV)/.installed
	@test -d '$(SRC)' || { echo 'there is no folder $(SRC): make books SRC=FOLDER' >&2; exit 3; }
	@mkdir -p '$(OUT)' && rm -f '$(OUT)/.failed'
	@find '$(SRC)' -maxdepth 1 -type f \( -name '*.txt' -o -name '*.md' -o -name '*.epub' -o -name '*.docx' -o -name '*.pdf' -o -name '*.html' \) | LC_ALL=C sort > '$(OUT)/.books'
	@$(MAKE) --no-print-directory no-book $$(awk '{ print "book-" NR }' '$(OUT)/.books')
	@rm '$(OUT)/.books'; if [ -e '$(OUT)/.failed' ]; then \
		echo 'not converted:' >&2; cat '$(OUT)/.failed' >&2; rm '$(OUT)/.failed'; exit 1; fi

no-book:
	@:

book-%:
	@source=$$(sed -n '$*p' '$(OUT)/.books'); \
	$(BIN)/audiobook build -o '$(OUT)' $(if $(VOICE),--voice '$(VOICE)') --jobs $(JOBS) -- "$$source" \
		|| printf '%s\n' "$$source" >> '$(OUT)/.failed'

# The podcast of the books in OUT, tested by every rule.
feed: $(VENV)/.installed
	@$(BIN)/audiobook feed '$(OUT)' $(if $(URL),--url '$(URL)')
	@$(BIN)/audiobook feed '$(OUT)' --check

clean:
	rm -rf build dist .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
