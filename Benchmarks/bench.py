#!/usr/bin/env python3
"""Training throughput of `vae` and of its peers, measured in turn: A B C A B C ….

A machine's speed drifts by the hour, so only what ran in the same round is compared: ratios are
taken within a round, and the median over rounds is reported. Every program runs as a process of
its own, on the same cores, on the same IDX files, for whole epochs. Images per second are the
program's own account of an epoch; seconds and peak memory are those of the whole process, as the
kernel counts them.

    make bench ARGS='--rounds 9 --data data/mnist --save results'
"""

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

# Nothing big may be imported or held here: Linux counts a parent's memory into its child's peak.

HERE = Path(__file__).resolve().parent
PEERS = {"pytorch": "pytorch_vae.py", "jax": "jax_vae.py"}
PRESETS = ["pytorch", "keras"]
THREAD_VARIABLES = [
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    # PoCL before and since version 4.
    "POCL_MAX_PTHREAD_COUNT",
    "POCL_CPU_MAX_CU_COUNT",
]
TRAINING_IMAGES, TEST_IMAGES, SIDE = 60_000, 1_000, 28


@dataclass
class Measurement:
    """One process."""

    preset: str
    program: str
    round: int
    images_per_second: float
    loss: float
    # Of the whole process, from its start to its end.
    seconds: float
    peak_megabytes: float
    # Processes that wanted a core when it started: much above 0, the figures mean little.
    load: float


class Failure(Exception):
    """A program that did not do its work."""


def main() -> None:
    arguments = parse_arguments()
    cores = sorted(os.sched_getaffinity(0))[: arguments.threads]
    # Inherited by every program.
    os.sched_setaffinity(0, cores)
    environment = os.environ | {name: str(len(cores)) for name in THREAD_VARIABLES}
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(arguments.data) if arguments.data else write_random_images(Path(scratch))
        measurements = []
        for preset in arguments.presets:
            for number in range(arguments.rounds):
                for program in arguments.programs:
                    measurement = measure(program, preset, number, data, arguments, environment)
                    measurements.append(measurement)
                    show(measurement)
    report = describe(measurements, arguments, len(cores))
    print("\n" + report)
    if arguments.save:
        save(measurements, report, HERE / "results" / arguments.save)


def parse_arguments() -> argparse.Namespace:
    def words(text: str) -> list[str]:
        return text.split(",")

    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=1, help="of each process")
    parser.add_argument("--threads", type=int, default=2, help="cores for each process")
    parser.add_argument("--presets", type=words, default=PRESETS)
    parser.add_argument(
        "--programs",
        type=words,
        default=["blas", "opencl", *PEERS],
        help="'pytorch', 'jax', or whatever `vae train --backend` takes",
    )
    parser.add_argument("--baseline", default="pytorch", help="what ratios are relative to")
    parser.add_argument("--data", help="an IDX folder; random pixels otherwise")
    parser.add_argument("--vae", type=Path, default=HERE.parent / ".build/release/vae")
    parser.add_argument("--python", default=sys.executable, help="one that has the peers")
    parser.add_argument("--save", metavar="NAME", help="writes results/NAME.json and NAME.md")
    arguments = parser.parse_args()
    if arguments.rounds < 1 or arguments.epochs < 1 or arguments.threads < 1:
        parser.error("--rounds, --epochs and --threads must be at least 1")
    for preset in arguments.presets:
        if preset not in PRESETS:
            parser.error(f"unknown preset '{preset}': there are {', '.join(PRESETS)}")
    return arguments


def measure(
    program: str,
    preset: str,
    number: int,
    data: Path,
    arguments: argparse.Namespace,
    environment: dict[str, str],
) -> Measurement:
    # A seed for each round: programs differ in the numbers they draw anyway.
    common = [f"--preset={preset}", f"--data={data}", f"--epochs={arguments.epochs}"]
    common.append(f"--seed={number + 1}")
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        if program in PEERS:
            script = str(HERE / "peers" / PEERS[program])
            threads = f"--threads={arguments.threads}"
            command = [arguments.python, script, *common, threads]
        else:
            backend, run = f"--backend={program}", f"{folder}/run"
            command = [str(arguments.vae), "train", *common, backend, f"--out={run}", "--quiet"]
        output, seconds, peak = run_process(command, environment)
        lines = output if program in PEERS else (Path(run) / "metrics.jsonl").read_text()
    epochs = [json.loads(line) for line in lines.splitlines() if line.startswith("{")]
    epochs = [epoch for epoch in epochs if epoch.get("split", "train") == "train"]
    if len(epochs) != arguments.epochs:
        raise Failure(f"{program} reported {len(epochs)} epochs instead of {arguments.epochs}")
    rate = statistics.median(epoch["images_per_second"] for epoch in epochs)
    return Measurement(preset, program, number, rate, epochs[-1]["loss"], seconds, peak, load)


def run_process(command: list[str], environment: dict[str, str]) -> tuple[str, float, float]:
    """What the process wrote to standard output, its seconds and its peak memory in MB."""
    start = time.perf_counter()
    try:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    except OSError as error:
        raise Failure(f"{command[0]}: {error.strerror}; `make build` makes it") from error
    with process.stdout:
        output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    # `wait4` has taken the status that Popen would wait for.
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise Failure(f"{' '.join(command)} ended with {process.returncode}")
    return output, seconds, usage.ru_maxrss * 1024 / 1e6


def write_random_images(folder: Path) -> Path:
    """An IDX folder of random pixels. Speed does not depend on what the images show."""
    generator = random.Random(0)
    for name, count in ("train", TRAINING_IMAGES), ("t10k", TEST_IMAGES):
        with open(folder / f"{name}-images-idx3-ubyte", "wb") as file:
            for number in (0x803, count, SIDE, SIDE):
                file.write(number.to_bytes(4, "big"))
            for _ in range(count):
                file.write(generator.randbytes(SIDE * SIDE))
    return folder


def show(measurement: Measurement) -> None:
    print(
        f"{measurement.preset:8} round {measurement.round + 1}  {measurement.program:10}"
        f" {measurement.images_per_second:9,.0f} images/s  loss {measurement.loss:8.2f}"
        f" {measurement.seconds:6.1f} s {measurement.peak_megabytes:6.0f} MB"
        f"  load {measurement.load:.1f}",
        flush=True,
    )


def describe(
    measurements: list[Measurement], arguments: argparse.Namespace, cores: int
) -> str:
    """A table in Markdown for each preset, and what it was measured on."""
    load = max(measurement.load for measurement in measurements)
    lines = [
        f"{processor()}, {cores} cores, {platform.system()};"
        f" {arguments.rounds} rounds of {arguments.epochs} epochs;"
        f" {arguments.data and 'IDX files' or 'random pixels'}; load average up to {load:.1f}.",
    ]
    for preset in arguments.presets:
        lines += [
            "",
            f"| {preset} | images/s: median (least–most) | ÷ {arguments.baseline}: median"
            " (least–most) | process, s | peak, MB |",
            "|---|---|---|---|---|",
        ]
        of_preset = [m for m in measurements if m.preset == preset]
        baseline = {
            m.round: m.images_per_second for m in of_preset if m.program == arguments.baseline
        }
        for program in arguments.programs:
            own = [m for m in of_preset if m.program == program]
            ratios = [m.images_per_second / baseline[m.round] for m in own if baseline]
            cells = [
                program,
                spread([m.images_per_second for m in own], ",.0f"),
                spread(ratios, ".2f") if ratios else "–",
                f"{statistics.median(m.seconds for m in own):.1f}",
                f"{max(m.peak_megabytes for m in own):.0f}",
            ]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def spread(values: list[float], form: str) -> str:
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:{form}} ({low:{form}}–{high:{form}})"


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def save(measurements: list[Measurement], report: str, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    rows = [json.dumps(asdict(measurement)) for measurement in measurements]
    path.with_suffix(".json").write_text("[\n" + ",\n".join(rows) + "\n]\n")
    path.with_suffix(".md").write_text(report)


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"error: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
