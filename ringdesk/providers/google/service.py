"""The one door to the People API: Google's client over our own wire, built from the pinned document.

Import this on the worker only: it brings Google's client along.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError

from ringdesk.assets import asset
from ringdesk.domain.remote import Retry
from ringdesk.domain.sockets import Clock
from ringdesk.providers.google.access import AHEAD, Access
from ringdesk.providers.google.answers import Problem, problem_of
from ringdesk.providers.google.fields import JsonObject
from ringdesk.providers.google.secret import Secret
from ringdesk.providers.google.slices import decoded
from ringdesk.providers.google.wire import Answer, Broken, Unreachable, Wire

DOCUMENT: Final = ("google", "people.v1.json")


_USED: Final = frozenset({"people", "connections", "contactGroups"})
_WORDS: Final = frozenset({"description", "enumDescriptions", "schemas", "scopes", "icons", "auth"})


def lean(document: JsonObject) -> JsonObject:
    """The discovery document without what only its readers need.

    Google's client would print every schema into a docstring: most of the time that connecting takes, and memory for
    as long as the program runs. What a request is made of stays.
    """
    made: JsonObject = {}
    for name, value in document.items():
        if name == "resources":
            made[name] = {one: lean(part) for one, part in value.items() if one in _USED}
        elif name in ("request", "response"):
            made[name] = {}
        elif name not in _WORDS:
            made[name] = lean(value) if isinstance(value, dict) else value
    return made


class Refused(Exception):
    """Google refused a request for a reason that its caller knows to read; nothing is said about the account."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.code} {problem.status}")
        self.problem = problem


class Unsure(Exception):
    """A change was sent, and nobody knows whether it was carried out."""


class _TokenRefused(Retry):
    """A change was certainly not carried out: its token had ended before its time."""


class _Response(dict[str, str]):
    """An answer's head as Google's client expects it."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.headers)
        self.status = answer.status
        self.reason = ""


class _Signed:
    """What Google's client takes for its HTTP: our wire, with the token."""

    def __init__(self, wire: Wire, access: Access) -> None:
        self._wire = wire
        self._access = access

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_: object,
    ) -> tuple[_Response, bytes]:
        wanted = dict(headers or {})
        if "x-http-method-override" in wanted:  # how the client sends long addresses; they may go as they are
            method, uri, body = wanted.pop("x-http-method-override"), f"{uri}?{_text(body)}", None
            wanted = {name: value for name, value in wanted.items() if not name.startswith("content-")}
        answer = self._send(method, uri, body, wanted)
        if answer.status == 401 and method == "GET":  # the token may have ended before its time
            self._access.forget()
            answer = self._send(method, uri, body, wanted)
        return _Response(answer), answer.content

    def _send(self, method: str, uri: str, body: str | bytes | None, headers: Mapping[str, str]) -> Answer:
        token = self._access.token(ahead=AHEAD if method == "GET" else 0.0)
        signed = {**headers, "authorization": Secret(f"Bearer {token}")}
        data = body.encode() if isinstance(body, str) else body or None
        answer = self._wire.request(method, uri, body=data, headers=signed)
        if answer.status != 401:
            self._access.proven()
        return answer


class Service:
    """Sends requests to the People API, each once. For one thread."""

    def __init__(self, api: str, access: Access, wire: Wire, clock: Clock) -> None:
        self._access = access
        self._clock = clock
        document = lean(json.loads(asset(*DOCUMENT).read_bytes()))
        service = build_from_document(
            document, http=_Signed(wire, access), client_options={"api_endpoint": api.rstrip("/") + "/"}
        )
        self.people: Any = service.people()
        self.connections: Any = self.people.connections()
        self.groups: Any = service.contactGroups()

    def content(self, request: Any) -> bytes:
        """The answer to a reading request as it came. Raises Refused or a RemoteError."""
        request.postproc = lambda _, content: content
        try:
            return self._execute(request)
        except (Unreachable, Broken, ValueError) as error:
            raise Retry(_detail(error)) from error

    def text(self, request: Any) -> str:
        """The answer to a reading request, as text. Raises Refused or a RemoteError."""
        try:
            return decoded(self.content(request))
        except ValueError as error:
            raise Retry(_detail(error)) from error

    def read(self, request: Any) -> JsonObject:
        """The answer to a reading request. Raises Refused or a RemoteError."""
        try:
            return _object(self.text(request))
        except ValueError as error:
            raise Retry(_detail(error)) from error

    def change(self, request: Any, *, guarded: bool = True) -> JsonObject:
        """The answer to a changing request. Raises Unsure, Refused, or a RemoteError where nothing was changed.

        `guarded`: if its token had ended before its time, it may be sent again with a new one without another look.
        """
        request.postproc = lambda _, content: content
        try:
            return _object(decoded(self._changed(request, guarded=guarded)))
        except Unreachable as error:
            raise Retry(_detail(error)) from error
        except (Broken, ValueError) as error:
            raise Unsure(_detail(error)) from error

    def _changed(self, request: Any, *, guarded: bool) -> bytes:
        try:
            return self._execute(request, changes=True)
        except _TokenRefused:
            if not guarded:
                raise
        return self._execute(request, changes=True)

    def _execute(self, request: Any, *, changes: bool = False) -> bytes:
        try:
            content: bytes = request.execute(num_retries=0)
        except HttpError as error:
            problem = problem_of(int(error.resp.status), error.resp, error.content, self._clock.now())
            raise self._told(problem, changes=changes) from error
        return content

    def _told(self, problem: Problem, *, changes: bool) -> Exception:
        if problem.code == 401 and not self._access.forget() and changes:
            return _TokenRefused("token refused")
        if problem.code in (400, 404, 409, 410, 412) or (problem.code == 403 and (problem.stale or problem.full)):
            return Refused(problem)
        if changes and problem.code >= 500:  # it may have been carried out all the same
            return Unsure(f"{problem.code} {problem.message}")
        return problem.error()


def _object(text: str) -> JsonObject:
    try:
        answer = json.loads(text) if text.strip() else {}
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(answer, dict):
        raise ValueError("no JSON object")
    return answer


def _text(body: str | bytes | None) -> str:
    return body.decode() if isinstance(body, bytes) else body or ""


def _detail(error: Exception) -> str:
    return str(error)[:300]
