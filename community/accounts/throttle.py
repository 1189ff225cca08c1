"""How often something may be tried: from one address, for one account, and for both together."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from community.errors import TooMany

_MOST = 20_000  # keys that are remembered; what was tried longest ago is forgotten first

# One account from one address: nine wrong passwords, then a pause. The wider ones leave room for an office
# behind one address, and stop guessing from many. What many count against an account does not shut its owner
# out, where they have signed in from before.
_PAIR = RateLimitItemPerMinute(9, 15, "pair")
_ADDRESS = RateLimitItemPerMinute(100, 15, "address")
_ACCOUNT = RateLimitItemPerHour(100, 1, "account")
_LEAVING = RateLimitItemPerMinute(60, 15, "leaving")
_LETTERS_FROM = RateLimitItemPerHour(40, 1, "letters from")
_LETTERS_TO = RateLimitItemPerHour(4, 1, "letters to")


class Throttle:
    """Counts tries in memory, in windows that move; the count is gone with the process."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._keys: OrderedDict[str, None] = OrderedDict()
        self._homes: OrderedDict[tuple[str, str], None] = OrderedDict()  # from where each was right
        self._lock = threading.Lock()

    def guess(self, account: str, address: str) -> None:
        """Count a password that is about to be tried. Raises TooMany."""
        place = _network(address)
        self._count(_ADDRESS, place)
        self._count(_PAIR, account, place)
        if (account, place) not in self._homes:
            self._count(_ACCOUNT, account)

    def guessed_right(self, account: str, address: str) -> None:
        """The wrong ones before it count no more, and what others try counts no more from there."""
        place = _network(address)
        with self._lock:
            self._limiter.clear(_PAIR, account, place)
            self._homes[account, place] = None
            self._homes.move_to_end((account, place))
            if len(self._homes) > _MOST:
                self._homes.popitem(last=False)

    def letter(self, to: str, address: str) -> None:
        """Count a letter that somebody at ``address`` lets us send. Raises TooMany."""
        self._count(_LETTERS_FROM, _network(address))
        self._count(_LETTERS_TO, to)

    def leave(self, address: str) -> None:
        """Count somebody who goes to another house to be vouched for. Raises TooMany."""
        self._count(_LEAVING, _network(address))

    def _count(self, limit: RateLimitItem, *whose: str) -> None:
        with self._lock:
            self._remember(limit.key_for(*whose))
            if self._limiter.hit(limit, *whose):
                return
            until = self._limiter.get_window_stats(limit, *whose).reset_time
        seconds = max(1, math.ceil(until - time.time()))
        raise TooMany(f"Too many tries. The next one counts in {_minutes(seconds)}.", seconds)

    def _remember(self, key: str) -> None:
        self._keys[key] = None
        self._keys.move_to_end(key)
        while len(self._keys) > _MOST:
            self._limiter.storage.clear(self._keys.popitem(last=False)[0])


def _network(address: str) -> str:
    """An address; of version 6, the network that one customer has whole."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def _minutes(seconds: int) -> str:
    minutes = math.ceil(seconds / 60)
    return "one minute" if minutes == 1 else f"{minutes} minutes"
