"""How fast registers come in and the ledger is kept, beside what one would otherwise write: a plain loop over the CSV.

python -m benchmarks.ledger --contacts 1000000
"""

import argparse
import csv
import multiprocessing
import os
import resource
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from sqlmodel import col, func, select

from audit.imports.mapping import load_mapping
from audit.imports.registers import RegisterName
from audit.imports.service import import_file
from audit.ledger.models import LedgerResult, RuleId
from audit.ledger.service import bring_up_to_date
from audit.store import database
from benchmarks.population import write

_CALLS = 100_000  # call records whose import is timed
_MEBIBYTE = 1024  # in the kibibytes in which Linux tells memory
_PARTIES = ("agencies", "collectors", "debtors", "accounts", "contacts", "agreements", "policies", "visits", "messages")


class Timing(NamedTuple):
    """A step: seconds, those of the processor, the process's peak of memory in MiB, and what it came to."""

    seconds: float
    worked: float
    peak: int
    result: int


def measured(step: Callable[..., int], *given: Any) -> Timing:
    """The step in a process of its own."""
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=fresh) as process:
        return process.submit(_measure, step, *given).result()


def _measure(step: Callable[..., int], *given: Any) -> Timing:
    begun, worked = time.perf_counter(), time.process_time()
    result = step(*given)
    seconds, worked = time.perf_counter() - begun, time.process_time() - worked
    return Timing(seconds, worked, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _MEBIBYTE, result)


def import_all(files: dict[str, Path]) -> int:
    """Puts files into their registers and gives the number of rows. Raises RuntimeError for a row that is refused."""
    rows = 0
    for name, path in files.items():
        with database.transaction() as session:
            imported = import_file(session, RegisterName(name), path, load_mapping())
        if imported.refused:
            raise RuntimeError(str(imported.refused[0]))
        rows += imported.rows
    return rows


def keep_ledger() -> int:
    """Brings the ledger up to date and gives the number of days found with too many connected calls."""
    bring_up_to_date()
    with database.transaction() as session:
        of_rule = col(LedgerResult.rule) == RuleId.connected_per_day
        found = select(func.count()).select_from(LedgerResult).where(of_rule, col(LedgerResult.standing).is_(True))
        return session.exec(found).one()


def load_plainly(calls: Path, into: Path) -> int:
    """What one would write to get the rows into SQLite: nothing checked, matched, keyed or encrypted."""
    with calls.open(encoding="utf-8") as file, sqlite3.connect(into) as connection:
        reader = csv.reader(file)
        columns = next(reader)
        connection.execute(f"CREATE TABLE call ({', '.join(columns)}, PRIMARY KEY (call_id))")
        places = ", ".join("?" for _ in columns)
        return connection.executemany(f"INSERT INTO call VALUES ({places})", reader).rowcount


def count_plainly(accounts: Path, calls: Iterable[Path]) -> int:
    """What one would write for one of the rules: connected calls for each debtor, lender and day, those above three."""
    with accounts.open(encoding="utf-8") as file:
        owed = {row["account_no"]: (row["debtor_no"], row["lender"]) for row in csv.DictReader(file)}
    connected: Counter[tuple[str, str, str]] = Counter()
    for path in calls:
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["direction"] == "outbound" and int(row["duration_s"]):
                    connected[*owed[row["account_no"]], row["started_at"][:10]] += 1
    return sum(count > 3 for count in connected.values())


def part(calls: Path) -> int:
    """Writes the call records in three files, those whose import is timed, the others, and the last day's."""
    lines = calls.read_text(encoding="utf-8").splitlines(keepends=True)
    heading, column = lines[0], lines[0].split(",").index("started_at")
    last_day = lines[-1].split(",")[column][:10]
    last = [line for line in lines[1:] if line.split(",")[column].startswith(last_day)]
    earlier = lines[1 : len(lines) - len(last)]
    first, rest = earlier[: min(_CALLS, len(earlier) // 2)], earlier[min(_CALLS, len(earlier) // 2) :]
    for name, some in (("first", first), ("rest", rest), ("last", last)):
        calls.with_name(f"{name}.csv").write_text("".join([heading, *some]), encoding="utf-8")
    return len(lines) - 1


def bench(folder: Path, contacts: int, months: int, seed: int) -> None:
    """Makes a population, imports it, keeps the ledger and prints how long each took, a peer under its own."""
    made = measured(_write, folder, contacts, months, seed)
    _tell(f"a population of {contacts:,} contacts, written", made)
    database.upgrade()
    measured(part, folder / "calls.csv")  # what this process itself held would show in the peaks of the others
    first, rest, last = (folder / f"{name}.csv" for name in ("first", "rest", "last"))
    _tell("its registers without calls, imported", measured(import_all, {n: folder / f"{n}.csv" for n in _PARTIES}))
    ours, plain = measured(import_all, {"calls": first}), measured(load_plainly, first, folder / "plain.sqlite")
    _tell(f"{ours.result:,} call records, imported", ours, plain)
    _tell("  put into SQLite unchecked, in the clear", plain)
    _tell("the other call records but the last day's", measured(import_all, {"calls": rest}))
    ours, plain = measured(keep_ledger), measured(count_plainly, folder / "accounts.csv", [first, rest])
    _tell("the ledger, eleven rules over all", ours, plain)
    _tell("  one rule by a loop over the CSV with dicts", plain)
    _tell("the ledger with nothing due", measured(keep_ledger))
    _tell("the last day's call records, imported", measured(import_all, {"calls": last}))
    ours, plain = measured(keep_ledger), measured(count_plainly, folder / "accounts.csv", [first, rest, last])
    _tell("the ledger after one more day", ours, plain)
    _tell("  one rule by a loop over the CSV again", plain)
    print(f"days over the limit of connected calls: {ours.result}, by the loop {plain.result}")


def _write(folder: Path, contacts: int, months: int, seed: int) -> int:
    write(folder, contacts, months, seed)
    return contacts


def _tell(what: str, timing: Timing, peer: Timing | None = None) -> None:
    ratio = f"{timing.worked / peer.worked:8.1f} times the work" if peer else ""
    print(f"{what:48}{timing.seconds:9.2f} s{timing.worked:9.2f} s worked{timing.peak:7} MiB{ratio}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time imports and the ledger in a workspace of their own.")
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
