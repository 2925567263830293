// The design decode_step as the host program sees it.
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
    {"embedding", 1024u, Bank::whole, true, "DDR"},
    {"prompt", 4u, Bank::prompt_token, false, "DDR"},
    {"conv_state_state", 512u, Bank::whole, false, "DDR"},
    {"ssm_state_state", 256u, Bank::whole, false, "DDR"},
    {"ssm_state_exponents_state", 128u, Bank::whole, false, "DDR"},
    {"logits", 64u, Bank::logits_token, false, "DDR"},
    {"tokens", 4u, Bank::logits_token, false, "DDR"},
    {"weights_0", 6592u, Bank::whole, true, "DDR"},
    {"parameters", 1536u, Bank::whole, true, "DDR"},
    {"tables", 65536u, Bank::whole, true, "DDR"},
};

inline const std::vector<Kernel> kernels = {
    {"load",
     {{0, "n_prompt", Use::scalar, 1}, {1, "prompt", Use::bank, 1}, {2, "n_tokens", Use::scalar, 0}, {3, "n_logits", Use::scalar, 2}, {5, "embedding", Use::bank, 0}, {7, "conv_state_state", Use::bank, 2}, {9, "ssm_state_state", Use::bank, 3}, {11, "ssm_state_exponents_state", Use::bank, 4}, {13, "parameters", Use::bank, 8}, {19, "tables", Use::bank, 9}}},
    {"front",
     {{0, "n_tokens", Use::scalar, 0}}},
    {"after_in_proj",
     {{0, "n_tokens", Use::scalar, 0}}},
    {"store",
     {{1, "conv_state_state", Use::bank, 2}, {3, "ssm_state_state", Use::bank, 3}, {5, "ssm_state_exponents_state", Use::bank, 4}, {6, "n_logits", Use::scalar, 2}, {8, "logits", Use::bank, 5}, {10, "tokens", Use::bank, 6}}},
    {"states",
     {{1, "n_tokens", Use::scalar, 0}}},
    {"after_x_proj",
     {{0, "n_tokens", Use::scalar, 0}}},
    {"after_dt_proj",
     {{0, "n_tokens", Use::scalar, 0}}},
    {"after_out_proj",
     {{0, "n_tokens", Use::scalar, 0}, {4, "n_logits", Use::scalar, 2}}},
    {"after_lm_head",
     {{0, "n_logits", Use::scalar, 2}}},
    {"matrix",
     {{0, "n_tokens", Use::scalar, 0}, {5, "n_logits", Use::scalar, 2}, {7, "weights_0", Use::bank, 7}}},
};

// What the linker may call a memory of the target.
inline const std::vector<const char *> memories = {"DDR", "LPDDR"};

constexpr int prompt_bank = 1, tokens_bank = 6, logits_bank = 5;

// Logits of a step: 32-bit integers, one for each token of the vocabulary.
constexpr std::size_t vocabulary = 16, logits_stride = 64;

// Steps of a launch at most, unless a chunk has more: they bound buffers, and how long a launch may take.
constexpr std::size_t longest_launch = 128;

// What makes token ids of a text: each byte is one, the model's tokenizer does, or nothing.
enum class Text { bytes, tokenizer, ids };
constexpr Text text = Text::ids;

// Tokens that end a text.
inline const std::vector<std::uint32_t> end_tokens = {};

}  // namespace design

#endif
