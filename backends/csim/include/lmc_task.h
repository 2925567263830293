// Concurrent tasks of a dataflow region, the same text for synthesis and for C simulation:
//
//   #pragma HLS dataflow
//   LMC_TASK(load, memory, words);
//   LMC_TASK(multiply, words, sums);
//   LMC_TASK_OF(lane_0, (lane<2, 16>), words, sums);
//   LMC_JOIN();
//
// LMC_TASK_OF is for a function that several tasks share: the task's name, then the function in
// parentheses, with its template arguments.
// With lmc's hls_stream.h each task runs on a fiber of its own; in synthesis, and with other
// streams, a task is a plain call and the join is nothing.
#ifndef LMC_TASK_H
#define LMC_TASK_H

#include <hls_stream.h>

#if defined(__SYNTHESIS__) || !defined(LMC_SCHEDULER_H)

#define LMC_TASK(f, ...) f(__VA_ARGS__)
#define LMC_TASK_OF(name, f, ...) LMC_WITHOUT_PARENTHESES f(__VA_ARGS__)
#define LMC_WITHOUT_PARENTHESES(...) __VA_ARGS__
#define LMC_JOIN() ((void)0)

#else

#include <tuple>
#include <type_traits>

/// Starts f(args...). Streams are passed by reference; arrays and pointers as pointers, and all
/// else by value, as they are now. Needs at least one argument.
#define LMC_TASK(f, ...) \
  ::lmc::sim::start_task(#f, [](auto&... lmc_args) { f(lmc_args...); }, __VA_ARGS__)

/// Starts f(args...) as the task `name`.
#define LMC_TASK_OF(name, f, ...) \
  ::lmc::sim::start_task(#name, [](auto&... lmc_args) { f(lmc_args...); }, __VA_ARGS__)

/// Waits until all tasks of this kernel are done.
#define LMC_JOIN() ::lmc::sim::the_scheduler.join()

namespace lmc::sim {

template <class T>
auto task_argument(T& x) {
  if constexpr (std::is_base_of_v<fifo, T>) {
    return std::ref(x);
  } else {
    return std::decay_t<T>(x);
  }
}

template <class F, class... Args>
void start_task(const char* name, F call, Args&&... args) {
  the_scheduler.spawn(name, "", [call, held = std::make_tuple(task_argument(args)...)]() mutable {
    std::apply(call, held);
  });
}

}  // namespace lmc::sim

#endif

#endif
