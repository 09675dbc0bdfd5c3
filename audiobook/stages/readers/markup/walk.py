"""One pass through a tree of elements turns it into paragraphs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from audiobook.messages import Message
from audiobook.model import Kind, Paragraph
from audiobook.stages.readers.markup import losses, marks, mathml, signs
from audiobook.stages.readers.markup.blocks import MARK_REST, Blocks, Scope
from audiobook.stages.readers.markup.initials import initial_in
from audiobook.stages.readers.markup.look import Look, look_of
from audiobook.stages.readers.markup.losses import Losses
from audiobook.stages.readers.markup.notes import with_later_paragraphs
from audiobook.stages.readers.markup.quotes import with_real_quotes
from audiobook.stages.readers.markup.references import References
from audiobook.stages.readers.markup.tree import attributes_of
from audiobook.stages.readers.markup.written import RUNNING

if TYPE_CHECKING:
    from lxml import etree

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Flow(NamedTuple):
    """The paragraphs of a page, and what is known about them."""

    paragraphs: list[Paragraph]
    places: dict[str, int]
    """For each id, the position of the paragraph that it stands in or before."""
    links: float
    """Share of the characters outside headings that are links within the site or book: a table
    of contents has little else."""
    losses: Losses
    """What is not read."""


def flow(root: etree._Element, document: str = "", cited: set[str] | None = None) -> Flow:
    """Turn a tree of HTML or XHTML elements into paragraphs.

    White space is collapsed; scripts, styles, navigation, hidden and deleted elements, numbers of
    printed pages, pictures and their alternative texts, and readings in ruby are not read. Marks
    that refer to notes are left out, and what they refer to becomes notes. An initial is joined
    with its word. Block quotations are quotations, but where they are most of a document, which
    only indents with them.

    Args:
        root: the tree, with comments and processing instructions removed.
        document: its address, against which links are resolved.
        cited: addresses of the notes that earlier documents of the book refer to; those of this
            one are added.
    """
    return _Walk(document, set() if cited is None else cited).read(root)


class _Walk:
    """One pass over a tree, in document order, with a stack of its own for the open blocks."""

    def __init__(self, document: str, cited: set[str]) -> None:
        self._blocks = Blocks()
        self._references = References(document, cited, self._blocks)
        self._losses = Losses()
        self._voice = ""
        """The mark for a voice whose first words are to come."""
        self._links = self._linked = self._length = 0

    def read(self, root: etree._Element) -> Flow:
        from lxml import etree

        tables = signs.data_tables(root)
        walk = etree.iterwalk(root, events=("start", "end"))
        looks: list[Look] = []
        for event, element in walk:
            if event == "end":
                self._end_element(element, looks.pop())
                if element is not root:
                    self._add(element.tail)
                continue
            look = look_of(str(element.tag), tuple(element.items()))
            looks.append(look)
            if self._begin_element(look, element, tables):
                self._add(element.text)
            else:
                walk.skip_subtree()
        self._blocks.close()
        links = self._linked / self._length if self._length else 0.0
        written = self._blocks.written
        paragraphs = with_later_paragraphs(written.paragraphs, written.referring)
        return Flow(with_real_quotes(paragraphs), written.places, links, self._losses)

    def _begin_element(
        self, look: Look, element: etree._Element, tables: set[etree._Element]
    ) -> bool:
        """Take in the beginning of an element; return whether to read what is inside."""
        blocks, tag = self._blocks, look.tag
        if look.is_block:
            blocks.end_block()
        self._take_note(look.names, is_block=look.is_block)
        if look.is_block:
            # Pushed even where it is not read, since the end of the element pops it.
            is_same = look.keeps_scope and look.is_plain
            scope = blocks.scopes[-1] if is_same else self._scope(look, element)
            is_data = tag == "table" and element in tables
            blocks.scopes.append(scope._replace(data=True) if is_data else scope)
        if not look.is_plain and self._is_taken(look, element):
            return False
        if tag == "br":
            blocks.end_line()
        elif tag == "hr":
            blocks.end_scene()
        elif tag == "break" and (time := look.attributes.get("time")):
            self._add(f"[pause {time}]")  # of SSML: a mark that tidying follows
        elif tag == "voice" and (voice := look.attributes.get("name")):
            self._voice = f"[voice: {voice}]"
        elif tag == "tr" and blocks.scopes[-1].data:
            blocks.cells = []
        elif tag == "a" and signs.is_local(look.attributes.get("href")):
            self._links += 1
        return True

    def _is_taken(self, look: Look, element: etree._Element) -> bool:
        """Whether an element was left out, or read as a whole, so that its inside is skipped."""
        blocks, tag = self._blocks, look.tag
        if (
            look.attributes
            and (initial := initial_in(element, look.attributes, of_class=look.named.initial))
            and (tag != "img" or blocks.begins_block())
        ):
            shown = tag != "img"
            blocks.set_initial(initial, marked=shown or look.named.initial, shown=shown)
            return True
        if tag == "math":
            self._add_formula(element)
            return True
        if look.loss is not None and not signs.stands_in(element, look.named):
            self._note_loss(look.loss, element)
            return True
        if look.attributes and marks.is_page_mark(element, look.names, of_class=look.named.page):
            self._note_loss(losses.PAGE_MARKS, element)
            return True
        return not look.is_block and self._is_inline_taken(look, element)

    def _is_inline_taken(self, look: Look, element: etree._Element) -> bool:
        blocks = self._blocks
        if look.may_be_mark and self._references.is_mark(look, element):
            for inner in element.iterdescendants():
                self._take_note(tuple(signs.link_names(attributes_of(inner))), is_block=False)
            blocks.has_mark = True
            self._note_loss(losses.NOTE_MARKS, element)
            return True
        if signs.is_note(element, look.types, look.named) and (
            blocks.scopes[-1].kind is not Kind.NOTE
        ):
            note = losses.text_of(element.itertext()).lstrip(MARK_REST)
            blocks.inline_notes += [note] if note else []
            return True
        if look.tag == "sup" and not len(element) and (element.text or "").isdecimal():
            self._add((element.text or "").translate(_SUPERSCRIPTS))  # m², 10³
            return True
        return False

    def _end_element(self, element: etree._Element, look: Look) -> None:
        blocks, tag = self._blocks, look.tag
        if look.is_block:
            blocks.end_block()
            if tag == "tr" and blocks.cells is not None:
                blocks.end_row()
            blocks.scopes.pop()
        elif tag == "a" and self._links and signs.is_local(element.get("href")):
            self._links -= 1
        elif tag in ("s", "strike"):
            blocks.gap = losses.DELETED
        elif tag == "voice" and element.get("name"):
            self._end_voice()

    def _end_voice(self) -> None:
        """Write the end of a mark for a voice beside its last words, whose block may be over."""
        blocks, was_spoken = self._blocks, not self._voice
        self._voice = ""
        paragraphs = blocks.written.paragraphs
        if was_spoken and blocks.begins_block() and paragraphs:
            paragraphs[-1] = replace(paragraphs[-1], text=f"{paragraphs[-1].text}[/voice]")
        elif was_spoken:
            self._add("[/voice]")

    def _add(self, text: str | None) -> None:
        if not text:
            return
        if self._voice and (words := text.lstrip()):
            text, self._voice = text[: len(text) - len(words)] + self._voice + words, ""
        self._blocks.append(text)
        if self._blocks.scopes[-1].kind is not Kind.HEADING:
            length = len(text.strip())
            self._length += length
            if self._links:
                self._linked += length

    def _add_formula(self, element: etree._Element) -> None:
        """Add what a formula says, or tell that it is not read."""
        spoken = mathml.speak(element)
        self._blocks.gap = losses.FORMULAS
        if spoken:
            self._add(spoken)
            self._blocks.gap = losses.FORMULAS
        else:
            self._note_loss(losses.FORMULAS, element)

    def _note_loss(self, step: Message, element: etree._Element) -> None:
        """Note what an element holds that is not read, and that it stood here."""
        blocks = self._blocks
        if step and (text := losses.text_of(element.itertext())):
            self._losses.note(step, text, blocks.text_before())
        if step == losses.PAGE_MARKS and blocks.begins_block():
            blocks.written.end_page()
        blocks.gap = step

    def _take_note(self, names: tuple[str, ...], *, is_block: bool) -> None:
        """Remember the names of an element, and whether they make the line at hand a note."""
        for name in names:
            self._blocks.ids.append(name)
            self._blocks.is_note |= not is_block and self._references.is_cited(name)

    def _scope(self, look: Look, element: etree._Element) -> Scope:
        scope = self._blocks.scopes[-1]
        if scope.kind is Kind.NOTE:
            return scope
        if level := signs.HEADINGS.get(look.tag):
            self._blocks.give_up_initial()
            return Scope(Kind.HEADING, level)
        if signs.is_note(element, look.types, look.named) or (
            self._references.is_cited(*look.names) and not signs.holds_heading(element)
        ):
            return scope._replace(kind=Kind.NOTE)
        if look.tag in signs.CAPTIONS:
            return scope._replace(kind=Kind.CAPTION)
        if look.tag == "blockquote" and scope.kind is Kind.PROSE:
            scope = scope._replace(kind=Kind.QUOTE)
        if look.tag == "pre":
            is_code = scope.kind in RUNNING and signs.is_code(element)
            return scope._replace(preformatted=True, kind=Kind.CODE if is_code else scope.kind)
        if not look.types.isdisjoint(signs.VERSE_TYPES):
            return scope._replace(verse=True)
        if scope.kind in RUNNING and look.named.caption:
            return scope._replace(kind=Kind.CAPTION)
        if scope.kind in RUNNING and look.named.verse:
            return scope._replace(verse=True)
        return scope
