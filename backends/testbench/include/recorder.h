// Records for each kernel of the C simulation what its testbench needs, as vectors.h reads it. csim/recording.cpp
// takes the place of host/system.cpp for that; kernels and host program are the same.
//
// A stream between kernels has two halves here, and a task of its producer carries words from one to the other.
// A memory that one kernel reads while another one writes it stands still for the reader until the launch ends, since
// a kernel alone sees nobody write.
#ifndef LMC_RECORDER_H
#define LMC_RECORDER_H

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "hls_burst_maxi.h"
#include "hls_stream.h"
#include "words.h"
#include "xrt_sim.h"

namespace lmc {

inline void append_number(std::string& out, std::uint64_t number) {
  Byte bytes[number_bytes];
  store_number(number, bytes);
  out.append(reinterpret_cast<const char*>(bytes), sizeof bytes);
}

template <class T>
void append_word(std::string& out, const T& word) {
  Byte bytes[word_bytes<T>()];
  store_word(word, bytes);
  out.append(reinterpret_cast<const char*>(bytes), sizeof bytes);
}

/// A stream between two kernels that keeps the words of a launch.
template <class T>
class RecordedStream {
 public:
  RecordedStream(int depth, const char* name) : written_(depth, name), read_(depth, name) {}

  hls::stream<T>& producer() { return written_; }
  hls::stream<T>& consumer() { return read_; }

  /// A launch begins: carries words until the producer has ended. A task of the producer.
  void carry() {
    kept_.clear();
    count_ = 0;
    written_.open();
    for (T word = 0; written_.next(word); ++count_) {
      append_word(kept_, word);
      read_.write(word);
    }
  }
  void producer_has_ended() { written_.close(); }

  void append_to(std::string& out) const {
    append_number(out, count_);
    out += kept_;
  }

 private:
  class Half : public hls::stream<T> {
   public:
    Half(int depth, const char* name) : hls::stream<T>(depth, name) {}
    void open() { closed_ = false; }
    void close() {
      closed_ = true;
      this->wake_reader();
    }
    /// Reads a word; false where none comes any more.
    bool next(T& word) {
      if (this->empty() && !closed_) this->wait_for_value();
      if (this->empty()) return false;
      word = this->read();
      return true;
    }

   private:
    bool closed_ = false;
  };

  Half written_, read_;
  std::string kept_;
  std::uint64_t count_ = 0;
};

/// The file of a kernel. Only a run that ends well closes it with a byte 0.
class VectorFile {
 public:
  VectorFile(std::string kernel, std::string signature)
      : kernel_(std::move(kernel)), signature_(std::move(signature)) {}
  ~VectorFile() {
    if (!file_.is_open()) return;
    file_.put(0);
    file_.close();
    check();
  }

  const std::string& kernel() const { return kernel_; }

  void add(const std::string& launch) {
    if (!file_.is_open()) open();
    file_.put(1);
    file_ << launch;
    file_.flush();
    check();
  }

 private:
  void open() {
    const char* folder = std::getenv("LMC_CSIM_VECTORS");
    if (folder == nullptr) throw std::runtime_error("LMC_CSIM_VECTORS is not set: name the folder to record to");
    path_ = std::string(folder) + "/" + kernel_ + ".bin";
    file_.open(path_, std::ios::binary);
    file_ << signature_;
  }
  void check() {
    if (file_) return;
    std::cerr << "cannot write " << path_ << std::endl;
    std::_Exit(1);
  }

  std::string kernel_, signature_, path_;
  std::ofstream file_;
};

/// One launch of a kernel: its arguments by position, then run().
class RecordedLaunch {
 public:
  explicit RecordedLaunch(VectorFile& file) : file_(file) {}

  void scalar(std::int64_t value) {
    parts_.push_back([value](std::string& out) { append_number(out, std::uint64_t(value)); });
  }
  template <class T>
  void input(RecordedStream<T>& stream) {
    parts_.push_back([&stream](std::string& out) { stream.append_to(out); });
  }
  template <class T>
  void output(RecordedStream<T>& stream) {
    input(stream);
    carry_.push_back([&stream] { stream.carry(); });
    end_.push_back([&stream] { stream.producer_has_ended(); });
  }

  /// A port of the kernel that it only reads. Of a memory that others write, `words` words stand still.
  template <class T>
  hls::burst_maxi<T> reads(void* memory, std::size_t words) {
    T* place = words > 0 ? copy<T>(memory, words) : static_cast<T*>(memory);
    const auto log = std::make_shared<sim::burst_log>();
    append_ranges(log, log->reads, place);
    return hls::burst_maxi<T>::logged(place, log);
  }
  /// A port that it only writes.
  template <class T>
  hls::burst_maxi<T> writes(void* memory) {
    const auto log = std::make_shared<sim::burst_log>();
    append_ranges(log, log->writes, static_cast<T*>(memory));
    return hls::burst_maxi<T>::logged(static_cast<T*>(memory), log);
  }
  /// A port to `words` words that it reads and writes.
  template <class T>
  hls::burst_maxi<T> reads_and_writes(void* memory, std::size_t words) {
    const auto log = std::make_shared<sim::burst_log>();
    append_ranges(log, log->reads, copy<T>(memory, words));
    append_ranges(log, log->writes, static_cast<T*>(memory));
    return hls::burst_maxi<T>::logged(static_cast<T*>(memory), log);
  }

  /// Runs the kernel to its end and records the launch.
  template <class Call>
  void run(Call call) {
    for (const auto& carry : carry_) sim::the_scheduler.spawn("recorder", file_.kernel(), carry);
    sim::the_scheduler.spawn(file_.kernel(), file_.kernel(), [&] {
      call();
      for (const auto& end : end_) end();
    });
    sim::the_scheduler.join();
    std::string launch;
    for (const auto& part : parts_) part(launch);
    file_.add(launch);
  }

 private:
  using Range = std::pair<std::size_t, std::size_t>;  // the first word's place, and how many words

  template <class T>
  T* copy(void* memory, std::size_t words) {
    const T* from = static_cast<T*>(memory);
    const auto kept = std::make_shared<std::vector<T>>(from, from + words);
    copies_.push_back(kept);
    return kept->data();
  }

  template <class T>
  void append_ranges(std::shared_ptr<sim::burst_log> log, std::vector<Range>& bursts, const T* place) {
    parts_.push_back([log, &bursts, place](std::string& out) {
      const std::vector<Range> ranges = merged(bursts);
      append_number(out, ranges.size());
      for (const auto& [first, count] : ranges) {
        append_number(out, first);
        append_number(out, count);
        for (std::size_t i = 0; i < count; ++i) append_word(out, place[first + i]);
      }
    });
  }

  /// Ranges in order that share no word and do not touch.
  static std::vector<Range> merged(std::vector<Range> bursts) {
    std::sort(bursts.begin(), bursts.end());
    std::vector<Range> ranges;
    for (const auto& [first, count] : bursts) {
      if (count == 0) continue;
      if (!ranges.empty() && first <= ranges.back().first + ranges.back().second) {
        const std::size_t end = std::max(ranges.back().first + ranges.back().second, first + count);
        ranges.back().second = end - ranges.back().first;
      } else {
        ranges.emplace_back(first, count);
      }
    }
    return ranges;
  }

  VectorFile& file_;
  std::vector<std::function<void(std::string&)>> parts_;
  std::vector<std::function<void()>> carry_, end_;
  std::vector<std::shared_ptr<void>> copies_;
};

}  // namespace lmc

#endif
