"""Which path does what: the methods of the API, and everything around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ringdesk.sandbox.google import batches, grouping, others, picturing, reading, writing
from ringdesk.sandbox.google.account import Account
from ringdesk.sandbox.google.consent import Consent
from ringdesk.sandbox.google.document import Method, document
from ringdesk.sandbox.google.errors import Refusal, invalid, scope_missing, unauthenticated, violation
from ringdesk.sandbox.google.exchange import Exchange
from ringdesk.sandbox.google.grants import Grants
from ringdesk.sandbox.google.pages import FAVICON, error_page, front_page
from ringdesk.sandbox.google.payload import read_body
from ringdesk.sandbox.google.quota import COSTS
from ringdesk.sandbox.google.service import Call
from ringdesk.sandbox.google.web import Request, Response, first, html_response, json_response
from ringdesk.sandbox.google.world import World

METHODS: Mapping[str, Callable[[Call], str | bytes]] = {
    "people.connections.list": reading.list_connections,
    "people.get": reading.get_person,
    "people.getBatchGet": reading.get_batch,
    "people.searchContacts": reading.search_contacts,
    "people.createContact": writing.create_contact,
    "people.updateContact": writing.update_contact,
    "people.deleteContact": writing.delete_contact,
    "people.batchCreateContacts": batches.batch_create,
    "people.batchUpdateContacts": batches.batch_update,
    "people.batchDeleteContacts": batches.batch_delete,
    "people.updateContactPhoto": picturing.update_photo,
    "people.deleteContactPhoto": picturing.delete_photo,
    "people.listDirectoryPeople": others.list_directory,
    "people.searchDirectoryPeople": others.search_directory,
    "otherContacts.list": others.list_others,
    "otherContacts.search": others.search_others,
    "otherContacts.copyOtherContactToMyContactsGroup": others.copy_other,
    "contactGroups.list": grouping.list_groups,
    "contactGroups.get": grouping.get_group,
    "contactGroups.batchGet": grouping.get_groups,
    "contactGroups.create": grouping.create_group,
    "contactGroups.update": grouping.update_group,
    "contactGroups.delete": grouping.delete_group,
    "contactGroups.members.modify": grouping.modify_members,
}
"""All 24 methods of the discovery document [D]."""


class Endpoints:
    """Finds who answers a request."""

    def __init__(
        self, world: World, accounts: Mapping[str, Account], grants: Grants, consent: Consent, exchange: Exchange
    ) -> None:
        self._world = world
        self._accounts = accounts
        self._grants = grants
        self._routes: Mapping[tuple[str, str], Callable[[Request], Response]] = {
            ("GET", "/"): self._front,
            ("GET", "/favicon.ico"): _favicon,
            ("GET", "/o/oauth2/v2/auth"): consent.authorize,
            ("GET", "/o/oauth2/auth"): consent.authorize,
            ("POST", "/o/oauth2/v2/consent"): consent.decide,
            ("POST", "/token"): exchange.token,
            ("POST", "/revoke"): exchange.revoke,
            ("GET", "/v1/userinfo"): exchange.userinfo,
            ("GET", "/oauth2/v2/userinfo"): exchange.userinfo,
            ("GET", "/oauth2/v3/userinfo"): exchange.userinfo,
        }

    def answer(self, request: Request) -> Response:
        """Everything that is not a method of the API."""
        route = self._routes.get((request.method, request.path))
        if route is not None:
            return route(request)
        if request.method == "GET" and request.path.startswith("/photos/"):
            return picturing.show_picture(request, self._world.pictures)
        return html_response(404, error_page("The requested URL was not found on this server."))

    def api(self, request: Request, method: Method, call: Call | None) -> Response:
        """One method of the API: sign-in first, then scope, quota, parameters, body."""
        try:
            token = self._grants.live_access(request.bearer)
            if token is None or call is None:
                raise unauthenticated()
            if not token.scopes & method.scopes:
                raise scope_missing(method.id)
            call.charge(COSTS[method.id])
            _check_parameters(request, method)
            if method.request:
                call.body = read_body(request.body, method.request)
            return json_response(200, METHODS[method.id](call))
        except Refusal as refusal:
            return refusal.response()

    def _front(self, request: Request) -> Response:
        del request
        return html_response(200, front_page(list(self._accounts)))


def _favicon(request: Request) -> Response:
    del request
    return Response(200, FAVICON, {"content-type": "image/svg+xml"})


def _check_parameters(request: Request, method: Method) -> None:
    for name in request.query:
        if name not in method.parameters and name not in document().common:
            raise violation(f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter.')
    if "fields" in request.query or first(request.query, "alt", "json") != "json":
        raise invalid("The practice Google answers whole JSON only: neither fields nor another alt.")
