#include "internal.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>

using namespace ctorch;

namespace {

std::atomic<int64_t> live_tensors{0};
thread_local void *thread_slot = nullptr;

ct_failure message(char kind, std::string_view text) noexcept {
    auto *result = static_cast<char *>(std::malloc(text.size() + 2));
    // A null message would mean success.
    if (result == nullptr) std::abort();
    result[0] = kind;
    std::memcpy(result + 1, text.data(), text.size());
    result[text.size() + 1] = '\0';
    return result;
}

/// libtorch has an exception type for a full GPU; it tells of full main memory, cuBLAS and cuDNN in words.
char kind_of(std::string_view text) {
    for (std::string_view sign : {"can't allocate memory", "not enough memory", "out of memory", "ALLOC_FAILED"}) {
        if (text.find(sign) != text.npos) return 'M';
    }
    return 'E';
}

} // namespace

ct_failure ctorch::caught() noexcept {
    try {
        throw;
    } catch (const c10::OutOfMemoryError &error) {
        return message('M', error.what_without_backtrace());
    } catch (const c10::Error &error) {
        return message(kind_of(error.what_without_backtrace()), error.what_without_backtrace());
    } catch (const std::bad_alloc &) {
        return message('M', "out of memory");
    } catch (const std::exception &error) {
        return message(kind_of(error.what()), error.what());
    } catch (...) {
        return message('E', "unknown failure inside libtorch");
    }
}

ct_tensor ctorch::wrap(at::Tensor tensor) {
    if (!tensor.defined()) return {nullptr};
    ct_tensor result{new at::Tensor(std::move(tensor))};
    live_tensors.fetch_add(1, std::memory_order_relaxed);
    return result;
}

at::Scalar ctorch::number(const at::Tensor &a, double value) {
    // Up to 2^53 a double holds every whole number exactly.
    bool whole = std::trunc(value) == value && std::abs(value) <= 9007199254740992.0;
    if (whole && at::isIntegralType(a.scalar_type(), /*includeBool=*/false)) return static_cast<int64_t>(value);
    return value;
}

void ct_message_free(ct_failure message) noexcept { std::free(message); }
void *ct_thread_slot_get(void) noexcept { return thread_slot; }
void ct_thread_slot_set(void *value) noexcept { thread_slot = value; }

void ct_tensor_release(ct_tensor t) noexcept {
    if (t.raw == nullptr) return;
    delete static_cast<at::Tensor *>(t.raw);
    live_tensors.fetch_sub(1, std::memory_order_relaxed);
}

int64_t ct_live_tensors(void) noexcept { return live_tensors.load(std::memory_order_relaxed); }

// Creation

ct_failure ct_empty(const int64_t *shape, int64_t rank, int32_t dtype, ct_device device, int32_t format,
                    ct_tensor *out) noexcept {
    return produced(out, [&] { return at::empty(ints(shape, rank), options(dtype, device), memory_format(format)); });
}

ct_failure ct_full(const int64_t *shape, int64_t rank, double value, int32_t dtype, ct_device device,
                   ct_tensor *out) noexcept {
    return produced(out, [&] { return at::full(ints(shape, rank), value, options(dtype, device)); });
}

ct_failure ct_arange(double start, double end, double step, int32_t dtype, ct_device device, ct_tensor *out) noexcept {
    return produced(out, [&] { return at::arange(start, end, step, options(dtype, device)); });
}

ct_failure ct_linspace(double start, double end, int64_t count, int32_t dtype, ct_device device,
                       ct_tensor *out) noexcept {
    return produced(out, [&] { return at::linspace(start, end, count, options(dtype, device)); });
}

ct_failure ct_eye(int64_t n, int32_t dtype, ct_device device, ct_tensor *out) noexcept {
    return produced(out, [&] { return at::eye(n, options(dtype, device)); });
}

ct_failure ct_from_bytes(const void *bytes, size_t count, const int64_t *shape, int64_t rank, int32_t dtype,
                         ct_tensor *out) noexcept {
    return produced(out, [&] {
        auto result = at::empty(ints(shape, rank), at::TensorOptions().dtype(scalar_type(dtype)));
        TORCH_CHECK(result.nbytes() == count, "a tensor of shape ", result.sizes(), " and dtype ", result.scalar_type(),
                    " takes ", result.nbytes(), " bytes; ", count, " were given");
        if (count > 0) std::memcpy(result.mutable_data_ptr(), bytes, count);
        return result;
    });
}

ct_failure ct_from_memory(void *memory, const int64_t *shape, int64_t rank, int32_t dtype, void *owner,
                          void (*release)(void *), ct_tensor *out) noexcept {
    return produced(out, [&] {
        // libtorch drops the deleter's copies with the storage, but does not call it for null memory or after a
        // failure; the shared owner goes with the last copy in every case.
        std::shared_ptr<void> shared(owner, release);
        return at::from_blob(memory, ints(shape, rank), [shared](void *) {},
                             at::TensorOptions().dtype(scalar_type(dtype)));
    });
}

// Inspection

bool ct_is_defined(ct_tensor t) noexcept { return t.raw != nullptr && T(t).defined(); }
int64_t ct_rank(ct_tensor t) noexcept { return T(t).dim(); }
int64_t ct_count(ct_tensor t) noexcept { return T(t).numel(); }

void ct_shape(ct_tensor t, int64_t *shape) noexcept {
    auto sizes = T(t).sizes();
    std::copy(sizes.begin(), sizes.end(), shape);
}

void ct_strides(ct_tensor t, int64_t *strides) noexcept {
    auto values = T(t).strides();
    std::copy(values.begin(), values.end(), strides);
}

int32_t ct_dtype(ct_tensor t) noexcept { return static_cast<int32_t>(T(t).scalar_type()); }

ct_device ct_device_of(ct_tensor t) noexcept {
    auto device = T(t).device();
    if (device.is_cuda()) return {1, device.index()};
    return {device.is_mps() ? 2 : 0, -1};
}

bool ct_is_contiguous(ct_tensor t, int32_t format) noexcept {
    if (memory_format(format) == at::MemoryFormat::Preserve) return T(t).is_non_overlapping_and_dense();
    return T(t).is_contiguous(memory_format(format));
}

void *ct_data(ct_tensor t) noexcept { return T(t).mutable_data_ptr(); }
bool ct_same_storage(ct_tensor a, ct_tensor b) noexcept { return T(a).is_alias_of(T(b)); }

// Conversion

ct_failure ct_to(ct_tensor t, int32_t dtype, ct_device where, int32_t format, bool nonblocking, bool copy,
                 ct_tensor *out) noexcept {
    return produced(out, [&] {
        at::TensorOptions wanted;
        if (dtype >= 0) wanted = wanted.dtype(scalar_type(dtype));
        if (where.kind >= 0) wanted = wanted.device(device(where));
        auto order = format < 0 ? std::nullopt : std::optional(memory_format(format));
        return T(t).to(wanted, nonblocking, copy, order);
    });
}

ct_failure ct_contiguous(ct_tensor t, int32_t format, ct_tensor *out) noexcept {
    // Complex tensors may be conjugated lazily; whoever asks for contiguous memory is going to read it.
    return produced(out, [&] { return T(t).resolve_conj().resolve_neg().contiguous(memory_format(format)); });
}

ct_failure ct_clone(ct_tensor t, int32_t format, ct_tensor *out) noexcept {
    return produced(out, [&] { return T(t).clone(memory_format(format)); });
}

ct_failure ct_pin(ct_tensor t, ct_tensor *out) noexcept {
    return produced(out, [&] {
        TORCH_CHECK(ct_cuda_available(), "page-locked memory needs a CUDA device: ", ct_cuda_reason());
        return T(t).pin_memory();
    });
}

ct_failure ct_item(ct_tensor t, double *out) noexcept {
    return guarded([&] { *out = T(t).item().toDouble(); });
}

ct_failure ct_copy_out(ct_tensor t, void *bytes, size_t count) noexcept {
    return guarded([&] {
        auto source = T(t).detach();
        TORCH_CHECK(source.nbytes() == count, "the tensor has ", source.nbytes(), " bytes; room was given for ", count);
        if (count == 0) return;
        at::NoGradGuard no_grad;
        at::from_blob(bytes, source.sizes(), at::TensorOptions().dtype(source.scalar_type())).copy_(source);
    });
}
