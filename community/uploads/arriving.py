"""A file of a request as an upload: what is said beside it, what it is called, why it was not kept."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from community.uploads.names import shown_name, shown_path
from community.uploads.receiving import Arrived
from community.uploads.values import Stage, Upload
from community.uploads.wording import EMPTY, too_large

_NAME_OF_OURS = re.compile(r"[0-9a-f]{12}")


class Sent(NamedTuple):
    """What a form says beside its files: names of ours, or empty.

    ``key`` is the sender's own for this file: should it be sent again, since the answer was lost.
    """

    batch: str
    submission: str = ""
    call: str = ""
    key: str = ""


def sent_with(fields: Mapping[str, str]) -> Sent:
    """The fields of a form. What looks like no name of ours counts as left out."""
    named = {
        name: value
        for name, value in fields.items()
        if name in Sent._fields and _NAME_OF_OURS.fullmatch(value)
    }
    return Sent(**{"batch": secrets.token_hex(6), **named})


def upload_of(person_id: str, arrived: Arrived, sent: Sent, limit: int, moment: datetime) -> Upload:
    """A file as it enters the list of its owner; one that was too large or is empty is refused."""
    wrong = too_large(arrived.size, limit) if arrived.size else EMPTY
    reason = "" if arrived.is_kept else wrong
    return Upload(
        id=arrived.id,
        person_id=person_id,
        batch=sent.batch,
        name=shown_name(arrived.given_name),
        path=shown_path(arrived.given_name),
        size=arrived.size,
        digest=arrived.digest,
        stage=Stage.REFUSED if reason else Stage.RECEIVED,
        received_at=moment,
        changed_at=moment,
        reason=reason,
        submission_id=sent.submission,
        call_id=sent.call,
    )
