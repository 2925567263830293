// ssm.quantize(x: 32 x fixed<16, 10>) -> x_q: 32 x bfp<8, 32, 10>
//   from mamba1.py:39
//   reads x_copy_2: 16 words of 2 x fixed<16, 10> for each layer
//   writes x_q_tiles: 1 word of 32 x bfp<8, 32, 10> for each layer
module quantize_2 (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic x_copy_2_valid,
    output logic x_copy_2_ready,
    input  logic [31:0] x_copy_2_data,
    output logic x_q_tiles_valid,
    input  logic x_q_tiles_ready,
    output logic [319:0] x_q_tiles_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_QUANTIZE_2_TOKEN,
    ROUND_QUANTIZE_2_LAYER,
    START_QUANTIZE_2_WORD,
    RUN_QUANTIZE_2_WORD
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic signed [15:0] lanes[32];
  logic [6:0] quantize_2_word_go;
  logic quantize_2_word_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_quantize_2_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_quantize_2_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_quantize_2_layer = next_layer < 2'd2;

  // Pipeline quantize_2_word: 7 stages
  logic [6:0] quantize_2_word_ok, quantize_2_word_unused_valid;
  logic quantize_2_word_is_last;
  logic [3:0] word;
  wire logic is_last_word_2 = word == 4'd15;
  assign quantize_2_word_is_last = is_last_word_2;
  logic signed [15:0] lanes_element_0, lanes_element_1, lanes_element_2, lanes_element_3,
      lanes_element_4, lanes_element_5, lanes_element_6, lanes_element_7, lanes_element_8,
      lanes_element_9, lanes_element_10, lanes_element_11, lanes_element_12, lanes_element_13,
      lanes_element_14, lanes_element_15, lanes_element_16, lanes_element_17, lanes_element_18,
      lanes_element_19, lanes_element_20, lanes_element_21, lanes_element_22, lanes_element_23,
      lanes_element_24, lanes_element_25, lanes_element_26, lanes_element_27, lanes_element_28,
      lanes_element_29, lanes_element_30, lanes_element_31;
  logic is_last_word_s1, is_last_word_s2, is_last_word_s3, is_last_word_s4, is_last_word_s5,
      is_last_word_s6;
  logic signed [15:0] lanes_element_0_3_s1, lanes_element_0_3_s6, lanes_element_1_3_s1,
      lanes_element_1_3_s6, lanes_element_2_3_s1, lanes_element_2_3_s6, lanes_element_3_3_s1,
      lanes_element_3_3_s6, lanes_element_4_3_s1, lanes_element_4_3_s6, lanes_element_5_3_s1,
      lanes_element_5_3_s6, lanes_element_6_3_s1, lanes_element_6_3_s6, lanes_element_7_3_s1,
      lanes_element_7_3_s6, lanes_element_8_3_s1, lanes_element_8_3_s6, lanes_element_9_3_s1,
      lanes_element_9_3_s6, lanes_element_10_3_s1, lanes_element_10_3_s6, lanes_element_11_3_s1,
      lanes_element_11_3_s6, lanes_element_12_3_s1, lanes_element_12_3_s6, lanes_element_13_3_s1,
      lanes_element_13_3_s6, lanes_element_14_3_s1, lanes_element_14_3_s6, lanes_element_15_3_s1,
      lanes_element_15_3_s6, lanes_element_16_3_s1, lanes_element_16_3_s6, lanes_element_17_3_s1,
      lanes_element_17_3_s6, lanes_element_18_3_s1, lanes_element_18_3_s6, lanes_element_19_3_s1,
      lanes_element_19_3_s6, lanes_element_20_3_s1, lanes_element_20_3_s6, lanes_element_21_3_s1,
      lanes_element_21_3_s6, lanes_element_22_3_s1, lanes_element_22_3_s6, lanes_element_23_3_s1,
      lanes_element_23_3_s6, lanes_element_24_3_s1, lanes_element_24_3_s6, lanes_element_25_3_s1,
      lanes_element_25_3_s6, lanes_element_26_3_s1, lanes_element_26_3_s6, lanes_element_27_3_s1,
      lanes_element_27_3_s6, lanes_element_28_3_s1, lanes_element_28_3_s6, lanes_element_29_3_s1,
      lanes_element_29_3_s6, lanes_element_30_3_s1, lanes_element_30_3_s6, lanes_element_31_3_s1,
      lanes_element_31_3_s6;
  logic [15:0] largest_0_s2, largest_1_s2, largest_2_s2, largest_3_s2, largest_4_s2, largest_5_s2,
      largest_6_s2, largest_7_s2, largest_8_s2, largest_9_s2, largest_10_s2, largest_11_s2,
      largest_12_s2, largest_13_s2, largest_14_s2, largest_15_s2, largest_0_3_s3, largest_1_3_s3,
      largest_2_3_s3, largest_3_3_s3, largest_s4;
  logic [4:0] bit_count_s5;
  logic [3:0] largest_16_s6;
  logic [31:0] x_copy_2_word;
  assign x_copy_2_word = x_copy_2_data;

  // Stage 0
  // mamba1.py:39
  wire logic signed [15:0] x_copy_2_element_0 = signed'(x_copy_2_word[15:0]);
  wire logic [4:0] offset_0 = 5'(word) * 5'd2;
  wire logic signed [15:0] x_copy_2_element_1 = signed'(x_copy_2_word[31:16]);
  wire logic [4:0] place_1 = offset_0 + 5'd1;
  wire logic is_last_word = word == 4'd15;
  wire logic lanes_element_0_2 = offset_0 == 5'd0;
  wire logic signed [15:0] lanes_element_0_3 = lanes_element_0_2 ? x_copy_2_element_0 :
      lanes_element_0;
  wire logic lanes_element_1_2 = place_1 == 5'd1;
  wire logic signed [15:0] lanes_element_1_3 = lanes_element_1_2 ? x_copy_2_element_1 :
      lanes_element_1;
  wire logic lanes_element_2_2 = offset_0 == 5'd2;
  wire logic signed [15:0] lanes_element_2_3 = lanes_element_2_2 ? x_copy_2_element_0 :
      lanes_element_2;
  wire logic lanes_element_3_2 = place_1 == 5'd3;
  wire logic signed [15:0] lanes_element_3_3 = lanes_element_3_2 ? x_copy_2_element_1 :
      lanes_element_3;
  wire logic lanes_element_4_2 = offset_0 == 5'd4;
  wire logic signed [15:0] lanes_element_4_3 = lanes_element_4_2 ? x_copy_2_element_0 :
      lanes_element_4;
  wire logic lanes_element_5_2 = place_1 == 5'd5;
  wire logic signed [15:0] lanes_element_5_3 = lanes_element_5_2 ? x_copy_2_element_1 :
      lanes_element_5;
  wire logic lanes_element_6_2 = offset_0 == 5'd6;
  wire logic signed [15:0] lanes_element_6_3 = lanes_element_6_2 ? x_copy_2_element_0 :
      lanes_element_6;
  wire logic lanes_element_7_2 = place_1 == 5'd7;
  wire logic signed [15:0] lanes_element_7_3 = lanes_element_7_2 ? x_copy_2_element_1 :
      lanes_element_7;
  wire logic lanes_element_8_2 = offset_0 == 5'd8;
  wire logic signed [15:0] lanes_element_8_3 = lanes_element_8_2 ? x_copy_2_element_0 :
      lanes_element_8;
  wire logic lanes_element_9_2 = place_1 == 5'd9;
  wire logic signed [15:0] lanes_element_9_3 = lanes_element_9_2 ? x_copy_2_element_1 :
      lanes_element_9;
  wire logic lanes_element_10_2 = offset_0 == 5'd10;
  wire logic signed [15:0] lanes_element_10_3 = lanes_element_10_2 ? x_copy_2_element_0 :
      lanes_element_10;
  wire logic lanes_element_11_2 = place_1 == 5'd11;
  wire logic signed [15:0] lanes_element_11_3 = lanes_element_11_2 ? x_copy_2_element_1 :
      lanes_element_11;
  wire logic lanes_element_12_2 = offset_0 == 5'd12;
  wire logic signed [15:0] lanes_element_12_3 = lanes_element_12_2 ? x_copy_2_element_0 :
      lanes_element_12;
  wire logic lanes_element_13_2 = place_1 == 5'd13;
  wire logic signed [15:0] lanes_element_13_3 = lanes_element_13_2 ? x_copy_2_element_1 :
      lanes_element_13;
  wire logic lanes_element_14_2 = offset_0 == 5'd14;
  wire logic signed [15:0] lanes_element_14_3 = lanes_element_14_2 ? x_copy_2_element_0 :
      lanes_element_14;
  wire logic lanes_element_15_2 = place_1 == 5'd15;
  wire logic signed [15:0] lanes_element_15_3 = lanes_element_15_2 ? x_copy_2_element_1 :
      lanes_element_15;
  wire logic lanes_element_16_2 = offset_0 == 5'd16;
  wire logic signed [15:0] lanes_element_16_3 = lanes_element_16_2 ? x_copy_2_element_0 :
      lanes_element_16;
  wire logic lanes_element_17_2 = place_1 == 5'd17;
  wire logic signed [15:0] lanes_element_17_3 = lanes_element_17_2 ? x_copy_2_element_1 :
      lanes_element_17;
  wire logic lanes_element_18_2 = offset_0 == 5'd18;
  wire logic signed [15:0] lanes_element_18_3 = lanes_element_18_2 ? x_copy_2_element_0 :
      lanes_element_18;
  wire logic lanes_element_19_2 = place_1 == 5'd19;
  wire logic signed [15:0] lanes_element_19_3 = lanes_element_19_2 ? x_copy_2_element_1 :
      lanes_element_19;
  wire logic lanes_element_20_2 = offset_0 == 5'd20;
  wire logic signed [15:0] lanes_element_20_3 = lanes_element_20_2 ? x_copy_2_element_0 :
      lanes_element_20;
  wire logic lanes_element_21_2 = place_1 == 5'd21;
  wire logic signed [15:0] lanes_element_21_3 = lanes_element_21_2 ? x_copy_2_element_1 :
      lanes_element_21;
  wire logic lanes_element_22_2 = offset_0 == 5'd22;
  wire logic signed [15:0] lanes_element_22_3 = lanes_element_22_2 ? x_copy_2_element_0 :
      lanes_element_22;
  wire logic lanes_element_23_2 = place_1 == 5'd23;
  wire logic signed [15:0] lanes_element_23_3 = lanes_element_23_2 ? x_copy_2_element_1 :
      lanes_element_23;
  wire logic lanes_element_24_2 = offset_0 == 5'd24;
  wire logic signed [15:0] lanes_element_24_3 = lanes_element_24_2 ? x_copy_2_element_0 :
      lanes_element_24;
  wire logic lanes_element_25_2 = place_1 == 5'd25;
  wire logic signed [15:0] lanes_element_25_3 = lanes_element_25_2 ? x_copy_2_element_1 :
      lanes_element_25;
  wire logic lanes_element_26_2 = offset_0 == 5'd26;
  wire logic signed [15:0] lanes_element_26_3 = lanes_element_26_2 ? x_copy_2_element_0 :
      lanes_element_26;
  wire logic lanes_element_27_2 = place_1 == 5'd27;
  wire logic signed [15:0] lanes_element_27_3 = lanes_element_27_2 ? x_copy_2_element_1 :
      lanes_element_27;
  wire logic lanes_element_28_2 = offset_0 == 5'd28;
  wire logic signed [15:0] lanes_element_28_3 = lanes_element_28_2 ? x_copy_2_element_0 :
      lanes_element_28;
  wire logic lanes_element_29_2 = place_1 == 5'd29;
  wire logic signed [15:0] lanes_element_29_3 = lanes_element_29_2 ? x_copy_2_element_1 :
      lanes_element_29;
  wire logic lanes_element_30_2 = offset_0 == 5'd30;
  wire logic signed [15:0] lanes_element_30_3 = lanes_element_30_2 ? x_copy_2_element_0 :
      lanes_element_30;
  wire logic lanes_element_31_2 = place_1 == 5'd31;
  wire logic signed [15:0] lanes_element_31_3 = lanes_element_31_2 ? x_copy_2_element_1 :
      lanes_element_31;

  // Stage 1
  // mamba1.py:39
  wire logic [15:0] magnitude_0 = lanes_element_0_3_s1[15] ? -unsigned'(lanes_element_0_3_s1) :
      unsigned'(lanes_element_0_3_s1);
  wire logic [15:0] magnitude_1 = lanes_element_1_3_s1[15] ? -unsigned'(lanes_element_1_3_s1) :
      unsigned'(lanes_element_1_3_s1);
  wire logic [15:0] magnitude_2 = lanes_element_2_3_s1[15] ? -unsigned'(lanes_element_2_3_s1) :
      unsigned'(lanes_element_2_3_s1);
  wire logic [15:0] magnitude_3 = lanes_element_3_3_s1[15] ? -unsigned'(lanes_element_3_3_s1) :
      unsigned'(lanes_element_3_3_s1);
  wire logic [15:0] magnitude_4 = lanes_element_4_3_s1[15] ? -unsigned'(lanes_element_4_3_s1) :
      unsigned'(lanes_element_4_3_s1);
  wire logic [15:0] magnitude_5 = lanes_element_5_3_s1[15] ? -unsigned'(lanes_element_5_3_s1) :
      unsigned'(lanes_element_5_3_s1);
  wire logic [15:0] magnitude_6 = lanes_element_6_3_s1[15] ? -unsigned'(lanes_element_6_3_s1) :
      unsigned'(lanes_element_6_3_s1);
  wire logic [15:0] magnitude_7 = lanes_element_7_3_s1[15] ? -unsigned'(lanes_element_7_3_s1) :
      unsigned'(lanes_element_7_3_s1);
  wire logic [15:0] magnitude_8 = lanes_element_8_3_s1[15] ? -unsigned'(lanes_element_8_3_s1) :
      unsigned'(lanes_element_8_3_s1);
  wire logic [15:0] magnitude_9 = lanes_element_9_3_s1[15] ? -unsigned'(lanes_element_9_3_s1) :
      unsigned'(lanes_element_9_3_s1);
  wire logic [15:0] magnitude_10 = lanes_element_10_3_s1[15] ? -unsigned'(lanes_element_10_3_s1) :
      unsigned'(lanes_element_10_3_s1);
  wire logic [15:0] magnitude_11 = lanes_element_11_3_s1[15] ? -unsigned'(lanes_element_11_3_s1) :
      unsigned'(lanes_element_11_3_s1);
  wire logic [15:0] magnitude_12 = lanes_element_12_3_s1[15] ? -unsigned'(lanes_element_12_3_s1) :
      unsigned'(lanes_element_12_3_s1);
  wire logic [15:0] magnitude_13 = lanes_element_13_3_s1[15] ? -unsigned'(lanes_element_13_3_s1) :
      unsigned'(lanes_element_13_3_s1);
  wire logic [15:0] magnitude_14 = lanes_element_14_3_s1[15] ? -unsigned'(lanes_element_14_3_s1) :
      unsigned'(lanes_element_14_3_s1);
  wire logic [15:0] magnitude_15 = lanes_element_15_3_s1[15] ? -unsigned'(lanes_element_15_3_s1) :
      unsigned'(lanes_element_15_3_s1);
  wire logic [15:0] magnitude_16 = lanes_element_16_3_s1[15] ? -unsigned'(lanes_element_16_3_s1) :
      unsigned'(lanes_element_16_3_s1);
  wire logic [15:0] magnitude_17 = lanes_element_17_3_s1[15] ? -unsigned'(lanes_element_17_3_s1) :
      unsigned'(lanes_element_17_3_s1);
  wire logic [15:0] magnitude_18 = lanes_element_18_3_s1[15] ? -unsigned'(lanes_element_18_3_s1) :
      unsigned'(lanes_element_18_3_s1);
  wire logic [15:0] magnitude_19 = lanes_element_19_3_s1[15] ? -unsigned'(lanes_element_19_3_s1) :
      unsigned'(lanes_element_19_3_s1);
  wire logic [15:0] magnitude_20 = lanes_element_20_3_s1[15] ? -unsigned'(lanes_element_20_3_s1) :
      unsigned'(lanes_element_20_3_s1);
  wire logic [15:0] magnitude_21 = lanes_element_21_3_s1[15] ? -unsigned'(lanes_element_21_3_s1) :
      unsigned'(lanes_element_21_3_s1);
  wire logic [15:0] magnitude_22 = lanes_element_22_3_s1[15] ? -unsigned'(lanes_element_22_3_s1) :
      unsigned'(lanes_element_22_3_s1);
  wire logic [15:0] magnitude_23 = lanes_element_23_3_s1[15] ? -unsigned'(lanes_element_23_3_s1) :
      unsigned'(lanes_element_23_3_s1);
  wire logic [15:0] magnitude_24 = lanes_element_24_3_s1[15] ? -unsigned'(lanes_element_24_3_s1) :
      unsigned'(lanes_element_24_3_s1);
  wire logic [15:0] magnitude_25 = lanes_element_25_3_s1[15] ? -unsigned'(lanes_element_25_3_s1) :
      unsigned'(lanes_element_25_3_s1);
  wire logic [15:0] magnitude_26 = lanes_element_26_3_s1[15] ? -unsigned'(lanes_element_26_3_s1) :
      unsigned'(lanes_element_26_3_s1);
  wire logic [15:0] magnitude_27 = lanes_element_27_3_s1[15] ? -unsigned'(lanes_element_27_3_s1) :
      unsigned'(lanes_element_27_3_s1);
  wire logic [15:0] magnitude_28 = lanes_element_28_3_s1[15] ? -unsigned'(lanes_element_28_3_s1) :
      unsigned'(lanes_element_28_3_s1);
  wire logic [15:0] magnitude_29 = lanes_element_29_3_s1[15] ? -unsigned'(lanes_element_29_3_s1) :
      unsigned'(lanes_element_29_3_s1);
  wire logic [15:0] magnitude_30 = lanes_element_30_3_s1[15] ? -unsigned'(lanes_element_30_3_s1) :
      unsigned'(lanes_element_30_3_s1);
  wire logic [15:0] magnitude_31 = lanes_element_31_3_s1[15] ? -unsigned'(lanes_element_31_3_s1) :
      unsigned'(lanes_element_31_3_s1);
  wire logic [15:0] largest_0 = magnitude_0 > magnitude_1 ? magnitude_0 : magnitude_1;
  wire logic [15:0] largest_1 = magnitude_2 > magnitude_3 ? magnitude_2 : magnitude_3;
  wire logic [15:0] largest_2 = magnitude_4 > magnitude_5 ? magnitude_4 : magnitude_5;
  wire logic [15:0] largest_3 = magnitude_6 > magnitude_7 ? magnitude_6 : magnitude_7;
  wire logic [15:0] largest_4 = magnitude_8 > magnitude_9 ? magnitude_8 : magnitude_9;
  wire logic [15:0] largest_5 = magnitude_10 > magnitude_11 ? magnitude_10 : magnitude_11;
  wire logic [15:0] largest_6 = magnitude_12 > magnitude_13 ? magnitude_12 : magnitude_13;
  wire logic [15:0] largest_7 = magnitude_14 > magnitude_15 ? magnitude_14 : magnitude_15;
  wire logic [15:0] largest_8 = magnitude_16 > magnitude_17 ? magnitude_16 : magnitude_17;
  wire logic [15:0] largest_9 = magnitude_18 > magnitude_19 ? magnitude_18 : magnitude_19;
  wire logic [15:0] largest_10 = magnitude_20 > magnitude_21 ? magnitude_20 : magnitude_21;
  wire logic [15:0] largest_11 = magnitude_22 > magnitude_23 ? magnitude_22 : magnitude_23;
  wire logic [15:0] largest_12 = magnitude_24 > magnitude_25 ? magnitude_24 : magnitude_25;
  wire logic [15:0] largest_13 = magnitude_26 > magnitude_27 ? magnitude_26 : magnitude_27;
  wire logic [15:0] largest_14 = magnitude_28 > magnitude_29 ? magnitude_28 : magnitude_29;
  wire logic [15:0] largest_15 = magnitude_30 > magnitude_31 ? magnitude_30 : magnitude_31;

  // Stage 2
  // mamba1.py:39
  wire logic [15:0] largest_0_2 = largest_0_s2 > largest_1_s2 ? largest_0_s2 : largest_1_s2;
  wire logic [15:0] largest_1_2 = largest_2_s2 > largest_3_s2 ? largest_2_s2 : largest_3_s2;
  wire logic [15:0] largest_2_2 = largest_4_s2 > largest_5_s2 ? largest_4_s2 : largest_5_s2;
  wire logic [15:0] largest_3_2 = largest_6_s2 > largest_7_s2 ? largest_6_s2 : largest_7_s2;
  wire logic [15:0] largest_4_2 = largest_8_s2 > largest_9_s2 ? largest_8_s2 : largest_9_s2;
  wire logic [15:0] largest_5_2 = largest_10_s2 > largest_11_s2 ? largest_10_s2 : largest_11_s2;
  wire logic [15:0] largest_6_2 = largest_12_s2 > largest_13_s2 ? largest_12_s2 : largest_13_s2;
  wire logic [15:0] largest_7_2 = largest_14_s2 > largest_15_s2 ? largest_14_s2 : largest_15_s2;
  wire logic [15:0] largest_0_3 = largest_0_2 > largest_1_2 ? largest_0_2 : largest_1_2;
  wire logic [15:0] largest_1_3 = largest_2_2 > largest_3_2 ? largest_2_2 : largest_3_2;
  wire logic [15:0] largest_2_3 = largest_4_2 > largest_5_2 ? largest_4_2 : largest_5_2;
  wire logic [15:0] largest_3_3 = largest_6_2 > largest_7_2 ? largest_6_2 : largest_7_2;

  // Stage 3
  // mamba1.py:39
  wire logic [15:0] largest_0_4 = largest_0_3_s3 > largest_1_3_s3 ? largest_0_3_s3 : largest_1_3_s3;
  wire logic [15:0] largest_1_4 = largest_2_3_s3 > largest_3_3_s3 ? largest_2_3_s3 : largest_3_3_s3;
  wire logic [15:0] largest = largest_0_4 > largest_1_4 ? largest_0_4 : largest_1_4;

  // Stage 4
  // mamba1.py:39
  logic [4:0] bit_count;
  always_comb begin
    bit_count = '0;
    for (int bit_number = 0; bit_number < 16; bit_number++)
      if (largest_s4[bit_number]) bit_count = unsigned'(5'(bit_number + 1));
  end

  // Stage 5
  // mamba1.py:39
  wire logic signed [4:0] difference = signed'(bit_count_s5) - 5'sd7;
  wire logic [3:0] largest_16 = difference > 5'sd0 ? unsigned'(4'(difference)) : 4'd0;

  // Stage 6
  // mamba1.py:39
  wire logic signed [17:0] rounded_0_unsaturated =
      (((18'(lanes_element_0_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_0 = rounded_0_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_0_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_0_unsaturated);
  wire logic signed [17:0] rounded_1_unsaturated =
      (((18'(lanes_element_1_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_1 = rounded_1_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_1_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_1_unsaturated);
  wire logic signed [17:0] rounded_2_unsaturated =
      (((18'(lanes_element_2_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_2 = rounded_2_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_2_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_2_unsaturated);
  wire logic signed [17:0] rounded_3_unsaturated =
      (((18'(lanes_element_3_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_3 = rounded_3_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_3_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_3_unsaturated);
  wire logic signed [17:0] rounded_4_unsaturated =
      (((18'(lanes_element_4_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_4 = rounded_4_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_4_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_4_unsaturated);
  wire logic signed [17:0] rounded_5_unsaturated =
      (((18'(lanes_element_5_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_5 = rounded_5_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_5_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_5_unsaturated);
  wire logic signed [17:0] rounded_6_unsaturated =
      (((18'(lanes_element_6_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_6 = rounded_6_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_6_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_6_unsaturated);
  wire logic signed [17:0] rounded_7_unsaturated =
      (((18'(lanes_element_7_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_7 = rounded_7_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_7_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_7_unsaturated);
  wire logic signed [17:0] rounded_8_unsaturated =
      (((18'(lanes_element_8_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_8 = rounded_8_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_8_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_8_unsaturated);
  wire logic signed [17:0] rounded_9_unsaturated =
      (((18'(lanes_element_9_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_9 = rounded_9_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_9_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_9_unsaturated);
  wire logic signed [17:0] rounded_10_unsaturated =
      (((18'(lanes_element_10_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_10 = rounded_10_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_10_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_10_unsaturated);
  wire logic signed [17:0] rounded_11_unsaturated =
      (((18'(lanes_element_11_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_11 = rounded_11_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_11_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_11_unsaturated);
  wire logic signed [17:0] rounded_12_unsaturated =
      (((18'(lanes_element_12_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_12 = rounded_12_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_12_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_12_unsaturated);
  wire logic signed [17:0] rounded_13_unsaturated =
      (((18'(lanes_element_13_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_13 = rounded_13_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_13_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_13_unsaturated);
  wire logic signed [17:0] rounded_14_unsaturated =
      (((18'(lanes_element_14_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_14 = rounded_14_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_14_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_14_unsaturated);
  wire logic signed [17:0] rounded_15_unsaturated =
      (((18'(lanes_element_15_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_15 = rounded_15_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_15_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_15_unsaturated);
  wire logic signed [17:0] rounded_16_unsaturated =
      (((18'(lanes_element_16_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_16 = rounded_16_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_16_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_16_unsaturated);
  wire logic signed [17:0] rounded_17_unsaturated =
      (((18'(lanes_element_17_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_17 = rounded_17_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_17_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_17_unsaturated);
  wire logic signed [17:0] rounded_18_unsaturated =
      (((18'(lanes_element_18_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_18 = rounded_18_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_18_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_18_unsaturated);
  wire logic signed [17:0] rounded_19_unsaturated =
      (((18'(lanes_element_19_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_19 = rounded_19_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_19_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_19_unsaturated);
  wire logic signed [17:0] rounded_20_unsaturated =
      (((18'(lanes_element_20_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_20 = rounded_20_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_20_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_20_unsaturated);
  wire logic signed [17:0] rounded_21_unsaturated =
      (((18'(lanes_element_21_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_21 = rounded_21_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_21_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_21_unsaturated);
  wire logic signed [17:0] rounded_22_unsaturated =
      (((18'(lanes_element_22_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_22 = rounded_22_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_22_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_22_unsaturated);
  wire logic signed [17:0] rounded_23_unsaturated =
      (((18'(lanes_element_23_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_23 = rounded_23_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_23_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_23_unsaturated);
  wire logic signed [17:0] rounded_24_unsaturated =
      (((18'(lanes_element_24_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_24 = rounded_24_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_24_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_24_unsaturated);
  wire logic signed [17:0] rounded_25_unsaturated =
      (((18'(lanes_element_25_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_25 = rounded_25_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_25_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_25_unsaturated);
  wire logic signed [17:0] rounded_26_unsaturated =
      (((18'(lanes_element_26_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_26 = rounded_26_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_26_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_26_unsaturated);
  wire logic signed [17:0] rounded_27_unsaturated =
      (((18'(lanes_element_27_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_27 = rounded_27_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_27_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_27_unsaturated);
  wire logic signed [17:0] rounded_28_unsaturated =
      (((18'(lanes_element_28_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_28 = rounded_28_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_28_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_28_unsaturated);
  wire logic signed [17:0] rounded_29_unsaturated =
      (((18'(lanes_element_29_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_29 = rounded_29_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_29_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_29_unsaturated);
  wire logic signed [17:0] rounded_30_unsaturated =
      (((18'(lanes_element_30_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_30 = rounded_30_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_30_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_30_unsaturated);
  wire logic signed [17:0] rounded_31_unsaturated =
      (((18'(lanes_element_31_3_s6) << 1) >>> largest_16_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_31 = rounded_31_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_31_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_31_unsaturated);
  wire logic [319:0] x_q_tiles_word = {largest_16_s6, largest_16_s6, largest_16_s6, largest_16_s6,
      largest_16_s6, largest_16_s6, largest_16_s6, largest_16_s6, largest_16_s6, largest_16_s6,
      largest_16_s6, largest_16_s6, largest_16_s6, largest_16_s6, largest_16_s6, largest_16_s6,
      rounded_31, rounded_30, rounded_29, rounded_28, rounded_27, rounded_26, rounded_25,
      rounded_24, rounded_23, rounded_22, rounded_21, rounded_20, rounded_19, rounded_18,
      rounded_17, rounded_16, rounded_15, rounded_14, rounded_13, rounded_12, rounded_11,
      rounded_10, rounded_9, rounded_8, rounded_7, rounded_6, rounded_5, rounded_4, rounded_3,
      rounded_2, rounded_1, rounded_0};

  assign lanes_element_0 = lanes[5'd0];
  assign lanes_element_1 = lanes[5'd1];
  assign lanes_element_2 = lanes[5'd2];
  assign lanes_element_3 = lanes[5'd3];
  assign lanes_element_4 = lanes[5'd4];
  assign lanes_element_5 = lanes[5'd5];
  assign lanes_element_6 = lanes[5'd6];
  assign lanes_element_7 = lanes[5'd7];
  assign lanes_element_8 = lanes[5'd8];
  assign lanes_element_9 = lanes[5'd9];
  assign lanes_element_10 = lanes[5'd10];
  assign lanes_element_11 = lanes[5'd11];
  assign lanes_element_12 = lanes[5'd12];
  assign lanes_element_13 = lanes[5'd13];
  assign lanes_element_14 = lanes[5'd14];
  assign lanes_element_15 = lanes[5'd15];
  assign lanes_element_16 = lanes[5'd16];
  assign lanes_element_17 = lanes[5'd17];
  assign lanes_element_18 = lanes[5'd18];
  assign lanes_element_19 = lanes[5'd19];
  assign lanes_element_20 = lanes[5'd20];
  assign lanes_element_21 = lanes[5'd21];
  assign lanes_element_22 = lanes[5'd22];
  assign lanes_element_23 = lanes[5'd23];
  assign lanes_element_24 = lanes[5'd24];
  assign lanes_element_25 = lanes[5'd25];
  assign lanes_element_26 = lanes[5'd26];
  assign lanes_element_27 = lanes[5'd27];
  assign lanes_element_28 = lanes[5'd28];
  assign lanes_element_29 = lanes[5'd29];
  assign lanes_element_30 = lanes[5'd30];
  assign lanes_element_31 = lanes[5'd31];
  always_ff @(posedge clk) begin
    if (quantize_2_word_go[0]) begin
      is_last_word_s1 <= is_last_word;
      lanes_element_0_3_s1 <= lanes_element_0_3;
      lanes_element_1_3_s1 <= lanes_element_1_3;
      lanes_element_2_3_s1 <= lanes_element_2_3;
      lanes_element_3_3_s1 <= lanes_element_3_3;
      lanes_element_4_3_s1 <= lanes_element_4_3;
      lanes_element_5_3_s1 <= lanes_element_5_3;
      lanes_element_6_3_s1 <= lanes_element_6_3;
      lanes_element_7_3_s1 <= lanes_element_7_3;
      lanes_element_8_3_s1 <= lanes_element_8_3;
      lanes_element_9_3_s1 <= lanes_element_9_3;
      lanes_element_10_3_s1 <= lanes_element_10_3;
      lanes_element_11_3_s1 <= lanes_element_11_3;
      lanes_element_12_3_s1 <= lanes_element_12_3;
      lanes_element_13_3_s1 <= lanes_element_13_3;
      lanes_element_14_3_s1 <= lanes_element_14_3;
      lanes_element_15_3_s1 <= lanes_element_15_3;
      lanes_element_16_3_s1 <= lanes_element_16_3;
      lanes_element_17_3_s1 <= lanes_element_17_3;
      lanes_element_18_3_s1 <= lanes_element_18_3;
      lanes_element_19_3_s1 <= lanes_element_19_3;
      lanes_element_20_3_s1 <= lanes_element_20_3;
      lanes_element_21_3_s1 <= lanes_element_21_3;
      lanes_element_22_3_s1 <= lanes_element_22_3;
      lanes_element_23_3_s1 <= lanes_element_23_3;
      lanes_element_24_3_s1 <= lanes_element_24_3;
      lanes_element_25_3_s1 <= lanes_element_25_3;
      lanes_element_26_3_s1 <= lanes_element_26_3;
      lanes_element_27_3_s1 <= lanes_element_27_3;
      lanes_element_28_3_s1 <= lanes_element_28_3;
      lanes_element_29_3_s1 <= lanes_element_29_3;
      lanes_element_30_3_s1 <= lanes_element_30_3;
      lanes_element_31_3_s1 <= lanes_element_31_3;
    end
    if (quantize_2_word_go[1]) begin
      is_last_word_s2 <= is_last_word_s1;
      largest_0_s2 <= largest_0;
      largest_1_s2 <= largest_1;
      largest_2_s2 <= largest_2;
      largest_3_s2 <= largest_3;
      largest_4_s2 <= largest_4;
      largest_5_s2 <= largest_5;
      largest_6_s2 <= largest_6;
      largest_7_s2 <= largest_7;
      largest_8_s2 <= largest_8;
      largest_9_s2 <= largest_9;
      largest_10_s2 <= largest_10;
      largest_11_s2 <= largest_11;
      largest_12_s2 <= largest_12;
      largest_13_s2 <= largest_13;
      largest_14_s2 <= largest_14;
      largest_15_s2 <= largest_15;
    end
    if (quantize_2_word_go[2]) begin
      is_last_word_s3 <= is_last_word_s2;
      largest_0_3_s3 <= largest_0_3;
      largest_1_3_s3 <= largest_1_3;
      largest_2_3_s3 <= largest_2_3;
      largest_3_3_s3 <= largest_3_3;
    end
    if (quantize_2_word_go[3]) begin
      is_last_word_s4 <= is_last_word_s3;
      largest_s4 <= largest;
    end
    if (quantize_2_word_go[4]) begin
      is_last_word_s5 <= is_last_word_s4;
      bit_count_s5 <= bit_count;
    end
    if (quantize_2_word_go[5]) begin
      is_last_word_s6 <= is_last_word_s5;
      largest_16_s6 <= largest_16;
    end
  end
  lmc_delay #(.WIDTH(512), .STAGES(5)) quantize_2_word_from_1_to_6 (
      .clk,
      .rst,
      .in_go   (quantize_2_word_go[1]),
      .in_data ({lanes_element_0_3_s1, lanes_element_1_3_s1, lanes_element_2_3_s1,
          lanes_element_3_3_s1, lanes_element_4_3_s1, lanes_element_5_3_s1, lanes_element_6_3_s1,
          lanes_element_7_3_s1, lanes_element_8_3_s1, lanes_element_9_3_s1, lanes_element_10_3_s1,
          lanes_element_11_3_s1, lanes_element_12_3_s1, lanes_element_13_3_s1,
          lanes_element_14_3_s1, lanes_element_15_3_s1, lanes_element_16_3_s1,
          lanes_element_17_3_s1, lanes_element_18_3_s1, lanes_element_19_3_s1,
          lanes_element_20_3_s1, lanes_element_21_3_s1, lanes_element_22_3_s1,
          lanes_element_23_3_s1, lanes_element_24_3_s1, lanes_element_25_3_s1,
          lanes_element_26_3_s1, lanes_element_27_3_s1, lanes_element_28_3_s1,
          lanes_element_29_3_s1, lanes_element_30_3_s1, lanes_element_31_3_s1}),
      .out_go  (quantize_2_word_go[6]),
      .out_data({lanes_element_0_3_s6, lanes_element_1_3_s6, lanes_element_2_3_s6,
          lanes_element_3_3_s6, lanes_element_4_3_s6, lanes_element_5_3_s6, lanes_element_6_3_s6,
          lanes_element_7_3_s6, lanes_element_8_3_s6, lanes_element_9_3_s6, lanes_element_10_3_s6,
          lanes_element_11_3_s6, lanes_element_12_3_s6, lanes_element_13_3_s6,
          lanes_element_14_3_s6, lanes_element_15_3_s6, lanes_element_16_3_s6,
          lanes_element_17_3_s6, lanes_element_18_3_s6, lanes_element_19_3_s6,
          lanes_element_20_3_s6, lanes_element_21_3_s6, lanes_element_22_3_s6,
          lanes_element_23_3_s6, lanes_element_24_3_s6, lanes_element_25_3_s6,
          lanes_element_26_3_s6, lanes_element_27_3_s6, lanes_element_28_3_s6,
          lanes_element_29_3_s6, lanes_element_30_3_s6, lanes_element_31_3_s6})
  );
  always_comb begin
    quantize_2_word_ok = '1;
    quantize_2_word_ok[0] = x_copy_2_valid;
    quantize_2_word_ok[6] = (!is_last_word_s6 || x_q_tiles_ready);
  end
  lmc_pipeline #(.STAGES(7), .INTERVAL(1)) quantize_2_word_control (
      .clk,
      .rst,
      .start  (state == START_QUANTIZE_2_WORD),
      .is_last(quantize_2_word_is_last),
      .ok     (quantize_2_word_ok),
      .valid  (quantize_2_word_unused_valid),
      .go     (quantize_2_word_go),
      .done   (quantize_2_word_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_QUANTIZE_2_WORD) begin
      word <= '0;
    end else if (quantize_2_word_go[0]) begin
      word <= is_last_word_2 ? '0 : word + 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (quantize_2_word_go[0]) lanes[offset_0] <= x_copy_2_element_0;
    if (quantize_2_word_go[0]) lanes[place_1] <= x_copy_2_element_1;
  end

  assign x_copy_2_ready = quantize_2_word_go[0];
  assign x_q_tiles_valid = quantize_2_word_go[6] && is_last_word_s6;
  assign x_q_tiles_data = x_q_tiles_word;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_quantize_2_token) begin
            token <= '0;
            state <= ROUND_QUANTIZE_2_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_QUANTIZE_2_TOKEN: begin
          layer <= '0;
          state <= ROUND_QUANTIZE_2_LAYER;
        end
        ROUND_QUANTIZE_2_LAYER: begin
          state <= START_QUANTIZE_2_WORD;
        end
        START_QUANTIZE_2_WORD: begin
          state <= RUN_QUANTIZE_2_WORD;
        end
        RUN_QUANTIZE_2_WORD: begin
          if (quantize_2_word_done) begin
            if (more_quantize_2_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_QUANTIZE_2_LAYER;
            end else begin
              if (more_quantize_2_token) begin
                token <= token + 1'b1;
                state <= ROUND_QUANTIZE_2_TOKEN;
              end else begin
                state <= DONE;
              end
            end
          end
        end
        default: state <= IDLE;
      endcase
    end
  end

  // Not all bits of these are used.
  logic unused;
  assign unused = &{
      n_tokens,
      quantize_2_word_go,
      x_copy_2_word,
      difference,
      rounded_0_unsaturated,
      rounded_1_unsaturated,
      rounded_2_unsaturated,
      rounded_3_unsaturated,
      rounded_4_unsaturated,
      rounded_5_unsaturated,
      rounded_6_unsaturated,
      rounded_7_unsaturated,
      rounded_8_unsaturated,
      rounded_9_unsaturated,
      rounded_10_unsaturated,
      rounded_11_unsaturated,
      rounded_12_unsaturated,
      rounded_13_unsaturated,
      rounded_14_unsaturated,
      rounded_15_unsaturated,
      rounded_16_unsaturated,
      rounded_17_unsaturated,
      rounded_18_unsaturated,
      rounded_19_unsaturated,
      rounded_20_unsaturated,
      rounded_21_unsaturated,
      rounded_22_unsaturated,
      rounded_23_unsaturated,
      rounded_24_unsaturated,
      rounded_25_unsaturated,
      rounded_26_unsaturated,
      rounded_27_unsaturated,
      rounded_28_unsaturated,
      rounded_29_unsaturated,
      rounded_30_unsaturated,
      rounded_31_unsaturated,
      1'b0
  };

endmodule
