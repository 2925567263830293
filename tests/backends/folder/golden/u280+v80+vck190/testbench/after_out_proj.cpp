// Testbench of kernel after_out_proj: calls it alone, with what the C simulation of the whole
// design has recorded, and compares all that it writes.
#include "../hls/decode_step.h"
#include "vectors.h"

// Repeats a launch.
static void run(lmc::Vectors& vectors) {
  const ap_uint<32> n_tokens = vectors.scalar<ap_uint<32>>();
  hls::stream<ap_uint<48>> hidden_copy("hidden_copy");
  vectors.fill(hidden_copy);
  hls::stream<ap_uint<64>> out("out");
  vectors.fill(out);
  hls::stream<ap_uint<48>> residual_feedback("residual_feedback");
  const std::vector<ap_uint<48>> residual_feedback_expected = vectors.words(residual_feedback);
  const ap_uint<32> n_logits = vectors.scalar<ap_uint<32>>();
  hls::stream<ap_uint<32>> rsqrt_normed_table_2("rsqrt_normed_table_2");
  vectors.fill(rsqrt_normed_table_2);
  hls::stream<ap_uint<320>> normed_q_tiles_2("normed_q_tiles_2");
  const std::vector<ap_uint<320>> normed_q_tiles_2_expected = vectors.words(normed_q_tiles_2);

  LMC_KERNEL(after_out_proj, n_tokens, hidden_copy, out, residual_feedback, n_logits,
      rsqrt_normed_table_2, normed_q_tiles_2);

  vectors.compare(residual_feedback, residual_feedback_expected, "residual_feedback");
  vectors.compare(normed_q_tiles_2, normed_q_tiles_2_expected, "normed_q_tiles_2");
  vectors.expect_empty(hidden_copy, "hidden_copy");
  vectors.expect_empty(out, "out");
  vectors.expect_empty(rsqrt_normed_table_2, "rsqrt_normed_table_2");
}

int main() {
  return lmc::run_testbench("after_out_proj", "52c0d809adad7f11", run);
}
