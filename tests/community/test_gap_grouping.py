"""Questions that mean the same come together, in five languages; how well is measured by pairs."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from bench.asked import groups as grouped
from bench.asked import labelled, likeness, pairwise
from community.gaps.grouping import closest, clusters
from community.gaps.likeness import ALIKE
from index.models import BUNDLED, load_embedder
from tests.fakes import HashEmbedder


@pytest.mark.parametrize(
    ("name", "precision", "recall"), [("set_on.txt", 0.98, 0.90), ("tried_on.txt", 0.97, 0.78)]
)
def test_paraphrases_in_five_languages_come_together(
    models: Path, name: str, precision: float, recall: float
) -> None:
    groups, questions = labelled(name)
    assert len(questions) >= 60 and len(set(groups)) >= 20
    found = pairwise(grouped(likeness(questions, load_embedder(BUNDLED, models), 0.12)), groups)
    assert found[0] >= precision and found[1] >= recall, found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("من يدفع ثمن تذكرة الطائرة للعمال الموسميين؟", "Who pays the airfare of seasonal workers?"),
        (
            "Je, mawakala wanaruhusiwa kutoza ada ya kuajiri wafanyakazi?",
            "May agencies take recruitment fees from workers?",
        ),
        ("Quanto custa o RPL em Angola?", "Combien coûte la VAE en Angola ?"),
    ],
)
def test_languages_that_the_model_does_not_know_meet_by_words(one: str, other: str) -> None:
    alike = likeness([one, other, "Who moderates the webinars on taxation?"], HashEmbedder())
    both = alike.between(np.array([0]), np.array([1, 2]))[0]
    assert both[0] >= ALIKE > both[1]


def test_another_country_is_another_question() -> None:
    questions = [
        f"Does {country} train {trade} before departure?"
        for country in ("Ghana", "Togo", "Zambia", "Rwanda")
        for trade in ("welders", "plumbers")
    ]
    labels = grouped(likeness(questions, HashEmbedder()))
    assert len(set(labels)) > 2


def test_a_group_is_alike_on_average_and_joins_what_is_closest() -> None:
    questions = ["harbour pilots wage", "harbour pilots wages", "bakery ovens", "ovens of a bakery", "tram"]
    alike = likeness(questions, HashEmbedder())
    found = sorted(map(sorted, clusters(alike, np.arange(5))))
    assert found == [[0, 1], [2, 3], [4]]
    groups = [np.array([1]), np.array([4])]
    assert closest(alike, groups, [np.array([2, 3]), np.array([0])]) == [1, None]
    assert closest(alike, groups, []) == [None, None] and closest(alike, [], groups) == []
    assert clusters(alike, np.array([], dtype=np.int64)) == []


def test_groups_do_not_depend_on_how_many_are_compared_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    words = "harbour pilot bakery oven tram rail cotton loom copper mine reef fish".split()
    chance = random.Random(5)
    questions = [" ".join(chance.sample(words, 3)) for _ in range(120)]
    alike = likeness(questions, HashEmbedder())
    at_once = sorted(map(sorted, clusters(alike, np.arange(120))))
    monkeypatch.setattr("community.gaps.grouping._TOGETHER", 7)
    assert sorted(map(sorted, clusters(alike, np.arange(120)))) == at_once
    assert 1 < len(at_once) < 120


def test_a_question_without_words_is_like_nothing() -> None:
    alike = likeness(["", "of the and", "Who pays?"], HashEmbedder())
    assert len(clusters(alike, np.arange(3))) >= 2


def test_more_questions_than_are_compared_at_once_are_grouped_in_the_same_way() -> None:
    """The first 600 are about one thing each; what is alike stands beyond what is compared at once."""
    apart = [f"Who pays the fee of trade{number}x in town{number}y?" for number in range(600)]
    alike = ["Who pays the airfare of nurses?", "Who pays nurses the airfare?"]
    labels = grouped(likeness([*apart, *alike], HashEmbedder()))
    few = grouped(likeness([*apart[:3], *alike], HashEmbedder()))
    assert few[-1] == few[-2] and few[-1] not in few[:3]
    assert labels[-1] == labels[-2] and labels.count(labels[-1]) == 2
