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
    {"embedding", 1024u, Bank::whole, true, "HBM2e[63]"},
    {"prompt", 4u, Bank::prompt_token, false, "HBM2e[63]"},
    {"conv_state_state", 512u, Bank::whole, false, "HBM2e[63]"},
    {"ssm_state_state", 256u, Bank::whole, false, "HBM2e[63]"},
    {"ssm_state_exponents_state", 128u, Bank::whole, false, "HBM2e[63]"},
    {"logits", 64u, Bank::logits_token, false, "HBM2e[63]"},
    {"tokens", 4u, Bank::logits_token, false, "HBM2e[63]"},
    {"weights_0", 6240u, Bank::whole, true, "HBM2e[0]"},
    {"parameters", 1536u, Bank::whole, true, "HBM2e[63]"},
    {"tables", 65536u, Bank::whole, true, "HBM2e[63]"},
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
inline const std::vector<const char *> memories = {"HBM2e[0]", "HBM2e[1]", "HBM2e[2]", "HBM2e[3]", "HBM2e[4]", "HBM2e[5]", "HBM2e[6]", "HBM2e[7]", "HBM2e[8]", "HBM2e[9]", "HBM2e[10]", "HBM2e[11]", "HBM2e[12]", "HBM2e[13]", "HBM2e[14]", "HBM2e[15]", "HBM2e[16]", "HBM2e[17]", "HBM2e[18]", "HBM2e[19]", "HBM2e[20]", "HBM2e[21]", "HBM2e[22]", "HBM2e[23]", "HBM2e[24]", "HBM2e[25]", "HBM2e[26]", "HBM2e[27]", "HBM2e[28]", "HBM2e[29]", "HBM2e[30]", "HBM2e[31]", "HBM2e[32]", "HBM2e[33]", "HBM2e[34]", "HBM2e[35]", "HBM2e[36]", "HBM2e[37]", "HBM2e[38]", "HBM2e[39]", "HBM2e[40]", "HBM2e[41]", "HBM2e[42]", "HBM2e[43]", "HBM2e[44]", "HBM2e[45]", "HBM2e[46]", "HBM2e[47]", "HBM2e[48]", "HBM2e[49]", "HBM2e[50]", "HBM2e[51]", "HBM2e[52]", "HBM2e[53]", "HBM2e[54]", "HBM2e[55]", "HBM2e[56]", "HBM2e[57]", "HBM2e[58]", "HBM2e[59]", "HBM2e[60]", "HBM2e[61]", "HBM2e[62]", "HBM2e[63]"};

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
