#!/usr/bin/env python3
"""Makes RESULTS.md of everything in results/*.json, so that no figure is written by hand.

python3 Benchmarks/results.py
"""

import json

import bench
import matmul
import steps
from common import HERE, RESULTS, Record, run_main

# A record's title, in the order of the page; of the training those that start cold, and the convolutional
# model, have titles of their own.
PARTS = {
    "training": ("Training", bench.describe),
    "conv": ("Training the convolutional model", bench.describe),
    "cold": ("The first epoch of a cold process", bench.describe),
    "matmul": ("Matrix products", matmul.describe),
    "steps": ("Distance from the floor, and growth", steps.describe),
}
INTRODUCTION = """\
# Results

Made by `Benchmarks/results.py` from `Benchmarks/results/*.json`, which hold every single measurement.
`make bench` measures all of it again. Absolute figures drift with the machine and the hour: only
ratios are to be relied on, and they are taken between programs that ran in turn, within a round.
A load average far above the number of cores means that other programs took part.
"""
DEVICES = {
    "cpu": (
        "On a CPU",
        "Not measured yet; the command is `make bench`.",
    ),
    "cuda": (
        "On a GPU",
        "Not measured: no GPU was at hand; the command is"
        " `make bench REQUIREMENTS=Benchmarks/requirements-cuda.txt ARGS='--device cuda --data mnist'`.",
    ),
}


def main() -> None:
    records = [(path.stem, json.loads(path.read_text())) for path in sorted(RESULTS.glob("*.json"))]
    path = HERE / "RESULTS.md"
    path.write_text(page(records))
    print(f"wrote {path.relative_to(HERE.parent)}")


def page(records: list[tuple[str, Record]]) -> str:
    sections = [INTRODUCTION]
    for device, (title, otherwise) in DEVICES.items():
        sections.append(f"## {title}\n")
        own = [(name, record) for name, record in records if record["device"] == device]
        own.sort(key=lambda item: list(PARTS).index(part(item[1])))
        sections += [section(name, record) for name, record in own] or [otherwise + "\n"]
    return "\n".join(sections)


def section(name: str, record: Record) -> str:
    title, describe = PARTS[part(record)]
    versions = [f"{program} {version}" for program, version in record["versions"].items()]
    lines = [
        f"### {title}",
        "",
        f"{record['date']}, {record['machine']} ([`{name}.json`](results/{name}.json))  ",
        f"{' · '.join(versions)}  ",
        f"`{record['command']}`",
        "",
        describe(record),
    ]
    return "\n".join(lines)


def part(record: Record) -> str:
    if record["kind"] != "training":
        return record["kind"]
    if record["options"]["cold"]:
        return "cold"
    return "conv" if record["options"]["presets"] == ["conv"] else "training"


if __name__ == "__main__":
    run_main(main)
