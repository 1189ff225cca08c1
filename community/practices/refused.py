"""What can keep a form from being saved, beside what everything of the community can be refused for."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError

from community.errors import Conflict
from community.practices.drafts import Draft
from ingest.errors import UjuziError


class Changed(Conflict):
    """The form was saved in another window. ``stored`` is what stands there; nothing was overwritten."""

    def __init__(self, stored: Draft) -> None:
        self.stored = stored
        super().__init__(
            "This form was changed in another window or by another device since you opened it here. Nothing "
            "was overwritten: both texts are kept until you choose."
        )


class NoRoom(UjuziError):
    """The disk takes no more; what was saved before stands."""


@contextmanager
def room(done: str) -> Iterator[None]:
    """Around what writes: a full disk is said in words. What was begun has been undone by then."""
    try:
        yield
    except (OSError, OperationalError) as error:
        if not _is_full(error):
            raise
        raise NoRoom(
            f"The disk of this library is full, so this was not {done}. Your draft stands as it was last "
            "saved. Keep this page open, tell whoever runs the library, and try again when there is room."
        ) from error


def _is_full(error: Exception) -> bool:
    is_quota = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return is_quota or "disk is full" in str(error)
