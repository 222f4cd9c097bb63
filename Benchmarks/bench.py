#!/usr/bin/env python3
"""Training throughput of `vae` and of its peers, measured in turn: A B C A B C ….

A machine's speed drifts by the hour, so only what ran in the same round is compared: ratios are
taken within a round, and the median over rounds is reported. Every program runs as a process of
its own, on the same cores, on the same IDX files, for whole epochs. Images per second are the
program's own account of an epoch; seconds and peak memory are those of the whole process, as the
kernel counts them. With --cold, `vae` finds no kernel that an earlier process has built.

    python3 Benchmarks/bench.py --rounds 9 --data data/mnist --save two-cores-training
"""

import argparse
import json
import os
import random
import statistics
import tempfile
from pathlib import Path

import common
from common import Failure, Record, run_main, run_peer, run_process, spread, table, words

PEERS = {
    "pytorch": ["pytorch_vae.py"],
    # TorchInductor generates C++ on a CPU: it needs g++ (or what CXX names) and Python's headers.
    "pytorch-compile": ["pytorch_vae.py", "--mode=compile"],
    "pytorch-graphs": ["pytorch_vae.py", "--mode=graphs"],
    "jax": ["jax_vae.py"],
}
PROGRAMS = {
    "cpu": ["blas", "opencl", "pytorch", "pytorch-compile", "jax"],
    "cuda": ["opencl", *PEERS],
}
PRESETS = ["pytorch", "keras"]
# Not by default: JAX has no program for it.
MORE_PRESETS = ["conv"]
TRAINING_IMAGES, TEST_IMAGES, SIDE = 60_000, 1_000, 28


def main() -> None:
    arguments = parse_arguments()
    environment = common.confine(arguments.threads)
    peers = versions(arguments, environment)
    record = common.start_record("training", arguments, environment, peers)
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(arguments.data) if arguments.data else write_random_images(Path(scratch))
        for preset in arguments.presets:
            for number in range(arguments.rounds):
                for program in arguments.programs:
                    row = measure(program, preset, number, data, arguments, environment)
                    record["measurements"].append(row)
                    show(row)
    print("\n" + describe(record))
    if arguments.save:
        common.save(record, arguments.save)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    common.add_common_options(parser)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=1, help="of each process")
    parser.add_argument("--presets", type=words, default=PRESETS)
    parser.add_argument(
        "--programs",
        type=words,
        help=f"{', '.join(PEERS)}, or whatever `vae train --backend` takes; of these"
        f" {','.join(PROGRAMS['cpu'])}, or with --device cuda {','.join(PROGRAMS['cuda'])}",
    )
    parser.add_argument("--baseline", default="pytorch", help="what ratios are relative to")
    parser.add_argument("--cold", action="store_true", help="empty caches of OpenCL programs")
    parser.add_argument("--data", help="an IDX folder; random pixels otherwise")
    parser.add_argument("--save", metavar="NAME", help="writes results/NAME.json")
    arguments = parser.parse_args()
    arguments.programs = arguments.programs or PROGRAMS[arguments.device]
    if arguments.rounds < 1 or arguments.epochs < 1:
        parser.error("--rounds and --epochs must be at least 1")
    for preset in arguments.presets:
        if preset not in PRESETS + MORE_PRESETS:
            known = ", ".join(PRESETS + MORE_PRESETS)
            parser.error(f"unknown preset '{preset}': there are {known}")
    if "pytorch-graphs" in arguments.programs and arguments.device != "cuda":
        parser.error("pytorch-graphs is CUDA graphs: it needs --device cuda")
    return arguments


def versions(arguments: argparse.Namespace, environment: dict[str, str]) -> dict[str, str]:
    """Those of the peers; one that cannot run says why, before anything is measured."""
    found = {}
    for program in arguments.programs:
        if program in PEERS:
            script, *mode = PEERS[program]
            options = [*mode, f"--device={arguments.device}", "--versions"]
            found |= json.loads(run_peer(script, options, arguments, environment)[0])
    return found


def measure(
    program: str,
    preset: str,
    number: int,
    data: Path,
    arguments: argparse.Namespace,
    environment: dict[str, str],
) -> dict:
    """One process. `seconds` is from its start to its end; `load`, the processes that wanted a core
    when it started: much above 0, the figures mean little."""
    # A seed for each round: programs differ in the numbers they draw anyway.
    options = [f"--preset={preset}", f"--data={data}", f"--epochs={arguments.epochs}"]
    options.append(f"--seed={number + 1}")
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        if program in PEERS:
            script, *mode = PEERS[program]
            options += [*mode, f"--device={arguments.device}"]
            output, seconds, peak = run_peer(script, options, arguments, environment)
        else:
            run = f"{folder}/run"
            command = [str(arguments.vae), "train", *options, f"--backend={program}"]
            command += [f"--out={run}", "--quiet"]
            environment = environment | (empty_caches(folder) if arguments.cold else {})
            _, seconds, peak = run_process(command, environment)
            output = (Path(run) / "metrics.jsonl").read_text()
    epochs = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    epochs = [epoch for epoch in epochs if epoch.get("split", "train") == "train"]
    if len(epochs) != arguments.epochs:
        raise Failure(f"{program} reported {len(epochs)} epochs instead of {arguments.epochs}")
    return {
        "preset": preset,
        "program": program,
        "round": number,
        "images_per_second": statistics.median(epoch["images_per_second"] for epoch in epochs),
        "loss": epochs[-1]["loss"],
        "seconds": seconds,
        "peak_megabytes": peak,
        "load": load,
    }


def empty_caches(folder: str) -> dict[str, str]:
    """Where our cache, PoCL's and Mesa's lie, and what turns NVIDIA's off."""
    cache = f"{folder}/cache"
    os.makedirs(f"{cache}/pocl")
    return {
        "XDG_CACHE_HOME": cache,
        "POCL_CACHE_DIR": f"{cache}/pocl",
        "CUDA_CACHE_DISABLE": "1",
    }


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


def show(row: dict) -> None:
    print(
        f"{row['preset']:8} round {row['round'] + 1}  {row['program']:15}"
        f" {row['images_per_second']:11,.0f} images/s  loss {row['loss']:8.2f}"
        f" {row['seconds']:6.1f} s {row['peak_megabytes']:6.0f} MB  load {row['load']:.1f}",
        flush=True,
    )


def describe(record: Record) -> str:
    """What was measured, and a table in Markdown for each preset."""
    options, baseline = record["options"], record["options"]["baseline"]
    lines = [
        f"{common.conditions(record)}, each of {options['epochs']} epoch(s) in a process of its own."
        " Median (least–most); ratios are taken within a round."
        + (" Every cache of OpenCL programs was empty." if options["cold"] else "")
    ]
    for preset in options["presets"]:
        rows = [row for row in record["measurements"] if row["preset"] == preset]
        base = {row["round"]: row for row in rows if row["program"] == baseline}
        body = []
        for program in options["programs"]:
            own = [row for row in rows if row["program"] == program]

            def ratios(key: str) -> str:
                values = [row[key] / base[row["round"]][key] for row in own if base]
                return spread(values, ".2f") if values else "–"

            body.append([
                program,
                spread([row["images_per_second"] for row in own], ",.0f"),
                ratios("images_per_second"),
                spread([row["seconds"] for row in own], ".1f"),
                ratios("seconds"),
                f"{max(row['peak_megabytes'] for row in own):.0f}",
                ratios("peak_megabytes"),
            ])  # fmt: skip
        against = f"÷ {baseline}"
        columns = [preset, "images/s", against, "process, s", against, "peak, MB", against]
        lines += table(columns, body)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    run_main(main)
