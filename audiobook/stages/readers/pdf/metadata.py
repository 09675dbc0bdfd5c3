"""What a PDF file says of itself."""

from __future__ import annotations

import re

from audiobook.model import Meta


def meta_of(properties: dict[str, str]) -> Meta:
    """Read the document information (ISO 32000-2, 14.3.3)."""
    title = re.sub(r"^Microsoft Word - ", "", " ".join(properties.get("Title", "").split()))
    if re.search(r"\.(?:docx?|pdf|rtf|odt|indd|qxd|tex)$", title, re.IGNORECASE):
        title = ""  # the name of the file it was made from
    language = properties.get("Lang", "")
    date = re.match(r"(?:D:)?(\d{4})(?:(\d\d)(\d\d)?)?", properties.get("CreationDate", ""))
    return Meta(
        title=title,
        author=" ".join(properties.get("Author", "").split()),
        date="-".join(filter(None, date.groups())) if date else "",
        language=language if re.fullmatch(r"[A-Za-z]{2,3}(?:-\w+)*", language) else "vi",
        description=" ".join(properties.get("Subject", "").split()),
    )
