"""Verifies an evidence pack: python3 verify.py [FOLDER] [--seal SEAL].

Says "whole", or what does not fit. The seal is the hash of manifest.json: so24 told it. Take this
file from a place that you trust: who alters a pack may alter it too. For Python 3.10 or later."""

# in English throughout: a program by itself
import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

FORM, GENESIS, ORE = 2, "0" * 64, Decimal("0.01")
BOOKED = "order_id office_invoice_id payload_hash"
EVENT = f"transfer_id invoice_id sequence at actor state reason {BOOKED} words hash_before"
ANCHOR = "at chains events digest hash_before"
HEAD = "day at anchor_hash audit_events audit_hash hash_before"
SUMS = ("documents", "booked", "net", "vat", "total", "orders_shown", "shown")
ROW = re.compile(r"\('quantity', Decimal\('([^']+)'\)\), \('price', Decimal\('([^']+)'\)\)")
AMOUNT = re.compile("<td>([^<]*,[0-9]{2}\u00a0[A-Z]{3})")
SIGNS = str.maketrans({",": "\u00a0", ".": ",", "-": "\u2212"})
Record = dict[str, Any]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def hash_json(record: Record, names: str) -> str:
    covered = [record[name] for name in names.split()]
    covered = covered[:-1] if covered[-1] is None else covered  # before there was any anchor
    return sha256(json.dumps(covered, ensure_ascii=False).encode())


def tell(value: Any) -> str:
    known = value if isinstance(value, int) else Decimal(value).quantize(ORE, ROUND_HALF_UP)
    return f"{known:,}".translate(SIGNS)


class Pack:
    def __init__(self, folder: Path) -> None:
        self.folder, self.at, self.faults = folder, "", list[str]()
        self.documents, self.shown = dict[int, Record](), dict[int, Record]()
        written = (folder / "manifest.json").read_bytes()
        self.seal, self.manifest = sha256(written), json.loads(written)
        if self.manifest["form"] != FORM:
            raise ValueError(f"it is of form {self.manifest['form']}, this program reads {FORM}")

    def lines(self, name: str) -> Iterator[Record]:
        self.at = f"{name}.jsonl"
        lines = (self.folder / self.at).read_bytes().splitlines()
        for number, line in enumerate(lines, 1):
            self.at = f"{name}.jsonl, line {number}"
            yield json.loads(line)
        if len(lines) != (told := self.manifest[name]):
            self.faults.append(f"manifest.json: {name} are {told}, {name}.jsonl has {len(lines)}")

    def check_files(self) -> Iterator[str]:
        there = (each for each in self.folder.rglob("*") if each.is_file())
        files = {each.relative_to(self.folder).as_posix(): each for each in there}
        known = self.manifest["files"]
        for name in sorted({*files, *known} - {"manifest.json"}):
            stem = Path(name).stem if name.startswith("originals/") else known.get(name)
            if (name in files) != (name in known):
                yield f"{name}: is {'missing' if name in known else 'not of the pack'}"
            elif not stem == known[name] == sha256(files[name].read_bytes()):
                yield f"{name}: was changed"
        if known["verify.py"] != sha256(Path(__file__).read_bytes()):
            yield "verify.py: is not the program that runs now (or that is of another so24)"

    def check_documents(self) -> Iterator[str]:
        sums, told = dict[str, list[Decimal]](), self.manifest["sums"]
        self.shown.update((each["order_id"], each) for each in self.lines("orders_shown"))
        for each in self.lines("documents"):
            name = f"{each['kind']} {each['series']}-{each['number']}"
            net, vat, total = (Decimal(each[field]) for field in ("net", "vat", "total"))
            if net + vat != total:
                yield f"{name}: net and VAT do not give the total"
            if sum(Decimal(line["net"]) for line in each["lines"]) != net:
                yield f"{name}: the lines do not give the net amount"
            there = self.shown.get((each["booked"] or {"order_id": 0})["order_id"], {})
            kept = {"net": net, "name": name, "there": there, "texts": {}, "events": []}
            self.documents[each["id"]] = {**each, **kept}
            adds: list[Any] = [1, 1, net, vat, total] if each["booked"] else [1, 0, 0, 0, 0]
            adds += [1, Decimal(there["total"])] if there.get("total") else [0, 0]
            of = sums.get(each["currency"], [Decimal(0)] * len(SUMS))
            sums[each["currency"]] = [one + more for one, more in zip(of, adds, strict=True)]
        for key in sorted({*sums, *told}):
            for field, value in zip(SUMS, sums.get(key, [Decimal(0)] * len(SUMS)), strict=True):
                if key not in told or Decimal(told[key][field]) != value:
                    yield f"manifest.json: {field} of {key} is not what the files give, {value}"

    def check_history(self) -> Iterator[str]:
        heads = dict[tuple[int, int], list[Any]]()
        for each in self.lines("orders_sent"):
            document, digest = self.documents[each["document"]], each["payload_hash"]
            twice = document["texts"].setdefault(digest, each["told"]) is not each["told"]
            if twice or f"v2.{sha256(each['told'].encode())}"[:64] != digest:
                yield f"{document['name']}: the order that was sent was changed, or is there twice"
        for each in self.lines("events"):
            document, sequence = self.documents[each["invoice_id"]], each["sequence"]
            before = [*document["events"][-1:], {"sequence": 0, "hash": GENESIS}][0]
            if (sequence, each["hash_before"]) != (before["sequence"] + 1, before["hash"]):
                yield f"{document['name']}: an event is missing before number {sequence}"
            if hash_json(each, f"{EVENT} after_anchor") != each["hash"]:
                yield f"{document['name']}: event {sequence} was changed"
            document["events"].append(each)
            if each["anchor_id"] is not None:
                heads[each["anchor_id"], each["invoice_id"]] = [sequence, each["hash"]]
        for each in self.documents.values():
            went = {event["payload_hash"] for event in each["events"]} - {""}
            if went != {*each["texts"], *each["known_by_hash"]}:
                yield f"{each['name']}: its events tell of other orders than orders_sent.jsonl"
        hashes, unseen = {GENESIS}, set(heads)
        for kind, covers in (("anchors", ANCHOR), ("day_heads", HEAD)):
            before = GENESIS
            for each in self.lines(kind):
                told, name = "", f"{kind[:-1]} {each.get('id', each.get('day'))}"
                for document, *head in each.get("heads") or ():
                    told += "{}:{}:{};".format(document, *head)
                    if heads.get((each["id"], document), head) != head:
                        yield f"{name}: covers another history of document {document}"
                    unseen.discard((each["id"], document))
                fits = each["hash_before"] == before and hash_json(each, covers) == each["hash"]
                fits = fits and each.get("anchor_hash", GENESIS) in hashes
                if not fits or (each.get("heads") and sha256(told.encode()) != each["digest"]):
                    yield f"{name}: was changed, or the one before it or covered by it is missing"
                before = each["hash"]
                hashes.add(before)
        for anchor, key in sorted(unseen):
            yield f"anchor {anchor}: does not cover document {key}, whose event names it"

    def check_bookings(self) -> Iterator[str]:
        for each in (document for document in self.documents.values() if document["booked"]):
            name, booked, there = each["name"], each["booked"], each["there"]
            self.at, shown, then = f"documents.jsonl, {name}", there.get("total"), booked["total"]
            last = [event for event in each["events"] if event["state"] == "transferred"][-1:]
            if [hash_json(of, BOOKED) for of in last] != [hash_json(booked, BOOKED)]:
                yield f"{name}: its history does not say that it was booked so"
            if not there and not self.manifest["orders_unread"]:
                yield f"{name}: 24SevenOffice did not show order {booked['order_id']}"
            if None not in (shown, then) and Decimal(shown) != Decimal(then):
                yield f"{name}: 24SevenOffice shows {shown}, and showed {then} when it was booked"
            told = each["texts"].get(booked["payload_hash"], "")
            nets = (Decimal(number) * Decimal(price) for number, price in ROW.findall(told))
            net = sum(amount.quantize(ORE, ROUND_HALF_UP) for amount in nets)
            if told and (f"('reference', {each['reference']!r})" not in told or net != each["net"]):
                yield f"{name}: another order was sent than the document says"
            for credited in map(int, re.findall(r"'credited_invoice_id', (\d+)\)", told)):
                theirs = [there.get("credited_invoice_id", credited), each["credits"] or credited]
                if theirs != [credited, credited]:
                    yield f"{name}: credits {credited}; as shown and documents.jsonl {theirs}"

    def check_pages(self) -> Iterator[str]:
        rows, sums = [*self.documents.values(), *self.lines("unsent")], self.manifest["sums"]
        for language, page in self.manifest["pages"].items():
            told = [[key, *(tell(of[each]) for each in SUMS)] for key, of in sums.items()]
            due = [*page["start"], *(f"<tr><td>{'<td>'.join(each)}" for each in told)]
            due += [*page["middle"], *(each["rows"][language] for each in rows), *page["end"]]
            self.at = f"summary.{language}.html"
            lines = (self.folder / self.at).read_text("utf-8").split("\n")
            for place, (found, line) in enumerate(zip_longest(lines, due), 1):
                if found != line:
                    yield f"{self.at}, line {place}: is not what the other files give: {found}"
        for each in rows:
            amounts = filter(None, (each["total"], each.get("there", {}).get("total")))
            due = [f"{tell(amount)}\u00a0{each['currency']}" for amount in amounts]
            if any(AMOUNT.findall(row) != due for row in each["rows"].values()):
                yield f"{each['kind']} {each['number']}: its rows of the pages have other amounts"


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("pack", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--seal", default="", help="the seal that so24 told of this pack")
    given = parser.parse_args()
    try:
        pack = Pack(given.pack)
        print("{company}, {month}: {documents} documents".format(**pack.manifest))
    except Exception as error:
        sys.exit(f"manifest.json of {given.pack} cannot be read: {error}")
    for name in ("files", "documents", "history", "bookings", "pages"):
        try:
            pack.faults.extend(getattr(pack, f"check_{name}")())
        except Exception as error:
            why = "needs what is missing" if isinstance(error, LookupError) else "cannot be read"
            pack.faults.append(f"{pack.at}: {why}: {error}")
    if given.seal.lower() not in ("", pack.seal):
        pack.faults.append(
            "seal: is another than the one given: this is not the pack that so24 made"
        )
    asked = "" if given.seal else " in itself; now compare this seal with the one that so24 told"
    print(f"seal {pack.seal}", *(pack.faults or [f"whole{asked}"]), sep="\n")
    sys.exit(1 if pack.faults else 0)
