// Testbench of kernel store: calls it alone, with what the C simulation of the whole
// design has recorded, and compares all that it writes.
#include "../hls/decode_step.h"
#include "vectors.h"

// Repeats a launch.
static void run(lmc::Vectors& vectors) {
  hls::stream<ap_uint<96>> conv_state_saved("conv_state_saved");
  vectors.fill(conv_state_saved);
  std::vector<ap_uint<512>> conv_state_state(8, ap_uint<512>(-1));
  const std::vector<ap_uint<512>> conv_state_state_expected = vectors.after(conv_state_state, "conv_state_state");
  hls::stream<ap_uint<32>> ssm_state_saved("ssm_state_saved");
  vectors.fill(ssm_state_saved);
  std::vector<ap_uint<512>> ssm_state_state(4, ap_uint<512>(-1));
  const std::vector<ap_uint<512>> ssm_state_state_expected = vectors.after(ssm_state_state, "ssm_state_state");
  hls::stream<ap_uint<4>> ssm_state_exponents_saved("ssm_state_exponents_saved");
  vectors.fill(ssm_state_exponents_saved);
  std::vector<ap_uint<512>> ssm_state_exponents_state(2, ap_uint<512>(-1));
  const std::vector<ap_uint<512>> ssm_state_exponents_state_expected = vectors.after(ssm_state_exponents_state, "ssm_state_exponents_state");
  const ap_uint<32> n_logits = vectors.scalar<ap_uint<32>>();
  hls::stream<ap_uint<64>> logits_kept("logits_kept");
  vectors.fill(logits_kept);
  std::vector<ap_uint<512>> logits(2, ap_uint<512>(-1));
  const std::vector<ap_uint<512>> logits_expected = vectors.after(logits, "logits");
  hls::stream<ap_uint<32>> tokens_2("tokens_2");
  vectors.fill(tokens_2);
  std::vector<ap_uint<32>> tokens(65536, ap_uint<32>(-1));
  const std::vector<ap_uint<32>> tokens_expected = vectors.after(tokens, "tokens");

  LMC_KERNEL(store, conv_state_saved, lmc::port(conv_state_state, "conv_state_state"),
      ssm_state_saved, lmc::port(ssm_state_state, "ssm_state_state"), ssm_state_exponents_saved,
      lmc::port(ssm_state_exponents_state, "ssm_state_exponents_state"), n_logits, logits_kept,
      lmc::port(logits, "logits"), tokens_2, lmc::port(tokens, "tokens"));

  vectors.compare(conv_state_state, conv_state_state_expected, "conv_state_state");
  vectors.compare(ssm_state_state, ssm_state_state_expected, "ssm_state_state");
  vectors.compare(ssm_state_exponents_state, ssm_state_exponents_state_expected, "ssm_state_exponents_state");
  vectors.compare(logits, logits_expected, "logits");
  vectors.compare(tokens, tokens_expected, "tokens");
  vectors.expect_empty(conv_state_saved, "conv_state_saved");
  vectors.expect_empty(ssm_state_saved, "ssm_state_saved");
  vectors.expect_empty(ssm_state_exponents_saved, "ssm_state_exponents_saved");
  vectors.expect_empty(logits_kept, "logits_kept");
  vectors.expect_empty(tokens_2, "tokens_2");
}

int main() {
  return lmc::run_testbench("store", "c2d373d2e1e4f2e5", run);
}
