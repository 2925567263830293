module deal_0 (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic [31:0] n_logits,
    input  logic lane_words_0_valid,
    output logic lane_words_0_ready,
    input  logic [511:0] lane_words_0_data,
    output logic scale_words_0_valid,
    input  logic scale_words_0_ready,
    output logic [511:0] scale_words_0_data,
    output logic weight_words_0_valid,
    input  logic weight_words_0_ready,
    output logic [511:0] weight_words_0_data
);

  typedef enum logic [3:0] {
    IDLE,
    DONE,
    ROUND_DEAL_0_TOKEN,
    ROUND_DEAL_0_LAYER,
    START_DEAL_0_WORD,
    RUN_DEAL_0_WORD,
    START_DEAL_0_WORD_2,
    RUN_DEAL_0_WORD_2,
    START_DEAL_0_WORD_3,
    RUN_DEAL_0_WORD_3,
    START_DEAL_0_WORD_4,
    RUN_DEAL_0_WORD_4,
    START_DEAL_0_WORD_5,
    RUN_DEAL_0_WORD_5,
    START_DEAL_0_WORD_6,
    RUN_DEAL_0_WORD_6
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic [0:0] deal_0_word_go;
  logic deal_0_word_done;
  logic [0:0] deal_0_word_2_go;
  logic deal_0_word_2_done;
  logic [0:0] deal_0_word_3_go;
  logic deal_0_word_3_done;
  logic [0:0] deal_0_word_4_go;
  logic deal_0_word_4_done;
  logic [0:0] deal_0_word_5_go;
  logic deal_0_word_5_done;
  logic [0:0] deal_0_word_6_go;
  logic deal_0_word_6_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic [30:0] n_logits_2 = 31'(n_logits);
  wire logic enters_deal_0_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_deal_0_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_deal_0_layer = next_layer < 2'd2;
  wire logic [31:0] place = 32'(token) + 32'(n_logits_2);
  wire logic condition = place >= 32'(n_tokens_2);

  // Pipeline deal_0_word: 1 stages
  logic [0:0] deal_0_word_ok, deal_0_word_unused_valid;
  logic deal_0_word_is_last;
  logic [3:0] word;
  wire logic is_last_word = word == 4'd11;
  assign deal_0_word_is_last = is_last_word;
  logic [511:0] lane_words_0_word;
  assign lane_words_0_word = lane_words_0_data;

  // Stage 0
  wire logic is_first_word = word == 4'd0;
  wire logic is_first_word_2 = !is_first_word;

  always_comb begin
    deal_0_word_ok = '1;
    deal_0_word_ok[0] = lane_words_0_valid && (!is_first_word || scale_words_0_ready) &&
        (!is_first_word_2 || weight_words_0_ready);
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) deal_0_word_control (
      .clk,
      .rst,
      .start  (state == START_DEAL_0_WORD),
      .is_last(deal_0_word_is_last),
      .ok     (deal_0_word_ok),
      .valid  (deal_0_word_unused_valid),
      .go     (deal_0_word_go),
      .done   (deal_0_word_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_DEAL_0_WORD) begin
      word <= '0;
    end else if (deal_0_word_go[0]) begin
      word <= is_last_word ? '0 : word + 1'b1;
    end
  end

  // Pipeline deal_0_word_2: 1 stages
  logic [0:0] deal_0_word_2_ok, deal_0_word_2_unused_valid;
  logic deal_0_word_2_is_last;
  logic [2:0] word_2;
  wire logic is_last_word_2 = word_2 == 3'd5;
  assign deal_0_word_2_is_last = is_last_word_2;
  logic [511:0] lane_words_0_word_2;
  assign lane_words_0_word_2 = lane_words_0_data;

  // Stage 0
  wire logic is_first_word_3 = word_2 == 3'd0;
  wire logic is_first_word_4 = !is_first_word_3;

  always_comb begin
    deal_0_word_2_ok = '1;
    deal_0_word_2_ok[0] = lane_words_0_valid && (!is_first_word_3 || scale_words_0_ready) &&
        (!is_first_word_4 || weight_words_0_ready);
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) deal_0_word_2_control (
      .clk,
      .rst,
      .start  (state == START_DEAL_0_WORD_2),
      .is_last(deal_0_word_2_is_last),
      .ok     (deal_0_word_2_ok),
      .valid  (deal_0_word_2_unused_valid),
      .go     (deal_0_word_2_go),
      .done   (deal_0_word_2_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_DEAL_0_WORD_2) begin
      word_2 <= '0;
    end else if (deal_0_word_2_go[0]) begin
      word_2 <= is_last_word_2 ? '0 : word_2 + 1'b1;
    end
  end

  // Pipeline deal_0_word_3: 1 stages
  logic [0:0] deal_0_word_3_ok, deal_0_word_3_unused_valid;
  logic deal_0_word_3_is_last;
  logic [2:0] word_3;
  wire logic is_last_word_3 = word_3 == 3'd6;
  assign deal_0_word_3_is_last = is_last_word_3;
  logic [511:0] lane_words_0_word_3;
  assign lane_words_0_word_3 = lane_words_0_data;

  // Stage 0
  wire logic is_first_word_5 = word_3 == 3'd0;
  wire logic is_first_word_6 = !is_first_word_5;

  always_comb begin
    deal_0_word_3_ok = '1;
    deal_0_word_3_ok[0] = lane_words_0_valid && (!is_first_word_5 || scale_words_0_ready) &&
        (!is_first_word_6 || weight_words_0_ready);
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) deal_0_word_3_control (
      .clk,
      .rst,
      .start  (state == START_DEAL_0_WORD_3),
      .is_last(deal_0_word_3_is_last),
      .ok     (deal_0_word_3_ok),
      .valid  (deal_0_word_3_unused_valid),
      .go     (deal_0_word_3_go),
      .done   (deal_0_word_3_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_DEAL_0_WORD_3) begin
      word_3 <= '0;
    end else if (deal_0_word_3_go[0]) begin
      word_3 <= is_last_word_3 ? '0 : word_3 + 1'b1;
    end
  end

  // Pipeline deal_0_word_4: 1 stages
  logic [0:0] deal_0_word_4_ok, deal_0_word_4_unused_valid;
  logic deal_0_word_4_is_last;
  logic [4:0] word_4;
  wire logic is_last_word_4 = word_4 == 5'd16;
  assign deal_0_word_4_is_last = is_last_word_4;
  logic [511:0] lane_words_0_word_4;
  assign lane_words_0_word_4 = lane_words_0_data;

  // Stage 0
  wire logic is_first_word_7 = word_4 == 5'd0;
  wire logic is_first_word_8 = !is_first_word_7;

  always_comb begin
    deal_0_word_4_ok = '1;
    deal_0_word_4_ok[0] = lane_words_0_valid && (!is_first_word_7 || scale_words_0_ready) &&
        (!is_first_word_8 || weight_words_0_ready);
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) deal_0_word_4_control (
      .clk,
      .rst,
      .start  (state == START_DEAL_0_WORD_4),
      .is_last(deal_0_word_4_is_last),
      .ok     (deal_0_word_4_ok),
      .valid  (deal_0_word_4_unused_valid),
      .go     (deal_0_word_4_go),
      .done   (deal_0_word_4_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_DEAL_0_WORD_4) begin
      word_4 <= '0;
    end else if (deal_0_word_4_go[0]) begin
      word_4 <= is_last_word_4 ? '0 : word_4 + 1'b1;
    end
  end

  // Pipeline deal_0_word_5: 1 stages
  logic [0:0] deal_0_word_5_ok, deal_0_word_5_unused_valid;
  logic deal_0_word_5_is_last;
  logic [2:0] word_5;
  wire logic is_last_word_5 = word_5 == 3'd4;
  assign deal_0_word_5_is_last = is_last_word_5;
  logic [511:0] lane_words_0_word_5;
  assign lane_words_0_word_5 = lane_words_0_data;

  // Stage 0
  wire logic is_first_word_9 = word_5 == 3'd0;
  wire logic is_first_word_10 = !is_first_word_9;

  always_comb begin
    deal_0_word_5_ok = '1;
    deal_0_word_5_ok[0] = lane_words_0_valid && (!is_first_word_9 || scale_words_0_ready) &&
        (!is_first_word_10 || weight_words_0_ready);
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) deal_0_word_5_control (
      .clk,
      .rst,
      .start  (state == START_DEAL_0_WORD_5),
      .is_last(deal_0_word_5_is_last),
      .ok     (deal_0_word_5_ok),
      .valid  (deal_0_word_5_unused_valid),
      .go     (deal_0_word_5_go),
      .done   (deal_0_word_5_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_DEAL_0_WORD_5) begin
      word_5 <= '0;
    end else if (deal_0_word_5_go[0]) begin
      word_5 <= is_last_word_5 ? '0 : word_5 + 1'b1;
    end
  end

  // Pipeline deal_0_word_6: 1 stages
  logic [0:0] deal_0_word_6_ok, deal_0_word_6_unused_valid;
  logic deal_0_word_6_is_last;
  logic [3:0] word_6;
  wire logic is_last_word_6 = word_6 == 4'd8;
  assign deal_0_word_6_is_last = is_last_word_6;
  logic [511:0] lane_words_0_word_6;
  assign lane_words_0_word_6 = lane_words_0_data;

  // Stage 0
  wire logic is_first_word_11 = word_6 == 4'd0;
  wire logic is_first_word_12 = !is_first_word_11;

  always_comb begin
    deal_0_word_6_ok = '1;
    deal_0_word_6_ok[0] = lane_words_0_valid && (!is_first_word_11 || scale_words_0_ready) &&
        (!is_first_word_12 || weight_words_0_ready);
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) deal_0_word_6_control (
      .clk,
      .rst,
      .start  (state == START_DEAL_0_WORD_6),
      .is_last(deal_0_word_6_is_last),
      .ok     (deal_0_word_6_ok),
      .valid  (deal_0_word_6_unused_valid),
      .go     (deal_0_word_6_go),
      .done   (deal_0_word_6_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_DEAL_0_WORD_6) begin
      word_6 <= '0;
    end else if (deal_0_word_6_go[0]) begin
      word_6 <= is_last_word_6 ? '0 : word_6 + 1'b1;
    end
  end

  assign lane_words_0_ready = deal_0_word_go[0] || deal_0_word_2_go[0] || deal_0_word_3_go[0] ||
      deal_0_word_4_go[0] || deal_0_word_5_go[0] || deal_0_word_6_go[0];
  assign scale_words_0_valid = (deal_0_word_go[0] && is_first_word) || (deal_0_word_2_go[0] &&
      is_first_word_3) || (deal_0_word_3_go[0] && is_first_word_5) || (deal_0_word_4_go[0] &&
      is_first_word_7) || (deal_0_word_5_go[0] && is_first_word_9) || (deal_0_word_6_go[0] &&
      is_first_word_11);
  assign scale_words_0_data = (state == RUN_DEAL_0_WORD && is_first_word) ? lane_words_0_word :
      (state == RUN_DEAL_0_WORD_2 && is_first_word_3) ? lane_words_0_word_2 : (state ==
      RUN_DEAL_0_WORD_3 && is_first_word_5) ? lane_words_0_word_3 : (state == RUN_DEAL_0_WORD_4 &&
      is_first_word_7) ? lane_words_0_word_4 : (state == RUN_DEAL_0_WORD_5 && is_first_word_9) ?
      lane_words_0_word_5 : lane_words_0_word_6;
  assign weight_words_0_valid = (deal_0_word_go[0] && is_first_word_2) || (deal_0_word_2_go[0] &&
      is_first_word_4) || (deal_0_word_3_go[0] && is_first_word_6) || (deal_0_word_4_go[0] &&
      is_first_word_8) || (deal_0_word_5_go[0] && is_first_word_10) || (deal_0_word_6_go[0] &&
      is_first_word_12);
  assign weight_words_0_data = (state == RUN_DEAL_0_WORD && is_first_word_2) ? lane_words_0_word :
      (state == RUN_DEAL_0_WORD_2 && is_first_word_4) ? lane_words_0_word_2 : (state ==
      RUN_DEAL_0_WORD_3 && is_first_word_6) ? lane_words_0_word_3 : (state == RUN_DEAL_0_WORD_4 &&
      is_first_word_8) ? lane_words_0_word_4 : (state == RUN_DEAL_0_WORD_5 && is_first_word_10) ?
      lane_words_0_word_5 : lane_words_0_word_6;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_deal_0_token) begin
            token <= '0;
            state <= ROUND_DEAL_0_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_DEAL_0_TOKEN: begin
          layer <= '0;
          state <= ROUND_DEAL_0_LAYER;
        end
        ROUND_DEAL_0_LAYER: begin
          state <= START_DEAL_0_WORD;
        end
        START_DEAL_0_WORD: begin
          state <= RUN_DEAL_0_WORD;
        end
        RUN_DEAL_0_WORD: begin
          if (deal_0_word_done) begin
            state <= START_DEAL_0_WORD_2;
          end
        end
        START_DEAL_0_WORD_2: begin
          state <= RUN_DEAL_0_WORD_2;
        end
        RUN_DEAL_0_WORD_2: begin
          if (deal_0_word_2_done) begin
            state <= START_DEAL_0_WORD_3;
          end
        end
        START_DEAL_0_WORD_3: begin
          state <= RUN_DEAL_0_WORD_3;
        end
        RUN_DEAL_0_WORD_3: begin
          if (deal_0_word_3_done) begin
            state <= START_DEAL_0_WORD_4;
          end
        end
        START_DEAL_0_WORD_4: begin
          state <= RUN_DEAL_0_WORD_4;
        end
        RUN_DEAL_0_WORD_4: begin
          if (deal_0_word_4_done) begin
            state <= START_DEAL_0_WORD_5;
          end
        end
        START_DEAL_0_WORD_5: begin
          state <= RUN_DEAL_0_WORD_5;
        end
        RUN_DEAL_0_WORD_5: begin
          if (deal_0_word_5_done) begin
            if (more_deal_0_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_DEAL_0_LAYER;
            end else begin
              if (condition) begin
                state <= START_DEAL_0_WORD_6;
              end else begin
                if (more_deal_0_token) begin
                  token <= token + 1'b1;
                  state <= ROUND_DEAL_0_TOKEN;
                end else begin
                  state <= DONE;
                end
              end
            end
          end
        end
        START_DEAL_0_WORD_6: begin
          state <= RUN_DEAL_0_WORD_6;
        end
        RUN_DEAL_0_WORD_6: begin
          if (deal_0_word_6_done) begin
            if (more_deal_0_token) begin
              token <= token + 1'b1;
              state <= ROUND_DEAL_0_TOKEN;
            end else begin
              state <= DONE;
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
      deal_0_word_go,
      deal_0_word_2_go,
      deal_0_word_3_go,
      deal_0_word_4_go,
      deal_0_word_5_go,
      deal_0_word_6_go,
      1'b0
  };

endmodule
