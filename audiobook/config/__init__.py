"""Turns what the user wants, in files and options, into a Job."""

from audiobook.config.jobs import cores, leaves_voice_open, make_job
from audiobook.config.marked_voices import with_marked_voices
from audiobook.config.picture import read_picture
from audiobook.config.usual_voice import (
    EMBEDDED_VOICE,
    NATURAL_VOICE,
    choose_voice,
    chosen_voice,
    default_voice,
    is_voice_unchosen,
)
from audiobook.config.voices import load_voice, shared_files, voice_names

__all__ = [
    "EMBEDDED_VOICE",
    "NATURAL_VOICE",
    "choose_voice",
    "chosen_voice",
    "cores",
    "default_voice",
    "is_voice_unchosen",
    "leaves_voice_open",
    "load_voice",
    "make_job",
    "read_picture",
    "shared_files",
    "voice_names",
    "with_marked_voices",
]
