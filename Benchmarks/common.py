"""What the benchmarks share: processes on the same cores, what they ran on, how figures are kept."""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

# Nothing big may be imported or held here: Linux counts a parent's memory into its child's peak.

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
THREAD_VARIABLES = [
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    # PoCL before and since version 4.
    "POCL_MAX_PTHREAD_COUNT",
    "POCL_CPU_MAX_CU_COUNT",
]
# Options that say where things are: figures do not depend on them.
PLACES = {"vae", "python", "save"}
# A record: what a benchmark measured, on what, as its JSON file holds it.
Record = dict


class Failure(Exception):
    """A program that did not do its work."""


def words(text: str) -> list[str]:
    return text.split(",")


def add_common_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--threads", type=int, default=2, help="cores for each process")
    parser.add_argument(
        "--device", choices=["cpu", "cuda"], default="cpu", help="what the peers run on"
    )
    parser.add_argument("--vae", type=Path, default=HERE.parent / ".build/release/vae")
    parser.add_argument("--python", default=sys.executable, help="one that has the peers")


def run_main(main) -> None:
    try:
        main()
    except Failure as failure:
        sys.exit(f"error: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)


def confine(threads: int) -> dict[str, str]:
    """Leaves this process and its children so many cores, and returns the environment that says so."""
    cores = sorted(os.sched_getaffinity(0))
    if not 1 <= threads <= len(cores):
        raise Failure(f"--threads {threads}: there are {len(cores)} cores")
    os.sched_setaffinity(0, cores[:threads])
    return os.environ | {name: str(threads) for name in THREAD_VARIABLES}


def run_process(command: list[str], environment: dict[str, str]) -> tuple[str, float, float]:
    """What the process wrote to standard output, its seconds and its peak memory in MB."""
    start = time.perf_counter()
    try:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    except OSError as error:
        raise Failure(f"{command[0]}: {error.strerror}; `make build` makes vae") from error
    with process.stdout:
        output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    # `wait4` has taken the status that Popen would wait for.
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise Failure(f"{' '.join(command)} ended with {process.returncode}")
    return output, seconds, usage.ru_maxrss * 1024 / 1e6


def run_peer(
    script: str, options: list[str], arguments: argparse.Namespace, environment: dict[str, str]
) -> tuple[str, float, float]:
    """Runs a script of `peers`, as `run_process`."""
    command = [arguments.python, str(HERE / "peers" / script), f"--threads={arguments.threads}"]
    return run_process([*command, *options], environment)


def start_record(
    kind: str, arguments: argparse.Namespace, environment: dict[str, str], peers: dict[str, str]
) -> Record:
    """A record that says when, where, how and with which versions it was measured.

    - peers: the versions of what `vae` is measured against.
    """
    output, _, _ = run_process([str(arguments.vae), "devices", "--json"], environment)
    devices = json.loads(output)["devices"]
    if arguments.device == "cuda" and not any(device["type"] == "gpu" for device in devices):
        raise Failure("--device cuda: `vae devices` finds no GPU to measure against")
    opencl = [f"{d['name']} ({d['version']}, driver {d['driver']})" for d in devices]
    versions = {
        "vae": commit(),
        "Swift": line_of(["swift", "--version"]).removeprefix("Swift version "),
        "OpenCL": "; ".join(opencl) or "none",
    }
    return {
        "kind": kind,
        "date": date.today().isoformat(),
        "device": arguments.device,
        "machine": f"{processor()}, {arguments.threads} cores, {platform.system()}",
        "command": command_line(arguments),
        "versions": versions | peers,
        "options": {
            name: value
            for name, value in vars(arguments).items()
            if name not in PLACES and name != "data"
        },
        "measurements": [],
    }


def command_line(arguments: argparse.Namespace) -> str:
    """What repeats the measurement, without the places of this machine."""
    given = [f"python3 Benchmarks/{Path(sys.argv[0]).name}"]
    for name, value in vars(arguments).items():
        if name in PLACES or value is None or value is False:
            continue
        option = "--" + name.replace("_", "-")
        if name == "data":
            given.append("--data MNIST")
        elif value is True:
            given.append(option)
        else:
            given.append(f"{option} {','.join(value) if isinstance(value, list) else value}")
    return " ".join(given)


def commit() -> str:
    """What is checked out; results that are measured just now do not count as changes."""
    git = ["git", "-C", str(HERE.parent)]
    is_clean = (
        line_of([*git, "status", "--short", "--", "Sources", "Kernels", "Package.swift"]) == ""
    )
    return line_of([*git, "rev-parse", "--short=12", "HEAD"]) + ("" if is_clean else "-dirty")


def line_of(command: list[str]) -> str:
    """The first line that a program prints, or that there is no such program."""
    if not shutil.which(command[0]):
        return "not installed"
    finished = subprocess.run(command, capture_output=True, text=True)
    return finished.stdout.strip().partition("\n")[0] if finished.returncode == 0 else "unknown"


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def save(record: Record, name: str) -> None:
    """Writes `results/NAME.json`, a measurement a line."""
    RESULTS.mkdir(exist_ok=True)
    head = {key: value for key, value in record.items() if key != "measurements"}
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in record["measurements"])
    text = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    path = RESULTS / f"{name}.json"
    path.write_text(f'{text},\n "measurements": [\n{rows}\n]\n}}\n')
    print(f"wrote {path.relative_to(HERE.parent)}; results.py makes RESULTS.md of it")


def table(columns: list[str], rows: list[list[str]]) -> list[str]:
    """Lines of Markdown: a blank one and a table."""
    lines = [columns, ["---"] + ["---:"] * (len(columns) - 1), *rows]
    return ["", *("| " + " | ".join(line) + " |" for line in lines)]


def spread(values: list[float], form: str) -> str:
    """`median (least–most)`"""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:{form}} ({low:{form}}–{high:{form}})"


def conditions(record: Record) -> str:
    """How many rounds, and how busy the machine was with other things."""
    load = max(row["load"] for row in record["measurements"])
    return f"{record['options']['rounds']} rounds, load average up to {load:.1f}"
