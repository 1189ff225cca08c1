"""What is said about uploads, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from community.uploads.values import Alike, Likeness, Upload

NOT_THERE = "You have no such upload."
CHOOSE = "Choose one or more files to send."
DECIDE = "Something like it is in the library already. Say whether it replaces that, or both are kept."
NOT_YOURS = "You cannot replace that document. Keep both, or cancel this upload."
ALREADY = "This file is no longer waiting for you, so nothing was changed."
PROGRAMME = (
    "It describes a webinar's programme in YAML, which staff upload. Send what was said or shown, or the "
    "programme as a document."
)
BEING_REVIEWED = (
    "Another new version of that document is being reviewed. Keep both, or wait until that is decided: your "
    "file stays here."
)
MOVED_ON = (
    "What this was to be a new version of has moved on and takes none now. Look at it; to hand in this file "
    "as a document of its own, cancel it here and send it again."
)
TITLE = "Give it a title: it is what readers see first."
EMPTY = "The file is empty. Check that it was saved and copied in full, and send it again."
TOO_MANY = "You have {most} files waiting, as many as can. Confirm or cancel some of them, then send more."
READY = "{count} you sent {verb} read. Look at what was understood, and hand {them} in."
_WAYS = {
    Alike.SAME_FILE: "It is the very same file as “{title}”.",
    Alike.SAME_TEXT: "It has the same text as “{title}”.",
    Alike.NEW_VERSION: "It looks like another version of “{title}”: {share} of its text stands there.",
    Alike.INSIDE: "It is an excerpt of “{title}”: {share} of its text stands there.",
    Alike.AROUND: "The text of “{title}” stands in it; it makes up {share} of this one.",
}


def too_large(size: int, limit: int) -> str:
    """Why a file of ``size`` bytes was not kept."""
    return (
        f"It has {size / 1e6:.0f} MB, and {limit / 1e6:.0f} MB is the most. Split it, or save it with "
        "smaller pictures, and send it again."
    )


def alike(like: Likeness) -> str:
    """In which way a new document is like one that is there."""
    return _WAYS[like.way].format(title=like.title, share=f"{like.share:.0%}")


def ready(uploads: Sequence[Upload]) -> str:
    """That files have been read and wait for their owner."""
    one = len(uploads) == 1
    count = f"The file “{uploads[0].path}” that" if one else f"The {len(uploads)} files that"
    return READY.format(count=count, verb="was" if one else "were", them="it" if one else "them")


def flags_of(upload: Upload) -> list[str]:
    """What a reviewer should know of an upload that its owner need not have been told."""
    flags = [alike(like) for like in upload.likenesses]
    if upload.hidden:
        signs = "sign that readers" if upload.hidden == 1 else "signs that readers"
        flags.append(
            f"The file holds {upload.hidden} {signs} do not see. They were taken out; look whether words "
            "were meant to be hidden."
        )
    return flags + list(upload.notes)


def not_handed_in(upload: Upload, reason: str) -> str:
    """That a file could not be handed in, and why."""
    return f"“{upload.path}” was not handed in. {reason}"
