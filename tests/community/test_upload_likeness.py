"""How alike two texts are: edits, excerpts, and what is no likeness."""

from __future__ import annotations

from pathlib import Path

import pytest

from community.uploads.likeness import candidates, first_difference, runs, telling_sentences, verdict
from community.uploads.readable import hidden_signs, notes_on
from community.uploads.values import Alike
from index.library import Library
from index.scope import STAFF
from ingest.cage import Cage
from ingest.reading import read_document
from tests.community.upload_house import AMINA, SIFA, House, text_of, word_file
from tests.fakes import HashEmbedder

CARE, VISA = text_of("home care training", 40), text_of("visa fees", 200)
SENTENCES = CARE.split("\n\n")


def _edited(share: float) -> str:
    """As many sentences of another text in their place, spread evenly."""
    other = iter(VISA.split("\n\n"))
    step = round(1 / share)
    return "\n\n".join(next(other) if number % step == 0 else one for number, one in enumerate(SENTENCES))


@pytest.mark.parametrize(
    ("new", "way"),
    [
        (CARE, Alike.SAME_TEXT),
        (CARE.upper().replace("\n\n", " * "), Alike.SAME_TEXT),
        (_edited(0.1), Alike.NEW_VERSION),
        (_edited(0.33), Alike.NEW_VERSION),
        (_edited(0.5), Alike.NEW_VERSION),
        ("\n\n".join(SENTENCES[5:13]), Alike.INSIDE),
        (VISA[:20_000] + CARE + VISA[20_000:], Alike.AROUND),
    ],
)
def test_edits_and_excerpts_are_known(new: str, way: Alike) -> None:
    found = verdict(runs(new), runs(CARE))
    assert found is not None
    assert found.way is way


@pytest.mark.parametrize("new", ["", "Word.", VISA, "Une traduction de ce texte, phrase par phrase. " * 30])
def test_other_texts_are_no_likeness(new: str) -> None:
    # they are made from one pattern, of which five words in a row do recur
    assert (
        verdict(runs(new), runs("A wholly different paper. " * 3 + "about schools and their roofs")) is None
    )


def test_the_shares_follow_from_the_definition() -> None:
    # runs of five: abcde bcdef against abcde bcdeg: one shared of two each
    found = verdict(runs("a b c d e f"), runs("a b c d e g"))
    assert found == (Alike.NEW_VERSION, 1 / 2)
    assert verdict(runs("a b c d e"), runs("a b c d e f")) == (Alike.NEW_VERSION, 1.0)
    assert verdict(runs("a b c d e"), runs("x a b c d e f g h i j k l")) == (Alike.INSIDE, 1.0)
    assert verdict(runs("x a b c d e f g h i j k l"), runs("a b c d e")) == (Alike.AROUND, 1 / 9)


def test_the_first_words_that_differ_are_shown() -> None:
    new = CARE.replace(SENTENCES[3], "Nobody had ever paid anything for any of this before the year began.")
    assert first_difference(new, runs(new), runs(CARE)).startswith("Nobody had ever paid anything")
    assert first_difference(CARE, runs(CARE), runs(CARE)) == ""


def test_the_library_is_searched_for_sentences_from_everywhere(tmp_path: Path) -> None:
    asked = list(telling_sentences(CARE, "en"))
    assert len(asked) == 10
    assert [SENTENCES.index(one) // 4 for one in asked] == list(range(10))
    with Library(tmp_path, embedder=HashEmbedder()) as library, Cage() as cage:
        for name, text in (("care.md", CARE), ("visa.md", VISA)):
            library.add(read_document(text.encode(), name, name, cage=cage, overrides={"id": name}))

        def search(sentence: str) -> list[str]:
            return [hit.source.id for hit in library.search(sentence, reader=STAFF, mode="words", top=5)]

        assert candidates(_edited(0.1), "en", search)[0] == "care.md"
        assert set(candidates(_edited(0.5), "en", search)) == {"care.md", "visa.md"}


def test_what_is_for_staff_alone_is_told_to_staff_alone(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        old = read_document(CARE.encode(), "o.md", "o.md", cage=house.uploads._cage)
        house.library.add(old, audience="staff")
        [theirs] = house.read(SIFA, "a.md", _edited(0.1).encode()).likenesses
        assert (theirs.is_known, theirs.may_replace) == (True, True)
        [hidden] = house.read(AMINA, "a.md", _edited(0.1).encode()).likenesses
        assert (hidden.is_known, hidden.address, hidden.may_replace) == (False, "", False)


def test_hidden_signs_are_counted_for_the_reviewer(tmp_path: Path) -> None:
    hidden = "Pay\u200b at\u202e once\U000e0041.\n\n"
    assert hidden_signs(hidden.encode()) == 3
    assert hidden_signs(b"\xef\xbb\xbf" + "می\u200cخواهم 👩\u200d🔧".encode()) == 0  # marks that belong
    assert hidden_signs(word_file(hidden)) == 3
    assert hidden_signs(b"%PDF-1.7 \xe2\x80\x8b") == 0
    assert hidden_signs(b"PK\x03\x04 no archive") == 0
    with House(tmp_path) as house:
        upload = house.hand_in(AMINA, "a.md", (hidden + CARE).encode())
        [flag] = house.uploads.flags(SIFA, upload.submission_id)
        assert flag.startswith("The file holds 3 signs that readers do not see.")


def test_slides_without_words_are_told() -> None:
    from io import BytesIO

    from pptx import Presentation

    presentation = Presentation()
    for title in ("Opening", "", "Funding", ""):
        slide = presentation.slides.add_slide(presentation.slide_layouts[5])
        slide.shapes.title.text = title
    file = BytesIO()
    presentation.save(file)
    with Cage() as cage:
        document = read_document(file.getvalue(), "s.pptx", "s.pptx", cage=cage)
    assert notes_on(document) == ("There are no words on slides 2, 4: it may be a picture, or hidden.",)
