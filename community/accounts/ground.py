"""What every part of the accounts stands on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from community.accounts.letters import Letters
from community.accounts.mail import Outbox
from community.accounts.passwords import Passwords
from community.accounts.sessions import Sessions
from community.accounts.throttle import Throttle
from community.records import Records


@dataclass(frozen=True, slots=True)
class Ground:
    """The rows, the clock, and who hashes, counts, keeps sessions and sends letters."""

    records: Records
    clock: Callable[[], datetime]
    outbox: Outbox
    letters: Letters
    passwords: Passwords
    throttle: Throttle
    sessions: Sessions

    @classmethod
    def of(
        cls,
        records: Records,
        outbox: Outbox,
        site: str,
        clock: Callable[[], datetime],
        passwords: Passwords,
    ) -> Ground:
        """The ground of a site at the address ``site``."""
        sessions = Sessions(records, clock)
        return cls(records, clock, outbox, Letters(site), passwords, Throttle(), sessions)
