// Bodies of the functions declared in lmc_scheduler.h, which includes this file.
#ifndef LMC_SCHEDULER_IMPL_H
#define LMC_SCHEDULER_IMPL_H

namespace lmc::sim {

inline fifo::fifo(int depth, const char* name) : depth_(uint64_t(depth)), name_(name) {
  const fiber* owner = the_scheduler.current_;
  if (owner != nullptr) kernel_ = owner->kernel;
  the_scheduler.fifos_.push_back(this);
}

inline fifo::~fifo() {
  scheduler& s = the_scheduler;
  if (!empty() && !leftovers_allowed_ && !s.cancelling_) s.dropped_.push_back(s.describe(*this));
  scheduler::merge(s.fifo_stats_, *this);
  s.fifos_.erase(std::find(s.fifos_.begin(), s.fifos_.end(), this));
}

inline void fifo::wait_for_value() {
  if (tail_ == head_) the_scheduler.block(*this, reader_, true);
}

inline void fifo::wait_for_room() {
  if (tail_ - head_ == depth_) the_scheduler.block(*this, writer_, false);
}

inline void fifo::value_read() {
  ++head_;
  if (writer_ != nullptr) the_scheduler.make_ready(std::exchange(writer_, nullptr));
}

inline void fifo::value_written() {
  ++tail_;
  max_occupancy_ = std::max(max_occupancy_, tail_ - head_);
  wake_reader();
}

inline void fifo::wake_reader() {
  if (reader_ != nullptr) the_scheduler.make_ready(std::exchange(reader_, nullptr));
}

inline void scheduler::spawn(std::string name, std::string kernel, std::function<void()> body) {
  if (kernel.empty()) kernel = current_ != nullptr ? current_->kernel : "test bench";
  if (stacks_.empty()) stacks_.emplace_back();
  fibers_.emplace_back(new fiber{std::move(name), std::move(kernel), std::move(body), current_,
                                 std::move(stacks_.back())});
  stacks_.pop_back();
  fiber& made = *fibers_.back();
  prepare(made.context, made.stack, entry);
  if (current_ != nullptr) ++current_->running_tasks;
  ++unfinished_;
  make_ready(&made);
}

inline void scheduler::join() {
  if (current_ == nullptr) return run();
  while (current_->running_tasks > 0) {
    current_->joining = true;
    switch_away();
  }
}

inline void scheduler::run() {
  if (current_ != nullptr) throw std::logic_error("a task can't run the scheduler it runs in");
  dropped_.clear();
  if (first_ready_ != nullptr) switch_away();
  if (failure_ == nullptr && unfinished_ > 0)
    failure_ = std::make_exception_ptr(deadlock(deadlock_message()));
  if (failure_ != nullptr) {
    cancel_all();
    std::rethrow_exception(std::exchange(failure_, nullptr));
  }
  release();
}

inline void scheduler::entry() {
  scheduler& s = the_scheduler;
  fiber& self = *s.current_;
  try {
    if (!s.cancelling_) self.body();
    if (self.running_tasks > 0 && !s.cancelling_)
      throw std::logic_error("kernel '" + self.name + "' returned before LMC_JOIN()");
  } catch (const cancelled&) {
  } catch (...) {
    if (s.failure_ == nullptr) s.failure_ = std::current_exception();
  }
  s.finish(self);
}

inline void scheduler::finish(fiber& self) {
  self.done = true;
  --unfinished_;
  task_stats& stats = task_stats_[{self.kernel, self.name}];
  ++stats.runs;
  stats.blocked_reads += self.blocked_reads;
  stats.blocked_writes += self.blocked_writes;
  fiber* parent = self.parent;
  if (parent != nullptr && --parent->running_tasks == 0 && parent->joining) make_ready(parent);
  if (failure_ != nullptr) first_ready_ = last_ready_ = nullptr;
  switch_away();
}

/// Waits at `place` of the FIFO until the other side makes this fiber ready.
[[gnu::noinline]] inline void scheduler::block(fifo& f, fiber*& place, bool reading) {
  const char* what = reading ? "reads from empty " : "writes to full ";
  if (current_ == nullptr)
    throw deadlock("deadlock: the test bench " + (what + describe(f)) + " outside of any task");
  if (place != nullptr)
    throw std::logic_error("two tasks " + std::string(reading ? "read from " : "write to ") +
                           describe(f) + ": '" + place->name + "' and '" + current_->name + "'");
  place = current_;
  current_->waits = &f;
  ++(reading ? current_->blocked_reads : current_->blocked_writes);
  switch_away();
}

inline void scheduler::make_ready(fiber* f) {
  f->next = nullptr;
  (first_ready_ != nullptr ? last_ready_->next : first_ready_) = f;
  last_ready_ = f;
}

/// Goes to the next ready fiber, or to the main context where there is none; returns when this
/// fiber is taken up again. Throws `cancelled` in a fiber that is to be unwound.
inline void scheduler::switch_away() {
  fiber* self = current_;
  fiber* next = first_ready_;
  if (next != nullptr) first_ready_ = next->next;
  current_ = next;
  switch_context(self != nullptr ? self->context : main_, next != nullptr ? next->context : main_);
  if (self == nullptr) return;
  if (cancelling_) throw cancelled();
  self->waits = nullptr;
  self->joining = false;
}

inline std::string scheduler::describe(const fifo& f) {
  std::string text = "FIFO '" + (f.name().empty() ? "unnamed" : f.name()) + "'";
  if (!f.kernel().empty()) text += " of kernel '" + f.kernel() + "'";
  return text + " (depth " + std::to_string(f.depth()) + ", " + std::to_string(f.writes()) +
         " written, " + std::to_string(f.writes() - f.size()) + " read)";
}

inline std::string scheduler::deadlock_message() const {
  std::string text = "deadlock: no task can go on";
  for (const auto& f : fibers_) {
    if (f->done || f->waits == nullptr) continue;
    text += f->name == f->kernel ? "\n  kernel '" + f->name + "'"
                                 : "\n  task '" + f->name + "' of kernel '" + f->kernel + "'";
    const bool reading = f->waits->reader_ == f.get();
    text += reading ? " waits to read from empty " : " waits to write to full ";
    text += describe(*f->waits);
  }
  return text;
}

/// Unwinds all fibers, tasks before the kernels whose streams they use.
inline void scheduler::cancel_all() {
  cancelling_ = true;
  for (size_t i = fibers_.size(); i-- > 0;) {
    if (fibers_[i]->done) continue;
    fibers_[i]->joining = false;
    first_ready_ = last_ready_ = nullptr;
    make_ready(fibers_[i].get());
    switch_away();
  }
  cancelling_ = false;
  first_ready_ = last_ready_ = nullptr;
  for (fifo* f : fifos_) {
    f->reader_ = f->writer_ = nullptr;
    f->head_ = f->tail_;
  }
  release();
}

inline void scheduler::release() {
  for (auto& f : fibers_) stacks_.push_back(std::move(f->stack));
  fibers_.clear();
}

inline std::vector<std::string> scheduler::leftovers() const {
  std::vector<std::string> found = dropped_;
  for (const fifo* f : fifos_)
    if (!f->empty() && !f->leftovers_allowed_) found.push_back(describe(*f));
  return found;
}

inline bool scheduler::set_depth(const std::string& name, int depth) {
  const auto found = std::find_if(fifos_.begin(), fifos_.end(), [&](const fifo* f) {
    return f->kernel().empty() && f->name() == name;
  });
  if (found == fifos_.end()) return false;
  (*found)->set_depth(depth);
  return true;
}

inline void scheduler::merge(std::map<stats_key, fifo_stats>& all, const fifo& f) {
  fifo_stats& stats = all[{f.kernel(), f.name()}];
  stats.depth = f.depth();
  stats.writes += f.writes();
  stats.max_occupancy = std::max(stats.max_occupancy, f.max_occupancy());
}

inline std::map<stats_key, fifo_stats> scheduler::all_fifo_stats() const {
  std::map<stats_key, fifo_stats> all = fifo_stats_;
  for (const fifo* f : fifos_) merge(all, *f);
  return all;
}

}  // namespace lmc::sim

#endif
