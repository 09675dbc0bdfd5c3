"""Why git failed and what to do about it, told from what it and the hosts write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from audiobook.messages import Message, message

if TYPE_CHECKING:
    from audiobook.system.git import GitError


class GitFailedError(Exception):
    """Git failed, for a reason that may pass.

    Args:
        what: what happened.
        remedy: what to do about it.
    """

    def __init__(self, what: Message, remedy: Message) -> None:
        super().__init__(what)
        self.remedy = remedy


class GitRefusedError(GitFailedError):
    """Git failed, for a reason that stays until the user does something."""


class _Cause(NamedTuple):
    pattern: re.Pattern[str]
    what: Message
    remedy: Message


def _cause(pattern: str, what: Message, remedy: Message) -> _Cause:
    return _Cause(re.compile(pattern, re.IGNORECASE), what, remedy)


_REMEDY = message("check the address and the network connection, then run the same command again")
_CAUSES = (
    _cause(
        r"host key verification failed|host key is known",
        message("the server's key is not known here"),
        message(
            "connect once with `ssh -T {destination}`, compare the fingerprint with the one that "
            "the host names, and answer yes"
        ),
    ),
    _cause(
        r"permission denied \(.*publickey|no supported authentication methods",
        message("the server accepts none of your SSH keys"),
        message(
            "make a key with `ssh-keygen`, add the line in its .pub file to your account at "
            "{host}, and try `ssh -T {destination}`; or publish to git+https://…"
        ),
    ),
    _cause(
        r"could not read (username|password)|authentication failed|terminal prompts disabled"
        r"|invalid (username|credentials)|bad credentials|user interactivity has been disabled",
        message("the server wants you to sign in"),
        message("sign in once with `gh auth login`, or with `git ls-remote {url}`"),
    ),
    _cause(
        r"gh006|protected branch|not allowed to (force[ -])?push|branch is protected"
        r"|denying non-fast-forward|gh013|repository rule violations",
        message("the branch {branch} is protected"),
        message(
            "allow forced pushes to it in the settings of the repository, or name another branch: "
            "{address}"
        ),
    ),
    _cause(
        r"gh001|exceeds github's file size limit|exceeds the maximum|larger than the maximum"
        r"|file size limit|pack exceeds maximum|size limit",
        message("the server refuses a file, or all of them together, for being too large"),
        message("make shorter episodes, or publish to another kind of place"),
    ),
    _cause(
        r"repository not found|not appear to be a git repository|repository .* (not found|does not"
        r" exist)|error: 404|could not be found|no such project|does not exist",
        message("there is no such repository, or you may not see it"),
        message(
            "check the address, and make the repository first: at github.com/new, or in a folder "
            "with `git init --bare`"
        ),
    ),
    _cause(
        r"write access to repository not granted|permission to .* denied|error: 403"
        r"|insufficient permission|read[- ]only|access denied|deploy key",
        message("you may read the repository, but not write to it"),
        message("let its owner give you the right to write, or check as whom you are signed in"),
    ),
    _cause(
        r"no space left on device",
        message("there is no room left on the disk"),
        message("make room, or name another folder with AUDIOBOOK_CACHE"),
    ),
    _cause(
        r"pre-receive hook declined|hook declined|remote rejected",
        message("the server refuses the branch {branch}: {reason}"),
        message("look at the settings of the repository, or name another branch: {address}"),
    ),
)


def explain(problem: GitError, **values: str) -> GitFailedError:
    """Return why a command of git failed, as the user is told.

    Args:
        problem: what git wrote.
        values: ``host``, ``destination`` as `ssh` takes it, ``url``, ``branch`` and ``address``
            with another branch, for the messages.
    """
    text = "\n".join(problem.lines)
    values["reason"] = str(problem)
    for cause in _CAUSES:
        if cause.pattern.search(text):
            return GitRefusedError(_fill(cause.what, values), _fill(cause.remedy, values))
    return GitFailedError(message("{reason}", reason=str(problem)), _REMEDY)


def _fill(template: Message, values: dict[str, str]) -> Message:
    return Message(template.template, values)
