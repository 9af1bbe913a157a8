"""Five hundred texts that somebody who wants to harm would send as a name: for the pop, and for whatever shows it."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator

WANTED = 500
MEBIBYTE = 1 << 20

_MARKUP = (
    "<img src='{marker}' width=300 height=300>",
    '<img src="file://{marker}" width="300" height="300"/>',
    "<img srcset='{marker} 1x' src={marker}>",
    "<table background='{marker}'><tr><td width=300 height=300>x</td></tr></table>",
    "<body style=\"background-image:url('{marker}')\">x</body>",
    "<div style='background:url({marker})'>x</div>",
    "<p style='list-style-image:url({marker})'><li>x</li></p>",
    "<object data='{marker}'></object>",
    "<iframe src='{marker}'></iframe>",
    "<svg><image href='{marker}' width='300' height='300'/></svg>",
    "<input type=image src='{marker}'>",
    "<video poster='{marker}'></video>",
    "<link rel=stylesheet href='{marker}'>",
    "<style>* {{ background-image: url('{marker}') }}</style>",
    "![picture]({marker})",
    "[![picture]({marker})](https://evil.test)",
    "<body bgcolor='#ff00ff'><font color='#ff00ff' size=7>\u2588\u2588\u2588\u2588</font></body>",
    "<span style='background:#ff00ff;color:#ff00ff'>xxxxxxxx</span>",
)
_AROUND = (
    "{}", "<b>{}</b>", "<html>{}</html>", "<!DOCTYPE html><html><body>{}</body></html>", "Jane {} Doe", "{}{}",
    "\u202e{}\u202c", "&lt;b&gt;{}", "<![CDATA[{}]]>", "\n{}\n", "\x00{}", "<u>{}", "</b>{}", "\ufeff{}",
    "<pre>{}</pre>",
)  # several to a line  # fmt: skip
_LINKS = (
    "javascript:alert(1)", "file:///etc/passwd", "file://evil.test/share/x.png", "\\\\evil.test\\share\\x.png",
    "http://evil.test/x.png", "data:text/html,<h1>x", "tel:+449001234567", "https://a:b@evil.test",
    "<a href='file:///etc/passwd'>Jane</a>", "mailto:x@y?attach=/etc/passwd", "qrc:/x.png", "image://provider/x",
    "%1 %2 %n %L1", "{0}{name}{}", "&Open &&Close", "$(reboot)", "`reboot`", "'; DROP TABLE contact; --",
    "=1+1", "@SUM(A1)",
)  # several to a line  # fmt: skip


def _characters() -> Iterator[str]:
    """Characters that turn, hide, join or pile up what stands beside them."""
    places = [*range(0x20), *range(0x7F, 0xA0), *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070)]
    places += [0xAD, 0x61C, 0x115F, 0x180E, 0x3164, 0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB, 0xFFFC, 0xFFFF, 0xE0001, 0xE0041]
    for place in places:
        yield chr(place)


def _shapes() -> Iterator[str]:
    yield "W" * MEBIBYTE
    yield "<b>" * (MEBIBYTE // 3)
    yield "\u202e" * MEBIBYTE
    yield "a\u0301" * 50_000
    yield "Z" + "".join(chr(place) for place in range(0x300, 0x36F)) * 20
    yield "\u0b95\u0bcd\u0bb7" * 3000
    yield "\ufdfa" * 500
    yield "\U0001f469\u200d\U0001f469\u200d\U0001f467" * 300
    yield "\U00012031" * 500
    yield "\n" * 10_000
    yield "\t" * 10_000
    yield "\x1b]0;title\x07\x1b[31mred"
    yield ""
    yield " "


def corpus(marker: str) -> list[str]:
    """The texts; `marker` is the path of a picture that must never be drawn."""
    markup = [text.format(marker=marker) for text in _MARKUP]
    made = [around.replace("{}", text) for text in markup for around in _AROUND]
    made += _LINKS
    made += [f"Ja{character}ne D{character}oe" for character in _characters()]
    made += _shapes()
    chance = random.Random(5)
    assigned = [chr(place) for place in range(0x20, 0x30000) if unicodedata.category(chr(place))[0] != "C"]
    while len(made) < WANTED:
        made.append("".join(chance.choices([*assigned, *markup], k=40)))
    return made
