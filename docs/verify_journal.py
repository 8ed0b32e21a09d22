#!/usr/bin/env python3
"""Verify an exported Jiekun journal without Jiekun: Python 3.9 or later, nothing else.

    python3 verify_journal.py journal.jsonl [last digest you noted down]

Exit code 0: every line is as it was sealed. 1: something was changed; what, is printed.
How lines and seals are hashed is written in journal.md, beside this file.
"""

import hashlib
import json
import sys
from pathlib import Path

MASK = 0xFFFFFFFF
START = (
    0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600,
    0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E,
)  # fmt: skip


def turn(word, by):
    by %= 32
    return (word << by | word >> (32 - by)) & MASK


def fold(state, block):
    """One 64-byte block into the state (GB/T 32905-2016, 5.3)."""
    words = [int.from_bytes(block[i : i + 4], "big") for i in range(0, 64, 4)]
    for j in range(16, 68):
        mixed = words[j - 16] ^ words[j - 9] ^ turn(words[j - 3], 15)
        mixed ^= turn(mixed, 15) ^ turn(mixed, 23)
        words.append(mixed ^ turn(words[j - 13], 7) ^ words[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        key = turn(0x79CC4519 if j < 16 else 0x7A879D8A, j)
        one = turn((turn(a, 12) + e + key) & MASK, 7)
        two = one ^ turn(a, 12)
        if j < 16:
            left, right = a ^ b ^ c, e ^ f ^ g
        else:
            left, right = a & b | a & c | b & c, e & f | ~e & MASK & g
        left = (left + d + two + (words[j] ^ words[j + 4])) & MASK
        right = (right + h + one + words[j]) & MASK
        d, c, b, a = c, turn(b, 9), a, left
        h, g, f, e = g, turn(f, 19), e, right ^ turn(right, 9) ^ turn(right, 17)
    return tuple(x ^ y for x, y in zip(state, (a, b, c, d, e, f, g, h)))  # noqa: B905 - Python 3.9


def plain_sm3(content):
    """SM3 in Python alone: slow, but it needs nobody's word for it."""
    length = len(content)
    content += b"\x80" + bytes((55 - length) % 64) + (8 * length).to_bytes(8, "big")
    state = START
    for at in range(0, len(content), 64):
        state = fold(state, content[at : at + 64])
    return b"".join(word.to_bytes(4, "big") for word in state)


def sm3(content):
    """With the help of OpenSSL where Python was built with it."""
    if "sm3" in hashlib.algorithms_available:
        return hashlib.new("sm3", content).digest()
    return plain_sm3(content)


def canonical(fields):
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def seal_digest(head, members):
    names = ("number", "at", "era", "since", "until", "rows", "previous")
    fields = ["jiekun-seal-1", *(head[name] for name in names), sm3(members).hex()]
    return sm3(canonical(fields)).hex()


def seals(lines):
    """Each seal of the file with the lines that follow it."""
    head, members, count = None, bytearray(), 0
    for text in lines:
        row = json.loads(text)
        if "seal" in row:
            if head is not None:
                yield head, bytes(members), count
            head, members, count = row["seal"], bytearray(), 0
        else:
            number, *told = row["line"]
            members += number.to_bytes(8, "big") + sm3(canonical(["jiekun-line-1", *told]))
            count += 1
    if head is not None:
        yield head, bytes(members), count


def verify(lines, noted=""):
    """What is wrong, in sentences; and the digest of the last seal."""
    wrong, before, total = [], None, 0
    for head, members, count in seals(lines):
        number, total = head["number"], total + count
        if head["form"] != ["jiekun-seal-1", "jiekun-line-1"]:
            wrong.append(f"seal {number}: a form this script does not know: {head['form']}")
        if before and (before["number"] + 1, before["digest"]) != (number, head["previous"]):
            wrong.append(f"seal {number}: does not follow seal {before['number']}")
        if count != head["rows"]:
            wrong.append(f"seal {number}: {head['rows']} lines were sealed, {count} are here")
        if seal_digest(head, members) != head["digest"]:
            wrong.append(f"seal {number}: a line or the seal itself was changed")
        before = head
    last = before["digest"] if before else ""
    if before is None:
        wrong.append("there is no seal in this file")
    if noted and noted != last:
        wrong.append(f"the last seal is {last}, not the one noted down")
    return wrong, last, total


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    with Path(sys.argv[1]).open(encoding="utf-8") as lines:
        wrong, last, total = verify(lines, *sys.argv[2:])
    for sentence in wrong:
        print(sentence)
    if wrong:
        sys.exit(1)
    print(f"{total} lines, all as they were sealed; the last seal is {last}")


if __name__ == "__main__":
    main()
