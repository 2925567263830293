//   reads hidden_3: 8 words of 2 x fixed<24, 6> for each layer
//   writes residual_feedback: 8 words of 2 x fixed<24, 6> for each layer
//   writes hidden_4: 8 words of 2 x fixed<24, 6> for each layer
module leave_layer (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic [31:0] n_logits,
    input  logic hidden_3_valid,
    output logic hidden_3_ready,
    input  logic [47:0] hidden_3_data,
    output logic residual_feedback_valid,
    input  logic residual_feedback_ready,
    output logic [47:0] residual_feedback_data,
    output logic hidden_4_valid,
    input  logic hidden_4_ready,
    output logic [47:0] hidden_4_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_LEAVE_LAYER_TOKEN,
    ROUND_LEAVE_LAYER_LAYER,
    START_LEAVE_LAYER_WORD,
    RUN_LEAVE_LAYER_WORD
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic [30:0] n_logits_held, n_tokens_held;
  logic [0:0] leave_layer_word_go;
  logic leave_layer_word_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic [30:0] n_logits_2 = 31'(n_logits);
  wire logic enters_leave_layer_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_leave_layer_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_leave_layer_layer = next_layer < 2'd2;

  // Pipeline leave_layer_word: 1 stages
  logic [0:0] leave_layer_word_ok, leave_layer_word_unused_valid;
  logic leave_layer_word_is_last;
  logic [2:0] word;
  wire logic is_last_word = word == 3'd7;
  assign leave_layer_word_is_last = is_last_word;
  logic [47:0] hidden_3_element;
  assign hidden_3_element = hidden_3_data;

  // Stage 0
  wire logic is_last_layer = layer == 1'd1;
  wire logic condition = !is_last_layer;
  wire logic [31:0] place = 32'(token) + 32'(n_logits_held);
  wire logic condition_3 = place >= 32'(n_tokens_held);
  wire logic condition_2 = is_last_layer && condition_3;

  always_comb begin
    leave_layer_word_ok = '1;
    leave_layer_word_ok[0] = hidden_3_valid && (!condition || residual_feedback_ready) &&
        (!condition_2 || hidden_4_ready);
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) leave_layer_word_control (
      .clk,
      .rst,
      .start  (state == START_LEAVE_LAYER_WORD),
      .is_last(leave_layer_word_is_last),
      .ok     (leave_layer_word_ok),
      .valid  (leave_layer_word_unused_valid),
      .go     (leave_layer_word_go),
      .done   (leave_layer_word_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_LEAVE_LAYER_WORD) begin
      n_logits_held <= n_logits_2;
      n_tokens_held <= n_tokens_2;
      word <= '0;
    end else if (leave_layer_word_go[0]) begin
      word <= is_last_word ? '0 : word + 1'b1;
    end
  end

  assign hidden_3_ready = leave_layer_word_go[0];
  assign residual_feedback_valid = leave_layer_word_go[0] && condition;
  assign residual_feedback_data = hidden_3_element;
  assign hidden_4_valid = leave_layer_word_go[0] && condition_2;
  assign hidden_4_data = hidden_3_element;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_leave_layer_token) begin
            token <= '0;
            state <= ROUND_LEAVE_LAYER_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_LEAVE_LAYER_TOKEN: begin
          layer <= '0;
          state <= ROUND_LEAVE_LAYER_LAYER;
        end
        ROUND_LEAVE_LAYER_LAYER: begin
          state <= START_LEAVE_LAYER_WORD;
        end
        START_LEAVE_LAYER_WORD: begin
          state <= RUN_LEAVE_LAYER_WORD;
        end
        RUN_LEAVE_LAYER_WORD: begin
          if (leave_layer_word_done) begin
            if (more_leave_layer_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_LEAVE_LAYER_LAYER;
            end else begin
              if (more_leave_layer_token) begin
                token <= token + 1'b1;
                state <= ROUND_LEAVE_LAYER_TOKEN;
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
      leave_layer_word_go,
      1'b0
  };

endmodule
