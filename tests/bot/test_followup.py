"""A question that leans on the conversation is made whole; one that stands by itself is left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.answer import Answer, Conversation, Turn
from bot.followup import parts, stand_alone

CORPUS_QUESTIONS = Path(__file__).resolve().parents[2] / "corpus" / "questions.jsonl"
AIRFARE = "Who pays the airfare under PALM?"

SENEGAL = "Compare RPL in Kenya, Tanzania and Senegal."
FRENCH = "Qui paie le billet dans le PALM ?"
PORTUGUESE = "Quem paga a passagem no PALM?"
SWAHILI = "Nani hulipa nauli chini ya PALM?"
LEANING = (
    (AIRFARE, "and for seasonal workers?"),
    (AIRFARE, "What about Tonga?"),
    (AIRFARE, "why?"),
    (AIRFARE, "What is the fee?"),
    (AIRFARE, "Who said that?"),
    (AIRFARE, "When did they talk about their visas?"),
    (AIRFARE, "How long do they have to repay it?"),
    (AIRFARE, "Who pays for their visas?"),
    (AIRFARE, "Is the certificate from that course accepted?"),
    (AIRFARE, "What does the same rule say for the long stream?"),
    (AIRFARE, "Do growers in Tonga have to pay there?"),
    (SENEGAL, "Which of the three started first?"),
    (SENEGAL, "How many windows did you say?"),
    (SENEGAL, "Why don't the others certify masons?"),
    (FRENCH, "Et pour les saisonniers ?"),
    (FRENCH, "Combien gagnent-ils ?"),
    (FRENCH, "Quels sont leurs droits ?"),
    (PORTUGUESE, "E para os trabalhadores sazonais?"),
    (PORTUGUESE, "Quais são os seus direitos?"),
    (SWAHILI, "Na kwa wafanyakazi wa msimu?"),
    (SWAHILI, "Je, vipi kuhusu Kenya?"),
    (SWAHILI, "Haki zao ni zipi?"),
)
WHOLE = (
    "How does VETA certify artisans in Tanzania?",
    "Who pays the airfare under PALM, and what can Kenya learn from it?",
    "Why do some PALM workers run away from their employer?",
    "Who can a PALM worker call if the employer mistreats them?",
    "What is brain drain?",
    "What does the guide say about the schemes that Australia runs?",
    "How many people work abroad this year?",
    "E-learning courses for nurses in Kenya",
    "AU free movement protocol ratification",
    "Faut-il un visa pour l'Arabie saoudite ?",
    "Un artisan de Dakar sans papiers peut-il faire témoigner un notable ?",
    "Quem paga a passagem aérea no PALM?",
    "Je, nani hulipa nauli chini ya mpango wa PALM?",
    "VETA imewapa vyeti watu wangapi kupitia RPL?",
    "When did they talk about the welfare fund?",
    "Who said what about financing, and when?",
    "the of and",
    "🙂🙃",
)


def after(*questions: str) -> Conversation:
    """The conversation in which ``questions`` were asked and understood, the oldest first."""
    conversation = Conversation()
    for question in questions:
        conversation = conversation.after(question, Answer(stand_alone(question, conversation)))
    return conversation


@pytest.mark.parametrize(("earlier", "question"), LEANING)
def test_a_question_that_leans_gets_what_it_leaves_unsaid(earlier: str, question: str) -> None:
    assert stand_alone(question, after(earlier)) == f"{earlier.rstrip(' ?.')}: {question}"


def test_a_short_question_with_a_word_that_the_library_does_not_hold_brings_its_own_subject() -> None:
    bread = "What is the price of bread?"
    assert stand_alone(bread, after(AIRFARE), unheard={"bread"}) == bread
    for short, unheard in (
        ("and for bakers?", "bakers"),
        ("Quels secteurs ?", "secteurs"),
        ("Quanto tempo?", "quanto"),
    ):
        assert stand_alone(short, after(AIRFARE), {unheard}) == f"Who pays the airfare under PALM: {short}"


def test_the_example_of_the_design() -> None:
    understood = stand_alone("and for seasonal workers?", after(AIRFARE))
    assert understood == "Who pays the airfare under PALM: and for seasonal workers?"


@pytest.mark.parametrize("question", WHOLE)
def test_a_whole_question_stays_untouched_in_the_midst_of_a_conversation(question: str) -> None:
    assert stand_alone(question, after("What is DASP?", "and who taxes it?")) == question


@pytest.mark.parametrize("question", [question for _, question in LEANING])
def test_the_first_question_of_a_conversation_stays_as_it_is(question: str) -> None:
    assert stand_alone(question, Conversation()) == question


def test_a_chain_leans_on_the_question_that_began_it() -> None:
    chain = after(AIRFARE, "and for seasonal workers?", "and in Tonga?")
    assert chain.turns[-1].understood == "Who pays the airfare under PALM: and in Tonga?"
    assert stand_alone("why?", chain) == "Who pays the airfare under PALM: why?"


def test_a_new_subject_takes_over_from_the_old_one() -> None:
    chain = after(AIRFARE, "and for seasonal workers?", "How does VETA certify artisans in Tanzania?")
    assert stand_alone("Since when?", chain) == "How does VETA certify artisans in Tanzania: Since when?"


def test_after_a_double_question_the_first_half_is_the_subject() -> None:
    conversation = after("Who pays the airfare under PALM, and what can Kenya learn from it?")
    understood = stand_alone("and for seasonal workers?", conversation)
    assert understood == "Who pays the airfare under PALM: and for seasonal workers?"


def test_where_nothing_stood_alone_the_oldest_question_is_the_subject() -> None:
    conversation = Conversation((Turn("and in Fiji?", "PALM fares: and in Fiji?"),))
    assert stand_alone("why?", conversation) == "and in Fiji: why?"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who pays the airfare under PALM?", ("Who pays the airfare under PALM?",)),
        (
            "Who pays the airfare under PALM, and what can Kenya learn from it?",
            ("Who pays the airfare under PALM", "what can Kenya learn from it? (PALM)"),
        ),
        (
            "When was the Kenya-UK agreement signed and who could apply?",
            ("When was the Kenya-UK agreement signed", "who could apply? (Kenya UK)"),
        ),
        (
            "PALM workers: who pays them and which countries lead the network?",
            ("PALM workers: who pays them", "which countries lead the network? (PALM)"),
        ),
        ("What is DASP? Who taxes that payment?", ("What is DASP", "Who taxes that payment? (DASP)")),
        ("How does RPL work; where is it offered?", ("How does RPL work", "where is it offered? (RPL)")),
        (
            "Who pays in PALM, and who pays in EPS, and how much?",
            ("Who pays in PALM, and who pays in EPS, and how much?",),
        ),
        ("When and where was the webinar?", ("When and where was the webinar?",)),
        ("Which skills and jobs does Kenya match?", ("Which skills and jobs does Kenya match?",)),
        (
            "Qui paie le billet dans le PALM, et combien gagne un saisonnier ?",
            ("Qui paie le billet dans le PALM", "combien gagne un saisonnier ? (PALM)"),
        ),
        (
            "O que é o quadro da SADC e quantos níveis tem?",
            ("O que é o quadro da SADC", "quantos níveis tem? (SADC)"),
        ),
        (
            "Who a b? Who c d? Who e f? Who g h?",
            ("Who a b? Who c d? Who e f? Who g h?",),
        ),
    ],
)
def test_a_double_question_is_taken_apart(question: str, expected: tuple[str, ...]) -> None:
    """Short pieces and more than three are left together; a piece without a name gets those of the first."""
    assert parts(question) == expected


def test_a_follow_up_with_its_own_question_word_does_not_ask_the_earlier_question_again() -> None:
    understood = stand_alone("and who pays the visa?", after(AIRFARE))
    assert understood == "Who pays the airfare under PALM: and who pays the visa?"
    assert parts(understood) == (understood,)


def test_on_the_labelled_questions_few_are_taken_wrongly() -> None:
    """Every follow-up is recognised, and at most one in twenty of the others is taken for one."""
    rows = [json.loads(line) for line in CORPUS_QUESTIONS.read_text(encoding="utf-8").splitlines()]
    conversation = after("Where do Zambian miners train?")
    taken = {row["id"] for row in rows if stand_alone(row["question"], conversation) != row["question"]}
    follow_ups = {row["id"] for row in rows if row["kind"] == "followup"}
    assert len(follow_ups) >= 10
    assert follow_ups <= taken
    assert len(taken - follow_ups) <= (len(rows) - len(follow_ups)) // 20
