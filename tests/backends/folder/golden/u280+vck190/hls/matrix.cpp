// Kernel matrix.
#include "decode_step.h"

// ssm.linear(normed_q: 16 x bfp<8, 16, 12>) -> xz: 64 x fixed<16, 11>
//   from mamba1.py:36 with backbone.layers.{layer}.mixer.in_proj.weight
// ssm.linear(x_q: 32 x bfp<8, 32, 10>) -> dbc: 10 x fixed<16, 10>
//   from mamba1.py:39 with backbone.layers.{layer}.mixer.x_proj.weight
// ssm.linear(dt_q: 2 x bfp<8, 2, 10>) -> dt: 32 x fixed<16, 9>
//   from mamba1.py:39 with backbone.layers.{layer}.mixer.dt_proj.weight
// ssm.linear(rotated_q: 32 x bfp<8, 32, 5>) -> out: 16 x fixed<32, 15>
//   from mamba1.py:41 with backbone.layers.{layer}.mixer.out_proj.weight
// ssm.linear(normed_q: 16 x bfp<8, 16, 12>) -> logits: 16 x fixed<32, 27>
//   from language_model.py:86 with lm_head.weight
//   reads normed_q_tiles: 1 word of 32 x bfp<8, 16, 12> for each layer
//   reads x_q_tiles: 1 word of 32 x bfp<8, 32, 10> for each layer
//   reads dt_q_tiles: 1 word of 32 x bfp<8, 2, 10> for each layer
//   reads rotated_q_tiles: 1 word of 32 x bfp<8, 32, 5> for each layer
//   reads normed_q_tiles_2: 1 word of 32 x bfp<8, 16, 12> for each token
static void gather(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<320>>& normed_q_tiles,
    hls::stream<ap_uint<320>>& activations_0,
    hls::stream<ap_uint<320>>& x_q_tiles,
    hls::stream<ap_uint<320>>& dt_q_tiles,
    hls::stream<ap_uint<320>>& rotated_q_tiles,
    ap_uint<32> n_logits,
    hls::stream<ap_uint<320>>& normed_q_tiles_2) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
  const int n_logits_2 = int(n_logits);
gather_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  gather_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
      activations_0.write(normed_q_tiles.read());
      activations_0.write(x_q_tiles.read());
      activations_0.write(dt_q_tiles.read());
      activations_0.write(rotated_q_tiles.read());
    }
    if (token + n_logits_2 >= n_tokens_2) {
      activations_0.write(normed_q_tiles_2.read());
    }
  }
}

static void read_weights_0(
    ap_uint<32> n_tokens,
    hls::burst_maxi<ap_uint<512>> weights_0,
    hls::stream<ap_uint<512>>& lane_words_0,
    ap_uint<32> n_logits) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
  const int n_logits_2 = int(n_logits);
read_weights_0_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
    weights_0.read_request(0, 94);
  read_weights_0_layers:
    for (int word = 0; word < 94; word++) {
#pragma HLS pipeline II = 1
      lane_words_0.write(weights_0.read());
    }
    if ((token + n_logits_2 >= n_tokens_2 ? 9 : 0) > 0) {
      weights_0.read_request(94, token + n_logits_2 >= n_tokens_2 ? 9 : 0);
    read_weights_0_final:
      for (int word_2 = 0; word_2 < (token + n_logits_2 >= n_tokens_2 ? 9 : 0); word_2++) {
#pragma HLS pipeline II = 1
        lane_words_0.write(weights_0.read());
      }
    }
  }
}

static void deal_0(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<512>>& lane_words_0,
    hls::stream<ap_uint<512>>& scale_words_0,
    hls::stream<ap_uint<512>>& weight_words_0,
    ap_uint<32> n_logits) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
  const int n_logits_2 = int(n_logits);
deal_0_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  deal_0_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    deal_0_word:
      for (int word = 0; word < 12; word++) {
#pragma HLS pipeline II = 1 style = flp
        const ap_uint<512> lane_words_0_word = lane_words_0.read();
        if (word == 0) {
          scale_words_0.write(lane_words_0_word);
        } else {
          weight_words_0.write(lane_words_0_word);
        }
      }
    deal_0_word_2:
      for (int word_2 = 0; word_2 < 6; word_2++) {
#pragma HLS pipeline II = 1 style = flp
        const ap_uint<512> lane_words_0_word_2 = lane_words_0.read();
        if (word_2 == 0) {
          scale_words_0.write(lane_words_0_word_2);
        } else {
          weight_words_0.write(lane_words_0_word_2);
        }
      }
    deal_0_word_3:
      for (int word_3 = 0; word_3 < 7; word_3++) {
#pragma HLS pipeline II = 1 style = flp
        const ap_uint<512> lane_words_0_word_3 = lane_words_0.read();
        if (word_3 == 0) {
          scale_words_0.write(lane_words_0_word_3);
        } else {
          weight_words_0.write(lane_words_0_word_3);
        }
      }
    deal_0_word_4:
      for (int word_4 = 0; word_4 < 17; word_4++) {
#pragma HLS pipeline II = 1 style = flp
        const ap_uint<512> lane_words_0_word_4 = lane_words_0.read();
        if (word_4 == 0) {
          scale_words_0.write(lane_words_0_word_4);
        } else {
          weight_words_0.write(lane_words_0_word_4);
        }
      }
    deal_0_word_5:
      for (int word_5 = 0; word_5 < 5; word_5++) {
#pragma HLS pipeline II = 1 style = flp
        const ap_uint<512> lane_words_0_word_5 = lane_words_0.read();
        if (word_5 == 0) {
          scale_words_0.write(lane_words_0_word_5);
        } else {
          weight_words_0.write(lane_words_0_word_5);
        }
      }
    }
    if (token + n_logits_2 >= n_tokens_2) {
    deal_0_word_6:
      for (int word_6 = 0; word_6 < 9; word_6++) {
#pragma HLS pipeline II = 1 style = flp
        const ap_uint<512> lane_words_0_word_6 = lane_words_0.read();
        if (word_6 == 0) {
          scale_words_0.write(lane_words_0_word_6);
        } else {
          weight_words_0.write(lane_words_0_word_6);
        }
      }
    }
  }
}

static void deal_scales_0(
    ap_uint<32> n_tokens,
    ap_uint<32> n_logits,
    hls::stream<ap_uint<512>>& scale_words_0,
    hls::stream<ap_uint<44>>& scales_0) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
  const int n_logits_2 = int(n_logits);
  ap_uint<512> word;
  ap_uint<31> next_token = 0;
  ap_uint<4> next_phase = 0;
  ap_uint<1> next_word = 0;
  ap_uint<4> next_lane = 0;
  bool more = n_tokens_2 > 0;
deal_scales_0_lane:
  while (more) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
    const int token = int(next_token);
    const int phase = int(next_phase);
    const int chosen = phase < 8 ? (phase % 4) : (phase - 4);
    const int chosen_2 = chosen == 0 ? 16 : (chosen == 1 ? 3 : (chosen == 2 ? 8 : 4));
    const int word_2 = int(next_word);
    const int lane = int(next_lane);
    ap_uint<512> scale_words_0_word;
    if (lane == 0) {
      scale_words_0_word = scale_words_0.read();
    } else {
      scale_words_0_word = word;
    }
    ap_uint<512> word_3;
    word_3.range(467, 0) = ap_uint<468>(scale_words_0_word.range(511, 44));
    word_3.range(511, 468) = ap_uint<44>(0);
    word = word_3;
    if (word_2 * 11 + lane < chosen_2) {
      scales_0.write(ap_uint<44>(scale_words_0_word.range(43, 0)));
    }
    if (lane + 1 < 11) {
      next_lane = lane + 1;
    } else {
      next_lane = 0;
      if (word_2 + 1 < (chosen == 0 ? 2 : 1)) {
        next_word = word_2 + 1;
      } else {
        next_word = 0;
        if (phase + 1 < (token + n_logits_2 >= n_tokens_2 ? 9 : 8)) {
          next_phase = phase + 1;
        } else {
          next_phase = 0;
          if (token + 1 < n_tokens_2) {
            next_token = token + 1;
          } else {
            more = false;
          }
        }
      }
    }
  }
}

// ssm.linear(normed_q: 16 x bfp<8, 16, 12>) -> xz: 64 x fixed<16, 11>
//   from mamba1.py:36 with backbone.layers.{layer}.mixer.in_proj.weight
// ssm.linear(x_q: 32 x bfp<8, 32, 10>) -> dbc: 10 x fixed<16, 10>
//   from mamba1.py:39 with backbone.layers.{layer}.mixer.x_proj.weight
// ssm.linear(dt_q: 2 x bfp<8, 2, 10>) -> dt: 32 x fixed<16, 9>
//   from mamba1.py:39 with backbone.layers.{layer}.mixer.dt_proj.weight
// ssm.linear(rotated_q: 32 x bfp<8, 32, 5>) -> out: 16 x fixed<32, 15>
//   from mamba1.py:41 with backbone.layers.{layer}.mixer.out_proj.weight
// ssm.linear(normed_q: 16 x bfp<8, 16, 12>) -> logits: 16 x fixed<32, 27>
//   from language_model.py:86 with lm_head.weight
static void lane_0(
    ap_uint<32> n_tokens,
    ap_uint<32> n_logits,
    hls::stream<ap_uint<320>>& activations_0,
    hls::stream<ap_uint<44>>& scales_0,
    hls::stream<ap_uint<512>>& weight_words_0,
    hls::stream<ap_uint<200>>& rows_0) {
#pragma HLS inline off
  ap_uint<44> held_scales;
  ap_int<50> accumulators[1][4];
#pragma HLS array_partition variable = accumulators type = complete dim = 0
  ap_uint<320> activation[1];
#pragma HLS bind_storage variable = activation type = ram_2p impl = lutram
  const int n_tokens_2 = int(n_tokens);
  const int n_logits_2 = int(n_logits);
lane_0_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  lane_0_phase:
    for (int phase = 0; phase < (token + n_logits_2 >= n_tokens_2 ? 9 : 8); phase++) {
#pragma HLS pipeline off
      const int chosen = phase < 8 ? (phase % 4) : (phase - 4);
      const ap_uint<320> activations_0_word = activations_0.read();
      activation[0] = activations_0_word;
      const int plane_count = (chosen == 0 || chosen == 3) ? 1 : 2;
      const int block_count = chosen == 0 ? 16 : (chosen == 1 ? 3 : (chosen == 2 ? 8 : 4));
      ap_uint<4> next_block = 0;
      ap_uint<1> next_plane = 0;
      bool more = block_count > 0;
    lane_0_plane:
      while (more) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
        const int block = int(next_block);
        const int plane = int(next_plane);
        const bool begins_group = plane == 0;
        ap_uint<44> row_scales;
        if (begins_group) {
          row_scales = scales_0.read();
        } else {
          row_scales = held_scales;
        }
        held_scales = row_scales;
        const ap_uint<512> weight_words_0_word = weight_words_0.read();
        const ap_uint<320> activation_now = activation[0];
        const bool is_low_nibble = plane + 1 < plane_count;
        const bool is_high_nibble = plane > 0;
        ap_uint<200> rows_0_word = 0;
      lane_0_row:
        for (int row = 0; row < 2; row++) {
#pragma HLS unroll
          const int place = row * 2;
          ap_int<33> sum = 0;
          ap_int<33> sum_2 = 0;
        lane_0_exponent_block:
          for (int exponent_block = 0; exponent_block < 16; exponent_block++) {
#pragma HLS unroll
            ap_int<29> total = 0;
          lane_0_input:
            for (int input = 0; input < 2; input++) {
#pragma HLS unroll
#pragma HLS expression_balance off
              const int first_bit = (row * 64 + (exponent_block * 2 + input)) * 4;
              const ap_uint<4> weight_words_0_element = weight_words_0_word.range(first_bit + 3, first_bit);
              const ap_int<4> weight_words_0_element_2 = weight_words_0_word.range(first_bit + 3, first_bit);
              const ap_int<5> chosen_2 = is_low_nibble ? ap_int<5>(weight_words_0_element) : ap_int<5>(weight_words_0_element_2);
              const int first_bit_2 = ((place + 1) * 32 + (exponent_block * 2 + input)) * 4;
              const ap_uint<4> weight_words_0_element_3 = weight_words_0_word.range(first_bit_2 + 3, first_bit_2);
              const ap_int<4> weight_words_0_element_4 = weight_words_0_word.range(first_bit_2 + 3, first_bit_2);
              const ap_int<5> chosen_3 = is_low_nibble ? ap_int<5>(weight_words_0_element_3) : ap_int<5>(weight_words_0_element_4);
              const int first_bit_3 = (exponent_block * 2 + input) * 8;
              const ap_int<8> part = activation_now.range(first_bit_3 + 7, first_bit_3);
              const ap_int<20> sum_3 = chosen_2 + ap_int<19>(ap_int<19>(chosen_3) << 14);
              total = ap_int<29>(total + ap_int<28>(sum_3 * part));
            }
            const ap_int<15> sum_4 = ap_int<15>(ap_int<29>(total >> 14)) + ap_uint<1>(total.range(13, 13));
            const int first_bit_4 = exponent_block * 4 + 256;
            const ap_uint<4> shift = activation_now.range(first_bit_4 + 3, first_bit_4);
            const int first_bit_5 = exponent_block * 4 + 256;
            const ap_uint<4> shift_2 = activation_now.range(first_bit_5 + 3, first_bit_5);
            const ap_int<29> shifted = ap_int<29>(ap_int<14>(sum_4)) << unsigned(shift_2);
            const ap_int<33> sum_5 = sum + ap_int<29>(ap_int<29>(ap_int<14>(total)) << unsigned(shift));
            const ap_int<33> next_sum = sum_5;
            const ap_int<33> next_sum_2 = ap_int<33>(sum_2 + shifted);
            sum = next_sum;
            sum_2 = next_sum_2;
          }
          const ap_int<37> shifted_2 = ap_int<37>(sum) << unsigned(is_high_nibble ? 4 : 0);
          const int first_bit_6 = row * 22;
          const ap_uint<8> mantissa = row_scales.range(first_bit_6 + 7, first_bit_6);
          const int first_bit_7 = first_bit_6 + 8;
          const ap_uint<3> exponent = row_scales.range(first_bit_7 + 2, first_bit_7);
          const ap_int<45> product = shifted_2 * mantissa;
#pragma HLS bind_op variable = product op = mul impl = dsp
          const ap_int<50> term = ap_int<50>(product) << unsigned(exponent);
          const ap_int<50> accumulators_element = accumulators[0][place];
          const ap_int<50> row_sum = (begins_group ? ap_int<50>(0) : accumulators_element) + term;
          accumulators[0][place] = row_sum;
          rows_0_word.range(row * 100 + 49, row * 100) = row_sum;
          const int place_2 = place + 1;
          const ap_int<37> shifted_3 = ap_int<37>(sum_2) << unsigned(is_high_nibble ? 4 : 0);
          const int first_bit_8 = place_2 * 11;
          const ap_uint<8> mantissa_2 = row_scales.range(first_bit_8 + 7, first_bit_8);
          const int first_bit_9 = first_bit_8 + 8;
          const ap_uint<3> exponent_2 = row_scales.range(first_bit_9 + 2, first_bit_9);
          const ap_int<45> product_2 = shifted_3 * mantissa_2;
#pragma HLS bind_op variable = product_2 op = mul impl = dsp
          const ap_int<50> term_2 = ap_int<50>(product_2) << unsigned(exponent_2);
          const ap_int<50> accumulators_element_2 = accumulators[0][place_2];
          const ap_int<50> row_sum_2 = (begins_group ? ap_int<50>(0) : accumulators_element_2) + term_2;
          accumulators[0][place_2] = row_sum_2;
          rows_0_word.range(place_2 * 50 + 49, place_2 * 50) = row_sum_2;
        }
        const bool ends_row = plane == plane_count - 1;
        if (ends_row) {
          rows_0.write(rows_0_word);
        }
        if (plane + 1 < plane_count) {
          next_plane = plane + 1;
        } else {
          next_plane = 0;
          if (block + 1 < block_count) {
            next_block = block + 1;
          } else {
            more = false;
          }
        }
      }
    }
  }
}

// ssm.linear(normed_q: 16 x bfp<8, 16, 12>) -> xz: 64 x fixed<16, 11>
//   from mamba1.py:36 with backbone.layers.{layer}.mixer.in_proj.weight
// ssm.linear(x_q: 32 x bfp<8, 32, 10>) -> dbc: 10 x fixed<16, 10>
//   from mamba1.py:39 with backbone.layers.{layer}.mixer.x_proj.weight
// ssm.linear(dt_q: 2 x bfp<8, 2, 10>) -> dt: 32 x fixed<16, 9>
//   from mamba1.py:39 with backbone.layers.{layer}.mixer.dt_proj.weight
// ssm.linear(rotated_q: 32 x bfp<8, 32, 5>) -> out: 16 x fixed<32, 15>
//   from mamba1.py:41 with backbone.layers.{layer}.mixer.out_proj.weight
// ssm.linear(normed_q: 16 x bfp<8, 16, 12>) -> logits: 16 x fixed<32, 27>
//   from language_model.py:86 with lm_head.weight
static void join_rows(
    ap_uint<32> n_tokens,
    ap_uint<32> n_logits,
    hls::stream<ap_uint<200>>& rows_0,
    hls::stream<ap_uint<64>>& row_words) {
#pragma HLS inline off
  ap_uint<128> rows;
  const int n_tokens_2 = int(n_tokens);
  const int n_logits_2 = int(n_logits);
join_rows_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  join_rows_phase:
    for (int phase = 0; phase < (token + n_logits_2 >= n_tokens_2 ? 9 : 8); phase++) {
#pragma HLS pipeline off
      const int chosen = phase < 8 ? (phase % 4) : (phase - 4);
      const int chosen_2 = chosen == 0 ? 32 : (chosen == 1 ? 5 : (chosen == 2 ? 16 : 8));
      const int shift = chosen == 0 ? 18 : ((chosen == 1 || chosen == 2) ? 21 : (chosen == 3 ? 10 : 6));
      const int block_count = chosen == 0 ? 16 : (chosen == 1 ? 3 : (chosen == 2 ? 8 : 4));
    join_rows_block:
      for (int block = 0; block < block_count; block++) {
#pragma HLS loop_flatten off
      join_rows_part:
        for (int part = 0; part < 2; part++) {
#pragma HLS pipeline II = 1 style = flp
#pragma HLS loop_flatten
          ap_uint<128> chosen_3;
          if (part == 0) {
            const ap_uint<200> rows_0_word = rows_0.read();
            ap_uint<128> word = 0;
          join_rows_lane:
            for (int lane = 0; lane < 4; lane++) {
#pragma HLS unroll
              const ap_int<32> rounded = lmc::round_shift_saturate<32>(ap_int<50>(rows_0_word.range(lane * 50 + 49, lane * 50)), unsigned(shift));
              word.range(lane * 32 + 31, lane * 32) = rounded;
            }
            chosen_3 = word;
          } else {
            chosen_3 = rows;
          }
          rows = chosen_3;
          if (block * 2 + part < chosen_2) {
            row_words.write(ap_uint<64>(chosen_3.range(part * 64 + 63, part * 64)));
          }
        }
      }
    }
  }
}

// ssm.linear(normed_q: 16 x bfp<8, 16, 12>) -> xz: 64 x fixed<16, 11>
//   from mamba1.py:36 with backbone.layers.{layer}.mixer.in_proj.weight
// ssm.linear(x_q: 32 x bfp<8, 32, 10>) -> dbc: 10 x fixed<16, 10>
//   from mamba1.py:39 with backbone.layers.{layer}.mixer.x_proj.weight
// ssm.linear(dt_q: 2 x bfp<8, 2, 10>) -> dt: 32 x fixed<16, 9>
//   from mamba1.py:39 with backbone.layers.{layer}.mixer.dt_proj.weight
// ssm.linear(rotated_q: 32 x bfp<8, 32, 5>) -> out: 16 x fixed<32, 15>
//   from mamba1.py:41 with backbone.layers.{layer}.mixer.out_proj.weight
// ssm.linear(normed_q: 16 x bfp<8, 16, 12>) -> logits: 16 x fixed<32, 27>
//   from language_model.py:86 with lm_head.weight
//   writes xz: 32 words of 2 x fixed<16, 11> for each layer
//   writes dbc: 5 words of 2 x fixed<16, 10> for each layer
//   writes dt: 16 words of 2 x fixed<16, 9> for each layer
//   writes out: 8 words of 2 x fixed<32, 15> for each layer
//   writes logits_2: 8 words of 2 x fixed<32, 27> for each token
static void scatter(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<64>>& row_words,
    hls::stream<ap_uint<32>>& xz,
    hls::stream<ap_uint<32>>& dbc,
    hls::stream<ap_uint<32>>& dt,
    hls::stream<ap_uint<64>>& out,
    ap_uint<32> n_logits,
    hls::stream<ap_uint<64>>& logits_2) {
#pragma HLS inline off
  const int n_tokens_2 = int(n_tokens);
  const int n_logits_2 = int(n_logits);
scatter_token:
  for (int token = 0; token < n_tokens_2; token++) {
#pragma HLS pipeline off
  scatter_layer:
    for (int layer = 0; layer < 2; layer++) {
#pragma HLS pipeline off
    scatter_in_proj_word:
      for (int in_proj_word = 0; in_proj_word < 32; in_proj_word++) {
#pragma HLS pipeline II = 1 style = flp
        const ap_uint<64> row_words_word = row_words.read();
        ap_uint<32> xz_word = 0;
      scatter_lane:
        for (int lane = 0; lane < 2; lane++) {
#pragma HLS unroll
          const ap_int<16> rounded = lmc::round_shift_saturate<16>(ap_int<32>(row_words_word.range(lane * 32 + 31, lane * 32)), 0);
          xz_word.range(lane * 16 + 15, lane * 16) = rounded;
        }
        xz.write(xz_word);
      }
    scatter_x_proj_word:
      for (int x_proj_word = 0; x_proj_word < 5; x_proj_word++) {
#pragma HLS pipeline II = 1 style = flp
        const ap_uint<64> row_words_word_2 = row_words.read();
        ap_uint<32> dbc_word = 0;
      scatter_lane_2:
        for (int lane_2 = 0; lane_2 < 2; lane_2++) {
#pragma HLS unroll
          const ap_int<32> part = row_words_word_2.range(lane_2 * 32 + 31, lane_2 * 32);
          const ap_int<16> rounded_2 = lmc::round_shift_saturate<16>(part, 0);
          dbc_word.range(lane_2 * 16 + 15, lane_2 * 16) = rounded_2;
        }
        dbc.write(dbc_word);
      }
    scatter_dt_proj_word:
      for (int dt_proj_word = 0; dt_proj_word < 16; dt_proj_word++) {
#pragma HLS pipeline II = 1 style = flp
        const ap_uint<64> row_words_word_3 = row_words.read();
        ap_uint<32> dt_word = 0;
      scatter_lane_3:
        for (int lane_3 = 0; lane_3 < 2; lane_3++) {
#pragma HLS unroll
          const ap_int<32> part_2 = row_words_word_3.range(lane_3 * 32 + 31, lane_3 * 32);
          const ap_int<16> rounded_3 = lmc::round_shift_saturate<16>(part_2, 0);
          dt_word.range(lane_3 * 16 + 15, lane_3 * 16) = rounded_3;
        }
        dt.write(dt_word);
      }
    scatter_out_proj_word:
      for (int out_proj_word = 0; out_proj_word < 8; out_proj_word++) {
#pragma HLS pipeline II = 1 style = flp
        const ap_uint<64> row_words_word_4 = row_words.read();
        ap_uint<64> out_word = 0;
      scatter_lane_4:
        for (int lane_4 = 0; lane_4 < 2; lane_4++) {
#pragma HLS unroll
          const ap_int<32> part_3 = row_words_word_4.range(lane_4 * 32 + 31, lane_4 * 32);
          out_word.range(lane_4 * 32 + 31, lane_4 * 32) = part_3;
        }
        out.write(out_word);
      }
    }
    if (token + n_logits_2 >= n_tokens_2) {
    scatter_lm_head_word:
      for (int lm_head_word = 0; lm_head_word < 8; lm_head_word++) {
#pragma HLS pipeline II = 1 style = flp
        const ap_uint<64> row_words_word_5 = row_words.read();
        ap_uint<64> logits_2_word = 0;
      scatter_lane_5:
        for (int lane_5 = 0; lane_5 < 2; lane_5++) {
#pragma HLS unroll
          const ap_int<32> part_4 = row_words_word_5.range(lane_5 * 32 + 31, lane_5 * 32);
          logits_2_word.range(lane_5 * 32 + 31, lane_5 * 32) = part_4;
        }
        logits_2.write(logits_2_word);
      }
    }
  }
}

extern "C" void matrix(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<320>>& normed_q_tiles,
    hls::stream<ap_uint<320>>& x_q_tiles,
    hls::stream<ap_uint<320>>& dt_q_tiles,
    hls::stream<ap_uint<320>>& rotated_q_tiles,
    ap_uint<32> n_logits,
    hls::stream<ap_uint<320>>& normed_q_tiles_2,
    hls::burst_maxi<ap_uint<512>> weights_0,
    hls::stream<ap_uint<32>>& xz,
    hls::stream<ap_uint<32>>& dbc,
    hls::stream<ap_uint<32>>& dt,
    hls::stream<ap_uint<64>>& out,
    hls::stream<ap_uint<64>>& logits_2) {
#pragma HLS interface mode = s_axilite port = n_tokens
#pragma HLS interface mode = axis port = normed_q_tiles
#pragma HLS interface mode = axis port = x_q_tiles
#pragma HLS interface mode = axis port = dt_q_tiles
#pragma HLS interface mode = axis port = rotated_q_tiles
#pragma HLS interface mode = s_axilite port = n_logits
#pragma HLS interface mode = axis port = normed_q_tiles_2
#pragma HLS interface mode = m_axi port = weights_0 offset = slave bundle = gmem_weights_0 depth = 103 max_read_burst_length = 16 num_read_outstanding = 16
#pragma HLS interface mode = s_axilite port = weights_0
#pragma HLS interface mode = axis port = xz
#pragma HLS interface mode = axis port = dbc
#pragma HLS interface mode = axis port = dt
#pragma HLS interface mode = axis port = out
#pragma HLS interface mode = axis port = logits_2
#pragma HLS interface mode = s_axilite port = return
#pragma HLS dataflow
  hls::stream<ap_uint<320>, 4> activations_0("activations_0");
#pragma HLS bind_storage variable = activations_0 type = fifo impl = srl
  hls::stream<ap_uint<512>, 4096> lane_words_0("lane_words_0");
#pragma HLS bind_storage variable = lane_words_0 type = fifo impl = uram
  hls::stream<ap_uint<512>, 16> weight_words_0("weight_words_0");
#pragma HLS bind_storage variable = weight_words_0 type = fifo impl = srl
  hls::stream<ap_uint<512>, 16> scale_words_0("scale_words_0");
#pragma HLS bind_storage variable = scale_words_0 type = fifo impl = srl
  hls::stream<ap_uint<44>, 20> scales_0("scales_0");
#pragma HLS bind_storage variable = scales_0 type = fifo impl = srl
  hls::stream<ap_uint<200>, 16> rows_0("rows_0");
#pragma HLS bind_storage variable = rows_0 type = fifo impl = srl
  hls::stream<ap_uint<64>, 16> row_words("row_words");
#pragma HLS bind_storage variable = row_words type = fifo impl = srl
  LMC_TASK(gather, n_tokens, normed_q_tiles, activations_0, x_q_tiles, dt_q_tiles,
      rotated_q_tiles, n_logits, normed_q_tiles_2);
  LMC_TASK(read_weights_0, n_tokens, weights_0, lane_words_0, n_logits);
  LMC_TASK(deal_0, n_tokens, lane_words_0, scale_words_0, weight_words_0, n_logits);
  LMC_TASK(deal_scales_0, n_tokens, n_logits, scale_words_0, scales_0);
  LMC_TASK(lane_0, n_tokens, n_logits, activations_0, scales_0, weight_words_0, rows_0);
  LMC_TASK(join_rows, n_tokens, n_logits, rows_0, row_words);
  LMC_TASK(scatter, n_tokens, row_words, xz, dbc, dt, out, n_logits, logits_2);
  LMC_JOIN();
}
