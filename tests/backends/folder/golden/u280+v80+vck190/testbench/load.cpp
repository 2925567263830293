// Testbench of kernel load: calls it alone, with what the C simulation of the whole
// design has recorded, and compares all that it writes.
#include "../hls/decode_step.h"
#include "vectors.h"

// Repeats a launch.
static void run(lmc::Vectors& vectors) {
  const ap_uint<32> n_prompt = vectors.scalar<ap_uint<32>>();
  std::vector<ap_uint<32>> prompt(65536, ap_uint<32>(-1));
  vectors.load(prompt, "prompt");
  const ap_uint<32> n_tokens = vectors.scalar<ap_uint<32>>();
  const ap_uint<32> n_logits = vectors.scalar<ap_uint<32>>();
  hls::stream<ap_uint<32>> chosen_tokens("chosen_tokens");
  vectors.fill(chosen_tokens);
  std::vector<ap_uint<512>> embedding(16, ap_uint<512>(-1));
  vectors.load(embedding, "embedding");
  hls::stream<ap_uint<27>> embedding_elements("embedding_elements");
  const std::vector<ap_uint<27>> embedding_elements_expected = vectors.words(embedding_elements);
  std::vector<ap_uint<512>> conv_state_state(8, ap_uint<512>(-1));
  vectors.load(conv_state_state, "conv_state_state");
  hls::stream<ap_uint<96>> conv_state_loaded("conv_state_loaded");
  const std::vector<ap_uint<96>> conv_state_loaded_expected = vectors.words(conv_state_loaded);
  std::vector<ap_uint<512>> ssm_state_state(4, ap_uint<512>(-1));
  vectors.load(ssm_state_state, "ssm_state_state");
  hls::stream<ap_uint<32>> ssm_state_loaded("ssm_state_loaded");
  const std::vector<ap_uint<32>> ssm_state_loaded_expected = vectors.words(ssm_state_loaded);
  std::vector<ap_uint<512>> ssm_state_exponents_state(2, ap_uint<512>(-1));
  vectors.load(ssm_state_exponents_state, "ssm_state_exponents_state");
  hls::stream<ap_uint<4>> ssm_state_exponents_loaded("ssm_state_exponents_loaded");
  const std::vector<ap_uint<4>> ssm_state_exponents_loaded_expected = vectors.words(ssm_state_exponents_loaded);
  std::vector<ap_uint<512>> parameters(24, ap_uint<512>(-1));
  vectors.load(parameters, "parameters");
  hls::stream<ap_uint<128>> conv_weight_parameters("conv_weight_parameters");
  const std::vector<ap_uint<128>> conv_weight_parameters_expected = vectors.words(conv_weight_parameters);
  hls::stream<ap_uint<54>> conv_bias_parameters("conv_bias_parameters");
  const std::vector<ap_uint<54>> conv_bias_parameters_expected = vectors.words(conv_bias_parameters);
  hls::stream<ap_uint<24>> dt_bias_parameters("dt_bias_parameters");
  const std::vector<ap_uint<24>> dt_bias_parameters_expected = vectors.words(dt_bias_parameters);
  hls::stream<ap_uint<64>> a_parameters("a_parameters");
  const std::vector<ap_uint<64>> a_parameters_expected = vectors.words(a_parameters);
  hls::stream<ap_uint<16>> d_parameters("d_parameters");
  const std::vector<ap_uint<16>> d_parameters_expected = vectors.words(d_parameters);
  std::vector<ap_uint<512>> tables(1024, ap_uint<512>(-1));
  vectors.load(tables, "tables");
  hls::stream<ap_uint<32>> rsqrt_normed_table("rsqrt_normed_table");
  const std::vector<ap_uint<32>> rsqrt_normed_table_expected = vectors.words(rsqrt_normed_table);
  hls::stream<ap_uint<64>> silu_x_table("silu_x_table");
  const std::vector<ap_uint<64>> silu_x_table_expected = vectors.words(silu_x_table);
  hls::stream<ap_uint<64>> softplus_dt_table("softplus_dt_table");
  const std::vector<ap_uint<64>> softplus_dt_table_expected = vectors.words(softplus_dt_table);
  hls::stream<ap_uint<64>> exp_decay_table("exp_decay_table");
  const std::vector<ap_uint<64>> exp_decay_table_expected = vectors.words(exp_decay_table);
  hls::stream<ap_uint<64>> silu_gate_table("silu_gate_table");
  const std::vector<ap_uint<64>> silu_gate_table_expected = vectors.words(silu_gate_table);
  hls::stream<ap_uint<32>> rsqrt_normed_table_2("rsqrt_normed_table_2");
  const std::vector<ap_uint<32>> rsqrt_normed_table_2_expected = vectors.words(rsqrt_normed_table_2);

  LMC_KERNEL(load, n_prompt, lmc::port(prompt, "prompt"), n_tokens, n_logits, chosen_tokens,
      lmc::port(embedding, "embedding"), embedding_elements, lmc::port(conv_state_state,
      "conv_state_state"), conv_state_loaded, lmc::port(ssm_state_state, "ssm_state_state"),
      ssm_state_loaded, lmc::port(ssm_state_exponents_state, "ssm_state_exponents_state"),
      ssm_state_exponents_loaded, lmc::port(parameters, "parameters"), conv_weight_parameters,
      conv_bias_parameters, dt_bias_parameters, a_parameters, d_parameters, lmc::port(tables,
      "tables"), rsqrt_normed_table, silu_x_table, softplus_dt_table, exp_decay_table,
      silu_gate_table, rsqrt_normed_table_2);

  vectors.compare(embedding_elements, embedding_elements_expected, "embedding_elements");
  vectors.compare(conv_state_loaded, conv_state_loaded_expected, "conv_state_loaded");
  vectors.compare(ssm_state_loaded, ssm_state_loaded_expected, "ssm_state_loaded");
  vectors.compare(ssm_state_exponents_loaded, ssm_state_exponents_loaded_expected, "ssm_state_exponents_loaded");
  vectors.compare(conv_weight_parameters, conv_weight_parameters_expected, "conv_weight_parameters");
  vectors.compare(conv_bias_parameters, conv_bias_parameters_expected, "conv_bias_parameters");
  vectors.compare(dt_bias_parameters, dt_bias_parameters_expected, "dt_bias_parameters");
  vectors.compare(a_parameters, a_parameters_expected, "a_parameters");
  vectors.compare(d_parameters, d_parameters_expected, "d_parameters");
  vectors.compare(rsqrt_normed_table, rsqrt_normed_table_expected, "rsqrt_normed_table");
  vectors.compare(silu_x_table, silu_x_table_expected, "silu_x_table");
  vectors.compare(softplus_dt_table, softplus_dt_table_expected, "softplus_dt_table");
  vectors.compare(exp_decay_table, exp_decay_table_expected, "exp_decay_table");
  vectors.compare(silu_gate_table, silu_gate_table_expected, "silu_gate_table");
  vectors.compare(rsqrt_normed_table_2, rsqrt_normed_table_2_expected, "rsqrt_normed_table_2");
  vectors.expect_empty(chosen_tokens, "chosen_tokens");
}

int main() {
  return lmc::run_testbench("load", "fc9f8860cb52e7c0", run);
}
