"""The sentences of the review lists: what is asked, what can be answered, what follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ringdesk.desk.accounts import QuestionRow
from ringdesk.domain.card import Card
from ringdesk.domain.document import to_document
from ringdesk.domain.replica import Choice, Question, Review
from ringdesk.ui.contacts_history import field_name, values_text
from ringdesk.ui.words import QT_TRANSLATE_NOOP, say, shown

KINDS: Final[Mapping[Review, str]] = {
    Review.REMOVED: QT_TRANSLATE_NOOP("words", "Removed in Google"),
    Review.DOUBTFUL: QT_TRANSLATE_NOOP("words", "Maybe the same"),
    Review.MERGED: QT_TRANSLATE_NOOP("words", "Maybe merged"),
    Review.CLASH: QT_TRANSLATE_NOOP("words", "Changed on both sides"),
    Review.INVALID: QT_TRANSLATE_NOOP("words", "Not taken by Google"),
    Review.REFUSED: QT_TRANSLATE_NOOP("words", "Not allowed by Google"),
}

ASKS: Final[Mapping[Review, str]] = {
    Review.REMOVED: QT_TRANSLATE_NOOP(
        "words",
        "Somebody deleted this contact in Google. It is still here, and nothing happens to it before you decide.",
    ),
    Review.DOUBTFUL: QT_TRANSLATE_NOOP(
        "words", "These two look alike. Are they one contact? If so, they are linked and their values put together."
    ),
    Review.MERGED: QT_TRANSLATE_NOOP(
        "words",
        "The contact here is not in Google any more, but the other one has got a part of it. Were they merged there? If"
        " so, they become one here too; else this one is put back.",
    ),
    Review.CLASH: QT_TRANSLATE_NOOP(
        "words", "“%1” was changed here and in Google. Which shall stand on both sides? The other stays in the history."
    ),
    Review.INVALID: QT_TRANSLATE_NOOP(
        "words", "Google does not take “%1” as it is. Edit the contact, or try again as it is; the others are synced."
    ),
    Review.REFUSED: QT_TRANSLATE_NOOP("words", "Google did not allow this change. The others are synced."),
}

CHOICES: Final[Mapping[Choice, str]] = {
    Choice.MINE: QT_TRANSLATE_NOOP("words", "Keep what is &here"),
    Choice.THEIRS: QT_TRANSLATE_NOOP("words", "Take &Google's"),
    Choice.DELETE: QT_TRANSLATE_NOOP("words", "&Delete it here too"),
    Choice.KEEP: QT_TRANSLATE_NOOP("words", "&Keep it here only"),
    Choice.CREATE: QT_TRANSLATE_NOOP("words", "Put it &back in Google"),
    Choice.SAME: QT_TRANSLATE_NOOP("words", "&One contact"),
    Choice.DIFFERENT: QT_TRANSLATE_NOOP("words", "&Two contacts"),
    Choice.TRY_AGAIN: QT_TRANSLATE_NOOP("words", "Try &again"),
}

NONE: Final[Mapping[Review, str]] = {
    Review.REMOVED: QT_TRANSLATE_NOOP("words", "Contacts that somebody deletes in Google are listed here first."),
    Review.DOUBTFUL: QT_TRANSLATE_NOOP("words", "Contacts that may be the same on both sides are listed here."),
    Review.MERGED: QT_TRANSLATE_NOOP(
        "words", "Contacts that may have become a part of another one in Google are listed here."
    ),
    Review.CLASH: QT_TRANSLATE_NOOP(
        "words", "Values changed on both sides are listed here, where you chose to be asked."
    ),
    Review.INVALID: QT_TRANSLATE_NOOP("words", "What Google does not take is listed here."),
    Review.REFUSED: QT_TRANSLATE_NOOP("words", "What Google does not allow is listed here."),
}
"""What stands where a list is empty."""


def name_of(row: QuestionRow) -> str:
    """The contact a question is about."""
    card = row.here.card if row.here is not None else row.question.theirs
    name = "" if card is None else shown(card.display_name)
    return name or say(QT_TRANSLATE_NOOP("words", "No name"))


def more_of(row: QuestionRow) -> str:
    """What tells it from others: the field, or the company."""
    if row.question.field:
        return field_name(row.question.field)
    card = row.here.card if row.here is not None else row.question.theirs
    return "" if card is None else shown(card.company, 40)


def asks(question: Question) -> str:
    """What is asked, and what the account said."""
    field = field_name(question.field) if question.field else say(QT_TRANSLATE_NOOP("words", "this contact"))
    text = say(ASKS[question.kind], field)
    return f"{text} ({shown(question.detail, 200)})" if question.detail else text


def field_values(card: Card | None, field: str) -> list[str]:
    """A field's values, one a line; empty where there is none."""
    return values_text(to_document(card).get(field)) if card is not None else []
