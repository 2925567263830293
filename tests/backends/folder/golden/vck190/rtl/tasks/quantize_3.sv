// ssm.quantize(dt: 2 x fixed<16, 10>) -> dt_q: 2 x bfp<8, 2, 10>
//   from mamba1.py:39
//   reads dt_2: 1 word of 2 x fixed<16, 10> for each layer
//   writes dt_q_tiles: 1 word of 32 x bfp<8, 2, 10> for each layer
module quantize_3 (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic dt_2_valid,
    output logic dt_2_ready,
    input  logic [31:0] dt_2_data,
    output logic dt_q_tiles_valid,
    input  logic dt_q_tiles_ready,
    output logic [319:0] dt_q_tiles_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_QUANTIZE_3_TOKEN,
    ROUND_QUANTIZE_3_LAYER,
    START_QUANTIZE_3_SLOT,
    RUN_QUANTIZE_3_SLOT
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic signed [15:0] lanes[32];
  logic [4:0] quantize_3_slot_go;
  logic quantize_3_slot_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_quantize_3_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_quantize_3_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_quantize_3_layer = next_layer < 2'd2;

  // Pipeline quantize_3_slot: 5 stages
  logic [4:0] quantize_3_slot_ok, quantize_3_slot_unused_valid;
  logic quantize_3_slot_is_last;
  logic [3:0] slot;
  wire logic is_last_slot_2 = slot == 4'd15;
  assign quantize_3_slot_is_last = is_last_slot_2;
  logic signed [15:0] lanes_element_0, lanes_element_1, lanes_element_0_2, lanes_element_1_2,
      lanes_element_0_3, lanes_element_1_3, lanes_element_0_4, lanes_element_1_4, lanes_element_0_5,
      lanes_element_1_5, lanes_element_0_6, lanes_element_1_6, lanes_element_0_7, lanes_element_1_7,
      lanes_element_0_8, lanes_element_1_8, lanes_element_0_9, lanes_element_1_9,
      lanes_element_0_10, lanes_element_1_10, lanes_element_0_11, lanes_element_1_11,
      lanes_element_0_12, lanes_element_1_12, lanes_element_0_13, lanes_element_1_13,
      lanes_element_0_14, lanes_element_1_14, lanes_element_0_15, lanes_element_1_15,
      lanes_element_0_16, lanes_element_1_16;
  logic is_last_slot_s1, is_last_slot_s2, is_last_slot_s3, is_last_slot_s4;
  logic signed [15:0] lanes_element_0_18_s1, lanes_element_0_18_s4, lanes_element_1_18_s1,
      lanes_element_1_18_s4, lanes_element_0_20_s1, lanes_element_0_20_s4, lanes_element_1_20_s1,
      lanes_element_1_20_s4, lanes_element_0_22_s1, lanes_element_0_22_s4, lanes_element_1_22_s1,
      lanes_element_1_22_s4, lanes_element_0_24_s1, lanes_element_0_24_s4, lanes_element_1_24_s1,
      lanes_element_1_24_s4, lanes_element_0_26_s1, lanes_element_0_26_s4, lanes_element_1_26_s1,
      lanes_element_1_26_s4, lanes_element_0_28_s1, lanes_element_0_28_s4, lanes_element_1_28_s1,
      lanes_element_1_28_s4, lanes_element_0_30_s1, lanes_element_0_30_s4, lanes_element_1_30_s1,
      lanes_element_1_30_s4, lanes_element_0_32_s1, lanes_element_0_32_s4, lanes_element_1_32_s1,
      lanes_element_1_32_s4, lanes_element_0_34_s1, lanes_element_0_34_s4, lanes_element_1_34_s1,
      lanes_element_1_34_s4, lanes_element_0_36_s1, lanes_element_0_36_s4, lanes_element_1_36_s1,
      lanes_element_1_36_s4, lanes_element_0_38_s1, lanes_element_0_38_s4, lanes_element_1_38_s1,
      lanes_element_1_38_s4, lanes_element_0_40_s1, lanes_element_0_40_s4, lanes_element_1_40_s1,
      lanes_element_1_40_s4, lanes_element_0_42_s1, lanes_element_0_42_s4, lanes_element_1_42_s1,
      lanes_element_1_42_s4, lanes_element_0_44_s1, lanes_element_0_44_s4, lanes_element_1_44_s1,
      lanes_element_1_44_s4, lanes_element_0_46_s1, lanes_element_0_46_s4, lanes_element_1_46_s1,
      lanes_element_1_46_s4, lanes_element_0_48_s1, lanes_element_0_48_s4, lanes_element_1_48_s1,
      lanes_element_1_48_s4;
  logic [15:0] largest_s2, largest_3_s2, largest_5_s2, largest_7_s2, largest_9_s2, largest_11_s2,
      largest_13_s2, largest_15_s2, largest_17_s2, largest_19_s2, largest_21_s2, largest_23_s2,
      largest_25_s2, largest_27_s2, largest_29_s2, largest_31_s2;
  logic [4:0] bit_count_s3, bit_count_2_s3, bit_count_3_s3, bit_count_4_s3, bit_count_5_s3,
      bit_count_6_s3, bit_count_7_s3, bit_count_8_s3, bit_count_9_s3, bit_count_10_s3,
      bit_count_11_s3, bit_count_12_s3, bit_count_13_s3, bit_count_14_s3, bit_count_15_s3,
      bit_count_16_s3;
  logic [3:0] largest_2_s4, largest_4_s4, largest_6_s4, largest_8_s4, largest_10_s4, largest_12_s4,
      largest_14_s4, largest_16_s4, largest_18_s4, largest_20_s4, largest_22_s4, largest_24_s4,
      largest_26_s4, largest_28_s4, largest_30_s4, largest_32_s4;
  logic [31:0] dt_2_word_2;
  assign dt_2_word_2 = dt_2_data;

  // Stage 0
  // mamba1.py:39
  wire logic condition = slot < 4'd1;
  wire logic [31:0] dt_2_word = condition ? dt_2_word_2 : 32'd0;
  wire logic [4:0] offset = 5'(slot) * 5'd2;
  wire logic signed [15:0] dt_2_element_0 = signed'(dt_2_word[15:0]);
  wire logic signed [15:0] dt_2_element_1 = signed'(dt_2_word[31:16]);
  wire logic [4:0] place_1 = offset + 5'd1;
  wire logic is_last_slot = slot == 4'd15;
  wire logic lanes_element_0_17 = offset == 5'd0;
  wire logic signed [15:0] lanes_element_0_18 = lanes_element_0_17 ? dt_2_element_0 :
      lanes_element_0;
  wire logic lanes_element_1_17 = place_1 == 5'd1;
  wire logic signed [15:0] lanes_element_1_18 = lanes_element_1_17 ? dt_2_element_1 :
      lanes_element_1;
  wire logic lanes_element_0_19 = offset == 5'd2;
  wire logic signed [15:0] lanes_element_0_20 = lanes_element_0_19 ? dt_2_element_0 :
      lanes_element_0_2;
  wire logic lanes_element_1_19 = place_1 == 5'd3;
  wire logic signed [15:0] lanes_element_1_20 = lanes_element_1_19 ? dt_2_element_1 :
      lanes_element_1_2;
  wire logic lanes_element_0_21 = offset == 5'd4;
  wire logic signed [15:0] lanes_element_0_22 = lanes_element_0_21 ? dt_2_element_0 :
      lanes_element_0_3;
  wire logic lanes_element_1_21 = place_1 == 5'd5;
  wire logic signed [15:0] lanes_element_1_22 = lanes_element_1_21 ? dt_2_element_1 :
      lanes_element_1_3;
  wire logic lanes_element_0_23 = offset == 5'd6;
  wire logic signed [15:0] lanes_element_0_24 = lanes_element_0_23 ? dt_2_element_0 :
      lanes_element_0_4;
  wire logic lanes_element_1_23 = place_1 == 5'd7;
  wire logic signed [15:0] lanes_element_1_24 = lanes_element_1_23 ? dt_2_element_1 :
      lanes_element_1_4;
  wire logic lanes_element_0_25 = offset == 5'd8;
  wire logic signed [15:0] lanes_element_0_26 = lanes_element_0_25 ? dt_2_element_0 :
      lanes_element_0_5;
  wire logic lanes_element_1_25 = place_1 == 5'd9;
  wire logic signed [15:0] lanes_element_1_26 = lanes_element_1_25 ? dt_2_element_1 :
      lanes_element_1_5;
  wire logic lanes_element_0_27 = offset == 5'd10;
  wire logic signed [15:0] lanes_element_0_28 = lanes_element_0_27 ? dt_2_element_0 :
      lanes_element_0_6;
  wire logic lanes_element_1_27 = place_1 == 5'd11;
  wire logic signed [15:0] lanes_element_1_28 = lanes_element_1_27 ? dt_2_element_1 :
      lanes_element_1_6;
  wire logic lanes_element_0_29 = offset == 5'd12;
  wire logic signed [15:0] lanes_element_0_30 = lanes_element_0_29 ? dt_2_element_0 :
      lanes_element_0_7;
  wire logic lanes_element_1_29 = place_1 == 5'd13;
  wire logic signed [15:0] lanes_element_1_30 = lanes_element_1_29 ? dt_2_element_1 :
      lanes_element_1_7;
  wire logic lanes_element_0_31 = offset == 5'd14;
  wire logic signed [15:0] lanes_element_0_32 = lanes_element_0_31 ? dt_2_element_0 :
      lanes_element_0_8;
  wire logic lanes_element_1_31 = place_1 == 5'd15;
  wire logic signed [15:0] lanes_element_1_32 = lanes_element_1_31 ? dt_2_element_1 :
      lanes_element_1_8;
  wire logic lanes_element_0_33 = offset == 5'd16;
  wire logic signed [15:0] lanes_element_0_34 = lanes_element_0_33 ? dt_2_element_0 :
      lanes_element_0_9;
  wire logic lanes_element_1_33 = place_1 == 5'd17;
  wire logic signed [15:0] lanes_element_1_34 = lanes_element_1_33 ? dt_2_element_1 :
      lanes_element_1_9;
  wire logic lanes_element_0_35 = offset == 5'd18;
  wire logic signed [15:0] lanes_element_0_36 = lanes_element_0_35 ? dt_2_element_0 :
      lanes_element_0_10;
  wire logic lanes_element_1_35 = place_1 == 5'd19;
  wire logic signed [15:0] lanes_element_1_36 = lanes_element_1_35 ? dt_2_element_1 :
      lanes_element_1_10;
  wire logic lanes_element_0_37 = offset == 5'd20;
  wire logic signed [15:0] lanes_element_0_38 = lanes_element_0_37 ? dt_2_element_0 :
      lanes_element_0_11;
  wire logic lanes_element_1_37 = place_1 == 5'd21;
  wire logic signed [15:0] lanes_element_1_38 = lanes_element_1_37 ? dt_2_element_1 :
      lanes_element_1_11;
  wire logic lanes_element_0_39 = offset == 5'd22;
  wire logic signed [15:0] lanes_element_0_40 = lanes_element_0_39 ? dt_2_element_0 :
      lanes_element_0_12;
  wire logic lanes_element_1_39 = place_1 == 5'd23;
  wire logic signed [15:0] lanes_element_1_40 = lanes_element_1_39 ? dt_2_element_1 :
      lanes_element_1_12;
  wire logic lanes_element_0_41 = offset == 5'd24;
  wire logic signed [15:0] lanes_element_0_42 = lanes_element_0_41 ? dt_2_element_0 :
      lanes_element_0_13;
  wire logic lanes_element_1_41 = place_1 == 5'd25;
  wire logic signed [15:0] lanes_element_1_42 = lanes_element_1_41 ? dt_2_element_1 :
      lanes_element_1_13;
  wire logic lanes_element_0_43 = offset == 5'd26;
  wire logic signed [15:0] lanes_element_0_44 = lanes_element_0_43 ? dt_2_element_0 :
      lanes_element_0_14;
  wire logic lanes_element_1_43 = place_1 == 5'd27;
  wire logic signed [15:0] lanes_element_1_44 = lanes_element_1_43 ? dt_2_element_1 :
      lanes_element_1_14;
  wire logic lanes_element_0_45 = offset == 5'd28;
  wire logic signed [15:0] lanes_element_0_46 = lanes_element_0_45 ? dt_2_element_0 :
      lanes_element_0_15;
  wire logic lanes_element_1_45 = place_1 == 5'd29;
  wire logic signed [15:0] lanes_element_1_46 = lanes_element_1_45 ? dt_2_element_1 :
      lanes_element_1_15;
  wire logic lanes_element_0_47 = offset == 5'd30;
  wire logic signed [15:0] lanes_element_0_48 = lanes_element_0_47 ? dt_2_element_0 :
      lanes_element_0_16;
  wire logic lanes_element_1_47 = place_1 == 5'd31;
  wire logic signed [15:0] lanes_element_1_48 = lanes_element_1_47 ? dt_2_element_1 :
      lanes_element_1_16;

  // Stage 1
  // mamba1.py:39
  wire logic [15:0] magnitude_0 = lanes_element_0_18_s1[15] ? -unsigned'(lanes_element_0_18_s1) :
      unsigned'(lanes_element_0_18_s1);
  wire logic [15:0] magnitude_1 = lanes_element_1_18_s1[15] ? -unsigned'(lanes_element_1_18_s1) :
      unsigned'(lanes_element_1_18_s1);
  wire logic [15:0] largest = magnitude_0 > magnitude_1 ? magnitude_0 : magnitude_1;
  wire logic [15:0] magnitude_0_2 = lanes_element_0_20_s1[15] ? -unsigned'(lanes_element_0_20_s1) :
      unsigned'(lanes_element_0_20_s1);
  wire logic [15:0] magnitude_1_2 = lanes_element_1_20_s1[15] ? -unsigned'(lanes_element_1_20_s1) :
      unsigned'(lanes_element_1_20_s1);
  wire logic [15:0] largest_3 = magnitude_0_2 > magnitude_1_2 ? magnitude_0_2 : magnitude_1_2;
  wire logic [15:0] magnitude_0_3 = lanes_element_0_22_s1[15] ? -unsigned'(lanes_element_0_22_s1) :
      unsigned'(lanes_element_0_22_s1);
  wire logic [15:0] magnitude_1_3 = lanes_element_1_22_s1[15] ? -unsigned'(lanes_element_1_22_s1) :
      unsigned'(lanes_element_1_22_s1);
  wire logic [15:0] largest_5 = magnitude_0_3 > magnitude_1_3 ? magnitude_0_3 : magnitude_1_3;
  wire logic [15:0] magnitude_0_4 = lanes_element_0_24_s1[15] ? -unsigned'(lanes_element_0_24_s1) :
      unsigned'(lanes_element_0_24_s1);
  wire logic [15:0] magnitude_1_4 = lanes_element_1_24_s1[15] ? -unsigned'(lanes_element_1_24_s1) :
      unsigned'(lanes_element_1_24_s1);
  wire logic [15:0] largest_7 = magnitude_0_4 > magnitude_1_4 ? magnitude_0_4 : magnitude_1_4;
  wire logic [15:0] magnitude_0_5 = lanes_element_0_26_s1[15] ? -unsigned'(lanes_element_0_26_s1) :
      unsigned'(lanes_element_0_26_s1);
  wire logic [15:0] magnitude_1_5 = lanes_element_1_26_s1[15] ? -unsigned'(lanes_element_1_26_s1) :
      unsigned'(lanes_element_1_26_s1);
  wire logic [15:0] largest_9 = magnitude_0_5 > magnitude_1_5 ? magnitude_0_5 : magnitude_1_5;
  wire logic [15:0] magnitude_0_6 = lanes_element_0_28_s1[15] ? -unsigned'(lanes_element_0_28_s1) :
      unsigned'(lanes_element_0_28_s1);
  wire logic [15:0] magnitude_1_6 = lanes_element_1_28_s1[15] ? -unsigned'(lanes_element_1_28_s1) :
      unsigned'(lanes_element_1_28_s1);
  wire logic [15:0] largest_11 = magnitude_0_6 > magnitude_1_6 ? magnitude_0_6 : magnitude_1_6;
  wire logic [15:0] magnitude_0_7 = lanes_element_0_30_s1[15] ? -unsigned'(lanes_element_0_30_s1) :
      unsigned'(lanes_element_0_30_s1);
  wire logic [15:0] magnitude_1_7 = lanes_element_1_30_s1[15] ? -unsigned'(lanes_element_1_30_s1) :
      unsigned'(lanes_element_1_30_s1);
  wire logic [15:0] largest_13 = magnitude_0_7 > magnitude_1_7 ? magnitude_0_7 : magnitude_1_7;
  wire logic [15:0] magnitude_0_8 = lanes_element_0_32_s1[15] ? -unsigned'(lanes_element_0_32_s1) :
      unsigned'(lanes_element_0_32_s1);
  wire logic [15:0] magnitude_1_8 = lanes_element_1_32_s1[15] ? -unsigned'(lanes_element_1_32_s1) :
      unsigned'(lanes_element_1_32_s1);
  wire logic [15:0] largest_15 = magnitude_0_8 > magnitude_1_8 ? magnitude_0_8 : magnitude_1_8;
  wire logic [15:0] magnitude_0_9 = lanes_element_0_34_s1[15] ? -unsigned'(lanes_element_0_34_s1) :
      unsigned'(lanes_element_0_34_s1);
  wire logic [15:0] magnitude_1_9 = lanes_element_1_34_s1[15] ? -unsigned'(lanes_element_1_34_s1) :
      unsigned'(lanes_element_1_34_s1);
  wire logic [15:0] largest_17 = magnitude_0_9 > magnitude_1_9 ? magnitude_0_9 : magnitude_1_9;
  wire logic [15:0] magnitude_0_10 = lanes_element_0_36_s1[15] ? -unsigned'(lanes_element_0_36_s1) :
      unsigned'(lanes_element_0_36_s1);
  wire logic [15:0] magnitude_1_10 = lanes_element_1_36_s1[15] ? -unsigned'(lanes_element_1_36_s1) :
      unsigned'(lanes_element_1_36_s1);
  wire logic [15:0] largest_19 = magnitude_0_10 > magnitude_1_10 ? magnitude_0_10 : magnitude_1_10;
  wire logic [15:0] magnitude_0_11 = lanes_element_0_38_s1[15] ? -unsigned'(lanes_element_0_38_s1) :
      unsigned'(lanes_element_0_38_s1);
  wire logic [15:0] magnitude_1_11 = lanes_element_1_38_s1[15] ? -unsigned'(lanes_element_1_38_s1) :
      unsigned'(lanes_element_1_38_s1);
  wire logic [15:0] largest_21 = magnitude_0_11 > magnitude_1_11 ? magnitude_0_11 : magnitude_1_11;
  wire logic [15:0] magnitude_0_12 = lanes_element_0_40_s1[15] ? -unsigned'(lanes_element_0_40_s1) :
      unsigned'(lanes_element_0_40_s1);
  wire logic [15:0] magnitude_1_12 = lanes_element_1_40_s1[15] ? -unsigned'(lanes_element_1_40_s1) :
      unsigned'(lanes_element_1_40_s1);
  wire logic [15:0] largest_23 = magnitude_0_12 > magnitude_1_12 ? magnitude_0_12 : magnitude_1_12;
  wire logic [15:0] magnitude_0_13 = lanes_element_0_42_s1[15] ? -unsigned'(lanes_element_0_42_s1) :
      unsigned'(lanes_element_0_42_s1);
  wire logic [15:0] magnitude_1_13 = lanes_element_1_42_s1[15] ? -unsigned'(lanes_element_1_42_s1) :
      unsigned'(lanes_element_1_42_s1);
  wire logic [15:0] largest_25 = magnitude_0_13 > magnitude_1_13 ? magnitude_0_13 : magnitude_1_13;
  wire logic [15:0] magnitude_0_14 = lanes_element_0_44_s1[15] ? -unsigned'(lanes_element_0_44_s1) :
      unsigned'(lanes_element_0_44_s1);
  wire logic [15:0] magnitude_1_14 = lanes_element_1_44_s1[15] ? -unsigned'(lanes_element_1_44_s1) :
      unsigned'(lanes_element_1_44_s1);
  wire logic [15:0] largest_27 = magnitude_0_14 > magnitude_1_14 ? magnitude_0_14 : magnitude_1_14;
  wire logic [15:0] magnitude_0_15 = lanes_element_0_46_s1[15] ? -unsigned'(lanes_element_0_46_s1) :
      unsigned'(lanes_element_0_46_s1);
  wire logic [15:0] magnitude_1_15 = lanes_element_1_46_s1[15] ? -unsigned'(lanes_element_1_46_s1) :
      unsigned'(lanes_element_1_46_s1);
  wire logic [15:0] largest_29 = magnitude_0_15 > magnitude_1_15 ? magnitude_0_15 : magnitude_1_15;
  wire logic [15:0] magnitude_0_16 = lanes_element_0_48_s1[15] ? -unsigned'(lanes_element_0_48_s1) :
      unsigned'(lanes_element_0_48_s1);
  wire logic [15:0] magnitude_1_16 = lanes_element_1_48_s1[15] ? -unsigned'(lanes_element_1_48_s1) :
      unsigned'(lanes_element_1_48_s1);
  wire logic [15:0] largest_31 = magnitude_0_16 > magnitude_1_16 ? magnitude_0_16 : magnitude_1_16;

  // Stage 2
  // mamba1.py:39
  logic [4:0] bit_count;
  always_comb begin
    bit_count = '0;
    for (int bit_number = 0; bit_number < 16; bit_number++)
      if (largest_s2[bit_number]) bit_count = unsigned'(5'(bit_number + 1));
  end
  logic [4:0] bit_count_2;
  always_comb begin
    bit_count_2 = '0;
    for (int bit_number = 0; bit_number < 16; bit_number++)
      if (largest_3_s2[bit_number]) bit_count_2 = unsigned'(5'(bit_number + 1));
  end
  logic [4:0] bit_count_3;
  always_comb begin
    bit_count_3 = '0;
    for (int bit_number = 0; bit_number < 16; bit_number++)
      if (largest_5_s2[bit_number]) bit_count_3 = unsigned'(5'(bit_number + 1));
  end
  logic [4:0] bit_count_4;
  always_comb begin
    bit_count_4 = '0;
    for (int bit_number = 0; bit_number < 16; bit_number++)
      if (largest_7_s2[bit_number]) bit_count_4 = unsigned'(5'(bit_number + 1));
  end
  logic [4:0] bit_count_5;
  always_comb begin
    bit_count_5 = '0;
    for (int bit_number = 0; bit_number < 16; bit_number++)
      if (largest_9_s2[bit_number]) bit_count_5 = unsigned'(5'(bit_number + 1));
  end
  logic [4:0] bit_count_6;
  always_comb begin
    bit_count_6 = '0;
    for (int bit_number = 0; bit_number < 16; bit_number++)
      if (largest_11_s2[bit_number]) bit_count_6 = unsigned'(5'(bit_number + 1));
  end
  logic [4:0] bit_count_7;
  always_comb begin
    bit_count_7 = '0;
    for (int bit_number = 0; bit_number < 16; bit_number++)
      if (largest_13_s2[bit_number]) bit_count_7 = unsigned'(5'(bit_number + 1));
  end
  logic [4:0] bit_count_8;
  always_comb begin
    bit_count_8 = '0;
    for (int bit_number = 0; bit_number < 16; bit_number++)
      if (largest_15_s2[bit_number]) bit_count_8 = unsigned'(5'(bit_number + 1));
  end
  logic [4:0] bit_count_9;
  always_comb begin
    bit_count_9 = '0;
    for (int bit_number = 0; bit_number < 16; bit_number++)
      if (largest_17_s2[bit_number]) bit_count_9 = unsigned'(5'(bit_number + 1));
  end
  logic [4:0] bit_count_10;
  always_comb begin
    bit_count_10 = '0;
    for (int bit_number = 0; bit_number < 16; bit_number++)
      if (largest_19_s2[bit_number]) bit_count_10 = unsigned'(5'(bit_number + 1));
  end
  logic [4:0] bit_count_11;
  always_comb begin
    bit_count_11 = '0;
    for (int bit_number = 0; bit_number < 16; bit_number++)
      if (largest_21_s2[bit_number]) bit_count_11 = unsigned'(5'(bit_number + 1));
  end
  logic [4:0] bit_count_12;
  always_comb begin
    bit_count_12 = '0;
    for (int bit_number = 0; bit_number < 16; bit_number++)
      if (largest_23_s2[bit_number]) bit_count_12 = unsigned'(5'(bit_number + 1));
  end
  logic [4:0] bit_count_13;
  always_comb begin
    bit_count_13 = '0;
    for (int bit_number = 0; bit_number < 16; bit_number++)
      if (largest_25_s2[bit_number]) bit_count_13 = unsigned'(5'(bit_number + 1));
  end
  logic [4:0] bit_count_14;
  always_comb begin
    bit_count_14 = '0;
    for (int bit_number = 0; bit_number < 16; bit_number++)
      if (largest_27_s2[bit_number]) bit_count_14 = unsigned'(5'(bit_number + 1));
  end
  logic [4:0] bit_count_15;
  always_comb begin
    bit_count_15 = '0;
    for (int bit_number = 0; bit_number < 16; bit_number++)
      if (largest_29_s2[bit_number]) bit_count_15 = unsigned'(5'(bit_number + 1));
  end
  logic [4:0] bit_count_16;
  always_comb begin
    bit_count_16 = '0;
    for (int bit_number = 0; bit_number < 16; bit_number++)
      if (largest_31_s2[bit_number]) bit_count_16 = unsigned'(5'(bit_number + 1));
  end

  // Stage 3
  // mamba1.py:39
  wire logic signed [4:0] difference = signed'(bit_count_s3) - 5'sd7;
  wire logic [3:0] largest_2 = difference > 5'sd0 ? unsigned'(4'(difference)) : 4'd0;
  wire logic signed [4:0] difference_2 = signed'(bit_count_2_s3) - 5'sd7;
  wire logic [3:0] largest_4 = difference_2 > 5'sd0 ? unsigned'(4'(difference_2)) : 4'd0;
  wire logic signed [4:0] difference_3 = signed'(bit_count_3_s3) - 5'sd7;
  wire logic [3:0] largest_6 = difference_3 > 5'sd0 ? unsigned'(4'(difference_3)) : 4'd0;
  wire logic signed [4:0] difference_4 = signed'(bit_count_4_s3) - 5'sd7;
  wire logic [3:0] largest_8 = difference_4 > 5'sd0 ? unsigned'(4'(difference_4)) : 4'd0;
  wire logic signed [4:0] difference_5 = signed'(bit_count_5_s3) - 5'sd7;
  wire logic [3:0] largest_10 = difference_5 > 5'sd0 ? unsigned'(4'(difference_5)) : 4'd0;
  wire logic signed [4:0] difference_6 = signed'(bit_count_6_s3) - 5'sd7;
  wire logic [3:0] largest_12 = difference_6 > 5'sd0 ? unsigned'(4'(difference_6)) : 4'd0;
  wire logic signed [4:0] difference_7 = signed'(bit_count_7_s3) - 5'sd7;
  wire logic [3:0] largest_14 = difference_7 > 5'sd0 ? unsigned'(4'(difference_7)) : 4'd0;
  wire logic signed [4:0] difference_8 = signed'(bit_count_8_s3) - 5'sd7;
  wire logic [3:0] largest_16 = difference_8 > 5'sd0 ? unsigned'(4'(difference_8)) : 4'd0;
  wire logic signed [4:0] difference_9 = signed'(bit_count_9_s3) - 5'sd7;
  wire logic [3:0] largest_18 = difference_9 > 5'sd0 ? unsigned'(4'(difference_9)) : 4'd0;
  wire logic signed [4:0] difference_10 = signed'(bit_count_10_s3) - 5'sd7;
  wire logic [3:0] largest_20 = difference_10 > 5'sd0 ? unsigned'(4'(difference_10)) : 4'd0;
  wire logic signed [4:0] difference_11 = signed'(bit_count_11_s3) - 5'sd7;
  wire logic [3:0] largest_22 = difference_11 > 5'sd0 ? unsigned'(4'(difference_11)) : 4'd0;
  wire logic signed [4:0] difference_12 = signed'(bit_count_12_s3) - 5'sd7;
  wire logic [3:0] largest_24 = difference_12 > 5'sd0 ? unsigned'(4'(difference_12)) : 4'd0;
  wire logic signed [4:0] difference_13 = signed'(bit_count_13_s3) - 5'sd7;
  wire logic [3:0] largest_26 = difference_13 > 5'sd0 ? unsigned'(4'(difference_13)) : 4'd0;
  wire logic signed [4:0] difference_14 = signed'(bit_count_14_s3) - 5'sd7;
  wire logic [3:0] largest_28 = difference_14 > 5'sd0 ? unsigned'(4'(difference_14)) : 4'd0;
  wire logic signed [4:0] difference_15 = signed'(bit_count_15_s3) - 5'sd7;
  wire logic [3:0] largest_30 = difference_15 > 5'sd0 ? unsigned'(4'(difference_15)) : 4'd0;
  wire logic signed [4:0] difference_16 = signed'(bit_count_16_s3) - 5'sd7;
  wire logic [3:0] largest_32 = difference_16 > 5'sd0 ? unsigned'(4'(difference_16)) : 4'd0;

  // Stage 4
  // mamba1.py:39
  wire logic signed [17:0] rounded_0_unsaturated =
      (((18'(lanes_element_0_18_s4) << 1) >>> largest_2_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_0 = rounded_0_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_0_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_0_unsaturated);
  wire logic signed [17:0] rounded_1_unsaturated =
      (((18'(lanes_element_1_18_s4) << 1) >>> largest_2_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_1 = rounded_1_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_1_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_1_unsaturated);
  wire logic signed [17:0] rounded_0_2_unsaturated =
      (((18'(lanes_element_0_20_s4) << 1) >>> largest_4_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_0_2 = rounded_0_2_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_0_2_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_0_2_unsaturated);
  wire logic signed [17:0] rounded_1_2_unsaturated =
      (((18'(lanes_element_1_20_s4) << 1) >>> largest_4_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_1_2 = rounded_1_2_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_1_2_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_1_2_unsaturated);
  wire logic signed [17:0] rounded_0_3_unsaturated =
      (((18'(lanes_element_0_22_s4) << 1) >>> largest_6_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_0_3 = rounded_0_3_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_0_3_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_0_3_unsaturated);
  wire logic signed [17:0] rounded_1_3_unsaturated =
      (((18'(lanes_element_1_22_s4) << 1) >>> largest_6_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_1_3 = rounded_1_3_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_1_3_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_1_3_unsaturated);
  wire logic signed [17:0] rounded_0_4_unsaturated =
      (((18'(lanes_element_0_24_s4) << 1) >>> largest_8_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_0_4 = rounded_0_4_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_0_4_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_0_4_unsaturated);
  wire logic signed [17:0] rounded_1_4_unsaturated =
      (((18'(lanes_element_1_24_s4) << 1) >>> largest_8_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_1_4 = rounded_1_4_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_1_4_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_1_4_unsaturated);
  wire logic signed [17:0] rounded_0_5_unsaturated =
      (((18'(lanes_element_0_26_s4) << 1) >>> largest_10_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_0_5 = rounded_0_5_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_0_5_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_0_5_unsaturated);
  wire logic signed [17:0] rounded_1_5_unsaturated =
      (((18'(lanes_element_1_26_s4) << 1) >>> largest_10_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_1_5 = rounded_1_5_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_1_5_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_1_5_unsaturated);
  wire logic signed [17:0] rounded_0_6_unsaturated =
      (((18'(lanes_element_0_28_s4) << 1) >>> largest_12_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_0_6 = rounded_0_6_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_0_6_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_0_6_unsaturated);
  wire logic signed [17:0] rounded_1_6_unsaturated =
      (((18'(lanes_element_1_28_s4) << 1) >>> largest_12_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_1_6 = rounded_1_6_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_1_6_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_1_6_unsaturated);
  wire logic signed [17:0] rounded_0_7_unsaturated =
      (((18'(lanes_element_0_30_s4) << 1) >>> largest_14_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_0_7 = rounded_0_7_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_0_7_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_0_7_unsaturated);
  wire logic signed [17:0] rounded_1_7_unsaturated =
      (((18'(lanes_element_1_30_s4) << 1) >>> largest_14_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_1_7 = rounded_1_7_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_1_7_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_1_7_unsaturated);
  wire logic signed [17:0] rounded_0_8_unsaturated =
      (((18'(lanes_element_0_32_s4) << 1) >>> largest_16_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_0_8 = rounded_0_8_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_0_8_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_0_8_unsaturated);
  wire logic signed [17:0] rounded_1_8_unsaturated =
      (((18'(lanes_element_1_32_s4) << 1) >>> largest_16_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_1_8 = rounded_1_8_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_1_8_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_1_8_unsaturated);
  wire logic signed [17:0] rounded_0_9_unsaturated =
      (((18'(lanes_element_0_34_s4) << 1) >>> largest_18_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_0_9 = rounded_0_9_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_0_9_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_0_9_unsaturated);
  wire logic signed [17:0] rounded_1_9_unsaturated =
      (((18'(lanes_element_1_34_s4) << 1) >>> largest_18_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_1_9 = rounded_1_9_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_1_9_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_1_9_unsaturated);
  wire logic signed [17:0] rounded_0_10_unsaturated =
      (((18'(lanes_element_0_36_s4) << 1) >>> largest_20_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_0_10 = rounded_0_10_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_0_10_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_0_10_unsaturated);
  wire logic signed [17:0] rounded_1_10_unsaturated =
      (((18'(lanes_element_1_36_s4) << 1) >>> largest_20_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_1_10 = rounded_1_10_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_1_10_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_1_10_unsaturated);
  wire logic signed [17:0] rounded_0_11_unsaturated =
      (((18'(lanes_element_0_38_s4) << 1) >>> largest_22_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_0_11 = rounded_0_11_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_0_11_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_0_11_unsaturated);
  wire logic signed [17:0] rounded_1_11_unsaturated =
      (((18'(lanes_element_1_38_s4) << 1) >>> largest_22_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_1_11 = rounded_1_11_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_1_11_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_1_11_unsaturated);
  wire logic signed [17:0] rounded_0_12_unsaturated =
      (((18'(lanes_element_0_40_s4) << 1) >>> largest_24_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_0_12 = rounded_0_12_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_0_12_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_0_12_unsaturated);
  wire logic signed [17:0] rounded_1_12_unsaturated =
      (((18'(lanes_element_1_40_s4) << 1) >>> largest_24_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_1_12 = rounded_1_12_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_1_12_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_1_12_unsaturated);
  wire logic signed [17:0] rounded_0_13_unsaturated =
      (((18'(lanes_element_0_42_s4) << 1) >>> largest_26_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_0_13 = rounded_0_13_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_0_13_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_0_13_unsaturated);
  wire logic signed [17:0] rounded_1_13_unsaturated =
      (((18'(lanes_element_1_42_s4) << 1) >>> largest_26_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_1_13 = rounded_1_13_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_1_13_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_1_13_unsaturated);
  wire logic signed [17:0] rounded_0_14_unsaturated =
      (((18'(lanes_element_0_44_s4) << 1) >>> largest_28_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_0_14 = rounded_0_14_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_0_14_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_0_14_unsaturated);
  wire logic signed [17:0] rounded_1_14_unsaturated =
      (((18'(lanes_element_1_44_s4) << 1) >>> largest_28_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_1_14 = rounded_1_14_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_1_14_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_1_14_unsaturated);
  wire logic signed [17:0] rounded_0_15_unsaturated =
      (((18'(lanes_element_0_46_s4) << 1) >>> largest_30_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_0_15 = rounded_0_15_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_0_15_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_0_15_unsaturated);
  wire logic signed [17:0] rounded_1_15_unsaturated =
      (((18'(lanes_element_1_46_s4) << 1) >>> largest_30_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_1_15 = rounded_1_15_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_1_15_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_1_15_unsaturated);
  wire logic signed [17:0] rounded_0_16_unsaturated =
      (((18'(lanes_element_0_48_s4) << 1) >>> largest_32_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_0_16 = rounded_0_16_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_0_16_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_0_16_unsaturated);
  wire logic signed [17:0] rounded_1_16_unsaturated =
      (((18'(lanes_element_1_48_s4) << 1) >>> largest_32_s4) + 18'sd1) >>> 1;
  wire logic signed [7:0] rounded_1_16 = rounded_1_16_unsaturated > 18'sd127 ? 8'sd127 :
      rounded_1_16_unsaturated < -18'sd128 ? 8'sh80 : 8'(rounded_1_16_unsaturated);
  wire logic [319:0] dt_q_tiles_word = {largest_32_s4, largest_30_s4, largest_28_s4, largest_26_s4,
      largest_24_s4, largest_22_s4, largest_20_s4, largest_18_s4, largest_16_s4, largest_14_s4,
      largest_12_s4, largest_10_s4, largest_8_s4, largest_6_s4, largest_4_s4, largest_2_s4,
      rounded_1_16, rounded_0_16, rounded_1_15, rounded_0_15, rounded_1_14, rounded_0_14,
      rounded_1_13, rounded_0_13, rounded_1_12, rounded_0_12, rounded_1_11, rounded_0_11,
      rounded_1_10, rounded_0_10, rounded_1_9, rounded_0_9, rounded_1_8, rounded_0_8, rounded_1_7,
      rounded_0_7, rounded_1_6, rounded_0_6, rounded_1_5, rounded_0_5, rounded_1_4, rounded_0_4,
      rounded_1_3, rounded_0_3, rounded_1_2, rounded_0_2, rounded_1, rounded_0};

  assign lanes_element_0 = lanes[5'd0];
  assign lanes_element_1 = lanes[5'd1];
  assign lanes_element_0_2 = lanes[5'd2];
  assign lanes_element_1_2 = lanes[5'd3];
  assign lanes_element_0_3 = lanes[5'd4];
  assign lanes_element_1_3 = lanes[5'd5];
  assign lanes_element_0_4 = lanes[5'd6];
  assign lanes_element_1_4 = lanes[5'd7];
  assign lanes_element_0_5 = lanes[5'd8];
  assign lanes_element_1_5 = lanes[5'd9];
  assign lanes_element_0_6 = lanes[5'd10];
  assign lanes_element_1_6 = lanes[5'd11];
  assign lanes_element_0_7 = lanes[5'd12];
  assign lanes_element_1_7 = lanes[5'd13];
  assign lanes_element_0_8 = lanes[5'd14];
  assign lanes_element_1_8 = lanes[5'd15];
  assign lanes_element_0_9 = lanes[5'd16];
  assign lanes_element_1_9 = lanes[5'd17];
  assign lanes_element_0_10 = lanes[5'd18];
  assign lanes_element_1_10 = lanes[5'd19];
  assign lanes_element_0_11 = lanes[5'd20];
  assign lanes_element_1_11 = lanes[5'd21];
  assign lanes_element_0_12 = lanes[5'd22];
  assign lanes_element_1_12 = lanes[5'd23];
  assign lanes_element_0_13 = lanes[5'd24];
  assign lanes_element_1_13 = lanes[5'd25];
  assign lanes_element_0_14 = lanes[5'd26];
  assign lanes_element_1_14 = lanes[5'd27];
  assign lanes_element_0_15 = lanes[5'd28];
  assign lanes_element_1_15 = lanes[5'd29];
  assign lanes_element_0_16 = lanes[5'd30];
  assign lanes_element_1_16 = lanes[5'd31];
  always_ff @(posedge clk) begin
    if (quantize_3_slot_go[0]) begin
      is_last_slot_s1 <= is_last_slot;
      lanes_element_0_18_s1 <= lanes_element_0_18;
      lanes_element_1_18_s1 <= lanes_element_1_18;
      lanes_element_0_20_s1 <= lanes_element_0_20;
      lanes_element_1_20_s1 <= lanes_element_1_20;
      lanes_element_0_22_s1 <= lanes_element_0_22;
      lanes_element_1_22_s1 <= lanes_element_1_22;
      lanes_element_0_24_s1 <= lanes_element_0_24;
      lanes_element_1_24_s1 <= lanes_element_1_24;
      lanes_element_0_26_s1 <= lanes_element_0_26;
      lanes_element_1_26_s1 <= lanes_element_1_26;
      lanes_element_0_28_s1 <= lanes_element_0_28;
      lanes_element_1_28_s1 <= lanes_element_1_28;
      lanes_element_0_30_s1 <= lanes_element_0_30;
      lanes_element_1_30_s1 <= lanes_element_1_30;
      lanes_element_0_32_s1 <= lanes_element_0_32;
      lanes_element_1_32_s1 <= lanes_element_1_32;
      lanes_element_0_34_s1 <= lanes_element_0_34;
      lanes_element_1_34_s1 <= lanes_element_1_34;
      lanes_element_0_36_s1 <= lanes_element_0_36;
      lanes_element_1_36_s1 <= lanes_element_1_36;
      lanes_element_0_38_s1 <= lanes_element_0_38;
      lanes_element_1_38_s1 <= lanes_element_1_38;
      lanes_element_0_40_s1 <= lanes_element_0_40;
      lanes_element_1_40_s1 <= lanes_element_1_40;
      lanes_element_0_42_s1 <= lanes_element_0_42;
      lanes_element_1_42_s1 <= lanes_element_1_42;
      lanes_element_0_44_s1 <= lanes_element_0_44;
      lanes_element_1_44_s1 <= lanes_element_1_44;
      lanes_element_0_46_s1 <= lanes_element_0_46;
      lanes_element_1_46_s1 <= lanes_element_1_46;
      lanes_element_0_48_s1 <= lanes_element_0_48;
      lanes_element_1_48_s1 <= lanes_element_1_48;
    end
    if (quantize_3_slot_go[1]) begin
      is_last_slot_s2 <= is_last_slot_s1;
      largest_s2 <= largest;
      largest_3_s2 <= largest_3;
      largest_5_s2 <= largest_5;
      largest_7_s2 <= largest_7;
      largest_9_s2 <= largest_9;
      largest_11_s2 <= largest_11;
      largest_13_s2 <= largest_13;
      largest_15_s2 <= largest_15;
      largest_17_s2 <= largest_17;
      largest_19_s2 <= largest_19;
      largest_21_s2 <= largest_21;
      largest_23_s2 <= largest_23;
      largest_25_s2 <= largest_25;
      largest_27_s2 <= largest_27;
      largest_29_s2 <= largest_29;
      largest_31_s2 <= largest_31;
    end
    if (quantize_3_slot_go[2]) begin
      is_last_slot_s3 <= is_last_slot_s2;
      bit_count_s3 <= bit_count;
      bit_count_2_s3 <= bit_count_2;
      bit_count_3_s3 <= bit_count_3;
      bit_count_4_s3 <= bit_count_4;
      bit_count_5_s3 <= bit_count_5;
      bit_count_6_s3 <= bit_count_6;
      bit_count_7_s3 <= bit_count_7;
      bit_count_8_s3 <= bit_count_8;
      bit_count_9_s3 <= bit_count_9;
      bit_count_10_s3 <= bit_count_10;
      bit_count_11_s3 <= bit_count_11;
      bit_count_12_s3 <= bit_count_12;
      bit_count_13_s3 <= bit_count_13;
      bit_count_14_s3 <= bit_count_14;
      bit_count_15_s3 <= bit_count_15;
      bit_count_16_s3 <= bit_count_16;
    end
    if (quantize_3_slot_go[3]) begin
      is_last_slot_s4 <= is_last_slot_s3;
      largest_2_s4 <= largest_2;
      largest_4_s4 <= largest_4;
      largest_6_s4 <= largest_6;
      largest_8_s4 <= largest_8;
      largest_10_s4 <= largest_10;
      largest_12_s4 <= largest_12;
      largest_14_s4 <= largest_14;
      largest_16_s4 <= largest_16;
      largest_18_s4 <= largest_18;
      largest_20_s4 <= largest_20;
      largest_22_s4 <= largest_22;
      largest_24_s4 <= largest_24;
      largest_26_s4 <= largest_26;
      largest_28_s4 <= largest_28;
      largest_30_s4 <= largest_30;
      largest_32_s4 <= largest_32;
    end
  end
  lmc_delay #(.WIDTH(512), .STAGES(3)) quantize_3_slot_from_1_to_4 (
      .clk,
      .rst,
      .in_go   (quantize_3_slot_go[1]),
      .in_data ({lanes_element_0_18_s1, lanes_element_1_18_s1, lanes_element_0_20_s1,
          lanes_element_1_20_s1, lanes_element_0_22_s1, lanes_element_1_22_s1,
          lanes_element_0_24_s1, lanes_element_1_24_s1, lanes_element_0_26_s1,
          lanes_element_1_26_s1, lanes_element_0_28_s1, lanes_element_1_28_s1,
          lanes_element_0_30_s1, lanes_element_1_30_s1, lanes_element_0_32_s1,
          lanes_element_1_32_s1, lanes_element_0_34_s1, lanes_element_1_34_s1,
          lanes_element_0_36_s1, lanes_element_1_36_s1, lanes_element_0_38_s1,
          lanes_element_1_38_s1, lanes_element_0_40_s1, lanes_element_1_40_s1,
          lanes_element_0_42_s1, lanes_element_1_42_s1, lanes_element_0_44_s1,
          lanes_element_1_44_s1, lanes_element_0_46_s1, lanes_element_1_46_s1,
          lanes_element_0_48_s1, lanes_element_1_48_s1}),
      .out_go  (quantize_3_slot_go[4]),
      .out_data({lanes_element_0_18_s4, lanes_element_1_18_s4, lanes_element_0_20_s4,
          lanes_element_1_20_s4, lanes_element_0_22_s4, lanes_element_1_22_s4,
          lanes_element_0_24_s4, lanes_element_1_24_s4, lanes_element_0_26_s4,
          lanes_element_1_26_s4, lanes_element_0_28_s4, lanes_element_1_28_s4,
          lanes_element_0_30_s4, lanes_element_1_30_s4, lanes_element_0_32_s4,
          lanes_element_1_32_s4, lanes_element_0_34_s4, lanes_element_1_34_s4,
          lanes_element_0_36_s4, lanes_element_1_36_s4, lanes_element_0_38_s4,
          lanes_element_1_38_s4, lanes_element_0_40_s4, lanes_element_1_40_s4,
          lanes_element_0_42_s4, lanes_element_1_42_s4, lanes_element_0_44_s4,
          lanes_element_1_44_s4, lanes_element_0_46_s4, lanes_element_1_46_s4,
          lanes_element_0_48_s4, lanes_element_1_48_s4})
  );
  always_comb begin
    quantize_3_slot_ok = '1;
    quantize_3_slot_ok[0] = (!condition || dt_2_valid);
    quantize_3_slot_ok[4] = (!is_last_slot_s4 || dt_q_tiles_ready);
  end
  lmc_pipeline #(.STAGES(5), .INTERVAL(1)) quantize_3_slot_control (
      .clk,
      .rst,
      .start  (state == START_QUANTIZE_3_SLOT),
      .is_last(quantize_3_slot_is_last),
      .ok     (quantize_3_slot_ok),
      .valid  (quantize_3_slot_unused_valid),
      .go     (quantize_3_slot_go),
      .done   (quantize_3_slot_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_QUANTIZE_3_SLOT) begin
      slot <= '0;
    end else if (quantize_3_slot_go[0]) begin
      slot <= is_last_slot_2 ? '0 : slot + 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (quantize_3_slot_go[0]) lanes[offset] <= dt_2_element_0;
    if (quantize_3_slot_go[0]) lanes[place_1] <= dt_2_element_1;
  end

  assign dt_2_ready = quantize_3_slot_go[0] && condition;
  assign dt_q_tiles_valid = quantize_3_slot_go[4] && is_last_slot_s4;
  assign dt_q_tiles_data = dt_q_tiles_word;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_quantize_3_token) begin
            token <= '0;
            state <= ROUND_QUANTIZE_3_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_QUANTIZE_3_TOKEN: begin
          layer <= '0;
          state <= ROUND_QUANTIZE_3_LAYER;
        end
        ROUND_QUANTIZE_3_LAYER: begin
          state <= START_QUANTIZE_3_SLOT;
        end
        START_QUANTIZE_3_SLOT: begin
          state <= RUN_QUANTIZE_3_SLOT;
        end
        RUN_QUANTIZE_3_SLOT: begin
          if (quantize_3_slot_done) begin
            if (more_quantize_3_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_QUANTIZE_3_LAYER;
            end else begin
              if (more_quantize_3_token) begin
                token <= token + 1'b1;
                state <= ROUND_QUANTIZE_3_TOKEN;
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
      quantize_3_slot_go,
      dt_2_word,
      difference,
      rounded_0_unsaturated,
      rounded_1_unsaturated,
      difference_2,
      rounded_0_2_unsaturated,
      rounded_1_2_unsaturated,
      difference_3,
      rounded_0_3_unsaturated,
      rounded_1_3_unsaturated,
      difference_4,
      rounded_0_4_unsaturated,
      rounded_1_4_unsaturated,
      difference_5,
      rounded_0_5_unsaturated,
      rounded_1_5_unsaturated,
      difference_6,
      rounded_0_6_unsaturated,
      rounded_1_6_unsaturated,
      difference_7,
      rounded_0_7_unsaturated,
      rounded_1_7_unsaturated,
      difference_8,
      rounded_0_8_unsaturated,
      rounded_1_8_unsaturated,
      difference_9,
      rounded_0_9_unsaturated,
      rounded_1_9_unsaturated,
      difference_10,
      rounded_0_10_unsaturated,
      rounded_1_10_unsaturated,
      difference_11,
      rounded_0_11_unsaturated,
      rounded_1_11_unsaturated,
      difference_12,
      rounded_0_12_unsaturated,
      rounded_1_12_unsaturated,
      difference_13,
      rounded_0_13_unsaturated,
      rounded_1_13_unsaturated,
      difference_14,
      rounded_0_14_unsaturated,
      rounded_1_14_unsaturated,
      difference_15,
      rounded_0_15_unsaturated,
      rounded_1_15_unsaturated,
      difference_16,
      rounded_0_16_unsaturated,
      rounded_1_16_unsaturated,
      1'b0
  };

endmodule
