"""What stands on the chat's page: its parts, laid out. Gradio is imported on use."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.pages.asking import Thread
from bot.pages.chat_view import keeping_html, welcome_html
from web.assets import STATIC

if TYPE_CHECKING:
    import gradio as gr


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the page that change."""

    thread: "gr.State"
    tab: "gr.Textbox"
    earlier: "gr.HTML"
    current: "gr.HTML"
    examples: "gr.HTML"
    limits: "gr.Accordion"
    kinds: "gr.Dropdown"
    countries: "gr.Dropdown"
    events: "gr.Dropdown"
    question: "gr.Textbox"
    send: "gr.Button"
    anew: "gr.Button"
    hint: "gr.HTML"
    private: "gr.Checkbox"

    @property
    def chosen(self) -> "list[gr.Dropdown]":
        """What the reader limits the search with."""
        return [self.kinds, self.countries, self.events]

    @property
    def all(self) -> list[Any]:
        """Every part that an answer may change."""
        changing = [self.earlier, self.current, self.examples, self.question, self.send, self.anew, self.hint]
        return [self.thread, self.tab, *changing, *self.chosen]


def lay_out(kept_days: int) -> Parts:
    """The parts, inside the Blocks that are being built. ``kept_days``: how long questions are kept."""
    import gradio as gr

    thread = gr.State(Thread())
    tab = gr.Textbox(visible=False)
    with gr.Column(elem_id="chat"):
        pressing = (STATIC / "chat_panel.js").read_text()
        earlier = gr.HTML(elem_id="earlier", apply_default_css=False)
        current = gr.HTML(welcome_html(), elem_id="current", js_on_load=pressing, apply_default_css=False)
        examples = gr.HTML(elem_id="examples", js_on_load=pressing, apply_default_css=False)
        with gr.Column(elem_id="composer"):
            with gr.Row(elem_id="tools"):
                with gr.Accordion(limits_label(()), open=False, elem_id="limits") as limits, gr.Row():
                    kinds, countries, events = (
                        gr.Dropdown(label=label, multiselect=True, interactive=True)
                        for label in ("Kind of document", "Country", "Webinar")
                    )
                anew = gr.Button("New conversation", visible=False, size="sm", elem_id="anew")
            with gr.Row(elem_id="ask"):
                question = gr.Textbox(
                    label="Your question",
                    placeholder="Ask a question",
                    max_lines=6,
                    elem_id="question",
                )
                send = gr.Button("Ask", variant="primary", elem_id="send")
            with gr.Row(elem_id="keeping", visible=bool(kept_days)):
                private = gr.Checkbox(label="Do not keep my question", elem_id="private", container=False)
                gr.HTML(keeping_html(kept_days), elem_id="kept", apply_default_css=False)
            hint = gr.HTML(elem_id="hint", apply_default_css=False)
    panels = (earlier, current, examples)
    return Parts(thread, tab, *panels, limits, kinds, countries, events, question, send, anew, hint, private)


def limits_label(words: Sequence[str]) -> str:
    """What is searched, as the line above the question says it."""
    return f"Searching: {', '.join(words)}" if words else "Searching: everything"
