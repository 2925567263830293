// ssm.bias(dt: 32 x fixed<16, 9>) -> dt: 32 x fixed<16, 9>
//   from mamba1.py:39 with backbone.layers.{layer}.mixer.dt_proj.bias
//   reads dt: 16 words of 2 x fixed<16, 9> for each layer
//   reads dt_bias_parameters: 16 words of 2 x fixed<12, 9> for each layer
//   writes dt_3: 16 words of 2 x fixed<16, 9> for each layer
module bias (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic dt_valid,
    output logic dt_ready,
    input  logic [31:0] dt_data,
    input  logic dt_bias_parameters_valid,
    output logic dt_bias_parameters_ready,
    input  logic [23:0] dt_bias_parameters_data,
    output logic dt_3_valid,
    input  logic dt_3_ready,
    output logic [31:0] dt_3_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_BIAS_TOKEN,
    ROUND_BIAS_LAYER,
    START_BIAS_WORD,
    RUN_BIAS_WORD
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic [0:0] bias_word_go;
  logic bias_word_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_bias_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_bias_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_bias_layer = next_layer < 2'd2;

  // Pipeline bias_word: 1 stages
  logic [0:0] bias_word_ok, bias_word_unused_valid;
  logic bias_word_is_last;
  logic [3:0] word;
  wire logic is_last_word = word == 4'd15;
  assign bias_word_is_last = is_last_word;
  logic [31:0] dt_word;
  assign dt_word = dt_data;
  logic [23:0] dt_bias_parameters_word;
  assign dt_bias_parameters_word = dt_bias_parameters_data;

  // Stage 0
  // mamba1.py:39
  wire logic signed [15:0] dt_element_0 = signed'(dt_word[15:0]);
  wire logic signed [11:0] dt_bias_parameters_element_0 = signed'(dt_bias_parameters_word[11:0]);
  wire logic signed [16:0] sum_0 = 17'(dt_element_0) + 17'(dt_bias_parameters_element_0);
  wire logic signed [18:0] rounded_0_unsaturated = (((19'(sum_0) << 1) >>> 0) + 19'sd1) >>> 1;
  wire logic signed [15:0] rounded_0 = rounded_0_unsaturated > 19'sd32767 ? 16'sd32767 :
      rounded_0_unsaturated < -19'sd32768 ? 16'sh8000 : 16'(rounded_0_unsaturated);
  wire logic signed [15:0] dt_element_1 = signed'(dt_word[31:16]);
  wire logic signed [11:0] dt_bias_parameters_element_1 = signed'(dt_bias_parameters_word[23:12]);
  wire logic signed [16:0] sum_1 = 17'(dt_element_1) + 17'(dt_bias_parameters_element_1);
  wire logic signed [18:0] rounded_1_unsaturated = (((19'(sum_1) << 1) >>> 0) + 19'sd1) >>> 1;
  wire logic signed [15:0] rounded_1 = rounded_1_unsaturated > 19'sd32767 ? 16'sd32767 :
      rounded_1_unsaturated < -19'sd32768 ? 16'sh8000 : 16'(rounded_1_unsaturated);
  wire logic [31:0] dt_3_word_1 = {rounded_1, rounded_0};

  always_comb begin
    bias_word_ok = '1;
    bias_word_ok[0] = dt_valid && dt_bias_parameters_valid && dt_3_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) bias_word_control (
      .clk,
      .rst,
      .start  (state == START_BIAS_WORD),
      .is_last(bias_word_is_last),
      .ok     (bias_word_ok),
      .valid  (bias_word_unused_valid),
      .go     (bias_word_go),
      .done   (bias_word_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_BIAS_WORD) begin
      word <= '0;
    end else if (bias_word_go[0]) begin
      word <= is_last_word ? '0 : word + 1'b1;
    end
  end

  assign dt_ready = bias_word_go[0];
  assign dt_bias_parameters_ready = bias_word_go[0];
  assign dt_3_valid = bias_word_go[0];
  assign dt_3_data = dt_3_word_1;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_bias_token) begin
            token <= '0;
            state <= ROUND_BIAS_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_BIAS_TOKEN: begin
          layer <= '0;
          state <= ROUND_BIAS_LAYER;
        end
        ROUND_BIAS_LAYER: begin
          state <= START_BIAS_WORD;
        end
        START_BIAS_WORD: begin
          state <= RUN_BIAS_WORD;
        end
        RUN_BIAS_WORD: begin
          if (bias_word_done) begin
            if (more_bias_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_BIAS_LAYER;
            end else begin
              if (more_bias_token) begin
                token <= token + 1'b1;
                state <= ROUND_BIAS_TOKEN;
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
      bias_word_go,
      dt_word,
      dt_bias_parameters_word,
      rounded_0_unsaturated,
      rounded_1_unsaturated,
      1'b0
  };

endmodule
