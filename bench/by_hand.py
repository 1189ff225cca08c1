"""When what happens in our own recordings, by reading their transcripts: in seconds, times only.

The planned minutes are not what happens: a session begins up to 101 s before or after them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# Where each session but the first begins, in seconds.
SESSIONS: Mapping[str, Sequence[float]] = {
    "2026-02-10-learning-from-palm": (225.7, 530.6, 860.8, 1083.1, 1399.5),
    "2026-03-10-kenya-skills-based-migration": (201.5, 476.9, 801.4, 1056.4, 1244.4),
    "2026-04-14-recognition-of-prior-learning": (263.3, 622.6, 874.4, 1436.8),
    "2026-05-12-agreements-and-fair-recruitment": (212.6, 375.9, 988.1, 1398.9),
    "2026-06-09-skills-partnerships-with-europe": (293.9, 1000.9, 1316.3),
    "2026-07-14-return-data-and-monitoring": (510.2, 837.8, 1296.0),
}
# When the slides of the deck are spoken of in the first of these recordings, by reading both.
SLIDES: Mapping[int, tuple[tuple[float, float], ...]] = {
    1: ((0, 62),),
    3: ((161, 187),),
    4: ((74, 161), (187, 226)),
    5: ((226, 355),),
    6: ((355, 419),),
    7: ((419, 531),),
    8: ((128, 145), (1289, 1328)),
    9: ((727, 861), (1093, 1213)),
    10: ((531, 727), (972, 1083)),
    11: ((861, 1083),),
    12: ((1400, 1587),),
}
