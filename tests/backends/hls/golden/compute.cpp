// Kernel compute.
#include "every_op.h"

static void work(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& pairs_cut,
    hls::stream<ap_uint<64>>& answers) {
#pragma HLS inline off
  ap_int<40> total;
  ap_int<24> squares[4][8];
#pragma HLS bind_storage variable = squares type = ram_2p impl = bram
#pragma HLS array_partition variable = squares type = cyclic factor = 2 dim = 2
  ap_int<12> lanes[8];
#pragma HLS array_partition variable = lanes type = complete dim = 0
  const int n_tokens_2 = int(n_tokens);
work_t:
  for (int t = 0; t < n_tokens_2; t++) {
#pragma HLS pipeline off
  work_pair:
    for (int pair = 0; pair < 5; pair++) {
#pragma HLS pipeline off
      const ap_uint<32> pair_word = pairs_cut.read();
      const ap_int<20> a = pair_word.range(19, 0);
      const ap_uint<12> b = pair_word.range(31, 20);
    work_lane:
      for (int lane = 0; lane < 8; lane++) {
#pragma HLS pipeline II = 1 style = flp
        lanes[lane] = ap_int<12>(a.range(lane + 11, lane));
      }
      const ap_uint<4> shift = b.range(3, 0);
      const ap_int<24> sum = ap_int<21>(-a) + ap_uint<22>((a < 0 ? ap_uint<20>(-a) : ap_uint<20>(a)) * 3);
      const ap_uint<19> largest = ap_int<20>(a) > ap_int<20>(b) ? ap_uint<19>(a) : ap_uint<19>(b);
      const ap_int<22> sum_2 = (ap_int<20>(a) < ap_int<20>(b) ? a : ap_int<20>(b)) + ap_uint<20>(largest * 2);
      const ap_int<41> sum_3 = ap_int<40>(ap_int<40>(a) << unsigned(shift)) + ap_int<20>(a >> unsigned(shift));
      const ap_int<18> product = lmc::round_shift_saturate<8>(a, unsigned(shift)) * 1000;
      const ap_int<19> sum_4 = product + lmc::round_shift_saturate_unsigned<6>(a, unsigned(shift));
      const ap_int<21> sum_5 = ap_uint<4>(lmc::bit_length(b)) + (ap_int<20>(a) < ap_int<20>(b) ? ap_int<20>(b) : a);
      ap_uint<32> word;
      word.range(11, 0) = b;
      word.range(31, 12) = a;
      const ap_int<2> chosen = (ap_int<20>(a) == ap_int<20>(b) || (!(a >= 5) && b > 9)) ? ap_int<2>(1) : ap_int<2>(-1);
      ap_uint<128> word_2 = 0;
      word_2.range(22, 3) = a;
      const int first_bit = int(ap_uint<4>(lmc::bit_length(b))) + 64;
      word_2.range(first_bit + 11, first_bit) = b;
      if (pair == 0) {
        total = 0;
      } else {
        const ap_int<40> total_now = total;
        total = ap_int<40>(total_now + a);
      }
    work_row:
      for (int row = 0; row < 4; row++) {
      work_column:
        for (int column = 0; column < 8; column++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
          ap_int<24> chosen_2;
          if (row == 2) {
            const ap_int<12> lanes_element = lanes[column];
            chosen_2 = ap_int<24>(lanes_element);
          } else {
            const ap_int<12> lanes_element_2 = lanes[column];
            chosen_2 = ap_int<24>(ap_int<15>(lanes_element_2 * 5));
          }
          squares[row][column] = chosen_2;
        }
      }
      ap_int<24> largest_2 = -8388608;
    work_best:
      for (int best = 0; best < 8; best++) {
#pragma HLS pipeline off
        const ap_int<24> squares_element = squares[2][best];
        largest_2 = largest_2 > squares_element ? largest_2 : squares_element;
      }
      const ap_int<40> total_now_2 = total;
      ap_int<15> total_2 = 0;
    work_add:
      for (int add = 0; add < 8; add++) {
#pragma HLS unroll
        const ap_int<12> lanes_element_3 = lanes[add];
        total_2 = ap_int<15>(total_2 + lanes_element_3);
      }
      const ap_int<24> squares_element_2 = squares[(pair * 3 + 1) % 4][pair / 2];
      ap_uint<64> answers_word;
      answers_word.range(62, 0) = ap_int<63>(ap_int<21>(a + b));
      answers_word.range(63, 63) = ap_uint<1>(0);
      answers.write(answers_word);
      ap_uint<64> answers_word_2;
      answers_word_2.range(62, 0) = ap_int<63>(ap_int<21>(a - b));
      answers_word_2.range(63, 63) = ap_uint<1>(0);
      answers.write(answers_word_2);
      ap_uint<64> answers_word_3;
      answers_word_3.range(62, 0) = ap_int<63>(ap_int<32>(a * b));
      answers_word_3.range(63, 63) = ap_uint<1>(0);
      answers.write(answers_word_3);
      ap_uint<64> answers_word_4;
      answers_word_4.range(62, 0) = ap_int<63>(ap_int<25>(sum - 7));
      answers_word_4.range(63, 63) = ap_uint<1>(0);
      answers.write(answers_word_4);
      ap_uint<64> answers_word_5;
      answers_word_5.range(62, 0) = ap_int<63>(sum_2);
      answers_word_5.range(63, 63) = ap_uint<1>(0);
      answers.write(answers_word_5);
      ap_uint<64> answers_word_6;
      answers_word_6.range(62, 0) = ap_int<63>(sum_3);
      answers_word_6.range(63, 63) = ap_uint<1>(0);
      answers.write(answers_word_6);
      ap_uint<64> answers_word_7;
      answers_word_7.range(62, 0) = ap_int<63>(sum_4);
      answers_word_7.range(63, 63) = ap_uint<1>(0);
      answers.write(answers_word_7);
      ap_uint<64> answers_word_8;
      answers_word_8.range(62, 0) = ap_int<63>(sum_5);
      answers_word_8.range(63, 63) = ap_uint<1>(0);
      answers.write(answers_word_8);
      const ap_int<63> converted = ap_int<29>(ap_int<28>(word.range(31, 4)) + chosen);
      ap_uint<64> answers_word_9;
      answers_word_9.range(62, 0) = converted;
      answers_word_9.range(63, 63) = ap_uint<1>(0);
      answers.write(answers_word_9);
      ap_uint<64> answers_word_10;
      answers_word_10.range(62, 0) = ap_int<63>(ap_int<62>(word_2.range(61, 0)));
      answers_word_10.range(63, 63) = ap_uint<1>(0);
      answers.write(answers_word_10);
      ap_uint<64> answers_word_11;
      answers_word_11.range(62, 0) = ap_int<63>(ap_int<41>(total_now_2 + total_2));
      answers_word_11.range(63, 63) = ap_uint<1>(0);
      answers.write(answers_word_11);
      ap_uint<64> answers_word_12;
      answers_word_12.range(62, 0) = ap_int<63>(ap_int<25>(largest_2 + squares_element_2));
      answers_word_12.range(63, 63) = ap_uint<1>(0);
      answers.write(answers_word_12);
    }
  }
}

static void store(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<64>>& answers,
    hls::burst_maxi<ap_uint<64>> results) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
store_t:
  for (int t = 0; t < n_tokens_2; t++) {
#pragma HLS pipeline off
    results.write_request((long long)(t) * (long long)(60), 60);
  store_burst:
    for (int word = 0; word < 60; word++) {
#pragma HLS pipeline II = 1
      results.write(answers.read());
    }
    results.write_response();
  }
}

extern "C" void compute(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& pairs_cut,
    hls::burst_maxi<ap_uint<64>> results) {
#pragma HLS interface mode = s_axilite port = n_tokens
#pragma HLS interface mode = axis port = pairs_cut
#pragma HLS interface mode = m_axi port = results offset = slave bundle = gmem_results depth = 3840 max_write_burst_length = 16 num_write_outstanding = 16
#pragma HLS interface mode = s_axilite port = results
#pragma HLS interface mode = s_axilite port = return
#pragma HLS dataflow
  hls::stream<ap_uint<64>, 16> answers("answers");
  LMC_TASK(work, n_tokens, pairs_cut, answers);
  LMC_TASK(store, n_tokens, answers, results);
  LMC_JOIN();
}
