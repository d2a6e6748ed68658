"""The made-up population that benchmarks run on: plausible, the same by its seed, and with every kind of slip."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import select

from audit.imports.mapping import load_mapping
from audit.imports.registers import RegisterName
from audit.imports.service import import_file
from audit.ledger.models import LedgerResult, RuleId
from audit.ledger.service import bring_up_to_date
from audit.store import database
from benchmarks.population import COLUMNS, write

CONTACTS = 6_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("population")
    write(made, CONTACTS, months=2, seed=4, talks=True)
    return made


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def objects(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_there_are_as_many_contacts_as_asked_for(folder: Path) -> None:
    assert sum(len(rows(folder / f"{name}.csv")) for name in ("calls", "messages", "visits")) == CONTACTS


def test_a_third_of_the_calls_is_answered_and_most_are_with_the_debtor(folder: Path) -> None:
    calls = rows(folder / "calls.csv")
    assert 0.25 < sum(call["duration_s"] != "0" for call in calls) / len(calls) < 0.5
    assert 0.001 < sum(call["callee_relation"] != "self" for call in calls) / len(calls) < 0.1


def test_what_is_found_was_said(folder: Path) -> None:
    said = {talk["call_id"]: json.dumps(talk, ensure_ascii=False) for talk in objects(folder / "transcripts.jsonl")}
    said |= {message["message_id"]: message["text"] for message in rows(folder / "messages.csv")}
    findings = objects(folder / "findings.jsonl")
    assert findings
    assert all(found["quote"] in said[found.get("call_id") or found["message_id"]] for found in findings)


def test_a_seed_gives_the_same_registers_with_talks_and_without(folder: Path, tmp_path: Path) -> None:
    write(tmp_path / "again", CONTACTS, months=2, seed=4)
    write(tmp_path / "other", CONTACTS, months=2, seed=5)
    for name in COLUMNS:
        assert (tmp_path / "again" / f"{name}.csv").read_bytes() == (folder / f"{name}.csv").read_bytes()
    assert (tmp_path / "other" / "calls.csv").read_bytes() != (folder / "calls.csv").read_bytes()


@pytest.mark.usefixtures("home")
def test_it_can_be_imported_and_breaks_every_rule_of_the_ledger_now_and_then(folder: Path) -> None:
    database.upgrade()
    for name in RegisterName:
        with database.transaction() as session:
            assert not import_file(session, name, folder / f"{name}.csv", load_mapping()).refused
    bring_up_to_date()
    with database.transaction() as session:
        found = Counter(session.exec(select(LedgerResult.rule)))
    assert set(found) == set(RuleId)
    assert {rule: count for rule, count in found.items() if count > CONTACTS / 100} == {}
