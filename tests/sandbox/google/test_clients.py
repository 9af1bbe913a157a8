"""Google's own Python libraries against the practice Google on sockets."""

from __future__ import annotations

import base64
import http.client
import warnings
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

with warnings.catch_warnings():
    # The libraries warn of the Python versions they will drop and of modules they themselves deprecate.
    warnings.simplefilter("ignore")
    from google.auth.exceptions import RefreshError
    from google.auth.transport.requests import Request as Transport
    from google.oauth2.credentials import Credentials
    from google_auth_oauthlib.flow import Flow
    from googleapiclient.discovery import build_from_document
    from googleapiclient.errors import HttpError
    from requests import Session

from ringdesk.sandbox.google import (
    CONTACTS_SCOPE,
    Answer,
    Death,
    Fault,
    Google,
    Kind,
    PracticeServer,
    VirtualClock,
    at_numbers,
)
from ringdesk.sandbox.google.document import document_path
from tests.sandbox.google.app import MASK
from tests.sandbox.google.conftest import EMAIL
from tests.sandbox.google.test_photos import PNG

CONTACT = ["READ_SOURCE_TYPE_CONTACT"]


@pytest.fixture
def service(google: Google, server: PracticeServer) -> Iterator[Any]:
    credentials = google_credentials(google, server)
    made = build_from_document(
        document_path().read_text(encoding="utf-8"),
        credentials=credentials,
        client_options={"api_endpoint": server.address},
    )
    yield made
    made.close()


def google_credentials(google: Google, server: PracticeServer) -> Any:
    signed = google.sign_in(EMAIL)
    client = server.client_file["installed"]
    return Credentials(  # type: ignore[no-untyped-call]  # the library is not typed here
        signed.access,
        refresh_token=signed.refresh,
        token_uri=client["token_uri"],
        client_id=client["client_id"],
        client_secret=client["client_secret"],
        scopes=[CONTACTS_SCOPE],
    )


def create(service: Any, given: str) -> dict[str, Any]:
    body = {"names": [{"givenName": given}]}
    made: dict[str, Any] = service.people().createContact(body=body, personFields=MASK).execute(num_retries=0)
    return made


def connections(service: Any, **query: Any) -> dict[str, Any]:
    asked = {"resourceName": "people/me", "personFields": MASK, "sources": CONTACT, "requestSyncToken": True, **query}
    page: dict[str, Any] = service.people().connections().list(**asked).execute(num_retries=0)
    return page


def test_list_and_sync_token(service: Any) -> None:
    for number in range(5):
        create(service, f"P{number}")
    first = connections(service, pageSize=3)
    rest = connections(service, pageSize=3, pageToken=first["nextPageToken"])
    assert len(first["connections"]) + len(rest["connections"]) == 5
    create(service, "New")
    delta = connections(service, pageSize=3, syncToken=rest["nextSyncToken"])
    assert [person["names"][0]["givenName"] for person in delta["connections"]] == ["New"]


def test_create_update_and_a_stale_etag(service: Any) -> None:
    person = create(service, "Ada")
    name = person["resourceName"]
    body = {"etag": person["etag"], "metadata": person["metadata"], "names": [{"givenName": "Augusta"}]}
    order = {"resourceName": name, "updatePersonFields": "names", "personFields": MASK, "body": body}
    after = service.people().updateContact(**order).execute(num_retries=0)
    assert after["names"][0]["givenName"] == "Augusta"
    with pytest.raises(HttpError) as caught:
        service.people().updateContact(**order).execute(num_retries=0)
    assert caught.value.status_code == 400
    assert "person.etag is different" in caught.value.reason
    service.people().deleteContact(resourceName=name).execute(num_retries=0)


def test_an_expired_sync_token_is_told_in_error_details(
    practice_clock: VirtualClock, google: Google, service: Any
) -> None:
    token = connections(service)["nextSyncToken"]
    practice_clock.advance(3000)
    google.plan = at_numbers({google.next_number: Fault(Kind.EXPIRED)})
    with pytest.raises(HttpError) as caught:
        connections(service, syncToken=token)
    assert caught.value.error_details[0]["reason"] == "EXPIRED_SYNC_TOKEN"


@pytest.fixture
def practice_clock(google: Google) -> VirtualClock:
    assert isinstance(google.world.clock, VirtualClock)
    return google.world.clock


def test_batches(service: Any) -> None:
    people = service.people()
    contacts = [{"contactPerson": {"names": [{"givenName": f"P{n}"}]}} for n in range(20)]
    body: dict[str, Any] = {"contacts": contacts, "readMask": MASK, "sources": CONTACT}
    made = [each["person"] for each in people.batchCreateContacts(body=body).execute()["createdPeople"]]
    changed = {
        each["resourceName"]: {"etag": each["etag"], "metadata": each["metadata"], "nicknames": [{"value": "N"}]}
        for each in made
    }
    body = {"contacts": changed, "updateMask": "nicknames", "readMask": "nicknames"}
    result = people.batchUpdateContacts(body=body).execute()["updateResult"]
    assert {each["person"]["nicknames"][0]["value"] for each in result.values()} == {"N"}
    people.batchDeleteContacts(body={"resourceNames": list(changed)}).execute()
    assert "connections" not in connections(service)


def test_groups(service: Any) -> None:
    groups = service.contactGroups()
    group = groups.create(body={"contactGroup": {"name": "Customers"}}).execute()["resourceName"]
    name = create(service, "Ada")["resourceName"]
    groups.members().modify(resourceName=group, body={"resourceNamesToAdd": [name]}).execute()
    assert groups.get(resourceName=group, maxMembers=5).execute()["memberResourceNames"] == [name]
    with pytest.raises(HttpError) as caught:
        groups.create(body={"contactGroup": {"name": "Customers"}}).execute()
    assert caught.value.status_code == 409
    groups.update(resourceName=group, body={"contactGroup": {"name": "Clients"}}).execute()
    groups.delete(resourceName=group).execute()
    assert "Clients" not in {each["name"] for each in groups.list().execute()["contactGroups"]}


def test_photos(service: Any) -> None:
    name = create(service, "Ada")["resourceName"]
    body = {"photoBytes": base64.b64encode(PNG).decode(), "personFields": "photos"}
    person = service.people().updateContactPhoto(resourceName=name, body=body).execute()["person"]
    parts = urlsplit(person["photos"][0]["url"])
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    connection.request("GET", parts.path)
    assert connection.getresponse().read().startswith(b"\x89PNG")
    connection.close()
    person = service.people().deleteContactPhoto(resourceName=name, personFields="photos").execute()["person"]
    assert person["photos"][0]["default"] is True


def test_the_transport_itself_repeats_a_create_whose_answer_was_lost(google: Google, service: Any) -> None:
    """Not a wish but a fact to know: httplib2 sends again when a kept connection is cut, whatever num_retries says."""
    create(service, "First")
    google.plan = at_numbers({google.next_number: Fault(Kind.CUT_AFTER)})
    before = len(google.log.entries)
    create(service, "Second")
    assert google.log.methods(before)["people.createContact"] == 2
    assert len(google.dump(EMAIL)["contacts"]) == 3


# --- sign-in


@pytest.fixture
def insecure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("OAUTHLIB_RELAX_TOKEN_SCOPE", "1")


def flow_for(server: PracticeServer) -> Any:
    return Flow.from_client_config(
        server.client_file,
        scopes=[CONTACTS_SCOPE, "openid", "email"],
        redirect_uri="http://127.0.0.1:54321/",
        autogenerate_code_verifier=True,
    )


def follow(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    connection.request("GET", f"{parts.path}?{parts.query}")
    location = connection.getresponse().headers["location"]
    connection.close()
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


@pytest.mark.usefixtures("insecure")
def test_sign_in_with_pkce_refresh_and_revoke(
    google: Google, server: PracticeServer, practice_clock: VirtualClock
) -> None:
    google.consent.script.append(Answer())
    flow = flow_for(server)
    url, state = flow.authorization_url(access_type="offline", prompt="consent")
    answer = follow(url)
    assert answer["state"] == state
    flow.fetch_token(code=answer["code"])
    credentials = flow.credentials
    assert credentials.refresh_token
    assert set(flow.oauth2session.token["scope"]) >= {CONTACTS_SCOPE, "openid"}
    flow.oauth2session.close()
    before = credentials.token
    practice_clock.advance(3599)
    with Refresher() as request:
        credentials.refresh(request)
    assert credentials.token != before
    status = post(server, "/revoke", f"token={credentials.refresh_token}")
    assert status == 200
    with Refresher() as request, pytest.raises(RefreshError) as caught:
        credentials.refresh(request)
    assert caught.value.retryable is False


@pytest.mark.usefixtures("insecure")
def test_a_wrong_verifier_fails_the_exchange(google: Google, server: PracticeServer) -> None:
    google.consent.script.append(Answer())
    flow = flow_for(server)
    code = follow(flow.authorization_url()[0])["code"]
    flow.code_verifier = "w" * 64
    with pytest.raises(Exception, match="invalid_grant"):
        flow.fetch_token(code=code)
    flow.oauth2session.close()


def test_admin_policy_reaches_the_library(google: Google, server: PracticeServer) -> None:
    credentials = google_credentials(google, server)
    google.grants.kill(EMAIL, Death.ADMIN_POLICY)
    with Refresher() as request, pytest.raises(RefreshError, match=r"[Rr]eauth"):
        credentials.refresh(request)


class Refresher:
    """google-auth's transport with a session that is closed."""

    def __enter__(self) -> Any:
        self._session = Session()
        return Transport(self._session)

    def __exit__(self, *_: object) -> None:
        self._session.close()


def post(server: PracticeServer, path: str, body: str) -> int:
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=10)
    connection.request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})
    status = connection.getresponse().status
    connection.close()
    return status
