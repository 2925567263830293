// Kernel after_out_proj.
#include "decode_step.h"

// ssm.add(hidden: 16 x fixed<24, 6>, out: 16 x fixed<32, 15>) -> hidden: 16 x fixed<24, 6>
//   from language_model.py:30
//   reads hidden_copy: 8 words of 2 x fixed<24, 6> for each layer
//   reads out: 8 words of 2 x fixed<32, 15> for each layer
//   writes hidden_3: 8 words of 2 x fixed<24, 6> for each layer
static void add(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<48>>& hidden_copy,
    hls::stream<ap_uint<64>>& out,
    hls::stream<ap_uint<48>>& hidden_3) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
add_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  add_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    add_word:
      for (int word = 0; word < 8; word++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten off
        const ap_uint<48> hidden_copy_word = hidden_copy.read();
        const ap_uint<64> out_word = out.read();
        ap_uint<48> hidden_3_word = 0;
      add_lane:
        for (int lane = 0; lane < 2; lane++) {
#pragma HLS unroll
          const ap_int<24> hidden_copy_element = hidden_copy_word.range(lane * 24 + 23, lane * 24);
          const ap_int<34> sum = ap_int<33>(ap_int<33>(hidden_copy_element) << 9) + ap_int<32>(out_word.range(lane * 32 + 31, lane * 32));
          const ap_int<24> rounded = lmc::round_shift_saturate<24>(sum, 9);
          hidden_3_word.range(lane * 24 + 23, lane * 24) = rounded;
        }
        hidden_3.write(hidden_3_word);
      }
    }
  }
}

//   reads hidden_3: 8 words of 2 x fixed<24, 6> for each layer
//   writes residual_feedback: 8 words of 2 x fixed<24, 6> for each layer
//   writes hidden_4: 8 words of 2 x fixed<24, 6> for each layer
static void leave_layer(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<48>>& hidden_3,
    hls::stream<ap_uint<48>>& residual_feedback,
    ap_uint<32> n_logits,
    hls::stream<ap_uint<48>>& hidden_4) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
  const int n_logits_2 = int(n_logits);
leave_layer_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  leave_layer_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    leave_layer_word:
      for (int word = 0; word < 8; word++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten off
        const ap_uint<48> hidden_3_element = hidden_3.read();
        const bool is_last_layer = layer == 1;
        if (!is_last_layer) {
          residual_feedback.write(hidden_3_element);
        }
        if (is_last_layer && token + n_logits_2 >= n_tokens_2) {
          hidden_4.write(hidden_3_element);
        }
      }
    }
  }
}

// ssm.rms_norm(hidden: 16 x fixed<24, 6>) -> normed: 16 x fixed<16, 12>
//   from layers.py:22
//   reads hidden_4: 8 words of 2 x fixed<24, 6> for each layer
//   writes normed_2: 8 words of 2 x fixed<16, 12> for each token
static void rms_norm_2(
    hls::stream<ap_uint<32>>& rsqrt_normed_table_2,
    ap_uint<32> n_logits,
    hls::stream<ap_uint<48>>& hidden_4,
    hls::stream<ap_uint<32>>& normed_2) {
#pragma HLS inline off
  ap_uint<32> table[1][4096];
#pragma HLS bind_storage variable = table type = ram_2p impl = bram
#pragma HLS array_partition variable = table type = complete dim = 1
  ap_uint<48> vector[8];
  const int n_logits_2 = int(n_logits);
  ap_int<63> squares;
rms_norm_2_load_table:
  for (int load_table = 0; load_table < 4096; load_table++) {
#pragma HLS pipeline II = 1 style = flp
    const ap_uint<32> rsqrt_normed_table_2_element = rsqrt_normed_table_2.read();
    table[0][load_table] = rsqrt_normed_table_2_element;
  }
rms_norm_2_token:
  for (int token = 0; token < n_logits_2; token++) {
#pragma HLS pipeline off
  rms_norm_2_square:
    for (int square = 0; square < 8; square++) {
#pragma HLS pipeline II = 1 style = flp
      const ap_uint<48> hidden_4_word = hidden_4.read();
      vector[square] = hidden_4_word;
      const ap_int<63> squares_now = squares;
      ap_int<49> total = 0;
    rms_norm_2_lane:
      for (int lane = 0; lane < 2; lane++) {
#pragma HLS unroll
        const ap_int<24> hidden_4_element = hidden_4_word.range(lane * 24 + 23, lane * 24);
        const ap_int<49> sum = total + ap_int<48>(hidden_4_element * hidden_4_element);
        total = sum;
      }
      const ap_int<63> sum_2 = (square == 0 ? ap_int<63>(0) : squares_now) + total;
      squares = sum_2;
    }
    const ap_int<63> squares_now_2 = squares;
    const ap_uint<62> converted = ap_int<63>(squares_now_2 + 1);
    const ap_int<7> difference = ap_uint<6>(lmc::bit_length(converted)) - 12;
    const ap_uint<7> sum_3 = (difference > 0 ? ap_uint<6>(difference) : ap_uint<6>(0)) + 1;
    const ap_uint<5> shift = ap_uint<7>(sum_3 >> 1);
    const ap_uint<62> shifted = converted >> unsigned(ap_uint<6>(ap_uint<6>(shift) << 1));
    const ap_uint<32> table_word = table[0][int(shifted)];
    const ap_uint<16> mantissa = table_word.range(15, 0);
  rms_norm_2_scale:
    for (int scale = 0; scale < 8; scale++) {
#pragma HLS pipeline II = 1 style = flp
      const ap_uint<48> vector_word = vector[scale];
      ap_uint<32> normed_2_word = 0;
    rms_norm_2_lane_2:
      for (int lane_2 = 0; lane_2 < 2; lane_2++) {
#pragma HLS unroll
        const ap_int<40> product = ap_int<24>(vector_word.range(lane_2 * 24 + 23, lane_2 * 24)) * mantissa;
        const ap_int<16> rounded = lmc::round_shift_saturate<16>(product, unsigned(ap_uint<6>(shift + 7)));
        normed_2_word.range(lane_2 * 16 + 15, lane_2 * 16) = rounded;
      }
      normed_2.write(normed_2_word);
    }
  }
}

// ssm.quantize(normed: 16 x fixed<16, 12>) -> normed_q: 16 x bfp<8, 16, 12>
//   from language_model.py:86
//   reads normed_2: 8 words of 2 x fixed<16, 12> for each token
//   writes normed_q_tiles_2: 1 word of 32 x bfp<8, 16, 12> for each token
static void quantize_5(
    ap_uint<32> n_logits,
    hls::stream<ap_uint<32>>& normed_2,
    hls::stream<ap_uint<320>>& normed_q_tiles_2) {
#pragma HLS inline off
  ap_int<16> lanes[32];
#pragma HLS array_partition variable = lanes type = complete dim = 0
  const int n_logits_2 = int(n_logits);
  ap_uint<16> top[16];
#pragma HLS array_partition variable = top type = complete dim = 0
  ap_uint<16> top_2[8];
#pragma HLS array_partition variable = top_2 type = complete dim = 0
  ap_uint<16> top_3[4];
#pragma HLS array_partition variable = top_3 type = complete dim = 0
  ap_uint<16> top_4[2];
#pragma HLS array_partition variable = top_4 type = complete dim = 0
  ap_uint<16> top_5;
  ap_uint<16> top_6[16];
#pragma HLS array_partition variable = top_6 type = complete dim = 0
  ap_uint<16> top_7[8];
#pragma HLS array_partition variable = top_7 type = complete dim = 0
  ap_uint<16> top_8[4];
#pragma HLS array_partition variable = top_8 type = complete dim = 0
  ap_uint<16> top_9[2];
#pragma HLS array_partition variable = top_9 type = complete dim = 0
  ap_uint<16> top_10;
quantize_5_token:
  for (int token = 0; token < n_logits_2; token++) {
#pragma HLS pipeline off
  quantize_5_slot:
    for (int slot = 0; slot < 2; slot++) {
#pragma HLS loop_flatten off
    quantize_5_word:
      for (int word = 0; word < 8; word++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
        ap_uint<32> normed_2_word;
        if (slot < 1) {
          normed_2_word = normed_2.read();
        } else {
          normed_2_word = 0;
        }
      quantize_5_lane:
        for (int lane = 0; lane < 2; lane++) {
#pragma HLS unroll
          lanes[slot * 16 + word * 2 + lane] = ap_int<16>(normed_2_word.range(lane * 16 + 15, lane * 16));
        }
        if (slot == 1 && word == 7) {
        quantize_5_top:
          for (int top_11 = 0; top_11 < 16; top_11++) {
#pragma HLS unroll
            const ap_int<16> lanes_element = lanes[top_11];
            const ap_uint<16> magnitude = lanes_element < 0 ? ap_uint<16>(-lanes_element) : ap_uint<16>(lanes_element);
            top[top_11] = magnitude;
          }
        quantize_5_top_2:
          for (int top_12 = 0; top_12 < 8; top_12++) {
#pragma HLS unroll
            const ap_uint<16> top_element = top[top_12 * 2];
            const ap_uint<16> top_element_2 = top[top_12 * 2 + 1];
            top_2[top_12] = top_element > top_element_2 ? top_element : top_element_2;
          }
        quantize_5_top_3:
          for (int top_13 = 0; top_13 < 4; top_13++) {
#pragma HLS unroll
            const ap_uint<16> top_2_element = top_2[top_13 * 2];
            const ap_uint<16> top_2_element_2 = top_2[top_13 * 2 + 1];
            const ap_uint<16> largest = top_2_element > top_2_element_2 ? top_2_element : top_2_element_2;
            top_3[top_13] = largest;
          }
        quantize_5_top_4:
          for (int top_14 = 0; top_14 < 2; top_14++) {
#pragma HLS unroll
            const ap_uint<16> top_3_element = top_3[top_14 * 2];
            const ap_uint<16> top_3_element_2 = top_3[top_14 * 2 + 1];
            const ap_uint<16> largest_2 = top_3_element > top_3_element_2 ? top_3_element : top_3_element_2;
            top_4[top_14] = largest_2;
          }
          const ap_uint<16> top_4_element = top_4[0];
          const ap_uint<16> top_4_element_2 = top_4[1];
          const ap_uint<16> largest_3 = top_4_element > top_4_element_2 ? top_4_element : top_4_element_2;
          top_5 = largest_3;
          const ap_uint<16> top_5_now = top_5;
          const ap_int<6> difference = ap_uint<5>(lmc::bit_length(top_5_now)) - 7;
          const ap_uint<5> largest_4 = difference > 0 ? ap_uint<5>(difference) : ap_uint<5>(0);
          const ap_uint<4> exponent = largest_4 < 15 ? ap_uint<4>(largest_4) : ap_uint<4>(15);
          ap_uint<320> word_2 = 0;
        quantize_5_round:
          for (int round = 0; round < 16; round++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_2 = lanes[round];
            const ap_int<8> rounded = lmc::round_shift_saturate<8>(lanes_element_2, unsigned(exponent));
            word_2.range(round * 8 + 7, round * 8) = rounded;
          }
          ap_uint<320> word_3 = word_2;
          word_3.range(259, 256) = exponent;
          word_3.range(263, 260) = exponent;
          word_3.range(267, 264) = exponent;
          word_3.range(271, 268) = exponent;
          word_3.range(275, 272) = exponent;
          word_3.range(279, 276) = exponent;
          word_3.range(283, 280) = exponent;
          word_3.range(287, 284) = exponent;
        quantize_5_top_6:
          for (int top_15 = 0; top_15 < 16; top_15++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_3 = lanes[top_15 + 16];
            const ap_uint<16> magnitude_2 = lanes_element_3 < 0 ? ap_uint<16>(-lanes_element_3) : ap_uint<16>(lanes_element_3);
            top_6[top_15] = magnitude_2;
          }
        quantize_5_top_7:
          for (int top_16 = 0; top_16 < 8; top_16++) {
#pragma HLS unroll
            const ap_uint<16> top_6_element = top_6[top_16 * 2];
            const ap_uint<16> top_6_element_2 = top_6[top_16 * 2 + 1];
            const ap_uint<16> largest_5 = top_6_element > top_6_element_2 ? top_6_element : top_6_element_2;
            top_7[top_16] = largest_5;
          }
        quantize_5_top_8:
          for (int top_17 = 0; top_17 < 4; top_17++) {
#pragma HLS unroll
            const ap_uint<16> top_7_element = top_7[top_17 * 2];
            const ap_uint<16> top_7_element_2 = top_7[top_17 * 2 + 1];
            const ap_uint<16> largest_6 = top_7_element > top_7_element_2 ? top_7_element : top_7_element_2;
            top_8[top_17] = largest_6;
          }
        quantize_5_top_9:
          for (int top_18 = 0; top_18 < 2; top_18++) {
#pragma HLS unroll
            const ap_uint<16> top_8_element = top_8[top_18 * 2];
            const ap_uint<16> top_8_element_2 = top_8[top_18 * 2 + 1];
            const ap_uint<16> largest_7 = top_8_element > top_8_element_2 ? top_8_element : top_8_element_2;
            top_9[top_18] = largest_7;
          }
          const ap_uint<16> top_9_element = top_9[0];
          const ap_uint<16> top_9_element_2 = top_9[1];
          const ap_uint<16> largest_8 = top_9_element > top_9_element_2 ? top_9_element : top_9_element_2;
          top_10 = largest_8;
          const ap_uint<16> top_10_now = top_10;
          const ap_int<6> difference_2 = ap_uint<5>(lmc::bit_length(top_10_now)) - 7;
          const ap_uint<5> largest_9 = difference_2 > 0 ? ap_uint<5>(difference_2) : ap_uint<5>(0);
          const ap_uint<4> exponent_2 = largest_9 < 15 ? ap_uint<4>(largest_9) : ap_uint<4>(15);
          ap_uint<320> word_4 = word_3;
        quantize_5_round_2:
          for (int round_2 = 0; round_2 < 16; round_2++) {
#pragma HLS unroll
            const ap_int<16> lanes_element_4 = lanes[round_2 + 16];
            const ap_int<8> rounded_2 = lmc::round_shift_saturate<8>(lanes_element_4, unsigned(exponent_2));
            const int first_bit = (round_2 + 16) * 8;
            word_4.range(first_bit + 7, first_bit) = rounded_2;
          }
          ap_uint<320> word_5 = word_4;
          word_5.range(291, 288) = exponent_2;
          word_5.range(295, 292) = exponent_2;
          word_5.range(299, 296) = exponent_2;
          word_5.range(303, 300) = exponent_2;
          word_5.range(307, 304) = exponent_2;
          word_5.range(311, 308) = exponent_2;
          word_5.range(315, 312) = exponent_2;
          word_5.range(319, 316) = exponent_2;
          normed_q_tiles_2.write(word_5);
        }
      }
    }
  }
}

extern "C" void after_out_proj(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<48>>& hidden_copy,
    hls::stream<ap_uint<64>>& out,
    hls::stream<ap_uint<48>>& residual_feedback,
    ap_uint<32> n_logits,
    hls::stream<ap_uint<32>>& rsqrt_normed_table_2,
    hls::stream<ap_uint<320>>& normed_q_tiles_2) {
#pragma HLS interface mode = s_axilite port = n_tokens
#pragma HLS interface mode = axis port = hidden_copy
#pragma HLS interface mode = axis port = out
#pragma HLS interface mode = axis port = residual_feedback
#pragma HLS interface mode = s_axilite port = n_logits
#pragma HLS interface mode = axis port = rsqrt_normed_table_2
#pragma HLS interface mode = axis port = normed_q_tiles_2
#pragma HLS interface mode = s_axilite port = return
#pragma HLS dataflow
  hls::stream<ap_uint<48>, 16> hidden_3("hidden_3");
#pragma HLS bind_storage variable = hidden_3 type = fifo impl = srl
  hls::stream<ap_uint<48>, 16> hidden_4("hidden_4");
#pragma HLS bind_storage variable = hidden_4 type = fifo impl = srl
  hls::stream<ap_uint<32>, 16> normed_2("normed_2");
#pragma HLS bind_storage variable = normed_2 type = fifo impl = srl
  LMC_TASK(add, n_tokens, hidden_copy, out, hidden_3);
  LMC_TASK(leave_layer, n_tokens, hidden_3, residual_feedback, n_logits, hidden_4);
  LMC_TASK(rms_norm_2, rsqrt_normed_table_2, n_logits, hidden_4, normed_2);
  LMC_TASK(quantize_5, n_logits, normed_2, normed_q_tiles_2);
  LMC_JOIN();
}
