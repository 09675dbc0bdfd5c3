"""XML in the files of books: as a tree or as events, with nothing loaded and nothing expanded."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.parsers import expat

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.stages.readers.markup import refuse_excess, refuse_flood
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml import etree


DECLARED = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""")
"""The encoding that a file declares."""
_REFERENCE = re.compile(rb"&#(?:x([0-9a-f]{1,8})|([0-9]{1,8}));", re.I)


class Event(NamedTuple):
    """One piece of an XML file."""

    kind: str
    """start, end or text."""
    name: str
    """Prefix and local name of the element, or the text."""
    attributes: Mapping[str, str] = {}
    """By local name."""


def parse_xml(data: bytes, name: str) -> etree._Element | None:
    """Return the tree of an XML file, mended where it is not well formed; None if it is not XML.

    Raises:
        SourceError: it declares entities, or is larger or deeper than texts are.
    """
    from lxml import etree

    data = _REFERENCE.sub(_without_surrogates, data.strip())
    refuse_flood(data, name)
    for recover in (False, True):
        parser = xml_parser(recover=recover)
        root = None
        with suppress(etree.XMLSyntaxError):
            root = etree.fromstring(data, parser)
        refuse_excess(parser, name)
        if root is not None:
            declared: Any = root.getroottree().docinfo.internalDTD
            if declared is not None and any(True for _ in declared.iterentities()):
                raise entities_error(name)
            return root
    return None


def entities_error(name: str) -> SourceError:
    """Return the error that says that a file declares entities."""
    return SourceError(
        message("{name} declares XML entities, which no book needs", name=name),
        message("do not trust it"),
    )


def xml_parser(*, recover: bool = False) -> etree.XMLParser:
    """Return a parser that loads nothing, expands nothing, and stops at 256 open elements."""
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
    )


def _without_surrogates(reference: re.Match[bytes]) -> bytes:
    """Leave out references that libxml2 mends into text that Python cannot decode."""
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    return b"" if 0xD800 <= number <= 0xDFFF else reference[0]


class EventParser:
    """Expat, which opens nothing outside the file, as a source of events."""

    def __init__(self, prefixes: Mapping[str, str], refusal: Callable[[], SourceError]) -> None:
        self._prefixes, self._refusal = prefixes, refusal
        self._events: list[Event] = []
        self._names: dict[str, str] = {}
        self._expat = expat.ParserCreate(namespace_separator=" ")
        self._expat.buffer_text = True
        self._expat.StartDoctypeDeclHandler = self._refuse
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._text

    def feed(self, chunk: bytes, last: bool = False) -> list[Event]:
        """Return the events that end in one more piece of the file."""
        self._expat.Parse(chunk, last)
        events, self._events = self._events, []
        return events

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = {key.rpartition(" ")[2]: text for key, text in attributes.items()}
        self._events.append(Event("start", self._prefixed(name), local))

    def _end(self, name: str) -> None:
        self._events.append(Event("end", self._prefixed(name)))

    def _text(self, text: str) -> None:
        self._events.append(Event("text", text))

    def _refuse(self, *_declaration: object) -> None:
        raise self._refusal()

    def _prefixed(self, name: str) -> str:
        prefixed = self._names.get(name)
        if prefixed is None:
            namespace, _, local = name.rpartition(" ")
            prefix = self._prefixes.get(namespace)
            prefixed = self._names[name] = f"{prefix}:{local}" if prefix else local
        return prefixed
