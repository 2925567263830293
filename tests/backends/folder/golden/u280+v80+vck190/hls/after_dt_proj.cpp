// Kernel after_dt_proj.
#include "decode_step.h"

// ssm.bias(dt: 32 x fixed<16, 9>) -> dt: 32 x fixed<16, 9>
//   from mamba1.py:39 with backbone.layers.{layer}.mixer.dt_proj.bias
//   reads dt: 16 words of 2 x fixed<16, 9> for each layer
//   reads dt_bias_parameters: 16 words of 2 x fixed<12, 9> for each layer
//   writes dt_3: 16 words of 2 x fixed<16, 9> for each layer
static void bias(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& dt,
    hls::stream<ap_uint<24>>& dt_bias_parameters,
    hls::stream<ap_uint<32>>& dt_3) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
bias_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  bias_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    bias_word:
      for (int word = 0; word < 16; word++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten off
        const ap_uint<32> dt_word = dt.read();
        const ap_uint<24> dt_bias_parameters_word = dt_bias_parameters.read();
        ap_uint<32> dt_3_word = 0;
      bias_lane:
        for (int lane = 0; lane < 2; lane++) {
#pragma HLS unroll
          const ap_int<12> dt_bias_parameters_element = dt_bias_parameters_word.range(lane * 12 + 11, lane * 12);
          const ap_int<17> sum = ap_int<16>(dt_word.range(lane * 16 + 15, lane * 16)) + dt_bias_parameters_element;
          const ap_int<16> rounded = lmc::round_shift_saturate<16>(sum, 0);
          dt_3_word.range(lane * 16 + 15, lane * 16) = rounded;
        }
        dt_3.write(dt_3_word);
      }
    }
  }
}

// ssm.softplus(dt: 32 x fixed<16, 9>) -> dt: 32 x fixed<24, 15>
//   from mamba1.py:39
//   reads dt_3: 16 words of 2 x fixed<16, 9> for each layer
//   writes dt_4: 16 words of 2 x fixed<24, 15> for each layer
static void softplus(
    hls::stream<ap_uint<64>>& softplus_dt_table,
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& dt_3,
    hls::stream<ap_uint<48>>& dt_4) {
#pragma HLS inline off
  ap_uint<64> table[2][1024];
#pragma HLS bind_storage variable = table type = ram_2p impl = bram
#pragma HLS array_partition variable = table type = complete dim = 1
  const int n_tokens_2 = int(n_tokens);
softplus_load_table:
  for (int load_table = 0; load_table < 1024; load_table++) {
#pragma HLS pipeline II = 1 style = flp
    const ap_uint<64> softplus_dt_table_word = softplus_dt_table.read();
  softplus_copy:
    for (int copy = 0; copy < 2; copy++) {
#pragma HLS unroll
      table[copy][load_table] = softplus_dt_table_word;
    }
  }
softplus_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  softplus_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    softplus_word:
      for (int word = 0; word < 16; word++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten off
        const ap_uint<32> dt_3_word = dt_3.read();
        ap_uint<48> dt_4_word = 0;
      softplus_lane:
        for (int lane = 0; lane < 2; lane++) {
#pragma HLS unroll
          const ap_int<17> difference = ap_int<16>(dt_3_word.range(lane * 16 + 15, lane * 16)) - -8192;
          const ap_int<17> shifted = difference >> 4;
          const ap_uint<16> largest = shifted > 0 ? ap_uint<16>(shifted) : ap_uint<16>(0);
          const ap_uint<10> smallest = largest < 1023 ? ap_uint<10>(largest) : ap_uint<10>(1023);
          const ap_int<18> difference_2 = difference - ap_uint<14>(ap_uint<14>(smallest) << 4);
          const ap_uint<64> table_word = table[lane][int(smallest)];
          const ap_int<38> shifted_2 = ap_int<38>(ap_int<32>(table_word.range(31, 0))) << 6;
          const ap_int<50> product = ap_int<32>(table_word.range(63, 32)) * difference_2;
          const ap_int<24> rounded = lmc::round_shift_saturate<24>(ap_int<51>(shifted_2 + product), 6);
          dt_4_word.range(lane * 24 + 23, lane * 24) = rounded;
        }
        dt_4.write(dt_4_word);
      }
    }
  }
}

//   reads dt_4: 16 words of 2 x fixed<24, 15> for each layer
//   writes dt_copy: 16 words of 2 x fixed<24, 15> for each layer
//   writes dt_copy_2: 16 words of 2 x fixed<24, 15> for each layer
static void fork_dt(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<48>>& dt_4,
    hls::stream<ap_uint<48>>& dt_copy,
    hls::stream<ap_uint<48>>& dt_copy_2) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
fork_dt_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  fork_dt_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    fork_dt_word:
      for (int word = 0; word < 16; word++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten off
        const ap_uint<48> element = dt_4.read();
        dt_copy.write(element);
        dt_copy_2.write(element);
      }
    }
  }
}

// narrow_dt_copy, narrow_dt_copy_2: one function.
//   reads dt_copy: 16 words of 2 x fixed<24, 15> for each layer
//   writes dt_copy_x1: 32 words of fixed<24, 15> for each layer
static void narrow_dt_copy(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<48>>& dt_copy,
    hls::stream<ap_uint<24>>& dt_copy_x1) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
  ap_uint<48> word;
narrow_dt_copy_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  narrow_dt_copy_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    narrow_dt_copy_word:
      for (int word_2 = 0; word_2 < 16; word_2++) {
#pragma HLS loop_flatten off
      narrow_dt_copy_lane:
        for (int lane = 0; lane < 2; lane++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
          ap_uint<48> dt_copy_word;
          if (lane == 0) {
            dt_copy_word = dt_copy.read();
          } else {
            dt_copy_word = word;
          }
          ap_uint<48> word_3;
          word_3.range(23, 0) = ap_uint<24>(dt_copy_word.range(47, 24));
          word_3.range(47, 24) = ap_uint<24>(0);
          word = word_3;
          dt_copy_x1.write(ap_uint<24>(dt_copy_word.range(23, 0)));
        }
      }
    }
  }
}

// ssm.decay(dt: 32 x fixed<24, 15>) -> decay: 32 x 4 x fixed<18, 16>
//   from mamba1.py:40 with backbone.layers.{layer}.mixer.A_log
//   reads dt_copy_x1: 32 words of fixed<24, 15> for each layer
//   reads a_parameters: 32 words of 4 x fixed<16, 12> for each layer
//   writes decay: 32 words of 4 x fixed<18, 16> for each layer
static void decay_2(
    hls::stream<ap_uint<64>>& exp_decay_table,
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<24>>& dt_copy_x1,
    hls::stream<ap_uint<64>>& a_parameters,
    hls::stream<ap_uint<72>>& decay) {
#pragma HLS inline off
  ap_uint<64> table[4][1024];
#pragma HLS bind_storage variable = table type = ram_2p impl = bram
#pragma HLS array_partition variable = table type = complete dim = 1
  const int n_tokens_2 = int(n_tokens);
decay_2_load_table:
  for (int load_table = 0; load_table < 1024; load_table++) {
#pragma HLS pipeline II = 1 style = flp
    const ap_uint<64> exp_decay_table_word = exp_decay_table.read();
  decay_2_copy:
    for (int copy = 0; copy < 4; copy++) {
#pragma HLS unroll
      table[copy][load_table] = exp_decay_table_word;
    }
  }
decay_2_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  decay_2_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    decay_2_word:
      for (int word = 0; word < 32; word++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten off
        const ap_uint<24> dt_copy_x1_element = dt_copy_x1.read();
        const ap_uint<64> a_parameters_word = a_parameters.read();
        ap_uint<72> decay_word = 0;
      decay_2_lane:
        for (int lane = 0; lane < 4; lane++) {
#pragma HLS unroll
          const ap_int<16> a_parameters_element = a_parameters_word.range(lane * 16 + 15, lane * 16);
          const ap_int<40> product = ap_int<24>(dt_copy_x1_element) * a_parameters_element;
          const ap_uint<22> difference = lmc::round_shift_saturate<22>(product, 10) - -2097152;
          const ap_uint<22> shifted = difference >> 11;
          const ap_uint<10> smallest = shifted < 1023 ? ap_uint<10>(shifted) : ap_uint<10>(1023);
          const ap_int<23> difference_2 = difference - ap_uint<21>(ap_uint<21>(smallest) << 11);
          const ap_uint<64> table_word = table[lane][int(smallest)];
          const ap_int<45> shifted_2 = ap_int<45>(ap_int<32>(table_word.range(31, 0))) << 13;
          const ap_int<55> product_2 = ap_int<32>(table_word.range(63, 32)) * difference_2;
          const ap_int<18> rounded = lmc::round_shift_saturate<18>(ap_int<56>(shifted_2 + product_2), 13);
          decay_word.range(lane * 18 + 17, lane * 18) = rounded;
        }
        decay.write(decay_word);
      }
    }
  }
}

//   reads x_copy_kept: 16 words of 2 x fixed<16, 10> for each layer
//   writes x_copy_kept_x1: 32 words of fixed<16, 10> for each layer
static void narrow_x_copy_kept(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& x_copy_kept,
    hls::stream<ap_uint<16>>& x_copy_kept_x1) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
  ap_uint<32> word;
narrow_x_copy_kept_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  narrow_x_copy_kept_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    narrow_x_copy_kept_word:
      for (int word_2 = 0; word_2 < 16; word_2++) {
#pragma HLS loop_flatten off
      narrow_x_copy_kept_lane:
        for (int lane = 0; lane < 2; lane++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
          ap_uint<32> x_copy_kept_word;
          if (lane == 0) {
            x_copy_kept_word = x_copy_kept.read();
          } else {
            x_copy_kept_word = word;
          }
          ap_uint<32> word_3;
          word_3.range(15, 0) = ap_uint<16>(x_copy_kept_word.range(31, 16));
          word_3.range(31, 16) = ap_uint<16>(0);
          word = word_3;
          x_copy_kept_x1.write(ap_uint<16>(x_copy_kept_word.range(15, 0)));
        }
      }
    }
  }
}

// ssm.selective_state_update(ssm_state: 32 x 4 x bfp<8, 4, 10>, decay: 32 x 4 x fixed<18, 16>, dt: 32 x fixed<24, 15>, x: 32 x fixed<16, 10>, b: 4 x fixed<16, 10>, c: 4 x fixed<16, 10>) -> y: 32 x fixed<24, 8>, new_ssm_state: 32 x 4 x bfp<8, 4, 10>
//   from mamba1.py:40 with backbone.layers.{layer}.mixer.D
//   reads b: 2 words of 2 x fixed<16, 10> for each layer
//   reads c: 2 words of 2 x fixed<16, 10> for each layer
//   reads dt_copy_x1_2: 32 words of fixed<24, 15> for each layer
//   reads decay: 32 words of 4 x fixed<18, 16> for each layer
//   reads x_copy_kept_x1: 32 words of fixed<16, 10> for each layer
//   reads d_parameters: 32 words of fixed<16, 13> for each layer
//   writes y_rows: 32 words of fixed<24, 8> for each layer
static void state_update(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& b,
    hls::stream<ap_uint<32>>& c,
    hls::stream<ap_uint<24>>& dt_copy_x1_2,
    hls::stream<ap_uint<72>>& decay,
    hls::stream<ap_uint<16>>& x_copy_kept_x1,
    hls::stream<ap_uint<16>>& d_parameters,
    hls::stream<ap_uint<32>>& ssm_state_old,
    hls::stream<ap_uint<4>>& ssm_state_exponents_old,
    hls::stream<ap_uint<32>>& ssm_state_new,
    hls::stream<ap_uint<4>>& ssm_state_exponents_new,
    hls::stream<ap_uint<24>>& y_rows) {
#pragma HLS inline off
  ap_int<16> b_2[4];
#pragma HLS bind_storage variable = b_2 type = ram_2p impl = lutram
#pragma HLS array_partition variable = b_2 type = cyclic factor = 4 dim = 1
  ap_int<16> c_2[4];
#pragma HLS bind_storage variable = c_2 type = ram_2p impl = lutram
#pragma HLS array_partition variable = c_2 type = cyclic factor = 4 dim = 1
  const int n_tokens_2 = int(n_tokens);
  ap_int<24> values[1][4];
#pragma HLS array_partition variable = values type = complete dim = 0
  ap_int<8> quantized[1][4];
#pragma HLS array_partition variable = quantized type = complete dim = 0
  ap_uint<24> top[1][4];
#pragma HLS array_partition variable = top type = complete dim = 0
  ap_uint<24> top_2[1][2];
#pragma HLS array_partition variable = top_2 type = complete dim = 0
  ap_uint<24> top_3;
state_update_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  state_update_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    state_update_load_b:
      for (int load_b = 0; load_b < 2; load_b++) {
#pragma HLS pipeline II = 1 style = flp
        const ap_uint<32> b_word = b.read();
      state_update_lane:
        for (int lane = 0; lane < 2; lane++) {
#pragma HLS unroll
          b_2[load_b * 2 + lane] = ap_int<16>(b_word.range(lane * 16 + 15, lane * 16));
        }
      }
    state_update_load_c:
      for (int load_c = 0; load_c < 2; load_c++) {
#pragma HLS pipeline II = 1 style = flp
        const ap_uint<32> c_word = c.read();
      state_update_lane_2:
        for (int lane_2 = 0; lane_2 < 2; lane_2++) {
#pragma HLS unroll
          c_2[load_c * 2 + lane_2] = ap_int<16>(c_word.range(lane_2 * 16 + 15, lane_2 * 16));
        }
      }
    state_update_head:
      for (int head = 0; head < 32; head++) {
#pragma HLS pipeline II = 1 style = flp
        const ap_uint<24> dt_copy_x1_2_element = dt_copy_x1_2.read();
        const ap_uint<72> decay_word = decay.read();
        const ap_uint<16> x_copy_kept_x1_element = x_copy_kept_x1.read();
        const ap_int<16> converted = x_copy_kept_x1_element;
        const ap_uint<16> d_parameters_element = d_parameters.read();
        const ap_int<24> rounded = lmc::round_shift_saturate<24>(ap_int<40>(ap_int<24>(dt_copy_x1_2_element) * converted), 11);
        const ap_uint<32> ssm_state_old_word = ssm_state_old.read();
        const ap_uint<4> ssm_state_exponents_old_element = ssm_state_exponents_old.read();
      state_update_lane_3:
        for (int lane_3 = 0; lane_3 < 4; lane_3++) {
#pragma HLS unroll
          const ap_int<8> ssm_state_old_element = ssm_state_old_word.range(lane_3 * 8 + 7, lane_3 * 8);
          const ap_int<24> shifted = ap_int<24>(ssm_state_old_element) << unsigned(ssm_state_exponents_old_element);
          const ap_int<42> product = ap_int<18>(decay_word.range(lane_3 * 18 + 17, lane_3 * 18)) * shifted;
          const ap_int<16> b_2_element = b_2[lane_3];
          const ap_int<42> shifted_2 = ap_int<42>(ap_int<40>(rounded * b_2_element)) << 2;
          const ap_int<24> rounded_2 = lmc::round_shift_saturate<24>(ap_int<43>(product + shifted_2), 16);
          values[0][lane_3] = rounded_2;
        }
      state_update_top:
        for (int top_4 = 0; top_4 < 4; top_4++) {
#pragma HLS unroll
          const ap_int<24> values_element = values[0][top_4];
          const ap_uint<24> magnitude = values_element < 0 ? ap_uint<24>(-values_element) : ap_uint<24>(values_element);
          top[0][top_4] = magnitude;
        }
      state_update_top_2:
        for (int top_5 = 0; top_5 < 2; top_5++) {
#pragma HLS unroll
          const ap_uint<24> top_element = top[0][top_5 * 2];
          const ap_uint<24> top_element_2 = top[0][top_5 * 2 + 1];
          top_2[0][top_5] = top_element > top_element_2 ? top_element : top_element_2;
        }
        const ap_uint<24> top_2_element = top_2[0][0];
        const ap_uint<24> top_2_element_2 = top_2[0][1];
        const ap_uint<24> largest = top_2_element > top_2_element_2 ? top_2_element : top_2_element_2;
        top_3 = largest;
        const ap_uint<24> top_3_now = top_3;
        const ap_int<6> difference = ap_uint<5>(lmc::bit_length(top_3_now)) - 7;
        const ap_uint<5> largest_2 = difference > 0 ? ap_uint<5>(difference) : ap_uint<5>(0);
        const ap_uint<4> ssm_state_exponents_new_element = largest_2 < 15 ? ap_uint<4>(largest_2) : ap_uint<4>(15);
      state_update_round:
        for (int round = 0; round < 4; round++) {
#pragma HLS unroll
          const ap_int<24> values_element_2 = values[0][round];
          const ap_int<8> rounded_3 = lmc::round_shift_saturate<8>(values_element_2, unsigned(ssm_state_exponents_new_element));
          quantized[0][round] = rounded_3;
        }
        ap_int<26> total = 0;
      state_update_output:
        for (int output = 0; output < 4; output++) {
#pragma HLS unroll
          const ap_int<8> quantized_element = quantized[0][output];
          const ap_int<16> c_2_element = c_2[output];
          const ap_int<26> sum = total + ap_int<24>(quantized_element * c_2_element);
          total = sum;
        }
        const ap_int<41> shifted_3 = ap_int<41>(total) << unsigned(ssm_state_exponents_new_element);
        ap_uint<32> ssm_state_new_word = 0;
      state_update_place:
        for (int place = 0; place < 4; place++) {
#pragma HLS unroll
          const ap_int<8> quantized_element_2 = quantized[0][place];
          ssm_state_new_word.range(place * 8 + 7, place * 8) = quantized_element_2;
        }
        ssm_state_new.write(ssm_state_new_word);
        ssm_state_exponents_new.write(ssm_state_exponents_new_element);
        const ap_int<63> converted_2 = ap_int<32>(ap_int<16>(d_parameters_element) * converted);
        const ap_int<63> sum_2 = ap_int<63>(ap_int<63>(ap_int<63>(shifted_3)) << 3) + converted_2;
        y_rows.write(ap_uint<24>(lmc::round_shift_saturate<24>(sum_2, 15)));
      }
    }
  }
}

//   reads y_rows: 32 words of fixed<24, 8> for each layer
//   writes y_rows_x2: 16 words of 2 x fixed<24, 8> for each layer
static void widen_y_rows(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<24>>& y_rows,
    hls::stream<ap_uint<48>>& y_rows_x2) {
#pragma HLS inline off
  ap_uint<48> word;
  const int n_tokens_2 = int(n_tokens);
widen_y_rows_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  widen_y_rows_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    widen_y_rows_word:
      for (int word_2 = 0; word_2 < 16; word_2++) {
#pragma HLS loop_flatten off
      widen_y_rows_lane:
        for (int lane = 0; lane < 2; lane++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
          const ap_uint<24> y_rows_element = y_rows.read();
          const ap_uint<48> word_now = word;
          ap_uint<48> y_rows_x2_word;
          y_rows_x2_word.range(23, 0) = ap_uint<24>(word_now.range(47, 24));
          y_rows_x2_word.range(47, 24) = y_rows_element;
          word = y_rows_x2_word;
          if (lane == 1) {
            y_rows_x2.write(y_rows_x2_word);
          }
        }
      }
    }
  }
}

// ssm.silu(z: 32 x fixed<16, 11>) -> gate: 32 x fixed<16, 11>
//   from mamba1.py:38
//   reads z: 16 words of 2 x fixed<16, 11> for each layer
//   writes gate: 16 words of 2 x fixed<16, 11> for each layer
static void silu_2(
    hls::stream<ap_uint<64>>& silu_gate_table,
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& z,
    hls::stream<ap_uint<32>>& gate) {
#pragma HLS inline off
  ap_uint<64> table[2][1024];
#pragma HLS bind_storage variable = table type = ram_2p impl = bram
#pragma HLS array_partition variable = table type = complete dim = 1
  const int n_tokens_2 = int(n_tokens);
silu_2_load_table:
  for (int load_table = 0; load_table < 1024; load_table++) {
#pragma HLS pipeline II = 1 style = flp
    const ap_uint<64> silu_gate_table_word = silu_gate_table.read();
  silu_2_copy:
    for (int copy = 0; copy < 2; copy++) {
#pragma HLS unroll
      table[copy][load_table] = silu_gate_table_word;
    }
  }
silu_2_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  silu_2_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    silu_2_word:
      for (int word = 0; word < 16; word++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten off
        const ap_uint<32> z_word = z.read();
        ap_uint<32> gate_word = 0;
      silu_2_lane:
        for (int lane = 0; lane < 2; lane++) {
#pragma HLS unroll
          const ap_uint<16> difference = ap_int<16>(z_word.range(lane * 16 + 15, lane * 16)) - -32768;
          const ap_uint<16> shifted = difference >> 6;
          const ap_uint<10> smallest = shifted < 1023 ? ap_uint<10>(shifted) : ap_uint<10>(1023);
          const ap_int<17> difference_2 = difference - ap_uint<16>(ap_uint<16>(smallest) << 6);
          const ap_uint<64> table_word = table[lane][int(smallest)];
          const ap_int<40> shifted_2 = ap_int<40>(ap_int<32>(table_word.range(31, 0))) << 8;
          const ap_int<49> product = ap_int<32>(table_word.range(63, 32)) * difference_2;
          const ap_int<16> rounded = lmc::round_shift_saturate<16>(ap_int<50>(shifted_2 + product), 8);
          gate_word.range(lane * 16 + 15, lane * 16) = rounded;
        }
        gate.write(gate_word);
      }
    }
  }
}

//   reads gate: 16 words of 2 x fixed<16, 11> for each layer
//   writes gate_kept: 16 words of 2 x fixed<16, 11> for each layer
static void keep_gate(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& gate,
    hls::stream<ap_uint<32>>& gate_kept) {
#pragma HLS inline off
  ap_uint<32> vector[16];
  const int n_tokens_2 = int(n_tokens);
keep_gate_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  keep_gate_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    keep_gate_take_in:
      for (int take_in = 0; take_in < 16; take_in++) {
#pragma HLS pipeline II = 1 style = flp
        const ap_uint<32> gate_element = gate.read();
        vector[take_in] = gate_element;
      }
    keep_gate_give_out:
      for (int give_out = 0; give_out < 16; give_out++) {
#pragma HLS pipeline II = 1 style = flp
        gate_kept.write(vector[give_out]);
      }
    }
  }
}

// ssm.mul(y: 32 x fixed<24, 8>, gate: 32 x fixed<16, 11>) -> gated: 32 x fixed<24, 6>
//   from mamba1.py:38
//   reads y_rows_x2: 16 words of 2 x fixed<24, 8> for each layer
//   reads gate_kept: 16 words of 2 x fixed<16, 11> for each layer
//   writes gated: 16 words of 2 x fixed<24, 6> for each layer
static void mul(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<48>>& y_rows_x2,
    hls::stream<ap_uint<32>>& gate_kept,
    hls::stream<ap_uint<48>>& gated) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
mul_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  mul_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    mul_word:
      for (int word = 0; word < 16; word++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten off
        const ap_uint<48> y_rows_x2_word = y_rows_x2.read();
        const ap_uint<32> gate_kept_word = gate_kept.read();
        ap_uint<48> gated_word = 0;
      mul_lane:
        for (int lane = 0; lane < 2; lane++) {
#pragma HLS unroll
          const ap_int<40> product = ap_int<24>(y_rows_x2_word.range(lane * 24 + 23, lane * 24)) * ap_int<16>(gate_kept_word.range(lane * 16 + 15, lane * 16));
          const ap_int<24> rounded = lmc::round_shift_saturate<24>(product, 13);
          gated_word.range(lane * 24 + 23, lane * 24) = rounded;
        }
        gated.write(gated_word);
      }
    }
  }
}

// ssm.rotate(gated: 32 x fixed<24, 6>) -> rotated: 32 x fixed<29, 6>
//   from mamba1.py:41
//   reads gated: 16 words of 2 x fixed<24, 6> for each layer
//   writes rotated: 16 words of 2 x fixed<29, 6> for each layer
static void rotate(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<48>>& gated,
    hls::stream<ap_uint<58>>& rotated) {
#pragma HLS inline off
  ap_int<29> sums[16][2];
#pragma HLS array_partition variable = sums type = complete dim = 0
  const int n_tokens_2 = int(n_tokens);
rotate_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  rotate_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    rotate_term:
      for (int term = 0; term < 16; term++) {
#pragma HLS pipeline II = 1 style = flp
        const ap_uint<48> gated_word = gated.read();
        const ap_int<24> gated_element = gated_word.range(23, 0);
        const ap_int<24> gated_element_2 = gated_word.range(47, 24);
        ap_uint<50> word;
        word.range(24, 0) = ap_int<25>(gated_element + gated_element_2);
        word.range(49, 25) = ap_int<25>(gated_element - gated_element_2);
        const bool is_first_term = term == 0;
        const ap_uint<1> converted = ap_uint<16>(ap_uint<16>(43690) >> unsigned(term));
        const ap_uint<1> converted_2 = ap_uint<16>(ap_uint<16>(52428) >> unsigned(term));
        const ap_uint<1> converted_3 = ap_uint<16>(ap_uint<16>(26214) >> unsigned(term));
        const ap_uint<1> converted_4 = ap_uint<16>(ap_uint<16>(61680) >> unsigned(term));
        const ap_uint<1> converted_5 = ap_uint<16>(ap_uint<16>(23130) >> unsigned(term));
        const ap_uint<1> converted_6 = ap_uint<16>(ap_uint<16>(15420) >> unsigned(term));
        const ap_uint<1> converted_7 = ap_uint<16>(ap_uint<16>(38550) >> unsigned(term));
        const ap_uint<1> converted_8 = ap_uint<16>(ap_uint<16>(65280) >> unsigned(term));
        const ap_uint<1> converted_9 = ap_uint<16>(ap_uint<16>(21930) >> unsigned(term));
        const ap_uint<1> converted_10 = ap_uint<16>(ap_uint<16>(13260) >> unsigned(term));
        const ap_uint<1> converted_11 = ap_uint<16>(ap_uint<16>(39270) >> unsigned(term));
        const bool condition = ap_uint<1>(ap_uint<16>(ap_uint<16>(4080) >> unsigned(term))) == 1;
        const ap_uint<1> converted_12 = ap_uint<16>(ap_uint<16>(42330) >> unsigned(term));
        const ap_uint<1> converted_13 = ap_uint<16>(ap_uint<16>(49980) >> unsigned(term));
        const ap_uint<1> converted_14 = ap_uint<16>(ap_uint<16>(27030) >> unsigned(term));
      rotate_lane:
        for (int lane = 0; lane < 2; lane++) {
#pragma HLS unroll
          const ap_int<25> part = word.range(lane * 25 + 24, lane * 25);
          const ap_int<26> negated = -part;
          const ap_int<29> sums_element = sums[0][lane];
          const ap_int<29> sum = (is_first_term ? ap_int<29>(0) : sums_element) + part;
          sums[0][lane] = sum;
          const ap_int<29> sums_element_2 = sums[1][lane];
          const ap_int<29> sum_2 = (is_first_term ? ap_int<29>(0) : sums_element_2) + (converted == 1 ? negated : ap_int<26>(part));
          sums[1][lane] = sum_2;
          const ap_int<29> sums_element_3 = sums[2][lane];
          const ap_int<29> sum_3 = (is_first_term ? ap_int<29>(0) : sums_element_3) + (converted_2 == 1 ? negated : ap_int<26>(part));
          sums[2][lane] = sum_3;
          const ap_int<29> sums_element_4 = sums[3][lane];
          const ap_int<29> sum_4 = (is_first_term ? ap_int<29>(0) : sums_element_4) + (converted_3 == 1 ? negated : ap_int<26>(part));
          sums[3][lane] = sum_4;
          const ap_int<29> sums_element_5 = sums[4][lane];
          const ap_int<29> sum_5 = (is_first_term ? ap_int<29>(0) : sums_element_5) + (converted_4 == 1 ? negated : ap_int<26>(part));
          sums[4][lane] = sum_5;
          const ap_int<29> sums_element_6 = sums[5][lane];
          const ap_int<29> sum_6 = (is_first_term ? ap_int<29>(0) : sums_element_6) + (converted_5 == 1 ? negated : ap_int<26>(part));
          sums[5][lane] = sum_6;
          const ap_int<29> sums_element_7 = sums[6][lane];
          const ap_int<29> sum_7 = (is_first_term ? ap_int<29>(0) : sums_element_7) + (converted_6 == 1 ? negated : ap_int<26>(part));
          sums[6][lane] = sum_7;
          const ap_int<29> sums_element_8 = sums[7][lane];
          const ap_int<29> sum_8 = (is_first_term ? ap_int<29>(0) : sums_element_8) + (converted_7 == 1 ? negated : ap_int<26>(part));
          sums[7][lane] = sum_8;
          const ap_int<29> sums_element_9 = sums[8][lane];
          const ap_int<29> sum_9 = (is_first_term ? ap_int<29>(0) : sums_element_9) + (converted_8 == 1 ? negated : ap_int<26>(part));
          sums[8][lane] = sum_9;
          const ap_int<29> sums_element_10 = sums[9][lane];
          const ap_int<29> sum_10 = (is_first_term ? ap_int<29>(0) : sums_element_10) + (converted_9 == 1 ? negated : ap_int<26>(part));
          sums[9][lane] = sum_10;
          const ap_int<29> sums_element_11 = sums[10][lane];
          const ap_int<29> sum_11 = (is_first_term ? ap_int<29>(0) : sums_element_11) + (converted_10 == 1 ? negated : ap_int<26>(part));
          sums[10][lane] = sum_11;
          const ap_int<29> sums_element_12 = sums[11][lane];
          const ap_int<29> sum_12 = (is_first_term ? ap_int<29>(0) : sums_element_12) + (converted_11 == 1 ? negated : ap_int<26>(part));
          sums[11][lane] = sum_12;
          const ap_int<29> sums_element_13 = sums[12][lane];
          const ap_int<29> sum_13 = (is_first_term ? ap_int<29>(0) : sums_element_13) + (condition ? negated : ap_int<26>(part));
          sums[12][lane] = sum_13;
          const ap_int<29> sums_element_14 = sums[13][lane];
          const ap_int<29> sum_14 = (is_first_term ? ap_int<29>(0) : sums_element_14) + (converted_12 == 1 ? negated : ap_int<26>(part));
          sums[13][lane] = sum_14;
          const ap_int<29> sums_element_15 = sums[14][lane];
          const ap_int<29> sum_15 = (is_first_term ? ap_int<29>(0) : sums_element_15) + (converted_13 == 1 ? negated : ap_int<26>(part));
          sums[14][lane] = sum_15;
          const ap_int<29> sums_element_16 = sums[15][lane];
          const ap_int<29> sum_16 = (is_first_term ? ap_int<29>(0) : sums_element_16) + (converted_14 == 1 ? negated : ap_int<26>(part));
          sums[15][lane] = sum_16;
        }
      }
    rotate_row:
      for (int row = 0; row < 16; row++) {
#pragma HLS pipeline II = 1 style = flp
        ap_uint<58> rotated_word = 0;
      rotate_lane_2:
        for (int lane_2 = 0; lane_2 < 2; lane_2++) {
#pragma HLS unroll
          const ap_int<29> sums_element_17 = sums[row][lane_2];
          rotated_word.range(lane_2 * 29 + 28, lane_2 * 29) = sums_element_17;
        }
        rotated.write(rotated_word);
      }
    }
  }
}

// ssm.quantize(rotated: 32 x fixed<29, 6>) -> rotated_q: 32 x bfp<8, 32, 5>
//   from mamba1.py:41
//   reads rotated: 16 words of 2 x fixed<29, 6> for each layer
//   writes rotated_q_tiles: 1 word of 32 x bfp<8, 32, 5> for each layer
static void quantize_4(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<58>>& rotated,
    hls::stream<ap_uint<320>>& rotated_q_tiles) {
#pragma HLS inline off
  ap_int<29> lanes[32];
#pragma HLS array_partition variable = lanes type = complete dim = 0
  const int n_tokens_2 = int(n_tokens);
  ap_uint<29> top[32];
#pragma HLS array_partition variable = top type = complete dim = 0
  ap_uint<29> top_2[16];
#pragma HLS array_partition variable = top_2 type = complete dim = 0
  ap_uint<29> top_3[8];
#pragma HLS array_partition variable = top_3 type = complete dim = 0
  ap_uint<29> top_4[4];
#pragma HLS array_partition variable = top_4 type = complete dim = 0
  ap_uint<29> top_5[2];
#pragma HLS array_partition variable = top_5 type = complete dim = 0
  ap_uint<29> top_6;
quantize_4_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  quantize_4_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    quantize_4_word:
      for (int word = 0; word < 16; word++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten off
        const ap_uint<58> rotated_word = rotated.read();
      quantize_4_lane:
        for (int lane = 0; lane < 2; lane++) {
#pragma HLS unroll
          lanes[word * 2 + lane] = ap_int<29>(rotated_word.range(lane * 29 + 28, lane * 29));
        }
        if (word == 15) {
        quantize_4_top:
          for (int top_7 = 0; top_7 < 32; top_7++) {
#pragma HLS unroll
            const ap_int<29> lanes_element = lanes[top_7];
            const ap_uint<29> magnitude = lanes_element < 0 ? ap_uint<29>(-lanes_element) : ap_uint<29>(lanes_element);
            top[top_7] = magnitude;
          }
        quantize_4_top_2:
          for (int top_8 = 0; top_8 < 16; top_8++) {
#pragma HLS unroll
            const ap_uint<29> top_element = top[top_8 * 2];
            const ap_uint<29> top_element_2 = top[top_8 * 2 + 1];
            top_2[top_8] = top_element > top_element_2 ? top_element : top_element_2;
          }
        quantize_4_top_3:
          for (int top_9 = 0; top_9 < 8; top_9++) {
#pragma HLS unroll
            const ap_uint<29> top_2_element = top_2[top_9 * 2];
            const ap_uint<29> top_2_element_2 = top_2[top_9 * 2 + 1];
            const ap_uint<29> largest = top_2_element > top_2_element_2 ? top_2_element : top_2_element_2;
            top_3[top_9] = largest;
          }
        quantize_4_top_4:
          for (int top_10 = 0; top_10 < 4; top_10++) {
#pragma HLS unroll
            const ap_uint<29> top_3_element = top_3[top_10 * 2];
            const ap_uint<29> top_3_element_2 = top_3[top_10 * 2 + 1];
            const ap_uint<29> largest_2 = top_3_element > top_3_element_2 ? top_3_element : top_3_element_2;
            top_4[top_10] = largest_2;
          }
        quantize_4_top_5:
          for (int top_11 = 0; top_11 < 2; top_11++) {
#pragma HLS unroll
            const ap_uint<29> top_4_element = top_4[top_11 * 2];
            const ap_uint<29> top_4_element_2 = top_4[top_11 * 2 + 1];
            const ap_uint<29> largest_3 = top_4_element > top_4_element_2 ? top_4_element : top_4_element_2;
            top_5[top_11] = largest_3;
          }
          const ap_uint<29> top_5_element = top_5[0];
          const ap_uint<29> top_5_element_2 = top_5[1];
          const ap_uint<29> largest_4 = top_5_element > top_5_element_2 ? top_5_element : top_5_element_2;
          top_6 = largest_4;
          const ap_uint<29> top_6_now = top_6;
          const ap_int<6> difference = ap_uint<5>(lmc::bit_length(top_6_now)) - 8;
          const ap_uint<5> largest_5 = difference > 0 ? ap_uint<5>(difference) : ap_uint<5>(0);
          const ap_uint<4> exponent = largest_5 < 15 ? ap_uint<4>(largest_5) : ap_uint<4>(15);
          ap_uint<320> word_2 = 0;
        quantize_4_round:
          for (int round = 0; round < 32; round++) {
#pragma HLS unroll
            const ap_int<29> lanes_element_2 = lanes[round];
            const ap_int<8> rounded = lmc::round_shift_saturate<8>(lanes_element_2, unsigned(ap_uint<5>(exponent + 1)));
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
          rotated_q_tiles.write(word_3);
        }
      }
    }
  }
}

extern "C" void after_dt_proj(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& dt,
    hls::stream<ap_uint<24>>& dt_bias_parameters,
    hls::stream<ap_uint<64>>& softplus_dt_table,
    hls::stream<ap_uint<64>>& exp_decay_table,
    hls::stream<ap_uint<64>>& a_parameters,
    hls::stream<ap_uint<32>>& x_copy_kept,
    hls::stream<ap_uint<32>>& b,
    hls::stream<ap_uint<32>>& c,
    hls::stream<ap_uint<16>>& d_parameters,
    hls::stream<ap_uint<32>>& ssm_state_old,
    hls::stream<ap_uint<4>>& ssm_state_exponents_old,
    hls::stream<ap_uint<32>>& ssm_state_new,
    hls::stream<ap_uint<4>>& ssm_state_exponents_new,
    hls::stream<ap_uint<64>>& silu_gate_table,
    hls::stream<ap_uint<32>>& z,
    hls::stream<ap_uint<320>>& rotated_q_tiles) {
#pragma HLS interface mode = s_axilite port = n_tokens
#pragma HLS interface mode = axis port = dt
#pragma HLS interface mode = axis port = dt_bias_parameters
#pragma HLS interface mode = axis port = softplus_dt_table
#pragma HLS interface mode = axis port = exp_decay_table
#pragma HLS interface mode = axis port = a_parameters
#pragma HLS interface mode = axis port = x_copy_kept
#pragma HLS interface mode = axis port = b
#pragma HLS interface mode = axis port = c
#pragma HLS interface mode = axis port = d_parameters
#pragma HLS interface mode = axis port = ssm_state_old
#pragma HLS interface mode = axis port = ssm_state_exponents_old
#pragma HLS interface mode = axis port = ssm_state_new
#pragma HLS interface mode = axis port = ssm_state_exponents_new
#pragma HLS interface mode = axis port = silu_gate_table
#pragma HLS interface mode = axis port = z
#pragma HLS interface mode = axis port = rotated_q_tiles
#pragma HLS interface mode = s_axilite port = return
#pragma HLS dataflow
  hls::stream<ap_uint<32>, 16> dt_3("dt_3");
#pragma HLS bind_storage variable = dt_3 type = fifo impl = srl
  hls::stream<ap_uint<48>, 16> dt_4("dt_4");
#pragma HLS bind_storage variable = dt_4 type = fifo impl = srl
  hls::stream<ap_uint<48>, 16> dt_copy("dt_copy");
#pragma HLS bind_storage variable = dt_copy type = fifo impl = srl
  hls::stream<ap_uint<48>, 16> dt_copy_2("dt_copy_2");
#pragma HLS bind_storage variable = dt_copy_2 type = fifo impl = srl
  hls::stream<ap_uint<24>, 32> dt_copy_x1("dt_copy_x1");
#pragma HLS bind_storage variable = dt_copy_x1 type = fifo impl = srl
  hls::stream<ap_uint<72>, 16> decay("decay");
#pragma HLS bind_storage variable = decay type = fifo impl = srl
  hls::stream<ap_uint<24>, 16> y_rows("y_rows");
#pragma HLS bind_storage variable = y_rows type = fifo impl = srl
  hls::stream<ap_uint<24>, 32> dt_copy_x1_2("dt_copy_x1_2");
#pragma HLS bind_storage variable = dt_copy_x1_2 type = fifo impl = srl
  hls::stream<ap_uint<16>, 32> x_copy_kept_x1("x_copy_kept_x1");
#pragma HLS bind_storage variable = x_copy_kept_x1 type = fifo impl = srl
  hls::stream<ap_uint<48>, 16> y_rows_x2("y_rows_x2");
#pragma HLS bind_storage variable = y_rows_x2 type = fifo impl = srl
  hls::stream<ap_uint<32>, 16> gate("gate");
#pragma HLS bind_storage variable = gate type = fifo impl = srl
  hls::stream<ap_uint<32>, 16> gate_kept("gate_kept");
#pragma HLS bind_storage variable = gate_kept type = fifo impl = srl
  hls::stream<ap_uint<48>, 16> gated("gated");
#pragma HLS bind_storage variable = gated type = fifo impl = srl
  hls::stream<ap_uint<58>, 16> rotated("rotated");
#pragma HLS bind_storage variable = rotated type = fifo impl = srl
  LMC_TASK(bias, n_tokens, dt, dt_bias_parameters, dt_3);
  LMC_TASK(softplus, softplus_dt_table, n_tokens, dt_3, dt_4);
  LMC_TASK(fork_dt, n_tokens, dt_4, dt_copy, dt_copy_2);
  LMC_TASK(narrow_dt_copy, n_tokens, dt_copy, dt_copy_x1);
  LMC_TASK(decay_2, exp_decay_table, n_tokens, dt_copy_x1, a_parameters, decay);
  LMC_TASK_OF(narrow_dt_copy_2, (narrow_dt_copy), n_tokens, dt_copy_2, dt_copy_x1_2);
  LMC_TASK(narrow_x_copy_kept, n_tokens, x_copy_kept, x_copy_kept_x1);
  LMC_TASK(state_update, n_tokens, b, c, dt_copy_x1_2, decay, x_copy_kept_x1, d_parameters,
      ssm_state_old, ssm_state_exponents_old, ssm_state_new, ssm_state_exponents_new, y_rows);
  LMC_TASK(widen_y_rows, n_tokens, y_rows, y_rows_x2);
  LMC_TASK(silu_2, silu_gate_table, n_tokens, z, gate);
  LMC_TASK(keep_gate, n_tokens, gate, gate_kept);
  LMC_TASK(mul, n_tokens, y_rows_x2, gate_kept, gated);
  LMC_TASK(rotate, n_tokens, gated, rotated);
  LMC_TASK(quantize_4, n_tokens, rotated, rotated_q_tiles);
  LMC_JOIN();
}
