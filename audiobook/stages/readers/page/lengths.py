"""How much text each element of a page holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml import etree


class Lengths:
    """How many characters each element of a page holds, and how many of them are links.

    Each is counted once, before anything is taken out.
    """

    def __init__(self, root: etree._Element) -> None:
        self._all: dict[etree._Element, int] = {}
        self._linked: dict[etree._Element, int] = {}
        for element in reversed(list(root.iter("*"))):
            children = list(element)
            own = len(element.text or "") + sum(len(child.tail or "") for child in children)
            self._all[element] = own + sum(self._all.get(child, 0) for child in children)
            linked = sum(self._linked.get(child, 0) for child in children)
            self._linked[element] = self._all[element] if element.tag == "a" else linked

    def characters_in(self, element: etree._Element) -> int:
        """Return how many characters an element holds."""
        return self._all.get(element, 0)

    def linked_characters_in(self, element: etree._Element) -> int:
        """Return how many characters of an element are links."""
        return self._linked.get(element, 0)

    def is_link(self, element: etree._Element) -> bool:
        """Whether most of what an element says is links."""
        linked = self._linked.get(element, 0)
        return linked > 0 and linked * 2 > self.characters_in(element)
