#include "internal.hpp"

#include <ATen/ATen.h>

using namespace ctorch;

namespace {

/// By the names that mixed precision knows: on the CPU it lets `at::convolution` compute in float32.
at::Tensor convolution(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias,
                       at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation,
                       at::IntArrayRef output_padding, bool transposed, int64_t groups) {
    TORCH_CHECK(stride.size() == 1 || stride.size() == 2, "convolution over ", stride.size(), " axes");
    TORCH_CHECK(weight.dim() == static_cast<int64_t>(stride.size()) + 2, "a kernel of rank ", weight.dim(),
                " for a convolution over ", stride.size(), " axes");
    TORCH_CHECK(x.dim() == weight.dim(), "an input of rank ", x.dim(), " for a kernel of rank ", weight.dim());
    bool line = stride.size() == 1;
    if (transposed) {
        return line ? at::conv_transpose1d(x, weight, bias, stride, padding, output_padding, groups, dilation)
                    : at::conv_transpose2d(x, weight, bias, stride, padding, output_padding, groups, dilation);
    }
    return line ? at::conv1d(x, weight, bias, stride, padding, dilation, groups)
                : at::conv2d(x, weight, bias, stride, padding, dilation, groups);
}

at::Tensor interpolate(const at::Tensor &x, at::IntArrayRef size, int32_t mode, bool align_corners, bool antialias) {
    TORCH_CHECK(!antialias || mode == 1 || mode == 2, "only bilinear and bicubic interpolation can be antialiased");
    TORCH_CHECK(!align_corners || mode == 1 || mode == 2, "only bilinear and bicubic interpolation can align corners");
    switch (mode) {
    case 0: return at::upsample_nearest2d(x, size);
    case 1:
        return antialias ? at::_upsample_bilinear2d_aa(x, size, align_corners)
                         : at::upsample_bilinear2d(x, size, align_corners);
    case 2:
        return antialias ? at::_upsample_bicubic2d_aa(x, size, align_corners)
                         : at::upsample_bicubic2d(x, size, align_corners);
    case 3: return at::_upsample_nearest_exact2d(x, size);
    case 4: return at::adaptive_avg_pool2d(x, size);
    default: TORCH_CHECK(false, "unknown interpolation mode ", mode);
    }
}

at::Tensor loss(int32_t kind, const at::Tensor &input, const at::Tensor &target, int64_t reduction, double delta) {
    switch (kind) {
    case CT_LOSS_L1: return at::l1_loss(input, target, reduction);
    case CT_LOSS_MSE: return at::mse_loss(input, target, reduction);
    case CT_LOSS_HUBER: return at::huber_loss(input, target, reduction, delta);
    case CT_LOSS_BCE_LOGITS: return at::binary_cross_entropy_with_logits(input, target, {}, {}, reduction);
    default: TORCH_CHECK(false, "unknown loss ", kind);
    }
}

} // namespace

ct_failure ct_convolution(ct_tensor x, ct_tensor weight, ct_tensor bias, const int64_t *stride, const int64_t *padding,
                          const int64_t *dilation, const int64_t *output_padding, int64_t count, bool transposed,
                          int64_t groups, ct_tensor *out) noexcept {
    return produced(out, [&] {
        return convolution(T(x), T(weight), maybe(bias), ints(stride, count), ints(padding, count),
                           ints(dilation, count), ints(output_padding, count), transposed, groups);
    });
}

ct_failure ct_linear(ct_tensor x, ct_tensor weight, ct_tensor bias, ct_tensor *out) noexcept {
    return produced(out, [&] { return at::linear(T(x), T(weight), maybe(bias)); });
}

ct_failure ct_batch_norm(ct_tensor x, ct_tensor weight, ct_tensor bias, ct_tensor mean, ct_tensor variance,
                         bool training, double momentum, double eps, ct_tensor *out) noexcept {
    return produced(out, [&] {
        return at::batch_norm(T(x), maybe(weight), maybe(bias), maybe(mean), maybe(variance), training, momentum, eps,
                              /*cudnn_enabled=*/true);
    });
}

ct_failure ct_group_norm(ct_tensor x, int64_t groups, ct_tensor weight, ct_tensor bias, double eps,
                         ct_tensor *out) noexcept {
    return produced(out, [&] { return at::group_norm(T(x), groups, maybe(weight), maybe(bias), eps); });
}

ct_failure ct_layer_norm(ct_tensor x, const int64_t *shape, int64_t rank, ct_tensor weight, ct_tensor bias, double eps,
                         ct_tensor *out) noexcept {
    return produced(out, [&] { return at::layer_norm(T(x), ints(shape, rank), maybe(weight), maybe(bias), eps); });
}

ct_failure ct_prelu(ct_tensor x, ct_tensor weight, ct_tensor *out) noexcept {
    return produced(out, [&] { return at::prelu(T(x), T(weight)); });
}

ct_failure ct_max_pool2d(ct_tensor x, int64_t kernel, int64_t stride, int64_t padding, bool ceil,
                         ct_tensor *out) noexcept {
    return produced(out, [&] { return at::max_pool2d(T(x), kernel, stride, padding, /*dilation=*/1, ceil); });
}

ct_failure ct_avg_pool2d(ct_tensor x, int64_t kernel, int64_t stride, int64_t padding, bool ceil, bool count_padding,
                         ct_tensor *out) noexcept {
    return produced(out, [&] { return at::avg_pool2d(T(x), kernel, stride, padding, ceil, count_padding); });
}

ct_failure ct_adaptive_avg_pool2d(ct_tensor x, int64_t height, int64_t width, ct_tensor *out) noexcept {
    return produced(out, [&] { return at::adaptive_avg_pool2d(T(x), {height, width}); });
}

ct_failure ct_interpolate(ct_tensor x, int64_t height, int64_t width, int32_t mode, bool align_corners, bool antialias,
                          ct_tensor *out) noexcept {
    return produced(out, [&] {
        int64_t size[] = {height, width};
        return interpolate(T(x), size, mode, align_corners, antialias);
    });
}

ct_failure ct_grid_sample(ct_tensor x, ct_tensor grid, int32_t mode, int32_t padding, bool align_corners,
                          ct_tensor *out) noexcept {
    return produced(out, [&] { return at::grid_sampler(T(x), T(grid), mode, padding, align_corners); });
}

ct_failure ct_affine_grid(ct_tensor theta, const int64_t *shape, int64_t rank, bool align_corners,
                          ct_tensor *out) noexcept {
    return produced(out, [&] { return at::affine_grid_generator(T(theta), ints(shape, rank), align_corners); });
}

ct_failure ct_attention(ct_tensor q, ct_tensor k, ct_tensor v, ct_tensor mask, double scale, ct_tensor *out) noexcept {
    return produced(out, [&] {
        return at::scaled_dot_product_attention(T(q), T(k), T(v), maybe(mask), /*dropout=*/0, /*causal=*/false, scale);
    });
}

ct_failure ct_embedding(ct_tensor weight, ct_tensor indices, ct_tensor *out) noexcept {
    return produced(out, [&] { return at::embedding(T(weight), T(indices)); });
}

ct_failure ct_gru(ct_tensor x, ct_tensor h0, const ct_tensor *weights, int64_t weight_count, bool bidirectional,
                  ct_tensor *out, ct_tensor *h) noexcept {
    return guarded([&] {
        auto parameters = list(weights, weight_count);
        int64_t directions = bidirectional ? 2 : 1;
        TORCH_CHECK(weight_count == 4 * directions, "a GRU layer has ", 4 * directions, " weights, not ", weight_count);
        auto initial = any_of(h0);
        if (!initial.defined()) initial = at::zeros({directions, T(x).size(0), parameters[1].size(1)}, T(x).options());
        // cuDNN keeps what the backward pass needs in training mode only.
        bool training = at::GradMode::is_enabled();
        auto [sequence, last] = at::gru(T(x), initial, parameters, /*has_biases=*/true, /*layers=*/1, /*dropout=*/0,
                                        training, bidirectional, /*batch_first=*/true);
        *out = wrap(sequence);
        *h = wrap(last);
    });
}

ct_failure ct_loss(int32_t kind, ct_tensor input, ct_tensor target, int32_t reduction, double delta,
                   ct_tensor *out) noexcept {
    return produced(out, [&] {
        // These losses broadcast, and a target of shape [n] against [n, 1] gives a wrong loss in silence.
        TORCH_CHECK(T(input).sizes() == T(target).sizes(), "a loss compares tensors of the same shape, not ",
                    T(input).sizes(), " and ", T(target).sizes());
        return loss(kind, T(input), T(target), reduction, delta);
    });
}

ct_failure ct_cross_entropy(ct_tensor logits, ct_tensor classes, double label_smoothing, ct_tensor *out) noexcept {
    return produced(out, [&] {
        return at::cross_entropy_loss(T(logits), T(classes), /*weight=*/{}, at::Reduction::Mean,
                                      /*ignore_index=*/-100, label_smoothing);
    });
}
