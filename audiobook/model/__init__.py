"""The frozen types that flow from the source to the sound.

Positions in sound are counted samples at the rate of the book; pauses and limits chosen by
people are seconds.
"""

from audiobook.model.orders import (
    Event,
    Failed,
    Job,
    Plan,
    PlannedChapter,
    Progress,
    Selection,
    Started,
)
from audiobook.model.sound import (
    Audio,
    Book,
    BoundChapter,
    Cue,
    Mark,
    Recording,
    Sound,
    Take,
    Timing,
    Word,
    stood_in,
)
from audiobook.model.text import (
    Change,
    Chapter,
    Document,
    Kind,
    LeftOut,
    Meta,
    Paragraph,
    Passage,
    Span,
    Step,
    Teaching,
    Utterance,
    count_words,
)
from audiobook.model.voices import Cast, Pauses, Voice, VoiceFile

__all__ = [
    "Audio",
    "Book",
    "BoundChapter",
    "Cast",
    "Change",
    "Chapter",
    "Cue",
    "Document",
    "Event",
    "Failed",
    "Job",
    "Kind",
    "LeftOut",
    "Mark",
    "Meta",
    "Paragraph",
    "Passage",
    "Pauses",
    "Plan",
    "PlannedChapter",
    "Progress",
    "Recording",
    "Selection",
    "Sound",
    "Span",
    "Started",
    "Step",
    "Take",
    "Teaching",
    "Timing",
    "Utterance",
    "Voice",
    "VoiceFile",
    "Word",
    "count_words",
    "stood_in",
]
