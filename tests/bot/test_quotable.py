"""A quotation is a sentence, or an introduction with the list that it announces."""

from __future__ import annotations

import pytest

from bot.quotable import LONGEST_LIST, LONGEST_SENTENCE, quotable


def quotes(text: str) -> list[str]:
    return [text[span.start : span.end] for span in quotable(text, "en")]


TABLE = "Years | Junior | Senior\nLess than ten years | 14 days | 18 days\nTen years and more | 18 days | 21"


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize(
    "introduction", ["Staff have leave as shown below:", "Leave is as follows.", "The table is below."]
)
def test_an_introduction_is_quoted_with_the_table_that_it_announces(introduction: str, gap: str) -> None:
    text = f"Leave matters a lot. {introduction}{gap}{TABLE}\n\nLeave that is not taken is lost."
    assert f"{introduction}{gap}{TABLE}" in quotes(text)
    assert introduction not in quotes(text)
    assert quotes(text)[-1] == "Leave that is not taken is lost."


def test_the_items_can_be_quoted_alone(make_list: str) -> None:
    assert quotes(make_list)[1:] == ["Hold back the first refund.", "Pay for the second journey."]


@pytest.fixture
def make_list() -> str:
    return "Kenya could take two things:\nHold back the first refund.\nPay for the second journey."


def test_the_list_ends_with_its_block(make_list: str) -> None:
    text = f"{make_list}\n\nNothing else was found."
    assert quotes(text)[0] == make_list


def test_a_colon_within_a_line_announces_no_list() -> None:
    text = "The rule is this: nobody pays.\nAnother line of some words follows."
    assert quotes(text) == ["The rule is this: nobody pays.", "Another line of some words follows."]


def test_an_introduction_without_anything_behind_it_stands_alone() -> None:
    assert quotes("The steps are these:") == ["The steps are these:"]


PROSE = [
    "Kenya could take three things from PALM.",
    "The first is one rulebook.",
    "The second is the advance.",
    "And the last is a public table.",
]


def test_what_is_counted_is_quoted_with_what_is_counted_up() -> None:
    text = " ".join([*PROSE, "All can be written into an agreement."])
    assert quotes(text)[0] == " ".join(PROSE)
    assert quotes(text)[1:4] == PROSE[1:]
    assert quotes(" ".join([PROSE[0], *PROSE[2:]]))[0] == PROSE[0]
    assert quotes(" ".join(["Kenya could take much.", *PROSE[1:]]))[0] == "Kenya could take much."
    french = "Il y a deux coûts. Le premier est le billet. Le deuxième est le visa."
    assert quotes(f"{french} Les deux comptent.")[0] == french


def test_a_list_that_is_too_long_is_not_quoted_whole() -> None:
    item = "One of many items here.\n"  # five words
    fits = "The items are these:\n" + item * (LONGEST_LIST // 5 - 1)
    assert len(quotes(fits)[0].split()) == LONGEST_LIST - 1
    assert quotes(fits + item)[0] == "The items are these:"


def test_a_sentence_that_is_too_long_is_none() -> None:
    assert quotes("word " * (LONGEST_SENTENCE - 1) + "end.") != []
    assert quotes("word " * LONGEST_SENTENCE + "end.") == []


def test_a_small_table_is_quoted_whole_and_a_large_one_row_by_row() -> None:
    assert quotes(f"Here is what staff get.\n\n{TABLE}\n\nNothing else.")[1:-1] == [TABLE]
    large = TABLE + "\nNineteen years or more | 25 days | 29 days" * 20
    assert quotes(large)[1] == "Less than ten years | 14 days | 18 days"


def test_a_label_is_quoted_with_its_value() -> None:
    text = (
        "Webinar date\n\n11th April 2024\n\nA whole sentence stands here, with more words than a value has."
    )
    assert quotes(text) == ["Webinar date\n\n11th April 2024", *text.split("\n\n")[1:]]
    assert quotes("It rained.\n\nThe employer pays.") == ["It rained.", "The employer pays."]
    prose = "Employers pay the fares of all the workers whom they invite to come."
    assert quotes(f"Fares\n\n{prose}") == ["Fares", prose]


def test_turns_of_different_people_are_not_quoted_as_one() -> None:
    turns = "Yes indeed\n\nWe pay the fares\n\nThe reasons are these:\n\nNobody asked me about any reasons."
    spoken = [turns[span.start : span.end] for span in quotable(turns, "en", spoken=True)]
    assert spoken == turns.split("\n\n")
    counted = " ".join(PROSE)
    assert next(counted[a:b] for a, b in quotable(counted, "en", spoken=True)) == counted


def test_what_only_leads_elsewhere_is_no_quotation() -> None:
    addresses = "https://one.example/a (read in 2024)\nhttps://two.example/b (read in 2025)"
    assert quotes(f"The sources are these:\n{addresses}")[0] == "The sources are these:"
    assert quotes("The four components of a partnership … 3") == []
    assert quotes("See https://one.example/a for the first and https://two.example/b for the other.") == []
    join = "To join, register at https://one.example/a today."
    assert quotes(join) == [join]
