//   reads logits_judged: 8 words of 2 x fixed<32, 27> for each token
module choose_greedily (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_logits,
    input  logic logits_judged_valid,
    output logic logits_judged_ready,
    input  logic [63:0] logits_judged_data,
    output logic tokens_2_valid,
    input  logic tokens_2_ready,
    output logic [31:0] tokens_2_data,
    output logic chosen_tokens_valid,
    input  logic chosen_tokens_ready,
    output logic [31:0] chosen_tokens_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_CHOOSE_GREEDILY_TOKEN,
    START_CHOOSE_GREEDILY_WORD,
    RUN_CHOOSE_GREEDILY_WORD,
    WRITE_TOKENS_2,
    WRITE_CHOSEN_TOKENS
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic signed [31:0] best;
  logic [31:0] best_id;
  logic [1:0] choose_greedily_word_go;
  logic choose_greedily_word_done, is_first;
  wire logic [30:0] n_logits_2 = 31'(n_logits);
  wire logic enters_choose_greedily_token = n_logits_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_choose_greedily_token = next_token < n_logits_2;
  logic [31:0] best_id_now, best_id_now_kept;
  assign best_id_now = is_first ? best_id : best_id_now_kept;
  always_ff @(posedge clk) if (is_first) best_id_now_kept <= best_id;

  // Pipeline choose_greedily_word: 2 stages
  logic [1:0] choose_greedily_word_ok, choose_greedily_word_unused_valid;
  logic choose_greedily_word_is_last;
  logic [2:0] word;
  wire logic is_last_word = word == 3'd7;
  assign choose_greedily_word_is_last = is_last_word;
  logic signed [31:0] best_now;
  logic [31:0] best_id_now_2;
  logic signed [31:0] chosen_1_s1;
  logic is_first_word_s1;
  logic [3:0] place_s1;
  logic [63:0] logits_judged_word;
  assign logits_judged_word = logits_judged_data;

  // Stage 0
  wire logic signed [31:0] logits_judged_element = signed'(logits_judged_word[31:0]);
  wire logic signed [31:0] logits_judged_element_1 = signed'(logits_judged_word[63:32]);
  wire logic condition_1 = logits_judged_element_1 > logits_judged_element;
  wire logic signed [31:0] chosen_1 = condition_1 ? logits_judged_element_1 : logits_judged_element;
  wire logic chosen_1_2 = condition_1 ? 1'd1 : 1'd0;
  wire logic is_first_word = word == 3'd0;
  wire logic [3:0] offset = 4'(word) * 4'd2;
  wire logic [3:0] place = offset + 4'(chosen_1_2);

  // Stage 1
  wire logic condition = chosen_1_s1 > best_now;
  wire logic condition_2 = !is_first_word_s1;
  wire logic condition_3 = !condition;
  wire logic condition_4 = condition_2 && condition_3;
  wire logic condition_5 = !condition_4;
  wire logic [31:0] converted = 32'(place_s1);
  wire logic signed [31:0] chosen = condition_5 ? chosen_1_s1 : best_now;
  wire logic [31:0] chosen_2 = condition_5 ? converted : best_id_now_2;

  assign best_now = best;
  assign best_id_now_2 = best_id;
  always_ff @(posedge clk) begin
    if (choose_greedily_word_go[0]) begin
      chosen_1_s1 <= chosen_1;
      is_first_word_s1 <= is_first_word;
      place_s1 <= place;
    end
  end
  always_comb begin
    choose_greedily_word_ok = '1;
    choose_greedily_word_ok[0] = logits_judged_valid;
  end
  lmc_pipeline #(.STAGES(2), .INTERVAL(1)) choose_greedily_word_control (
      .clk,
      .rst,
      .start  (state == START_CHOOSE_GREEDILY_WORD),
      .is_last(choose_greedily_word_is_last),
      .ok     (choose_greedily_word_ok),
      .valid  (choose_greedily_word_unused_valid),
      .go     (choose_greedily_word_go),
      .done   (choose_greedily_word_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_CHOOSE_GREEDILY_WORD) begin
      word <= '0;
    end else if (choose_greedily_word_go[0]) begin
      word <= is_last_word ? '0 : word + 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (choose_greedily_word_go[1]) best <= chosen;
    if (choose_greedily_word_go[1]) best_id <= chosen_2;
  end

  assign logits_judged_ready = choose_greedily_word_go[0];
  assign tokens_2_valid = state == WRITE_TOKENS_2;
  assign tokens_2_data = best_id_now;
  assign chosen_tokens_valid = state == WRITE_CHOSEN_TOKENS;
  assign chosen_tokens_data = best_id_now;

  always_ff @(posedge clk) begin
    is_first <= 1'b0;
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_choose_greedily_token) begin
            token <= '0;
            state <= ROUND_CHOOSE_GREEDILY_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_CHOOSE_GREEDILY_TOKEN: begin
          state <= START_CHOOSE_GREEDILY_WORD;
        end
        START_CHOOSE_GREEDILY_WORD: begin
          state <= RUN_CHOOSE_GREEDILY_WORD;
        end
        RUN_CHOOSE_GREEDILY_WORD: begin
          if (choose_greedily_word_done) begin
            is_first <= 1'b1;
            state <= WRITE_TOKENS_2;
          end
        end
        WRITE_TOKENS_2: begin
          if (tokens_2_ready) begin
            if (more_choose_greedily_token) begin
              state <= WRITE_CHOSEN_TOKENS;
            end else begin
              if (more_choose_greedily_token) begin
                token <= token + 1'b1;
                state <= ROUND_CHOOSE_GREEDILY_TOKEN;
              end else begin
                state <= DONE;
              end
            end
          end
        end
        WRITE_CHOSEN_TOKENS: begin
          if (chosen_tokens_ready) begin
            if (more_choose_greedily_token) begin
              token <= token + 1'b1;
              state <= ROUND_CHOOSE_GREEDILY_TOKEN;
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
      n_logits,
      choose_greedily_word_go,
      logits_judged_word,
      1'b0
  };

endmodule
