"""Contributions on their way into the library: handed in, judged by somebody else, published, taken back.

Reading order: values (what there is), states (who may do what from where), tables, rows, wording, desk (a
submission read and moved on), shelf (what is asked of the library), handing_in (both as one), talks (comments
carried from version to version), verdicts and tiers (what they add up to), then the façades: submissions (the
author's side, which holds the others), comments, reviews (the reviewers' side).
"""

from community.submissions.comments import Comments
from community.submissions.reviews import Reviews
from community.submissions.states import Act
from community.submissions.submissions import Submissions
from community.submissions.values import Criterion, Decision, Judgement, State, Submission, Talk, Verdict

__all__ = [
    "Act",
    "Comments",
    "Criterion",
    "Decision",
    "Judgement",
    "Reviews",
    "State",
    "Submission",
    "Submissions",
    "Talk",
    "Verdict",
]
