// Kernel reader.
#include "every_op.h"

static void fetch(
    ap_uint<32> n_tokens,
    hls::burst_maxi<ap_uint<128>> pairs,
    hls::stream<ap_uint<128>>& words) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
fetch_t:
  for (int t = 0; t < n_tokens_2; t++) {
#pragma HLS pipeline off
    pairs.read_request((long long)(t) * (long long)(2), 2);
  fetch_burst:
    for (int word = 0; word < 2; word++) {
#pragma HLS pipeline II = 1
      words.write(pairs.read());
    }
  }
}

static void cut(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<128>>& words,
    hls::stream<ap_uint<32>>& pairs_cut) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
  ap_uint<128> word;
cut_t:
  for (int t = 0; t < n_tokens_2; t++) {
  cut_word:
    for (int word_2 = 0; word_2 < 2; word_2++) {
    cut_lane:
      for (int lane = 0; lane < 4; lane++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
        ap_uint<128> words_word;
        if (lane == 0) {
          words_word = words.read();
        } else {
          words_word = word;
        }
        ap_uint<128> word_3;
        word_3.range(95, 0) = ap_uint<96>(words_word.range(127, 32));
        word_3.range(127, 96) = ap_uint<32>(0);
        word = word_3;
        if (word_2 * 4 + lane < 5) {
          pairs_cut.write(ap_uint<32>(words_word.range(31, 0)));
        }
      }
    }
  }
}

extern "C" void reader(
    ap_uint<32> n_tokens,
    hls::burst_maxi<ap_uint<128>> pairs,
    hls::stream<ap_uint<32>>& pairs_cut) {
#pragma HLS interface mode = s_axilite port = n_tokens
#pragma HLS interface mode = m_axi port = pairs offset = slave bundle = gmem_pairs depth = 128 max_read_burst_length = 16 num_read_outstanding = 16
#pragma HLS interface mode = s_axilite port = pairs
#pragma HLS interface mode = axis port = pairs_cut
#pragma HLS interface mode = s_axilite port = return
#pragma HLS dataflow
  hls::stream<ap_uint<128>, 16> words("words");
  LMC_TASK(fetch, n_tokens, pairs, words);
  LMC_TASK(cut, n_tokens, words, pairs_cut);
  LMC_JOIN();
}
