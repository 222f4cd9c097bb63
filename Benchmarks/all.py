#!/usr/bin/env python3
"""Everything for the record, part by part, and RESULTS.md: twenty minutes on two cores.

make bench ARGS='--data data/mnist'
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable

import common
from common import HERE, Failure, run_main, words

# Each part's script and what it is told beyond the common options.
PARTS: dict[str, Callable[[argparse.Namespace], list[str]]] = {
    "training": lambda given: ["bench.py", f"--rounds={given.rounds or 5}", *data(given)],
    # PyTorch alone has a program for it.
    "conv": lambda given: [
        "bench.py", "--presets=conv", f"--rounds={given.rounds or 3}", *data(given),
        "--programs="
        + ("opencl,pytorch,pytorch-graphs" if given.device == "cuda" else "blas,opencl,pytorch"),
    ],
    "cold": lambda given: [
        "bench.py", "--cold", f"--rounds={given.rounds or 3}", *data(given),
        f"--programs={'opencl,pytorch' if given.device == 'cuda' else 'blas,opencl,pytorch'}",
    ],
    "matmul": lambda given: [
        "matmul.py", f"--rounds={given.rounds or 3}", f"--seconds={given.seconds or 0.1}",
        f"--squares={given.squares}",
    ],
    "steps": lambda given: ["steps.py", f"--seconds={given.seconds or 0.3}"],
}  # fmt: skip


def main() -> None:
    arguments = parse_arguments()
    if os.getloadavg()[0] > 0.5:
        print(f"note: the load average is {os.getloadavg()[0]:.1f}; other programs are running")
    start = time.perf_counter()
    taken = []
    for part in arguments.only:
        script, *options = PARTS[part](arguments)
        options.append(f"--save={arguments.name}-{part}")
        for name in "threads", "device", "vae", "python":
            options.append(f"--{name}={getattr(arguments, name)}")
        taken.append((part, run(script, options)))
    taken.append(("RESULTS.md", run("results.py", [])))
    taken.append(("together", time.perf_counter() - start))
    for part, seconds in taken:
        print(f"{part:12} {seconds:7.1f} s")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    common.add_common_options(parser)
    parser.add_argument("--name", help="of the files in results/ (default: N-cores or cuda)")
    parser.add_argument("--only", type=words, default=list(PARTS), help=", ".join(PARTS))
    parser.add_argument("--rounds", type=int, help="of each part; 5 of training, else 3")
    parser.add_argument("--seconds", type=float, help="for each product, operation and step")
    parser.add_argument("--squares", help="sizes of square matrices")
    parser.add_argument("--data", help="an IDX folder; random pixels otherwise")
    arguments = parser.parse_args()
    is_gpu = arguments.device == "cuda"
    arguments.name = arguments.name or ("cuda" if is_gpu else f"{arguments.threads}-cores")
    arguments.squares = arguments.squares or ("1024,2048,4096" if is_gpu else "1024,2048")
    for part in arguments.only:
        if part not in PARTS:
            parser.error(f"unknown part '{part}': there are {', '.join(PARTS)}")
    return arguments


def data(arguments: argparse.Namespace) -> list[str]:
    return [f"--data={arguments.data}"] if arguments.data else []


def run(script: str, options: list[str]) -> float:
    """The seconds that a script took, after it has said all it has to say."""
    print(f"\n{script} {' '.join(options)}\n", flush=True)
    start = time.perf_counter()
    if subprocess.run([sys.executable, str(HERE / script), *options]).returncode != 0:
        raise Failure(f"{script} failed; --only names parts to be measured again")
    return time.perf_counter() - start


if __name__ == "__main__":
    run_main(main)
