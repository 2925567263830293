// Testbench of kernel after_x_proj: calls it alone, with what the C simulation of the whole
// design has recorded, and compares all that it writes.
#include "../hls/decode_step.h"
#include "vectors.h"

// Repeats a launch.
static void run(lmc::Vectors& vectors) {
  const ap_uint<32> n_tokens = vectors.scalar<ap_uint<32>>();
  hls::stream<ap_uint<32>> dbc("dbc");
  vectors.fill(dbc);
  hls::stream<ap_uint<32>> b("b");
  const std::vector<ap_uint<32>> b_expected = vectors.words(b);
  hls::stream<ap_uint<32>> c("c");
  const std::vector<ap_uint<32>> c_expected = vectors.words(c);
  hls::stream<ap_uint<320>> dt_q_tiles("dt_q_tiles");
  const std::vector<ap_uint<320>> dt_q_tiles_expected = vectors.words(dt_q_tiles);

  LMC_KERNEL(after_x_proj, n_tokens, dbc, b, c, dt_q_tiles);

  vectors.compare(b, b_expected, "b");
  vectors.compare(c, c_expected, "c");
  vectors.compare(dt_q_tiles, dt_q_tiles_expected, "dt_q_tiles");
  vectors.expect_empty(dbc, "dbc");
}

int main() {
  return lmc::run_testbench("after_x_proj", "6c4089dbe6c2ebf9", run);
}
