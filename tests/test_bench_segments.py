"""The measures of segmentation, by hand."""

from __future__ import annotations

from bench.chapters import highlight_pairs, judged
from bench.segments import matched, p_k, window_diff


def test_a_boundary_counts_once() -> None:
    assert matched([10, 12], [11], 5) == 1
    assert matched([11], [10, 12], 5) == 1
    assert matched([10, 40], [15, 30], 5) == 1
    assert matched([10, 40], [15, 30], 10) == 2
    assert matched([5, 11], [10, 15], 6) == 2  # each with its own, though 11 is near both


def test_a_missing_boundary_costs_the_windows_that_hold_it() -> None:
    # 40 s in two segments: windows of 10 s, one a second from 0 to 29; those from 10 to 19 hold second 20
    assert p_k([], [20], 0, 40) == 10 / 30
    assert window_diff([], [20], 0, 40) == 10 / 30
    assert p_k([20], [20], 0, 40) == 0


def test_two_for_one_cost_only_in_window_diff() -> None:
    # the windows from 10 to 18 hold both, 19 only the true one, 9 only the other: P_k sees the last
    assert p_k([19, 20], [20], 0, 40) == 1 / 30
    assert window_diff([19, 20], [20], 0, 40) == 10 / 30


def test_neighbouring_highlights_are_parted_by_their_headings() -> None:
    minutes = {
        "highlights": {
            "one": [{"timestamp": "00:00:10"}, {"timestamp": "00:02:00"}],
            "two": [{"timestamp": "01:00:00"}],
        }
    }
    pairs = {"call": highlight_pairs(minutes)}
    assert pairs["call"] == [(10, 120, False), (120, 3600, True)]
    assert judged({"call": [200]}, pairs, ["call"]) == 1
    assert judged({"call": [60, 200]}, pairs, ["call"]) == 0.5
    assert judged({"call": []}, pairs, ["call"]) == 0.5
