// Streams as the C simulation of an HLS tool has them: without a bound, and without anybody who could wait. So a
// dataflow region runs as a sequence of calls.
#ifndef UNBOUNDED_HLS_STREAM_H
#define UNBOUNDED_HLS_STREAM_H

#include <deque>
#include <stdexcept>

namespace hls {

template <class T, int D = 0>
class stream;

template <class T>
class stream<T, 0> {
 public:
  explicit stream(const char* = "") {}
  stream(const stream&) = delete;
  bool empty() const { return values_.empty(); }
  void write(const T& value) { values_.push_back(value); }
  T read() {
    if (values_.empty()) throw std::logic_error("an empty stream is read");
    const T value = values_.front();
    values_.pop_front();
    return value;
  }

 private:
  std::deque<T> values_;
};

template <class T, int D>
class stream : public stream<T, 0> {
 public:
  using stream<T, 0>::stream;
};

}  // namespace hls

#endif
