"""Recordings made on the spot, for tests that play or keep some."""

from __future__ import annotations

import base64
import math
import wave
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

RATE = 8_000  # samples a second, of one byte
_SILENCE = 128
# The browser draws some pictures and records them; nothing else here can make a video.
_RECORD = """async milliseconds => {
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d");
    const recorder = new MediaRecorder(canvas.captureStream(25), {mimeType: "video/webm"});
    const parts = [];
    recorder.ondataavailable = event => parts.push(event.data);
    const stopped = new Promise(resolve => { recorder.onstop = resolve; });
    recorder.start();
    const drawing = setInterval(() => pen.fillRect(Math.random() * 300, 0, 9, 150), 40);
    await new Promise(resolve => setTimeout(resolve, milliseconds));
    clearInterval(drawing);
    recorder.stop();
    await stopped;
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    return btoa(String.fromCharCode(...bytes));
}"""


def wav(path: Path, minutes: float, hertz: int = 0) -> Path:
    """A sound file of some minutes at ``path``: a tone, or silence at 0 hertz; 480 kB a minute."""
    second = bytes(_SILENCE + round(60 * math.sin(2 * math.pi * hertz * n / RATE)) for n in range(RATE))
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 1, RATE, 0, "NONE", ""))
        file.writeframes(second * round(60 * minutes))
    return path


def webm(path: Path, page: Page, seconds: float = 1) -> Path:
    """A video of about some seconds at ``path``, recorded by the browser of ``page``."""
    path.write_bytes(base64.b64decode(page.evaluate(_RECORD, 1_000 * seconds)))
    return path
