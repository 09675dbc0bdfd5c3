# demo: hear it.  test: all checks.  coverage: which lines they run.
# books: a folder of texts.  feed: their podcast.  publish: put it on the web.
# bench: how fast.  reading: how much of the reading corpus is said right.
# hearing: how well the voices are understood.  listening: how many spoilt sentences are found.
# word-times: how far off the times of words are.
# fuzz: damaged files.  crash: killed anywhere.  soak: all that goes wrong, for an hour.
# bounds: how time and memory grow.
# linear: hostile text that takes time by its square.
# lowest: the tests with old packages.  dist: a release.  audit: its known holes.
# docs: the documents as a site.  picture: what they tell of the program, written anew.
# messages: the catalogue of what the program says, updated and compiled.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# make books
SRC ?= texts
OUT ?= out
VOICE ?=
JOBS ?=

# make feed: where the site of the books in OUT will be; remembered once said
URL ?=
# make publish
TARGET ?=

# make hearing
VOICES ?=
PEOPLE ?=

# What is given is handed to the shell as it stands, to be run by nobody: neither $(…) nor quotes.
override SRC := $(value SRC)
override OUT := $(value OUT)
override VOICE := $(value VOICE)
override JOBS := $(value JOBS)
override URL := $(value URL)
override TARGET := $(value TARGET)
override VOICES := $(value VOICES)
override PEOPLE := $(value PEOPLE)
export SRC OUT VOICE JOBS URL TARGET VOICES PEOPLE

.PHONY: demo test coverage lint format docs picture messages bench bench-pdf bounds linear crash soak lowest dist audit reading hearing listening word-times fuzz books feed publish clean
.DEFAULT_GOAL := demo

$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Python 3.11 or newer is needed: make PYTHON=python3.12' >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-compile -e .
	@# Bytecode comes with the first import: a quarter of what all packages together would take.
	@# A venv of Python 3.11 has setuptools, those of later ones have not: nothing here needs it.
	@$(BIN)/pip uninstall -qq --yes --disable-pip-version-check setuptools
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@# Of the 260 MB that vieneu asks for, its tests need 40: what [dev] names, and itself.
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps "$$($(BIN)/python -c \
		'from audiobook.system.requirements import requirement_of; print(requirement_of("vieneu"))')"
	@touch $@

$(VENV)/.installed-release: $(VENV)/.installed
	@$(BIN)/pip install --quiet --disable-pip-version-check -e '.[release]'
	@touch $@

$(VENV)/.installed-docs: $(VENV)/.installed
	@$(BIN)/pip install --quiet --disable-pip-version-check -e '.[docs]'
	@touch $@

demo: $(VENV)/.installed
	@$(BIN)/audiobook build --fetch-voice tests/data/ve-tinh.txt -o build --author 'Nhóm Audiobook'

# The tests stay compiled for the next run, also where Python is told to write no bytecode: compiling
# them takes each of the three processes as long as all else before its first test.
test: lint
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n 3 --dist worksteal --durations=20 --durations-min=2

# Measuring every line takes half as long again as the tests.
coverage: $(VENV)/.installed-dev
	$(BIN)/pytest -n 2 --dist worksteal --cov --cov-report=term
	@rm -f .coverage.* # of processes that tests killed

lint: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy & here=$$!; \
	$(BIN)/mypy --platform darwin --cache-dir .mypy_cache/darwin audiobook \
	&& $(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32 audiobook && wait $$here
	$(BIN)/lint-imports

# The tests with the oldest versions that pyproject.toml allows of what the program itself needs.
lowest: $(VENV)/.installed-release
	$(PYTHON) -m venv build/lowest
	$(BIN)/uv pip compile --quiet --python build/lowest --resolution lowest-direct --extra all \
		pyproject.toml -o build/lowest/constraints.txt
	$(BIN)/uv pip install --quiet --python build/lowest -c build/lowest/constraints.txt -e '.[dev]'
	build/lowest/bin/pytest -n 2 --dist worksteal

# What a release is made of: wheel, sdist, the exact versions of all that it drags in, with their
# hashes, and a bill of materials (CycloneDX).
dist: $(VENV)/.installed-release
	rm -rf dist
	$(BIN)/python -m build --quiet
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --extra all pyproject.toml \
		-o dist/requirements.txt
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible \
		-o dist/audiobook.cdx.json dist/requirements.txt
	@# What others will install speaks.
	$(PYTHON) -m venv --clear build/wheel
	build/wheel/bin/pip install --quiet --disable-pip-version-check dist/audiobook_vi-*.whl
	AUDIOBOOK_CACHE=build/wheel/cache build/wheel/bin/audiobook build tests/data/ve-tinh.txt -o build/wheel --author 'Nhóm Audiobook' --voice hanoi

# Age, licence, hashes and known holes of all of these, in one table; then the holes once more by
# pip-audit, which asks for each version. What cannot be looked up counts as a finding.
audit: dist
	@$(BIN)/python bench/audit.py dist/requirements.txt; findings=$$?; \
	$(BIN)/pip-audit --strict --require-hashes --disable-pip -r dist/requirements.txt \
	&& exit $$findings

# The site in build/docs; a link that leads nowhere stops it.
docs: $(VENV)/.installed-docs
	$(BIN)/zensical build --clean --strict

# The layers of the program and the reference of its commands, as they are now.
picture: $(VENV)/.installed
	@$(BIN)/python bench/documents.py

# What the program says now stands in the catalogue; what has no translation yet is named.
messages: $(VENV)/.installed-dev
	@$(BIN)/python bench/catalogue.py

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# One bench that cannot measure stops no other.
bench: $(VENV)/.installed-dev
	@failed=; for one in bench.py speaking.py memory.py installing.py online.py podcast.py \
		sending.py year.py loading.py 'library.py all' cluster.py studio.py; do \
		echo "python bench/$$one"; $(BIN)/python bench/$$one || failed="$$failed $$one"; \
	done; test -z "$$failed" || { echo "failed:$$failed" >&2; exit 1; }

# How the PDF files of a folder are read: make bench-pdf SRC=FOLDER.
bench-pdf: $(VENV)/.installed-dev
	$(BIN)/python bench/pdf.py "$$SRC"

# Time and memory grow no faster than the text in any stage; build/bounds.html shows it.
bounds: $(VENV)/.installed-dev
	@$(BIN)/python bench/bounds.py

linear: $(VENV)/.installed-dev
	@$(BIN)/python bench/linear.py

reading: $(VENV)/.installed-dev
	@$(BIN)/python bench/reading.py

# What a stranger hears of each voice; the recogniser lives in a venv of its own.
build/hearing/.installed: bench/requirements-hearing.txt
	@$(PYTHON) -m venv build/hearing
	@build/hearing/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

hearing: $(VENV)/.installed-dev build/hearing/.installed
	@$(BIN)/python bench/hearing.py --listener build/hearing/bin/python $$VOICES \
		$(if $(PEOPLE),--people "$$PEOPLE")

# How many sentences that are said wrong on purpose `check --listen` finds in the texts of SRC, said
# by Sano; the program with the recogniser lives in a venv of its own.
build/listening/.installed: bench/requirements-hearing.txt pyproject.toml
	@$(PYTHON) -m venv build/listening
	@build/listening/bin/pip install --quiet --disable-pip-version-check -e '.[listen]' -r $<
	@touch $@

listening: build/listening/.installed
	@build/listening/bin/python bench/listening_back.py "$$SRC"/*

# How far off the times of words are that no engine tells, guessed or found in the sound, in
# sentences of the texts of SRC. The voice sano is needed, nothing else.
word-times: $(VENV)/.installed-dev
	@$(BIN)/python bench/word_times.py "$$SRC"/*

# A book is made and published, killed wherever it can be, and made again.
crash: $(VENV)/.installed-dev
	@$(BIN)/python bench/crash.py

# SOAK_MINUTES (60) of a podcast that is made while all goes wrong; SOAK_SEED repeats a run.
soak: $(VENV)/.installed-dev
	@$(BIN)/python bench/soak.py

# FUZZ_SECONDS (60) of damaged and invented files; FUZZ_SEED repeats a run.
fuzz: $(VENV)/.installed-dev
	@$(BIN)/python bench/fuzz.py

# Every text in SRC and below becomes a book in OUT; what has not changed is left alone, and one
# that fails stops no other. All share one pool: JOBS processes, or what make -jN says, or all cores.
books: $(VENV)/.installed
	@test -d "$$SRC" || { \
		printf 'there is no folder %s: make books SRC=FOLDER\n' "$$SRC" >&2; exit 3; }
	@jobs=$${JOBS:-$(patsubst -j%,%,$(filter -j%,$(MFLAGS)))}; \
		$(BIN)/audiobook build --keep-going -o "$$OUT" $${VOICE:+--voice "$$VOICE"} \
		$${jobs:+--jobs "$$jobs"} -- "$$SRC"

# The podcast of the books in OUT, tested by every rule.
feed: $(VENV)/.installed
	@$(BIN)/audiobook feed $${URL:+--url "$$URL"} -- "$$OUT"
	@$(BIN)/audiobook feed --check -- "$$OUT"

# What subscribers see: the site of OUT goes to TARGET, a folder, s3://, sftp:// or webdavs://.
publish: $(VENV)/.installed
	@test -n "$$TARGET" || { echo 'say where to: make publish TARGET=sftp://…' >&2; exit 2; }
	@$(BIN)/audiobook publish -- "$$OUT" "$$TARGET"

clean:
	rm -rf build dist .cache .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
