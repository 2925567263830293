// ssm.rotate(gated: 32 x fixed<24, 6>) -> rotated: 32 x fixed<29, 6>
//   from mamba1.py:41
//   reads gated: 16 words of 2 x fixed<24, 6> for each layer
//   writes rotated: 16 words of 2 x fixed<29, 6> for each layer
module rotate (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic gated_valid,
    output logic gated_ready,
    input  logic [47:0] gated_data,
    output logic rotated_valid,
    input  logic rotated_ready,
    output logic [57:0] rotated_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_ROTATE_TOKEN,
    ROUND_ROTATE_LAYER,
    START_ROTATE_TERM,
    RUN_ROTATE_TERM,
    START_ROTATE_ROW,
    RUN_ROTATE_ROW
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic signed [28:0] sums[32];
  logic [1:0] rotate_term_go;
  logic rotate_term_done;
  logic [0:0] rotate_row_go;
  logic rotate_row_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_rotate_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_rotate_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_rotate_layer = next_layer < 2'd2;

  // Pipeline rotate_term: 2 stages
  logic [1:0] rotate_term_ok, rotate_term_unused_valid;
  logic rotate_term_is_last;
  logic [3:0] term;
  wire logic is_last_term = term == 4'd15;
  assign rotate_term_is_last = is_last_term;
  logic signed [28:0] sums_element_0, sums_element_0_2, sums_element_0_3, sums_element_0_4,
      sums_element_0_5, sums_element_0_6, sums_element_0_7, sums_element_0_8, sums_element_0_9,
      sums_element_0_10, sums_element_0_11, sums_element_0_12, sums_element_0_13, sums_element_0_14,
      sums_element_0_15, sums_element_0_16, sums_element_1, sums_element_1_2, sums_element_1_3,
      sums_element_1_4, sums_element_1_5, sums_element_1_6, sums_element_1_7, sums_element_1_8,
      sums_element_1_9, sums_element_1_10, sums_element_1_11, sums_element_1_12, sums_element_1_13,
      sums_element_1_14, sums_element_1_15, sums_element_1_16;
  logic is_first_term_s1;
  logic signed [25:0] chosen_0_3_s1, chosen_0_5_s1, chosen_0_7_s1, chosen_0_9_s1, chosen_0_11_s1,
      chosen_0_13_s1, chosen_0_15_s1, chosen_0_17_s1, chosen_0_19_s1, chosen_0_21_s1,
      chosen_0_23_s1, chosen_0_25_s1, chosen_0_27_s1, chosen_0_29_s1, chosen_0_31_s1;
  logic signed [24:0] chosen_1_3_s1, chosen_1_5_s1, chosen_1_7_s1, chosen_1_9_s1, chosen_1_11_s1,
      chosen_1_13_s1, chosen_1_15_s1, chosen_1_17_s1, chosen_1_19_s1, chosen_1_21_s1,
      chosen_1_23_s1, chosen_1_25_s1, chosen_1_27_s1, chosen_1_29_s1, chosen_1_31_s1;
  logic [47:0] gated_word;
  assign gated_word = gated_data;

  // Stage 0
  // mamba1.py:41
  wire logic signed [23:0] gated_element = signed'(gated_word[23:0]);
  wire logic signed [23:0] gated_element_2 = signed'(gated_word[47:24]);
  wire logic signed [24:0] sum = 25'(gated_element) + 25'(gated_element_2);
  wire logic signed [24:0] difference = 25'(gated_element) - 25'(gated_element_2);
  wire logic is_first_term = term == 4'd0;
  wire logic [15:0] shifted = 16'd43690 >> term;
  wire logic converted = 1'(shifted);
  wire logic condition = converted == 1'd1;
  wire logic [15:0] shifted_2 = 16'd52428 >> term;
  wire logic converted_2 = 1'(shifted_2);
  wire logic condition_2 = converted_2 == 1'd1;
  wire logic [14:0] shifted_3 = 15'(16'd26214 >> term);
  wire logic converted_3 = 1'(shifted_3);
  wire logic condition_3 = converted_3 == 1'd1;
  wire logic [15:0] shifted_4 = 16'd61680 >> term;
  wire logic converted_4 = 1'(shifted_4);
  wire logic condition_4 = converted_4 == 1'd1;
  wire logic [14:0] shifted_5 = 15'(16'd23130 >> term);
  wire logic converted_5 = 1'(shifted_5);
  wire logic condition_5 = converted_5 == 1'd1;
  wire logic [13:0] shifted_6 = 14'(16'd15420 >> term);
  wire logic converted_6 = 1'(shifted_6);
  wire logic condition_6 = converted_6 == 1'd1;
  wire logic [15:0] shifted_7 = 16'd38550 >> term;
  wire logic converted_7 = 1'(shifted_7);
  wire logic condition_7 = converted_7 == 1'd1;
  wire logic [15:0] shifted_8 = 16'd65280 >> term;
  wire logic converted_8 = 1'(shifted_8);
  wire logic condition_8 = converted_8 == 1'd1;
  wire logic [14:0] shifted_9 = 15'(16'd21930 >> term);
  wire logic converted_9 = 1'(shifted_9);
  wire logic condition_9 = converted_9 == 1'd1;
  wire logic [13:0] shifted_10 = 14'(16'd13260 >> term);
  wire logic converted_10 = 1'(shifted_10);
  wire logic condition_10 = converted_10 == 1'd1;
  wire logic [15:0] shifted_11 = 16'd39270 >> term;
  wire logic converted_11 = 1'(shifted_11);
  wire logic condition_11 = converted_11 == 1'd1;
  wire logic [11:0] shifted_12 = 12'(16'd4080 >> term);
  wire logic converted_12 = 1'(shifted_12);
  wire logic condition_12 = converted_12 == 1'd1;
  wire logic [15:0] shifted_13 = 16'd42330 >> term;
  wire logic converted_13 = 1'(shifted_13);
  wire logic condition_13 = converted_13 == 1'd1;
  wire logic [15:0] shifted_14 = 16'd49980 >> term;
  wire logic converted_14 = 1'(shifted_14);
  wire logic condition_14 = converted_14 == 1'd1;
  wire logic [14:0] shifted_15 = 15'(16'd27030 >> term);
  wire logic converted_15 = 1'(shifted_15);
  wire logic condition_15 = converted_15 == 1'd1;
  wire logic signed [25:0] negated_0 = -26'(sum);
  wire logic signed [28:0] chosen_0 = is_first_term ? 29'sd0 : sums_element_0;
  wire logic signed [28:0] sum_0 = chosen_0 + 29'(sum);
  wire logic signed [25:0] converted_0 = 26'(sum);
  wire logic signed [25:0] chosen_0_3 = condition ? negated_0 : converted_0;
  wire logic signed [25:0] chosen_0_5 = condition_2 ? negated_0 : converted_0;
  wire logic signed [25:0] chosen_0_7 = condition_3 ? negated_0 : converted_0;
  wire logic signed [25:0] chosen_0_9 = condition_4 ? negated_0 : converted_0;
  wire logic signed [25:0] chosen_0_11 = condition_5 ? negated_0 : converted_0;
  wire logic signed [25:0] chosen_0_13 = condition_6 ? negated_0 : converted_0;
  wire logic signed [25:0] chosen_0_15 = condition_7 ? negated_0 : converted_0;
  wire logic signed [25:0] chosen_0_17 = condition_8 ? negated_0 : converted_0;
  wire logic signed [25:0] chosen_0_19 = condition_9 ? negated_0 : converted_0;
  wire logic signed [25:0] chosen_0_21 = condition_10 ? negated_0 : converted_0;
  wire logic signed [25:0] chosen_0_23 = condition_11 ? negated_0 : converted_0;
  wire logic signed [25:0] chosen_0_25 = condition_12 ? negated_0 : converted_0;
  wire logic signed [25:0] chosen_0_27 = condition_13 ? negated_0 : converted_0;
  wire logic signed [25:0] chosen_0_29 = condition_14 ? negated_0 : converted_0;
  wire logic signed [25:0] chosen_0_31 = condition_15 ? negated_0 : converted_0;
  wire logic signed [24:0] negated_1 = -difference;
  wire logic signed [28:0] chosen_1 = is_first_term ? 29'sd0 : sums_element_1;
  wire logic signed [28:0] sum_1 = chosen_1 + 29'(difference);
  wire logic signed [25:0] converted_1 = 26'(difference);
  wire logic signed [24:0] chosen_1_3 = condition ? negated_1 : 25'(converted_1);
  wire logic signed [24:0] chosen_1_5 = condition_2 ? negated_1 : 25'(converted_1);
  wire logic signed [24:0] chosen_1_7 = condition_3 ? negated_1 : 25'(converted_1);
  wire logic signed [24:0] chosen_1_9 = condition_4 ? negated_1 : 25'(converted_1);
  wire logic signed [24:0] chosen_1_11 = condition_5 ? negated_1 : 25'(converted_1);
  wire logic signed [24:0] chosen_1_13 = condition_6 ? negated_1 : 25'(converted_1);
  wire logic signed [24:0] chosen_1_15 = condition_7 ? negated_1 : 25'(converted_1);
  wire logic signed [24:0] chosen_1_17 = condition_8 ? negated_1 : 25'(converted_1);
  wire logic signed [24:0] chosen_1_19 = condition_9 ? negated_1 : 25'(converted_1);
  wire logic signed [24:0] chosen_1_21 = condition_10 ? negated_1 : 25'(converted_1);
  wire logic signed [24:0] chosen_1_23 = condition_11 ? negated_1 : 25'(converted_1);
  wire logic signed [24:0] chosen_1_25 = condition_12 ? negated_1 : 25'(converted_1);
  wire logic signed [24:0] chosen_1_27 = condition_13 ? negated_1 : 25'(converted_1);
  wire logic signed [24:0] chosen_1_29 = condition_14 ? negated_1 : 25'(converted_1);
  wire logic signed [24:0] chosen_1_31 = condition_15 ? negated_1 : 25'(converted_1);

  // Stage 1
  // mamba1.py:41
  wire logic signed [28:0] chosen_0_2 = is_first_term_s1 ? 29'sd0 : sums_element_0_2;
  wire logic signed [28:0] sum_0_2 = chosen_0_2 + 29'(chosen_0_3_s1);
  wire logic signed [28:0] chosen_0_4 = is_first_term_s1 ? 29'sd0 : sums_element_0_3;
  wire logic signed [28:0] sum_0_3 = chosen_0_4 + 29'(chosen_0_5_s1);
  wire logic signed [28:0] chosen_0_6 = is_first_term_s1 ? 29'sd0 : sums_element_0_4;
  wire logic signed [28:0] sum_0_4 = chosen_0_6 + 29'(chosen_0_7_s1);
  wire logic signed [28:0] chosen_0_8 = is_first_term_s1 ? 29'sd0 : sums_element_0_5;
  wire logic signed [28:0] sum_0_5 = chosen_0_8 + 29'(chosen_0_9_s1);
  wire logic signed [28:0] chosen_0_10 = is_first_term_s1 ? 29'sd0 : sums_element_0_6;
  wire logic signed [28:0] sum_0_6 = chosen_0_10 + 29'(chosen_0_11_s1);
  wire logic signed [28:0] chosen_0_12 = is_first_term_s1 ? 29'sd0 : sums_element_0_7;
  wire logic signed [28:0] sum_0_7 = chosen_0_12 + 29'(chosen_0_13_s1);
  wire logic signed [28:0] chosen_0_14 = is_first_term_s1 ? 29'sd0 : sums_element_0_8;
  wire logic signed [28:0] sum_0_8 = chosen_0_14 + 29'(chosen_0_15_s1);
  wire logic signed [28:0] chosen_0_16 = is_first_term_s1 ? 29'sd0 : sums_element_0_9;
  wire logic signed [28:0] sum_0_9 = chosen_0_16 + 29'(chosen_0_17_s1);
  wire logic signed [28:0] chosen_0_18 = is_first_term_s1 ? 29'sd0 : sums_element_0_10;
  wire logic signed [28:0] sum_0_10 = chosen_0_18 + 29'(chosen_0_19_s1);
  wire logic signed [28:0] chosen_0_20 = is_first_term_s1 ? 29'sd0 : sums_element_0_11;
  wire logic signed [28:0] sum_0_11 = chosen_0_20 + 29'(chosen_0_21_s1);
  wire logic signed [28:0] chosen_0_22 = is_first_term_s1 ? 29'sd0 : sums_element_0_12;
  wire logic signed [28:0] sum_0_12 = chosen_0_22 + 29'(chosen_0_23_s1);
  wire logic signed [28:0] chosen_0_24 = is_first_term_s1 ? 29'sd0 : sums_element_0_13;
  wire logic signed [28:0] sum_0_13 = chosen_0_24 + 29'(chosen_0_25_s1);
  wire logic signed [28:0] chosen_0_26 = is_first_term_s1 ? 29'sd0 : sums_element_0_14;
  wire logic signed [28:0] sum_0_14 = chosen_0_26 + 29'(chosen_0_27_s1);
  wire logic signed [28:0] chosen_0_28 = is_first_term_s1 ? 29'sd0 : sums_element_0_15;
  wire logic signed [28:0] sum_0_15 = chosen_0_28 + 29'(chosen_0_29_s1);
  wire logic signed [28:0] chosen_0_30 = is_first_term_s1 ? 29'sd0 : sums_element_0_16;
  wire logic signed [28:0] sum_0_16 = chosen_0_30 + 29'(chosen_0_31_s1);
  wire logic signed [28:0] chosen_1_2 = is_first_term_s1 ? 29'sd0 : sums_element_1_2;
  wire logic signed [28:0] sum_1_2 = chosen_1_2 + 29'(chosen_1_3_s1);
  wire logic signed [28:0] chosen_1_4 = is_first_term_s1 ? 29'sd0 : sums_element_1_3;
  wire logic signed [28:0] sum_1_3 = chosen_1_4 + 29'(chosen_1_5_s1);
  wire logic signed [28:0] chosen_1_6 = is_first_term_s1 ? 29'sd0 : sums_element_1_4;
  wire logic signed [28:0] sum_1_4 = chosen_1_6 + 29'(chosen_1_7_s1);
  wire logic signed [28:0] chosen_1_8 = is_first_term_s1 ? 29'sd0 : sums_element_1_5;
  wire logic signed [28:0] sum_1_5 = chosen_1_8 + 29'(chosen_1_9_s1);
  wire logic signed [28:0] chosen_1_10 = is_first_term_s1 ? 29'sd0 : sums_element_1_6;
  wire logic signed [28:0] sum_1_6 = chosen_1_10 + 29'(chosen_1_11_s1);
  wire logic signed [28:0] chosen_1_12 = is_first_term_s1 ? 29'sd0 : sums_element_1_7;
  wire logic signed [28:0] sum_1_7 = chosen_1_12 + 29'(chosen_1_13_s1);
  wire logic signed [28:0] chosen_1_14 = is_first_term_s1 ? 29'sd0 : sums_element_1_8;
  wire logic signed [28:0] sum_1_8 = chosen_1_14 + 29'(chosen_1_15_s1);
  wire logic signed [28:0] chosen_1_16 = is_first_term_s1 ? 29'sd0 : sums_element_1_9;
  wire logic signed [28:0] sum_1_9 = chosen_1_16 + 29'(chosen_1_17_s1);
  wire logic signed [28:0] chosen_1_18 = is_first_term_s1 ? 29'sd0 : sums_element_1_10;
  wire logic signed [28:0] sum_1_10 = chosen_1_18 + 29'(chosen_1_19_s1);
  wire logic signed [28:0] chosen_1_20 = is_first_term_s1 ? 29'sd0 : sums_element_1_11;
  wire logic signed [28:0] sum_1_11 = chosen_1_20 + 29'(chosen_1_21_s1);
  wire logic signed [28:0] chosen_1_22 = is_first_term_s1 ? 29'sd0 : sums_element_1_12;
  wire logic signed [28:0] sum_1_12 = chosen_1_22 + 29'(chosen_1_23_s1);
  wire logic signed [28:0] chosen_1_24 = is_first_term_s1 ? 29'sd0 : sums_element_1_13;
  wire logic signed [28:0] sum_1_13 = chosen_1_24 + 29'(chosen_1_25_s1);
  wire logic signed [28:0] chosen_1_26 = is_first_term_s1 ? 29'sd0 : sums_element_1_14;
  wire logic signed [28:0] sum_1_14 = chosen_1_26 + 29'(chosen_1_27_s1);
  wire logic signed [28:0] chosen_1_28 = is_first_term_s1 ? 29'sd0 : sums_element_1_15;
  wire logic signed [28:0] sum_1_15 = chosen_1_28 + 29'(chosen_1_29_s1);
  wire logic signed [28:0] chosen_1_30 = is_first_term_s1 ? 29'sd0 : sums_element_1_16;
  wire logic signed [28:0] sum_1_16 = chosen_1_30 + 29'(chosen_1_31_s1);

  assign sums_element_0 = sums[5'd0];
  assign sums_element_0_2 = sums[5'd2];
  assign sums_element_0_3 = sums[5'd4];
  assign sums_element_0_4 = sums[5'd6];
  assign sums_element_0_5 = sums[5'd8];
  assign sums_element_0_6 = sums[5'd10];
  assign sums_element_0_7 = sums[5'd12];
  assign sums_element_0_8 = sums[5'd14];
  assign sums_element_0_9 = sums[5'd16];
  assign sums_element_0_10 = sums[5'd18];
  assign sums_element_0_11 = sums[5'd20];
  assign sums_element_0_12 = sums[5'd22];
  assign sums_element_0_13 = sums[5'd24];
  assign sums_element_0_14 = sums[5'd26];
  assign sums_element_0_15 = sums[5'd28];
  assign sums_element_0_16 = sums[5'd30];
  assign sums_element_1 = sums[5'd1];
  assign sums_element_1_2 = sums[5'd3];
  assign sums_element_1_3 = sums[5'd5];
  assign sums_element_1_4 = sums[5'd7];
  assign sums_element_1_5 = sums[5'd9];
  assign sums_element_1_6 = sums[5'd11];
  assign sums_element_1_7 = sums[5'd13];
  assign sums_element_1_8 = sums[5'd15];
  assign sums_element_1_9 = sums[5'd17];
  assign sums_element_1_10 = sums[5'd19];
  assign sums_element_1_11 = sums[5'd21];
  assign sums_element_1_12 = sums[5'd23];
  assign sums_element_1_13 = sums[5'd25];
  assign sums_element_1_14 = sums[5'd27];
  assign sums_element_1_15 = sums[5'd29];
  assign sums_element_1_16 = sums[5'd31];
  always_ff @(posedge clk) begin
    if (rotate_term_go[0]) begin
      is_first_term_s1 <= is_first_term;
      chosen_0_3_s1 <= chosen_0_3;
      chosen_0_5_s1 <= chosen_0_5;
      chosen_0_7_s1 <= chosen_0_7;
      chosen_0_9_s1 <= chosen_0_9;
      chosen_0_11_s1 <= chosen_0_11;
      chosen_0_13_s1 <= chosen_0_13;
      chosen_0_15_s1 <= chosen_0_15;
      chosen_0_17_s1 <= chosen_0_17;
      chosen_0_19_s1 <= chosen_0_19;
      chosen_0_21_s1 <= chosen_0_21;
      chosen_0_23_s1 <= chosen_0_23;
      chosen_0_25_s1 <= chosen_0_25;
      chosen_0_27_s1 <= chosen_0_27;
      chosen_0_29_s1 <= chosen_0_29;
      chosen_0_31_s1 <= chosen_0_31;
      chosen_1_3_s1 <= chosen_1_3;
      chosen_1_5_s1 <= chosen_1_5;
      chosen_1_7_s1 <= chosen_1_7;
      chosen_1_9_s1 <= chosen_1_9;
      chosen_1_11_s1 <= chosen_1_11;
      chosen_1_13_s1 <= chosen_1_13;
      chosen_1_15_s1 <= chosen_1_15;
      chosen_1_17_s1 <= chosen_1_17;
      chosen_1_19_s1 <= chosen_1_19;
      chosen_1_21_s1 <= chosen_1_21;
      chosen_1_23_s1 <= chosen_1_23;
      chosen_1_25_s1 <= chosen_1_25;
      chosen_1_27_s1 <= chosen_1_27;
      chosen_1_29_s1 <= chosen_1_29;
      chosen_1_31_s1 <= chosen_1_31;
    end
  end
  always_comb begin
    rotate_term_ok = '1;
    rotate_term_ok[0] = gated_valid;
  end
  lmc_pipeline #(.STAGES(2), .INTERVAL(1)) rotate_term_control (
      .clk,
      .rst,
      .start  (state == START_ROTATE_TERM),
      .is_last(rotate_term_is_last),
      .ok     (rotate_term_ok),
      .valid  (rotate_term_unused_valid),
      .go     (rotate_term_go),
      .done   (rotate_term_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_ROTATE_TERM) begin
      term <= '0;
    end else if (rotate_term_go[0]) begin
      term <= is_last_term ? '0 : term + 1'b1;
    end
  end

  // Pipeline rotate_row: 1 stages
  logic [0:0] rotate_row_ok, rotate_row_unused_valid;
  logic rotate_row_is_last;
  logic [3:0] row;
  wire logic is_last_row = row == 4'd15;
  assign rotate_row_is_last = is_last_row;
  logic signed [28:0] sums_element_0_17, sums_element_1_17;

  // Stage 0
  // mamba1.py:41
  wire logic [57:0] rotated_word_1 = {sums_element_1_17, sums_element_0_17};

  assign sums_element_0_17 = sums[5'(row) * 5'd2];
  assign sums_element_1_17 = sums[5'd1 + 5'(row) * 5'd2];
  always_comb begin
    rotate_row_ok = '1;
    rotate_row_ok[0] = rotated_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) rotate_row_control (
      .clk,
      .rst,
      .start  (state == START_ROTATE_ROW),
      .is_last(rotate_row_is_last),
      .ok     (rotate_row_ok),
      .valid  (rotate_row_unused_valid),
      .go     (rotate_row_go),
      .done   (rotate_row_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_ROTATE_ROW) begin
      row <= '0;
    end else if (rotate_row_go[0]) begin
      row <= is_last_row ? '0 : row + 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (rotate_term_go[0]) sums[5'd0] <= sum_0;
    if (rotate_term_go[1]) sums[5'd2] <= sum_0_2;
    if (rotate_term_go[1]) sums[5'd4] <= sum_0_3;
    if (rotate_term_go[1]) sums[5'd6] <= sum_0_4;
    if (rotate_term_go[1]) sums[5'd8] <= sum_0_5;
    if (rotate_term_go[1]) sums[5'd10] <= sum_0_6;
    if (rotate_term_go[1]) sums[5'd12] <= sum_0_7;
    if (rotate_term_go[1]) sums[5'd14] <= sum_0_8;
    if (rotate_term_go[1]) sums[5'd16] <= sum_0_9;
    if (rotate_term_go[1]) sums[5'd18] <= sum_0_10;
    if (rotate_term_go[1]) sums[5'd20] <= sum_0_11;
    if (rotate_term_go[1]) sums[5'd22] <= sum_0_12;
    if (rotate_term_go[1]) sums[5'd24] <= sum_0_13;
    if (rotate_term_go[1]) sums[5'd26] <= sum_0_14;
    if (rotate_term_go[1]) sums[5'd28] <= sum_0_15;
    if (rotate_term_go[1]) sums[5'd30] <= sum_0_16;
    if (rotate_term_go[0]) sums[5'd1] <= sum_1;
    if (rotate_term_go[1]) sums[5'd3] <= sum_1_2;
    if (rotate_term_go[1]) sums[5'd5] <= sum_1_3;
    if (rotate_term_go[1]) sums[5'd7] <= sum_1_4;
    if (rotate_term_go[1]) sums[5'd9] <= sum_1_5;
    if (rotate_term_go[1]) sums[5'd11] <= sum_1_6;
    if (rotate_term_go[1]) sums[5'd13] <= sum_1_7;
    if (rotate_term_go[1]) sums[5'd15] <= sum_1_8;
    if (rotate_term_go[1]) sums[5'd17] <= sum_1_9;
    if (rotate_term_go[1]) sums[5'd19] <= sum_1_10;
    if (rotate_term_go[1]) sums[5'd21] <= sum_1_11;
    if (rotate_term_go[1]) sums[5'd23] <= sum_1_12;
    if (rotate_term_go[1]) sums[5'd25] <= sum_1_13;
    if (rotate_term_go[1]) sums[5'd27] <= sum_1_14;
    if (rotate_term_go[1]) sums[5'd29] <= sum_1_15;
    if (rotate_term_go[1]) sums[5'd31] <= sum_1_16;
  end

  assign gated_ready = rotate_term_go[0];
  assign rotated_valid = rotate_row_go[0];
  assign rotated_data = rotated_word_1;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_rotate_token) begin
            token <= '0;
            state <= ROUND_ROTATE_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_ROTATE_TOKEN: begin
          layer <= '0;
          state <= ROUND_ROTATE_LAYER;
        end
        ROUND_ROTATE_LAYER: begin
          state <= START_ROTATE_TERM;
        end
        START_ROTATE_TERM: begin
          state <= RUN_ROTATE_TERM;
        end
        RUN_ROTATE_TERM: begin
          if (rotate_term_done) begin
            state <= START_ROTATE_ROW;
          end
        end
        START_ROTATE_ROW: begin
          state <= RUN_ROTATE_ROW;
        end
        RUN_ROTATE_ROW: begin
          if (rotate_row_done) begin
            if (more_rotate_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_ROTATE_LAYER;
            end else begin
              if (more_rotate_token) begin
                token <= token + 1'b1;
                state <= ROUND_ROTATE_TOKEN;
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
      rotate_term_go,
      rotate_row_go,
      gated_word,
      shifted,
      shifted_2,
      shifted_3,
      shifted_4,
      shifted_5,
      shifted_6,
      shifted_7,
      shifted_8,
      shifted_9,
      shifted_10,
      shifted_11,
      shifted_12,
      shifted_13,
      shifted_14,
      shifted_15,
      converted_1,
      1'b0
  };

endmodule
