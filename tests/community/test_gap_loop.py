"""The whole loop with the real assistant: asked in vain, published, answered, told; nothing kept unasked."""

from __future__ import annotations

from pathlib import Path

from bot.assistant import Assistant
from bot.pages.asking import Asking, Thread
from bot.pages.hearing import Heard, Listener
from community.gaps.news import News
from community.people import Person
from index.scope import Reader, Scope
from tests.community.asking import AMINA, PEOPLE, STAFF, town

QUESTION = "How long does the academy of Tema train welders?"


def test_who_asked_in_vain_hears_when_a_source_answers(tmp_path: Path) -> None:
    with town(tmp_path / "data") as here:
        assistant = Assistant(here.library)

        def hear(request: Person, heard: Heard) -> str:
            return here.log.keep(
                request,
                "",
                agreed=heard.keep,
                question=heard.question,
                understood=heard.understood,
                found=heard.answer.found,
                confidence=heard.answer.confidence,
                countries=heard.countries,
                cited=heard.cited,
            )

        def answers(question: str, reader: Reader, source_id: str) -> bool:
            scope = Scope(sources=(source_id,))
            return assistant.answer(question, scope=scope, reader=reader, narrow=False).found

        def ask(keep: bool = True) -> tuple[bool, str]:
            asking = Asking(assistant, here.library, Listener(hear, here.log.keeps_for))
            *_, last = asking.ask(Thread(), QUESTION, Scope(), AMINA.reader, request=AMINA, keep=keep)
            assert last.latest
            return last.latest.answer.found, last.latest.receipt

        assert ask(keep=False) == (False, "")
        assert b"academy" not in here.bytes_on_disk()
        found, receipt = ask()
        assert not found
        here.log.tell(AMINA, receipt)
        news = News(here.records, here.library, answers, PEOPLE.get)
        here.publish("bees", "# Bees\n\nThe academy of bees keeps hives.")
        news.published("bees")
        assert here.told(AMINA) == []
        here.publish("tema", "# Welders\n\nThe academy of Tema trains welders for two years.")
        news.published("tema")
        assert here.told(AMINA) == [f"The library now answers what you asked: “{QUESTION}” See “Welders”."]
        found, again = ask()
        assert found and again != receipt
        assert here.log.own(AMINA, again).cited[0] == ("tema", 1)
        assert [group.state for group in here.gaps.groups(STAFF)] == []
