#include "internal.hpp"

#include <ATen/ATen.h>
#include <ATen/ScalarOps.h>
#include <ATen/WrapDimUtils.h>

#include <algorithm>
#include <numeric>

using namespace ctorch;

namespace {

at::Tensor unary(int32_t op, const at::Tensor &a) {
    switch (op) {
    case CT_NEG: return at::neg(a);
    case CT_ABS: return at::abs(a);
    case CT_EXP: return at::exp(a);
    case CT_LOG: return at::log(a);
    case CT_LOG1P: return at::log1p(a);
    case CT_EXPM1: return at::expm1(a);
    case CT_SQRT: return at::sqrt(a);
    case CT_RSQRT: return at::rsqrt(a);
    case CT_SIN: return at::sin(a);
    case CT_COS: return at::cos(a);
    case CT_TANH: return at::tanh(a);
    case CT_SIGMOID: return at::sigmoid(a);
    case CT_RELU: return at::relu(a);
    case CT_RELU6: return at::relu6(a);
    case CT_SILU: return at::silu(a);
    case CT_GELU: return at::gelu(a);
    case CT_SOFTPLUS: return at::softplus(a);
    case CT_LOG_SIGMOID: return at::log_sigmoid(a);
    case CT_FLOOR: return at::floor(a);
    case CT_CEIL: return at::ceil(a);
    case CT_ROUND: return at::round(a);
    case CT_TRUNC: return at::trunc(a);
    case CT_SIGN: return at::sign(a);
    case CT_RECIPROCAL: return at::reciprocal(a);
    case CT_SQUARE: return at::square(a);
    case CT_ERF: return at::erf(a);
    case CT_ATAN: return at::atan(a);
    case CT_ISFINITE: return at::isfinite(a);
    case CT_ISNAN: return at::isnan(a);
    case CT_NOT: return at::logical_not(a);
    case CT_ANGLE: return at::angle(a);
    case CT_REAL: return at::real(a);
    case CT_IMAG: return at::imag(a);
    case CT_CONJ: return at::conj_physical(a);
    case CT_VIEW_AS_REAL: return at::view_as_real(a.resolve_conj());
    case CT_VIEW_AS_COMPLEX: return at::view_as_complex(a);
    case CT_LOGIT: return at::logit(a);
    case CT_LOG10: return at::log10(a);
    case CT_LOG2: return at::log2(a);
    default: TORCH_CHECK(false, "unknown unary operation ", op);
    }
}

at::Tensor binary(int32_t op, const at::Tensor &a, const at::Tensor &b) {
    switch (op) {
    case CT_ADD: return at::add(a, b);
    case CT_SUB: return at::sub(a, b);
    case CT_MUL: return at::mul(a, b);
    case CT_DIV: return at::div(a, b);
    case CT_POW: return at::pow(a, b);
    case CT_MAXIMUM: return at::maximum(a, b);
    case CT_MINIMUM: return at::minimum(a, b);
    case CT_EQ: return at::eq(a, b);
    case CT_NE: return at::ne(a, b);
    case CT_LT: return at::lt(a, b);
    case CT_LE: return at::le(a, b);
    case CT_GT: return at::gt(a, b);
    case CT_GE: return at::ge(a, b);
    case CT_ATAN2: return at::atan2(a, b);
    case CT_AND: return at::logical_and(a, b);
    case CT_OR: return at::logical_or(a, b);
    case CT_REMAINDER: return at::remainder(a, b);
    case CT_FLOOR_DIV: return at::floor_divide(a, b);
    default: TORCH_CHECK(false, "unknown binary operation ", op);
    }
}

/// libtorch multiplies over one axis at a time.
at::Tensor product(at::Tensor a, std::vector<int64_t> axes, bool keep) {
    for (auto &axis : axes) axis = at::maybe_wrap_dim(axis, a.dim());
    // From the last axis on, so that the numbers of the others stay right.
    std::sort(axes.rbegin(), axes.rend());
    for (auto axis : axes) a = at::prod(a, axis, keep);
    return a;
}

at::Tensor reduce(int32_t op, const at::Tensor &a, at::IntArrayRef axes, bool keep, bool unbiased) {
    std::vector<int64_t> over(axes.begin(), axes.end());
    if (axes.empty()) {
        over.resize(a.dim());
        std::iota(over.begin(), over.end(), 0);
    }
    auto axis = axes.empty() ? std::nullopt : std::optional(axes[0]);
    if (op == CT_ARGMAX || op == CT_ARGMIN || op == CT_MEDIAN) {
        TORCH_CHECK(axes.size() <= 1, "argmax, argmin and median take one axis, not ", axes.size());
    }
    at::Scalar correction = unbiased ? 1 : 0;
    switch (op) {
    case CT_SUM: return at::sum(a, over, keep);
    case CT_MEAN: return at::mean(a, over, keep);
    case CT_PROD: return over.empty() ? at::prod(a) : product(a, over, keep);
    case CT_AMAX: return at::amax(a, over, keep);
    case CT_AMIN: return at::amin(a, over, keep);
    case CT_ANY: return over.empty() ? at::any(a) : at::any(a, at::OptionalIntArrayRef(over), keep);
    case CT_ALL: return over.empty() ? at::all(a) : at::all(a, at::OptionalIntArrayRef(over), keep);
    case CT_STD: return at::std(a, over, correction, keep);
    case CT_VAR: return at::var(a, over, correction, keep);
    case CT_LOGSUMEXP: return at::logsumexp(a, over, keep);
    case CT_NORM: return at::linalg_vector_norm(a, 2, over, keep);
    case CT_ARGMAX: return at::argmax(a, axis, keep);
    case CT_ARGMIN: return at::argmin(a, axis, keep);
    case CT_MEDIAN:
        if (axis) return std::get<0>(at::median(a, *axis, keep));
        return keep ? at::median(a).reshape(std::vector<int64_t>(a.dim(), 1)) : at::median(a);
    default: TORCH_CHECK(false, "unknown reduction ", op);
    }
}

} // namespace

ct_failure ct_unary(int32_t op, ct_tensor a, ct_tensor *out) noexcept {
    return produced(out, [&] { return unary(op, T(a)); });
}

ct_failure ct_binary(int32_t op, ct_tensor a, ct_tensor b, ct_tensor *out) noexcept {
    return produced(out, [&] { return binary(op, T(a), T(b)); });
}

ct_failure ct_binary_scalar(int32_t op, ct_tensor a, double b, bool reversed, ct_tensor *out) noexcept {
    return produced(out, [&] {
        auto scalar = number(T(a), b);
        if (op == CT_POW) return reversed ? at::pow(scalar, T(a)) : at::pow(T(a), scalar);
        auto wrapped = at::native::wrapped_scalar_tensor(scalar);
        return reversed ? binary(op, wrapped, T(a)) : binary(op, T(a), wrapped);
    });
}

ct_failure ct_reduce(int32_t op, ct_tensor a, const int64_t *axes, int64_t count, bool keep, bool unbiased,
                     ct_tensor *out) noexcept {
    return produced(out, [&] { return reduce(op, T(a), ints(axes, count), keep, unbiased); });
}

ct_failure ct_clamp(ct_tensor a, bool has_min, double min, bool has_max, double max, ct_tensor *out) noexcept {
    return produced(out, [&] {
        auto low = has_min ? std::optional(number(T(a), min)) : std::nullopt;
        auto high = has_max ? std::optional(number(T(a), max)) : std::nullopt;
        return at::clamp(T(a), low, high);
    });
}

ct_failure ct_leaky_relu(ct_tensor a, double slope, ct_tensor *out) noexcept {
    return produced(out, [&] { return at::leaky_relu(T(a), slope); });
}

ct_failure ct_where(ct_tensor condition, ct_tensor a, ct_tensor b, ct_tensor *out) noexcept {
    return produced(out, [&] { return at::where(T(condition), T(a), T(b)); });
}

ct_failure ct_masked_fill(ct_tensor a, ct_tensor mask, double value, ct_tensor *out) noexcept {
    return produced(out, [&] { return at::masked_fill(T(a), T(mask), number(T(a), value)); });
}

ct_failure ct_lerp(ct_tensor a, ct_tensor b, double weight, ct_tensor *out) noexcept {
    return produced(out, [&] { return at::lerp(T(a), T(b), weight); });
}

ct_failure ct_cumsum(ct_tensor a, int64_t axis, ct_tensor *out) noexcept {
    return produced(out, [&] { return at::cumsum(T(a), axis); });
}

ct_failure ct_sort(ct_tensor a, int64_t axis, bool descending, ct_tensor *values, ct_tensor *indices) noexcept {
    return guarded([&] {
        auto [sorted, order] = at::sort(T(a), /*stable=*/std::optional(true), axis, descending);
        *values = wrap(sorted);
        *indices = wrap(order);
    });
}

ct_failure ct_topk(ct_tensor a, int64_t k, int64_t axis, bool largest, ct_tensor *values, ct_tensor *indices) noexcept {
    return guarded([&] {
        auto [top, order] = at::topk(T(a), k, axis, largest);
        *values = wrap(top);
        *indices = wrap(order);
    });
}

ct_failure ct_quantile(ct_tensor a, double q, int64_t axis, bool keep, ct_tensor *out) noexcept {
    return produced(out, [&] { return at::quantile(T(a), q, axis, keep); });
}

ct_failure ct_bincount(ct_tensor a, int64_t minimum_length, ct_tensor *out) noexcept {
    return produced(out, [&] { return at::bincount(T(a), {}, minimum_length); });
}

ct_failure ct_softmax(ct_tensor a, int64_t axis, bool logarithm, ct_tensor *out) noexcept {
    return produced(out, [&] { return logarithm ? at::log_softmax(T(a), axis) : at::softmax(T(a), axis); });
}

bool ct_equal(ct_tensor a, ct_tensor b) noexcept {
    load_gpu_library();
    auto &x = T(a), &y = T(b);
    return x.sizes() == y.sizes() && x.scalar_type() == y.scalar_type() && x.device() == y.device() && at::equal(x, y);
}
