"""Columns of descriptions: masks and counts over many documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from index.columns import Columns
from index.entries import PUBLISHED, Entry, Listing
from index.scope import Scope
from ingest.domain import Source

ADDED = datetime(2026, 11, 28, tzinfo=UTC)
EVERYBODY = ("public",)


def listings(*described: dict[str, Any]) -> list[Listing]:
    """A document of two passages for each description."""
    made = []
    for number, one in enumerate(described):
        speakers = one.pop("speakers", {})
        source = Source(f"source-{number}", "Title", **one)
        entry = Entry(number, source, 1, PUBLISHED, "public", "a.txt", "text/plain", "", ADDED)
        made.append(Listing(entry, range(2 * number, 2 * number + 2), speakers))
    return made


def counted(columns: Columns, name: str, among: Sequence[bool]) -> dict[str, int]:
    return columns.column(name).counts(np.array(among))


def test_each_value_is_counted_among_the_documents_that_are_meant() -> None:
    columns = Columns(
        listings({"countries": ("Kenya", "Tonga")}, {"countries": ("kenya",)}, {"countries": ("Samoa",)}, {})
    )
    assert counted(columns, "countries", [True] * 4) == {"Kenya": 2, "Tonga": 1, "Samoa": 1}
    assert counted(columns, "countries", [False, True, False, True]) == {"Kenya": 1}
    assert counted(columns, "corridors", [True] * 4) == {}


def test_a_value_in_two_spellings_of_one_document_counts_once() -> None:
    columns = Columns(
        listings({"countries": ("Kenya", "KENYA"), "speakers": {"Anna": (0, 1), "ANNA": (0,), "Ben": (1,)}})
    )
    assert counted(columns, "countries", [True]) == {"Kenya": 1}
    assert columns.speakers.of(["anna"]).tolist() == [0, 1]
    assert columns.speakers.of(["anna", "ben", "nobody"]).tolist() == [0, 1]


def test_a_document_belongs_to_its_year_and_its_month() -> None:
    columns = Columns(listings({"date": date(2026, 3, 18)}, {"date": date(2026, 11, 1)}, {}))
    assert counted(columns, "periods", [True] * 3) == {"2026": 2, "2026-03": 1, "2026-11": 1}
    assert columns.mask(Scope(periods=("2026-03",)), EVERYBODY).tolist() == [True, False, False]
    assert columns.mask(Scope(since=date(2026, 3, 19)), EVERYBODY).tolist() == [False, True, False]
    assert columns.mask(Scope(until=date(2026, 3, 18)), EVERYBODY).tolist() == [True, False, False]


def test_no_documents_have_no_values() -> None:
    columns = Columns([])
    assert counted(columns, "kinds", []) == {} and columns.speakers.of(["Anna"]).tolist() == []
    assert columns.mask(Scope(kinds=("report",)), EVERYBODY).tolist() == []
