"""What real programs write as vCard, read."""

from __future__ import annotations

import base64

import pytest

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
from ringdesk.files.reading import ReadCard
from ringdesk.files.report import Refused, RefusedCode
from tests.files.strategies import JPEG, PNG, read_all, read_cards, read_one, refusals, shown_names

EXAMPLE = b"""BEGIN:VCARD\r
VERSION:3.0\r
UID:1\r
FN:Ana Gil\r
N:Gil;Ana;;;\r
TEL;TYPE=CELL:+34 600 000 001\r
NOTE:one\\n\r
 two\r
END:VCARD\r
BEGIN:VCARD\r
VERSION:2.1\r
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=91u=C3=B1ez;=C3=81ngel=\r
a;;;\r
TEL;WORK;FAX:+34 910 000 002\r
END:VCARD\r
BEGIN:VCARD\r
VERSION:4.0\r
FN:Zo\xc3\xab\r
TEL;VALUE=uri;TYPE="work,voice":tel:+44-20-7946-0018\\;ext=7\r
END:VCARD\r
"""


def test_all_versions_in_one_file() -> None:
    assert read_cards(EXAMPLE) == [
        Card(name=Name(given="Ana", family="Gil"), phones=(PhoneEntry("+34 600 000 001", "mobile"),), note="one\ntwo"),
        Card(name=Name(given="Ángela", family="Ñuñez"), phones=(PhoneEntry("+34 910 000 002", "workFax"),)),
        Card(name=Name(given="Zoë"), phones=(PhoneEntry("+44-20-7946-0018 ext. 7", "work"),)),
    ]


def test_a_cut_file_keeps_the_cards_before_the_cut() -> None:
    whole = read_all(EXAMPLE)
    ends = [place + 9 for place in range(len(EXAMPLE)) if EXAMPLE.startswith(b"END:VCARD", place)]
    for length in range(1, len(EXAMPLE)):
        kept = sum(end <= length for end in ends)
        items = read_all(EXAMPLE[:length])
        assert items[:kept] == whole[:kept]
        assert all(isinstance(item, Refused) for item in items[kept:])
        assert len(items) <= kept + 1


def test_a_card_without_end_costs_itself_and_is_named() -> None:
    data = EXAMPLE.replace(b"END:VCARD", b"END:VCRD", 1)
    items = read_all(data)
    assert refusals(items) == [("card 1, line 1", "TRUNCATED")]
    assert shown_names(items) == ["Ángela Ñuñez", "Zoë"]


def test_a_card_without_begin_costs_itself_and_is_named() -> None:
    items = read_all(EXAMPLE.replace(b"BEGIN:VCARD\r\nVERSION:2.1", b"BEGN:VCARD\r\nVERSION:2.1"))
    assert refusals(items) == [("line 10", "STRAY")]
    assert shown_names(items) == ["Ana Gil", "Zoë"]


def test_end_and_begin_on_one_line() -> None:
    assert len(read_cards(EXAMPLE.replace(b"END:VCARD\r\nBEGIN", b"END:VCARDBEGIN"))) == 3


@pytest.mark.parametrize("line_end", [b"\n", b"\r", b"\r\n"])
def test_any_line_end(line_end: bytes) -> None:
    items = read_all(EXAMPLE.replace(b"\r\n", line_end))
    assert [item.where for item in items] == ["card 1, line 1", "card 2, line 10", "card 3, line 16"]
    assert items == read_all(EXAMPLE)


def test_where_names_card_and_line() -> None:
    data = b"\r\n\r\n" + EXAMPLE.replace(b"END:VCARD\r\n", b"END:VCARD\r\n\r\n")
    assert [item.where for item in read_all(data)] == ["card 1, line 3", "card 2, line 13", "card 3, line 20"]


def test_a_card_inside_a_card_is_not_a_contact() -> None:
    data = b"BEGIN:VCARD\nN:Gil;Ana\nAGENT:\nBEGIN:VCARD\nN:Ruiz;Bea\nEND:VCARD\nTEL:1234567\nEND:VCARD\n"
    (item,) = read_all(data)
    assert isinstance(item, ReadCard)
    assert item.card == Card(name=Name(given="Ana", family="Gil"), phones=(PhoneEntry("1234567"),))


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ("FN:Ana Gil Ruiz", Name(given="Ana Gil", family="Ruiz")),
        ("FN:Ana", Name(given="Ana")),
        ("N:Gil;Ana", Name(given="Ana", family="Gil")),
        ("N:Gil;Ana\nFN:Doña Ana", Name(given="Ana", family="Gil")),
        ("N:;;;;\nFN:Ana Gil", Name(given="Ana", family="Gil")),
        ("FN:Acme\nORG:Acme", Name()),
        ("N:;;;;\nFN:Acme\nORG:Acme", Name()),
        ("FN:Nat\nNICKNAME:Nat", Name(given="Nat")),
        ("N:;;;;\nFN:Nat\nNICKNAME:Nat", Name()),
        ("N:Public;John;Quinlan,Paul;Mr.;Jr.,M.D.", Name("Mr.", "John", "Quinlan Paul", "Public", "Jr., M.D.")),
        ("N:Doe;John;Richter\\, James", Name(given="John", middle="Richter, James", family="Doe")),
        ("N:Doe;Jo\nX-PHONETIC-FIRST-NAME:Yo", Name(given="Jo", family="Doe", phonetic_given="Yo")),
    ],
)
def test_names(lines: str, name: Name) -> None:
    assert read_one(f"{lines}\nTEL:1234567").card.name == name


@pytest.mark.parametrize(
    ("head", "label"),
    [
        ("TEL", ""),
        ("TEL;TYPE=VOICE", ""),
        ("TEL;CELL;PREF", "mobile"),
        ("TEL;type=CELL;type=VOICE;type=pref", "mobile"),
        ("TEL;TYPE=HOME,FAX", "homeFax"),
        ("TEL;FAX,WORK", "workFax"),
        ("TEL;TYPE=FAX", "otherFax"),
        ('TEL;TYPE="HOME,VOICE"', "home"),
        ("TEL;TYPE=pager", "pager"),
        ("TEL;TYPE=WORK,CELL", "workMobile"),
        ("TEL;TYPE=main", "main"),
        ("TEL;TYPE=other", "other"),
        ("TEL;TYPE=x-Boat", "Boat"),
        ("item1.TEL;TYPE=pref", ""),
    ],
)
def test_phone_types(head: str, label: str) -> None:
    assert read_one(f"{head}:1234567").card.phones == (PhoneEntry("1234567", label),)


@pytest.mark.parametrize(
    ("text", "label"),
    [("_$!<HomeFAX>!$_", "homeFax"), ("_$!<Mobile>!$_", "mobile"), ("Boat", "Boat"), ("a\\, b", "a, b")],
)
def test_apple_labels_of_a_group(text: str, label: str) -> None:
    card = read_one(f"item1.TEL;type=WORK:1234567\nitem1.X-ABLabel:{text}\nTEL;TYPE=HOME:7654321").card
    assert card.phones == (PhoneEntry("1234567", label), PhoneEntry("7654321", "home"))


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("BDAY:19800102", Birthday(1, 2, 1980)),
        ("BDAY:1980-01-02", Birthday(1, 2, 1980)),
        ("BDAY;VALUE=date:1980-1-2", Birthday(1, 2, 1980)),
        ("BDAY:--0102", Birthday(1, 2)),
        ("BDAY:--01-02", Birthday(1, 2)),
        ("BDAY:0000-01-02", Birthday(1, 2)),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29", Birthday(2, 29)),
        ("BDAY:1604-02-29", Birthday(2, 29, 1604)),
        ("BDAY:1953-10-15T23:10:00Z", Birthday(10, 15, 1953)),
        ("BDAY:19531015T231000Z", Birthday(10, 15, 1953)),
        ("BDAY:1980-01-02 00:00:00", Birthday(1, 2, 1980)),
    ],
)
def test_birthdays(line: str, day: Birthday) -> None:
    item = read_one(line)
    assert item.card.birthday == day
    assert item.lost == ()


@pytest.mark.parametrize("day", ["1980", "1980-01", "---02", "circa 1800", "1980-13-01", "206-12-15", "٢٠٢٠٠١٠٢"])
def test_what_is_no_whole_day_is_reported(day: str) -> None:
    item = read_one(f"FN:Ana\nBDAY:{day}")
    assert item.card == Card(name=Name(given="Ana"))
    assert item.lost == ("BDAY",)


def test_organization_department_and_title() -> None:
    card = read_one("ORG:ABC\\, Inc.;North;Marketing\nTITLE:Clerk").card
    assert card.organizations == (Organization("ABC, Inc.", "Clerk", "North, Marketing"),)


@pytest.mark.parametrize("lines", ["TITLE:Clerk\nORG:Acme", "item1.ORG:Acme\nTITLE:Clerk", "ORG:Acme\nROLE:Clerk"])
def test_title_and_company_find_each_other(lines: str) -> None:
    assert read_one(lines).card.organizations == (Organization("Acme", "Clerk"),)


def test_a_second_role_is_reported() -> None:
    item = read_one("ORG:Acme\nTITLE:Clerk\nROLE:Counting")
    assert item.card.organizations == (Organization("Acme", "Clerk"),)
    assert item.lost == ("ROLE",)


def test_addresses() -> None:
    card = read_one(
        "ADR;TYPE=HOME:Box 1;Flat 2;1 Main St\\, rear;Leeds;Yorks;LS1;UK\n"
        "LABEL;TYPE=HOME:1 Main St\nLABEL;TYPE=WORK:2 Side St\\nLeeds"
    ).card
    assert card.addresses == (
        Address("1 Main St, rear", "Flat 2", "Box 1", "Leeds", "Yorks", "LS1", "UK", "", "home"),
        Address(formatted="2 Side St\nLeeds", label="work"),
    )


def test_an_address_known_only_by_its_label_parameter() -> None:
    assert read_one('ADR;LABEL="1 Main: St^nLeeds":;;;;;;').card.addresses == (Address(formatted="1 Main: St\nLeeds"),)


def test_relations_of_all_dialects() -> None:
    card = read_one(
        "RELATED;TYPE=friend;VALUE=text:Bea\nX-SPOUSE:Carl\nX-EVOLUTION-ASSISTANT:Dora\nX-MS-MANAGER:Eva\n"
        "item1.X-ABRELATEDNAMES:Fay\nitem1.X-ABLabel:_$!<Mother>!$_\n"
        "X-ANDROID-CUSTOM:vnd.android.cursor.item/relation;Gil;13;;;;\n"
        "X-ANDROID-CUSTOM:vnd.android.cursor.item/relation;Hal;0;Neighbour;;"
    ).card
    assert card.relations == (
        Relation("Bea", "friend"), Relation("Carl", "spouse"), Relation("Dora", "assistant"),
        Relation("Eva", "manager"), Relation("Fay", "mother"), Relation("Gil", "sister"), Relation("Hal", "Neighbour"),
    )  # several to a line  # fmt: skip


def test_other_dates_become_custom_fields() -> None:
    card = read_one("ANNIVERSARY:20090808T1430-0500\nitem1.X-ABDATE:2001-02-03\nitem1.X-ABLabel:First boat").card
    assert card.custom == (CustomField("anniversary", "2009-08-08"), CustomField("First boat", "2001-02-03"))


def test_notes_groups_nicknames_urls_and_mail() -> None:
    card = read_one(
        "NOTE:one\\, two\\nthree\nNOTE:four\nCATEGORIES:Clients,VIP\\, gold,myContacts\nCATEGORIES:Clients\n"
        "NICKNAME:Nat,Nati\nX-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Tali;1;;\n"
        "URL;TYPE=WORK:http\\://a.example\nitem1.URL:b.example\nitem1.X-ABLabel:_$!<HomePage>!$_\n"
        "EMAIL;TYPE=INTERNET,HOME:a@b.example"
    ).card
    assert card == Card(
        note="one, two\nthree\nfour",
        groups=("Clients", "VIP, gold"),
        nicknames=("Nat", "Nati", "Tali"),
        urls=(Url("http://a.example", "work"), Url("b.example", "homePage")),
        emails=(Email("a@b.example", "home"),),
    )


def test_what_has_no_place_is_named_once_and_empty_lines_are_not() -> None:
    item = read_one(
        "FN:Ana\nX-AIM:ana\nX-aim:ana2\nGENDER:F\nLANG:\nX-FOO:bar\nREV:1\nRELATED:urn:uuid:1\nno colon here"
    )
    assert item.lost == ("X-AIM", "GENDER", "X-FOO", "RELATED", "unreadable line")


def coded(data: bytes, head: str, fold: str = "\n ") -> str:
    text = base64.b64encode(data).decode()
    return f"FN:Ana\n{head}" + fold.join(text[i : i + 70] for i in range(0, len(text), 70))


@pytest.mark.parametrize("data", [PNG, JPEG])
@pytest.mark.parametrize(
    ("head", "fold"),
    [
        ("PHOTO;ENCODING=b;TYPE=GIF:", "\n "),
        ("PHOTO;ENCODING=BASE64;JPEG:", "\n "),
        ("PHOTO;BASE64:\n  ", "\n  "),
        ("PHOTO;ENCODING=BASE64;TYPE=PNG:\n", "\n"),
        ("PHOTO:data:image/jpeg;base64,", "\n "),
        ("PHOTO:data:image/jpeg\\;base64\\,", "\n "),
    ],
)
def test_pictures_in_the_file(data: bytes, head: str, fold: str) -> None:
    item = read_one(coded(data, head, fold))
    assert item.picture is not None
    assert item.picture.data == data
    assert item.card.photo == item.picture.digest
    assert item.lost == ()


@pytest.mark.parametrize(
    "line",
    [
        "PHOTO;VALUE=uri:http://example.com/a.jpg",
        "PHOTO:file:///etc/passwd",
        "PHOTO:data:image/svg+xml;base64,PHN2Zy8+",
        "PHOTO;ENCODING=b:PHN2Zy8+",
        "PHOTO;ENCODING=b:A",
        "PHOTO;ENCODING=b:ÄÖ",
        coded(PNG + bytes(1024 * 1024), "PHOTO;ENCODING=b:"),
    ],
)
def test_other_pictures_are_left_out_and_reported(line: str) -> None:
    item = read_one(f"FN:Ana\n{line}")
    assert item.card == Card(name=Name(given="Ana"))
    assert item.picture is None
    assert item.lost == ("PHOTO",)


@pytest.mark.parametrize("lines", ["", "VERSION:3.0", "X-FOO:bar", "TEL:", "N:;;;;\nFN:", "CATEGORIES:myContacts"])
def test_a_card_that_says_nothing_is_refused(lines: str) -> None:
    assert refusals(read_all(f"BEGIN:VCARD\n{lines}\nEND:VCARD\n".encode())) == [("card 1, line 1", "EMPTY")]


def test_a_list_of_cards_is_refused() -> None:
    (item,) = read_all(b"BEGIN:VCARD\nFN:Team\nX-ADDRESSBOOKSERVER-KIND:group\nEND:VCARD\n")
    assert isinstance(item, Refused)
    assert item.code is RefusedCode.GROUP


def test_an_organization_card_names_a_company() -> None:
    assert read_one("KIND:org\nFN:Acme Ltd").card == Card(organizations=(Organization("Acme Ltd"),))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Zoë".encode(), "Zoë"),
        ("Zoë".encode("cp1252"), "Zoë"),
        ("Zo\u00eb \u20ac \u2019".encode("cp1252"), "Zoë € ’"),
        (b"Zo\xc3\xab and Zo\xeb", "Zoë and Zoë"),
    ],
)
def test_bytes_without_a_charset(raw: bytes, text: str) -> None:
    (card,) = read_cards(b"BEGIN:VCARD\nNOTE:" + raw + b"\nEND:VCARD\n")
    assert card.note == text


@pytest.mark.parametrize(
    ("charset", "text"),
    [("ISO-8859-5", "Юрий"), ("Shift_JIS", "ソ山田"), ("ISO-2022-JP", "山田"), ("GB2312", "张伟"), ("UTF-8", "Юрий")],
)
def test_a_named_charset(charset: str, text: str) -> None:
    head = f"BEGIN:VCARD\nFN;CHARSET={charset}:".encode()
    (card,) = read_cards(head + text.encode(charset) + b"\nEND:VCARD\n")
    assert card.name.given == text


@pytest.mark.parametrize("charset", ["zip", "base64", "utf-7", "idna", "unicode_escape", "x" * 500, "utf-8\\0"])
def test_a_charset_that_is_none_is_passed_over(charset: str) -> None:
    (card,) = read_cards(f"BEGIN:VCARD\nFN;CHARSET={charset};QUOTED-PRINTABLE:Zo=EB\nEND:VCARD\n".encode())
    assert card.name.given == "Zoë"


def test_a_letter_cut_by_a_fold_is_whole_again() -> None:
    (card,) = read_cards(b"BEGIN:VCARD\nFN:Zo\xc3\r\n \xab\nEND:VCARD\n")
    assert card.name.given == "Zoë"


def test_quoted_printable_keeps_blanks_after_a_soft_break() -> None:
    (card,) = read_cards(b"BEGIN:VCARD\nNOTE;ENCODING=QUOTED-PRINTABLE:a=\n b=0D=0Ac =  \n=E2=82=\n=AC\nEND:VCARD\n")
    assert card.note == "a b\nc €"


def test_a_card_of_zero_bytes_costs_itself() -> None:
    items = read_all(b"BEGIN:VCARD\nF\0N:A\0\nEND:VCARD\n" + EXAMPLE)
    assert refusals(items) == [("card 1, line 1", "BAD_ENCODING")]
    assert len(items) == 4


def test_a_picture_written_as_it_is_costs_its_lines() -> None:
    (item,) = read_all(b"BEGIN:VCARD\nFN:Ana\nPHOTO;ENCODING=BASE64:\x89PNG\r\n\0\n\r:\0IHDR\nTEL:1\nEND:VCARD\n")
    assert isinstance(item, ReadCard)
    assert item.card == Card(name=Name(given="Ana"), phones=(PhoneEntry("1"),))
    assert item.lost == ("unreadable line", "PHOTO")
