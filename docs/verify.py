#!/usr/bin/env python3
"""Verifies a statement of annotation work with nothing but Python 3.8 or later.

    python3 verify.py statement.json statement.sig rows.jsonl public-key.pem [--previous old-statement.json] [--name 2026-11]

1. The signature is that of statement.json, by the key that it names, by Ed25519 (RFC 8032).
2. The numbers of statement.json agree with each other.
3. rows.jsonl are the rows that were signed, byte for byte, by their SHA-256; each is well formed, in ascending order of the
   ids; they add up to every sum of statement.json.
4. With --previous: it follows that statement. With --name: it is the statement of this name, and not an older one.

Ends with 0: verified; 1: not verified, with the reason; 2: not tried, as a file cannot be read.
"""
import argparse
import base64
import hashlib
import json
import re
import sys

LARGEST = 2**63 - 1  # of an id or a count in a row
COMPLETE = 5  # the type of the pool that finished tasks are in
SUMS = ["taskNum", "instanceNum", "attributeNum", "frameNum"]
DOCUMENT = ["format", "annotationRequestId", "campaignId", "countingRule", "name", "number", "previous", "asOf", "revision",
            "createdAt", "keyId", "rows", "total", "delivered", "operationItems", "groups"]
ROW = ["id", "status", "campaignId", "poolName", "poolType", "instanceInfo", "instanceNum", "attributeNum", "frameNum"]


class NotVerified(Exception):
    """Something is not as it was signed."""


class NotTried(Exception):
    """A file is missing, or is not what this program reads."""


def require(holds, reason):
    if not holds:
        raise NotVerified(reason)


# --- 1. Ed25519, as in RFC 8032, section 5.1. A point is (X, Y, Z, T) with x = X/Z, y = Y/Z, x*y = T/Z. ---

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(one, other):
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(number, point):
    product = (0, 1, 1, 0)
    while number:
        if number & 1:
            product = add(product, point)
        point, number = add(point, point), number >> 1
    return product


def decode(encoded):
    """The point of these 32 bytes, or None."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def encode(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(message, signature, public_key):
    key = decode(public_key)
    if key is None or len(signature) != 64:
        return False
    start, s = signature[:32], int.from_bytes(signature[32:], "little")
    if s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(start + public_key + message).digest(), "little") % ORDER
    negative = (P - key[0], key[1], key[2], P - key[3])
    return encode(add(multiply(s, BASE), multiply(h, negative))) == start


def public_keys(pem):
    """The keys of a PEM file, by their ids."""
    keys = {}
    for block in re.findall(rb"-----BEGIN PUBLIC KEY-----(.*?)-----END PUBLIC KEY-----", pem, re.DOTALL):
        try:
            der = base64.b64decode(b"".join(block.split()), validate=True)
        except ValueError:
            continue
        if len(der) == 44 and der.startswith(bytes.fromhex("302a300506032b6570032100")):
            keys[hashlib.sha256(der[12:]).hexdigest()[:16]] = der[12:]
    if not keys:
        raise NotTried("the file of the public key has no PUBLIC KEY block of Ed25519")
    return keys


# --- 2. The document. ---


def once(pairs):
    """An object of JSON whose members are there once each."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is there twice")
    return members


def no_constant(name):
    raise ValueError(name + " is not a number of JSON")


read_json = json.JSONDecoder(object_pairs_hook=once, parse_constant=no_constant).decode


def check_members(value, names, where):
    require(isinstance(value, dict) and list(value) == names, f"{where}: its members are not {', '.join(names)}")


def check_numbers(value, names, where):
    for name in names:
        require(type(value[name]) is int and value[name] >= 0, f"{where}: {name} is not a whole number")


def check_digest(digest, where):
    require(isinstance(digest, str) and re.fullmatch("[0-9a-f]{64}", digest), f"{where}: it is not a SHA-256")


def instant(text, where):
    time = isinstance(text, str) and re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z", text)
    require(time, f"{where}: it is not a time in UTC")
    return time[1], (time[2] or "").ljust(9, "0")


def check_document(document):
    check_members(document, DOCUMENT, "the document")
    require(document["format"] == "annotation-statistics/statement/1", "the document is of another format than 1")
    rows, number, previous = document["rows"], document["number"], document["previous"]
    check_members(rows, ["format", "sha256", "bytes", "tasks"], "rows")
    require(rows["format"] == "rows/1", "rows.format: it is not rows/1")
    check_digest(rows["sha256"], "rows.sha256")
    check_numbers(rows, ["bytes", "tasks"], "rows")
    check_numbers(document, ["number"], "the document")
    if previous is not None:
        check_members(previous, ["number", "sha256"], "previous")
        check_digest(previous["sha256"], "previous.sha256")
    require(number == (previous["number"] if previous else 0) + 1, "number: it is not the one after the previous statement")
    require(instant(document["asOf"], "asOf") <= instant(document["createdAt"], "createdAt"), "asOf: it is after createdAt")
    check_sums(document)
    require(rows["tasks"] == document["total"]["taskNum"], "rows.tasks: it is not total.taskNum")


def check_sums(document):
    groups, items = document["groups"], document["operationItems"]
    for group in groups:
        check_members(group, ["poolType", "status"] + SUMS, "groups")
        check_numbers(group, ["poolType"] + SUMS, "groups")
        require(type(group["status"]) is int and group["taskNum"] > 0, "groups: one has no status or no task")
    for item in items:
        check_members(item, ["key", "label", "kind", "count", "delivered", "taskNum"], "operationItems")
        check_numbers(item, ["count", "delivered", "taskNum"], "operationItems")
        require(item["delivered"] <= item["count"] and item["kind"] in (None, "slot", "input"),
                f"operationItems `{item['key']}`: more of it is delivered than there is, or its kind is not known")
    places = [(group["poolType"], group["status"]) for group in groups]
    require(places == sorted(set(places)), "groups: they are not in ascending order, or one is there twice")
    keys = [item["key"].encode() for item in items]
    require(keys == sorted(set(keys)), "operationItems: they are not in the order of their keys, or one is there twice")
    delivered = [group for group in groups if group["poolType"] == COMPLETE]
    for name, of, count in [("total", groups, "count"), ("delivered", delivered, "delivered")]:
        sums = document[name]
        check_members(sums, SUMS, name)
        for member in SUMS:
            require(sums[member] == sum(group[member] for group in of), f"{name}.{member}: its groups add up to another sum")
        annotated = sums["instanceNum"] + sums["attributeNum"]
        require(sum(item[count] for item in items) == annotated, f"{name}: its operation items add up to another sum")


def check_previous(document, previous_bytes):
    previous = read_json(previous_bytes.decode())
    named = document["previous"] or {}
    require(previous.get("annotationRequestId") == document["annotationRequestId"],
            "the previous statement is of another annotation request")
    require(previous.get("number") == named.get("number"),
            f"it is number {document['number']}, and the one given as the previous is number {previous.get('number')}")
    require(hashlib.sha256(previous_bytes).hexdigest() == named.get("sha256"),
            "the previous statement is not the one whose SHA-256 it has")


# --- 3. The rows. ---


def check_row(row, document, shapes, groups, items):
    """Adds a row to the sums, and returns its id. It runs once for each row, so no message is made before it is needed."""
    if tuple(row) not in shapes:
        raise NotVerified("its members are not those of a row, in their order")
    task, instances, attributes, frames = row["id"], row["instanceNum"], row["attributeNum"], row["frameNum"]
    for number in (task, row["status"], row["poolType"], instances, attributes, frames):
        if type(number) is not int:
            raise NotVerified(f"{number} is not a whole number")
    if not -LARGEST - 1 <= task <= LARGEST or min(instances, attributes, frames) < 0:
        raise NotVerified("a number is out of its range")
    for member in ("annotationRequestId", "campaignId"):
        if row[member] != document[member]:
            raise NotVerified(f"its {member} is not that of the document")
    if row.get("countingRule") != document["countingRule"]:
        raise NotVerified("its countingRule is not that of the document")
    group = groups.get((row["poolType"], row["status"]))
    if group is None:
        raise NotVerified(f"the document has no group of pool type {row['poolType']} and status {row['status']}")
    group[0] += 1
    group[1] += instances
    group[2] += attributes
    group[3] += frames
    is_complete, total = row["poolType"] == COMPLETE, 0
    for key, count in row["instanceInfo"].items():
        if type(count) is not int or not 0 <= count <= LARGEST:
            raise NotVerified(f"the count of `{key}` is not a count")
        if count:
            item = items.get(key)
            if item is None:
                raise NotVerified(f"the operation item `{key}` is not in the document")
            total += count
            item[0] += count
            item[2] += 1
            if is_complete:
                item[1] += count
    if total != instances + attributes:
        raise NotVerified("instanceInfo does not add up to instanceNum + attributeNum")
    return task


def check_rows(document, lines):
    start = ["annotationRequestId"] + (["countingRule"] if document["countingRule"] is not None else [])
    shapes = {tuple(start + more + ROW) for more in ([], ["itemKinds"], ["sourceName"], ["itemKinds", "sourceName"])}
    groups = {(group["poolType"], group["status"]): [0, 0, 0, 0] for group in document["groups"]}
    items = {item["key"]: [0, 0, 0] for item in document["operationItems"]}
    digest, size, number, last = hashlib.sha256(), 0, 0, -LARGEST - 2
    for number, line in enumerate(lines, 1):
        digest.update(line)
        size += len(line)
        try:
            require(line.endswith(b"\n"), "it has no line break at its end")
            task = check_row(read_json(line.decode()), document, shapes, groups, items)
            if task <= last:
                raise NotVerified(f"task {task} comes behind task {last}, but the ids ascend and none is there twice")
        except (NotVerified, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise NotVerified(f"rows, line {number}: {error}. These are not the rows that were signed") from None
        last = task
    for what, found, stated in [("number", number, document["rows"]["tasks"]), ("size", size, document["rows"]["bytes"]),
                                ("SHA-256", digest.hexdigest(), document["rows"]["sha256"])]:
        require(found == stated, f"rows: their {what} is {found}, in the document {stated}. They are not those that were signed")
    for group in document["groups"]:
        found = groups[group["poolType"], group["status"]]
        require(found == [group[name] for name in SUMS], f"rows: they add up to other sums than the group {group}")
    for item in document["operationItems"]:
        found = items[item["key"]]
        require(found == [item["count"], item["delivered"], item["taskNum"]], f"rows: they add up to other sums than {item}")


def verify(statement, signature, rows, pem, previous=None, name=None):
    """Verifies the bytes of the files; `rows` are lines. Returns the document."""
    keys = public_keys(pem)
    try:
        document = read_json(statement.decode())
        key_id = document["keyId"]
        require(key_id in keys, f"it is signed with the key {key_id}, and the public keys given are: {', '.join(keys)}")
        require(is_signed(statement, signature, keys[key_id]),
                "the signature is not that of this document: one of the two was changed, or they are of two statements")
        check_document(document)
        require(name in (None, document["name"]), f"it is the statement `{document['name']}`, and not `{name}`")
        if previous is not None:
            check_previous(document, previous)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise NotVerified(f"the document is not one of a statement: {error}") from None
    check_rows(document, rows)
    return document


def read(path):
    with open(path, "rb") as file:
        return file.read()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("statement", "signature", "rows", "public_key"):
        parser.add_argument(name)
    parser.add_argument("--previous", help="the document of the statement before")
    parser.add_argument("--name", help="the name that the statement is to have")
    given = parser.parse_args()
    try:
        previous = read(given.previous) if given.previous else None
        with open(given.rows, "rb") as rows:
            if rows.read(4) == bytes.fromhex("28b52ffd"):
                raise NotTried("the rows are compressed: `zstd -d rows.jsonl.zst` first")
            rows.seek(0)
            document = verify(read(given.statement), read(given.signature), rows, read(given.public_key), previous, given.name)
    except NotVerified as error:
        print(f"NOT VERIFIED: {error}", file=sys.stderr)
        return 1
    except (OSError, NotTried) as error:
        print(f"not tried: {error}", file=sys.stderr)
        return 2
    total, delivered = document["total"], document["delivered"]
    print(f"verified: statement {document['name']}, number {document['number']} of `{document['annotationRequestId']}`, "
          f"as of {document['asOf']}, signed with {document['keyId']}")
    for name, sums in [("total", total), ("delivered", delivered)]:
        print(f"{name}: " + ", ".join(f"{member} {sums[member]}" for member in SUMS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
