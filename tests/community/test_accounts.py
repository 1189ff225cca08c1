"""Accounts through their façade: coming in, going out, and what happens when time passes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from community import audit
from community.accounts import vouchers
from community.accounts.accounts import Accounts
from community.accounts.entrance import StillWaiting
from community.accounts.passwords import Passwords, weakness
from community.accounts.rows import Standing, people
from community.accounts.sessions import IDLE, OLDEST, _sessions
from community.accounts.throttle import Throttle
from community.accounts.vouchers import _vouchers
from community.accounts.wording import Details, Registration
from community.errors import Conflict, Invalid, NotAllowed, TooMany
from community.people import VISITOR, Person, Role
from ingest.errors import NotFound
from tests.community.town import AMINA, HERE, PASSWORD, QUICK, THERE, Town, town


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Town]:
    """A town to which example.com belongs."""
    with town(tmp_path, domains=frozenset({"Example.com"})) as one:
        yield one


KNOWN = replace(AMINA, email="amina@example.com")


def everything(place: Town) -> str:
    """Every row of ours, written out."""
    with place.records.reading() as connection:
        tables = (people, _sessions, _vouchers)
        return repr([connection.execute(select(table)).all() for table in tables])


# registering


def test_an_address_must_be_confirmed_before_there_is_an_account(place: Town) -> None:
    place.accounts.register(KNOWN, HERE)
    with pytest.raises(Invalid):
        place.accounts.sign_in(KNOWN.email, PASSWORD, HERE)
    assert place.accounts.verify(place.letters.token(), PASSWORD, HERE) == Standing.ACTIVE
    who = place.accounts.person_of(place.accounts.sign_in(KNOWN.email, PASSWORD, HERE))
    assert (who.name, who.role, who.organisation) == ("Amina Diallo", Role.MEMBER, "Mission locale")


def test_whoever_wants_to_contribute_from_a_known_domain_may_at_once(place: Town) -> None:
    place.newcomer(replace(KNOWN, wants_to_contribute=True, wants_news=True))
    who = place.accounts.person_of(place.accounts.sign_in(" AMINA@Example.COM ", PASSWORD, HERE))
    assert who.role == Role.CONTRIBUTOR and who.wants_news and who.keeps_questions


@pytest.mark.parametrize("email", ["amina@example.org", "amina@notexample.com", "amina@sub.example.com"])
def test_from_any_other_domain_staff_decide(place: Town, email: str) -> None:
    place.accounts.register(replace(AMINA, email=email), HERE)
    assert place.accounts.verify(place.letters.token(), PASSWORD, HERE) == Standing.WAITING
    with pytest.raises(StillWaiting, match="waits for the staff"):
        place.accounts.sign_in(email, PASSWORD, HERE)
    staff = place.inhabitant(Role.STAFF)
    (waiting,) = place.accounts.waiting(staff)
    assert waiting.person.role == Role.VISITOR and place.accounts.count_waiting(staff) == 1
    place.accounts.approve(staff, waiting.person.id, Role.CONTRIBUTOR)
    assert place.letters.sent[-1].subject == "Your account is ready"
    assert place.accounts.person_of(place.accounts.sign_in(email, PASSWORD, HERE)).role == Role.CONTRIBUTOR


def test_a_link_confirms_once_and_for_two_days(place: Town) -> None:
    place.accounts.register(AMINA, HERE)
    first = place.letters.token()
    place.clock.pass_by(days=2)
    with pytest.raises(Invalid, match="too old"):
        place.accounts.verify(first, PASSWORD, HERE)
    place.accounts.register(AMINA, HERE)
    second = place.letters.token()
    place.accounts.verify(second, PASSWORD, HERE)
    for token in (first, second, "", "invented"):
        with pytest.raises(Invalid, match="used already"):
            place.accounts.verify(token, PASSWORD, HERE)


def test_who_registers_in_another_name_gains_nothing(place: Town) -> None:
    """The account is made of what belongs to the link, so that a later registration overwrites nothing."""
    place.accounts.register(KNOWN, HERE)
    hers = place.letters.token()
    place.accounts.register(replace(KNOWN, name="Mallory", password="mallory knows this"), THERE)
    place.accounts.verify(hers, PASSWORD, HERE)
    with pytest.raises(Invalid):
        place.accounts.sign_in(KNOWN.email, "mallory knows this", THERE)
    assert place.accounts.sign_in(KNOWN.email, PASSWORD, HERE)
    with pytest.raises(Invalid):
        place.accounts.verify(place.letters.token(), PASSWORD, HERE)


def test_a_strangers_letter_makes_nobody_an_account_though_its_button_is_pressed(place: Town) -> None:
    """Else a stranger who writes to many of a known domain had the account of whoever trusts a letter."""
    place.accounts.register(replace(KNOWN, password="mallory knows this"), THERE)
    with pytest.raises(Invalid) as refused:
        place.accounts.verify(place.letters.token(), PASSWORD, HERE)
    assert list(refused.value.fields) == ["password"]
    with pytest.raises(Invalid):
        place.accounts.sign_in(KNOWN.email, "mallory knows this", THERE)
    assert place.accounts.verify(place.letters.token(), "mallory knows this", HERE)  # the link still holds


def test_a_link_is_no_way_to_have_passwords_hashed_without_end(place: Town) -> None:
    place.accounts.register(KNOWN, HERE)
    for n in range(9):
        with pytest.raises(Invalid):
            place.accounts.verify(place.letters.token(), f"guess number {n}", HERE)
    with pytest.raises(TooMany):
        place.accounts.verify(place.letters.token(), PASSWORD, HERE)


def test_registering_again_tells_the_owner_and_changes_nothing(place: Town) -> None:
    place.newcomer(KNOWN)
    place.accounts.register(replace(KNOWN, name="Mallory", password="mallory knows this"), THERE)
    letter = place.letters.sent[-1]
    assert letter.to == KNOWN.email and letter.subject == "You have an account already"
    assert "Mallory" not in letter.text
    assert place.accounts.person_of(place.accounts.sign_in(KNOWN.email, PASSWORD, HERE)).name == AMINA.name
    place.accounts.reset(place.letters.token(), "a better set of words")
    assert place.accounts.sign_in(KNOWN.email, "a better set of words", HERE)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", " \u200b "),
        ("name", "x" * 151),
        ("email", "amina"),
        ("email", "amina@example"),
        ("email", "a b@example.org"),
        ("email", "amina@example.org\nBcc: all@example.org"),
        ("email", f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.org"),
        ("organisation", ""),
        ("organisation", "x" * 151),
        ("password", "short words"),
        ("password", "x1" * 101),
        ("consents", False),
    ],
)
def test_what_is_typed_wrong_is_told_at_its_field(place: Town, field: str, typed: object) -> None:
    with pytest.raises(Invalid) as refused:
        place.accounts.register(replace(AMINA, **{field: typed}), HERE)  # type: ignore[arg-type]
    assert list(refused.value.fields) == [field]
    assert not place.letters.sent


def test_everything_wrong_is_told_at_once(place: Town) -> None:
    with pytest.raises(Invalid) as refused:
        place.accounts.register(Registration("", "", "", "", consents=False), HERE)
    assert set(refused.value.fields) == {"name", "email", "organisation", "password", "consents"}


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Passw0rd!!!!!!",
        "ujuzi-ujuzi-2026",
        "motdepasse2026!",
        "qwertyuiop123",
        "123456789012",
        "210987654321",
        "abcdefghijklmn",
        "aaaaaaaaaaaaaaa",
        "abababababababab",
        "amina@example.org",
        "aminadiallo12",
        "Amina.Diallo.1990",
    ],
)
def test_a_password_that_is_tried_first_is_refused(password: str) -> None:
    assert weakness(password, AMINA.email, AMINA.name)


@pytest.mark.parametrize(
    "password", ["kazi na ujuzi", "three blue ferries", "مفتاح البيت القديم", "7391 4480 2651"]
)
def test_a_good_password_is_taken(password: str) -> None:
    assert not weakness(password, AMINA.email, AMINA.name)


# passwords


def test_a_guess_is_as_dear_as_the_library_recommends(place: Town) -> None:
    """Where nobody says otherwise, as the site does not: 64 MiB, three rounds, four lanes (RFC 9106)."""
    accounts = Accounts(place.records, place.letters, "https://ujuzi.example.org")
    person_id = accounts.create_administrator("boss@example.com", "Boss", PASSWORD)
    with place.records.reading() as connection:
        stored = connection.execute(select(people.c.password).where(people.c.id == person_id)).scalar_one()
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert not Passwords(QUICK).up_to_date(stored, PASSWORD).startswith(stored[:20])
    with pytest.raises(Invalid):
        accounts.sign_in("boss@example.com", "not the password", HERE)


def test_nobodys_password_costs_what_everybodys_does() -> None:
    for passwords, hasher in ((Passwords(), PasswordHasher()), (Passwords(QUICK), QUICK)):
        assert not hasher.check_needs_rehash(passwords._nobodys)
        assert not passwords.fits("", "whatever it may be")


def test_a_password_is_the_same_from_every_keyboard() -> None:
    composed, decomposed = "vélo rouge à Nîmes", "ve\u0301lo rouge a\u0300 Ni\u0302mes"
    assert Passwords(QUICK).fits(Passwords(QUICK).hashed(composed), decomposed)


def test_who_only_reads_is_not_kept_waiting_by_those_who_sign_in() -> None:
    """Hashing takes a while on purpose; a crowd is sent away instead of holding every thread."""
    passwords = Passwords(QUICK)
    places = 12
    for _ in range(places):
        assert passwords._places.acquire(blocking=False)
    with pytest.raises(TooMany, match="a few seconds"):
        passwords.fits("", PASSWORD)
    for _ in range(places):
        passwords._places.release()
    assert passwords.fits(passwords.hashed(PASSWORD), PASSWORD)
    with pytest.raises(ValueError, match="released too many"):  # every place was given back
        passwords._places.release()


def test_an_older_hash_is_renewed_when_its_owner_signs_in(place: Town) -> None:
    who = place.inhabitant(Role.MEMBER)
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with place.records.writing() as connection:
        connection.execute(people.update().where(people.c.id == who.id).values(password=weak))
    place.accounts.sign_in(who.email, PASSWORD, HERE)
    with place.records.reading() as connection:
        stored = connection.execute(select(people.c.password).where(people.c.id == who.id)).scalar_one()
    assert stored != weak and not QUICK.check_needs_rehash(stored)
    assert place.accounts.sign_in(who.email, PASSWORD, HERE)


def test_neither_passwords_nor_tokens_are_in_the_database(place: Town) -> None:
    who = place.inhabitant(Role.MEMBER)
    session = place.accounts.sign_in(who.email, PASSWORD, HERE)
    place.accounts.register(AMINA, HERE)
    confirm = place.letters.token()
    place.accounts.ask_reset(who.email, HERE)
    written = everything(place)
    for secret in (PASSWORD, session, confirm, place.letters.token()):
        assert secret not in written
    assert vouchers.hash_of(session) in written


# sessions


def test_a_session_ends_when_it_is_not_used(place: Town) -> None:
    who = place.inhabitant(Role.MEMBER)
    token = place.accounts.sign_in(who.email, PASSWORD, HERE)
    for _ in range(5):
        place.clock.pass_by(days=13)
        assert place.accounts.person_of(token).id == who.id
    place.clock.pass_by(seconds=IDLE.total_seconds())
    assert place.accounts.person_of(token) == VISITOR


def test_a_session_ends_when_it_is_old_however_often_it_is_used(place: Town) -> None:
    who = place.inhabitant(Role.MEMBER)
    token = place.accounts.sign_in(who.email, PASSWORD, HERE)
    for _ in range(OLDEST.days - 1):
        place.clock.pass_by(days=1)
        assert place.accounts.person_of(token).id == who.id
    place.clock.pass_by(days=1)
    assert place.accounts.person_of(token) == VISITOR
    place.accounts.sign_in(who.email, PASSWORD, HERE)
    assert vouchers.hash_of(token) not in everything(place)  # and is forgotten at the next sign-in


def test_when_a_session_was_seen_is_written_once_an_hour(place: Town) -> None:
    who = place.inhabitant(Role.MEMBER)
    token = place.accounts.sign_in(who.email, PASSWORD, HERE)
    began = place.clock.at
    for minutes, seen in ((59, 0), (2, 61), (30, 61), (31, 122)):
        place.clock.pass_by(minutes=minutes)
        place.accounts.person_of(token)
        (current,) = [one for one in place.accounts.sessions(who, token) if one.current]
        assert (current.seen_at - began).total_seconds() == seen * 60


def test_reading_goes_on_where_nothing_can_be_written(place: Town, caplog: pytest.LogCaptureFixture) -> None:
    who = place.inhabitant(Role.MEMBER)
    token = place.accounts.sign_in(who.email, PASSWORD, HERE)
    place.clock.pass_by(hours=2)
    with place.records.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE UPDATE ON sessions BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
        )
    assert place.accounts.person_of(token).id == who.id
    assert "disk is full" in caplog.text


def test_signing_out_ends_one_session_or_all_of_them(place: Town) -> None:
    who = place.inhabitant(Role.MEMBER)
    other = place.inhabitant(Role.MEMBER)
    here, there, everywhere = (place.accounts.sign_in(who.email, PASSWORD, HERE) for _ in range(3))
    others = place.accounts.sign_in(other.email, PASSWORD, HERE)
    place.accounts.sign_out(here)
    assert [place.accounts.person_of(one).id for one in (here, there, everywhere)] == ["", who.id, who.id]
    place.accounts.sign_out_everywhere(who)
    assert not place.accounts.sessions(who, there)
    assert place.accounts.person_of(there) == place.accounts.person_of(everywhere) == VISITOR
    assert place.accounts.person_of(others).id == other.id


@pytest.mark.parametrize("token", ["", "x", "\ud800".encode(errors="replace").decode(), "é" * 5_000])
def test_an_invented_token_is_nobodys(place: Town, token: str) -> None:
    assert place.accounts.person_of(token) == VISITOR


def test_what_is_decided_about_somebody_holds_at_their_next_request(place: Town) -> None:
    boss, who = place.inhabitant(Role.ADMINISTRATOR), place.inhabitant(Role.MEMBER)
    token = place.accounts.sign_in(who.email, PASSWORD, HERE)
    place.accounts.give_role(boss, who.id, Role.STAFF)
    assert place.accounts.person_of(token).role == Role.STAFF
    assert place.notices.of(who)[0].text.startswith("You are one of the staff now")
    place.accounts.give_role(boss, who.id, Role.CONTRIBUTOR)
    assert place.accounts.person_of(token).role == Role.CONTRIBUTOR
    place.accounts.close(boss, who.id)
    assert place.accounts.person_of(token) == VISITOR
    assert vouchers.hash_of(token) not in everything(place)
    with pytest.raises(Invalid):
        place.accounts.sign_in(who.email, PASSWORD, HERE)


def test_an_account_that_is_not_active_has_no_sessions(place: Town) -> None:
    """Even where a row of one were left."""
    who = place.inhabitant(Role.STAFF)
    token = place.accounts.sign_in(who.email, PASSWORD, HERE)
    with place.records.writing() as connection:
        connection.execute(people.update().where(people.c.id == who.id).values(standing=Standing.CLOSED))
    assert place.accounts.person_of(token) == VISITOR


# a new password


def test_a_new_password_can_be_chosen_once_within_an_hour(place: Town) -> None:
    who = place.inhabitant(Role.MEMBER)
    session = place.accounts.sign_in(who.email, PASSWORD, HERE)
    place.accounts.ask_reset(who.email, HERE)
    first = place.letters.token()
    place.clock.pass_by(hours=1)
    with pytest.raises(Invalid, match="too old"):
        place.accounts.reset(first, "a better set of words")
    place.accounts.ask_reset(who.email, HERE)
    second = place.letters.token()
    place.accounts.ask_reset(who.email, HERE)
    third = place.letters.token()
    with pytest.raises(Invalid) as weak:
        place.accounts.reset(third, "password1234")
    assert list(weak.value.fields) == ["password"]  # and the link still holds
    place.accounts.reset(third, "a better set of words")
    for token in (first, second, third):
        with pytest.raises(Invalid, match="used already"):
            place.accounts.reset(token, "another set of words")
    assert place.accounts.person_of(session) == VISITOR
    with pytest.raises(Invalid):
        place.accounts.sign_in(who.email, PASSWORD, HERE)
    assert place.accounts.sign_in(who.email, "a better set of words", HERE)


def test_a_link_for_one_thing_is_good_for_no_other(place: Town) -> None:
    who = place.inhabitant(Role.MEMBER)
    place.accounts.ask_reset(who.email, HERE)
    with pytest.raises(Invalid):
        place.accounts.verify(place.letters.token(), PASSWORD, HERE)
    place.accounts.register(AMINA, HERE)
    with pytest.raises(Invalid):
        place.accounts.reset(place.letters.token(), "a better set of words")


def test_asking_for_nobody_writes_as_much_and_sends_nothing(place: Town) -> None:
    who = place.inhabitant(Role.MEMBER)

    def rows() -> int:
        with place.records.reading() as connection:
            return len(connection.execute(select(_vouchers)).all())

    for email in (who.email, "nobody@example.org"):
        before, sent = rows(), len(place.letters.sent)
        place.accounts.ask_reset(email, HERE)
        assert rows() == before + 1
        assert len(place.letters.sent) == sent + (email == who.email)
    place.clock.pass_by(hours=1)
    place.accounts.ask_reset("nobody@example.org", HERE)
    assert rows() == 1  # what is too old is swept away


def test_changing_the_password_ends_the_other_sessions(place: Town) -> None:
    who = place.inhabitant(Role.MEMBER)
    here, there = (place.accounts.sign_in(who.email, PASSWORD, HERE) for _ in range(2))
    place.accounts.ask_reset(who.email, HERE)
    with pytest.raises(Invalid) as wrong:
        place.accounts.change_password(who, "not my password", "a better set of words", here, HERE)
    assert list(wrong.value.fields) == ["old"]
    with pytest.raises(Invalid) as weak:
        place.accounts.change_password(who, PASSWORD, "password1234", here, HERE)
    assert list(weak.value.fields) == ["new"]
    assert place.accounts.person_of(there).id == who.id
    place.accounts.change_password(who, PASSWORD, "a better set of words", here, HERE)
    assert place.accounts.person_of(here).id == who.id and place.accounts.person_of(there) == VISITOR
    assert place.letters.sent[-1].subject == "Your password was changed"
    with pytest.raises(Invalid):
        place.accounts.reset(place.letters.token(), "another set of words")


def test_details_are_changed_for_oneself(place: Town) -> None:
    who = place.inhabitant(Role.MEMBER)
    token = place.accounts.sign_in(who.email, PASSWORD, HERE)
    details = Details("  Amina\u202e  D. ", "IOM", keeps_questions=False, wants_news=True)
    place.accounts.change_details(who, details)
    now = place.accounts.person_of(token)
    assert (now.name, now.organisation) == ("Amina D.", "IOM")
    assert not now.keeps_questions and now.wants_news
    with pytest.raises(Invalid):
        place.accounts.change_details(who, replace(details, name=""))


# many tries


def test_sixty_wrong_passwords_are_stopped_by_the_tenth(place: Town) -> None:
    who, other = place.inhabitant(Role.MEMBER), place.inhabitant(Role.MEMBER)
    outcomes = []
    for n in range(60):
        with pytest.raises((Invalid, TooMany)) as refused:
            place.accounts.sign_in(who.email, f"guess number {n}", HERE)
        outcomes.append(refused.type)
    assert outcomes == [Invalid] * 9 + [TooMany] * 51
    with pytest.raises(TooMany, match=r"in 1[45] minutes") as locked:
        place.accounts.sign_in(who.email, PASSWORD, HERE)  # the right one does not get in either
    assert 14 * 60 < locked.value.seconds <= 15 * 60
    assert place.accounts.sign_in(who.email, PASSWORD, THERE)
    assert place.accounts.sign_in(other.email, PASSWORD, HERE)


def test_the_lock_opens_by_itself(place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    who = place.inhabitant(Role.MEMBER)
    for n in range(9):
        with pytest.raises(Invalid):
            place.accounts.sign_in(who.email, f"guess number {n}", HERE)
    later = time.time() + 15 * 60 + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert place.accounts.sign_in(who.email, PASSWORD, HERE)


def test_the_right_password_ends_the_count(place: Town) -> None:
    who = place.inhabitant(Role.MEMBER)
    for _ in range(3):
        for n in range(8):
            with pytest.raises(Invalid):
                place.accounts.sign_in(who.email, f"guess number {n}", HERE)
        assert place.accounts.sign_in(who.email, PASSWORD, HERE)


def test_many_accounts_cannot_be_tried_from_one_address() -> None:
    throttle = Throttle()
    for n in range(100):
        throttle.guess(f"person{n}@example.org", HERE)
    with pytest.raises(TooMany):
        throttle.guess("another@example.org", HERE)
    throttle.guess("another@example.org", THERE)


def test_one_account_cannot_be_tried_from_many_addresses() -> None:
    throttle = Throttle()
    for n in range(100):
        throttle.guess(AMINA.email, f"10.0.0.{n}")
    with pytest.raises(TooMany, match="60 minutes"):
        throttle.guess(AMINA.email, THERE)


def test_strangers_shut_nobody_out_of_where_they_signed_in_before(place: Town) -> None:
    who = place.inhabitant(Role.MEMBER)
    place.accounts.sign_in(who.email, PASSWORD, HERE)
    for n in range(100):
        with pytest.raises((Invalid, TooMany)):
            place.accounts.sign_in(who.email, "a guess of theirs", f"10.0.0.{n}")
    with pytest.raises(TooMany):
        place.accounts.sign_in(who.email, PASSWORD, THERE)
    assert place.accounts.sign_in(who.email, PASSWORD, HERE)
    for n in range(9):  # there guessing stops as everywhere
        with pytest.raises(Invalid):
            place.accounts.sign_in(who.email, f"guess number {n}", HERE)
    with pytest.raises(TooMany):
        place.accounts.sign_in(who.email, PASSWORD, HERE)


def test_what_is_remembered_of_a_try_is_short(place: Town) -> None:
    """A form may be a megabyte, and twenty thousand tries are remembered."""
    for ask in (place.accounts.ask_reset, lambda email, at: place.accounts.sign_in(email, PASSWORD, at)):
        with suppress(Invalid):
            ask("a" * 500_000, HERE)
    kept = place.accounts._ground.throttle._keys
    assert kept and max(map(len, kept)) < 1_000


def test_a_customer_of_a_whole_network_counts_once() -> None:
    throttle = Throttle()
    for n in range(9):
        throttle.guess(AMINA.email, f"2001:db8:1:1::{n:x}")
    with pytest.raises(TooMany):
        throttle.guess(AMINA.email, "2001:db8:1:1:ffff::1")
    throttle.guess(AMINA.email, "2001:db8:1:2::1")
    throttle.guess(AMINA.email, "")


def test_what_is_counted_stays_small() -> None:
    throttle = Throttle()
    for n in range(20_100):
        throttle.leave(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}")
        throttle.guessed_right(AMINA.email, f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}")
    assert len(throttle._limiter.storage.events) <= 20_000  # type: ignore[union-attr]
    assert len(throttle._homes) == 20_000


@pytest.mark.parametrize("known", [True, False])
def test_letters_to_one_address_are_few(place: Town, known: bool) -> None:
    email = place.inhabitant(Role.MEMBER).email if known else "nobody@example.org"
    for n in range(4):
        place.accounts.ask_reset(email, f"10.0.0.{n}")
    with pytest.raises(TooMany):
        place.accounts.ask_reset(email, THERE)
    with pytest.raises(TooMany):
        place.accounts.register(replace(AMINA, email=email), THERE)


def test_letters_from_one_address_are_few(place: Town) -> None:
    for n in range(40):
        place.accounts.ask_reset(f"person{n}@example.org", HERE)
    with pytest.raises(TooMany):
        place.accounts.ask_reset("another@example.org", HERE)


def test_a_stolen_session_cannot_guess_the_password(place: Town) -> None:
    who = place.inhabitant(Role.MEMBER)
    for n in range(9):
        with pytest.raises(Invalid):
            place.accounts.change_password(who, f"guess number {n}", "a better set of words", "", HERE)
    with pytest.raises(TooMany):
        place.accounts.change_password(who, PASSWORD, "a better set of words", "", HERE)


# staff


def test_two_of_the_staff_decide_once(place: Town) -> None:
    place.newcomer()
    one, two = place.inhabitant(Role.STAFF), place.inhabitant(Role.STAFF)
    person_id = place.accounts.waiting(one)[0].person.id
    place.accounts.approve(one, person_id, Role.MEMBER)
    with pytest.raises(Conflict, match="Amina Diallo"):
        place.accounts.approve(two, person_id, Role.CONTRIBUTOR)
    with pytest.raises(Conflict):
        place.accounts.refuse(two, person_id)
    assert [deed.action for deed in audit.Audit(place.records).of(one, f"person:{person_id}")] == ["approved"]


def test_who_is_refused_is_forgotten(place: Town) -> None:
    place.newcomer()
    confirmed = place.letters.token()
    staff = place.inhabitant(Role.STAFF)
    person_id = place.accounts.waiting(staff)[0].person.id
    place.accounts.refuse(staff, person_id)
    assert place.letters.sent[-1].subject == "Your account was not approved"
    assert AMINA.email not in everything(place) and AMINA.name not in everything(place)
    with pytest.raises(Invalid, match="used already"):
        place.accounts.verify(
            confirmed, PASSWORD, HERE
        )  # the link that made the account does not make it again
    with pytest.raises(Conflict):
        place.accounts.approve(staff, person_id, Role.MEMBER)
    trail = audit.Audit(place.records).of(staff, f"person:{person_id}")
    assert [(deed.person_id, deed.action) for deed in trail] == [(staff.id, "refused")]


def test_staff_make_members_and_contributors_only(place: Town) -> None:
    place.newcomer()
    staff, boss = place.inhabitant(Role.STAFF), place.inhabitant(Role.ADMINISTRATOR)
    person_id = place.accounts.waiting(staff)[0].person.id
    for role in (Role.STAFF, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            place.accounts.approve(staff, person_id, role)
    with pytest.raises(Invalid):
        place.accounts.approve(staff, person_id, Role.VISITOR)
    place.accounts.approve(boss, person_id, Role.STAFF)
    (deed,) = audit.Audit(place.records).of(staff, f"person:{person_id}")
    assert deed.detail == {"role": "staff"} and deed.person_id == boss.id


def test_nobody_decides_about_themselves(place: Town) -> None:
    boss = place.inhabitant(Role.ADMINISTRATOR)
    place.inhabitant(Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed, match="their own account"):
        place.accounts.give_role(boss, boss.id, Role.MEMBER)
    with pytest.raises(NotAllowed, match="their own account"):
        place.accounts.close(boss, boss.id)


def test_the_last_administrator_stays(place: Town) -> None:
    """Two who send each other away at the same moment: each still is an administrator to the façade."""
    one, two = place.inhabitant(Role.ADMINISTRATOR), place.inhabitant(Role.ADMINISTRATOR)
    place.accounts.give_role(one, two.id, Role.MEMBER)
    with pytest.raises(Conflict, match="last administrator"):
        place.accounts.give_role(two, one.id, Role.STAFF)
    with pytest.raises(Conflict, match="last administrator"):
        place.accounts.close(two, one.id)
    place.accounts.give_role(two, one.id, Role.ADMINISTRATOR)


def test_a_closed_account_leaves_its_name_only(place: Town) -> None:
    boss, who = place.inhabitant(Role.ADMINISTRATOR), place.inhabitant(Role.MEMBER, "Baraka Otieno")
    place.accounts.ask_reset(who.email, HERE)
    place.accounts.close(boss, who.id)
    assert who.email not in everything(place)
    assert place.accounts.names([who.id, boss.id, "nobody"]) == {who.id: "Baraka Otieno", boss.id: boss.name}
    assert who.id not in {one.person.id for one in place.accounts.people(boss)}
    assert place.accounts.person(boss.id) == boss and place.accounts.person(who.id) is None
    with pytest.raises(Invalid):
        place.accounts.reset(place.letters.token(), "a better set of words")
    with pytest.raises(NotFound):
        place.accounts.close(boss, who.id)
    with pytest.raises(NotFound):
        place.accounts.give_role(boss, who.id, Role.STAFF)
    place.newcomer(replace(AMINA, email=who.email))  # and the address is free again
    trail = [deed.action for deed in audit.Audit(place.records).of(boss, f"person:{who.id}")]
    assert trail == ["closed the account"]


def test_no_letter_goes_to_a_closed_account(place: Town) -> None:
    """In the place of an address its row holds a word with the id, which others may know."""
    boss, who = place.inhabitant(Role.ADMINISTRATOR), place.inhabitant(Role.MEMBER)
    place.accounts.close(boss, who.id)
    place.accounts.ask_reset(f"closed:{who.id}", HERE)
    assert place.letters.sent == []


def test_a_new_password_is_on_the_trail(place: Town) -> None:
    boss, who = place.inhabitant(Role.ADMINISTRATOR), place.inhabitant(Role.MEMBER)
    place.accounts.change_password(who, PASSWORD, "a better set of words", "", HERE)
    place.accounts.ask_reset(who.email, HERE)
    place.accounts.reset(place.letters.token(), "another set of words")
    trail = audit.Audit(place.records).of(boss, f"person:{who.id}")
    assert [(deed.person_id, deed.action) for deed in trail] == [
        (who.id, "changed the password"),
        (who.id, "chose a new password by mail"),
    ]
    assert "words" not in "".join(str(deed.detail) for deed in trail)


def test_people_are_found_by_name_address_and_organisation(place: Town) -> None:
    staff = place.inhabitant(Role.STAFF, "zara Staff")
    place.newcomer(replace(KNOWN, name="Émile 100%", organisation="IOM Nairobi"))
    place.newcomer()  # waits, so is not among the accounts

    def found(words: str) -> list[str]:
        return [one.person.name for one in place.accounts.people(staff, words)]

    assert found("") == ["zara Staff", "Émile 100%"]
    assert found("nairobi") == found("AMINA@example.com") == found("100%") == ["Émile 100%"]
    assert found("%") == ["Émile 100%"] and found("_") == []
    assert len(place.accounts.people(staff, "", most=1)) == 1


# every function for every kind of person

WHO_MAY = {
    "sign_out_everywhere": Role.MEMBER,
    "sessions": Role.MEMBER,
    "change_password": Role.MEMBER,
    "change_details": Role.MEMBER,
    "people": Role.STAFF,
    "waiting": Role.STAFF,
    "count_waiting": Role.STAFF,
    "approve": Role.STAFF,
    "refuse": Role.STAFF,
    "give_role": Role.ADMINISTRATOR,
    "close": Role.ADMINISTRATOR,
}
FOR_EVERYBODY = {
    "person_of", "register", "verify", "verify_elsewhere", "sign_in", "arrive", "sign_out", "ask_reset",
    "reset", "names", "create_administrator", "site", "person",
}  # fmt: skip


_ARGUMENTS: dict[str, tuple[object, ...]] = {
    "sessions": ("",),
    "change_password": (PASSWORD, "a better set of words", "", HERE),
    "change_details": (Details("A", "B", keeps_questions=True, wants_news=False),),
    "approve": ("somebody", Role.MEMBER),
    "refuse": ("somebody",),
    "give_role": ("somebody", Role.STAFF),
    "close": ("somebody",),
}


def somebody(place: Town, name: str) -> str:
    """The id of somebody about whom ``name`` can decide."""
    if name in ("approve", "refuse"):
        place.newcomer()
        return place.accounts.waiting(Person("s", role=Role.STAFF))[0].person.id
    return place.inhabitant(Role.MEMBER).id


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", WHO_MAY)
def test_each_function_is_open_to_whom_it_says(place: Town, name: str, role: Role) -> None:
    place.inhabitant(Role.ADMINISTRATOR)
    who = VISITOR if role == Role.VISITOR else place.inhabitant(role)
    target = somebody(place, name)
    arguments = [target if one == "somebody" else one for one in _ARGUMENTS.get(name, ())]
    before = everything(place)
    if role.includes(WHO_MAY[name]):
        getattr(place.accounts, name)(who, *arguments)
        return
    with pytest.raises(NotAllowed):
        getattr(place.accounts, name)(who, *arguments)
    assert everything(place) == before


def test_no_function_is_left_out(place: Town) -> None:
    there = {name for name in dir(place.accounts) if not name.startswith("_")}
    assert there == set(WHO_MAY) | FOR_EVERYBODY
