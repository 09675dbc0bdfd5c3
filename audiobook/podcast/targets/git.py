"""Publishes to a branch of a git repository, such as those of GitHub Pages and GitLab Pages."""

from __future__ import annotations

import hashlib
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from audiobook.errors import OutputError, UsageError
from audiobook.messages import Message, message
from audiobook.podcast.manifest import SiteFile
from audiobook.podcast.targets.failing import OvertakenError
from audiobook.podcast.targets.git_failures import GitFailedError, GitRefusedError, explain
from audiobook.podcast.targets.git_tree import GitTree, MovedError, Source, data_source
from audiobook.podcast.targets.target import Target
from audiobook.system import git

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from audiobook.podcast.targets.failing import Result

SCHEMES = ("git+https", "git+ssh", "git+file")
_BRANCH = "gh-pages"
_BRANCH_NAME = re.compile(r"(?!.*(?:\.\.|//|/\.|\.lock(?:/|$)))[\w][\w./-]*(?<![./])")
# Names of users in addresses that are passwords.
_TOKEN = re.compile(r"gh[a-z]_|github_pat_|glpat-")
_WRITTEN = re.compile(r"Writing objects:.*?, ([\d.]+) (bytes|KiB|MiB|GiB)")
_UNITS = {"bytes": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
_NO_JEKYLL = ".nojekyll"
# GitLab Pages publish what a job leaves in the folder `public`.
_GITLAB_JOB = ".gitlab-ci.yml"
_GITLAB_PAGES = b"""\
pages:
  script:
    - mkdir .public
    - cp -r * .public
    - mv .public public
  artifacts:
    paths:
      - public
  rules:
    - if: $CI_COMMIT_BRANCH
"""


class Limits(NamedTuple):
    """What a host takes, in bytes."""

    file: int
    site: int


LIMITS = {
    "github.com": Limits(100 << 20, 10**9),
    "gitlab.com": Limits(100 << 20, 10**9),
}
"""The limits of hosts.

GitHub: docs.github.com, "GitHub Pages limits" and "About large files on GitHub". GitLab.com:
"GitLab.com settings", Pages 1 GB and files of 100 MiB in a push.
"""


def limits_of(host: str) -> Limits | None:
    """Return what a host takes; None if that is not known."""
    fit = (limits for name, limits in LIMITS.items() if f".{host}".endswith(f".{name}"))
    return next(fit, None)


class GitTarget(Target):
    """A branch that each publishing replaces by one commit without a history.

    Files are only noted until `commit` sends them together, and only if the branch is still what
    was read: of two machines one is told that the other was first.

    Raises:
        UsageError: the address is not valid, or git is not installed.
    """

    is_atomic = True
    kept_files = frozenset({"CNAME"})
    failures = (GitFailedError,)
    permanent_failures = (GitRefusedError,)

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.url, _, branch = address.removeprefix("git+").partition("#")
        self.branch = branch or _BRANCH
        parts = urlsplit(self.url)
        self.host = parts.hostname or ""
        port = f"-p {parts.port} " if parts.port else ""
        self._destination = port + (f"{parts.username}@" if parts.username else "") + self.host
        self._sent: list[SiteFile] = []
        if not _BRANCH_NAME.fullmatch(self.branch):
            raise UsageError(
                message("{branch!r} is not a name of a branch", branch=self.branch),
                message("give one after a #, such as {address}", address=self._example()),
            )
        if not git.is_installed():
            raise UsageError(
                message("publishing to {address} needs the program git", address=address),
                message(
                    "install it: apt-get install git, brew install git, or git-scm.com/downloads"
                ),
            )

    @staticmethod
    def holds_password(user: str) -> bool:
        """Return whether the name of a user in an address is a token that logs in."""
        return bool(_TOKEN.match(user))

    def _example(self) -> str:
        return f"git+{self.url}#{_BRANCH}"

    # --- reading ----------------------------------------------------------------------------------

    def connect(self) -> Any:
        """Return the files of the branch."""
        with self._explained():
            return GitTree(self.url, self.branch)

    def disconnect(self, connection: Any) -> None:
        """Forget what was fetched."""
        connection.close()

    def remote_path(self, path: str) -> str:
        """Return the path of a file of the site: the same."""
        return path

    def fetch(self, connection: Any, name: str) -> bytes:
        """Return the content of a file, which git fetches within limits of its own."""
        data: bytes = connection.cat_file(name)
        return data

    def list_files(self, connection: Any) -> Iterator[tuple[str, int]]:
        """Yield the files of the branch, which is listed already."""
        yield from ((path, info["size"]) for path, info in connection.find().items())

    def remedy_for(self, problem: Exception) -> Message:
        """Return what the user can do about a failure."""
        return problem.remedy if isinstance(problem, GitFailedError) else self.remedy

    def _retry(self, work: Callable[[Any], Result]) -> Result:
        def explained(connection: Any) -> Result:
            with self._explained():
                return work(connection)

        return super()._retry(explained)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except git.GitError as problem:
            raise explain(
                problem,
                host=self.host,
                destination=self._destination,
                url=self.url,
                branch=self.branch,
                address=f"git+{self.url}#pages",
            ) from problem

    # --- publishing -------------------------------------------------------------------------------

    def check_fits(self, sizes: Mapping[str, int]) -> None:
        """Make sure that the host takes all files that there will be."""
        limits = limits_of(self.host)
        if limits is None:
            return
        path, size = max(sizes.items(), key=lambda item: item[1])
        total = sum(sizes.values())
        if size > limits.file:
            raise OutputError(
                message(
                    "{path} has {size:,.0f} MB, and {host} takes files of {most:,.0f} MB",
                    path=path,
                    size=size / 1e6,
                    host=self.host,
                    most=limits.file / 1e6,
                ),
                message(
                    "build the book in several parts, with --chapters, or with a lower "
                    "--bitrate; or publish to another kind of place"
                ),
            )
        if total > limits.site:
            figures = {"size": total / 1e6, "host": self.host, "most": limits.site / 1e6}
            raise OutputError(
                message(
                    "the site has {size:,.0f} MB, and {host} takes sites of {most:,.0f} MB",
                    **figures,
                ),
                message(
                    "remove what no feed names any more with --prune, make a second library, or "
                    "publish to another kind of place"
                ),
            )

    def put(self, local: Path, file: SiteFile) -> None:
        """Note a file of a site to be sent."""
        self._sent.append(file)
        self._stage(Source(file, lambda: local.open("rb")))

    def put_data(self, path: str, data: bytes) -> None:
        """Note data to be sent as a file."""
        digest = hashlib.sha256(data).hexdigest()
        file = SiteFile(path, len(data), digest, immutable=False)
        self._stage(data_source(data, file))

    def _stage(self, source: Source) -> None:
        self._retry(lambda tree: tree.stage(source.file.path, source))

    def commit(self, report: Callable[[SiteFile], None]) -> None:
        """Send all that was noted, at once.

        Raises:
            DamageError: a file is not what its description says.
            OvertakenError: somebody else has published there meanwhile.
            OutputError: it could not be sent.
        """
        tree: GitTree = self._retry(lambda tree: tree)
        if not tree.has_changes:
            return
        if _NO_JEKYLL not in tree.paths:  # or GitHub would leave out files
            self.put_data(_NO_JEKYLL, b"")
        if "gitlab" in self.host and _GITLAB_JOB not in tree.paths:
            self.put_data(_GITLAB_JOB, _GITLAB_PAGES)
        arrivals = _Arrivals(self._sent, report)
        commit = self._retry(lambda tree: tree.write_commit())
        try:
            self._retry(lambda tree: tree.push(commit, arrivals.watch))
        except MovedError as problem:
            tree.close()
            self._connection, self._sent = None, []
            raise OvertakenError(
                message("another machine has just published to {address}", address=self.address),
                message("run the same command again"),
            ) from problem
        arrivals.finish()
        self._sent = []


class _Arrivals:
    """Tells of each file when so many bytes have been sent as it and those before it have."""

    def __init__(self, files: list[SiteFile], report: Callable[[SiteFile], None]) -> None:
        self._files, self._report = iter(files), report
        self._next = next(self._files, None)
        self._reported = 0

    def watch(self, line: str) -> None:
        """Read a line of git's progress."""
        if match := _WRITTEN.match(line):
            self._tell(float(match[1]) * _UNITS[match[2]])

    def finish(self) -> None:
        """Tell of all files that are left."""
        self._tell(float("inf"))

    def _tell(self, written: float) -> None:
        while self._next and self._reported + self._next.size <= written:
            self._reported += self._next.size
            self._report(self._next)
            self._next = next(self._files, None)
