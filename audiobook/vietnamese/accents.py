"""Syllables that sound alike in some accents though they are spelled differently."""

from __future__ import annotations

import unicodedata

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.remembering import remember_words

# First letters that sound the same in the north (s and x, ch and tr, d, gi and r) or, in the speech
# of its villages, l and n.
_ONE_SOUND = {"x": "s", "tr": "ch", "gi": "d", "r": "d", "n": "l"}
_ONSET = re.compile(
    r"gi(?=[aăâeêioôơuưyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữự])"
    r"|[nk]h|ngh?|gh?|[cpt]h|tr|qu|[bcdđklmnprstvx]|h|"
)


@remember_words
def sound_key(syllable: str) -> str:
    """Return a key that syllables share where some accent does not tell them apart.

    The syllable must be folded (`words.fold`).

    >>> sound_key("xử") == sound_key("sữ"), sound_key("giành") == sound_key("rành")
    (True, True)
    """
    onset, rime = split_onset(syllable)
    rime = unicodedata.normalize("NFD", rime).replace("\u0309", "\u0303")
    if rime.endswith("n"):
        rime += "g"
    elif rime.endswith("t"):
        rime = rime[:-1] + "c"
    return f"{_ONE_SOUND.get(onset, onset)}-{rime}"


def split_onset(syllable: str) -> tuple[str, str]:
    """Return the onset and the rime of a syllable; gi before a vowel is an onset."""
    end = _ONSET.match(syllable).end()  # type: ignore[union-attr]
    return syllable[:end], syllable[end:]
