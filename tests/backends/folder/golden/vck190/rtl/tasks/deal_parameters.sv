//   writes conv_weight_parameters: 16 words of 8 x fixed<16, 13> for each layer
//   writes conv_bias_parameters: 16 words of 2 x fixed<27, 24> for each layer
//   writes dt_bias_parameters: 16 words of 2 x fixed<12, 9> for each layer
//   writes a_parameters: 32 words of 4 x fixed<16, 12> for each layer
//   writes d_parameters: 32 words of fixed<16, 13> for each layer
module deal_parameters (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic parameters_words_valid,
    output logic parameters_words_ready,
    input  logic [511:0] parameters_words_data,
    output logic conv_weight_parameters_valid,
    input  logic conv_weight_parameters_ready,
    output logic [127:0] conv_weight_parameters_data,
    output logic conv_bias_parameters_valid,
    input  logic conv_bias_parameters_ready,
    output logic [53:0] conv_bias_parameters_data,
    output logic dt_bias_parameters_valid,
    input  logic dt_bias_parameters_ready,
    output logic [23:0] dt_bias_parameters_data,
    output logic a_parameters_valid,
    input  logic a_parameters_ready,
    output logic [63:0] a_parameters_data,
    output logic d_parameters_valid,
    input  logic d_parameters_ready,
    output logic [15:0] d_parameters_data
);

  typedef enum logic [3:0] {
    IDLE,
    DONE,
    ROUND_DEAL_PARAMETERS_TOKEN,
    ROUND_DEAL_PARAMETERS_LAYER,
    START_DEAL_PARAMETERS_LANE,
    RUN_DEAL_PARAMETERS_LANE,
    START_DEAL_PARAMETERS_LANE_2,
    RUN_DEAL_PARAMETERS_LANE_2,
    START_DEAL_PARAMETERS_LANE_3,
    RUN_DEAL_PARAMETERS_LANE_3,
    START_DEAL_PARAMETERS_LANE_4,
    RUN_DEAL_PARAMETERS_LANE_4,
    START_DEAL_PARAMETERS_LANE_5,
    RUN_DEAL_PARAMETERS_LANE_5
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic [511:0] word, word_2, word_3, word_4, word_5;
  logic [0:0] deal_parameters_lane_go;
  logic deal_parameters_lane_done;
  logic [1:0] deal_parameters_lane_2_go;
  logic deal_parameters_lane_2_done;
  logic [0:0] deal_parameters_lane_3_go;
  logic deal_parameters_lane_3_done;
  logic [0:0] deal_parameters_lane_4_go;
  logic deal_parameters_lane_4_done;
  logic [0:0] deal_parameters_lane_5_go;
  logic deal_parameters_lane_5_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_deal_parameters_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_deal_parameters_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_deal_parameters_layer = next_layer < 2'd2;

  // Pipeline deal_parameters_lane: 1 stages
  logic [0:0] deal_parameters_lane_ok, deal_parameters_lane_unused_valid;
  logic deal_parameters_lane_is_last;
  logic [1:0] word_6, lane;
  wire logic is_last_word = word_6 == 2'd3;
  wire logic is_last_lane = lane == 2'd3;
  assign deal_parameters_lane_is_last = is_last_word && is_last_lane;
  logic [511:0] word_now, parameters_words_word_2;
  assign parameters_words_word_2 = parameters_words_data;

  // Stage 0
  wire logic is_first_lane = lane == 2'd0;
  wire logic [511:0] parameters_words_word = is_first_lane ? parameters_words_word_2 : word_now;
  wire logic [383:0] parameters_words_element_2 = parameters_words_word[511:128];
  wire logic [511:0] word_7 = {128'd0, parameters_words_element_2};
  wire logic [127:0] parameters_words_element = parameters_words_word[127:0];

  assign word_now = word;
  always_comb begin
    deal_parameters_lane_ok = '1;
    deal_parameters_lane_ok[0] = (!is_first_lane || parameters_words_valid) &&
        conv_weight_parameters_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) deal_parameters_lane_control (
      .clk,
      .rst,
      .start  (state == START_DEAL_PARAMETERS_LANE),
      .is_last(deal_parameters_lane_is_last),
      .ok     (deal_parameters_lane_ok),
      .valid  (deal_parameters_lane_unused_valid),
      .go     (deal_parameters_lane_go),
      .done   (deal_parameters_lane_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_DEAL_PARAMETERS_LANE) begin
      word_6 <= '0;
      lane <= '0;
    end else if (deal_parameters_lane_go[0]) begin
      if (is_last_lane) word_6 <= is_last_word ? '0 : word_6 + 1'b1;
      lane <= is_last_lane ? '0 : lane + 1'b1;
    end
  end

  // Pipeline deal_parameters_lane_2: 2 stages
  logic [1:0] deal_parameters_lane_2_ok, deal_parameters_lane_2_unused_valid;
  logic deal_parameters_lane_2_is_last, word_8;
  logic [3:0] lane_2;
  wire logic is_last_word_2 = word_8 == 1'd1;
  wire logic is_last_lane_2 = lane_2 == 4'd8;
  assign deal_parameters_lane_2_is_last = is_last_word_2 && is_last_lane_2;
  logic [511:0] word_2_now;
  logic [53:0] parameters_words_element_3_s1;
  logic [4:0] place_s1;
  logic [511:0] parameters_words_word_4;
  assign parameters_words_word_4 = parameters_words_data;

  // Stage 0
  wire logic is_first_lane_2 = lane_2 == 4'd0;
  wire logic [511:0] parameters_words_word_3 = is_first_lane_2 ? parameters_words_word_4 :
      word_2_now;
  wire logic [457:0] parameters_words_element_4 = parameters_words_word_3[511:54];
  wire logic [511:0] word_9 = {54'd0, parameters_words_element_4};
  (* use_dsp = "no" *) wire logic [3:0] offset = 4'(word_8) * 4'd9;
  wire logic [4:0] place = 5'(offset) + 5'(lane_2);
  wire logic [53:0] parameters_words_element_3 = parameters_words_word_3[53:0];

  // Stage 1
  wire logic condition = place_s1 < 5'd16;

  assign word_2_now = word_2;
  always_ff @(posedge clk) begin
    if (deal_parameters_lane_2_go[0]) begin
      parameters_words_element_3_s1 <= parameters_words_element_3;
      place_s1 <= place;
    end
  end
  always_comb begin
    deal_parameters_lane_2_ok = '1;
    deal_parameters_lane_2_ok[0] = (!is_first_lane_2 || parameters_words_valid);
    deal_parameters_lane_2_ok[1] = (!condition || conv_bias_parameters_ready);
  end
  lmc_pipeline #(.STAGES(2), .INTERVAL(1)) deal_parameters_lane_2_control (
      .clk,
      .rst,
      .start  (state == START_DEAL_PARAMETERS_LANE_2),
      .is_last(deal_parameters_lane_2_is_last),
      .ok     (deal_parameters_lane_2_ok),
      .valid  (deal_parameters_lane_2_unused_valid),
      .go     (deal_parameters_lane_2_go),
      .done   (deal_parameters_lane_2_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_DEAL_PARAMETERS_LANE_2) begin
      word_8 <= '0;
      lane_2 <= '0;
    end else if (deal_parameters_lane_2_go[0]) begin
      if (is_last_lane_2) word_8 <= is_last_word_2 ? '0 : word_8 + 1'b1;
      lane_2 <= is_last_lane_2 ? '0 : lane_2 + 1'b1;
    end
  end

  // Pipeline deal_parameters_lane_3: 1 stages
  logic [0:0] deal_parameters_lane_3_ok, deal_parameters_lane_3_unused_valid;
  logic deal_parameters_lane_3_is_last;
  logic [4:0] lane_3;
  wire logic is_last_lane_3 = lane_3 == 5'd20;
  assign deal_parameters_lane_3_is_last = is_last_lane_3;
  logic [511:0] word_3_now, parameters_words_word_6;
  assign parameters_words_word_6 = parameters_words_data;

  // Stage 0
  wire logic is_first_lane_3 = lane_3 == 5'd0;
  wire logic [511:0] parameters_words_word_5 = is_first_lane_3 ? parameters_words_word_6 :
      word_3_now;
  wire logic [487:0] parameters_words_element_6 = parameters_words_word_5[511:24];
  wire logic [511:0] word_10 = {24'd0, parameters_words_element_6};
  wire logic [23:0] parameters_words_element_5 = parameters_words_word_5[23:0];
  wire logic condition_2 = lane_3 < 5'd16;

  assign word_3_now = word_3;
  always_comb begin
    deal_parameters_lane_3_ok = '1;
    deal_parameters_lane_3_ok[0] = (!is_first_lane_3 || parameters_words_valid) && (!condition_2 ||
        dt_bias_parameters_ready);
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) deal_parameters_lane_3_control (
      .clk,
      .rst,
      .start  (state == START_DEAL_PARAMETERS_LANE_3),
      .is_last(deal_parameters_lane_3_is_last),
      .ok     (deal_parameters_lane_3_ok),
      .valid  (deal_parameters_lane_3_unused_valid),
      .go     (deal_parameters_lane_3_go),
      .done   (deal_parameters_lane_3_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_DEAL_PARAMETERS_LANE_3) begin
      lane_3 <= '0;
    end else if (deal_parameters_lane_3_go[0]) begin
      lane_3 <= is_last_lane_3 ? '0 : lane_3 + 1'b1;
    end
  end

  // Pipeline deal_parameters_lane_4: 1 stages
  logic [0:0] deal_parameters_lane_4_ok, deal_parameters_lane_4_unused_valid;
  logic deal_parameters_lane_4_is_last;
  logic [1:0] word_11;
  logic [2:0] lane_4;
  wire logic is_last_word_3 = word_11 == 2'd3;
  wire logic is_last_lane_4 = lane_4 == 3'd7;
  assign deal_parameters_lane_4_is_last = is_last_word_3 && is_last_lane_4;
  logic [511:0] word_4_now, parameters_words_word_8;
  assign parameters_words_word_8 = parameters_words_data;

  // Stage 0
  wire logic is_first_lane_4 = lane_4 == 3'd0;
  wire logic [511:0] parameters_words_word_7 = is_first_lane_4 ? parameters_words_word_8 :
      word_4_now;
  wire logic [447:0] parameters_words_element_8 = parameters_words_word_7[511:64];
  wire logic [511:0] word_12 = {64'd0, parameters_words_element_8};
  wire logic [63:0] parameters_words_element_7 = parameters_words_word_7[63:0];

  assign word_4_now = word_4;
  always_comb begin
    deal_parameters_lane_4_ok = '1;
    deal_parameters_lane_4_ok[0] = (!is_first_lane_4 || parameters_words_valid) &&
        a_parameters_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) deal_parameters_lane_4_control (
      .clk,
      .rst,
      .start  (state == START_DEAL_PARAMETERS_LANE_4),
      .is_last(deal_parameters_lane_4_is_last),
      .ok     (deal_parameters_lane_4_ok),
      .valid  (deal_parameters_lane_4_unused_valid),
      .go     (deal_parameters_lane_4_go),
      .done   (deal_parameters_lane_4_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_DEAL_PARAMETERS_LANE_4) begin
      word_11 <= '0;
      lane_4 <= '0;
    end else if (deal_parameters_lane_4_go[0]) begin
      if (is_last_lane_4) word_11 <= is_last_word_3 ? '0 : word_11 + 1'b1;
      lane_4 <= is_last_lane_4 ? '0 : lane_4 + 1'b1;
    end
  end

  // Pipeline deal_parameters_lane_5: 1 stages
  logic [0:0] deal_parameters_lane_5_ok, deal_parameters_lane_5_unused_valid;
  logic deal_parameters_lane_5_is_last;
  logic [4:0] lane_5;
  wire logic is_last_lane_5 = lane_5 == 5'd31;
  assign deal_parameters_lane_5_is_last = is_last_lane_5;
  logic [511:0] word_5_now, parameters_words_word_10;
  assign parameters_words_word_10 = parameters_words_data;

  // Stage 0
  wire logic is_first_lane_5 = lane_5 == 5'd0;
  wire logic [511:0] parameters_words_word_9 = is_first_lane_5 ? parameters_words_word_10 :
      word_5_now;
  wire logic [495:0] parameters_words_element_10 = parameters_words_word_9[511:16];
  wire logic [511:0] word_13 = {16'd0, parameters_words_element_10};
  wire logic [15:0] parameters_words_element_9 = parameters_words_word_9[15:0];

  assign word_5_now = word_5;
  always_comb begin
    deal_parameters_lane_5_ok = '1;
    deal_parameters_lane_5_ok[0] = (!is_first_lane_5 || parameters_words_valid) &&
        d_parameters_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) deal_parameters_lane_5_control (
      .clk,
      .rst,
      .start  (state == START_DEAL_PARAMETERS_LANE_5),
      .is_last(deal_parameters_lane_5_is_last),
      .ok     (deal_parameters_lane_5_ok),
      .valid  (deal_parameters_lane_5_unused_valid),
      .go     (deal_parameters_lane_5_go),
      .done   (deal_parameters_lane_5_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_DEAL_PARAMETERS_LANE_5) begin
      lane_5 <= '0;
    end else if (deal_parameters_lane_5_go[0]) begin
      lane_5 <= is_last_lane_5 ? '0 : lane_5 + 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (deal_parameters_lane_go[0]) word <= word_7;
    if (deal_parameters_lane_2_go[0]) word_2 <= word_9;
    if (deal_parameters_lane_3_go[0]) word_3 <= word_10;
    if (deal_parameters_lane_4_go[0]) word_4 <= word_12;
    if (deal_parameters_lane_5_go[0]) word_5 <= word_13;
  end

  assign parameters_words_ready = (deal_parameters_lane_go[0] && is_first_lane) ||
      (deal_parameters_lane_2_go[0] && is_first_lane_2) || (deal_parameters_lane_3_go[0] &&
      is_first_lane_3) || (deal_parameters_lane_4_go[0] && is_first_lane_4) ||
      (deal_parameters_lane_5_go[0] && is_first_lane_5);
  assign conv_weight_parameters_valid = deal_parameters_lane_go[0];
  assign conv_weight_parameters_data = parameters_words_element;
  assign conv_bias_parameters_valid = deal_parameters_lane_2_go[1] && condition;
  assign conv_bias_parameters_data = parameters_words_element_3_s1;
  assign dt_bias_parameters_valid = deal_parameters_lane_3_go[0] && condition_2;
  assign dt_bias_parameters_data = parameters_words_element_5;
  assign a_parameters_valid = deal_parameters_lane_4_go[0];
  assign a_parameters_data = parameters_words_element_7;
  assign d_parameters_valid = deal_parameters_lane_5_go[0];
  assign d_parameters_data = parameters_words_element_9;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_deal_parameters_token) begin
            token <= '0;
            state <= ROUND_DEAL_PARAMETERS_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_DEAL_PARAMETERS_TOKEN: begin
          layer <= '0;
          state <= ROUND_DEAL_PARAMETERS_LAYER;
        end
        ROUND_DEAL_PARAMETERS_LAYER: begin
          state <= START_DEAL_PARAMETERS_LANE;
        end
        START_DEAL_PARAMETERS_LANE: begin
          state <= RUN_DEAL_PARAMETERS_LANE;
        end
        RUN_DEAL_PARAMETERS_LANE: begin
          if (deal_parameters_lane_done) begin
            state <= START_DEAL_PARAMETERS_LANE_2;
          end
        end
        START_DEAL_PARAMETERS_LANE_2: begin
          state <= RUN_DEAL_PARAMETERS_LANE_2;
        end
        RUN_DEAL_PARAMETERS_LANE_2: begin
          if (deal_parameters_lane_2_done) begin
            state <= START_DEAL_PARAMETERS_LANE_3;
          end
        end
        START_DEAL_PARAMETERS_LANE_3: begin
          state <= RUN_DEAL_PARAMETERS_LANE_3;
        end
        RUN_DEAL_PARAMETERS_LANE_3: begin
          if (deal_parameters_lane_3_done) begin
            state <= START_DEAL_PARAMETERS_LANE_4;
          end
        end
        START_DEAL_PARAMETERS_LANE_4: begin
          state <= RUN_DEAL_PARAMETERS_LANE_4;
        end
        RUN_DEAL_PARAMETERS_LANE_4: begin
          if (deal_parameters_lane_4_done) begin
            state <= START_DEAL_PARAMETERS_LANE_5;
          end
        end
        START_DEAL_PARAMETERS_LANE_5: begin
          state <= RUN_DEAL_PARAMETERS_LANE_5;
        end
        RUN_DEAL_PARAMETERS_LANE_5: begin
          if (deal_parameters_lane_5_done) begin
            if (more_deal_parameters_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_DEAL_PARAMETERS_LAYER;
            end else begin
              if (more_deal_parameters_token) begin
                token <= token + 1'b1;
                state <= ROUND_DEAL_PARAMETERS_TOKEN;
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
      deal_parameters_lane_go,
      deal_parameters_lane_2_go,
      deal_parameters_lane_3_go,
      deal_parameters_lane_4_go,
      deal_parameters_lane_5_go,
      parameters_words_word,
      parameters_words_word_3,
      parameters_words_word_5,
      parameters_words_word_7,
      parameters_words_word_9,
      1'b0
  };

endmodule
