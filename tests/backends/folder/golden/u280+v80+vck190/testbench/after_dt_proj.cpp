// Testbench of kernel after_dt_proj: calls it alone, with what the C simulation of the whole
// design has recorded, and compares all that it writes.
#include "../hls/decode_step.h"
#include "vectors.h"

// Repeats a launch.
static void run(lmc::Vectors& vectors) {
  const ap_uint<32> n_tokens = vectors.scalar<ap_uint<32>>();
  hls::stream<ap_uint<32>> dt("dt");
  vectors.fill(dt);
  hls::stream<ap_uint<24>> dt_bias_parameters("dt_bias_parameters");
  vectors.fill(dt_bias_parameters);
  hls::stream<ap_uint<64>> softplus_dt_table("softplus_dt_table");
  vectors.fill(softplus_dt_table);
  hls::stream<ap_uint<64>> exp_decay_table("exp_decay_table");
  vectors.fill(exp_decay_table);
  hls::stream<ap_uint<64>> a_parameters("a_parameters");
  vectors.fill(a_parameters);
  hls::stream<ap_uint<32>> x_copy_kept("x_copy_kept");
  vectors.fill(x_copy_kept);
  hls::stream<ap_uint<32>> b("b");
  vectors.fill(b);
  hls::stream<ap_uint<32>> c("c");
  vectors.fill(c);
  hls::stream<ap_uint<16>> d_parameters("d_parameters");
  vectors.fill(d_parameters);
  hls::stream<ap_uint<32>> ssm_state_old("ssm_state_old");
  vectors.fill(ssm_state_old);
  hls::stream<ap_uint<4>> ssm_state_exponents_old("ssm_state_exponents_old");
  vectors.fill(ssm_state_exponents_old);
  hls::stream<ap_uint<32>> ssm_state_new("ssm_state_new");
  const std::vector<ap_uint<32>> ssm_state_new_expected = vectors.words(ssm_state_new);
  hls::stream<ap_uint<4>> ssm_state_exponents_new("ssm_state_exponents_new");
  const std::vector<ap_uint<4>> ssm_state_exponents_new_expected = vectors.words(ssm_state_exponents_new);
  hls::stream<ap_uint<64>> silu_gate_table("silu_gate_table");
  vectors.fill(silu_gate_table);
  hls::stream<ap_uint<32>> z("z");
  vectors.fill(z);
  hls::stream<ap_uint<320>> rotated_q_tiles("rotated_q_tiles");
  const std::vector<ap_uint<320>> rotated_q_tiles_expected = vectors.words(rotated_q_tiles);

  LMC_KERNEL(after_dt_proj, n_tokens, dt, dt_bias_parameters, softplus_dt_table, exp_decay_table,
      a_parameters, x_copy_kept, b, c, d_parameters, ssm_state_old, ssm_state_exponents_old,
      ssm_state_new, ssm_state_exponents_new, silu_gate_table, z, rotated_q_tiles);

  vectors.compare(ssm_state_new, ssm_state_new_expected, "ssm_state_new");
  vectors.compare(ssm_state_exponents_new, ssm_state_exponents_new_expected, "ssm_state_exponents_new");
  vectors.compare(rotated_q_tiles, rotated_q_tiles_expected, "rotated_q_tiles");
  vectors.expect_empty(dt, "dt");
  vectors.expect_empty(dt_bias_parameters, "dt_bias_parameters");
  vectors.expect_empty(softplus_dt_table, "softplus_dt_table");
  vectors.expect_empty(exp_decay_table, "exp_decay_table");
  vectors.expect_empty(a_parameters, "a_parameters");
  vectors.expect_empty(x_copy_kept, "x_copy_kept");
  vectors.expect_empty(b, "b");
  vectors.expect_empty(c, "c");
  vectors.expect_empty(d_parameters, "d_parameters");
  vectors.expect_empty(ssm_state_old, "ssm_state_old");
  vectors.expect_empty(ssm_state_exponents_old, "ssm_state_exponents_old");
  vectors.expect_empty(silu_gate_table, "silu_gate_table");
  vectors.expect_empty(z, "z");
}

int main() {
  return lmc::run_testbench("after_dt_proj", "83962c58b7d3b17c", run);
}
