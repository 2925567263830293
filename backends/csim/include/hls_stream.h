// hls::stream as hardware has it: bounded, first in first out, and blocking: a task that reads an
// empty one or writes a full one waits while others run. Works with any copyable value type.
#ifndef LMC_HLS_STREAM_H
#define LMC_HLS_STREAM_H

#include <memory>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "lmc_record.h"
#include "lmc_scheduler.h"

namespace lmc::sim {

/// Whether T is a word with a width in bits, which can be recorded.
template <class T, class = void>
constexpr bool is_word = false;
template <class T>
constexpr bool is_word<T, std::void_t<decltype(T::width)>> = true;

}  // namespace lmc::sim

namespace hls {

/// A stream of T. `stream<T>` is the base of all `stream<T, D>`, so a function that takes a
/// `stream<T>&` takes a stream of any depth; by itself it has Vitis HLS's default depth of 2.
template <class T, int D = 0>
class stream;

template <class T>
class stream<T, 0> : public lmc::sim::fifo {
 public:
  explicit stream(const char* name = "") : stream(2, name) {}

  T read() {
    wait_for_value();
    T value = std::move(ring_[head_ & mask_]);
    value_read();
    return value;
  }
  void read(T& value) { value = read(); }
  void write(const T& value) {
    wait_for_room();
    if (size() > mask_) allocate(2 * (mask_ + 1));
    ring_[tail_ & mask_] = value;
    if constexpr (lmc::sim::is_word<T>) {
      if (recorded_ != nullptr) recorded_->add(value);
    }
    value_written();
  }
  void operator>>(T& value) { value = read(); }
  void operator<<(const T& value) { write(value); }

  void set_depth(int depth) override {
    if (depth < 1) throw std::logic_error("the depth of FIFO '" + name() + "' is at least 1");
    if (!empty())
      throw std::logic_error("FIFO '" + name() + "' holds values; set its depth before");
    depth_ = uint64_t(depth);
  }

 protected:
  stream(int depth, const char* name)
      : fifo(depth, name), recorded_(lmc::sim::word_file::asked_for(name)) {
    allocate(16);
  }

 private:
  /// Room for more values than there are. It is a power of two, so that counts wrap by a mask, and
  /// grows with what is written: a deep FIFO that stays nearly empty takes little memory.
  void allocate(uint64_t capacity) {
    std::unique_ptr<T[]> ring(new T[capacity]);
    for (uint64_t i = head_; i != tail_; ++i) {
      ring[i & (capacity - 1)] = std::move(ring_[i & mask_]);
    }
    ring_ = std::move(ring);
    mask_ = capacity - 1;
  }

  std::unique_ptr<T[]> ring_;
  uint64_t mask_ = 0;
  std::unique_ptr<lmc::sim::word_file> recorded_;
};

template <class T, int D>
class stream : public stream<T, 0> {
  static_assert(D >= 1, "a stream holds at least one value");

 public:
  explicit stream(const char* name = "") : stream<T, 0>(D, name) {}
};

}  // namespace hls

#endif
