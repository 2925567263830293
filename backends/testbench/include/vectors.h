// What a testbench has in hand: recorded words from a file, and comparisons that say what differs.
//
// The file KERNEL.bin is in the folder that the environment variable LMC_VECTORS names, or else in the folder that the
// testbench is started in. It begins with 16 characters that stand for the kernel's arguments. Each launch begins with a byte 1; a
// byte 0 ends the file. In a launch come the kernel's arguments by position:
//   a scalar: its value
//   a stream: the number of words, then the words
//   a memory: if the kernel reads it, what was there, and if the kernel writes it, what is there after it; each as the
//             number of ranges, then for each range its first word's place, the number of words, and the words
#ifndef LMC_VECTORS_H
#define LMC_VECTORS_H

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "hls_burst_maxi.h"
#include "hls_stream.h"
#include "words.h"

// Calls a kernel. In lmc's C simulation it runs on fibers that wait for FIFOs; elsewhere it is a plain call.
#ifdef LMC_SCHEDULER_H
#define LMC_KERNEL(kernel, ...) lmc::run_on_fibers(#kernel, [&] { kernel(__VA_ARGS__); })
#else
#define LMC_KERNEL(kernel, ...) kernel(__VA_ARGS__)
#endif

namespace lmc {

#ifdef LMC_SCHEDULER_H

/// Runs a kernel to its end; what it leaves in a FIFO of its own is an error.
template <class Call>
void run_on_fibers(const char* kernel, Call call) {
  sim::the_scheduler.spawn(kernel, kernel, call);
  sim::the_scheduler.run();
  const std::vector<std::string> left = sim::the_scheduler.leftovers();
  if (!left.empty()) throw std::runtime_error("values were left in " + left.front());
}

/// A port to a memory that says so when a kernel asks for words that the memory does not have.
template <class T>
hls::burst_maxi<T> port(std::vector<T>& memory, const char* name) {
  return hls::burst_maxi<T>::bounded(memory.data(), memory.size(), name);
}

/// A testbench fills a stream before the kernel starts, and empties it after the end.
template <class T>
void unbound(hls::stream<T>& stream) {
  stream.set_depth(1 << 30);
  stream.allow_leftovers();
}

#else

template <class T>
T* port(std::vector<T>& memory, const char*) {
  return memory.data();
}

template <class T>
void unbound(hls::stream<T>&) {}  // streams of the HLS tool's C simulation have no bound

#endif

/// A word as C++ writes it.
template <class T>
std::string hex(const T& word) {
  Byte bytes[word_bytes<T>()];
  store_word(word, bytes);
  std::string text = "0x";
  for (std::size_t i = word_bytes<T>(); i-- > 0;) {
    text += "0123456789abcdef"[bytes[i] >> 4];
    text += "0123456789abcdef"[bytes[i] & 15];
  }
  return text;
}

class Vectors {
 public:
  Vectors(const std::string& kernel, const std::string& signature)
      : kernel_(kernel), path_(kernel + ".bin") {
    if (const char* folder = std::getenv("LMC_VECTORS")) path_ = std::string(folder) + "/" + path_;
    file_.open(path_, std::ios::binary);
    if (!file_) throw std::runtime_error("cannot read " + path_ + ": record it with make vectors");
    std::vector<Byte> found(signature.size());
    read(found.data(), found.size());
    if (std::string(found.begin(), found.end()) != signature)
      throw std::runtime_error(path_ + " was recorded of a kernel with other arguments: record it anew with make vectors");
  }

  /// Goes on to the next recorded launch, if there is one.
  bool next_launch() {
    Byte more = 0;
    read(&more, 1);
    if (more != 0) ++launch_;
    return more != 0;
  }

  /// The launch at hand, the first one being 1.
  int launch() const { return launch_; }

  template <class T>
  T scalar() {
    return T(number());
  }

  /// Puts the recorded words into a stream that the kernel reads.
  template <class T>
  void fill(hls::stream<T>& stream) {
    unbound(stream);
    for (std::uint64_t left = number(); left > 0; --left) stream.write(word<T>());
  }

  /// What the kernel is to write to a stream.
  template <class T>
  std::vector<T> words(hls::stream<T>& stream) {
    unbound(stream);
    std::vector<T> expected;
    for (std::uint64_t left = number(); left > 0; --left) expected.push_back(word<T>());
    return expected;
  }

  /// Puts what the kernel reads of a memory where it reads it.
  template <class T>
  void load(std::vector<T>& memory, const char* name) {
    for (std::uint64_t ranges = number(); ranges > 0; --ranges) {
      const std::uint64_t first = number(), count = number();
      if (first > memory.size() || count > memory.size() - first)
        throw std::runtime_error(path_ + " has a word beyond the end of memory " + name + ": record it anew with make vectors");
      for (std::uint64_t i = 0; i < count; ++i) memory[first + i] = word<T>();
    }
  }

  /// What is to be in a memory after the kernel has written to it.
  template <class T>
  std::vector<T> after(const std::vector<T>& memory, const char* name) {
    std::vector<T> expected = memory;
    load(expected, name);
    return expected;
  }

  /// Compares what the kernel has written to a stream.
  template <class T>
  void compare(hls::stream<T>& stream, const std::vector<T>& expected, const char* name) {
    const std::string what = std::string("stream ") + name;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (stream.empty())
        throw std::runtime_error(what + " has " + std::to_string(i) + " words, expected " + std::to_string(expected.size()));
      compare_word(stream.read(), expected[i], what, i);
    }
    std::size_t more = 0;
    for (; !stream.empty(); ++more) stream.read();
    if (more > 0)
      throw std::runtime_error(what + " has " + std::to_string(expected.size() + more) + " words, expected " + std::to_string(expected.size()));
    compared_ += expected.size();
  }

  /// Compares a memory: the words that the kernel has to write, and all others, which it leaves alone.
  template <class T>
  void compare(const std::vector<T>& memory, const std::vector<T>& expected, const char* name) {
    for (std::size_t i = 0; i < memory.size(); ++i) compare_word(memory[i], expected[i], std::string("memory ") + name, i);
    compared_ += memory.size();
  }

  /// A kernel takes all words of a stream that it reads.
  template <class T>
  void expect_empty(hls::stream<T>& stream, const char* name) {
    std::size_t left = 0;
    for (; !stream.empty(); ++left) stream.read();
    if (left > 0)
      throw std::runtime_error(std::string("stream ") + name + " has " + std::to_string(left) + " words that were not read");
  }

  void report() const {
    std::printf("kernel %s: as recorded in %d launches (%llu words compared)\n", kernel_.c_str(), launch_, compared_);
  }

 private:
  void read(Byte* to, std::size_t count) {
    file_.read(reinterpret_cast<char*>(to), std::streamsize(count));
    if (!file_) throw std::runtime_error(path_ + " ends too early: record it anew with make vectors");
  }

  std::uint64_t number() {
    Byte bytes[number_bytes];
    read(bytes, sizeof bytes);
    return load_number(bytes);
  }

  template <class T>
  T word() {
    Byte bytes[word_bytes<T>()];
    read(bytes, sizeof bytes);
    return load_word<T>(bytes);
  }

  template <class T>
  static void compare_word(const T& word, const T& expected, const std::string& what, std::size_t place) {
    if (word != expected)
      throw std::runtime_error(what + ": word " + std::to_string(place) + " is " + hex(word) + ", expected " + hex(expected));
  }

  std::string kernel_, path_;
  std::ifstream file_;
  int launch_ = 0;
  unsigned long long compared_ = 0;
};

/// Runs a testbench: `run` calls the kernel for one launch and compares. Returns what main is to return.
inline int run_testbench(const char* kernel, const char* signature, void (*run)(Vectors&)) {
  int launch = 0;
  try {
    Vectors vectors(kernel, signature);
    while (vectors.next_launch()) {
      launch = vectors.launch();
      run(vectors);
    }
    vectors.report();
    return 0;
  } catch (const std::exception& error) {
    std::fflush(stdout);
    const std::string where = launch == 0 ? "" : ", launch " + std::to_string(launch);
    std::fprintf(stderr, "kernel %s%s: %s\n", kernel, where.c_str(), error.what());
    return 1;
  }
}

}  // namespace lmc

#endif
