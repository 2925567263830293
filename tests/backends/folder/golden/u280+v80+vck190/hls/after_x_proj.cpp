// Kernel after_x_proj.
#include "decode_step.h"

// ssm.split(dbc: 10 x fixed<16, 10>) -> dt: 2 x fixed<16, 10>, b: 4 x fixed<16, 10>, c: 4 x fixed<16, 10>
//   from mamba1.py:39
//   reads dbc: 5 words of 2 x fixed<16, 10> for each layer
//   writes dt_2: 1 word of 2 x fixed<16, 10> for each layer
//   writes b: 2 words of 2 x fixed<16, 10> for each layer
//   writes c: 2 words of 2 x fixed<16, 10> for each layer
static void split_2(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& dbc,
    hls::stream<ap_uint<32>>& dt_2,
    hls::stream<ap_uint<32>>& b,
    hls::stream<ap_uint<32>>& c) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
split_2_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  split_2_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
      dt_2.write(dbc.read());
    split_2_word_2:
      for (int word = 0; word < 2; word++) {
#pragma HLS pipeline II = 1 style = flp
        b.write(dbc.read());
      }
    split_2_word_3:
      for (int word_2 = 0; word_2 < 2; word_2++) {
#pragma HLS pipeline II = 1 style = flp
        c.write(dbc.read());
      }
    }
  }
}

// ssm.quantize(dt: 2 x fixed<16, 10>) -> dt_q: 2 x bfp<8, 2, 10>
//   from mamba1.py:39
//   reads dt_2: 1 word of 2 x fixed<16, 10> for each layer
//   writes dt_q_tiles: 1 word of 32 x bfp<8, 2, 10> for each layer
static void quantize_3(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& dt_2,
    hls::stream<ap_uint<320>>& dt_q_tiles) {
#pragma HLS inline off
  ap_int<16> lanes[32];
#pragma HLS array_partition variable = lanes type = complete dim = 0
  const int n_tokens_2 = int(n_tokens);
  ap_uint<16> top[2];
#pragma HLS array_partition variable = top type = complete dim = 0
  ap_uint<16> top_2;
  ap_uint<16> top_3[2];
#pragma HLS array_partition variable = top_3 type = complete dim = 0
  ap_uint<16> top_4;
  ap_uint<16> top_5[2];
#pragma HLS array_partition variable = top_5 type = complete dim = 0
  ap_uint<16> top_6;
  ap_uint<16> top_7[2];
#pragma HLS array_partition variable = top_7 type = complete dim = 0
  ap_uint<16> top_8;
  ap_uint<16> top_9[2];
#pragma HLS array_partition variable = top_9 type = complete dim = 0
  ap_uint<16> top_10;
  ap_uint<16> top_11[2];
#pragma HLS array_partition variable = top_11 type = complete dim = 0
  ap_uint<16> top_12;
  ap_uint<16> top_13[2];
#pragma HLS array_partition variable = top_13 type = complete dim = 0
  ap_uint<16> top_14;
  ap_uint<16> top_15[2];
#pragma HLS array_partition variable = top_15 type = complete dim = 0
  ap_uint<16> top_16;
  ap_uint<16> top_17[2];
#pragma HLS array_partition variable = top_17 type = complete dim = 0
  ap_uint<16> top_18;
  ap_uint<16> top_19[2];
#pragma HLS array_partition variable = top_19 type = complete dim = 0
  ap_uint<16> top_20;
  ap_uint<16> top_21[2];
#pragma HLS array_partition variable = top_21 type = complete dim = 0
  ap_uint<16> top_22;
  ap_uint<16> top_23[2];
#pragma HLS array_partition variable = top_23 type = complete dim = 0
  ap_uint<16> top_24;
  ap_uint<16> top_25[2];
#pragma HLS array_partition variable = top_25 type = complete dim = 0
  ap_uint<16> top_26;
  ap_uint<16> top_27[2];
#pragma HLS array_partition variable = top_27 type = complete dim = 0
  ap_uint<16> top_28;
  ap_uint<16> top_29[2];
#pragma HLS array_partition variable = top_29 type = complete dim = 0
  ap_uint<16> top_30;
  ap_uint<16> top_31[2];
#pragma HLS array_partition variable = top_31 type = complete dim = 0
  ap_uint<16> top_32;
quantize_3_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  quantize_3_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    quantize_3_slot:
      for (int slot = 0; slot < 16; slot++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten off
        ap_uint<32> dt_2_word;
        if (slot < 1) {
          dt_2_word = dt_2.read();
        } else {
          dt_2_word = 0;
        }
      quantize_3_lane:
        for (int lane = 0; lane < 2; lane++) {
#pragma HLS unroll
          lanes[slot * 2 + lane] = ap_int<16>(dt_2_word.range(lane * 16 + 15, lane * 16));
        }
        if (slot == 15) {
        quantize_3_top:
          for (int top_33 = 0; top_33 < 2; top_33++) {
#pragma HLS unroll
            const ap_int<16> lanes_element = lanes[top_33];
            const ap_uint<16> magnitude = lanes_element < 0 ? ap_uint<16>(-lanes_element) : ap_uint<16>(lanes_element);
            top[top_33] = magnitude;
          }
          const ap_uint<16> top_element = top[0];
          const ap_uint<16> top_element_2 = top[1];
          top_2 = top_element > top_element_2 ? top_element : top_element_2;
          const ap_uint<16> top_2_now = top_2;
          const ap_int<6> difference = ap_uint<5>(lmc::bit_length(top_2_now)) - 7;
          const ap_uint<5> largest = difference > 0 ? ap_uint<5>(difference) : ap_uint<5>(0);
          const ap_uint<4> exponent = largest < 15 ? ap_uint<4>(largest) : ap_uint<4>(15);
          ap_uint<320> word = 0;
        quantize_3_round:
          for (int round = 0; round < 2; round++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_2 = lanes[round];
            const ap_int<8> rounded = lmc::round_shift_saturate<8>(lanes_element_2, unsigned(exponent));
            word.range(round * 8 + 7, round * 8) = rounded;
          }
          ap_uint<320> word_2 = word;
          word_2.range(259, 256) = exponent;
        quantize_3_top_3:
          for (int top_34 = 0; top_34 < 2; top_34++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_3 = lanes[top_34 + 2];
            const ap_uint<16> magnitude_2 = lanes_element_3 < 0 ? ap_uint<16>(-lanes_element_3) : ap_uint<16>(lanes_element_3);
            top_3[top_34] = magnitude_2;
          }
          const ap_uint<16> top_3_element = top_3[0];
          const ap_uint<16> top_3_element_2 = top_3[1];
          const ap_uint<16> largest_2 = top_3_element > top_3_element_2 ? top_3_element : top_3_element_2;
          top_4 = largest_2;
          const ap_uint<16> top_4_now = top_4;
          const ap_int<6> difference_2 = ap_uint<5>(lmc::bit_length(top_4_now)) - 7;
          const ap_uint<5> largest_3 = difference_2 > 0 ? ap_uint<5>(difference_2) : ap_uint<5>(0);
          const ap_uint<4> exponent_2 = largest_3 < 15 ? ap_uint<4>(largest_3) : ap_uint<4>(15);
          ap_uint<320> word_3 = word_2;
        quantize_3_round_2:
          for (int round_2 = 0; round_2 < 2; round_2++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_4 = lanes[round_2 + 2];
            const ap_int<8> rounded_2 = lmc::round_shift_saturate<8>(lanes_element_4, unsigned(exponent_2));
            const int first_bit = (round_2 + 2) * 8;
            word_3.range(first_bit + 7, first_bit) = rounded_2;
          }
          ap_uint<320> word_4 = word_3;
          word_4.range(263, 260) = exponent_2;
        quantize_3_top_5:
          for (int top_35 = 0; top_35 < 2; top_35++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_5 = lanes[top_35 + 4];
            const ap_uint<16> magnitude_3 = lanes_element_5 < 0 ? ap_uint<16>(-lanes_element_5) : ap_uint<16>(lanes_element_5);
            top_5[top_35] = magnitude_3;
          }
          const ap_uint<16> top_5_element = top_5[0];
          const ap_uint<16> top_5_element_2 = top_5[1];
          const ap_uint<16> largest_4 = top_5_element > top_5_element_2 ? top_5_element : top_5_element_2;
          top_6 = largest_4;
          const ap_uint<16> top_6_now = top_6;
          const ap_int<6> difference_3 = ap_uint<5>(lmc::bit_length(top_6_now)) - 7;
          const ap_uint<5> largest_5 = difference_3 > 0 ? ap_uint<5>(difference_3) : ap_uint<5>(0);
          const ap_uint<4> exponent_3 = largest_5 < 15 ? ap_uint<4>(largest_5) : ap_uint<4>(15);
          ap_uint<320> word_5 = word_4;
        quantize_3_round_3:
          for (int round_3 = 0; round_3 < 2; round_3++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_6 = lanes[round_3 + 4];
            const ap_int<8> rounded_3 = lmc::round_shift_saturate<8>(lanes_element_6, unsigned(exponent_3));
            const int first_bit_2 = (round_3 + 4) * 8;
            word_5.range(first_bit_2 + 7, first_bit_2) = rounded_3;
          }
          ap_uint<320> word_6 = word_5;
          word_6.range(267, 264) = exponent_3;
        quantize_3_top_7:
          for (int top_36 = 0; top_36 < 2; top_36++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_7 = lanes[top_36 + 6];
            const ap_uint<16> magnitude_4 = lanes_element_7 < 0 ? ap_uint<16>(-lanes_element_7) : ap_uint<16>(lanes_element_7);
            top_7[top_36] = magnitude_4;
          }
          const ap_uint<16> top_7_element = top_7[0];
          const ap_uint<16> top_7_element_2 = top_7[1];
          const ap_uint<16> largest_6 = top_7_element > top_7_element_2 ? top_7_element : top_7_element_2;
          top_8 = largest_6;
          const ap_uint<16> top_8_now = top_8;
          const ap_int<6> difference_4 = ap_uint<5>(lmc::bit_length(top_8_now)) - 7;
          const ap_uint<5> largest_7 = difference_4 > 0 ? ap_uint<5>(difference_4) : ap_uint<5>(0);
          const ap_uint<4> exponent_4 = largest_7 < 15 ? ap_uint<4>(largest_7) : ap_uint<4>(15);
          ap_uint<320> word_7 = word_6;
        quantize_3_round_4:
          for (int round_4 = 0; round_4 < 2; round_4++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_8 = lanes[round_4 + 6];
            const ap_int<8> rounded_4 = lmc::round_shift_saturate<8>(lanes_element_8, unsigned(exponent_4));
            const int first_bit_3 = (round_4 + 6) * 8;
            word_7.range(first_bit_3 + 7, first_bit_3) = rounded_4;
          }
          ap_uint<320> word_8 = word_7;
          word_8.range(271, 268) = exponent_4;
        quantize_3_top_9:
          for (int top_37 = 0; top_37 < 2; top_37++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_9 = lanes[top_37 + 8];
            const ap_uint<16> magnitude_5 = lanes_element_9 < 0 ? ap_uint<16>(-lanes_element_9) : ap_uint<16>(lanes_element_9);
            top_9[top_37] = magnitude_5;
          }
          const ap_uint<16> top_9_element = top_9[0];
          const ap_uint<16> top_9_element_2 = top_9[1];
          const ap_uint<16> largest_8 = top_9_element > top_9_element_2 ? top_9_element : top_9_element_2;
          top_10 = largest_8;
          const ap_uint<16> top_10_now = top_10;
          const ap_int<6> difference_5 = ap_uint<5>(lmc::bit_length(top_10_now)) - 7;
          const ap_uint<5> largest_9 = difference_5 > 0 ? ap_uint<5>(difference_5) : ap_uint<5>(0);
          const ap_uint<4> exponent_5 = largest_9 < 15 ? ap_uint<4>(largest_9) : ap_uint<4>(15);
          ap_uint<320> word_9 = word_8;
        quantize_3_round_5:
          for (int round_5 = 0; round_5 < 2; round_5++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_10 = lanes[round_5 + 8];
            const ap_int<8> rounded_5 = lmc::round_shift_saturate<8>(lanes_element_10, unsigned(exponent_5));
            const int first_bit_4 = (round_5 + 8) * 8;
            word_9.range(first_bit_4 + 7, first_bit_4) = rounded_5;
          }
          ap_uint<320> word_10 = word_9;
          word_10.range(275, 272) = exponent_5;
        quantize_3_top_11:
          for (int top_38 = 0; top_38 < 2; top_38++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_11 = lanes[top_38 + 10];
            const ap_uint<16> magnitude_6 = lanes_element_11 < 0 ? ap_uint<16>(-lanes_element_11) : ap_uint<16>(lanes_element_11);
            top_11[top_38] = magnitude_6;
          }
          const ap_uint<16> top_11_element = top_11[0];
          const ap_uint<16> top_11_element_2 = top_11[1];
          const ap_uint<16> largest_10 = top_11_element > top_11_element_2 ? top_11_element : top_11_element_2;
          top_12 = largest_10;
          const ap_uint<16> top_12_now = top_12;
          const ap_int<6> difference_6 = ap_uint<5>(lmc::bit_length(top_12_now)) - 7;
          const ap_uint<5> largest_11 = difference_6 > 0 ? ap_uint<5>(difference_6) : ap_uint<5>(0);
          const ap_uint<4> exponent_6 = largest_11 < 15 ? ap_uint<4>(largest_11) : ap_uint<4>(15);
          ap_uint<320> word_11 = word_10;
        quantize_3_round_6:
          for (int round_6 = 0; round_6 < 2; round_6++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_12 = lanes[round_6 + 10];
            const ap_int<8> rounded_6 = lmc::round_shift_saturate<8>(lanes_element_12, unsigned(exponent_6));
            const int first_bit_5 = (round_6 + 10) * 8;
            word_11.range(first_bit_5 + 7, first_bit_5) = rounded_6;
          }
          ap_uint<320> word_12 = word_11;
          word_12.range(279, 276) = exponent_6;
        quantize_3_top_13:
          for (int top_39 = 0; top_39 < 2; top_39++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_13 = lanes[top_39 + 12];
            const ap_uint<16> magnitude_7 = lanes_element_13 < 0 ? ap_uint<16>(-lanes_element_13) : ap_uint<16>(lanes_element_13);
            top_13[top_39] = magnitude_7;
          }
          const ap_uint<16> top_13_element = top_13[0];
          const ap_uint<16> top_13_element_2 = top_13[1];
          const ap_uint<16> largest_12 = top_13_element > top_13_element_2 ? top_13_element : top_13_element_2;
          top_14 = largest_12;
          const ap_uint<16> top_14_now = top_14;
          const ap_int<6> difference_7 = ap_uint<5>(lmc::bit_length(top_14_now)) - 7;
          const ap_uint<5> largest_13 = difference_7 > 0 ? ap_uint<5>(difference_7) : ap_uint<5>(0);
          const ap_uint<4> exponent_7 = largest_13 < 15 ? ap_uint<4>(largest_13) : ap_uint<4>(15);
          ap_uint<320> word_13 = word_12;
        quantize_3_round_7:
          for (int round_7 = 0; round_7 < 2; round_7++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_14 = lanes[round_7 + 12];
            const ap_int<8> rounded_7 = lmc::round_shift_saturate<8>(lanes_element_14, unsigned(exponent_7));
            const int first_bit_6 = (round_7 + 12) * 8;
            word_13.range(first_bit_6 + 7, first_bit_6) = rounded_7;
          }
          ap_uint<320> word_14 = word_13;
          word_14.range(283, 280) = exponent_7;
        quantize_3_top_15:
          for (int top_40 = 0; top_40 < 2; top_40++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_15 = lanes[top_40 + 14];
            const ap_uint<16> magnitude_8 = lanes_element_15 < 0 ? ap_uint<16>(-lanes_element_15) : ap_uint<16>(lanes_element_15);
            top_15[top_40] = magnitude_8;
          }
          const ap_uint<16> top_15_element = top_15[0];
          const ap_uint<16> top_15_element_2 = top_15[1];
          const ap_uint<16> largest_14 = top_15_element > top_15_element_2 ? top_15_element : top_15_element_2;
          top_16 = largest_14;
          const ap_uint<16> top_16_now = top_16;
          const ap_int<6> difference_8 = ap_uint<5>(lmc::bit_length(top_16_now)) - 7;
          const ap_uint<5> largest_15 = difference_8 > 0 ? ap_uint<5>(difference_8) : ap_uint<5>(0);
          const ap_uint<4> exponent_8 = largest_15 < 15 ? ap_uint<4>(largest_15) : ap_uint<4>(15);
          ap_uint<320> word_15 = word_14;
        quantize_3_round_8:
          for (int round_8 = 0; round_8 < 2; round_8++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_16 = lanes[round_8 + 14];
            const ap_int<8> rounded_8 = lmc::round_shift_saturate<8>(lanes_element_16, unsigned(exponent_8));
            const int first_bit_7 = (round_8 + 14) * 8;
            word_15.range(first_bit_7 + 7, first_bit_7) = rounded_8;
          }
          ap_uint<320> word_16 = word_15;
          word_16.range(287, 284) = exponent_8;
        quantize_3_top_17:
          for (int top_41 = 0; top_41 < 2; top_41++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_17 = lanes[top_41 + 16];
            const ap_uint<16> magnitude_9 = lanes_element_17 < 0 ? ap_uint<16>(-lanes_element_17) : ap_uint<16>(lanes_element_17);
            top_17[top_41] = magnitude_9;
          }
          const ap_uint<16> top_17_element = top_17[0];
          const ap_uint<16> top_17_element_2 = top_17[1];
          const ap_uint<16> largest_16 = top_17_element > top_17_element_2 ? top_17_element : top_17_element_2;
          top_18 = largest_16;
          const ap_uint<16> top_18_now = top_18;
          const ap_int<6> difference_9 = ap_uint<5>(lmc::bit_length(top_18_now)) - 7;
          const ap_uint<5> largest_17 = difference_9 > 0 ? ap_uint<5>(difference_9) : ap_uint<5>(0);
          const ap_uint<4> exponent_9 = largest_17 < 15 ? ap_uint<4>(largest_17) : ap_uint<4>(15);
          ap_uint<320> word_17 = word_16;
        quantize_3_round_9:
          for (int round_9 = 0; round_9 < 2; round_9++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_18 = lanes[round_9 + 16];
            const ap_int<8> rounded_9 = lmc::round_shift_saturate<8>(lanes_element_18, unsigned(exponent_9));
            const int first_bit_8 = (round_9 + 16) * 8;
            word_17.range(first_bit_8 + 7, first_bit_8) = rounded_9;
          }
          ap_uint<320> word_18 = word_17;
          word_18.range(291, 288) = exponent_9;
        quantize_3_top_19:
          for (int top_42 = 0; top_42 < 2; top_42++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_19 = lanes[top_42 + 18];
            const ap_uint<16> magnitude_10 = lanes_element_19 < 0 ? ap_uint<16>(-lanes_element_19) : ap_uint<16>(lanes_element_19);
            top_19[top_42] = magnitude_10;
          }
          const ap_uint<16> top_19_element = top_19[0];
          const ap_uint<16> top_19_element_2 = top_19[1];
          const ap_uint<16> largest_18 = top_19_element > top_19_element_2 ? top_19_element : top_19_element_2;
          top_20 = largest_18;
          const ap_uint<16> top_20_now = top_20;
          const ap_int<6> difference_10 = ap_uint<5>(lmc::bit_length(top_20_now)) - 7;
          const ap_uint<5> largest_19 = difference_10 > 0 ? ap_uint<5>(difference_10) : ap_uint<5>(0);
          const ap_uint<4> exponent_10 = largest_19 < 15 ? ap_uint<4>(largest_19) : ap_uint<4>(15);
          ap_uint<320> word_19 = word_18;
        quantize_3_round_10:
          for (int round_10 = 0; round_10 < 2; round_10++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_20 = lanes[round_10 + 18];
            const ap_int<8> rounded_10 = lmc::round_shift_saturate<8>(lanes_element_20, unsigned(exponent_10));
            const int first_bit_9 = (round_10 + 18) * 8;
            word_19.range(first_bit_9 + 7, first_bit_9) = rounded_10;
          }
          ap_uint<320> word_20 = word_19;
          word_20.range(295, 292) = exponent_10;
        quantize_3_top_21:
          for (int top_43 = 0; top_43 < 2; top_43++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_21 = lanes[top_43 + 20];
            const ap_uint<16> magnitude_11 = lanes_element_21 < 0 ? ap_uint<16>(-lanes_element_21) : ap_uint<16>(lanes_element_21);
            top_21[top_43] = magnitude_11;
          }
          const ap_uint<16> top_21_element = top_21[0];
          const ap_uint<16> top_21_element_2 = top_21[1];
          const ap_uint<16> largest_20 = top_21_element > top_21_element_2 ? top_21_element : top_21_element_2;
          top_22 = largest_20;
          const ap_uint<16> top_22_now = top_22;
          const ap_int<6> difference_11 = ap_uint<5>(lmc::bit_length(top_22_now)) - 7;
          const ap_uint<5> largest_21 = difference_11 > 0 ? ap_uint<5>(difference_11) : ap_uint<5>(0);
          const ap_uint<4> exponent_11 = largest_21 < 15 ? ap_uint<4>(largest_21) : ap_uint<4>(15);
          ap_uint<320> word_21 = word_20;
        quantize_3_round_11:
          for (int round_11 = 0; round_11 < 2; round_11++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_22 = lanes[round_11 + 20];
            const ap_int<8> rounded_11 = lmc::round_shift_saturate<8>(lanes_element_22, unsigned(exponent_11));
            const int first_bit_10 = (round_11 + 20) * 8;
            word_21.range(first_bit_10 + 7, first_bit_10) = rounded_11;
          }
          ap_uint<320> word_22 = word_21;
          word_22.range(299, 296) = exponent_11;
        quantize_3_top_23:
          for (int top_44 = 0; top_44 < 2; top_44++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_23 = lanes[top_44 + 22];
            const ap_uint<16> magnitude_12 = lanes_element_23 < 0 ? ap_uint<16>(-lanes_element_23) : ap_uint<16>(lanes_element_23);
            top_23[top_44] = magnitude_12;
          }
          const ap_uint<16> top_23_element = top_23[0];
          const ap_uint<16> top_23_element_2 = top_23[1];
          const ap_uint<16> largest_22 = top_23_element > top_23_element_2 ? top_23_element : top_23_element_2;
          top_24 = largest_22;
          const ap_uint<16> top_24_now = top_24;
          const ap_int<6> difference_12 = ap_uint<5>(lmc::bit_length(top_24_now)) - 7;
          const ap_uint<5> largest_23 = difference_12 > 0 ? ap_uint<5>(difference_12) : ap_uint<5>(0);
          const ap_uint<4> exponent_12 = largest_23 < 15 ? ap_uint<4>(largest_23) : ap_uint<4>(15);
          ap_uint<320> word_23 = word_22;
        quantize_3_round_12:
          for (int round_12 = 0; round_12 < 2; round_12++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_24 = lanes[round_12 + 22];
            const ap_int<8> rounded_12 = lmc::round_shift_saturate<8>(lanes_element_24, unsigned(exponent_12));
            const int first_bit_11 = (round_12 + 22) * 8;
            word_23.range(first_bit_11 + 7, first_bit_11) = rounded_12;
          }
          ap_uint<320> word_24 = word_23;
          word_24.range(303, 300) = exponent_12;
        quantize_3_top_25:
          for (int top_45 = 0; top_45 < 2; top_45++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_25 = lanes[top_45 + 24];
            const ap_uint<16> magnitude_13 = lanes_element_25 < 0 ? ap_uint<16>(-lanes_element_25) : ap_uint<16>(lanes_element_25);
            top_25[top_45] = magnitude_13;
          }
          const ap_uint<16> top_25_element = top_25[0];
          const ap_uint<16> top_25_element_2 = top_25[1];
          const ap_uint<16> largest_24 = top_25_element > top_25_element_2 ? top_25_element : top_25_element_2;
          top_26 = largest_24;
          const ap_uint<16> top_26_now = top_26;
          const ap_int<6> difference_13 = ap_uint<5>(lmc::bit_length(top_26_now)) - 7;
          const ap_uint<5> largest_25 = difference_13 > 0 ? ap_uint<5>(difference_13) : ap_uint<5>(0);
          const ap_uint<4> exponent_13 = largest_25 < 15 ? ap_uint<4>(largest_25) : ap_uint<4>(15);
          ap_uint<320> word_25 = word_24;
        quantize_3_round_13:
          for (int round_13 = 0; round_13 < 2; round_13++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_26 = lanes[round_13 + 24];
            const ap_int<8> rounded_13 = lmc::round_shift_saturate<8>(lanes_element_26, unsigned(exponent_13));
            const int first_bit_12 = (round_13 + 24) * 8;
            word_25.range(first_bit_12 + 7, first_bit_12) = rounded_13;
          }
          ap_uint<320> word_26 = word_25;
          word_26.range(307, 304) = exponent_13;
        quantize_3_top_27:
          for (int top_46 = 0; top_46 < 2; top_46++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_27 = lanes[top_46 + 26];
            const ap_uint<16> magnitude_14 = lanes_element_27 < 0 ? ap_uint<16>(-lanes_element_27) : ap_uint<16>(lanes_element_27);
            top_27[top_46] = magnitude_14;
          }
          const ap_uint<16> top_27_element = top_27[0];
          const ap_uint<16> top_27_element_2 = top_27[1];
          const ap_uint<16> largest_26 = top_27_element > top_27_element_2 ? top_27_element : top_27_element_2;
          top_28 = largest_26;
          const ap_uint<16> top_28_now = top_28;
          const ap_int<6> difference_14 = ap_uint<5>(lmc::bit_length(top_28_now)) - 7;
          const ap_uint<5> largest_27 = difference_14 > 0 ? ap_uint<5>(difference_14) : ap_uint<5>(0);
          const ap_uint<4> exponent_14 = largest_27 < 15 ? ap_uint<4>(largest_27) : ap_uint<4>(15);
          ap_uint<320> word_27 = word_26;
        quantize_3_round_14:
          for (int round_14 = 0; round_14 < 2; round_14++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_28 = lanes[round_14 + 26];
            const ap_int<8> rounded_14 = lmc::round_shift_saturate<8>(lanes_element_28, unsigned(exponent_14));
            const int first_bit_13 = (round_14 + 26) * 8;
            word_27.range(first_bit_13 + 7, first_bit_13) = rounded_14;
          }
          ap_uint<320> word_28 = word_27;
          word_28.range(311, 308) = exponent_14;
        quantize_3_top_29:
          for (int top_47 = 0; top_47 < 2; top_47++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_29 = lanes[top_47 + 28];
            const ap_uint<16> magnitude_15 = lanes_element_29 < 0 ? ap_uint<16>(-lanes_element_29) : ap_uint<16>(lanes_element_29);
            top_29[top_47] = magnitude_15;
          }
          const ap_uint<16> top_29_element = top_29[0];
          const ap_uint<16> top_29_element_2 = top_29[1];
          const ap_uint<16> largest_28 = top_29_element > top_29_element_2 ? top_29_element : top_29_element_2;
          top_30 = largest_28;
          const ap_uint<16> top_30_now = top_30;
          const ap_int<6> difference_15 = ap_uint<5>(lmc::bit_length(top_30_now)) - 7;
          const ap_uint<5> largest_29 = difference_15 > 0 ? ap_uint<5>(difference_15) : ap_uint<5>(0);
          const ap_uint<4> exponent_15 = largest_29 < 15 ? ap_uint<4>(largest_29) : ap_uint<4>(15);
          ap_uint<320> word_29 = word_28;
        quantize_3_round_15:
          for (int round_15 = 0; round_15 < 2; round_15++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_30 = lanes[round_15 + 28];
            const ap_int<8> rounded_15 = lmc::round_shift_saturate<8>(lanes_element_30, unsigned(exponent_15));
            const int first_bit_14 = (round_15 + 28) * 8;
            word_29.range(first_bit_14 + 7, first_bit_14) = rounded_15;
          }
          ap_uint<320> word_30 = word_29;
          word_30.range(315, 312) = exponent_15;
        quantize_3_top_31:
          for (int top_48 = 0; top_48 < 2; top_48++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_31 = lanes[top_48 + 30];
            const ap_uint<16> magnitude_16 = lanes_element_31 < 0 ? ap_uint<16>(-lanes_element_31) : ap_uint<16>(lanes_element_31);
            top_31[top_48] = magnitude_16;
          }
          const ap_uint<16> top_31_element = top_31[0];
          const ap_uint<16> top_31_element_2 = top_31[1];
          const ap_uint<16> largest_30 = top_31_element > top_31_element_2 ? top_31_element : top_31_element_2;
          top_32 = largest_30;
          const ap_uint<16> top_32_now = top_32;
          const ap_int<6> difference_16 = ap_uint<5>(lmc::bit_length(top_32_now)) - 7;
          const ap_uint<5> largest_31 = difference_16 > 0 ? ap_uint<5>(difference_16) : ap_uint<5>(0);
          const ap_uint<4> exponent_16 = largest_31 < 15 ? ap_uint<4>(largest_31) : ap_uint<4>(15);
          ap_uint<320> dt_q_tiles_word = word_30;
        quantize_3_round_16:
          for (int round_16 = 0; round_16 < 2; round_16++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_32 = lanes[round_16 + 30];
            const ap_int<8> rounded_16 = lmc::round_shift_saturate<8>(lanes_element_32, unsigned(exponent_16));
            const int first_bit_15 = (round_16 + 30) * 8;
            dt_q_tiles_word.range(first_bit_15 + 7, first_bit_15) = rounded_16;
          }
          ap_uint<320> dt_q_tiles_word_2 = dt_q_tiles_word;
          dt_q_tiles_word_2.range(319, 316) = exponent_16;
          dt_q_tiles.write(dt_q_tiles_word_2);
        }
      }
    }
  }
}

extern "C" void after_x_proj(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& dbc,
    hls::stream<ap_uint<32>>& b,
    hls::stream<ap_uint<32>>& c,
    hls::stream<ap_uint<320>>& dt_q_tiles) {
#pragma HLS interface mode = s_axilite port = n_tokens
#pragma HLS interface mode = axis port = dbc
#pragma HLS interface mode = axis port = b
#pragma HLS interface mode = axis port = c
#pragma HLS interface mode = axis port = dt_q_tiles
#pragma HLS interface mode = s_axilite port = return
#pragma HLS dataflow
  hls::stream<ap_uint<32>, 16> dt_2("dt_2");
#pragma HLS bind_storage variable = dt_2 type = fifo impl = srl
  LMC_TASK(split_2, n_tokens, dbc, dt_2, b, c);
  LMC_TASK(quantize_3, n_tokens, dt_2, dt_q_tiles);
  LMC_JOIN();
}
