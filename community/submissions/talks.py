"""Comments seen from a later version: where the words that they are about stand now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from community.submissions.values import Comment, Talk
from ingest.domain import Span, Version


def talks(comments: Iterable[Comment], version: Version) -> list[Talk]:
    """Each comment with its replies, in the order of the text: on the whole first, lost words last."""
    heads: list[Comment] = []
    replies: dict[int, list[Comment]] = defaultdict(list)
    for comment in comments:
        if comment.answers:
            replies[comment.answers].append(comment)
        else:
            heads.append(comment)
    found = [Talk(one, tuple(replies[one.id]), where(one, version)) for one in heads]
    return sorted(found, key=lambda talk: (talk.is_lost, talk.span or Span(-1, -1), talk.comment.id))


def where(comment: Comment, version: Version) -> Span | None:
    """Where the words of a comment stand in ``version``: the very place, else the nearest of the same words.

    None where it is on the whole, and where these words are gone.
    """
    if comment.span is None or not comment.quote:
        return None
    start = comment.span.start
    if comment.version == version.number and version.quote(comment.span) == comment.quote:
        return comment.span
    begins = _occurrences(version.text, comment.quote)
    nearest = min(begins, key=lambda begin: abs(begin - start), default=None)
    return None if nearest is None else Span(nearest, nearest + len(comment.quote))


def on(found: Sequence[Talk], span: Span) -> list[Talk]:
    """The talks whose words begin inside ``span``."""
    return [talk for talk in found if talk.span is not None and span.start <= talk.span.start < span.end]


def _occurrences(text: str, quote: str) -> list[int]:
    begins, at = [], text.find(quote)
    while at >= 0:
        begins.append(at)
        at = text.find(quote, at + 1)
    return begins
