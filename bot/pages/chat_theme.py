"""Gradio's own controls in our look: the tokens of ujuzi.css, which know light from dark."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gradio as gr

_TOKENS = {
    "body_background_fill": "--ground",
    "body_text_color": "--ink",
    "body_text_color_subdued": "--ink-soft",
    "background_fill_primary": "--paper",
    "background_fill_secondary": "--ground",
    "border_color_primary": "--line",
    "border_color_accent": "--accent",
    "color_accent": "--accent",
    "color_accent_soft": "--accent-soft",
    "link_text_color": "--accent",
    "link_text_color_active": "--accent-strong",
    "link_text_color_hover": "--accent-strong",
    "link_text_color_visited": "--accent",
    "block_background_fill": "--paper",
    "block_border_color": "--line",
    "block_label_text_color": "--ink-soft",
    "block_title_text_color": "--ink-soft",
    "accordion_text_color": "--accent",
    "input_background_fill": "--paper",
    "input_background_fill_focus": "--paper",
    "input_border_color": "--ink-soft",
    "input_border_color_focus": "--accent",
    "input_placeholder_color": "--ink-soft",
    "button_primary_background_fill": "--accent",
    "button_primary_background_fill_hover": "--accent-strong",
    "button_primary_text_color": "--on-accent",
    "button_primary_text_color_hover": "--on-accent",
    "button_secondary_background_fill": "--paper",
    "button_secondary_background_fill_hover": "--accent-soft",
    "button_secondary_border_color": "--line",
    "button_secondary_text_color": "--accent",
    "button_secondary_text_color_hover": "--accent-strong",
    "error_background_fill": "--trouble-soft",
    "error_text_color": "--trouble",
    "error_border_color": "--trouble",
}


def chat_theme() -> "gr.themes.Base":
    """The theme. No font is fetched: the reader's own system has one."""
    import gradio as gr

    theme = gr.themes.Base(
        font=["system-ui", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
        text_size=gr.themes.sizes.text_lg,
    )
    known = set(vars(theme))
    both = {name: f"var({token})" for name, token in _TOKENS.items()}
    dark = {f"{name}_dark": value for name, value in both.items() if f"{name}_dark" in known}
    return theme.set(**both, **dark)
