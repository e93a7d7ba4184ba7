// Shared by the files of this target: handles to tensors and back, exceptions to failures.
#pragma once

#include "ctorch.h"

#if !__has_include(<ATen/core/Tensor.h>)
#error "libtorch is missing: run make setup"
#endif

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>

#include <optional>
#include <utility>
#include <vector>

#pragma clang assume_nonnull begin

namespace ctorch {

/// Turns the exception in flight into a failure; to be called inside a `catch (...)`.
ct_failure caught() noexcept;

/// Gives a tensor a handle, owned by the caller; an undefined tensor gets the absent handle.
ct_tensor wrap(at::Tensor tensor);

/// Loads libtorch's GPU library once, if this machine can use it.
///
/// libtorch asks for its GPU hooks once, at the first use of almost anything, and keeps the answer; the autograd engine
/// does the same with its device threads. So the library has to be there before the first call of any kind.
void load_gpu_library();

/// Whether the system lists a feature of the processor by this name; false where it keeps no such list.
bool processor_reports(const char *feature);

/// Runs `body`, and returns what it threw.
template <class Body> ct_failure guarded(Body &&body) noexcept {
    try {
        load_gpu_library();
        body();
        return nullptr;
    } catch (...) {
        return caught();
    }
}

/// Runs `body`, and gives the tensor that it returns to `out`.
template <class Body> ct_failure produced(ct_tensor *out, Body &&body) noexcept {
    return guarded([&] { *out = wrap(body()); });
}

/// The tensor behind a handle, which must not be absent.
inline at::Tensor &T(ct_tensor t) {
    TORCH_CHECK(t.raw != nullptr, "an absent tensor was given where one is needed");
    return *static_cast<at::Tensor *>(t.raw);
}

inline std::optional<at::Tensor> maybe(ct_tensor t) {
    return t.raw == nullptr ? std::nullopt : std::optional<at::Tensor>(T(t));
}

/// The tensor behind a handle, or an undefined tensor.
inline at::Tensor any_of(ct_tensor t) { return t.raw == nullptr ? at::Tensor() : T(t); }

/// The tensors behind `count` handles; absent ones become undefined tensors.
inline std::vector<at::Tensor> list(const ct_tensor *_Nullable tensors, int64_t count) {
    std::vector<at::Tensor> result;
    result.reserve(count);
    for (int64_t i = 0; i < count; i++) result.push_back(any_of(tensors[i]));
    return result;
}

inline at::IntArrayRef ints(const int64_t *_Nullable values, int64_t count) {
    return at::IntArrayRef(values, static_cast<size_t>(count));
}

inline std::optional<at::Generator> generator(ct_generator g) {
    return g.raw == nullptr ? std::nullopt : std::optional<at::Generator>(*static_cast<at::Generator *>(g.raw));
}

inline at::ScalarType scalar_type(int32_t dtype) { return static_cast<at::ScalarType>(dtype); }
inline at::MemoryFormat memory_format(int32_t format) { return static_cast<at::MemoryFormat>(format); }

/// libtorch's device; throws when it is a GPU that this machine cannot use.
at::Device device(ct_device device);

inline at::TensorOptions options(int32_t dtype, ct_device where) {
    return at::TensorOptions().dtype(scalar_type(dtype)).device(device(where));
}

/// A number to combine with `a`: a whole number stays one beside an integer tensor, which then keeps its dtype.
at::Scalar number(const at::Tensor &a, double value);

} // namespace ctorch

#pragma clang assume_nonnull end
