#!/usr/bin/env python3
"""How far training steps are from the machine's floor, and how cost grows: `vae bench`, in turn.

The floor of an operation is its arithmetic at the rate of the fastest square product, or its bytes
at the rate of Adam on 256 MB, whichever takes longer; the same run measures both rates.

    python3 Benchmarks/steps.py --seconds 1 --save two-cores-steps
"""

import argparse
import json
import os
import tempfile

import common
from common import Record, run_main, run_process, table, words

PROGRAMS = {"cpu": ["blas", "opencl"], "cuda": ["opencl"]}
PRESETS = ["pytorch", "keras"]
SCALES = {"batch-size": "32,128,512,4096", "hidden": "128,400,1024,4096", "latent": "2,20,128,512"}


def main() -> None:
    arguments = parse_arguments()
    environment = common.confine(arguments.threads)
    record = common.start_record("steps", arguments, environment, {})
    runs = [{"preset": preset} for preset in PRESETS]
    runs += [{option: values} for option, values in SCALES.items()]
    for number, run in enumerate(runs):
        for program in arguments.programs:
            load = os.getloadavg()[0]
            report = measure(program, run, arguments, environment)
            record["versions"][program] = report["device"]
            record["measurements"].append({
                "program": program, "run": run, "load": load,
                "peaks": report["peaks"], "results": report["results"],
            })  # fmt: skip
            print(f"{number + 1} of {len(runs)}  {program}  {run}  load {load:.1f}", flush=True)
    print("\n" + describe(record))
    if arguments.save:
        common.save(record, arguments.save)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    common.add_common_options(parser)
    parser.add_argument(
        "--seconds", type=float, default=0.5, help="for each operation and each step"
    )
    parser.add_argument("--programs", type=words, help="what `vae bench --backend` takes")
    parser.add_argument("--save", metavar="NAME", help="writes results/NAME.json")
    arguments = parser.parse_args()
    arguments.programs = arguments.programs or PROGRAMS[arguments.device]
    return arguments


def measure(
    program: str,
    run: dict[str, str],
    arguments: argparse.Namespace,
    environment: dict[str, str],
) -> dict:
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        command = [str(arguments.vae), "bench", f"--backend={program}", f"--json={file.name}"]
        command += [f"--{option}={values}" for option, values in run.items()]
        run_process([*command, f"--seconds={arguments.seconds}"], environment)
        with open(file.name) as report:
            return json.load(report)


def describe(record: Record) -> str:
    """Tables in Markdown: distances from the floor, the operations, and how cost grows."""
    rows = record["measurements"]
    presets = [row for row in rows if "preset" in row["run"]]
    load = max(row["load"] for row in rows)
    lines = [f"Median (quartiles) of a step; load average up to {load:.1f}.", *floors(presets)]
    for row in presets:
        lines += operations(row)
    return "\n".join([*lines, *growth(rows)]) + "\n"


def floors(rows: list[dict]) -> list[str]:
    body = []
    for row in rows:
        step, peaks = row["results"][-1], row["peaks"]
        flops, moved = step["floating_point_operations"], step["bytes"]
        body.append([
            f"{row['run']['preset']}, {row['program']}",
            milliseconds(step["seconds"]),
            f"{flops / 1e6:.0f} M at {peaks['operations_per_second'] / 1e9:.0f} GFLOP/s:"
            f" {1e3 * flops / peaks['operations_per_second']:.2f}",
            f"{moved / 1e6:.1f} MB at {peaks['bytes_per_second'] / 1e9:.1f} GB/s:"
            f" {1e3 * moved / peaks['bytes_per_second']:.2f}",
            f"{1e3 * step['share_of_peak'] * step['seconds']['median']:.2f}",
            f"{1 / step['share_of_peak']:.2f}",
        ])  # fmt: skip
    columns = ["step", "ms", "arithmetic, ms", "memory, ms", "floor of its operations, ms"]
    return table([*columns, "step ÷ floor"], body)


def operations(row: dict) -> list[str]:
    """Where a step's time goes, by operations measured one by one."""
    *parts, step = row["results"]
    body, total = [], 0.0
    for part in parts:
        seconds = part["calls"] * part["seconds"]["median"]
        total += seconds
        body.append([
            f"{part['name']} {part['shapes']}",
            str(part["calls"]),
            f"{1e3 * seconds:.3f}",
            f"{seconds / step['seconds']['median']:.0%}",
            f"{part['floating_point_operations'] / part['seconds']['median'] / 1e9:.1f}",
            f"{part['bytes'] / part['seconds']['median'] / 1e9:.1f}",
            f"{part['share_of_peak']:.0%}",
        ])  # fmt: skip
    rest = step["seconds"]["median"] - total
    share = f"{rest / step['seconds']['median']:.0%}"
    body.append(["the step beyond these", "", f"{1e3 * rest:.3f}", share, "", "", ""])
    title = f"{row['run']['preset']}, {row['program']}"
    return table([title, "calls", "ms", "of the step", "GFLOP/s", "GB/s", "of peak"], body)


def growth(rows: list[dict]) -> list[str]:
    programs = list(dict.fromkeys(row["program"] for row in rows))
    lines = []
    for option, values in SCALES.items():
        reports = [row for row in rows if option in row["run"]]
        body = []
        for position, value in enumerate(values.split(",")):
            steps = [row["results"][position] for row in reports]
            cells = [value, f"{steps[0]['floating_point_operations'] / 1e6:,.0f}"]
            for step in steps:
                rate = step["floating_point_operations"] / step["seconds"]["median"]
                cells += [milliseconds(step["seconds"]), f"{rate / 1e9:.1f}"]
                cells.append(f"{step['share_of_peak']:.0%}")
            body.append(cells)
        columns = [
            f"{program}, {unit}" for program in programs for unit in ("ms", "GFLOP/s", "of peak")
        ]
        lines += table([option.replace("-", " "), "Mflop a step", *columns], body)
    return lines


def milliseconds(timing: dict) -> str:
    middle, low, high = (
        1e3 * timing[key] for key in ("median", "lower_quartile", "upper_quartile")
    )
    return f"{middle:.2f} ({low:.2f}–{high:.2f})"


if __name__ == "__main__":
    run_main(main)
