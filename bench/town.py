"""A library with a community that has been busy for long: hundreds of submissions, thousands of questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from bench import synthetic
from bench.asked import GROUPED, labelled
from bench.figures import Figures
from bench.visits import seconds_of, times
from community.community import Arrangements, Community
from community.people import VISITOR, Person
from community.submissions import Criterion, Judgement, Verdict
from index.library import Library
from ingest.cage import Cage
from ingest.reading import Document, read_document

PASSWORD = "three blue ferries at dawn"
AUTHOR, REVIEWER = "author@example.org", "reviewer@example.org"
SUBMISSIONS, IN_VAIN, ANSWERED = 500, 5_000, 1_000
VISITORS = 400
LOOK_UPS = 1_000
_PASSAGES = 2  # of a submission
_COUNTRIES = (
    "Algeria", "Angola", "Benin", "Botswana", "Cameroon", "Chad", "Egypt", "Eritrea", "Ethiopia", "Gabon",
    "Gambia", "Ghana", "Kenya", "Lesotho", "Liberia", "Malawi", "Mali", "Mauritania", "Morocco", "Mozambique",
    "Namibia", "Nigeria", "Rwanda", "Senegal", "Somalia", "Sudan", "Togo", "Tunisia", "Uganda", "Zambia",
    "Zimbabwe", "Brazil", "Canada", "France", "Germany", "Japan",
)  # fmt: skip
# Subjects of which nothing else in the library speaks, for publications that a question can then find.
_ACADEMIES = {
    "Tema": "welders", "Kisumu": "plumbers", "Arusha": "masons", "Mbale": "bakers", "Beira": "divers",
    "Lobito": "crane drivers", "Huye": "weavers", "Kumasi": "carpenters", "Sousse": "printers",
    "Agadir": "fishmongers",
}  # fmt: skip


def questions() -> Iterator[str]:
    """The labelled questions, asked about one country after the other."""
    asked = [one for name in GROUPED.values() for one in labelled(name)[1]]
    return (f"{one} ({country})" for country in _COUNTRIES for one in asked)


def academies() -> Iterator[tuple[str, str]]:
    """What is handed in to be published while somebody waits: the text, and a question that it answers."""
    for town, trade in _ACADEMIES.items():
        text = f"# The academy of {town}\n\nThe academy of {town} trains {trade} for two years."
        yield text, f"How long does the academy of {town} train {trade}?"


def fill(data: Path) -> Figures:
    """Let the library in ``data`` have had a community for years. What was measured on the way.

    ``waiting`` are the ids of what :func:`academies` handed in, taken up by the reviewer.
    """
    with Library(data) as library, Cage() as cage:
        community = Community(library, Arrangements("http://127.0.0.1"), lambda *_: False)
        author, reviewer = (_person(community, email) for email in (AUTHOR, REVIEWER))
        community.start()
        try:
            texts = (text for text, _ in academies())
            waiting = [_taken(community, author, reviewer, _document(cage, text)) for text in texts]
            for number, text in enumerate(_texts()):
                _submit(community, author, reviewer, _document(cage, text), number)
            _ask(community)
            return {"waiting": waiting, "milliseconds": _times(community, reviewer)}
        finally:
            community.stop()


def _person(community: Community, email: str) -> Person:
    person_id = community.accounts.create_administrator(email, email.partition("@")[0].title(), PASSWORD)
    person = community.accounts.person(person_id)
    assert person is not None
    return person


def _texts() -> Iterator[str]:
    """As many made-up documents as submissions are wanted."""
    passages = synthetic.texts((SUBMISSIONS - len(_ACADEMIES)) * _PASSAGES)
    number = 0
    while body := list(islice(passages, _PASSAGES)):
        number += 1
        yield "\n\n".join([f"# Submission {number}", *body])


def _document(cage: Cage, text: str) -> Document:
    return read_document(text.encode(), "submission.md", "submission.md", cage=cage)


def _submit(community: Community, author: Person, reviewer: Person, document: Document, number: int) -> None:
    """Of five, one is published, one is in review and three wait."""
    if number % 5 > 1:
        submission = community.submissions.begin(author, form="document")
        community.submissions.submit(author, submission.id, [document])
        return
    submission_id = _taken(community, author, reviewer, document)
    if number % 5 == 0:
        reviews = community.submissions.reviews
        found = community.submissions.get(reviewer, submission_id)
        reviews.judge(
            reviewer, submission_id, found.version, dict.fromkeys(Criterion, Judgement(Verdict.MET))
        )
        reviews.publish(reviewer, submission_id, found.revision, "public")


def _taken(community: Community, author: Person, reviewer: Person, document: Document) -> str:
    submissions = community.submissions
    submission = submissions.begin(author, form="document")
    handed_in = submissions.submit(author, submission.id, [document])
    return submissions.reviews.take(reviewer, submission.id, handed_in.revision).id


def _ask(community: Community) -> None:
    """Questions of visitors, most of them in vain."""
    cited = [(one.id, 1) for one in community.library.sources()]
    for number, question in enumerate(islice(questions(), IN_VAIN + ANSWERED)):
        answer = () if number < IN_VAIN else (cited[number % len(cited)],)
        _keep(community, question, f"visitor {number % VISITORS}", answer)


def _keep(community: Community, question: str, visitor: str, cited: Sequence[tuple[str, int]] = ()) -> None:
    community.questions.keep(
        VISITOR,
        visitor,
        agreed=True,
        question=question,
        understood=question,
        found=bool(cited),
        confidence=float(bool(cited)),
        cited=cited,
    )


def _times(community: Community, staff: Person) -> Figures:
    """How long sessions are looked up, all groups are made anew, and a new question is taken in."""
    token = community.accounts.sign_in(REVIEWER, PASSWORD, "127.0.0.1")
    looked_up = [seconds_of(lambda: community.accounts.person_of(token)) for _ in range(LOOK_UPS)]
    anew = seconds_of(community.gaps.regroup)
    _keep(community, next(islice(questions(), IN_VAIN + ANSWERED, None)), "a late visitor")
    one_more = seconds_of(lambda: community.gaps.groups(staff))
    return {
        "a session looked up": times(looked_up),
        "all questions grouped anew": times([anew]),
        "a new question taken into the groups": times([one_more]),
    }
