// Testbench of kernel reader: calls it alone, with what the C simulation of the whole
// design has recorded, and compares all that it writes.
#include "../hls/small.h"
#include "vectors.h"

// Repeats a launch.
static void run(lmc::Vectors& vectors) {
  std::vector<ap_uint<512>> prompt(4, ap_uint<512>(-1));
  vectors.load(prompt, "prompt");
  hls::stream<ap_uint<512>> words("words");
  const std::vector<ap_uint<512>> words_expected = vectors.words(words);

  LMC_KERNEL(reader, lmc::port(prompt, "prompt"), words);

  vectors.compare(words, words_expected, "words");
}

int main() {
  return lmc::run_testbench("reader", "9886e0fe9f06bdcb", run);
}
