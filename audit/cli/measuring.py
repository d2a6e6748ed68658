"""Measuring against known truth: `evaluate`."""

import json
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from audit.cli.auditing import audit_paths
from audit.cli.importing import ledger_rows
from audit.cli.judging import read_lines
from audit.cli.output import ResultFormat, finish, out, progress
from audit.evaluation.registers import LedgerScore, compare, read_answers
from audit.imports.mapping import load_mapping
from audit.imports.registers import RegisterName
from audit.imports.service import import_file
from audit.settings import settings
from audit.store import database
from audit.store.scratch import scratch_workspace
from classifiers import Classifier, Using, load_pack
from classifiers.errors import BadInput, Refused
from classifiers.evaluate import Evaluation, Score, evaluate
from classifiers.taxonomy import Kind
from classifiers.turns import LabelledTurn
from complaints.evaluation import ComplaintScore, has_gold, read_gold
from complaints.evaluation import compare as compare_complaints
from complaints.linking import proposals_of_file

_FILES = {RegisterName.calls: ("calls", "call_records")}  # a register's file, where it may be called otherwise


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("evaluate")(evaluate_path)


def evaluate_path(
    path: Annotated[Path, typer.Argument(help="labelled lines, complaints, or a folder of calls or registers")],
    recordings: Annotated[Path | None, typer.Option(help="recordings that the registers' calls name")] = None,
    form: Annotated[ResultFormat, typer.Option("--format", help="how to print it")] = ResultFormat.table,
    using: Annotated[Using, typer.Option(help="who judges")] = Using.both,
) -> None:
    """Measure against labels: per kind precision, recall and F1 with its 95 % interval.

    Example: shengjian evaluate labelled.jsonl
    """
    if (path / "planted.json").exists():
        _evaluate_registers(path, recordings, form)
        return
    classifier = Classifier.using(using, load_pack(settings().pack), settings().text_model)
    if has_gold(path):
        _evaluate_complaints(path, recordings, form, classifier)
        return
    if path.is_dir():
        _evaluate_folder(path, form, classifier)
        return
    refused: list[Refused] = []
    turns = list(read_lines(path, LabelledTurn, refused))
    found = (frozenset(detection.kind for detection in judgement.findings) for judgement in classifier.stream(turns))
    _print_evaluation(evaluate(zip((turn.labels for turn in turns), found, strict=True)), form, {})
    finish(refused)


def _evaluate_folder(folder: Path, form: ResultFormat, classifier: Classifier) -> None:
    from audit.evaluation.calls import error_rate, evaluate_call  # noqa: PLC0415 - loads the recogniser's libraries
    from audit.transcripts.listen import make_engine  # noqa: PLC0415

    truths = sorted(folder.glob("*.truth.json"))
    if not truths:
        raise BadInput(f"{folder}: no *.truth.json in it", "give labelled JSON Lines or a folder of calls with truth")
    engine = make_engine()
    results, refused = [], []
    with progress() as bar:
        for truth in bar.track(truths, description="evaluating"):
            try:
                results.append(evaluate_call(truth, engine, classifier))
            except BadInput as error:
                refused.append(error)
    extra = {"cer": round(error_rate(results), 4), "calls": [result.as_json() for result in results]}
    _print_evaluation(evaluate(line for result in results for line in result.lines), form, extra)
    finish([*refused])


def _print_evaluation(evaluation: Evaluation, form: ResultFormat, extra: dict[str, Any]) -> None:
    if form is ResultFormat.json:
        typer.echo(json.dumps({**evaluation.as_json(), **extra}, ensure_ascii=False, indent=1))
        return
    for call in extra.get("calls", ()):
        out().print(_call_line(call), soft_wrap=True)
    out().print(_scores("kind", evaluation.kinds))
    words = f"{evaluation.lines} lines, macro F1 {evaluation.macro_f1:.3f}, false positive rate {evaluation.fpr:.3f}"
    out().print(words + (f", character error rate {extra['cer']:.3f}" if "cer" in extra else ""))


def _call_line(call: dict[str, Any]) -> str:
    wrong = ", ".join(f"{party} {rate:.1%}" for party, rate in call["cer"].items())
    kinds = "; ".join(f"{name} {', '.join(call[name]) or 'nothing'}" for name in ("found", "missed", "extra"))
    return f"{escape(call['call_id'])}: characters wrong {wrong}; {kinds}"


def _evaluate_registers(folder: Path, recordings: Path | None, form: ResultFormat) -> None:
    """Imports the registers into a workspace that goes in the end, judges all there is, and compares."""
    answers = read_answers(folder)
    with scratch_workspace():
        refused = _import_all(folder)
        if recordings:
            refused += audit_paths([recordings])[1]
        audited, failed = audit_paths([])
        score = compare(answers, ledger_rows())
    found = {m["message_id"]: frozenset(Kind(f["kind"]) for f in m["findings"]) for m in audited.as_json()["messages"]}
    labels = [(answers.message_labels.get(name, frozenset()), kinds) for name, kinds in found.items()]
    messages = evaluate(labels)
    if form is ResultFormat.json:
        typer.echo(
            json.dumps({"ledger": score.as_json(), "messages": messages.as_json()}, ensure_ascii=False, indent=1)
        )
    else:
        _print_ledger(score)
        _print_evaluation(messages, form, {})
    finish([*refused, *failed])


def _evaluate_complaints(path: Path, recordings: Path | None, form: ResultFormat, classifier: Classifier) -> None:
    """Links the complaints of a file: over the registers beside it, or else over what is on file."""
    gold = read_gold(path)
    alone = not any(path.parent.glob("accounts.*"))
    with nullcontext() if alone else scratch_workspace():
        refused = [] if alone else _import_all(path.parent)
        if recordings:
            refused += audit_paths([recordings])[1]
        refused += audit_paths([])[1]
        ledger_rows()
        with database.transaction() as session:
            proposals, bad = proposals_of_file(session, path, load_mapping(), classifier)
    score = compare_complaints(gold, proposals)
    if form is ResultFormat.json:
        typer.echo(json.dumps(score.as_json(), ensure_ascii=False, indent=1))
    else:
        _print_complaints(score)
    finish([*refused, *bad])


def _print_complaints(score: ComplaintScore) -> None:
    table = Table("complaint", "account", "alleged", "contacts", "substantiated")
    for case in score.cases:
        account = _against([case.gold.account_no or "none"], [case.account_no or "none"])
        conclusion = _against([str(case.gold.substantiated)], [str(case.substantiated)])
        contacts = _against(case.contacts_meant, case.contacts)
        table.add_row(escape(case.id), account, _against(case.gold.alleged, case.alleged), contacts, conclusion)
    out().print(table)
    out().print(_scores("alleged", score.kinds))
    of = len(score.cases)
    out().print(f"account right {score.accounts} of {of}, substantiated right {score.substantiated} of {of}")
    for name, each in (("alleged kinds", score.alleged), ("linked calls and messages", score.links)):
        low, high = each.interval
        out().print(f"{name}: F1 {each.f1:.3f} ({low:.2f}–{high:.2f})")


def _against(gold: Iterable[str], found: Iterable[str]) -> str:
    """What both have; what was missed is marked -, what is too much +."""
    gold, found = set(gold), set(found)
    marked = [*sorted(gold & found), *(f"-{x}" for x in sorted(gold - found)), *(f"+{x}" for x in sorted(found - gold))]
    return escape(", ".join(marked))


def _import_all(folder: Path) -> list[Refused]:
    database.upgrade()
    refused: list[Refused] = []
    for name in RegisterName:
        there = [path for stem in _FILES.get(name, (name,)) for path in sorted(folder.glob(f"{stem}.*"))]
        with database.transaction() as session:
            refused += [r for path in there for r in import_file(session, name, path, load_mapping()).refused]
    return refused


def _print_ledger(score: LedgerScore) -> None:
    out().print(_scores("rule", score.rules))
    for word, breaches in (("missed", score.missed), ("extra", score.extra), ("look-alike accused", score.accused)):
        for breach in breaches:
            out().print(escape(f"{word}: {breach.rule} {', '.join(sorted(breach.contacts)) or breach.account_no}"))
    out().print(f"ledger: macro F1 {score.macro_f1:.3f}")


def _scores(what: str, scores: Mapping[Any, Score]) -> Table:
    table = Table(what, "tp", "fp", "fn", "precision", "recall", "F1", "95 %")
    for name, score in scores.items():
        low, high = score.interval
        rates = [f"{rate:.2f}" for rate in (score.precision, score.recall, score.f1)]
        table.add_row(name, str(score.tp), str(score.fp), str(score.fn), *rates, f"{low:.2f}–{high:.2f}")
    return table
