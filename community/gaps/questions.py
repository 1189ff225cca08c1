"""The log of questions: what was asked, whether it was answered, whether that helped, and who waits for more.

Words are masked before they are written. Who asked is known only as far as people have to be counted: by
their account, or, of a visitor, by a code that nobody can trace and that is another one every day.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from hashlib import blake2b

from sqlalchemy import Connection, RowMapping, delete, insert, or_, select, update

from community.errors import Invalid
from community.gaps import tables
from community.gaps.counting import count, count_cited
from community.gaps.countries import countries_in
from community.gaps.likeness import terms
from community.gaps.masking import masked
from community.gaps.values import REASONS, Day, Kept, kept_of, lines
from community.gaps.vectors import QuestionVectors
from community.people import Person, Role
from community.records import Records, now
from index.analysis import question_language
from index.glossary import LANGUAGES
from index.library import Library
from index.scope import STAFF
from ingest.errors import NotFound
from ingest.text import clean, clean_line

__all__ = ["Day", "Kept", "QuestionLog"]

MOST_DAYS = 365
LONGEST_WORDS = 1_000  # code points of what somebody says about an answer
_SAME = timedelta(hours=1)  # who asks the same again so soon looked at the page again
_GONE = "This answer is no longer known here: questions are kept for some days only."

questions = tables.questions


class QuestionLog:
    """What is kept of questions, for ``days`` days (0 to 365; 0 keeps nothing)."""

    def __init__(
        self, records: Records, library: Library, *, days: int = 30, clock: Callable[[], datetime] = now
    ) -> None:
        self.keeps_for = min(max(days, 0), MOST_DAYS)
        self._records = records
        self._library = library
        self._vectors = QuestionVectors(library)
        self._clock = clock
        self._codes = _Codes()

    # what people do

    def keep(
        self,
        who: Person,
        visitor: str,
        *,
        agreed: bool,
        question: str,
        understood: str,
        found: bool,
        confidence: float = 0.0,
        countries: Collection[str] = (),
        cited: Sequence[tuple[str, int]] = (),
    ) -> str:
        """Keep one question; the receipt with which its asker can say more, empty where nothing is kept.

        ``agreed``: they did not say that this one is not to be kept. ``visitor`` tells visitors of one day
        apart (address and browser) and is never written. ``countries`` are those that the search was limited
        to, of which only real ones are written, ``cited`` the versions that the answer rests on.
        """
        if not (self.keeps_for and who.keeps_questions and agreed):
            return ""
        at = self._clock()
        words = masked(clean_line(question))
        meant = masked(clean_line(understood)) or words
        language = question_language(meant, LANGUAGES)
        row = {
            "receipt": secrets.token_urlsafe(18),
            "asked_at": at.isoformat(),
            "asker": who.id or self._codes.of(visitor, at.date()),
            "person_id": "",
            "audiences": "\n".join(sorted(who.reader.audiences)),
            "question": words,
            "understood": meant,
            "language": language,
            "terms": "\n".join(sorted(terms(meant, language))),
            "countries": "\n".join(dict.fromkeys([*self._known(countries), *countries_in(meant)])),
            "found": found,
            "confidence": confidence,
            "cited": json.dumps(list(dict.fromkeys(cited))),
            **dict.fromkeys(("helpful", "reason", "words", "group_id", "answered_by"), ""),
        }
        vectors = None if found else self._vectors.made([meant])
        with self._records.writing() as connection:
            if receipt := _asked_just_now(connection, row, at):
                return receipt
            added = connection.execute(insert(questions).values(row))
            if vectors is not None:
                self._vectors.put(connection, {int(added.inserted_primary_key[0]): vectors[0]})  # type: ignore[index]
            count(connection, at.date(), asked=1, answered=int(found))
            count_cited(connection, at.date(), {source_id for source_id, _ in cited})
        return str(row["receipt"])

    def _known(self, countries: Collection[str]) -> Iterator[str]:
        """Those of ``countries`` that are some: they come from addresses, in which anything can stand."""
        held = {country for country, _ in self._library.values("countries", STAFF)} if countries else set()
        for country in countries:
            yield from (country,) if country in held else countries_in(country)

    def feedback(
        self, who: Person, receipt: str, *, helpful: bool, reason: str = "", words: str = ""
    ) -> None:
        """Whether an answer helped, and why it did not. What is said last counts. NotFound, Invalid."""
        if reason and reason not in REASONS:
            raise Invalid({"reason": "Choose one of the reasons."})
        said = masked(clean(words[: 2 * LONGEST_WORDS]))[:LONGEST_WORDS]
        values = {"helpful": "yes" if helpful else "no", "reason": reason, "words": said}
        if helpful:
            values |= {"reason": "", "words": ""}
        with self._records.writing() as connection:
            row = _of(connection, who, receipt)
            counted = Counter(_judgement(values["helpful"]))
            counted.subtract(_judgement(row["helpful"]))
            count(connection, datetime.fromisoformat(row["asked_at"]).date(), **counted)
            connection.execute(update(questions).where(questions.c.id == row["id"]).values(values))

    def tell(self, who: Person, receipt: str) -> None:
        """``who`` wants to hear when it is answered. NotAllowed for visitors, NotFound."""
        who.must_be(Role.MEMBER)
        with self._records.writing() as connection:
            row = _of(connection, who, receipt)
            connection.execute(update(questions).where(questions.c.id == row["id"]).values(person_id=who.id))

    def own(self, who: Person, receipt: str) -> Kept:
        """What is kept of the question that the receipt is for. NotFound."""
        with self._records.reading() as connection:
            return kept_of(_of(connection, who, receipt))

    # what goes

    def sweep(self) -> int:
        """Delete what was kept long enough, from the file too; how many questions went."""
        before = self._clock() - timedelta(days=self.keeps_for)
        with self._records.writing() as connection:
            gone = self._delete(connection, questions.c.asked_at <= before.isoformat())
        if gone:
            self._library.store.empty_journal()
        return gone

    def forget(self, connection: Connection, person_id: str) -> int:
        """Delete what somebody asked, in the transaction in which they go; how many questions went."""
        theirs = or_(questions.c.asker == person_id, questions.c.person_id == person_id)
        return self._delete(connection, theirs) if person_id else 0

    def _delete(self, connection: Connection, which: object) -> int:
        ids = select(questions.c.id).where(which)  # type: ignore[arg-type]
        vectors = tables.question_vectors
        connection.execute(delete(vectors).where(vectors.c.question_id.in_(ids)))
        gone = connection.execute(delete(questions).where(which)).rowcount  # type: ignore[arg-type]
        if gone:
            held = select(questions.c.group_id).distinct()
            connection.execute(delete(tables.groups).where(tables.groups.c.id.not_in(held)))
        return gone

    # what staff counts

    def days(self, who: Person, since: date) -> list[Day]:
        """What was asked on each day since ``since`` on which anything was."""
        who.must_be(Role.STAFF)
        query = select(tables.days).where(tables.days.c.day >= since.isoformat()).order_by(tables.days.c.day)
        with self._records.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return [Day(**(dict(row) | {"day": date.fromisoformat(row["day"])})) for row in rows]

    def cited(self, who: Person, since: date) -> Counter[str]:
        """How many answers cited each source since ``since``, by its id."""
        who.must_be(Role.STAFF)
        table = tables.cited_days
        counted: Counter[str] = Counter()
        with self._records.reading() as connection:
            for row in connection.execute(select(table).where(table.c.day >= since.isoformat())).mappings():
                counted[row["source_id"]] += row["answers"]
        return counted

    def citing(self, who: Person, source_id: str, most: int = 200) -> list[Kept]:
        """The questions whose answers cited a source, the newest first, among what is kept."""
        who.must_be(Role.STAFF)
        named = questions.c.cited.contains(json.dumps(source_id), autoescape=True)
        query = select(questions).where(named).order_by(questions.c.id.desc()).limit(most)
        with self._records.reading() as connection:
            return [kept_of(row) for row in connection.execute(query).mappings()]

    def asked_in_vain(self, who: Person) -> Counter[str]:
        """How many people asked about each country without an answer, among what is kept."""
        who.must_be(Role.STAFF)
        asked: dict[str, set[str]] = defaultdict(set)
        query = select(questions.c.countries, questions.c.asker).where(questions.c.found.is_(False))
        with self._records.reading() as connection:
            for countries, asker in connection.execute(query):
                for country in lines(countries):
                    asked[country].add(asker)
        return Counter({country: len(people) for country, people in asked.items()})


class _Codes:
    """Codes for visitors. The key is in memory only and is thrown away with its day."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._day: date | None = None
        self._key = b""

    def of(self, visitor: str, day: date) -> str:
        """The code of a visitor on a day; it begins with a sign that no person's id begins with."""
        with self._lock:
            if day != self._day:
                self._day, self._key = day, secrets.token_bytes(32)
            return "~" + blake2b(visitor.encode(errors="replace"), key=self._key, digest_size=12).hexdigest()


def _asked_just_now(connection: Connection, row: dict[str, object], at: datetime) -> str:
    """The receipt of the same question by the same asker with the same outcome, a moment ago."""
    same = [questions.c[name] == row[name] for name in ("asker", "question", "understood", "found", "cited")]
    recent = questions.c.asked_at > (at - _SAME).isoformat()
    return str(connection.scalar(select(questions.c.receipt).where(*same, recent)) or "")


def _of(connection: Connection, who: Person, receipt: str) -> RowMapping:
    """The question of a receipt, if it is that of ``who`` as far as is known."""
    row = connection.execute(select(questions).where(questions.c.receipt == receipt)).mappings().first()
    if row is None or (not row["asker"].startswith("~") and row["asker"] != who.id):
        raise NotFound(_GONE)
    return row


def _judgement(helpful: str) -> dict[str, int]:
    return {"yes": {"helpful": 1}, "no": {"unhelpful": 1}}.get(helpful, {})
