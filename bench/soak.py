"""Lets a podcast be made for an hour while all that can go wrong does, and compares the end.

``make soak`` runs it. For SOAK_MINUTES (60), ``watch`` and ``serve`` run without a break, while
texts come and change, and builds, feeds and publishing are killed, find the disk full, have a clock
that is off, or meet hostile files, as the seed has it; SOAK_SEED repeats a run. Listeners fetch
parts of files, and go away. At the end all is made once more, undisturbed, and elsewhere from the
beginning: both must be the same, what was published once must have kept its GUID, nothing may be
left over, and the memory of what ran for long must not have grown by more than a megabyte an hour,
once ``watch`` had met texts of all kinds. What differs is printed, and the exit code is 1. A full
disk needs the right to mount one.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

import feedparser

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from naughty import NAUGHTY
from soaking import HOSTILE, URL, VOICE, Place, Steady, children, left_over, made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MINUTES = float(os.environ.get("SOAK_MINUTES", "60"))
SEED = int(os.environ.get("SOAK_SEED", str(time.time_ns() % 1_000_000)))
SYLLABLES = "ăn biển cá chiều chim đêm đò gió hoa làng mẹ mưa nắng người nước sông trăng".split()
# Disk in MB; seconds between two looks at the memory; MB an hour that it may grow.
ROOM, LOOK, MOST = 2_000, 10.0, 1.0
ENDINGS = (".txt", ".md", ".html", ".epub", ".pdf", ".docx", ".srt", ".mp3")
"""Those of hostile files."""
# Texts, and as many hostile files, that are watched before anything is measured.
FIRST = 200
# A command with a clock that is so many seconds ahead.
LAUNCH = """
import sys, time
real, ahead = time.time, float(sys.argv.pop(1))
time.time = lambda: real() + ahead
from audiobook.__main__ import main
main()
"""
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
FAULT = 70
"""The exit code for faults of the program."""


@dataclass(slots=True)
class Soak:
    """The run."""

    place: Place
    chance: random.Random
    counts: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    texts: int = 0
    began: float = field(default_factory=time.monotonic)
    guids: dict[tuple[str, str], str] = field(default_factory=dict)
    """Those that were published, by the feed and the title."""
    steady: dict[str, Steady] = field(default_factory=dict)
    address: str = ""
    """Where the books are served."""

    # --- commands ---------------------------------------------------------------------------------

    def start(self, words: Sequence[str], ahead: float = 0.0) -> subprocess.Popen[str]:
        """Start a command in a session of its own, its clock so many seconds ahead."""
        self.counts[words[0]] += 1
        with self.place.log_of(words[0]).open("a") as log:
            return subprocess.Popen(
                [sys.executable, "-c", LAUNCH, str(ahead), *words],
                stdout=log,
                stderr=log,
                text=True,
                env=self.place.environment(),
                start_new_session=True,
            )

    def end(self, process: subprocess.Popen[str], words: Sequence[str]) -> int:
        """Wait for the end of a command, and return its exit code."""
        try:
            code = process.wait(600)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            code = process.wait()
            self.wrong.append(f"{words[0]} did not end")
        self.codes[f"{words[0]} {code}"] += 1
        if code == FAULT:
            said = self.place.log_of(words[0]).read_text("utf-8", "replace")
            self.wrong.append(f"{words[0]} ended with {code}: {said[-1500:]}")
        return code

    def must_run(self, words: Sequence[str]) -> None:
        """Run a command undisturbed; -k reports hostile files by a code, which is no failure."""
        code = self.end(self.start(words), words)
        if code and words[0] != "build":
            self.wrong.append(f"undisturbed, {words[0]} ended with {code}")

    def undisturbed(self, words: Sequence[str]) -> None:
        """Run a command."""
        self.end(self.start(words), words)

    # --- disturbances -----------------------------------------------------------------------------

    def killed(self, words: Sequence[str]) -> None:
        """Kill a command after a while: all its processes, itself alone, or one of its workers."""
        process = self.start(words)
        time.sleep(self.chance.uniform(0.05, 6.0))
        number = self.chance.choice(SIGNALS)
        workers = children(process.pid)
        with suppress(ProcessLookupError):
            match self.chance.randrange(3):
                case 0:
                    os.killpg(process.pid, number)
                case 1:
                    process.send_signal(number)
                case _ if workers:
                    os.kill(self.chance.choice(workers), signal.SIGKILL)
        self.counts["killed"] += 1
        self.end(process, words)

    def clock_off(self, words: Sequence[str]) -> None:
        """Run a command whose clock is ahead or behind."""
        self.counts["clocks"] += 1
        ahead = self.chance.choice((-86_400 * 400, -7_200, -60, 60, 7_200, 86_400 * 2))
        self.end(self.start(words, ahead), words)

    def disk_full(self, words: Sequence[str]) -> None:
        """Run a command while there is hardly any room, and make room again."""
        filler = self.place.root / "filler"
        statistics = os.statvfs(self.place.root)
        room = statistics.f_bavail * statistics.f_frsize
        with filler.open("wb") as file, suppress(OSError):
            os.posix_fallocate(file.fileno(), 0, max(room - self.chance.randrange(1 << 20), 1))
        self.counts["full disks"] += 1
        process = self.start(words)
        time.sleep(self.chance.uniform(1, 8))
        filler.unlink()
        self.end(process, words)

    # --- what happens -----------------------------------------------------------------------------

    def text(self) -> str:
        """Return a text of a few chapters."""
        chapters = []
        for number in range(self.chance.randint(1, 4)):
            sentences = (
                " ".join(self.chance.choices(SYLLABLES, k=self.chance.randint(3, 16))).capitalize()
                for _ in range(self.chance.randint(2, 14))
            )
            chapters.append(f"Chương {number + 1}\n\n{'. '.join(sentences)}.")
        return "\n\n".join(chapters)

    def drop(self, *folders: Path) -> None:
        """Put a text into one of some folders: by default where it is watched or built."""
        self.texts += 1
        folder = self.chance.choice(folders or (self.place.dropped, self.place.shelf))
        (folder / f"sach-{self.texts:03}.txt").write_text(self.text(), "utf-8")

    def edit(self) -> None:
        """Change a text."""
        texts = sorted(self.place.root.glob("*/sach-*.txt"))
        if texts:
            text = self.chance.choice(texts)
            text.write_text(f"{text.read_text('utf-8')} Thêm một câu nữa.", "utf-8")

    def hostile(self, *folders: Path) -> None:
        """Put a file in the way that breaks programs; where, is as for `drop`."""
        self.texts += 1
        folder = self.chance.choice(folders or (self.place.dropped, self.place.shelf))
        ending = self.chance.choice(ENDINGS)
        path = folder / f"{HOSTILE}{self.texts:03}{ending}"
        match self.chance.randrange(4):
            case 0:
                path.write_bytes(self.chance.randbytes(self.chance.randrange(20_000)))
            case 1:
                text = self.chance.choice(list(NAUGHTY.values()))
                path.write_text(text, "utf-8", "surrogatepass")
            case 2:
                path.symlink_to(self.chance.choice(("..", "/etc/passwd", "nowhere", path.name)))
            case _:
                good = sorted(self.place.books.rglob("*.mp3"))
                data = self.chance.choice(good).read_bytes() if good else b"PK\3\4"
                path.write_bytes(data[: self.chance.randrange(1, len(data) + 1)])
        self.counts["hostile files"] += 1

    def listen(self) -> None:
        """Fetch parts of what is served, and sometimes go away in the middle."""
        for _ in range(self.chance.randint(1, 8)):
            with suppress(OSError, HTTPException):
                page = urllib.request.urlopen(f"{self.address}feed.xml", timeout=20).read()
                links = [
                    entry.enclosures[0].href
                    for entry in feedparser.parse(page).entries
                    if entry.enclosures
                ]
                if not links:
                    return
                start = self.chance.randrange(50_000)
                request = urllib.request.Request(
                    self.chance.choice(links), headers={"Range": f"bytes={start}-"}
                )
                with urllib.request.urlopen(request, timeout=20) as answer:
                    answer.read(self.chance.choice((100, 1 << 30)))
                self.counts["fetched"] += 1

    def step(self, *, can_fill: bool) -> None:
        """Let something happen, and run a command, disturbed or not."""
        self.chance.choice(
            (self.drop, self.drop, self.edit, self.hostile, self.listen, self.listen)
        )()
        place = self.place
        words = self.chance.choice((place.build, place.feed, place.publish, place.redate))()
        ways: list[Callable[[Sequence[str]], object]] = [self.killed, self.killed, self.clock_off]
        if can_fill:
            ways.append(self.disk_full)
        self.chance.choice((*ways, self.undisturbed, self.undisturbed))(words)
        self.poll()

    def poll(self) -> None:
        """Look at what is published, as clients do."""
        for path in sorted(self.place.www.rglob("feed.xml")):
            feed = str(path.relative_to(self.place.www))
            for entry in feedparser.parse(path.read_bytes()).entries:
                guid = self.guids.setdefault((feed, entry.title), entry.id)
                if guid != entry.id:
                    self.wrong.append(f"{feed}: {entry.title} was {guid}, is {entry.id}")
                    self.guids[feed, entry.title] = entry.id
                for link in entry.enclosures:
                    media = self.place.www / link.href.removeprefix(f"{URL}/")
                    if not media.is_file() or media.stat().st_size != int(link.length):
                        self.wrong.append(f"{feed}: {entry.title} has not what it names")

    # --- beginning and end ------------------------------------------------------------------------

    def begin(self) -> None:
        """Start what runs all the time."""
        place = self.place
        words = ["watch", str(place.dropped), "-o", str(place.books), "--voice", VOICE, "-j", "1"]
        self.steady["watch"] = Steady(self.start([*words, "--settle", "0.5"]))
        self.warm_up()
        for folder in (place.shelf, place.dropped):
            self.texts += 1
            (folder / f"sach-{self.texts:03}.txt").write_text(self.text(), "utf-8")
        self.must_run(place.build())
        process = self.start(["serve", str(place.books), "--port", "0"])
        self.steady["serve"] = Steady(process)
        deadline = time.monotonic() + 60
        while not self.address and time.monotonic() < deadline:
            time.sleep(0.2)
            if process.poll() is not None:
                raise SystemExit(place.log_of("serve").read_text())
            match = re.search(r"http://[^\s/]+/", place.log_of("serve").read_text())
            self.address = match[0] if match else ""

    def warm_up(self) -> None:
        """Let watch meet files of all kinds, and forget them: what it loads for each, it keeps."""
        place = self.place
        for ending in ENDINGS:
            for name, text in NAUGHTY.items():
                path = place.dropped / f"{HOSTILE}{name}{ending}"
                path.write_text(text, "utf-8", "surrogatepass")
        for _ in range(FIRST):
            self.drop(place.dropped)
            self.hostile(place.dropped)
        texts = [*place.dropped.glob("sach-*.txt")]
        deadline = time.monotonic() + 900
        while not all((place.books / f"{text.stem}.mp3").exists() for text in texts):
            if time.monotonic() > deadline:
                raise SystemExit("watch does not build what is there at first")
            time.sleep(1)
        for path in (*place.dropped.iterdir(), *place.books.iterdir()):
            if path.is_symlink() or path.is_file():
                path.unlink()

    def run(self, *, can_fill: bool) -> None:
        """Disturb for as long as wanted."""
        self.begin()
        self.began = time.monotonic()
        looked, told = -LOOK, 0.0
        while (moment := time.monotonic() - self.began) < MINUTES * 60:
            self.step(can_fill=can_fill)
            if moment - looked >= LOOK:
                looked = moment
                for name, command in self.steady.items():
                    if command.process.poll() is None:
                        command.look(moment)
                    else:
                        self.wrong.append(f"{name} ended with {command.process.returncode}")
                        return
            if moment - told > 300:
                told = moment
                slopes = {name: command.slope for name, command in self.steady.items()}
                print(
                    f"{moment / 60:.0f} min: {dict(self.counts)}, {slopes}, {self.wrong}",
                    flush=True,
                )

    def settle(self) -> None:
        """Let everything be made that is there, and end what runs all the time."""
        for text in self.place.dropped.glob("sach-*.txt"):
            if not (self.place.books / f"{text.stem}.mp3").exists():
                text.touch()  # what failed for want of room is tried again when it changes
        for _ in range(300):
            texts = sorted(self.place.dropped.glob("sach-*.txt"))
            books = [self.place.books / f"{text.stem}.mp3" for text in texts]
            newest = max((text.stat().st_mtime for text in texts), default=0.0)
            if all(book.exists() for book in books) and time.time() - newest > 60:
                break
            time.sleep(1)
        for name, command in self.steady.items():
            command.process.send_signal(signal.SIGINT)
            try:
                code = command.process.wait(60)
            except subprocess.TimeoutExpired:
                self.wrong.append(f"{name} did not stop when it was interrupted")
                os.killpg(command.process.pid, signal.SIGKILL)
            else:
                if code not in (0, 130):
                    self.wrong.append(f"{name} ended with {code}")
        for words in (self.place.build(), self.place.redate(), self.place.publish_redated()):
            self.must_run(words)
        self.poll()


def compare(soak: Soak, elsewhere: Path) -> Iterator[str]:
    """Make all from the beginning, undisturbed, and yield what differs."""
    other = Soak(Place(elsewhere), random.Random(0))
    for folder in (soak.place.dropped, soak.place.shelf):
        for text in sorted(folder.glob("sach-*.txt")):
            shutil.copy2(text, elsewhere / folder.name)
    watched = ["build", str(other.place.dropped), "-o", str(other.place.books)]
    other.must_run([*watched, "--voice", VOICE])
    for words in (other.place.build(), other.place.feed(), other.place.publish()):
        other.must_run(words)
    yield from (f"elsewhere: {wrong}" for wrong in other.wrong)
    there, here = made(other.place), made(soak.place)
    for name in sorted(there.keys() | here.keys()):
        if there.get(name) != here.get(name):
            ways = {(True, False): "missing", (False, True): "too much", (True, True): "different"}
            yield f"{name} is {ways[name in there, name in here]}"
    print(f"compared: {len(there)} books, transcripts and episodes")


def main() -> int:
    """Print what goes wrong, and return the exit code."""
    # What a shell starts in the background ignores SIGINT, and so would what it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    print(f"SOAK_SEED={SEED}")
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        root = Path(folder) / "disk"
        root.mkdir()
        options = f"size={ROOM}m"
        mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(root)]
        is_mounted = not subprocess.run(mount, capture_output=True, check=False).returncode
        soak = Soak(Place(root), random.Random(SEED))
        try:
            soak.run(can_fill=is_mounted)
            soak.settle()
            soak.wrong += compare(soak, Path(folder) / "elsewhere")
            soak.wrong += left_over(soak.place)
        finally:
            for command in soak.steady.values():
                with suppress(ProcessLookupError):
                    os.killpg(command.process.pid, signal.SIGKILL)
            if is_mounted:
                subprocess.run(["umount", "-l", str(root)], check=True)
    for name, command in soak.steady.items():
        slope, sizes = command.slope, [own + others for _, own, others in command.samples]
        shown = "not long enough to tell" if slope is None else f"{slope:+.2f} MB an hour"
        print(f"memory of {name}: {shown}, {min(sizes):.0f} to {max(sizes):.0f} MB")
        print(" ".join(f"{own:.0f}+{others:.0f}" for _, own, others in command.samples[::30]))
        if slope is not None and slope > MOST:
            soak.wrong.append(f"the memory of {name} grows")
    print(f"{dict(soak.counts)}")
    print(f"exit codes: {dict(sorted(soak.codes.items()))}")
    for wrong in soak.wrong:
        print(f"  {wrong}")
    print(f"{MINUTES:g} minutes: {len(soak.wrong)} failures")
    return bool(soak.wrong)


if __name__ == "__main__":
    sys.exit(main())
