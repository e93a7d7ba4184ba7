#include "internal.hpp"

#include <ATen/ATen.h>

using namespace ctorch;

namespace {

std::optional<int64_t> positive(int64_t n) { return n > 0 ? std::optional(n) : std::nullopt; }

at::Tensor transform(int32_t kind, const at::Tensor &a, std::optional<int64_t> n, int64_t axis) {
    switch (kind) {
    case CT_FFT: return at::fft_fft(a, n, axis);
    case CT_IFFT: return at::fft_ifft(a, n, axis);
    case CT_RFFT: return at::fft_rfft(a, n, axis);
    case CT_IRFFT: return at::fft_irfft(a, n, axis);
    default: TORCH_CHECK(false, "unknown Fourier transform ", kind);
    }
}

at::Tensor transform2(int32_t kind, const at::Tensor &a, at::IntArrayRef size) {
    switch (kind) {
    case CT_FFT: return at::fft_fft2(a, size);
    case CT_IFFT: return at::fft_ifft2(a, size);
    case CT_RFFT: return at::fft_rfft2(a, size);
    case CT_IRFFT: return at::fft_irfft2(a, size);
    default: TORCH_CHECK(false, "unknown Fourier transform ", kind);
    }
}

} // namespace

ct_failure ct_matmul(ct_tensor a, ct_tensor b, ct_tensor *out) noexcept {
    return produced(out, [&] { return at::matmul(T(a), T(b)); });
}

ct_failure ct_einsum(const char *equation, const ct_tensor *tensors, int64_t count, ct_tensor *out) noexcept {
    return produced(out, [&] { return at::einsum(equation, list(tensors, count)); });
}

ct_failure ct_inverse(ct_tensor a, ct_tensor *out) noexcept {
    return produced(out, [&] { return at::linalg_inv(T(a)); });
}

ct_failure ct_solve(ct_tensor a, ct_tensor b, ct_tensor *out) noexcept {
    return produced(out, [&] { return at::linalg_solve(T(a), T(b)); });
}

ct_failure ct_cholesky(ct_tensor a, ct_tensor *out) noexcept {
    return produced(out, [&] { return at::linalg_cholesky(T(a)); });
}

ct_failure ct_eigh(ct_tensor a, ct_tensor *values, ct_tensor *vectors) noexcept {
    return guarded([&] {
        auto [w, v] = at::linalg_eigh(T(a));
        *values = wrap(w);
        *vectors = wrap(v);
    });
}

ct_failure ct_svd(ct_tensor a, ct_tensor *u, ct_tensor *s, ct_tensor *vh) noexcept {
    return guarded([&] {
        auto [left, values, right] = at::linalg_svd(T(a), /*full_matrices=*/false);
        *u = wrap(left);
        *s = wrap(values);
        *vh = wrap(right);
    });
}

ct_failure ct_fft(int32_t kind, ct_tensor a, int64_t n, int64_t axis, ct_tensor *out) noexcept {
    return produced(out, [&] { return transform(kind, T(a), positive(n), axis); });
}

ct_failure ct_fft2(int32_t kind, ct_tensor a, int64_t height, int64_t width, ct_tensor *out) noexcept {
    return produced(out, [&] {
        int64_t last = kind == CT_IRFFT ? 2 * (T(a).size(-1) - 1) : T(a).size(-1);
        int64_t size[] = {positive(height).value_or(T(a).size(-2)), positive(width).value_or(last)};
        return transform2(kind, T(a), size);
    });
}

ct_failure ct_stft(ct_tensor a, int64_t n_fft, int64_t hop, ct_tensor window, bool center, ct_tensor *out) noexcept {
    return produced(out, [&] {
        auto length = window.raw == nullptr ? n_fft : T(window).size(0);
        return at::stft(T(a), n_fft, hop, length, maybe(window), center, "reflect", /*normalized=*/false,
                        /*onesided=*/true, /*return_complex=*/true);
    });
}

ct_failure ct_istft(ct_tensor a, int64_t n_fft, int64_t hop, ct_tensor window, bool center, int64_t length,
                    ct_tensor *out) noexcept {
    return produced(out, [&] {
        auto window_length = window.raw == nullptr ? n_fft : T(window).size(0);
        return at::istft(T(a), n_fft, hop, window_length, maybe(window), center, /*normalized=*/false,
                         /*onesided=*/true, positive(length));
    });
}
