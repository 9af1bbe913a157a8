"""The sentences of a Google account: how it stands, what a sync did, why it could not, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ringdesk.domain.remote import Death
from ringdesk.domain.signing import ClientTrouble, Ending
from ringdesk.domain.status import StoreTrouble
from ringdesk.domain.syncing import Phase, RoundDone, SyncProgress, SyncUndone, Untaken
from ringdesk.ui.words import QT_TRANSLATE_NOOP, count_text, counted, say, shown, trouble

NAMED: Final = 5
"""Names that are told in a sentence; more are counted."""

Pair = tuple[str, str]
"""A sentence about one, and about several."""

DONE: Final[Mapping[str, Pair]] = {
    "added here": (QT_TRANSLATE_NOOP("words", "%n added here"), QT_TRANSLATE_NOOP("words", "%n added here")),
    "changed here": (QT_TRANSLATE_NOOP("words", "%n changed here"), QT_TRANSLATE_NOOP("words", "%n changed here")),
    "deleted here": (QT_TRANSLATE_NOOP("words", "%n deleted here"), QT_TRANSLATE_NOOP("words", "%n deleted here")),
    "added there": (
        QT_TRANSLATE_NOOP("words", "%n added in Google"),
        QT_TRANSLATE_NOOP("words", "%n added in Google"),
    ),
    "changed there": (
        QT_TRANSLATE_NOOP("words", "%n changed in Google"),
        QT_TRANSLATE_NOOP("words", "%n changed in Google"),
    ),
    "deleted there": (
        QT_TRANSLATE_NOOP("words", "%n deleted in Google"),
        QT_TRANSLATE_NOOP("words", "%n deleted in Google"),
    ),
    "found on both sides": (
        QT_TRANSLATE_NOOP("words", "%n found on both sides"),
        QT_TRANSLATE_NOOP("words", "%n found on both sides"),
    ),
    "found under another id": (
        QT_TRANSLATE_NOOP("words", "%n found again after a move in Google"),
        QT_TRANSLATE_NOOP("words", "%n found again after a move in Google"),
    ),
    "put up for review": (
        QT_TRANSLATE_NOOP("words", "%n removed in Google, for you to review"),
        QT_TRANSLATE_NOOP("words", "%n removed in Google, for you to review"),
    ),
    "kept here": (
        QT_TRANSLATE_NOOP("words", "%n removed in Google and kept here"),
        QT_TRANSLATE_NOOP("words", "%n removed in Google and kept here"),
    ),
    "kept there": (
        QT_TRANSLATE_NOOP("words", "%n deleted here and kept in Google"),
        QT_TRANSLATE_NOOP("words", "%n deleted here and kept in Google"),
    ),
    "withdrawn": (QT_TRANSLATE_NOOP("words", "%n taken back"), QT_TRANSLATE_NOOP("words", "%n taken back")),
    "asked about": (
        QT_TRANSLATE_NOOP("words", "%n waits for your answer"),
        QT_TRANSLATE_NOOP("words", "%n wait for your answer"),
    ),
    "put off": (
        QT_TRANSLATE_NOOP("words", "%n put off, tried again by itself"),
        QT_TRANSLATE_NOOP("words", "%n put off, tried again by itself"),
    ),
}
"""What a round did, by the deeds it counts, in the order they are told."""

_FAILED: Final[Mapping[str, Pair]] = {
    "invalid": (
        QT_TRANSLATE_NOOP("words", "Google does not take %n contact as it is."),
        QT_TRANSLATE_NOOP("words", "Google does not take %n contacts as they are."),
    ),
    "unreadable": (
        QT_TRANSLATE_NOOP("words", "%n contact in Google could not be read; it stays there as it is."),
        QT_TRANSLATE_NOOP("words", "%n contacts in Google could not be read; they stay there as they are."),
    ),
    "unclear": (
        QT_TRANSLATE_NOOP("words", "Whether %n change arrived is not certain yet; RingDesk looks again."),
        QT_TRANSLATE_NOOP("words", "Whether %n changes arrived is not certain yet; RingDesk looks again."),
    ),
    "put_off": (
        QT_TRANSLATE_NOOP("words", "%n contact is tried again later, by itself."),
        QT_TRANSLATE_NOOP("words", "%n contacts are tried again later, by themselves."),
    ),
}
"""What a round could not do, by the counts of `RoundDone`."""

GUARD_HERE: Final = (
    QT_TRANSLATE_NOOP("words", "%n deletion here waits for your word."),
    QT_TRANSLATE_NOOP("words", "%n deletions here wait for your word."),
)
GUARD_THERE: Final = (
    QT_TRANSLATE_NOOP("words", "%n deletion in Google waits for your word."),
    QT_TRANSLATE_NOOP("words", "%n deletions in Google wait for your word."),
)
QUESTIONS: Final = (
    QT_TRANSLATE_NOOP("words", "%n question for you."),
    QT_TRANSLATE_NOOP("words", "%n questions for you."),
)

WOULD: Final[Mapping[str, str]] = {
    "added here": QT_TRANSLATE_NOOP("words", "Add here"),
    "added there": QT_TRANSLATE_NOOP("words", "Add in Google"),
    "changed here": QT_TRANSLATE_NOOP("words", "Change here"),
    "changed there": QT_TRANSLATE_NOOP("words", "Change in Google"),
    "deleted here": QT_TRANSLATE_NOOP("words", "Delete here"),
    "deleted there": QT_TRANSLATE_NOOP("words", "Delete in Google"),
    "found on both sides": QT_TRANSLATE_NOOP("words", "On both sides already"),
    "found under another id": QT_TRANSLATE_NOOP("words", "Moved in Google"),
    "put up for review": QT_TRANSLATE_NOOP("words", "Removed in Google"),
    "kept here": QT_TRANSLATE_NOOP("words", "Keep here only"),
    "kept there": QT_TRANSLATE_NOOP("words", "Keep in Google only"),
    "withdrawn": QT_TRANSLATE_NOOP("words", "Take back"),
    "asked about": QT_TRANSLATE_NOOP("words", "Maybe the same"),
    "put off": QT_TRANSLATE_NOOP("words", "Later, by itself"),
}
"""The headings of what the first sync would do."""

DEAD: Final[Mapping[Death, str]] = {
    Death.REVOKED: QT_TRANSLATE_NOOP("words", "Google no longer accepts this sign-in: it was taken back or has ended."),
    Death.POLICY: QT_TRANSLATE_NOOP("words", "Your organisation's administrator asks for a new sign-in."),
    Death.SCOPE: QT_TRANSLATE_NOOP(
        "words", "RingDesk may not see your contacts. Tick the box for contacts on Google's page when you connect."
    ),
    Death.PASSWORD: QT_TRANSLATE_NOOP("words", "Google refused the sign-in."),
    Death.DISABLED: QT_TRANSLATE_NOOP("words", "Google says that this account is switched off or deleted."),
    Death.NO_SECRET: QT_TRANSLATE_NOOP(
        "words", "This computer no longer holds the sign-in. Without a keyring it ends whenever RingDesk ends."
    ),
}
"""Why the permission is gone; what is lost by it is nothing."""

_FINER: Final[Mapping[str, str]] = {
    "unused": QT_TRANSLATE_NOOP("words", "RingDesk was not used for six months, so Google ended the permission."),
    "testing": QT_TRANSLATE_NOOP(
        "words", "The client file is in testing, so Google ends the permission after seven days. Publish it to stay."
    ),
    "admin_policy_enforced": QT_TRANSLATE_NOOP("words", "Your organisation's administrator does not allow RingDesk."),
    "org_internal": QT_TRANSLATE_NOOP("words", "This client file is only for accounts of its own organisation."),
}

HALTED: Final[Mapping[str, str]] = {
    "disabled": QT_TRANSLATE_NOOP(
        "words", "The People API is switched off for your client file. Switch it on in Google's console, then sync."
    ),
    "full": QT_TRANSLATE_NOOP(
        "words", "Your Google account is full: it holds 25,000 contacts. Delete some there, then sync."
    ),
    "forbidden": QT_TRANSLATE_NOOP("words", "Google does not allow this for your account."),
    "client": QT_TRANSLATE_NOOP("words", "Google does not take your client file any more. Choose another one."),
    "request": QT_TRANSLATE_NOOP("words", "Google refused a request. Nothing was lost; please report this."),
    "label": QT_TRANSLATE_NOOP("words", "A label could not be changed in Google."),
    "label gone": QT_TRANSLATE_NOOP("words", "A label you chose is no longer in Google. Choose again in Settings."),
    "label taken": QT_TRANSLATE_NOOP("words", "Google has a label of that name already."),
    "photo": QT_TRANSLATE_NOOP("words", "A photo could not be fetched safely and was left out."),
    "fault": QT_TRANSLATE_NOOP(
        "words", "A fault of RingDesk stopped the sync. Nothing was lost; start RingDesk again and please report this."
    ),
    "version": QT_TRANSLATE_NOOP("words", "This account needs a newer RingDesk."),
    "team": QT_TRANSLATE_NOOP("words", "Your team does not let you sync with Google. Ask its administrator."),
}
"""Why a sync stopped until the user has seen to it; store troubles have their own sentences."""

ENDINGS: Final[Mapping[Ending, str]] = {
    Ending.SIGNED_IN: QT_TRANSLATE_NOOP("words", "You are signed in."),
    Ending.DENIED: QT_TRANSLATE_NOOP(
        "words", "You did not allow access on Google's page, so nothing was changed. Connect again whenever you like."
    ),
    Ending.TIMED_OUT: QT_TRANSLATE_NOOP(
        "words", "No answer came from the browser. Perhaps the page was closed. Connect again to open a new one."
    ),
    Ending.CANCELLED: QT_TRANSLATE_NOOP("words", "The sign-in was called off. Nothing was changed."),
    Ending.NO_BROWSER: QT_TRANSLATE_NOOP(
        "words",
        "No browser could be opened here. Copy the address into a browser on this computer, then sign in there.",
    ),
    Ending.NO_PORT: QT_TRANSLATE_NOOP(
        "words", "This computer does not let RingDesk hear the browser's answer. Ask whoever looks after its firewall."
    ),
    Ending.FEWER_SCOPES: QT_TRANSLATE_NOOP(
        "words", "The box for contacts was not ticked, so RingDesk may not see them. Connect again and tick it."
    ),
    Ending.NO_REFRESH_TOKEN: QT_TRANSLATE_NOOP(
        "words",
        "Google gave no lasting permission. Remove RingDesk at myaccount.google.com/connections, then connect again.",
    ),
    Ending.BAD_CLIENT: QT_TRANSLATE_NOOP("words", "Google does not know this client file. Choose another one."),
    Ending.REFUSED: QT_TRANSLATE_NOOP("words", "Google refused the sign-in."),
    Ending.UNREACHABLE: QT_TRANSLATE_NOOP(
        "words", "Google cannot be reached. Look at your network connection, then connect again."
    ),
    Ending.UNREADABLE: QT_TRANSLATE_NOOP("words", "Google's answer could not be read. Please connect again."),
    Ending.OTHER_ACCOUNT: QT_TRANSLATE_NOOP(
        "words", "You signed in to another account. Connect again and choose the one shown here."
    ),
    Ending.NOT_KEPT: QT_TRANSLATE_NOOP(
        "words", "You signed in, but the account could not be saved here. Nothing was changed. Please connect again."
    ),
}

CLIENTS: Final[Mapping[ClientTrouble, str]] = {
    ClientTrouble.UNREADABLE: QT_TRANSLATE_NOOP("words", "The file cannot be opened. Choose one that you may read."),
    ClientTrouble.NOT_JSON: QT_TRANSLATE_NOOP(
        "words", "This is not a client file. Google's console gives out a file that ends in .json."
    ),
    ClientTrouble.WEB: QT_TRANSLATE_NOOP(
        "words", "This client is made for a web site. Make one of the type “Desktop app” and choose its file."
    ),
    ClientTrouble.NOT_A_CLIENT: QT_TRANSLATE_NOOP(
        "words", "This is not a client file of Google's console. Step 4 shows where to download it."
    ),
    ClientTrouble.SERVICE_ACCOUNT: QT_TRANSLATE_NOOP(
        "words", "This is the key of a service account. Make a client of the type “Desktop app” and choose its file."
    ),
    ClientTrouble.INCOMPLETE: QT_TRANSLATE_NOOP(
        "words", "A part of the client file is missing. Download it again and choose the new one."
    ),
    ClientTrouble.FOREIGN: QT_TRANSLATE_NOOP(
        "words", "This file would send your sign-in somewhere else than to Google, so it was refused."
    ),
    ClientTrouble.NOT_KEPT: QT_TRANSLATE_NOOP(
        "words",
        "The file is good, but RingDesk could not copy it to its own folder. See that there is room, then try again.",
    ),
}


UNDONE: Final[Mapping[str, Pair]] = {
    "changed back": (QT_TRANSLATE_NOOP("words", "%n changed back"), QT_TRANSLATE_NOOP("words", "%n changed back")),
    "taken out here": (
        QT_TRANSLATE_NOOP("words", "%n taken out here again"),
        QT_TRANSLATE_NOOP("words", "%n taken out here again"),
    ),
    "brought back": (QT_TRANSLATE_NOOP("words", "%n brought back"), QT_TRANSLATE_NOOP("words", "%n brought back")),
    "deleted there": (
        QT_TRANSLATE_NOOP("words", "%n taken out of Google again"),
        QT_TRANSLATE_NOOP("words", "%n taken out of Google again"),
    ),
}
"""What *Undo the last sync* did, by the counts of `SyncUndone`."""

UNTAKEN: Final[Mapping[Untaken, str]] = {
    Untaken.CHANGED: QT_TRANSLATE_NOOP("words", "changed again since"),
    Untaken.GONE: QT_TRANSLATE_NOOP("words", "not there any more"),
    Untaken.MERGED: QT_TRANSLATE_NOOP("words", "two became one, or both sides had changed the same"),
    Untaken.PHOTO: QT_TRANSLATE_NOOP("words", "Google's picture before it was not kept"),
}
"""Why something stayed as it is."""

PHASES: Final[Mapping[Phase, str]] = {
    Phase.READING: QT_TRANSLATE_NOOP("words", "Reading your contacts in Google"),
    Phase.DECIDING: QT_TRANSLATE_NOOP("words", "Looking at what is gone"),
    Phase.SENDING: QT_TRANSLATE_NOOP("words", "Sending changes to Google"),
    Phase.PHOTOS: QT_TRANSLATE_NOOP("words", "Carrying photos"),
    Phase.COUNTING: QT_TRANSLATE_NOOP("words", "Counting your contacts in Google"),
}


def deeds(counts: Mapping[str, int]) -> list[str]:
    """What was done, a phrase a deed; empty where nothing was."""
    return [counted(*DONE[deed], counts[deed]) for deed in DONE if counts.get(deed)]


def round_text(done: RoundDone) -> str:
    """What a round did, in one line."""
    return ", ".join(deeds(done.counts)) or say(QT_TRANSLATE_NOOP("words", "both sides agree"))


def waiting_text(done: RoundDone) -> list[str]:
    """The deletions of a round that wait for the user's word."""
    guards = ((GUARD_HERE, done.guard_here), (GUARD_THERE, done.guard_there))
    return [counted(*pair, count) for pair, count in guards if count]


def failed_text(done: RoundDone) -> list[str]:
    """What a round could not do, and what becomes of it."""
    told = [counted(*pair, count) for name, pair in _FAILED.items() if (count := getattr(done, name))]
    if done.distrusted:
        told.append(
            say(
                QT_TRANSLATE_NOOP(
                    "words", "Google's list was not whole, so RingDesk deleted nothing because of it and asks again."
                )
            )
        )
    return told


def dead_text(cause: Death, detail: str = "") -> str:
    """Why the permission is gone, as exactly as is known."""
    return say(_FINER.get(detail, DEAD[cause]))


def undone_text(undone: SyncUndone) -> str:
    """What *Undo the last sync* did, in one line."""
    told = [counted(*UNDONE[deed], undone.counts[deed]) for deed in UNDONE if undone.counts.get(deed)]
    text = ", ".join(told) or say(QT_TRANSLATE_NOOP("words", "nothing had to be changed"))
    return say(QT_TRANSLATE_NOOP("words", "The last sync was taken back: %1"), text)


def skipped_text(undone: SyncUndone) -> str:
    """What it had to leave as it is, with names; empty where there is nothing."""
    if not undone.skipped:
        return ""
    some = [f"{shown(name, 40)} ({say(UNTAKEN[why])})" for name, why in undone.skipped[:NAMED]]
    more = len(undone.skipped) - len(some)
    if more:
        some.append(say(QT_TRANSLATE_NOOP("words", "and %1 more"), count_text(more)))
    return say(QT_TRANSLATE_NOOP("words", "Left as they are: %1."), ", ".join(some))


def progress_text(progress: SyncProgress) -> str:
    """How far it has come, in one line."""
    phase, done = say(PHASES[progress.phase]), count_text(progress.done)
    if progress.total:
        return say(QT_TRANSLATE_NOOP("words", "%1: %2 of %3"), phase, done, count_text(progress.total))
    return f"{phase}: {done}" if progress.done else phase


def halted_text(code: str, detail: str = "") -> str:
    """Why the sync stopped, and what to do; `detail` is what Google or the system said."""
    store = next((one for one in StoreTrouble if one.value == code), None)
    if store is not None:
        return trouble(store)
    text = say(HALTED.get(code, HALTED["request"]))
    return f"{text} ({shown(detail, 160)})" if detail and code in ("request", "forbidden", "label", "fault") else text


def ending_text(ending: Ending, detail: str = "") -> str:
    """How a sign-in ended, and what to do."""
    text = say(ENDINGS[ending])
    telling = (Ending.REFUSED, Ending.NO_PORT, Ending.UNREACHABLE, Ending.NOT_KEPT, Ending.OTHER_ACCOUNT)
    return f"{text} ({shown(detail, 160)})" if detail and ending in telling else text


def client_text(what: ClientTrouble, detail: str = "") -> str:
    """What is wrong with a client file, and what to do."""
    text = say(CLIENTS[what])
    return f"{text} ({shown(detail, 120)})" if detail and what is not ClientTrouble.NOT_A_CLIENT else text


def contacts_text(count: int) -> str:
    """A number of contacts."""
    return counted(QT_TRANSLATE_NOOP("words", "%n contact"), QT_TRANSLATE_NOOP("words", "%n contacts"), count)


def would_text(counts: Mapping[str, int]) -> str:
    """The sentence over a rehearsal: "Will add 12 here, add 3 in Google, change 5, delete 0"."""
    changed = counts.get("changed here", 0) + counts.get("changed there", 0)
    deleted = counts.get("deleted here", 0) + counts.get("deleted there", 0)
    numbers = (counts.get("added here", 0), counts.get("added there", 0), changed, deleted)
    return say(
        QT_TRANSLATE_NOOP("words", "Will add %1 here, add %2 in Google, change %3, delete %4"),
        *(count_text(number) for number in numbers),
    )
