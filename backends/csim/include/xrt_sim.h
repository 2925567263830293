// The simulated device behind xrt/*.h: kernels that system.cpp registers, launched on fibers.
#ifndef LMC_XRT_SIM_H
#define LMC_XRT_SIM_H

#include <cstdint>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lmc_scheduler.h"
#include "lmc_stats.h"

namespace lmc::sim {

/// The arguments of one launch, by their position in the kernel's signature. Streams have
/// positions too; the host leaves them out.
class args {
 public:
  using value = std::variant<std::monostate, void*, int64_t>;

  args(std::string kernel, int count) : kernel_(std::move(kernel)), values_(size_t(count)) {}

  void set(int i, value x) { values_.at(checked(i)) = x; }
  /// Device memory of the buffer argument i, aligned to 4 KiB.
  void* pointer(int i) const { return get<void*>(i, "buffer"); }
  /// The scalar argument i.
  int64_t scalar(int i) const { return get<int64_t>(i, "scalar"); }

 private:
  size_t checked(int i) const {
    if (i < 0 || size_t(i) >= values_.size())
      throw std::out_of_range("kernel '" + kernel_ + "' has " + std::to_string(values_.size()) +
                              " arguments and none with index " + std::to_string(i));
    return size_t(i);
  }
  template <class T>
  T get(int i, const char* kind) const {
    const T* found = std::get_if<T>(&values_.at(checked(i)));
    if (found == nullptr)
      throw std::invalid_argument("argument " + std::to_string(i) + " of kernel '" + kernel_ +
                                  "' is a " + kind + " and was not set to one");
    return *found;
  }

  std::string kernel_;
  std::vector<value> values_;
};

/// A kernel of the design: `call` calls its function with the arguments and the streams.
struct kernel_entry {
  int arg_count;
  std::function<void(const args&)> call;
  bool started = false;
};

inline std::map<std::string, kernel_entry> kernels;

/// Adds a kernel to the device. In system.cpp, once for each kernel:
///   const bool matrix_registered = lmc::sim::register_kernel("matrix", 3,
///       [](const lmc::sim::args& a) { matrix((ap_uint<512>*)a.pointer(0), sums, a.scalar(2)); });
inline bool register_kernel(const std::string& name, int arg_count,
                            std::function<void(const args&)> call) {
  return kernels.insert({name, {arg_count, std::move(call)}}).second;
}

inline kernel_entry& find_kernel(const std::string& name) {
  const auto found = kernels.find(name);
  if (found != kernels.end()) return found->second;
  std::string known;
  for (const auto& [other, entry] : kernels) known += (known.empty() ? "" : ", ") + other;
  throw std::invalid_argument("the design has no kernel '" + name + "'; it has: " + known);
}

/// Starts a kernel; it runs when the host waits.
inline void start_kernel(const std::string& name, const args& launch) {
  kernel_entry& entry = find_kernel(name);
  if (entry.started) throw std::logic_error("kernel '" + name + "' was started twice");
  entry.started = true;
  the_scheduler.spawn(name, name, [&entry, launch] { entry.call(launch); });
}

/// Runs all started kernels to their end. Throws lmc::deadlock, lmc::unbalanced where FIFOs are
/// not empty after it, or what a kernel threw.
inline void run_started_kernels() {
  for (auto& [name, entry] : kernels) entry.started = false;
  the_scheduler.run();
  const std::vector<std::string> left = the_scheduler.leftovers();
  if (left.empty()) return;
  std::string text = "unbalanced rates: values were left after all kernels finished";
  for (const std::string& name : left) text += "\n  in " + name;
  throw unbalanced(text);
}

/// The exit status of a simulation that ended in a deadlock or with unbalanced rates.
constexpr int design_error_status = 3;

/// What happens to exceptions that the host program does not catch: the message goes to standard
/// error; the status is design_error_status for errors of the design, else 1.
inline void report_and_exit() {
  int status = 1;
  try {
    std::rethrow_exception(std::current_exception());
  } catch (const deadlock& e) {
    status = design_error_status;
    std::cerr << e.what() << std::endl;
  } catch (const unbalanced& e) {
    status = design_error_status;
    std::cerr << e.what() << std::endl;
  } catch (const std::exception& e) {
    std::cerr << e.what() << std::endl;
  } catch (...) {
    std::cerr << "unknown exception" << std::endl;
  }
  write_stats_if_asked();
  std::cout.flush();
  std::_Exit(status);
}

/// Arranges for report_and_exit, and for the statistics of a normal end.
struct process_hooks {
  process_hooks() { std::set_terminate(report_and_exit); }
  ~process_hooks() { write_stats_if_asked(); }
};
inline process_hooks hooks;

}  // namespace lmc::sim

#endif
