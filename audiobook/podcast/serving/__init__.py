"""Serves a site to browsers and podcast clients on this machine, or on the local network."""

from audiobook.podcast.serving.application import make_app
from audiobook.podcast.serving.hosts import LOCALHOST, name_in
from audiobook.podcast.serving.server import (
    ALL_INTERFACES,
    BackgroundServer,
    browser_address,
    listen,
    serve,
)

__all__ = [
    "ALL_INTERFACES",
    "LOCALHOST",
    "BackgroundServer",
    "browser_address",
    "listen",
    "make_app",
    "name_in",
    "serve",
]
