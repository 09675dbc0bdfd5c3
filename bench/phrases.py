"""Scores how phrases in other languages are found in Vietnamese sentences: labelled by hand.

python bench/phrases.py
"""

from __future__ import annotations

import re
from pathlib import Path

from audiobook.vietnamese.foreign_phrases import Phrase, foreign_phrases

LABELLED = Path(__file__).parents[1] / "tests/data/languages"
_LABEL = re.compile(r"⟦(?P<language>\w\w):(?P<phrase>[^⟧]*)⟧")


def read_labels(path: Path) -> list[tuple[str, list[Phrase]]]:
    """Return sentences, each with the phrases that it was labelled with."""
    labelled = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        sentence, phrases = "", []
        end = 0
        for match in _LABEL.finditer(line):
            sentence += line[end : match.start()]
            start = len(sentence)
            sentence += match["phrase"]
            phrases.append(Phrase(start, len(sentence), match["language"]))
            end = match.end()
        labelled.append((sentence + line[end:], phrases))
    return labelled


def main() -> None:
    """Print precision, recall, and what was wrong, of each file."""
    for path in sorted(LABELLED.glob("*.txt")):
        print(f"{path.name}:")
        score(read_labels(path))


def score(labels: list[tuple[str, list[Phrase]]]) -> None:
    """Print precision, recall, and what was wrong.

    Args:
        labels: sentences, each with the phrases that are to be found.
    """
    right = right_language = wanted = found = 0
    for sentence, phrases in labels:
        spans = {(phrase.start, phrase.end): phrase.language for phrase in phrases}
        answers = foreign_phrases(sentence)
        matching = [answer for answer in answers if (answer.start, answer.end) in spans]
        right += len(matching)
        right_language += sum(one.language == spans[one.start, one.end] for one in matching)
        wanted += len(spans)
        found += len(answers)
        if len(matching) < max(len(answers), len(spans)):
            print(f"{sentence}  {[sentence[one.start : one.end] for one in answers]}")
    print(f"{len(labels)} sentences, {wanted} phrases, {found} found")
    print(f"precision {right / found:.0%}, recall {right / wanted:.0%}")
    print(f"language right in {right_language} of {right}")


if __name__ == "__main__":
    main()
