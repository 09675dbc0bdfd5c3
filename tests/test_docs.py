"""The documents: what they show can be done, and what they tell of the program is so."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
import unicodedata
from dataclasses import fields
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po
from pages import DOCS, PAGES, command_lines, examples, follow, mentions, name_of, parse
from pages import prose_of as prose
from places import ROOT

from audiobook import config, errors, outputs
from audiobook.cli.app import BROKEN_PIPE, INTERRUPTED
from audiobook.config.books import BookFile, read_book_files
from audiobook.config.casting import ROLES
from audiobook.config.steps import STEPS
from audiobook.model import Meta, Pauses, Voice, VoiceFile
from audiobook.outputs import transcripts
from audiobook.podcast.library import read_library
from audiobook.podcast.model import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

_CODE = "\n".join(path.read_text("utf-8") for path in (ROOT / "audiobook").rglob("*.py"))
_FAR = ("http://", "https://", "mailto:")


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def rows(text: str) -> list[list[str]]:
    """Return the cells of every row of the tables in a text."""
    lines = re.findall(r"^\| (.+) \|$", text, re.MULTILINE)
    return [re.split(r" \| ", line) for line in lines]


def names_in(text: str) -> set[str]:
    """Return what stands in backticks."""
    return set(re.findall(r"`([^`\n]+)`", text))


# --- examples -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [path for path in DOCS.rglob("*.md") if examples(path)],
    ids=lambda path: str(name_of(path)),
)
def test_examples_print_what_is_shown(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIOBOOK_LANG", "vi" if "vi" in path.parts else "en")
    follow(path, tmp_path, monkeypatch, cheap=True)


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_command_is_one_that_the_program_takes(path: Path) -> None:
    for words in command_lines(path):
        check_values(parse(words))
    for words in mentions(path):
        try:
            check_values(parse(words))
        except Exception as problem:
            # A command that is only named need not be complete.
            if "Missing" not in f"{type(problem).__name__} {problem}":
                raise


def check_values(given: dict[str, object]) -> None:
    """Make sure that voices, formats, steps and roles are those that there are."""
    voices = {"NAME", *config.voice_names()}
    assert not given.get("voice") or given["voice"] in voices
    formats = outputs.TIMED_FORMATS if given.get("timed") else outputs.FORMATS
    assert not given.get("form") or given["form"] in formats
    steps = {"STEP", *(step.name for step in STEPS)}
    for name in ("keep", "drop"):
        switched = given.get(name) or ()
        assert isinstance(switched, list | tuple)
        assert steps.issuperset(switched)


# --- links --------------------------------------------------------------------------------------


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings that the site and a forge agree on."""
    headings = [re.sub(r"[`*]", "", line) for line in re.findall(r"^#+ (.+)$", text, re.MULTILINE)]
    on_site = {
        re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", ascii_of(heading)).strip().lower())
        for heading in headings
    }
    on_forge = {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}
    return on_site & on_forge


def ascii_of(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_link_leads_somewhere(path: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(path)):
        if link.startswith(_FAR):
            continue
        place, _, anchor = link.partition("#")
        target = (path.parent / place).resolve() if place else path
        assert target.exists(), link
        if DOCS in path.parents:
            assert DOCS in target.parents, f"{link} leads out of the site"
        assert not anchor or anchor in anchors(prose(target)), link


def test_the_site_has_every_page_once() -> None:
    def listed(entries: list[object]) -> Iterator[str]:
        for entry in entries:
            if isinstance(entry, str):
                yield entry
            elif isinstance(entry, dict):
                (below,) = entry.values()
                yield from listed(below if isinstance(below, list) else [below])

    site = tomllib.loads((ROOT / "zensical.toml").read_text("utf-8"))["project"]
    names = sorted(listed(site["nav"]))
    assert names == sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))


def test_the_site_is_built_without_a_complaint(tmp_path: Path) -> None:
    if importlib.util.find_spec("zensical") is None:
        pytest.skip("its builder is not installed: make docs")
    shutil.copytree(DOCS, tmp_path / "docs")
    (tmp_path / "zensical.toml").write_bytes((ROOT / "zensical.toml").read_bytes())
    words = [sys.executable, "-m", "zensical", "build", "--strict"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "build" / "docs" / "vi" / "cai-dat.html").exists()


def test_targets_of_make_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for path in PAGES:
        for target in re.findall(r"(?:`|\$ |^)make ([a-z-]+)", path.read_text("utf-8"), re.M):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), (name_of(path), target)


def test_nobody_counts_the_tests() -> None:
    for path in (*PAGES, ROOT / "CHANGELOG.md"):
        assert not re.search(r"\b\d[\d,]* (?:tests|passed)\b", path.read_text("utf-8")), path


# --- reference ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """Return bench/documents.py as a module."""
    spec = importlib.util.spec_from_file_location("generator", ROOT / "bench" / "documents.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_of_commands_is_that_of_the_program(generator: ModuleType) -> None:
    assert page("reference/commands.md") == generator.commands(), "run make picture"


def test_the_layers_are_those_of_the_contract(generator: ModuleType) -> None:
    architecture = page("architecture.md")
    assert architecture == generator.with_picture(architecture), "run make picture"
    assert generator.picture() in architecture


def test_every_stage_in_the_flow_exists() -> None:
    flow = page("architecture.md").split("```text\n")[1].split("```")[0]
    names = re.findall(r"\b[a-z]+/[a-z]+(?:/|\.py)", flow)
    assert len(names) > 5
    assert all((ROOT / "audiobook" / name).exists() for name in names)


def test_every_setting_is_explained() -> None:
    text = page("reference/settings.md")
    book, library = text.split("## book.toml")[1].split("## library.toml")
    library = library.split("## Environment")[0]
    keys = {name.strip("[]") for row in rows(book) for name in names_in(row[0])}
    known = {one.name for one in (*fields(BookFile), *fields(Meta))} - {"meta"}
    assert keys == known
    keys = {name for row in rows(library) for name in names_in(row[0])}
    assert keys == {one.name for one in fields(Library)}


def test_the_settings_that_are_shown_are_taken(tmp_path: Path) -> None:
    blocks = [
        block
        for name in (
            "reference/settings.md",
            "guide/follow.md",
            "vi/chon-giong.md",
            "vi/podcast.md",
        )
        for block in re.findall(r"```toml\n(.*?)```", page(name), re.DOTALL)
    ]
    assert len(blocks) == 7
    for number, block in enumerate(blocks):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name in re.findall(r'"([\w-]+\.jpg)"', block):
            (folder / name).write_bytes(b"\xff\xd8\xff")
        is_library = "category" in block or "follow" in block
        (folder / ("library.toml" if is_library else "book.toml")).write_text(block, "utf-8")
        if is_library:
            library = read_library(folder)
            assert "follow" not in block or (library.follow and library.url and library.target)
            assert "title" not in block or library.title == "Tủ sách nhà"
        else:
            assert read_book_files(folder / "a.txt").meta["title"] == "Người lái đò"


def test_every_key_of_a_voice_is_explained() -> None:
    table = page("extend/voices.md")
    for key in {*fields(Voice), *fields(Pauses), *fields(VoiceFile)}:
        # Mirrors are the rest of urls; how words are timed is set for a book.
        if key.name not in ("name", "files", "pauses", "mirrors", "word_times"):
            assert f"`{key.name}`" in table, key.name


def test_every_role_and_transcript_is_explained() -> None:
    assert names_in(page("guide/voices.md")) >= {str(role) for role in ROLES}
    assert f"--transcript {','.join(transcripts.KINDS)}" in page("guide/formats.md")
    for form in outputs.FORMATS:
        assert f"`--format {form}`" in page("guide/formats.md")


def test_every_environment_variable_is_explained() -> None:
    variables = set(re.findall(r'"((?:AUDIOBOOK|OPENAI)_[A-Z_]+)"', _CODE))
    assert len(variables) > 6
    assert variables <= names_in(page("reference/settings.md"))


def test_exit_codes_are_those_of_the_program() -> None:
    classes = errors.AudiobookError.__subclasses__()
    codes = {kind.exit_code for kind in classes if kind.__module__ == errors.__name__}
    known = codes | {0, errors.FINDINGS, INTERRUPTED, BROKEN_PIPE}
    table = rows(page("reference/exit-codes.md"))
    assert {int(row[0]) for row in table if row[0].isdecimal()} == known


# --- messages -----------------------------------------------------------------------------------

# What the system says, and what servers do.
_OF_OTHERS = {"No space left on device", "Permission denied"}


def templates() -> list[tuple[str, str]]:
    """Return all messages in English and Vietnamese, with … for each value."""
    folder = ROOT / "audiobook" / "messages" / "locale" / "vi" / "LC_MESSAGES"
    with (folder / "audiobook.po").open("rb") as file:
        catalogue = read_po(file)
    pairs = []
    for entry in catalogue:
        forms = [entry.id] if isinstance(entry.id, str) else entry.id
        told = entry.string if isinstance(entry.string, str) else (entry.string or [""])[0]
        pairs += [(blanked(english), blanked(told)) for english in forms]
    return pairs


def blanked(template: str) -> str:
    return re.sub(r"\{[^{}]*\}", "…", template)


def holds(template: str, shown: str) -> bool:
    """Whether a message may be shown like this, its values left open and its end cut off."""
    parts = [re.escape(part) for part in shown.split("…")]
    return re.search(".*".join(parts).strip(), template) is not None


def test_every_message_explained_in_english_is_one_of_ours() -> None:
    shown = [one for row in rows(page("guide/troubleshooting.md")) for one in names_in(row[0])]
    assert len(shown) > 25
    known = [english for english, _ in templates()]
    for message in shown:
        parts = [part for part in message.split(": ") if part not in _OF_OTHERS]
        ours = ": ".join(parts).replace("(403 …)", "(…)").replace("(“…”): …", "(…): …")
        assert any(holds(template, ours) for template in known), message


def test_every_message_explained_in_vietnamese_is_its_translation() -> None:
    pairs = templates()
    table = [row for row in rows(page("vi/su-co.md")) if row[0].startswith("`")]
    assert len(table) > 15
    for vietnamese, english, *_ in table:
        (told,), (ours,) = names_in(vietnamese), names_in(english)
        assert any(holds(one, ours) and holds(two, told) for one, two in pairs), told


# --- worked changes -----------------------------------------------------------------------------


def test_worked_changes_name_what_is_there() -> None:
    text = page("contributing.md")
    assert text.count("\n## ") == 8
    for row in rows(text):
        if not (names := names_in(row[0])) or "(new)" in row[0]:
            continue
        (name,) = names
        path = ROOT / name
        assert path.exists(), name
        for word in names_in(row[1]):
            if re.fullmatch(r"\w+(?:\([\w, ]*\))?", word) and path.suffix == ".py":
                assert re.search(rf"\b{word.split('(')[0]}\b", path.read_text("utf-8")), word
    for name in re.findall(r"`((?:audiobook|tests|bench|docs|voices)/[\w/.-]+)`", text):
        assert (ROOT / name).exists() or "xyz" in name, name
