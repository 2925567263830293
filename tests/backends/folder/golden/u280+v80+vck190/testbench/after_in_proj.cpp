// Testbench of kernel after_in_proj: calls it alone, with what the C simulation of the whole
// design has recorded, and compares all that it writes.
#include "../hls/decode_step.h"
#include "vectors.h"

// Repeats a launch.
static void run(lmc::Vectors& vectors) {
  const ap_uint<32> n_tokens = vectors.scalar<ap_uint<32>>();
  hls::stream<ap_uint<32>> xz("xz");
  vectors.fill(xz);
  hls::stream<ap_uint<32>> z("z");
  const std::vector<ap_uint<32>> z_expected = vectors.words(z);
  hls::stream<ap_uint<96>> conv_state_old("conv_state_old");
  vectors.fill(conv_state_old);
  hls::stream<ap_uint<128>> conv_weight_parameters("conv_weight_parameters");
  vectors.fill(conv_weight_parameters);
  hls::stream<ap_uint<54>> conv_bias_parameters("conv_bias_parameters");
  vectors.fill(conv_bias_parameters);
  hls::stream<ap_uint<96>> conv_state_new("conv_state_new");
  const std::vector<ap_uint<96>> conv_state_new_expected = vectors.words(conv_state_new);
  hls::stream<ap_uint<64>> silu_x_table("silu_x_table");
  vectors.fill(silu_x_table);
  hls::stream<ap_uint<32>> x_copy_kept("x_copy_kept");
  const std::vector<ap_uint<32>> x_copy_kept_expected = vectors.words(x_copy_kept);
  hls::stream<ap_uint<320>> x_q_tiles("x_q_tiles");
  const std::vector<ap_uint<320>> x_q_tiles_expected = vectors.words(x_q_tiles);

  LMC_KERNEL(after_in_proj, n_tokens, xz, z, conv_state_old, conv_weight_parameters,
      conv_bias_parameters, conv_state_new, silu_x_table, x_copy_kept, x_q_tiles);

  vectors.compare(z, z_expected, "z");
  vectors.compare(conv_state_new, conv_state_new_expected, "conv_state_new");
  vectors.compare(x_copy_kept, x_copy_kept_expected, "x_copy_kept");
  vectors.compare(x_q_tiles, x_q_tiles_expected, "x_q_tiles");
  vectors.expect_empty(xz, "xz");
  vectors.expect_empty(conv_state_old, "conv_state_old");
  vectors.expect_empty(conv_weight_parameters, "conv_weight_parameters");
  vectors.expect_empty(conv_bias_parameters, "conv_bias_parameters");
  vectors.expect_empty(silu_x_table, "silu_x_table");
}

int main() {
  return lmc::run_testbench("after_in_proj", "483dc005ea84d27b", run);
}
