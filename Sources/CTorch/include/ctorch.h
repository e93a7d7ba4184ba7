// The C boundary to libtorch: the only way from Swift to at::Tensor.
//
// Ownership: arguments are borrowed for the call; every tensor or generator written through an out-parameter is owned
// by the caller (+1), who gives it back once with the release function of its type.
// Failure: a function returns null when it succeeded, otherwise a message to be freed with `ct_message_free`. The first
// character says the kind ('M' out of memory, 'E' anything else), the text follows. No C++ exception crosses.
// Shapes and axes are int64; negative axes count from the end. Booleans are `bool`. An absent tensor is `{NULL}`.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#define CT_NOEXCEPT noexcept
#else
#define CT_NOEXCEPT
#endif

#pragma clang assume_nonnull begin

typedef struct { void *_Nullable raw; } ct_tensor;
typedef struct { void *_Nullable raw; } ct_generator;
typedef char *_Nullable ct_failure;
/// Device kind: 0 cpu, 1 cuda, 2 mps; index is -1 where the kind has none.
typedef struct { int32_t kind; int32_t index; } ct_device;

void ct_message_free(ct_failure message) CT_NOEXCEPT;
/// One pointer-sized slot of the calling thread, for the recovery scope of the Swift side.
void *_Nullable ct_thread_slot_get(void) CT_NOEXCEPT;
void ct_thread_slot_set(void *_Nullable value) CT_NOEXCEPT;

// MARK: tensor.cpp: lifetime, creation, inspection, conversion

void ct_tensor_release(ct_tensor t) CT_NOEXCEPT;
int64_t ct_live_tensors(void) CT_NOEXCEPT;

/// dtype codes: 0 uint8, 1 int8, 2 int16, 3 int32, 4 int64, 5 float16, 6 float32, 7 float64, 9 complex64,
/// 10 complex128, 11 bool, 15 bfloat16 (libtorch's own numbers). Memory format: 0 contiguous, 1 preserve, 2 channels last.
ct_failure ct_empty(const int64_t *shape, int64_t rank, int32_t dtype, ct_device device, int32_t format,
                    ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_full(const int64_t *shape, int64_t rank, double value, int32_t dtype, ct_device device,
                   ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_arange(double start, double end, double step, int32_t dtype, ct_device device, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_linspace(double start, double end, int64_t count, int32_t dtype, ct_device device,
                       ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_eye(int64_t n, int32_t dtype, ct_device device, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_from_bytes(const void *bytes, size_t count, const int64_t *shape, int64_t rank, int32_t dtype,
                         ct_tensor *out) CT_NOEXCEPT;
/// A CPU tensor over memory that it does not own; `release(owner)` is called when the last view of it is gone.
ct_failure ct_from_memory(void *memory, const int64_t *shape, int64_t rank, int32_t dtype, void *owner,
                          void (*release)(void *), ct_tensor *out) CT_NOEXCEPT;

bool ct_is_defined(ct_tensor t) CT_NOEXCEPT;
int64_t ct_rank(ct_tensor t) CT_NOEXCEPT;
int64_t ct_count(ct_tensor t) CT_NOEXCEPT;
void ct_shape(ct_tensor t, int64_t *shape) CT_NOEXCEPT;
void ct_strides(ct_tensor t, int64_t *strides) CT_NOEXCEPT;
int32_t ct_dtype(ct_tensor t) CT_NOEXCEPT;
ct_device ct_device_of(ct_tensor t) CT_NOEXCEPT;
bool ct_is_contiguous(ct_tensor t, int32_t format) CT_NOEXCEPT;
/// First element's address; a device address when the tensor is not on the CPU.
void *_Nullable ct_data(ct_tensor t) CT_NOEXCEPT;
bool ct_same_storage(ct_tensor a, ct_tensor b) CT_NOEXCEPT;

/// Converts; -1 keeps dtype, device kind or format.
ct_failure ct_to(ct_tensor t, int32_t dtype, ct_device device, int32_t format, bool nonblocking, bool copy,
                 ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_contiguous(ct_tensor t, int32_t format, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_clone(ct_tensor t, int32_t format, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_pin(ct_tensor t, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_item(ct_tensor t, double *out) CT_NOEXCEPT;
/// Copies the elements in row-major order into host memory of exactly `count` bytes.
ct_failure ct_copy_out(ct_tensor t, void *bytes, size_t count) CT_NOEXCEPT;

// MARK: ops.cpp: elementwise and reductions

enum {
    CT_NEG, CT_ABS, CT_EXP, CT_LOG, CT_LOG1P, CT_EXPM1, CT_SQRT, CT_RSQRT, CT_SIN, CT_COS, CT_TANH, CT_SIGMOID, CT_RELU,
    CT_RELU6, CT_SILU, CT_GELU, CT_SOFTPLUS, CT_LOG_SIGMOID, CT_FLOOR, CT_CEIL, CT_ROUND, CT_TRUNC, CT_SIGN,
    CT_RECIPROCAL, CT_SQUARE, CT_ERF, CT_ATAN, CT_ISFINITE, CT_ISNAN, CT_NOT, CT_ANGLE, CT_REAL, CT_IMAG, CT_CONJ,
    CT_VIEW_AS_REAL, CT_VIEW_AS_COMPLEX, CT_LOGIT, CT_LOG10, CT_LOG2,
};
enum {
    CT_ADD, CT_SUB, CT_MUL, CT_DIV, CT_POW, CT_MAXIMUM, CT_MINIMUM, CT_EQ, CT_NE, CT_LT, CT_LE, CT_GT, CT_GE, CT_ATAN2,
    CT_AND, CT_OR, CT_REMAINDER, CT_FLOOR_DIV,
};
enum {
    CT_SUM, CT_MEAN, CT_PROD, CT_AMAX, CT_AMIN, CT_ANY, CT_ALL, CT_STD, CT_VAR, CT_LOGSUMEXP, CT_NORM, CT_ARGMAX,
    CT_ARGMIN, CT_MEDIAN,
};
ct_failure ct_unary(int32_t op, ct_tensor a, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_binary(int32_t op, ct_tensor a, ct_tensor b, ct_tensor *out) CT_NOEXCEPT;
/// `reversed` computes scalar ∘ tensor.
ct_failure ct_binary_scalar(int32_t op, ct_tensor a, double b, bool reversed, ct_tensor *out) CT_NOEXCEPT;
/// No axes (count 0) reduces everything. STD and VAR are unbiased when `unbiased`. ARGMAX, ARGMIN, MEDIAN take one axis.
ct_failure ct_reduce(int32_t op, ct_tensor a, const int64_t *_Nullable axes, int64_t count, bool keep, bool unbiased,
                     ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_clamp(ct_tensor a, bool has_min, double min, bool has_max, double max, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_leaky_relu(ct_tensor a, double slope, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_where(ct_tensor condition, ct_tensor a, ct_tensor b, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_masked_fill(ct_tensor a, ct_tensor mask, double value, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_lerp(ct_tensor a, ct_tensor b, double weight, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_cumsum(ct_tensor a, int64_t axis, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_sort(ct_tensor a, int64_t axis, bool descending, ct_tensor *values, ct_tensor *indices) CT_NOEXCEPT;
ct_failure ct_topk(ct_tensor a, int64_t k, int64_t axis, bool largest, ct_tensor *values, ct_tensor *indices) CT_NOEXCEPT;
ct_failure ct_quantile(ct_tensor a, double q, int64_t axis, bool keep, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_bincount(ct_tensor a, int64_t minimum_length, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_softmax(ct_tensor a, int64_t axis, bool logarithm, ct_tensor *out) CT_NOEXCEPT;
bool ct_equal(ct_tensor a, ct_tensor b) CT_NOEXCEPT;

// MARK: shape.cpp

ct_failure ct_reshape(ct_tensor a, const int64_t *shape, int64_t rank, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_permute(ct_tensor a, const int64_t *axes, int64_t rank, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_expand(ct_tensor a, const int64_t *shape, int64_t rank, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_unsqueeze(ct_tensor a, int64_t axis, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_squeeze(ct_tensor a, int64_t axis, ct_tensor *out) CT_NOEXCEPT;
/// Elements start, start+step, … below end of one axis: a view.
ct_failure ct_slice(ct_tensor a, int64_t axis, int64_t start, int64_t end, int64_t step, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_select(ct_tensor a, int64_t axis, int64_t index, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_index_select(ct_tensor a, int64_t axis, ct_tensor indices, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_gather(ct_tensor a, int64_t axis, ct_tensor indices, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_masked_select(ct_tensor a, ct_tensor mask, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_scatter_add(ct_tensor a, int64_t axis, ct_tensor indices, ct_tensor source, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_concatenate(const ct_tensor *tensors, int64_t count, int64_t axis, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_stack(const ct_tensor *tensors, int64_t count, int64_t axis, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_flip(ct_tensor a, const int64_t *axes, int64_t count, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_roll(ct_tensor a, int64_t shift, int64_t axis, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_repeat(ct_tensor a, const int64_t *counts, int64_t rank, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_repeat_interleave(ct_tensor a, int64_t count, int64_t axis, ct_tensor *out) CT_NOEXCEPT;
/// Pads in libtorch's order (last axis first: before, after, …). Mode: 0 constant, 1 reflect, 2 replicate, 3 circular.
ct_failure ct_pad(ct_tensor a, const int64_t *padding, int64_t count, int32_t mode, double value,
                  ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_triangle(ct_tensor a, bool upper, int64_t diagonal, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_diagonal(ct_tensor a, int64_t axis1, int64_t axis2, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_unfold(ct_tensor a, int64_t axis, int64_t size, int64_t step, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_pixel_shuffle(ct_tensor a, int64_t factor, bool inverse, ct_tensor *out) CT_NOEXCEPT;

// MARK: nn.cpp

/// Convolution over 1 or 2 spatial axes (count), zero padding; `transposed` uses `output_padding`.
ct_failure ct_convolution(ct_tensor x, ct_tensor weight, ct_tensor bias, const int64_t *stride, const int64_t *padding,
                          const int64_t *dilation, const int64_t *output_padding, int64_t count, bool transposed,
                          int64_t groups, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_linear(ct_tensor x, ct_tensor weight, ct_tensor bias, ct_tensor *out) CT_NOEXCEPT;
/// In training mode the running statistics are updated in place.
ct_failure ct_batch_norm(ct_tensor x, ct_tensor weight, ct_tensor bias, ct_tensor mean, ct_tensor variance,
                         bool training, double momentum, double eps, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_group_norm(ct_tensor x, int64_t groups, ct_tensor weight, ct_tensor bias, double eps,
                         ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_layer_norm(ct_tensor x, const int64_t *shape, int64_t rank, ct_tensor weight, ct_tensor bias, double eps,
                         ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_prelu(ct_tensor x, ct_tensor weight, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_max_pool2d(ct_tensor x, int64_t kernel, int64_t stride, int64_t padding, bool ceil,
                         ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_avg_pool2d(ct_tensor x, int64_t kernel, int64_t stride, int64_t padding, bool ceil, bool count_padding,
                         ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_adaptive_avg_pool2d(ct_tensor x, int64_t height, int64_t width, ct_tensor *out) CT_NOEXCEPT;
/// Mode: 0 nearest, 1 bilinear, 2 bicubic (a = -0.75; a = -0.5 when antialiased), 3 nearest-exact, 4 area.
ct_failure ct_interpolate(ct_tensor x, int64_t height, int64_t width, int32_t mode, bool align_corners, bool antialias,
                          ct_tensor *out) CT_NOEXCEPT;
/// Mode: 0 bilinear, 1 nearest, 2 bicubic; padding: 0 zeros, 1 border, 2 reflection.
ct_failure ct_grid_sample(ct_tensor x, ct_tensor grid, int32_t mode, int32_t padding, bool align_corners,
                          ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_affine_grid(ct_tensor theta, const int64_t *shape, int64_t rank, bool align_corners,
                          ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_attention(ct_tensor q, ct_tensor k, ct_tensor v, ct_tensor mask, double scale, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_embedding(ct_tensor weight, ct_tensor indices, ct_tensor *out) CT_NOEXCEPT;
/// One GRU layer, batch first; weights are (w_ih, w_hh, b_ih, b_hh) per direction.
ct_failure ct_gru(ct_tensor x, ct_tensor h0, const ct_tensor *weights, int64_t weight_count, bool bidirectional,
                  ct_tensor *out, ct_tensor *h) CT_NOEXCEPT;
enum { CT_LOSS_L1, CT_LOSS_MSE, CT_LOSS_HUBER, CT_LOSS_BCE_LOGITS };
/// Reduction: 0 none, 1 mean, 2 sum. `delta` belongs to Huber.
ct_failure ct_loss(int32_t kind, ct_tensor input, ct_tensor target, int32_t reduction, double delta,
                   ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_cross_entropy(ct_tensor logits, ct_tensor classes, double label_smoothing, ct_tensor *out) CT_NOEXCEPT;

// MARK: winograd.cpp: 3×3 convolutions for inference on the CPU, with everything around them in the same pass

/// Whether `ct_packed_convolution` exists for this element type (float32, bfloat16) on this processor.
bool ct_packed_convolution_available(int32_t dtype, ct_device device) CT_NOEXCEPT;
/// Whether it also is faster there than `ct_convolution`, as it was compiled.
bool ct_packed_convolution_is_fastest(int32_t dtype, ct_device device) CT_NOEXCEPT;
/// Weight [O, C, 3, 3], bias [O] or absent, slope [O] or [1] or absent (no activation) → the weights that
/// `ct_packed_convolution` takes, in float32.
ct_failure ct_pack_convolution(ct_tensor weight, ct_tensor bias, ct_tensor slope, ct_tensor *out) CT_NOEXCEPT;
/// out = activation(x ∗ weight + bias) + scales[0] · added[0] + scales[1] · added[1], stride 1, padding 1, at most two
/// additions. The activation is x where positive, slope · x elsewhere. x is read `enlargement` times larger than it is, by
/// repeating pixels. All are float32 or all bfloat16, with a pixel's channels side by side and any other strides: slices of
/// channels of a channels-last tensor will do. `out` must not overlap x, and may be one of `added`.
ct_failure ct_packed_convolution(ct_tensor x, ct_tensor packed, const ct_tensor *added, const double *scales,
                                 int64_t count, int64_t enlargement, ct_tensor out) CT_NOEXCEPT;

// MARK: spectral.cpp: products, decompositions, Fourier transforms

ct_failure ct_matmul(ct_tensor a, ct_tensor b, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_einsum(const char *equation, const ct_tensor *tensors, int64_t count, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_inverse(ct_tensor a, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_solve(ct_tensor a, ct_tensor b, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_cholesky(ct_tensor a, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_eigh(ct_tensor a, ct_tensor *values, ct_tensor *vectors) CT_NOEXCEPT;
ct_failure ct_svd(ct_tensor a, ct_tensor *u, ct_tensor *s, ct_tensor *vh) CT_NOEXCEPT;
enum { CT_FFT, CT_IFFT, CT_RFFT, CT_IRFFT };
/// One axis; n = 0 keeps the length. Backward normalisation (1/n on the inverse).
ct_failure ct_fft(int32_t kind, ct_tensor a, int64_t n, int64_t axis, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_fft2(int32_t kind, ct_tensor a, int64_t height, int64_t width, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_stft(ct_tensor a, int64_t n_fft, int64_t hop, ct_tensor window, bool center, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_istft(ct_tensor a, int64_t n_fft, int64_t hop, ct_tensor window, bool center, int64_t length,
                    ct_tensor *out) CT_NOEXCEPT;

// MARK: autograd.cpp

bool ct_requires_grad(ct_tensor t) CT_NOEXCEPT;
ct_failure ct_set_requires_grad(ct_tensor t, bool value) CT_NOEXCEPT;
bool ct_is_leaf(ct_tensor t) CT_NOEXCEPT;
ct_failure ct_detach(ct_tensor t, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_backward(ct_tensor t, ct_tensor gradient, bool retain_graph) CT_NOEXCEPT;
/// The accumulated gradient, or an absent tensor.
ct_failure ct_grad(ct_tensor t, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_set_grad(ct_tensor t, ct_tensor gradient) CT_NOEXCEPT;
/// Gradients of outputs (each a scalar, or weighted by `weights`) with respect to inputs; absent where unused.
ct_failure ct_gradients(const ct_tensor *outputs, const ct_tensor *_Nullable weights, int64_t output_count,
                        const ct_tensor *inputs, int64_t input_count, bool retain_graph, bool create_graph,
                        ct_tensor *out) CT_NOEXCEPT;
bool ct_grad_enabled(void) CT_NOEXCEPT;
void ct_set_grad_enabled(bool value) CT_NOEXCEPT;
/// Runs eligible operations of one device kind in a half-precision dtype until turned off; `dtype` -1 turns it off.
/// Returns the previous dtype, or -1. Turning off drops the cache of converted weights.
int32_t ct_set_autocast(int32_t device_kind, int32_t dtype) CT_NOEXCEPT;

// MARK: inplace.cpp: for optimizers and initialisers

enum { CT_IN_ADD, CT_IN_SUB, CT_IN_MUL, CT_IN_DIV, CT_IN_COPY };
/// a ∘= scale · b (COPY ignores scale); a ∘= scale when b is absent.
ct_failure ct_inplace(int32_t op, ct_tensor a, ct_tensor b, double scale) CT_NOEXCEPT;
ct_failure ct_fill(ct_tensor a, double value) CT_NOEXCEPT;
ct_failure ct_lerp_inplace(ct_tensor a, ct_tensor b, double weight) CT_NOEXCEPT;
ct_failure ct_addcmul(ct_tensor a, ct_tensor x, ct_tensor y, double scale) CT_NOEXCEPT;
ct_failure ct_addcdiv(ct_tensor a, ct_tensor x, ct_tensor y, double scale) CT_NOEXCEPT;
/// a[i] = lerp(a[i], b[i], weight) over a list, in one call.
ct_failure ct_foreach_lerp(const ct_tensor *a, const ct_tensor *b, int64_t count, double weight) CT_NOEXCEPT;
ct_failure ct_foreach_scale(const ct_tensor *a, int64_t count, double scale) CT_NOEXCEPT;
/// The L2 norm over all elements of a list (float32 scalar, on the tensors' device).
ct_failure ct_foreach_norm(const ct_tensor *a, int64_t count, ct_tensor *out) CT_NOEXCEPT;
/// One decoupled-decay Adam step over a list (libtorch's fused kernel); `steps` are float32 scalars, already counted up.
/// `scale` and `found_inf` (float32 scalars) may be absent; gradients are divided by `scale`.
ct_failure ct_fused_adamw(const ct_tensor *parameters, const ct_tensor *gradients, const ct_tensor *first,
                          const ct_tensor *second, const ct_tensor *steps, int64_t count, double rate, double beta1,
                          double beta2, double decay, double eps, ct_tensor scale, ct_tensor found_inf) CT_NOEXCEPT;

// MARK: random.cpp

ct_failure ct_generator_create(ct_device device, uint64_t seed, ct_generator *out) CT_NOEXCEPT;
void ct_generator_release(ct_generator g) CT_NOEXCEPT;
ct_failure ct_generator_state(ct_generator g, ct_tensor *out) CT_NOEXCEPT;
ct_failure ct_generator_set_state(ct_generator g, ct_tensor state) CT_NOEXCEPT;
ct_failure ct_random_uniform(ct_tensor a, double low, double high, ct_generator g) CT_NOEXCEPT;
ct_failure ct_random_normal(ct_tensor a, double mean, double deviation, ct_generator g) CT_NOEXCEPT;
ct_failure ct_random_integers(ct_tensor a, int64_t low, int64_t high, ct_generator g) CT_NOEXCEPT;
ct_failure ct_random_bernoulli(ct_tensor a, double probability, ct_generator g) CT_NOEXCEPT;
ct_failure ct_random_permutation(int64_t n, ct_generator g, ct_device device, ct_tensor *out) CT_NOEXCEPT;

// MARK: device.cpp

/// Loads libtorch's GPU library when there is one; true when at least one CUDA device can be used.
bool ct_cuda_available(void) CT_NOEXCEPT;
int32_t ct_cuda_count(void) CT_NOEXCEPT;
/// Why CUDA cannot be used, in a sentence; empty when it can. Valid until the thread's next call.
const char *ct_cuda_reason(void) CT_NOEXCEPT;
bool ct_mps_available(void) CT_NOEXCEPT;
ct_failure ct_device_memory(ct_device device, uint64_t *free_bytes, uint64_t *total_bytes) CT_NOEXCEPT;
ct_failure ct_synchronize(ct_device device) CT_NOEXCEPT;
void ct_empty_cache(ct_device device) CT_NOEXCEPT;
void ct_set_threads(int32_t count) CT_NOEXCEPT;
int32_t ct_threads(void) CT_NOEXCEPT;
/// TF32 in matrix products and convolutions (off by default here: results must equal the CPU's).
void ct_set_tf32(bool allowed) CT_NOEXCEPT;
void ct_set_deterministic(bool value) CT_NOEXCEPT;
/// Whether oneDNN computes in bfloat16 on this processor without emulation.
bool ct_cpu_has_bfloat16(void) CT_NOEXCEPT;
/// libtorch's version, and the vector instructions that it uses on this processor.
const char *ct_version(void) CT_NOEXCEPT;
const char *ct_cpu_capability(void) CT_NOEXCEPT;

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif
