// Testbench of kernel matrix: calls it alone, with what the C simulation of the whole
// design has recorded, and compares all that it writes.
#include "../hls/decode_step.h"
#include "vectors.h"

// Repeats a launch.
static void run(lmc::Vectors& vectors) {
  const ap_uint<32> n_tokens = vectors.scalar<ap_uint<32>>();
  hls::stream<ap_uint<320>> normed_q_tiles("normed_q_tiles");
  vectors.fill(normed_q_tiles);
  hls::stream<ap_uint<320>> x_q_tiles("x_q_tiles");
  vectors.fill(x_q_tiles);
  hls::stream<ap_uint<320>> dt_q_tiles("dt_q_tiles");
  vectors.fill(dt_q_tiles);
  hls::stream<ap_uint<320>> rotated_q_tiles("rotated_q_tiles");
  vectors.fill(rotated_q_tiles);
  const ap_uint<32> n_logits = vectors.scalar<ap_uint<32>>();
  hls::stream<ap_uint<320>> normed_q_tiles_2("normed_q_tiles_2");
  vectors.fill(normed_q_tiles_2);
  std::vector<ap_uint<256>> weights_0(195, ap_uint<256>(-1));
  vectors.load(weights_0, "weights_0");
  hls::stream<ap_uint<32>> xz("xz");
  const std::vector<ap_uint<32>> xz_expected = vectors.words(xz);
  hls::stream<ap_uint<32>> dbc("dbc");
  const std::vector<ap_uint<32>> dbc_expected = vectors.words(dbc);
  hls::stream<ap_uint<32>> dt("dt");
  const std::vector<ap_uint<32>> dt_expected = vectors.words(dt);
  hls::stream<ap_uint<64>> out("out");
  const std::vector<ap_uint<64>> out_expected = vectors.words(out);
  hls::stream<ap_uint<64>> logits_2("logits_2");
  const std::vector<ap_uint<64>> logits_2_expected = vectors.words(logits_2);

  LMC_KERNEL(matrix, n_tokens, normed_q_tiles, x_q_tiles, dt_q_tiles, rotated_q_tiles, n_logits,
      normed_q_tiles_2, lmc::port(weights_0, "weights_0"), xz, dbc, dt, out, logits_2);

  vectors.compare(xz, xz_expected, "xz");
  vectors.compare(dbc, dbc_expected, "dbc");
  vectors.compare(dt, dt_expected, "dt");
  vectors.compare(out, out_expected, "out");
  vectors.compare(logits_2, logits_2_expected, "logits_2");
  vectors.expect_empty(normed_q_tiles, "normed_q_tiles");
  vectors.expect_empty(x_q_tiles, "x_q_tiles");
  vectors.expect_empty(dt_q_tiles, "dt_q_tiles");
  vectors.expect_empty(rotated_q_tiles, "rotated_q_tiles");
  vectors.expect_empty(normed_q_tiles_2, "normed_q_tiles_2");
}

int main() {
  return lmc::run_testbench("matrix", "06457ceffa70680a", run);
}
