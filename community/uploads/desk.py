"""The rows of uploads, read and moved from stage to stage."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from community.uploads import tables
from community.uploads.values import Stage, Upload
from community.uploads.wording import NOT_THERE
from ingest.errors import NotFound

_rows = tables.uploads.c
OPEN = tuple(stage for stage in Stage if stage.is_open)


class Desk:
    """Each call belongs to the transaction of whoever calls it."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    def enter(self, connection: Connection, upload: Upload, key: str = "") -> None:
        """Write the row of a file that came; ``key`` is the sender's."""
        connection.execute(insert(tables.uploads).values(tables.row_of(upload, key)))

    def sent_before(self, connection: Connection, person_id: str, key: str) -> list[Upload]:
        """What the same person sent under the same key: the answer was lost, and they sent it again."""
        query = select(tables.uploads).where(_rows.person_id == person_id, _rows.key == key)
        return [tables.upload_of(row) for row in connection.execute(query).mappings()] if key else []

    def get(self, connection: Connection, upload_id: str) -> Upload:
        """One upload, whoever asks. Raises NotFound."""
        query = select(tables.uploads).where(_rows.id == upload_id)
        row = connection.execute(query).mappings().first()
        if row is None:
            raise NotFound(NOT_THERE)
        return tables.upload_of(row)

    def of(self, connection: Connection, person_id: str, since: datetime) -> list[Upload]:
        """What somebody sent that is open, or was refused or handed in ``since`` then, the oldest first."""
        lately = (_rows.changed_at >= since.isoformat()) & (_rows.stage != Stage.CANCELLED)
        shown = _rows.stage.in_(OPEN) | lately
        query = select(tables.uploads).where(_rows.person_id == person_id, shown).order_by(_rows.number)
        return [tables.upload_of(row) for row in connection.execute(query).mappings()]

    def handed_in(self, connection: Connection, submission_id: str) -> Upload | None:
        """The file that was handed in last as a submission; None where none was."""
        query = select(tables.uploads).where(_rows.submission_id == submission_id)
        query = query.where(_rows.stage == Stage.HANDED_IN).order_by(_rows.number.desc())
        row = connection.execute(query).mappings().first()
        return None if row is None else tables.upload_of(row)

    def batch(self, connection: Connection, person_id: str, batch: str) -> list[Upload]:
        """What somebody sent together."""
        query = select(tables.uploads).where(_rows.person_id == person_id, _rows.batch == batch)
        return [tables.upload_of(row) for row in connection.execute(query).mappings()]

    def read_before(self, connection: Connection, upload: Upload) -> list[Upload]:
        """Those of the same person that were read before and wait, or are being stored."""
        number = select(_rows.number).where(_rows.id == upload.id).scalar_subquery()
        query = select(tables.uploads).where(
            _rows.person_id == upload.person_id,
            _rows.stage.in_((Stage.WAITING, Stage.STORING)),
            _rows.number < number,
        )
        return [tables.upload_of(row) for row in connection.execute(query).mappings()]

    def waiting(self, connection: Connection, person_id: str) -> tuple[int, int]:
        """How many files of somebody are open, and their bytes."""
        query = select(func.count(), func.coalesce(func.sum(_rows.size), 0))
        query = query.where(_rows.person_id == person_id, _rows.stage.in_(OPEN))
        count, size = connection.execute(query).one()
        return int(count), int(size)

    def open_ids(self, connection: Connection) -> set[str]:
        """Whose files are still wanted."""
        return set(connection.scalars(select(_rows.id).where(_rows.stage.in_(OPEN))))

    def claimed(self, connection: Connection, person_id: str) -> set[str]:
        """The submissions that belong to somebody's uploads."""
        query = select(_rows.submission_id).where(_rows.person_id == person_id)
        return set(connection.scalars(query))

    def forget(self, connection: Connection, person_id: str) -> list[str]:
        """Cancel what somebody did not hand in, and empty its rows; the ids of those that had files."""
        return _emptied(connection, (_rows.person_id == person_id) & (_rows.stage != Stage.HANDED_IN))

    def forget_submission(self, connection: Connection, submission_id: str) -> list[str]:
        """Cancel and empty whatever was sent for a submission; the ids of those that had files."""
        return _emptied(connection, _rows.submission_id == submission_id)

    def move(
        self, connection: Connection, upload_id: str, start: Collection[Stage], end: Stage, **values: object
    ) -> bool:
        """Move an upload on and change ``values``; false, with nothing changed, where it is elsewhere."""
        changed = connection.execute(
            update(tables.uploads)
            .where(_rows.id == upload_id, _rows.stage.in_(start))
            .values(stage=end, changed_at=self._clock().isoformat(), **values)
        )
        return changed.rowcount == 1


def _emptied(connection: Connection, which: ColumnElement[bool]) -> list[str]:
    kept = list(connection.scalars(select(_rows.id).where(which, _rows.stage.in_(OPEN))))
    empty = {"name": "", "path": "", "notes": "[]", "likenesses": "[]", **tables.suggested(None)}
    connection.execute(update(tables.uploads).where(which).values(stage=Stage.CANCELLED, **empty))
    return kept
