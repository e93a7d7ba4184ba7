#include "internal.hpp"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <mutex>

using namespace ctorch;

namespace {

at::Generator &G(ct_generator g) {
    TORCH_CHECK(g.raw != nullptr, "an absent generator was given where one is needed");
    return *static_cast<at::Generator *>(g.raw);
}

at::Generator make(at::Device device) {
    if (device.is_cpu()) return at::make_generator<at::CPUGeneratorImpl>();
    return at::globalContext().getAcceleratorHooksInterface(device.type()).getNewGenerator(device.index());
}

/// Fills a tensor without recording it.
template <class Body> ct_failure filled(Body &&body) noexcept {
    return guarded([&] {
        at::NoGradGuard no_grad;
        body();
    });
}

} // namespace

ct_failure ct_generator_create(ct_device where, uint64_t seed, ct_generator *out) noexcept {
    return guarded([&] {
        auto result = make(device(where));
        result.set_current_seed(seed);
        out->raw = new at::Generator(std::move(result));
    });
}

void ct_generator_release(ct_generator g) noexcept { delete static_cast<at::Generator *>(g.raw); }

ct_failure ct_generator_state(ct_generator g, ct_tensor *out) noexcept {
    return produced(out, [&] {
        std::lock_guard lock(G(g).mutex());
        return G(g).get_state();
    });
}

ct_failure ct_generator_set_state(ct_generator g, ct_tensor state) noexcept {
    return guarded([&] {
        std::lock_guard lock(G(g).mutex());
        G(g).set_state(T(state));
    });
}

ct_failure ct_random_uniform(ct_tensor a, double low, double high, ct_generator g) noexcept {
    return filled([&] { T(a).uniform_(low, high, generator(g)); });
}

ct_failure ct_random_normal(ct_tensor a, double mean, double deviation, ct_generator g) noexcept {
    return filled([&] { T(a).normal_(mean, deviation, generator(g)); });
}

ct_failure ct_random_integers(ct_tensor a, int64_t low, int64_t high, ct_generator g) noexcept {
    return filled([&] { T(a).random_(low, high, generator(g)); });
}

ct_failure ct_random_bernoulli(ct_tensor a, double probability, ct_generator g) noexcept {
    return filled([&] { T(a).bernoulli_(probability, generator(g)); });
}

ct_failure ct_random_permutation(int64_t n, ct_generator g, ct_device where, ct_tensor *out) noexcept {
    return produced(out, [&] {
        auto target = device(where);
        if (g.raw == nullptr) return at::randperm(n, at::TensorOptions().dtype(at::kLong).device(target));
        // Drawn where the generator lives, so that one seed gives one order on every device.
        return at::randperm(n, G(g), at::TensorOptions().dtype(at::kLong).device(G(g).device())).to(target);
    });
}
