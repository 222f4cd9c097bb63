"""The presets in JAX: a whole step is one compiled program, its state donated, its noise fresh."""

import json
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from common import KL_EPSILON, PRESETS, Preset, load_images, make_parser, measure

Parameters = dict[str, Array]


class State(NamedTuple):
    parameters: Parameters
    first_moment: Parameters
    second_moment: Parameters
    step: Array
    key: Array
    # The epoch's loss so far, summed over images.
    total: Array


def initialize(preset: Preset, pixels: int, key: Array) -> Parameters:
    # Weights are [in, out]. The head is mean and spread side by side, for one product.
    shapes = {
        "encoder": [(pixels, preset.encoder)],
        "head": [(preset.encoder, preset.latent)] * 2,
        "decoder": [(preset.latent, preset.decoder)],
        "output": [(preset.decoder, pixels)],
    }
    parameters = {}
    for name, blocks in shapes.items():
        weights, biases = [], []
        for fan_in, fan_out in blocks:
            key, weight_key, bias_key = jax.random.split(key, 3)
            limit = (6 / (fan_in + fan_out)) ** 0.5 if preset.is_glorot else fan_in**-0.5
            weights.append(jax.random.uniform(weight_key, (fan_in, fan_out), minval=-1) * limit)
            bias = jax.random.uniform(bias_key, (fan_out,), minval=-1) * limit
            biases.append(jnp.zeros_like(bias) if preset.is_glorot else bias)
        parameters[name + ".weight"] = jnp.concatenate(weights, axis=1)
        parameters[name + ".bias"] = jnp.concatenate(biases)
    return parameters


def compute_loss(parameters: Parameters, x: Array, key: Array, preset: Preset) -> Array:
    """The loss, summed over dimensions and averaged over the batch."""

    def dense(name: str, y: Array) -> Array:
        return y @ parameters[name + ".weight"] + parameters[name + ".bias"]

    mean, spread = jnp.split(dense("head", jax.nn.relu(dense("encoder", x))), 2, axis=1)
    if preset.is_bernoulli:
        sigma = jnp.exp(0.5 * spread)
        kl = 0.5 * jnp.sum(mean**2 + sigma**2 - spread - 1)
    else:
        sigma = spread
        kl = 0.5 * jnp.sum(mean**2 + sigma**2 - jnp.log(sigma**2 + KL_EPSILON) - 1)
    z = mean + sigma * jax.random.normal(key, sigma.shape)
    logits = dense("output", jax.nn.relu(dense("decoder", z)))
    if preset.is_bernoulli:
        reconstruction = jnp.sum(jax.nn.softplus(logits) - logits * x)
    else:
        reconstruction = jnp.sum((jax.nn.sigmoid(logits) - x) ** 2)
    return (reconstruction + kl) / len(x)


def train_step(
    state: State, images: Array, order: Array, start: Array, preset: Preset, batch_size: int
) -> State:
    key, noise_key = jax.random.split(state.key)
    x = images[jax.lax.dynamic_slice(order, (start,), (batch_size,))]
    loss, gradients = jax.value_and_grad(compute_loss)(state.parameters, x, noise_key, preset)

    step = state.step + 1
    beta1, beta2, epsilon = 0.9, 0.999, 1e-8
    first = jax.tree.map(lambda m, g: beta1 * m + (1 - beta1) * g, state.first_moment, gradients)
    second = jax.tree.map(
        lambda v, g: beta2 * v + (1 - beta2) * g**2, state.second_moment, gradients
    )
    rate = preset.learning_rate / (1 - beta1**step)
    scale = 1 / jnp.sqrt(1 - beta2**step)
    parameters = jax.tree.map(
        lambda p, m, v: p - rate * m / (jnp.sqrt(v) * scale + epsilon),
        state.parameters, first, second,
    )  # fmt: skip
    return State(parameters, first, second, step, key, state.total + loss * batch_size)


def choose_device(device: str) -> None:
    jax.config.update("jax_platforms", device)
    if device == "cuda":
        # TF32 is the default there.
        jax.config.update("jax_default_matmul_precision", "float32")
    try:
        jax.devices()
    # Where no plugin is installed, an assertion of JAX's fails.
    except (RuntimeError, AssertionError) as error:
        remedy = " (Benchmarks/requirements-cuda.txt has its plugin)" if device == "cuda" else ""
        raise SystemExit(f"error: JAX finds no {device} device{remedy} {error}".rstrip()) from error


def main() -> None:
    arguments = make_parser(__doc__).parse_args()
    choose_device(arguments.device)
    if arguments.versions:
        print(json.dumps({"JAX": f"{jax.__version__} on {jax.devices()[0].device_kind}"}))
        return
    preset = PRESETS[arguments.preset]
    if preset.convolutions:
        raise SystemExit(f"error: preset {arguments.preset} is compared with PyTorch alone")
    images = jnp.asarray(load_images(arguments.data))
    count = len(images)
    key, parameters_key, order_key = jax.random.split(jax.random.key(arguments.seed), 3)
    parameters = initialize(preset, images.shape[1], parameters_key)
    state = State(
        parameters,
        jax.tree.map(jnp.zeros_like, parameters),
        jax.tree.map(jnp.zeros_like, parameters),
        jnp.zeros((), jnp.float32),
        key,
        jnp.zeros(()),
    )

    # Compiled before the clock starts: for a full batch, and for the short one that ends an epoch.
    starts = range(0, count, preset.batch_size)
    # On the device once: not a transfer at every step.
    positions = {start: jnp.int32(start) for start in starts}
    steps = {}
    for batch_size in {preset.batch_size, count - starts[-1]}:
        step = partial(train_step, preset=preset, batch_size=batch_size)
        shapes = (state, images, jnp.arange(count), jnp.int32(0))
        steps[batch_size] = jax.jit(step, donate_argnums=0).lower(*shapes).compile()

    shuffle = jax.jit(partial(jax.random.permutation, x=count))
    shuffle(order_key).block_until_ready()

    def run(state: State, starts: range) -> State:
        nonlocal order_key
        order_key, shuffle_key = jax.random.split(order_key)
        order = shuffle(shuffle_key)
        for start in starts:
            step = steps[min(preset.batch_size, count - start)]
            state = step(state, images, order, positions[start])
        return state

    def run_epoch() -> float:
        nonlocal state
        state = run(state._replace(total=jnp.zeros(())), starts)
        return float(state.total) / count

    # Threads and allocator are warm too.
    state = jax.block_until_ready(run(state, starts[:10]))
    measure(run_epoch, arguments.epochs, count, preset.batch_size)


if __name__ == "__main__":
    main()
