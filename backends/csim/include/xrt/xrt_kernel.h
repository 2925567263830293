// xrt::kernel and xrt::run of the simulation, by the path XRT has them at.
#ifndef LMC_XRT_KERNEL_H
#define LMC_XRT_KERNEL_H

#include <chrono>
#include <memory>
#include <string>
#include <type_traits>

#include "../xrt_sim.h"
#include "xrt_bo.h"
#include "xrt_device.h"
#include "xrt_uuid.h"

enum ert_cmd_state {
  ERT_CMD_STATE_NEW = 1,
  ERT_CMD_STATE_COMPLETED = 4,
  ERT_CMD_STATE_TIMEOUT = 8
};

namespace xrt {

/// A kernel of the design by its name. Throws std::invalid_argument where there is none.
class kernel {
 public:
  kernel() = default;
  kernel(const device&, const uuid&, const std::string& name)
      : name_(name), arg_count_(lmc::sim::find_kernel(name).arg_count) {}

  std::string get_name() const { return name_; }
  int arg_count() const { return arg_count_; }
  /// The memory bank of argument i; the simulation has one.
  int group_id(int i) const {
    lmc::sim::args(name_, arg_count_).set(i, {});
    return 0;
  }

 private:
  std::string name_;
  int arg_count_ = 0;
};

/// One execution of a kernel; it can be started again after it ended. Copies are the same one.
class run {
 public:
  run() = default;
  explicit run(const kernel& k)
      : state_(std::make_shared<state>(state{k.get_name(), {k.get_name(), k.arg_count()}})) {}

  void set_arg(int i, const bo& buffer) { state_->args.set(i, buffer.device_memory()); }
  template <class T, std::enable_if_t<std::is_integral_v<T>, int> = 0>
  void set_arg(int i, T scalar) {
    state_->args.set(i, int64_t(scalar));
  }

  void start() { lmc::sim::start_kernel(state_->name, state_->args); }

  /// Runs every started kernel to its end, however long that takes. XRT throws nothing where a
  /// design is stuck, so what the simulation finds then (lmc::deadlock, lmc::unbalanced) ends the
  /// program.
  ert_cmd_state wait(const std::chrono::milliseconds& = std::chrono::milliseconds{0}) const {
    try {
      lmc::sim::run_started_kernels();
    } catch (...) {
      lmc::sim::report_and_exit();
    }
    return ERT_CMD_STATE_COMPLETED;
  }

 private:
  struct state {
    std::string name;
    lmc::sim::args args;
  };
  std::shared_ptr<state> state_;
};

}  // namespace xrt

#endif
