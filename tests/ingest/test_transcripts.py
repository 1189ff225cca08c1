"""Captions and conversations: every word and time of real exports, names only where the file gives them."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.builder import Reading
from ingest.errors import FileRejected
from ingest.readers import transcripts

Said = tuple[float | None, float | None, str | None, str]


def said(reading: Reading) -> list[Said]:
    """Start, end, speaker and words of each cue."""
    return [
        (cue.start, cue.end, cue.speaker, reading.text[cue.span.start : cue.span.end])
        for cue in reading.places.cues
    ]


def vtt(*cues: str) -> bytes:
    """A WebVTT file of cues that last a second each and begin two seconds apart."""
    timed = [f"00:{2 * n:02d}.000 --> 00:{2 * n + 1:02d}.000\n{cue}" for n, cue in enumerate(cues)]
    return "\n\n".join(["WEBVTT", *timed]).encode()


def names(content: bytes) -> list[str | None]:
    return [speaker for _, _, speaker, _ in said(transcripts.read(content, "a.vtt"))]


def test_a_teams_export_with_voice_tags() -> None:
    content = vtt(
        "<v Jane Doe>Hello &amp; welcome</v>",
        "<v.loud Doe, Ben (EXT)>I <b>really</b> mean<br>it.\n<v Jane Doe>Do you?",
        "<v Jane Doe>Yes.</v> (laughter)",
        "[Music]",
    )
    assert said(transcripts.read(content, "a.vtt")) == [
        (0.0, 1.0, "Jane Doe", "Hello & welcome"),
        (2.0, 3.0, "Doe, Ben (EXT)", "I really mean it."),
        (2.0, 3.0, "Jane Doe", "Do you?"),
        (4.0, 5.0, "Jane Doe", "Yes."),
        (4.0, 5.0, None, "(laughter)"),
        (6.0, 7.0, None, "[Music]"),
    ]


def test_a_turn_is_one_block_and_a_new_speaker_opens_the_next() -> None:
    reading = transcripts.read(vtt("<v Anna>One.", "<v Anna>Two.", "<v Ben>Three."), "a.vtt")
    assert reading.text == "One. Two.\n\nThree."
    assert reading.properties == {"kind": "transcript"}


def test_a_zoom_export_names_everybody_even_those_who_speak_once() -> None:
    content = vtt(
        "Anna: Hello.",
        "Ben | ILO: Hi.",
        "Anna: Note: this is new.\nNote: and this.",
        "Ben | ILO: 10:30 then.",
        "Anna: Yes.",
        "zoe: ok",
    )
    assert said(transcripts.read(content, "a.vtt"))[2:] == [
        (4.0, 5.0, "Anna", "Note: this is new. Note: and this."),
        (6.0, 7.0, "Ben | ILO", "10:30 then."),
        (8.0, 9.0, "Anna", "Yes."),
        (10.0, 11.0, "zoe", "ok"),
    ]


@pytest.mark.parametrize(
    "cues",
    [
        ["Note: this is new.", "And so on."],
        ["10:30: we begin.", "11:00: we end."],
        ["We saw three things.", "Growth: it doubled.", "More of it.", "Fees: none.", "And on.", "And on."],
        ["Growth: doubled.", "Trust: fell.", "Fares: none.", "Speed: better.", "Beds: more.", "Boats: few."],
        ["So I said to them: no.", "Really? I asked: why?", "https://example.org is down."],
        ["Moderator: welcome to all.", *["And this is how it goes on and on."] * 8],
    ],
)
def test_a_colon_alone_makes_no_speaker(cues: list[str]) -> None:
    reading = transcripts.read(vtt(*cues), "a.vtt")
    assert {cue.speaker for cue in reading.places.cues} == {None}
    assert reading.text == " ".join(cues)


def test_where_only_changes_are_marked_nobody_is_carried_over() -> None:
    cues = [">> ANNA: Welcome.", "It is late.", "Very.", "BEN: Indeed.", "Quite late.", "Note: it is."] * 3
    assert names(vtt(*cues)) == ["ANNA", None, None, "BEN", None, None] * 3


def test_everything_that_is_not_speech_is_left_out() -> None:
    content = b"""WEBVTT - a title
Kind: captions
Language: pt-BR

STYLE
::cue { color: red }

REGION
id:one

NOTE
This is an Illustrative transcript,
for demonstration.

cue-1
00:01.000 --> 00:02.000 align:start position:10%
<00:01.200><c.yellow>Bom</c> dia, 2<3 &lt;aqui&gt; &nbsp;&notin; AT&T {\\an8}<lang pt>sim</lang>
"""
    reading = transcripts.read(content, "a.vtt")
    assert reading.text == "Bom dia, 2<3 <aqui> ∉ AT&T sim"
    assert reading.properties == {"kind": "transcript", "language": "pt", "illustrative": True}


@pytest.mark.parametrize(
    ("time", "second"),
    [
        ("00:05.250", 5.25),
        ("00:00:05,250", 5.25),
        ("0:00:05.2", 5.2),
        ("00:05", 5.0),
        ("120:00.000", 7200.0),
        ("101:00:00.000", 363_600.0),
    ],
)
def test_times_in_every_common_form(time: str, second: float) -> None:
    reading = transcripts.read(f"WEBVTT\n\n{time} --> 200:00:00.000line:4\nHello".encode(), "a.vtt")
    assert said(reading) == [(second, 720_000.0, None, "Hello")]


def test_srt_with_and_without_numbers_or_blank_lines() -> None:
    first, second = "00:00:01,500 --> 00:00:02,000", "00:00:03,000 --> 00:00:04,000"
    numbered = f"1\r\n{first}\r\nOne\r\nmore\r\n\r\n2\r\n{second}\r\nTwo\r\n"
    bare = f"{first}\nOne\nmore\n\n{second}\nTwo"
    packed = numbered.replace("\r\n\r\n", "\n")
    for text in (numbered, bare, packed):
        assert said(transcripts.read(text.encode(), "a.srt")) == [
            (1.5, 2.0, None, "One more"),
            (3.0, 4.0, None, "Two"),
        ]


def test_words_after_a_blank_line_stay_with_their_cue() -> None:
    reading = transcripts.read(
        b"1\n00:01.000 --> 00:02.000\n\nOne\n\ntwo\n\n2\n00:03.000 --> 00:04.000\nThree", "a.srt"
    )
    assert [words for *_, words in said(reading)] == ["One two", "Three"]


def test_cues_are_put_in_order_of_time_and_overlap_is_kept() -> None:
    content = (
        b"WEBVTT\n\n00:10.000 --> 00:12.000\nlast\n\n"
        b"00:01.000 --> 00:05.000\nfirst\n\n00:01.000 --> 00:03.000\nsecond"
    )
    assert [words for *_, words in said(transcripts.read(content, "a.vtt"))] == ["first", "second", "last"]


def test_a_single_cue_with_senseless_times_keeps_its_words_and_what_is_known() -> None:
    content = vtt("One", "Two", "Three", "Four").replace(
        b"00:02.000 --> 00:03.000", b"00:02.000 --> 00:01.000"
    )
    content = content.replace(b"00:04.000 --> 00:05.000", b"00:xx --> 00:75.000")
    assert [(start, end) for start, end, *_ in said(transcripts.read(content, "a.vtt"))] == [
        (0.0, 1.0),
        (2.0, None),
        (None, None),
        (6.0, 7.0),
    ]


def test_automatic_captions_that_roll_say_everything_once() -> None:
    content = b"""WEBVTT
Kind: captions
Language: en

00:00:00.000 --> 00:00:02.000 align:start position:0%
 \nwelcome<00:00:00.500><c> to</c><00:00:01.000><c> all</c>

00:00:02.000 --> 00:00:02.010 align:start position:0%
welcome to all
 \n
00:00:02.010 --> 00:00:04.000 align:start position:0%
welcome to all
of<00:00:02.500><c> you</c>

00:00:04.000 --> 00:00:04.010 align:start position:0%
of you
 \n
00:00:04.010 --> 00:00:06.000 align:start position:0%
of you
here
"""
    assert said(transcripts.read(content, "a.vtt")) == [
        (0.0, 2.01, None, "welcome to all"),
        (2.01, 4.01, None, "of you"),
        (4.01, 6.0, None, "here"),
    ]


def test_what_people_repeat_is_kept_but_the_same_cue_stands_once() -> None:
    assert (
        transcripts.read(vtt("Yes.", "Yes.", "No.", "No.", "Well."), "a.vtt").text
        == "Yes. Yes. No. No. Well."
    )
    doubled = vtt("One.") + vtt("One.", "Two.")[6:]
    assert transcripts.read(doubled, "a.vtt").text == "One. Two."


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (b"", "utf-16-be"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (b"", "cp1252"),
    ],
)
def test_encodings(mark: bytes, encoding: str) -> None:
    words = " ".join(
        ["Les compétences acquises à l’étranger seront reconnues, dès l’été, près de Ségou."] * 3
    )
    text = f"WEBVTT\n\n00:01.000 --> 00:02.000\n<v José>{words}"
    assert said(transcripts.read(mark + text.encode(encoding), "a.vtt")) == [(1.0, 2.0, "José", words)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"WEBVTT\n\nNOTE nothing here", "no caption with a time"),
        (b"Just a letter.", "no caption with a time"),
        (b"", "no caption with a time"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n<b></b>", "no words|no text"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n\n\n00:03.000 --> 00:04.000\n", "hold no words"),
        (b"WEBVTT\n\n00:09.000 --> 00:02.000\nOne\n\n00:12.000 --> 00:11.000\nTwo", "2 of its 2 captions"),
        (b"WEBVTT\n\n00:00.000 --> 00:00.000\nOne\n\n00:00.000 --> 00:00.000\nTwo", "at the same moment"),
    ],
)
def test_a_file_without_usable_captions_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(FileRejected, match=reason):
        transcripts.read(content, "a.vtt")


@pytest.mark.parametrize(
    "text",
    [
        "[00:00:05] Anna: Who pays?\n[00:00:09] Ben: Employers do.\n[00:01:00] Anna: All of it?",
        "00:00:05\tAnna:\tWho pays?\n00:00:09\tBen:\tEmployers do.\n00:01:00\tAnna:\tAll of it?",
        "Anna (00:05): Who pays?\nBen (00:09): Employers do.\nAnna (01:00): All of it?",
        "Anna (00:05)\nWho pays?\n\nBen (00:09)\nEmployers\ndo.\n\nAnna (01:00)\nAll of it?",
        "Anna   0:05\nWho pays?\n\nBen   0:09\nEmployers do.\n\nAnna   1:00\nAll of it?",
    ],
)
def test_conversations_with_times(text: str) -> None:
    assert transcripts.looks_like_transcript(text)
    assert said(transcripts.read_plain(text, "a.txt")) == [
        (5.0, 9.0, "Anna", "Who pays?"),
        (9.0, 60.0, "Ben", "Employers do."),
        (60.0, None, "Anna", "All of it?"),
    ]


def test_a_clock_that_is_set_back_gives_no_end() -> None:
    lines = [f"[00:{second:02d}] Anna: Well." for second in (5, 9, 12, 2, 15, 20, 25)]
    found = said(transcripts.read_plain("\n".join(lines), "a.txt"))
    assert [(start, end) for start, end, *_ in found][1:4] == [(9.0, 12.0), (12.0, None), (2.0, 15.0)]


def test_times_without_names_and_captions_named_txt() -> None:
    timed = "[00:01 --> 00:02] One.\n[00:03 --> 00:04] Two.\n[00:05 --> 00:06] Three."
    assert said(transcripts.read_plain(timed, "a.txt"))[1] == (3.0, 4.0, None, "Two.")
    captions = vtt("Anna: One.", "Ben: Two.").decode()
    assert transcripts.looks_like_transcript(captions)
    assert said(transcripts.read_plain(captions, "a.txt"))[1] == (2.0, 3.0, "Ben", "Two.")


def test_a_conversation_without_times_has_speakers_and_no_times() -> None:
    turns = ["Anna: Who pays?", "Ben: Employers do.\nThey must.", "Anna: Note: not all.", "Ben: Most."]
    text = "\n\n".join(["Panel on fees, Nairobi", *turns])
    assert transcripts.looks_like_transcript(text)
    reading = transcripts.read_plain(text, "a.txt")
    assert reading.text.startswith("Panel on fees, Nairobi\n\nWho pays?\n\nEmployers do. They must.")
    assert [(start, speaker) for start, _, speaker, _ in said(reading)] == [(None, "Anna"), (None, "Ben")] * 2
    assert str(reading.places.place(reading.places.cues[0].span)) == "Anna"


@pytest.mark.parametrize(
    "text",
    [
        "Objective: To train nurses.\nActors: The ministry.\nResults: Forty nurses.\nContact: The ministry.",
        "Scheme: PALM.\nCorridor: Fiji.\nFee: None.\n" * 3,
        "Scheme: PALM\nCorridor: Fiji\n" * 3,
        "[03:00] Anna: Newest first.\n[02:00] Ben: Older.\n[01:00] Anna: Oldest.",
        "Q: Who pays?\nA: Employers do.\nQ: All of it?\nA: Most.",
        "09:00 Registration: at the desk\n09:30 Opening: the minister\n10:00 Panel: on fees",
        "Bus 12:30\nBus 12:45\nBus 13:00",
        "Our findings are clear: fees fall.\nWe saw two things: growth and change.\nThat is all.",
        "",
    ],
)
def test_forms_agendas_and_prose_are_no_conversations(text: str) -> None:
    assert not transcripts.looks_like_transcript(text)


def test_no_page_of_the_documentation_is_a_conversation(shared: Callable[[str], Path]) -> None:
    pages = [*shared("documents").glob("*.txt"), *shared(".").glob("*.md")]
    assert pages
    assert not [page.name for page in pages if transcripts.looks_like_transcript(page.read_text("utf-8"))]


def test_every_speaker_time_and_word_of_every_real_zoom_export(shared: Callable[[str], Path]) -> None:
    paths = sorted(shared("eval/transcripts/zoom").glob("*/transcript.vtt"))
    assert len(paths) == 27
    for path in paths:
        expected = []
        for block in path.read_text("utf-8").strip().split("\n\n")[1:]:
            _, times, words = block.strip().split("\n")
            hours, minutes, seconds = times.split(" --> ")[0].split(":")
            speaker, _, rest = words.partition(":")
            start = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
            expected += [(round(start, 3), speaker.strip(), rest.split())] if rest.strip() else []
        found = said(transcripts.read(path.read_bytes(), path.name))
        assert [
            (round(start or 0, 3), speaker, words.split()) for start, _, speaker, words in found
        ] == expected


def test_every_word_of_every_qmsum_meeting_has_its_speaker(shared: Callable[[str], Path]) -> None:
    paths = sorted(shared("eval/transcripts/qmsum/vtt").glob("*.vtt"))
    assert len(paths) == 34
    for path in paths:
        expected = re.findall(r"<v ([^>]+)>(.+?)</v>", path.read_text("utf-8"))
        found = said(transcripts.read(path.read_bytes(), path.name))
        assert [(speaker, words.split()) for _, _, speaker, words in found] == [
            (speaker, words.replace("&amp;", "&").split()) for speaker, words in expected
        ]


# Where vtt.js, by the letter of the standard, drops words, they are kept here: text after a blank line,
# after a tag that never ends, and in files without a proper header.
KEPT = {
    "cuetext__format__double-line-break",
    "cuetext__tag-format__start-tag-missing-gt",
    "cuetext__voice__no-end-gt",
    "file-layout__bom-garbage-data",
    "file-layout__header-no-new-line",
    "integration__arrows",
}


def test_captions_made_to_break_parsers_read_as_in_vtt_js(shared: Callable[[str], Path]) -> None:
    compared = 0
    for path in sorted(shared("eval/transcripts/odd/vttjs").glob("*.vtt")):
        shown = path.with_name(f"{path.stem}-proc.json")
        parsed = path.with_suffix(".json")
        if path.stem in KEPT or not (shown.exists() or parsed.exists()):
            continue
        if shown.exists():
            expected = [cue["textContent"] for cue in json.loads(shown.read_text("utf-8"))]
        else:
            raw = [
                cue["text" if "text" in cue else "content"]
                for cue in json.loads(parsed.read_text("utf-8"))["cues"]
            ]
            expected = [re.sub(r"</?[\w.]+( [^>]*)?>", "", text) for text in raw]
        try:
            found = [words for *_, words in said(transcripts.read(path.read_bytes(), path.name))]
        except FileRejected:
            found = []
        assert found == [" ".join(text.split()) for text in expected if text.strip()], path.stem
        compared += 1
    assert compared == 68


@pytest.mark.parametrize(
    ("file", "cues"),
    [
        ("pysrt/bom-utf-16-be.srt", 7),
        ("pysrt/bom-utf-32-be.srt", 7),
        ("pysrt/bom-utf-32-le.srt", 7),
        ("pysrt/capability_tester.srt", 37),
        ("pysrt/empty.srt", 5),
        ("pysrt/invalid.srt", 1),
        ("pt-br_srt/G1rOthIU-uo.srt", 56),
        ("pt-br_srt/Gjnup-PuquQ.srt", 57),
        ("pt-br_srt/NhMGeHkzg0A.srt", 29),
    ],
)
def test_odd_srt_files(shared: Callable[[str], Path], file: str, cues: int) -> None:
    path = shared(f"eval/transcripts/odd/{file}")
    found = said(transcripts.read(path.read_bytes(), path.name))
    assert len(found) == cues
    assert all(start is not None and end is not None and speaker is None for start, end, speaker, _ in found)
