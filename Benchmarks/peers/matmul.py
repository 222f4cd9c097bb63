"""Matrix products by CLBlast, OpenBLAS or cuBLAS, timed as `vae bench --matmul` times ours.

Prints a line of JSON for each product. A dense layer of M examples, K inputs and N outputs has three:
its output X·W, its input's gradient G·Wᵀ and its weights' gradient Xᵀ·G, all matrices row-major.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

# NumPy's own OpenBLAS only checks results; a second thread of it would spin on in what is timed.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

from blas_libraries import LIBRARIES, Library

FEWEST_SAMPLES = 5


@dataclass(frozen=True)
class Product:
    """C = op(A)·op(B), op(A) of rows × inner and op(B) of inner × columns."""

    rows: int
    inner: int
    columns: int
    transposes_a: bool = False
    transposes_b: bool = False

    @staticmethod
    def of_layer(name: str, m: int, k: int, n: int) -> "Product":
        if name == "dense":
            return Product(m, k, n)
        if name == "dense input gradient":
            return Product(m, n, k, transposes_b=True)
        if name == "dense parameter gradient":
            return Product(k, m, n, transposes_a=True)
        raise SystemExit(f"error: no product is called '{name}'")

    def operands(self) -> tuple[np.ndarray, np.ndarray]:
        generator = np.random.default_rng(1)
        a, b = (self.rows, self.inner), (self.inner, self.columns)
        a, b = a[::-1] if self.transposes_a else a, b[::-1] if self.transposes_b else b
        return generator.random(a, np.float32), generator.random(b, np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--library", choices=LIBRARIES, required=True)
    parser.add_argument("--products", help="name:MxKxN,…")
    parser.add_argument("--seconds", type=float, default=0.1, help="for each product")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--opencl", type=int, default=0, help="the device's number for CLBlast")
    parser.add_argument("--versions", action="store_true", help="prints versions, and no more")
    arguments = parser.parse_args()
    library = LIBRARIES[arguments.library](arguments)
    if arguments.versions:
        print(json.dumps(library.versions))
        return
    for item in arguments.products.split(","):
        name, _, shape = item.partition(":")
        product = Product.of_layer(name, *map(int, shape.split("x")))
        seconds = measure(product, library, arguments.seconds)
        print(json.dumps({"product": name, "shape": shape, "seconds": seconds}), flush=True)


def measure(product: Product, library: Library, budget: float) -> float:
    a, b = product.operands()
    run = library.prepare(product, a, b)
    run(1)
    expected = (a.T if product.transposes_a else a) @ (b.T if product.transposes_b else b)
    # Sums of positive numbers: single precision is off by far less, a wrong product by far more.
    if not np.allclose(library.result(), expected, rtol=1e-4):
        raise SystemExit(f"error: {type(library).__name__} computes {product} wrongly")
    return median_seconds(budget, run) - library.call_seconds


def median_seconds(budget: float, run: Callable[[int], None]) -> float:
    """Of one repetition, by the method of Sources/Benchmarking/Timing.swift."""

    def sample(repetitions: int) -> float:
        start = time.perf_counter()
        run(repetitions)
        return time.perf_counter() - start

    warm_up, repetitions = sample(1), 1
    while True:
        seconds = sample(repetitions)
        warm_up += seconds
        if seconds < budget / 32:
            repetitions *= 2
        elif warm_up >= budget / 4:
            break
    samples = []
    while len(samples) < FEWEST_SAMPLES or sum(samples) < budget:
        samples.append(sample(repetitions))
    return statistics.median(samples) / repetitions


if __name__ == "__main__":
    main()
