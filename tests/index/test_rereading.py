"""The second look at the best passages, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from index.encoded import Encoded, TokenStates, Vectors, unit
from index.entries import Reading
from index.fusion import fuse
from index.packing import pack_pairs
from index.rereading import Neighbourhood, Reread, Weights, rerank, reread, token_importance

EAST, NORTH, UP = np.eye(3, dtype=np.float32)
NOTHING = Reread(None, 0.0, 0.0, 0.0, 0.0, False)


def reading(whole: Vectors, sentences: list[Vectors], tokens: list[Vectors]) -> Reading:
    return Reading(whole, np.stack(sentences), pack_pairs(np.stack(tokens)), "", 425)


def asked(whole: Vectors, tokens: list[Vectors]) -> Encoded:
    spans = np.array([(3 * number, 3 * number + 2) for number in range(len(tokens))])
    return Encoded(whole, TokenStates(np.stack(tokens), spans))


def test_what_is_seen_of_a_passage() -> None:
    readings = {
        7: reading(EAST, [EAST, UP], [EAST, NORTH]),
        8: reading(UP, [NORTH], [UP]),
    }
    question = asked(EAST, [EAST, NORTH])
    seen = reread(
        question, np.array([3.0, 1.0], dtype=np.float32), readings, [7, 8], {8: Neighbourhood(1, 2)}, [7]
    )
    assert list(seen) == [7, 8]
    first, second = seen[7], seen[8]
    north_east = np.sqrt(0.5)
    assert first.sentence == pytest.approx(north_east) == second.sentence
    assert first.tokens > 0.85 > second.tokens  # two bits a component of three keep a direction only roughly
    moved = unit(EAST + 0.6 * (EAST + UP) / 2)
    assert first.feedback == pytest.approx(moved[0]) and second.feedback == pytest.approx(moved[2])
    assert (first.fullness, second.fullness) == (1.0, 0.5)  # all of its document; 425 of 850 characters
    assert (first.is_subject, second.is_subject) == (True, False)
    assert (first.neighbours, second.neighbours) == (None, Neighbourhood(1, 2))


def test_a_rare_word_counts_more_than_a_frequent_one() -> None:
    readings = {1: reading(UP, [UP], [EAST]), 2: reading(UP, [UP], [NORTH])}
    question = asked(UP, [EAST, NORTH])
    importance = token_importance(
        "rare oft",
        TokenStates(question.tokens.vectors, np.array([[0, 4], [5, 8]])),
        {"rare": 5.0, "oft": 0.5},
    )
    assert importance.tolist() == [5.0, 0.5]
    seen = reread(question, importance, readings, [], {}, [])
    assert seen[1].tokens > seen[2].tokens


def test_where_no_word_carries_meaning_all_tokens_count_alike() -> None:
    states = asked(UP, [EAST, NORTH]).tokens
    assert token_importance("to be", states, {}).tolist() == [1.0, 1.0]


def test_scores_are_shares_of_the_highest_and_weighed() -> None:
    fused = fuse({1: 8.0, 2: 4.0, 3: 2.0}, {1: 0.2, 2: 0.4, 3: 0.1}, 0.5)
    weights = Weights(neighbours=0, tokens=1, sentence=0.5, feedback=0.25, fullness=2, subject=4)
    seen = {1: Reread(None, 0.3, 0.4, 0.1, 1.0, False), 2: Reread(None, 0.6, 0.2, 0.2, 0.5, True)}
    again = rerank(fused, seen, 0.5, 0.5, weights)
    most = 1 + 0.5 * (1.75 + 2) + 4
    assert list(again) == [2, 1, 3]
    assert again[1].score == pytest.approx((0.5 + 0.25 + 0.5 * (0.5 + 0.5 + 0.125 + 2)) / most)
    assert again[2].score == pytest.approx((0.25 + 0.5 + 0.5 * (1 + 0.25 + 0.25 + 1) + 4) / most)
    assert (again[1].words, again[1].meaning) == (8.0, 0.2)
    assert 0 < again[3].score <= again[1].score  # it was not looked at again


def test_good_neighbours_raise_a_passage_and_bad_ones_lower_it() -> None:
    fused = fuse({1: 8.0, 2: 8.0, 3: 8.0}, {}, 0.0)
    weights = Weights(neighbours=0.5, tokens=0, sentence=0, feedback=0, fullness=0, subject=0)
    seen = {
        1: NOTHING._replace(neighbours=Neighbourhood(4.0, 0.0)),
        2: NOTHING,  # alone in its document, it is its own neighbour
        3: NOTHING._replace(neighbours=Neighbourhood(12.0, 0.0)),
    }
    again = rerank(fused, seen, 0.0, 1.0, weights)
    assert {row: one.score for row, one in again.items()} == {
        3: 1.0, 2: pytest.approx(12 / 14), 1: pytest.approx(10 / 14),
    }  # fmt: skip


def test_a_model_that_is_not_trusted_says_nothing() -> None:
    fused = fuse({1: 2.0, 2: 1.0}, {}, 0.0)
    seen = {1: NOTHING, 2: NOTHING._replace(tokens=1.0, sentence=1.0, feedback=1.0, fullness=1.0)}
    assert list(rerank(fused, seen, 0.0, 1.0)) == [2, 1]
    assert list(rerank(fused, seen, 0.0, 0.0)) == [1, 2]


def test_a_topic_is_treated_by_a_passage_a_question_answered_by_a_sentence() -> None:
    fused = fuse({1: 2.0, 2: 1.7}, {}, 0.0)
    weights = Weights(neighbours=0, tokens=0, sentence=0.5, feedback=0, fullness=0, subject=0)
    seen = {1: NOTHING._replace(sentence=0.6), 2: NOTHING._replace(sentence=1.0)}
    assert list(rerank(fused, seen, 0.0, 1.0, weights, asks=True)) == [2, 1]
    assert list(rerank(fused, seen, 0.0, 1.0, weights, asks=False)) == [1, 2]


def test_nothing_seen_changes_nothing() -> None:
    fused = fuse({1: 2.0, 2: 1.0}, {})
    assert rerank(fused, {}, 0.5, 1.0) == fused
    assert rerank({}, {}, 0.5, 1.0) == {}
