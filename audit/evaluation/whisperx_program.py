"""Runs in WhisperX's own environment, where nothing of ours is installed: FOLDER/order.json to FOLDER/heard.json."""

import json
import re
import sys
import time
from pathlib import Path

import numpy as np
import whisperx  # type: ignore[import-not-found]


def main(folder: Path) -> None:
    """Hears the channels of all calls of the order, eight clips at once, and tells seconds and phrases."""
    order = json.loads((folder / "order.json").read_text(encoding="utf-8"))
    begun = time.perf_counter()
    model = whisperx.load_model(
        order["model"], "cpu", compute_type="int8", language="zh", threads=order["threads"], vad_method="pyannote"
    )
    load = time.perf_counter() - begun
    calls = []
    for call in order["calls"]:
        channels = [np.load(file) for file in call["files"]]
        begun = time.perf_counter()
        results = [model.transcribe(channel, batch_size=8)["segments"] for channel in channels]
        took = time.perf_counter() - begun
        phrases = [[(part["start"], part["end"], part["text"]) for part in result] for result in results]
        calls.append({"took": took, "phrases": phrases})
    status = Path("/proc/self/status")
    told = re.search(r"VmHWM:\s+(\d+) kB", status.read_text() if status.exists() else "")
    peak = int(told[1]) // 1024 if told else 0
    heard = {"load": load, "peak": peak, "calls": calls}
    (folder / "heard.json").write_text(json.dumps(heard), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
