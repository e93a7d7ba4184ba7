// 3×3 convolutions for inference on the CPU, with everything around them in the same pass.
//
// The networks that enlarge pictures are long rows of 3×3 convolutions with 32 to 192 channels. libtorch's are direct
// ones and run close to the processor's limit, so the way to be faster is to multiply less. All arithmetic is in
// float32; bfloat16 is only how pictures are stored between layers.
#include "internal.hpp"
#include "parallel.hpp"
#include "winograd.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <atomic>
#include <string>

using namespace ctorch;

namespace ctorch::winograd {

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma"))), apply_to = function)
namespace avx512 {
#define LANES 16
#define TILES 12
#define VECTORS 2
#include "winograd_kernel.hpp"
} // namespace avx512
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
namespace avx2 {
#define LANES 8
#define TILES 6
#define VECTORS 2
#include "winograd_kernel.hpp"
} // namespace avx2
#pragma clang attribute pop
#elif defined(__aarch64__)
namespace neon {
#define LANES 4
#define TILES 6
#define VECTORS 4
#include "winograd_kernel.hpp"
} // namespace neon
#endif

namespace {

/// The kernels for this processor, as far as libtorch was told to use it; null where none are faster than libtorch's.
const Kernels *kernels() {
#if defined(__x86_64__)
    static const auto *found = []() -> const Kernels * {
        std::string capability = at::get_cpu_capability();
        if (capability.starts_with("AVX512")) return &avx512::kernels;
        return capability.starts_with("AVX2") ? &avx2::kernels : nullptr;
    }();
    return found;
#elif defined(__aarch64__)
    return &neon::kernels;
#else
    return nullptr;
#endif
}

bool available(at::ScalarType dtype, at::Device where) {
    return where.is_cpu() && kernels() != nullptr && (dtype == at::kFloat || dtype == at::kBFloat16);
}

bool is_fastest(at::ScalarType dtype) {
#ifdef __OPTIMIZE__
    // Matrix units multiply bfloat16 sixteen times faster than vectors multiply float32.
    static const bool has_matrix_units = processor_reports("amx_bf16");
    return dtype != at::kBFloat16 || !has_matrix_units;
#else
    // Without optimisation these kernels are far slower than libtorch's, which always are optimised.
    (void)dtype;
    return false;
#endif
}

int64_t padded(int64_t outputs) { return (outputs + 15) / 16 * 16; }

/// [9 · C + 2, padded O]: for each input channel and place in the kernel the outputs' weights, then bias, then slopes.
at::Tensor pack(const at::Tensor &weight, const std::optional<at::Tensor> &bias,
                const std::optional<at::Tensor> &slope) {
    TORCH_CHECK(weight.dim() == 4 && weight.size(2) == 3 && weight.size(3) == 3, "a kernel of shape ", weight.sizes(),
                " is not [O, C, 3, 3]");
    int64_t outputs = weight.size(0), inputs = weight.size(1);
    auto packed = at::zeros({9 * inputs + 2, padded(outputs)}, at::kFloat).narrow(1, 0, outputs);
    packed.narrow(0, 0, 9 * inputs).copy_(weight.permute({1, 2, 3, 0}).reshape({9 * inputs, outputs}));
    if (bias) packed.select(0, 9 * inputs).copy_(*bias);
    packed.select(0, 9 * inputs + 1).copy_(slope ? *slope : at::ones({1}));
    return packed;
}

Plane plane(const at::Tensor &t, const Job &job, int64_t channels, int64_t enlargement, const char *name) {
    TORCH_CHECK(t.dim() == 4 && t.size(0) == job.batch && t.size(1) == channels && t.size(2) * enlargement == job.height
                    && t.size(3) * enlargement == job.width,
                name, " of shape ", t.sizes(), " where [", job.batch, ", ", channels, ", ", job.height / enlargement,
                ", ", job.width / enlargement, "] is needed");
    TORCH_CHECK(t.size(1) == 1 || t.stride(1) == 1, name, " has strides ", t.strides(),
                ": the channels of a pixel have to lie side by side");
    return {static_cast<char *>(t.data_ptr()), t.stride(0), t.stride(2), t.stride(3)};
}

/// Whether two tensors may share elements: other channels of the same pixels do not.
bool may_overlap(const at::Tensor &a, const at::Tensor &b) {
    if (!a.is_alias_of(b)) return false;
    int64_t pixel = a.stride(3);
    if (pixel != b.stride(3) || a.stride(2) % pixel != 0 || b.stride(2) % pixel != 0 || a.stride(0) % pixel != 0
        || b.stride(0) % pixel != 0) {
        return true;
    }
    int64_t first = a.storage_offset() % pixel, second = b.storage_offset() % pixel;
    return first < second + b.size(1) && second < first + a.size(1);
}

void run(Job &job, at::ScalarType dtype) {
    const Kernels &kernel = *kernels();
    // A third of a megabyte for the transformed input leaves the rest of a core's second-level cache to the weights.
    int64_t bytes = 36 * 4 * (job.inputs + std::min<int64_t>(job.padded, 32));
    job.block = std::max<int64_t>(1, (360 << 10) / bytes / kernel.tiles) * kernel.tiles;

    auto weights = at::empty({36 * job.inputs * job.padded}, at::kFloat);
    float *transformed = static_cast<float *>(weights.mutable_data_ptr());
    int64_t slices = workers_for(job.inputs / 16);
    on_threads(slices, [&](int64_t slice) {
        kernel.weights(job, job.inputs * slice / slices, job.inputs * (slice + 1) / slices, transformed);
    });

    auto zeros = at::zeros({job.inputs}, dtype);
    job.zeros = zeros.data_ptr();
    // Small pictures are cut finer, so that every thread has work.
    int64_t tiles = job.tiles(), workers = workers_for((tiles + kernel.tiles - 1) / kernel.tiles);
    int64_t share = (tiles + workers - 1) / workers;
    job.block = std::min(job.block, (share + kernel.tiles - 1) / kernel.tiles * kernel.tiles);
    int64_t size = (kernel.space(job) + 15) / 16 * 16;
    auto space = at::empty({workers, size}, at::kFloat);
    float *spaces = static_cast<float *>(space.mutable_data_ptr());
    auto run_block = dtype == at::kFloat ? kernel.float32 : kernel.bfloat16;
    std::atomic<int64_t> next{0};
    on_threads(workers, [&](int64_t worker) {
        for (int64_t first; (first = next.fetch_add(job.block)) < tiles;) {
            run_block(job, transformed, first, std::min(job.block, tiles - first), spaces + worker * size);
        }
    });
}

void convolve(const at::Tensor &input, const at::Tensor &weights, const std::vector<at::Tensor> &added,
              const double *scales, int64_t enlargement, const at::Tensor &output) {
    auto dtype = input.scalar_type();
    TORCH_CHECK(available(dtype, input.device()) && output.device().is_cpu() && output.scalar_type() == dtype,
                "a packed convolution of ", dtype, " on ", input.device(), " into ", output.scalar_type(), " on ",
                output.device(), " is not available here");
    TORCH_CHECK(!at::GradMode::is_enabled() || !input.requires_grad(), "a packed convolution has no gradient");
    TORCH_CHECK(enlargement >= 1 && added.size() <= Job::most_added, "an enlargement of ", enlargement, " and ",
                added.size(), " additions");
    TORCH_CHECK(input.dim() == 4 && output.dim() == 4 && weights.dim() == 2 && weights.device().is_cpu()
                    && weights.scalar_type() == at::kFloat && weights.stride(1) == 1
                    && weights.stride(0) == padded(weights.size(1)),
                "a packed convolution of ", input.sizes(), " into ", output.sizes(), " with weights of shape ",
                weights.sizes());
    Job job{};
    job.inputs = (weights.size(0) - 2) / 9;
    job.outputs = weights.size(1);
    job.padded = weights.stride(0);
    job.packed = static_cast<const float *>(weights.const_data_ptr());
    job.batch = output.size(0);
    job.height = output.size(2);
    job.width = output.size(3);
    job.enlargement = enlargement;
    job.in = plane(input, job, job.inputs, enlargement, "an input");
    job.out = plane(output, job, job.outputs, 1, "an output");
    TORCH_CHECK(!may_overlap(input, output), "a convolution cannot write over its own input");
    for (const auto &other : added) {
        TORCH_CHECK(other.scalar_type() == dtype && other.device().is_cpu(), "an addition of ", other.scalar_type(),
                    " on ", other.device());
        job.scales[job.additions] = static_cast<float>(scales[job.additions]);
        job.added[job.additions++] = plane(other, job, job.outputs, 1, "an addition");
    }
    if (job.tiles() > 0) run(job, dtype);
}

} // namespace
} // namespace ctorch::winograd

bool ct_packed_convolution_available(int32_t dtype, ct_device where) noexcept {
    try {
        return winograd::available(scalar_type(dtype), device(where));
    } catch (...) {
        return false;
    }
}

bool ct_packed_convolution_is_fastest(int32_t dtype, ct_device where) noexcept {
    return ct_packed_convolution_available(dtype, where) && winograd::is_fastest(scalar_type(dtype));
}

ct_failure ct_pack_convolution(ct_tensor weight, ct_tensor bias, ct_tensor slope, ct_tensor *out) noexcept {
    return produced(out, [&] {
        at::NoGradGuard guard;
        return winograd::pack(T(weight), maybe(bias), maybe(slope));
    });
}

ct_failure ct_packed_convolution(ct_tensor x, ct_tensor packed, const ct_tensor *added, const double *scales,
                                 int64_t count, int64_t enlargement, ct_tensor out) noexcept {
    return guarded([&] { winograd::convolve(T(x), T(packed), list(added, count), scales, enlargement, T(out)); });
}
