"""Calls for good practices: drafted by staff from a group of questions, published, closed by a deadline."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, insert, select, update

from community import audit
from community.errors import Invalid
from community.gaps.call_form import (
    MOST_COUNTRIES,
    TO_FILL,
    ZONE,
    CallForm,
    checked,
    draft_text,
    draft_title,
    slug,
)
from community.gaps.groups import Gaps
from community.gaps.tables import calls
from community.gaps.values import Group, lines
from community.people import Person, Role
from community.records import Records, now
from ingest.errors import NotFound

_OPEN_FOR = timedelta(weeks=6)


class CallState(StrEnum):
    """Where a call stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Call:
    """One call. It is open until the end of the day ``deadline`` in the time zone ``zone``."""

    id: str
    title: str
    text: str
    themes: tuple[str, ...]
    countries: tuple[str, ...]
    deadline: date
    zone: str
    state: CallState
    group_id: str

    @property
    def ends(self) -> datetime:
        """The moment after which nothing can be sent any more."""
        return datetime.combine(self.deadline + timedelta(days=1), time(), ZoneInfo(self.zone))


class Calls:
    """The façade for calls. Those that are open or closed are for everybody, drafts for staff."""

    def __init__(self, records: Records, gaps: Gaps, *, clock: Callable[[], datetime] = now) -> None:
        self._records = records
        self._gaps = gaps
        self._clock = clock

    def open(self) -> list[Call]:
        """The calls that can be answered now, the one that ends first first."""
        return sorted((one for one in self._all() if one.state is CallState.OPEN), key=lambda one: one.ends)

    def all(self, who: Person) -> list[Call]:
        """Every call, drafts too, the newest first; for staff."""
        who.must_be(Role.STAFF)
        return self._all()

    def call(self, who: Person, call_id: str) -> Call:
        """One call. NotFound, also of somebody else's draft."""
        found = next((one for one in self._all() if one.id == call_id), None)
        if found is None or (found.state is CallState.DRAFT and not who.may(Role.STAFF)):
            raise NotFound("There is no such call.")
        return found

    def title_of(self, call_id: str) -> str:
        """What a published call is called; empty where there is none."""
        titles = (one.title for one in self._all() if one.id == call_id and one.state is not CallState.DRAFT)
        return next(titles, "")

    def draft(self, who: Person, group_id: str) -> Call:
        """A draft from a group of questions, which says nothing that a member wrote. NotFound."""
        who.must_be(Role.STAFF)
        group = self._gaps.group(who, group_id)
        if group.call_id:
            return self.call(who, group.call_id)
        themes = self._themes(who, group)
        countries = tuple(country for country, _ in group.countries[:MOST_COUNTRIES])
        title = draft_title(themes, countries)
        call_id = f"{slug(title)}-{secrets.token_hex(3)}"
        at = self._clock()
        row = {
            "id": call_id,
            "title": title,
            "text": draft_text(themes, countries),
            "themes": "\n".join(themes),
            "countries": "\n".join(countries),
            "deadline": (at + _OPEN_FOR).date().isoformat(),
            "zone": ZONE,
            "state": CallState.DRAFT,
            "group_id": group_id,
            "created_at": at.isoformat(),
            "changed_at": at.isoformat(),
        }
        with self._records.writing() as connection:
            connection.execute(insert(calls).values(row))
            self._gaps.drafted(connection, who, group_id, call_id)
            audit.record(connection, who, "call drafted", f"call:{call_id}", {"group": group_id})
        return self.call(who, call_id)

    def save(self, who: Person, call_id: str, form: CallForm) -> Call:
        """Change what a call says. Invalid, NotFound."""
        who.must_be(Role.STAFF)
        self._change(who, call_id, checked(form), "call changed")
        return self.call(who, call_id)

    def publish(self, who: Person, call_id: str) -> Call:
        """Open a draft, or a closed one whose deadline was moved. Invalid where it is not ready; NotFound."""
        who.must_be(Role.STAFF)
        call = self.call(who, call_id)
        if call.ends <= self._clock():
            raise Invalid({"deadline": "The deadline has passed. Move it, and publish then."})
        if TO_FILL in call.text:
            raise Invalid(
                {"text": "Say in your own words what is missing, in the place of the line in brackets."}
            )
        self._change(who, call_id, {"state": CallState.OPEN}, "call published")
        return self.call(who, call_id)

    def close(self, who: Person, call_id: str) -> Call:
        """Take nothing more. NotFound."""
        who.must_be(Role.STAFF)
        self._change(who, call_id, {"state": CallState.CLOSED}, "call closed")
        return self.call(who, call_id)

    def _change(self, who: Person, call_id: str, values: dict[str, str], action: str) -> None:
        values = values | {"changed_at": self._clock().isoformat()}
        with self._records.writing() as connection:
            if not connection.execute(update(calls).where(calls.c.id == call_id).values(values)).rowcount:
                raise NotFound("There is no such call.")
            audit.record(connection, who, action, f"call:{call_id}")

    def _all(self) -> list[Call]:
        query = select(calls).order_by(calls.c.created_at.desc(), calls.c.id)
        with self._records.reading() as connection:
            return [self._call(row) for row in connection.execute(query).mappings()]

    def _call(self, row: RowMapping) -> Call:
        values = {name: row[name] for name in ("id", "title", "text", "zone", "group_id")}
        call = Call(
            themes=lines(row["themes"]),
            countries=lines(row["countries"]),
            deadline=date.fromisoformat(row["deadline"]),
            state=CallState(row["state"]),
            **values,
        )
        return self._closed_by_now(call)

    def _closed_by_now(self, call: Call) -> Call:
        is_over = call.state is CallState.OPEN and call.ends <= self._clock()
        return replace(call, state=CallState.CLOSED) if is_over else call

    def _themes(self, who: Person, group: Group) -> tuple[str, ...]:
        """The themes of what comes nearest, those that most of it shares."""
        nearest = self._gaps.nearest(who, group)
        counted = Counter(theme for hit in nearest for theme in hit.source.themes)
        return tuple(theme for theme, count in counted.most_common(2) if 2 * count > len(nearest))
