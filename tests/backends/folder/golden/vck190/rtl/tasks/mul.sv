// ssm.mul(y: 32 x fixed<24, 8>, gate: 32 x fixed<16, 11>) -> gated: 32 x fixed<24, 6>
//   from mamba1.py:38
//   reads y_rows_x2: 16 words of 2 x fixed<24, 8> for each layer
//   reads gate_kept: 16 words of 2 x fixed<16, 11> for each layer
//   writes gated: 16 words of 2 x fixed<24, 6> for each layer
module mul (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic y_rows_x2_valid,
    output logic y_rows_x2_ready,
    input  logic [47:0] y_rows_x2_data,
    input  logic gate_kept_valid,
    output logic gate_kept_ready,
    input  logic [31:0] gate_kept_data,
    output logic gated_valid,
    input  logic gated_ready,
    output logic [47:0] gated_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_MUL_TOKEN,
    ROUND_MUL_LAYER,
    START_MUL_WORD,
    RUN_MUL_WORD
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic [3:0] mul_word_go;
  logic mul_word_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_mul_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_mul_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_mul_layer = next_layer < 2'd2;

  // Pipeline mul_word: 4 stages
  logic [3:0] mul_word_ok, mul_word_unused_valid;
  logic mul_word_is_last;
  logic [3:0] word;
  wire logic is_last_word = word == 4'd15;
  assign mul_word_is_last = is_last_word;
  logic signed [23:0] y_rows_x2_element_0_s1, y_rows_x2_element_1_s1;
  logic signed [15:0] gate_kept_element_0_s1, gate_kept_element_1_s1;
  logic signed [39:0] product_0_s2, product_0_s3, product_1_s2, product_1_s3;
  logic [47:0] y_rows_x2_word;
  assign y_rows_x2_word = y_rows_x2_data;
  logic [31:0] gate_kept_word;
  assign gate_kept_word = gate_kept_data;

  // Stage 0
  // mamba1.py:38
  wire logic signed [23:0] y_rows_x2_element_0 = signed'(y_rows_x2_word[23:0]);
  wire logic signed [15:0] gate_kept_element_0 = signed'(gate_kept_word[15:0]);
  wire logic signed [23:0] y_rows_x2_element_1 = signed'(y_rows_x2_word[47:24]);
  wire logic signed [15:0] gate_kept_element_1 = signed'(gate_kept_word[31:16]);

  // Stage 1
  // mamba1.py:38
  (* use_dsp = "yes" *) wire logic signed [39:0] product_0 =
      40'(y_rows_x2_element_0_s1) * 40'(gate_kept_element_0_s1);
  (* use_dsp = "yes" *) wire logic signed [39:0] product_1 =
      40'(y_rows_x2_element_1_s1) * 40'(gate_kept_element_1_s1);

  // Stage 3
  // mamba1.py:38
  wire logic signed [41:0] rounded_0_unsaturated = (((42'(product_0_s3) << 1) >>> 13) +
      42'sd1) >>> 1;
  wire logic signed [23:0] rounded_0 = rounded_0_unsaturated > 42'sd8388607 ? 24'sd8388607 :
      rounded_0_unsaturated < -42'sd8388608 ? 24'sh800000 : 24'(rounded_0_unsaturated);
  wire logic signed [41:0] rounded_1_unsaturated = (((42'(product_1_s3) << 1) >>> 13) +
      42'sd1) >>> 1;
  wire logic signed [23:0] rounded_1 = rounded_1_unsaturated > 42'sd8388607 ? 24'sd8388607 :
      rounded_1_unsaturated < -42'sd8388608 ? 24'sh800000 : 24'(rounded_1_unsaturated);
  wire logic [47:0] gated_word_1 = {rounded_1, rounded_0};

  always_ff @(posedge clk) begin
    if (mul_word_go[0]) begin
      y_rows_x2_element_0_s1 <= y_rows_x2_element_0;
      gate_kept_element_0_s1 <= gate_kept_element_0;
      y_rows_x2_element_1_s1 <= y_rows_x2_element_1;
      gate_kept_element_1_s1 <= gate_kept_element_1;
    end
    if (mul_word_go[1]) begin
      product_0_s2 <= product_0;
      product_1_s2 <= product_1;
    end
    if (mul_word_go[2]) begin
      product_0_s3 <= product_0_s2;
      product_1_s3 <= product_1_s2;
    end
  end
  always_comb begin
    mul_word_ok = '1;
    mul_word_ok[0] = y_rows_x2_valid && gate_kept_valid;
    mul_word_ok[3] = gated_ready;
  end
  lmc_pipeline #(.STAGES(4), .INTERVAL(1)) mul_word_control (
      .clk,
      .rst,
      .start  (state == START_MUL_WORD),
      .is_last(mul_word_is_last),
      .ok     (mul_word_ok),
      .valid  (mul_word_unused_valid),
      .go     (mul_word_go),
      .done   (mul_word_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_MUL_WORD) begin
      word <= '0;
    end else if (mul_word_go[0]) begin
      word <= is_last_word ? '0 : word + 1'b1;
    end
  end

  assign y_rows_x2_ready = mul_word_go[0];
  assign gate_kept_ready = mul_word_go[0];
  assign gated_valid = mul_word_go[3];
  assign gated_data = gated_word_1;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_mul_token) begin
            token <= '0;
            state <= ROUND_MUL_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_MUL_TOKEN: begin
          layer <= '0;
          state <= ROUND_MUL_LAYER;
        end
        ROUND_MUL_LAYER: begin
          state <= START_MUL_WORD;
        end
        START_MUL_WORD: begin
          state <= RUN_MUL_WORD;
        end
        RUN_MUL_WORD: begin
          if (mul_word_done) begin
            if (more_mul_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_MUL_LAYER;
            end else begin
              if (more_mul_token) begin
                token <= token + 1'b1;
                state <= ROUND_MUL_TOKEN;
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
      mul_word_go,
      y_rows_x2_word,
      gate_kept_word,
      rounded_0_unsaturated,
      rounded_1_unsaturated,
      1'b0
  };

endmodule
