"""Which language a text is in, among those that a community in Africa is likely to bring."""

from __future__ import annotations

from functools import cache
from typing import Any

LANGUAGE_SETTING = "language_setting"  # the property of a file that no person wrote
LANGUAGES = ("en", "fr", "pt", "ar", "sw", "es", "de", "it", "nl", "am", "so", "rw", "zu", "xh", "af", "mg")
_ENOUGH = 2_000  # code points: more does not change the verdict, only the time that it takes
_RELIABLE = 200  # letters: from here on the text is believed rather than a setting


def detect_language(text: str, setting: str = "") -> str:
    """The ISO 639-1 code of the language of ``text``; where it is short, ``setting`` if there is one.

    English where there are no letters to go by and no setting.
    """
    sample = text[:_ENOUGH]
    letters = sum(map(str.isalpha, sample))
    if setting and letters < _RELIABLE:
        return setting
    return str(_identifier().classify(sample)[0]) if letters else "en"


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(LANGUAGES))
    return identifier
