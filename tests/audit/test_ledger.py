"""The contact ledger through whole commands. Each table lists contacts, and in its last column what must be found of
them: a verdict, or for rules that count a name for those counted together. What is left empty must not be found.
"""

import csv
import json
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from audit.calls.models import Call
from audit.contacts.models import StopRequest
from audit.imports.mapping import load_mapping
from audit.imports.registers import RegisterName
from audit.imports.service import import_file
from audit.ledger import limits, listing, service
from audit.ledger.due import mark_due
from audit.store import database

MAPPING = load_mapping()
_SHORT = re.compile(r"^(?=\d\d-\d\d \d\d:\d\d)")

Rows = list[dict[str, str]]
Result = dict[str, Any]
Keep = Callable[..., list[Result]]

REFUSAL = "contact-after-refusal"
USUAL: dict[str, dict[str, str]] = {
    "calls": {
        "collector_no": "A1",
        "account_no": "K1",
        "callee_relation": "self",
        "direction": "outbound",
        "started_at": "2026-10-19T10:00:00+08:00",
        "duration_s": "30",
    },
    "messages": {
        "collector_no": "A1",
        "account_no": "K1",
        "to_phone": "",
        "to_relation": "self",
        "channel": "sms",
        "sent_at": "2026-10-19T10:00:00+08:00",
        "text": "您好，请与我们联系。",
    },
    "visits": {
        "collector_nos": "A1;A2",
        "account_no": "K1",
        "at": "2026-10-19T14:00:00+08:00",
        "consent": "yes",
        "recorded": "yes",
    },
    "accounts": {"debtor_no": "D0", "lender": "甲银行"},
    "debtors": {"name": "某人", "phone": ""},
    "collectors": {"name": "某人", "team": "一组"},
    "contacts": {"name": "某人", "relation": "sibling"},
}


def rows(register: str, table: str) -> Rows:
    """The rows of a table with bars, with what is usual for the columns left out. A time without a year is one of 2026;
    `times` repeats a row by minutes.
    """
    heads, *lines = ([cell.strip() for cell in line.split("|")] for line in table.strip().splitlines())
    read = [{**USUAL.get(register, {}), **dict(zip(heads, line, strict=True))} for line in lines]
    dated = [{name: _SHORT.sub("2026-", cell) for name, cell in row.items()} for row in read]
    return [again for row in dated for again in repeated(row)]


def repeated(row: dict[str, str]) -> Iterator[dict[str, str]]:
    times = int(row.pop("times", "") or 1)
    first = datetime.fromisoformat(row["started_at"]) if times > 1 else None
    for n in range(times):
        later = {"started_at": (first + timedelta(minutes=n)).isoformat()} if first else {}
        yield {**row, **later, **({"call_id": f"{row['call_id']} {n + 1}"} if first else {})}


def write_csv(path: Path, found: Rows) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, found[0])
        writer.writeheader()
        writer.writerows(found)
    return path


@pytest.fixture
def keep(shengjian, tmp_path: Path) -> Keep:
    """Imports tables (a register may have several: `calls_1`) and gives what the ledger then says."""

    def put(register: str, found: Rows) -> None:
        ran = shengjian("import", register, write_csv(tmp_path / f"{register}.csv", found))
        assert (ran.code, ran.err) == (0, "")

    def kept(*options: str, **tables: str) -> list[Result]:
        for name, table in tables.items():
            register = name.split("_")[0]
            put(register, rows(register, table))
        ran = shengjian("ledger", "--format", "json", *options)
        assert (ran.code, ran.err) == (0, "")
        return ran.json

    return kept


def ids(result: Result) -> list[str]:
    return [*result["calls"], *result["messages"], *result["visits"]]


def verdicts(ledger: list[Result], rule: str) -> dict[str, str]:
    """What a rule says of single contacts."""
    return {name: result["verdict"] for result in ledger if result["rule"] == rule for name in ids(result)}


def groups(ledger: list[Result], rule: str) -> set[frozenset[str]]:
    """The contacts that a rule counted together and found too many."""
    found = [result for result in ledger if result["rule"] == rule and result["verdict"] == "finding"]
    assert all(result["counted"] == len(ids(result)) > result["limit"] for result in found)
    return {frozenset(ids(result)) for result in found}


def no_data(ledger: list[Result], rule: str) -> int:
    """Of how many contacts a rule says that data is missing."""
    return sum(result["counted"] for result in ledger if result["rule"] == rule and result["verdict"] == "no_data")


def wanted(**tables: str) -> dict[str, str]:
    """The verdicts that the tables name."""
    read = [row for name, table in tables.items() for row in rows(name, table)]
    return {
        next(iter(number for key, number in row.items() if key.endswith("_id"))): row["found"]
        for row in read
        if row["found"]
    }


def wanted_groups(table: str) -> set[frozenset[str]]:
    """The contacts that bear the same name in the last column."""
    named: dict[str, set[str]] = defaultdict(set)
    for row in rows("calls", table):
        named[row["found"]].add(row["call_id"])
    return {frozenset(group) for name, group in named.items() if name}


# When

QUIET_CALLS = """
call_id               | account_no | callee_relation | direction | started_at                    | duration_s | found
the evening's last    | K1         | self            | outbound  | 10-19 21:59:59                | 0          |
a fraction before ten | K1         | self            | outbound  | 2026-10-19T21:59:59.999+08:00 | 0          |
first quiet second    | K1         | self            | outbound  | 10-19 22:00                   | 0          | finding
answered              | K1         | self            | outbound  | 10-19 22:05                   | 30         | finding
midnight              | K1         | self            | outbound  | 10-20 00:00                   | 0          | finding
last quiet second     | K1         | self            | outbound  | 10-20 07:59:59                | 0          | finding
the morning's first   | K1         | self            | outbound  | 10-20 08:00                   | 0          |
half past ten, UTC    | K1         | self            | outbound  | 2026-10-19T14:30:00Z          | 0          | finding
before ten, UTC       | K1         | self            | outbound  | 2026-10-19T13:59:59Z          | 0          |
half past nine, Tokyo | K1         | self            | outbound  | 2026-10-19T22:30:00+09:00     | 0          |
ten, New York         | K1         | self            | outbound  | 2026-10-19T10:00:00-04:00     | 0          | finding
no zone               | K1         | self            | outbound  | 2026-10-19 22:30:00           | 0          | finding
they rang             | K1         | self            | inbound   | 10-19 23:00                   | 60         |
before the limit      | K1         | self            | outbound  | 2024-05-14T23:00:00+08:00     | 0          |
the limit's first day | K1         | self            | outbound  | 2024-05-15T23:00:00+08:00     | 0          | finding
not listed            | K9         | self            | outbound  | 10-19 22:30                   | 0          | finding
no account            |            | self            | outbound  | 10-19 22:30                   | 0          | finding
agreed, first second  | K2         | self            | outbound  | 10-21 22:00                   | 30         |
agreed to the last    | K2         | self            | outbound  | 10-21 22:59:59                | 30         |
after the agreed hour | K2         | self            | outbound  | 10-21 23:00                   | 30         | finding
before the agreed day | K2         | self            | outbound  | 10-20 22:30                   | 30         | finding
by another account    | K3         | self            | outbound  | 10-22 22:30                   | 30         |
not the sibling's     | K2         | sibling         | outbound  | 10-21 22:30                   | 30         | finding
somebody else's       | K1         | self            | outbound  | 10-21 22:30                   | 30         | finding
midnight, before      | K4         | self            | outbound  | 10-19 22:59:59                | 30         | finding
midnight, late        | K4         | self            | outbound  | 10-19 23:00                   | 30         |
midnight, early       | K4         | self            | outbound  | 10-20 00:59:59                | 30         |
midnight, after       | K4         | self            | outbound  | 10-20 01:00                   | 30         | finding
"""
QUIET_MESSAGES = """
message_id            | account_no | channel | sent_at        | found
sms in time           | K1         | sms     | 10-19 21:59:59 |
sms too late          | K1         | sms     | 10-19 22:00    | finding
wechat too early      | K1         | wechat  | 10-20 07:59:59 | finding
e-mail by night       | K1         | email   | 10-20 03:00    | finding
letters arrive by day | K1         | letter  | 10-20 03:00    |
agreed                | K2         | sms     | 10-21 22:30    |
"""


def test_quiet_hours(keep: Keep) -> None:
    ledger = keep(
        accounts="""
account_no | debtor_no
K1         | D1
K2         | D2
K3         | D2
K4         | D4
""",
        agreements="""
debtor_no | from_time | to_time | agreed_on
D2        | 22:00     | 23:00   | 2026-10-21
D4        | 23:00     | 01:00   | 2026-10-19
""",
        calls=QUIET_CALLS,
        messages=QUIET_MESSAGES,
    )
    assert verdicts(ledger, "quiet-hours") == wanted(calls=QUIET_CALLS, messages=QUIET_MESSAGES)
    days = {name: result["date"] for result in ledger if result["rule"] == "quiet-hours" for name in ids(result)}
    assert (days["half past ten, UTC"], days["midnight"]) == ("2026-10-19", "2026-10-20")


# How often

CONNECTED = """
call_id       | times | account_no | agency | callee_relation | direction | started_at           | duration_s | found
three         | 3     | K1         | 甲公司 | self            | outbound  | 10-19 09:00          | 30         |
unanswered    | 5     | K1         | 甲公司 | self            | outbound  | 10-19 11:00          | 0          |
they rang     | 4     | K1         | 甲公司 | self            | inbound   | 10-19 12:00          | 30         |
one agency    | 2     | K1         | 甲公司 | self            | outbound  | 10-20 09:00          | 30         | agencies
the other     | 2     | K1         | 乙公司 | self            | outbound  | 10-20 10:00          | 1          | agencies
one account   | 2     | K1         | 甲公司 | self            | outbound  | 10-21 09:00          | 30         | accounts
its sister    | 2     | K2         | 甲公司 | sibling         | outbound  | 10-21 10:00          | 30         | accounts
one lender    | 2     | K1         | 甲公司 | self            | outbound  | 10-22 09:00          | 30         |
other lender  | 2     | K3         | 甲公司 | self            | outbound  | 10-22 10:00          | 30         |
till midnight | 3     | K1         | 甲公司 | self            | outbound  | 10-23 23:57          | 30         |
from midnight | 1     | K1         | 甲公司 | self            | outbound  | 2026-10-23T16:00:00Z | 30         |
one debtor    | 2     | K1         | 甲公司 | self            | outbound  | 10-25 09:00          | 30         |
other debtor  | 2     | K4         | 甲公司 | self            | outbound  | 10-25 10:00          | 30         |
on no list    | 4     | K8         | 甲公司 | self            | outbound  | 10-19 09:00          | 30         | listed
nor is this   | 3     | K9         | 甲公司 | self            | outbound  | 10-19 09:00          | 30         |
no account    | 4     |            | 甲公司 | self            | outbound  | 10-19 09:00          | 30         |
"""


def test_connected_calls_a_day_over_all_accounts_and_agencies_of_a_lender(keep: Keep) -> None:
    ledger = keep(
        accounts="""
account_no | debtor_no | lender
K1         | D1        | 甲银行
K2         | D1        | 甲银行
K3         | D1        | 乙银行
K4         | D4        | 甲银行
""",
        calls=CONNECTED,
    )
    assert groups(ledger, "connected-per-day") == wanted_groups(CONNECTED)
    assert no_data(ledger, "connected-per-day") == 4
    first = next(
        result for result in ledger if result["date"] == "2026-10-20" and result["rule"] == "connected-per-day"
    )
    assert (first["limit"], first["counted"], first["kind"], first["account_no"]) == (3, 4, "harassment", "K1")
    assert "甲银行" in first["why"]
    assert first["laws"]


ATTEMPTS = """
call_id            | times | account_no | callee_phone           | direction | started_at  | duration_s | found
six are enough     | 6     | K1         | 13800000001            | outbound  | 10-19 09:00 | 0          |
they rang          | 9     | K1         | 13800000001            | inbound   | 10-19 10:00 | 0          |
answered or not    | 3     | K1         | 13800000001            | outbound  | 10-20 09:00 | 30         | seven
it counts          | 4     | K1         | 13800000001            | outbound  | 10-20 10:00 | 0          | seven
whole              | 2     | K1         | 13800000001            | outbound  | 10-21 09:00 | 0          | writings
masked             | 2     | K1         | 138****0001            | outbound  | 10-21 10:00 | 0          | writings
grouped            | 1     | K1         | 138-0000-0001          | outbound  | 10-21 11:00 | 0          | writings
with the country   | 1     | K1         | +86 138 0000 0001      | outbound  | 10-21 12:00 | 0          | writings
in full width      | 1     | K1         | １３８０００００００１ | outbound  | 10-21 13:00 | 0          | writings
one of two whole   | 4     | K1         | 13811110002            | outbound  | 10-22 09:00 | 0          |
that look alike    | 4     | K1         | 13822220002            | outbound  | 10-22 10:00 | 0          |
masked, one debtor | 4     | K1         | 138****0003            | outbound  | 10-23 09:00 | 0          |
masked, another    | 4     | K2         | 138****0003            | outbound  | 10-23 10:00 | 0          |
whole, one debtor  | 4     | K1         | 13800000004            | outbound  | 10-24 09:00 | 0          | two debtors
whole, another     | 4     | K2         | 13800000004            | outbound  | 10-24 10:00 | 0          | two debtors
up to midnight     | 6     | K1         | 13800000001            | outbound  | 10-25 23:54 | 0          |
after midnight     | 1     | K1         | 13800000001            | outbound  | 10-26 00:00 | 0          |
no account         | 7     |            | 13800000005            | outbound  | 10-19 09:00 | 0          | no account
no number          | 7     | K1         |                        | outbound  | 10-27 09:00 | 0          |
"""


def test_attempts_at_one_number_however_it_is_written(keep: Keep) -> None:
    accounts = """
account_no | debtor_no
K1         | D1
K2         | D2
"""
    ledger = keep(accounts=accounts, calls=ATTEMPTS)
    assert groups(ledger, "attempts-per-number") == wanted_groups(ATTEMPTS)
    assert no_data(ledger, "attempts-per-number") == 7


# Whom

THIRD = """
call_id               | account_no | callee_relation | direction | started_at     | duration_s | disposition  | found
the file begins       | K0         | self            | outbound  | 10-01 10:00    | 30         | connected    |
too early to tell     | K1         | sibling         | outbound  | 10-03 10:00    | 30         | third_party  | unclear
now it can be told    | K1         | sibling         | outbound  | 10-04 10:00    | 30         | third_party  | finding
1 reached             | K2         | self            | outbound  | 10-18 10:00    | 30         | connected    |
1 the father          | K2         | parent          | outbound  | 10-19 10:00    | 0          | no_answer    | finding
2 failed before       | K3         | self            | outbound  | 10-18 10:00    | 0          | no_answer    |
2 failed again        | K3         | self            | outbound  | 10-18 11:00    | 0          | busy         |
2 but the third today | K3         | self            | outbound  | 10-19 09:00    | 0          | no_answer    |
2 the friend          | K3         | friend          | outbound  | 10-19 10:00    | 30         | third_party  | finding
3 failed              | K4         | self            | outbound  | 10-18 10:00    | 0          | no_answer    |
3 failed again        | K4         | self            | outbound  | 10-18 11:00    | 0          | no_answer    |
3 failed at last      | K4         | self            | outbound  | 10-18 23:59:59 | 0          | no_answer    |
3 the friend          | K4         | friend          | outbound  | 10-19 10:00    | 30         | third_party  |
4 one day             | K5         | self            | outbound  | 10-16 10:00    | 0          | no_answer    |
4 the next            | K5         | self            | outbound  | 10-17 10:00    | 0          | no_answer    |
4 and the third       | K5         | self            | outbound  | 10-18 10:00    | 0          | no_answer    |
4 the friend          | K5         | friend          | outbound  | 10-19 10:00    | 30         | third_party  |
5 dead number         | K6         | self            | outbound  | 10-19 09:00    | 0          | wrong_number |
5 the wife            | K6         | spouse          | outbound  | 10-19 09:00:01 | 30         | third_party  |
6 a stranger answers  | K7         | self            | outbound  | 10-19 09:00    | 20         | wrong_number |
6 the wife            | K7         | spouse          | outbound  | 10-19 10:00    | 30         | third_party  | finding
7 dead number         | K8         | self            | outbound  | 10-18 09:00    | 0          | wrong_number |
7 which rings again   | K8         | self            | outbound  | 10-18 10:00    | 0          | no_answer    |
7 the wife            | K8         | spouse          | outbound  | 10-19 10:00    | 30         | third_party  | finding
8 failed              | K9         | self            | outbound  | 10-17 10:00    | 0          | no_answer    |
8 failed again        | K9         | self            | outbound  | 10-17 11:00    | 0          | no_answer    |
8 failed at last      | K9         | self            | outbound  | 10-17 12:00    | 0          | wrong_number |
8 the debtor rings    | K9         | self            | inbound   | 10-18 12:00    | 5          | connected    |
8 the mother          | K9         | parent          | outbound  | 10-19 10:00    | 30         | third_party  | finding
9 failed              | K10        | self            | outbound  | 10-17 10:00    | 0          | no_answer    |
9 failed again        | K10        | self            | outbound  | 10-17 11:00    | 0          | no_answer    |
9 failed at last      | K10        | self            | outbound  | 10-17 12:00    | 0          | no_answer    |
9 rings in vain       | K10        | self            | inbound   | 10-18 12:00    | 0          | no_answer    |
9 the mother          | K10        | parent          | outbound  | 10-19 10:00    | 30         | third_party  |
guarantors owe too    | K11        | guarantor       | outbound  | 10-19 10:00    | 30         | connected    |
they rang             | K11        | sibling         | inbound   | 10-19 10:00    | 30         | connected    |
somebody              | K11        | unknown         | outbound  | 10-19 10:00    | 30         | third_party  | finding
10 it is said         | K12        | sibling         | inbound   | 10-18 10:00    | 60         | deceased     |
10 the brother        | K12        | sibling         | outbound  | 10-19 10:00    | 30         | third_party  | unclear
11 dead number        | K13        | self            | outbound  | 10-18 10:00    | 0          | wrong_number |
11 the other account  | K14        | sibling         | outbound  | 10-19 10:00    | 30         | third_party  |
11 another debtor     | K15        | sibling         | outbound  | 10-19 10:00    | 30         | third_party  | finding
nobody knows who      | K16        |                 | outbound  | 10-19 10:00    | 30         | third_party  |
about nobody          |            | sibling         | outbound  | 10-19 10:00    | 30         | third_party  |
"""
THIRD_MESSAGES = """
message_id      | account_no | to_relation | sent_at     | found
to the debtor   | K2         | self        | 10-19 10:00 |
to the father   | K2         | parent      | 10-19 10:00 | finding
3 to the friend | K4         | friend      | 10-19 10:00 |
"""


def test_third_persons_before_the_debtor_was_lost(keep: Keep) -> None:
    accounts = """
account_no | debtor_no
K13        | D13
K14        | D13
K15        | D15
"""
    ledger = keep(accounts=accounts, calls=THIRD, messages=THIRD_MESSAGES)
    assert verdicts(ledger, "third-person-not-lost") == wanted(calls=THIRD, messages=THIRD_MESSAGES)
    assert no_data(ledger, "third-person-not-lost") == 2


STOPPED = """
call_id            | account_no | callee_phone | callee_relation | direction | started_at     | found
before             | K1         | 13900000001  | sibling         | outbound  | 10-19 09:59:59 |
while it was said  | K1         | 13900000001  | sibling         | outbound  | 10-19 10:00    |
after              | K1         | 13900000001  | sibling         | outbound  | 10-19 10:00:01 | finding
masked             | K1         | 139****0001  | sibling         | outbound  | 10-20 10:00    | finding
another account    | K2         | 13900000001  | sibling         | outbound  | 10-20 10:00    | finding
another number     | K1         | 13900000002  | sibling         | outbound  | 10-20 10:00    |
they rang          | K1         | 13900000001  | sibling         | inbound   | 10-20 10:00    |
no number          | K1         |              | sibling         | outbound  | 10-20 10:00    |
heard              | K9         | 13900000009  | sibling         | outbound  | 10-20 10:00    |
after it was heard | K9         | 13900000009  | sibling         | outbound  | 10-21 10:00    | finding
"""
STOPPED_MESSAGES = """
message_id | account_no | to_phone    | to_relation | sent_at        | found
sms after  | K1         | 13900000001 | sibling     | 10-19 10:00:01 | finding
"""


def hear_a_refusal(call_id: str) -> None:
    """What the audit of a recording keeps when somebody asks not to be called again."""
    with database.transaction() as session:
        call = session.exec(select(Call).where(Call.call_id == call_id)).one()
        heard = {"call_id": call.id, "at_ms": 9_000, "quote": "别再打给我"}
        session.add(StopRequest(account_id=call.account_id, number_key=call.number_key, since=call.started_at, **heard))
        mark_due(session, call.day)


def test_contact_with_somebody_who_asked_for_none(keep: Keep) -> None:
    keep(
        accounts="""
account_no | debtor_no
K1         | D1
K2         | D1
""",
        contacts="""
debtor_no | phone       | stop_since
D1        | 13900000001 | 10-19 10:00
D1        | 13900000002 |
""",
        calls=STOPPED,
        messages=STOPPED_MESSAGES,
    )
    hear_a_refusal("heard")
    ledger = keep()
    assert verdicts(ledger, REFUSAL) == wanted(calls=STOPPED, messages=STOPPED_MESSAGES)
    assert no_data(ledger, REFUSAL) == 1
    after = {name: result["why"] for result in ledger for name in result["calls"] if result["rule"] == REFUSAL}
    assert "录音 heard" in after["after it was heard"]
    assert "2026-10-19 10:00 要求不再联系（登记）" in after["masked"]


# By whom

COLLECTORS = """
collector_no | agency | certified_until | phone
A1           | 甲公司 | 2026-10-20      | 02100009111
A2           | 甲公司 | 2027-01-31      |
A3           | 甲公司 |                 |
A4           | 甲公司 | 2026-10-01      |
B1           | 乙公司 | 2027-01-31      |
"""

ASSIGNED = """
call_id              | account_no | collector_no | agency | direction | started_at     | found
on the last day      | K1         | A1           |        | outbound  | 10-18 23:59:59 |
on the next          | K1         | A1           |        | outbound  | 10-19 00:00    | finding
in the agency's name | K1         |              | 甲公司 | outbound  | 10-19 10:00    | finding
they rang            | K1         | A1           |        | inbound   | 10-19 10:00    |
before it moved      | K2         | A1           |        | outbound  | 10-09 10:00    |
after it moved       | K2         | A1           |        | outbound  | 10-11 10:00    | finding
its new agency       | K2         | B1           |        | outbound  | 10-11 10:00    |
between two terms    | K3         | A1           |        | outbound  | 10-20 10:00    | finding
in the second term   | K3         | A1           |        | outbound  | 10-26 10:00    |
an open end          | K4         | A1           |        | outbound  | 12-31 10:00    |
assigned to nobody   | K5         | A1           |        | outbound  | 10-19 10:00    |
by nobody            | K1         |              |        | outbound  | 10-19 11:00    |
about nothing        |            | A1           |        | outbound  | 10-19 10:00    |
"""


def test_contact_after_the_assignment(keep: Keep) -> None:
    ledger = keep(
        collectors=COLLECTORS,
        accounts="""
account_no | agency | assigned_on | assigned_until
K1         | 甲公司 | 2026-09-01  | 2026-10-18
K2         | 甲公司 | 2026-09-01  |
K2         | 乙公司 | 2026-10-10  |
K3         | 甲公司 | 2026-09-01  | 2026-10-18
K3         | 甲公司 | 2026-10-25  |
K4         | 甲公司 | 2026-09-01  |
K5         |        |             |
""",
        calls=ASSIGNED,
    )
    assert verdicts(ledger, "contact-after-assignment") == wanted(calls=ASSIGNED)
    assert no_data(ledger, "contact-after-assignment") == 3


LINES = """
call_id                 | collector_no | agency | direction | from_phone      | found
the agency's            | A1           | 甲公司 | outbound  | 02100009101     |
in another writing      | A1           | 甲公司 | outbound  | (021) 0000-9101 |
masked                  | A1           | 甲公司 | outbound  | 021****9102     |
a collector's           | A2           | 甲公司 | outbound  | 02100009111     |
a private one           | A1           | 甲公司 | outbound  | 13700000009     | finding
another agency's        | A1           | 甲公司 | outbound  | 02100009201     | finding
agency by its collector | A1           |        | outbound  | 13700000009     | finding
no line                 | A1           | 甲公司 | outbound  |                 |
an agency without lines | B1           | 乙公司 | outbound  | 02100009201     |
nobody's                |              |        | outbound  | 02100009201     |
"""
SENDERS = """
message_id      | collector_no | channel | sender       | found
official        | A1           | wechat  | jia-official |
private         | A1           | wechat  | chen-yi-88   | finding
letters have no | A1           | letter  | chen-yi-88   |
told by nobody  | A1           | sms     |              |
"""


def test_private_lines_and_accounts(keep: Keep) -> None:
    ledger = keep(
        agencies="""
agency | lines
甲公司 | 02100009101;02100009102;jia-official
乙公司 |
""",
        collectors=COLLECTORS,
        calls=LINES,
        messages=SENDERS,
    )
    assert verdicts(ledger, "private-channel") == wanted(calls=LINES, messages=SENDERS)
    assert no_data(ledger, "private-channel") == 4


CERTIFIED = """
call_id            | collector_no | direction | started_at  | found
the last certified | A1           | outbound  | 10-20 20:00 |
the first without  | A1           | outbound  | 10-21 08:00 | finding
another day        | A1           | outbound  | 10-22 08:00 | finding
taken without      | A1           | inbound   | 10-22 09:00 | unclear
certified          | A2           | outbound  | 10-22 08:00 |
no record          | A3           | outbound  | 10-22 08:00 |
no collector       |              | outbound  | 10-22 08:00 |
on no list         | X1           | outbound  | 10-22 08:00 |
"""
CERTIFIED_VISITS = """
visit_id       | collector_nos | at          | found
both without   | A1;A4         | 10-23 10:00 | finding
one without    | A2;A4         | 10-23 10:00 | finding
both certified | A2;B1         | 10-23 10:00 |
"""


def test_collectors_without_a_valid_record_stand_in_one_row_each(keep: Keep) -> None:
    ledger = keep(collectors=COLLECTORS, calls=CERTIFIED, visits=CERTIFIED_VISITS)
    assert verdicts(ledger, "uncertified-collector") == wanted(calls=CERTIFIED, visits=CERTIFIED_VISITS)
    found = [
        result for result in ledger if result["rule"] == "uncertified-collector" and result["verdict"] == "finding"
    ]
    assert [set(ids(result)) for result in sorted(found, key=lambda result: result["why"])] == [
        {"the first without", "another day", "both without"},
        {"both without", "one without"},
    ]
    assert no_data(ledger, "uncertified-collector") == 3
    later = keep("--from", "2026-10-22", "--to", "2026-10-22")
    assert set(verdicts(later, "uncertified-collector")) == {"another day", "taken without"}


DISPOSITIONS = """
call_id               | callee_relation | duration_s | disposition  | found
no answer, and none   | self            | 0          | no_answer    |
no answer, yet a talk | self            | 1          | no_answer    | finding
busy, yet a talk      | self            | 30         | busy         | finding
connected             | self            | 30         | connected    |
connected to nobody   | self            | 0          | connected    | finding
promised by nobody    | self            | 0          | promise      | finding
asked by nobody       | self            | 0          | callback     | finding
said by nobody        | sibling         | 0          | deceased     | finding
passed on by nobody   | sibling         | 0          | third_party  | finding
refused unheard       | self            | 0          | refused      |
in Chinese            | self            | 30         | 无人接听     | finding
a wrong number        | self            | 0          | wrong_number |
a short denial        | self            | 44         | wrong_number |
a long denial         | self            | 45         | third_party  | unclear
somebody else's       | sibling         | 90         | third_party  |
a code of their own   | self            | 0          | 其他情况     |
no code               | self            | 30         |              |
"""


def test_result_codes_that_the_talk_belies(keep: Keep) -> None:
    ledger = keep(calls=DISPOSITIONS)
    assert verdicts(ledger, "disposition-mismatch") == wanted(calls=DISPOSITIONS)
    assert no_data(ledger, "disposition-mismatch") == 1


# Visits and rates

VISITS = """
visit_id             | collector_nos | account_no | at          | place      | consent | recorded | found
as it should be      | A1;A2         | K1         | 10-19 14:00 | 街角茶馆   | no      | yes      |
alone                | A1            | K1         | 10-20 14:00 | 街角茶馆   | yes     | yes      | finding
three                | A1;A2;A3      | K1         | 10-21 14:00 | 街角茶馆   | yes     | yes      |
a crowd              | A1;A2;A3;A4   | K1         | 10-22 14:00 | 街角茶馆   | yes     | yes      | finding
not recorded         | A1;A2         | K1         | 10-23 14:00 | 街角茶馆   | yes     | no       | finding
recorded or not      | A1;A2         | K1         | 10-24 14:00 | 街角茶馆   | yes     |          | unclear
let in               | A1;A2         | K1         | 10-25 14:00 | 债务人家中 | yes     | yes      |
not let in           | A1;A2         | K1         | 10-26 14:00 | 债务人家中 | no      | yes      | finding
let in or not        | A1;A2         | K1         | 10-27 14:00 | 债务人家中 |         | yes      | unclear
the first of the day | A1;A2         | K1         | 10-28 09:00 | 街角茶馆   | yes     | yes      |
the second           | A1;A2         | K2         | 10-28 15:00 | 街角茶馆   | yes     | yes      | finding
another debtor       | A1;A2         | K3         | 10-28 15:00 | 街角茶馆   | yes     | yes      |
overdue for a week   | A1;A2         | K4         | 10-19 14:00 | 街角茶馆   | yes     | yes      | unclear
nobody is named      |               | K1         | 10-29 15:00 | 街角茶馆   | yes     | yes      | unclear
"""


def test_visits(keep: Keep) -> None:
    accounts = """
account_no | debtor_no | overdue_since
K1         | D1        | 2026-05-01
K2         | D1        | 2026-05-01
K3         | D3        | 2026-05-01
K4         | D4        | 2026-10-12
"""
    ledger = keep(accounts=accounts, visits=VISITS)
    assert verdicts(ledger, "visit-rules") == wanted(visits=VISITS)


def test_rates_over_the_cap_of_the_day_since_which_an_account_is_collected(keep: Keep) -> None:
    ledger = keep(
        accounts="""
account_no | agency | assigned_on | interest_rate
at the cap | 甲公司 | 2026-09-01  | 0.24
over       | 甲公司 | 2026-09-01  | 0.2401
per cent   | 甲公司 | 2026-09-01  | 24.5%
of old     | 甲公司 | 2017-08-03  | 0.36
moved      | 甲公司 | 2017-08-03  | 0.36
moved      | 乙公司 | 2017-08-04  | 0.36
no rate    | 甲公司 | 2026-09-01  |
"""
    )
    rates = [result for result in ledger if result["rule"] == "rate-over-cap"]
    found = {result["account_no"]: result["counted"] for result in rates if result["verdict"] == "finding"}
    assert found == {"over": 0.2401, "per cent": 0.245, "moved": 0.36}
    assert no_data(ledger, "rate-over-cap") == 1


# Missing data

BARE = """
call_id     | collector_no | account_no | callee_relation | started_at  | duration_s
all is bare | A1           | K1         | sibling         | 10-19 10:00 | 30
"""


def test_what_a_bare_export_does_not_tell_is_said_and_not_passed_over(keep: Keep) -> None:
    ledger = keep(calls=BARE)
    blind = {result["rule"] for result in ledger if result["verdict"] == "no_data"}
    assert blind == {
        "attempts-per-number",
        "contact-after-assignment",
        "private-channel",
        "uncertified-collector",
        "disposition-mismatch",
        "rate-over-cap",
    }
    assert verdicts(ledger, "third-person-not-lost") == {"all is bare": "unclear"}


def test_an_empty_workspace_has_nothing_to_say(shengjian) -> None:
    ran = shengjian("ledger", "--format", "json")
    assert (ran.code, ran.json) == (0, [])
    assert "nothing found" in shengjian("ledger").err


# Other limits

US = """
call_id       | account_no | started_at     | duration_s | found
nine at night | K1         | 10-19 21:00    | 0          | finding
before nine   | K1         | 10-19 20:59:59 | 0          |
eight         | K1         | 10-19 08:00    | 0          |
"""
SEVEN_DAYS = """
call_id               | times | account_no | started_at  | duration_s | found
a call a day and more | 4     | K2         | 10-12 10:00 | 0          |
to the seventh day    | 4     | K2         | 10-18 10:00 | 0          |
seven are enough      | 7     | K3         | 10-12 10:00 | 0          |
on the eighth day     | 1     | K3         | 10-19 10:00 | 0          |
talked                | 1     | K4         | 10-12 10:00 | 60         | pause
and rang              | 1     | K4         | 10-19 10:00 | 0          | pause
talked long ago       | 1     | K5         | 10-12 10:00 | 60         |
and rang at last      | 1     | K5         | 10-20 10:00 | 0          |
"""


def test_limits_of_the_united_states(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENGJIAN_LIMITS", "us")
    ledger = keep(calls_1=US, calls_2=SEVEN_DAYS)
    assert verdicts(ledger, "quiet-hours") == wanted(calls=US)
    counted = [set(ids(result)) for result in ledger if result["rule"] == "attempts-per-number"]
    eight = {f"{name} {n}" for name in ("a call a day and more", "to the seventh day") for n in range(1, 5)}
    assert counted == [eight, {"talked", "and rang"}]
    assert {result["rule"] for result in ledger} == {"quiet-hours", "attempts-per-number"}


def test_limits_of_the_united_kingdom_and_back(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENGJIAN_LIMITS", "uk")
    stopped = """
debtor_no | phone       | stop_since
D1        | 13900000001 | 10-19 10:00
"""
    ledger = keep(accounts="account_no | debtor_no\nK1 | D1", contacts=stopped, calls=STOPPED, messages=QUIET_MESSAGES)
    assert {result["rule"] for result in ledger} == {REFUSAL}
    assert set(verdicts(ledger, REFUSAL)) == {"after", "masked"}
    monkeypatch.setenv("SHENGJIAN_LIMITS", "cn")
    assert "sms too late" in verdicts(keep(), "quiet-hours")


BAD_LIMITS: dict[str, Callable[[dict[str, Any]], object]] = {
    "start": lambda said: said["quiet-hours"]["limits"][0].update(start="late"),
    "at_most": lambda said: said["connected-per-day"]["limits"][0].update(at_most=-1),
    "quiet-hour": lambda said: said.update({"quiet-hour": said["quiet-hours"]}),
    "no law is called": lambda said: said["quiet-hours"]["limits"][0].update(
        laws=[{"law": "nobody", "article": "1", "checked": "text"}]
    ),
    "reasons": lambda said: said["visit-rules"]["limits"][0].update(reasons={}),
    "nonsense": lambda said: said["quiet-hours"]["why"].update(zh="{nonsense}"),
}


@pytest.mark.parametrize(("named", "spoil"), BAD_LIMITS.items())
def test_limits_that_do_not_hold_are_one_line(
    keep: Keep, shengjian, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, spoil
) -> None:
    keep(calls=QUIET_CALLS, visits=VISITS)
    said = yaml.safe_load((limits.SHIPPED / "cn.yaml").read_text(encoding="utf-8"))
    spoil(said)
    (tmp_path / "ours.yaml").write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    monkeypatch.setenv("SHENGJIAN_LIMITS", str(tmp_path / "ours.yaml"))
    ran = shengjian("ledger")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert named in ran.err


@pytest.mark.parametrize("content", [None, "{", "- a list", "name: ours", "\udcff"])
def test_what_is_no_file_of_limits_is_one_line(shengjian, tmp_path: Path, monkeypatch, content: str | None) -> None:
    path = tmp_path / "ours.yaml"
    if content:
        path.write_bytes(content.encode(errors="surrogateescape"))
    monkeypatch.setenv("SHENGJIAN_LIMITS", str(path))
    ran = shengjian("ledger")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "ours.yaml" in ran.err


# Keeping up


def test_a_record_that_is_put_right_takes_its_finding_along(keep: Keep) -> None:
    wrong = "call_id | started_at\nC1 | 10-19 22:30"
    right = "call_id | started_at\nC1 | 10-23 10:00"
    assert verdicts(keep(calls=wrong), "quiet-hours") == {"C1": "finding"}
    assert verdicts(keep(calls=right), "quiet-hours") == {}


def test_what_comes_in_late_is_counted_with_what_was_there(keep: Keep) -> None:
    three = "call_id | times | started_at\nearly | 3 | 10-19 10:00"
    fourth = "call_id | started_at\nlate | 10-19 09:00"
    assert groups(keep(calls=three), "connected-per-day") == set()
    assert groups(keep(calls=fourth), "connected-per-day") == {frozenset({"early 1", "early 2", "early 3", "late"})}
    agreed = "debtor_no | from_time | to_time | agreed_on\nD1 | 22:00 | 23:00 | 2026-10-01"
    night = "call_id | account_no | started_at\nat night | K7 | 10-20 22:30"
    assert "at night" in verdicts(keep(calls=night), "quiet-hours")
    now = keep(accounts="account_no | debtor_no\nK7 | D1", agreements=agreed)
    assert "at night" not in verdicts(now, "quiet-hours")


def test_a_period_ends_and_begins_with_its_days(keep: Keep, shengjian) -> None:
    keep(calls=QUIET_CALLS)
    day = keep("--from", "2026-10-20", "--to", "2026-10-20")
    assert {result["date"] for result in day if result["rule"] == "quiet-hours"} == {"2026-10-20"}
    ran = shengjian("ledger", "--from", "2026-10-20", "--to", "2026-10-19")
    assert (ran.code, ran.err.count("\n")) == (2, 1)


# Any order


DAYS = [f"2026-10-{day}" for day in (17, 18, 19, 20, 21)]
ONE_CALL = st.fixed_dictionaries(
    {
        "collector_no": st.sampled_from(["A1", "A1", "B1", ""]),
        "agency": st.sampled_from(["甲公司", "乙公司", ""]),
        "account_no": st.sampled_from(["K1", "K1", "K2", "K3", "K9", ""]),
        "callee_phone": st.sampled_from(["13800000001", "138****0001", "13811110001", ""]),
        "callee_relation": st.sampled_from(["self", "self", "self", "sibling", ""]),
        "direction": st.sampled_from(["outbound", "outbound", "outbound", "inbound"]),
        "day": st.sampled_from(DAYS),
        "time": st.sampled_from(["07:30:00", "10:00:00", "11:00:00", "12:00:00", "22:30:00", "23:59:59"]),
        "duration_s": st.sampled_from(["0", "0", "30"]),
        "disposition": st.sampled_from(["no_answer", "wrong_number", "connected", ""]),
    }
)
ACCOUNTS = """
account_no | debtor_no | lender
K1         | D1        | 甲银行
K2         | D1        | 乙银行
K3         | D3        | 甲银行
"""


def numbered(calls: Rows) -> Rows:
    return [
        {"call_id": f"C{n}", "started_at": f"{call['day']}T{call['time']}+08:00", **call}
        for n, call in enumerate(calls)
    ]


def told(ledger: list[Result]) -> list[str]:
    """What a ledger says, whatever the order in which it says it."""
    parts = ({**row, **{way: sorted(row[way]) for way in ("calls", "messages", "visits")}} for row in ledger)
    return sorted(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in parts)


@pytest.fixture
def ledger_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forget) -> Callable[..., list[str]]:
    """What the ledger of a workspace of its own says after the calls came in part by part."""

    def move(home: Path) -> None:
        monkeypatch.setenv("SHENGJIAN_HOME", str(home))
        forget()

    def put(register: str, found: Rows) -> None:
        path = write_csv(tmp_path / "part.csv", found)
        with database.transaction() as session:
            assert not import_file(session, RegisterName(register), path, MAPPING).refused

    def says(parts: list[Rows], between: bool) -> list[str]:
        shutil.copytree(tmp_path / "registers", home := Path(tempfile.mkdtemp(dir=tmp_path)), dirs_exist_ok=True)
        move(home)
        for part in parts:
            put("calls", part)
            if between:
                service.bring_up_to_date()
        service.bring_up_to_date()
        with database.transaction() as session:
            found = [row.as_json() for row in listing.rows(session)]
        database.engine().dispose()
        return told(found)

    move(tmp_path / "registers")
    database.upgrade()
    put("collectors", rows("collectors", COLLECTORS))
    put("accounts", rows("accounts", ACCOUNTS))
    database.engine().dispose()
    return says


@given(data=st.data(), calls=st.lists(ONE_CALL, min_size=1, max_size=24))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_ledger_is_the_same_in_whatever_order_and_parts_calls_come_in(
    ledger_of, data: st.DataObject, calls
) -> None:
    calls = numbered(calls)
    shuffled = data.draw(st.permutations(calls))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(calls) - 1), max_size=3)) if len(calls) > 1 else [])
    parts = [shuffled[start:end] for start, end in pairwise([0, *cuts, len(calls)])]
    assert ledger_of(parts, between=data.draw(st.booleans())) == ledger_of([calls], between=False)


@given(calls=st.lists(ONE_CALL, min_size=1, max_size=24))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_looking_day_after_day_is_as_good_as_looking_once(ledger_of, calls) -> None:
    calls = numbered(calls)
    of_day = [[call for call in calls if call["day"] == day] for day in DAYS]
    assert ledger_of(list(filter(None, of_day)), between=True) == ledger_of([calls], between=False)
