// Kernel compute.
#include "every_op.h"

static void work(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32> > &pairs_cut,
    hls::stream<ap_uint<64> > &answers) {
#pragma HLS inline off
  ap_int<40> total;
  ap_int<24> squares[4][8];
#pragma HLS bind_storage variable=squares type=ram_2p impl=bram
#pragma HLS array_partition variable=squares type=cyclic factor=2 dim=2
  ap_int<12> lanes[8];
#pragma HLS array_partition variable=lanes type=complete dim=0
  const int n_tokens_2 = int(n_tokens);
  work_t: for (int t = 0; t < n_tokens_2; t++) {
#pragma HLS pipeline off
    work_pair: for (int pair = 0; pair < 5; pair++) {
#pragma HLS pipeline off
      const ap_uint<32> pair_word = pairs_cut.read();
      const ap_int<20> a = ap_int<20>(pair_word.range(19, 0));
      const ap_uint<12> b = ap_uint<12>(pair_word.range(31, 20));
      work_lane: for (int lane = 0; lane < 8; lane++) {
#pragma HLS pipeline II=1 style=flp
        lanes[lane] = ap_int<12>(a.range(lane + 11, lane));
      }
      const ap_uint<4> part = ap_uint<4>(b.range(3, 0));
      const ap_int<24> sum = ap_int<24>(ap_int<21>(-a) + ap_uint<22>((a < 0 ? ap_uint<20>(-a) : ap_uint<20>(a)) * 3));
      const ap_int<20> value = ap_int<20>(a) < ap_int<20>(b) ? ap_int<20>(a) : ap_int<20>(b);
      const ap_uint<19> value_2 = ap_int<20>(a) > ap_int<20>(b) ? ap_uint<19>(a) : ap_uint<19>(b);
      const ap_int<41> sum_2 = ap_int<41>(ap_int<40>(ap_int<40>(a) << unsigned(part)) + ap_int<20>(a >> unsigned(part)));
      const ap_int<18> product = ap_int<18>(lmc::round_shift_saturate<8>(a, unsigned(part)) * 1000);
      const ap_int<19> sum_3 = ap_int<19>(product + lmc::round_shift_saturate_unsigned<6>(a, unsigned(part)));
      const ap_int<21> sum_4 = ap_int<21>(ap_uint<4>(lmc::bit_length(b)) + ((ap_int<20>(a) < ap_int<20>(b)) ? ap_int<20>(b) : a));
      ap_uint<32> word;
      word.range(11, 0) = b;
      word.range(31, 12) = a;
      const bool value_3 = (ap_int<20>(a) == ap_int<20>(b)) || (((a >= 5) != true) && (b > 9));
      const ap_int<29> sum_5 = ap_int<29>(ap_int<28>(word.range(31, 4)) + (value_3 ? ap_int<2>(1) : ap_int<2>(-1)));
      ap_uint<128> word_2 = 0;
      word_2.range(22, 3) = a;
      word_2.range((int(ap_uint<4>(lmc::bit_length(b))) + 64) + 11, int(ap_uint<4>(lmc::bit_length(b))) + 64) = b;
      if (pair == 0) {
        total = 0;
      } else {
        const ap_int<40> total_now = total;
        total = ap_int<40>(total_now + a);
      }
      work_row: for (int row = 0; row < 4; row++) {
        work_column: for (int column = 0; column < 8; column++) {
#pragma HLS pipeline II=1 style=flp
#pragma HLS loop_flatten
          ap_int<24> chosen;
          if (row == 2) {
            const ap_int<12> lanes_now = lanes[column];
            chosen = ap_int<24>(lanes_now);
          } else {
            const ap_int<12> lanes_now_2 = lanes[column];
            chosen = ap_int<24>(ap_int<15>(lanes_now_2 * 5));
          }
          squares[row][column] = chosen;
        }
      }
      ap_int<24> carried = -8388608;
      work_best: for (int best = 0; best < 8; best++) {
#pragma HLS pipeline off
        const ap_int<24> squares_now = squares[2][best];
        const ap_int<24> value_4 = carried > squares_now ? ap_int<24>(carried) : ap_int<24>(squares_now);
        carried = value_4;
      }
      const ap_int<40> total_now_2 = total;
      ap_int<15> total_2 = 0;
      work_add: for (int add = 0; add < 8; add++) {
#pragma HLS unroll
        const ap_int<12> lanes_now_3 = lanes[add];
        total_2 = ap_int<15>(total_2 + lanes_now_3);
      }
      const ap_int<24> squares_now_2 = squares[((pair * 3) + 1) % 4][pair / 2];
      ap_uint<64> word_3;
      word_3.range(62, 0) = ap_int<63>(ap_int<21>(a + b));
      word_3.range(63, 63) = ap_uint<1>(0);
      answers.write(word_3);
      ap_uint<64> word_4;
      word_4.range(62, 0) = ap_int<63>(ap_int<21>(a - b));
      word_4.range(63, 63) = ap_uint<1>(0);
      answers.write(word_4);
      ap_uint<64> word_5;
      word_5.range(62, 0) = ap_int<63>(ap_int<32>(a * b));
      word_5.range(63, 63) = ap_uint<1>(0);
      answers.write(word_5);
      ap_uint<64> word_6;
      word_6.range(62, 0) = ap_int<63>(ap_int<25>(sum - 7));
      word_6.range(63, 63) = ap_uint<1>(0);
      answers.write(word_6);
      ap_uint<64> word_7;
      word_7.range(62, 0) = ap_int<63>(ap_int<22>(value + ap_uint<20>(value_2 * 2)));
      word_7.range(63, 63) = ap_uint<1>(0);
      answers.write(word_7);
      ap_uint<64> word_8;
      word_8.range(62, 0) = ap_int<63>(sum_2);
      word_8.range(63, 63) = ap_uint<1>(0);
      answers.write(word_8);
      ap_uint<64> word_9;
      word_9.range(62, 0) = ap_int<63>(sum_3);
      word_9.range(63, 63) = ap_uint<1>(0);
      answers.write(word_9);
      ap_uint<64> word_10;
      word_10.range(62, 0) = ap_int<63>(sum_4);
      word_10.range(63, 63) = ap_uint<1>(0);
      answers.write(word_10);
      ap_uint<64> word_11;
      word_11.range(62, 0) = ap_int<63>(sum_5);
      word_11.range(63, 63) = ap_uint<1>(0);
      answers.write(word_11);
      ap_uint<64> word_12;
      word_12.range(62, 0) = ap_int<63>(ap_int<62>(word_2.range(61, 0)));
      word_12.range(63, 63) = ap_uint<1>(0);
      answers.write(word_12);
      ap_uint<64> word_13;
      word_13.range(62, 0) = ap_int<63>(ap_int<41>(total_now_2 + total_2));
      word_13.range(63, 63) = ap_uint<1>(0);
      answers.write(word_13);
      ap_uint<64> word_14;
      word_14.range(62, 0) = ap_int<63>(ap_int<25>(carried + squares_now_2));
      word_14.range(63, 63) = ap_uint<1>(0);
      answers.write(word_14);
    }
  }
}

static void store(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<64> > &answers,
    hls::burst_maxi<ap_uint<64> > results) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
  store_t: for (int t = 0; t < n_tokens_2; t++) {
#pragma HLS pipeline off
    results.write_request((long long)(t) * (long long)(60), 60);
    store_burst: for (int word = 0; word < 60; word++) {
#pragma HLS pipeline II=1
      results.write(answers.read());
    }
    results.write_response();
  }
}

extern "C" void compute(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32> > &pairs_cut,
    hls::burst_maxi<ap_uint<64> > results) {
#pragma HLS interface mode=s_axilite port=n_tokens
#pragma HLS interface mode=axis port=pairs_cut
#pragma HLS interface mode=m_axi port=results offset=slave bundle=gmem_results depth=3840 max_write_burst_length=16 num_write_outstanding=16
#pragma HLS interface mode=s_axilite port=results
#pragma HLS interface mode=s_axilite port=return
#pragma HLS dataflow
  hls::stream<ap_uint<64>, 16> answers("answers");
  LMC_TASK(work, n_tokens, pairs_cut, answers);
  LMC_TASK(store, n_tokens, answers, results);
  LMC_JOIN();
}
