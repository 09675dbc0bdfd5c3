"""Who says it: the speaker of each part of direct speech, where the text tells."""

from audiobook.vietnamese.attribution.people import People, learn_people
from audiobook.vietnamese.attribution.persons import Speaker
from audiobook.vietnamese.attribution.scenes import Attributed, attribute

__all__ = ["Attributed", "People", "Speaker", "attribute", "learn_people"]
