"""CSV files of Google, Outlook and people's own making, read; and what is written comes back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringdesk.domain.card import (
    Address,
    Birthday,
    Card,
    CustomField,
    Email,
    Name,
    Organization,
    PhoneEntry,
    Relation,
    Url,
)
from ringdesk.domain.dates import DayOrder
from ringdesk.files.labels import WORDS
from ringdesk.files.reading import ReadCard, read_contacts
from ringdesk.files.writing import write_csv
from tests.files.strategies import cards, read_all, read_cards, refusals, shown_names


def written(*entries: Card) -> bytes:
    out = io.BytesIO()
    write_csv(iter(entries), out)
    return out.getvalue()


def from_csv(text: str) -> list[Card]:
    return read_cards(text.encode(), "contacts.csv")


def item_of(text: str) -> ReadCard:
    (item,) = read_all(text.encode(), "contacts.csv")
    assert isinstance(item, ReadCard)
    return item


def cells(heading: list[str], values: dict[str, str]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heading)
    writer.writerow([values.get(name, "") for name in heading])
    return out.getvalue()


@settings(max_examples=60, deadline=None)
@given(st.lists(cards.filter(lambda card: ":::" not in repr(card)), min_size=1, max_size=3))
def test_any_card_comes_back_as_it_was(entries: list[Card]) -> None:
    assert read_cards(written(*entries), "contacts.csv") == entries


@given(st.lists(cards, min_size=1, max_size=2))
def test_no_cell_can_be_calculated(entries: list[Card]) -> None:
    for row in csv.reader(io.StringIO(written(*entries).decode(), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


@pytest.mark.parametrize(
    "text", ["+34 600 000 001", "'+34", "''=x", "=HYPERLINK(1)", "-1", "@a", "'", "'quoted'", "' =1"]
)
def test_the_apostrophe_comes_and_goes(text: str) -> None:
    card = Card(phones=(PhoneEntry(text, "mobile"),), note=text)
    assert read_cards(written(card), "contacts.csv") == [card]


@pytest.mark.parametrize("start", "=+-@\t\r")
def test_an_apostrophe_before_a_sign_is_no_part_of_the_text(start: str) -> None:
    (card,) = from_csv(cells(["Name", "Notes"], {"Name": "Ana", "Notes": f"'{start}x"}))
    assert card.note == f"{start}x".strip()


@pytest.mark.parametrize("label", WORDS)
def test_each_label_comes_back(label: str) -> None:
    card = Card(
        phones=(PhoneEntry("600", label),), emails=(Email("a@b.c", label),), relations=(Relation("Ana", label),)
    )
    assert read_cards(written(card), "contacts.csv") == [card]


def test_the_layout_is_googles_and_as_wide_as_needed() -> None:
    card = Card(name=Name(given="Ana"), phones=(PhoneEntry("1", "homeFax"), PhoneEntry("2")), groups=("Clients",))
    heading, row = csv.reader(io.StringIO(written(card).decode(), newline=""))
    assert heading[:3] == ["First Name", "Middle Name", "Last Name"]
    assert heading[-4:] == ["Phone 1 - Label", "Phone 1 - Value", "Phone 2 - Label", "Phone 2 - Value"]
    assert row[-4:] == ["Home Fax", "1", "", "2"]
    assert row[heading.index("Labels")] == "Clients ::: * myContacts"


def test_no_cards_give_headings_alone() -> None:
    assert written().count(b"\r\n") == 1


GOOGLE_NEW = (
    "First Name,Last Name,Nickname,File As,Organization Name,Birthday,Notes,Photo,Labels,E-mail 1 - Label,"
    "E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,Address 1 - Label,"
    "Address 1 - Formatted,Address 1 - Street,Address 1 - City,Website 1 - Value,Event 1 - Label,Event 1 - Value,"
    "Custom Field 1 - Label,Custom Field 1 - Value"
)


def test_google_new() -> None:
    row = (
        'Zoë,Ångström,,Å,"Fjord, Ltd.",--03-07,"one\n""two""",http://x.example/p.jpg,'
        "* myContacts ::: Clients ::: * starred,"
        "* Work,a@b.example ::: c@d.example,Mobile,+44 1 ::: +44 2,Work Fax,020 1,Home,Whole,1 St,Leeds,w.example,"
        "Anniversary,2001-02-03,Size,9"
    )
    item = item_of(f"{GOOGLE_NEW}\r\n{row}\r\n")
    assert item.where == "row 2"
    assert item.lost == ("Photo",)
    assert item.card == Card(
        name=Name(given="Zoë", family="Ångström"),
        organizations=(Organization("Fjord, Ltd."),),
        birthday=Birthday(3, 7),
        note='one\n"two"',
        groups=("Clients",),
        emails=(Email("a@b.example", "work"), Email("c@d.example", "work")),
        phones=(PhoneEntry("+44 1", "mobile"), PhoneEntry("+44 2", "mobile"), PhoneEntry("020 1", "workFax")),
        addresses=(Address("1 St", city="Leeds", formatted="Whole", label="home"),),
        urls=(Url("w.example"),),
        custom=(CustomField("Size", "9"), CustomField("anniversary", "2001-02-03")),
    )


def test_google_old() -> None:
    heading = "Name,Given Name,Family Name,Given Name Yomi,Group Membership,Phone 1 - Type,Phone 1 - Value,"
    heading += "Organization 1 - Type,Organization 1 - Name,Organization 1 - Title,Maiden Name"
    item = item_of(f"{heading}\nAna Gil,Ana,Gil,Yo,* myContacts ::: A,Mobile,1 ::: 2,,Acme,Clerk,Ruiz\n")
    assert item.card == Card(
        name=Name(given="Ana", family="Gil", phonetic_given="Yo"),
        groups=("A",),
        phones=(PhoneEntry("1", "mobile"), PhoneEntry("2", "mobile")),
        organizations=(Organization("Acme", "Clerk"),),
    )
    assert item.lost == ("Maiden Name",)


@pytest.mark.parametrize("country", ["Business Country", "Business Country/Region"])
def test_outlook_classic(country: str) -> None:
    heading = ["Title", "First Name", "Last Name", "Suffix", "Company", "Job Title", "Business Street",
               "Business Street 2", "Business City", country, "Business Fax", "Business Phone", "Business Phone 2",
               "Mobile Phone", "Birthday", "Categories", "E-mail Address", "E-mail Type", "E-mail 2 Address", "Gender",
               "Spouse", "Priority", "Private", "Sensitivity", "Anniversary", "Web Page", "User 1"]  # rows  # fmt: skip
    values = dict(zip(heading, [
        "Dr.", "Ana", "Gil", "Jr.", "Acme", "Clerk", "1 St", "Rear", "Leeds", "UK", "11", "12", "13", "14",
        "12/31/1980", "Clients;VIP", "a@b.c", "SMTP", "d@e.f", "Unspecified", "Bea", "Normal", "False", "Normal",
        "0/0/00", "w.example", "own",
    ], strict=True))  # several to a line  # fmt: skip
    item = item_of(cells(heading, values))
    assert item.card == Card(
        name=Name("Dr.", "Ana", "", "Gil", "Jr."),
        organizations=(Organization("Acme", "Clerk"),),
        addresses=(Address("1 St\nRear", city="Leeds", country="UK", label="work"),),
        phones=(
            PhoneEntry("11", "workFax"),
            PhoneEntry("12", "work"),
            PhoneEntry("13", "work"),
            PhoneEntry("14", "mobile"),
        ),
        birthday=Birthday(12, 31, 1980),
        groups=("Clients", "VIP"),
        emails=(Email("a@b.c"), Email("d@e.f")),
        relations=(Relation("Bea", "spouse"),),
        urls=(Url("w.example"),),
    )
    assert item.lost == ("User 1",)


@pytest.mark.parametrize(
    "text",
    [
        "Name,Phone,E-mail,Company\nAna Gil,600,a@b.c,Acme\n",
        "COMPANY;email;NAME;phone\nAcme;a@b.c;Ana Gil;600",
        "Phone number\tCompany name\tFull Name\tE-Mail Address\n600\tAcme\tAna Gil\ta@b.c\n",
        "sep=;\nName;Telefon;Email;Firma\nAna Gil;600;a@b.c;Acme\n",
        "Nombre;Apellidos;Teléfono;Correo electrónico;Empresa\nAna;Gil;600;a@b.c;Acme\n",
        "Vorname;Name;Telefon;E-Mail;Firma\nAna;Gil;600;a@b.c;Acme\n",
        '\n"Name" , "Phone 1","Email","Organization"\nAna Gil,600,a@b.c,Acme\n\n,,,\n',
        "\ufeffName,Phone,Email,Company\r\nAna Gil,600,a@b.c,Acme",
        "Name,Phone,Email,Company\rAna Gil,600,a@b.c,Acme\r",
    ],
)
def test_plain_headings_in_any_case_order_and_delimiter(text: str) -> None:
    assert from_csv(text) == [
        Card(
            name=Name(given="Ana", family="Gil"),
            phones=(PhoneEntry("600"),),
            emails=(Email("a@b.c"),),
            organizations=(Organization("Acme"),),
        )
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"])
def test_encodings(encoding: str) -> None:
    data = "First Name,Last Name,Mobile Phone\r\nZoë,Ångström,+44 7700 900123\r\n".encode(encoding)
    assert read_cards(data, "contacts.csv") == [
        Card(name=Name(given="Zoë", family="Ångström"), phones=(PhoneEntry("+44 7700 900123", "mobile"),))
    ]


def test_one_bad_byte_spoils_itself_alone() -> None:
    data = "Name,Company\nZoë,Łódź".encode() + b" \x96 x\n"
    (card,) = read_cards(data, "contacts.csv")
    assert (card.name.given, card.company) == ("Zoë", "Łódź – x")


def test_an_unclosed_quote_costs_its_row() -> None:
    items = read_all(b'Name,Phone\nAna,1\n"Bea,2\nCarl,3\nDora,4\n', "contacts.csv")
    assert refusals(items) == [("row 3", "TRUNCATED")]
    assert shown_names(items) == ["Ana", "Carl", "Dora"]
    assert [item.where for item in items] == ["row 2", "row 3", "row 4", "row 5"]


def test_a_quote_closed_by_nobody_for_long_costs_its_row() -> None:
    rows = "".join(f"Name {n},{n}\n" for n in range(30_000))
    items = read_all(f'Name,Phone\n"Bea,2\n{rows}'.encode(), "contacts.csv")
    assert refusals(items) == [("row 2", "TRUNCATED")]
    assert len(items) == 30_001


def test_a_cell_beyond_all_measure_costs_its_row() -> None:
    data = f"Name,Phone\nAna,1\nBea,{'9' * 10_000_000}\nCarl,3\n".encode()
    items = read_all(data, "contacts.csv")
    assert refusals(items) == [("row 3", "TOO_LARGE")]
    assert shown_names(items) == ["Ana", "Carl"]


def test_a_row_of_very_many_cells_costs_itself() -> None:
    items = read_all(b"Name,Phone\nAna,1\nBea" + b",1" * 2_000_000 + b"\nCarl,3\n", "contacts.csv")
    assert refusals(items) == [("row 3", "TOO_LARGE")]
    assert shown_names(items) == ["Ana", "Carl"]


def test_a_row_that_says_nothing_to_us_is_refused_and_an_empty_one_passed_over() -> None:
    items = read_all(b"Name,Colour\n,red\n,\n\nAna,blue\n", "contacts.csv")
    assert refusals(items) == [("row 2", "EMPTY")]
    assert items[1].where == "row 5"


def test_cells_beyond_the_headings_are_reported() -> None:
    assert item_of("Name,Phone\nGil, Ana,600\n").lost == ("more cells than headings",)


def test_any_cut_is_survived_and_keeps_earlier_rows() -> None:
    data = 'Name,Phone,Notes\r\nAna,+34 1,"a\r\nb"\r\nZoë,"2","x"\r\n'.encode()
    whole = read_all(data, "contacts.csv")
    first, second = data.index(b"Ana"), data.index(b"Zo")
    for length in range(first, len(data)):
        items = read_all(data[:length], "contacts.csv")
        assert len(items) <= 2
        if length >= second:
            assert items[:1] == whole[:1]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1980-01-02", Birthday(1, 2, 1980)),
        (" --01-02", Birthday(1, 2)),
        ("1/2/1980", Birthday(1, 2, 1980)),
        ("31/12/1980", Birthday(12, 31, 1980)),
        ("2.1.1980", Birthday(1, 2, 1980)),
        ("0/0/00", None),
    ],
)
def test_birthdays(text: str, day: Birthday | None) -> None:
    item = item_of(f"Name,Birthday\nAna,{text}\n")
    assert item.card.birthday == day
    assert item.lost == ()


DAY, MONTH = DayOrder.DAY_FIRST, DayOrder.MONTH_FIRST


@pytest.mark.parametrize(
    ("text", "order", "day", "tells", "unclear"),
    [
        ("3/4/1980", DAY, Birthday(4, 3, 1980), (), ("3/4/1980",)),
        ("3/4/1980", MONTH, Birthday(3, 4, 1980), (), ("3/4/1980",)),
        ("03-04-1980", DAY, Birthday(4, 3, 1980), (), ("03-04-1980",)),
        ("31/12/1980", MONTH, Birthday(12, 31, 1980), (DAY,), ()),
        ("12/31/1980", DAY, Birthday(12, 31, 1980), (MONTH,), ()),
        ("5/5/1980", DAY, Birthday(5, 5, 1980), (), ()),
        ("3.4.1980", MONTH, Birthday(4, 3, 1980), (), ()),
        ("1980/4/3", DAY, Birthday(4, 3, 1980), (), ()),
    ],
)
def test_a_date_is_read_in_the_order_that_is_asked_for_and_tells_what_it_knows(
    text: str, order: DayOrder, day: Birthday, tells: tuple[DayOrder, ...], unclear: tuple[str, ...]
) -> None:
    [item] = read_contacts(f"Name,Birthday\nAna,{text}\n".encode(), name="a.csv", order=order)
    assert isinstance(item, ReadCard)
    assert (item.card.birthday, item.orders, item.unclear) == (day, tells, unclear)


def test_a_birthday_that_is_none_is_reported() -> None:
    assert item_of("Name,Birthday\nAna,last spring\n").lost == ("Birthday",)


@pytest.mark.parametrize(("heading", "title", "prefix"), [("Title,Suffix", "", "Dr."), ("Title,Colour", "Dr.", "")])
def test_title_is_a_prefix_beside_outlooks_headings_only(heading: str, title: str, prefix: str) -> None:
    card = item_of(f"First Name,{heading}\nAna,Dr.,\n").card
    assert (card.title, card.name.prefix) == (title, prefix)
