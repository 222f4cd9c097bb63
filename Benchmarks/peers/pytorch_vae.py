"""The presets in eager PyTorch: the data one tensor in memory, gathered by index, fused Adam."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from common import KL_EPSILON, PRESETS, Preset, load_images, measure, parse_arguments


class VAE(nn.Module):
    def __init__(self, preset: Preset, pixels: int):
        super().__init__()
        self.preset = preset
        self.encoder = nn.Linear(pixels, preset.encoder)
        # Mean and spread from one product.
        self.head = nn.Linear(preset.encoder, 2 * preset.latent)
        self.decoder = nn.Linear(preset.latent, preset.decoder)
        self.output = nn.Linear(preset.decoder, pixels)
        if preset.is_glorot:
            for layer in self.encoder, self.head, self.decoder, self.output:
                nn.init.zeros_(layer.bias)
            for weight in (
                self.encoder.weight,
                *self.head.weight.chunk(2),
                self.decoder.weight,
                self.output.weight,
            ):
                nn.init.xavier_uniform_(weight)

    def forward(self, x: Tensor) -> Tensor:
        """The loss, summed over dimensions and averaged over the batch."""
        mean, spread = self.head(F.relu(self.encoder(x))).chunk(2, dim=1)
        if self.preset.is_bernoulli:
            sigma = torch.exp(0.5 * spread)
            kl = 0.5 * torch.sum(mean.square() + sigma.square() - spread - 1)
        else:
            sigma = spread
            variance = sigma.square()
            kl = 0.5 * torch.sum(mean.square() + variance - torch.log(variance + KL_EPSILON) - 1)
        z = torch.addcmul(mean, sigma, torch.randn_like(sigma))
        logits = self.output(F.relu(self.decoder(z)))
        if self.preset.is_bernoulli:
            reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        else:
            reconstruction = F.mse_loss(torch.sigmoid(logits), x, reduction="sum")
        return (reconstruction + kl) / len(x)


def main() -> None:
    arguments = parse_arguments(__doc__)
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    preset = PRESETS[arguments.preset]
    images = torch.from_numpy(load_images(arguments.data))
    model = VAE(preset, images.shape[1])
    optimizer = torch.optim.Adam(model.parameters(), lr=preset.learning_rate, fused=True)

    def step(indices: Tensor) -> Tensor:
        loss = model(images[indices])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.detach()

    def run_epoch() -> float:
        # Read once, at the end: reading every loss would be a needless wait.
        total = torch.zeros(())
        for indices in torch.randperm(len(images)).split(preset.batch_size):
            total += step(indices) * len(indices)
        return total.item() / len(images)

    # Threads, allocator and the library's caches are warm before the clock starts.
    for indices in torch.randperm(len(images))[: 10 * preset.batch_size].split(preset.batch_size):
        step(indices)
    measure(run_epoch, arguments.epochs, len(images), preset.batch_size)


if __name__ == "__main__":
    main()
