// Testbench of kernel after_lm_head: calls it alone, with what the C simulation of the whole
// design has recorded, and compares all that it writes.
#include "../hls/decode_step.h"
#include "vectors.h"

// Repeats a launch.
static void run(lmc::Vectors& vectors) {
  const ap_uint<32> n_logits = vectors.scalar<ap_uint<32>>();
  hls::stream<ap_uint<64>> logits_2("logits_2");
  vectors.fill(logits_2);
  hls::stream<ap_uint<64>> logits_kept("logits_kept");
  const std::vector<ap_uint<64>> logits_kept_expected = vectors.words(logits_kept);
  hls::stream<ap_uint<32>> tokens_2("tokens_2");
  const std::vector<ap_uint<32>> tokens_2_expected = vectors.words(tokens_2);
  hls::stream<ap_uint<32>> chosen_tokens("chosen_tokens");
  const std::vector<ap_uint<32>> chosen_tokens_expected = vectors.words(chosen_tokens);

  LMC_KERNEL(after_lm_head, n_logits, logits_2, logits_kept, tokens_2, chosen_tokens);

  vectors.compare(logits_kept, logits_kept_expected, "logits_kept");
  vectors.compare(tokens_2, tokens_2_expected, "tokens_2");
  vectors.compare(chosen_tokens, chosen_tokens_expected, "chosen_tokens");
  vectors.expect_empty(logits_2, "logits_2");
}

int main() {
  return lmc::run_testbench("after_lm_head", "016907a8a842650a", run);
}
