"""What a hit is, and what any question gets: an answer or nothing, never a trace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.analysis import fold, highlight, question_language, question_terms, stem, stop_words, terms, tokens
from index.asking import asks
from index.library import Library
from index.rereading import WEIGHTS, Weights
from index.scope import Scope
from ingest.builder import TextBuilder
from ingest.errors import UjuziError
from tests.fakes import HashEmbedder
from tests.index import made

MODES = ("hybrid", "words", "meaning")
ALL = frozenset({"ar", "en", "fr", "pt", "sw"})


def test_a_passage_is_the_very_words_of_its_span_and_a_hit_knows_its_place(library: Library) -> None:
    builder = TextBuilder()
    for number in range(1, 4):
        builder.page()
        builder.paragraph(f"Page {number} speaks of apprentice number {number} — naïve, 😀, “quoted”. " * 30)
    library.add(made.document("handbook", builder.build(), b"pages"))
    library.add(made.talk("talk", [("Anna", "Who pays the visa?"), ("Ben", "The employer pays it.")]))
    for identity in ("handbook", "talk"):
        entry, version = library.read(identity)
        passages = library.passages(entry)
        assert passages and all(version.quote(one.span) == one.text for one in passages)
    (hit,) = library.search("employer pays", Scope(speakers=("Ben",)))
    assert str(hit.place) == "00:10-00:20, Ben"
    assert (
        hit.link == f"/sources/talk?version=1&from={hit.passage.span.start}&to={hit.passage.span.end}#quote"
    )
    pages = {hit.place.pages for hit in library.search("apprentice", Scope(sources=("handbook",)), top=20)}
    assert (1, 1) in pages and (3, 3) in pages
    assert all(pages and pages[1] - pages[0] <= 1 for pages in pages)


def test_scores_fall_and_both_halves_are_told(library: Library) -> None:
    fees = [f"The fee {'and fee ' * number}is number {number}." for number in range(12)]
    library.add(made.sections("fees", [*fees, "Cattle graze on the hill."]))
    hits = library.search("fee", top=20)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 <= hit.score <= 1 and hit.words > 0 and hit.meaning > 0 for hit in hits[:12])
    assert {hit.words for hit in library.search("fee", mode="meaning")} == {0.0}
    assert {hit.meaning for hit in library.search("fee", mode="words")} == {0.0}


def test_a_ranking_is_the_search_without_its_words(library: Library) -> None:
    library.add(made.sections("fees", [f"The fee {'and fee ' * number}is paid." for number in range(12)]))
    library.add(made.sections("fares", ["The fee of the fare is paid."]))
    rows = {one.passage.id: one.row for one in library.published_passages()}
    for mode in MODES:
        for scope in (Scope(), Scope(sources=("fees",))):
            hits = library.search("Who pays the fee?", scope, mode=mode, top=100)
            ranked = library.rank("Who pays the fee?", scope, mode=mode)
            assert [(row, one.score) for row, one in ranked.items()] == [
                (rows[hit.passage.id], hit.score) for hit in hits
            ]
            assert hits


def test_for_a_question_the_passage_with_the_closest_sentence_comes_first(library: Library) -> None:
    """Both hold the same words; only one says them in one sentence."""
    scattered = "The grower advances meals. Rent stands apart. A visa costs more. The fare stays. Pays late."
    together = "The grower pays the visa fare. Meals stand apart. Rent costs more. Bus stays late. Advances."
    filler = " ".join(f"Hill {number} grazes cattle." for number in range(40))
    library.add(made.sections("schemes", [f"{scattered} {filler}", f"{together} {filler}"]))
    first = library.search("Which grower pays the visa fare?")[0]
    assert first.passage.text.startswith("The grower pays")


def test_for_a_question_a_fragment_counts_less_than_a_whole_document_of_its_length(library: Library) -> None:
    words = "The employer pays the fee."
    library.add(made.sections("sheet", [words, "Cattle graze on the hill."], title="One"))
    library.add(made.sections("note", [words], title="One"))
    asked = {hit.source.id: hit.score for hit in reversed(library.search("Who pays the fee?"))}
    assert asked["note"] - asked["sheet"] > 0.1


def test_a_question_in_arabic_is_ranked_by_its_words_alone(tmp_path: Path, models: Path) -> None:
    with Library(tmp_path, models=models) as library:
        for number, words in enumerate(
            ("يدفع صاحب العمل الرسوم", "الرسوم", "صاحب العمل في المدينة", "ماشية")
        ):
            library.add(made.text(f"arabic-{number}", words, language="ar"))
        both, words = (
            [hit.source.id for hit in library.search("من يدفع الرسوم؟", mode=mode)][:2]
            for mode in ("hybrid", "words")
        )
        assert both == words


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        ("Who pays?", True),
        ("who pays", True),
        ("from whom, then?", True),
        ("Compare both agreements.", True),
        ("من يدفع؟", True),
        ("Où s'adresser", True),
        ("Nani hulipa nauli", True),
        ("Employers pay the fare.", False),
        ("portability of skills", False),
        ("Whole documents", False),  # begins like "who", and is none
        ("", False),
    ],
)
def test_what_is_a_question(text: str, is_asked: bool) -> None:
    assert asks(text) == is_asked


def test_highlights_lie_on_the_words(library: Library) -> None:
    library.add(
        made.text("fees", "Employers pay; an employer's payment of the air fare comes first 😀 employed.")
    )
    (hit,) = library.search("Which employer pays air fares?")
    words = [hit.passage.text[start:end] for start, end in hit.highlights]
    assert words == ["Employers pay", "employer", "air fare", "employed"]


@pytest.mark.parametrize(
    ("language", "text", "question"),
    [
        ("fr", "La coopération bilatérale améliore l’évaluation.", "cooperation bilaterale"),
        ("fr", "La cooperation bilaterale.", "coopération bilatérale"),
        ("pt", "A certificação das competências é gratuita.", "certificacao competencias"),
        ("ar", "يَحْصُلُ العاملُ على شَهادة قبل السفر إلى أستراليا", "شهاده استراليا"),
        ("sw", "Mwajiri analipa nauli ya ndege.", "NAULI ndege"),
        ("en", "The straße, the café and the ﬁnance.", "strasse cafe finance"),
    ],
)
def test_accents_vowel_signs_and_case_do_not_matter(
    library: Library, language: str, text: str, question: str
) -> None:
    library.add(made.text("document", text, language=language))
    (hit,) = library.search(question, mode="words")
    assert len([text[start:end] for start, end in hit.highlights]) >= 1


def test_words_are_folded_and_stemmed_by_language() -> None:
    assert [token.word for token in tokens("Ça coûte 1,234.50 A$, d’accord?")] == [
        *["ca", "coute", "1234.50"],
        *["a", "d", "accord"],
    ]
    assert [fold(word) for word in ("ÉCOLE", "الشهادة", "الإلى", "مُدَرِّس")] == [
        *["ecole", "الشهاده", "الالي"],
        "مدرس",
    ]
    assert terms("The workers were working on it", "en") == ["worker", "work"]
    assert stem("2026", "en") == "2026" and stem("wafanyakazi", "sw") == "wafanyakazi"
    assert question_terms("Who pays the fees?", "en", ["fr"]).keys() == {"pays", "fees"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("l'expérience qu'il d'acquis", ["l", "experience", "qu", "il", "d", "acquis"]),
        ("l’expérience d’água dell’arte", ["l", "experience", "d", "agua", "dell", "arte"]),
        ("l\u02bcexpérience", ["l", "experience"]),  # an apostrophe that counts as a letter
        ("main-d'œuvre", ["main", "d", "oeuvre"]),
        ("kazi ng'ambo, ng’ombe, NG'AMBO", ["kazi", "ngambo", "ngombe", "ngambo"]),
        ("being 'out'", ["being", "out"]),
        ("30 800, 30,800, 30.800 and 30800", ["30800", "30800", "30800", "and", "30800"]),
        ("1 234 567,5 or 1,234,567.5", ["1234567.5", "or", "1234567.5"]),
        ("2,9 % is 2.9%", ["2.9", "is", "2.9"]),
        ("0.125, not 125", ["0.125", "not", "125"]),
        ("in 2024 300 came", ["in", "2024", "300", "came"]),
        ("1800 51 51 31", ["1800", "51", "51", "31"]),
        ("2026-02-10, 12.02.2026", ["2026", "02", "10", "12.02.2026"]),
        ("٣٠٨٠٠ و ۱۲٫۵ و ٣٠٬٨٠٠", ["30800", "و", "12.5", "و", "30800"]),
        ("كتـــاب", ["كتاب"]),
    ],
)
def test_words_part_at_elisions_and_numbers_are_one_however_they_are_written(
    text: str, words: list[str]
) -> None:
    found = tokens(text)
    assert [token.word for token in found] == words
    assert all(0 <= token.span.start < token.span.end <= len(text) for token in found)


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("ar", "عمال العمال والعمال بالعمال للعمال وللعمال فالعمال كالعمال"),
        ("ar", "هجرة الهجرة والهجرة بالهجرة هجره هجرات"),
        ("ar", "أستراليا استراليا إستراليا"),
        ("pt", "migração migracao migrações migracoes"),
        ("pt", "competência competências competencia"),
        ("pt", "responsável responsavel responsáveis"),
        ("pt", "bilateral bilaterais"),
        ("fr", "infirmière infirmières infirmier infirmiers infirmiere"),
        ("fr", "formé formée formés formées formee"),
        ("fr", "portabilité portabilités portabilite"),
        ("es", "migración migracion"),
        ("fr", "vie vies"),
    ],
)
def test_forms_of_a_word_share_a_stem_with_accents_and_without(language: str, forms: str) -> None:
    assert len({stem(fold(word), language) for word in forms.split()}) == 1


def test_an_abbreviation_is_no_form_of_a_short_verb() -> None:
    assert stem("vae", "fr") == "vae" != stem("va", "fr")
    assert stem(fold("وصل"), "ar") != stem(fold("صل"), "ar")  # three letters keep their first


@pytest.mark.parametrize("language", ["en", "fr", "pt", "es", "it", "nl", "de", "sw", "ar"])
def test_function_words_are_kept_for_each_language_and_none_is_lost_in_folding(language: str) -> None:
    assert len(stop_words(language)) > 50 and "" not in stop_words(language)


def test_indexes_made_by_another_analysis_are_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Question and passage would be stemmed in two ways, and find less."""
    for analysis, rebuilt in (("first", False), ("second", True), ("second", False)):
        monkeypatch.setattr("index.store.fingerprint", lambda analysis=analysis: analysis)
        with Library(tmp_path, embedder=HashEmbedder()) as library:
            library.add(made.text("fees", "The employer pays the fee."))
            assert library.search("fee") and library.was_rebuilt == rebuilt


def test_highlights_join_neighbours_only() -> None:
    text = "visa fee, visa. Fee"
    spans = highlight(text, frozenset({"visa", "fee"}), "en")
    assert [text[start:end] for start, end in spans] == ["visa fee", "visa", "Fee"]


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Who pays for the flight?", "en"),
        ("nurses Kenya UK amber list", "en"),
        ("Qui paie le billet d'avion des travailleurs ?", "fr"),
        ("Quem paga a passagem dos trabalhadores?", "pt"),
        ("Nani analipa nauli ya ndege ya wafanyakazi?", "sw"),
        ("من يدفع ثمن تذكرة السفر؟", "ar"),
        ("የጉዞውን ወጪ የሚከፍለው ማነው?", "am"),
        ("", "en"),
        ("😀", "en"),
    ],
)
def test_the_language_of_a_question(question: str, language: str) -> None:
    assert question_language(question, ALL) == language
    assert question_language(question, ["en"]) == (language if language in ("ar", "am") else "en")


@pytest.fixture(scope="module")
def two_languages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library(tmp_path_factory.mktemp("two"), embedder=HashEmbedder()) as library:
        library.add(made.text("fees", "The employer pays the fee."))
        library.add(made.text("arabic", "يدفع صاحب العمل الرسوم", language="ar"))
        yield library


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "question",
    [
        *["", "   \n\t", "the of and is", "😀🙃", "?!", "\x00\x07", "\u202e\u200f", "é" * 3],
        *["x" * 10_000, "fee " * 2_500, "ا" * 10_000, "<script>alert(1)</script> <b>fee", "من يدفع الرسوم؟"],
        *['"fee" AND (fee OR', "terms:fee*~2^3", "-fee +fee", "'; DROP TABLE versions; --", "\ud800 fee"],
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_any_question_gets_hits_or_none(two_languages: Library, question: str, mode: str) -> None:
    for hit in two_languages.search(question, mode=mode):
        assert all(0 <= start < end <= len(hit.passage.text) for start, end in hit.highlights)
    two_languages.understand(question)


@pytest.mark.parametrize(
    ("context", "is_subject"),
    [
        ("PALM > Challenges", True),
        ("The PALM scheme > What happened > The challenges", True),
        ("PALM > Results", False),  # another side
        ("THAMM > Challenges", False),  # another subject
        ("Challenges", False),
        ("The challenges of PALM > Step one: find partners", False),  # more than was asked for
    ],
)
def test_a_section_is_the_subject_where_its_headings_name_all_that_is_asked_for(
    context: str, is_subject: bool, two_languages: Library
) -> None:
    assert two_languages.understand("Which main challenges has PALM?").is_subject_of(context) == is_subject
    assert not two_languages.understand("challenges?").is_subject_of(context)  # a side of nothing


def test_words_of_asking_are_no_words_of_the_subject(two_languages: Library) -> None:
    def words(question: str) -> list[str]:
        return list(two_languages.understand(question).words)

    assert words("Which main fees are mentioned?") == ["fees"]
    assert words("main fees mentioned") == ["main", "fees", "mentioned"]  # a topic
    assert words("What is covered?") == ["covered"]  # there is nothing else to go by


def test_an_unknown_mode_is_refused_in_a_sentence(library: Library) -> None:
    with pytest.raises(UjuziError, match="no search mode psychic; there are hybrid, words, meaning"):
        library.search("fee", mode="psychic")


def test_a_letter_that_folds_to_nothing_is_no_word() -> None:
    """A lengthening stroke on its own, as Arabic typesetting leaves it: it once ended the indexing."""
    assert terms("كتاب ـ جديد", "ar") == terms("كتاب جديد", "ar")


def test_a_passage_in_fitting_company_comes_before_its_equal_among_strangers(library: Library) -> None:
    """Sections of one document stand beside each other; the same words elsewhere stand alone in the crowd."""
    same = "The levy is paid by the host firm each year."
    stranger = "Cattle graze on the wide green hill."
    library.add(made.sections("alone", [stranger, f"{same} Ox.", stranger]))
    library.add(made.sections("company", ["Levy of the host firm.", f"{same} Ax.", "The firm pays a levy."]))
    row_of = {one.passage.text[-3:]: one.row for one in library.published_passages()}

    def lead(weights: Weights) -> float:
        ranked = library.rank("levy paid by host firm", weights=weights)
        return ranked[row_of["Ax."]].score - ranked[row_of["Ox."]].score

    assert lead(WEIGHTS) > lead(replace(WEIGHTS, neighbours=0.0)) + 0.01


def test_the_first_hits_in_a_recording_are_different_moments(library: Library) -> None:
    """Three neighbours speak of the levy best; a later moment that does so nearly as well comes second."""
    filler = " ".join(f"Hill {number} grazes cattle." for number in range(32))
    turns = (
        ["The levy is paid by the host firm."] * 3
        + ["Nothing of that."] * 3
        + ["The levy was paid by the host firm again and again."]
    )
    library.add(made.talk("talk", [("Anna", f"{turn} {filler}") for turn in turns]))
    library.add(made.sections("sheet", [f"{turn} {filler}" for turn in turns]))
    spoken = [
        hit.passage.number for hit in library.search("levy paid by host firm", Scope(sources=("talk",)))
    ]
    written = [
        hit.passage.number for hit in library.search("levy paid by host firm", Scope(sources=("sheet",)))
    ]
    assert len(spoken) == len(written) == 7
    assert set(written[:3]) == {1, 2, 3}
    assert spoken[0] in (1, 2, 3) and 7 in spoken[:3]
