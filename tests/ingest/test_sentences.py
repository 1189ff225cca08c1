"""Sentences are exact spans: nothing lost, nothing twice, no sentence across paragraphs or turns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.readers import transcripts
from ingest.sentences import sentences


def cut(text: str, language: str = "en") -> list[str]:
    return [text[span.start : span.end] for span in sentences(text, language)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Fares are advanced. Workers repay A$1.5 million. Yes?",
            ["Fares are advanced.", "Workers repay A$1.5 million.", "Yes?"],
        ),
        ("Dr. Osei agreed. So did Mr. Ba.", ["Dr. Osei agreed.", "So did Mr. Ba."]),
        ("Can you hear me?\n\nYup.\n\nPerfect", ["Can you hear me?", "Yup.", "Perfect"]),
        (
            "Fees are paid by employers\nHousing is paid by workers",
            ["Fees are paid by employers", "Housing is paid by workers"],
        ),
        ("Country | Fee\nKenya | none", ["Country | Fee\nKenya | none"]),
        ("How far it has come. | Speaker: the officer", ["How far it has come.", "Speaker: the officer"]),
        ("   ", []),
        ("", []),
    ],
)
def test_sentences_of_prose_turns_lists_and_tables(text: str, found: list[str]) -> None:
    assert cut(text) == found


def test_a_stretch_is_cut_by_offsets_of_the_whole_text() -> None:
    text = "One is here. Two is there. Three is gone."
    assert [text[span.start : span.end] for span in sentences(text, "en", 13, 26)] == ["Two is there."]


@pytest.mark.parametrize("language", ["en", "fr", "pt", "sw", "ar", "zz"])
def test_every_language_code_is_cut(language: str) -> None:
    assert len(cut("Moja mbili tatu nne. Tano sita saba nane.", language)) == 2


def test_no_sentence_of_a_real_meeting_has_two_speakers(shared: Callable[[str], Path]) -> None:
    path = shared("eval/transcripts/zoom/acde__2026-02-26_231/transcript.vtt")
    reading = transcripts.read(path.read_bytes(), path.name)
    spans = sentences(reading.text)
    assert len(spans) > 500
    assert all(len(reading.places.place(span).speakers) == 1 for span in spans)
    assert "".join("".join(reading.text[s.start : s.end].split()) for s in spans) == "".join(
        reading.text.split()
    )
