// ssm.linear(normed_q: 16 x bfp<8, 16, 12>) -> xz: 64 x fixed<16, 11>
//   from mamba1.py:36 with backbone.layers.{layer}.mixer.in_proj.weight
// ssm.linear(x_q: 32 x bfp<8, 32, 10>) -> dbc: 10 x fixed<16, 10>
//   from mamba1.py:39 with backbone.layers.{layer}.mixer.x_proj.weight
// ssm.linear(dt_q: 2 x bfp<8, 2, 10>) -> dt: 32 x fixed<16, 9>
//   from mamba1.py:39 with backbone.layers.{layer}.mixer.dt_proj.weight
// ssm.linear(rotated_q: 32 x bfp<8, 32, 5>) -> out: 16 x fixed<32, 15>
//   from mamba1.py:41 with backbone.layers.{layer}.mixer.out_proj.weight
// ssm.linear(normed_q: 16 x bfp<8, 16, 12>) -> logits: 16 x fixed<32, 27>
//   from language_model.py:86 with lm_head.weight
//   writes xz: 32 words of 2 x fixed<16, 11> for each layer
//   writes dbc: 5 words of 2 x fixed<16, 10> for each layer
//   writes dt: 16 words of 2 x fixed<16, 9> for each layer
//   writes out: 8 words of 2 x fixed<32, 15> for each layer
//   writes logits_2: 8 words of 2 x fixed<32, 27> for each token
module scatter (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic [31:0] n_logits,
    input  logic row_words_valid,
    output logic row_words_ready,
    input  logic [63:0] row_words_data,
    output logic xz_valid,
    input  logic xz_ready,
    output logic [31:0] xz_data,
    output logic dbc_valid,
    input  logic dbc_ready,
    output logic [31:0] dbc_data,
    output logic dt_valid,
    input  logic dt_ready,
    output logic [31:0] dt_data,
    output logic out_valid,
    input  logic out_ready,
    output logic [63:0] out_data,
    output logic logits_2_valid,
    input  logic logits_2_ready,
    output logic [63:0] logits_2_data
);

  typedef enum logic [3:0] {
    IDLE,
    DONE,
    ROUND_SCATTER_TOKEN,
    ROUND_SCATTER_LAYER,
    START_SCATTER_IN_PROJ_WORD,
    RUN_SCATTER_IN_PROJ_WORD,
    START_SCATTER_X_PROJ_WORD,
    RUN_SCATTER_X_PROJ_WORD,
    START_SCATTER_DT_PROJ_WORD,
    RUN_SCATTER_DT_PROJ_WORD,
    START_SCATTER_OUT_PROJ_WORD,
    RUN_SCATTER_OUT_PROJ_WORD,
    START_SCATTER_LM_HEAD_WORD,
    RUN_SCATTER_LM_HEAD_WORD
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic [0:0] scatter_in_proj_word_go;
  logic scatter_in_proj_word_done;
  logic [0:0] scatter_x_proj_word_go;
  logic scatter_x_proj_word_done;
  logic [0:0] scatter_dt_proj_word_go;
  logic scatter_dt_proj_word_done;
  logic [0:0] scatter_out_proj_word_go;
  logic scatter_out_proj_word_done;
  logic [0:0] scatter_lm_head_word_go;
  logic scatter_lm_head_word_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic [30:0] n_logits_2 = 31'(n_logits);
  wire logic enters_scatter_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_scatter_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_scatter_layer = next_layer < 2'd2;
  wire logic [31:0] place = 32'(token) + 32'(n_logits_2);
  wire logic condition = place >= 32'(n_tokens_2);

  // Pipeline scatter_in_proj_word: 1 stages
  logic [0:0] scatter_in_proj_word_ok, scatter_in_proj_word_unused_valid;
  logic scatter_in_proj_word_is_last;
  logic [4:0] in_proj_word;
  wire logic is_last_in_proj_word = in_proj_word == 5'd31;
  assign scatter_in_proj_word_is_last = is_last_in_proj_word;
  logic [63:0] row_words_word;
  assign row_words_word = row_words_data;

  // Stage 0
  wire logic signed [31:0] row_words_element_0 = signed'(row_words_word[31:0]);
  wire logic signed [33:0] rounded_0_unsaturated = (((34'(row_words_element_0) << 1) >>> 0) +
      34'sd1) >>> 1;
  wire logic signed [15:0] rounded_0 = rounded_0_unsaturated > 34'sd32767 ? 16'sd32767 :
      rounded_0_unsaturated < -34'sd32768 ? 16'sh8000 : 16'(rounded_0_unsaturated);
  wire logic signed [31:0] row_words_element_1 = signed'(row_words_word[63:32]);
  wire logic signed [33:0] rounded_1_unsaturated = (((34'(row_words_element_1) << 1) >>> 0) +
      34'sd1) >>> 1;
  wire logic signed [15:0] rounded_1 = rounded_1_unsaturated > 34'sd32767 ? 16'sd32767 :
      rounded_1_unsaturated < -34'sd32768 ? 16'sh8000 : 16'(rounded_1_unsaturated);
  wire logic [31:0] xz_word_1 = {rounded_1, rounded_0};

  always_comb begin
    scatter_in_proj_word_ok = '1;
    scatter_in_proj_word_ok[0] = row_words_valid && xz_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) scatter_in_proj_word_control (
      .clk,
      .rst,
      .start  (state == START_SCATTER_IN_PROJ_WORD),
      .is_last(scatter_in_proj_word_is_last),
      .ok     (scatter_in_proj_word_ok),
      .valid  (scatter_in_proj_word_unused_valid),
      .go     (scatter_in_proj_word_go),
      .done   (scatter_in_proj_word_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_SCATTER_IN_PROJ_WORD) begin
      in_proj_word <= '0;
    end else if (scatter_in_proj_word_go[0]) begin
      in_proj_word <= is_last_in_proj_word ? '0 : in_proj_word + 1'b1;
    end
  end

  // Pipeline scatter_x_proj_word: 1 stages
  logic [0:0] scatter_x_proj_word_ok, scatter_x_proj_word_unused_valid;
  logic scatter_x_proj_word_is_last;
  logic [2:0] x_proj_word;
  wire logic is_last_x_proj_word = x_proj_word == 3'd4;
  assign scatter_x_proj_word_is_last = is_last_x_proj_word;
  logic [63:0] row_words_word_2;
  assign row_words_word_2 = row_words_data;

  // Stage 0
  wire logic signed [31:0] row_words_element_0_2 = signed'(row_words_word_2[31:0]);
  wire logic signed [33:0] rounded_0_2_unsaturated = (((34'(row_words_element_0_2) << 1) >>> 0) +
      34'sd1) >>> 1;
  wire logic signed [15:0] rounded_0_2 = rounded_0_2_unsaturated > 34'sd32767 ? 16'sd32767 :
      rounded_0_2_unsaturated < -34'sd32768 ? 16'sh8000 : 16'(rounded_0_2_unsaturated);
  wire logic signed [31:0] row_words_element_1_2 = signed'(row_words_word_2[63:32]);
  wire logic signed [33:0] rounded_1_2_unsaturated = (((34'(row_words_element_1_2) << 1) >>> 0) +
      34'sd1) >>> 1;
  wire logic signed [15:0] rounded_1_2 = rounded_1_2_unsaturated > 34'sd32767 ? 16'sd32767 :
      rounded_1_2_unsaturated < -34'sd32768 ? 16'sh8000 : 16'(rounded_1_2_unsaturated);
  wire logic [31:0] dbc_word_1 = {rounded_1_2, rounded_0_2};

  always_comb begin
    scatter_x_proj_word_ok = '1;
    scatter_x_proj_word_ok[0] = row_words_valid && dbc_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) scatter_x_proj_word_control (
      .clk,
      .rst,
      .start  (state == START_SCATTER_X_PROJ_WORD),
      .is_last(scatter_x_proj_word_is_last),
      .ok     (scatter_x_proj_word_ok),
      .valid  (scatter_x_proj_word_unused_valid),
      .go     (scatter_x_proj_word_go),
      .done   (scatter_x_proj_word_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_SCATTER_X_PROJ_WORD) begin
      x_proj_word <= '0;
    end else if (scatter_x_proj_word_go[0]) begin
      x_proj_word <= is_last_x_proj_word ? '0 : x_proj_word + 1'b1;
    end
  end

  // Pipeline scatter_dt_proj_word: 1 stages
  logic [0:0] scatter_dt_proj_word_ok, scatter_dt_proj_word_unused_valid;
  logic scatter_dt_proj_word_is_last;
  logic [3:0] dt_proj_word;
  wire logic is_last_dt_proj_word = dt_proj_word == 4'd15;
  assign scatter_dt_proj_word_is_last = is_last_dt_proj_word;
  logic [63:0] row_words_word_3;
  assign row_words_word_3 = row_words_data;

  // Stage 0
  wire logic signed [31:0] row_words_element_0_3 = signed'(row_words_word_3[31:0]);
  wire logic signed [33:0] rounded_0_3_unsaturated = (((34'(row_words_element_0_3) << 1) >>> 0) +
      34'sd1) >>> 1;
  wire logic signed [15:0] rounded_0_3 = rounded_0_3_unsaturated > 34'sd32767 ? 16'sd32767 :
      rounded_0_3_unsaturated < -34'sd32768 ? 16'sh8000 : 16'(rounded_0_3_unsaturated);
  wire logic signed [31:0] row_words_element_1_3 = signed'(row_words_word_3[63:32]);
  wire logic signed [33:0] rounded_1_3_unsaturated = (((34'(row_words_element_1_3) << 1) >>> 0) +
      34'sd1) >>> 1;
  wire logic signed [15:0] rounded_1_3 = rounded_1_3_unsaturated > 34'sd32767 ? 16'sd32767 :
      rounded_1_3_unsaturated < -34'sd32768 ? 16'sh8000 : 16'(rounded_1_3_unsaturated);
  wire logic [31:0] dt_word_1 = {rounded_1_3, rounded_0_3};

  always_comb begin
    scatter_dt_proj_word_ok = '1;
    scatter_dt_proj_word_ok[0] = row_words_valid && dt_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) scatter_dt_proj_word_control (
      .clk,
      .rst,
      .start  (state == START_SCATTER_DT_PROJ_WORD),
      .is_last(scatter_dt_proj_word_is_last),
      .ok     (scatter_dt_proj_word_ok),
      .valid  (scatter_dt_proj_word_unused_valid),
      .go     (scatter_dt_proj_word_go),
      .done   (scatter_dt_proj_word_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_SCATTER_DT_PROJ_WORD) begin
      dt_proj_word <= '0;
    end else if (scatter_dt_proj_word_go[0]) begin
      dt_proj_word <= is_last_dt_proj_word ? '0 : dt_proj_word + 1'b1;
    end
  end

  // Pipeline scatter_out_proj_word: 1 stages
  logic [0:0] scatter_out_proj_word_ok, scatter_out_proj_word_unused_valid;
  logic scatter_out_proj_word_is_last;
  logic [2:0] out_proj_word;
  wire logic is_last_out_proj_word = out_proj_word == 3'd7;
  assign scatter_out_proj_word_is_last = is_last_out_proj_word;
  logic [63:0] row_words_word_4;
  assign row_words_word_4 = row_words_data;

  // Stage 0
  wire logic signed [31:0] row_words_element_0_4 = signed'(row_words_word_4[31:0]);
  wire logic signed [31:0] row_words_element_1_4 = signed'(row_words_word_4[63:32]);
  wire logic [63:0] out_word_1 = {row_words_element_1_4, row_words_element_0_4};

  always_comb begin
    scatter_out_proj_word_ok = '1;
    scatter_out_proj_word_ok[0] = row_words_valid && out_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) scatter_out_proj_word_control (
      .clk,
      .rst,
      .start  (state == START_SCATTER_OUT_PROJ_WORD),
      .is_last(scatter_out_proj_word_is_last),
      .ok     (scatter_out_proj_word_ok),
      .valid  (scatter_out_proj_word_unused_valid),
      .go     (scatter_out_proj_word_go),
      .done   (scatter_out_proj_word_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_SCATTER_OUT_PROJ_WORD) begin
      out_proj_word <= '0;
    end else if (scatter_out_proj_word_go[0]) begin
      out_proj_word <= is_last_out_proj_word ? '0 : out_proj_word + 1'b1;
    end
  end

  // Pipeline scatter_lm_head_word: 1 stages
  logic [0:0] scatter_lm_head_word_ok, scatter_lm_head_word_unused_valid;
  logic scatter_lm_head_word_is_last;
  logic [2:0] lm_head_word;
  wire logic is_last_lm_head_word = lm_head_word == 3'd7;
  assign scatter_lm_head_word_is_last = is_last_lm_head_word;
  logic [63:0] row_words_word_5;
  assign row_words_word_5 = row_words_data;

  // Stage 0
  wire logic signed [31:0] row_words_element_0_5 = signed'(row_words_word_5[31:0]);
  wire logic signed [31:0] row_words_element_1_5 = signed'(row_words_word_5[63:32]);
  wire logic [63:0] logits_2_word_1 = {row_words_element_1_5, row_words_element_0_5};

  always_comb begin
    scatter_lm_head_word_ok = '1;
    scatter_lm_head_word_ok[0] = row_words_valid && logits_2_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) scatter_lm_head_word_control (
      .clk,
      .rst,
      .start  (state == START_SCATTER_LM_HEAD_WORD),
      .is_last(scatter_lm_head_word_is_last),
      .ok     (scatter_lm_head_word_ok),
      .valid  (scatter_lm_head_word_unused_valid),
      .go     (scatter_lm_head_word_go),
      .done   (scatter_lm_head_word_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_SCATTER_LM_HEAD_WORD) begin
      lm_head_word <= '0;
    end else if (scatter_lm_head_word_go[0]) begin
      lm_head_word <= is_last_lm_head_word ? '0 : lm_head_word + 1'b1;
    end
  end

  assign row_words_ready = scatter_in_proj_word_go[0] || scatter_x_proj_word_go[0] ||
      scatter_dt_proj_word_go[0] || scatter_out_proj_word_go[0] || scatter_lm_head_word_go[0];
  assign xz_valid = scatter_in_proj_word_go[0];
  assign xz_data = xz_word_1;
  assign dbc_valid = scatter_x_proj_word_go[0];
  assign dbc_data = dbc_word_1;
  assign dt_valid = scatter_dt_proj_word_go[0];
  assign dt_data = dt_word_1;
  assign out_valid = scatter_out_proj_word_go[0];
  assign out_data = out_word_1;
  assign logits_2_valid = scatter_lm_head_word_go[0];
  assign logits_2_data = logits_2_word_1;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_scatter_token) begin
            token <= '0;
            state <= ROUND_SCATTER_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_SCATTER_TOKEN: begin
          layer <= '0;
          state <= ROUND_SCATTER_LAYER;
        end
        ROUND_SCATTER_LAYER: begin
          state <= START_SCATTER_IN_PROJ_WORD;
        end
        START_SCATTER_IN_PROJ_WORD: begin
          state <= RUN_SCATTER_IN_PROJ_WORD;
        end
        RUN_SCATTER_IN_PROJ_WORD: begin
          if (scatter_in_proj_word_done) begin
            state <= START_SCATTER_X_PROJ_WORD;
          end
        end
        START_SCATTER_X_PROJ_WORD: begin
          state <= RUN_SCATTER_X_PROJ_WORD;
        end
        RUN_SCATTER_X_PROJ_WORD: begin
          if (scatter_x_proj_word_done) begin
            state <= START_SCATTER_DT_PROJ_WORD;
          end
        end
        START_SCATTER_DT_PROJ_WORD: begin
          state <= RUN_SCATTER_DT_PROJ_WORD;
        end
        RUN_SCATTER_DT_PROJ_WORD: begin
          if (scatter_dt_proj_word_done) begin
            state <= START_SCATTER_OUT_PROJ_WORD;
          end
        end
        START_SCATTER_OUT_PROJ_WORD: begin
          state <= RUN_SCATTER_OUT_PROJ_WORD;
        end
        RUN_SCATTER_OUT_PROJ_WORD: begin
          if (scatter_out_proj_word_done) begin
            if (more_scatter_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_SCATTER_LAYER;
            end else begin
              if (condition) begin
                state <= START_SCATTER_LM_HEAD_WORD;
              end else begin
                if (more_scatter_token) begin
                  token <= token + 1'b1;
                  state <= ROUND_SCATTER_TOKEN;
                end else begin
                  state <= DONE;
                end
              end
            end
          end
        end
        START_SCATTER_LM_HEAD_WORD: begin
          state <= RUN_SCATTER_LM_HEAD_WORD;
        end
        RUN_SCATTER_LM_HEAD_WORD: begin
          if (scatter_lm_head_word_done) begin
            if (more_scatter_token) begin
              token <= token + 1'b1;
              state <= ROUND_SCATTER_TOKEN;
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
      scatter_in_proj_word_go,
      scatter_x_proj_word_go,
      scatter_dt_proj_word_go,
      scatter_out_proj_word_go,
      scatter_lm_head_word_go,
      row_words_word,
      rounded_0_unsaturated,
      rounded_1_unsaturated,
      row_words_word_2,
      rounded_0_2_unsaturated,
      rounded_1_2_unsaturated,
      row_words_word_3,
      rounded_0_3_unsaturated,
      rounded_1_3_unsaturated,
      row_words_word_4,
      row_words_word_5,
      1'b0
  };

endmodule
