"""The practice Google on sockets: one port for the program, one for whoever tests it."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from ringdesk.sandbox.google.control import Control
from ringdesk.sandbox.google.core import Google
from ringdesk.sandbox.google.web import JsonObject, Request, Response
from ringdesk.sandbox.google.wire import WireServer


class PracticeServer:
    """Two servers around one core. `latency` is real time between arrival and work, so that overlaps are seen."""

    def __init__(self, google: Google, port: int = 0, control_port: int = 0, *, latency: float = 0.0) -> None:
        self._google = google
        self._latency = latency
        self._token = google.world.secret(32)
        self._api = WireServer(self, "practice-google", port)
        self._control = WireServer(Control(google, self._token), "practice-google-control", control_port)
        google.world.base_url = self._api.address

    @property
    def address(self) -> str:
        """Where the People API and the OAuth endpoints are."""
        return self._api.address

    @property
    def control_address(self) -> str:
        """Where the control port is."""
        return self._control.address

    @property
    def control_token(self) -> str:
        """The bearer token of the control port."""
        return self._token

    @property
    def client_file(self) -> JsonObject:
        """The content of a desktop client's file, pointing here."""
        return self._google.grants.client.file(self.address)

    def introduction(self) -> JsonObject:
        """What a program that starts this server has to know."""
        return {
            "address": self.address,
            "control": {"address": self.control_address, "token": self.control_token},
            "client": self.client_file,
            "accounts": list(self._google.accounts),
        }

    def now(self) -> float:
        """What time the answers say it is."""
        return self._google.world.now()

    def answer(self, request: Request, wait: Callable[[float], None]) -> Response:
        """Answer one request; it is in flight until just before its answer is sent."""
        flight = self._google.arrive(request)
        try:
            wait(self._latency)
            response = self._google.carry_out(flight)
            wait(response.delay)
        finally:
            self._google.depart(flight)
        return response

    def start(self) -> None:
        """Listen on both ports."""
        self._api.start()
        self._control.start()

    def stop(self) -> None:
        """Stop both and wait for their threads."""
        self._api.stop()
        self._control.stop()

    def __enter__(self) -> PracticeServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
