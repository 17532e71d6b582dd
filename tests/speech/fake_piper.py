"""A program that speaks Piper's command line without its weights: a tone for every line.

Run as `python fake_piper.py HOW -m MODEL -c CONFIG -d FOLDER --length_scale N`. HOW is what it
does: `speak` as the Python package tells of its files, `speak-old` as the standalone program
does, or one of the ways in which it fails.
"""

import argparse
import json
import subprocess
import sys
import time
import wave
from array import array
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("how")
    parser.add_argument("-m", required=True)
    parser.add_argument("-c", required=True)
    parser.add_argument("-d", required=True)
    parser.add_argument("--length_scale", type=float, required=True)
    asked = parser.parse_args()
    rate_hz = json.loads(Path(asked.c).read_text())["audio"]["sample_rate"]
    Path(asked.m).with_name("started").open("a").write("once\n")
    print("INFO: loading the model of /some/where/voice.onnx", file=sys.stderr, flush=True)
    match asked.how:
        case "crash":
            raise RuntimeError("the model is broken")
        case "hang":
            time.sleep(600)
        case "leave-child":
            child = subprocess.Popen(
                ["sleep", "600"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            Path(asked.m).with_name("child").write_text(str(child.pid))
            return
        case "quit":
            return
        case "babble":
            while True:
                print("x" * 200, flush=True)
    for number, line in enumerate(sys.stdin):
        text = line.strip()
        Path(asked.m).with_name("heard").open("a", encoding="utf-8").write(f"{text}\n")
        path = Path(asked.d) / f"{number}.wav"
        match asked.how:
            case "write-nothing":
                continue
            case "tell-of-nothing":
                print(f"INFO:__main__:Wrote {path}", file=sys.stderr, flush=True)
                continue
            case "write-text":
                path.write_text("Xin chào")
            case "write-empty":
                path.write_bytes(b"")
            case "die-at-second" if number == 1:
                sys.exit(3)
            case _:
                length = int(rate_hz * 0.05 * len(text) * asked.length_scale)
                loud = 0 if asked.how == "silence" else 8000
                period = rate_hz // 200
                wave_form = array(
                    "h", (loud if i % period < period // 2 else -loud for i in range(length))
                )
                with wave.open(str(path), "wb") as file:
                    file.setparams((1, 2, rate_hz, 0, "NONE", ""))
                    file.writeframes(wave_form.tobytes())
        if asked.how == "speak-old":
            print(path, flush=True)
        else:
            print(f"INFO:__main__:Wrote {path}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
