"""How fast a complaint finds its account, its contacts and what they say, beside what one would otherwise do to find
the account alone: LIKE for its names and phones in a database that holds them in the clear.

python -m benchmarks.complaints --contacts 1000000
"""

import argparse
import csv
import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from typing import NamedTuple

from sqlmodel import Session, col, func, select

from audit.calls.models import Call
from audit.parties.models import Account, Agency, Collector, ContactPerson, Debtor
from audit.settings import settings
from audit.store import database
from audit.store.types import LOCAL
from benchmarks.ledger import import_all
from benchmarks.population import write
from classifiers import Classifier, Using, load_pack
from complaints.matching.proposal import propose
from complaints.statement import Statement

_EACH = 2  # complaints of a way
_REGISTERS = ("agencies", "collectors", "debtors", "accounts", "contacts", "calls", "messages")


class Facts(NamedTuple):
    """A call or message with all around it, of which a complaint tells a part."""

    account: Account
    debtor: Debtor
    collector: Collector
    person: ContactPerson
    agency: str
    at: datetime
    number: str


class Told(NamedTuple):
    """A complaint: who, with which phone, in what words."""

    who: str
    phone: str
    text: str


WAYS: dict[str, Callable[[Facts], Told]] = {
    "the debtor's phone": lambda f: Told("", f.debtor.phone or "", "一天打我好几个电话，我受不了了"),
    "phone and name": lambda f: Told(f.debtor.name or "", f.debtor.phone or "", f"{f.agency}一天打我好几个电话"),
    "name, lender and sum": lambda f: Told(f.debtor.name or "", "", f"我欠{f.account.lender}{_sum(f)}元，催收骂我"),
    "surname, lender, sum": lambda f: Told(_called(f), "", f"我欠{f.account.lender}{_sum(f)}元，{f.agency}的人骂我"),
    "end of the account": lambda f: Told(_called(f), "", f"账户尾号{f.account.account_no[-6:]}，{f.agency}的人骂我"),
    "a relative's phone": lambda f: Told("", f.person.phone or "", "我不欠钱，为什么给我打电话"),
    "a relative's word": lambda f: Told("", "", f"我儿子{f.debtor.name}欠{f.account.lender}的钱，{f.agency}天天打我"),
    "number called": lambda f: Told("", f.number, "我不认识他，别再打我电话"),
    "street": lambda f: Told("夜雨", "", f"我在{_street(f)}开店，欠{f.account.lender}{_sum(f)}元，催收骂我"),
    "collector and time": lambda f: Told(
        "夜雨", "", f"{_when(f)}{f.agency}姓{(f.collector.name or '')[0]}的打来骂我，我欠{f.account.lender}{_sum(f)}元"
    ),
}


def _sum(facts: Facts) -> int:
    return int(facts.account.principal or 0)


def _called(facts: Facts) -> str:
    return (facts.debtor.name or "")[0] + ("女士" if facts.debtor.gender == "女" else "先生")


def _street(facts: Facts) -> str:
    return (facts.debtor.address or "").partition("区")[2].partition("路")[0] + "路"


def _when(facts: Facts) -> str:
    local = facts.at.astimezone(LOCAL)
    return f"{local.month}月{local.day}日{local.hour}点多"


def facts(session: Session, number: int, seed: int) -> list[Facts]:
    """Connected calls of the last weeks, drawn at random, of debtors with somebody around them."""
    latest = session.exec(select(func.max(col(Call.started_at)))).one()
    recent = col(Call.started_at) > latest - timedelta(days=30)
    calls = list(session.exec(select(Call).where(recent, col(Call.talk_seconds) > 0)))
    random.Random(seed).shuffle(calls)
    return list(islice((found for call in calls if (found := _around(session, call))), number))


def _around(session: Session, call: Call) -> Facts | None:
    account = session.get_one(Account, call.account_id)
    person = session.exec(select(ContactPerson).where(ContactPerson.debtor_id == account.debtor_id)).first()
    collector = session.get_one(Collector, call.collector_id)
    agency = session.get_one(Agency, collector.agency_id).name
    debtor = session.get_one(Debtor, account.debtor_id)
    if not person or not call.started_at:
        return None
    return Facts(account, debtor, collector, person, agency, call.started_at, call.number or "")


def plain_copy(folder: Path, into: Path) -> None:
    """The registers in SQLite in the clear, each person and contact with the account."""
    with sqlite3.connect(into) as connection:
        for name in _REGISTERS:
            with (folder / f"{name}.csv").open(encoding="utf-8") as file:
                reader = csv.reader(file)
                columns = next(reader)
                connection.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
                connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' for _ in columns)})", reader)
        connection.execute("CREATE INDEX owner ON accounts (debtor_no)")
        for name in ("debtors", "contacts"):
            connection.execute(f"CREATE VIEW {name}_accounts AS SELECT * FROM {name} JOIN accounts USING (debtor_no)")


def search_plainly(connection: sqlite3.Connection, told: Told) -> set[str]:
    """What one would do: each name in the complaint and the phone, wherever they may stand."""
    who = told.who.removesuffix("先生").removesuffix("女士") or "nobody"
    phone = told.phone.replace("****", "%") or "none"
    people = "name LIKE ? OR phone LIKE ? OR ? LIKE '%' || name || '%'"
    asked = {"debtors_accounts": people, "contacts_accounts": people, "calls": "callee_phone LIKE ?"}
    found: set[str] = set()
    for table, where in (asked | {"messages": "to_phone LIKE ?"}).items():
        given = (f"{who}%", phone, told.text) if where is people else (phone,)
        rows = connection.execute(f"SELECT DISTINCT account_no FROM {table} WHERE {where}", given)
        found |= {number for (number,) in rows}
    return found


def bench(folder: Path, contacts: int, months: int, seed: int) -> None:
    """Imports a population and prints, for each way to tell whose a complaint is, the time, that of the peer, and how
    many of how many were found.
    """
    write(folder, contacts, months, seed)
    database.upgrade()
    import_all({name: folder / f"{name}.csv" for name in _REGISTERS})
    plain_copy(folder, folder / "plain.sqlite")
    with database.transaction() as session, sqlite3.connect(folder / "plain.sqlite") as plain:
        drawn = facts(session, _EACH * len(WAYS), seed)
        classifier = Classifier.using(Using.both, load_pack(settings().pack), settings().text_model)
        for n, (way, tell) in enumerate(WAYS.items()):
            mine = drawn[n * _EACH : (n + 1) * _EACH]
            _print(way, [_timed(session, plain, classifier, each, tell(each)) for each in mine])


class Timing(NamedTuple):
    """Seconds here and of the peer, whether the account was found, and among how many the peer leaves one to choose."""

    seconds: float
    peer: float
    right: bool
    left: int


def _timed(session: Session, plain: sqlite3.Connection, classifier: Classifier, true: Facts, told: Told) -> Timing:
    received = true.at + timedelta(days=1)
    given = Statement("TS", "hotline", received, told.text, told.who, told.phone)
    begun = time.perf_counter()
    found = propose(session, given, classifier).account
    ours = time.perf_counter()
    among = search_plainly(plain, told)
    return Timing(ours - begun, time.perf_counter() - ours, found.account_id == true.account.id, len(among))


def _print(way: str, timings: list[Timing]) -> None:
    ours, peer = median(each.seconds for each in timings), median(each.peer for each in timings)
    right, left = sum(each.right for each in timings), median(each.left for each in timings)
    ratio = f"{ours / peer:6.2f} times the peer's {peer:6.3f} s"
    print(f"{way:24}{ours:7.3f} s {ratio}   {right} of {len(timings)} right, peer leaves {left:.0f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the way from complaints to their evidence.")
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--months", type=int, default=9)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"SHENGJIAN_HOME": f"{folder}/home"}
        os.environ.pop("SHENGJIAN_DATABASE_URL", None)
        bench(Path(folder), given.contacts, given.months, given.seed)


if __name__ == "__main__":
    main()
