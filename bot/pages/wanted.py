"""What an address of the search page asks for, and the addresses that ask for nearly the same."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from starlette.datastructures import QueryParams

from bot.pages.limits import ALL_LIMITS, Limit, scope_of
from index.finding import ORDERS
from index.scope import Scope
from index.searching import MODES
from index.wording import Wording, read_wording
from web.addresses import query_string

LONGEST = 300  # characters of a search; its address stands in several links of the page
_SHORT = 250  # bytes of an address
_LONGEST_PAGE = 4  # digits of the number of a page


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address of the search page asks for. ``page`` counts from 1.

    ``exact``: a word that no passage holds is searched all the same; ``more`` names the limit of which more
    values are offered; ``cut``: the words were longer than is searched.
    """

    words: str = ""
    scope: Scope = field(default_factory=Scope)
    mode: str = MODES[0]
    order: str = ORDERS[0]
    page: int = 1
    exact: bool = False
    more: str = ""
    cut: bool = False

    @property
    def wording(self) -> Wording:
        """The words with their phrases, beginnings and exclusions."""
        return read_wording(self.words)

    def values(self, limit: Limit) -> tuple[str, ...]:
        """What ``limit`` is narrowed to; empty where it is open."""
        return limit.values(self.scope)

    def limited(self, limit: Limit, *values: str) -> Wanted:
        """The same search from its first page, with ``limit`` narrowed to ``values`` or opened."""
        return replace(self, scope=limit.narrowed(self.scope, values), page=1)

    def without(self, limit: Limit, value: str) -> Wanted:
        """The same search with one value of ``limit`` fewer."""
        return self.limited(limit, *(one for one in self.values(limit) if one != value))

    def within(self, source_id: str) -> Wanted:
        """The same search inside one document."""
        return replace(self, scope=Scope(sources=(source_id,)), page=1)

    def turned_to(self, page: int) -> Wanted:
        """The same search at another page of its results."""
        return replace(self, page=page)

    def in_order(self, order: str) -> Wanted:
        """The same search in another order."""
        return replace(self, order=order, page=1)

    def offering(self, limit: Limit) -> Wanted:
        """The same search with more values of ``limit`` to choose from."""
        return replace(self, more=limit.name)

    def spelt(self, words: str) -> Wanted:
        """The same search with other words."""
        return replace(self, words=words, exact=False, page=1)

    def by(self, mode: str) -> Wanted:
        """The same search by words, by meaning or by both."""
        return replace(self, mode=mode, page=1)

    @property
    def as_typed(self) -> Wanted:
        """The same search, letter by letter."""
        return replace(self, exact=True, page=1)

    @property
    def query(self) -> str:
        """What asks for exactly this, behind the ? of an address."""
        fields = [("q", self.words)] if self.words else []
        fields += [(limit.name, value) for limit in ALL_LIMITS for value in self.values(limit)]
        for name, value, usual in (("mode", self.mode, MODES[0]), ("sort", self.order, ORDERS[0])):
            fields += [(name, value)] if value != usual else []
        fields += [("exact", "1")] if self.exact else []
        fields += [("more", self.more)] if self.more else []
        fields += [("page", str(self.page))] if self.page > 1 else []
        return query_string(fields)

    @property
    def is_short(self) -> bool:
        """Whether it can stand in many links of one page."""
        return len(self.query.encode()) < _SHORT

    @property
    def address(self) -> str:
        """The address that asks for exactly this."""
        return f"/search?{self.query}" if self.query else "/search"


def read_wanted(query: QueryParams) -> Wanted:
    """What an address asks for; whatever cannot be understood counts as absent."""
    words = " ".join(query.get("q", "").split())
    mode, order, page = (query.get(name, "") for name in ("mode", "sort", "page"))
    more = query.get("more", "")
    return Wanted(
        words=words[:LONGEST].strip(),
        scope=scope_of(query),
        mode=mode if mode in MODES else MODES[0],
        order=order if order in ORDERS else ORDERS[0],
        page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) <= _LONGEST_PAGE else 1,
        exact="exact" in query,
        more=more if more in {limit.name for limit in ALL_LIMITS} else "",
        cut=len(words) > LONGEST,
    )
