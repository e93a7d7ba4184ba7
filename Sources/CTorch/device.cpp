#include <climits>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "internal.hpp"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <torch/headeronly/version.h>

#include <dlfcn.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

#ifdef __APPLE__
#include <mach/mach.h>
#include <sys/sysctl.h>
#endif

using namespace ctorch;

namespace {

#ifdef __linux__
/// libtorch_cuda lies beside libtorch_cpu, which need not be on the search path of libraries.
std::string beside_libtorch(const char *name) {
    Dl_info info;
    if (dladdr(reinterpret_cast<const void *>(&at::get_cpu_capability), &info) == 0) return name;
    // Through links, because the library looks for its own dependencies beside the file that was opened.
    std::error_code failure;
    auto path = std::filesystem::canonical(info.dli_fname, failure);
    return failure ? name : path.replace_filename(name).string();
}
#endif

/// Loads libtorch's GPU library; returns why that is not possible, or nothing.
std::string load() {
#ifdef __linux__
    // Without a driver there is no use for half a gigabyte of kernels.
    if (dlopen("libcuda.so.1", RTLD_NOW | RTLD_GLOBAL) == nullptr) {
        return std::string("no NVIDIA driver was found (") + dlerror() + ").";
    }
    constexpr auto name = "libtorch_cuda.so";
    if (dlopen(beside_libtorch(name).c_str(), RTLD_NOW | RTLD_GLOBAL) != nullptr) return "";
    std::string reason = dlerror();
    if (dlopen(name, RTLD_NOW | RTLD_GLOBAL) != nullptr) return "";
    return "libtorch's CUDA library cannot be loaded (" + reason + ").";
#else
    return "CUDA exists on Linux only.";
#endif
}

void allow_tf32(bool allowed) {
    at::globalContext().setAllowTF32CuBLAS(allowed);
    at::globalContext().setAllowTF32CuDNN(allowed);
}

const std::string &loading_problem() {
    static const std::string problem = [] {
        auto result = load();
        // libtorch's own default allows it in convolutions.
        allow_tf32(false);
        return result;
    }();
    return problem;
}

/// Why CUDA cannot be used, or nothing.
std::string cuda_problem() {
    if (!loading_problem().empty()) return loading_problem();
    if (!at::globalContext().hasCUDA()) return "this build of libtorch has no CUDA.";
    if (at::detail::getCUDAHooks().getNumGPUs() == 0) return "the NVIDIA driver reports no usable GPU.";
    return "";
}

struct Memory {
    uint64_t free, total;
};

#ifdef __APPLE__
Memory main_memory() {
    uint64_t total = 0;
    size_t size = sizeof total;
    sysctlbyname("hw.memsize", &total, &size, nullptr, 0);
    vm_statistics64_data_t pages;
    mach_msg_type_number_t count = HOST_VM_INFO64_COUNT;
    auto status = host_statistics64(mach_host_self(), HOST_VM_INFO64, reinterpret_cast<host_info64_t>(&pages), &count);
    TORCH_CHECK(total > 0 && status == KERN_SUCCESS, "the system does not tell its memory");
    return {(uint64_t(pages.free_count) + pages.inactive_count) * vm_page_size, total};
}
#else
Memory main_memory() {
    std::ifstream file("/proc/meminfo");
    std::string key;
    Memory memory{0, 0};
    for (uint64_t kilobytes; file >> key >> kilobytes; file.ignore(std::numeric_limits<std::streamsize>::max(), '\n')) {
        if (key == "MemTotal:") memory.total = kilobytes * 1024;
        if (key == "MemAvailable:") memory.free = kilobytes * 1024;
    }
    TORCH_CHECK(memory.total > 0, "/proc/meminfo does not tell the memory of this machine");
    return memory;
}
#endif

Memory memory_of(at::Device device) {
    if (device.is_cpu()) return main_memory();
    if (device.is_mps()) {
        // The system's advice is the total: beyond it everything slows down.
        auto &hooks = at::detail::getMPSHooks();
        uint64_t total = hooks.getRecommendedMaxMemory(), used = hooks.getDriverAllocatedMemory();
        return {total > used ? total - used : 0, total};
    }
    at::globalContext().lazyInitDevice(device.type());
    auto [free, total] = c10::getDeviceAllocator(device.type())->getMemoryInfo(device.index());
    return {free, total};
}

bool reports_bfloat16() {
#ifdef __APPLE__
    int value = 0;
    size_t size = sizeof value;
    return sysctlbyname("hw.optional.arm.FEAT_BF16", &value, &size, nullptr, 0) == 0 && value != 0;
#else
    return processor_reports("avx512_bf16") || processor_reports("amx_bf16") || processor_reports("bf16");
#endif
}

} // namespace

/// Keeps large freed buffers in the process.
///
/// glibc gives them back to the system at once, and a network asks for the same ones again at its next step: faulting
/// them in anew was measured at 25 to 30 % of a network's CPU time in float32. It costs about 50 MB for each heap, and glibc
/// would give each thread a heap of its own: every film of a folder has new threads (six short films took 1.08 GB, now
/// 0.66). Two heaps for all are as fast. Before the first thread, because a heap that is there stays.
[[gnu::constructor]] static void keep_freed_memory() {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    mallopt(M_TOP_PAD, 64 << 20);
    mallopt(M_ARENA_MAX, 2);
#endif
}

void ctorch::load_gpu_library() {
    loading_problem();
}

bool ctorch::processor_reports(const char *feature) {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with("flags") && !line.starts_with("Features")) continue;
        return (line + ' ').find(' ' + std::string(feature) + ' ') != line.npos;
    }
    return false;
}

at::Device ctorch::device(ct_device device) {
    switch (device.kind) {
    case 0: return at::kCPU;
    case 1: {
        auto problem = cuda_problem();
        TORCH_CHECK(problem.empty(), "no CUDA device can be used: ", problem);
        auto index = std::max(device.index, 0), count = ct_cuda_count();
        TORCH_CHECK(index < count, "there is no CUDA device ", index, ": this machine has ", count);
        return at::Device(at::kCUDA, static_cast<at::DeviceIndex>(index));
    }
    case 2:
        TORCH_CHECK(ct_mps_available(), "the GPU of this machine cannot be used through Metal");
        return at::Device(at::kMPS, 0);
    default: TORCH_CHECK(false, "unknown kind of device ", device.kind);
    }
}

bool ct_cuda_available(void) noexcept { return cuda_problem().empty(); }

int32_t ct_cuda_count(void) noexcept {
    return cuda_problem().empty() ? at::detail::getCUDAHooks().getNumGPUs() : 0;
}

const char *ct_cuda_reason(void) noexcept {
    static thread_local std::string reason;
    reason = cuda_problem();
    return reason.c_str();
}

bool ct_mps_available(void) noexcept {
    load_gpu_library();
    return at::globalContext().hasMPS();
}

ct_failure ct_device_memory(ct_device where, uint64_t *free_bytes, uint64_t *total_bytes) noexcept {
    return guarded([&] {
        auto memory = memory_of(device(where));
        *free_bytes = memory.free;
        *total_bytes = memory.total;
    });
}

ct_failure ct_synchronize(ct_device where) noexcept {
    return guarded([&] {
        auto target = device(where);
        if (target.is_cuda()) at::detail::getCUDAHooks().deviceSynchronize(target.index());
        if (target.is_mps()) at::detail::getMPSHooks().deviceSynchronize();
    });
}

void ct_empty_cache(ct_device where) noexcept {
    if (where.kind == 1 && ct_cuda_available()) {
        auto *allocator = c10::getDeviceAllocator(at::kCUDA);
        if (allocator->initialized()) allocator->emptyCache();
    }
    if (where.kind == 2 && ct_mps_available()) at::detail::getMPSHooks().emptyCache();
}

void ct_set_threads(int32_t count) noexcept { at::set_num_threads(std::max(count, 1)); }
int32_t ct_threads(void) noexcept { return at::get_num_threads(); }

void ct_set_tf32(bool allowed) noexcept {
    load_gpu_library();
    allow_tf32(allowed);
}

void ct_set_deterministic(bool value) noexcept {
    auto &context = at::globalContext();
    // Operations that have no deterministic form warn instead of failing.
    context.setDeterministicAlgorithms(value, /*warn_only=*/true);
    // It would also fill every new tensor, to show the use of uninitialised memory.
    context.setDeterministicFillUninitializedMemory(false);
    context.setDeterministicCuDNN(value);
}

bool ct_cpu_has_bfloat16(void) noexcept {
    static const bool result = at::hasMKLDNN() && reports_bfloat16();
    return result;
}

const char *ct_version(void) noexcept { return TORCH_VERSION; }

const char *ct_cpu_capability(void) noexcept {
    static const std::string capability = at::get_cpu_capability();
    return capability.c_str();
}
