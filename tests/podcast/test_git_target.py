"""A branch of a git repository holds the whole site as one commit, the old or the new one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from command import COMMAND, run
from lxml import etree
from reaching import fixture_of_reach  # noqa: F401
from servers import GIT, SSHD, Line, git, git_over_http, know, make_repository, sftp, user
from stubs import make_book

from audiobook.errors import OutputError, UsageError
from audiobook.model import Meta
from audiobook.podcast import lint, manifest, publish, site, state
from audiobook.podcast.targets import DamageError, open_target
from audiobook.podcast.targets import failing as retrying
from audiobook.podcast.targets import git as git_target
from audiobook.podcast.targets.git_tree import BLOBS, GitTree
from audiobook.system.folders import cache_folder

if TYPE_CHECKING:
    from reaching import Reach

    from audiobook.podcast.manifest import SiteFile

pytestmark = pytest.mark.skipif(not GIT, reason="there is no git: apt-get install git")
URL = "https://example.org/sach"
IDENTITY = ("-c", "user.name=An", "-c", "user.email=an@example.org")


@pytest.fixture(autouse=True)
def no_long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrying, "_FIRST_PAUSE", 0.02)
    monkeypatch.setattr(retrying, "_LONGEST_PAUSE", 0.05)


@pytest.fixture(scope="module", name="written")
def fixture_of_written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of one book with its site, to be copied."""
    folder = tmp_path_factory.mktemp("written") / "library"
    folder.mkdir()
    (folder / "library.toml").write_text('email = "an@example.org"\nowner = "An"\n')
    add_book(folder, "mot")
    site.write(folder, url=URL, now=time.time() - 1000)
    return folder


@pytest.fixture
def library(written: Path, tmp_path: Path) -> Path:
    return shutil.copytree(written, tmp_path / "library")


@pytest.fixture
def server(tmp_path: Path) -> Path:
    """An empty repository that keeps what it is sent as it was sent."""
    make_repository(tmp_path / "server.git")
    git(tmp_path / "server.git", "config", "receive.unpackLimit", "1")
    return tmp_path / "server.git"


def add_book(library: Path, name: str, version: int = 0) -> None:
    meta = Meta(title=name, author="An", language="vi")
    make_book(library / f"{name}.mp3", meta, ("A", "B"), length=400, version=version)


def address_of(server: Path) -> str:
    return f"git+{server.as_uri()}"


def publish_to(library: Path, address: str, **options: Any) -> list[str]:
    notes: list[str] = []
    with open_target(address) as target:
        publish.publish(library, target, publish.Options(**options), notes.append)
    return notes


def checked_out(server: Path, folder: Path, branch: str = "gh-pages") -> Path:
    """Return the site as a host serves it."""
    command = [GIT, "clone", "--quiet", "--branch", branch, server.as_uri(), str(folder)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    shutil.rmtree(folder / ".git")
    return folder


def paths_in(server: Path, branch: str = "gh-pages") -> set[str]:
    return set(git(server, "ls-tree", "-r", "--name-only", branch).splitlines())


def packs_of(server: Path) -> dict[Path, set[str]]:
    """Return what each push has sent: the objects of each pack."""
    return {
        pack: {
            line.split()[0]
            for line in git(server, "verify-pack", "-v", str(pack)).splitlines()
            if len(line.split()[0]) == 40
        }
        for pack in (server / "objects" / "pack").glob("*.idx")
    }


def id_of(server: Path, path: str) -> str:
    return git(server, "rev-parse", f"gh-pages:{path}").strip()


def check_served(folder: Path) -> None:
    """All that feeds name must be there, and the site be right by all rules."""
    assert not [finding for finding in lint.check(folder) if finding.is_error]
    for path in folder.rglob("feed.xml"):
        for enclosure in etree.fromstring(path.read_bytes()).iter("enclosure"):
            media = folder / str(enclosure.get("url")).removeprefix(f"{URL}/")
            assert media.stat().st_size == int(str(enclosure.get("length")))


def repositories() -> list[Path]:
    """Return what publishing has left in the cache."""
    return list((cache_folder() / "git").glob("*"))


# --- what arrives, and what is sent ---------------------------------------------------------------


def test_one_commit_and_only_what_is_new(library: Path, server: Path, tmp_path: Path) -> None:
    arrived: list[SiteFile] = []
    with open_target(address_of(server)) as target:
        plan = publish.plan(library / "site", target)
        publish.carry_out(plan, library / "site", target, arrived.append)
    assert sorted(arrived, key=repr) == sorted(plan.send, key=repr)
    assert git(server, "log", "--format=%an|%s%b|%p", "gh-pages") == "audiobook||\n"
    files = {file.path for file in manifest.read(library / "site")}
    assert paths_in(server) == files | {manifest.NAME, BLOBS, ".nojekyll"}
    check_served(checked_out(server, tmp_path / "first"))
    media = {id_of(server, path) for path in files if path.endswith(".mp3")}
    assert media

    before = packs_of(server)
    add_book(library, "hai")
    site.write(library)
    publish_to(library, address_of(server))
    assert git(server, "rev-list", "--count", "gh-pages") == "1\n"
    sent = set().union(
        *(objects for pack, objects in packs_of(server).items() if pack not in before)
    )
    new_files = {path for path in paths_in(server) if path.endswith(".mp3")} - files
    assert {id_of(server, path) for path in new_files} <= sent
    assert not media & sent
    check_served(checked_out(server, tmp_path / "second"))
    assert publish_to(library, address_of(server)) == []
    assert len(packs_of(server)) == len(before) + 1
    assert not repositories()


def test_files_are_told_as_git_sends_them() -> None:
    """By the bytes that it has written, and at the end all that are left."""
    files = [manifest.SiteFile(name, 1000, "") for name in "abc"]
    told: list[SiteFile] = []
    arrivals = git_target._Arrivals(files, told.append)
    for line, most in (
        ("Compressing objects: 100% (4/4), done.", 0),
        ("Writing objects:  16% (1/6)", 0),
        ("Writing objects:  33% (2/6), 999 bytes | 999.00 KiB/s", 0),
        ("Writing objects:  50% (3/6), 2.10 KiB | 1.00 MiB/s", 2),
    ):
        arrivals.watch(line)
        assert told == files[:most]
    arrivals.finish()
    assert told == files


def test_contents_are_not_fetched(library: Path, server: Path) -> None:
    """Only names, and what publishing compares."""
    publish_to(library, address_of(server))
    tree = GitTree(server.as_uri(), "gh-pages")
    here = git(tree._repository.path, "cat-file", "--batch-all-objects", "--batch-check")
    tree.close()
    for path in paths_in(server):
        is_compared = path.endswith(("feed.xml", "state.json", "manifest.json", BLOBS))
        assert (id_of(server, path) in here) == is_compared, path


def test_a_server_that_sends_all_or_nothing(library: Path, server: Path, tmp_path: Path) -> None:
    """It does not leave out contents, as an own server that was set up long ago."""
    git(server, "config", "uploadpack.allowFilter", "false")
    publish_to(library, address_of(server))
    add_book(library, "hai")
    site.write(library)
    publish_to(library, address_of(server))
    check_served(checked_out(server, tmp_path / "www"))
    assert publish_to(library, address_of(server)) == []


def test_the_branch_of_the_address(library: Path, server: Path) -> None:
    publish_to(library, f"{address_of(server)}#trang/web")
    assert "refs/heads/trang/web" in git(server, "show-ref")
    assert "gh-pages" not in git(server, "show-ref")


def test_what_the_host_needs_stays(library: Path, server: Path, tmp_path: Path) -> None:
    """A branch with a history of its own, as hosts and their users make them."""
    work = tmp_path / "work"
    git(work, "init", "--quiet", "--initial-branch=gh-pages")
    for name in ("CNAME", ".gitlab-ci.yml"):
        (work / name).write_text(f"of the user: {name}")
        git(work, "add", name)
        git(work, *IDENTITY, "commit", "--quiet", "-m", name)
    git(work, "push", "--quiet", server.as_uri(), "gh-pages")
    publish_to(library, address_of(server))
    add_book(library, "hai")
    site.write(library)
    publish_to(library, address_of(server), prune=True, grace=0)
    for name in ("CNAME", ".gitlab-ci.yml"):
        assert git(server, "show", f"gh-pages:{name}") == f"of the user: {name}"
    assert git(server, "rev-list", "--count", "gh-pages") == "1\n"


def test_replaced_and_deleted_books_are_gone(library: Path, server: Path) -> None:
    publish_to(library, address_of(server))
    before = {path: id_of(server, path) for path in paths_in(server) if path.endswith(".mp3")}
    add_book(library, "hai")
    (library / "mot.mp3").unlink()
    site.write(library, allow_guid_change=True)
    publish_to(library, address_of(server), allow_guid_change=True)
    assert before.keys() <= paths_in(server)  # clients may still ask for them
    publish_to(library, address_of(server), allow_guid_change=True, prune=True, grace=0)
    assert not before.keys() & paths_in(server)
    git(server, "gc", "--quiet", "--prune=now")
    here = git(server, "cat-file", "--batch-all-objects", "--batch-check")
    assert not [name for name in before.values() if name in here]


def test_what_somebody_changed_there_is_put_right(
    library: Path, server: Path, tmp_path: Path
) -> None:
    """A content of the same size that we did not write, and the notes about sizes lost."""
    publish_to(library, address_of(server))
    right = {path: id_of(server, path) for path in paths_in(server) if path != BLOBS}
    media = next(path for path in sorted(paths_in(server)) if path.endswith(".mp3"))
    size = (library / "site" / media).stat().st_size
    for number, (path, data) in enumerate(((media, bytes(size)), (BLOBS, b"[]"))):
        work = tmp_path / str(number)
        git(work, "clone", "--quiet", "--branch", "gh-pages", server.as_uri(), ".")
        (work / path).write_bytes(data)
        git(work, *IDENTITY, "commit", "--quiet", "-a", "-m", "wrong")
        git(work, "push", "--quiet", "origin", "gh-pages")
        publish_to(library, address_of(server))
        assert {path: id_of(server, path) for path in paths_in(server) if path != BLOBS} == right


def test_a_gitlab_job_is_written_where_it_is_needed(
    library: Path, server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = open_target(address_of(server))
    monkeypatch.setattr(target, "host", "gitlab.com")
    with target:
        publish.publish(library, target, publish.Options(), lambda _note: None)
    job = git(server, "show", "gh-pages:.gitlab-ci.yml")
    assert "public" in job


# --- whatever goes wrong --------------------------------------------------------------------------


def test_a_damaged_file_changes_nothing(library: Path, server: Path) -> None:
    with open_target(address_of(server)) as target:
        plan = publish.plan(library / "site", target)
        media = next((library / "site").rglob("*.mp3"))
        for damage in (bytes(media.stat().st_size), b"short"):
            media.write_bytes(damage)
            with pytest.raises(DamageError, match="is damaged"):
                publish.carry_out(plan, library / "site", target)
    assert not (server / "refs" / "heads" / "gh-pages").exists()
    assert not repositories()


def test_two_machines_at_once(
    library: Path, written: Path, server: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes second takes over what the first published, and publishes then."""
    other = tmp_path / "other"
    other.mkdir()
    for path in written.glob("*.*"):
        shutil.copy2(path, other)
    site.write(other, url=URL, now=time.time() - 10)  # it does not know of the first
    add_book(library, "hai")
    site.write(library)
    carry_out = publish.carry_out

    def be_overtaken(*arguments: Any) -> None:
        monkeypatch.setattr(publish, "carry_out", carry_out)
        assert publish_to(library, address_of(server)) == []
        carry_out(*arguments)

    shutil.copy2(library / "hai.mp3", other)
    monkeypatch.setattr(publish, "carry_out", be_overtaken)
    notes = publish_to(other, address_of(server))
    assert notes[0].endswith("; beginning again with what is there now")
    assert "another machine has just published to" in notes[0]
    assert any("are those published at" in note for note in notes)
    assert state.read(other / "site").dates == state.read(library / "site").dates
    check_served(checked_out(server, tmp_path / "www"))
    assert not repositories()


def test_who_is_always_overtaken_is_told(
    library: Path, server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    push, empty = GitTree.push, git(server, "hash-object", "-t", "tree", "-w", os.devnull).strip()
    turns = count()

    def be_overtaken(tree: GitTree, *arguments: Any) -> None:
        commit = git(server, *IDENTITY, "commit-tree", "-m", str(next(turns)), empty).strip()
        git(server, "update-ref", "refs/heads/gh-pages", commit)
        push(tree, *arguments)

    monkeypatch.setattr(GitTree, "push", be_overtaken)
    with pytest.raises(OutputError, match="has just published") as caught:
        publish_to(library, address_of(server), overwrite=True)
    assert caught.value.remedy == "run the same command again"
    assert next(turns) == publish._ROUNDS


@pytest.mark.skipif(os.name != "posix", reason="uses sh")
@pytest.mark.parametrize("all_die", [True, False])
def test_killed_in_the_middle_of_a_push(
    library: Path, server: Path, tmp_path: Path, all_die: bool
) -> None:
    """The server has all contents and has not yet made them the branch."""
    publish_to(library, address_of(server))
    old = git(server, "rev-parse", "gh-pages")
    add_book(library, "hai")
    site.write(library)
    mark, go_on = tmp_path / "mark", tmp_path / "go-on"
    hook = server / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        f"#!/bin/sh\necho $$ > {mark}.part; mv {mark}.part {mark}\n"
        f"while [ ! -e {go_on} ]; do sleep 0.02; done\n"
    )
    hook.chmod(0o755)
    command = [*COMMAND, "publish", str(library), address_of(server)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as publishing:
        while not mark.exists():
            assert publishing.poll() is None
            time.sleep(0.01)
        publishing.send_signal(signal.SIGKILL)
    assert repositories()
    if all_die:  # as when the machine loses its power
        os.killpg(os.getpgid(int(mark.read_text())), signal.SIGKILL)
    go_on.touch()
    while not all_die and git(server, "rev-parse", "gh-pages") == old:
        time.sleep(0.01)
    assert (git(server, "rev-parse", "gh-pages") == old) == all_die
    check_served(checked_out(server, tmp_path / "between"))
    done = run("publish", str(library), address_of(server))
    assert done.returncode == 0, done.stderr
    assert ("unchanged" in done.stdout) != all_die
    check_served(checked_out(server, tmp_path / "after"))
    assert b"hai" in (tmp_path / "after" / "feed.xml").read_bytes()
    assert not repositories()


def test_interrupted_while_it_sends(library: Path, server: Path) -> None:
    with open_target(address_of(server)) as target:
        plan = publish.plan(library / "site", target)

        def interrupt(_tree: GitTree, *_: object) -> None:
            raise KeyboardInterrupt

        with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(GitTree, "push", interrupt)
            publish.carry_out(plan, library / "site", target)
    assert not (server / "refs" / "heads" / "gh-pages").exists()
    assert not repositories()


@pytest.mark.skipif(not SSHD, reason="there is no sshd: apt-get install openssh-server")
def test_over_ssh(
    library: Path, server: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is refused is told why; what was cut off is sent again."""
    home = tmp_path / "home"
    with sftp(home, monkeypatch) as port:
        line = Line(port)
        address = f"git+ssh://{user()}@127.0.0.1:{line.port}{server}"
        ssh = f"ssh -F none -o UserKnownHostsFile={home}/.ssh/known_hosts -o IdentitiesOnly=yes"
        monkeypatch.setenv("GIT_SSH_COMMAND", f"{ssh} -i {home}/none")
        with pytest.raises(OutputError, match="server's key is not known") as unknown:
            publish_to(library, address)
        assert f"ssh -T -p {line.port} {user()}@127.0.0.1" in unknown.value.remedy
        know(home, line.port)
        with pytest.raises(OutputError, match="accepts none of your SSH keys"):
            publish_to(library, address)
        monkeypatch.setenv("GIT_SSH_COMMAND", f"{ssh} -i {home}/.ssh/id_ed25519")
        publish_to(library, address)
        old = git(server, "rev-parse", "gh-pages")
        add_book(library, "hai")
        site.write(library)
        git(server, "config", "uploadpack.allowAnySHA1InWant", "false")  # as hosts do not
        line.cut_after(100_000)
        with pytest.raises(OutputError, match="cannot publish to"):
            publish_to(library, address)
        line.mend()
        assert git(server, "rev-parse", "gh-pages") == old
        publish_to(library, address)
        line.close()
    check_served(checked_out(server, tmp_path / "www"))
    assert not repositories()


def test_over_https(
    library: Path, server: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is asked for a name and password; who has signed in once is let in."""
    git(server, "config", "http.receivepack", "true")
    with git_over_http(server.parent, "an", "secret-of-git") as port:
        # As it is on the web, but for the encryption.
        helper = "!f() { echo username=an; echo password=secret-of-git; }; f"
        settings = {f"url.http://127.0.0.1:{port}/.insteadOf": "https://git.example/"}
        use_settings(monkeypatch, settings)
        address = "git+https://git.example/server.git"
        with pytest.raises(OutputError, match="the server wants you to sign in") as refused:
            publish_to(library, address)
        assert "`git ls-remote https://git.example/server.git`" in refused.value.remedy
        use_settings(monkeypatch, settings | {"credential.helper": helper})
        publish_to(library, address)
        add_book(library, "hai")
        site.write(library)
        assert publish_to(library, address) == []
        with pytest.raises(OutputError, match="there is no such repository"):
            publish_to(library, "git+https://git.example/none.git")
    check_served(checked_out(server, tmp_path / "www"))


def use_settings(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]) -> None:
    """Let git have settings as if they stood in a user's ``~/.gitconfig``."""
    monkeypatch.setenv("GIT_CONFIG_COUNT", str(len(settings)))
    for number, (name, value) in enumerate(settings.items()):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", name)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "told", "remedy"),
    [
        ("git+https://me:hunter2@github.com/a/b", "a password does not belong", "git"),
        ("git+https://ghp_hunter2@github.com/a/b", "a password does not belong", "git"),
        ("git+https://github.com/a/b.git#../x", "not a name of a branch", "#gh-pages"),
        ("git+https://github.com/a/b.git#-x", "not a name of a branch", "#gh-pages"),
        ("git+https://github.com/", "cannot publish to", "git+https://HOST/REPOSITORY"),
        ("git@github.com:a/b.git", "cannot publish to", "git+ssh://git@github.com/a/b.git"),
    ],
)
def test_addresses(address: str, told: str, remedy: str) -> None:
    with pytest.raises(UsageError, match=told) as caught:
        open_target(address)
    assert remedy in caught.value.remedy
    assert "hunter2" not in str(caught.value)


def test_without_the_program(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = run("publish", str(library), "git+https://github.com/a/b.git")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "needs the program git: install it: apt-get install git" in done.stderr


def test_a_repository_that_is_not_there(library: Path, tmp_path: Path) -> None:
    done = run("publish", str(library), address_of(tmp_path / "none.git"))
    assert done.returncode == 7
    assert done.stderr.count("\n") == 1
    assert "there is no such repository, or you may not see it: check the address" in done.stderr


def test_a_protected_branch(library: Path, server: Path) -> None:
    publish_to(library, address_of(server))
    git(server, "config", "receive.denyNonFastForwards", "true")
    add_book(library, "hai")
    site.write(library)
    with pytest.raises(OutputError, match="the branch gh-pages is protected") as caught:
        publish_to(library, address_of(server))
    assert f"{address_of(server)}#pages" in caught.value.remedy


def test_what_the_host_would_refuse_is_told_before(
    library: Path, server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = [file.size for file in manifest.read(library / "site")]
    for limits, told, remedy in (
        (git_target.Limits(max(sizes) - 1, 10**9), r" has \d+ MB, and .*takes", "--bitrate"),
        (git_target.Limits(max(sizes), sum(sizes) - 1), "the site has", "--prune"),
    ):
        monkeypatch.setattr(git_target, "LIMITS", {"": limits})
        done = run("publish", str(library), address_of(server), "--dry-run")
        assert done.returncode == 7
        with pytest.raises(OutputError, match=told) as caught:
            publish_to(library, address_of(server))
        assert remedy in caught.value.remedy
    assert not (server / "refs" / "heads" / "gh-pages").exists()
    monkeypatch.setattr(git_target, "LIMITS", {"": git_target.Limits(max(sizes), sum(sizes))})
    publish_to(library, address_of(server))


@pytest.mark.parametrize("host", ["github.com", "ssh.github.com", "gitlab.com"])
def test_hosts_with_limits(reach: Reach, host: str) -> None:
    target = reach(f"git+ssh://git@{host}/a/b.git")
    target.check_fits({"a.mp3": 100 << 20})
    with pytest.raises(OutputError, match="takes files of 105 MB"):
        target.check_fits({"a.mp3": (100 << 20) + 1})
    with pytest.raises(OutputError, match="takes sites of 1,000 MB"):
        target.check_fits(dict.fromkeys(map(str, range(10)), 100_000_001))
    reach("git+ssh://git@example.org/a/b.git").check_fits({"a.mp3": 10**10})


# --- the commands ---------------------------------------------------------------------------------


def test_the_state_comes_back_from_there(library: Path, server: Path) -> None:
    publish_to(library, address_of(server))
    kept = state.read(library / "site")
    shutil.rmtree(library / "site")
    for path in library.glob(".*.json"):
        path.unlink()
    done = run("feed", str(library), "--restore", address_of(server))
    assert done.returncode == 0, done.stderr
    assert "are taken back from git+file://" in done.stderr
    assert state.read(library / "site") == kept
    done = run("publish", str(library), address_of(server))
    assert done.stdout == f"{address_of(server)}: unchanged\n"
