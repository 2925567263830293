// Two kernels joined in a loop, in the style of emitted code: 16 rows of 16 int4 weights.
#include "kernels.h"

#include <lmc_task.h>

static void load(const word512* weights, hls::stream<word512>& words, int rows, int rounds) {
rounds_loop:
  for (int r = 0; r < rounds; ++r) {
  rows_loop:
    for (int i = 0; i < rows / 8; ++i) {
#pragma HLS pipeline II=1
      words.write(weights[i]);
    }
  }
}

static void multiply(hls::stream<word512>& words, hls::stream<lanes>& state,
                     hls::stream<ap_int<32> >& sums, int rows, int rounds) {
rounds_loop:
  for (int r = 0; r < rounds; ++r) {
    const lanes x = state.read();
  words_loop:
    for (int i = 0; i < rows / 8; ++i) {
      const word512 word = words.read();
    rows_loop:
      for (int row = 0; row < 8; ++row) {
#pragma HLS pipeline II=1
        ap_int<32> sum = 0;
      lanes_loop:
        for (int lane = 0; lane < 16; ++lane) {
#pragma HLS unroll
          const int at = 64 * row + 4 * lane;
          const ap_int<4> weight = ap_int<4>(word.range(at + 3, at));
          const ap_int<8> value = ap_int<8>(x.range(8 * lane + 7, 8 * lane));
          const ap_int<12> product = ap_int<12>(weight * value);
          sum = ap_int<32>(sum + product);
        }
        sums.write(sum);
      }
    }
  }
}

void matrix(const word512* weights, hls::stream<lanes>& state, hls::stream<ap_int<32> >& sums,
            int rows, int rounds) {
#pragma HLS interface mode=m_axi port=weights bundle=weights
#pragma HLS interface mode=axis port=state
#pragma HLS interface mode=axis port=sums
#pragma HLS dataflow
  hls::stream<word512, 2> words("words");
  LMC_TASK(load, weights, words, rows, rounds);
  LMC_TASK(multiply, words, state, sums, rows, rounds);
  LMC_JOIN();
}

void vector_unit(const lanes* first, lanes* last, hls::stream<lanes>& state,
                 hls::stream<ap_int<32> >& sums, int rounds) {
  lanes x = first[0];
rounds_loop:
  for (int r = 0; r < rounds; ++r) {
    state.write(x);
  lanes_loop:
    for (int lane = 0; lane < 16; ++lane) {
      const ap_int<32> sum = sums.read();
      const ap_int<32> rounded = ap_int<32>(ap_int<32>(sum + 8) >> 4);
      x.range(8 * lane + 7, 8 * lane) = ap_int<8>(rounded);
    }
  }
  last[0] = x;
}
