//   reads hidden: 8 words of 2 x fixed<24, 6> for each token
//   reads residual_feedback: 8 words of 2 x fixed<24, 6> for each layer
//   writes hidden_2: 8 words of 2 x fixed<24, 6> for each layer
module enter_layer (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic hidden_valid,
    output logic hidden_ready,
    input  logic [47:0] hidden_data,
    input  logic residual_feedback_valid,
    output logic residual_feedback_ready,
    input  logic [47:0] residual_feedback_data,
    output logic hidden_2_valid,
    input  logic hidden_2_ready,
    output logic [47:0] hidden_2_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_ENTER_LAYER_TOKEN,
    ROUND_ENTER_LAYER_LAYER,
    START_ENTER_LAYER_WORD,
    RUN_ENTER_LAYER_WORD
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic [0:0] enter_layer_word_go;
  logic enter_layer_word_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_enter_layer_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_enter_layer_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_enter_layer_layer = next_layer < 2'd2;

  // Pipeline enter_layer_word: 1 stages
  logic [0:0] enter_layer_word_ok, enter_layer_word_unused_valid;
  logic enter_layer_word_is_last;
  logic [2:0] word;
  wire logic is_last_word = word == 3'd7;
  assign enter_layer_word_is_last = is_last_word;
  logic [47:0] hidden_element_3;
  assign hidden_element_3 = hidden_data;
  logic [47:0] residual_feedback_element;
  assign residual_feedback_element = residual_feedback_data;

  // Stage 0
  wire logic is_first_layer = layer == 1'd0;
  wire logic hidden_element = !is_first_layer;
  wire logic [47:0] hidden_element_2 = is_first_layer ? hidden_element_3 :
      residual_feedback_element;

  always_comb begin
    enter_layer_word_ok = '1;
    enter_layer_word_ok[0] = (!is_first_layer || hidden_valid) && (!hidden_element ||
        residual_feedback_valid) && hidden_2_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) enter_layer_word_control (
      .clk,
      .rst,
      .start  (state == START_ENTER_LAYER_WORD),
      .is_last(enter_layer_word_is_last),
      .ok     (enter_layer_word_ok),
      .valid  (enter_layer_word_unused_valid),
      .go     (enter_layer_word_go),
      .done   (enter_layer_word_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_ENTER_LAYER_WORD) begin
      word <= '0;
    end else if (enter_layer_word_go[0]) begin
      word <= is_last_word ? '0 : word + 1'b1;
    end
  end

  assign hidden_ready = enter_layer_word_go[0] && is_first_layer;
  assign residual_feedback_ready = enter_layer_word_go[0] && hidden_element;
  assign hidden_2_valid = enter_layer_word_go[0];
  assign hidden_2_data = hidden_element_2;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_enter_layer_token) begin
            token <= '0;
            state <= ROUND_ENTER_LAYER_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_ENTER_LAYER_TOKEN: begin
          layer <= '0;
          state <= ROUND_ENTER_LAYER_LAYER;
        end
        ROUND_ENTER_LAYER_LAYER: begin
          state <= START_ENTER_LAYER_WORD;
        end
        START_ENTER_LAYER_WORD: begin
          state <= RUN_ENTER_LAYER_WORD;
        end
        RUN_ENTER_LAYER_WORD: begin
          if (enter_layer_word_done) begin
            if (more_enter_layer_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_ENTER_LAYER_LAYER;
            end else begin
              if (more_enter_layer_token) begin
                token <= token + 1'b1;
                state <= ROUND_ENTER_LAYER_TOKEN;
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
      enter_layer_word_go,
      1'b0
  };

endmodule
