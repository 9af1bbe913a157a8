"""Practice people: invented, repeatable, and as untidy as a real address book."""

from __future__ import annotations

from random import Random

from ringdesk.sandbox.google.account import MY_CONTACTS, Account
from ringdesk.sandbox.google.book import Book, Profile
from ringdesk.sandbox.google.content import Content
from ringdesk.sandbox.google.derive import Region, derived
from ringdesk.sandbox.google.pictures import Picture
from ringdesk.sandbox.google.render import serialise
from ringdesk.sandbox.google.web import JsonObject
from ringdesk.sandbox.google.world import World


def _words(text: str, by: str | None = None) -> tuple[str, ...]:
    return tuple(text.split(by))


_GIVEN = _words(
    "Ada Alan Amara Anneke Aoife Arjun Astrid Bartosz Beatriz Björn Carmen Chidi Dagmar Daniel Elif Emeka Fatima "
    "Françoise Giulia Grace Hanna Haruki Ines Ivan Jasmin João Kasia Kwame Lars Leila Lukas Maeve Mateo Mei Milan "
    "Nadia Niamh Olga Omar Paolo Petra Priya Quentin Rosa Sanjay Siobhán Sofía Søren Tariq Thandi Uma Viktor Wanda "
    "Xiu Yara Yusuf Zoë Łukasz Élodie 健太 Дмитрий"
)
_FAMILY = _words(
    "Abebe Andersson Baker Banerjee Becker Bianchi Carter Chen Costa Dubois Eriksen Fernández Fischer García Haddad "
    "Horvat Ibrahim Jansen Johnson Kaplan Kim Kowalska Lindqvist Lopez Mbeki Meyer Murphy Nakamura Novák Nwosu "
    "O'Brien Okafor Papadopoulos Patel Petrov Quinn Rossi Santos Schmidt Silva Smith Sørensen Tanaka Taylor Ueda "
    "van-der-Berg Varga Weber Williams Yıldız Zhang Žižka 佐藤 Иванова"
)
_FIRMS = _words(
    "Bluebird Bakery,Harbour Logistics,Northwind Traders,Kestrel Roofing,Oak & Iron,Quayside Dental,Summit Cycles,"
    "Fernhill Nursery,Lumen Electric,Tidewater Legal,Copperfield Print,Greenlane Vets,Old Mill Joinery",
    ",",
)
_TITLES = _words("Owner,Buyer,Accounts,Site manager,Reception,Engineer,Partner,Sales", ",")
_TOWNS = _words("Leeds,York,Bristol,Cardiff,Glasgow,Norwich,Derry,Exeter", ",")
_TYPES = ("mobile", "work", "home", "main", "workMobile", "other")
_LABELS = ("Customers", "Suppliers", "Family and friends", "On call")
_NOTES = (
    "Prefers calls before ten.",
    "Met at the fair.\nSend the new price list.",
    "Pays by the month.",
    "Two dogs 🐕🐕",
)


def fill_account(account: Account, world: World, people: int) -> None:
    """So many contacts, four labels, and a few Other contacts and colleagues."""
    if not people:
        return
    rng = world.rng
    labels = [account.groups.add(name).id for name in _LABELS]
    for number in range(people):
        groups = [MY_CONTACTS, *(label for label in labels if rng.random() < 0.2)]
        picture = Picture(f"person{rng.getrandbits(64):x}") if rng.random() < 0.15 else None
        version = account.contacts.add(_person(rng, account.region, number), tuple(groups), picture)
        if number % 40 == 17:
            account.contacts.relink(version, _profile(rng, world, version.content))
    account.contacts.settle(everything=True)
    for version in account.contacts.versions():
        serialise(version)
    _fill(account.others, rng, account.region, min(20, people))
    if account.workspace:
        _fill(account.directory, rng, account.region, min(50, people))


def _fill(book: Book, rng: Random, region: Region, count: int) -> None:
    for number in range(count):
        content = _person(rng, region, number)
        book.add({field: content[field] for field in ("names", "emailAddresses") if field in content}, ())
    book.settle(everything=True)


def _person(rng: Random, region: Region, number: int) -> Content:
    given, family = rng.choice(_GIVEN), rng.choice(_FAMILY)
    address = f"{given}.{family}{number}@example.com".lower()
    draft: dict[str, list[JsonObject]] = {"names": [{"givenName": given, "familyName": family}]}
    count = rng.choice((0, 1, 1, 1, 2, 2, 3))
    draft["phoneNumbers"] = [{"value": _number(rng), "type": rng.choice(_TYPES)} for _ in range(count)]
    draft["emailAddresses"] = [{"value": address, "type": rng.choice(("home", "work", "other"))}]
    draft |= _extras(rng)
    if number % 29 == 11:
        del draft["names"]
        draft["organizations"] = [{"name": f"{rng.choice(_FIRMS)} {number}"}]
    return {field: tuple(derived(field, item, region) for item in items) for field, items in draft.items() if items}


def _extras(rng: Random) -> dict[str, list[JsonObject]]:
    extras: dict[str, list[JsonObject]] = {}
    if rng.random() < 0.5:
        extras["organizations"] = [{"name": rng.choice(_FIRMS), "title": rng.choice(_TITLES), "type": "work"}]
    if rng.random() < 0.3:
        street = f"{rng.randrange(1, 200)} {rng.choice(_FAMILY)} Road"
        extras["addresses"] = [{"streetAddress": street, "city": rng.choice(_TOWNS), "country": "GB", "type": "home"}]
    if rng.random() < 0.25:
        year = rng.choice((0, rng.randrange(1940, 2010)))
        date = {"month": rng.randrange(1, 13), "day": rng.randrange(1, 29)}
        extras["birthdays"] = [{"date": date | ({"year": year} if year else {})}]
    if rng.random() < 0.3:
        extras["biographies"] = [{"value": rng.choice(_NOTES), "contentType": "TEXT_PLAIN"}]
    if rng.random() < 0.1:
        extras["userDefined"] = [{"key": "Account no.", "value": str(rng.randrange(10_000, 99_999))}]
    return extras


def _number(rng: Random) -> str:
    digits = f"{rng.randrange(0, 1_000_000):06d}"
    return rng.choice(
        (
            f"+44 7700 9{digits[:2]} {digits[2:5]}",
            f"07700 9{digits[:2]}{digits[2:5]}",
            f"(0113) 496 0{digits[:3]}",
            f"+49 30 2318 5{digits[:3]}",
            f"0044 20 7946 0{digits[:3]}",
        )
    )


def _profile(rng: Random, world: World, content: Content) -> Profile:
    identity = str(world.number(66))
    linked: Content = {}
    if "names" in content:
        linked["names"] = content["names"]
    linked["emailAddresses"] = ({"value": f"{identity[-8:]}@gmail.example"},)
    del rng
    return Profile(identity, linked, Picture(f"profile{identity}"))
