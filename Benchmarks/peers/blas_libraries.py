"""The libraries of matmul.py: operands stay where they are computed with, and calls cost little."""

import argparse
import ctypes
import ctypes.util
import time
from collections.abc import Callable
from ctypes import c_float, c_int, c_size_t, c_void_p
from pathlib import Path
from typing import Protocol

import numpy as np

from opencl import Queue

# CBLAS and CLBlast number these alike.
ROW_MAJOR, PLAIN, TRANSPOSED = 101, 111, 112


class Library(Protocol):
    # What is called, and its version.
    versions: dict[str, str]
    # The interpreter's share of a call, where the work does not run meanwhile.
    call_seconds: float

    def prepare(self, product, a: np.ndarray, b: np.ndarray) -> Callable[[int], None]:
        """What computes the product so often, and returns when all is done."""

    def result(self) -> np.ndarray:
        """The product last computed."""


def load(name: str, package: str) -> ctypes.CDLL:
    try:
        return ctypes.CDLL(name)
    except OSError as error:
        raise SystemExit(
            f"error: {name} cannot be loaded: install Debian's {package}, or leave it out of --programs"
        ) from error


def transposes(product) -> list[c_int]:
    flags = product.transposes_a, product.transposes_b
    return [c_int(TRANSPOSED if flag else PLAIN) for flag in flags]


class OpenBLAS:
    def __init__(self, arguments: argparse.Namespace):
        self.library = load("libopenblas.so.0", "libopenblas0-pthread")
        self.library.openblas_set_num_threads(arguments.threads)
        self.library.openblas_get_config.restype = ctypes.c_char_p
        config = self.library.openblas_get_config().decode()
        self.versions = {"OpenBLAS": config.removeprefix("OpenBLAS ").strip()}
        self.call_seconds = self.measure_call()

    def prepare(self, product, a: np.ndarray, b: np.ndarray) -> Callable[[int], None]:
        self.a, self.b = a, b
        self.c = np.zeros((product.rows, product.columns), np.float32)
        sizes = product.rows, product.columns, product.inner
        return self.repeat(transposes(product), sizes)

    def repeat(self, operations: list[c_int], sizes: tuple[int, int, int]) -> Callable[[int], None]:
        def matrix(array: np.ndarray) -> tuple[c_void_p, c_int]:
            return c_void_p(array.ctypes.data), c_int(array.shape[1])

        sgemm = self.library.cblas_sgemm
        sgemm.restype = None
        # Converted once: a call is then one of a few microseconds.
        call = [c_int(ROW_MAJOR), *operations, *map(c_int, sizes), c_float(1), *matrix(self.a)]
        call += [*matrix(self.b), c_float(0), *matrix(self.c)]

        def run(repetitions: int) -> None:
            for _ in range(repetitions):
                sgemm(*call)

        return run

    def measure_call(self, repetitions: int = 10_000) -> float:
        """The least time of a call that has no rows to compute."""
        self.a = self.b = self.c = np.zeros((1, 1), np.float32)
        run = self.repeat([c_int(PLAIN)] * 2, (0, 1, 1))
        times = []
        for _ in range(5):
            start = time.perf_counter()
            run(repetitions)
            times.append((time.perf_counter() - start) / repetitions)
        return min(times)

    def result(self) -> np.ndarray:
        return self.c


class CLBlast:
    # The device computes while the next call is made.
    call_seconds = 0.0

    def __init__(self, arguments: argparse.Namespace):
        self.library = load("libclblast.so.1", "libclblast1")
        self.queue = Queue(arguments.opencl)
        # CLBlast does not tell its version; its file's name does.
        path = mapped_file("libclblast.so")
        self.versions = {
            "CLBlast": path.resolve().name.partition(".so.")[2],
            "CLBlast's device": self.queue.device_name,
        }

    def prepare(self, product, a: np.ndarray, b: np.ndarray) -> Callable[[int], None]:
        queue = self.queue
        queue.release_buffers()
        self.shape = product.rows, product.columns
        self.c = queue.buffer(np.zeros(self.shape, np.float32))

        def matrix(buffer: c_void_p, columns: int) -> list:
            return [buffer, c_size_t(0), c_size_t(columns)]

        sizes = map(c_size_t, (product.rows, product.columns, product.inner))
        call = [c_int(ROW_MAJOR), *transposes(product), *sizes, c_float(1)]
        call += matrix(queue.buffer(a), a.shape[1]) + matrix(queue.buffer(b), b.shape[1])
        call += [c_float(0), *matrix(self.c, product.columns), ctypes.byref(queue.handle), None]
        sgemm = self.library.CLBlastSgemm

        def run(repetitions: int) -> None:
            for _ in range(repetitions):
                status = sgemm(*call)
                if status != 0:
                    raise SystemExit(f"error: CLBlastSgemm returned {status}")
            queue.finish()

        return run

    def result(self) -> np.ndarray:
        return self.queue.read(self.c, self.shape)


class CuBLAS:
    """Through PyTorch, without TF32; a CUDA graph keeps PyTorch's own time out."""

    call_seconds = 0.0

    def __init__(self, arguments: argparse.Namespace):
        try:
            import torch
        except ImportError as error:
            raise SystemExit(f"error: cublas needs PyTorch: {error}") from error
        if not torch.cuda.is_available():
            raise SystemExit("error: cublas needs a CUDA device, and PyTorch finds none")
        torch.set_float32_matmul_precision("highest")
        self.torch = torch
        self.versions = {
            "cuBLAS": f"of PyTorch {torch.__version__}, CUDA {torch.version.cuda}",
            "cuBLAS's device": torch.cuda.get_device_name(),
        }

    def prepare(self, product, a: np.ndarray, b: np.ndarray) -> Callable[[int], None]:
        torch = self.torch
        x, y = (torch.from_numpy(operand).cuda() for operand in (a, b))
        x, y = x.T if product.transposes_a else x, y.T if product.transposes_b else y
        self.c = torch.empty((product.rows, product.columns), device="cuda")
        # cuBLAS takes its workspace outside of the graph.
        torch.mm(x, y, out=self.c)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            torch.mm(x, y, out=self.c)
        torch.cuda.synchronize()
        # The graph knows addresses alone: its operands must live as long.
        self.graph, self.operands = graph, (x, y)

        def run(repetitions: int) -> None:
            for _ in range(repetitions):
                graph.replay()
            torch.cuda.synchronize()

        return run

    def result(self) -> np.ndarray:
        return self.c.cpu().numpy()


def mapped_file(prefix: str) -> Path:
    """The file of a library that this process has loaded."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        path = line.split(maxsplit=5)[-1]
        if Path(path).name.startswith(prefix):
            return Path(path)
    raise SystemExit(f"error: {prefix} is not loaded")


LIBRARIES = {"clblast": CLBlast, "openblas": OpenBLAS, "cublas": CuBLAS}
