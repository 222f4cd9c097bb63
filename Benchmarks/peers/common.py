"""What both peers share: the presets, the data and the form of a result."""

import argparse
import gzip
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Preset:
    """A model and how it is trained, as in `vae train --preset`. Everything uses ReLU and Adam."""

    encoder: int
    latent: int
    decoder: int
    batch_size: int
    learning_rate: float
    # Bernoulli with a log-variance head, or summed squared error with a sigma head.
    is_bernoulli: bool
    # Glorot-uniform weights and zero biases, or PyTorch's uniform by fan-in for both.
    is_glorot: bool
    # Channels of the encoder's convolutions (kernel 4, stride 2, padding 1), mirrored by the decoder.
    convolutions: tuple[int, ...] = ()


PRESETS = {
    "pytorch": Preset(400, 20, 400, 128, 1e-3, is_bernoulli=True, is_glorot=False),
    "keras": Preset(250, 30, 320, 250, 1e-3, is_bernoulli=False, is_glorot=True),
    "conv": Preset(
        256, 20, 256, 128, 1e-3, is_bernoulli=True, is_glorot=True, convolutions=(32, 64)
    ),
}
# Inside the sigma head's logarithm.
KL_EPSILON = 1e-10


def load_images(source: str) -> np.ndarray:
    """The training images, one a row, in [0, 1]: of an IDX folder, or 60,000 × 784 random pixels."""
    if source == "random":
        pixels = np.random.default_rng(0).integers(0, 256, (60_000, 784), dtype=np.uint8)
    else:
        path = Path(source) / "train-images-idx3-ubyte"
        packed = path.with_name(path.name + ".gz")
        content = gzip.decompress(packed.read_bytes()) if packed.exists() else path.read_bytes()
        magic, count, rows, columns = np.frombuffer(content, ">i4", 4)
        if magic != 0x803:
            raise SystemExit(f"error: {path} is not an IDX file of images")
        pixels = np.frombuffer(content, np.uint8, offset=16).reshape(count, rows * columns)
    return pixels.astype(np.float32) / 255


def make_parser(description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--preset", choices=PRESETS, default="pytorch")
    parser.add_argument("--data", default="random", help="an IDX folder, or 'random'")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--threads", type=int, default=2, help="PyTorch's; JAX takes every core it may run on"
    )
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument(
        "--versions", action="store_true", help="prints versions as JSON, if this can run"
    )
    return parser


def measure(run_epoch: Callable[[], float], epochs: int, images: int, batch_size: int) -> None:
    """Prints a line of JSON for each epoch; `run_epoch` returns its mean loss when all work is done."""
    steps = -(-images // batch_size)
    for _ in range(epochs):
        start = time.perf_counter()
        loss = run_epoch()
        seconds = time.perf_counter() - start
        result = {
            "images_per_second": images / seconds,
            "milliseconds_per_step": 1000 * seconds / steps,
            "loss": loss,
        }
        print(json.dumps(result), flush=True)
