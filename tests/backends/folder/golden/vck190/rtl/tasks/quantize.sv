// ssm.quantize(normed: 16 x fixed<16, 12>) -> normed_q: 16 x bfp<8, 16, 12>
//   from mamba1.py:36
//   reads normed: 8 words of 2 x fixed<16, 12> for each layer
//   writes normed_q_tiles: 1 word of 32 x bfp<8, 16, 12> for each layer
module quantize (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic normed_valid,
    output logic normed_ready,
    input  logic [31:0] normed_data,
    output logic normed_q_tiles_valid,
    input  logic normed_q_tiles_ready,
    output logic [319:0] normed_q_tiles_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_QUANTIZE_TOKEN,
    ROUND_QUANTIZE_LAYER,
    START_QUANTIZE_WORD,
    RUN_QUANTIZE_WORD
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic signed [15:0] lanes[32];
  logic [6:0] quantize_word_go;
  logic quantize_word_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_quantize_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_quantize_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_quantize_layer = next_layer < 2'd2;

  // Pipeline quantize_word: 7 stages
  logic [6:0] quantize_word_ok, quantize_word_unused_valid;
  logic quantize_word_is_last, slot;
  logic [2:0] word;
  wire logic is_last_slot = slot == 1'd1;
  wire logic is_last_word = word == 3'd7;
  assign quantize_word_is_last = is_last_slot && is_last_word;
  logic signed [15:0] lanes_element_0, lanes_element_1, lanes_element_2, lanes_element_3,
      lanes_element_4, lanes_element_5, lanes_element_6, lanes_element_7, lanes_element_8,
      lanes_element_9, lanes_element_10, lanes_element_11, lanes_element_12, lanes_element_13,
      lanes_element_14, lanes_element_15, lanes_element_0_2, lanes_element_1_2, lanes_element_2_2,
      lanes_element_3_2, lanes_element_4_2, lanes_element_5_2, lanes_element_6_2, lanes_element_7_2,
      lanes_element_8_2, lanes_element_9_2, lanes_element_10_2, lanes_element_11_2,
      lanes_element_12_2, lanes_element_13_2, lanes_element_14_2, lanes_element_15_2;
  logic condition_2_s1, condition_2_s2, condition_2_s3, condition_2_s4, condition_2_s5,
      condition_2_s6;
  logic signed [15:0] normed_element_1_s1, lanes_element_0_4_s1, lanes_element_0_4_s6,
      lanes_element_2_4_s1, lanes_element_2_4_s6, lanes_element_4_4_s1, lanes_element_4_4_s6,
      lanes_element_6_4_s1, lanes_element_6_4_s6, lanes_element_8_4_s1, lanes_element_8_4_s6,
      lanes_element_10_4_s1, lanes_element_10_4_s6, lanes_element_12_4_s1, lanes_element_12_4_s6,
      lanes_element_14_4_s1, lanes_element_14_4_s6, lanes_element_1_4_s6, lanes_element_3_4_s6,
      lanes_element_5_4_s6, lanes_element_7_4_s6, lanes_element_9_4_s6, lanes_element_11_4_s6,
      lanes_element_13_4_s6, lanes_element_15_4_s6, lanes_element_0_6_s1, lanes_element_0_6_s6,
      lanes_element_2_6_s1, lanes_element_2_6_s6, lanes_element_4_6_s1, lanes_element_4_6_s6,
      lanes_element_6_6_s1, lanes_element_6_6_s6, lanes_element_8_6_s1, lanes_element_8_6_s6,
      lanes_element_10_6_s1, lanes_element_10_6_s6, lanes_element_12_6_s1, lanes_element_12_6_s6,
      lanes_element_14_6_s1, lanes_element_14_6_s6, lanes_element_1_6_s6, lanes_element_3_6_s6,
      lanes_element_5_6_s6, lanes_element_7_6_s6, lanes_element_9_6_s6, lanes_element_11_6_s6,
      lanes_element_13_6_s6, lanes_element_15_6_s6;
  logic [4:0] place_0_s1, bit_count_s5, bit_count_2_s5;
  logic [15:0] magnitude_0_s2, magnitude_1_s2, magnitude_2_s2, magnitude_3_s2, magnitude_4_s2,
      magnitude_5_s2, magnitude_6_s2, magnitude_7_s2, magnitude_8_s2, magnitude_9_s2,
      magnitude_10_s2, magnitude_11_s2, magnitude_12_s2, magnitude_13_s2, magnitude_14_s2,
      magnitude_15_s2, largest_0_2_s3, largest_1_2_s3, largest_2_2_s3, largest_3_2_s3, largest_s4,
      magnitude_0_2_s2, magnitude_1_2_s2, magnitude_2_2_s2, magnitude_3_2_s2, magnitude_4_2_s2,
      magnitude_5_2_s2, magnitude_6_2_s2, magnitude_7_2_s2, magnitude_8_2_s2, magnitude_9_2_s2,
      magnitude_10_2_s2, magnitude_11_2_s2, magnitude_12_2_s2, magnitude_13_2_s2, magnitude_14_2_s2,
      magnitude_15_2_s2, largest_0_5_s3, largest_1_5_s3, largest_2_4_s3, largest_3_4_s3,
      largest_9_s4;
  logic [3:0] largest_8_s6, largest_10_s6;
  logic [31:0] normed_word_2;
  assign normed_word_2 = normed_data;

  // Stage 0
  // mamba1.py:36
  wire logic condition = slot < 1'd1;
  wire logic [31:0] normed_word = condition ? normed_word_2 : 32'd0;
  wire logic [4:0] offset = 5'(slot) * 5'd16;
  wire logic signed [15:0] normed_element_0 = signed'(normed_word[15:0]);
  wire logic [3:0] offset_0 = 4'(word) * 4'd2;
  wire logic [4:0] place_0 = offset + 5'(offset_0);
  wire logic signed [15:0] normed_element_1 = signed'(normed_word[31:16]);
  wire logic is_last_slot_2 = slot == 1'd1;
  wire logic is_last_word_2 = word == 3'd7;
  wire logic condition_2 = is_last_slot_2 && is_last_word_2;
  wire logic lanes_element_0_3 = place_0 == 5'd0;
  wire logic signed [15:0] lanes_element_0_4 = lanes_element_0_3 ? normed_element_0 :
      lanes_element_0;
  wire logic lanes_element_2_3 = place_0 == 5'd2;
  wire logic signed [15:0] lanes_element_2_4 = lanes_element_2_3 ? normed_element_0 :
      lanes_element_2;
  wire logic lanes_element_4_3 = place_0 == 5'd4;
  wire logic signed [15:0] lanes_element_4_4 = lanes_element_4_3 ? normed_element_0 :
      lanes_element_4;
  wire logic lanes_element_6_3 = place_0 == 5'd6;
  wire logic signed [15:0] lanes_element_6_4 = lanes_element_6_3 ? normed_element_0 :
      lanes_element_6;
  wire logic lanes_element_8_3 = place_0 == 5'd8;
  wire logic signed [15:0] lanes_element_8_4 = lanes_element_8_3 ? normed_element_0 :
      lanes_element_8;
  wire logic lanes_element_10_3 = place_0 == 5'd10;
  wire logic signed [15:0] lanes_element_10_4 = lanes_element_10_3 ? normed_element_0 :
      lanes_element_10;
  wire logic lanes_element_12_3 = place_0 == 5'd12;
  wire logic signed [15:0] lanes_element_12_4 = lanes_element_12_3 ? normed_element_0 :
      lanes_element_12;
  wire logic lanes_element_14_3 = place_0 == 5'd14;
  wire logic signed [15:0] lanes_element_14_4 = lanes_element_14_3 ? normed_element_0 :
      lanes_element_14;
  wire logic lanes_element_0_5 = place_0 == 5'd16;
  wire logic signed [15:0] lanes_element_0_6 = lanes_element_0_5 ? normed_element_0 :
      lanes_element_0_2;
  wire logic lanes_element_2_5 = place_0 == 5'd18;
  wire logic signed [15:0] lanes_element_2_6 = lanes_element_2_5 ? normed_element_0 :
      lanes_element_2_2;
  wire logic lanes_element_4_5 = place_0 == 5'd20;
  wire logic signed [15:0] lanes_element_4_6 = lanes_element_4_5 ? normed_element_0 :
      lanes_element_4_2;
  wire logic lanes_element_6_5 = place_0 == 5'd22;
  wire logic signed [15:0] lanes_element_6_6 = lanes_element_6_5 ? normed_element_0 :
      lanes_element_6_2;
  wire logic lanes_element_8_5 = place_0 == 5'd24;
  wire logic signed [15:0] lanes_element_8_6 = lanes_element_8_5 ? normed_element_0 :
      lanes_element_8_2;
  wire logic lanes_element_10_5 = place_0 == 5'd26;
  wire logic signed [15:0] lanes_element_10_6 = lanes_element_10_5 ? normed_element_0 :
      lanes_element_10_2;
  wire logic lanes_element_12_5 = place_0 == 5'd28;
  wire logic signed [15:0] lanes_element_12_6 = lanes_element_12_5 ? normed_element_0 :
      lanes_element_12_2;
  wire logic lanes_element_14_5 = place_0 == 5'd30;
  wire logic signed [15:0] lanes_element_14_6 = lanes_element_14_5 ? normed_element_0 :
      lanes_element_14_2;

  // Stage 1
  // mamba1.py:36
  wire logic [4:0] place_1 = place_0_s1 + 5'd1;
  wire logic [15:0] magnitude_0 = lanes_element_0_4_s1[15] ? -unsigned'(lanes_element_0_4_s1) :
      unsigned'(lanes_element_0_4_s1);
  wire logic lanes_element_1_3 = place_1 == 5'd1;
  wire logic signed [15:0] lanes_element_1_4 = lanes_element_1_3 ? normed_element_1_s1 :
      lanes_element_1;
  wire logic [15:0] magnitude_1 = lanes_element_1_4[15] ? -unsigned'(lanes_element_1_4) :
      unsigned'(lanes_element_1_4);
  wire logic [15:0] magnitude_2 = lanes_element_2_4_s1[15] ? -unsigned'(lanes_element_2_4_s1) :
      unsigned'(lanes_element_2_4_s1);
  wire logic lanes_element_3_3 = place_1 == 5'd3;
  wire logic signed [15:0] lanes_element_3_4 = lanes_element_3_3 ? normed_element_1_s1 :
      lanes_element_3;
  wire logic [15:0] magnitude_3 = lanes_element_3_4[15] ? -unsigned'(lanes_element_3_4) :
      unsigned'(lanes_element_3_4);
  wire logic [15:0] magnitude_4 = lanes_element_4_4_s1[15] ? -unsigned'(lanes_element_4_4_s1) :
      unsigned'(lanes_element_4_4_s1);
  wire logic lanes_element_5_3 = place_1 == 5'd5;
  wire logic signed [15:0] lanes_element_5_4 = lanes_element_5_3 ? normed_element_1_s1 :
      lanes_element_5;
  wire logic [15:0] magnitude_5 = lanes_element_5_4[15] ? -unsigned'(lanes_element_5_4) :
      unsigned'(lanes_element_5_4);
  wire logic [15:0] magnitude_6 = lanes_element_6_4_s1[15] ? -unsigned'(lanes_element_6_4_s1) :
      unsigned'(lanes_element_6_4_s1);
  wire logic lanes_element_7_3 = place_1 == 5'd7;
  wire logic signed [15:0] lanes_element_7_4 = lanes_element_7_3 ? normed_element_1_s1 :
      lanes_element_7;
  wire logic [15:0] magnitude_7 = lanes_element_7_4[15] ? -unsigned'(lanes_element_7_4) :
      unsigned'(lanes_element_7_4);
  wire logic [15:0] magnitude_8 = lanes_element_8_4_s1[15] ? -unsigned'(lanes_element_8_4_s1) :
      unsigned'(lanes_element_8_4_s1);
  wire logic lanes_element_9_3 = place_1 == 5'd9;
  wire logic signed [15:0] lanes_element_9_4 = lanes_element_9_3 ? normed_element_1_s1 :
      lanes_element_9;
  wire logic [15:0] magnitude_9 = lanes_element_9_4[15] ? -unsigned'(lanes_element_9_4) :
      unsigned'(lanes_element_9_4);
  wire logic [15:0] magnitude_10 = lanes_element_10_4_s1[15] ? -unsigned'(lanes_element_10_4_s1) :
      unsigned'(lanes_element_10_4_s1);
  wire logic lanes_element_11_3 = place_1 == 5'd11;
  wire logic signed [15:0] lanes_element_11_4 = lanes_element_11_3 ? normed_element_1_s1 :
      lanes_element_11;
  wire logic [15:0] magnitude_11 = lanes_element_11_4[15] ? -unsigned'(lanes_element_11_4) :
      unsigned'(lanes_element_11_4);
  wire logic [15:0] magnitude_12 = lanes_element_12_4_s1[15] ? -unsigned'(lanes_element_12_4_s1) :
      unsigned'(lanes_element_12_4_s1);
  wire logic lanes_element_13_3 = place_1 == 5'd13;
  wire logic signed [15:0] lanes_element_13_4 = lanes_element_13_3 ? normed_element_1_s1 :
      lanes_element_13;
  wire logic [15:0] magnitude_13 = lanes_element_13_4[15] ? -unsigned'(lanes_element_13_4) :
      unsigned'(lanes_element_13_4);
  wire logic [15:0] magnitude_14 = lanes_element_14_4_s1[15] ? -unsigned'(lanes_element_14_4_s1) :
      unsigned'(lanes_element_14_4_s1);
  wire logic lanes_element_15_3 = place_1 == 5'd15;
  wire logic signed [15:0] lanes_element_15_4 = lanes_element_15_3 ? normed_element_1_s1 :
      lanes_element_15;
  wire logic [15:0] magnitude_15 = lanes_element_15_4[15] ? -unsigned'(lanes_element_15_4) :
      unsigned'(lanes_element_15_4);
  wire logic [15:0] magnitude_0_2 = lanes_element_0_6_s1[15] ? -unsigned'(lanes_element_0_6_s1) :
      unsigned'(lanes_element_0_6_s1);
  wire logic lanes_element_1_5 = place_1 == 5'd17;
  wire logic signed [15:0] lanes_element_1_6 = lanes_element_1_5 ? normed_element_1_s1 :
      lanes_element_1_2;
  wire logic [15:0] magnitude_1_2 = lanes_element_1_6[15] ? -unsigned'(lanes_element_1_6) :
      unsigned'(lanes_element_1_6);
  wire logic [15:0] magnitude_2_2 = lanes_element_2_6_s1[15] ? -unsigned'(lanes_element_2_6_s1) :
      unsigned'(lanes_element_2_6_s1);
  wire logic lanes_element_3_5 = place_1 == 5'd19;
  wire logic signed [15:0] lanes_element_3_6 = lanes_element_3_5 ? normed_element_1_s1 :
      lanes_element_3_2;
  wire logic [15:0] magnitude_3_2 = lanes_element_3_6[15] ? -unsigned'(lanes_element_3_6) :
      unsigned'(lanes_element_3_6);
  wire logic [15:0] magnitude_4_2 = lanes_element_4_6_s1[15] ? -unsigned'(lanes_element_4_6_s1) :
      unsigned'(lanes_element_4_6_s1);
  wire logic lanes_element_5_5 = place_1 == 5'd21;
  wire logic signed [15:0] lanes_element_5_6 = lanes_element_5_5 ? normed_element_1_s1 :
      lanes_element_5_2;
  wire logic [15:0] magnitude_5_2 = lanes_element_5_6[15] ? -unsigned'(lanes_element_5_6) :
      unsigned'(lanes_element_5_6);
  wire logic [15:0] magnitude_6_2 = lanes_element_6_6_s1[15] ? -unsigned'(lanes_element_6_6_s1) :
      unsigned'(lanes_element_6_6_s1);
  wire logic lanes_element_7_5 = place_1 == 5'd23;
  wire logic signed [15:0] lanes_element_7_6 = lanes_element_7_5 ? normed_element_1_s1 :
      lanes_element_7_2;
  wire logic [15:0] magnitude_7_2 = lanes_element_7_6[15] ? -unsigned'(lanes_element_7_6) :
      unsigned'(lanes_element_7_6);
  wire logic [15:0] magnitude_8_2 = lanes_element_8_6_s1[15] ? -unsigned'(lanes_element_8_6_s1) :
      unsigned'(lanes_element_8_6_s1);
  wire logic lanes_element_9_5 = place_1 == 5'd25;
  wire logic signed [15:0] lanes_element_9_6 = lanes_element_9_5 ? normed_element_1_s1 :
      lanes_element_9_2;
  wire logic [15:0] magnitude_9_2 = lanes_element_9_6[15] ? -unsigned'(lanes_element_9_6) :
      unsigned'(lanes_element_9_6);
  wire logic [15:0] magnitude_10_2 = lanes_element_10_6_s1[15] ? -unsigned'(lanes_element_10_6_s1) :
      unsigned'(lanes_element_10_6_s1);
  wire logic lanes_element_11_5 = place_1 == 5'd27;
  wire logic signed [15:0] lanes_element_11_6 = lanes_element_11_5 ? normed_element_1_s1 :
      lanes_element_11_2;
  wire logic [15:0] magnitude_11_2 = lanes_element_11_6[15] ? -unsigned'(lanes_element_11_6) :
      unsigned'(lanes_element_11_6);
  wire logic [15:0] magnitude_12_2 = lanes_element_12_6_s1[15] ? -unsigned'(lanes_element_12_6_s1) :
      unsigned'(lanes_element_12_6_s1);
  wire logic lanes_element_13_5 = place_1 == 5'd29;
  wire logic signed [15:0] lanes_element_13_6 = lanes_element_13_5 ? normed_element_1_s1 :
      lanes_element_13_2;
  wire logic [15:0] magnitude_13_2 = lanes_element_13_6[15] ? -unsigned'(lanes_element_13_6) :
      unsigned'(lanes_element_13_6);
  wire logic [15:0] magnitude_14_2 = lanes_element_14_6_s1[15] ? -unsigned'(lanes_element_14_6_s1) :
      unsigned'(lanes_element_14_6_s1);
  wire logic lanes_element_15_5 = place_1 == 5'd31;
  wire logic signed [15:0] lanes_element_15_6 = lanes_element_15_5 ? normed_element_1_s1 :
      lanes_element_15_2;
  wire logic [15:0] magnitude_15_2 = lanes_element_15_6[15] ? -unsigned'(lanes_element_15_6) :
      unsigned'(lanes_element_15_6);

  // Stage 2
  // mamba1.py:36
  wire logic [15:0] largest_0 = magnitude_0_s2 > magnitude_1_s2 ? magnitude_0_s2 : magnitude_1_s2;
  wire logic [15:0] largest_1 = magnitude_2_s2 > magnitude_3_s2 ? magnitude_2_s2 : magnitude_3_s2;
  wire logic [15:0] largest_2 = magnitude_4_s2 > magnitude_5_s2 ? magnitude_4_s2 : magnitude_5_s2;
  wire logic [15:0] largest_3 = magnitude_6_s2 > magnitude_7_s2 ? magnitude_6_s2 : magnitude_7_s2;
  wire logic [15:0] largest_4 = magnitude_8_s2 > magnitude_9_s2 ? magnitude_8_s2 : magnitude_9_s2;
  wire logic [15:0] largest_5 = magnitude_10_s2 > magnitude_11_s2 ? magnitude_10_s2 :
      magnitude_11_s2;
  wire logic [15:0] largest_6 = magnitude_12_s2 > magnitude_13_s2 ? magnitude_12_s2 :
      magnitude_13_s2;
  wire logic [15:0] largest_7 = magnitude_14_s2 > magnitude_15_s2 ? magnitude_14_s2 :
      magnitude_15_s2;
  wire logic [15:0] largest_0_2 = largest_0 > largest_1 ? largest_0 : largest_1;
  wire logic [15:0] largest_1_2 = largest_2 > largest_3 ? largest_2 : largest_3;
  wire logic [15:0] largest_2_2 = largest_4 > largest_5 ? largest_4 : largest_5;
  wire logic [15:0] largest_3_2 = largest_6 > largest_7 ? largest_6 : largest_7;
  wire logic [15:0] largest_0_4 = magnitude_0_2_s2 > magnitude_1_2_s2 ? magnitude_0_2_s2 :
      magnitude_1_2_s2;
  wire logic [15:0] largest_1_4 = magnitude_2_2_s2 > magnitude_3_2_s2 ? magnitude_2_2_s2 :
      magnitude_3_2_s2;
  wire logic [15:0] largest_2_3 = magnitude_4_2_s2 > magnitude_5_2_s2 ? magnitude_4_2_s2 :
      magnitude_5_2_s2;
  wire logic [15:0] largest_3_3 = magnitude_6_2_s2 > magnitude_7_2_s2 ? magnitude_6_2_s2 :
      magnitude_7_2_s2;
  wire logic [15:0] largest_4_2 = magnitude_8_2_s2 > magnitude_9_2_s2 ? magnitude_8_2_s2 :
      magnitude_9_2_s2;
  wire logic [15:0] largest_5_2 = magnitude_10_2_s2 > magnitude_11_2_s2 ? magnitude_10_2_s2 :
      magnitude_11_2_s2;
  wire logic [15:0] largest_6_2 = magnitude_12_2_s2 > magnitude_13_2_s2 ? magnitude_12_2_s2 :
      magnitude_13_2_s2;
  wire logic [15:0] largest_7_2 = magnitude_14_2_s2 > magnitude_15_2_s2 ? magnitude_14_2_s2 :
      magnitude_15_2_s2;
  wire logic [15:0] largest_0_5 = largest_0_4 > largest_1_4 ? largest_0_4 : largest_1_4;
  wire logic [15:0] largest_1_5 = largest_2_3 > largest_3_3 ? largest_2_3 : largest_3_3;
  wire logic [15:0] largest_2_4 = largest_4_2 > largest_5_2 ? largest_4_2 : largest_5_2;
  wire logic [15:0] largest_3_4 = largest_6_2 > largest_7_2 ? largest_6_2 : largest_7_2;

  // Stage 3
  // mamba1.py:36
  wire logic [15:0] largest_0_3 = largest_0_2_s3 > largest_1_2_s3 ? largest_0_2_s3 : largest_1_2_s3;
  wire logic [15:0] largest_1_3 = largest_2_2_s3 > largest_3_2_s3 ? largest_2_2_s3 : largest_3_2_s3;
  wire logic [15:0] largest = largest_0_3 > largest_1_3 ? largest_0_3 : largest_1_3;
  wire logic [15:0] largest_0_6 = largest_0_5_s3 > largest_1_5_s3 ? largest_0_5_s3 : largest_1_5_s3;
  wire logic [15:0] largest_1_6 = largest_2_4_s3 > largest_3_4_s3 ? largest_2_4_s3 : largest_3_4_s3;
  wire logic [15:0] largest_9 = largest_0_6 > largest_1_6 ? largest_0_6 : largest_1_6;

  // Stage 4
  // mamba1.py:36
  logic [4:0] bit_count;
  always_comb begin
    bit_count = '0;
    for (int bit_number = 0; bit_number < 16; bit_number++)
      if (largest_s4[bit_number]) bit_count = unsigned'(5'(bit_number + 1));
  end
  logic [4:0] bit_count_2;
  always_comb begin
    bit_count_2 = '0;
    for (int bit_number = 0; bit_number < 16; bit_number++)
      if (largest_9_s4[bit_number]) bit_count_2 = unsigned'(5'(bit_number + 1));
  end

  // Stage 5
  // mamba1.py:36
  wire logic signed [4:0] difference = signed'(bit_count_s5) - 5'sd7;
  wire logic [3:0] largest_8 = difference > 5'sd0 ? unsigned'(4'(difference)) : 4'd0;
  wire logic signed [4:0] difference_2 = signed'(bit_count_2_s5) - 5'sd7;
  wire logic [3:0] largest_10 = difference_2 > 5'sd0 ? unsigned'(4'(difference_2)) : 4'd0;

  // Stage 6
  // mamba1.py:36
  wire logic signed [17:0] rounded_0_unsaturated =
      (((18'(lanes_element_0_4_s6) << 1) >>> largest_8_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_0 = rounded_0_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_0_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_0_unsaturated);
  wire logic signed [17:0] rounded_1_unsaturated =
      (((18'(lanes_element_1_4_s6) << 1) >>> largest_8_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_1 = rounded_1_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_1_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_1_unsaturated);
  wire logic signed [17:0] rounded_2_unsaturated =
      (((18'(lanes_element_2_4_s6) << 1) >>> largest_8_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_2 = rounded_2_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_2_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_2_unsaturated);
  wire logic signed [17:0] rounded_3_unsaturated =
      (((18'(lanes_element_3_4_s6) << 1) >>> largest_8_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_3 = rounded_3_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_3_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_3_unsaturated);
  wire logic signed [17:0] rounded_4_unsaturated =
      (((18'(lanes_element_4_4_s6) << 1) >>> largest_8_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_4 = rounded_4_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_4_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_4_unsaturated);
  wire logic signed [17:0] rounded_5_unsaturated =
      (((18'(lanes_element_5_4_s6) << 1) >>> largest_8_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_5 = rounded_5_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_5_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_5_unsaturated);
  wire logic signed [17:0] rounded_6_unsaturated =
      (((18'(lanes_element_6_4_s6) << 1) >>> largest_8_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_6 = rounded_6_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_6_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_6_unsaturated);
  wire logic signed [17:0] rounded_7_unsaturated =
      (((18'(lanes_element_7_4_s6) << 1) >>> largest_8_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_7 = rounded_7_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_7_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_7_unsaturated);
  wire logic signed [17:0] rounded_8_unsaturated =
      (((18'(lanes_element_8_4_s6) << 1) >>> largest_8_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_8 = rounded_8_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_8_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_8_unsaturated);
  wire logic signed [17:0] rounded_9_unsaturated =
      (((18'(lanes_element_9_4_s6) << 1) >>> largest_8_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_9 = rounded_9_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_9_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_9_unsaturated);
  wire logic signed [17:0] rounded_10_unsaturated =
      (((18'(lanes_element_10_4_s6) << 1) >>> largest_8_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_10 = rounded_10_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_10_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_10_unsaturated);
  wire logic signed [17:0] rounded_11_unsaturated =
      (((18'(lanes_element_11_4_s6) << 1) >>> largest_8_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_11 = rounded_11_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_11_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_11_unsaturated);
  wire logic signed [17:0] rounded_12_unsaturated =
      (((18'(lanes_element_12_4_s6) << 1) >>> largest_8_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_12 = rounded_12_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_12_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_12_unsaturated);
  wire logic signed [17:0] rounded_13_unsaturated =
      (((18'(lanes_element_13_4_s6) << 1) >>> largest_8_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_13 = rounded_13_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_13_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_13_unsaturated);
  wire logic signed [17:0] rounded_14_unsaturated =
      (((18'(lanes_element_14_4_s6) << 1) >>> largest_8_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_14 = rounded_14_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_14_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_14_unsaturated);
  wire logic signed [17:0] rounded_15_unsaturated =
      (((18'(lanes_element_15_4_s6) << 1) >>> largest_8_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_15 = rounded_15_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_15_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_15_unsaturated);
  wire logic signed [17:0] rounded_0_2_unsaturated =
      (((18'(lanes_element_0_6_s6) << 1) >>> largest_10_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_0_2 = rounded_0_2_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_0_2_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_0_2_unsaturated);
  wire logic signed [17:0] rounded_1_2_unsaturated =
      (((18'(lanes_element_1_6_s6) << 1) >>> largest_10_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_1_2 = rounded_1_2_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_1_2_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_1_2_unsaturated);
  wire logic signed [17:0] rounded_2_2_unsaturated =
      (((18'(lanes_element_2_6_s6) << 1) >>> largest_10_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_2_2 = rounded_2_2_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_2_2_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_2_2_unsaturated);
  wire logic signed [17:0] rounded_3_2_unsaturated =
      (((18'(lanes_element_3_6_s6) << 1) >>> largest_10_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_3_2 = rounded_3_2_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_3_2_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_3_2_unsaturated);
  wire logic signed [17:0] rounded_4_2_unsaturated =
      (((18'(lanes_element_4_6_s6) << 1) >>> largest_10_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_4_2 = rounded_4_2_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_4_2_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_4_2_unsaturated);
  wire logic signed [17:0] rounded_5_2_unsaturated =
      (((18'(lanes_element_5_6_s6) << 1) >>> largest_10_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_5_2 = rounded_5_2_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_5_2_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_5_2_unsaturated);
  wire logic signed [17:0] rounded_6_2_unsaturated =
      (((18'(lanes_element_6_6_s6) << 1) >>> largest_10_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_6_2 = rounded_6_2_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_6_2_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_6_2_unsaturated);
  wire logic signed [17:0] rounded_7_2_unsaturated =
      (((18'(lanes_element_7_6_s6) << 1) >>> largest_10_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_7_2 = rounded_7_2_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_7_2_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_7_2_unsaturated);
  wire logic signed [17:0] rounded_8_2_unsaturated =
      (((18'(lanes_element_8_6_s6) << 1) >>> largest_10_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_8_2 = rounded_8_2_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_8_2_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_8_2_unsaturated);
  wire logic signed [17:0] rounded_9_2_unsaturated =
      (((18'(lanes_element_9_6_s6) << 1) >>> largest_10_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_9_2 = rounded_9_2_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_9_2_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_9_2_unsaturated);
  wire logic signed [17:0] rounded_10_2_unsaturated =
      (((18'(lanes_element_10_6_s6) << 1) >>> largest_10_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_10_2 = rounded_10_2_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_10_2_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_10_2_unsaturated);
  wire logic signed [17:0] rounded_11_2_unsaturated =
      (((18'(lanes_element_11_6_s6) << 1) >>> largest_10_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_11_2 = rounded_11_2_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_11_2_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_11_2_unsaturated);
  wire logic signed [17:0] rounded_12_2_unsaturated =
      (((18'(lanes_element_12_6_s6) << 1) >>> largest_10_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_12_2 = rounded_12_2_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_12_2_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_12_2_unsaturated);
  wire logic signed [17:0] rounded_13_2_unsaturated =
      (((18'(lanes_element_13_6_s6) << 1) >>> largest_10_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_13_2 = rounded_13_2_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_13_2_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_13_2_unsaturated);
  wire logic signed [17:0] rounded_14_2_unsaturated =
      (((18'(lanes_element_14_6_s6) << 1) >>> largest_10_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_14_2 = rounded_14_2_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_14_2_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_14_2_unsaturated);
  wire logic signed [17:0] rounded_15_2_unsaturated =
      (((18'(lanes_element_15_6_s6) << 1) >>> largest_10_s6) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_15_2 = rounded_15_2_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_15_2_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_15_2_unsaturated);
  wire logic [319:0] normed_q_tiles_word = {largest_10_s6, largest_10_s6, largest_10_s6,
      largest_10_s6, largest_10_s6, largest_10_s6, largest_10_s6, largest_10_s6, largest_8_s6,
      largest_8_s6, largest_8_s6, largest_8_s6, largest_8_s6, largest_8_s6, largest_8_s6,
      largest_8_s6, rounded_15_2, rounded_14_2, rounded_13_2, rounded_12_2, rounded_11_2,
      rounded_10_2, rounded_9_2, rounded_8_2, rounded_7_2, rounded_6_2, rounded_5_2, rounded_4_2,
      rounded_3_2, rounded_2_2, rounded_1_2, rounded_0_2, rounded_15, rounded_14, rounded_13,
      rounded_12, rounded_11, rounded_10, rounded_9, rounded_8, rounded_7, rounded_6, rounded_5,
      rounded_4, rounded_3, rounded_2, rounded_1, rounded_0};

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
  assign lanes_element_0_2 = lanes[5'd16];
  assign lanes_element_1_2 = lanes[5'd17];
  assign lanes_element_2_2 = lanes[5'd18];
  assign lanes_element_3_2 = lanes[5'd19];
  assign lanes_element_4_2 = lanes[5'd20];
  assign lanes_element_5_2 = lanes[5'd21];
  assign lanes_element_6_2 = lanes[5'd22];
  assign lanes_element_7_2 = lanes[5'd23];
  assign lanes_element_8_2 = lanes[5'd24];
  assign lanes_element_9_2 = lanes[5'd25];
  assign lanes_element_10_2 = lanes[5'd26];
  assign lanes_element_11_2 = lanes[5'd27];
  assign lanes_element_12_2 = lanes[5'd28];
  assign lanes_element_13_2 = lanes[5'd29];
  assign lanes_element_14_2 = lanes[5'd30];
  assign lanes_element_15_2 = lanes[5'd31];
  always_ff @(posedge clk) begin
    if (quantize_word_go[0]) begin
      condition_2_s1 <= condition_2;
      normed_element_1_s1 <= normed_element_1;
      place_0_s1 <= place_0;
      lanes_element_0_4_s1 <= lanes_element_0_4;
      lanes_element_2_4_s1 <= lanes_element_2_4;
      lanes_element_4_4_s1 <= lanes_element_4_4;
      lanes_element_6_4_s1 <= lanes_element_6_4;
      lanes_element_8_4_s1 <= lanes_element_8_4;
      lanes_element_10_4_s1 <= lanes_element_10_4;
      lanes_element_12_4_s1 <= lanes_element_12_4;
      lanes_element_14_4_s1 <= lanes_element_14_4;
      lanes_element_0_6_s1 <= lanes_element_0_6;
      lanes_element_2_6_s1 <= lanes_element_2_6;
      lanes_element_4_6_s1 <= lanes_element_4_6;
      lanes_element_6_6_s1 <= lanes_element_6_6;
      lanes_element_8_6_s1 <= lanes_element_8_6;
      lanes_element_10_6_s1 <= lanes_element_10_6;
      lanes_element_12_6_s1 <= lanes_element_12_6;
      lanes_element_14_6_s1 <= lanes_element_14_6;
    end
    if (quantize_word_go[1]) begin
      condition_2_s2 <= condition_2_s1;
      magnitude_0_s2 <= magnitude_0;
      magnitude_1_s2 <= magnitude_1;
      magnitude_2_s2 <= magnitude_2;
      magnitude_3_s2 <= magnitude_3;
      magnitude_4_s2 <= magnitude_4;
      magnitude_5_s2 <= magnitude_5;
      magnitude_6_s2 <= magnitude_6;
      magnitude_7_s2 <= magnitude_7;
      magnitude_8_s2 <= magnitude_8;
      magnitude_9_s2 <= magnitude_9;
      magnitude_10_s2 <= magnitude_10;
      magnitude_11_s2 <= magnitude_11;
      magnitude_12_s2 <= magnitude_12;
      magnitude_13_s2 <= magnitude_13;
      magnitude_14_s2 <= magnitude_14;
      magnitude_15_s2 <= magnitude_15;
      magnitude_0_2_s2 <= magnitude_0_2;
      magnitude_1_2_s2 <= magnitude_1_2;
      magnitude_2_2_s2 <= magnitude_2_2;
      magnitude_3_2_s2 <= magnitude_3_2;
      magnitude_4_2_s2 <= magnitude_4_2;
      magnitude_5_2_s2 <= magnitude_5_2;
      magnitude_6_2_s2 <= magnitude_6_2;
      magnitude_7_2_s2 <= magnitude_7_2;
      magnitude_8_2_s2 <= magnitude_8_2;
      magnitude_9_2_s2 <= magnitude_9_2;
      magnitude_10_2_s2 <= magnitude_10_2;
      magnitude_11_2_s2 <= magnitude_11_2;
      magnitude_12_2_s2 <= magnitude_12_2;
      magnitude_13_2_s2 <= magnitude_13_2;
      magnitude_14_2_s2 <= magnitude_14_2;
      magnitude_15_2_s2 <= magnitude_15_2;
    end
    if (quantize_word_go[2]) begin
      condition_2_s3 <= condition_2_s2;
      largest_0_2_s3 <= largest_0_2;
      largest_1_2_s3 <= largest_1_2;
      largest_2_2_s3 <= largest_2_2;
      largest_3_2_s3 <= largest_3_2;
      largest_0_5_s3 <= largest_0_5;
      largest_1_5_s3 <= largest_1_5;
      largest_2_4_s3 <= largest_2_4;
      largest_3_4_s3 <= largest_3_4;
    end
    if (quantize_word_go[3]) begin
      condition_2_s4 <= condition_2_s3;
      largest_s4 <= largest;
      largest_9_s4 <= largest_9;
    end
    if (quantize_word_go[4]) begin
      condition_2_s5 <= condition_2_s4;
      bit_count_s5 <= bit_count;
      bit_count_2_s5 <= bit_count_2;
    end
    if (quantize_word_go[5]) begin
      condition_2_s6 <= condition_2_s5;
      largest_8_s6 <= largest_8;
      largest_10_s6 <= largest_10;
    end
  end
  lmc_delay #(.WIDTH(512), .STAGES(5)) quantize_word_from_1_to_6 (
      .clk,
      .rst,
      .in_go   (quantize_word_go[1]),
      .in_data ({lanes_element_0_4_s1, lanes_element_2_4_s1, lanes_element_4_4_s1,
          lanes_element_6_4_s1, lanes_element_8_4_s1, lanes_element_10_4_s1, lanes_element_12_4_s1,
          lanes_element_14_4_s1, lanes_element_1_4, lanes_element_3_4, lanes_element_5_4,
          lanes_element_7_4, lanes_element_9_4, lanes_element_11_4, lanes_element_13_4,
          lanes_element_15_4, lanes_element_0_6_s1, lanes_element_2_6_s1, lanes_element_4_6_s1,
          lanes_element_6_6_s1, lanes_element_8_6_s1, lanes_element_10_6_s1, lanes_element_12_6_s1,
          lanes_element_14_6_s1, lanes_element_1_6, lanes_element_3_6, lanes_element_5_6,
          lanes_element_7_6, lanes_element_9_6, lanes_element_11_6, lanes_element_13_6,
          lanes_element_15_6}),
      .out_go  (quantize_word_go[6]),
      .out_data({lanes_element_0_4_s6, lanes_element_2_4_s6, lanes_element_4_4_s6,
          lanes_element_6_4_s6, lanes_element_8_4_s6, lanes_element_10_4_s6, lanes_element_12_4_s6,
          lanes_element_14_4_s6, lanes_element_1_4_s6, lanes_element_3_4_s6, lanes_element_5_4_s6,
          lanes_element_7_4_s6, lanes_element_9_4_s6, lanes_element_11_4_s6, lanes_element_13_4_s6,
          lanes_element_15_4_s6, lanes_element_0_6_s6, lanes_element_2_6_s6, lanes_element_4_6_s6,
          lanes_element_6_6_s6, lanes_element_8_6_s6, lanes_element_10_6_s6, lanes_element_12_6_s6,
          lanes_element_14_6_s6, lanes_element_1_6_s6, lanes_element_3_6_s6, lanes_element_5_6_s6,
          lanes_element_7_6_s6, lanes_element_9_6_s6, lanes_element_11_6_s6, lanes_element_13_6_s6,
          lanes_element_15_6_s6})
  );
  always_comb begin
    quantize_word_ok = '1;
    quantize_word_ok[0] = (!condition || normed_valid);
    quantize_word_ok[6] = (!condition_2_s6 || normed_q_tiles_ready);
  end
  lmc_pipeline #(.STAGES(7), .INTERVAL(1)) quantize_word_control (
      .clk,
      .rst,
      .start  (state == START_QUANTIZE_WORD),
      .is_last(quantize_word_is_last),
      .ok     (quantize_word_ok),
      .valid  (quantize_word_unused_valid),
      .go     (quantize_word_go),
      .done   (quantize_word_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_QUANTIZE_WORD) begin
      slot <= '0;
      word <= '0;
    end else if (quantize_word_go[0]) begin
      if (is_last_word) slot <= is_last_slot ? '0 : slot + 1'b1;
      word <= is_last_word ? '0 : word + 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (quantize_word_go[0]) lanes[place_0] <= normed_element_0;
    if (quantize_word_go[1]) lanes[place_1] <= normed_element_1_s1;
  end

  assign normed_ready = quantize_word_go[0] && condition;
  assign normed_q_tiles_valid = quantize_word_go[6] && condition_2_s6;
  assign normed_q_tiles_data = normed_q_tiles_word;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_quantize_token) begin
            token <= '0;
            state <= ROUND_QUANTIZE_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_QUANTIZE_TOKEN: begin
          layer <= '0;
          state <= ROUND_QUANTIZE_LAYER;
        end
        ROUND_QUANTIZE_LAYER: begin
          state <= START_QUANTIZE_WORD;
        end
        START_QUANTIZE_WORD: begin
          state <= RUN_QUANTIZE_WORD;
        end
        RUN_QUANTIZE_WORD: begin
          if (quantize_word_done) begin
            if (more_quantize_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_QUANTIZE_LAYER;
            end else begin
              if (more_quantize_token) begin
                token <= token + 1'b1;
                state <= ROUND_QUANTIZE_TOKEN;
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
      quantize_word_go,
      normed_word,
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
      difference_2,
      rounded_0_2_unsaturated,
      rounded_1_2_unsaturated,
      rounded_2_2_unsaturated,
      rounded_3_2_unsaturated,
      rounded_4_2_unsaturated,
      rounded_5_2_unsaturated,
      rounded_6_2_unsaturated,
      rounded_7_2_unsaturated,
      rounded_8_2_unsaturated,
      rounded_9_2_unsaturated,
      rounded_10_2_unsaturated,
      rounded_11_2_unsaturated,
      rounded_12_2_unsaturated,
      rounded_13_2_unsaturated,
      rounded_14_2_unsaturated,
      rounded_15_2_unsaturated,
      1'b0
  };

endmodule
