"""The page that the browser shows at the end: whole in itself, nothing is loaded from anywhere."""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from typing import Final

_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1f2933; --soft: #52606d; --paper: #ffffff; --back: #eef2f6; --line: #d9e2ec;
  --good: #0f7b4f; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --soft: #a3b1bf; --paper: #1b232c; --back: #11171d;
  --line: #2f3b47; --good: #57d39b; --bad: #ffb4ab; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--back); color: var(--ink);
  font: 17px/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; padding: 24px; }
main { max-width: 30rem; width: 100%; background: var(--paper); border: 1px solid var(--line); border-radius: 16px;
  padding: 40px 36px; box-shadow: 0 12px 32px rgb(16 32 48 / 0.10); text-align: center; }
.sign { width: 64px; height: 64px; margin: 0 auto 20px; border-radius: 50%; border: 3px solid currentColor;
  display: grid; place-items: center; font-size: 34px; line-height: 1; }
.good .sign { color: var(--good); } .bad .sign { color: var(--bad); }
h1 { font-size: 24px; line-height: 1.3; font-weight: 600; margin: 0 0 12px; text-wrap: balance; }
p { margin: 0; color: var(--soft); text-wrap: pretty; }
footer { margin-top: 28px; font-size: 14px; color: var(--soft); letter-spacing: 0.02em; }
"""


def html(title: str, text: str, *, good: bool) -> str:
    """The page."""
    kind, sign = ("good", "✓") if good else ("bad", "!")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f"<title>{escape(title)} - RingDesk</title><style>{_STYLE}</style></head>"
        f'<body><main class="{kind}"><div class="sign" aria-hidden="true">{sign}</div><h1>{escape(title)}</h1>'
        f"<p>{escape(text)}</p><footer>RingDesk</footer></main></body></html>"
    )


def response(status: int, title: str = "", text: str = "", *, good: bool = False) -> bytes:
    """A whole answer; without a title a bare one, for whoever had no business here."""
    body = html(title, text, good=good).encode() if title else f"{status}\n".encode()
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
        f"Content-Type: text/{'html' if title else 'plain'}; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\nCache-Control: no-store\r\n"
        "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; img-src data:\r\n"
        "Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\n\r\n"
    )
    return head.encode() + body
