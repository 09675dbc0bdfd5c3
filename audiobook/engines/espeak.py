"""The built-in engine: eSpeak NG from the espeakng-loader wheel, called through ctypes."""

from __future__ import annotations

import _ctypes
import ctypes
import math
import re
import sys
import unicodedata
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import espeakng_loader

from audiobook.engines import sayable
from audiobook.engines.espeak_data import EspeakData
from audiobook.errors import EngineError, VoiceError
from audiobook.messages import message, reason
from audiobook.model import Audio, Mark
from audiobook.vietnamese.syllables import is_vietnamese

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.model import Voice

# From eSpeak NG's speak_lib.h.
_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_UTF8 = 1
_CHARACTERS = 1
_RATE, _VOLUME, _PITCH = 1, 2, 3
_USUAL_WORDS_A_MINUTE = 175
_USUAL_PITCH = 50
_HIGHEST_PITCH = 100
# Natural logarithm of the ratio of two neighbouring pitches of the library; measured with Praat on
# one sentence, right within 2 % from 0.7 to 1.7 times.
_PITCH_STEP = 0.0108
# The library speaks no slower.
_LEAST_WORDS_A_MINUTE = 80
# At the default of 100 the library clips peaks (67 in 30 s of a test); at 70 it clips none.
_UNCLIPPED_VOLUME = 70
_SHORTEST_SPEECH = 0.05
# Text that harms the library (eSpeak NG 1.52). Each sign of it is replaced by a space, which moves
# no word. Control characters: \x01 begins a command. A hyphen before a letter joins two words;
# where the first has no sound, being a mark or of an unknown script, the library reads foreign
# memory, and mostly ends the process. So hyphens stay only in words of Latin letters and digits,
# and where no letter follows. Twenty single letters with dots between them overflow a buffer of 80
# bytes. Digits of other scripts, raised digits and backticks do the same harm as hyphens.
_LATIN = "[0-9A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ]"
_LATIN_SIGN = re.compile(_LATIN)
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d|[¹²³⁰⁴-⁹]")
_BESIDE = r"\s!-/:-@\[-`{-~«»‘’“”–—…"
_HARMFUL = re.compile(
    rf"(?P<harmless>(?<![^{_BESIDE}]){_LATIN}++(?:--?{_LATIN}++)++(?!\w)|-++(?=[\s0-9]|\Z))"
    r"|[\x00-\x08\x0e-\x1f\x7f`-]|(?:[^\W\d_]\s*+\.\s*+){12,}+"
)
# For these signs the library loads a second language, English, 180 kB that it never frees. Others,
# which it knows itself, make it say the same text the same in Vietnamese; not so in French.
_COSTLY_SIGNS = re.compile(r"[–“”\"«»]|\A—")
_CHEAP_SIGNS = str.maketrans('–“”"«»—', ";((((((")
_WORDS = re.compile(r"\w+")
_VIETNAMESE = re.compile(r"(?:.*/)?vi(?:[-+].*)?", re.IGNORECASE)
_LAST_EVENT, _WORD = 0, 1


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),  # in code points, from 1
        ("length", ctypes.c_int),  # wrong before a closing quote
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)
# Text, its size, first position, kind of position, last position, flags, and two unused.
_SYNTH = (
    ctypes.c_char_p,
    ctypes.c_size_t,
    ctypes.c_uint,
    ctypes.c_int,
    ctypes.c_uint,
    ctypes.c_uint,
    ctypes.c_void_p,
    ctypes.c_void_p,
)


class Espeak:
    """Speaks through one copy of the library, which holds one voice at a time.

    The library carries the flutter of its voices and its random numbers over from one text to the
    next, and nothing resets them but loading it anew. That takes a few milliseconds and is done for
    each call of `say`, whose sound thus depends on nothing that was said before.

    It is not thread-safe: two threads in the library end the process.
    """

    name = "espeak"
    version = f"{version('espeakng-loader')}/5"
    tells_words = True
    # Its buffers grow with the text; sentences are far shorter.
    limit = 2_000

    def __init__(self) -> None:
        self._is_vietnamese = True
        self._sound = bytearray()
        self._marks: list[Mark] = []
        # The library keeps the address, so the callback must live as long as this object.
        self._callback = _Callback(self._collect)
        try:
            self._path = espeakng_loader.get_library_path()
            self._data = EspeakData(Path(espeakng_loader.get_data_path()))
        except (OSError, RuntimeError) as problem:
            raise _start_error(reason(problem)) from problem
        self._library, self._rate = self._load(self._data.folder)

    def say(self, texts: Sequence[str], voice: Voice) -> list[Audio]:
        """Speak each text with the voice ``voice.model`` of the library."""
        self._library.espeak_Terminate()
        _unload(self._library)
        place = self._data.place_of(voice.model)
        self._library, self._rate = self._load(place.data)
        self._set_voice(voice, place.name)
        self._is_vietnamese = bool(_VIETNAMESE.fullmatch(voice.model))
        return [self._speak_text(text) for text in texts]

    def _load(self, data: Path) -> tuple[ctypes.CDLL, int]:
        """Return the library as it is when it has said nothing yet, and its sample rate."""
        try:
            library = ctypes.CDLL(self._path)
        except OSError as problem:
            raise _start_error(reason(problem)) from problem
        library.espeak_Synth.argtypes = _SYNTH
        rate: int = library.espeak_Initialize(
            _SYNCHRONOUS, 0, str(data.parent).encode(), _DONT_EXIT
        )
        if rate <= 0:
            raise _start_error(message("there is no voice data in {folder}", folder=data))
        library.espeak_SetSynthCallback(self._callback)
        return library, rate

    def _set_voice(self, voice: Voice, name: str) -> None:
        if voice.rate != self._rate:
            raise VoiceError(
                message(
                    "voice {voice} asks for {asked} Hz, eSpeak NG speaks {rate}",
                    voice=voice.name,
                    asked=voice.rate,
                    rate=self._rate,
                ),
                message("write rate = {rate} in its file", rate=self._rate),
            )
        words = round(_USUAL_WORDS_A_MINUTE * voice.speed)
        if words < _LEAST_WORDS_A_MINUTE:
            least = _LEAST_WORDS_A_MINUTE / _USUAL_WORDS_A_MINUTE
            raise VoiceError(
                message(
                    "voice {voice} asks for speed {speed:g}", voice=voice.name, speed=voice.speed
                ),
                message("eSpeak NG goes down to {least:.2f}", least=least),
            )
        pitch = round(_USUAL_PITCH + math.log(voice.pitch) / _PITCH_STEP)
        if not 0 <= pitch <= _HIGHEST_PITCH:
            raise VoiceError(
                message(
                    "voice {voice} asks for pitch {pitch:g}", voice=voice.name, pitch=voice.pitch
                ),
                message("eSpeak NG goes from 0.6 to 1.7"),
            )
        if self._library.espeak_SetVoiceByName(name.encode()) != 0:
            raise VoiceError(
                message("eSpeak NG has no voice {model!r}", model=voice.model),
                message("see `espeak-ng --voices` for the names"),
            )
        self._library.espeak_SetParameter(_RATE, words, 0)
        self._library.espeak_SetParameter(_PITCH, pitch, 0)
        self._library.espeak_SetParameter(_VOLUME, _UNCLIPPED_VOLUME, 0)

    def _speak_text(self, text: str) -> Audio:
        clean = sayable(text)
        # Some scripts silence the library, and with them the words beside them.
        spoken = next(filter(self._synthesize, (clean, _name_foreign_letters(clean))), None)
        if spoken is None:
            raise EngineError(message("eSpeak NG said nothing for {text!r}", text=text[:80]))
        import numpy as np

        samples = np.frombuffer(bytes(self._sound), np.int16)
        # Positions in a changed text are not those in the text.
        marks = tuple(self._marks) if spoken == text else ()
        return Audio(samples, self._rate, marks)

    def _synthesize(self, text: str) -> bool:
        """Collect the sound of a text, and return whether there is any."""
        self._sound.clear()
        self._marks.clear()
        spoken = harmless(text)
        if self._is_vietnamese:
            spoken = _in_one_language(spoken)
        data = spoken.encode() + b"\0"
        failed = self._library.espeak_Synth(data, len(data), 0, _CHARACTERS, 0, _UTF8, None, None)
        return not failed and len(self._sound) >= 2 * self._rate * _SHORTEST_SPEECH

    def _collect(
        self,
        wave: ctypes._Pointer[ctypes.c_short],
        count: int,
        events: ctypes._Pointer[_Event],
    ) -> int:
        if count > 0:
            self._sound += ctypes.string_at(wave, count * 2)
        number = 0
        while (event := events[number]).type != _LAST_EVENT:
            if event.type == _WORD:
                self._add_mark(event.sample, event.text_position - 1)
            number += 1
        return 0

    def _add_mark(self, sample: int, position: int) -> None:
        """Add the start of a word; the words of a number have one position, which counts once."""
        if not self._marks or position > self._marks[-1].position:
            self._marks.append(Mark(sample, position))


def harmless(text: str) -> str:
    r"""Return a text of the same length that cannot harm the library.

    >>> harmless("Chị nói:-Xô-viết\x01")
    'Chị nói: Xô-viết '
    """
    text = _FOREIGN_DIGIT.sub(lambda digit: str(unicodedata.digit(digit[0])), text)
    return _HARMFUL.sub(_replacement, text)


def _in_one_language(text: str) -> str:
    """Return a text of the same length and sound for which the library loads no second language.

    A word that may be English makes it load one anyhow, and signs around it then count there.

    >>> _in_one_language("— Mẹ về “làng” – xa"), _in_one_language("“Brown”")
    ('( Mẹ về (làng( ; xa', '“Brown”')
    """
    if not _COSTLY_SIGNS.search(text) or not all(map(is_vietnamese, _WORDS.findall(text))):
        return text
    return _COSTLY_SIGNS.sub(lambda sign: sign[0].translate(_CHEAP_SIGNS), text)


def _name_foreign_letters(text: str) -> str:
    """Replace letters of other scripts by the ends of their Unicode names, which resemble sounds.

    >>> _name_foreign_letters("Chữ Ꭶ")
    'Chữ  ga '
    """
    return "".join(
        f" {unicodedata.name(sign, '').rpartition(' ')[2].lower()} "
        if sign.isalnum() and not _LATIN_SIGN.match(sign)
        else sign
        for sign in text
    )


def _replacement(match: re.Match[str]) -> str:
    if match["harmless"]:
        return match[0]
    return re.sub(r"[^\w\s]|[\x00-\x08\x0e-\x1f]", " ", match[0])


def _unload(library: ctypes.CDLL) -> None:
    if sys.platform == "win32":
        _ctypes.FreeLibrary(library._handle)
    else:
        _ctypes.dlclose(library._handle)


def _start_error(reason: str) -> EngineError:
    return EngineError(
        message("eSpeak NG did not start: {reason}", reason=reason),
        message("reinstall it: pip install --force-reinstall espeakng-loader"),
    )
