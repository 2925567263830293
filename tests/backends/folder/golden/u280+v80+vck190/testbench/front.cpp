// Testbench of kernel front: calls it alone, with what the C simulation of the whole
// design has recorded, and compares all that it writes.
#include "../hls/decode_step.h"
#include "vectors.h"

// Repeats a launch.
static void run(lmc::Vectors& vectors) {
  const ap_uint<32> n_tokens = vectors.scalar<ap_uint<32>>();
  hls::stream<ap_uint<27>> embedding_elements("embedding_elements");
  vectors.fill(embedding_elements);
  hls::stream<ap_uint<48>> residual_feedback("residual_feedback");
  vectors.fill(residual_feedback);
  hls::stream<ap_uint<48>> hidden_copy("hidden_copy");
  const std::vector<ap_uint<48>> hidden_copy_expected = vectors.words(hidden_copy);
  hls::stream<ap_uint<32>> rsqrt_normed_table("rsqrt_normed_table");
  vectors.fill(rsqrt_normed_table);
  hls::stream<ap_uint<320>> normed_q_tiles("normed_q_tiles");
  const std::vector<ap_uint<320>> normed_q_tiles_expected = vectors.words(normed_q_tiles);

  LMC_KERNEL(front, n_tokens, embedding_elements, residual_feedback, hidden_copy,
      rsqrt_normed_table, normed_q_tiles);

  vectors.compare(hidden_copy, hidden_copy_expected, "hidden_copy");
  vectors.compare(normed_q_tiles, normed_q_tiles_expected, "normed_q_tiles");
  vectors.expect_empty(embedding_elements, "embedding_elements");
  vectors.expect_empty(residual_feedback, "residual_feedback");
  vectors.expect_empty(rsqrt_normed_table, "rsqrt_normed_table");
}

int main() {
  return lmc::run_testbench("front", "3b5916b2edb2c033", run);
}
