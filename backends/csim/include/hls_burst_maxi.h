// hls::burst_maxi as UG1399, "Using Manual Burst", describes it: requests and words of a memory
// port apart from each other. Vitis HLS has a header of this name; C simulation takes this one.
#ifndef LMC_HLS_BURST_MAXI_H
#define LMC_HLS_BURST_MAXI_H

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "lmc_memory.h"

namespace hls {

/// A port to words of type T. Copies are the same port.
///
/// What the code leaves open is up to lmc::sim::memory_order: words may be read from their request
/// on, or when they are taken; written words may be in memory at once, or with the response.
template <class T>
class burst_maxi {
 public:
  burst_maxi(T* memory) : port_(std::make_shared<port>(memory)) {}

  /// Asks for `length` words from word `offset` on; read() gives them one after the other.
  void read_request(size_t offset, size_t length) {
    check(offset, length);
    if (port_->log) port_->log->reads.emplace_back(offset, length);
    const T* from = port_->memory + offset;
    const T* old = port_->at_launch.empty() ? from : port_->at_launch.data() + offset;
    burst asked{port_->memory + offset, length};
    switch (port_->order.draw(3)) {
      case 1: asked.words.assign(from, from + length); break;
      case 2: asked.words.assign(old, old + length); break;
    }
    port_->reads.push_back(std::move(asked));
  }

  T read() {
    if (port_->reads.empty()) throw std::logic_error("a word is read that was not requested");
    burst& first = port_->reads.front();
    const T word = first.words.empty() ? first.place[first.done] : first.words[first.done];
    if (++first.done == first.length) port_->reads.pop_front();
    return word;
  }

  /// Announces `length` words from word `offset` on; write() brings them.
  void write_request(size_t offset, size_t length) {
    check(offset, length);
    if (port_->log) port_->log->writes.emplace_back(offset, length);
    port_->writes.push_back({port_->memory + offset, length});
  }

  void write(const T& word) {
    std::deque<burst>& writes = port_->writes;
    if (writes.empty() || writes.back().done == writes.back().length)
      throw std::logic_error("a word is written that was not announced");
    burst& last = writes.back();
    if (port_->order.draw(2) == 0) {
      last.place[last.done] = word;
    } else {
      last.words.push_back(word);
      last.late.push_back(last.done);
    }
    ++last.done;
  }

  /// Waits until all words of the oldest request are in memory.
  void write_response() {
    std::deque<burst>& writes = port_->writes;
    if (writes.empty() || writes.front().done != writes.front().length)
      throw std::logic_error("a response is awaited of a burst that is not complete");
    const burst& first = writes.front();
    for (size_t i = 0; i < first.words.size(); ++i) first.place[first.late[i]] = first.words[i];
    writes.pop_front();
  }

  /// A port of `words` words whose requests depend on no stream: tools may make them as early as
  /// the launch. For system.cpp; Vitis HLS has no such function.
  static burst_maxi untied(T* memory, size_t words) {
    burst_maxi made(memory);
    if (made.port_->order.adversarial()) made.port_->at_launch.assign(memory, memory + words);
    return made;
  }

  /// A port to a memory of `words` words, and its name for what is said of requests beyond its end.
  /// For testbenches under lmc's C simulation; Vitis HLS has no such function.
  static burst_maxi bounded(T* memory, size_t words, const char* name) {
    burst_maxi made(memory);
    made.port_->words = words;
    made.port_->name = name;
    return made;
  }

  /// A port whose requests are written down. For recording.cpp; Vitis HLS has no such function.
  static burst_maxi logged(T* memory, std::shared_ptr<lmc::sim::burst_log> log) {
    burst_maxi made(memory);
    made.port_->log = std::move(log);
    return made;
  }

 private:
  struct burst {
    T* place;
    size_t length;
    size_t done = 0;
    std::vector<T> words{};       // read early, or written and not yet in memory
    std::vector<size_t> late{};   // which words of the burst those are
  };
  struct port {
    explicit port(T* words) : memory(words) {}
    T* memory;
    size_t words = SIZE_MAX;
    const char* name = "";
    lmc::sim::memory_order order;
    std::shared_ptr<lmc::sim::burst_log> log;
    std::vector<T> at_launch;
    std::deque<burst> reads, writes;
  };

  void check(size_t offset, size_t length) const {
    if (offset <= port_->words && length <= port_->words - offset) return;
    throw std::out_of_range("memory " + std::string(port_->name) + " has " +
                            std::to_string(port_->words) +
                            " words and is asked for " + std::to_string(length) + " from word " +
                            std::to_string(offset) + " on");
  }

  std::shared_ptr<port> port_;
};

}  // namespace hls

#endif
