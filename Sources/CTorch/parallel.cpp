#include "parallel.hpp"

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#ifdef __APPLE__
#include <dispatch/dispatch.h>
#else
#include <dlfcn.h>
#endif

namespace {

struct Work {
    void (*body)(void *, int64_t);
    void *context;
    std::atomic<int64_t> next{0};
    int64_t count;

    /// Each number once, however many threads come.
    void run() {
        for (int64_t worker; (worker = next.fetch_add(1)) < count;) body(context, worker);
    }
};

#ifndef __APPLE__
using StartTeam = void (*)(void (*)(void *), void *, unsigned, unsigned);

/// GNU OpenMP's entry point, from the library that libtorch has loaded; null where it uses another one.
///
/// Looked up by name, because compiling with -fopenmp takes a flag that SwiftPM calls unsafe.
StartTeam start_team() {
    static const auto found = reinterpret_cast<StartTeam>(dlsym(RTLD_DEFAULT, "GOMP_parallel"));
    return found;
}
#endif

} // namespace

int64_t ctorch::workers_for(int64_t pieces) {
    if (at::in_parallel_region()) return 1;
    return std::clamp<int64_t>(pieces, 1, at::get_num_threads());
}

void ctorch::on_threads(int64_t workers, void (*body)(void *, int64_t), void *context) {
    Work work{body, context, {}, workers};
    if (workers <= 1) return work.run();
    auto run = [](void *work) { static_cast<Work *>(work)->run(); };
#ifdef __APPLE__
    // One iteration for each thread, so that the number that libtorch was given stays the limit.
    dispatch_apply_f(static_cast<size_t>(workers), DISPATCH_APPLY_AUTO, &work,
                     [](void *work, size_t) { static_cast<Work *>(work)->run(); });
    (void)run;
#else
    if (auto start = start_team()) return start(run, &work, static_cast<unsigned>(workers), 0);
    std::vector<std::thread> others;
    for (int64_t i = 1; i < workers; i++) others.emplace_back(run, &work);
    work.run();
    for (auto &thread : others) thread.join();
#endif
}
