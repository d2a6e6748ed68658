"""The benchmarks: `bench rules`, `bench speech`."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from audit.cli.output import ResultFormat, out, progress
from audit.settings import settings
from classifiers import Classifier, load_pack
from classifiers.bench import bench_rules

if TYPE_CHECKING:
    from audit.evaluation.hearing import Recording, Score
    from audit.evaluation.speech import Row
    from audit.evaluation.variants import Variant

DEMO = Path(__file__).parents[1] / "demo" / "calls"


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    bench = typer.Typer(help="How fast it is, beside its peers.", no_args_is_help=True)
    bench.callback()(_group)
    bench.command("rules")(rules)
    bench.command("speech")(speech)
    app.add_typer(bench, name="bench")


def _group() -> None:
    """How fast it is, beside its peers."""


def rules() -> None:
    """Judge the pack's own examples on one thread with terms, rules, and rules and model, each beside a peer.

    Example: shengjian bench rules
    """
    table = Table("way", "lines a second", "times the peer's")
    for timing in bench_rules(load_pack(settings().pack)):
        table.add_row(timing.way, f"{timing.rate:,.0f}", f"{timing.ratio:.1f}")
    out().print(table)


def speech(  # noqa: PLR0917 - each is an option
    folder: Annotated[Path, typer.Argument(help="NAME.wav, each with NAME.truth.json where it is known")] = DEMO,
    model: Annotated[list[str] | None, typer.Option(help="a model for us; the peers have the first")] = None,
    peers: Annotated[bool, typer.Option(help="time openai-whisper and faster-whisper, too")] = True,
    whisperx: Annotated[bool, typer.Option("--whisperx", help="WhisperX, too: installs gigabytes, for once")] = False,
    calls: Annotated[int | None, typer.Option(min=1, help="take only so many recordings")] = None,
    variants: Annotated[bool, typer.Option("--variants", help="us in worse recordings of the same calls")] = False,
    rounds: Annotated[int, typer.Option(min=1, help="time all so many times and take medians")] = 1,
    form: Annotated[ResultFormat, typer.Option("--format", help="how to print it")] = ResultFormat.table,
) -> None:
    """Hear recordings with the same weights by us and by others: speed, memory, and how right where truth is known.

    Example: shengjian bench speech --calls 2
    """
    from audit.evaluation.peers import Way  # noqa: PLC0415 - loads the recogniser's libraries
    from audit.evaluation.speech import PEERS, race, recordings_in, worsened  # noqa: PLC0415

    recordings, models = recordings_in(folder, calls), model or [settings().model]
    judge = Classifier(load_pack(settings().pack))
    if variants:
        heard = [(m, *one) for m in models for one in worsened(recordings, m, judge, _following("hearing"))]
        _print_variants(heard, form)
        return
    others = [*(PEERS if peers else ()), *([Way.whisperx] if whisperx else ())]
    _print_race(recordings, race(recordings, models, others, rounds, judge, _following("timing")), form)


def _following(doing: str) -> Any:
    def follow(things: Sequence[Any]) -> Iterator[Any]:
        with progress() as bar:
            yield from bar.track(things, description=doing)

    return follow


def _print_race(recordings: Sequence["Recording"], rows: Sequence["Row"], form: ResultFormat) -> None:
    told = [row.as_json(rows[0]) for row in rows]
    seconds = next((sum(one.length for one in row.sessions[0].heard) for row in rows if not row.failed), 0.0)
    if form is ResultFormat.json:
        answer = {"recordings": len(recordings), "audio_seconds": round(seconds, 1), "ways": told}
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        return
    first = f"times {rows[0].way}"
    table = Table("way", "model", "hours an hour", first, "load s", "peak MiB", "CER", "worst channel", "terms")
    for row, one in zip(rows, told, strict=True):
        if row.failed:
            table.add_row(row.way, _name(row.model), escape(row.failed))
            continue
        times = one.get(first.replace(" ", "_", 1))
        speeds = (f"{one['hours_an_hour']:.1f}", f"{times:.1f}" if times else "", f"{one['load_seconds']:.1f}")
        table.add_row(row.way, _name(row.model), *speeds, f"{one['peak_mib']:,}", *_right(row.score))
    out().print(table)
    out().print(
        f"{len(recordings)} recordings, {seconds / 60:.1f} minutes; both channels are heard, their length counts once"
    )


def _right(score: "Score") -> tuple[str, ...]:
    if score.worst is None:
        return ()
    name, party, rate = score.worst
    return f"{score.error_rate():.1%}", escape(f"{name} {party} {rate:.1%}"), "{}/{}".format(*score.terms)


def _print_variants(heard: Sequence[tuple[str, "Variant", "Score"]], form: ResultFormat) -> None:
    if form is ResultFormat.json:
        told = [{"variant": str(variant), "model": model, **score.as_json()} for model, variant, score in heard]
        typer.echo(json.dumps({"variants": told}, ensure_ascii=False, indent=1))
        return
    table = Table("recording", "model", "collector CER", "other CER", "all", "worst channel", "terms")
    for model, variant, score in heard:
        rates = (score.error_rate(party) for party in ("collector", "other"))
        table.add_row(variant, _name(model), *("" if rate is None else f"{rate:.1%}" for rate in rates), *_right(score))
    out().print(table)


def _name(model: str) -> str:
    return escape(Path(model).name)
