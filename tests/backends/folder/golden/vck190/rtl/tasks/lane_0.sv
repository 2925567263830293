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
module lane_0 (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic [31:0] n_logits,
    input  logic activations_0_valid,
    output logic activations_0_ready,
    input  logic [319:0] activations_0_data,
    input  logic scales_0_valid,
    output logic scales_0_ready,
    input  logic [43:0] scales_0_data,
    input  logic weight_words_0_valid,
    output logic weight_words_0_ready,
    input  logic [511:0] weight_words_0_data,
    output logic rows_0_valid,
    input  logic rows_0_ready,
    output logic [199:0] rows_0_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_LANE_0_TOKEN,
    ROUND_LANE_0_PHASE,
    READ_ACTIVATIONS_0,
    START_LANE_0_PLANE,
    RUN_LANE_0_PLANE
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic [3:0] phase;
  logic [319:0] activations_0_word;
  logic [4:0] block_count_held;
  logic [1:0] plane_count_held;
  logic [43:0] held_scales;
  logic signed [49:0] accumulators[4];
  logic [20:0] lane_0_plane_go;
  logic lane_0_plane_done, is_first;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic [30:0] n_logits_2 = 31'(n_logits);
  wire logic enters_lane_0_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_lane_0_token = next_token < n_tokens_2;
  wire logic [31:0] place = 32'(token) + 32'(n_logits_2);
  wire logic condition = place >= 32'(n_tokens_2);
  wire logic [3:0] phase_count = condition ? 4'd9 : 4'd8;
  wire logic [3:0] next_phase = phase + 4'd1;
  wire logic more_lane_0_phase = next_phase < phase_count;
  wire logic condition_2 = phase < 4'd8;
  wire logic [1:0] remainder = 2'(phase);
  wire logic signed [3:0] difference = signed'(phase) - 4'sd4;
  wire logic signed [3:0] chosen = condition_2 ? signed'(4'(remainder)) : difference;
  wire logic condition_3 = chosen == 4'sd3;
  wire logic condition_4 = chosen == 4'sd0;
  wire logic condition_5 = !condition_4;
  wire logic condition_6 = !condition_3;
  wire logic condition_7 = condition_5 && condition_6;
  wire logic condition_8 = !condition_7;
  wire logic [1:0] plane_count = condition_8 ? 2'd1 : 2'd2;
  wire logic condition_9 = chosen == 4'sd2;
  wire logic [3:0] chosen_2 = condition_9 ? 4'd8 : 4'd4;
  wire logic condition_10 = chosen == 4'sd1;
  wire logic [3:0] chosen_3 = condition_10 ? 4'd3 : chosen_2;
  wire logic [4:0] block_count = condition_4 ? 5'd16 : 5'(chosen_3);
  always_ff @(posedge clk) if (state == READ_ACTIVATIONS_0 &&
      activations_0_valid) activations_0_word <= activations_0_data;

  // Pipeline lane_0_plane: 21 stages
  logic [20:0] lane_0_plane_ok, lane_0_plane_unused_valid;
  logic lane_0_plane_is_last;
  logic [3:0] block;
  logic plane;
  wire logic [3:0] last_block = 4'(block_count_held) - 4'd1;
  wire logic is_last_block = block == last_block;
  wire logic last_plane = 1'(plane_count_held) - 1'd1;
  wire logic is_last_plane = plane == last_plane;
  assign lane_0_plane_is_last = is_last_block && is_last_plane;
  logic [43:0] held_scales_now;
  logic [319:0] activation_now;
  logic signed [49:0] accumulators_element_0, accumulators_element_0_2, accumulators_element_1,
      accumulators_element_1_2;
  logic ends_row_s1, ends_row_s2, ends_row_s3, ends_row_s4, ends_row_s5, ends_row_s6, ends_row_s7,
      ends_row_s8, ends_row_s9, ends_row_s10, ends_row_s11, ends_row_s12, ends_row_s13,
      ends_row_s14, ends_row_s15, ends_row_s16, ends_row_s17, ends_row_s18, ends_row_s19,
      ends_row_s20, plane_s1, plane_s2, plane_s3, plane_s4, plane_s5, plane_s6, plane_s7, plane_s8,
      plane_s9, plane_s10, begins_group_s1, begins_group_s2, begins_group_s3, begins_group_s4,
      begins_group_s5, begins_group_s6, begins_group_s7, begins_group_s8, begins_group_s9,
      begins_group_s10, begins_group_s11, begins_group_s12, begins_group_s13, begins_group_s14,
      begins_group_s15, begins_group_s16, begins_group_s17;
  logic signed [4:0] chosen_0_0_0_2_s1, chosen_0_0_0_s1, chosen_0_0_1_2_s1, chosen_0_0_1_s1,
      chosen_0_1_0_2_s1, chosen_0_1_0_s1, chosen_0_1_1_2_s1, chosen_0_1_1_s1, chosen_0_2_0_2_s1,
      chosen_0_2_0_s1, chosen_0_2_1_2_s1, chosen_0_2_1_s1, chosen_0_3_0_2_s1, chosen_0_3_0_s1,
      chosen_0_3_1_2_s1, chosen_0_3_1_s1, chosen_0_4_0_2_s1, chosen_0_4_0_s1, chosen_0_4_1_2_s1,
      chosen_0_4_1_s1, chosen_0_5_0_2_s1, chosen_0_5_0_s1, chosen_0_5_1_2_s1, chosen_0_5_1_s1,
      chosen_0_6_0_2_s1, chosen_0_6_0_s1, chosen_0_6_1_2_s1, chosen_0_6_1_s1, chosen_0_7_0_2_s1,
      chosen_0_7_0_s1, chosen_0_7_1_2_s1, chosen_0_7_1_s1, chosen_0_8_0_2_s1, chosen_0_8_0_s1,
      chosen_0_8_1_2_s1, chosen_0_8_1_s1, chosen_0_9_0_2_s1, chosen_0_9_0_s1, chosen_0_9_1_2_s1,
      chosen_0_9_1_s1, chosen_0_10_0_2_s1, chosen_0_10_0_s1, chosen_0_10_1_2_s1, chosen_0_10_1_s1,
      chosen_0_11_0_2_s1, chosen_0_11_0_s1, chosen_0_11_1_2_s1, chosen_0_11_1_s1,
      chosen_0_12_0_2_s1, chosen_0_12_0_s1, chosen_0_12_1_2_s1, chosen_0_12_1_s1,
      chosen_0_13_0_2_s1, chosen_0_13_0_s1, chosen_0_13_1_2_s1, chosen_0_13_1_s1,
      chosen_0_14_0_2_s1, chosen_0_14_0_s1, chosen_0_14_1_2_s1, chosen_0_14_1_s1,
      chosen_0_15_0_2_s1, chosen_0_15_0_s1, chosen_0_15_1_2_s1, chosen_0_15_1_s1, chosen_1_0_0_2_s1,
      chosen_1_0_0_s1, chosen_1_0_1_2_s1, chosen_1_0_1_s1, chosen_1_1_0_2_s1, chosen_1_1_0_s1,
      chosen_1_1_1_2_s1, chosen_1_1_1_s1, chosen_1_2_0_2_s1, chosen_1_2_0_s1, chosen_1_2_1_2_s1,
      chosen_1_2_1_s1, chosen_1_3_0_2_s1, chosen_1_3_0_s1, chosen_1_3_1_2_s1, chosen_1_3_1_s1,
      chosen_1_4_0_2_s1, chosen_1_4_0_s1, chosen_1_4_1_2_s1, chosen_1_4_1_s1, chosen_1_5_0_2_s1,
      chosen_1_5_0_s1, chosen_1_5_1_2_s1, chosen_1_5_1_s1, chosen_1_6_0_2_s1, chosen_1_6_0_s1,
      chosen_1_6_1_2_s1, chosen_1_6_1_s1, chosen_1_7_0_2_s1, chosen_1_7_0_s1, chosen_1_7_1_2_s1,
      chosen_1_7_1_s1, chosen_1_8_0_2_s1, chosen_1_8_0_s1, chosen_1_8_1_2_s1, chosen_1_8_1_s1,
      chosen_1_9_0_2_s1, chosen_1_9_0_s1, chosen_1_9_1_2_s1, chosen_1_9_1_s1, chosen_1_10_0_2_s1,
      chosen_1_10_0_s1, chosen_1_10_1_2_s1, chosen_1_10_1_s1, chosen_1_11_0_2_s1, chosen_1_11_0_s1,
      chosen_1_11_1_2_s1, chosen_1_11_1_s1, chosen_1_12_0_2_s1, chosen_1_12_0_s1,
      chosen_1_12_1_2_s1, chosen_1_12_1_s1, chosen_1_13_0_2_s1, chosen_1_13_0_s1,
      chosen_1_13_1_2_s1, chosen_1_13_1_s1, chosen_1_14_0_2_s1, chosen_1_14_0_s1,
      chosen_1_14_1_2_s1, chosen_1_14_1_s1, chosen_1_15_0_2_s1, chosen_1_15_0_s1,
      chosen_1_15_1_2_s1, chosen_1_15_1_s1;
  logic signed [18:0] sum_0_0_0_s2, sum_0_0_0_s3, sum_0_0_1_s4, sum_0_1_0_s2, sum_0_1_0_s3,
      sum_0_1_1_s4, sum_0_2_0_s2, sum_0_2_0_s3, sum_0_2_1_s4, sum_0_3_0_s2, sum_0_3_0_s3,
      sum_0_3_1_s4, sum_0_4_0_s2, sum_0_4_0_s3, sum_0_4_1_s4, sum_0_5_0_s2, sum_0_5_0_s3,
      sum_0_5_1_s4, sum_0_6_0_s2, sum_0_6_0_s3, sum_0_6_1_s4, sum_0_7_0_s2, sum_0_7_0_s3,
      sum_0_7_1_s4, sum_0_8_0_s2, sum_0_8_0_s3, sum_0_8_1_s4, sum_0_9_0_s2, sum_0_9_0_s3,
      sum_0_9_1_s4, sum_0_10_0_s2, sum_0_10_0_s3, sum_0_10_1_s4, sum_0_11_0_s2, sum_0_11_0_s3,
      sum_0_11_1_s4, sum_0_12_0_s2, sum_0_12_0_s3, sum_0_12_1_s4, sum_0_13_0_s2, sum_0_13_0_s3,
      sum_0_13_1_s4, sum_0_14_0_s2, sum_0_14_0_s3, sum_0_14_1_s4, sum_0_15_0_s2, sum_0_15_0_s3,
      sum_0_15_1_s4, sum_1_0_0_s2, sum_1_0_0_s3, sum_1_0_1_s4, sum_1_1_0_s2, sum_1_1_0_s3,
      sum_1_1_1_s4, sum_1_2_0_s2, sum_1_2_0_s3, sum_1_2_1_s4, sum_1_3_0_s2, sum_1_3_0_s3,
      sum_1_3_1_s4, sum_1_4_0_s2, sum_1_4_0_s3, sum_1_4_1_s4, sum_1_5_0_s2, sum_1_5_0_s3,
      sum_1_5_1_s4, sum_1_6_0_s2, sum_1_6_0_s3, sum_1_6_1_s4, sum_1_7_0_s2, sum_1_7_0_s3,
      sum_1_7_1_s4, sum_1_8_0_s2, sum_1_8_0_s3, sum_1_8_1_s4, sum_1_9_0_s2, sum_1_9_0_s3,
      sum_1_9_1_s4, sum_1_10_0_s2, sum_1_10_0_s3, sum_1_10_1_s4, sum_1_11_0_s2, sum_1_11_0_s3,
      sum_1_11_1_s4, sum_1_12_0_s2, sum_1_12_0_s3, sum_1_12_1_s4, sum_1_13_0_s2, sum_1_13_0_s3,
      sum_1_13_1_s4, sum_1_14_0_s2, sum_1_14_0_s3, sum_1_14_1_s4, sum_1_15_0_s2, sum_1_15_0_s3,
      sum_1_15_1_s4;
  logic signed [7:0] part_0_0_0_s2, part_0_0_0_s3, part_0_0_1_s4, part_0_1_0_s2, part_0_1_0_s3,
      part_0_1_1_s4, part_0_2_0_s2, part_0_2_0_s3, part_0_2_1_s4, part_0_3_0_s2, part_0_3_0_s3,
      part_0_3_1_s4, part_0_4_0_s2, part_0_4_0_s3, part_0_4_1_s4, part_0_5_0_s2, part_0_5_0_s3,
      part_0_5_1_s4, part_0_6_0_s2, part_0_6_0_s3, part_0_6_1_s4, part_0_7_0_s2, part_0_7_0_s3,
      part_0_7_1_s4, part_0_8_0_s2, part_0_8_0_s3, part_0_8_1_s4, part_0_9_0_s2, part_0_9_0_s3,
      part_0_9_1_s4, part_0_10_0_s2, part_0_10_0_s3, part_0_10_1_s4, part_0_11_0_s2, part_0_11_0_s3,
      part_0_11_1_s4, part_0_12_0_s2, part_0_12_0_s3, part_0_12_1_s4, part_0_13_0_s2,
      part_0_13_0_s3, part_0_13_1_s4, part_0_14_0_s2, part_0_14_0_s3, part_0_14_1_s4,
      part_0_15_0_s2, part_0_15_0_s3, part_0_15_1_s4;
  logic signed [25:0] product_0_0_0_s4, product_0_0_1_s5, product_0_1_0_s4, product_0_1_1_s5,
      product_0_2_0_s4, product_0_2_1_s5, product_0_3_0_s4, product_0_3_1_s5, product_0_4_0_s4,
      product_0_4_1_s5, product_0_5_0_s4, product_0_5_1_s5, product_0_6_0_s4, product_0_6_1_s5,
      product_0_7_0_s4, product_0_7_1_s5, product_0_8_0_s4, product_0_8_1_s5, product_0_9_0_s4,
      product_0_9_1_s5, product_0_10_0_s4, product_0_10_1_s5, product_0_11_0_s4, product_0_11_1_s5,
      product_0_12_0_s4, product_0_12_1_s5, product_0_13_0_s4, product_0_13_1_s5, product_0_14_0_s4,
      product_0_14_1_s5, product_0_15_0_s4, product_0_15_1_s5, product_1_0_0_s4, product_1_0_1_s5,
      product_1_1_0_s4, product_1_1_1_s5, product_1_2_0_s4, product_1_2_1_s5, product_1_3_0_s4,
      product_1_3_1_s5, product_1_4_0_s4, product_1_4_1_s5, product_1_5_0_s4, product_1_5_1_s5,
      product_1_6_0_s4, product_1_6_1_s5, product_1_7_0_s4, product_1_7_1_s5, product_1_8_0_s4,
      product_1_8_1_s5, product_1_9_0_s4, product_1_9_1_s5, product_1_10_0_s4, product_1_10_1_s5,
      product_1_11_0_s4, product_1_11_1_s5, product_1_12_0_s4, product_1_12_1_s5, product_1_13_0_s4,
      product_1_13_1_s5, product_1_14_0_s4, product_1_14_1_s5, product_1_15_0_s4, product_1_15_1_s5;
  logic signed [28:0] product_sum_0_0_0_s5, product_sum_0_0_1_s6, product_sum_0_1_0_s5,
      product_sum_0_1_1_s6, product_sum_0_2_0_s5, product_sum_0_2_1_s6, product_sum_0_3_0_s5,
      product_sum_0_3_1_s6, product_sum_0_4_0_s5, product_sum_0_4_1_s6, product_sum_0_5_0_s5,
      product_sum_0_5_1_s6, product_sum_0_6_0_s5, product_sum_0_6_1_s6, product_sum_0_7_0_s5,
      product_sum_0_7_1_s6, product_sum_0_8_0_s5, product_sum_0_8_1_s6, product_sum_0_9_0_s5,
      product_sum_0_9_1_s6, product_sum_0_10_0_s5, product_sum_0_10_1_s6, product_sum_0_11_0_s5,
      product_sum_0_11_1_s6, product_sum_0_12_0_s5, product_sum_0_12_1_s6, product_sum_0_13_0_s5,
      product_sum_0_13_1_s6, product_sum_0_14_0_s5, product_sum_0_14_1_s6, product_sum_0_15_0_s5,
      product_sum_0_15_1_s6, product_sum_1_0_0_s5, product_sum_1_0_1_s6, product_sum_1_1_0_s5,
      product_sum_1_1_1_s6, product_sum_1_2_0_s5, product_sum_1_2_1_s6, product_sum_1_3_0_s5,
      product_sum_1_3_1_s6, product_sum_1_4_0_s5, product_sum_1_4_1_s6, product_sum_1_5_0_s5,
      product_sum_1_5_1_s6, product_sum_1_6_0_s5, product_sum_1_6_1_s6, product_sum_1_7_0_s5,
      product_sum_1_7_1_s6, product_sum_1_8_0_s5, product_sum_1_8_1_s6, product_sum_1_9_0_s5,
      product_sum_1_9_1_s6, product_sum_1_10_0_s5, product_sum_1_10_1_s6, product_sum_1_11_0_s5,
      product_sum_1_11_1_s6, product_sum_1_12_0_s5, product_sum_1_12_1_s6, product_sum_1_13_0_s5,
      product_sum_1_13_1_s6, product_sum_1_14_0_s5, product_sum_1_14_1_s6, product_sum_1_15_0_s5,
      product_sum_1_15_1_s6;
  logic [3:0] shift_0_0_s6, shift_0_0_s7, shift_0_1_s6, shift_0_1_s7, shift_0_2_s6, shift_0_2_s7,
      shift_0_3_s6, shift_0_3_s7, shift_0_4_s6, shift_0_4_s7, shift_0_5_s6, shift_0_5_s7,
      shift_0_6_s6, shift_0_6_s7, shift_0_7_s6, shift_0_7_s7, shift_0_8_s6, shift_0_8_s7,
      shift_0_9_s6, shift_0_9_s7, shift_0_10_s6, shift_0_10_s7, shift_0_11_s6, shift_0_11_s7,
      shift_0_12_s6, shift_0_12_s7, shift_0_13_s6, shift_0_13_s7, shift_0_14_s6, shift_0_14_s7,
      shift_0_15_s6, shift_0_15_s7;
  logic signed [13:0] converted_0_0_2_s7, converted_0_1_2_s7, converted_0_2_2_s7,
      converted_0_3_2_s7, converted_0_4_2_s7, converted_0_5_2_s7, converted_0_6_2_s7,
      converted_0_7_2_s7, converted_0_8_2_s7, converted_0_9_2_s7, converted_0_10_2_s7,
      converted_0_11_2_s7, converted_0_12_2_s7, converted_0_13_2_s7, converted_0_14_2_s7,
      converted_0_15_2_s7, converted_1_0_2_s7, converted_1_1_2_s7, converted_1_2_2_s7,
      converted_1_3_2_s7, converted_1_4_2_s7, converted_1_5_2_s7, converted_1_6_2_s7,
      converted_1_7_2_s7, converted_1_8_2_s7, converted_1_9_2_s7, converted_1_10_2_s7,
      converted_1_11_2_s7, converted_1_12_2_s7, converted_1_13_2_s7, converted_1_14_2_s7,
      converted_1_15_2_s7;
  logic signed [29:0] sum_0_s7, sum_0_16_s7, sum_0_17_s7, sum_0_18_s7, sum_0_19_s7, sum_0_20_s7,
      sum_0_21_s7, sum_0_22_s7, sum_1_s7, sum_1_16_s7, sum_1_17_s7, sum_1_18_s7, sum_1_19_s7,
      sum_1_20_s7, sum_1_21_s7, sum_1_22_s7;
  logic signed [31:0] sum_0_27_s8, sum_0_28_s8, sum_1_27_s8, sum_1_28_s8;
  logic signed [30:0] sum_0_38_s8, sum_0_39_s8, sum_0_40_s8, sum_0_41_s8, sum_1_38_s8, sum_1_39_s8,
      sum_1_40_s8, sum_1_41_s8;
  logic signed [32:0] sum_0_29_s9, sum_0_29_s10, sum_0_44_s9, sum_0_44_s10, sum_1_29_s9,
      sum_1_29_s10, sum_1_44_s9, sum_1_44_s10;
  logic signed [36:0] shifted_0_s11, shifted_0_16_s11, shifted_1_s11, shifted_1_16_s11;
  logic [7:0] mantissa_0_s11, mantissa_0_2_s11, mantissa_1_s11, mantissa_1_2_s11;
  logic signed [44:0] product_0_s12, product_0_s13, product_0_s14, product_0_s15, product_0_s16,
      product_0_s17, product_0_2_s12, product_0_2_s13, product_0_2_s14, product_0_2_s15,
      product_0_2_s16, product_0_2_s17, product_1_s12, product_1_s13, product_1_s14, product_1_s15,
      product_1_s16, product_1_s17, product_1_2_s12, product_1_2_s13, product_1_2_s14,
      product_1_2_s15, product_1_2_s16, product_1_2_s17;
  logic [2:0] exponent_0_s17, exponent_0_2_s17, exponent_1_s17, exponent_1_2_s17;
  logic signed [49:0] row_sum_1_2_s20, row_sum_1_s20, row_sum_0_2_s20, row_sum_0_s20;
  logic [43:0] scales_0_word;
  assign scales_0_word = scales_0_data;
  logic [511:0] weight_words_0_word;
  assign weight_words_0_word = weight_words_0_data;

  // Stage 0
  wire logic begins_group = plane == 1'd0;
  wire logic [43:0] row_scales = begins_group ? scales_0_word : held_scales_now;
  wire logic [1:0] place_2 = 2'(plane) + 2'd1;
  wire logic is_low_nibble = place_2 < plane_count_held;
  wire logic [3:0] weight_words_0_element_0_0_0 = weight_words_0_word[3:0];
  wire logic signed [3:0] weight_words_0_element_0_0_0_2 = signed'(weight_words_0_word[3:0]);
  wire logic signed [4:0] converted_0_0_0 = signed'(5'(weight_words_0_element_0_0_0));
  wire logic signed [4:0] converted_0_0_0_2 = 5'(weight_words_0_element_0_0_0_2);
  wire logic signed [4:0] chosen_0_0_0 = is_low_nibble ? converted_0_0_0 : converted_0_0_0_2;
  wire logic [3:0] weight_words_0_element_0_0_0_3 = weight_words_0_word[131:128];
  wire logic signed [3:0] weight_words_0_element_0_0_0_4 = signed'(weight_words_0_word[131:128]);
  wire logic signed [4:0] converted_0_0_0_3 = signed'(5'(weight_words_0_element_0_0_0_3));
  wire logic signed [4:0] converted_0_0_0_4 = 5'(weight_words_0_element_0_0_0_4);
  wire logic signed [4:0] chosen_0_0_0_2 = is_low_nibble ? converted_0_0_0_3 : converted_0_0_0_4;
  wire logic [3:0] weight_words_0_element_0_0_1 = weight_words_0_word[7:4];
  wire logic signed [3:0] weight_words_0_element_0_0_1_2 = signed'(weight_words_0_word[7:4]);
  wire logic signed [4:0] converted_0_0_1 = signed'(5'(weight_words_0_element_0_0_1));
  wire logic signed [4:0] converted_0_0_1_2 = 5'(weight_words_0_element_0_0_1_2);
  wire logic signed [4:0] chosen_0_0_1 = is_low_nibble ? converted_0_0_1 : converted_0_0_1_2;
  wire logic [3:0] weight_words_0_element_0_0_1_3 = weight_words_0_word[135:132];
  wire logic signed [3:0] weight_words_0_element_0_0_1_4 = signed'(weight_words_0_word[135:132]);
  wire logic signed [4:0] converted_0_0_1_3 = signed'(5'(weight_words_0_element_0_0_1_3));
  wire logic signed [4:0] converted_0_0_1_4 = 5'(weight_words_0_element_0_0_1_4);
  wire logic signed [4:0] chosen_0_0_1_2 = is_low_nibble ? converted_0_0_1_3 : converted_0_0_1_4;
  wire logic [3:0] weight_words_0_element_0_1_0 = weight_words_0_word[11:8];
  wire logic signed [3:0] weight_words_0_element_0_1_0_2 = signed'(weight_words_0_word[11:8]);
  wire logic signed [4:0] converted_0_1_0 = signed'(5'(weight_words_0_element_0_1_0));
  wire logic signed [4:0] converted_0_1_0_2 = 5'(weight_words_0_element_0_1_0_2);
  wire logic signed [4:0] chosen_0_1_0 = is_low_nibble ? converted_0_1_0 : converted_0_1_0_2;
  wire logic [3:0] weight_words_0_element_0_1_0_3 = weight_words_0_word[139:136];
  wire logic signed [3:0] weight_words_0_element_0_1_0_4 = signed'(weight_words_0_word[139:136]);
  wire logic signed [4:0] converted_0_1_0_3 = signed'(5'(weight_words_0_element_0_1_0_3));
  wire logic signed [4:0] converted_0_1_0_4 = 5'(weight_words_0_element_0_1_0_4);
  wire logic signed [4:0] chosen_0_1_0_2 = is_low_nibble ? converted_0_1_0_3 : converted_0_1_0_4;
  wire logic [3:0] weight_words_0_element_0_1_1 = weight_words_0_word[15:12];
  wire logic signed [3:0] weight_words_0_element_0_1_1_2 = signed'(weight_words_0_word[15:12]);
  wire logic signed [4:0] converted_0_1_1 = signed'(5'(weight_words_0_element_0_1_1));
  wire logic signed [4:0] converted_0_1_1_2 = 5'(weight_words_0_element_0_1_1_2);
  wire logic signed [4:0] chosen_0_1_1 = is_low_nibble ? converted_0_1_1 : converted_0_1_1_2;
  wire logic [3:0] weight_words_0_element_0_1_1_3 = weight_words_0_word[143:140];
  wire logic signed [3:0] weight_words_0_element_0_1_1_4 = signed'(weight_words_0_word[143:140]);
  wire logic signed [4:0] converted_0_1_1_3 = signed'(5'(weight_words_0_element_0_1_1_3));
  wire logic signed [4:0] converted_0_1_1_4 = 5'(weight_words_0_element_0_1_1_4);
  wire logic signed [4:0] chosen_0_1_1_2 = is_low_nibble ? converted_0_1_1_3 : converted_0_1_1_4;
  wire logic [3:0] weight_words_0_element_0_2_0 = weight_words_0_word[19:16];
  wire logic signed [3:0] weight_words_0_element_0_2_0_2 = signed'(weight_words_0_word[19:16]);
  wire logic signed [4:0] converted_0_2_0 = signed'(5'(weight_words_0_element_0_2_0));
  wire logic signed [4:0] converted_0_2_0_2 = 5'(weight_words_0_element_0_2_0_2);
  wire logic signed [4:0] chosen_0_2_0 = is_low_nibble ? converted_0_2_0 : converted_0_2_0_2;
  wire logic [3:0] weight_words_0_element_0_2_0_3 = weight_words_0_word[147:144];
  wire logic signed [3:0] weight_words_0_element_0_2_0_4 = signed'(weight_words_0_word[147:144]);
  wire logic signed [4:0] converted_0_2_0_3 = signed'(5'(weight_words_0_element_0_2_0_3));
  wire logic signed [4:0] converted_0_2_0_4 = 5'(weight_words_0_element_0_2_0_4);
  wire logic signed [4:0] chosen_0_2_0_2 = is_low_nibble ? converted_0_2_0_3 : converted_0_2_0_4;
  wire logic [3:0] weight_words_0_element_0_2_1 = weight_words_0_word[23:20];
  wire logic signed [3:0] weight_words_0_element_0_2_1_2 = signed'(weight_words_0_word[23:20]);
  wire logic signed [4:0] converted_0_2_1 = signed'(5'(weight_words_0_element_0_2_1));
  wire logic signed [4:0] converted_0_2_1_2 = 5'(weight_words_0_element_0_2_1_2);
  wire logic signed [4:0] chosen_0_2_1 = is_low_nibble ? converted_0_2_1 : converted_0_2_1_2;
  wire logic [3:0] weight_words_0_element_0_2_1_3 = weight_words_0_word[151:148];
  wire logic signed [3:0] weight_words_0_element_0_2_1_4 = signed'(weight_words_0_word[151:148]);
  wire logic signed [4:0] converted_0_2_1_3 = signed'(5'(weight_words_0_element_0_2_1_3));
  wire logic signed [4:0] converted_0_2_1_4 = 5'(weight_words_0_element_0_2_1_4);
  wire logic signed [4:0] chosen_0_2_1_2 = is_low_nibble ? converted_0_2_1_3 : converted_0_2_1_4;
  wire logic [3:0] weight_words_0_element_0_3_0 = weight_words_0_word[27:24];
  wire logic signed [3:0] weight_words_0_element_0_3_0_2 = signed'(weight_words_0_word[27:24]);
  wire logic signed [4:0] converted_0_3_0 = signed'(5'(weight_words_0_element_0_3_0));
  wire logic signed [4:0] converted_0_3_0_2 = 5'(weight_words_0_element_0_3_0_2);
  wire logic signed [4:0] chosen_0_3_0 = is_low_nibble ? converted_0_3_0 : converted_0_3_0_2;
  wire logic [3:0] weight_words_0_element_0_3_0_3 = weight_words_0_word[155:152];
  wire logic signed [3:0] weight_words_0_element_0_3_0_4 = signed'(weight_words_0_word[155:152]);
  wire logic signed [4:0] converted_0_3_0_3 = signed'(5'(weight_words_0_element_0_3_0_3));
  wire logic signed [4:0] converted_0_3_0_4 = 5'(weight_words_0_element_0_3_0_4);
  wire logic signed [4:0] chosen_0_3_0_2 = is_low_nibble ? converted_0_3_0_3 : converted_0_3_0_4;
  wire logic [3:0] weight_words_0_element_0_3_1 = weight_words_0_word[31:28];
  wire logic signed [3:0] weight_words_0_element_0_3_1_2 = signed'(weight_words_0_word[31:28]);
  wire logic signed [4:0] converted_0_3_1 = signed'(5'(weight_words_0_element_0_3_1));
  wire logic signed [4:0] converted_0_3_1_2 = 5'(weight_words_0_element_0_3_1_2);
  wire logic signed [4:0] chosen_0_3_1 = is_low_nibble ? converted_0_3_1 : converted_0_3_1_2;
  wire logic [3:0] weight_words_0_element_0_3_1_3 = weight_words_0_word[159:156];
  wire logic signed [3:0] weight_words_0_element_0_3_1_4 = signed'(weight_words_0_word[159:156]);
  wire logic signed [4:0] converted_0_3_1_3 = signed'(5'(weight_words_0_element_0_3_1_3));
  wire logic signed [4:0] converted_0_3_1_4 = 5'(weight_words_0_element_0_3_1_4);
  wire logic signed [4:0] chosen_0_3_1_2 = is_low_nibble ? converted_0_3_1_3 : converted_0_3_1_4;
  wire logic [3:0] weight_words_0_element_0_4_0 = weight_words_0_word[35:32];
  wire logic signed [3:0] weight_words_0_element_0_4_0_2 = signed'(weight_words_0_word[35:32]);
  wire logic signed [4:0] converted_0_4_0 = signed'(5'(weight_words_0_element_0_4_0));
  wire logic signed [4:0] converted_0_4_0_2 = 5'(weight_words_0_element_0_4_0_2);
  wire logic signed [4:0] chosen_0_4_0 = is_low_nibble ? converted_0_4_0 : converted_0_4_0_2;
  wire logic [3:0] weight_words_0_element_0_4_0_3 = weight_words_0_word[163:160];
  wire logic signed [3:0] weight_words_0_element_0_4_0_4 = signed'(weight_words_0_word[163:160]);
  wire logic signed [4:0] converted_0_4_0_3 = signed'(5'(weight_words_0_element_0_4_0_3));
  wire logic signed [4:0] converted_0_4_0_4 = 5'(weight_words_0_element_0_4_0_4);
  wire logic signed [4:0] chosen_0_4_0_2 = is_low_nibble ? converted_0_4_0_3 : converted_0_4_0_4;
  wire logic [3:0] weight_words_0_element_0_4_1 = weight_words_0_word[39:36];
  wire logic signed [3:0] weight_words_0_element_0_4_1_2 = signed'(weight_words_0_word[39:36]);
  wire logic signed [4:0] converted_0_4_1 = signed'(5'(weight_words_0_element_0_4_1));
  wire logic signed [4:0] converted_0_4_1_2 = 5'(weight_words_0_element_0_4_1_2);
  wire logic signed [4:0] chosen_0_4_1 = is_low_nibble ? converted_0_4_1 : converted_0_4_1_2;
  wire logic [3:0] weight_words_0_element_0_4_1_3 = weight_words_0_word[167:164];
  wire logic signed [3:0] weight_words_0_element_0_4_1_4 = signed'(weight_words_0_word[167:164]);
  wire logic signed [4:0] converted_0_4_1_3 = signed'(5'(weight_words_0_element_0_4_1_3));
  wire logic signed [4:0] converted_0_4_1_4 = 5'(weight_words_0_element_0_4_1_4);
  wire logic signed [4:0] chosen_0_4_1_2 = is_low_nibble ? converted_0_4_1_3 : converted_0_4_1_4;
  wire logic [3:0] weight_words_0_element_0_5_0 = weight_words_0_word[43:40];
  wire logic signed [3:0] weight_words_0_element_0_5_0_2 = signed'(weight_words_0_word[43:40]);
  wire logic signed [4:0] converted_0_5_0 = signed'(5'(weight_words_0_element_0_5_0));
  wire logic signed [4:0] converted_0_5_0_2 = 5'(weight_words_0_element_0_5_0_2);
  wire logic signed [4:0] chosen_0_5_0 = is_low_nibble ? converted_0_5_0 : converted_0_5_0_2;
  wire logic [3:0] weight_words_0_element_0_5_0_3 = weight_words_0_word[171:168];
  wire logic signed [3:0] weight_words_0_element_0_5_0_4 = signed'(weight_words_0_word[171:168]);
  wire logic signed [4:0] converted_0_5_0_3 = signed'(5'(weight_words_0_element_0_5_0_3));
  wire logic signed [4:0] converted_0_5_0_4 = 5'(weight_words_0_element_0_5_0_4);
  wire logic signed [4:0] chosen_0_5_0_2 = is_low_nibble ? converted_0_5_0_3 : converted_0_5_0_4;
  wire logic [3:0] weight_words_0_element_0_5_1 = weight_words_0_word[47:44];
  wire logic signed [3:0] weight_words_0_element_0_5_1_2 = signed'(weight_words_0_word[47:44]);
  wire logic signed [4:0] converted_0_5_1 = signed'(5'(weight_words_0_element_0_5_1));
  wire logic signed [4:0] converted_0_5_1_2 = 5'(weight_words_0_element_0_5_1_2);
  wire logic signed [4:0] chosen_0_5_1 = is_low_nibble ? converted_0_5_1 : converted_0_5_1_2;
  wire logic [3:0] weight_words_0_element_0_5_1_3 = weight_words_0_word[175:172];
  wire logic signed [3:0] weight_words_0_element_0_5_1_4 = signed'(weight_words_0_word[175:172]);
  wire logic signed [4:0] converted_0_5_1_3 = signed'(5'(weight_words_0_element_0_5_1_3));
  wire logic signed [4:0] converted_0_5_1_4 = 5'(weight_words_0_element_0_5_1_4);
  wire logic signed [4:0] chosen_0_5_1_2 = is_low_nibble ? converted_0_5_1_3 : converted_0_5_1_4;
  wire logic [3:0] weight_words_0_element_0_6_0 = weight_words_0_word[51:48];
  wire logic signed [3:0] weight_words_0_element_0_6_0_2 = signed'(weight_words_0_word[51:48]);
  wire logic signed [4:0] converted_0_6_0 = signed'(5'(weight_words_0_element_0_6_0));
  wire logic signed [4:0] converted_0_6_0_2 = 5'(weight_words_0_element_0_6_0_2);
  wire logic signed [4:0] chosen_0_6_0 = is_low_nibble ? converted_0_6_0 : converted_0_6_0_2;
  wire logic [3:0] weight_words_0_element_0_6_0_3 = weight_words_0_word[179:176];
  wire logic signed [3:0] weight_words_0_element_0_6_0_4 = signed'(weight_words_0_word[179:176]);
  wire logic signed [4:0] converted_0_6_0_3 = signed'(5'(weight_words_0_element_0_6_0_3));
  wire logic signed [4:0] converted_0_6_0_4 = 5'(weight_words_0_element_0_6_0_4);
  wire logic signed [4:0] chosen_0_6_0_2 = is_low_nibble ? converted_0_6_0_3 : converted_0_6_0_4;
  wire logic [3:0] weight_words_0_element_0_6_1 = weight_words_0_word[55:52];
  wire logic signed [3:0] weight_words_0_element_0_6_1_2 = signed'(weight_words_0_word[55:52]);
  wire logic signed [4:0] converted_0_6_1 = signed'(5'(weight_words_0_element_0_6_1));
  wire logic signed [4:0] converted_0_6_1_2 = 5'(weight_words_0_element_0_6_1_2);
  wire logic signed [4:0] chosen_0_6_1 = is_low_nibble ? converted_0_6_1 : converted_0_6_1_2;
  wire logic [3:0] weight_words_0_element_0_6_1_3 = weight_words_0_word[183:180];
  wire logic signed [3:0] weight_words_0_element_0_6_1_4 = signed'(weight_words_0_word[183:180]);
  wire logic signed [4:0] converted_0_6_1_3 = signed'(5'(weight_words_0_element_0_6_1_3));
  wire logic signed [4:0] converted_0_6_1_4 = 5'(weight_words_0_element_0_6_1_4);
  wire logic signed [4:0] chosen_0_6_1_2 = is_low_nibble ? converted_0_6_1_3 : converted_0_6_1_4;
  wire logic [3:0] weight_words_0_element_0_7_0 = weight_words_0_word[59:56];
  wire logic signed [3:0] weight_words_0_element_0_7_0_2 = signed'(weight_words_0_word[59:56]);
  wire logic signed [4:0] converted_0_7_0 = signed'(5'(weight_words_0_element_0_7_0));
  wire logic signed [4:0] converted_0_7_0_2 = 5'(weight_words_0_element_0_7_0_2);
  wire logic signed [4:0] chosen_0_7_0 = is_low_nibble ? converted_0_7_0 : converted_0_7_0_2;
  wire logic [3:0] weight_words_0_element_0_7_0_3 = weight_words_0_word[187:184];
  wire logic signed [3:0] weight_words_0_element_0_7_0_4 = signed'(weight_words_0_word[187:184]);
  wire logic signed [4:0] converted_0_7_0_3 = signed'(5'(weight_words_0_element_0_7_0_3));
  wire logic signed [4:0] converted_0_7_0_4 = 5'(weight_words_0_element_0_7_0_4);
  wire logic signed [4:0] chosen_0_7_0_2 = is_low_nibble ? converted_0_7_0_3 : converted_0_7_0_4;
  wire logic [3:0] weight_words_0_element_0_7_1 = weight_words_0_word[63:60];
  wire logic signed [3:0] weight_words_0_element_0_7_1_2 = signed'(weight_words_0_word[63:60]);
  wire logic signed [4:0] converted_0_7_1 = signed'(5'(weight_words_0_element_0_7_1));
  wire logic signed [4:0] converted_0_7_1_2 = 5'(weight_words_0_element_0_7_1_2);
  wire logic signed [4:0] chosen_0_7_1 = is_low_nibble ? converted_0_7_1 : converted_0_7_1_2;
  wire logic [3:0] weight_words_0_element_0_7_1_3 = weight_words_0_word[191:188];
  wire logic signed [3:0] weight_words_0_element_0_7_1_4 = signed'(weight_words_0_word[191:188]);
  wire logic signed [4:0] converted_0_7_1_3 = signed'(5'(weight_words_0_element_0_7_1_3));
  wire logic signed [4:0] converted_0_7_1_4 = 5'(weight_words_0_element_0_7_1_4);
  wire logic signed [4:0] chosen_0_7_1_2 = is_low_nibble ? converted_0_7_1_3 : converted_0_7_1_4;
  wire logic [3:0] weight_words_0_element_0_8_0 = weight_words_0_word[67:64];
  wire logic signed [3:0] weight_words_0_element_0_8_0_2 = signed'(weight_words_0_word[67:64]);
  wire logic signed [4:0] converted_0_8_0 = signed'(5'(weight_words_0_element_0_8_0));
  wire logic signed [4:0] converted_0_8_0_2 = 5'(weight_words_0_element_0_8_0_2);
  wire logic signed [4:0] chosen_0_8_0 = is_low_nibble ? converted_0_8_0 : converted_0_8_0_2;
  wire logic [3:0] weight_words_0_element_0_8_0_3 = weight_words_0_word[195:192];
  wire logic signed [3:0] weight_words_0_element_0_8_0_4 = signed'(weight_words_0_word[195:192]);
  wire logic signed [4:0] converted_0_8_0_3 = signed'(5'(weight_words_0_element_0_8_0_3));
  wire logic signed [4:0] converted_0_8_0_4 = 5'(weight_words_0_element_0_8_0_4);
  wire logic signed [4:0] chosen_0_8_0_2 = is_low_nibble ? converted_0_8_0_3 : converted_0_8_0_4;
  wire logic [3:0] weight_words_0_element_0_8_1 = weight_words_0_word[71:68];
  wire logic signed [3:0] weight_words_0_element_0_8_1_2 = signed'(weight_words_0_word[71:68]);
  wire logic signed [4:0] converted_0_8_1 = signed'(5'(weight_words_0_element_0_8_1));
  wire logic signed [4:0] converted_0_8_1_2 = 5'(weight_words_0_element_0_8_1_2);
  wire logic signed [4:0] chosen_0_8_1 = is_low_nibble ? converted_0_8_1 : converted_0_8_1_2;
  wire logic [3:0] weight_words_0_element_0_8_1_3 = weight_words_0_word[199:196];
  wire logic signed [3:0] weight_words_0_element_0_8_1_4 = signed'(weight_words_0_word[199:196]);
  wire logic signed [4:0] converted_0_8_1_3 = signed'(5'(weight_words_0_element_0_8_1_3));
  wire logic signed [4:0] converted_0_8_1_4 = 5'(weight_words_0_element_0_8_1_4);
  wire logic signed [4:0] chosen_0_8_1_2 = is_low_nibble ? converted_0_8_1_3 : converted_0_8_1_4;
  wire logic [3:0] weight_words_0_element_0_9_0 = weight_words_0_word[75:72];
  wire logic signed [3:0] weight_words_0_element_0_9_0_2 = signed'(weight_words_0_word[75:72]);
  wire logic signed [4:0] converted_0_9_0 = signed'(5'(weight_words_0_element_0_9_0));
  wire logic signed [4:0] converted_0_9_0_2 = 5'(weight_words_0_element_0_9_0_2);
  wire logic signed [4:0] chosen_0_9_0 = is_low_nibble ? converted_0_9_0 : converted_0_9_0_2;
  wire logic [3:0] weight_words_0_element_0_9_0_3 = weight_words_0_word[203:200];
  wire logic signed [3:0] weight_words_0_element_0_9_0_4 = signed'(weight_words_0_word[203:200]);
  wire logic signed [4:0] converted_0_9_0_3 = signed'(5'(weight_words_0_element_0_9_0_3));
  wire logic signed [4:0] converted_0_9_0_4 = 5'(weight_words_0_element_0_9_0_4);
  wire logic signed [4:0] chosen_0_9_0_2 = is_low_nibble ? converted_0_9_0_3 : converted_0_9_0_4;
  wire logic [3:0] weight_words_0_element_0_9_1 = weight_words_0_word[79:76];
  wire logic signed [3:0] weight_words_0_element_0_9_1_2 = signed'(weight_words_0_word[79:76]);
  wire logic signed [4:0] converted_0_9_1 = signed'(5'(weight_words_0_element_0_9_1));
  wire logic signed [4:0] converted_0_9_1_2 = 5'(weight_words_0_element_0_9_1_2);
  wire logic signed [4:0] chosen_0_9_1 = is_low_nibble ? converted_0_9_1 : converted_0_9_1_2;
  wire logic [3:0] weight_words_0_element_0_9_1_3 = weight_words_0_word[207:204];
  wire logic signed [3:0] weight_words_0_element_0_9_1_4 = signed'(weight_words_0_word[207:204]);
  wire logic signed [4:0] converted_0_9_1_3 = signed'(5'(weight_words_0_element_0_9_1_3));
  wire logic signed [4:0] converted_0_9_1_4 = 5'(weight_words_0_element_0_9_1_4);
  wire logic signed [4:0] chosen_0_9_1_2 = is_low_nibble ? converted_0_9_1_3 : converted_0_9_1_4;
  wire logic [3:0] weight_words_0_element_0_10_0 = weight_words_0_word[83:80];
  wire logic signed [3:0] weight_words_0_element_0_10_0_2 = signed'(weight_words_0_word[83:80]);
  wire logic signed [4:0] converted_0_10_0 = signed'(5'(weight_words_0_element_0_10_0));
  wire logic signed [4:0] converted_0_10_0_2 = 5'(weight_words_0_element_0_10_0_2);
  wire logic signed [4:0] chosen_0_10_0 = is_low_nibble ? converted_0_10_0 : converted_0_10_0_2;
  wire logic [3:0] weight_words_0_element_0_10_0_3 = weight_words_0_word[211:208];
  wire logic signed [3:0] weight_words_0_element_0_10_0_4 = signed'(weight_words_0_word[211:208]);
  wire logic signed [4:0] converted_0_10_0_3 = signed'(5'(weight_words_0_element_0_10_0_3));
  wire logic signed [4:0] converted_0_10_0_4 = 5'(weight_words_0_element_0_10_0_4);
  wire logic signed [4:0] chosen_0_10_0_2 = is_low_nibble ? converted_0_10_0_3 : converted_0_10_0_4;
  wire logic [3:0] weight_words_0_element_0_10_1 = weight_words_0_word[87:84];
  wire logic signed [3:0] weight_words_0_element_0_10_1_2 = signed'(weight_words_0_word[87:84]);
  wire logic signed [4:0] converted_0_10_1 = signed'(5'(weight_words_0_element_0_10_1));
  wire logic signed [4:0] converted_0_10_1_2 = 5'(weight_words_0_element_0_10_1_2);
  wire logic signed [4:0] chosen_0_10_1 = is_low_nibble ? converted_0_10_1 : converted_0_10_1_2;
  wire logic [3:0] weight_words_0_element_0_10_1_3 = weight_words_0_word[215:212];
  wire logic signed [3:0] weight_words_0_element_0_10_1_4 = signed'(weight_words_0_word[215:212]);
  wire logic signed [4:0] converted_0_10_1_3 = signed'(5'(weight_words_0_element_0_10_1_3));
  wire logic signed [4:0] converted_0_10_1_4 = 5'(weight_words_0_element_0_10_1_4);
  wire logic signed [4:0] chosen_0_10_1_2 = is_low_nibble ? converted_0_10_1_3 : converted_0_10_1_4;
  wire logic [3:0] weight_words_0_element_0_11_0 = weight_words_0_word[91:88];
  wire logic signed [3:0] weight_words_0_element_0_11_0_2 = signed'(weight_words_0_word[91:88]);
  wire logic signed [4:0] converted_0_11_0 = signed'(5'(weight_words_0_element_0_11_0));
  wire logic signed [4:0] converted_0_11_0_2 = 5'(weight_words_0_element_0_11_0_2);
  wire logic signed [4:0] chosen_0_11_0 = is_low_nibble ? converted_0_11_0 : converted_0_11_0_2;
  wire logic [3:0] weight_words_0_element_0_11_0_3 = weight_words_0_word[219:216];
  wire logic signed [3:0] weight_words_0_element_0_11_0_4 = signed'(weight_words_0_word[219:216]);
  wire logic signed [4:0] converted_0_11_0_3 = signed'(5'(weight_words_0_element_0_11_0_3));
  wire logic signed [4:0] converted_0_11_0_4 = 5'(weight_words_0_element_0_11_0_4);
  wire logic signed [4:0] chosen_0_11_0_2 = is_low_nibble ? converted_0_11_0_3 : converted_0_11_0_4;
  wire logic [3:0] weight_words_0_element_0_11_1 = weight_words_0_word[95:92];
  wire logic signed [3:0] weight_words_0_element_0_11_1_2 = signed'(weight_words_0_word[95:92]);
  wire logic signed [4:0] converted_0_11_1 = signed'(5'(weight_words_0_element_0_11_1));
  wire logic signed [4:0] converted_0_11_1_2 = 5'(weight_words_0_element_0_11_1_2);
  wire logic signed [4:0] chosen_0_11_1 = is_low_nibble ? converted_0_11_1 : converted_0_11_1_2;
  wire logic [3:0] weight_words_0_element_0_11_1_3 = weight_words_0_word[223:220];
  wire logic signed [3:0] weight_words_0_element_0_11_1_4 = signed'(weight_words_0_word[223:220]);
  wire logic signed [4:0] converted_0_11_1_3 = signed'(5'(weight_words_0_element_0_11_1_3));
  wire logic signed [4:0] converted_0_11_1_4 = 5'(weight_words_0_element_0_11_1_4);
  wire logic signed [4:0] chosen_0_11_1_2 = is_low_nibble ? converted_0_11_1_3 : converted_0_11_1_4;
  wire logic [3:0] weight_words_0_element_0_12_0 = weight_words_0_word[99:96];
  wire logic signed [3:0] weight_words_0_element_0_12_0_2 = signed'(weight_words_0_word[99:96]);
  wire logic signed [4:0] converted_0_12_0 = signed'(5'(weight_words_0_element_0_12_0));
  wire logic signed [4:0] converted_0_12_0_2 = 5'(weight_words_0_element_0_12_0_2);
  wire logic signed [4:0] chosen_0_12_0 = is_low_nibble ? converted_0_12_0 : converted_0_12_0_2;
  wire logic [3:0] weight_words_0_element_0_12_0_3 = weight_words_0_word[227:224];
  wire logic signed [3:0] weight_words_0_element_0_12_0_4 = signed'(weight_words_0_word[227:224]);
  wire logic signed [4:0] converted_0_12_0_3 = signed'(5'(weight_words_0_element_0_12_0_3));
  wire logic signed [4:0] converted_0_12_0_4 = 5'(weight_words_0_element_0_12_0_4);
  wire logic signed [4:0] chosen_0_12_0_2 = is_low_nibble ? converted_0_12_0_3 : converted_0_12_0_4;
  wire logic [3:0] weight_words_0_element_0_12_1 = weight_words_0_word[103:100];
  wire logic signed [3:0] weight_words_0_element_0_12_1_2 = signed'(weight_words_0_word[103:100]);
  wire logic signed [4:0] converted_0_12_1 = signed'(5'(weight_words_0_element_0_12_1));
  wire logic signed [4:0] converted_0_12_1_2 = 5'(weight_words_0_element_0_12_1_2);
  wire logic signed [4:0] chosen_0_12_1 = is_low_nibble ? converted_0_12_1 : converted_0_12_1_2;
  wire logic [3:0] weight_words_0_element_0_12_1_3 = weight_words_0_word[231:228];
  wire logic signed [3:0] weight_words_0_element_0_12_1_4 = signed'(weight_words_0_word[231:228]);
  wire logic signed [4:0] converted_0_12_1_3 = signed'(5'(weight_words_0_element_0_12_1_3));
  wire logic signed [4:0] converted_0_12_1_4 = 5'(weight_words_0_element_0_12_1_4);
  wire logic signed [4:0] chosen_0_12_1_2 = is_low_nibble ? converted_0_12_1_3 : converted_0_12_1_4;
  wire logic [3:0] weight_words_0_element_0_13_0 = weight_words_0_word[107:104];
  wire logic signed [3:0] weight_words_0_element_0_13_0_2 = signed'(weight_words_0_word[107:104]);
  wire logic signed [4:0] converted_0_13_0 = signed'(5'(weight_words_0_element_0_13_0));
  wire logic signed [4:0] converted_0_13_0_2 = 5'(weight_words_0_element_0_13_0_2);
  wire logic signed [4:0] chosen_0_13_0 = is_low_nibble ? converted_0_13_0 : converted_0_13_0_2;
  wire logic [3:0] weight_words_0_element_0_13_0_3 = weight_words_0_word[235:232];
  wire logic signed [3:0] weight_words_0_element_0_13_0_4 = signed'(weight_words_0_word[235:232]);
  wire logic signed [4:0] converted_0_13_0_3 = signed'(5'(weight_words_0_element_0_13_0_3));
  wire logic signed [4:0] converted_0_13_0_4 = 5'(weight_words_0_element_0_13_0_4);
  wire logic signed [4:0] chosen_0_13_0_2 = is_low_nibble ? converted_0_13_0_3 : converted_0_13_0_4;
  wire logic [3:0] weight_words_0_element_0_13_1 = weight_words_0_word[111:108];
  wire logic signed [3:0] weight_words_0_element_0_13_1_2 = signed'(weight_words_0_word[111:108]);
  wire logic signed [4:0] converted_0_13_1 = signed'(5'(weight_words_0_element_0_13_1));
  wire logic signed [4:0] converted_0_13_1_2 = 5'(weight_words_0_element_0_13_1_2);
  wire logic signed [4:0] chosen_0_13_1 = is_low_nibble ? converted_0_13_1 : converted_0_13_1_2;
  wire logic [3:0] weight_words_0_element_0_13_1_3 = weight_words_0_word[239:236];
  wire logic signed [3:0] weight_words_0_element_0_13_1_4 = signed'(weight_words_0_word[239:236]);
  wire logic signed [4:0] converted_0_13_1_3 = signed'(5'(weight_words_0_element_0_13_1_3));
  wire logic signed [4:0] converted_0_13_1_4 = 5'(weight_words_0_element_0_13_1_4);
  wire logic signed [4:0] chosen_0_13_1_2 = is_low_nibble ? converted_0_13_1_3 : converted_0_13_1_4;
  wire logic [3:0] weight_words_0_element_0_14_0 = weight_words_0_word[115:112];
  wire logic signed [3:0] weight_words_0_element_0_14_0_2 = signed'(weight_words_0_word[115:112]);
  wire logic signed [4:0] converted_0_14_0 = signed'(5'(weight_words_0_element_0_14_0));
  wire logic signed [4:0] converted_0_14_0_2 = 5'(weight_words_0_element_0_14_0_2);
  wire logic signed [4:0] chosen_0_14_0 = is_low_nibble ? converted_0_14_0 : converted_0_14_0_2;
  wire logic [3:0] weight_words_0_element_0_14_0_3 = weight_words_0_word[243:240];
  wire logic signed [3:0] weight_words_0_element_0_14_0_4 = signed'(weight_words_0_word[243:240]);
  wire logic signed [4:0] converted_0_14_0_3 = signed'(5'(weight_words_0_element_0_14_0_3));
  wire logic signed [4:0] converted_0_14_0_4 = 5'(weight_words_0_element_0_14_0_4);
  wire logic signed [4:0] chosen_0_14_0_2 = is_low_nibble ? converted_0_14_0_3 : converted_0_14_0_4;
  wire logic [3:0] weight_words_0_element_0_14_1 = weight_words_0_word[119:116];
  wire logic signed [3:0] weight_words_0_element_0_14_1_2 = signed'(weight_words_0_word[119:116]);
  wire logic signed [4:0] converted_0_14_1 = signed'(5'(weight_words_0_element_0_14_1));
  wire logic signed [4:0] converted_0_14_1_2 = 5'(weight_words_0_element_0_14_1_2);
  wire logic signed [4:0] chosen_0_14_1 = is_low_nibble ? converted_0_14_1 : converted_0_14_1_2;
  wire logic [3:0] weight_words_0_element_0_14_1_3 = weight_words_0_word[247:244];
  wire logic signed [3:0] weight_words_0_element_0_14_1_4 = signed'(weight_words_0_word[247:244]);
  wire logic signed [4:0] converted_0_14_1_3 = signed'(5'(weight_words_0_element_0_14_1_3));
  wire logic signed [4:0] converted_0_14_1_4 = 5'(weight_words_0_element_0_14_1_4);
  wire logic signed [4:0] chosen_0_14_1_2 = is_low_nibble ? converted_0_14_1_3 : converted_0_14_1_4;
  wire logic [3:0] weight_words_0_element_0_15_0 = weight_words_0_word[123:120];
  wire logic signed [3:0] weight_words_0_element_0_15_0_2 = signed'(weight_words_0_word[123:120]);
  wire logic signed [4:0] converted_0_15_0 = signed'(5'(weight_words_0_element_0_15_0));
  wire logic signed [4:0] converted_0_15_0_2 = 5'(weight_words_0_element_0_15_0_2);
  wire logic signed [4:0] chosen_0_15_0 = is_low_nibble ? converted_0_15_0 : converted_0_15_0_2;
  wire logic [3:0] weight_words_0_element_0_15_0_3 = weight_words_0_word[251:248];
  wire logic signed [3:0] weight_words_0_element_0_15_0_4 = signed'(weight_words_0_word[251:248]);
  wire logic signed [4:0] converted_0_15_0_3 = signed'(5'(weight_words_0_element_0_15_0_3));
  wire logic signed [4:0] converted_0_15_0_4 = 5'(weight_words_0_element_0_15_0_4);
  wire logic signed [4:0] chosen_0_15_0_2 = is_low_nibble ? converted_0_15_0_3 : converted_0_15_0_4;
  wire logic [3:0] weight_words_0_element_0_15_1 = weight_words_0_word[127:124];
  wire logic signed [3:0] weight_words_0_element_0_15_1_2 = signed'(weight_words_0_word[127:124]);
  wire logic signed [4:0] converted_0_15_1 = signed'(5'(weight_words_0_element_0_15_1));
  wire logic signed [4:0] converted_0_15_1_2 = 5'(weight_words_0_element_0_15_1_2);
  wire logic signed [4:0] chosen_0_15_1 = is_low_nibble ? converted_0_15_1 : converted_0_15_1_2;
  wire logic [3:0] weight_words_0_element_0_15_1_3 = weight_words_0_word[255:252];
  wire logic signed [3:0] weight_words_0_element_0_15_1_4 = signed'(weight_words_0_word[255:252]);
  wire logic signed [4:0] converted_0_15_1_3 = signed'(5'(weight_words_0_element_0_15_1_3));
  wire logic signed [4:0] converted_0_15_1_4 = 5'(weight_words_0_element_0_15_1_4);
  wire logic signed [4:0] chosen_0_15_1_2 = is_low_nibble ? converted_0_15_1_3 : converted_0_15_1_4;
  wire logic [7:0] mantissa_0 = row_scales[7:0];
  wire logic [2:0] exponent_0 = row_scales[10:8];
  wire logic [7:0] mantissa_0_2 = row_scales[18:11];
  wire logic [2:0] exponent_0_2 = row_scales[21:19];
  wire logic [3:0] weight_words_0_element_1_0_0 = weight_words_0_word[259:256];
  wire logic signed [3:0] weight_words_0_element_1_0_0_2 = signed'(weight_words_0_word[259:256]);
  wire logic signed [4:0] converted_1_0_0 = signed'(5'(weight_words_0_element_1_0_0));
  wire logic signed [4:0] converted_1_0_0_2 = 5'(weight_words_0_element_1_0_0_2);
  wire logic signed [4:0] chosen_1_0_0 = is_low_nibble ? converted_1_0_0 : converted_1_0_0_2;
  wire logic [3:0] weight_words_0_element_1_0_0_3 = weight_words_0_word[387:384];
  wire logic signed [3:0] weight_words_0_element_1_0_0_4 = signed'(weight_words_0_word[387:384]);
  wire logic signed [4:0] converted_1_0_0_3 = signed'(5'(weight_words_0_element_1_0_0_3));
  wire logic signed [4:0] converted_1_0_0_4 = 5'(weight_words_0_element_1_0_0_4);
  wire logic signed [4:0] chosen_1_0_0_2 = is_low_nibble ? converted_1_0_0_3 : converted_1_0_0_4;
  wire logic [3:0] weight_words_0_element_1_0_1 = weight_words_0_word[263:260];
  wire logic signed [3:0] weight_words_0_element_1_0_1_2 = signed'(weight_words_0_word[263:260]);
  wire logic signed [4:0] converted_1_0_1 = signed'(5'(weight_words_0_element_1_0_1));
  wire logic signed [4:0] converted_1_0_1_2 = 5'(weight_words_0_element_1_0_1_2);
  wire logic signed [4:0] chosen_1_0_1 = is_low_nibble ? converted_1_0_1 : converted_1_0_1_2;
  wire logic [3:0] weight_words_0_element_1_0_1_3 = weight_words_0_word[391:388];
  wire logic signed [3:0] weight_words_0_element_1_0_1_4 = signed'(weight_words_0_word[391:388]);
  wire logic signed [4:0] converted_1_0_1_3 = signed'(5'(weight_words_0_element_1_0_1_3));
  wire logic signed [4:0] converted_1_0_1_4 = 5'(weight_words_0_element_1_0_1_4);
  wire logic signed [4:0] chosen_1_0_1_2 = is_low_nibble ? converted_1_0_1_3 : converted_1_0_1_4;
  wire logic [3:0] weight_words_0_element_1_1_0 = weight_words_0_word[267:264];
  wire logic signed [3:0] weight_words_0_element_1_1_0_2 = signed'(weight_words_0_word[267:264]);
  wire logic signed [4:0] converted_1_1_0 = signed'(5'(weight_words_0_element_1_1_0));
  wire logic signed [4:0] converted_1_1_0_2 = 5'(weight_words_0_element_1_1_0_2);
  wire logic signed [4:0] chosen_1_1_0 = is_low_nibble ? converted_1_1_0 : converted_1_1_0_2;
  wire logic [3:0] weight_words_0_element_1_1_0_3 = weight_words_0_word[395:392];
  wire logic signed [3:0] weight_words_0_element_1_1_0_4 = signed'(weight_words_0_word[395:392]);
  wire logic signed [4:0] converted_1_1_0_3 = signed'(5'(weight_words_0_element_1_1_0_3));
  wire logic signed [4:0] converted_1_1_0_4 = 5'(weight_words_0_element_1_1_0_4);
  wire logic signed [4:0] chosen_1_1_0_2 = is_low_nibble ? converted_1_1_0_3 : converted_1_1_0_4;
  wire logic [3:0] weight_words_0_element_1_1_1 = weight_words_0_word[271:268];
  wire logic signed [3:0] weight_words_0_element_1_1_1_2 = signed'(weight_words_0_word[271:268]);
  wire logic signed [4:0] converted_1_1_1 = signed'(5'(weight_words_0_element_1_1_1));
  wire logic signed [4:0] converted_1_1_1_2 = 5'(weight_words_0_element_1_1_1_2);
  wire logic signed [4:0] chosen_1_1_1 = is_low_nibble ? converted_1_1_1 : converted_1_1_1_2;
  wire logic [3:0] weight_words_0_element_1_1_1_3 = weight_words_0_word[399:396];
  wire logic signed [3:0] weight_words_0_element_1_1_1_4 = signed'(weight_words_0_word[399:396]);
  wire logic signed [4:0] converted_1_1_1_3 = signed'(5'(weight_words_0_element_1_1_1_3));
  wire logic signed [4:0] converted_1_1_1_4 = 5'(weight_words_0_element_1_1_1_4);
  wire logic signed [4:0] chosen_1_1_1_2 = is_low_nibble ? converted_1_1_1_3 : converted_1_1_1_4;
  wire logic [3:0] weight_words_0_element_1_2_0 = weight_words_0_word[275:272];
  wire logic signed [3:0] weight_words_0_element_1_2_0_2 = signed'(weight_words_0_word[275:272]);
  wire logic signed [4:0] converted_1_2_0 = signed'(5'(weight_words_0_element_1_2_0));
  wire logic signed [4:0] converted_1_2_0_2 = 5'(weight_words_0_element_1_2_0_2);
  wire logic signed [4:0] chosen_1_2_0 = is_low_nibble ? converted_1_2_0 : converted_1_2_0_2;
  wire logic [3:0] weight_words_0_element_1_2_0_3 = weight_words_0_word[403:400];
  wire logic signed [3:0] weight_words_0_element_1_2_0_4 = signed'(weight_words_0_word[403:400]);
  wire logic signed [4:0] converted_1_2_0_3 = signed'(5'(weight_words_0_element_1_2_0_3));
  wire logic signed [4:0] converted_1_2_0_4 = 5'(weight_words_0_element_1_2_0_4);
  wire logic signed [4:0] chosen_1_2_0_2 = is_low_nibble ? converted_1_2_0_3 : converted_1_2_0_4;
  wire logic [3:0] weight_words_0_element_1_2_1 = weight_words_0_word[279:276];
  wire logic signed [3:0] weight_words_0_element_1_2_1_2 = signed'(weight_words_0_word[279:276]);
  wire logic signed [4:0] converted_1_2_1 = signed'(5'(weight_words_0_element_1_2_1));
  wire logic signed [4:0] converted_1_2_1_2 = 5'(weight_words_0_element_1_2_1_2);
  wire logic signed [4:0] chosen_1_2_1 = is_low_nibble ? converted_1_2_1 : converted_1_2_1_2;
  wire logic [3:0] weight_words_0_element_1_2_1_3 = weight_words_0_word[407:404];
  wire logic signed [3:0] weight_words_0_element_1_2_1_4 = signed'(weight_words_0_word[407:404]);
  wire logic signed [4:0] converted_1_2_1_3 = signed'(5'(weight_words_0_element_1_2_1_3));
  wire logic signed [4:0] converted_1_2_1_4 = 5'(weight_words_0_element_1_2_1_4);
  wire logic signed [4:0] chosen_1_2_1_2 = is_low_nibble ? converted_1_2_1_3 : converted_1_2_1_4;
  wire logic [3:0] weight_words_0_element_1_3_0 = weight_words_0_word[283:280];
  wire logic signed [3:0] weight_words_0_element_1_3_0_2 = signed'(weight_words_0_word[283:280]);
  wire logic signed [4:0] converted_1_3_0 = signed'(5'(weight_words_0_element_1_3_0));
  wire logic signed [4:0] converted_1_3_0_2 = 5'(weight_words_0_element_1_3_0_2);
  wire logic signed [4:0] chosen_1_3_0 = is_low_nibble ? converted_1_3_0 : converted_1_3_0_2;
  wire logic [3:0] weight_words_0_element_1_3_0_3 = weight_words_0_word[411:408];
  wire logic signed [3:0] weight_words_0_element_1_3_0_4 = signed'(weight_words_0_word[411:408]);
  wire logic signed [4:0] converted_1_3_0_3 = signed'(5'(weight_words_0_element_1_3_0_3));
  wire logic signed [4:0] converted_1_3_0_4 = 5'(weight_words_0_element_1_3_0_4);
  wire logic signed [4:0] chosen_1_3_0_2 = is_low_nibble ? converted_1_3_0_3 : converted_1_3_0_4;
  wire logic [3:0] weight_words_0_element_1_3_1 = weight_words_0_word[287:284];
  wire logic signed [3:0] weight_words_0_element_1_3_1_2 = signed'(weight_words_0_word[287:284]);
  wire logic signed [4:0] converted_1_3_1 = signed'(5'(weight_words_0_element_1_3_1));
  wire logic signed [4:0] converted_1_3_1_2 = 5'(weight_words_0_element_1_3_1_2);
  wire logic signed [4:0] chosen_1_3_1 = is_low_nibble ? converted_1_3_1 : converted_1_3_1_2;
  wire logic [3:0] weight_words_0_element_1_3_1_3 = weight_words_0_word[415:412];
  wire logic signed [3:0] weight_words_0_element_1_3_1_4 = signed'(weight_words_0_word[415:412]);
  wire logic signed [4:0] converted_1_3_1_3 = signed'(5'(weight_words_0_element_1_3_1_3));
  wire logic signed [4:0] converted_1_3_1_4 = 5'(weight_words_0_element_1_3_1_4);
  wire logic signed [4:0] chosen_1_3_1_2 = is_low_nibble ? converted_1_3_1_3 : converted_1_3_1_4;
  wire logic [3:0] weight_words_0_element_1_4_0 = weight_words_0_word[291:288];
  wire logic signed [3:0] weight_words_0_element_1_4_0_2 = signed'(weight_words_0_word[291:288]);
  wire logic signed [4:0] converted_1_4_0 = signed'(5'(weight_words_0_element_1_4_0));
  wire logic signed [4:0] converted_1_4_0_2 = 5'(weight_words_0_element_1_4_0_2);
  wire logic signed [4:0] chosen_1_4_0 = is_low_nibble ? converted_1_4_0 : converted_1_4_0_2;
  wire logic [3:0] weight_words_0_element_1_4_0_3 = weight_words_0_word[419:416];
  wire logic signed [3:0] weight_words_0_element_1_4_0_4 = signed'(weight_words_0_word[419:416]);
  wire logic signed [4:0] converted_1_4_0_3 = signed'(5'(weight_words_0_element_1_4_0_3));
  wire logic signed [4:0] converted_1_4_0_4 = 5'(weight_words_0_element_1_4_0_4);
  wire logic signed [4:0] chosen_1_4_0_2 = is_low_nibble ? converted_1_4_0_3 : converted_1_4_0_4;
  wire logic [3:0] weight_words_0_element_1_4_1 = weight_words_0_word[295:292];
  wire logic signed [3:0] weight_words_0_element_1_4_1_2 = signed'(weight_words_0_word[295:292]);
  wire logic signed [4:0] converted_1_4_1 = signed'(5'(weight_words_0_element_1_4_1));
  wire logic signed [4:0] converted_1_4_1_2 = 5'(weight_words_0_element_1_4_1_2);
  wire logic signed [4:0] chosen_1_4_1 = is_low_nibble ? converted_1_4_1 : converted_1_4_1_2;
  wire logic [3:0] weight_words_0_element_1_4_1_3 = weight_words_0_word[423:420];
  wire logic signed [3:0] weight_words_0_element_1_4_1_4 = signed'(weight_words_0_word[423:420]);
  wire logic signed [4:0] converted_1_4_1_3 = signed'(5'(weight_words_0_element_1_4_1_3));
  wire logic signed [4:0] converted_1_4_1_4 = 5'(weight_words_0_element_1_4_1_4);
  wire logic signed [4:0] chosen_1_4_1_2 = is_low_nibble ? converted_1_4_1_3 : converted_1_4_1_4;
  wire logic [3:0] weight_words_0_element_1_5_0 = weight_words_0_word[299:296];
  wire logic signed [3:0] weight_words_0_element_1_5_0_2 = signed'(weight_words_0_word[299:296]);
  wire logic signed [4:0] converted_1_5_0 = signed'(5'(weight_words_0_element_1_5_0));
  wire logic signed [4:0] converted_1_5_0_2 = 5'(weight_words_0_element_1_5_0_2);
  wire logic signed [4:0] chosen_1_5_0 = is_low_nibble ? converted_1_5_0 : converted_1_5_0_2;
  wire logic [3:0] weight_words_0_element_1_5_0_3 = weight_words_0_word[427:424];
  wire logic signed [3:0] weight_words_0_element_1_5_0_4 = signed'(weight_words_0_word[427:424]);
  wire logic signed [4:0] converted_1_5_0_3 = signed'(5'(weight_words_0_element_1_5_0_3));
  wire logic signed [4:0] converted_1_5_0_4 = 5'(weight_words_0_element_1_5_0_4);
  wire logic signed [4:0] chosen_1_5_0_2 = is_low_nibble ? converted_1_5_0_3 : converted_1_5_0_4;
  wire logic [3:0] weight_words_0_element_1_5_1 = weight_words_0_word[303:300];
  wire logic signed [3:0] weight_words_0_element_1_5_1_2 = signed'(weight_words_0_word[303:300]);
  wire logic signed [4:0] converted_1_5_1 = signed'(5'(weight_words_0_element_1_5_1));
  wire logic signed [4:0] converted_1_5_1_2 = 5'(weight_words_0_element_1_5_1_2);
  wire logic signed [4:0] chosen_1_5_1 = is_low_nibble ? converted_1_5_1 : converted_1_5_1_2;
  wire logic [3:0] weight_words_0_element_1_5_1_3 = weight_words_0_word[431:428];
  wire logic signed [3:0] weight_words_0_element_1_5_1_4 = signed'(weight_words_0_word[431:428]);
  wire logic signed [4:0] converted_1_5_1_3 = signed'(5'(weight_words_0_element_1_5_1_3));
  wire logic signed [4:0] converted_1_5_1_4 = 5'(weight_words_0_element_1_5_1_4);
  wire logic signed [4:0] chosen_1_5_1_2 = is_low_nibble ? converted_1_5_1_3 : converted_1_5_1_4;
  wire logic [3:0] weight_words_0_element_1_6_0 = weight_words_0_word[307:304];
  wire logic signed [3:0] weight_words_0_element_1_6_0_2 = signed'(weight_words_0_word[307:304]);
  wire logic signed [4:0] converted_1_6_0 = signed'(5'(weight_words_0_element_1_6_0));
  wire logic signed [4:0] converted_1_6_0_2 = 5'(weight_words_0_element_1_6_0_2);
  wire logic signed [4:0] chosen_1_6_0 = is_low_nibble ? converted_1_6_0 : converted_1_6_0_2;
  wire logic [3:0] weight_words_0_element_1_6_0_3 = weight_words_0_word[435:432];
  wire logic signed [3:0] weight_words_0_element_1_6_0_4 = signed'(weight_words_0_word[435:432]);
  wire logic signed [4:0] converted_1_6_0_3 = signed'(5'(weight_words_0_element_1_6_0_3));
  wire logic signed [4:0] converted_1_6_0_4 = 5'(weight_words_0_element_1_6_0_4);
  wire logic signed [4:0] chosen_1_6_0_2 = is_low_nibble ? converted_1_6_0_3 : converted_1_6_0_4;
  wire logic [3:0] weight_words_0_element_1_6_1 = weight_words_0_word[311:308];
  wire logic signed [3:0] weight_words_0_element_1_6_1_2 = signed'(weight_words_0_word[311:308]);
  wire logic signed [4:0] converted_1_6_1 = signed'(5'(weight_words_0_element_1_6_1));
  wire logic signed [4:0] converted_1_6_1_2 = 5'(weight_words_0_element_1_6_1_2);
  wire logic signed [4:0] chosen_1_6_1 = is_low_nibble ? converted_1_6_1 : converted_1_6_1_2;
  wire logic [3:0] weight_words_0_element_1_6_1_3 = weight_words_0_word[439:436];
  wire logic signed [3:0] weight_words_0_element_1_6_1_4 = signed'(weight_words_0_word[439:436]);
  wire logic signed [4:0] converted_1_6_1_3 = signed'(5'(weight_words_0_element_1_6_1_3));
  wire logic signed [4:0] converted_1_6_1_4 = 5'(weight_words_0_element_1_6_1_4);
  wire logic signed [4:0] chosen_1_6_1_2 = is_low_nibble ? converted_1_6_1_3 : converted_1_6_1_4;
  wire logic [3:0] weight_words_0_element_1_7_0 = weight_words_0_word[315:312];
  wire logic signed [3:0] weight_words_0_element_1_7_0_2 = signed'(weight_words_0_word[315:312]);
  wire logic signed [4:0] converted_1_7_0 = signed'(5'(weight_words_0_element_1_7_0));
  wire logic signed [4:0] converted_1_7_0_2 = 5'(weight_words_0_element_1_7_0_2);
  wire logic signed [4:0] chosen_1_7_0 = is_low_nibble ? converted_1_7_0 : converted_1_7_0_2;
  wire logic [3:0] weight_words_0_element_1_7_0_3 = weight_words_0_word[443:440];
  wire logic signed [3:0] weight_words_0_element_1_7_0_4 = signed'(weight_words_0_word[443:440]);
  wire logic signed [4:0] converted_1_7_0_3 = signed'(5'(weight_words_0_element_1_7_0_3));
  wire logic signed [4:0] converted_1_7_0_4 = 5'(weight_words_0_element_1_7_0_4);
  wire logic signed [4:0] chosen_1_7_0_2 = is_low_nibble ? converted_1_7_0_3 : converted_1_7_0_4;
  wire logic [3:0] weight_words_0_element_1_7_1 = weight_words_0_word[319:316];
  wire logic signed [3:0] weight_words_0_element_1_7_1_2 = signed'(weight_words_0_word[319:316]);
  wire logic signed [4:0] converted_1_7_1 = signed'(5'(weight_words_0_element_1_7_1));
  wire logic signed [4:0] converted_1_7_1_2 = 5'(weight_words_0_element_1_7_1_2);
  wire logic signed [4:0] chosen_1_7_1 = is_low_nibble ? converted_1_7_1 : converted_1_7_1_2;
  wire logic [3:0] weight_words_0_element_1_7_1_3 = weight_words_0_word[447:444];
  wire logic signed [3:0] weight_words_0_element_1_7_1_4 = signed'(weight_words_0_word[447:444]);
  wire logic signed [4:0] converted_1_7_1_3 = signed'(5'(weight_words_0_element_1_7_1_3));
  wire logic signed [4:0] converted_1_7_1_4 = 5'(weight_words_0_element_1_7_1_4);
  wire logic signed [4:0] chosen_1_7_1_2 = is_low_nibble ? converted_1_7_1_3 : converted_1_7_1_4;
  wire logic [3:0] weight_words_0_element_1_8_0 = weight_words_0_word[323:320];
  wire logic signed [3:0] weight_words_0_element_1_8_0_2 = signed'(weight_words_0_word[323:320]);
  wire logic signed [4:0] converted_1_8_0 = signed'(5'(weight_words_0_element_1_8_0));
  wire logic signed [4:0] converted_1_8_0_2 = 5'(weight_words_0_element_1_8_0_2);
  wire logic signed [4:0] chosen_1_8_0 = is_low_nibble ? converted_1_8_0 : converted_1_8_0_2;
  wire logic [3:0] weight_words_0_element_1_8_0_3 = weight_words_0_word[451:448];
  wire logic signed [3:0] weight_words_0_element_1_8_0_4 = signed'(weight_words_0_word[451:448]);
  wire logic signed [4:0] converted_1_8_0_3 = signed'(5'(weight_words_0_element_1_8_0_3));
  wire logic signed [4:0] converted_1_8_0_4 = 5'(weight_words_0_element_1_8_0_4);
  wire logic signed [4:0] chosen_1_8_0_2 = is_low_nibble ? converted_1_8_0_3 : converted_1_8_0_4;
  wire logic [3:0] weight_words_0_element_1_8_1 = weight_words_0_word[327:324];
  wire logic signed [3:0] weight_words_0_element_1_8_1_2 = signed'(weight_words_0_word[327:324]);
  wire logic signed [4:0] converted_1_8_1 = signed'(5'(weight_words_0_element_1_8_1));
  wire logic signed [4:0] converted_1_8_1_2 = 5'(weight_words_0_element_1_8_1_2);
  wire logic signed [4:0] chosen_1_8_1 = is_low_nibble ? converted_1_8_1 : converted_1_8_1_2;
  wire logic [3:0] weight_words_0_element_1_8_1_3 = weight_words_0_word[455:452];
  wire logic signed [3:0] weight_words_0_element_1_8_1_4 = signed'(weight_words_0_word[455:452]);
  wire logic signed [4:0] converted_1_8_1_3 = signed'(5'(weight_words_0_element_1_8_1_3));
  wire logic signed [4:0] converted_1_8_1_4 = 5'(weight_words_0_element_1_8_1_4);
  wire logic signed [4:0] chosen_1_8_1_2 = is_low_nibble ? converted_1_8_1_3 : converted_1_8_1_4;
  wire logic [3:0] weight_words_0_element_1_9_0 = weight_words_0_word[331:328];
  wire logic signed [3:0] weight_words_0_element_1_9_0_2 = signed'(weight_words_0_word[331:328]);
  wire logic signed [4:0] converted_1_9_0 = signed'(5'(weight_words_0_element_1_9_0));
  wire logic signed [4:0] converted_1_9_0_2 = 5'(weight_words_0_element_1_9_0_2);
  wire logic signed [4:0] chosen_1_9_0 = is_low_nibble ? converted_1_9_0 : converted_1_9_0_2;
  wire logic [3:0] weight_words_0_element_1_9_0_3 = weight_words_0_word[459:456];
  wire logic signed [3:0] weight_words_0_element_1_9_0_4 = signed'(weight_words_0_word[459:456]);
  wire logic signed [4:0] converted_1_9_0_3 = signed'(5'(weight_words_0_element_1_9_0_3));
  wire logic signed [4:0] converted_1_9_0_4 = 5'(weight_words_0_element_1_9_0_4);
  wire logic signed [4:0] chosen_1_9_0_2 = is_low_nibble ? converted_1_9_0_3 : converted_1_9_0_4;
  wire logic [3:0] weight_words_0_element_1_9_1 = weight_words_0_word[335:332];
  wire logic signed [3:0] weight_words_0_element_1_9_1_2 = signed'(weight_words_0_word[335:332]);
  wire logic signed [4:0] converted_1_9_1 = signed'(5'(weight_words_0_element_1_9_1));
  wire logic signed [4:0] converted_1_9_1_2 = 5'(weight_words_0_element_1_9_1_2);
  wire logic signed [4:0] chosen_1_9_1 = is_low_nibble ? converted_1_9_1 : converted_1_9_1_2;
  wire logic [3:0] weight_words_0_element_1_9_1_3 = weight_words_0_word[463:460];
  wire logic signed [3:0] weight_words_0_element_1_9_1_4 = signed'(weight_words_0_word[463:460]);
  wire logic signed [4:0] converted_1_9_1_3 = signed'(5'(weight_words_0_element_1_9_1_3));
  wire logic signed [4:0] converted_1_9_1_4 = 5'(weight_words_0_element_1_9_1_4);
  wire logic signed [4:0] chosen_1_9_1_2 = is_low_nibble ? converted_1_9_1_3 : converted_1_9_1_4;
  wire logic [3:0] weight_words_0_element_1_10_0 = weight_words_0_word[339:336];
  wire logic signed [3:0] weight_words_0_element_1_10_0_2 = signed'(weight_words_0_word[339:336]);
  wire logic signed [4:0] converted_1_10_0 = signed'(5'(weight_words_0_element_1_10_0));
  wire logic signed [4:0] converted_1_10_0_2 = 5'(weight_words_0_element_1_10_0_2);
  wire logic signed [4:0] chosen_1_10_0 = is_low_nibble ? converted_1_10_0 : converted_1_10_0_2;
  wire logic [3:0] weight_words_0_element_1_10_0_3 = weight_words_0_word[467:464];
  wire logic signed [3:0] weight_words_0_element_1_10_0_4 = signed'(weight_words_0_word[467:464]);
  wire logic signed [4:0] converted_1_10_0_3 = signed'(5'(weight_words_0_element_1_10_0_3));
  wire logic signed [4:0] converted_1_10_0_4 = 5'(weight_words_0_element_1_10_0_4);
  wire logic signed [4:0] chosen_1_10_0_2 = is_low_nibble ? converted_1_10_0_3 : converted_1_10_0_4;
  wire logic [3:0] weight_words_0_element_1_10_1 = weight_words_0_word[343:340];
  wire logic signed [3:0] weight_words_0_element_1_10_1_2 = signed'(weight_words_0_word[343:340]);
  wire logic signed [4:0] converted_1_10_1 = signed'(5'(weight_words_0_element_1_10_1));
  wire logic signed [4:0] converted_1_10_1_2 = 5'(weight_words_0_element_1_10_1_2);
  wire logic signed [4:0] chosen_1_10_1 = is_low_nibble ? converted_1_10_1 : converted_1_10_1_2;
  wire logic [3:0] weight_words_0_element_1_10_1_3 = weight_words_0_word[471:468];
  wire logic signed [3:0] weight_words_0_element_1_10_1_4 = signed'(weight_words_0_word[471:468]);
  wire logic signed [4:0] converted_1_10_1_3 = signed'(5'(weight_words_0_element_1_10_1_3));
  wire logic signed [4:0] converted_1_10_1_4 = 5'(weight_words_0_element_1_10_1_4);
  wire logic signed [4:0] chosen_1_10_1_2 = is_low_nibble ? converted_1_10_1_3 : converted_1_10_1_4;
  wire logic [3:0] weight_words_0_element_1_11_0 = weight_words_0_word[347:344];
  wire logic signed [3:0] weight_words_0_element_1_11_0_2 = signed'(weight_words_0_word[347:344]);
  wire logic signed [4:0] converted_1_11_0 = signed'(5'(weight_words_0_element_1_11_0));
  wire logic signed [4:0] converted_1_11_0_2 = 5'(weight_words_0_element_1_11_0_2);
  wire logic signed [4:0] chosen_1_11_0 = is_low_nibble ? converted_1_11_0 : converted_1_11_0_2;
  wire logic [3:0] weight_words_0_element_1_11_0_3 = weight_words_0_word[475:472];
  wire logic signed [3:0] weight_words_0_element_1_11_0_4 = signed'(weight_words_0_word[475:472]);
  wire logic signed [4:0] converted_1_11_0_3 = signed'(5'(weight_words_0_element_1_11_0_3));
  wire logic signed [4:0] converted_1_11_0_4 = 5'(weight_words_0_element_1_11_0_4);
  wire logic signed [4:0] chosen_1_11_0_2 = is_low_nibble ? converted_1_11_0_3 : converted_1_11_0_4;
  wire logic [3:0] weight_words_0_element_1_11_1 = weight_words_0_word[351:348];
  wire logic signed [3:0] weight_words_0_element_1_11_1_2 = signed'(weight_words_0_word[351:348]);
  wire logic signed [4:0] converted_1_11_1 = signed'(5'(weight_words_0_element_1_11_1));
  wire logic signed [4:0] converted_1_11_1_2 = 5'(weight_words_0_element_1_11_1_2);
  wire logic signed [4:0] chosen_1_11_1 = is_low_nibble ? converted_1_11_1 : converted_1_11_1_2;
  wire logic [3:0] weight_words_0_element_1_11_1_3 = weight_words_0_word[479:476];
  wire logic signed [3:0] weight_words_0_element_1_11_1_4 = signed'(weight_words_0_word[479:476]);
  wire logic signed [4:0] converted_1_11_1_3 = signed'(5'(weight_words_0_element_1_11_1_3));
  wire logic signed [4:0] converted_1_11_1_4 = 5'(weight_words_0_element_1_11_1_4);
  wire logic signed [4:0] chosen_1_11_1_2 = is_low_nibble ? converted_1_11_1_3 : converted_1_11_1_4;
  wire logic [3:0] weight_words_0_element_1_12_0 = weight_words_0_word[355:352];
  wire logic signed [3:0] weight_words_0_element_1_12_0_2 = signed'(weight_words_0_word[355:352]);
  wire logic signed [4:0] converted_1_12_0 = signed'(5'(weight_words_0_element_1_12_0));
  wire logic signed [4:0] converted_1_12_0_2 = 5'(weight_words_0_element_1_12_0_2);
  wire logic signed [4:0] chosen_1_12_0 = is_low_nibble ? converted_1_12_0 : converted_1_12_0_2;
  wire logic [3:0] weight_words_0_element_1_12_0_3 = weight_words_0_word[483:480];
  wire logic signed [3:0] weight_words_0_element_1_12_0_4 = signed'(weight_words_0_word[483:480]);
  wire logic signed [4:0] converted_1_12_0_3 = signed'(5'(weight_words_0_element_1_12_0_3));
  wire logic signed [4:0] converted_1_12_0_4 = 5'(weight_words_0_element_1_12_0_4);
  wire logic signed [4:0] chosen_1_12_0_2 = is_low_nibble ? converted_1_12_0_3 : converted_1_12_0_4;
  wire logic [3:0] weight_words_0_element_1_12_1 = weight_words_0_word[359:356];
  wire logic signed [3:0] weight_words_0_element_1_12_1_2 = signed'(weight_words_0_word[359:356]);
  wire logic signed [4:0] converted_1_12_1 = signed'(5'(weight_words_0_element_1_12_1));
  wire logic signed [4:0] converted_1_12_1_2 = 5'(weight_words_0_element_1_12_1_2);
  wire logic signed [4:0] chosen_1_12_1 = is_low_nibble ? converted_1_12_1 : converted_1_12_1_2;
  wire logic [3:0] weight_words_0_element_1_12_1_3 = weight_words_0_word[487:484];
  wire logic signed [3:0] weight_words_0_element_1_12_1_4 = signed'(weight_words_0_word[487:484]);
  wire logic signed [4:0] converted_1_12_1_3 = signed'(5'(weight_words_0_element_1_12_1_3));
  wire logic signed [4:0] converted_1_12_1_4 = 5'(weight_words_0_element_1_12_1_4);
  wire logic signed [4:0] chosen_1_12_1_2 = is_low_nibble ? converted_1_12_1_3 : converted_1_12_1_4;
  wire logic [3:0] weight_words_0_element_1_13_0 = weight_words_0_word[363:360];
  wire logic signed [3:0] weight_words_0_element_1_13_0_2 = signed'(weight_words_0_word[363:360]);
  wire logic signed [4:0] converted_1_13_0 = signed'(5'(weight_words_0_element_1_13_0));
  wire logic signed [4:0] converted_1_13_0_2 = 5'(weight_words_0_element_1_13_0_2);
  wire logic signed [4:0] chosen_1_13_0 = is_low_nibble ? converted_1_13_0 : converted_1_13_0_2;
  wire logic [3:0] weight_words_0_element_1_13_0_3 = weight_words_0_word[491:488];
  wire logic signed [3:0] weight_words_0_element_1_13_0_4 = signed'(weight_words_0_word[491:488]);
  wire logic signed [4:0] converted_1_13_0_3 = signed'(5'(weight_words_0_element_1_13_0_3));
  wire logic signed [4:0] converted_1_13_0_4 = 5'(weight_words_0_element_1_13_0_4);
  wire logic signed [4:0] chosen_1_13_0_2 = is_low_nibble ? converted_1_13_0_3 : converted_1_13_0_4;
  wire logic [3:0] weight_words_0_element_1_13_1 = weight_words_0_word[367:364];
  wire logic signed [3:0] weight_words_0_element_1_13_1_2 = signed'(weight_words_0_word[367:364]);
  wire logic signed [4:0] converted_1_13_1 = signed'(5'(weight_words_0_element_1_13_1));
  wire logic signed [4:0] converted_1_13_1_2 = 5'(weight_words_0_element_1_13_1_2);
  wire logic signed [4:0] chosen_1_13_1 = is_low_nibble ? converted_1_13_1 : converted_1_13_1_2;
  wire logic [3:0] weight_words_0_element_1_13_1_3 = weight_words_0_word[495:492];
  wire logic signed [3:0] weight_words_0_element_1_13_1_4 = signed'(weight_words_0_word[495:492]);
  wire logic signed [4:0] converted_1_13_1_3 = signed'(5'(weight_words_0_element_1_13_1_3));
  wire logic signed [4:0] converted_1_13_1_4 = 5'(weight_words_0_element_1_13_1_4);
  wire logic signed [4:0] chosen_1_13_1_2 = is_low_nibble ? converted_1_13_1_3 : converted_1_13_1_4;
  wire logic [3:0] weight_words_0_element_1_14_0 = weight_words_0_word[371:368];
  wire logic signed [3:0] weight_words_0_element_1_14_0_2 = signed'(weight_words_0_word[371:368]);
  wire logic signed [4:0] converted_1_14_0 = signed'(5'(weight_words_0_element_1_14_0));
  wire logic signed [4:0] converted_1_14_0_2 = 5'(weight_words_0_element_1_14_0_2);
  wire logic signed [4:0] chosen_1_14_0 = is_low_nibble ? converted_1_14_0 : converted_1_14_0_2;
  wire logic [3:0] weight_words_0_element_1_14_0_3 = weight_words_0_word[499:496];
  wire logic signed [3:0] weight_words_0_element_1_14_0_4 = signed'(weight_words_0_word[499:496]);
  wire logic signed [4:0] converted_1_14_0_3 = signed'(5'(weight_words_0_element_1_14_0_3));
  wire logic signed [4:0] converted_1_14_0_4 = 5'(weight_words_0_element_1_14_0_4);
  wire logic signed [4:0] chosen_1_14_0_2 = is_low_nibble ? converted_1_14_0_3 : converted_1_14_0_4;
  wire logic [3:0] weight_words_0_element_1_14_1 = weight_words_0_word[375:372];
  wire logic signed [3:0] weight_words_0_element_1_14_1_2 = signed'(weight_words_0_word[375:372]);
  wire logic signed [4:0] converted_1_14_1 = signed'(5'(weight_words_0_element_1_14_1));
  wire logic signed [4:0] converted_1_14_1_2 = 5'(weight_words_0_element_1_14_1_2);
  wire logic signed [4:0] chosen_1_14_1 = is_low_nibble ? converted_1_14_1 : converted_1_14_1_2;
  wire logic [3:0] weight_words_0_element_1_14_1_3 = weight_words_0_word[503:500];
  wire logic signed [3:0] weight_words_0_element_1_14_1_4 = signed'(weight_words_0_word[503:500]);
  wire logic signed [4:0] converted_1_14_1_3 = signed'(5'(weight_words_0_element_1_14_1_3));
  wire logic signed [4:0] converted_1_14_1_4 = 5'(weight_words_0_element_1_14_1_4);
  wire logic signed [4:0] chosen_1_14_1_2 = is_low_nibble ? converted_1_14_1_3 : converted_1_14_1_4;
  wire logic [3:0] weight_words_0_element_1_15_0 = weight_words_0_word[379:376];
  wire logic signed [3:0] weight_words_0_element_1_15_0_2 = signed'(weight_words_0_word[379:376]);
  wire logic signed [4:0] converted_1_15_0 = signed'(5'(weight_words_0_element_1_15_0));
  wire logic signed [4:0] converted_1_15_0_2 = 5'(weight_words_0_element_1_15_0_2);
  wire logic signed [4:0] chosen_1_15_0 = is_low_nibble ? converted_1_15_0 : converted_1_15_0_2;
  wire logic [3:0] weight_words_0_element_1_15_0_3 = weight_words_0_word[507:504];
  wire logic signed [3:0] weight_words_0_element_1_15_0_4 = signed'(weight_words_0_word[507:504]);
  wire logic signed [4:0] converted_1_15_0_3 = signed'(5'(weight_words_0_element_1_15_0_3));
  wire logic signed [4:0] converted_1_15_0_4 = 5'(weight_words_0_element_1_15_0_4);
  wire logic signed [4:0] chosen_1_15_0_2 = is_low_nibble ? converted_1_15_0_3 : converted_1_15_0_4;
  wire logic [3:0] weight_words_0_element_1_15_1 = weight_words_0_word[383:380];
  wire logic signed [3:0] weight_words_0_element_1_15_1_2 = signed'(weight_words_0_word[383:380]);
  wire logic signed [4:0] converted_1_15_1 = signed'(5'(weight_words_0_element_1_15_1));
  wire logic signed [4:0] converted_1_15_1_2 = 5'(weight_words_0_element_1_15_1_2);
  wire logic signed [4:0] chosen_1_15_1 = is_low_nibble ? converted_1_15_1 : converted_1_15_1_2;
  wire logic [3:0] weight_words_0_element_1_15_1_3 = weight_words_0_word[511:508];
  wire logic signed [3:0] weight_words_0_element_1_15_1_4 = signed'(weight_words_0_word[511:508]);
  wire logic signed [4:0] converted_1_15_1_3 = signed'(5'(weight_words_0_element_1_15_1_3));
  wire logic signed [4:0] converted_1_15_1_4 = 5'(weight_words_0_element_1_15_1_4);
  wire logic signed [4:0] chosen_1_15_1_2 = is_low_nibble ? converted_1_15_1_3 : converted_1_15_1_4;
  wire logic [7:0] mantissa_1 = row_scales[29:22];
  wire logic [2:0] exponent_1 = row_scales[32:30];
  wire logic [7:0] mantissa_1_2 = row_scales[40:33];
  wire logic [2:0] exponent_1_2 = row_scales[43:41];
  wire logic difference_2 = 1'(plane_count_held) - 1'd1;
  wire logic ends_row = plane == difference_2;

  // Stage 1
  wire logic signed [7:0] part_0_0_0 = signed'(activation_now[7:0]);
  wire logic signed [18:0] shifted_0_0_0 = 19'(chosen_0_0_0_2_s1) << 14;
  wire logic signed [18:0] sum_0_0_0 = 19'(chosen_0_0_0_s1) + shifted_0_0_0;
  wire logic signed [7:0] part_0_0_1 = signed'(activation_now[15:8]);
  wire logic signed [18:0] shifted_0_0_1 = 19'(chosen_0_0_1_2_s1) << 14;
  wire logic signed [18:0] sum_0_0_1 = 19'(chosen_0_0_1_s1) + shifted_0_0_1;
  wire logic [3:0] shift_0_0 = activation_now[259:256];
  wire logic signed [7:0] part_0_1_0 = signed'(activation_now[23:16]);
  wire logic signed [18:0] shifted_0_1_0 = 19'(chosen_0_1_0_2_s1) << 14;
  wire logic signed [18:0] sum_0_1_0 = 19'(chosen_0_1_0_s1) + shifted_0_1_0;
  wire logic signed [7:0] part_0_1_1 = signed'(activation_now[31:24]);
  wire logic signed [18:0] shifted_0_1_1 = 19'(chosen_0_1_1_2_s1) << 14;
  wire logic signed [18:0] sum_0_1_1 = 19'(chosen_0_1_1_s1) + shifted_0_1_1;
  wire logic [3:0] shift_0_1 = activation_now[263:260];
  wire logic signed [7:0] part_0_2_0 = signed'(activation_now[39:32]);
  wire logic signed [18:0] shifted_0_2_0 = 19'(chosen_0_2_0_2_s1) << 14;
  wire logic signed [18:0] sum_0_2_0 = 19'(chosen_0_2_0_s1) + shifted_0_2_0;
  wire logic signed [7:0] part_0_2_1 = signed'(activation_now[47:40]);
  wire logic signed [18:0] shifted_0_2_1 = 19'(chosen_0_2_1_2_s1) << 14;
  wire logic signed [18:0] sum_0_2_1 = 19'(chosen_0_2_1_s1) + shifted_0_2_1;
  wire logic [3:0] shift_0_2 = activation_now[267:264];
  wire logic signed [7:0] part_0_3_0 = signed'(activation_now[55:48]);
  wire logic signed [18:0] shifted_0_3_0 = 19'(chosen_0_3_0_2_s1) << 14;
  wire logic signed [18:0] sum_0_3_0 = 19'(chosen_0_3_0_s1) + shifted_0_3_0;
  wire logic signed [7:0] part_0_3_1 = signed'(activation_now[63:56]);
  wire logic signed [18:0] shifted_0_3_1 = 19'(chosen_0_3_1_2_s1) << 14;
  wire logic signed [18:0] sum_0_3_1 = 19'(chosen_0_3_1_s1) + shifted_0_3_1;
  wire logic [3:0] shift_0_3 = activation_now[271:268];
  wire logic signed [7:0] part_0_4_0 = signed'(activation_now[71:64]);
  wire logic signed [18:0] shifted_0_4_0 = 19'(chosen_0_4_0_2_s1) << 14;
  wire logic signed [18:0] sum_0_4_0 = 19'(chosen_0_4_0_s1) + shifted_0_4_0;
  wire logic signed [7:0] part_0_4_1 = signed'(activation_now[79:72]);
  wire logic signed [18:0] shifted_0_4_1 = 19'(chosen_0_4_1_2_s1) << 14;
  wire logic signed [18:0] sum_0_4_1 = 19'(chosen_0_4_1_s1) + shifted_0_4_1;
  wire logic [3:0] shift_0_4 = activation_now[275:272];
  wire logic signed [7:0] part_0_5_0 = signed'(activation_now[87:80]);
  wire logic signed [18:0] shifted_0_5_0 = 19'(chosen_0_5_0_2_s1) << 14;
  wire logic signed [18:0] sum_0_5_0 = 19'(chosen_0_5_0_s1) + shifted_0_5_0;
  wire logic signed [7:0] part_0_5_1 = signed'(activation_now[95:88]);
  wire logic signed [18:0] shifted_0_5_1 = 19'(chosen_0_5_1_2_s1) << 14;
  wire logic signed [18:0] sum_0_5_1 = 19'(chosen_0_5_1_s1) + shifted_0_5_1;
  wire logic [3:0] shift_0_5 = activation_now[279:276];
  wire logic signed [7:0] part_0_6_0 = signed'(activation_now[103:96]);
  wire logic signed [18:0] shifted_0_6_0 = 19'(chosen_0_6_0_2_s1) << 14;
  wire logic signed [18:0] sum_0_6_0 = 19'(chosen_0_6_0_s1) + shifted_0_6_0;
  wire logic signed [7:0] part_0_6_1 = signed'(activation_now[111:104]);
  wire logic signed [18:0] shifted_0_6_1 = 19'(chosen_0_6_1_2_s1) << 14;
  wire logic signed [18:0] sum_0_6_1 = 19'(chosen_0_6_1_s1) + shifted_0_6_1;
  wire logic [3:0] shift_0_6 = activation_now[283:280];
  wire logic signed [7:0] part_0_7_0 = signed'(activation_now[119:112]);
  wire logic signed [18:0] shifted_0_7_0 = 19'(chosen_0_7_0_2_s1) << 14;
  wire logic signed [18:0] sum_0_7_0 = 19'(chosen_0_7_0_s1) + shifted_0_7_0;
  wire logic signed [7:0] part_0_7_1 = signed'(activation_now[127:120]);
  wire logic signed [18:0] shifted_0_7_1 = 19'(chosen_0_7_1_2_s1) << 14;
  wire logic signed [18:0] sum_0_7_1 = 19'(chosen_0_7_1_s1) + shifted_0_7_1;
  wire logic [3:0] shift_0_7 = activation_now[287:284];
  wire logic signed [7:0] part_0_8_0 = signed'(activation_now[135:128]);
  wire logic signed [18:0] shifted_0_8_0 = 19'(chosen_0_8_0_2_s1) << 14;
  wire logic signed [18:0] sum_0_8_0 = 19'(chosen_0_8_0_s1) + shifted_0_8_0;
  wire logic signed [7:0] part_0_8_1 = signed'(activation_now[143:136]);
  wire logic signed [18:0] shifted_0_8_1 = 19'(chosen_0_8_1_2_s1) << 14;
  wire logic signed [18:0] sum_0_8_1 = 19'(chosen_0_8_1_s1) + shifted_0_8_1;
  wire logic [3:0] shift_0_8 = activation_now[291:288];
  wire logic signed [7:0] part_0_9_0 = signed'(activation_now[151:144]);
  wire logic signed [18:0] shifted_0_9_0 = 19'(chosen_0_9_0_2_s1) << 14;
  wire logic signed [18:0] sum_0_9_0 = 19'(chosen_0_9_0_s1) + shifted_0_9_0;
  wire logic signed [7:0] part_0_9_1 = signed'(activation_now[159:152]);
  wire logic signed [18:0] shifted_0_9_1 = 19'(chosen_0_9_1_2_s1) << 14;
  wire logic signed [18:0] sum_0_9_1 = 19'(chosen_0_9_1_s1) + shifted_0_9_1;
  wire logic [3:0] shift_0_9 = activation_now[295:292];
  wire logic signed [7:0] part_0_10_0 = signed'(activation_now[167:160]);
  wire logic signed [18:0] shifted_0_10_0 = 19'(chosen_0_10_0_2_s1) << 14;
  wire logic signed [18:0] sum_0_10_0 = 19'(chosen_0_10_0_s1) + shifted_0_10_0;
  wire logic signed [7:0] part_0_10_1 = signed'(activation_now[175:168]);
  wire logic signed [18:0] shifted_0_10_1 = 19'(chosen_0_10_1_2_s1) << 14;
  wire logic signed [18:0] sum_0_10_1 = 19'(chosen_0_10_1_s1) + shifted_0_10_1;
  wire logic [3:0] shift_0_10 = activation_now[299:296];
  wire logic signed [7:0] part_0_11_0 = signed'(activation_now[183:176]);
  wire logic signed [18:0] shifted_0_11_0 = 19'(chosen_0_11_0_2_s1) << 14;
  wire logic signed [18:0] sum_0_11_0 = 19'(chosen_0_11_0_s1) + shifted_0_11_0;
  wire logic signed [7:0] part_0_11_1 = signed'(activation_now[191:184]);
  wire logic signed [18:0] shifted_0_11_1 = 19'(chosen_0_11_1_2_s1) << 14;
  wire logic signed [18:0] sum_0_11_1 = 19'(chosen_0_11_1_s1) + shifted_0_11_1;
  wire logic [3:0] shift_0_11 = activation_now[303:300];
  wire logic signed [7:0] part_0_12_0 = signed'(activation_now[199:192]);
  wire logic signed [18:0] shifted_0_12_0 = 19'(chosen_0_12_0_2_s1) << 14;
  wire logic signed [18:0] sum_0_12_0 = 19'(chosen_0_12_0_s1) + shifted_0_12_0;
  wire logic signed [7:0] part_0_12_1 = signed'(activation_now[207:200]);
  wire logic signed [18:0] shifted_0_12_1 = 19'(chosen_0_12_1_2_s1) << 14;
  wire logic signed [18:0] sum_0_12_1 = 19'(chosen_0_12_1_s1) + shifted_0_12_1;
  wire logic [3:0] shift_0_12 = activation_now[307:304];
  wire logic signed [7:0] part_0_13_0 = signed'(activation_now[215:208]);
  wire logic signed [18:0] shifted_0_13_0 = 19'(chosen_0_13_0_2_s1) << 14;
  wire logic signed [18:0] sum_0_13_0 = 19'(chosen_0_13_0_s1) + shifted_0_13_0;
  wire logic signed [7:0] part_0_13_1 = signed'(activation_now[223:216]);
  wire logic signed [18:0] shifted_0_13_1 = 19'(chosen_0_13_1_2_s1) << 14;
  wire logic signed [18:0] sum_0_13_1 = 19'(chosen_0_13_1_s1) + shifted_0_13_1;
  wire logic [3:0] shift_0_13 = activation_now[311:308];
  wire logic signed [7:0] part_0_14_0 = signed'(activation_now[231:224]);
  wire logic signed [18:0] shifted_0_14_0 = 19'(chosen_0_14_0_2_s1) << 14;
  wire logic signed [18:0] sum_0_14_0 = 19'(chosen_0_14_0_s1) + shifted_0_14_0;
  wire logic signed [7:0] part_0_14_1 = signed'(activation_now[239:232]);
  wire logic signed [18:0] shifted_0_14_1 = 19'(chosen_0_14_1_2_s1) << 14;
  wire logic signed [18:0] sum_0_14_1 = 19'(chosen_0_14_1_s1) + shifted_0_14_1;
  wire logic [3:0] shift_0_14 = activation_now[315:312];
  wire logic signed [7:0] part_0_15_0 = signed'(activation_now[247:240]);
  wire logic signed [18:0] shifted_0_15_0 = 19'(chosen_0_15_0_2_s1) << 14;
  wire logic signed [18:0] sum_0_15_0 = 19'(chosen_0_15_0_s1) + shifted_0_15_0;
  wire logic signed [7:0] part_0_15_1 = signed'(activation_now[255:248]);
  wire logic signed [18:0] shifted_0_15_1 = 19'(chosen_0_15_1_2_s1) << 14;
  wire logic signed [18:0] sum_0_15_1 = 19'(chosen_0_15_1_s1) + shifted_0_15_1;
  wire logic [3:0] shift_0_15 = activation_now[319:316];
  wire logic signed [18:0] shifted_1_0_0 = 19'(chosen_1_0_0_2_s1) << 14;
  wire logic signed [18:0] sum_1_0_0 = 19'(chosen_1_0_0_s1) + shifted_1_0_0;
  wire logic signed [18:0] shifted_1_0_1 = 19'(chosen_1_0_1_2_s1) << 14;
  wire logic signed [18:0] sum_1_0_1 = 19'(chosen_1_0_1_s1) + shifted_1_0_1;
  wire logic signed [18:0] shifted_1_1_0 = 19'(chosen_1_1_0_2_s1) << 14;
  wire logic signed [18:0] sum_1_1_0 = 19'(chosen_1_1_0_s1) + shifted_1_1_0;
  wire logic signed [18:0] shifted_1_1_1 = 19'(chosen_1_1_1_2_s1) << 14;
  wire logic signed [18:0] sum_1_1_1 = 19'(chosen_1_1_1_s1) + shifted_1_1_1;
  wire logic signed [18:0] shifted_1_2_0 = 19'(chosen_1_2_0_2_s1) << 14;
  wire logic signed [18:0] sum_1_2_0 = 19'(chosen_1_2_0_s1) + shifted_1_2_0;
  wire logic signed [18:0] shifted_1_2_1 = 19'(chosen_1_2_1_2_s1) << 14;
  wire logic signed [18:0] sum_1_2_1 = 19'(chosen_1_2_1_s1) + shifted_1_2_1;
  wire logic signed [18:0] shifted_1_3_0 = 19'(chosen_1_3_0_2_s1) << 14;
  wire logic signed [18:0] sum_1_3_0 = 19'(chosen_1_3_0_s1) + shifted_1_3_0;
  wire logic signed [18:0] shifted_1_3_1 = 19'(chosen_1_3_1_2_s1) << 14;
  wire logic signed [18:0] sum_1_3_1 = 19'(chosen_1_3_1_s1) + shifted_1_3_1;
  wire logic signed [18:0] shifted_1_4_0 = 19'(chosen_1_4_0_2_s1) << 14;
  wire logic signed [18:0] sum_1_4_0 = 19'(chosen_1_4_0_s1) + shifted_1_4_0;
  wire logic signed [18:0] shifted_1_4_1 = 19'(chosen_1_4_1_2_s1) << 14;
  wire logic signed [18:0] sum_1_4_1 = 19'(chosen_1_4_1_s1) + shifted_1_4_1;
  wire logic signed [18:0] shifted_1_5_0 = 19'(chosen_1_5_0_2_s1) << 14;
  wire logic signed [18:0] sum_1_5_0 = 19'(chosen_1_5_0_s1) + shifted_1_5_0;
  wire logic signed [18:0] shifted_1_5_1 = 19'(chosen_1_5_1_2_s1) << 14;
  wire logic signed [18:0] sum_1_5_1 = 19'(chosen_1_5_1_s1) + shifted_1_5_1;
  wire logic signed [18:0] shifted_1_6_0 = 19'(chosen_1_6_0_2_s1) << 14;
  wire logic signed [18:0] sum_1_6_0 = 19'(chosen_1_6_0_s1) + shifted_1_6_0;
  wire logic signed [18:0] shifted_1_6_1 = 19'(chosen_1_6_1_2_s1) << 14;
  wire logic signed [18:0] sum_1_6_1 = 19'(chosen_1_6_1_s1) + shifted_1_6_1;
  wire logic signed [18:0] shifted_1_7_0 = 19'(chosen_1_7_0_2_s1) << 14;
  wire logic signed [18:0] sum_1_7_0 = 19'(chosen_1_7_0_s1) + shifted_1_7_0;
  wire logic signed [18:0] shifted_1_7_1 = 19'(chosen_1_7_1_2_s1) << 14;
  wire logic signed [18:0] sum_1_7_1 = 19'(chosen_1_7_1_s1) + shifted_1_7_1;
  wire logic signed [18:0] shifted_1_8_0 = 19'(chosen_1_8_0_2_s1) << 14;
  wire logic signed [18:0] sum_1_8_0 = 19'(chosen_1_8_0_s1) + shifted_1_8_0;
  wire logic signed [18:0] shifted_1_8_1 = 19'(chosen_1_8_1_2_s1) << 14;
  wire logic signed [18:0] sum_1_8_1 = 19'(chosen_1_8_1_s1) + shifted_1_8_1;
  wire logic signed [18:0] shifted_1_9_0 = 19'(chosen_1_9_0_2_s1) << 14;
  wire logic signed [18:0] sum_1_9_0 = 19'(chosen_1_9_0_s1) + shifted_1_9_0;
  wire logic signed [18:0] shifted_1_9_1 = 19'(chosen_1_9_1_2_s1) << 14;
  wire logic signed [18:0] sum_1_9_1 = 19'(chosen_1_9_1_s1) + shifted_1_9_1;
  wire logic signed [18:0] shifted_1_10_0 = 19'(chosen_1_10_0_2_s1) << 14;
  wire logic signed [18:0] sum_1_10_0 = 19'(chosen_1_10_0_s1) + shifted_1_10_0;
  wire logic signed [18:0] shifted_1_10_1 = 19'(chosen_1_10_1_2_s1) << 14;
  wire logic signed [18:0] sum_1_10_1 = 19'(chosen_1_10_1_s1) + shifted_1_10_1;
  wire logic signed [18:0] shifted_1_11_0 = 19'(chosen_1_11_0_2_s1) << 14;
  wire logic signed [18:0] sum_1_11_0 = 19'(chosen_1_11_0_s1) + shifted_1_11_0;
  wire logic signed [18:0] shifted_1_11_1 = 19'(chosen_1_11_1_2_s1) << 14;
  wire logic signed [18:0] sum_1_11_1 = 19'(chosen_1_11_1_s1) + shifted_1_11_1;
  wire logic signed [18:0] shifted_1_12_0 = 19'(chosen_1_12_0_2_s1) << 14;
  wire logic signed [18:0] sum_1_12_0 = 19'(chosen_1_12_0_s1) + shifted_1_12_0;
  wire logic signed [18:0] shifted_1_12_1 = 19'(chosen_1_12_1_2_s1) << 14;
  wire logic signed [18:0] sum_1_12_1 = 19'(chosen_1_12_1_s1) + shifted_1_12_1;
  wire logic signed [18:0] shifted_1_13_0 = 19'(chosen_1_13_0_2_s1) << 14;
  wire logic signed [18:0] sum_1_13_0 = 19'(chosen_1_13_0_s1) + shifted_1_13_0;
  wire logic signed [18:0] shifted_1_13_1 = 19'(chosen_1_13_1_2_s1) << 14;
  wire logic signed [18:0] sum_1_13_1 = 19'(chosen_1_13_1_s1) + shifted_1_13_1;
  wire logic signed [18:0] shifted_1_14_0 = 19'(chosen_1_14_0_2_s1) << 14;
  wire logic signed [18:0] sum_1_14_0 = 19'(chosen_1_14_0_s1) + shifted_1_14_0;
  wire logic signed [18:0] shifted_1_14_1 = 19'(chosen_1_14_1_2_s1) << 14;
  wire logic signed [18:0] sum_1_14_1 = 19'(chosen_1_14_1_s1) + shifted_1_14_1;
  wire logic signed [18:0] shifted_1_15_0 = 19'(chosen_1_15_0_2_s1) << 14;
  wire logic signed [18:0] sum_1_15_0 = 19'(chosen_1_15_0_s1) + shifted_1_15_0;
  wire logic signed [18:0] shifted_1_15_1 = 19'(chosen_1_15_1_2_s1) << 14;
  wire logic signed [18:0] sum_1_15_1 = 19'(chosen_1_15_1_s1) + shifted_1_15_1;

  // Stage 3
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_0_0 =
      26'(sum_0_0_0_s3) * 26'(part_0_0_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_1_0 =
      26'(sum_0_1_0_s3) * 26'(part_0_1_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_2_0 =
      26'(sum_0_2_0_s3) * 26'(part_0_2_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_3_0 =
      26'(sum_0_3_0_s3) * 26'(part_0_3_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_4_0 =
      26'(sum_0_4_0_s3) * 26'(part_0_4_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_5_0 =
      26'(sum_0_5_0_s3) * 26'(part_0_5_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_6_0 =
      26'(sum_0_6_0_s3) * 26'(part_0_6_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_7_0 =
      26'(sum_0_7_0_s3) * 26'(part_0_7_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_8_0 =
      26'(sum_0_8_0_s3) * 26'(part_0_8_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_9_0 =
      26'(sum_0_9_0_s3) * 26'(part_0_9_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_10_0 =
      26'(sum_0_10_0_s3) * 26'(part_0_10_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_11_0 =
      26'(sum_0_11_0_s3) * 26'(part_0_11_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_12_0 =
      26'(sum_0_12_0_s3) * 26'(part_0_12_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_13_0 =
      26'(sum_0_13_0_s3) * 26'(part_0_13_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_14_0 =
      26'(sum_0_14_0_s3) * 26'(part_0_14_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_15_0 =
      26'(sum_0_15_0_s3) * 26'(part_0_15_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_0_0 =
      26'(sum_1_0_0_s3) * 26'(part_0_0_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_1_0 =
      26'(sum_1_1_0_s3) * 26'(part_0_1_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_2_0 =
      26'(sum_1_2_0_s3) * 26'(part_0_2_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_3_0 =
      26'(sum_1_3_0_s3) * 26'(part_0_3_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_4_0 =
      26'(sum_1_4_0_s3) * 26'(part_0_4_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_5_0 =
      26'(sum_1_5_0_s3) * 26'(part_0_5_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_6_0 =
      26'(sum_1_6_0_s3) * 26'(part_0_6_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_7_0 =
      26'(sum_1_7_0_s3) * 26'(part_0_7_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_8_0 =
      26'(sum_1_8_0_s3) * 26'(part_0_8_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_9_0 =
      26'(sum_1_9_0_s3) * 26'(part_0_9_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_10_0 =
      26'(sum_1_10_0_s3) * 26'(part_0_10_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_11_0 =
      26'(sum_1_11_0_s3) * 26'(part_0_11_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_12_0 =
      26'(sum_1_12_0_s3) * 26'(part_0_12_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_13_0 =
      26'(sum_1_13_0_s3) * 26'(part_0_13_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_14_0 =
      26'(sum_1_14_0_s3) * 26'(part_0_14_0_s3);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_15_0 =
      26'(sum_1_15_0_s3) * 26'(part_0_15_0_s3);

  // Stage 4
  wire logic signed [28:0] product_sum_0_0_0 = 29'(product_0_0_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_0_1 =
      26'(sum_0_0_1_s4) * 26'(part_0_0_1_s4);
  wire logic signed [28:0] product_sum_0_1_0 = 29'(product_0_1_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_1_1 =
      26'(sum_0_1_1_s4) * 26'(part_0_1_1_s4);
  wire logic signed [28:0] product_sum_0_2_0 = 29'(product_0_2_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_2_1 =
      26'(sum_0_2_1_s4) * 26'(part_0_2_1_s4);
  wire logic signed [28:0] product_sum_0_3_0 = 29'(product_0_3_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_3_1 =
      26'(sum_0_3_1_s4) * 26'(part_0_3_1_s4);
  wire logic signed [28:0] product_sum_0_4_0 = 29'(product_0_4_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_4_1 =
      26'(sum_0_4_1_s4) * 26'(part_0_4_1_s4);
  wire logic signed [28:0] product_sum_0_5_0 = 29'(product_0_5_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_5_1 =
      26'(sum_0_5_1_s4) * 26'(part_0_5_1_s4);
  wire logic signed [28:0] product_sum_0_6_0 = 29'(product_0_6_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_6_1 =
      26'(sum_0_6_1_s4) * 26'(part_0_6_1_s4);
  wire logic signed [28:0] product_sum_0_7_0 = 29'(product_0_7_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_7_1 =
      26'(sum_0_7_1_s4) * 26'(part_0_7_1_s4);
  wire logic signed [28:0] product_sum_0_8_0 = 29'(product_0_8_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_8_1 =
      26'(sum_0_8_1_s4) * 26'(part_0_8_1_s4);
  wire logic signed [28:0] product_sum_0_9_0 = 29'(product_0_9_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_9_1 =
      26'(sum_0_9_1_s4) * 26'(part_0_9_1_s4);
  wire logic signed [28:0] product_sum_0_10_0 = 29'(product_0_10_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_10_1 =
      26'(sum_0_10_1_s4) * 26'(part_0_10_1_s4);
  wire logic signed [28:0] product_sum_0_11_0 = 29'(product_0_11_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_11_1 =
      26'(sum_0_11_1_s4) * 26'(part_0_11_1_s4);
  wire logic signed [28:0] product_sum_0_12_0 = 29'(product_0_12_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_12_1 =
      26'(sum_0_12_1_s4) * 26'(part_0_12_1_s4);
  wire logic signed [28:0] product_sum_0_13_0 = 29'(product_0_13_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_13_1 =
      26'(sum_0_13_1_s4) * 26'(part_0_13_1_s4);
  wire logic signed [28:0] product_sum_0_14_0 = 29'(product_0_14_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_14_1 =
      26'(sum_0_14_1_s4) * 26'(part_0_14_1_s4);
  wire logic signed [28:0] product_sum_0_15_0 = 29'(product_0_15_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_0_15_1 =
      26'(sum_0_15_1_s4) * 26'(part_0_15_1_s4);
  wire logic signed [28:0] product_sum_1_0_0 = 29'(product_1_0_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_0_1 =
      26'(sum_1_0_1_s4) * 26'(part_0_0_1_s4);
  wire logic signed [28:0] product_sum_1_1_0 = 29'(product_1_1_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_1_1 =
      26'(sum_1_1_1_s4) * 26'(part_0_1_1_s4);
  wire logic signed [28:0] product_sum_1_2_0 = 29'(product_1_2_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_2_1 =
      26'(sum_1_2_1_s4) * 26'(part_0_2_1_s4);
  wire logic signed [28:0] product_sum_1_3_0 = 29'(product_1_3_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_3_1 =
      26'(sum_1_3_1_s4) * 26'(part_0_3_1_s4);
  wire logic signed [28:0] product_sum_1_4_0 = 29'(product_1_4_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_4_1 =
      26'(sum_1_4_1_s4) * 26'(part_0_4_1_s4);
  wire logic signed [28:0] product_sum_1_5_0 = 29'(product_1_5_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_5_1 =
      26'(sum_1_5_1_s4) * 26'(part_0_5_1_s4);
  wire logic signed [28:0] product_sum_1_6_0 = 29'(product_1_6_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_6_1 =
      26'(sum_1_6_1_s4) * 26'(part_0_6_1_s4);
  wire logic signed [28:0] product_sum_1_7_0 = 29'(product_1_7_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_7_1 =
      26'(sum_1_7_1_s4) * 26'(part_0_7_1_s4);
  wire logic signed [28:0] product_sum_1_8_0 = 29'(product_1_8_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_8_1 =
      26'(sum_1_8_1_s4) * 26'(part_0_8_1_s4);
  wire logic signed [28:0] product_sum_1_9_0 = 29'(product_1_9_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_9_1 =
      26'(sum_1_9_1_s4) * 26'(part_0_9_1_s4);
  wire logic signed [28:0] product_sum_1_10_0 = 29'(product_1_10_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_10_1 =
      26'(sum_1_10_1_s4) * 26'(part_0_10_1_s4);
  wire logic signed [28:0] product_sum_1_11_0 = 29'(product_1_11_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_11_1 =
      26'(sum_1_11_1_s4) * 26'(part_0_11_1_s4);
  wire logic signed [28:0] product_sum_1_12_0 = 29'(product_1_12_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_12_1 =
      26'(sum_1_12_1_s4) * 26'(part_0_12_1_s4);
  wire logic signed [28:0] product_sum_1_13_0 = 29'(product_1_13_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_13_1 =
      26'(sum_1_13_1_s4) * 26'(part_0_13_1_s4);
  wire logic signed [28:0] product_sum_1_14_0 = 29'(product_1_14_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_14_1 =
      26'(sum_1_14_1_s4) * 26'(part_0_14_1_s4);
  wire logic signed [28:0] product_sum_1_15_0 = 29'(product_1_15_0_s4);
  (* use_dsp = "yes" *) wire logic signed [25:0] product_1_15_1 =
      26'(sum_1_15_1_s4) * 26'(part_0_15_1_s4);

  // Stage 5
  wire logic signed [28:0] product_sum_0_0_1 = product_sum_0_0_0_s5 + 29'(product_0_0_1_s5);
  wire logic signed [28:0] product_sum_0_1_1 = product_sum_0_1_0_s5 + 29'(product_0_1_1_s5);
  wire logic signed [28:0] product_sum_0_2_1 = product_sum_0_2_0_s5 + 29'(product_0_2_1_s5);
  wire logic signed [28:0] product_sum_0_3_1 = product_sum_0_3_0_s5 + 29'(product_0_3_1_s5);
  wire logic signed [28:0] product_sum_0_4_1 = product_sum_0_4_0_s5 + 29'(product_0_4_1_s5);
  wire logic signed [28:0] product_sum_0_5_1 = product_sum_0_5_0_s5 + 29'(product_0_5_1_s5);
  wire logic signed [28:0] product_sum_0_6_1 = product_sum_0_6_0_s5 + 29'(product_0_6_1_s5);
  wire logic signed [28:0] product_sum_0_7_1 = product_sum_0_7_0_s5 + 29'(product_0_7_1_s5);
  wire logic signed [28:0] product_sum_0_8_1 = product_sum_0_8_0_s5 + 29'(product_0_8_1_s5);
  wire logic signed [28:0] product_sum_0_9_1 = product_sum_0_9_0_s5 + 29'(product_0_9_1_s5);
  wire logic signed [28:0] product_sum_0_10_1 = product_sum_0_10_0_s5 + 29'(product_0_10_1_s5);
  wire logic signed [28:0] product_sum_0_11_1 = product_sum_0_11_0_s5 + 29'(product_0_11_1_s5);
  wire logic signed [28:0] product_sum_0_12_1 = product_sum_0_12_0_s5 + 29'(product_0_12_1_s5);
  wire logic signed [28:0] product_sum_0_13_1 = product_sum_0_13_0_s5 + 29'(product_0_13_1_s5);
  wire logic signed [28:0] product_sum_0_14_1 = product_sum_0_14_0_s5 + 29'(product_0_14_1_s5);
  wire logic signed [28:0] product_sum_0_15_1 = product_sum_0_15_0_s5 + 29'(product_0_15_1_s5);
  wire logic signed [28:0] product_sum_1_0_1 = product_sum_1_0_0_s5 + 29'(product_1_0_1_s5);
  wire logic signed [28:0] product_sum_1_1_1 = product_sum_1_1_0_s5 + 29'(product_1_1_1_s5);
  wire logic signed [28:0] product_sum_1_2_1 = product_sum_1_2_0_s5 + 29'(product_1_2_1_s5);
  wire logic signed [28:0] product_sum_1_3_1 = product_sum_1_3_0_s5 + 29'(product_1_3_1_s5);
  wire logic signed [28:0] product_sum_1_4_1 = product_sum_1_4_0_s5 + 29'(product_1_4_1_s5);
  wire logic signed [28:0] product_sum_1_5_1 = product_sum_1_5_0_s5 + 29'(product_1_5_1_s5);
  wire logic signed [28:0] product_sum_1_6_1 = product_sum_1_6_0_s5 + 29'(product_1_6_1_s5);
  wire logic signed [28:0] product_sum_1_7_1 = product_sum_1_7_0_s5 + 29'(product_1_7_1_s5);
  wire logic signed [28:0] product_sum_1_8_1 = product_sum_1_8_0_s5 + 29'(product_1_8_1_s5);
  wire logic signed [28:0] product_sum_1_9_1 = product_sum_1_9_0_s5 + 29'(product_1_9_1_s5);
  wire logic signed [28:0] product_sum_1_10_1 = product_sum_1_10_0_s5 + 29'(product_1_10_1_s5);
  wire logic signed [28:0] product_sum_1_11_1 = product_sum_1_11_0_s5 + 29'(product_1_11_1_s5);
  wire logic signed [28:0] product_sum_1_12_1 = product_sum_1_12_0_s5 + 29'(product_1_12_1_s5);
  wire logic signed [28:0] product_sum_1_13_1 = product_sum_1_13_0_s5 + 29'(product_1_13_1_s5);
  wire logic signed [28:0] product_sum_1_14_1 = product_sum_1_14_0_s5 + 29'(product_1_14_1_s5);
  wire logic signed [28:0] product_sum_1_15_1 = product_sum_1_15_0_s5 + 29'(product_1_15_1_s5);

  // Stage 6
  wire logic signed [13:0] converted_0_0 = 14'(product_sum_0_0_1_s6);
  wire logic signed [14:0] shifted_0_0 = 15'(product_sum_0_0_1_s6 >>> 14);
  wire logic part_0_0 = product_sum_0_0_1_s6[13];
  wire logic signed [14:0] sum_0_0 = shifted_0_0 + signed'(15'(part_0_0));
  wire logic signed [13:0] converted_0_0_2 = 14'(sum_0_0);
  wire logic signed [28:0] shifted_0_0_2 = 29'(converted_0_0) << shift_0_0_s6;
  wire logic signed [13:0] converted_0_1 = 14'(product_sum_0_1_1_s6);
  wire logic signed [14:0] shifted_0_1 = 15'(product_sum_0_1_1_s6 >>> 14);
  wire logic part_0_1 = product_sum_0_1_1_s6[13];
  wire logic signed [14:0] sum_0_1 = shifted_0_1 + signed'(15'(part_0_1));
  wire logic signed [13:0] converted_0_1_2 = 14'(sum_0_1);
  wire logic signed [28:0] shifted_0_1_2 = 29'(converted_0_1) << shift_0_1_s6;
  wire logic signed [13:0] converted_0_2 = 14'(product_sum_0_2_1_s6);
  wire logic signed [14:0] shifted_0_2 = 15'(product_sum_0_2_1_s6 >>> 14);
  wire logic part_0_2 = product_sum_0_2_1_s6[13];
  wire logic signed [14:0] sum_0_2 = shifted_0_2 + signed'(15'(part_0_2));
  wire logic signed [13:0] converted_0_2_2 = 14'(sum_0_2);
  wire logic signed [28:0] shifted_0_2_2 = 29'(converted_0_2) << shift_0_2_s6;
  wire logic signed [13:0] converted_0_3 = 14'(product_sum_0_3_1_s6);
  wire logic signed [14:0] shifted_0_3 = 15'(product_sum_0_3_1_s6 >>> 14);
  wire logic part_0_3 = product_sum_0_3_1_s6[13];
  wire logic signed [14:0] sum_0_3 = shifted_0_3 + signed'(15'(part_0_3));
  wire logic signed [13:0] converted_0_3_2 = 14'(sum_0_3);
  wire logic signed [28:0] shifted_0_3_2 = 29'(converted_0_3) << shift_0_3_s6;
  wire logic signed [13:0] converted_0_4 = 14'(product_sum_0_4_1_s6);
  wire logic signed [14:0] shifted_0_4 = 15'(product_sum_0_4_1_s6 >>> 14);
  wire logic part_0_4 = product_sum_0_4_1_s6[13];
  wire logic signed [14:0] sum_0_4 = shifted_0_4 + signed'(15'(part_0_4));
  wire logic signed [13:0] converted_0_4_2 = 14'(sum_0_4);
  wire logic signed [28:0] shifted_0_4_2 = 29'(converted_0_4) << shift_0_4_s6;
  wire logic signed [13:0] converted_0_5 = 14'(product_sum_0_5_1_s6);
  wire logic signed [14:0] shifted_0_5 = 15'(product_sum_0_5_1_s6 >>> 14);
  wire logic part_0_5 = product_sum_0_5_1_s6[13];
  wire logic signed [14:0] sum_0_5 = shifted_0_5 + signed'(15'(part_0_5));
  wire logic signed [13:0] converted_0_5_2 = 14'(sum_0_5);
  wire logic signed [28:0] shifted_0_5_2 = 29'(converted_0_5) << shift_0_5_s6;
  wire logic signed [13:0] converted_0_6 = 14'(product_sum_0_6_1_s6);
  wire logic signed [14:0] shifted_0_6 = 15'(product_sum_0_6_1_s6 >>> 14);
  wire logic part_0_6 = product_sum_0_6_1_s6[13];
  wire logic signed [14:0] sum_0_6 = shifted_0_6 + signed'(15'(part_0_6));
  wire logic signed [13:0] converted_0_6_2 = 14'(sum_0_6);
  wire logic signed [28:0] shifted_0_6_2 = 29'(converted_0_6) << shift_0_6_s6;
  wire logic signed [13:0] converted_0_7 = 14'(product_sum_0_7_1_s6);
  wire logic signed [14:0] shifted_0_7 = 15'(product_sum_0_7_1_s6 >>> 14);
  wire logic part_0_7 = product_sum_0_7_1_s6[13];
  wire logic signed [14:0] sum_0_7 = shifted_0_7 + signed'(15'(part_0_7));
  wire logic signed [13:0] converted_0_7_2 = 14'(sum_0_7);
  wire logic signed [28:0] shifted_0_7_2 = 29'(converted_0_7) << shift_0_7_s6;
  wire logic signed [13:0] converted_0_8 = 14'(product_sum_0_8_1_s6);
  wire logic signed [14:0] shifted_0_8 = 15'(product_sum_0_8_1_s6 >>> 14);
  wire logic part_0_8 = product_sum_0_8_1_s6[13];
  wire logic signed [14:0] sum_0_8 = shifted_0_8 + signed'(15'(part_0_8));
  wire logic signed [13:0] converted_0_8_2 = 14'(sum_0_8);
  wire logic signed [28:0] shifted_0_8_2 = 29'(converted_0_8) << shift_0_8_s6;
  wire logic signed [13:0] converted_0_9 = 14'(product_sum_0_9_1_s6);
  wire logic signed [14:0] shifted_0_9 = 15'(product_sum_0_9_1_s6 >>> 14);
  wire logic part_0_9 = product_sum_0_9_1_s6[13];
  wire logic signed [14:0] sum_0_9 = shifted_0_9 + signed'(15'(part_0_9));
  wire logic signed [13:0] converted_0_9_2 = 14'(sum_0_9);
  wire logic signed [28:0] shifted_0_9_2 = 29'(converted_0_9) << shift_0_9_s6;
  wire logic signed [13:0] converted_0_10 = 14'(product_sum_0_10_1_s6);
  wire logic signed [14:0] shifted_0_10 = 15'(product_sum_0_10_1_s6 >>> 14);
  wire logic part_0_10 = product_sum_0_10_1_s6[13];
  wire logic signed [14:0] sum_0_10 = shifted_0_10 + signed'(15'(part_0_10));
  wire logic signed [13:0] converted_0_10_2 = 14'(sum_0_10);
  wire logic signed [28:0] shifted_0_10_2 = 29'(converted_0_10) << shift_0_10_s6;
  wire logic signed [13:0] converted_0_11 = 14'(product_sum_0_11_1_s6);
  wire logic signed [14:0] shifted_0_11 = 15'(product_sum_0_11_1_s6 >>> 14);
  wire logic part_0_11 = product_sum_0_11_1_s6[13];
  wire logic signed [14:0] sum_0_11 = shifted_0_11 + signed'(15'(part_0_11));
  wire logic signed [13:0] converted_0_11_2 = 14'(sum_0_11);
  wire logic signed [28:0] shifted_0_11_2 = 29'(converted_0_11) << shift_0_11_s6;
  wire logic signed [13:0] converted_0_12 = 14'(product_sum_0_12_1_s6);
  wire logic signed [14:0] shifted_0_12 = 15'(product_sum_0_12_1_s6 >>> 14);
  wire logic part_0_12 = product_sum_0_12_1_s6[13];
  wire logic signed [14:0] sum_0_12 = shifted_0_12 + signed'(15'(part_0_12));
  wire logic signed [13:0] converted_0_12_2 = 14'(sum_0_12);
  wire logic signed [28:0] shifted_0_12_2 = 29'(converted_0_12) << shift_0_12_s6;
  wire logic signed [13:0] converted_0_13 = 14'(product_sum_0_13_1_s6);
  wire logic signed [14:0] shifted_0_13 = 15'(product_sum_0_13_1_s6 >>> 14);
  wire logic part_0_13 = product_sum_0_13_1_s6[13];
  wire logic signed [14:0] sum_0_13 = shifted_0_13 + signed'(15'(part_0_13));
  wire logic signed [13:0] converted_0_13_2 = 14'(sum_0_13);
  wire logic signed [28:0] shifted_0_13_2 = 29'(converted_0_13) << shift_0_13_s6;
  wire logic signed [13:0] converted_0_14 = 14'(product_sum_0_14_1_s6);
  wire logic signed [14:0] shifted_0_14 = 15'(product_sum_0_14_1_s6 >>> 14);
  wire logic part_0_14 = product_sum_0_14_1_s6[13];
  wire logic signed [14:0] sum_0_14 = shifted_0_14 + signed'(15'(part_0_14));
  wire logic signed [13:0] converted_0_14_2 = 14'(sum_0_14);
  wire logic signed [28:0] shifted_0_14_2 = 29'(converted_0_14) << shift_0_14_s6;
  wire logic signed [13:0] converted_0_15 = 14'(product_sum_0_15_1_s6);
  wire logic signed [14:0] shifted_0_15 = 15'(product_sum_0_15_1_s6 >>> 14);
  wire logic part_0_15 = product_sum_0_15_1_s6[13];
  wire logic signed [14:0] sum_0_15 = shifted_0_15 + signed'(15'(part_0_15));
  wire logic signed [13:0] converted_0_15_2 = 14'(sum_0_15);
  wire logic signed [28:0] shifted_0_15_2 = 29'(converted_0_15) << shift_0_15_s6;
  wire logic signed [29:0] sum_0 = 30'(shifted_0_0_2) + 30'(shifted_0_1_2);
  wire logic signed [29:0] sum_0_16 = 30'(shifted_0_2_2) + 30'(shifted_0_3_2);
  wire logic signed [29:0] sum_0_17 = 30'(shifted_0_4_2) + 30'(shifted_0_5_2);
  wire logic signed [29:0] sum_0_18 = 30'(shifted_0_6_2) + 30'(shifted_0_7_2);
  wire logic signed [29:0] sum_0_19 = 30'(shifted_0_8_2) + 30'(shifted_0_9_2);
  wire logic signed [29:0] sum_0_20 = 30'(shifted_0_10_2) + 30'(shifted_0_11_2);
  wire logic signed [29:0] sum_0_21 = 30'(shifted_0_12_2) + 30'(shifted_0_13_2);
  wire logic signed [29:0] sum_0_22 = 30'(shifted_0_14_2) + 30'(shifted_0_15_2);
  wire logic signed [13:0] converted_1_0 = 14'(product_sum_1_0_1_s6);
  wire logic signed [14:0] shifted_1_0 = 15'(product_sum_1_0_1_s6 >>> 14);
  wire logic part_1_0 = product_sum_1_0_1_s6[13];
  wire logic signed [14:0] sum_1_0 = shifted_1_0 + signed'(15'(part_1_0));
  wire logic signed [13:0] converted_1_0_2 = 14'(sum_1_0);
  wire logic signed [28:0] shifted_1_0_2 = 29'(converted_1_0) << shift_0_0_s6;
  wire logic signed [13:0] converted_1_1 = 14'(product_sum_1_1_1_s6);
  wire logic signed [14:0] shifted_1_1 = 15'(product_sum_1_1_1_s6 >>> 14);
  wire logic part_1_1 = product_sum_1_1_1_s6[13];
  wire logic signed [14:0] sum_1_1 = shifted_1_1 + signed'(15'(part_1_1));
  wire logic signed [13:0] converted_1_1_2 = 14'(sum_1_1);
  wire logic signed [28:0] shifted_1_1_2 = 29'(converted_1_1) << shift_0_1_s6;
  wire logic signed [13:0] converted_1_2 = 14'(product_sum_1_2_1_s6);
  wire logic signed [14:0] shifted_1_2 = 15'(product_sum_1_2_1_s6 >>> 14);
  wire logic part_1_2 = product_sum_1_2_1_s6[13];
  wire logic signed [14:0] sum_1_2 = shifted_1_2 + signed'(15'(part_1_2));
  wire logic signed [13:0] converted_1_2_2 = 14'(sum_1_2);
  wire logic signed [28:0] shifted_1_2_2 = 29'(converted_1_2) << shift_0_2_s6;
  wire logic signed [13:0] converted_1_3 = 14'(product_sum_1_3_1_s6);
  wire logic signed [14:0] shifted_1_3 = 15'(product_sum_1_3_1_s6 >>> 14);
  wire logic part_1_3 = product_sum_1_3_1_s6[13];
  wire logic signed [14:0] sum_1_3 = shifted_1_3 + signed'(15'(part_1_3));
  wire logic signed [13:0] converted_1_3_2 = 14'(sum_1_3);
  wire logic signed [28:0] shifted_1_3_2 = 29'(converted_1_3) << shift_0_3_s6;
  wire logic signed [13:0] converted_1_4 = 14'(product_sum_1_4_1_s6);
  wire logic signed [14:0] shifted_1_4 = 15'(product_sum_1_4_1_s6 >>> 14);
  wire logic part_1_4 = product_sum_1_4_1_s6[13];
  wire logic signed [14:0] sum_1_4 = shifted_1_4 + signed'(15'(part_1_4));
  wire logic signed [13:0] converted_1_4_2 = 14'(sum_1_4);
  wire logic signed [28:0] shifted_1_4_2 = 29'(converted_1_4) << shift_0_4_s6;
  wire logic signed [13:0] converted_1_5 = 14'(product_sum_1_5_1_s6);
  wire logic signed [14:0] shifted_1_5 = 15'(product_sum_1_5_1_s6 >>> 14);
  wire logic part_1_5 = product_sum_1_5_1_s6[13];
  wire logic signed [14:0] sum_1_5 = shifted_1_5 + signed'(15'(part_1_5));
  wire logic signed [13:0] converted_1_5_2 = 14'(sum_1_5);
  wire logic signed [28:0] shifted_1_5_2 = 29'(converted_1_5) << shift_0_5_s6;
  wire logic signed [13:0] converted_1_6 = 14'(product_sum_1_6_1_s6);
  wire logic signed [14:0] shifted_1_6 = 15'(product_sum_1_6_1_s6 >>> 14);
  wire logic part_1_6 = product_sum_1_6_1_s6[13];
  wire logic signed [14:0] sum_1_6 = shifted_1_6 + signed'(15'(part_1_6));
  wire logic signed [13:0] converted_1_6_2 = 14'(sum_1_6);
  wire logic signed [28:0] shifted_1_6_2 = 29'(converted_1_6) << shift_0_6_s6;
  wire logic signed [13:0] converted_1_7 = 14'(product_sum_1_7_1_s6);
  wire logic signed [14:0] shifted_1_7 = 15'(product_sum_1_7_1_s6 >>> 14);
  wire logic part_1_7 = product_sum_1_7_1_s6[13];
  wire logic signed [14:0] sum_1_7 = shifted_1_7 + signed'(15'(part_1_7));
  wire logic signed [13:0] converted_1_7_2 = 14'(sum_1_7);
  wire logic signed [28:0] shifted_1_7_2 = 29'(converted_1_7) << shift_0_7_s6;
  wire logic signed [13:0] converted_1_8 = 14'(product_sum_1_8_1_s6);
  wire logic signed [14:0] shifted_1_8 = 15'(product_sum_1_8_1_s6 >>> 14);
  wire logic part_1_8 = product_sum_1_8_1_s6[13];
  wire logic signed [14:0] sum_1_8 = shifted_1_8 + signed'(15'(part_1_8));
  wire logic signed [13:0] converted_1_8_2 = 14'(sum_1_8);
  wire logic signed [28:0] shifted_1_8_2 = 29'(converted_1_8) << shift_0_8_s6;
  wire logic signed [13:0] converted_1_9 = 14'(product_sum_1_9_1_s6);
  wire logic signed [14:0] shifted_1_9 = 15'(product_sum_1_9_1_s6 >>> 14);
  wire logic part_1_9 = product_sum_1_9_1_s6[13];
  wire logic signed [14:0] sum_1_9 = shifted_1_9 + signed'(15'(part_1_9));
  wire logic signed [13:0] converted_1_9_2 = 14'(sum_1_9);
  wire logic signed [28:0] shifted_1_9_2 = 29'(converted_1_9) << shift_0_9_s6;
  wire logic signed [13:0] converted_1_10 = 14'(product_sum_1_10_1_s6);
  wire logic signed [14:0] shifted_1_10 = 15'(product_sum_1_10_1_s6 >>> 14);
  wire logic part_1_10 = product_sum_1_10_1_s6[13];
  wire logic signed [14:0] sum_1_10 = shifted_1_10 + signed'(15'(part_1_10));
  wire logic signed [13:0] converted_1_10_2 = 14'(sum_1_10);
  wire logic signed [28:0] shifted_1_10_2 = 29'(converted_1_10) << shift_0_10_s6;
  wire logic signed [13:0] converted_1_11 = 14'(product_sum_1_11_1_s6);
  wire logic signed [14:0] shifted_1_11 = 15'(product_sum_1_11_1_s6 >>> 14);
  wire logic part_1_11 = product_sum_1_11_1_s6[13];
  wire logic signed [14:0] sum_1_11 = shifted_1_11 + signed'(15'(part_1_11));
  wire logic signed [13:0] converted_1_11_2 = 14'(sum_1_11);
  wire logic signed [28:0] shifted_1_11_2 = 29'(converted_1_11) << shift_0_11_s6;
  wire logic signed [13:0] converted_1_12 = 14'(product_sum_1_12_1_s6);
  wire logic signed [14:0] shifted_1_12 = 15'(product_sum_1_12_1_s6 >>> 14);
  wire logic part_1_12 = product_sum_1_12_1_s6[13];
  wire logic signed [14:0] sum_1_12 = shifted_1_12 + signed'(15'(part_1_12));
  wire logic signed [13:0] converted_1_12_2 = 14'(sum_1_12);
  wire logic signed [28:0] shifted_1_12_2 = 29'(converted_1_12) << shift_0_12_s6;
  wire logic signed [13:0] converted_1_13 = 14'(product_sum_1_13_1_s6);
  wire logic signed [14:0] shifted_1_13 = 15'(product_sum_1_13_1_s6 >>> 14);
  wire logic part_1_13 = product_sum_1_13_1_s6[13];
  wire logic signed [14:0] sum_1_13 = shifted_1_13 + signed'(15'(part_1_13));
  wire logic signed [13:0] converted_1_13_2 = 14'(sum_1_13);
  wire logic signed [28:0] shifted_1_13_2 = 29'(converted_1_13) << shift_0_13_s6;
  wire logic signed [13:0] converted_1_14 = 14'(product_sum_1_14_1_s6);
  wire logic signed [14:0] shifted_1_14 = 15'(product_sum_1_14_1_s6 >>> 14);
  wire logic part_1_14 = product_sum_1_14_1_s6[13];
  wire logic signed [14:0] sum_1_14 = shifted_1_14 + signed'(15'(part_1_14));
  wire logic signed [13:0] converted_1_14_2 = 14'(sum_1_14);
  wire logic signed [28:0] shifted_1_14_2 = 29'(converted_1_14) << shift_0_14_s6;
  wire logic signed [13:0] converted_1_15 = 14'(product_sum_1_15_1_s6);
  wire logic signed [14:0] shifted_1_15 = 15'(product_sum_1_15_1_s6 >>> 14);
  wire logic part_1_15 = product_sum_1_15_1_s6[13];
  wire logic signed [14:0] sum_1_15 = shifted_1_15 + signed'(15'(part_1_15));
  wire logic signed [13:0] converted_1_15_2 = 14'(sum_1_15);
  wire logic signed [28:0] shifted_1_15_2 = 29'(converted_1_15) << shift_0_15_s6;
  wire logic signed [29:0] sum_1 = 30'(shifted_1_0_2) + 30'(shifted_1_1_2);
  wire logic signed [29:0] sum_1_16 = 30'(shifted_1_2_2) + 30'(shifted_1_3_2);
  wire logic signed [29:0] sum_1_17 = 30'(shifted_1_4_2) + 30'(shifted_1_5_2);
  wire logic signed [29:0] sum_1_18 = 30'(shifted_1_6_2) + 30'(shifted_1_7_2);
  wire logic signed [29:0] sum_1_19 = 30'(shifted_1_8_2) + 30'(shifted_1_9_2);
  wire logic signed [29:0] sum_1_20 = 30'(shifted_1_10_2) + 30'(shifted_1_11_2);
  wire logic signed [29:0] sum_1_21 = 30'(shifted_1_12_2) + 30'(shifted_1_13_2);
  wire logic signed [29:0] sum_1_22 = 30'(shifted_1_14_2) + 30'(shifted_1_15_2);

  // Stage 7
  wire logic signed [28:0] shifted_0_0_3 = 29'(converted_0_0_2_s7) << shift_0_0_s7;
  wire logic signed [28:0] shifted_0_1_3 = 29'(converted_0_1_2_s7) << shift_0_1_s7;
  wire logic signed [28:0] shifted_0_2_3 = 29'(converted_0_2_2_s7) << shift_0_2_s7;
  wire logic signed [28:0] shifted_0_3_3 = 29'(converted_0_3_2_s7) << shift_0_3_s7;
  wire logic signed [28:0] shifted_0_4_3 = 29'(converted_0_4_2_s7) << shift_0_4_s7;
  wire logic signed [28:0] shifted_0_5_3 = 29'(converted_0_5_2_s7) << shift_0_5_s7;
  wire logic signed [28:0] shifted_0_6_3 = 29'(converted_0_6_2_s7) << shift_0_6_s7;
  wire logic signed [28:0] shifted_0_7_3 = 29'(converted_0_7_2_s7) << shift_0_7_s7;
  wire logic signed [28:0] shifted_0_8_3 = 29'(converted_0_8_2_s7) << shift_0_8_s7;
  wire logic signed [28:0] shifted_0_9_3 = 29'(converted_0_9_2_s7) << shift_0_9_s7;
  wire logic signed [28:0] shifted_0_10_3 = 29'(converted_0_10_2_s7) << shift_0_10_s7;
  wire logic signed [28:0] shifted_0_11_3 = 29'(converted_0_11_2_s7) << shift_0_11_s7;
  wire logic signed [28:0] shifted_0_12_3 = 29'(converted_0_12_2_s7) << shift_0_12_s7;
  wire logic signed [28:0] shifted_0_13_3 = 29'(converted_0_13_2_s7) << shift_0_13_s7;
  wire logic signed [28:0] shifted_0_14_3 = 29'(converted_0_14_2_s7) << shift_0_14_s7;
  wire logic signed [28:0] shifted_0_15_3 = 29'(converted_0_15_2_s7) << shift_0_15_s7;
  wire logic signed [30:0] sum_0_23 = 31'(sum_0_s7) + 31'(sum_0_16_s7);
  wire logic signed [30:0] sum_0_24 = 31'(sum_0_17_s7) + 31'(sum_0_18_s7);
  wire logic signed [30:0] sum_0_25 = 31'(sum_0_19_s7) + 31'(sum_0_20_s7);
  wire logic signed [30:0] sum_0_26 = 31'(sum_0_21_s7) + 31'(sum_0_22_s7);
  wire logic signed [31:0] sum_0_27 = 32'(sum_0_23) + 32'(sum_0_24);
  wire logic signed [31:0] sum_0_28 = 32'(sum_0_25) + 32'(sum_0_26);
  wire logic signed [29:0] sum_0_30 = 30'(shifted_0_0_3) + 30'(shifted_0_1_3);
  wire logic signed [29:0] sum_0_31 = 30'(shifted_0_2_3) + 30'(shifted_0_3_3);
  wire logic signed [29:0] sum_0_32 = 30'(shifted_0_4_3) + 30'(shifted_0_5_3);
  wire logic signed [29:0] sum_0_33 = 30'(shifted_0_6_3) + 30'(shifted_0_7_3);
  wire logic signed [29:0] sum_0_34 = 30'(shifted_0_8_3) + 30'(shifted_0_9_3);
  wire logic signed [29:0] sum_0_35 = 30'(shifted_0_10_3) + 30'(shifted_0_11_3);
  wire logic signed [29:0] sum_0_36 = 30'(shifted_0_12_3) + 30'(shifted_0_13_3);
  wire logic signed [29:0] sum_0_37 = 30'(shifted_0_14_3) + 30'(shifted_0_15_3);
  wire logic signed [30:0] sum_0_38 = 31'(sum_0_30) + 31'(sum_0_31);
  wire logic signed [30:0] sum_0_39 = 31'(sum_0_32) + 31'(sum_0_33);
  wire logic signed [30:0] sum_0_40 = 31'(sum_0_34) + 31'(sum_0_35);
  wire logic signed [30:0] sum_0_41 = 31'(sum_0_36) + 31'(sum_0_37);
  wire logic signed [28:0] shifted_1_0_3 = 29'(converted_1_0_2_s7) << shift_0_0_s7;
  wire logic signed [28:0] shifted_1_1_3 = 29'(converted_1_1_2_s7) << shift_0_1_s7;
  wire logic signed [28:0] shifted_1_2_3 = 29'(converted_1_2_2_s7) << shift_0_2_s7;
  wire logic signed [28:0] shifted_1_3_3 = 29'(converted_1_3_2_s7) << shift_0_3_s7;
  wire logic signed [28:0] shifted_1_4_3 = 29'(converted_1_4_2_s7) << shift_0_4_s7;
  wire logic signed [28:0] shifted_1_5_3 = 29'(converted_1_5_2_s7) << shift_0_5_s7;
  wire logic signed [28:0] shifted_1_6_3 = 29'(converted_1_6_2_s7) << shift_0_6_s7;
  wire logic signed [28:0] shifted_1_7_3 = 29'(converted_1_7_2_s7) << shift_0_7_s7;
  wire logic signed [28:0] shifted_1_8_3 = 29'(converted_1_8_2_s7) << shift_0_8_s7;
  wire logic signed [28:0] shifted_1_9_3 = 29'(converted_1_9_2_s7) << shift_0_9_s7;
  wire logic signed [28:0] shifted_1_10_3 = 29'(converted_1_10_2_s7) << shift_0_10_s7;
  wire logic signed [28:0] shifted_1_11_3 = 29'(converted_1_11_2_s7) << shift_0_11_s7;
  wire logic signed [28:0] shifted_1_12_3 = 29'(converted_1_12_2_s7) << shift_0_12_s7;
  wire logic signed [28:0] shifted_1_13_3 = 29'(converted_1_13_2_s7) << shift_0_13_s7;
  wire logic signed [28:0] shifted_1_14_3 = 29'(converted_1_14_2_s7) << shift_0_14_s7;
  wire logic signed [28:0] shifted_1_15_3 = 29'(converted_1_15_2_s7) << shift_0_15_s7;
  wire logic signed [30:0] sum_1_23 = 31'(sum_1_s7) + 31'(sum_1_16_s7);
  wire logic signed [30:0] sum_1_24 = 31'(sum_1_17_s7) + 31'(sum_1_18_s7);
  wire logic signed [30:0] sum_1_25 = 31'(sum_1_19_s7) + 31'(sum_1_20_s7);
  wire logic signed [30:0] sum_1_26 = 31'(sum_1_21_s7) + 31'(sum_1_22_s7);
  wire logic signed [31:0] sum_1_27 = 32'(sum_1_23) + 32'(sum_1_24);
  wire logic signed [31:0] sum_1_28 = 32'(sum_1_25) + 32'(sum_1_26);
  wire logic signed [29:0] sum_1_30 = 30'(shifted_1_0_3) + 30'(shifted_1_1_3);
  wire logic signed [29:0] sum_1_31 = 30'(shifted_1_2_3) + 30'(shifted_1_3_3);
  wire logic signed [29:0] sum_1_32 = 30'(shifted_1_4_3) + 30'(shifted_1_5_3);
  wire logic signed [29:0] sum_1_33 = 30'(shifted_1_6_3) + 30'(shifted_1_7_3);
  wire logic signed [29:0] sum_1_34 = 30'(shifted_1_8_3) + 30'(shifted_1_9_3);
  wire logic signed [29:0] sum_1_35 = 30'(shifted_1_10_3) + 30'(shifted_1_11_3);
  wire logic signed [29:0] sum_1_36 = 30'(shifted_1_12_3) + 30'(shifted_1_13_3);
  wire logic signed [29:0] sum_1_37 = 30'(shifted_1_14_3) + 30'(shifted_1_15_3);
  wire logic signed [30:0] sum_1_38 = 31'(sum_1_30) + 31'(sum_1_31);
  wire logic signed [30:0] sum_1_39 = 31'(sum_1_32) + 31'(sum_1_33);
  wire logic signed [30:0] sum_1_40 = 31'(sum_1_34) + 31'(sum_1_35);
  wire logic signed [30:0] sum_1_41 = 31'(sum_1_36) + 31'(sum_1_37);

  // Stage 8
  wire logic signed [32:0] sum_0_29 = 33'(sum_0_27_s8) + 33'(sum_0_28_s8);
  wire logic signed [31:0] sum_0_42 = 32'(sum_0_38_s8) + 32'(sum_0_39_s8);
  wire logic signed [31:0] sum_0_43 = 32'(sum_0_40_s8) + 32'(sum_0_41_s8);
  wire logic signed [32:0] sum_0_44 = 33'(sum_0_42) + 33'(sum_0_43);
  wire logic signed [32:0] sum_1_29 = 33'(sum_1_27_s8) + 33'(sum_1_28_s8);
  wire logic signed [31:0] sum_1_42 = 32'(sum_1_38_s8) + 32'(sum_1_39_s8);
  wire logic signed [31:0] sum_1_43 = 32'(sum_1_40_s8) + 32'(sum_1_41_s8);
  wire logic signed [32:0] sum_1_44 = 33'(sum_1_42) + 33'(sum_1_43);

  // Stage 10
  wire logic is_high_nibble = plane_s10 > 1'd0;
  wire logic [2:0] shift_0 = is_high_nibble ? 3'd4 : 3'd0;
  wire logic signed [36:0] shifted_0 = 37'(sum_0_29_s10) << shift_0;
  wire logic signed [36:0] shifted_0_16 = 37'(sum_0_44_s10) << shift_0;
  wire logic signed [36:0] shifted_1 = 37'(sum_1_29_s10) << shift_0;
  wire logic signed [36:0] shifted_1_16 = 37'(sum_1_44_s10) << shift_0;

  // Stage 11
  (* use_dsp = "yes" *) wire logic signed [44:0] product_0 =
      45'(shifted_0_s11) * signed'(45'(mantissa_0_s11));
  (* use_dsp = "yes" *) wire logic signed [44:0] product_0_2 =
      45'(shifted_0_16_s11) * signed'(45'(mantissa_0_2_s11));
  (* use_dsp = "yes" *) wire logic signed [44:0] product_1 =
      45'(shifted_1_s11) * signed'(45'(mantissa_1_s11));
  (* use_dsp = "yes" *) wire logic signed [44:0] product_1_2 =
      45'(shifted_1_16_s11) * signed'(45'(mantissa_1_2_s11));

  // Stage 17
  wire logic signed [49:0] term_0 = 50'(product_0_s17) << exponent_0_s17;
  wire logic signed [49:0] chosen_0 = begins_group_s17 ? 50'sd0 : accumulators_element_0;
  wire logic signed [49:0] row_sum_0 = chosen_0 + term_0;
  wire logic signed [49:0] term_0_2 = 50'(product_0_2_s17) << exponent_0_2_s17;
  wire logic signed [49:0] chosen_0_2 = begins_group_s17 ? 50'sd0 : accumulators_element_0_2;
  wire logic signed [49:0] row_sum_0_2 = chosen_0_2 + term_0_2;
  wire logic signed [49:0] term_1 = 50'(product_1_s17) << exponent_1_s17;
  wire logic signed [49:0] chosen_1 = begins_group_s17 ? 50'sd0 : accumulators_element_1;
  wire logic signed [49:0] row_sum_1 = chosen_1 + term_1;
  wire logic signed [49:0] term_1_2 = 50'(product_1_2_s17) << exponent_1_2_s17;
  wire logic signed [49:0] chosen_1_2 = begins_group_s17 ? 50'sd0 : accumulators_element_1_2;
  wire logic signed [49:0] row_sum_1_2 = chosen_1_2 + term_1_2;

  // Stage 20
  wire logic [199:0] rows_0_word_1 = {row_sum_1_2_s20, row_sum_1_s20, row_sum_0_2_s20,
      row_sum_0_s20};

  assign held_scales_now = held_scales;
  assign accumulators_element_0 = accumulators[2'd0];
  assign accumulators_element_0_2 = accumulators[2'd1];
  assign accumulators_element_1 = accumulators[2'd2];
  assign accumulators_element_1_2 = accumulators[2'd3];
  always_ff @(posedge clk) begin
    if (lane_0_plane_go[0]) begin
      ends_row_s1 <= ends_row;
      plane_s1 <= plane;
      chosen_0_0_0_2_s1 <= chosen_0_0_0_2;
      chosen_0_0_0_s1 <= chosen_0_0_0;
      chosen_0_0_1_2_s1 <= chosen_0_0_1_2;
      chosen_0_0_1_s1 <= chosen_0_0_1;
      chosen_0_1_0_2_s1 <= chosen_0_1_0_2;
      chosen_0_1_0_s1 <= chosen_0_1_0;
      chosen_0_1_1_2_s1 <= chosen_0_1_1_2;
      chosen_0_1_1_s1 <= chosen_0_1_1;
      chosen_0_2_0_2_s1 <= chosen_0_2_0_2;
      chosen_0_2_0_s1 <= chosen_0_2_0;
      chosen_0_2_1_2_s1 <= chosen_0_2_1_2;
      chosen_0_2_1_s1 <= chosen_0_2_1;
      chosen_0_3_0_2_s1 <= chosen_0_3_0_2;
      chosen_0_3_0_s1 <= chosen_0_3_0;
      chosen_0_3_1_2_s1 <= chosen_0_3_1_2;
      chosen_0_3_1_s1 <= chosen_0_3_1;
      chosen_0_4_0_2_s1 <= chosen_0_4_0_2;
      chosen_0_4_0_s1 <= chosen_0_4_0;
      chosen_0_4_1_2_s1 <= chosen_0_4_1_2;
      chosen_0_4_1_s1 <= chosen_0_4_1;
      chosen_0_5_0_2_s1 <= chosen_0_5_0_2;
      chosen_0_5_0_s1 <= chosen_0_5_0;
      chosen_0_5_1_2_s1 <= chosen_0_5_1_2;
      chosen_0_5_1_s1 <= chosen_0_5_1;
      chosen_0_6_0_2_s1 <= chosen_0_6_0_2;
      chosen_0_6_0_s1 <= chosen_0_6_0;
      chosen_0_6_1_2_s1 <= chosen_0_6_1_2;
      chosen_0_6_1_s1 <= chosen_0_6_1;
      chosen_0_7_0_2_s1 <= chosen_0_7_0_2;
      chosen_0_7_0_s1 <= chosen_0_7_0;
      chosen_0_7_1_2_s1 <= chosen_0_7_1_2;
      chosen_0_7_1_s1 <= chosen_0_7_1;
      chosen_0_8_0_2_s1 <= chosen_0_8_0_2;
      chosen_0_8_0_s1 <= chosen_0_8_0;
      chosen_0_8_1_2_s1 <= chosen_0_8_1_2;
      chosen_0_8_1_s1 <= chosen_0_8_1;
      chosen_0_9_0_2_s1 <= chosen_0_9_0_2;
      chosen_0_9_0_s1 <= chosen_0_9_0;
      chosen_0_9_1_2_s1 <= chosen_0_9_1_2;
      chosen_0_9_1_s1 <= chosen_0_9_1;
      chosen_0_10_0_2_s1 <= chosen_0_10_0_2;
      chosen_0_10_0_s1 <= chosen_0_10_0;
      chosen_0_10_1_2_s1 <= chosen_0_10_1_2;
      chosen_0_10_1_s1 <= chosen_0_10_1;
      chosen_0_11_0_2_s1 <= chosen_0_11_0_2;
      chosen_0_11_0_s1 <= chosen_0_11_0;
      chosen_0_11_1_2_s1 <= chosen_0_11_1_2;
      chosen_0_11_1_s1 <= chosen_0_11_1;
      chosen_0_12_0_2_s1 <= chosen_0_12_0_2;
      chosen_0_12_0_s1 <= chosen_0_12_0;
      chosen_0_12_1_2_s1 <= chosen_0_12_1_2;
      chosen_0_12_1_s1 <= chosen_0_12_1;
      chosen_0_13_0_2_s1 <= chosen_0_13_0_2;
      chosen_0_13_0_s1 <= chosen_0_13_0;
      chosen_0_13_1_2_s1 <= chosen_0_13_1_2;
      chosen_0_13_1_s1 <= chosen_0_13_1;
      chosen_0_14_0_2_s1 <= chosen_0_14_0_2;
      chosen_0_14_0_s1 <= chosen_0_14_0;
      chosen_0_14_1_2_s1 <= chosen_0_14_1_2;
      chosen_0_14_1_s1 <= chosen_0_14_1;
      chosen_0_15_0_2_s1 <= chosen_0_15_0_2;
      chosen_0_15_0_s1 <= chosen_0_15_0;
      chosen_0_15_1_2_s1 <= chosen_0_15_1_2;
      chosen_0_15_1_s1 <= chosen_0_15_1;
      begins_group_s1 <= begins_group;
      chosen_1_0_0_2_s1 <= chosen_1_0_0_2;
      chosen_1_0_0_s1 <= chosen_1_0_0;
      chosen_1_0_1_2_s1 <= chosen_1_0_1_2;
      chosen_1_0_1_s1 <= chosen_1_0_1;
      chosen_1_1_0_2_s1 <= chosen_1_1_0_2;
      chosen_1_1_0_s1 <= chosen_1_1_0;
      chosen_1_1_1_2_s1 <= chosen_1_1_1_2;
      chosen_1_1_1_s1 <= chosen_1_1_1;
      chosen_1_2_0_2_s1 <= chosen_1_2_0_2;
      chosen_1_2_0_s1 <= chosen_1_2_0;
      chosen_1_2_1_2_s1 <= chosen_1_2_1_2;
      chosen_1_2_1_s1 <= chosen_1_2_1;
      chosen_1_3_0_2_s1 <= chosen_1_3_0_2;
      chosen_1_3_0_s1 <= chosen_1_3_0;
      chosen_1_3_1_2_s1 <= chosen_1_3_1_2;
      chosen_1_3_1_s1 <= chosen_1_3_1;
      chosen_1_4_0_2_s1 <= chosen_1_4_0_2;
      chosen_1_4_0_s1 <= chosen_1_4_0;
      chosen_1_4_1_2_s1 <= chosen_1_4_1_2;
      chosen_1_4_1_s1 <= chosen_1_4_1;
      chosen_1_5_0_2_s1 <= chosen_1_5_0_2;
      chosen_1_5_0_s1 <= chosen_1_5_0;
      chosen_1_5_1_2_s1 <= chosen_1_5_1_2;
      chosen_1_5_1_s1 <= chosen_1_5_1;
      chosen_1_6_0_2_s1 <= chosen_1_6_0_2;
      chosen_1_6_0_s1 <= chosen_1_6_0;
      chosen_1_6_1_2_s1 <= chosen_1_6_1_2;
      chosen_1_6_1_s1 <= chosen_1_6_1;
      chosen_1_7_0_2_s1 <= chosen_1_7_0_2;
      chosen_1_7_0_s1 <= chosen_1_7_0;
      chosen_1_7_1_2_s1 <= chosen_1_7_1_2;
      chosen_1_7_1_s1 <= chosen_1_7_1;
      chosen_1_8_0_2_s1 <= chosen_1_8_0_2;
      chosen_1_8_0_s1 <= chosen_1_8_0;
      chosen_1_8_1_2_s1 <= chosen_1_8_1_2;
      chosen_1_8_1_s1 <= chosen_1_8_1;
      chosen_1_9_0_2_s1 <= chosen_1_9_0_2;
      chosen_1_9_0_s1 <= chosen_1_9_0;
      chosen_1_9_1_2_s1 <= chosen_1_9_1_2;
      chosen_1_9_1_s1 <= chosen_1_9_1;
      chosen_1_10_0_2_s1 <= chosen_1_10_0_2;
      chosen_1_10_0_s1 <= chosen_1_10_0;
      chosen_1_10_1_2_s1 <= chosen_1_10_1_2;
      chosen_1_10_1_s1 <= chosen_1_10_1;
      chosen_1_11_0_2_s1 <= chosen_1_11_0_2;
      chosen_1_11_0_s1 <= chosen_1_11_0;
      chosen_1_11_1_2_s1 <= chosen_1_11_1_2;
      chosen_1_11_1_s1 <= chosen_1_11_1;
      chosen_1_12_0_2_s1 <= chosen_1_12_0_2;
      chosen_1_12_0_s1 <= chosen_1_12_0;
      chosen_1_12_1_2_s1 <= chosen_1_12_1_2;
      chosen_1_12_1_s1 <= chosen_1_12_1;
      chosen_1_13_0_2_s1 <= chosen_1_13_0_2;
      chosen_1_13_0_s1 <= chosen_1_13_0;
      chosen_1_13_1_2_s1 <= chosen_1_13_1_2;
      chosen_1_13_1_s1 <= chosen_1_13_1;
      chosen_1_14_0_2_s1 <= chosen_1_14_0_2;
      chosen_1_14_0_s1 <= chosen_1_14_0;
      chosen_1_14_1_2_s1 <= chosen_1_14_1_2;
      chosen_1_14_1_s1 <= chosen_1_14_1;
      chosen_1_15_0_2_s1 <= chosen_1_15_0_2;
      chosen_1_15_0_s1 <= chosen_1_15_0;
      chosen_1_15_1_2_s1 <= chosen_1_15_1_2;
      chosen_1_15_1_s1 <= chosen_1_15_1;
    end
    if (lane_0_plane_go[1]) begin
      ends_row_s2 <= ends_row_s1;
      plane_s2 <= plane_s1;
      sum_0_0_0_s2 <= sum_0_0_0;
      part_0_0_0_s2 <= part_0_0_0;
      sum_0_1_0_s2 <= sum_0_1_0;
      part_0_1_0_s2 <= part_0_1_0;
      sum_0_2_0_s2 <= sum_0_2_0;
      part_0_2_0_s2 <= part_0_2_0;
      sum_0_3_0_s2 <= sum_0_3_0;
      part_0_3_0_s2 <= part_0_3_0;
      sum_0_4_0_s2 <= sum_0_4_0;
      part_0_4_0_s2 <= part_0_4_0;
      sum_0_5_0_s2 <= sum_0_5_0;
      part_0_5_0_s2 <= part_0_5_0;
      sum_0_6_0_s2 <= sum_0_6_0;
      part_0_6_0_s2 <= part_0_6_0;
      sum_0_7_0_s2 <= sum_0_7_0;
      part_0_7_0_s2 <= part_0_7_0;
      sum_0_8_0_s2 <= sum_0_8_0;
      part_0_8_0_s2 <= part_0_8_0;
      sum_0_9_0_s2 <= sum_0_9_0;
      part_0_9_0_s2 <= part_0_9_0;
      sum_0_10_0_s2 <= sum_0_10_0;
      part_0_10_0_s2 <= part_0_10_0;
      sum_0_11_0_s2 <= sum_0_11_0;
      part_0_11_0_s2 <= part_0_11_0;
      sum_0_12_0_s2 <= sum_0_12_0;
      part_0_12_0_s2 <= part_0_12_0;
      sum_0_13_0_s2 <= sum_0_13_0;
      part_0_13_0_s2 <= part_0_13_0;
      sum_0_14_0_s2 <= sum_0_14_0;
      part_0_14_0_s2 <= part_0_14_0;
      sum_0_15_0_s2 <= sum_0_15_0;
      part_0_15_0_s2 <= part_0_15_0;
      begins_group_s2 <= begins_group_s1;
      sum_1_0_0_s2 <= sum_1_0_0;
      sum_1_1_0_s2 <= sum_1_1_0;
      sum_1_2_0_s2 <= sum_1_2_0;
      sum_1_3_0_s2 <= sum_1_3_0;
      sum_1_4_0_s2 <= sum_1_4_0;
      sum_1_5_0_s2 <= sum_1_5_0;
      sum_1_6_0_s2 <= sum_1_6_0;
      sum_1_7_0_s2 <= sum_1_7_0;
      sum_1_8_0_s2 <= sum_1_8_0;
      sum_1_9_0_s2 <= sum_1_9_0;
      sum_1_10_0_s2 <= sum_1_10_0;
      sum_1_11_0_s2 <= sum_1_11_0;
      sum_1_12_0_s2 <= sum_1_12_0;
      sum_1_13_0_s2 <= sum_1_13_0;
      sum_1_14_0_s2 <= sum_1_14_0;
      sum_1_15_0_s2 <= sum_1_15_0;
    end
    if (lane_0_plane_go[2]) begin
      ends_row_s3 <= ends_row_s2;
      plane_s3 <= plane_s2;
      sum_0_0_0_s3 <= sum_0_0_0_s2;
      part_0_0_0_s3 <= part_0_0_0_s2;
      sum_0_1_0_s3 <= sum_0_1_0_s2;
      part_0_1_0_s3 <= part_0_1_0_s2;
      sum_0_2_0_s3 <= sum_0_2_0_s2;
      part_0_2_0_s3 <= part_0_2_0_s2;
      sum_0_3_0_s3 <= sum_0_3_0_s2;
      part_0_3_0_s3 <= part_0_3_0_s2;
      sum_0_4_0_s3 <= sum_0_4_0_s2;
      part_0_4_0_s3 <= part_0_4_0_s2;
      sum_0_5_0_s3 <= sum_0_5_0_s2;
      part_0_5_0_s3 <= part_0_5_0_s2;
      sum_0_6_0_s3 <= sum_0_6_0_s2;
      part_0_6_0_s3 <= part_0_6_0_s2;
      sum_0_7_0_s3 <= sum_0_7_0_s2;
      part_0_7_0_s3 <= part_0_7_0_s2;
      sum_0_8_0_s3 <= sum_0_8_0_s2;
      part_0_8_0_s3 <= part_0_8_0_s2;
      sum_0_9_0_s3 <= sum_0_9_0_s2;
      part_0_9_0_s3 <= part_0_9_0_s2;
      sum_0_10_0_s3 <= sum_0_10_0_s2;
      part_0_10_0_s3 <= part_0_10_0_s2;
      sum_0_11_0_s3 <= sum_0_11_0_s2;
      part_0_11_0_s3 <= part_0_11_0_s2;
      sum_0_12_0_s3 <= sum_0_12_0_s2;
      part_0_12_0_s3 <= part_0_12_0_s2;
      sum_0_13_0_s3 <= sum_0_13_0_s2;
      part_0_13_0_s3 <= part_0_13_0_s2;
      sum_0_14_0_s3 <= sum_0_14_0_s2;
      part_0_14_0_s3 <= part_0_14_0_s2;
      sum_0_15_0_s3 <= sum_0_15_0_s2;
      part_0_15_0_s3 <= part_0_15_0_s2;
      begins_group_s3 <= begins_group_s2;
      sum_1_0_0_s3 <= sum_1_0_0_s2;
      sum_1_1_0_s3 <= sum_1_1_0_s2;
      sum_1_2_0_s3 <= sum_1_2_0_s2;
      sum_1_3_0_s3 <= sum_1_3_0_s2;
      sum_1_4_0_s3 <= sum_1_4_0_s2;
      sum_1_5_0_s3 <= sum_1_5_0_s2;
      sum_1_6_0_s3 <= sum_1_6_0_s2;
      sum_1_7_0_s3 <= sum_1_7_0_s2;
      sum_1_8_0_s3 <= sum_1_8_0_s2;
      sum_1_9_0_s3 <= sum_1_9_0_s2;
      sum_1_10_0_s3 <= sum_1_10_0_s2;
      sum_1_11_0_s3 <= sum_1_11_0_s2;
      sum_1_12_0_s3 <= sum_1_12_0_s2;
      sum_1_13_0_s3 <= sum_1_13_0_s2;
      sum_1_14_0_s3 <= sum_1_14_0_s2;
      sum_1_15_0_s3 <= sum_1_15_0_s2;
    end
    if (lane_0_plane_go[3]) begin
      ends_row_s4 <= ends_row_s3;
      plane_s4 <= plane_s3;
      product_0_0_0_s4 <= product_0_0_0;
      product_0_1_0_s4 <= product_0_1_0;
      product_0_2_0_s4 <= product_0_2_0;
      product_0_3_0_s4 <= product_0_3_0;
      product_0_4_0_s4 <= product_0_4_0;
      product_0_5_0_s4 <= product_0_5_0;
      product_0_6_0_s4 <= product_0_6_0;
      product_0_7_0_s4 <= product_0_7_0;
      product_0_8_0_s4 <= product_0_8_0;
      product_0_9_0_s4 <= product_0_9_0;
      product_0_10_0_s4 <= product_0_10_0;
      product_0_11_0_s4 <= product_0_11_0;
      product_0_12_0_s4 <= product_0_12_0;
      product_0_13_0_s4 <= product_0_13_0;
      product_0_14_0_s4 <= product_0_14_0;
      product_0_15_0_s4 <= product_0_15_0;
      begins_group_s4 <= begins_group_s3;
      product_1_0_0_s4 <= product_1_0_0;
      product_1_1_0_s4 <= product_1_1_0;
      product_1_2_0_s4 <= product_1_2_0;
      product_1_3_0_s4 <= product_1_3_0;
      product_1_4_0_s4 <= product_1_4_0;
      product_1_5_0_s4 <= product_1_5_0;
      product_1_6_0_s4 <= product_1_6_0;
      product_1_7_0_s4 <= product_1_7_0;
      product_1_8_0_s4 <= product_1_8_0;
      product_1_9_0_s4 <= product_1_9_0;
      product_1_10_0_s4 <= product_1_10_0;
      product_1_11_0_s4 <= product_1_11_0;
      product_1_12_0_s4 <= product_1_12_0;
      product_1_13_0_s4 <= product_1_13_0;
      product_1_14_0_s4 <= product_1_14_0;
      product_1_15_0_s4 <= product_1_15_0;
    end
    if (lane_0_plane_go[4]) begin
      ends_row_s5 <= ends_row_s4;
      plane_s5 <= plane_s4;
      product_sum_0_0_0_s5 <= product_sum_0_0_0;
      product_0_0_1_s5 <= product_0_0_1;
      product_sum_0_1_0_s5 <= product_sum_0_1_0;
      product_0_1_1_s5 <= product_0_1_1;
      product_sum_0_2_0_s5 <= product_sum_0_2_0;
      product_0_2_1_s5 <= product_0_2_1;
      product_sum_0_3_0_s5 <= product_sum_0_3_0;
      product_0_3_1_s5 <= product_0_3_1;
      product_sum_0_4_0_s5 <= product_sum_0_4_0;
      product_0_4_1_s5 <= product_0_4_1;
      product_sum_0_5_0_s5 <= product_sum_0_5_0;
      product_0_5_1_s5 <= product_0_5_1;
      product_sum_0_6_0_s5 <= product_sum_0_6_0;
      product_0_6_1_s5 <= product_0_6_1;
      product_sum_0_7_0_s5 <= product_sum_0_7_0;
      product_0_7_1_s5 <= product_0_7_1;
      product_sum_0_8_0_s5 <= product_sum_0_8_0;
      product_0_8_1_s5 <= product_0_8_1;
      product_sum_0_9_0_s5 <= product_sum_0_9_0;
      product_0_9_1_s5 <= product_0_9_1;
      product_sum_0_10_0_s5 <= product_sum_0_10_0;
      product_0_10_1_s5 <= product_0_10_1;
      product_sum_0_11_0_s5 <= product_sum_0_11_0;
      product_0_11_1_s5 <= product_0_11_1;
      product_sum_0_12_0_s5 <= product_sum_0_12_0;
      product_0_12_1_s5 <= product_0_12_1;
      product_sum_0_13_0_s5 <= product_sum_0_13_0;
      product_0_13_1_s5 <= product_0_13_1;
      product_sum_0_14_0_s5 <= product_sum_0_14_0;
      product_0_14_1_s5 <= product_0_14_1;
      product_sum_0_15_0_s5 <= product_sum_0_15_0;
      product_0_15_1_s5 <= product_0_15_1;
      begins_group_s5 <= begins_group_s4;
      product_sum_1_0_0_s5 <= product_sum_1_0_0;
      product_1_0_1_s5 <= product_1_0_1;
      product_sum_1_1_0_s5 <= product_sum_1_1_0;
      product_1_1_1_s5 <= product_1_1_1;
      product_sum_1_2_0_s5 <= product_sum_1_2_0;
      product_1_2_1_s5 <= product_1_2_1;
      product_sum_1_3_0_s5 <= product_sum_1_3_0;
      product_1_3_1_s5 <= product_1_3_1;
      product_sum_1_4_0_s5 <= product_sum_1_4_0;
      product_1_4_1_s5 <= product_1_4_1;
      product_sum_1_5_0_s5 <= product_sum_1_5_0;
      product_1_5_1_s5 <= product_1_5_1;
      product_sum_1_6_0_s5 <= product_sum_1_6_0;
      product_1_6_1_s5 <= product_1_6_1;
      product_sum_1_7_0_s5 <= product_sum_1_7_0;
      product_1_7_1_s5 <= product_1_7_1;
      product_sum_1_8_0_s5 <= product_sum_1_8_0;
      product_1_8_1_s5 <= product_1_8_1;
      product_sum_1_9_0_s5 <= product_sum_1_9_0;
      product_1_9_1_s5 <= product_1_9_1;
      product_sum_1_10_0_s5 <= product_sum_1_10_0;
      product_1_10_1_s5 <= product_1_10_1;
      product_sum_1_11_0_s5 <= product_sum_1_11_0;
      product_1_11_1_s5 <= product_1_11_1;
      product_sum_1_12_0_s5 <= product_sum_1_12_0;
      product_1_12_1_s5 <= product_1_12_1;
      product_sum_1_13_0_s5 <= product_sum_1_13_0;
      product_1_13_1_s5 <= product_1_13_1;
      product_sum_1_14_0_s5 <= product_sum_1_14_0;
      product_1_14_1_s5 <= product_1_14_1;
      product_sum_1_15_0_s5 <= product_sum_1_15_0;
      product_1_15_1_s5 <= product_1_15_1;
    end
    if (lane_0_plane_go[5]) begin
      ends_row_s6 <= ends_row_s5;
      plane_s6 <= plane_s5;
      product_sum_0_0_1_s6 <= product_sum_0_0_1;
      product_sum_0_1_1_s6 <= product_sum_0_1_1;
      product_sum_0_2_1_s6 <= product_sum_0_2_1;
      product_sum_0_3_1_s6 <= product_sum_0_3_1;
      product_sum_0_4_1_s6 <= product_sum_0_4_1;
      product_sum_0_5_1_s6 <= product_sum_0_5_1;
      product_sum_0_6_1_s6 <= product_sum_0_6_1;
      product_sum_0_7_1_s6 <= product_sum_0_7_1;
      product_sum_0_8_1_s6 <= product_sum_0_8_1;
      product_sum_0_9_1_s6 <= product_sum_0_9_1;
      product_sum_0_10_1_s6 <= product_sum_0_10_1;
      product_sum_0_11_1_s6 <= product_sum_0_11_1;
      product_sum_0_12_1_s6 <= product_sum_0_12_1;
      product_sum_0_13_1_s6 <= product_sum_0_13_1;
      product_sum_0_14_1_s6 <= product_sum_0_14_1;
      product_sum_0_15_1_s6 <= product_sum_0_15_1;
      begins_group_s6 <= begins_group_s5;
      product_sum_1_0_1_s6 <= product_sum_1_0_1;
      product_sum_1_1_1_s6 <= product_sum_1_1_1;
      product_sum_1_2_1_s6 <= product_sum_1_2_1;
      product_sum_1_3_1_s6 <= product_sum_1_3_1;
      product_sum_1_4_1_s6 <= product_sum_1_4_1;
      product_sum_1_5_1_s6 <= product_sum_1_5_1;
      product_sum_1_6_1_s6 <= product_sum_1_6_1;
      product_sum_1_7_1_s6 <= product_sum_1_7_1;
      product_sum_1_8_1_s6 <= product_sum_1_8_1;
      product_sum_1_9_1_s6 <= product_sum_1_9_1;
      product_sum_1_10_1_s6 <= product_sum_1_10_1;
      product_sum_1_11_1_s6 <= product_sum_1_11_1;
      product_sum_1_12_1_s6 <= product_sum_1_12_1;
      product_sum_1_13_1_s6 <= product_sum_1_13_1;
      product_sum_1_14_1_s6 <= product_sum_1_14_1;
      product_sum_1_15_1_s6 <= product_sum_1_15_1;
    end
    if (lane_0_plane_go[6]) begin
      ends_row_s7 <= ends_row_s6;
      plane_s7 <= plane_s6;
      shift_0_0_s7 <= shift_0_0_s6;
      converted_0_0_2_s7 <= converted_0_0_2;
      shift_0_1_s7 <= shift_0_1_s6;
      converted_0_1_2_s7 <= converted_0_1_2;
      shift_0_2_s7 <= shift_0_2_s6;
      converted_0_2_2_s7 <= converted_0_2_2;
      shift_0_3_s7 <= shift_0_3_s6;
      converted_0_3_2_s7 <= converted_0_3_2;
      shift_0_4_s7 <= shift_0_4_s6;
      converted_0_4_2_s7 <= converted_0_4_2;
      shift_0_5_s7 <= shift_0_5_s6;
      converted_0_5_2_s7 <= converted_0_5_2;
      shift_0_6_s7 <= shift_0_6_s6;
      converted_0_6_2_s7 <= converted_0_6_2;
      shift_0_7_s7 <= shift_0_7_s6;
      converted_0_7_2_s7 <= converted_0_7_2;
      shift_0_8_s7 <= shift_0_8_s6;
      converted_0_8_2_s7 <= converted_0_8_2;
      shift_0_9_s7 <= shift_0_9_s6;
      converted_0_9_2_s7 <= converted_0_9_2;
      shift_0_10_s7 <= shift_0_10_s6;
      converted_0_10_2_s7 <= converted_0_10_2;
      shift_0_11_s7 <= shift_0_11_s6;
      converted_0_11_2_s7 <= converted_0_11_2;
      shift_0_12_s7 <= shift_0_12_s6;
      converted_0_12_2_s7 <= converted_0_12_2;
      shift_0_13_s7 <= shift_0_13_s6;
      converted_0_13_2_s7 <= converted_0_13_2;
      shift_0_14_s7 <= shift_0_14_s6;
      converted_0_14_2_s7 <= converted_0_14_2;
      shift_0_15_s7 <= shift_0_15_s6;
      converted_0_15_2_s7 <= converted_0_15_2;
      sum_0_s7 <= sum_0;
      sum_0_16_s7 <= sum_0_16;
      sum_0_17_s7 <= sum_0_17;
      sum_0_18_s7 <= sum_0_18;
      sum_0_19_s7 <= sum_0_19;
      sum_0_20_s7 <= sum_0_20;
      sum_0_21_s7 <= sum_0_21;
      sum_0_22_s7 <= sum_0_22;
      begins_group_s7 <= begins_group_s6;
      converted_1_0_2_s7 <= converted_1_0_2;
      converted_1_1_2_s7 <= converted_1_1_2;
      converted_1_2_2_s7 <= converted_1_2_2;
      converted_1_3_2_s7 <= converted_1_3_2;
      converted_1_4_2_s7 <= converted_1_4_2;
      converted_1_5_2_s7 <= converted_1_5_2;
      converted_1_6_2_s7 <= converted_1_6_2;
      converted_1_7_2_s7 <= converted_1_7_2;
      converted_1_8_2_s7 <= converted_1_8_2;
      converted_1_9_2_s7 <= converted_1_9_2;
      converted_1_10_2_s7 <= converted_1_10_2;
      converted_1_11_2_s7 <= converted_1_11_2;
      converted_1_12_2_s7 <= converted_1_12_2;
      converted_1_13_2_s7 <= converted_1_13_2;
      converted_1_14_2_s7 <= converted_1_14_2;
      converted_1_15_2_s7 <= converted_1_15_2;
      sum_1_s7 <= sum_1;
      sum_1_16_s7 <= sum_1_16;
      sum_1_17_s7 <= sum_1_17;
      sum_1_18_s7 <= sum_1_18;
      sum_1_19_s7 <= sum_1_19;
      sum_1_20_s7 <= sum_1_20;
      sum_1_21_s7 <= sum_1_21;
      sum_1_22_s7 <= sum_1_22;
    end
    if (lane_0_plane_go[7]) begin
      ends_row_s8 <= ends_row_s7;
      plane_s8 <= plane_s7;
      sum_0_27_s8 <= sum_0_27;
      sum_0_28_s8 <= sum_0_28;
      sum_0_38_s8 <= sum_0_38;
      sum_0_39_s8 <= sum_0_39;
      sum_0_40_s8 <= sum_0_40;
      sum_0_41_s8 <= sum_0_41;
      begins_group_s8 <= begins_group_s7;
      sum_1_27_s8 <= sum_1_27;
      sum_1_28_s8 <= sum_1_28;
      sum_1_38_s8 <= sum_1_38;
      sum_1_39_s8 <= sum_1_39;
      sum_1_40_s8 <= sum_1_40;
      sum_1_41_s8 <= sum_1_41;
    end
    if (lane_0_plane_go[8]) begin
      ends_row_s9 <= ends_row_s8;
      plane_s9 <= plane_s8;
      sum_0_29_s9 <= sum_0_29;
      begins_group_s9 <= begins_group_s8;
      sum_0_44_s9 <= sum_0_44;
      sum_1_29_s9 <= sum_1_29;
      sum_1_44_s9 <= sum_1_44;
    end
    if (lane_0_plane_go[9]) begin
      ends_row_s10 <= ends_row_s9;
      plane_s10 <= plane_s9;
      sum_0_29_s10 <= sum_0_29_s9;
      begins_group_s10 <= begins_group_s9;
      sum_0_44_s10 <= sum_0_44_s9;
      sum_1_29_s10 <= sum_1_29_s9;
      sum_1_44_s10 <= sum_1_44_s9;
    end
    if (lane_0_plane_go[10]) begin
      ends_row_s11 <= ends_row_s10;
      shifted_0_s11 <= shifted_0;
      begins_group_s11 <= begins_group_s10;
      shifted_0_16_s11 <= shifted_0_16;
      shifted_1_s11 <= shifted_1;
      shifted_1_16_s11 <= shifted_1_16;
    end
    if (lane_0_plane_go[11]) begin
      ends_row_s12 <= ends_row_s11;
      product_0_s12 <= product_0;
      begins_group_s12 <= begins_group_s11;
      product_0_2_s12 <= product_0_2;
      product_1_s12 <= product_1;
      product_1_2_s12 <= product_1_2;
    end
    if (lane_0_plane_go[12]) begin
      ends_row_s13 <= ends_row_s12;
      product_0_s13 <= product_0_s12;
      begins_group_s13 <= begins_group_s12;
      product_0_2_s13 <= product_0_2_s12;
      product_1_s13 <= product_1_s12;
      product_1_2_s13 <= product_1_2_s12;
    end
    if (lane_0_plane_go[13]) begin
      ends_row_s14 <= ends_row_s13;
      product_0_s14 <= product_0_s13;
      begins_group_s14 <= begins_group_s13;
      product_0_2_s14 <= product_0_2_s13;
      product_1_s14 <= product_1_s13;
      product_1_2_s14 <= product_1_2_s13;
    end
    if (lane_0_plane_go[14]) begin
      ends_row_s15 <= ends_row_s14;
      product_0_s15 <= product_0_s14;
      begins_group_s15 <= begins_group_s14;
      product_0_2_s15 <= product_0_2_s14;
      product_1_s15 <= product_1_s14;
      product_1_2_s15 <= product_1_2_s14;
    end
    if (lane_0_plane_go[15]) begin
      ends_row_s16 <= ends_row_s15;
      product_0_s16 <= product_0_s15;
      begins_group_s16 <= begins_group_s15;
      product_0_2_s16 <= product_0_2_s15;
      product_1_s16 <= product_1_s15;
      product_1_2_s16 <= product_1_2_s15;
    end
    if (lane_0_plane_go[16]) begin
      ends_row_s17 <= ends_row_s16;
      product_0_s17 <= product_0_s16;
      begins_group_s17 <= begins_group_s16;
      product_0_2_s17 <= product_0_2_s16;
      product_1_s17 <= product_1_s16;
      product_1_2_s17 <= product_1_2_s16;
    end
    if (lane_0_plane_go[17]) begin
      ends_row_s18 <= ends_row_s17;
    end
    if (lane_0_plane_go[18]) begin
      ends_row_s19 <= ends_row_s18;
    end
    if (lane_0_plane_go[19]) begin
      ends_row_s20 <= ends_row_s19;
    end
  end
  lmc_delay #(.WIDTH(32), .STAGES(11)) lane_0_plane_from_0_to_11 (
      .clk,
      .rst,
      .in_go   (lane_0_plane_go[0]),
      .in_data ({mantissa_0, mantissa_0_2, mantissa_1, mantissa_1_2}),
      .out_go  (lane_0_plane_go[11]),
      .out_data({mantissa_0_s11, mantissa_0_2_s11, mantissa_1_s11, mantissa_1_2_s11})
  );
  lmc_delay #(.WIDTH(12), .STAGES(17)) lane_0_plane_from_0_to_17 (
      .clk,
      .rst,
      .in_go   (lane_0_plane_go[0]),
      .in_data ({exponent_0, exponent_0_2, exponent_1, exponent_1_2}),
      .out_go  (lane_0_plane_go[17]),
      .out_data({exponent_0_s17, exponent_0_2_s17, exponent_1_s17, exponent_1_2_s17})
  );
  lmc_delay #(.WIDTH(736), .STAGES(3)) lane_0_plane_from_1_to_4 (
      .clk,
      .rst,
      .in_go   (lane_0_plane_go[1]),
      .in_data ({sum_0_0_1, part_0_0_1, sum_0_1_1, part_0_1_1, sum_0_2_1, part_0_2_1, sum_0_3_1,
          part_0_3_1, sum_0_4_1, part_0_4_1, sum_0_5_1, part_0_5_1, sum_0_6_1, part_0_6_1,
          sum_0_7_1, part_0_7_1, sum_0_8_1, part_0_8_1, sum_0_9_1, part_0_9_1, sum_0_10_1,
          part_0_10_1, sum_0_11_1, part_0_11_1, sum_0_12_1, part_0_12_1, sum_0_13_1, part_0_13_1,
          sum_0_14_1, part_0_14_1, sum_0_15_1, part_0_15_1, sum_1_0_1, sum_1_1_1, sum_1_2_1,
          sum_1_3_1, sum_1_4_1, sum_1_5_1, sum_1_6_1, sum_1_7_1, sum_1_8_1, sum_1_9_1, sum_1_10_1,
          sum_1_11_1, sum_1_12_1, sum_1_13_1, sum_1_14_1, sum_1_15_1}),
      .out_go  (lane_0_plane_go[4]),
      .out_data({sum_0_0_1_s4, part_0_0_1_s4, sum_0_1_1_s4, part_0_1_1_s4, sum_0_2_1_s4,
          part_0_2_1_s4, sum_0_3_1_s4, part_0_3_1_s4, sum_0_4_1_s4, part_0_4_1_s4, sum_0_5_1_s4,
          part_0_5_1_s4, sum_0_6_1_s4, part_0_6_1_s4, sum_0_7_1_s4, part_0_7_1_s4, sum_0_8_1_s4,
          part_0_8_1_s4, sum_0_9_1_s4, part_0_9_1_s4, sum_0_10_1_s4, part_0_10_1_s4, sum_0_11_1_s4,
          part_0_11_1_s4, sum_0_12_1_s4, part_0_12_1_s4, sum_0_13_1_s4, part_0_13_1_s4,
          sum_0_14_1_s4, part_0_14_1_s4, sum_0_15_1_s4, part_0_15_1_s4, sum_1_0_1_s4, sum_1_1_1_s4,
          sum_1_2_1_s4, sum_1_3_1_s4, sum_1_4_1_s4, sum_1_5_1_s4, sum_1_6_1_s4, sum_1_7_1_s4,
          sum_1_8_1_s4, sum_1_9_1_s4, sum_1_10_1_s4, sum_1_11_1_s4, sum_1_12_1_s4, sum_1_13_1_s4,
          sum_1_14_1_s4, sum_1_15_1_s4})
  );
  lmc_delay #(.WIDTH(64), .STAGES(5)) lane_0_plane_from_1_to_6 (
      .clk,
      .rst,
      .in_go   (lane_0_plane_go[1]),
      .in_data ({shift_0_0, shift_0_1, shift_0_2, shift_0_3, shift_0_4, shift_0_5, shift_0_6,
          shift_0_7, shift_0_8, shift_0_9, shift_0_10, shift_0_11, shift_0_12, shift_0_13,
          shift_0_14, shift_0_15}),
      .out_go  (lane_0_plane_go[6]),
      .out_data({shift_0_0_s6, shift_0_1_s6, shift_0_2_s6, shift_0_3_s6, shift_0_4_s6, shift_0_5_s6,
          shift_0_6_s6, shift_0_7_s6, shift_0_8_s6, shift_0_9_s6, shift_0_10_s6, shift_0_11_s6,
          shift_0_12_s6, shift_0_13_s6, shift_0_14_s6, shift_0_15_s6})
  );
  lmc_delay #(.WIDTH(200), .STAGES(3)) lane_0_plane_from_17_to_20 (
      .clk,
      .rst,
      .in_go   (lane_0_plane_go[17]),
      .in_data ({row_sum_1_2, row_sum_1, row_sum_0_2, row_sum_0}),
      .out_go  (lane_0_plane_go[20]),
      .out_data({row_sum_1_2_s20, row_sum_1_s20, row_sum_0_2_s20, row_sum_0_s20})
  );
  always_comb begin
    lane_0_plane_ok = '1;
    lane_0_plane_ok[0] = (!begins_group || scales_0_valid) && weight_words_0_valid;
    lane_0_plane_ok[20] = (!ends_row_s20 || rows_0_ready);
  end
  lmc_pipeline #(.STAGES(21), .INTERVAL(1)) lane_0_plane_control (
      .clk,
      .rst,
      .start  (state == START_LANE_0_PLANE),
      .is_last(lane_0_plane_is_last),
      .ok     (lane_0_plane_ok),
      .valid  (lane_0_plane_unused_valid),
      .go     (lane_0_plane_go),
      .done   (lane_0_plane_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_LANE_0_PLANE) begin
      block_count_held <= block_count;
      plane_count_held <= plane_count;
      block <= '0;
      plane <= '0;
    end else if (lane_0_plane_go[0]) begin
      if (is_last_plane) block <= is_last_block ? '0 : block + 1'b1;
      plane <= is_last_plane ? '0 : plane + 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (lane_0_plane_go[0]) held_scales <= row_scales;
    if (lane_0_plane_go[17]) accumulators[2'd0] <= row_sum_0;
    if (lane_0_plane_go[17]) accumulators[2'd1] <= row_sum_0_2;
    if (lane_0_plane_go[17]) accumulators[2'd2] <= row_sum_1;
    if (lane_0_plane_go[17]) accumulators[2'd3] <= row_sum_1_2;
  end
  logic [319:0] activation_read;
  lmc_ram #(.WIDTH(320), .DEPTH(1), .STYLE("lutram")) activation_read_ram (
      .clk,
      .write_enable (is_first),
      .write_address(1'd0),
      .write_data   (activations_0_word),
      .read_enable  (lane_0_plane_go[0]),
      .read_address (1'd0),
      .read_data    (activation_read)
  );
  assign activation_now = activation_read;

  assign activations_0_ready = state == READ_ACTIVATIONS_0;
  assign scales_0_ready = lane_0_plane_go[0] && begins_group;
  assign weight_words_0_ready = lane_0_plane_go[0];
  assign rows_0_valid = lane_0_plane_go[20] && ends_row_s20;
  assign rows_0_data = rows_0_word_1;

  always_ff @(posedge clk) begin
    is_first <= 1'b0;
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_lane_0_token) begin
            token <= '0;
            state <= ROUND_LANE_0_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_LANE_0_TOKEN: begin
          phase <= '0;
          state <= ROUND_LANE_0_PHASE;
        end
        ROUND_LANE_0_PHASE: begin
          state <= READ_ACTIVATIONS_0;
        end
        READ_ACTIVATIONS_0: begin
          if (activations_0_valid) begin
            is_first <= 1'b1;
            state <= START_LANE_0_PLANE;
          end
        end
        START_LANE_0_PLANE: begin
          state <= RUN_LANE_0_PLANE;
        end
        RUN_LANE_0_PLANE: begin
          if (lane_0_plane_done) begin
            if (more_lane_0_phase) begin
              phase <= phase + 1'b1;
              state <= ROUND_LANE_0_PHASE;
            end else begin
              if (more_lane_0_token) begin
                token <= token + 1'b1;
                state <= ROUND_LANE_0_TOKEN;
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
      n_logits,
      lane_0_plane_go,
      phase,
      block_count_held,
      plane_count_held,
      weight_words_0_word,
      activation_now,
      product_sum_0_0_1_s6,
      sum_0_0,
      product_sum_0_1_1_s6,
      sum_0_1,
      product_sum_0_2_1_s6,
      sum_0_2,
      product_sum_0_3_1_s6,
      sum_0_3,
      product_sum_0_4_1_s6,
      sum_0_4,
      product_sum_0_5_1_s6,
      sum_0_5,
      product_sum_0_6_1_s6,
      sum_0_6,
      product_sum_0_7_1_s6,
      sum_0_7,
      product_sum_0_8_1_s6,
      sum_0_8,
      product_sum_0_9_1_s6,
      sum_0_9,
      product_sum_0_10_1_s6,
      sum_0_10,
      product_sum_0_11_1_s6,
      sum_0_11,
      product_sum_0_12_1_s6,
      sum_0_12,
      product_sum_0_13_1_s6,
      sum_0_13,
      product_sum_0_14_1_s6,
      sum_0_14,
      product_sum_0_15_1_s6,
      sum_0_15,
      row_scales,
      product_sum_1_0_1_s6,
      sum_1_0,
      product_sum_1_1_1_s6,
      sum_1_1,
      product_sum_1_2_1_s6,
      sum_1_2,
      product_sum_1_3_1_s6,
      sum_1_3,
      product_sum_1_4_1_s6,
      sum_1_4,
      product_sum_1_5_1_s6,
      sum_1_5,
      product_sum_1_6_1_s6,
      sum_1_6,
      product_sum_1_7_1_s6,
      sum_1_7,
      product_sum_1_8_1_s6,
      sum_1_8,
      product_sum_1_9_1_s6,
      sum_1_9,
      product_sum_1_10_1_s6,
      sum_1_10,
      product_sum_1_11_1_s6,
      sum_1_11,
      product_sum_1_12_1_s6,
      sum_1_12,
      product_sum_1_13_1_s6,
      sum_1_13,
      product_sum_1_14_1_s6,
      sum_1_14,
      product_sum_1_15_1_s6,
      sum_1_15,
      1'b0
  };

endmodule
