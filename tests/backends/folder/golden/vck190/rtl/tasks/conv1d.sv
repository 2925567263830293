// ssm.causal_conv1d_step(x: 32 x fixed<16, 11>, conv_state: 32 x 3 x fixed<16, 11>) -> conv: 32 x fixed<16, 9>, new_conv_state: 32 x 3 x fixed<16, 11>
//   from layers.py:56 with backbone.layers.{layer}.mixer.conv1d.weight and backbone.layers.{layer}.mixer.conv1d.bias
//   reads x: 16 words of 2 x fixed<16, 11> for each layer
//   reads conv_weight_parameters: 16 words of 8 x fixed<16, 13> for each layer
//   reads conv_bias_parameters: 16 words of 2 x fixed<27, 24> for each layer
//   writes conv: 16 words of 2 x fixed<16, 9> for each layer
module conv1d (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic x_valid,
    output logic x_ready,
    input  logic [31:0] x_data,
    input  logic conv_state_old_valid,
    output logic conv_state_old_ready,
    input  logic [95:0] conv_state_old_data,
    input  logic conv_weight_parameters_valid,
    output logic conv_weight_parameters_ready,
    input  logic [127:0] conv_weight_parameters_data,
    input  logic conv_bias_parameters_valid,
    output logic conv_bias_parameters_ready,
    input  logic [53:0] conv_bias_parameters_data,
    output logic conv_valid,
    input  logic conv_ready,
    output logic [31:0] conv_data,
    output logic conv_state_new_valid,
    input  logic conv_state_new_ready,
    output logic [95:0] conv_state_new_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_CONV1D_TOKEN,
    ROUND_CONV1D_LAYER,
    START_CONV1D_WORD,
    RUN_CONV1D_WORD
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic [5:0] conv1d_word_go;
  logic conv1d_word_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_conv1d_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_conv1d_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_conv1d_layer = next_layer < 2'd2;

  // Pipeline conv1d_word: 6 stages
  logic [5:0] conv1d_word_ok, conv1d_word_unused_valid;
  logic conv1d_word_is_last;
  logic [3:0] word;
  wire logic is_last_word = word == 4'd15;
  assign conv1d_word_is_last = is_last_word;
  logic signed [15:0] x_element_0_s1, conv_weight_parameters_element_0_s1,
      conv_state_old_element_0_s1, conv_weight_parameters_element_0_2_s1,
      conv_state_old_element_0_2_s1, conv_weight_parameters_element_0_3_s1,
      conv_state_old_element_0_3_s1, conv_weight_parameters_element_0_4_s1, x_element_1_s1,
      conv_weight_parameters_element_1_s1, conv_state_old_element_1_s1,
      conv_weight_parameters_element_1_2_s1, conv_state_old_element_1_2_s1,
      conv_weight_parameters_element_1_3_s1, conv_state_old_element_1_3_s1,
      conv_weight_parameters_element_1_4_s1;
  logic signed [31:0] product_0_s2, product_0_s3, product_0_2_s2, product_0_2_s3, product_0_3_s2,
      product_0_3_s3, product_0_4_s2, product_0_4_s3, product_0_4_s4, product_1_s2, product_1_s3,
      product_1_2_s2, product_1_2_s3, product_1_3_s2, product_1_3_s3, product_1_4_s2,
      product_1_4_s3, product_1_4_s4;
  logic signed [32:0] sum_0_2_s4, sum_1_2_s4;
  logic signed [26:0] conv_bias_parameters_element_0_s4, conv_bias_parameters_element_1_s4;
  logic signed [33:0] sum_0_4_s5, sum_1_4_s5;
  logic [31:0] x_word;
  assign x_word = x_data;
  logic [95:0] conv_state_old_word;
  assign conv_state_old_word = conv_state_old_data;
  logic [127:0] conv_weight_parameters_word;
  assign conv_weight_parameters_word = conv_weight_parameters_data;
  logic [53:0] conv_bias_parameters_word;
  assign conv_bias_parameters_word = conv_bias_parameters_data;

  // Stage 0
  // layers.py:56
  wire logic signed [15:0] x_element_0 = signed'(x_word[15:0]);
  wire logic signed [15:0] conv_weight_parameters_element_0 =
      signed'(conv_weight_parameters_word[63:48]);
  wire logic signed [15:0] conv_state_old_element_0 = signed'(conv_state_old_word[15:0]);
  wire logic signed [15:0] conv_weight_parameters_element_0_2 =
      signed'(conv_weight_parameters_word[15:0]);
  wire logic signed [15:0] conv_state_old_element_0_2 = signed'(conv_state_old_word[31:16]);
  wire logic signed [15:0] conv_weight_parameters_element_0_3 =
      signed'(conv_weight_parameters_word[31:16]);
  wire logic signed [15:0] conv_state_old_element_0_3 = signed'(conv_state_old_word[47:32]);
  wire logic signed [15:0] conv_weight_parameters_element_0_4 =
      signed'(conv_weight_parameters_word[47:32]);
  wire logic signed [26:0] conv_bias_parameters_element_0 =
      signed'(conv_bias_parameters_word[26:0]);
  wire logic signed [15:0] x_element_1 = signed'(x_word[31:16]);
  wire logic signed [15:0] conv_weight_parameters_element_1 =
      signed'(conv_weight_parameters_word[127:112]);
  wire logic signed [15:0] conv_state_old_element_1 = signed'(conv_state_old_word[63:48]);
  wire logic signed [15:0] conv_weight_parameters_element_1_2 =
      signed'(conv_weight_parameters_word[79:64]);
  wire logic signed [15:0] conv_state_old_element_1_2 = signed'(conv_state_old_word[79:64]);
  wire logic signed [15:0] conv_weight_parameters_element_1_3 =
      signed'(conv_weight_parameters_word[95:80]);
  wire logic signed [15:0] conv_state_old_element_1_3 = signed'(conv_state_old_word[95:80]);
  wire logic signed [15:0] conv_weight_parameters_element_1_4 =
      signed'(conv_weight_parameters_word[111:96]);
  wire logic signed [26:0] conv_bias_parameters_element_1 =
      signed'(conv_bias_parameters_word[53:27]);
  wire logic [95:0] conv_state_new_word_1 = {x_element_1, conv_state_old_element_1_3,
      conv_state_old_element_1_2, x_element_0, conv_state_old_element_0_3,
      conv_state_old_element_0_2};

  // Stage 1
  // layers.py:56
  (* use_dsp = "yes" *) wire logic signed [31:0] product_0 =
      32'(x_element_0_s1) * 32'(conv_weight_parameters_element_0_s1);
  (* use_dsp = "yes" *) wire logic signed [31:0] product_0_2 =
      32'(conv_state_old_element_0_s1) * 32'(conv_weight_parameters_element_0_2_s1);
  (* use_dsp = "yes" *) wire logic signed [31:0] product_0_3 =
      32'(conv_state_old_element_0_2_s1) * 32'(conv_weight_parameters_element_0_3_s1);
  (* use_dsp = "yes" *) wire logic signed [31:0] product_0_4 =
      32'(conv_state_old_element_0_3_s1) * 32'(conv_weight_parameters_element_0_4_s1);
  (* use_dsp = "yes" *) wire logic signed [31:0] product_1 =
      32'(x_element_1_s1) * 32'(conv_weight_parameters_element_1_s1);
  (* use_dsp = "yes" *) wire logic signed [31:0] product_1_2 =
      32'(conv_state_old_element_1_s1) * 32'(conv_weight_parameters_element_1_2_s1);
  (* use_dsp = "yes" *) wire logic signed [31:0] product_1_3 =
      32'(conv_state_old_element_1_2_s1) * 32'(conv_weight_parameters_element_1_3_s1);
  (* use_dsp = "yes" *) wire logic signed [31:0] product_1_4 =
      32'(conv_state_old_element_1_3_s1) * 32'(conv_weight_parameters_element_1_4_s1);

  // Stage 3
  // layers.py:56
  wire logic signed [32:0] sum_0 = 33'(product_0_s3) + 33'(product_0_2_s3);
  wire logic signed [32:0] sum_0_2 = sum_0 + 33'(product_0_3_s3);
  wire logic signed [32:0] sum_1 = 33'(product_1_s3) + 33'(product_1_2_s3);
  wire logic signed [32:0] sum_1_2 = sum_1 + 33'(product_1_3_s3);

  // Stage 4
  // layers.py:56
  wire logic signed [33:0] sum_0_3 = 34'(sum_0_2_s4) + 34'(product_0_4_s4);
  wire logic signed [33:0] sum_0_4 = sum_0_3 + 34'(conv_bias_parameters_element_0_s4);
  wire logic signed [33:0] sum_1_3 = 34'(sum_1_2_s4) + 34'(product_1_4_s4);
  wire logic signed [33:0] sum_1_4 = sum_1_3 + 34'(conv_bias_parameters_element_1_s4);

  // Stage 5
  // layers.py:56
  wire logic signed [35:0] rounded_0_unsaturated = (((36'(sum_0_4_s5) << 1) >>> 15) + 36'sd1) >>> 1;
  wire logic signed [15:0] rounded_0 = rounded_0_unsaturated > 36'sd32767 ? 16'sd32767 :
      rounded_0_unsaturated < -36'sd32768 ? 16'sh8000 : 16'(rounded_0_unsaturated);
  wire logic signed [35:0] rounded_1_unsaturated = (((36'(sum_1_4_s5) << 1) >>> 15) + 36'sd1) >>> 1;
  wire logic signed [15:0] rounded_1 = rounded_1_unsaturated > 36'sd32767 ? 16'sd32767 :
      rounded_1_unsaturated < -36'sd32768 ? 16'sh8000 : 16'(rounded_1_unsaturated);
  wire logic [31:0] conv_word_1 = {rounded_1, rounded_0};

  always_ff @(posedge clk) begin
    if (conv1d_word_go[0]) begin
      x_element_0_s1 <= x_element_0;
      conv_weight_parameters_element_0_s1 <= conv_weight_parameters_element_0;
      conv_state_old_element_0_s1 <= conv_state_old_element_0;
      conv_weight_parameters_element_0_2_s1 <= conv_weight_parameters_element_0_2;
      conv_state_old_element_0_2_s1 <= conv_state_old_element_0_2;
      conv_weight_parameters_element_0_3_s1 <= conv_weight_parameters_element_0_3;
      conv_state_old_element_0_3_s1 <= conv_state_old_element_0_3;
      conv_weight_parameters_element_0_4_s1 <= conv_weight_parameters_element_0_4;
      x_element_1_s1 <= x_element_1;
      conv_weight_parameters_element_1_s1 <= conv_weight_parameters_element_1;
      conv_state_old_element_1_s1 <= conv_state_old_element_1;
      conv_weight_parameters_element_1_2_s1 <= conv_weight_parameters_element_1_2;
      conv_state_old_element_1_2_s1 <= conv_state_old_element_1_2;
      conv_weight_parameters_element_1_3_s1 <= conv_weight_parameters_element_1_3;
      conv_state_old_element_1_3_s1 <= conv_state_old_element_1_3;
      conv_weight_parameters_element_1_4_s1 <= conv_weight_parameters_element_1_4;
    end
    if (conv1d_word_go[1]) begin
      product_0_s2 <= product_0;
      product_0_2_s2 <= product_0_2;
      product_0_3_s2 <= product_0_3;
      product_0_4_s2 <= product_0_4;
      product_1_s2 <= product_1;
      product_1_2_s2 <= product_1_2;
      product_1_3_s2 <= product_1_3;
      product_1_4_s2 <= product_1_4;
    end
    if (conv1d_word_go[2]) begin
      product_0_s3 <= product_0_s2;
      product_0_2_s3 <= product_0_2_s2;
      product_0_3_s3 <= product_0_3_s2;
      product_0_4_s3 <= product_0_4_s2;
      product_1_s3 <= product_1_s2;
      product_1_2_s3 <= product_1_2_s2;
      product_1_3_s3 <= product_1_3_s2;
      product_1_4_s3 <= product_1_4_s2;
    end
    if (conv1d_word_go[3]) begin
      sum_0_2_s4 <= sum_0_2;
      product_0_4_s4 <= product_0_4_s3;
      sum_1_2_s4 <= sum_1_2;
      product_1_4_s4 <= product_1_4_s3;
    end
    if (conv1d_word_go[4]) begin
      sum_0_4_s5 <= sum_0_4;
      sum_1_4_s5 <= sum_1_4;
    end
  end
  lmc_delay #(.WIDTH(54), .STAGES(4)) conv1d_word_from_0_to_4 (
      .clk,
      .rst,
      .in_go   (conv1d_word_go[0]),
      .in_data ({conv_bias_parameters_element_0, conv_bias_parameters_element_1}),
      .out_go  (conv1d_word_go[4]),
      .out_data({conv_bias_parameters_element_0_s4, conv_bias_parameters_element_1_s4})
  );
  always_comb begin
    conv1d_word_ok = '1;
    conv1d_word_ok[0] = x_valid && conv_state_old_valid && conv_weight_parameters_valid &&
        conv_bias_parameters_valid && conv_state_new_ready;
    conv1d_word_ok[5] = conv_ready;
  end
  lmc_pipeline #(.STAGES(6), .INTERVAL(1)) conv1d_word_control (
      .clk,
      .rst,
      .start  (state == START_CONV1D_WORD),
      .is_last(conv1d_word_is_last),
      .ok     (conv1d_word_ok),
      .valid  (conv1d_word_unused_valid),
      .go     (conv1d_word_go),
      .done   (conv1d_word_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_CONV1D_WORD) begin
      word <= '0;
    end else if (conv1d_word_go[0]) begin
      word <= is_last_word ? '0 : word + 1'b1;
    end
  end

  assign x_ready = conv1d_word_go[0];
  assign conv_state_old_ready = conv1d_word_go[0];
  assign conv_weight_parameters_ready = conv1d_word_go[0];
  assign conv_bias_parameters_ready = conv1d_word_go[0];
  assign conv_valid = conv1d_word_go[5];
  assign conv_data = conv_word_1;
  assign conv_state_new_valid = conv1d_word_go[0];
  assign conv_state_new_data = conv_state_new_word_1;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_conv1d_token) begin
            token <= '0;
            state <= ROUND_CONV1D_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_CONV1D_TOKEN: begin
          layer <= '0;
          state <= ROUND_CONV1D_LAYER;
        end
        ROUND_CONV1D_LAYER: begin
          state <= START_CONV1D_WORD;
        end
        START_CONV1D_WORD: begin
          state <= RUN_CONV1D_WORD;
        end
        RUN_CONV1D_WORD: begin
          if (conv1d_word_done) begin
            if (more_conv1d_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_CONV1D_LAYER;
            end else begin
              if (more_conv1d_token) begin
                token <= token + 1'b1;
                state <= ROUND_CONV1D_TOKEN;
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
      conv1d_word_go,
      x_word,
      conv_weight_parameters_word,
      conv_state_old_word,
      conv_bias_parameters_word,
      rounded_0_unsaturated,
      rounded_1_unsaturated,
      1'b0
  };

endmodule
