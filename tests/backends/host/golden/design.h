// The design d as the host program sees it.
#ifndef LMC_HOST_DESIGN_H
#define LMC_HOST_DESIGN_H

#include <cstddef>
#include <cstdint>
#include <vector>

namespace design {

enum class Use { bank, scalar };

// What the host sets of a kernel; streams have positions too, and are the linker's.
struct Argument {
  int position;
  const char *name;
  Use use;
  int index;  // of the bank or the scalar
};

struct Kernel {
  const char *name;
  std::vector<Argument> arguments;
};

struct Bank {
  const char *name;
  std::size_t bytes;  // of a step where `unit` says so
  enum Unit { whole, prompt_token, logits_token } unit;
  bool has_image;
  const char *memory;  // the linker's name of it
};

enum Scalar { n_tokens, n_prompt, n_logits, scalar_count };

inline const std::vector<Bank> banks = {
    {"prompt", 4u, Bank::prompt_token, false, "DDR[0]"},
    {"vectors", 128u, Bank::whole, true, "HBM[3]"},
    {"state", 512u, Bank::whole, false, "HBM[3]"},
    {"logits", 128u, Bank::logits_token, false, "DDR[1]"},
    {"tokens", 4u, Bank::logits_token, false, "DDR[1]"},
};

inline const std::vector<Kernel> kernels = {
    {"first",
     {{0, "n_tokens", Use::scalar, 0}, {1, "n_prompt", Use::scalar, 1}, {2, "prompt", Use::bank, 0}, {4, "vectors", Use::bank, 1}, {5, "state", Use::bank, 2}}},
    {"last",
     {{1, "state", Use::bank, 2}, {2, "logits", Use::bank, 3}, {3, "tokens", Use::bank, 4}, {4, "n_logits", Use::scalar, 2}}},
};

// What the linker may call a memory of the target.
inline const std::vector<const char *> memories = {"HBM[0]", "HBM[1]", "HBM[2]", "HBM[3]", "HBM[4]", "HBM[5]", "HBM[6]", "HBM[7]", "HBM[8]", "HBM[9]", "HBM[10]", "HBM[11]", "HBM[12]", "HBM[13]", "HBM[14]", "HBM[15]", "HBM[16]", "HBM[17]", "HBM[18]", "HBM[19]", "HBM[20]", "HBM[21]", "HBM[22]", "HBM[23]", "HBM[24]", "HBM[25]", "HBM[26]", "HBM[27]", "HBM[28]", "HBM[29]", "HBM[30]", "HBM[31]", "DDR[0]", "DDR[1]"};

constexpr int prompt_bank = 0, tokens_bank = 4, logits_bank = 3;

// Logits of a step: 32-bit integers, one for each token of the vocabulary.
constexpr std::size_t vocabulary = 32, logits_stride = 128;

// Steps of a launch at most, unless a chunk has more: they bound buffers, and how long a launch may take.
constexpr std::size_t longest_launch = 128;

// What makes token ids of a text: each byte is one, the model's tokenizer does, or nothing.
enum class Text { bytes, tokenizer, ids };
constexpr Text text = Text::ids;

// Tokens that end a text.
inline const std::vector<std::uint32_t> end_tokens = {};

}  // namespace design

#endif
