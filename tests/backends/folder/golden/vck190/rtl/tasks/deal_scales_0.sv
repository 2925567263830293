module deal_scales_0 (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic [31:0] n_logits,
    input  logic scale_words_0_valid,
    output logic scale_words_0_ready,
    input  logic [511:0] scale_words_0_data,
    output logic scales_0_valid,
    input  logic scales_0_ready,
    output logic [43:0] scales_0_data
);

  typedef enum logic [1:0] {
    IDLE,
    DONE,
    START_DEAL_SCALES_0_LANE,
    RUN_DEAL_SCALES_0_LANE
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] n_tokens_held, n_logits_held;
  logic [511:0] word;
  logic [1:0] deal_scales_0_lane_go;
  logic deal_scales_0_lane_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic [30:0] n_logits_2 = 31'(n_logits);
  wire logic enters_deal_scales_0_token = n_tokens_2 > 31'd0;

  // Pipeline deal_scales_0_lane: 2 stages
  logic [1:0] deal_scales_0_lane_ok, deal_scales_0_lane_unused_valid;
  logic deal_scales_0_lane_is_last;
  logic [30:0] token;
  logic [3:0] phase;
  logic word_2;
  logic [3:0] lane;
  wire logic signed [31:0] last_token = signed'(32'(n_tokens_held)) - 32'sd1;
  wire logic is_last_token = signed'(32'(token)) == last_token;
  wire logic [31:0] place = 32'(token) + 32'(n_logits_held);
  wire logic condition_2 = place >= 32'(n_tokens_held);
  wire logic [3:0] phase_count = condition_2 ? 4'd9 : 4'd8;
  wire logic [3:0] last_phase = phase_count - 4'd1;
  wire logic is_last_phase = phase == last_phase;
  wire logic condition_3 = phase < 4'd8;
  wire logic [1:0] remainder = 2'(phase);
  wire logic signed [3:0] difference = signed'(phase) - 4'sd4;
  wire logic signed [3:0] chosen = condition_3 ? signed'(4'(remainder)) : difference;
  wire logic condition_4 = chosen == 4'sd0;
  wire logic [1:0] word_count = condition_4 ? 2'd2 : 2'd1;
  wire logic last_word = 1'(word_count) - 1'd1;
  wire logic is_last_word = word_2 == last_word;
  wire logic is_last_lane = lane == 4'd10;
  assign deal_scales_0_lane_is_last = is_last_token && is_last_phase && is_last_word &&
      is_last_lane;
  logic [511:0] word_now;
  logic [43:0] scale_words_0_element_s1;
  logic condition_6_s1, condition_7_s1, condition_8_s1;
  logic [4:0] place_2_s1;
  logic [511:0] scale_words_0_word_2;
  assign scale_words_0_word_2 = scale_words_0_data;

  // Stage 0
  wire logic condition_5 = phase < 4'd8;
  wire logic [1:0] remainder_2 = 2'(phase);
  wire logic signed [3:0] difference_2 = signed'(phase) - 4'sd4;
  wire logic signed [3:0] chosen_2 = condition_5 ? signed'(4'(remainder_2)) : difference_2;
  wire logic condition_6 = chosen_2 == 4'sd2;
  wire logic condition_7 = chosen_2 == 4'sd1;
  wire logic condition_8 = chosen_2 == 4'sd0;
  wire logic is_first_lane = lane == 4'd0;
  wire logic [511:0] scale_words_0_word = is_first_lane ? scale_words_0_word_2 : word_now;
  wire logic [467:0] scale_words_0_element_2 = scale_words_0_word[511:44];
  wire logic [511:0] word_3 = {44'd0, scale_words_0_element_2};
  (* use_dsp = "no" *) wire logic [3:0] offset = 4'(word_2) * 4'd11;
  wire logic [4:0] place_2 = 5'(offset) + 5'(lane);
  wire logic [43:0] scale_words_0_element = scale_words_0_word[43:0];

  // Stage 1
  wire logic [3:0] chosen_3 = condition_6_s1 ? 4'd8 : 4'd4;
  wire logic [3:0] chosen_4 = condition_7_s1 ? 4'd3 : chosen_3;
  wire logic [4:0] chosen_5 = condition_8_s1 ? 5'd16 : 5'(chosen_4);
  wire logic condition = place_2_s1 < chosen_5;

  assign word_now = word;
  always_ff @(posedge clk) begin
    if (deal_scales_0_lane_go[0]) begin
      scale_words_0_element_s1 <= scale_words_0_element;
      condition_6_s1 <= condition_6;
      condition_7_s1 <= condition_7;
      condition_8_s1 <= condition_8;
      place_2_s1 <= place_2;
    end
  end
  always_comb begin
    deal_scales_0_lane_ok = '1;
    deal_scales_0_lane_ok[0] = (!is_first_lane || scale_words_0_valid);
    deal_scales_0_lane_ok[1] = (!condition || scales_0_ready);
  end
  lmc_pipeline #(.STAGES(2), .INTERVAL(1)) deal_scales_0_lane_control (
      .clk,
      .rst,
      .start  (state == START_DEAL_SCALES_0_LANE && enters_deal_scales_0_token),
      .is_last(deal_scales_0_lane_is_last),
      .ok     (deal_scales_0_lane_ok),
      .valid  (deal_scales_0_lane_unused_valid),
      .go     (deal_scales_0_lane_go),
      .done   (deal_scales_0_lane_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_DEAL_SCALES_0_LANE) begin
      n_tokens_held <= n_tokens_2;
      n_logits_held <= n_logits_2;
      token <= '0;
      phase <= '0;
      word_2 <= '0;
      lane <= '0;
    end else if (deal_scales_0_lane_go[0]) begin
      if (is_last_phase && is_last_word && is_last_lane) token <= is_last_token ? '0 : token + 1'b1;
      if (is_last_word && is_last_lane) phase <= is_last_phase ? '0 : phase + 1'b1;
      if (is_last_lane) word_2 <= is_last_word ? '0 : word_2 + 1'b1;
      lane <= is_last_lane ? '0 : lane + 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (deal_scales_0_lane_go[0]) word <= word_3;
  end

  assign scale_words_0_ready = deal_scales_0_lane_go[0] && is_first_lane;
  assign scales_0_valid = deal_scales_0_lane_go[1] && condition;
  assign scales_0_data = scale_words_0_element_s1;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          state <= START_DEAL_SCALES_0_LANE;
        end
        START_DEAL_SCALES_0_LANE: begin
          if (enters_deal_scales_0_token) begin
            state <= RUN_DEAL_SCALES_0_LANE;
          end else begin
            state <= DONE;
          end
        end
        RUN_DEAL_SCALES_0_LANE: begin
          if (deal_scales_0_lane_done) begin
            state <= DONE;
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
      deal_scales_0_lane_go,
      phase,
      word_count,
      scale_words_0_word,
      1'b0
  };

endmodule
