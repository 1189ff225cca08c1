"""Text that is made to cost hours: whoever may send it, it is read in a moment."""

from __future__ import annotations

import resource
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Sequence

import pytest

from community.practices.fields import practice_of
from community.uploads.themes import themes_of
from index.encoded import Encoded
from ingest.text import clean, clean_line
from tests.fakes import HashEmbedder

CEILING = 20  # seconds of a processor: each of these takes less than one, or hours
MARKS = "\u0316\u0301"  # below a letter, and above it: in this order they have to be sorted

# What a form lets somebody send, an expression, and what is left of it.
COSTLY = {
    "a corridor of dashes": (
        "from community.practices.fields import practice_of",
        "practice_of({'corridors': ['Kenya' + '-' * 2_900_000 + 'Qatar']}).words('corridors')[0][:6]",
        "Kenya-",
    ),
    "a corridor of spaces": (
        "from community.practices.fields import practice_of",
        "practice_of({'corridors': ['Kenya' + ' ' * 2_900_000 + '-> Qatar']}).words('corridors')[0]",
        "Kenya -> Qatar",
    ),
    "a person of spaces": (
        "from community.uploads.describing import described\nfrom tests.index import made",
        "described({'people': 'A' + ' ' * 900_000 + '(x(', 'title': 'x'}, made.text('a', '').source).title",
        "x",
    ),
    "comments that are never closed": (
        "from ingest.readers.markdown import read",
        "len(read(b'<p>Fees.\\n' + b'<!--' * 100_000 + b'<script ' * 100_000, 'a.md').text) > 0",
        "True",
    ),
    "a letter of marks": (
        "from ingest.text import clean_line",
        "len(clean_line('a' + '\\u0316\\u0301' * 450_000)) < 40",
        "True",
    ),
}


@pytest.mark.parametrize("costly", COSTLY)
def test_what_is_made_to_cost_hours_is_read_in_a_moment(costly: str) -> None:
    needs, expression, left = COSTLY[costly]
    done = subprocess.run(
        [sys.executable, "-c", f"{needs}\nprint({expression})"],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (CEILING, CEILING)),
    )
    assert (done.returncode, done.stdout.rstrip("\n")) == (0, left), done.stderr[-500:]


@pytest.mark.parametrize("cleaned", [clean, clean_line])
def test_of_the_marks_on_one_letter_no_more_stay_than_any_script_needs(cleaned: Callable[[str], str]) -> None:
    text = cleaned("a" + MARKS * 500 + " b")
    assert len(text) < 40 and text.endswith(" b")
    assert cleaned("a" + "\u200b\u0301" * 500) == cleaned(
        "a" + "\u0301" * 500
    )  # what cannot be seen parts none


@pytest.mark.parametrize("word", ["Côte d’Ivoire", "Ngũgĩ", "مُحَمَّدٌ", "हिन्दी", "Tiếng Việt", "ẹ̀kọ́", "שָׁלוֹם"])
def test_the_marks_that_a_language_has_stay(word: str) -> None:
    assert clean_line(unicodedata.normalize("NFD", word)) == unicodedata.normalize("NFC", word)


@pytest.mark.parametrize(
    "typed", ["Kenya->Qatar", "Kenya -> Qatar", "Kenya –> Qatar", "Kenya ==> Qatar", "Kenya to Qatar"]
)
def test_a_corridor_is_read_however_its_arrow_is_typed(typed: str) -> None:
    assert practice_of({"corridors": [typed]}).words("corridors") == ("Kenya -> Qatar",)


class Measuring(HashEmbedder):
    """It remembers how long the longest text was that it was given."""

    longest = 0

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        self.longest = max([self.longest, *map(len, texts)])
        return super().encode_passages(texts)


def test_of_a_sentence_without_end_a_model_is_given_its_beginning() -> None:
    """Of megabytes without a full stop it made gigabytes of tokens, to read the first 256."""
    embedder = Measuring()
    themes_of("--\n" * 20_000 + "words of training " * 5_000, "en", embedder)
    assert 0 < embedder.longest <= 5_000
