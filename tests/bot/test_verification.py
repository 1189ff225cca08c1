"""A sentence counts only if its passages say so: measured on pairs from the corpus, and kind by kind.

The lots of pairs are listed in ``verification_lots.json`` with the level held here and with what was caught
and lost ("first") when a lot was first read, before anything was changed for it. The first readings say what
to expect of unknown sentences (of 198 pairs in the five lots from "blind" to "sixth", 67 % caught and 31 %
lost; of the 50 pairs of the seventh, read after all mends, 88 % and 20 %); the levels held below are those
of known ones. The first lot was tuned on from the beginning.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.verification import Verifier, likeness
from bot.verification.dates import dates
from bot.verification.quantities import quantities
from index.models import BUNDLED, load_embedder

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def verifier(models: Path) -> Verifier:
    return Verifier(likeness(load_embedder(BUNDLED, models)))


def pairs(name: str) -> list[dict[str, Any]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


LOTS = json.loads((HERE / "verification_lots.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("lot", LOTS, ids=lambda lot: str(lot["lot"]))
def test_one_changed_fact_is_caught_and_a_paraphrase_is_not_lost(
    verifier: Verifier, lot: dict[str, Any]
) -> None:
    rows = pairs(lot["file"])
    supported = {row["id"]: verifier.check(row["sentence"], row["evidence"]).supported for row in rows}
    kept_changed = [row["id"] for row in rows if not row["faithful"] and supported[row["id"]]]
    lost_faithful = [row["id"] for row in rows if row["faithful"] and not supported[row["id"]]]
    changed = [row["faithful"] for row in rows].count(False)
    assert changed == len(rows) // 2
    assert len(kept_changed) <= (1 - lot["caught"]) * changed + 1e-9, kept_changed
    assert len(lost_faithful) <= lot["lost"] * changed + 1e-9, lost_faithful


def test_no_sentence_stands_in_two_lots() -> None:
    sentences = [row["sentence"] for lot in LOTS for row in pairs(lot["file"])]
    assert len(set(sentences)) == len(sentences) == 736


# kind by kind, without a model: everything is as similar as can be


@pytest.fixture(scope="module")
def plain() -> Callable[[str, str], str]:
    checker = Verifier(lambda _, others: [1.0] * len(others))
    return lambda evidence, sentence: checker.check(sentence, [evidence]).reason.partition(":")[0]


@pytest.mark.parametrize(
    ("evidence", "sentence", "reason"),
    [
        ("The fee is A$300.", "The fee is 300 Australian dollars.", ""),
        ("The fee is A$300.", "The fee is US$300.", "number"),
        ("The course takes 26 days.", "The course takes twenty-six days.", ""),
        ("The course takes 26 days.", "The course takes 26 weeks.", "number"),
        ("They sent US$ 4.94 billion.", "They sent 4,940 million US dollars.", ""),
        ("They sent US$ 4.94 billion.", "They sent 4.94 million US dollars.", "number"),
        ("Nine in ten stayed.", "90% stayed.", ""),
        ("It met once a fortnight.", "It met every two weeks.", ""),
        ("It began on 4 April 2022.", "It began in April 2022.", ""),
        ("It began on 4 April 2022.", "It began on 5 April 2022.", "date"),
        ("It began in April 2022.", "It began on 2022-04-04.", "date"),
        ("The WHO code applies.", "The code of the World Health Organization applies.", ""),
        ("Tongans work there.", "People from Tonga work there.", ""),
        ("Nigerians work there.", "People from Niger work there.", "name"),
        ("GIZ runs it.", "ZAV runs it.", "name"),
        ("The UN Network wrote it with IOM.", "The UN Network wrote it with UNESCO.", "name"),
        ("Ghana helped. It is in Jordan, Peru and Fiji.", "It is in Jordan, Ghana and Fiji.", "binding"),
        ("Ghana and Jordan, or Jordan and Fiji, may.", "Jordan, Ghana and Fiji may.", ""),
        ("ILO and IOM wrote it for GIZ.", "ILO and GIZ wrote it.", "binding"),
        ("The permit is not tied to a firm.", "The permit is tied to a firm.", "negation"),
        ("The permit is tied to a firm.", "The permit is not tied to a firm.", "negation"),
        ("Act No. 22 applies.", "Act No. 22 applies to it.", ""),
        ("Some districts take part.", "All districts take part.", "binding"),
        ("Nurses take part.", "Only nurses take part.", "quantifier"),
        ("Over 240 colleges test.", "More than 240 colleges test.", ""),
        ("Over 240 colleges test.", "Fewer than 240 colleges test.", "opposite"),
        ("The employer pays the fare.", "The worker pays the fare.", "binding"),
        ("The grower pays the fare.", "The employer pays the fare.", ""),
        ("Fiji overtook Vanuatu.", "Vanuatu overtook Fiji.", "order"),
        ("Vanuatu was overtaken by Fiji.", "Fiji has overtaken Vanuatu.", ""),
        ("Theory counts 10% and practice 65%.", "Theory counts 65% and practice 10%.", "binding"),
        (
            "It stood at 17.2 million in 2010 and 26.3 million in 2019.",
            "It was 17.2 million in 2019.",
            "binding",
        ),
        ("The goal was 800 posts.", "There are 800 posts.", "opposite"),
        ("Nurses from Kenya go to Germany.", "Nurses from Germany go to Kenya.", "direction"),
        ("The fee was cut from 26 to 14.", "The fee went from 14 to 26.", "order"),
        ("It was signed before March 2024.", "It was signed after March 2024.", "opposite"),
        ("It was agreed in January 2024 and began two months later.", "It began in March 2024.", ""),
        ("The disputes were resolved.", "The disputes were unresolved.", "negation"),
        ("No school may charge more than KSh 14,000.", "Schools may charge at most KSh 14,000.", ""),
        ("No school may charge more than KSh 14,000.", "Schools may charge at least KSh 14,000.", "opposite"),
        ("Three in four of them were women.", "Three quarters of them were women.", ""),
        ("One migrant in twenty had a certificate.", "5% of the migrants had a certificate.", ""),
        ("DEWR sees to firms and DFAT to partners.", "DFAT sees to firms and DEWR to partners.", "binding"),
        ("Sweden gave 9 and Norway 8 million.", "Norway gave 9 and Sweden 8 million.", "binding"),
        ("A non-governmental organisation asks for it.", "An NGO asks for it.", ""),
        ("Le programme compte 30 800 personnes.", "30 800 personnes y participent.", ""),
        ("Le programme compte 30 800 personnes.", "30 900 personnes y participent.", "number"),
    ],
)
def test_each_kind_of_fact(
    plain: Callable[[str, str], str], evidence: str, sentence: str, reason: str
) -> None:
    assert plain(evidence, sentence) == reason


def test_a_number_elsewhere_in_a_long_passage_supports_nothing(verifier: Verifier) -> None:
    far = "The building in Suva has 46 chairs. It opens at noon. Lunch is at one. The road is closed."
    near = "The welfare officer meets each worker once a fortnight and keeps a record of every meeting."
    sentence = "The welfare officer keeps a record of 46 meetings."
    assert not verifier.check(sentence, [f"{far} {near}"]).supported


@pytest.mark.parametrize("evidence", [[], [""], ["Bananas are yellow and grow in bunches."]])
def test_nothing_or_something_else_supports_nothing(verifier: Verifier, evidence: list[str]) -> None:
    assert not verifier.check("The employer pays for the flight.", evidence).supported


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("sixty first planned", [60, 1]),
        ("twenty-first", [21]),
        ("half a million", [500_000]),
        ("two hundred and forty", [240]),
        ("the thousandth", [1000]),
        ("in 2016-17", [2016, 2017]),
        ("US$2.5-5 million", [2_500_000, 5_000_000]),
        ("12 to 16 weeks", [12, 16]),
        ("11,5 % et 1.900", [11.5, 1.9]),
        ("on 4 April 2022", []),
        ("", []),
    ],
)
def test_numbers_as_values(text: str, values: list[float]) -> None:
    assert [quantity.value for quantity in quantities(text)] == values


def test_may_and_march_are_months_only_where_they_are() -> None:
    assert dates("They may march in May. March on!") == dates("They may march in May.")
    assert [date.month for date in dates("In March and on 3 May 2024")] == [3, 5]
