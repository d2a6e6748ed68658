"""How fast the monthly report is made as Word, PDF and workbook, beside loading its calls and findings row by row and
counting one of its tables in Python, as a script would; and what memory both take.

python -m benchmarks.reports --calls 100000 --findings 20000
"""

import argparse
import os
import random
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path

from sqlalchemy import insert, update
from sqlmodel import col, func, select

from audit.calls.models import Call
from audit.findings.models import USUAL, Finding, Run, State, UsedPack
from audit.ledger.service import bring_up_to_date
from audit.store import database
from audit.store.upsert import batches
from benchmarks.ledger import Timing, import_all, measured
from benchmarks.population import write
from classifiers.taxonomy import SIGNALS, Kind, Speaker, Verdict
from reports.issuing import Format, issue
from reports.kinds import Order

_REGISTERS = ("agencies", "collectors", "debtors", "accounts", "contacts", "calls", "messages")
_QUOTE = "你等着，明天就有人去你家坐坐"


def fill(folder: Path, calls: int, findings: int, seed: int) -> None:
    """A month of contacts of which so many calls are judged, with so many findings."""
    write(folder, calls * 5 // 4, months=1, seed=seed)
    database.upgrade()
    import_all({name: folder / f"{name}.csv" for name in _REGISTERS})
    bring_up_to_date()
    chosen = random.Random(seed)
    with database.transaction() as session:
        pack = UsedPack(name="cn", version="bench", sha256="0" * 64, canonical="{}")
        session.add(pack)
        session.flush()
        told = session.exec(select(Call.id, Call.day).order_by(col(Call.id)).limit(calls)).all()
        shared = {"rule_pack_id": pack.id, "model": "", "relation": "self", "verdict": Verdict.violation, "cues": {}}
        for some in batches(told, 5000):
            session.execute(insert(Run), [{**shared, "id": n, "call_id": n, "day": day} for n, day in some])
        session.execute(update(Call).where(col(Call.id) <= calls).values(run_id=col(Call.id)))
        kinds = [kind for kind in Kind if kind not in SIGNALS]
        rows = [_finding(n, chosen.randrange(1, len(told)), chosen.choice(kinds)) for n in range(findings)]
        for some in batches(rows, 5000):
            session.execute(insert(Finding), some)


def _finding(number: int, run: int, kind: Kind) -> dict[str, object]:
    why = {"laws": [], "why": "以上门相威胁", "evidence": []}
    return {
        "run_id": run,
        "rule": f"cn/bench/{number}",
        "kind": kind,
        "severity": USUAL[kind],
        "score": 0.9,
        "start": 0,
        "end": len(_QUOTE),
        "quote": _QUOTE,
        "speaker": Speaker.collector,
        "explanation": why,
        "state": State.open,
    }


def report(period: str) -> int:
    """Issues the report as Word, PDF and workbook and gives the size of its files in KiB."""
    issued = issue(Order("audit", period=period), [Format.docx, Format.pdf, Format.xlsx], "bench")
    folder = Path(os.environ["SHENGJIAN_HOME"]) / "blobs"
    return sum((folder / key).stat().st_size for key in issued.files.values()) // 1024


def count_plainly(_: str) -> int:
    """One of the report's tables, violations by agency and kind, as a script over all rows has it."""
    with database.transaction() as session:
        calls = {call.run_id: call for call in session.exec(select(Call))}
        counts = Counter((calls[f.run_id].agency_id, f.kind) for f in session.exec(select(Finding)))
    return len(counts)


def _print(name: str, timing: Timing, unit: str) -> None:
    print(f"{name:34}{timing.seconds:7.1f} s{timing.peak:7} MiB   {timing.result} {unit}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the monthly report.")
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--findings", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"SHENGJIAN_HOME": f"{folder}/home"}
        os.environ.pop("SHENGJIAN_DATABASE_URL", None)
        begun = time.perf_counter()
        fill(Path(folder), given.calls, given.findings, given.seed)
        with database.transaction() as session:
            last: date = session.exec(select(func.max(Call.day))).one()
            judged = select(func.count()).where(col(Call.run_id).is_not(None), col(Call.day) >= last.replace(day=1))
            calls = session.exec(judged).one()
        month = f"{last:%Y-%m}"
        print(f"filled in {time.perf_counter() - begun:.0f} s; {month} has {calls:,} judged calls", flush=True)
        _print("monthly report: docx, pdf, xlsx", measured(report, month), "KiB")
        _print("the same again", measured(report, month), "KiB")
        _print("one table by rows in Python", measured(count_plainly, month), "cells")


if __name__ == "__main__":
    main()
