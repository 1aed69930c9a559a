"""Verifies the evidence pack that this file lies in: python3 verify.py [FOLDER or ZIP].

Says "whole", or what does not fit, and the seal, the hash of manifest.json: so24's audit trail has
it of when the pack was made. Needs nothing but Python 3.9 or later."""

# in English throughout: a program by itself
from __future__ import annotations

import ast
import hashlib
import json
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import IO, Any

GENESIS, ORE = "0" * 64, Decimal("0.01")
CHAIN = "order_id office_invoice_id payload_hash words hash_before after_anchor"
EVENT = f"transfer_id invoice_id sequence at actor state reason {CHAIN}"
ANCHOR = "at chains events digest hash_before"
HEAD = "day at anchor_hash audit_events audit_hash hash_before"
Record = dict[str, Any]
Documents = dict[int, Record]
Faults = Iterator[str]
Heads = dict[tuple[int, int], list[Any]]  # by anchor and document: sequence and hash


class Pack:
    def __init__(self, where: Path) -> None:
        self.zip = zipfile.ZipFile(where) if where.is_file() else None
        self.folder = where

    def names(self) -> set[str]:
        if self.zip:
            return set(self.zip.namelist())
        return {str(each.relative_to(self.folder)) for each in self.folder.rglob("*.*")}

    def open(self, name: str) -> IO[bytes]:
        return self.zip.open(name) if self.zip else (self.folder / name).open("rb")

    def hash(self, name: str) -> str:
        digest = hashlib.sha256()
        with self.open(name) as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
        return digest.hexdigest()

    def lines(self, name: str) -> Iterator[Record]:
        return map(json.loads, self.open(f"{name}.jsonl"))


def hash_json(record: Record, names: str) -> str:
    covered = [record[name] for name in names.split()]
    covered = covered[:-1] if covered[-1] is None else covered  # before there was any anchor
    return hashlib.sha256(json.dumps(covered, ensure_ascii=False).encode()).hexdigest()


def check_files(pack: Pack, manifest: Record) -> Faults:
    known, there = manifest["files"], pack.names() - {"manifest.json"}
    for name in sorted(there ^ set(known)):
        yield f"{name}: " + ("is missing" if name in known else "is not of the pack")
    for name in sorted(there & set(known)):
        if pack.hash(name) != known[name]:
            yield f"{name}: was changed"
        if name.startswith("originals/") and Path(name).stem != known[name]:
            yield f"{name}: is not the file that came in"


def check_documents(pack: Pack, manifest: Record, documents: Documents) -> Faults:
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    currencies: dict[int, str] = {}
    for each in pack.lines("documents"):
        name = f"{each['kind']} {each['series']}-{each['number']}"
        net, vat, total = (Decimal(each[field]) for field in ("net", "vat", "total"))
        if net + vat != total:
            yield f"{name}: net and VAT do not give the total"
        if sum((Decimal(line["net"]) for line in each["lines"]), Decimal(0)) != net:
            yield f"{name}: the lines do not give the net amount"
        documents[each["id"]] = {**each, "name": name, "net": net, "texts": {}, "last": None}
        sums[each["currency"], "documents"] += 1
        if each["booked"]:
            currencies[each["booked"]["order_id"]] = each["currency"]
            for field, amount in (("booked", 1), ("net", net), ("vat", vat), ("total", total)):
                sums[each["currency"], field] += amount
    for each in pack.lines("orders_shown"):
        sums[currencies.get(each["order_id"], ""), "shown"] += Decimal(each["total"] or 0)
    for currency, told in manifest["sums"].items():
        for field in ("documents", "booked", "net", "vat", "total", "shown"):
            if sums.pop((currency, field), Decimal(0)) != Decimal(told[field]):
                yield f"manifest.json: {field} of {currency} is not what the files give"
    yield from (f"manifest.json: has no sum of {currency}" for currency, _ in sums)


def check_sent(pack: Pack, documents: Documents) -> Faults:
    for each in pack.lines("orders_sent"):
        document = documents[each["document"]]
        if f"v2.{hashlib.sha256(each['told'].encode()).hexdigest()}"[:64] != each["payload_hash"]:
            yield f"{document['name']}: the order that was sent was changed"
        document["texts"][each["payload_hash"]] = each["told"]


def check_events(pack: Pack, documents: Documents, heads: Heads) -> Faults:
    before: dict[int, tuple[int, str]] = {}
    for each in pack.lines("events"):
        document, sequence = documents[each["invoice_id"]], each["sequence"]
        last, digest = before.get(each["invoice_id"], (0, GENESIS))
        if (sequence, each["hash_before"]) != (last + 1, digest):
            yield f"{document['name']}: an event is missing before number {sequence}"
        if hash_json(each, EVENT) != each["hash"]:
            yield f"{document['name']}: event {sequence} was changed"
        before[each["invoice_id"]] = (sequence, each["hash"])
        if each["anchor_id"] is not None:
            heads[each["anchor_id"], each["invoice_id"]] = [sequence, each["hash"]]
        if each["state"] == "transferred":
            document["last"] = each
    yield from (f"{documents[key]['name']}: has no events" for key in documents.keys() - before)


def check_anchors(pack: Pack, heads: Heads) -> Faults:
    before, hashes, unseen = GENESIS, {GENESIS}, set(heads)
    for each in pack.lines("anchors"):
        digest = hashlib.sha256()
        for document, *head in each["heads"] or ():
            digest.update("{}:{}:{};".format(document, *head).encode())
            if heads.get((each["id"], document), head) != head:
                yield f"anchor {each['id']}: covers another history of document {document}"
            unseen.discard((each["id"], document))
        fits = each["hash_before"] == before and hash_json(each, ANCHOR) == each["hash"]
        if not fits or (each["heads"] is not None and digest.hexdigest() != each["digest"]):
            yield f"anchor {each['id']}: was changed, or the one before it is missing"
        before = each["hash"]
        hashes.add(before)
    for anchor, document in sorted(unseen):
        yield f"anchor {anchor}: does not cover document {document}, whose event names it"
    before = GENESIS
    for each in pack.lines("day_heads"):
        fits = hash_json(each, HEAD) == each["hash"] and each["anchor_hash"] in hashes
        if not fits or each["hash_before"] != before:
            yield f"head of {each['day']}: was changed, or what it covers is missing"
        before = each["hash"]


def read_told(told: str) -> list[Record]:
    """The fields of an order, then of its rows; what is no text or number is left out."""

    def value(node: Any) -> Any:
        if not isinstance(node, ast.Call):
            return ast.literal_eval(node)
        told = ast.unparse(node)
        return Decimal(told[9:-2]) if told.startswith("Decimal(") else None

    body: Any = ast.parse(told, mode="eval").body
    return [{pair.elts[0].value: value(pair.elts[1]) for pair in part.elts} for part in body.elts]


def check_bookings(pack: Pack, manifest: Record, documents: Documents) -> Faults:
    shown = {each["order_id"]: each["total"] for each in pack.lines("orders_shown")}
    for each in (document for document in documents.values() if document["booked"]):
        booked, name, last = each["booked"], each["name"], each["last"] or {}
        theirs = [booked[field] for field in ("order_id", "invoice_number", "payload_hash")]
        if [
            last.get(field) for field in ("order_id", "office_invoice_id", "payload_hash")
        ] != theirs:
            yield f"{name}: its history does not say that it was booked so"
        if booked["payload_hash"] in each["texts"]:
            order, *rows = read_told(each["texts"][booked["payload_hash"]])
            nets = (row["quantity"] * row["price"] for row in rows if "price" in row)
            net = sum((amount.quantize(ORE, ROUND_HALF_UP) for amount in nets), Decimal(0))
            if (order["reference"], net) != (each["reference"], each["net"]):
                yield f"{name}: another order was sent than the document says"
        if booked["order_id"] not in shown and not manifest["orders_unread"]:
            yield f"{name}: 24SevenOffice did not show order {booked['order_id']}"
        there, then = shown.get(booked["order_id"], booked["total"]), booked["total"]
        if then is not None and Decimal(there) != Decimal(then):
            yield f"{name}: 24SevenOffice shows {there}, and showed {then} when it was booked"


def main() -> int:
    pack = Pack(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
    written = pack.open("manifest.json").read()
    manifest, documents, heads = json.loads(written), Documents(), Heads()
    faults = list(check_files(pack, manifest))
    try:
        faults += check_documents(pack, manifest, documents)
        faults += check_sent(pack, documents)
        faults += check_events(pack, documents, heads)
        faults += check_anchors(pack, heads)
        faults += check_bookings(pack, manifest, documents)
    except (OSError, LookupError, TypeError, ValueError, ArithmeticError, SyntaxError) as error:
        faults.append(f"something cannot be read: {type(error).__name__}: {error}")
    print(f"{manifest['company']}, {manifest['month']}: {len(documents)} documents")
    print(f"seal {hashlib.sha256(written).hexdigest()}", *(faults or ["whole"]), sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
