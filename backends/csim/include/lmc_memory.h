// When memory does what its ports ask for, as far as the code leaves that open.
#ifndef LMC_MEMORY_H
#define LMC_MEMORY_H

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

namespace lmc::sim {

/// Choices of the memory and of the tool. Without the environment variable LMC_CSIM_MEMORY all
/// are the polite one, the order of the text; with it, a number, they are drawn, the same ones
/// for the same number.
class memory_order {
 public:
  /// One of `count` choices; 0 is the polite one.
  unsigned draw(unsigned count) {
    if (state_ == 0) return 0;
    state_ ^= state_ << 13;  // xorshift64: Marsaglia, "Xorshift RNGs"
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return unsigned((state_ >> 32) % count);
  }
  bool adversarial() const { return state_ != 0; }

 private:
  static uint64_t first_state() {
    static uint64_t ports = 0;
    static const char* seed = std::getenv("LMC_CSIM_MEMORY");
    if (seed == nullptr) return 0;
    return (std::strtoull(seed, nullptr, 10) + ++ports) * 0x9e3779b97f4a7c15ull | 1;
  }

  uint64_t state_ = first_state();
};

/// The requests of a port, each the place of its first word and the number of its words.
struct burst_log {
  std::vector<std::pair<size_t, size_t>> reads, writes;
};

}  // namespace lmc::sim

#endif
