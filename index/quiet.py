"""The libraries that we stand on send usage statistics unless they are told not to. Here they are told."""

from __future__ import annotations

import os
import sys

_SETTINGS = {
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "GRADIO_ANALYTICS_ENABLED": "False",
    # Gradio sums up its last 10,000 events with pandas after each event, for a page that is closed here.
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_VERBOSITY": "error",
}


def be_quiet() -> None:
    """Nothing leaves this machine: to be called before Haystack, Gradio or a model library is imported."""
    os.environ.update(_SETTINGS)
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # its stub takes over
