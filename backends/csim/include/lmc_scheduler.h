// The scheduler of the C simulation: tasks on fibers, FIFOs that block them, deadlock detection.
// One thread, round robin, so a run is the same every time.
#ifndef LMC_SCHEDULER_H
#define LMC_SCHEDULER_H

#include <algorithm>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "lmc_fiber.h"

namespace lmc {

/// No task can go on; the message names each one and the FIFO it waits for.
struct deadlock : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// All tasks finished and FIFOs still hold values; the message names the FIFOs.
struct unbalanced : std::runtime_error {
  using std::runtime_error::runtime_error;
};

namespace sim {

class scheduler;
struct fiber;

/// What a FIFO is apart from the type of its values. Counts run from construction on: `head` values
/// were read, `tail` were written.
class fifo {
 public:
  fifo(int depth, const char* name);
  virtual ~fifo();
  fifo(const fifo&) = delete;
  fifo& operator=(const fifo&) = delete;

  /// Changes the depth (at least 1); the FIFO must be empty, else std::logic_error.
  virtual void set_depth(int depth) = 0;
  /// Values may stay behind after a launch: credits of a feedback loop, for instance.
  void allow_leftovers() { leftovers_allowed_ = true; }

  const std::string& name() const { return name_; }
  const std::string& kernel() const { return kernel_; }
  int depth() const { return int(depth_); }
  uint64_t size() const { return tail_ - head_; }
  uint64_t writes() const { return tail_; }
  uint64_t max_occupancy() const { return max_occupancy_; }
  /// For test benches: what a task sees here depends on the schedule.
  bool empty() const { return tail_ == head_; }
  bool full() const { return size() == depth_; }

 protected:
  void wait_for_value();
  void wait_for_room();
  void value_read();
  void value_written();
  /// Takes up a task that waits for a value although there is none: none will come.
  void wake_reader();

  uint64_t depth_, head_ = 0, tail_ = 0;

 private:
  friend class scheduler;
  uint64_t max_occupancy_ = 0;
  fiber* reader_ = nullptr;  // the task that waits for a value, if any
  fiber* writer_ = nullptr;  // the task that waits for room, if any
  bool leftovers_allowed_ = false;
  std::string name_, kernel_;
};

/// A running task, or the body of a kernel.
struct fiber {
  std::string name, kernel;
  std::function<void()> body;
  fiber* parent;
  fiber_stack stack;
  fiber_context context{};
  fiber* next = nullptr;        // in the queue of ready fibers
  const fifo* waits = nullptr;  // null where it waits for its tasks
  bool joining = false, done = false;
  int running_tasks = 0;
  uint64_t blocked_reads = 0, blocked_writes = 0;
};

struct fifo_stats {
  int depth = 0;
  uint64_t writes = 0, max_occupancy = 0;
};
struct task_stats {
  uint64_t runs = 0, blocked_reads = 0, blocked_writes = 0;
};
/// Kernel ("" for FIFOs between kernels) and name.
using stats_key = std::pair<std::string, std::string>;

class scheduler {
 public:
  /// Makes a fiber of the task; it runs when others wait. An empty `kernel` means the caller's.
  void spawn(std::string name, std::string kernel, std::function<void()> body);
  /// Waits for the tasks that the caller spawned; outside of any fiber, for all.
  void join();
  /// Runs until every fiber is done. Throws lmc::deadlock, or what a task threw; either way all
  /// fibers are unwound and the FIFOs emptied.
  void run();
  /// FIFOs that held values when the last run ended or when they went out of scope in it.
  std::vector<std::string> leftovers() const;
  /// Sets the depth of a FIFO between kernels by name; false where there is none.
  bool set_depth(const std::string& name, int depth);

  std::map<stats_key, fifo_stats> all_fifo_stats() const;
  const std::map<stats_key, task_stats>& all_task_stats() const { return task_stats_; }

 private:
  friend class fifo;
  struct cancelled {};  // thrown in a fiber to unwind it

  static void entry();
  static std::string describe(const fifo& f);
  static void merge(std::map<stats_key, fifo_stats>& all, const fifo& f);
  void block(fifo& f, fiber*& place, bool reading);
  void make_ready(fiber* f);
  void switch_away();
  void finish(fiber& self);
  std::string deadlock_message() const;
  void cancel_all();
  void release();

  fiber* current_ = nullptr;
  fiber *first_ready_ = nullptr, *last_ready_ = nullptr;
  fiber_context main_{};
  std::vector<std::unique_ptr<fiber>> fibers_;
  std::vector<fiber_stack> stacks_;  // free ones, used again: their pages are there already
  size_t unfinished_ = 0;
  bool cancelling_ = false;
  std::exception_ptr failure_;
  std::vector<fifo*> fifos_;
  std::vector<std::string> dropped_;  // descriptions of FIFOs destroyed with values in them
  std::map<stats_key, fifo_stats> fifo_stats_;
  std::map<stats_key, task_stats> task_stats_;
};

/// The one scheduler of the process.
inline scheduler the_scheduler;

}  // namespace sim
}  // namespace lmc

#include "lmc_scheduler_impl.h"

#endif
