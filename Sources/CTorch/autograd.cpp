#include "internal.hpp"

#include <ATen/autocast_mode.h>
#include <torch/csrc/autograd/autograd.h>

using namespace ctorch;

namespace {

at::DeviceType device_type(int32_t kind) {
    return kind == 1 ? at::DeviceType::CUDA : kind == 2 ? at::DeviceType::MPS : at::DeviceType::CPU;
}

} // namespace

bool ct_requires_grad(ct_tensor t) noexcept { return T(t).requires_grad(); }

ct_failure ct_set_requires_grad(ct_tensor t, bool value) noexcept {
    return guarded([&] { T(t).requires_grad_(value); });
}

bool ct_is_leaf(ct_tensor t) noexcept { return T(t).is_leaf(); }

ct_failure ct_detach(ct_tensor t, ct_tensor *out) noexcept {
    return produced(out, [&] { return T(t).detach(); });
}

ct_failure ct_backward(ct_tensor t, ct_tensor gradient, bool retain_graph) noexcept {
    return guarded([&] { torch::autograd::backward({T(t)}, {any_of(gradient)}, retain_graph); });
}

ct_failure ct_grad(ct_tensor t, ct_tensor *out) noexcept {
    return produced(out, [&] { return T(t).grad(); });
}

ct_failure ct_set_grad(ct_tensor t, ct_tensor gradient) noexcept {
    return guarded([&] {
        auto value = any_of(gradient);
        TORCH_CHECK(!value.defined() || value.sizes() == T(t).sizes(), "a gradient of shape ", value.sizes(),
                    " does not fit its tensor ", T(t).sizes());
        T(t).mutable_grad() = value;
    });
}

ct_failure ct_gradients(const ct_tensor *outputs, const ct_tensor *weights, int64_t output_count,
                        const ct_tensor *inputs, int64_t input_count, bool retain_graph, bool create_graph,
                        ct_tensor *out) noexcept {
    return guarded([&] {
        auto given = weights == nullptr ? std::vector<at::Tensor>() : list(weights, output_count);
        auto gradients = torch::autograd::grad(list(outputs, output_count), list(inputs, input_count), given,
                                               retain_graph, create_graph, /*allow_unused=*/true);
        for (size_t i = 0; i < gradients.size(); i++) out[i] = wrap(std::move(gradients[i]));
    });
}

bool ct_grad_enabled(void) noexcept { return at::GradMode::is_enabled(); }
void ct_set_grad_enabled(bool value) noexcept { at::GradMode::set_enabled(value); }

int32_t ct_set_autocast(int32_t device_kind, int32_t dtype) noexcept {
    auto type = device_type(device_kind);
    bool was_on = at::autocast::is_autocast_enabled(type);
    auto previous = was_on ? static_cast<int32_t>(at::autocast::get_autocast_dtype(type)) : -1;
    if (dtype == previous) return previous;
    if (dtype >= 0) {
        // Weights converted to another dtype must not be found again.
        if (was_on) at::autocast::clear_cache();
        at::autocast::set_autocast_dtype(type, scalar_type(dtype));
        if (!was_on) at::autocast::increment_nesting();
    } else {
        at::autocast::clear_cache();
        at::autocast::decrement_nesting();
    }
    at::autocast::set_autocast_enabled(type, dtype >= 0);
    return previous;
}
