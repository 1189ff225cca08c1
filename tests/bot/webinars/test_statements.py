"""Key statements are whole sentences of their chapter, word for word, that say something by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.webinars.chapters import Chapter
from bot.webinars.statements import MOST, key_statements
from bot.webinars.transcript import Transcript
from index.models import BUNDLED
from ingest.domain import Span
from tests.bot.webinars.conftest import Heard, Line

AIRFARE = "The employer pays the airfare of seasonal workers before the journey to Australia begins."
PENSION = "Seasonal workers of the employer lose 35 per cent of the pension when they leave Australia."
HOUSING = "Growers rent housing to seasonal workers of the employer near the orchards of Australia."


def chosen(talk: Transcript, *cuts: int) -> list[list[str]]:
    """The words of the statements of chapters that begin with the first sentence and those of ``cuts``."""
    firsts = (0, *cuts)
    lasts = (*(cut - 1 for cut in cuts), len(talk.sentences) - 1)
    spans = [
        Span(talk.sentences[first].span.start, talk.sentences[last].span.end)
        for first, last in zip(firsts, lasts, strict=True)
    ]
    found = key_statements(talk, [Chapter("", span, None, None) for span in spans])
    return [[talk.version.quote(span) for span in own] for own in found]


def lines(said: Sequence[str], speakers: Sequence[str | None] = ("Ama",)) -> list[Line]:
    return [
        (10.0 * number, 10.0 * number + 9, speakers[number % len(speakers)], words)
        for number, words in enumerate(said)
    ]


def test_they_are_the_sentences_that_say_something(heard: Heard) -> None:
    said = [
        "Good morning, and welcome to the webinar on seasonal workers of Australia and the employer.",
        AIRFARE,
        "Well, you know how it is.",
        "Who pays the pension of seasonal workers when they leave Australia with the employer?",
        PENSION,
        "Could everybody in Australia mute the microphone, so that seasonal workers hear the employer?",
        HOUSING,
        "Over to you, with seasonal workers and the employer of Australia.",
        "Yes, exactly.",
        "Right.",
        "Okay, good.",
    ]
    (own,) = chosen(heard(lines(said)))
    assert own and set(own) <= {AIRFARE, PENSION, HOUSING}


def test_a_sentence_with_figures_counts_more_than_the_same_without(heard: Heard) -> None:
    plain = PENSION.replace("35", "plenty")
    assert chosen(heard(lines([plain, PENSION]))) == [[PENSION]]


def test_what_lies_near_the_subject_counts_more_than_what_is_beside_it(heard: Heard) -> None:
    aside = "My grandmother in Mombasa bakes 12 wonderful cardamom loaves for noisy cousins every Sunday."
    said = [aside, AIRFARE, HOUSING, AIRFARE]
    assert aside not in chosen(heard(lines(said)))[0]
    assert chosen(heard(lines([aside]))) == [[aside]]


def test_nothing_is_said_twice_not_even_in_another_chapter(heard: Heard) -> None:
    assert chosen(heard(lines([AIRFARE] * 6))) == [[AIRFARE]]
    assert chosen(heard(lines([AIRFARE, AIRFARE])), 1) == [[AIRFARE], []]
    first, second = chosen(heard(lines([AIRFARE, HOUSING, AIRFARE, PENSION])), 2)
    assert len(first) == len(second) == 1
    assert first != second


def test_of_two_that_are_worth_the_same_another_speaker_is_heard(heard: Heard) -> None:
    talk = heard(lines([HOUSING, AIRFARE] * 3, ["Ama", "Ama", "Ben", "Ben", "Ama", "Ama"]))
    chapter = Chapter("", Span(0, len(talk.version.text)), None, None)
    (own,) = key_statements(talk, [chapter])
    assert sorted(talk.version.place(span).speakers for span in own) == [("Ama",), ("Ben",)]
    assert own == tuple(sorted(own))  # in reading order


@pytest.mark.parametrize(
    "said",
    [
        "Who pays the pension of seasonal workers when they leave Australia with the employer?",
        "من يدفع تذكرة السفر للعمال الموسميين قبل الرحلة إلى أستراليا؟",
        "Good afternoon, and welcome to seasonal workers and the employer of Australia and Queensland.",
        "The next slide shows seasonal workers of the employer near the orchards of Australia.",
        "Merci aux travailleurs saisonniers et aux employeurs de cette région du Queensland.",
        "The employer pays it.",
    ],
)
def test_questions_what_runs_the_meeting_and_what_says_little_are_not_quoted(heard: Heard, said: str) -> None:
    assert chosen(heard(lines([said]))) == [[]]


def test_a_chapter_in_which_nothing_is_said_has_none(heard: Heard) -> None:
    said = ["Thank you all.", "Next slide, please.", "Can you hear me now?", "Yes.", "Okay."]
    assert chosen(heard(lines(said))) == [[]]


def test_there_are_none_without_sentences(heard: Heard) -> None:
    assert key_statements(heard(lines([AIRFARE])), []) == ()


def test_a_long_chapter_has_no_more_than_a_few(heard: Heard) -> None:
    said = [
        f"Village {number} sent {number + 20} seasonal workers to farm {number} of an employer in Queensland."
        for number in range(60)
    ]
    assert len(chosen(heard(lines(said)))[0]) <= MOST


def test_words_decide_where_the_model_knows_nothing_of_the_language(heard: Heard) -> None:
    said = [
        "يدفع صاحب العمل تذكرة السفر للعمال الموسميين قبل الرحلة إلى أستراليا.",
        "شكرا جزيلا لكم جميعا على حضور هذه الندوة عن العمال الموسميين في أستراليا.",
        "هل يدفع صاحب العمل تذكرة السفر للعمال الموسميين قبل الرحلة إلى أستراليا؟",
    ]
    talk = heard(lines(said), "ar", BUNDLED)
    assert talk.trusted == 0.0
    assert chosen(talk) == [[said[0]]]
    talk = heard(lines([AIRFARE, HOUSING, PENSION, AIRFARE, HOUSING, AIRFARE]), "ar", BUNDLED)
    assert chosen(replace(talk, vectors=-talk.vectors[::-1])) == chosen(talk)


@pytest.mark.parametrize("speakers", [["Ama"], [None]])
def test_speakers_need_not_be_known(heard: Heard, speakers: list[str | None]) -> None:
    assert chosen(heard(lines([AIRFARE], speakers))) == [[AIRFARE]]


def test_what_breaks_off_gives_way_to_a_whole_sentence(heard: Heard) -> None:
    broken = "Seasonal workers of the employer who lose 35 per cent of the pension in Australia and…"
    assert chosen(heard(lines([broken, PENSION], ["Ama", "Ben"]))) == [[PENSION]]
