"""What is said of a submission, in sentences: who was quicker, what its author is told."""

from __future__ import annotations

from datetime import datetime

from community.submissions.states import Act
from community.submissions.values import UNTITLED, Submission
from ingest.text import clean_line
from web.words import counted, written

DONE = {
    Act.SUBMIT: "handed it in",
    Act.TAKE_BACK: "took it back",
    Act.TAKE: "began to review it",
    Act.TAKE_OVER: "took the review over",
    Act.ASK_CHANGES: "asked for changes",
    Act.DECLINE: "declined it",
    Act.PUBLISH: "published it",
    Act.WITHDRAW: "withdrew it",
    Act.RESTORE: "published it again",
}
_TOLD = {
    Act.ASK_CHANGES: "“{title}” was read. A few changes are asked for before it can be published.",
    Act.DECLINE: "“{title}” was not taken into the library. The reason is on its page.",
    Act.PUBLISH: "“{title}” is published.",
    Act.WITHDRAW: "“{title}” was withdrawn from the library. The reason is on its page.",
    Act.RESTORE: "“{title}” is published again.",
}
MOST_CHARACTERS = 5_000  # of one comment, remark or reason
_MOST_TITLE = 300
HANDED_IN_AGAIN = "A submission that you reviewed was handed in again."
TAKEN_BACK = "A submission that you reviewed was taken back by its author, who may go on writing."
REPLACED = "replaced it by a later version"


def told(act: Act, submission: Submission) -> str:
    """What the author hears of a reviewer's act; empty where there is nothing to tell."""
    return _TOLD.get(act, "").format(title=submission.title)


def ago(then: datetime, moment: datetime) -> str:
    """How long ago ``then`` was, as one says it: "a minute ago", "3 hours ago", "on 4 March 2026"."""
    minutes = int((moment - then).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return "a minute ago" if minutes == 1 else f"{counted(minutes, 'minute')} ago"
    if minutes < 24 * 60:
        return "an hour ago" if minutes < 120 else f"{counted(minutes // 60, 'hour')} ago"
    return f"on {written(then)}"


def quicker(name: str, done: str, when: str) -> str:
    """Why something can no longer be done: somebody changed the same thing since the page was opened."""
    return f"{name} {done} {when}. Nothing of yours was changed; look at it again before you go on."


def titled(title: str) -> str:
    """A title as it is kept: cleaned, on one line, and never empty."""
    return clean_line(title)[:_MOST_TITLE] or UNTITLED


def too_long(text: str) -> str:
    """What is said where somebody wrote more than is kept; empty where they did not."""
    if len(text) <= MOST_CHARACTERS:
        return ""
    return f"This has {len(text):,} characters; at most {MOST_CHARACTERS:,} can be kept. Shorten it."
