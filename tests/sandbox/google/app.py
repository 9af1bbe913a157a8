"""A program that talks to the practice Google in the tests: no more than tokens and a few shortcuts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from ringdesk.sandbox.google import CONTACTS_SCOPE, Google, Request, Response

MASK = "names,phoneNumbers,emailAddresses,organizations,memberships,clientData,userDefined,metadata"
CONTACT = "READ_SOURCE_TYPE_CONTACT"

Json = dict[str, Any]


class App:
    """One signed-in program."""

    def __init__(self, google: Google, email: str, scopes: tuple[str, ...] = (CONTACTS_SCOPE,)) -> None:
        self.google = google
        self.email = email
        self.signed = google.sign_in(email, scopes)

    def call(self, verb: str, path: str, body: object = None, **query: object) -> Response:
        return self.google.handle(self.request(verb, path, body, **query))

    def request(self, verb: str, path: str, body: object = None, **query: object) -> Request:
        target = f"/v1/{path}?{urlencode(query, doseq=True)}" if query else f"/v1/{path}"
        return Request.api(verb, target, self.signed.access, body)

    def ok(self, verb: str, path: str, body: object = None, **query: object) -> Json:
        response = self.call(verb, path, body, **query)
        assert response.status == 200, response.body
        return response.json()

    def refused(self, code: int, verb: str, path: str, body: object = None, **query: object) -> Json:
        response = self.call(verb, path, body, **query)
        assert response.status == code, response.body
        error: Json = response.json()["error"]
        return error

    def page(self, **query: object) -> Json:
        return self.ok("GET", "people/me/connections", **({"personFields": MASK, "sources": CONTACT} | query))

    def everything(self, **query: object) -> tuple[list[Json], str]:
        """All pages of a listing, and the sync token of the last."""
        people: list[Json] = []
        token = ""
        while True:
            page = self.page(**query, **({"pageToken": token} if token else {}))
            people += page.get("connections", [])
            token = page.get("nextPageToken", "")
            if not token:
                return people, page.get("nextSyncToken", "")

    def full(self, **query: object) -> str:
        """A full sync; its sync token."""
        return self.everything(requestSyncToken="true", **query)[1]

    def delta(self, token: str, **query: object) -> tuple[list[Json], str]:
        return self.everything(requestSyncToken="true", syncToken=token, **query)

    def create(self, given: str = "Ada", **fields: Any) -> Json:
        return self.ok("POST", "people:createContact", {"names": [{"givenName": given}], **fields}, personFields=MASK)

    def get(self, name: str, mask: str = MASK, **query: object) -> Json:
        return self.ok("GET", name, personFields=mask, **({"sources": CONTACT} | query))

    def update(self, person: Mapping[str, object], **fields: object) -> Response:
        body = {"etag": person["etag"], "metadata": person["metadata"], **fields}
        name = person["resourceName"]
        return self.call("PATCH", f"{name}:updateContact", body, updatePersonFields=",".join(fields), personFields=MASK)

    def updated(self, person: Mapping[str, object], **fields: object) -> Json:
        response = self.update(person, **fields)
        assert response.status == 200, response.body
        return response.json()


def etag_of(person: Mapping[str, Any]) -> str:
    etag: str = person["metadata"]["sources"][0]["etag"]
    return etag


def names_of(people: list[Json]) -> set[str]:
    return {person["resourceName"] for person in people}
