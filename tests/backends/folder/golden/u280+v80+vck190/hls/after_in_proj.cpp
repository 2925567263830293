// Kernel after_in_proj.
#include "decode_step.h"

// ssm.split(xz: 64 x fixed<16, 11>) -> x: 32 x fixed<16, 11>, z: 32 x fixed<16, 11>
//   from mamba1.py:39
//   reads xz: 32 words of 2 x fixed<16, 11> for each layer
//   writes x: 16 words of 2 x fixed<16, 11> for each layer
//   writes z: 16 words of 2 x fixed<16, 11> for each layer
static void split(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& xz,
    hls::stream<ap_uint<32>>& x,
    hls::stream<ap_uint<32>>& z) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
split_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  split_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    split_word:
      for (int word = 0; word < 16; word++) {
#pragma HLS pipeline II = 1 style = flp
        x.write(xz.read());
      }
    split_word_2:
      for (int word_2 = 0; word_2 < 16; word_2++) {
#pragma HLS pipeline II = 1 style = flp
        z.write(xz.read());
      }
    }
  }
}

// ssm.causal_conv1d_step(x: 32 x fixed<16, 11>, conv_state: 32 x 3 x fixed<16, 11>) -> conv: 32 x fixed<16, 9>, new_conv_state: 32 x 3 x fixed<16, 11>
//   from layers.py:56 with backbone.layers.{layer}.mixer.conv1d.weight and backbone.layers.{layer}.mixer.conv1d.bias
//   reads x: 16 words of 2 x fixed<16, 11> for each layer
//   reads conv_weight_parameters: 16 words of 8 x fixed<16, 13> for each layer
//   reads conv_bias_parameters: 16 words of 2 x fixed<27, 24> for each layer
//   writes conv: 16 words of 2 x fixed<16, 9> for each layer
static void conv1d(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& x,
    hls::stream<ap_uint<96>>& conv_state_old,
    hls::stream<ap_uint<128>>& conv_weight_parameters,
    hls::stream<ap_uint<54>>& conv_bias_parameters,
    hls::stream<ap_uint<32>>& conv,
    hls::stream<ap_uint<96>>& conv_state_new) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
conv1d_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  conv1d_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    conv1d_word:
      for (int word = 0; word < 16; word++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten off
        const ap_uint<32> x_word = x.read();
        const ap_uint<96> conv_state_old_word = conv_state_old.read();
        const ap_uint<128> conv_weight_parameters_word = conv_weight_parameters.read();
        const ap_uint<54> conv_bias_parameters_word = conv_bias_parameters.read();
        ap_uint<32> conv_word = 0;
      conv1d_lane:
        for (int lane = 0; lane < 2; lane++) {
#pragma HLS unroll
          const int first_bit = (lane * 4 + 3) * 16;
          const ap_int<16> conv_weight_parameters_element = conv_weight_parameters_word.range(first_bit + 15, first_bit);
          const ap_int<32> product = ap_int<16>(x_word.range(lane * 16 + 15, lane * 16)) * conv_weight_parameters_element;
          const ap_int<16> conv_state_old_element = conv_state_old_word.range(lane * 48 + 15, lane * 48);
          const ap_int<16> conv_weight_parameters_element_2 = conv_weight_parameters_word.range(lane * 64 + 15, lane * 64);
          const ap_int<32> product_2 = conv_state_old_element * conv_weight_parameters_element_2;
          const int first_bit_2 = (lane * 3 + 1) * 16;
          const ap_int<16> conv_state_old_element_2 = conv_state_old_word.range(first_bit_2 + 15, first_bit_2);
          const int first_bit_3 = (lane * 4 + 1) * 16;
          const ap_int<16> conv_weight_parameters_element_3 = conv_weight_parameters_word.range(first_bit_3 + 15, first_bit_3);
          const ap_int<32> product_3 = conv_state_old_element_2 * conv_weight_parameters_element_3;
          const int first_bit_4 = (lane * 3 + 2) * 16;
          const ap_int<16> conv_state_old_element_3 = conv_state_old_word.range(first_bit_4 + 15, first_bit_4);
          const int first_bit_5 = (lane * 4 + 2) * 16;
          const ap_int<16> conv_weight_parameters_element_4 = conv_weight_parameters_word.range(first_bit_5 + 15, first_bit_5);
          const ap_int<32> product_4 = conv_state_old_element_3 * conv_weight_parameters_element_4;
          const ap_int<35> sum = ap_int<34>(ap_int<33>(product + product_2) + product_3) + product_4;
          const ap_int<27> conv_bias_parameters_element = conv_bias_parameters_word.range(lane * 27 + 26, lane * 27);
          const ap_int<16> rounded = lmc::round_shift_saturate<16>(ap_int<36>(sum + conv_bias_parameters_element), 15);
          conv_word.range(lane * 16 + 15, lane * 16) = rounded;
        }
        conv.write(conv_word);
        ap_uint<96> conv_state_new_word = 0;
      conv1d_moved:
        for (int moved = 0; moved < 2; moved++) {
#pragma HLS unroll
          const int first_bit_6 = moved * 48;
          const int first_bit_7 = (moved * 3 + 1) * 16;
          const ap_int<16> conv_state_old_element_4 = conv_state_old_word.range(first_bit_7 + 15, first_bit_7);
          conv_state_new_word.range(first_bit_6 + 15, first_bit_6) = conv_state_old_element_4;
          const int first_bit_8 = (moved * 3 + 2) * 16;
          const ap_int<16> conv_state_old_element_5 = conv_state_old_word.range(first_bit_8 + 15, first_bit_8);
          const int first_bit_9 = first_bit_6 + 16;
          conv_state_new_word.range(first_bit_9 + 15, first_bit_9) = conv_state_old_element_5;
          const ap_int<16> x_element = x_word.range(moved * 16 + 15, moved * 16);
          const int first_bit_10 = first_bit_6 + 32;
          conv_state_new_word.range(first_bit_10 + 15, first_bit_10) = x_element;
        }
        conv_state_new.write(conv_state_new_word);
      }
    }
  }
}

// ssm.silu(conv: 32 x fixed<16, 9>) -> x: 32 x fixed<16, 10>
//   from mamba1.py:38
//   reads conv: 16 words of 2 x fixed<16, 9> for each layer
//   writes x_2: 16 words of 2 x fixed<16, 10> for each layer
static void silu(
    hls::stream<ap_uint<64>>& silu_x_table,
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& conv,
    hls::stream<ap_uint<32>>& x_2) {
#pragma HLS inline off
  ap_uint<64> table[2][1024];
#pragma HLS bind_storage variable = table type = ram_2p impl = bram
#pragma HLS array_partition variable = table type = complete dim = 1
  const int n_tokens_2 = int(n_tokens);
silu_load_table:
  for (int load_table = 0; load_table < 1024; load_table++) {
#pragma HLS pipeline II = 1 style = flp
    const ap_uint<64> silu_x_table_word = silu_x_table.read();
  silu_copy:
    for (int copy = 0; copy < 2; copy++) {
#pragma HLS unroll
      table[copy][load_table] = silu_x_table_word;
    }
  }
silu_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  silu_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    silu_word:
      for (int word = 0; word < 16; word++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten off
        const ap_uint<32> conv_word = conv.read();
        ap_uint<32> x_2_word = 0;
      silu_lane:
        for (int lane = 0; lane < 2; lane++) {
#pragma HLS unroll
          const ap_int<17> difference = ap_int<16>(conv_word.range(lane * 16 + 15, lane * 16)) - -8192;
          const ap_int<17> shifted = difference >> 4;
          const ap_uint<16> largest = shifted > 0 ? ap_uint<16>(shifted) : ap_uint<16>(0);
          const ap_uint<10> smallest = largest < 1023 ? ap_uint<10>(largest) : ap_uint<10>(1023);
          const ap_int<18> difference_2 = difference - ap_uint<14>(ap_uint<14>(smallest) << 4);
          const ap_uint<64> table_word = table[lane][int(smallest)];
          const ap_int<38> shifted_2 = ap_int<38>(ap_int<32>(table_word.range(31, 0))) << 6;
          const ap_int<50> product = ap_int<32>(table_word.range(63, 32)) * difference_2;
          const ap_int<16> rounded = lmc::round_shift_saturate<16>(ap_int<51>(shifted_2 + product), 6);
          x_2_word.range(lane * 16 + 15, lane * 16) = rounded;
        }
        x_2.write(x_2_word);
      }
    }
  }
}

//   reads x_2: 16 words of 2 x fixed<16, 10> for each layer
//   writes x_copy: 16 words of 2 x fixed<16, 10> for each layer
//   writes x_copy_2: 16 words of 2 x fixed<16, 10> for each layer
static void fork_x(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& x_2,
    hls::stream<ap_uint<32>>& x_copy,
    hls::stream<ap_uint<32>>& x_copy_2) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
fork_x_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  fork_x_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    fork_x_word:
      for (int word = 0; word < 16; word++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten off
        const ap_uint<32> element = x_2.read();
        x_copy.write(element);
        x_copy_2.write(element);
      }
    }
  }
}

//   reads x_copy: 16 words of 2 x fixed<16, 10> for each layer
//   writes x_copy_kept: 16 words of 2 x fixed<16, 10> for each layer
static void keep_x_copy(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& x_copy,
    hls::stream<ap_uint<32>>& x_copy_kept) {
#pragma HLS inline off
  ap_uint<32> vector[16];
  const int n_tokens_2 = int(n_tokens);
keep_x_copy_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  keep_x_copy_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    keep_x_copy_take_in:
      for (int take_in = 0; take_in < 16; take_in++) {
#pragma HLS pipeline II = 1 style = flp
        const ap_uint<32> x_copy_element = x_copy.read();
        vector[take_in] = x_copy_element;
      }
    keep_x_copy_give_out:
      for (int give_out = 0; give_out < 16; give_out++) {
#pragma HLS pipeline II = 1 style = flp
        x_copy_kept.write(vector[give_out]);
      }
    }
  }
}

// ssm.quantize(x: 32 x fixed<16, 10>) -> x_q: 32 x bfp<8, 32, 10>
//   from mamba1.py:39
//   reads x_copy_2: 16 words of 2 x fixed<16, 10> for each layer
//   writes x_q_tiles: 1 word of 32 x bfp<8, 32, 10> for each layer
static void quantize_2(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& x_copy_2,
    hls::stream<ap_uint<320>>& x_q_tiles) {
#pragma HLS inline off
  ap_int<16> lanes[32];
#pragma HLS array_partition variable = lanes type = complete dim = 0
  const int n_tokens_2 = int(n_tokens);
  ap_uint<16> top[32];
#pragma HLS array_partition variable = top type = complete dim = 0
  ap_uint<16> top_2[16];
#pragma HLS array_partition variable = top_2 type = complete dim = 0
  ap_uint<16> top_3[8];
#pragma HLS array_partition variable = top_3 type = complete dim = 0
  ap_uint<16> top_4[4];
#pragma HLS array_partition variable = top_4 type = complete dim = 0
  ap_uint<16> top_5[2];
#pragma HLS array_partition variable = top_5 type = complete dim = 0
  ap_uint<16> top_6;
quantize_2_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  quantize_2_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    quantize_2_word:
      for (int word = 0; word < 16; word++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten off
        const ap_uint<32> x_copy_2_word = x_copy_2.read();
      quantize_2_lane:
        for (int lane = 0; lane < 2; lane++) {
#pragma HLS unroll
          lanes[word * 2 + lane] = ap_int<16>(x_copy_2_word.range(lane * 16 + 15, lane * 16));
        }
        if (word == 15) {
        quantize_2_top:
          for (int top_7 = 0; top_7 < 32; top_7++) {
#pragma HLS unroll
            const ap_int<16> lanes_element = lanes[top_7];
            const ap_uint<16> magnitude = lanes_element < 0 ? ap_uint<16>(-lanes_element) : ap_uint<16>(lanes_element);
            top[top_7] = magnitude;
          }
        quantize_2_top_2:
          for (int top_8 = 0; top_8 < 16; top_8++) {
#pragma HLS unroll
            const ap_uint<16> top_element = top[top_8 * 2];
            const ap_uint<16> top_element_2 = top[top_8 * 2 + 1];
            top_2[top_8] = top_element > top_element_2 ? top_element : top_element_2;
          }
        quantize_2_top_3:
          for (int top_9 = 0; top_9 < 8; top_9++) {
#pragma HLS unroll
            const ap_uint<16> top_2_element = top_2[top_9 * 2];
            const ap_uint<16> top_2_element_2 = top_2[top_9 * 2 + 1];
            const ap_uint<16> largest = top_2_element > top_2_element_2 ? top_2_element : top_2_element_2;
            top_3[top_9] = largest;
          }
        quantize_2_top_4:
          for (int top_10 = 0; top_10 < 4; top_10++) {
#pragma HLS unroll
            const ap_uint<16> top_3_element = top_3[top_10 * 2];
            const ap_uint<16> top_3_element_2 = top_3[top_10 * 2 + 1];
            const ap_uint<16> largest_2 = top_3_element > top_3_element_2 ? top_3_element : top_3_element_2;
            top_4[top_10] = largest_2;
          }
        quantize_2_top_5:
          for (int top_11 = 0; top_11 < 2; top_11++) {
#pragma HLS unroll
            const ap_uint<16> top_4_element = top_4[top_11 * 2];
            const ap_uint<16> top_4_element_2 = top_4[top_11 * 2 + 1];
            const ap_uint<16> largest_3 = top_4_element > top_4_element_2 ? top_4_element : top_4_element_2;
            top_5[top_11] = largest_3;
          }
          const ap_uint<16> top_5_element = top_5[0];
          const ap_uint<16> top_5_element_2 = top_5[1];
          const ap_uint<16> largest_4 = top_5_element > top_5_element_2 ? top_5_element : top_5_element_2;
          top_6 = largest_4;
          const ap_uint<16> top_6_now = top_6;
          const ap_int<6> difference = ap_uint<5>(lmc::bit_length(top_6_now)) - 7;
          const ap_uint<5> largest_5 = difference > 0 ? ap_uint<5>(difference) : ap_uint<5>(0);
          const ap_uint<4> exponent = largest_5 < 15 ? ap_uint<4>(largest_5) : ap_uint<4>(15);
          ap_uint<320> word_2 = 0;
        quantize_2_round:
          for (int round = 0; round < 32; round++) {
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
          word_3.range(291, 288) = exponent;
          word_3.range(295, 292) = exponent;
          word_3.range(299, 296) = exponent;
          word_3.range(303, 300) = exponent;
          word_3.range(307, 304) = exponent;
          word_3.range(311, 308) = exponent;
          word_3.range(315, 312) = exponent;
          word_3.range(319, 316) = exponent;
          x_q_tiles.write(word_3);
        }
      }
    }
  }
}

extern "C" void after_in_proj(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& xz,
    hls::stream<ap_uint<32>>& z,
    hls::stream<ap_uint<96>>& conv_state_old,
    hls::stream<ap_uint<128>>& conv_weight_parameters,
    hls::stream<ap_uint<54>>& conv_bias_parameters,
    hls::stream<ap_uint<96>>& conv_state_new,
    hls::stream<ap_uint<64>>& silu_x_table,
    hls::stream<ap_uint<32>>& x_copy_kept,
    hls::stream<ap_uint<320>>& x_q_tiles) {
#pragma HLS interface mode = s_axilite port = n_tokens
#pragma HLS interface mode = axis port = xz
#pragma HLS interface mode = axis port = z
#pragma HLS interface mode = axis port = conv_state_old
#pragma HLS interface mode = axis port = conv_weight_parameters
#pragma HLS interface mode = axis port = conv_bias_parameters
#pragma HLS interface mode = axis port = conv_state_new
#pragma HLS interface mode = axis port = silu_x_table
#pragma HLS interface mode = axis port = x_copy_kept
#pragma HLS interface mode = axis port = x_q_tiles
#pragma HLS interface mode = s_axilite port = return
#pragma HLS dataflow
  hls::stream<ap_uint<32>, 16> x("x");
#pragma HLS bind_storage variable = x type = fifo impl = srl
  hls::stream<ap_uint<32>, 16> conv("conv");
#pragma HLS bind_storage variable = conv type = fifo impl = srl
  hls::stream<ap_uint<32>, 16> x_2("x_2");
#pragma HLS bind_storage variable = x_2 type = fifo impl = srl
  hls::stream<ap_uint<32>, 16> x_copy("x_copy");
#pragma HLS bind_storage variable = x_copy type = fifo impl = srl
  hls::stream<ap_uint<32>, 16> x_copy_2("x_copy_2");
#pragma HLS bind_storage variable = x_copy_2 type = fifo impl = srl
  LMC_TASK(split, n_tokens, xz, x, z);
  LMC_TASK(conv1d, n_tokens, x, conv_state_old, conv_weight_parameters, conv_bias_parameters,
      conv, conv_state_new);
  LMC_TASK(silu, silu_x_table, n_tokens, conv, x_2);
  LMC_TASK(fork_x, n_tokens, x_2, x_copy, x_copy_2);
  LMC_TASK(keep_x_copy, n_tokens, x_copy, x_copy_kept);
  LMC_TASK(quantize_2, n_tokens, x_copy_2, x_q_tiles);
  LMC_JOIN();
}
