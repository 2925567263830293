// Testbench of kernel states: calls it alone, with what the C simulation of the whole
// design has recorded, and compares all that it writes.
#include "../hls/decode_step.h"
#include "vectors.h"

// Repeats a launch.
static void run(lmc::Vectors& vectors) {
  hls::stream<ap_uint<96>> conv_state_loaded("conv_state_loaded");
  vectors.fill(conv_state_loaded);
  const ap_uint<32> n_tokens = vectors.scalar<ap_uint<32>>();
  hls::stream<ap_uint<96>> conv_state_old("conv_state_old");
  const std::vector<ap_uint<96>> conv_state_old_expected = vectors.words(conv_state_old);
  hls::stream<ap_uint<96>> conv_state_new("conv_state_new");
  vectors.fill(conv_state_new);
  hls::stream<ap_uint<96>> conv_state_saved("conv_state_saved");
  const std::vector<ap_uint<96>> conv_state_saved_expected = vectors.words(conv_state_saved);
  hls::stream<ap_uint<32>> ssm_state_loaded("ssm_state_loaded");
  vectors.fill(ssm_state_loaded);
  hls::stream<ap_uint<4>> ssm_state_exponents_loaded("ssm_state_exponents_loaded");
  vectors.fill(ssm_state_exponents_loaded);
  hls::stream<ap_uint<32>> ssm_state_old("ssm_state_old");
  const std::vector<ap_uint<32>> ssm_state_old_expected = vectors.words(ssm_state_old);
  hls::stream<ap_uint<4>> ssm_state_exponents_old("ssm_state_exponents_old");
  const std::vector<ap_uint<4>> ssm_state_exponents_old_expected = vectors.words(ssm_state_exponents_old);
  hls::stream<ap_uint<32>> ssm_state_new("ssm_state_new");
  vectors.fill(ssm_state_new);
  hls::stream<ap_uint<4>> ssm_state_exponents_new("ssm_state_exponents_new");
  vectors.fill(ssm_state_exponents_new);
  hls::stream<ap_uint<32>> ssm_state_saved("ssm_state_saved");
  const std::vector<ap_uint<32>> ssm_state_saved_expected = vectors.words(ssm_state_saved);
  hls::stream<ap_uint<4>> ssm_state_exponents_saved("ssm_state_exponents_saved");
  const std::vector<ap_uint<4>> ssm_state_exponents_saved_expected = vectors.words(ssm_state_exponents_saved);

  LMC_KERNEL(states, conv_state_loaded, n_tokens, conv_state_old, conv_state_new,
      conv_state_saved, ssm_state_loaded, ssm_state_exponents_loaded, ssm_state_old,
      ssm_state_exponents_old, ssm_state_new, ssm_state_exponents_new, ssm_state_saved,
      ssm_state_exponents_saved);

  vectors.compare(conv_state_old, conv_state_old_expected, "conv_state_old");
  vectors.compare(conv_state_saved, conv_state_saved_expected, "conv_state_saved");
  vectors.compare(ssm_state_old, ssm_state_old_expected, "ssm_state_old");
  vectors.compare(ssm_state_exponents_old, ssm_state_exponents_old_expected, "ssm_state_exponents_old");
  vectors.compare(ssm_state_saved, ssm_state_saved_expected, "ssm_state_saved");
  vectors.compare(ssm_state_exponents_saved, ssm_state_exponents_saved_expected, "ssm_state_exponents_saved");
  vectors.expect_empty(conv_state_loaded, "conv_state_loaded");
  vectors.expect_empty(conv_state_new, "conv_state_new");
  vectors.expect_empty(ssm_state_loaded, "ssm_state_loaded");
  vectors.expect_empty(ssm_state_exponents_loaded, "ssm_state_exponents_loaded");
  vectors.expect_empty(ssm_state_new, "ssm_state_new");
  vectors.expect_empty(ssm_state_exponents_new, "ssm_state_exponents_new");
}

int main() {
  return lmc::run_testbench("states", "c90bea92d48b8fab", run);
}
