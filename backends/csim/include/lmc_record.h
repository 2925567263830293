// What was written to chosen streams, for whoever compares it with another computation.
#ifndef LMC_RECORD_H
#define LMC_RECORD_H

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

namespace lmc::sim {

/// The file of a stream's words. The environment variable LMC_CSIM_STREAMS names a folder; a stream
/// is recorded if a file there has its name. That file holds a number P. Words go to NAME.words, each
/// in as many bytes as it needs, the lowest first. After P words the file begins anew, so that the
/// last P are left; with 0 all words are kept, those of one launch after those of another.
class word_file {
 public:
  /// The file of the stream `name`, or null if nobody asked for one.
  static std::unique_ptr<word_file> asked_for(const std::string& name) {
    const char* folder = std::getenv("LMC_CSIM_STREAMS");
    if (folder == nullptr || name.empty()) return nullptr;
    const std::string path = std::string(folder) + "/" + name;
    uint64_t period = 0;
    if (!(std::ifstream(path) >> period)) return nullptr;
    return std::unique_ptr<word_file>(new word_file(path + ".words", period));
  }

  /// A word of Xilinx's types or lmc's.
  template <class T>
  void add(const T& word) {
    constexpr int width = T::width;
    for (int low = 0; low < width; low += 64) {
      const int high = low + 63 < width ? low + 63 : width - 1;
      uint64_t part = word.range(high, low).to_uint64();
      for (int bit = low; bit <= high; bit += 8, part >>= 8) file_.put(char(part & 255));
    }
    if (++count_ == period_) {
      file_.seekp(0);
      count_ = 0;
    }
    if (!file_) throw std::runtime_error("cannot write " + path_);
  }

 private:
  word_file(const std::string& path, uint64_t period) : path_(path), period_(period) {
    // Without truncation, which `out` alone would mean.
    const auto kept = period == 0 ? std::ios::app : std::ios::in;
    file_.open(path, std::ios::binary | std::ios::out | kept);
  }

  std::string path_;
  std::ofstream file_;
  uint64_t period_, count_ = 0;
};

}  // namespace lmc::sim

#endif
