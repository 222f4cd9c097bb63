"""The presets in PyTorch: the data one tensor on the device, gathered by index, fused Adam.

Eager, with the model compiled by torch.compile, or with whole steps replayed as CUDA graphs.
"""

import argparse
import json
import os
import shutil
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from common import KL_EPSILON, PRESETS, Preset, load_images, make_parser, measure


class VAE(nn.Module):
    def __init__(self, preset: Preset, pixels: int):
        super().__init__()
        self.preset = preset
        convolutions, maps, transposed = convolve(preset, pixels)
        self.convolutions = convolutions
        self.transposed = transposed
        self.encoder = nn.Linear(maps, preset.encoder)
        # Mean and spread from one product.
        self.head = nn.Linear(preset.encoder, 2 * preset.latent)
        self.decoder = nn.Linear(preset.latent, preset.decoder)
        self.output = nn.Linear(preset.decoder, maps)
        if preset.is_glorot:
            for name, parameter in self.named_parameters():
                if name.endswith("bias"):
                    nn.init.zeros_(parameter)
                else:
                    for weight in parameter.chunk(2) if name == "head.weight" else [parameter]:
                        nn.init.xavier_uniform_(weight)

    def forward(self, x: Tensor) -> Tensor:
        """The loss, summed over dimensions and averaged over the batch."""
        mean, spread = self.head(F.relu(self.encoder(self.convolutions(x)))).chunk(2, dim=1)
        if self.preset.is_bernoulli:
            sigma = torch.exp(0.5 * spread)
            kl = 0.5 * torch.sum(mean.square() + sigma.square() - spread - 1)
        else:
            sigma = spread
            variance = sigma.square()
            kl = 0.5 * torch.sum(mean.square() + variance - torch.log(variance + KL_EPSILON) - 1)
        z = torch.addcmul(mean, sigma, torch.randn_like(sigma))
        logits = self.transposed(self.output(F.relu(self.decoder(z))))
        if self.preset.is_bernoulli:
            reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        else:
            reconstruction = F.mse_loss(torch.sigmoid(logits), x, reduction="sum")
        return (reconstruction + kl) / len(x)


def convolve(preset: Preset, pixels: int) -> tuple[nn.Module, int, nn.Module]:
    """What stands between image and dense layers, the size of its feature maps, and the way back."""
    side, channels = round(pixels**0.5), (1, *preset.convolutions)
    down: list[nn.Module] = []
    up: list[nn.Module] = []
    for fine, coarse in zip(channels, channels[1:]):
        down += [nn.Conv2d(fine, coarse, 4, 2, 1), nn.ReLU()]
        up = [nn.ReLU(), nn.ConvTranspose2d(coarse, fine, 4, 2, 1), *up]
        if side % 2:
            raise SystemExit("error: every convolution halves an even side")
        side //= 2
    if not down:
        return nn.Identity(), pixels, nn.Identity()
    image = round(pixels**0.5)
    return (
        nn.Sequential(nn.Unflatten(1, (1, image, image)), *down, nn.Flatten()),
        channels[-1] * side**2,
        nn.Sequential(up[0], nn.Unflatten(1, (channels[-1], side, side)), *up[1:], nn.Flatten()),
    )


Step = Callable[[Tensor], Tensor]


def main() -> None:
    parser = make_parser(__doc__.split("\n\n")[0])
    parser.add_argument("--mode", choices=["eager", "compile", "graphs"], default="eager")
    arguments = parser.parse_args()
    refuse_what_cannot_run(arguments)
    if arguments.versions:
        name = torch.cuda.get_device_name() if arguments.device == "cuda" else "cpu"
        print(json.dumps({"PyTorch": f"{torch.__version__} on {name}"}))
        return
    torch.set_num_threads(arguments.threads)
    # No TF32.
    torch.set_float32_matmul_precision("highest")
    torch.manual_seed(arguments.seed)
    preset = PRESETS[arguments.preset]
    images = torch.from_numpy(load_images(arguments.data)).to(arguments.device)
    model = VAE(preset, images.shape[1]).to(arguments.device)
    optimizer = torch.optim.Adam(
        model.parameters(),
        lr=preset.learning_rate,
        fused=True,
        capturable=arguments.mode == "graphs",
    )
    compute_loss = model
    if arguments.mode == "compile":
        # A program for each batch size rather than a slower one for all.
        compute_loss = torch.compile(model, dynamic=False)

    def step(indices: Tensor) -> Tensor:
        loss = compute_loss(images[indices])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.detach()

    def batches() -> tuple[Tensor, ...]:
        order = torch.randperm(len(images), device=arguments.device)
        return order.split(preset.batch_size)

    # Threads, allocator, compiled programs and the library's caches are warm before the clock starts.
    for indices in (*batches()[:10], batches()[-1]):
        step(indices)
    run = step if arguments.mode != "graphs" else capture(step, batches())

    def run_epoch() -> float:
        # Read once, at the end: reading every loss would be a needless wait.
        total = torch.zeros((), device=arguments.device)
        for indices in batches():
            total += run(indices) * len(indices)
        return total.item() / len(images)

    measure(run_epoch, arguments.epochs, len(images), preset.batch_size)


def refuse_what_cannot_run(arguments: argparse.Namespace) -> None:
    if arguments.device == "cuda" and not torch.cuda.is_available():
        raise SystemExit("error: PyTorch finds no CUDA device")
    if arguments.mode == "graphs" and arguments.device != "cuda":
        raise SystemExit("error: CUDA graphs need --device cuda")
    # For what TorchInductor generates: C++ on a CPU, Triton's launchers in C on a GPU.
    compiler = os.environ.get("CXX", "g++") if arguments.device == "cpu" else "gcc"
    if arguments.mode == "compile" and not shutil.which(compiler):
        raise SystemExit(f"error: torch.compile needs {compiler} (Debian: g++ and python3-dev)")


def capture(step: Step, batches: tuple[Tensor, ...]) -> Step:
    """`step` as a CUDA graph for each size of the batches."""
    graphs = {}
    for indices in {len(batch): batch for batch in batches}.values():
        inputs = indices.clone()
        # Capturing needs a few steps on another stream before.
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                step(inputs)
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            loss = step(inputs)
        graphs[len(inputs)] = graph, inputs, loss

    def replay(indices: Tensor) -> Tensor:
        graph, inputs, loss = graphs[len(indices)]
        inputs.copy_(indices)
        graph.replay()
        return loss

    return replay


if __name__ == "__main__":
    main()
