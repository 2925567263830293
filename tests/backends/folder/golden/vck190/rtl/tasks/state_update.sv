// ssm.selective_state_update(ssm_state: 32 x 4 x bfp<8, 4, 10>, decay: 32 x 4 x fixed<18, 16>, dt: 32 x fixed<24, 15>, x: 32 x fixed<16, 10>, b: 4 x fixed<16, 10>, c: 4 x fixed<16, 10>) -> y: 32 x fixed<24, 8>, new_ssm_state: 32 x 4 x bfp<8, 4, 10>
//   from mamba1.py:40 with backbone.layers.{layer}.mixer.D
//   reads b: 2 words of 2 x fixed<16, 10> for each layer
//   reads c: 2 words of 2 x fixed<16, 10> for each layer
//   reads dt_copy_x1_2: 32 words of fixed<24, 15> for each layer
//   reads decay: 32 words of 4 x fixed<18, 16> for each layer
//   reads x_copy_kept_x1: 32 words of fixed<16, 10> for each layer
//   reads d_parameters: 32 words of fixed<16, 13> for each layer
//   writes y_rows: 32 words of fixed<24, 8> for each layer
module state_update (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic b_valid,
    output logic b_ready,
    input  logic [31:0] b_data,
    input  logic c_valid,
    output logic c_ready,
    input  logic [31:0] c_data,
    input  logic dt_copy_x1_2_valid,
    output logic dt_copy_x1_2_ready,
    input  logic [23:0] dt_copy_x1_2_data,
    input  logic decay_valid,
    output logic decay_ready,
    input  logic [71:0] decay_data,
    input  logic x_copy_kept_x1_valid,
    output logic x_copy_kept_x1_ready,
    input  logic [15:0] x_copy_kept_x1_data,
    input  logic d_parameters_valid,
    output logic d_parameters_ready,
    input  logic [15:0] d_parameters_data,
    input  logic ssm_state_old_valid,
    output logic ssm_state_old_ready,
    input  logic [31:0] ssm_state_old_data,
    input  logic ssm_state_exponents_old_valid,
    output logic ssm_state_exponents_old_ready,
    input  logic [3:0] ssm_state_exponents_old_data,
    output logic ssm_state_new_valid,
    input  logic ssm_state_new_ready,
    output logic [31:0] ssm_state_new_data,
    output logic ssm_state_exponents_new_valid,
    input  logic ssm_state_exponents_new_ready,
    output logic [3:0] ssm_state_exponents_new_data,
    output logic y_rows_valid,
    input  logic y_rows_ready,
    output logic [23:0] y_rows_data
);

  typedef enum logic [3:0] {
    IDLE,
    DONE,
    ROUND_STATE_UPDATE_TOKEN,
    ROUND_STATE_UPDATE_LAYER,
    START_STATE_UPDATE_LOAD_B,
    RUN_STATE_UPDATE_LOAD_B,
    START_STATE_UPDATE_LOAD_C,
    RUN_STATE_UPDATE_LOAD_C,
    START_STATE_UPDATE_HEAD,
    RUN_STATE_UPDATE_HEAD
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic signed [15:0] b[4];
  logic signed [15:0] c[4];
  logic [0:0] state_update_load_b_go;
  logic state_update_load_b_done;
  logic [0:0] state_update_load_c_go;
  logic state_update_load_c_done;
  logic [19:0] state_update_head_go;
  logic state_update_head_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_state_update_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_state_update_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_state_update_layer = next_layer < 2'd2;

  // Pipeline state_update_load_b: 1 stages
  logic [0:0] state_update_load_b_ok, state_update_load_b_unused_valid;
  logic state_update_load_b_is_last, load_b;
  wire logic is_last_load_b = load_b == 1'd1;
  assign state_update_load_b_is_last = is_last_load_b;
  logic [31:0] b_word;
  assign b_word = b_data;

  // Stage 0
  // mamba1.py:40
  wire logic signed [15:0] b_element_0 = signed'(b_word[15:0]);
  wire logic [1:0] offset_0 = 2'(load_b) * 2'd2;
  wire logic signed [15:0] b_element_1 = signed'(b_word[31:16]);
  wire logic [1:0] place_1 = offset_0 + 2'd1;

  always_comb begin
    state_update_load_b_ok = '1;
    state_update_load_b_ok[0] = b_valid;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) state_update_load_b_control (
      .clk,
      .rst,
      .start  (state == START_STATE_UPDATE_LOAD_B),
      .is_last(state_update_load_b_is_last),
      .ok     (state_update_load_b_ok),
      .valid  (state_update_load_b_unused_valid),
      .go     (state_update_load_b_go),
      .done   (state_update_load_b_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_STATE_UPDATE_LOAD_B) begin
      load_b <= '0;
    end else if (state_update_load_b_go[0]) begin
      load_b <= is_last_load_b ? '0 : load_b + 1'b1;
    end
  end

  // Pipeline state_update_load_c: 1 stages
  logic [0:0] state_update_load_c_ok, state_update_load_c_unused_valid;
  logic state_update_load_c_is_last, load_c;
  wire logic is_last_load_c = load_c == 1'd1;
  assign state_update_load_c_is_last = is_last_load_c;
  logic [31:0] c_word;
  assign c_word = c_data;

  // Stage 0
  // mamba1.py:40
  wire logic signed [15:0] c_element_0 = signed'(c_word[15:0]);
  wire logic [1:0] offset_0_2 = 2'(load_c) * 2'd2;
  wire logic signed [15:0] c_element_1 = signed'(c_word[31:16]);
  wire logic [1:0] place_1_2 = offset_0_2 + 2'd1;

  always_comb begin
    state_update_load_c_ok = '1;
    state_update_load_c_ok[0] = c_valid;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) state_update_load_c_control (
      .clk,
      .rst,
      .start  (state == START_STATE_UPDATE_LOAD_C),
      .is_last(state_update_load_c_is_last),
      .ok     (state_update_load_c_ok),
      .valid  (state_update_load_c_unused_valid),
      .go     (state_update_load_c_go),
      .done   (state_update_load_c_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_STATE_UPDATE_LOAD_C) begin
      load_c <= '0;
    end else if (state_update_load_c_go[0]) begin
      load_c <= is_last_load_c ? '0 : load_c + 1'b1;
    end
  end

  // Pipeline state_update_head: 20 stages
  logic [19:0] state_update_head_ok, state_update_head_unused_valid;
  logic state_update_head_is_last;
  logic [4:0] head;
  wire logic is_last_head = head == 5'd31;
  assign state_update_head_is_last = is_last_head;
  logic signed [15:0] b_element_0_2, b_element_1_2, b_element_2, b_element_3, c_element_0_2,
      c_element_1_2, c_element_2, c_element_3;
  logic signed [23:0] converted_s1, rounded_s4, rounded_s5, rounded_0_s9, rounded_0_s13,
      rounded_1_s9, rounded_1_s13, rounded_2_s9, rounded_2_s13, rounded_3_s9, rounded_3_s13,
      product_0_3_s15, product_1_3_s15, product_2_3_s15, product_3_3_s15, rounded_4_s19;
  logic signed [15:0] converted_2_s1, b_element_0_2_s5, b_element_1_2_s5, b_element_2_s5,
      b_element_3_s5, c_element_0_2_s14, c_element_1_2_s14, c_element_2_s14, c_element_3_s14,
      converted_3_s1;
  logic signed [39:0] product_s2, product_s3, product_0_2_s6, product_0_2_s7, product_1_2_s6,
      product_1_2_s7, product_2_2_s6, product_2_2_s7, product_3_2_s6, product_3_2_s7;
  logic signed [7:0] ssm_state_old_element_0_s1, ssm_state_old_element_1_s1,
      ssm_state_old_element_2_s1, ssm_state_old_element_3_s1, rounded_0_2_s14, rounded_1_2_s14,
      rounded_2_2_s14, rounded_3_2_s14;
  logic [3:0] ssm_state_exponents_old_element_s1, ssm_state_exponents_new_element_s13,
      ssm_state_exponents_new_element_s16;
  logic signed [17:0] decay_element_0_s1, decay_element_0_s2, decay_element_1_s1,
      decay_element_1_s2, decay_element_2_s1, decay_element_2_s2, decay_element_3_s1,
      decay_element_3_s2;
  logic signed [22:0] shifted_0_s2, shifted_1_s2, shifted_2_s2, shifted_3_s2;
  logic signed [40:0] product_0_s3, product_0_s4, product_0_s7, product_1_s3, product_1_s4,
      product_1_s7, product_2_s3, product_2_s4, product_2_s7, product_3_s3, product_3_s4,
      product_3_s7;
  logic signed [41:0] sum_0_s8, sum_1_s8, sum_2_s8, sum_3_s8;
  logic [23:0] largest_0_s10, largest_1_s10, largest_s11;
  logic [4:0] bit_count_s12;
  logic signed [25:0] sum_5_s16;
  logic signed [31:0] product_4_s2, product_4_s3, product_4_s17;
  logic signed [43:0] shifted_4_s17, sum_6_s18;
  logic [23:0] dt_copy_x1_2_element;
  assign dt_copy_x1_2_element = dt_copy_x1_2_data;
  logic [71:0] decay_word;
  assign decay_word = decay_data;
  logic [15:0] x_copy_kept_x1_element;
  assign x_copy_kept_x1_element = x_copy_kept_x1_data;
  logic [15:0] d_parameters_element;
  assign d_parameters_element = d_parameters_data;
  logic [31:0] ssm_state_old_word;
  assign ssm_state_old_word = ssm_state_old_data;
  logic [3:0] ssm_state_exponents_old_element;
  assign ssm_state_exponents_old_element = ssm_state_exponents_old_data;

  // Stage 0
  // mamba1.py:40
  wire logic signed [23:0] converted = signed'(dt_copy_x1_2_element);
  wire logic signed [15:0] converted_2 = signed'(x_copy_kept_x1_element);
  wire logic signed [15:0] converted_3 = signed'(d_parameters_element);
  wire logic signed [7:0] ssm_state_old_element_0 = signed'(ssm_state_old_word[7:0]);
  wire logic signed [17:0] decay_element_0 = signed'(decay_word[17:0]);
  wire logic signed [7:0] ssm_state_old_element_1 = signed'(ssm_state_old_word[15:8]);
  wire logic signed [17:0] decay_element_1 = signed'(decay_word[35:18]);
  wire logic signed [7:0] ssm_state_old_element_2 = signed'(ssm_state_old_word[23:16]);
  wire logic signed [17:0] decay_element_2 = signed'(decay_word[53:36]);
  wire logic signed [7:0] ssm_state_old_element_3 = signed'(ssm_state_old_word[31:24]);
  wire logic signed [17:0] decay_element_3 = signed'(decay_word[71:54]);

  // Stage 1
  // mamba1.py:40
  (* use_dsp = "yes" *) wire logic signed [39:0] product = 40'(converted_s1) * 40'(converted_2_s1);
  wire logic signed [22:0] shifted_0 =
      23'(ssm_state_old_element_0_s1) << ssm_state_exponents_old_element_s1;
  wire logic signed [22:0] shifted_1 =
      23'(ssm_state_old_element_1_s1) << ssm_state_exponents_old_element_s1;
  wire logic signed [22:0] shifted_2 =
      23'(ssm_state_old_element_2_s1) << ssm_state_exponents_old_element_s1;
  wire logic signed [22:0] shifted_3 =
      23'(ssm_state_old_element_3_s1) << ssm_state_exponents_old_element_s1;
  (* use_dsp = "yes" *) wire logic signed [31:0] product_4 =
      32'(converted_3_s1) * 32'(converted_2_s1);

  // Stage 2
  // mamba1.py:40
  (* use_dsp = "yes" *) wire logic signed [40:0] product_0 =
      41'(decay_element_0_s2) * 41'(shifted_0_s2);
  (* use_dsp = "yes" *) wire logic signed [40:0] product_1 =
      41'(decay_element_1_s2) * 41'(shifted_1_s2);
  (* use_dsp = "yes" *) wire logic signed [40:0] product_2 =
      41'(decay_element_2_s2) * 41'(shifted_2_s2);
  (* use_dsp = "yes" *) wire logic signed [40:0] product_3 =
      41'(decay_element_3_s2) * 41'(shifted_3_s2);

  // Stage 3
  // mamba1.py:40
  wire logic signed [41:0] rounded_unsaturated = (((42'(product_s3) << 1) >>> 11) + 42'sd1) >>> 1;
  wire logic signed [23:0] rounded = rounded_unsaturated > 42'sd8388607 ? 24'sd8388607 :
      rounded_unsaturated < -42'sd8388608 ? 24'sh800000 : 24'(rounded_unsaturated);

  // Stage 5
  // mamba1.py:40
  (* use_dsp = "yes" *) wire logic signed [39:0] product_0_2 =
      40'(rounded_s5) * 40'(b_element_0_2_s5);
  (* use_dsp = "yes" *) wire logic signed [39:0] product_1_2 =
      40'(rounded_s5) * 40'(b_element_1_2_s5);
  (* use_dsp = "yes" *) wire logic signed [39:0] product_2_2 =
      40'(rounded_s5) * 40'(b_element_2_s5);
  (* use_dsp = "yes" *) wire logic signed [39:0] product_3_2 =
      40'(rounded_s5) * 40'(b_element_3_s5);

  // Stage 7
  // mamba1.py:40
  wire logic signed [41:0] shifted_0_2 = 42'(product_0_2_s7) << 2;
  wire logic signed [41:0] sum_0 = 42'(product_0_s7) + shifted_0_2;
  wire logic signed [41:0] shifted_1_2 = 42'(product_1_2_s7) << 2;
  wire logic signed [41:0] sum_1 = 42'(product_1_s7) + shifted_1_2;
  wire logic signed [41:0] shifted_2_2 = 42'(product_2_2_s7) << 2;
  wire logic signed [41:0] sum_2 = 42'(product_2_s7) + shifted_2_2;
  wire logic signed [41:0] shifted_3_2 = 42'(product_3_2_s7) << 2;
  wire logic signed [41:0] sum_3 = 42'(product_3_s7) + shifted_3_2;

  // Stage 8
  // mamba1.py:40
  wire logic signed [43:0] rounded_0_unsaturated = (((44'(sum_0_s8) << 1) >>> 16) + 44'sd1) >>> 1;
  wire logic signed [23:0] rounded_0 = rounded_0_unsaturated > 44'sd8388607 ? 24'sd8388607 :
      rounded_0_unsaturated < -44'sd8388608 ? 24'sh800000 : 24'(rounded_0_unsaturated);
  wire logic signed [43:0] rounded_1_unsaturated = (((44'(sum_1_s8) << 1) >>> 16) + 44'sd1) >>> 1;
  wire logic signed [23:0] rounded_1 = rounded_1_unsaturated > 44'sd8388607 ? 24'sd8388607 :
      rounded_1_unsaturated < -44'sd8388608 ? 24'sh800000 : 24'(rounded_1_unsaturated);
  wire logic signed [43:0] rounded_2_unsaturated = (((44'(sum_2_s8) << 1) >>> 16) + 44'sd1) >>> 1;
  wire logic signed [23:0] rounded_2 = rounded_2_unsaturated > 44'sd8388607 ? 24'sd8388607 :
      rounded_2_unsaturated < -44'sd8388608 ? 24'sh800000 : 24'(rounded_2_unsaturated);
  wire logic signed [43:0] rounded_3_unsaturated = (((44'(sum_3_s8) << 1) >>> 16) + 44'sd1) >>> 1;
  wire logic signed [23:0] rounded_3 = rounded_3_unsaturated > 44'sd8388607 ? 24'sd8388607 :
      rounded_3_unsaturated < -44'sd8388608 ? 24'sh800000 : 24'(rounded_3_unsaturated);

  // Stage 9
  // mamba1.py:40
  wire logic [23:0] magnitude_0 = rounded_0_s9[23] ? -unsigned'(rounded_0_s9) :
      unsigned'(rounded_0_s9);
  wire logic [23:0] magnitude_1 = rounded_1_s9[23] ? -unsigned'(rounded_1_s9) :
      unsigned'(rounded_1_s9);
  wire logic [23:0] magnitude_2 = rounded_2_s9[23] ? -unsigned'(rounded_2_s9) :
      unsigned'(rounded_2_s9);
  wire logic [23:0] magnitude_3 = rounded_3_s9[23] ? -unsigned'(rounded_3_s9) :
      unsigned'(rounded_3_s9);
  wire logic [23:0] largest_0 = magnitude_0 > magnitude_1 ? magnitude_0 : magnitude_1;
  wire logic [23:0] largest_1 = magnitude_2 > magnitude_3 ? magnitude_2 : magnitude_3;

  // Stage 10
  // mamba1.py:40
  wire logic [23:0] largest = largest_0_s10 > largest_1_s10 ? largest_0_s10 : largest_1_s10;

  // Stage 11
  // mamba1.py:40
  logic [4:0] bit_count;
  always_comb begin
    bit_count = '0;
    for (int bit_number = 0; bit_number < 24; bit_number++)
      if (largest_s11[bit_number]) bit_count = unsigned'(5'(bit_number + 1));
  end

  // Stage 12
  // mamba1.py:40
  wire logic signed [5:0] difference = signed'(6'(bit_count_s12)) - 6'sd7;
  wire logic [4:0] largest_2 = difference > 6'sd0 ? unsigned'(5'(difference)) : 5'd0;
  wire logic [3:0] ssm_state_exponents_new_element = largest_2 < 5'd15 ? 4'(largest_2) : 4'd15;

  // Stage 13
  // mamba1.py:40
  wire logic signed [25:0] rounded_0_2_unsaturated =
      (((26'(rounded_0_s13) << 1) >>> ssm_state_exponents_new_element_s13) + 26'sd1) >>> 1;
  wire logic signed [7:0] rounded_0_2 = rounded_0_2_unsaturated > 26'sd127 ? 8'sd127 :
      rounded_0_2_unsaturated < -26'sd128 ? 8'sh80 : 8'(rounded_0_2_unsaturated);
  wire logic signed [25:0] rounded_1_2_unsaturated =
      (((26'(rounded_1_s13) << 1) >>> ssm_state_exponents_new_element_s13) + 26'sd1) >>> 1;
  wire logic signed [7:0] rounded_1_2 = rounded_1_2_unsaturated > 26'sd127 ? 8'sd127 :
      rounded_1_2_unsaturated < -26'sd128 ? 8'sh80 : 8'(rounded_1_2_unsaturated);
  wire logic signed [25:0] rounded_2_2_unsaturated =
      (((26'(rounded_2_s13) << 1) >>> ssm_state_exponents_new_element_s13) + 26'sd1) >>> 1;
  wire logic signed [7:0] rounded_2_2 = rounded_2_2_unsaturated > 26'sd127 ? 8'sd127 :
      rounded_2_2_unsaturated < -26'sd128 ? 8'sh80 : 8'(rounded_2_2_unsaturated);
  wire logic signed [25:0] rounded_3_2_unsaturated =
      (((26'(rounded_3_s13) << 1) >>> ssm_state_exponents_new_element_s13) + 26'sd1) >>> 1;
  wire logic signed [7:0] rounded_3_2 = rounded_3_2_unsaturated > 26'sd127 ? 8'sd127 :
      rounded_3_2_unsaturated < -26'sd128 ? 8'sh80 : 8'(rounded_3_2_unsaturated);

  // Stage 14
  // mamba1.py:40
  (* use_dsp = "no" *) wire logic signed [23:0] product_0_3 =
      24'(rounded_0_2_s14) * 24'(c_element_0_2_s14);
  (* use_dsp = "no" *) wire logic signed [23:0] product_1_3 =
      24'(rounded_1_2_s14) * 24'(c_element_1_2_s14);
  (* use_dsp = "no" *) wire logic signed [23:0] product_2_3 =
      24'(rounded_2_2_s14) * 24'(c_element_2_s14);
  (* use_dsp = "no" *) wire logic signed [23:0] product_3_3 =
      24'(rounded_3_2_s14) * 24'(c_element_3_s14);
  wire logic [31:0] ssm_state_new_word_3 = {rounded_3_2_s14, rounded_2_2_s14, rounded_1_2_s14,
      rounded_0_2_s14};

  // Stage 15
  // mamba1.py:40
  wire logic signed [24:0] sum = 25'(product_0_3_s15) + 25'(product_1_3_s15);
  wire logic signed [24:0] sum_4 = 25'(product_2_3_s15) + 25'(product_3_3_s15);
  wire logic signed [25:0] sum_5 = 26'(sum) + 26'(sum_4);

  // Stage 16
  // mamba1.py:40
  wire logic signed [40:0] shifted = 41'(sum_5_s16) << ssm_state_exponents_new_element_s16;
  wire logic signed [62:0] converted_4 = 63'(shifted);
  wire logic signed [43:0] shifted_4 = 44'(converted_4) << 3;

  // Stage 17
  // mamba1.py:40
  wire logic signed [62:0] converted_5 = 63'(product_4_s17);
  wire logic signed [43:0] sum_6 = shifted_4_s17 + 44'(converted_5);

  // Stage 18
  // mamba1.py:40
  wire logic signed [45:0] rounded_4_unsaturated = (((46'(sum_6_s18) << 1) >>> 15) + 46'sd1) >>> 1;
  wire logic signed [23:0] rounded_4 = rounded_4_unsaturated > 46'sd8388607 ? 24'sd8388607 :
      rounded_4_unsaturated < -46'sd8388608 ? 24'sh800000 : 24'(rounded_4_unsaturated);

  // Stage 19
  // mamba1.py:40
  wire logic [23:0] y_rows_element = unsigned'(rounded_4_s19);

  always_ff @(posedge clk) if (state_update_head_go[0]) b_element_0_2 <= b[2'd0];
  always_ff @(posedge clk) if (state_update_head_go[0]) b_element_1_2 <= b[2'd1];
  always_ff @(posedge clk) if (state_update_head_go[0]) b_element_2 <= b[2'd2];
  always_ff @(posedge clk) if (state_update_head_go[0]) b_element_3 <= b[2'd3];
  always_ff @(posedge clk) if (state_update_head_go[0]) c_element_0_2 <= c[2'd0];
  always_ff @(posedge clk) if (state_update_head_go[0]) c_element_1_2 <= c[2'd1];
  always_ff @(posedge clk) if (state_update_head_go[0]) c_element_2 <= c[2'd2];
  always_ff @(posedge clk) if (state_update_head_go[0]) c_element_3 <= c[2'd3];
  always_ff @(posedge clk) begin
    if (state_update_head_go[0]) begin
      converted_s1 <= converted;
      converted_2_s1 <= converted_2;
      ssm_state_old_element_0_s1 <= ssm_state_old_element_0;
      ssm_state_exponents_old_element_s1 <= ssm_state_exponents_old_element;
      decay_element_0_s1 <= decay_element_0;
      ssm_state_old_element_1_s1 <= ssm_state_old_element_1;
      decay_element_1_s1 <= decay_element_1;
      ssm_state_old_element_2_s1 <= ssm_state_old_element_2;
      decay_element_2_s1 <= decay_element_2;
      ssm_state_old_element_3_s1 <= ssm_state_old_element_3;
      decay_element_3_s1 <= decay_element_3;
      converted_3_s1 <= converted_3;
    end
    if (state_update_head_go[1]) begin
      product_s2 <= product;
      decay_element_0_s2 <= decay_element_0_s1;
      shifted_0_s2 <= shifted_0;
      decay_element_1_s2 <= decay_element_1_s1;
      shifted_1_s2 <= shifted_1;
      decay_element_2_s2 <= decay_element_2_s1;
      shifted_2_s2 <= shifted_2;
      decay_element_3_s2 <= decay_element_3_s1;
      shifted_3_s2 <= shifted_3;
      product_4_s2 <= product_4;
    end
    if (state_update_head_go[2]) begin
      product_s3 <= product_s2;
      product_0_s3 <= product_0;
      product_1_s3 <= product_1;
      product_2_s3 <= product_2;
      product_3_s3 <= product_3;
      product_4_s3 <= product_4_s2;
    end
    if (state_update_head_go[3]) begin
      rounded_s4 <= rounded;
      product_0_s4 <= product_0_s3;
      product_1_s4 <= product_1_s3;
      product_2_s4 <= product_2_s3;
      product_3_s4 <= product_3_s3;
    end
    if (state_update_head_go[4]) begin
      rounded_s5 <= rounded_s4;
    end
    if (state_update_head_go[5]) begin
      product_0_2_s6 <= product_0_2;
      product_1_2_s6 <= product_1_2;
      product_2_2_s6 <= product_2_2;
      product_3_2_s6 <= product_3_2;
    end
    if (state_update_head_go[6]) begin
      product_0_2_s7 <= product_0_2_s6;
      product_1_2_s7 <= product_1_2_s6;
      product_2_2_s7 <= product_2_2_s6;
      product_3_2_s7 <= product_3_2_s6;
    end
    if (state_update_head_go[7]) begin
      sum_0_s8 <= sum_0;
      sum_1_s8 <= sum_1;
      sum_2_s8 <= sum_2;
      sum_3_s8 <= sum_3;
    end
    if (state_update_head_go[8]) begin
      rounded_0_s9 <= rounded_0;
      rounded_1_s9 <= rounded_1;
      rounded_2_s9 <= rounded_2;
      rounded_3_s9 <= rounded_3;
    end
    if (state_update_head_go[9]) begin
      largest_0_s10 <= largest_0;
      largest_1_s10 <= largest_1;
    end
    if (state_update_head_go[10]) begin
      largest_s11 <= largest;
    end
    if (state_update_head_go[11]) begin
      bit_count_s12 <= bit_count;
    end
    if (state_update_head_go[12]) begin
      ssm_state_exponents_new_element_s13 <= ssm_state_exponents_new_element;
    end
    if (state_update_head_go[13]) begin
      rounded_0_2_s14 <= rounded_0_2;
      rounded_1_2_s14 <= rounded_1_2;
      rounded_2_2_s14 <= rounded_2_2;
      rounded_3_2_s14 <= rounded_3_2;
    end
    if (state_update_head_go[14]) begin
      product_0_3_s15 <= product_0_3;
      product_1_3_s15 <= product_1_3;
      product_2_3_s15 <= product_2_3;
      product_3_3_s15 <= product_3_3;
    end
    if (state_update_head_go[15]) begin
      sum_5_s16 <= sum_5;
    end
    if (state_update_head_go[16]) begin
      shifted_4_s17 <= shifted_4;
    end
    if (state_update_head_go[17]) begin
      sum_6_s18 <= sum_6;
    end
    if (state_update_head_go[18]) begin
      rounded_4_s19 <= rounded_4;
    end
  end
  lmc_delay #(.WIDTH(64), .STAGES(4)) state_update_head_from_1_to_5 (
      .clk,
      .rst,
      .in_go   (state_update_head_go[1]),
      .in_data ({b_element_0_2, b_element_1_2, b_element_2, b_element_3}),
      .out_go  (state_update_head_go[5]),
      .out_data({b_element_0_2_s5, b_element_1_2_s5, b_element_2_s5, b_element_3_s5})
  );
  lmc_delay #(.WIDTH(64), .STAGES(13)) state_update_head_from_1_to_14 (
      .clk,
      .rst,
      .in_go   (state_update_head_go[1]),
      .in_data ({c_element_0_2, c_element_1_2, c_element_2, c_element_3}),
      .out_go  (state_update_head_go[14]),
      .out_data({c_element_0_2_s14, c_element_1_2_s14, c_element_2_s14, c_element_3_s14})
  );
  lmc_delay #(.WIDTH(32), .STAGES(14)) state_update_head_from_3_to_17 (
      .clk,
      .rst,
      .in_go   (state_update_head_go[3]),
      .in_data ({product_4_s3}),
      .out_go  (state_update_head_go[17]),
      .out_data({product_4_s17})
  );
  lmc_delay #(.WIDTH(164), .STAGES(3)) state_update_head_from_4_to_7 (
      .clk,
      .rst,
      .in_go   (state_update_head_go[4]),
      .in_data ({product_0_s4, product_1_s4, product_2_s4, product_3_s4}),
      .out_go  (state_update_head_go[7]),
      .out_data({product_0_s7, product_1_s7, product_2_s7, product_3_s7})
  );
  lmc_delay #(.WIDTH(96), .STAGES(4)) state_update_head_from_9_to_13 (
      .clk,
      .rst,
      .in_go   (state_update_head_go[9]),
      .in_data ({rounded_0_s9, rounded_1_s9, rounded_2_s9, rounded_3_s9}),
      .out_go  (state_update_head_go[13]),
      .out_data({rounded_0_s13, rounded_1_s13, rounded_2_s13, rounded_3_s13})
  );
  lmc_delay #(.WIDTH(4), .STAGES(3)) state_update_head_from_13_to_16 (
      .clk,
      .rst,
      .in_go   (state_update_head_go[13]),
      .in_data ({ssm_state_exponents_new_element_s13}),
      .out_go  (state_update_head_go[16]),
      .out_data({ssm_state_exponents_new_element_s16})
  );
  always_comb begin
    state_update_head_ok = '1;
    state_update_head_ok[0] = dt_copy_x1_2_valid && decay_valid && x_copy_kept_x1_valid &&
        d_parameters_valid && ssm_state_old_valid && ssm_state_exponents_old_valid;
    state_update_head_ok[12] = ssm_state_exponents_new_ready;
    state_update_head_ok[14] = ssm_state_new_ready;
    state_update_head_ok[19] = y_rows_ready;
  end
  lmc_pipeline #(.STAGES(20), .INTERVAL(1)) state_update_head_control (
      .clk,
      .rst,
      .start  (state == START_STATE_UPDATE_HEAD),
      .is_last(state_update_head_is_last),
      .ok     (state_update_head_ok),
      .valid  (state_update_head_unused_valid),
      .go     (state_update_head_go),
      .done   (state_update_head_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_STATE_UPDATE_HEAD) begin
      head <= '0;
    end else if (state_update_head_go[0]) begin
      head <= is_last_head ? '0 : head + 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (state_update_load_b_go[0]) b[offset_0] <= b_element_0;
    if (state_update_load_b_go[0]) b[place_1] <= b_element_1;
    if (state_update_load_c_go[0]) c[offset_0_2] <= c_element_0;
    if (state_update_load_c_go[0]) c[place_1_2] <= c_element_1;
  end

  assign b_ready = state_update_load_b_go[0];
  assign c_ready = state_update_load_c_go[0];
  assign dt_copy_x1_2_ready = state_update_head_go[0];
  assign decay_ready = state_update_head_go[0];
  assign x_copy_kept_x1_ready = state_update_head_go[0];
  assign d_parameters_ready = state_update_head_go[0];
  assign ssm_state_old_ready = state_update_head_go[0];
  assign ssm_state_exponents_old_ready = state_update_head_go[0];
  assign ssm_state_new_valid = state_update_head_go[14];
  assign ssm_state_new_data = ssm_state_new_word_3;
  assign ssm_state_exponents_new_valid = state_update_head_go[12];
  assign ssm_state_exponents_new_data = ssm_state_exponents_new_element;
  assign y_rows_valid = state_update_head_go[19];
  assign y_rows_data = y_rows_element;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_state_update_token) begin
            token <= '0;
            state <= ROUND_STATE_UPDATE_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_STATE_UPDATE_TOKEN: begin
          layer <= '0;
          state <= ROUND_STATE_UPDATE_LAYER;
        end
        ROUND_STATE_UPDATE_LAYER: begin
          state <= START_STATE_UPDATE_LOAD_B;
        end
        START_STATE_UPDATE_LOAD_B: begin
          state <= RUN_STATE_UPDATE_LOAD_B;
        end
        RUN_STATE_UPDATE_LOAD_B: begin
          if (state_update_load_b_done) begin
            state <= START_STATE_UPDATE_LOAD_C;
          end
        end
        START_STATE_UPDATE_LOAD_C: begin
          state <= RUN_STATE_UPDATE_LOAD_C;
        end
        RUN_STATE_UPDATE_LOAD_C: begin
          if (state_update_load_c_done) begin
            state <= START_STATE_UPDATE_HEAD;
          end
        end
        START_STATE_UPDATE_HEAD: begin
          state <= RUN_STATE_UPDATE_HEAD;
        end
        RUN_STATE_UPDATE_HEAD: begin
          if (state_update_head_done) begin
            if (more_state_update_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_STATE_UPDATE_LAYER;
            end else begin
              if (more_state_update_token) begin
                token <= token + 1'b1;
                state <= ROUND_STATE_UPDATE_TOKEN;
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
      state_update_load_b_go,
      state_update_load_c_go,
      state_update_head_go,
      b_word,
      c_word,
      rounded_unsaturated,
      ssm_state_old_word,
      decay_word,
      rounded_0_unsaturated,
      rounded_1_unsaturated,
      rounded_2_unsaturated,
      rounded_3_unsaturated,
      difference,
      largest_2,
      rounded_0_2_unsaturated,
      rounded_1_2_unsaturated,
      rounded_2_2_unsaturated,
      rounded_3_2_unsaturated,
      converted_4,
      converted_5,
      rounded_4_unsaturated,
      1'b0
  };

endmodule
