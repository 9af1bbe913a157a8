"""Files of other programs. The folder is named by RINGDESK_SAMPLES; where it is not, self-made files stand in."""

from __future__ import annotations

import io
import json
import os
from collections import Counter
from pathlib import Path

import pytest

from ringdesk.domain.card import Card, Name
from ringdesk.files.reading import ReadCard, read_contacts
from ringdesk.files.report import Refused, RefusedCode
from ringdesk.files.writing import write_csv, write_vcards
from tests.files.strategies import read_cards

OWN = {
    "vcards/own.vcf": b"BEGIN:VCARD\r\nVERSION:2.1\r\nN:Gil;Ana\r\nTEL;CELL:+34 600 000 001\r\nEND:VCARDBEGIN:VCARD\r\n"
    b"VERSION:3.0\r\nFN:Bea\r\nitem1.TEL:1\r\nitem1.X-ABLabel:Boat\r\nEND:VCARD\r\n",
    "csv/own.csv": "First Name,Mobile Phone\r\nZoë,+44 7700 900123\r\n".encode("cp1252"),
}
BROKEN = {RefusedCode.TRUNCATED, RefusedCode.EMPTY, RefusedCode.GROUP, RefusedCode.STRAY}


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    named = os.environ.get("RINGDESK_SAMPLES")
    if named:
        return Path(named)
    print("RINGDESK_SAMPLES is not set: self-made files are read instead of those of other programs")
    for name, data in OWN.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    return tmp_path


def files(samples: Path) -> list[Path]:
    found = [path for path in sorted(samples.glob("*/*")) if ".vcf" in path.name or path.suffix == ".csv"]
    assert found
    return found


def items_of(path: Path) -> list[ReadCard | Refused]:
    with path.open("rb") as file:
        return list(read_contacts(file, name=path.name))


def test_every_file_is_read_and_little_is_refused(samples: Path) -> None:
    read, refused = 0, Counter[RefusedCode]()
    for path in files(samples):
        for item in items_of(path):
            if isinstance(item, Refused):
                refused[item.code] += 1
            else:
                read += 1
    print(f"{read} contacts read, refused: {dict(refused)}")
    assert set(refused) <= BROKEN
    assert refused.total() <= max(1, read // 100)


def test_every_card_of_the_manifest_is_accounted_for(samples: Path) -> None:
    manifest = samples / "vcards" / "MANIFEST.json"
    if not manifest.exists():
        print("no manifest beside the samples: the self-made file holds two cards")
    known = json.loads(manifest.read_text()) if manifest.exists() else []
    counts: dict[str, int] = {entry["file"]: entry["cards"] for entry in known} or {"own.vcf": 2}
    for name, count in counts.items():
        path = samples / "vcards" / name
        if path.exists() and b"AGENT:" not in path.read_bytes():  # a card within a card is no contact
            numbered = [item for item in items_of(path) if item.where.startswith("card ")]
            assert len(numbered) == count, name


def test_what_was_read_is_written_and_read_alike(samples: Path) -> None:
    for path in files(samples):
        entries = [item for item in items_of(path) if isinstance(item, ReadCard)]
        vcards, table = io.BytesIO(), io.BytesIO()
        write_vcards(((e.card, e.uid, e.picture.data if e.picture else None) for e in entries), vcards)
        write_csv((e.card for e in entries), table)
        if entries:
            assert read_cards(vcards.getvalue()) == [e.card for e in entries], path.name
            assert len(read_cards(table.getvalue(), "a.csv")) == len(entries), path.name


def test_every_file_cut_anywhere_is_survived(samples: Path) -> None:
    for path in files(samples):
        data = path.read_bytes()
        for length in range(1, min(len(data), 3000), 7):
            if ".vcf" in path.name:
                list(read_contacts(data[:length], name="a.vcf"))


def test_the_own_files_say_what_they_should(tmp_path: Path) -> None:
    ana, bea = read_cards(OWN["vcards/own.vcf"])
    assert ana.name == Name(given="Ana", family="Gil")
    assert bea.phones[0].label == "Boat"
    assert isinstance(ana, Card)
