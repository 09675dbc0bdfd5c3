"""Simulates a year of a podcast that two machines publish, with all that goes wrong meanwhile.

YEAR_BOOKS (300) books come in YEAR_STEPS (60) steps. At most steps a process is killed, a state or
a whole site is lost, files are zeroed, a manifest breaks, both machines publish at once, or a clock
is a year ahead. YEAR_SEED repeats a run. Subscribers poll with feedparser: what was published once
must stay, with its GUID and date, and every enclosure must be what its name says. What does not is
printed, and the exit code is 1.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING

import feedparser

from audiobook import cli
from audiobook.model import Meta
from audiobook.podcast import last_target, state
from audiobook.podcast.targets import lock

sys.path.append(str(Path(__file__).parents[1] / "tests" / "podcast"))
from stubs import make_book

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

BOOKS = int(os.environ.get("YEAR_BOOKS", "300"))
SEED = int(os.environ.get("YEAR_SEED", str(time.time_ns() % 1_000_000)))
STEPS = int(os.environ.get("YEAR_STEPS", "60"))
URL = "https://example.org/sach"
BEGIN = 1_735_689_600.0
DAY = 86_400.0
# The sources of time and chance of one run.
_real_time = time.time
# A lock of another machine is broken after so many seconds, so that the year does not take one.
_STALE = 3.0


@dataclass(slots=True)
class Machine:
    """A machine with its own copy of the library."""

    name: str
    library: Path
    ahead: float = 0.0
    """Seconds by which its clock is ahead."""

    @property
    def site(self) -> Path:
        """The folder of its site."""
        return self.library / "site"


@dataclass(slots=True)
class Year:
    """The year: its machines, the place where they publish, and what subscribers have seen."""

    root: Path
    chance: random.Random
    now: float = BEGIN
    ledger: dict[str, dict[str, float]] = field(default_factory=dict)
    """By feed: the date of each episode by its GUID, as it was first seen."""
    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    titles: dict[str, int] = field(default_factory=dict)
    """The books so far, and how many chapters each has."""

    @property
    def www(self) -> Path:
        """The place where the podcast is published."""
        return self.root / "www"

    # --- commands ---------------------------------------------------------------------------------

    def start(self, machine: Machine, *commands: Sequence[str], die_at: int = -1) -> int:
        """Start commands in a process of the machine, the next when one ended well.

        Args:
            machine: the machine.
            commands: the words of each command.
            die_at: the step on the disk before which the process is killed; never if negative.

        Returns:
            The process.
        """
        self.counts["commands"] += len(commands)
        process = os.fork()
        if process:
            return process
        code = 70
        try:
            os.setsid()
            started = _real_time()
            time.time = lambda: self.now + machine.ahead + _real_time() - started
            lock.machine_id = lambda: machine.name  # type: ignore[assignment, attr-defined]
            lock.STALE, lock._LOOK, lock.BEAT = _STALE, 0.02, 0.5
            os.fsync = os.sync = _do_not_wait  # type: ignore[assignment]
            _redirect_output(self.root / f"{machine.name}.log")
            if die_at >= 0:
                _die_at(die_at, self.root)
            code = next(filter(None, map(_run, commands)), 0)
        finally:
            os._exit(code)

    def run(self, machine: Machine, *commands: Sequence[str], die_at: int = -1) -> int:
        """Run commands, and return the exit code; -9 if the process was killed."""
        return _wait(self.start(machine, *commands, die_at=die_at))

    def must_run(self, machine: Machine, *commands: Sequence[str]) -> None:
        """Run commands that must end well."""
        code = self.run(machine, *commands)
        if code:
            log = (self.root / f"{machine.name}.log").read_text("utf-8")
            self.wrong.append(f"{machine.name}: {commands} ended with {code}: {log[-300:]}")

    def feed(self, machine: Machine, *words: str) -> list[str]:
        """Return the command that writes the site of a machine."""
        is_new = not (machine.site / state.NAME).exists()
        is_unknown = is_new and not last_target.path_of(machine.site).exists()
        url = ["--url", URL] if is_unknown else []
        restore = ["--restore", str(self.www)] if is_unknown and self.is_published else []
        return ["feed", str(machine.library), *url, *restore, *words]

    def publish(self, machine: Machine, *words: str) -> list[str]:
        """Return the command that publishes the site of a machine."""
        return ["publish", str(machine.library), str(self.www), "-q", *words]

    @property
    def is_published(self) -> bool:
        """Whether anything was published yet."""
        return (self.www / state.NAME).exists()

    # --- what subscribers see ---------------------------------------------------------------------

    def poll(self, feeds: Sequence[str]) -> None:
        """Read feeds as subscribers do, and note what is not as it was, or not there."""
        for path in feeds:
            try:
                data = (self.www / path).read_bytes()
            except FileNotFoundError:
                if path in self.ledger:
                    self.wrong.append(f"{path} is lost")
                continue
            self.counts["polls"] += 1
            entries = feedparser.parse(data).entries
            dates = {entry.id: _seconds(entry.published) for entry in entries}
            if len(dates) != len(entries):
                self.wrong.append(f"{path}: an episode is repeated")
            known = self.ledger.setdefault(path, {})
            for guid, date in known.items():
                if guid not in dates:
                    self.wrong.append(f"{path}: episode {guid} is lost")
                elif dates[guid] != date:
                    self.wrong.append(f"{path}: episode {guid} moved from {date} to {dates[guid]}")
            for guid in dates.keys() - known.keys():
                known[guid] = dates[guid]
            for entry in entries:
                self._check_enclosure(path, entry)

    def _check_enclosure(self, path: str, entry: feedparser.FeedParserDict) -> None:
        enclosure = entry.enclosures[0]
        media = self.www / enclosure.href.removeprefix(f"{URL}/")
        if not media.is_file() or media.stat().st_size != int(enclosure.length):
            self.wrong.append(f"{path}: {enclosure.href} is missing or cut")
        elif self.chance.random() < 0.05:
            self.counts["enclosures hashed"] += 1
            digest = hashlib.sha256(media.read_bytes()).hexdigest()
            if digest[:12] not in media.name:
                self.wrong.append(f"{path}: {enclosure.href} is not what its name says")

    @property
    def feeds(self) -> list[str]:
        """The feeds at the place, that of the library first."""
        books = sorted(path.parent.name for path in self.www.glob("books/*/feed.xml"))
        return ["feed.xml", *(f"books/{name}/feed.xml" for name in books)]

    def some_feeds(self) -> list[str]:
        """Return the library's feed and a few others."""
        library, *books = self.feeds
        return [library, *self.chance.sample(books, min(8, len(books)))]

    # --- books ------------------------------------------------------------------------------------

    def add_books(self, machines: Sequence[Machine], count: int) -> None:
        """Let books come into the libraries of all machines; now and then an old one grows."""
        for _ in range(count):
            self._make(
                machines, f"Sách số {len(self.titles) + 1:03}", self.chance.choice((1, 1, 2, 3))
            )
        if self.titles and self.chance.random() < 0.15:
            title = self.chance.choice(list(self.titles))
            if self.titles[title] > 1:
                self._make(machines, title, self.titles[title] + 1)
                self.counts["books that grew"] += 1

    def _make(self, machines: Sequence[Machine], title: str, chapters: int) -> None:
        self.titles[title] = chapters
        made = self.root / "made.mp3"
        meta = Meta(title=title, author="Nguyễn An", narrator="Hà Nội", language="vi")
        names = [f"Chương {number}" for number in range(1, chapters + 1)]
        make_book(made, meta, names, sentences=("Một câu.",), length=8)
        os.utime(made, (self.now, self.now))
        for machine in machines:
            shutil.copy2(made, machine.library / f"{title}.mp3")


# --- faults ---------------------------------------------------------------------------------------


def killed_publish(year: Year, here: Machine, _there: Machine) -> None:
    """Kill the process that publishes somewhere."""
    year.must_run(here, year.feed(here))
    year.run(here, year.publish(here), die_at=year.chance.randrange(60))
    year.poll(year.some_feeds())


def killed_feed(year: Year, here: Machine, _there: Machine) -> None:
    """Kill the process that writes the site somewhere."""
    year.run(here, year.feed(here), die_at=year.chance.randrange(60))


def killed_by_another(year: Year, here: Machine, there: Machine) -> None:
    """Kill a machine while it publishes, and let the other one go on."""
    killed_publish(year, here, there)
    year.must_run(there, year.feed(there), year.publish(there))


def lost_state(_year: Year, here: Machine, _there: Machine) -> None:
    """Lose state.json."""
    (here.site / state.NAME).unlink(missing_ok=True)


def lost_site(_year: Year, here: Machine, _there: Machine) -> None:
    """Lose the whole site."""
    shutil.rmtree(here.site, ignore_errors=True)


def lost_all(year: Year, here: Machine, there: Machine) -> None:
    """Lose the site, and the note of where it is published, as on a new machine."""
    lost_site(year, here, there)
    last_target.path_of(here.site).unlink(missing_ok=True)


def older_state(_year: Year, here: Machine, _there: Machine) -> None:
    """Put an old backup of state.json back."""
    backup = here.library / ".backup"
    current = here.site / state.NAME
    if current.exists():
        data = current.read_bytes()
        if backup.exists():
            current.write_bytes(backup.read_bytes())
        backup.write_bytes(data)


def damaged_state(_year: Year, here: Machine, _there: Machine) -> None:
    """Zero state.json."""
    if (here.site / state.NAME).exists():
        _zero(here.site / state.NAME)


def zeroed_files(year: Year, here: Machine, _there: Machine) -> None:
    """Zero files of the site as a power cut does, in their full size and with their dates."""
    own = [path for path in here.site.rglob("*.*") if path.is_file() and path.stat().st_nlink == 1]
    for path in year.chance.sample(sorted(own), min(12, len(own))):
        _zero(path)


def broken_manifest(year: Year, here: Machine, _there: Machine) -> None:
    """Damage a manifest, here or where the site is published."""
    path = year.chance.choice((here.site, year.www)) / "manifest.json"
    if path.exists() and year.is_published:
        path.write_bytes(year.chance.choice((b"", b"{", b"\0" * 100)))


def both_at_once(year: Year, here: Machine, there: Machine) -> None:
    """Let both machines make the feed and publish at the same time."""
    processes = [
        year.start(machine, year.feed(machine), year.publish(machine)) for machine in (here, there)
    ]
    for machine, process in zip((here, there), processes, strict=True):
        code = _wait(process)
        if code:
            log = (year.root / f"{machine.name}.log").read_text("utf-8")
            year.wrong.append(f"{machine.name}, at once: ended with {code}: {log[-300:]}")


def a_year_ahead(year: Year, here: Machine, _there: Machine) -> None:
    """Publish from a machine whose clock is a year ahead, and put it right then."""
    usual, here.ahead = here.ahead, 365 * DAY
    known = {path: dict(dates) for path, dates in year.ledger.items()}
    year.must_run(here, year.feed(here), year.publish(here))
    here.ahead = usual
    if year.run(here, year.feed(here)) not in (0, 6):
        year.wrong.append("dates in the future are not refused")
    year.must_run(here, year.feed(here, "--redate"), year.publish(here, "--redate"))
    year.ledger = known  # only what was known before must stay as it was


FAULTS = (
    *[killed_publish] * 5,
    *[both_at_once] * 3,
    *[killed_by_another] * 2,
    killed_feed,
    lost_state,
    lost_site,
    lost_all,
    older_state,
    damaged_state,
    zeroed_files,
    broken_manifest,
    broken_manifest,
)


# --- processes ------------------------------------------------------------------------------------


def _do_not_wait(*_: object) -> None:
    """Take the place of what waits for the disk: processes are killed here, not machines."""


def _warm_up(folder: Path) -> None:
    """Load all that the commands need, so that it is not loaded anew in every process."""
    library = folder / "library"
    library.mkdir(parents=True)
    (library / "library.toml").write_text('email = "an@example.org"\n')
    make_book(library / "a.mp3", Meta(title="A"), ("1", "2"), length=8)
    stdout, sys.stdout = sys.stdout, (folder / "log").open("w")
    for words in (
        ["feed", str(library), "--url", URL],
        ["publish", str(library), str(folder / "www")],
    ):
        _run(words)
    sys.stdout = stdout


def _run(words: Sequence[str]) -> int:
    sys.argv = ["audiobook", *words]
    try:
        cli.main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def _wait(process: int) -> int:
    _, status = os.waitpid(process, 0)
    return -signal.SIGKILL if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def _redirect_output(log: Path) -> None:
    file = log.open("w", encoding="utf-8", buffering=1)
    sys.stdout = sys.stderr = file


def _die_at(step: int, root: Path) -> None:
    """Kill this process before a step on the disk, counted from 0."""
    taken = 0

    def notice(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal taken
        if event == "open":
            path, _, flags = arguments
            if not isinstance(flags, int) or not flags & (os.O_WRONLY | os.O_RDWR):
                return
        elif event in ("os.rename", "os.remove", "os.link"):
            path = arguments[0]
        else:
            return
        if isinstance(path, (str, os.PathLike)) and str(path).startswith(str(root)):
            taken += 1
            if taken > step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(notice)


def _zero(path: Path) -> None:
    status = path.stat()
    path.write_bytes(b"\0" * status.st_size)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _seconds(date: str) -> float:
    return parsedate_to_datetime(date).timestamp()


# --- the year -------------------------------------------------------------------------------------


def simulate(year: Year) -> Iterator[str]:
    """Let the year pass, and yield a line now and then."""
    machines = [Machine(name, year.root / name) for name in ("here", "there")]
    machines[1].ahead = 180.0
    for machine in machines:
        machine.library.mkdir()
        settings = 'title = "Tủ sách"\nemail = "an@example.org"\nowner = "An"\n'
        (machine.library / "library.toml").write_text(settings, "utf-8")
    ahead_at = {STEPS // 3, 2 * STEPS // 3}
    for step in range(STEPS):
        year.now = BEGIN + (step + year.chance.random() * 0.8) * 365 * DAY / STEPS
        wanted = BOOKS * (step + 1) // STEPS
        year.add_books(machines, wanted - len(year.titles))
        here, there = year.chance.sample(machines, 2)
        fault: Callable[[Year, Machine, Machine], None] | None = None
        if step in ahead_at:
            fault = a_year_ahead
        elif step and year.chance.random() < 0.75:
            fault = year.chance.choice(FAULTS)
        if fault is not None:
            year.faults[fault.__name__] += 1
            fault(year, here, there)
        year.must_run(here, year.feed(here), year.publish(here))
        year.poll(year.some_feeds())
        if step % 10 == 9:
            yield f"  step {step + 1}: {len(year.titles)} books, {len(year.wrong)} failures"
    for machine in machines:
        year.must_run(machine, year.feed(machine, "--verify"), year.publish(machine))
        code = year.run(machine, ["feed", str(machine.library), "--check"])
        if code:
            log = (year.root / f"{machine.name}.log").read_text("utf-8")
            year.wrong.append(f"{machine.name}: the site breaks rules: {log[-300:]}")
    year.poll(year.feeds)
    if len(year.ledger["feed.xml"]) != BOOKS:
        year.wrong.append(f"{len(year.ledger['feed.xml'])} books are published, not {BOOKS}")
    chapters = sum(count for count in year.titles.values() if count > 1)
    published = sum(map(len, year.ledger.values())) - BOOKS
    if published != chapters:
        year.wrong.append(f"{published} chapters are published, not {chapters}")
    first, second = (state.read(machine.site) for machine in machines)
    if first.dates != second.dates:
        year.wrong.append("the machines do not agree")


def main() -> int:
    """Print what happened, and return the exit code."""
    print(f"YEAR_SEED={SEED}")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        _warm_up(Path(folder) / "warm")
        year = Year(Path(folder), random.Random(SEED))
        for line in simulate(year):
            print(f"{line} ({time.monotonic() - began:.0f} s)", flush=True)
    for what in year.wrong[:20]:
        print(f"  {what}")
    episodes = sum(map(len, year.ledger.values()))
    print(
        f"{len(year.titles)} books, {episodes:,} episodes in {len(year.ledger)} feeds, {STEPS} "
        f"steps in {time.monotonic() - began:.0f} s: {len(year.wrong)} failures"
    )
    for counts in (year.counts, year.faults):
        print("  " + ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items())))
    return bool(year.wrong)


if __name__ == "__main__":
    sys.exit(main())
