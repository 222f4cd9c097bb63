#!/usr/bin/env python3
"""Matrix products of `vae` and of BLAS libraries, measured in turn on the same device.

The products are those of a training step of each preset, and of squares. In every round each
program is a process of its own that keeps its matrices where it computes, is warmed up, makes many
calls and waits once for all of them; a round's ratios are of what ran within seconds of each other.
Ours add a bias, or compute the bias's gradient, in the same time.

    python3 Benchmarks/matmul.py --rounds 5 --squares 1024,2048,4096 --save two-cores-matmul
"""

import argparse
import json
import math
import os
import statistics
import tempfile

import common
from common import Failure, Record, run_main, run_peer, run_process, spread, table, words

PEERS = ["clblast", "openblas", "cublas"]
PROGRAMS = {
    "cpu": ["opencl", "blas", "clblast", "openblas"],
    "cuda": ["opencl", "clblast", "cublas"],
}
RATIOS = [
    ("opencl", "clblast"), ("opencl", "openblas"), ("opencl", "cublas"), ("blas", "openblas"),
]  # fmt: skip
# Examples × inputs × outputs of each layer; the head's mean and spread are one layer.
PRESETS = {
    "pytorch": ["128x784x400", "128x400x40", "128x20x400", "128x400x784"],
    "keras": ["250x784x250", "250x250x60", "250x30x320", "250x320x784"],
}
PRODUCTS = ["dense", "dense input gradient", "dense parameter gradient"]


def main() -> None:
    arguments = parse_arguments()
    environment = common.confine(arguments.threads)
    arguments.opencl = choose_opencl_device(arguments, environment)
    peers = {}
    for program in set(arguments.programs) & set(PEERS):
        output, _, _ = call_peer(program, ["--versions"], arguments, environment)
        peers |= json.loads(output)
    record = common.start_record("matmul", arguments, environment, dict(sorted(peers.items())))
    groups = PRESETS | {f"{size}³": [f"{size}x{size}x{size}"] for size in arguments.squares}
    for number in range(arguments.rounds):
        for group, shapes in groups.items():
            # No step needs the gradient of its images.
            products = [
                (name, shape)
                for shape in shapes
                for name in PRODUCTS
                if not (group in PRESETS and shape == shapes[0] and name == PRODUCTS[1])
            ]
            for program in arguments.programs:
                load = os.getloadavg()[0]
                times = measure(program, shapes, products, arguments, environment)
                head = {"group": group, "program": program, "round": number, "load": load}
                record["measurements"] += [
                    head | {"product": name, "shape": shape, "seconds": times[name, shape]}
                    for name, shape in products
                ]
                rates = [operations(shape) / times[name, shape] for name, shape in products]
                print(
                    f"round {number + 1}  {group:8} {program:9} {min(rates) / 1e9:8.1f} –"
                    f" {max(rates) / 1e9:8.1f} GFLOP/s  load {load:.1f}",
                    flush=True,
                )
    print("\n" + describe(record))
    if arguments.save:
        common.save(record, arguments.save)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    common.add_common_options(parser)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.1, help="for each product")
    parser.add_argument(
        "--squares", type=words, default=["1024", "2048"], help="sizes of square matrices"
    )
    parser.add_argument(
        "--programs",
        type=words,
        help=f"opencl, blas, {', '.join(PEERS)}; of these {','.join(PROGRAMS['cpu'])},"
        f" or with --device cuda {','.join(PROGRAMS['cuda'])}",
    )
    parser.add_argument(
        "--opencl", type=int, help="an OpenCL device's number; the first GPU, else the first device"
    )
    parser.add_argument("--save", metavar="NAME", help="writes results/NAME.json")
    arguments = parser.parse_args()
    arguments.programs = arguments.programs or PROGRAMS[arguments.device]
    if arguments.rounds < 1:
        parser.error("--rounds must be at least 1")
    for program in arguments.programs:
        if program not in ["opencl", "blas", *PEERS]:
            parser.error(f"unknown program '{program}'; --help lists them")
    if not all(size.isdecimal() and int(size) > 0 for size in arguments.squares):
        parser.error("--squares takes numbers: 1024,2048")
    if "cublas" in arguments.programs and arguments.device != "cuda":
        parser.error("cublas needs --device cuda")
    return arguments


def choose_opencl_device(arguments: argparse.Namespace, environment: dict[str, str]) -> int:
    """The number that both `vae` and CLBlast are told, so that they measure the same device."""
    output, _, _ = run_process([str(arguments.vae), "devices", "--json"], environment)
    devices = json.loads(output)["devices"]
    numbers = [device["index"] for device in devices]
    if arguments.opencl is not None:
        if arguments.opencl not in numbers:
            raise Failure(f"--opencl {arguments.opencl}: `vae devices` lists {numbers}")
        return arguments.opencl
    if not numbers:
        raise Failure("`vae devices` lists no OpenCL device")
    return next((d["index"] for d in devices if d["type"] == "gpu"), numbers[0])


def measure(
    program: str,
    shapes: list[str],
    products: list[tuple[str, str]],
    arguments: argparse.Namespace,
    environment: dict[str, str],
) -> dict[tuple[str, str], float]:
    """The median seconds of each product, by its name and shape."""
    if program in PEERS:
        named = ",".join(f"{name}:{shape}" for name, shape in products)
        options = [f"--products={named}", f"--seconds={arguments.seconds}"]
        output, _, _ = call_peer(program, options, arguments, environment)
        rows = [json.loads(line) for line in output.splitlines()]
        return {(row["product"], row["shape"]): row["seconds"] for row in rows}
    backend = f"opencl:{arguments.opencl}" if program == "opencl" else program
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        command = [str(arguments.vae), "bench", f"--backend={backend}", f"--json={file.name}"]
        command += [f"--matmul={','.join(shapes)}", f"--seconds={arguments.seconds}"]
        run_process(command, environment)
        with open(file.name) as report:
            results = json.load(report)["results"]
    keys = [(name, shape) for shape in shapes for name in PRODUCTS]
    if [result["name"] for result in results] != [name for name, _ in keys]:
        raise Failure("`vae bench --matmul` does not report a layer's three products")
    return {key: result["seconds"]["median"] for key, result in zip(keys, results)}


def call_peer(
    library: str, options: list[str], arguments: argparse.Namespace, environment: dict[str, str]
) -> tuple[str, float, float]:
    options = [f"--library={library}", f"--opencl={arguments.opencl}", *options]
    return run_peer("matmul.py", options, arguments, environment)


def operations(shape: str) -> int:
    return 2 * math.prod(map(int, shape.split("x")))


def describe(record: Record) -> str:
    """A table in Markdown for each preset and the squares, and the least ratios of each."""
    programs, rows = record["options"]["programs"], record["measurements"]
    ratios = [pair for pair in RATIOS if set(pair) <= set(programs)]
    columns = [f"{program}, GFLOP/s" for program in programs]
    columns += [f"{own} ÷ {peer}" for own, peer in ratios]
    lines = [f"{common.conditions(record)}. Median (least–most); ratios are taken within a round."]
    for group in dict.fromkeys(row["group"] for row in rows):
        of_group = [row for row in rows if row["group"] == group]
        body, medians = [], {pair: [] for pair in ratios}
        for name, shape in dict.fromkeys((row["product"], row["shape"]) for row in of_group):
            times = {
                (row["program"], row["round"]): row["seconds"]
                for row in of_group
                if (row["product"], row["shape"]) == (name, shape)
            }
            numbers = range(record["options"]["rounds"])
            cells = [f"{name} {shape.replace('x', '×')}"]
            for program in programs:
                rates = [operations(shape) / times[program, number] / 1e9 for number in numbers]
                cells.append(spread(rates, ".1f"))
            for own, peer in ratios:
                quotients = [times[peer, number] / times[own, number] for number in numbers]
                cells.append(spread(quotients, ".2f"))
                medians[own, peer].append(statistics.median(quotients))
            body.append(cells)
        least = [""] * len(programs) + [f"{min(medians[pair]):.2f}" for pair in ratios]
        lines += table([group, *columns], [*body, ["least", *least]])
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    run_main(main)
