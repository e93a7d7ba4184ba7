#include "internal.hpp"

#include <ATen/ATen.h>

#include <array>

using namespace ctorch;

ct_failure ct_reshape(ct_tensor a, const int64_t *shape, int64_t rank, ct_tensor *out) noexcept {
    return produced(out, [&] { return T(a).reshape(ints(shape, rank)); });
}

ct_failure ct_permute(ct_tensor a, const int64_t *axes, int64_t rank, ct_tensor *out) noexcept {
    return produced(out, [&] { return T(a).permute(ints(axes, rank)); });
}

ct_failure ct_expand(ct_tensor a, const int64_t *shape, int64_t rank, ct_tensor *out) noexcept {
    return produced(out, [&] { return T(a).expand(ints(shape, rank)); });
}

ct_failure ct_unsqueeze(ct_tensor a, int64_t axis, ct_tensor *out) noexcept {
    return produced(out, [&] { return T(a).unsqueeze(axis); });
}

ct_failure ct_squeeze(ct_tensor a, int64_t axis, ct_tensor *out) noexcept {
    return produced(out, [&] { return T(a).squeeze(axis); });
}

ct_failure ct_slice(ct_tensor a, int64_t axis, int64_t start, int64_t end, int64_t step, ct_tensor *out) noexcept {
    return produced(out, [&] { return T(a).slice(axis, start, end, step); });
}

ct_failure ct_select(ct_tensor a, int64_t axis, int64_t index, ct_tensor *out) noexcept {
    return produced(out, [&] { return T(a).select(axis, index); });
}

ct_failure ct_index_select(ct_tensor a, int64_t axis, ct_tensor indices, ct_tensor *out) noexcept {
    return produced(out, [&] { return T(a).index_select(axis, T(indices)); });
}

ct_failure ct_gather(ct_tensor a, int64_t axis, ct_tensor indices, ct_tensor *out) noexcept {
    return produced(out, [&] { return T(a).gather(axis, T(indices)); });
}

ct_failure ct_masked_select(ct_tensor a, ct_tensor mask, ct_tensor *out) noexcept {
    return produced(out, [&] { return T(a).masked_select(T(mask)); });
}

ct_failure ct_scatter_add(ct_tensor a, int64_t axis, ct_tensor indices, ct_tensor source, ct_tensor *out) noexcept {
    return produced(out, [&] { return T(a).scatter_add(axis, T(indices), T(source)); });
}

ct_failure ct_concatenate(const ct_tensor *tensors, int64_t count, int64_t axis, ct_tensor *out) noexcept {
    return produced(out, [&] { return at::cat(list(tensors, count), axis); });
}

ct_failure ct_stack(const ct_tensor *tensors, int64_t count, int64_t axis, ct_tensor *out) noexcept {
    return produced(out, [&] { return at::stack(list(tensors, count), axis); });
}

ct_failure ct_flip(ct_tensor a, const int64_t *axes, int64_t count, ct_tensor *out) noexcept {
    return produced(out, [&] { return T(a).flip(ints(axes, count)); });
}

ct_failure ct_roll(ct_tensor a, int64_t shift, int64_t axis, ct_tensor *out) noexcept {
    return produced(out, [&] { return T(a).roll(shift, axis); });
}

ct_failure ct_repeat(ct_tensor a, const int64_t *counts, int64_t rank, ct_tensor *out) noexcept {
    return produced(out, [&] { return T(a).repeat(ints(counts, rank)); });
}

ct_failure ct_repeat_interleave(ct_tensor a, int64_t count, int64_t axis, ct_tensor *out) noexcept {
    return produced(out, [&] { return T(a).repeat_interleave(count, axis); });
}

ct_failure ct_pad(ct_tensor a, const int64_t *padding, int64_t count, int32_t mode, double value,
                  ct_tensor *out) noexcept {
    return produced(out, [&] {
        constexpr std::array modes{"constant", "reflect", "replicate", "circular"};
        TORCH_CHECK(mode >= 0 && mode < static_cast<int32_t>(modes.size()), "unknown padding mode ", mode);
        // The other modes refuse a value.
        auto fill = mode == 0 ? std::optional(value) : std::nullopt;
        return at::pad(T(a), ints(padding, count), modes[mode], fill);
    });
}

ct_failure ct_triangle(ct_tensor a, bool upper, int64_t diagonal, ct_tensor *out) noexcept {
    return produced(out, [&] { return upper ? T(a).triu(diagonal) : T(a).tril(diagonal); });
}

ct_failure ct_diagonal(ct_tensor a, int64_t axis1, int64_t axis2, ct_tensor *out) noexcept {
    return produced(out, [&] { return T(a).diagonal(/*offset=*/0, axis1, axis2); });
}

ct_failure ct_unfold(ct_tensor a, int64_t axis, int64_t size, int64_t step, ct_tensor *out) noexcept {
    return produced(out, [&] { return T(a).unfold(axis, size, step); });
}

ct_failure ct_pixel_shuffle(ct_tensor a, int64_t factor, bool inverse, ct_tensor *out) noexcept {
    return produced(out, [&] { return inverse ? at::pixel_unshuffle(T(a), factor) : at::pixel_shuffle(T(a), factor); });
}
