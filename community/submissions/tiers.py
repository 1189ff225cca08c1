"""What the verdicts of reviewers add up to. Nobody chooses a tier; it is counted.

"checked"        one person who has no hand in the document found every criterion met
"peer reviewed"  two different such people did
""               it was published although something was found not met, and the reviewer said why

Consent is never waived: without it nothing is published. The others may be found "not met" with a remark,
for a practice that could not be repeated elsewhere can still teach something; but it bears no mark.
"""

from __future__ import annotations

from collections.abc import Iterable

from community.submissions.values import Criterion, Judgements, Review, Verdict

CHECKED, PEER_REVIEWED = "checked", "peer reviewed"


def tier_of(reviews: Iterable[Review], hands: frozenset[str]) -> str:
    """The tier of one version, from the reviews of that version."""
    convinced = {one.reviewer_id for one in reviews if _all_met(one.judgements)} - hands
    return ("", CHECKED)[len(convinced)] if len(convinced) < 2 else PEER_REVIEWED


def open_questions(judgements: Judgements) -> dict[Criterion, str]:
    """What keeps a reviewer with these verdicts from publishing, by criterion."""
    found = {criterion: _open(criterion, judgements) for criterion in Criterion}
    return {criterion: words for criterion, words in found.items() if words}


def _open(criterion: Criterion, judgements: Judgements) -> str:
    one = judgements.get(criterion)
    if one is None or one.verdict == Verdict.NOT_JUDGED:
        return f"Judge {criterion} before you publish."
    if one.verdict == Verdict.MET:
        return ""
    if criterion == Criterion.CONSENT:
        return "Without consent nothing is published. Ask for it, or decline."
    return "" if one.remark else f"Say why it is to be published although {criterion} is not met."


def _all_met(judgements: Judgements) -> bool:
    return all(
        criterion in judgements and judgements[criterion].verdict == Verdict.MET for criterion in Criterion
    )
