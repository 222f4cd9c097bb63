// The host's elementwise kernels, compiled once per instruction set and chosen when the program
// starts, so that one binary uses each machine's widest vectors.
//
// Matrices lie row by row. A `stride` is the distance between the beginnings of two rows in elements;
// without one, rows lie without gaps. NaN propagates through every function, and results do not
// depend on how a caller splits the rows or elements over threads.

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// Nonlinearities; Swift's `Activation` gives the formulas.
enum {
  vm_identity = 0,
  vm_relu = 1,
  vm_tanh = 2,
  vm_sigmoid = 3,
  vm_softplus = 4,
  vm_elu = 5,
  vm_silu = 6,
};

// What the second half of the encoder's output means: Swift's `Posterior`.
enum {
  vm_log_variance = 0,
  vm_sigma = 1,
};

// What the decoder's output means: Swift's `Likelihood`. Gaussians of one variance are a squared error with
// a weight and a constant.
enum {
  vm_bernoulli = 0,
  vm_squared_error = 1,
};

// What `vm_fill_random` writes: Swift's `Distribution`.
enum {
  vm_normal = 0,
  vm_uniform = 1,
  vm_words = 2,
};

// A sequence of random numbers, as Swift's `Noise`: the Philox key, and the counter of its first block.
typedef struct {
  uint32_t key[2];
  uint32_t first_block;
  uint32_t step[2];
  uint32_t stream;
} vm_noise;

// Elementary functions of a whole array; y may be x.

// y = eˣ within 1 ulp, gradual underflow included.
void vm_exp_array(const float *x, float *y, ptrdiff_t count);
// y = eˣ − 1 within 2 ulp.
void vm_expm1_array(const float *x, float *y, ptrdiff_t count);
// y = ln x within 1 ulp; −∞ at 0 and NaN below.
void vm_log_array(const float *x, float *y, ptrdiff_t count);
// y = ln(1 + x) within 2 ulp for x in [0, 1] alone.
void vm_log1p_array(const float *x, float *y, ptrdiff_t count);
// sine and cosine of 2πx within 3 ulp for x in [0, 1], reduced by quarter turns without error.
void vm_sincos_turn_array(const float *x, float *sine, float *cosine, ptrdiff_t count);

// y = f(x) on a block of rows × columns, both with `stride`; y may be x. Tanh, sigmoid, softplus, ELU
// and SiLU are within 4 ulp.
void vm_activate(
    int32_t activation, const float *x, float *y, ptrdiff_t rows, ptrdiff_t columns,
    ptrdiff_t stride);
// gradient ← gradient ⊙ f′(saved) on a block of rows × columns, both with `stride`. `saved` is f's
// value, or for SiLU its argument.
void vm_multiply_by_derivative(
    int32_t activation, const float *_Nullable saved, float *gradient, ptrdiff_t rows,
    ptrdiff_t columns, ptrdiff_t stride);

// sums[j] = Σᵢ x[i][j] over rows with `stride`.
void vm_sum_columns(
    const float *x, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride, float *sums);
// sums[i] = Σⱼ x[i][j].
void vm_sum_rows(const float *x, ptrdiff_t rows, ptrdiff_t columns, float *sums);
// Σ xᵢ² of a block that is short enough for single precision.
float vm_sum_squares(const float *x, ptrdiff_t count);

// The product of two matrices, for row m: result[results[m] + n] = Σₖ left[rows[m] + terms[k]] · right[k][n],
// summed in the order of k. The right matrix lies in bands of 32 columns, each row by row; the last band is
// 16 wide where that is enough, and holds zeros beyond the columns.
typedef struct {
  const float *left;
  const ptrdiff_t *rows, *terms;
  ptrdiff_t row_count, term_count;
  const float *right;
  ptrdiff_t columns;
  float *result;
  const ptrdiff_t *results;
} vm_indexed_product;
// Every row's sums begin with `start`, with zeros without one, or with what is there if `accumulate`.
void vm_multiply_indexed(
    const vm_indexed_product *product, const float *_Nullable start, bool accumulate);
// Lays matrix[row · row_stride + column · column_stride] out in bands, as rows from first_row on of a right
// matrix of row_count rows.
void vm_lay_bands(
    const float *matrix, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t row_stride,
    ptrdiff_t column_stride, ptrdiff_t first_row, ptrdiff_t row_count, float *bands);

// A convolution's geometry: Swift's `ConvolutionGeometry`, the fine image's shape first.
typedef struct {
  ptrdiff_t planes, height, width, depth;
  ptrdiff_t coarse_height, coarse_width;
  ptrdiff_t kernel, stride, padding;
} vm_convolution;
// Adds to the images' values what the kernel at each coarse pixel makes of them: `columns` has a row of
// planes·kernel·kernel·depth a coarse pixel, of which what lies outside the image is dropped.
void vm_fold(
    const vm_convolution *geometry, const float *columns, ptrdiff_t image_count, float *images);
// Every value of an image = its channel's bias.
void vm_fill_channels(
    const float *bias, ptrdiff_t planes, ptrdiff_t pixels, ptrdiff_t depth, float *image);

// The loss of each row, summed over its columns, times `weight`, and `constant` more.
void vm_reconstruction_loss(
    int32_t likelihood, const float *logits, const float *target, float weight, float constant,
    ptrdiff_t rows, ptrdiff_t columns, float *loss);
// The same, with gradient = scale · ∂loss/∂logits; `gradient` may be `logits`.
void vm_reconstruction_loss_gradient(
    int32_t likelihood, const float *logits, const float *target, float weight, float constant,
    float scale, ptrdiff_t rows, ptrdiff_t columns, float *loss, float *gradient);

// The diagonal Gaussian's: rows of logits have `columns` numbers a, then as many s. `constant` is what every
// row's loss has more.
void vm_diagonal_gaussian(
    const float *logits, const float *target, float constant, ptrdiff_t rows, ptrdiff_t columns,
    float *loss);
void vm_diagonal_gaussian_gradient(
    const float *logits, const float *target, float constant, float scale, ptrdiff_t rows,
    ptrdiff_t columns, float *loss, float *gradient);

// z = μ + σ·ε for rows first_row ..< first_row + rows of a batch; z = μ without noise. The pointers are
// the whole batch's: head of rows of 2·latent, code of rows of latent.
void vm_reparameterize(
    int32_t posterior, const float *head, const vm_noise *_Nullable noise, ptrdiff_t first_row,
    ptrdiff_t rows, ptrdiff_t latent, float *code);
// The gradient with respect to the head, that of kl_weight times the KL divergence included, for the
// same rows.
void vm_reparameterize_gradient(
    int32_t posterior, const float *head, const float *code_gradient,
    const vm_noise *_Nullable noise, float kl_weight, ptrdiff_t first_row, ptrdiff_t rows,
    ptrdiff_t latent, float *head_gradient);
// The KL divergence of each row of `head` from N(0, I).
void vm_kl_divergence(
    int32_t posterior, const float *head, ptrdiff_t rows, ptrdiff_t latent, float *divergence);

// divergence[j] = the KL divergence of dimension j, averaged over the rows of `head`.
void vm_latent_divergence(
    int32_t posterior, const float *head, ptrdiff_t rows, ptrdiff_t latent, float *divergence);
// Adds the KL divergence's gradient of weight kl_weight to `head_gradient`, for the dimensions whose
// `divergence` is above `minimum`.
void vm_free_bits_gradient(
    int32_t posterior, const float *head, const float *divergence, float minimum, float kl_weight,
    ptrdiff_t rows, ptrdiff_t latent, float *head_gradient);
// ln q(z|x) − ln p(z) of rows first_row ..< first_row + rows at the z of vm_reparameterize.
void vm_sampled_divergence(
    int32_t posterior, const float *head, const vm_noise *noise, ptrdiff_t first_row,
    ptrdiff_t rows, ptrdiff_t latent, float *divergence);
// The gradient with respect to the head, through z and, with its row's weight, through that divergence.
void vm_sampled_divergence_gradient(
    int32_t posterior, const float *head, const float *code_gradient, const float *weights,
    const vm_noise *noise, ptrdiff_t first_row, ptrdiff_t rows, ptrdiff_t latent,
    float *head_gradient);
// The importance weights of `examples` with `draws` each, times `scale`, and the two parts of each
// example's bound: Swift's `ImportanceWeights`.
void vm_importance_weights(
    const float *reconstruction, const float *divergence, float scale, ptrdiff_t examples,
    ptrdiff_t draws, float *weights, float *reconstruction_loss, float *divergence_loss);

// output[i] = input[i ÷ count] for rows first_row ..< first_row + rows of the output; the pointers are the
// whole matrices'.
void vm_repeat_rows(
    const float *input, ptrdiff_t count, ptrdiff_t first_row, ptrdiff_t rows, ptrdiff_t columns,
    float *output);
// output[i] = scale · the sum of rows i·count ..< (i + 1)·count of the input, in their order.
void vm_sum_row_groups(
    const float *input, ptrdiff_t count, float scale, ptrdiff_t rows, ptrdiff_t columns,
    float *output);
// output[i] = scales[i] · input[i]; output may be input.
void vm_scale_rows(
    const float *input, const float *scales, ptrdiff_t rows, ptrdiff_t columns, float *output);

// A step of Adam with weight decay: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g²,
// θ ← retention·θ − step_size·m/(c·√v + ε), where c is inverse_root_correction. Moments below 2⁻¹²⁶ become 0.
typedef struct {
  float beta1;
  float beta2;
  float epsilon;
  float step_size;
  float inverse_root_correction;
  float retention;
} vm_adam_rate;
void vm_adam(
    vm_adam_rate rate, const float *gradients, float *parameters, float *first_moment,
    float *second_moment, ptrdiff_t count);
// A step of gradient descent: v ← momentum·v + g, θ ← θ − learning_rate·v. Velocities below 2⁻¹²⁶ become 0.
void vm_momentum(
    float momentum, float learning_rate, const float *gradients, float *parameters,
    float *velocity, ptrdiff_t count);
// x ← factor·x.
void vm_scale(float factor, float *x, ptrdiff_t count);

// output[i] = element first + i of the sequence, i < count; `first` is a multiple of 8, which whole
// blocks are in every distribution.
void vm_fill_random(
    int32_t distribution, vm_noise noise, ptrdiff_t first, float *output, ptrdiff_t count);

// Row i of output = row order[i] of pixels ÷ 255, correctly rounded; row i without an order.
void vm_gather(
    const uint8_t *pixels, const uint32_t *_Nullable order, ptrdiff_t rows, ptrdiff_t columns,
    float *output);

// Row i of output is row i of input, which it may be, with the noise of example order[i], or start + i
// without an order, whose number takes the place of the step's high word: input + amount·N(0, 1) clipped to
// [0, 1] where `gaussian`; else 0 where a uniform draw is below `black`, 1 where it is below `amount`.
void vm_corrupt(
    int32_t gaussian, float black, float amount, vm_noise noise, const uint32_t *_Nullable order,
    ptrdiff_t start, ptrdiff_t rows, ptrdiff_t columns, const float *input, float *output);

// Grey pixels drawn to 0 or 1 where they stand. Row i is example order[i] of the sequence, or start + i
// without an order.
void vm_binarize(
    float *images, const uint32_t *_Nullable order, ptrdiff_t start, ptrdiff_t rows,
    ptrdiff_t columns, const vm_noise *noise);

// Tells the processor that the caller waits for another thread.
static inline void vm_spin_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

// Has the calling thread read subnormal numbers as zero and write none, for each costs a processor a trap.
// Returns how it was before.
static inline uint64_t vm_flush_subnormals(void) {
#if defined(__x86_64__)
  const uint32_t before = __builtin_ia32_stmxcsr();
  __builtin_ia32_ldmxcsr(before | 0x8040);
  return before;
#elif defined(__aarch64__)
  uint64_t before;
  __asm__ volatile("mrs %0, fpcr" : "=r"(before));
  __asm__ volatile("msr fpcr, %0" : : "r"(before | (uint64_t)1 << 24));
  return before;
#else
  return 0;
#endif
}

// Makes it as it was before vm_flush_subnormals.
static inline void vm_restore_subnormals(uint64_t before) {
#if defined(__x86_64__)
  __builtin_ia32_ldmxcsr((uint32_t)before);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" : : "r"(before));
#else
  (void)before;
#endif
}

#pragma clang assume_nonnull end
