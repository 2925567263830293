// Testbench of kernel writer: calls it alone, with what the C simulation of the whole
// design has recorded, and compares all that it writes.
#include "../hls/small.h"
#include "vectors.h"

// Repeats a launch.
static void run(lmc::Vectors& vectors) {
  hls::stream<ap_uint<512>> words("words");
  vectors.fill(words);
  std::vector<ap_uint<512>> logits(8, ap_uint<512>(-1));
  const std::vector<ap_uint<512>> logits_expected = vectors.after(logits, "logits");

  LMC_KERNEL(writer, words, lmc::port(logits, "logits"));

  vectors.compare(logits, logits_expected, "logits");
  vectors.expect_empty(words, "words");
}

int main() {
  return lmc::run_testbench("writer", "7d725db806b49cd1", run);
}
