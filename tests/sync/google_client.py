"""What the simulator puts in the place of Google's client: requests made of the same document, without encoding.

Google's client writes each request as a URL, which the practice Google takes apart again: a fifth of a schedule. Here
path and query go from one to the other as they are. Everything above (the provider and its `Service`, with tokens,
refusals and retries) and below (the practice Google) is the real one, bodies are encoded as ever, and a schedule in
eight goes through the real client; `test_simulation` holds both to the same requests.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from googleapiclient.errors import HttpError

from ringdesk.assets import asset
from ringdesk.domain.sockets import Clock
from ringdesk.providers.google.access import Access
from ringdesk.providers.google.service import DOCUMENT, Service, _Signed
from ringdesk.providers.google.wire import Wire

_HEADERS = {"accept": "application/json"}
_WITH_BODY = {**_HEADERS, "content-type": "application/json"}


class Asked(str):
    """An address whose parts are at hand."""

    path: str
    query: dict[str, list[str]]


class _Request:
    """As much of the client's request as `Service` uses."""

    postproc: Callable[[Any, bytes], Any]

    def __init__(self, http: _Signed, verb: str, address: Asked, body: str | None) -> None:
        self._http = http
        self._verb = verb
        self._address = address
        self._body = body

    def execute(self, num_retries: int) -> Any:
        """Send it, once."""
        assert num_retries == 0
        headers = _HEADERS if self._body is None else _WITH_BODY
        response, content = self._http.request(self._address, self._verb, self._body, headers)
        if response.status >= 300:
            raise HttpError(response, content, uri=str(self._address))
        return self.postproc(response, content)


class _Methods:
    """A resource of the document, whose methods make requests."""

    def __init__(self, http: _Signed, methods: Mapping[str, Any], base: str) -> None:
        self._http = http
        self._methods = methods
        self._base = base

    def __getattr__(self, name: str) -> Callable[..., _Request]:
        method = self._methods[name]
        path, verb, named = f"/{method['path']}", method["httpMethod"], method["parameters"]

        def make(*, body: Any = None, **values: Any) -> _Request:
            unknown = values.keys() - named.keys()
            if unknown:
                raise TypeError(f"{name} takes no {sorted(unknown)}")
            query = {key: _texts(value) for key, value in values.items() if named[key]["location"] == "query"}
            asked = Asked(self._base + path)
            asked.path = path.replace("{+resourceName}", values.get("resourceName", ""))
            asked.query = query
            return _Request(self._http, verb, asked, None if body is None else json.dumps(body))

        setattr(self, name, make)
        return make


def _texts(value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    return [str(value).lower() if isinstance(value, bool) else str(value)]


class InnerService(Service):
    """The real service without Google's client."""

    def __init__(self, api: str, access: Access, wire: Wire, clock: Clock) -> None:
        self._access = access
        self._clock = clock
        signed, base = _Signed(wire, access), api.rstrip("/")
        people, groups = _resources()
        self.people = _Methods(signed, people["methods"], base)
        self.connections = _Methods(signed, people["resources"]["connections"]["methods"], base)
        self.groups = _Methods(signed, groups["methods"], base)


@cache
def _resources() -> tuple[Any, Any]:
    resources = json.loads(asset(*DOCUMENT).read_bytes())["resources"]
    return resources["people"], resources["contactGroups"]
