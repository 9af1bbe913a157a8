"""Signing in at an OAuth server that nobody here wrote: oidc-provider, in its exact version from npm.

It checks the code, PKCE, state, the loopback address with any port, and that a code works once. Long, because it is
installed first.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from ringdesk.domain.remote import SignInDead
from ringdesk.domain.signing import Ending
from ringdesk.providers.google.access import Access, Standing
from ringdesk.providers.google.client_file import Client
from ringdesk.providers.google.signin import CONTACTS, NotSignedIn, SignedIn, SignIn, revoke
from ringdesk.providers.google.wire import Wire
from tests.fakes import FakeTime
from tests.providers.google.test_signin import Visitor

pytestmark = pytest.mark.soak

VERSION = "9.13.3"
SERVER = """
import Provider from 'oidc-provider';
const provider = new Provider('http://127.0.0.1', {
  clients: [{ client_id: 'desk', client_secret: 'known-to-all', application_type: 'native',
    redirect_uris: ['http://127.0.0.1/'], grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'], token_endpoint_auth_method: 'client_secret_post' }],
  scopes: ['openid', 'email', 'offline_access', '%s'],
  claims: { openid: ['sub'], email: ['email'] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  features: { revocation: { enabled: true }, devInteractions: { enabled: true } },
  routes: { authorization: '/auth', token: '/token', revocation: '/revoke' },
  issueRefreshToken: async () => true,
  findAccount: async (ctx, id) => ({ accountId: id, claims: async () => ({ sub: id, email: id + '@example.com' }) }),
});
provider.proxy = true;
const server = provider.listen(0, '127.0.0.1', () => console.log(JSON.stringify(server.address())));
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    npm, node = shutil.which("npm"), shutil.which("node")
    assert npm is not None, "npm is missing"
    assert node is not None, "node is missing"
    folder: Path = tmp_path_factory.mktemp("oidc")
    (folder / "package.json").write_text(json.dumps({"type": "module", "private": True}))
    install = [npm, "install", "--no-audit", "--no-fund", "--no-package-lock", f"oidc-provider@{VERSION}"]
    subprocess.run(install, cwd=folder, check=True, capture_output=True, timeout=240)
    (folder / "server.mjs").write_text(SERVER % CONTACTS)
    process = subprocess.Popen(
        [node, "server.mjs"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    port = next(json.loads(line)["port"] for line in process.stdout if line.startswith("{"))
    here = f"http://127.0.0.1:{port}"
    yield Client("desk", "known-to-all", f"{here}/auth", f"{here}/token")
    process.terminate()
    process.stdout.close()
    process.wait(20)


class Stay(urllib.request.HTTPRedirectHandler):
    """Follows redirections up to the one that leaves the server."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.away = ""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]  # the base class is not typed here
        if urllib.parse.urlsplit(newurl).netloc != self.home:
            self.away = newurl
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def person(client: Client, *, allow: bool = True) -> Visitor:
    """Somebody who logs in as robin and says yes or no on the server's own pages."""

    def visit(address: str) -> str:
        stay = Stay(urllib.parse.urlsplit(client.auth_uri).netloc)
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        opener = urllib.request.build_opener(stay, cookies)
        page, place = _get(opener, stay, address)
        while not stay.away:
            form = re.search(r'action="([^"]+)"', page)
            assert form is not None, page
            prompt = re.search(r'name="prompt" value="(\w+)"', page)
            fields = {"prompt": prompt[1] if prompt else "", "login": "robin", "password": "x"}
            if not allow:
                cancel = re.search(r'href="([^"]+/abort)"', page)
                assert cancel is not None, page
                page, place = _get(opener, stay, urllib.parse.urljoin(place, cancel[1]))
            else:
                target = urllib.parse.urljoin(place, form[1])
                page, place = _get(opener, stay, target, urllib.parse.urlencode(fields).encode())
        return stay.away

    return Visitor(visit)


def _get(opener: urllib.request.OpenerDirector, stay: Stay, address: str, data: bytes | None = None) -> tuple[str, str]:
    try:
        with opener.open(address, data, timeout=20) as answer:
            return answer.read().decode(), answer.url
    except urllib.error.HTTPError as error:
        error.close()
        if not stay.away:
            raise
        return "", ""


def test_allow_refresh_and_revoke(client: Client) -> None:
    user = person(client)
    outcome = SignIn(client, user, seconds=20).run()
    user.end()
    assert isinstance(outcome, SignedIn), outcome
    assert outcome.subject == "robin"
    wire = Wire()
    access = Access(client, lambda: outcome.refresh_token, wire, FakeTime(), Standing())
    assert access.token()
    assert revoke(client, outcome.refresh_token, wire)
    access.forget()
    with pytest.raises(SignInDead):
        access.token()
    wire.close()


def test_deny(client: Client) -> None:
    user = person(client, allow=False)
    outcome = SignIn(client, user, seconds=20).run()
    user.end()
    assert outcome == NotSignedIn(Ending.DENIED)


def test_a_wrong_secret(client: Client) -> None:
    user = person(client)
    outcome = SignIn(replace(client, secret="wrong"), user, seconds=20).run()
    user.end()
    assert isinstance(outcome, NotSignedIn)
    assert outcome.ending is Ending.BAD_CLIENT
