"""Files: written completely or not at all, looked at, and named as every file system accepts.

`writing` writes them, `looking` reads small ones and tells what a path is, `names` makes names.
"""

from audiobook.system.files.looking import (
    is_file,
    is_folder,
    is_no_file,
    is_special,
    is_there,
    leads_out,
    read_pipe,
    read_text,
    refuse_link_out,
)
from audiobook.system.files.names import fit_name, is_device, safe_name
from audiobook.system.files.writing import (
    check_place,
    link,
    make_private_folder,
    note,
    note_use,
    put,
    remove,
    rename,
    rewrite,
    sweep,
    sync,
    whole,
)

__all__ = [
    "check_place",
    "fit_name",
    "is_device",
    "is_file",
    "is_folder",
    "is_no_file",
    "is_special",
    "is_there",
    "leads_out",
    "link",
    "make_private_folder",
    "note",
    "note_use",
    "put",
    "read_pipe",
    "read_text",
    "refuse_link_out",
    "remove",
    "rename",
    "rewrite",
    "safe_name",
    "sweep",
    "sync",
    "whole",
]
