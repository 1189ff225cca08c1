"""A question finds what is called by another name, in another language; the file of names is sound."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.analysis import stop_words
from index.glossary import LANGUAGES, RECALLED, glossary, phrase, read_glossary
from index.hits import Hit
from index.library import Library
from ingest.errors import FileRejected
from tests.index import made

PASSAGES = {
    "en": ("The recognition of prior learning began in 2009.", "The learning of the young."),
    "fr": ("La validation des acquis de l’expérience s'ouvre aux artisans.", "L'expérience des artisans."),
    "pt": ("O reconhecimento de aprendizagens prévias é lento.", "As aprendizagens da vida."),
    "sw": ("Urasimishaji wa ujuzi ulianza mwaka 2009.", "Ujuzi wa mafundi wa mji."),
    "ar": ("بدأ الاعتراف بالتعلم السابق عام 2009.", "التعلم في المدرسة."),
}
QUESTIONS = {
    "en": "How does recognition of prior learning work?",
    "fr": "Comment marche la validation des acquis de l'expérience ?",
    "pt": "Como funciona o reconhecimento de aprendizagens prévias?",
    "sw": "Urasimishaji wa ujuzi hufanyika vipi?",
    "ar": "كيف يتم الاعتراف بالتعلم السابق؟",
}


@pytest.fixture
def five_languages(library: Library) -> Library:
    for language, passages in PASSAGES.items():
        for number, words in enumerate(passages):
            library.add(made.text(f"{language}-{number}", words, language=language))
    for number in range(10):
        library.add(made.text(f"cattle-{number}", f"Cattle number {number} graze on the hill."))
    return library


def found(library: Library, question: str, mode: str, top: int = 10) -> list[str]:
    return [hit.source.id for hit in library.search(question, mode=mode, top=top)]


def marked(hit: Hit) -> list[str]:
    return [hit.passage.text[start:end] for start, end in hit.highlights]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_concept_is_found_in_every_language_by_a_question_in_any(
    five_languages: Library, language: str
) -> None:
    """In its own language first; what holds but one word of a term stands behind."""
    first = found(five_languages, QUESTIONS[language], "words")[:5]
    assert first[0] == f"{language}-0"
    assert set(first) == {f"{other}-0" for other in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_halves_together_find_it_too(five_languages: Library, language: str) -> None:
    """The embedder knows English words only: what it says of the others is chance."""
    first = found(five_languages, QUESTIONS[language], "hybrid")[:10]
    assert first[0] == f"{language}-0"
    assert {f"{other}-0" for other in LANGUAGES} <= set(first)


def test_the_bundled_model_does_not_hide_it(tmp_path: Path, models: Path) -> None:
    with Library(tmp_path, models=models) as library:
        for language in ("en", "fr"):
            for number, words in enumerate(PASSAGES[language]):
                library.add(made.text(f"{language}-{number}", words, language=language))
        for number in range(10):
            library.add(made.text(f"cattle-{number}", f"Cattle number {number} graze on the hill."))
        for question in (QUESTIONS["en"], QUESTIONS["fr"]):
            assert {"en-0", "fr-0"} <= set(found(library, question, "hybrid")[:3])


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What does RPL cost?", ["fr-0", "en-0", "sw-0"]),
        ("Combien coûte la VAE ?", ["fr-0", "en-0", "sw-0"]),
        ("validation de l'acquis", ["fr-0", "en-0"]),  # in another form
    ],
)
def test_abbreviations_stand_for_what_they_shorten(
    five_languages: Library, question: str, named: list[str]
) -> None:
    assert set(named) <= set(found(five_languages, question, "words"))


def test_what_is_found_by_another_name_is_marked_there_and_only_there(five_languages: Library) -> None:
    hits = {hit.source.id: hit for hit in five_languages.search(QUESTIONS["en"], mode="words")}
    assert marked(hits["fr-0"]) == ["validation des acquis de l’expérience"]
    assert marked(hits["ar-0"]) == ["الاعتراف بالتعلم السابق"]
    assert "fr-1" not in hits and "pt-1" not in hits  # they hold one word of a term of four


def test_a_word_inside_a_longer_term_stands_for_nothing_else(library: Library) -> None:
    library.add(made.text("alone", "Les compétences des artisans.", language="fr"))
    library.add(made.text("together", "Un partenariat de compétences lie deux pays.", language="fr"))
    assert found(library, "Which skills matter?", "words") == ["alone", "together"]
    assert found(library, "Which skills partnership matters?", "words") == ["together"]


def test_another_name_never_outweighs_the_question_itself(library: Library) -> None:
    """The only French document makes its words rare, and rare words weigh most."""
    for number in range(40):
        library.add(made.text(f"note-{number}", f"Remittances of group {number} were counted."))
    library.add(made.text("kenya", "Remittances to Kenya grew."))
    library.add(made.text("french", "Les envois de fonds ont été comptés.", language="fr"))
    hits = library.search("How did remittances to Kenya grow?", mode="words")
    assert hits[0].source.id == "kenya"
    assert "french" in found(library, "remittances", "words") or len(hits) == 10
    other = next(
        hit for hit in library.search("remittances", mode="words", top=50) if hit.source.id == "french"
    )
    own = library.search("remittances", mode="words")[0]
    assert 0 < other.words < own.words


def test_a_passage_that_lists_every_name_counts_once(library: Library) -> None:
    library.add(made.text("list", "RPL, VAE, recognition of prior learning, validation des acquis."))
    library.add(made.text("plain", "Recognition of prior learning costs little in these parts."))
    listed, plain = (
        next(
            hit.words
            for hit in library.search("recognition of prior learning", mode="words")
            if hit.source.id == id_
        )
        for id_ in ("list", "plain")
    )
    assert listed == pytest.approx(plain, rel=0.2)


def test_a_concept_that_is_heard_by_another_name_is_no_unheard_word(library: Library) -> None:
    library.add(made.text("french", "La validation des acquis de l'expérience au Sénégal.", language="fr"))
    understood = library.understand("recognition of prior learning in Senegal and bread")
    assert understood.unheard == {"bread"}
    sentence = frozenset({"valid", "acquis", "experient", "senegal"})
    assert understood.heard_in(sentence) == {"recognition", "prior", "learning", "senegal"}
    assert understood.heard_in(sentence - {"valid"}) == {"senegal"}


def test_a_library_in_one_language_gets_only_its_own_names(library: Library) -> None:
    library.add(made.text("english", "RPL began in 2009."))
    (named,) = library.understand("recognition of prior learning").concepts
    assert ("rpl",) in named.phrases and ("valid", "acquis") not in named.phrases
    assert found(library, "recognition of prior learning", "words") == ["english"]


# the file


def test_every_concept_has_english_and_every_term_its_evidence() -> None:
    for concept in glossary().concepts:
        languages = {term.language for term in concept}
        assert "en" in languages and languages <= set(LANGUAGES)
        assert len(concept) > 1, f"{concept[0].text} has no other name"
        for term in concept:
            assert term.source == "" or len(term.source) > len("(n.d.)")


def test_no_term_is_a_function_word_of_another_language() -> None:
    """A question in that language would name the concept with every other word."""
    for concept in glossary().concepts:
        for term in concept:
            stems = phrase(term.text, term.language)
            assert len(stems) > 1 or not any(stems[0] in stop_words(other) for other in LANGUAGES), term.text


def test_terms_that_the_sources_state_are_there() -> None:
    """A few of each language, as the secretariat's notes give them."""
    seen = {term.text: term for concept in glossary().concepts for term in concept if term.source}
    for text, source in (
        ("validation des acquis de l'expérience", "kit de formation"),
        ("acordo bilateral de migração laboral", "SAMM"),
        ("urasimishaji wa ujuzi", "VETA"),
        ("travailleur migrant", "Compétences et migration"),
    ):
        assert source in seen[text].source


HEAD = 'sources: {L05: "VAE kit (2018)"}\nconcepts:\n'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "The file must hold names with a colon"),
        ("sources: {L05: kit}\nconcepts: {}\n", "Below concepts: there must be a list"),
        (HEAD + "  - fr: {acquis: L05}\n", r"Concept 1 has no term in English\. Add one below en:"),
        (HEAD + "  - en: {skills: L05}\n    xx: {taito: L05}\n", "language xx; known are en, fr, pt, sw, ar"),
        (
            HEAD + "  - en: {skills: L99}\n",
            r"Behind the term skills \(en\) must stand the code of a source, or",
        ),
        (HEAD + "  - en: {skills: }\n", r"Behind the term skills \(en\) must stand"),
        (HEAD + "  - en: [skills]\n", "Concept 1, en: must hold names with a colon"),
        (HEAD + "  - en: {of the: L05}\n", r"The term of the \(en\) has no word that carries meaning"),
        (
            HEAD + "  - en: {skill: L05}\n  - en: {trade: L05, Skills: recalled}\n",
            r"The term Skills \(en\) stands in two concepts, 1 and 2, there as skill",
        ),
        (HEAD + "  - en: {skills: L05, skills: L05}\n", "Line 3 is not valid YAML: skills is given twice"),
        (HEAD + "  - en {skills\n", "Below concepts|Concept 1|not valid YAML"),
    ],
)
def test_a_broken_file_is_refused_in_a_sentence(content: str, reason: str) -> None:
    with pytest.raises(FileRejected, match=reason) as refused:
        read_glossary(content.encode(), "glossary.yaml")
    assert str(refused.value).startswith("glossary.yaml: ")


def test_recalled_is_told_from_seen() -> None:
    read = read_glossary(
        (HEAD + f"  - en: {{RPL: {RECALLED}}}\n    fr: {{VAE: L05}}\n").encode(), "made.yaml"
    )
    assert [(term.text, term.source) for term in read.concepts[0]] == [("RPL", ""), ("VAE", "VAE kit (2018)")]
