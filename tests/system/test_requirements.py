"""Hints to install what is missing: by the names and versions of our own metadata."""

from __future__ import annotations

from audiobook.system.requirements import install_hint, libraries_of


def test_a_hint_keeps_versions_and_extras() -> None:
    assert install_hint("WebDAV4").startswith("pip install 'webdav4[fsspec]>=")


def test_a_library_that_we_do_not_ask_for_has_no_version() -> None:
    assert install_hint("piper", "edge-tts").startswith("pip install 'piper' 'edge-tts")


def test_the_libraries_of_an_extra() -> None:
    assert libraries_of("watch") == ["watchfiles"]
    assert libraries_of("nothing") == []
