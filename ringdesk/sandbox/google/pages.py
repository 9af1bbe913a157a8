"""The pages a browser sees while someone signs in. They say plainly that this is not Google."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; --paper: #fff; --back: #f3f5f8;
  --go: #0b57d0; --on-go: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --soft: #9aa4af; --line: #3d444d; --paper: #1c2128;
  --back: #12161b; --go: #a8c7fa; --on-go: #062e6f; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px; background: var(--back);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 460px; background: var(--paper); border: 1px solid var(--line); border-radius: 16px;
  padding: 32px; }
h1 { font-size: 24px; line-height: 1.25; font-weight: 500; margin: 0 0 8px; }
p { margin: 0 0 20px; color: var(--soft); }
fieldset { border: 0; padding: 0; margin: 0 0 24px; }
legend { font-weight: 600; padding: 0; margin-bottom: 8px; }
label { display: flex; gap: 12px; align-items: flex-start; padding: 12px; border: 1px solid var(--line);
  border-radius: 10px; margin-bottom: 8px; cursor: pointer; }
label:has(:focus-visible) { outline: 2px solid var(--go); outline-offset: 2px; }
input { width: 18px; height: 18px; margin: 3px 0 0; flex: none; accent-color: var(--go); }
small { display: block; color: var(--soft); font-size: 14px; overflow-wrap: anywhere; }
.row { display: flex; justify-content: flex-end; gap: 12px; }
button { font: inherit; font-weight: 500; min-height: 44px; padding: 0 24px; border-radius: 22px;
  border: 1px solid var(--line); background: none; color: var(--go); cursor: pointer; }
button.go { background: var(--go); border-color: var(--go); color: var(--on-go); }
button:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
"""

_SCOPES = {
    "https://www.googleapis.com/auth/contacts": "See, edit, download, and permanently delete your contacts",
    "https://www.googleapis.com/auth/contacts.readonly": "See and download your contacts",
    "https://www.googleapis.com/auth/contacts.other.readonly": (
        'See and download contact info automatically saved in your "Other contacts"'
    ),
    "https://www.googleapis.com/auth/directory.readonly": "See and download your organization's directory",
}

FAVICON = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8" fill="#0b57d0"/>'
    b'<circle cx="8" cy="6" r="2.6" fill="#fff"/><path d="M3 13a5 4 0 0 1 10 0z" fill="#fff"/></svg>'
)


def consent_page(nonce: str, people: Sequence[tuple[str, str]], scopes: Sequence[str], hint: str) -> str:
    """Who wants what: an account to choose, a box for each scope, Deny and Allow."""
    chosen = hint if hint in {email for email, _ in people} else next((email for email, _ in people), "")
    accounts = "".join(_account(email, name, email == chosen) for email, name in people)
    boxes = "".join(_scope(scope) for scope in scopes)
    wants = f"<fieldset><legend>It wants to</legend>{boxes}</fieldset>" if boxes else ""
    return _page(
        "Sign in with the practice Google",
        "<h1>RingDesk wants access to an account</h1>"
        "<p>This is the practice Google on this computer. Nothing here reaches the internet.</p>"
        f'<form method="post" action="/o/oauth2/v2/consent"><input type="hidden" name="nonce" value="{escape(nonce)}">'
        f"<fieldset><legend>Choose an account</legend>{accounts}</fieldset>{wants}"
        '<div class="row"><button name="decision" value="deny">Deny</button>'
        '<button class="go" name="decision" value="allow">Allow</button></div></form>',
    )


def error_page(message: str) -> str:
    """Why there is nothing to consent to."""
    return _page("Access blocked", f"<h1>Access blocked</h1><p>{escape(message)}</p>")


def closed_page() -> str:
    """What a scripted user leaves behind who closes the tab: a page that never goes back."""
    return _page("Closed", "<h1>The user closed this page</h1><p>No answer will be sent.</p>")


def front_page(accounts: Sequence[str]) -> str:
    """What the server shows at its root."""
    people = "".join(f"<li>{escape(email)}</li>" for email in accounts)
    return _page("Practice Google", f"<h1>Practice Google</h1><p>It serves these accounts:</p><ul>{people}</ul>")


def _account(email: str, name: str, chosen: bool) -> str:
    mark = " checked" if chosen else ""
    return (
        f'<label><input type="radio" name="account" value="{escape(email)}"{mark}>'
        f"<span>{escape(name)}<small>{escape(email)}</small></span></label>"
    )


def _scope(scope: str) -> str:
    words = _SCOPES.get(scope, scope)
    return (
        f'<label><input type="checkbox" name="scope" value="{escape(scope)}" checked>'
        f"<span>{escape(words)}<small>{escape(scope)}</small></span></label>"
    )


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="/favicon.ico">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>{body}</main></body></html>"
    )
