"""What was said in a session: captions (WebVTT, SRT) and conversations in plain text, with time and speaker.

A name comes from the file or stays unknown, and so does a time; nothing is carried over from cue to cue.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.builder import Reading, TextBuilder
from ingest.errors import FileRejected
from ingest.readers.captions import Caption, Voice, chronological, parse, unrolled, voices, words
from ingest.readers.conversation import turns
from ingest.readers.guard import finished
from ingest.readers.speakers import accepted_names, split_label
from ingest.text import clean, decode

_EXPORT_AGAIN = "Export the captions again."


def read(content: bytes, name: str) -> Reading:
    """The cues of a .vtt or .srt file by their start. FileRejected where its times cannot be used."""
    text = decode(content, name)
    return _captions(text, name, webvtt=_is_webvtt(text) or name.lower().endswith(".vtt"))


def looks_like_transcript(text: str) -> bool:
    """Whether plain text is captions or a conversation: turns by names that recur, or at rising times."""
    text = clean(text)
    return _holds_captions(text) or turns(text) is not None


def read_plain(text: str, name: str) -> Reading:
    """The turns of a transcript in plain text; times and speakers where it gives them."""
    if _holds_captions(cleaned := clean(text)):
        return _captions(text, name, webvtt=_is_webvtt(text))
    conversation = turns(cleaned)
    if conversation is None:
        raise FileRejected(name, "It is no transcript: write each turn as 'Name: text' on a line of its own.")
    before, found = conversation
    builder = TextBuilder()
    for block in before.split("\n\n"):
        builder.paragraph(block)
    for turn in found:
        builder.cue(turn.said, turn.start, turn.end, turn.speaker)
    return finished(builder, {"kind": "transcript"}, name)


def _captions(text: str, name: str, webvtt: bool) -> Reading:
    found = parse(text, webvtt)
    if not found.cues:
        raise FileRejected(name, f"It holds no caption with a time. {_EXPORT_AGAIN}")
    cues = unrolled(chronological(found.cues))
    if not cues:
        raise FileRejected(name, f"Its {len(found.cues)} captions hold no words. {_EXPORT_AGAIN}")
    _check_times(cues, name)
    builder = TextBuilder()
    for cue, voiced in zip(cues, _voices(cues), strict=True):
        for speaker, said in voiced:
            builder.cue(said, cue.start, cue.end, speaker)
    properties = {
        "kind": "transcript",
        "language": found.language,
        "illustrative": any("illustrative" in note.casefold() for note in found.notes),
    }
    return finished(builder, properties, name)


def _check_times(cues: Sequence[Caption], name: str) -> None:
    senseless = sum(cue.start is None or cue.end is None for cue in cues)
    if 2 * senseless > len(cues):
        raise FileRejected(
            name,
            f"The times of {senseless} of its {len(cues)} captions cannot be used: they are unreadable, or a "
            f"caption ends before it starts. {_EXPORT_AGAIN}",
        )
    if len(cues) > 1 and len({moment for cue in cues for moment in (cue.start, cue.end)}) == 1:
        raise FileRejected(name, f"All its {len(cues)} captions stand at the same moment. {_EXPORT_AGAIN}")


def _voices(cues: Sequence[Caption]) -> list[list[Voice]]:
    """Who says what in each cue: by ``<v Name>`` where the file has such tags, else by ``Name: text``."""
    tagged = [[(speaker, said) for speaker, said in voices(cue.lines) if said.strip()] for cue in cues]
    if any(speaker for voiced in tagged for speaker, _ in voiced):
        return tagged
    labels = [split_label(words(cue.lines[0])) for cue in cues]
    names = accepted_names([label[0] if label else None for label in labels])
    return [_labelled(cue.lines, names) for cue in cues]


def _labelled(lines: Sequence[str], names: frozenset[str]) -> list[Voice]:
    """One cue's lines, parted where one of ``names`` opens a line."""
    parts: list[tuple[str | None, list[str]]] = []
    for line in map(words, lines):
        label = split_label(line)
        if label and label[0] in names:
            parts.append((label[0], [label[1]]))
        elif parts:
            parts[-1][1].append(line)
        else:
            parts.append((None, [line]))
    return [(speaker, "\n".join(said)) for speaker, said in parts]


def _is_webvtt(text: str) -> bool:
    return text.lstrip().startswith("WEBVTT")


def _holds_captions(text: str) -> bool:
    cues = parse(text, _is_webvtt(text)).cues if "-->" in text else []
    return sum(cue.start is not None and bool(cue.lines) for cue in cues) > 1
