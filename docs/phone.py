"""Messages of the bot as a phone shows them: HTML and CSS of our own, photographed by a headless Chromium."""

from __future__ import annotations

import base64
import html
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.markup import Button, Page, Picture, Run, Style
from whosays.config import data_folder

#: CSS pixels: of the narrowest phones that are still sold.
PHONE = 360
#: Pixels of a picture to one of CSS.
SCALE = 2
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--virtual-time-budget=3000",
    f"--force-device-scale-factor={SCALE}",
)
#: A window that is narrower or lower than this is made larger by Chromium, without a word.
_LEAST = 600
_TAGS = {Style.BOLD: "b", Style.ITALIC: "i"}
_QUOTES = {Style.QUOTE: "quote", Style.LONG_QUOTE: "quote folded"}
_SIZE = re.compile(r'data-size="(\d+,\d+)"')
_CSS = """
@font-face { font-family: Phone; src: url(FONTS/WhosaysSans-Regular.ttf); }
@font-face { font-family: Phone; font-weight: bold; src: url(FONTS/WhosaysSans-Bold.ttf); }
* { box-sizing: border-box; margin: 0; }
body { display: flex; width: max-content; font: 15px/1.35 Phone; background: var(--ground); }
.phone { width: WIDTHpx; padding: 10px 8px; background: var(--ground); }
.light { --ground: #d5e3cf; --bubble: #fff; --own: #e6fcd1; --ink: #111; --link: #2b7cc4; --tint: #2b7cc41c; --key: #5e8554c0; }
.dark { --ground: #0e1621;--bubble: #1d2733; --own: #2b5278; --ink: #f1f4f6; --link: #6ab7ff; --tint: #6ab7ff1f; --key: #2a3a4b; }
.row { display: flex; flex-direction: column; align-items: flex-start; margin-bottom: 10px; }
.row.own { align-items: flex-end; }
.message { max-width: 336px; }
.bubble { background: var(--bubble); color: var(--ink); border-radius: 14px; padding: 6px 10px 7px; overflow: hidden; }
.wide .message { width: 336px; }
.own .bubble { background: var(--own); }
.text { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; text-align: start; }
.text a { color: var(--link); text-decoration: none; }
.bare { display: block; width: 310px; }
.photo { display: block; width: calc(100% + 20px); margin: -6px -10px 6px; }
.quote { position: relative; margin: 2px 0; padding: 3px 8px; border-radius: 5px; background: var(--tint);
  border-inline-start: 3px solid var(--link); unicode-bidi: plaintext; text-align: start; }
.folded { max-height: 69px; overflow: hidden; }
.folded::after { content: "⌄"; position: absolute; inset-inline-end: 6px; bottom: 0; color: var(--link); }
.keys { display: flex; gap: 4px; margin-top: 4px; }
.key { flex: 1 1 0; min-width: 0; padding: 8px 6px; border-radius: 9px; background: var(--key); color: #fff; font-size: 14px;
  text-align: center; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; unicode-bidi: plaintext; }
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person writes."""

    text: str


Message = Page | Picture | Asked


def phone(messages: Iterable[Message], *, dark: bool = False) -> str:
    """Return a chat as HTML, as it is on a phone; every character of a message is escaped."""
    return f'<div class="phone {"dark" if dark else "light"}">{"".join(map(_message, messages))}</div>'


def bare(png: bytes) -> str:
    """Return a picture as HTML, somewhat narrower than a phone."""
    return _image(png, "bare")


def photograph(phones: Sequence[str], to: Path) -> None:
    """Write phones side by side as a PNG, as high as the highest. Raises FileNotFoundError where there is no Chromium."""
    browser = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        raise FileNotFoundError("Chromium is needed to take the pictures; on Debian and Ubuntu: apt install chromium")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "chat.html"
        file.write_text(_document(phones), encoding="utf-8")
        command = [browser, *_FLAGS, f"--user-data-dir={folder}/profile"]
        window = f"--window-size={max(len(phones) * PHONE, _LEAST)},{_LEAST}"
        dom = subprocess.run([*command, window, "--dump-dom", file.as_uri()], check=True, capture_output=True, text=True).stdout
        size = _SIZE.search(dom)
        if size is None:
            raise ValueError("Chromium has not laid the chat out")
        picture = Path(folder) / "chat.png"
        window = f"--window-size={size[1]}"
        subprocess.run([*command, window, f"--screenshot={picture}", file.as_uri()], check=True, capture_output=True)
        shutil.copyfile(picture, to)


def _document(phones: Sequence[str]) -> str:
    style = _CSS.replace("FONTS", (data_folder() / "fonts").as_uri()).replace("WIDTH", str(PHONE))
    measure = (
        "const box = document.body.getBoundingClientRect(); document.body.dataset.size = [box.width, box.height].map(Math.ceil)"
    )
    return (
        f'<!doctype html><meta charset="utf-8"><style>{style}</style>'
        f"<body>{''.join(phones)}<script>document.fonts.ready.then(() => {{ {measure} }})</script></body>"
    )


def _image(png: bytes, kind: str) -> str:
    return f'<img class="{kind}" src="data:image/png;base64,{base64.b64encode(png).decode()}">'


def _message(message: Message) -> str:
    match message:
        case Asked():
            return _row(html.escape(message.text), kind="own")
        case Picture(png=png, caption=caption):
            return _row(_image(png, "photo") + _text(caption.runs), caption.buttons, kind="wide")
        case Page():
            return _row(_text(message.runs), message.buttons, kind="wide" if message.buttons else "")


def _row(inner: str, rows: Sequence[Sequence[Button]] = (), *, kind: str) -> str:
    keys = "".join(f'<div class="keys">{"".join(map(_key, row))}</div>' for row in rows)
    bubble = f'<div class="bubble"><div class="text">{inner}</div></div>'
    return f'<div class="row {kind}"><div class="message">{bubble}{keys}</div></div>'


def _key(button: Button) -> str:
    return f'<div class="key">{html.escape(button.text)}</div>'


def _text(runs: Iterable[Run]) -> str:
    """Return runs as HTML. The line breaks around a quotation only end its lines: they are no empty lines."""
    parts = []
    after_quotation = False
    for run in runs:
        text = run.text.removeprefix("\n") if after_quotation else run.text
        after_quotation = run.style in _QUOTES
        parts.append(_run(run, text))
    return "".join(parts)


def _run(run: Run, text: str) -> str:
    parts, at = [], 0
    for start, end in run.marked:
        parts += [html.escape(text[at:start]), "<b>", html.escape(text[start:end]), "</b>"]
        at = end
    inner = "".join(parts) + html.escape(text[at:])
    if kind := _QUOTES.get(run.style):
        return f'<div class="{kind}" dir="auto">{inner}</div>'
    if tag := _TAGS.get(run.style):
        inner = f"<{tag}>{inner}</{tag}>"
    return f"<a>{inner}</a>" if run.link else inner
