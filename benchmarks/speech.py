"""What hearing costs as recordings grow: time and memory at each length, each in a process of its own, and the memory
that decoding alone takes over hours.

python -m benchmarks.speech --minutes 10 60 --hours 5
"""

import argparse
import tempfile
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from audit.calls.decoding import RATE, Samples, probe, windows
from audit.cli.benching import DEMO
from audit.evaluation.peers import Way, listen
from audit.evaluation.variants import encode
from benchmarks.ledger import measured

_LINE_BITS = 64_000  # a second, A-law


def made(minutes: float, folder: Path) -> Path:
    """A stereo recording of that length as from a telephone line: the bundled calls one after another."""
    target = folder / f"{minutes:g}.wav"
    with target.open("wb") as file:
        encode(file, "wav", "pcm_alaw", _LINE_BITS, _filled(int(minutes * 60 * RATE)))
    return target


def _filled(left: int) -> Iterator[Samples]:
    for path in cycle(sorted(DEMO.glob("*.wav"))):
        for window in windows(path):
            yield window.samples[:, :left]
            left -= window.samples.shape[1]
            if left <= 0:
                return


def _decoded(path: Path) -> int:
    return round(probe(path).seconds)


def main() -> None:
    """Prints one line a length."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, nargs="*", default=[10.0, 60.0], help="lengths that are heard")
    parser.add_argument("--hours", type=float, default=5.0, help="the length that is only decoded")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for minutes in given.minutes:
            session = listen(Way.ours, "base", [made(minutes, Path(folder))])
            speed = minutes * 60 / session.took
            print(f"{minutes:g} min heard: {session.took:.0f} s, {speed:.1f} times real time, {session.peak} MiB")
        timing = measured(_decoded, made(given.hours * 60, Path(folder)))
        print(f"{given.hours:g} h decoded: {timing.seconds:.0f} s, {timing.peak} MiB")


if __name__ == "__main__":
    main()
