"""How Google says no: one exception, and the bodies that are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ringdesk.sandbox.google.web import JsonObject, Response, json_response

GRPC_CODES = {
    "INVALID_ARGUMENT": 3,
    "NOT_FOUND": 5,
    "ALREADY_EXISTS": 6,
    "PERMISSION_DENIED": 7,
    "RESOURCE_EXHAUSTED": 8,
    "FAILED_PRECONDITION": 9,
    "ABORTED": 10,
    "INTERNAL": 13,
    "UNAVAILABLE": 14,
    "UNAUTHENTICATED": 16,
}
"""google.rpc.Code, which a Status inside a batch answer carries [D]."""

HTTP_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}

_ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"


class Refusal(Exception):
    """Google refuses a request: HTTP code, canonical status, message and details."""

    def __init__(
        self,
        code: int,
        message: str,
        status: str = "",
        details: Sequence[JsonObject] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status or HTTP_STATUS[code]
        self.details = list(details)
        self.headers = headers or {}

    def response(self) -> Response:
        """The answer with the error body all Google APIs share [G]."""
        error: JsonObject = {"code": self.code, "message": self.message, "status": self.status}
        if self.details:
            error["details"] = self.details
        return json_response(self.code, {"error": error}, self.headers)

    def rpc_status(self) -> JsonObject:
        """The same as a google.rpc.Status, as it stands inside a batch answer [D]."""
        return {"code": GRPC_CODES[self.status], "message": self.message}


def error_info(reason: str, domain: str, metadata: Mapping[str, str] | None = None) -> JsonObject:
    """A google.rpc.ErrorInfo detail [G]."""
    info: JsonObject = {"@type": _ERROR_INFO, "reason": reason, "domain": domain}
    if metadata:
        info["metadata"] = dict(metadata)
    return info


def invalid(message: str = "Request contains an invalid argument.") -> Refusal:
    """400 INVALID_ARGUMENT."""
    return Refusal(400, message)


def violation(message: str) -> Refusal:
    """400 INVALID_ARGUMENT for a body or parameter that the API does not know [T: php-google-people-api#27]."""
    detail = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [{"description": message}]}
    return Refusal(400, message, details=[detail])


def not_found() -> Refusal:
    """404 for a thing that is gone [T]."""
    return Refusal(404, "Requested entity was not found.")


def unavailable(retry_after: int | None = None) -> Refusal:
    """503, as seen on large groups [T: GAMADV-XTD3#315]; Retry-After on it is [U]."""
    headers = {} if retry_after is None else {"retry-after": str(retry_after)}
    return Refusal(503, "The service is currently unavailable.", headers=headers)


def internal() -> Refusal:
    """500, also seen inside batches [T]."""
    return Refusal(500, "Internal error encountered.")


def unauthenticated() -> Refusal:
    """401 for a missing, expired or revoked access token [G]."""
    message = (
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
        "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
    )
    challenge = {"www-authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"'}
    return Refusal(401, message, headers=challenge)


def scope_missing(method: str) -> Refusal:
    """403 for a token whose scopes do not cover the method [G]."""
    detail = error_info(
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "googleapis.com", {"method": method, "service": "people.googleapis.com"}
    )
    challenge = {"www-authenticate": 'Bearer realm="https://accounts.google.com/", error="insufficient_scope"'}
    return Refusal(403, "Request had insufficient authentication scopes.", details=[detail], headers=challenge)
