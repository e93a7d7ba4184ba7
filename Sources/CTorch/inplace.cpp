#include "internal.hpp"

#include <ATen/ATen.h>

#include <map>
#include <utility>

using namespace ctorch;

namespace {

/// Runs `body` without recording it: optimizers change weights that want gradients.
template <class Body> ct_failure unrecorded(Body &&body) noexcept {
    return guarded([&] {
        at::NoGradGuard no_grad;
        body();
    });
}

void combine(int32_t op, at::Tensor &a, const at::Tensor &b, double scale) {
    auto factor = number(a, scale);
    switch (op) {
    case CT_IN_ADD: a.add_(b, factor); break;
    case CT_IN_SUB: a.sub_(b, factor); break;
    case CT_IN_MUL:
    case CT_IN_DIV:
        op == CT_IN_MUL ? a.mul_(b) : a.div_(b);
        if (scale != 1) op == CT_IN_MUL ? a.mul_(factor) : a.div_(factor);
        break;
    case CT_IN_COPY: a.copy_(b); break;
    default: TORCH_CHECK(false, "unknown in-place operation ", op);
    }
}

void combine(int32_t op, at::Tensor &a, double scale) {
    auto factor = number(a, scale);
    switch (op) {
    case CT_IN_ADD: a.add_(factor); break;
    case CT_IN_SUB: a.sub_(factor); break;
    case CT_IN_MUL: a.mul_(factor); break;
    case CT_IN_DIV: a.div_(factor); break;
    case CT_IN_COPY: a.fill_(factor); break;
    default: TORCH_CHECK(false, "unknown in-place operation ", op);
    }
}

/// The fused step's arguments of one device and dtype, which the kernel wants alike.
struct Group {
    std::vector<at::Tensor> parameters, gradients, first, second, steps;
};

using Groups = std::map<std::pair<at::ScalarType, std::pair<at::DeviceType, int>>, Group>;

Groups grouped(const ct_tensor *parameters, const ct_tensor *gradients, const ct_tensor *first,
               const ct_tensor *second, const ct_tensor *steps, int64_t count) {
    Groups groups;
    for (int64_t i = 0; i < count; i++) {
        auto &parameter = T(parameters[i]);
        auto gradient = T(gradients[i]);
        // The kernel walks the memory of all four side by side, whatever their strides.
        TORCH_CHECK(parameter.is_non_overlapping_and_dense(), "the optimizer needs parameters dense in memory");
        for (auto &state : {first[i], second[i]}) {
            TORCH_CHECK(T(state).sizes() == parameter.sizes() && T(state).strides() == parameter.strides(),
                        "an optimizer state of shape ", T(state).sizes(), " is not laid out like its parameter ",
                        parameter.sizes());
        }
        TORCH_CHECK(gradient.sizes() == parameter.sizes(), "a gradient of shape ", gradient.sizes(),
                    " does not fit its parameter ", parameter.sizes());
        if (gradient.strides() != parameter.strides() || gradient.scalar_type() != parameter.scalar_type()) {
            gradient = at::empty_like(parameter).copy_(gradient);
        }
        auto &group = groups[{parameter.scalar_type(), {parameter.device().type(), parameter.device().index()}}];
        group.parameters.push_back(parameter);
        group.gradients.push_back(gradient);
        group.first.push_back(T(first[i]));
        group.second.push_back(T(second[i]));
        group.steps.push_back(T(steps[i]));
    }
    return groups;
}

} // namespace

ct_failure ct_inplace(int32_t op, ct_tensor a, ct_tensor b, double scale) noexcept {
    return unrecorded([&] { b.raw == nullptr ? combine(op, T(a), scale) : combine(op, T(a), T(b), scale); });
}

ct_failure ct_fill(ct_tensor a, double value) noexcept {
    return unrecorded([&] { T(a).fill_(value); });
}

ct_failure ct_lerp_inplace(ct_tensor a, ct_tensor b, double weight) noexcept {
    return unrecorded([&] { T(a).lerp_(T(b), weight); });
}

ct_failure ct_addcmul(ct_tensor a, ct_tensor x, ct_tensor y, double scale) noexcept {
    return unrecorded([&] { T(a).addcmul_(T(x), T(y), number(T(a), scale)); });
}

ct_failure ct_addcdiv(ct_tensor a, ct_tensor x, ct_tensor y, double scale) noexcept {
    return unrecorded([&] { T(a).addcdiv_(T(x), T(y), scale); });
}

ct_failure ct_foreach_lerp(const ct_tensor *a, const ct_tensor *b, int64_t count, double weight) noexcept {
    return unrecorded([&] {
        if (count > 0) at::_foreach_lerp_(list(a, count), list(b, count), weight);
    });
}

ct_failure ct_foreach_scale(const ct_tensor *a, int64_t count, double scale) noexcept {
    return unrecorded([&] {
        if (count > 0) at::_foreach_mul_(list(a, count), scale);
    });
}

ct_failure ct_foreach_norm(const ct_tensor *a, int64_t count, ct_tensor *out) noexcept {
    return unrecorded([&] {
        if (count == 0) {
            *out = wrap(at::zeros({}, at::kFloat));
            return;
        }
        auto norms = at::_foreach_norm(list(a, count), 2, at::kFloat);
        *out = wrap(at::linalg_vector_norm(at::stack(norms), 2));
    });
}

ct_failure ct_fused_adamw(const ct_tensor *parameters, const ct_tensor *gradients, const ct_tensor *first,
                          const ct_tensor *second, const ct_tensor *steps, int64_t count, double rate, double beta1,
                          double beta2, double decay, double eps, ct_tensor scale, ct_tensor found_inf) noexcept {
    return unrecorded([&] {
        for (auto &[key, group] : grouped(parameters, gradients, first, second, steps, count)) {
            at::_fused_adamw_(group.parameters, group.gradients, group.first, group.second, /*max_exp_avg_sqs=*/{},
                              group.steps, rate, beta1, beta2, decay, eps, /*amsgrad=*/false, /*maximize=*/false,
                              maybe(scale), maybe(found_inf));
        }
    });
}
