"""Which language a text is in, among those that a community in Africa is likely to bring."""

from __future__ import annotations

from functools import cache
from typing import Any

LANGUAGES = ("en", "fr", "pt", "ar", "sw", "es", "de", "it", "nl", "am", "so", "rw", "zu", "xh", "af", "mg")
_ENOUGH = 2_000  # code points: more does not change the verdict, only the time that it takes


def detect_language(text: str, default: str = "en") -> str:
    """The ISO 639-1 code of the language of ``text``; ``default`` where there are no letters to go by."""
    sample = text[:_ENOUGH]
    if not any(character.isalpha() for character in sample):
        return default
    return str(_identifier().classify(sample)[0])


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(LANGUAGES))
    return identifier
