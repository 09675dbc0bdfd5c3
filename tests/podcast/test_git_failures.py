"""What git and the hosts write becomes one line that says what to do."""

from __future__ import annotations

import pytest

from audiobook.podcast.targets.git_failures import explain
from audiobook.system.git import GitError


@pytest.mark.parametrize(
    ("lines", "told", "remedy"),
    [
        (
            "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
            "wants you to sign in",
            "gh auth login",
        ),
        (
            "remote: Repository not found.\n"
            "fatal: repository 'https://github.com/a/b.git/' not found",
            "there is no such repository",
            "github.com/new",
        ),
        (
            "remote: error: GH006: Protected branch update failed for refs/heads/gh-pages.\n"
            "remote: error: Cannot force-push to this branch\n"
            " ! [remote rejected] x -> gh-pages (protected branch hook declined)",
            "is protected",
            "#pages",
        ),
        (
            "remote: GitLab: You are not allowed to force push code to a protected branch on this "
            "project.\n ! [remote rejected] x -> gh-pages (pre-receive hook declined)",
            "is protected",
            "#pages",
        ),
        (
            "remote: Permission to a/b.git denied to c.\n"
            "fatal: unable to access 'https://github.com/a/b.git/': The requested URL returned "
            "error: 403",
            "not write to it",
            "right to write",
        ),
        (
            "remote: error: File a.mp3 is 161.50 MB; this exceeds GitHub's file size limit of "
            "100.00 MB\nremote: error: GH001: Large files detected.\n"
            " ! [remote rejected] x -> gh-pages (pre-receive hook declined)",
            "too large",
            "shorter",
        ),
        (
            "remote: no books on Sundays\n ! [remote rejected] x -> y (pre-receive hook declined)",
            "no books on Sundays",
            "settings",
        ),
        (
            "fatal: unable to access 'https://example.org/': Could not resolve host: example.org",
            "Could not resolve host",
            "network",
        ),
        (
            "ssh: Could not resolve hostname nosuch.example: Name or service not known\n"
            "fatal: Could not read from remote repository.",
            "Could not resolve hostname nosuch.example",
            "network",
        ),
    ],
)
def test_what_git_and_hosts_write(lines: str, told: str, remedy: str) -> None:
    failure = explain(
        GitError(tuple(lines.splitlines())),
        host="github.com",
        destination="git@github.com",
        url="https://github.com/a/b.git",
        branch="gh-pages",
        address="git+https://github.com/a/b.git#pages",
    )
    assert told in str(failure)
    assert remedy in failure.remedy
