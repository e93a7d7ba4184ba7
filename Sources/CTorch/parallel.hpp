// Work for libtorch's threads from code of our own.
#pragma once

#include <cstdint>

namespace ctorch {

/// Calls `body(context, worker)` for each worker 0..<workers at once, and returns when all have ended.
///
/// On Linux these are the threads on which libtorch computes: a second pool would fight with the first one for the cores,
/// because OpenMP's threads spin for a while after their work.
/// - Precondition: `body` throws nothing.
void on_threads(int64_t workers, void (*body)(void *context, int64_t worker), void *context);

/// How many workers a job of `pieces` independent pieces deserves.
int64_t workers_for(int64_t pieces);

/// Calls `body(worker)` for each worker 0..<workers at once.
template <class Body> void on_threads(int64_t workers, Body &&body) {
    on_threads(workers, [](void *context, int64_t worker) { (*static_cast<Body *>(context))(worker); }, &body);
}

} // namespace ctorch
