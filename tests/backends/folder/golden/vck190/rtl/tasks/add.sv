// ssm.add(hidden: 16 x fixed<24, 6>, out: 16 x fixed<32, 15>) -> hidden: 16 x fixed<24, 6>
//   from language_model.py:30
//   reads hidden_copy: 8 words of 2 x fixed<24, 6> for each layer
//   reads out: 8 words of 2 x fixed<32, 15> for each layer
//   writes hidden_3: 8 words of 2 x fixed<24, 6> for each layer
module add (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic hidden_copy_valid,
    output logic hidden_copy_ready,
    input  logic [47:0] hidden_copy_data,
    input  logic out_valid,
    output logic out_ready,
    input  logic [63:0] out_data,
    output logic hidden_3_valid,
    input  logic hidden_3_ready,
    output logic [47:0] hidden_3_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_ADD_TOKEN,
    ROUND_ADD_LAYER,
    START_ADD_WORD,
    RUN_ADD_WORD
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic [1:0] add_word_go;
  logic add_word_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_add_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_add_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_add_layer = next_layer < 2'd2;

  // Pipeline add_word: 2 stages
  logic [1:0] add_word_ok, add_word_unused_valid;
  logic add_word_is_last;
  logic [2:0] word;
  wire logic is_last_word = word == 3'd7;
  assign add_word_is_last = is_last_word;
  logic signed [33:0] sum_0_s1, sum_1_s1;
  logic [47:0] hidden_copy_word;
  assign hidden_copy_word = hidden_copy_data;
  logic [63:0] out_word;
  assign out_word = out_data;

  // Stage 0
  // language_model.py:30
  wire logic signed [23:0] hidden_copy_element_0 = signed'(hidden_copy_word[23:0]);
  wire logic signed [31:0] out_element_0 = signed'(out_word[31:0]);
  wire logic signed [32:0] shifted_0 = 33'(hidden_copy_element_0) << 9;
  wire logic signed [33:0] sum_0 = 34'(shifted_0) + 34'(out_element_0);
  wire logic signed [23:0] hidden_copy_element_1 = signed'(hidden_copy_word[47:24]);
  wire logic signed [31:0] out_element_1 = signed'(out_word[63:32]);
  wire logic signed [32:0] shifted_1 = 33'(hidden_copy_element_1) << 9;
  wire logic signed [33:0] sum_1 = 34'(shifted_1) + 34'(out_element_1);

  // Stage 1
  // language_model.py:30
  wire logic signed [35:0] rounded_0_unsaturated = (((36'(sum_0_s1) << 1) >>> 9) + 36'sd1) >>> 1;
  wire logic signed [23:0] rounded_0 = rounded_0_unsaturated > 36'sd8388607 ? 24'sd8388607 :
      rounded_0_unsaturated < -36'sd8388608 ? 24'sh800000 : 24'(rounded_0_unsaturated);
  wire logic signed [35:0] rounded_1_unsaturated = (((36'(sum_1_s1) << 1) >>> 9) + 36'sd1) >>> 1;
  wire logic signed [23:0] rounded_1 = rounded_1_unsaturated > 36'sd8388607 ? 24'sd8388607 :
      rounded_1_unsaturated < -36'sd8388608 ? 24'sh800000 : 24'(rounded_1_unsaturated);
  wire logic [47:0] hidden_3_word_1 = {rounded_1, rounded_0};

  always_ff @(posedge clk) begin
    if (add_word_go[0]) begin
      sum_0_s1 <= sum_0;
      sum_1_s1 <= sum_1;
    end
  end
  always_comb begin
    add_word_ok = '1;
    add_word_ok[0] = hidden_copy_valid && out_valid;
    add_word_ok[1] = hidden_3_ready;
  end
  lmc_pipeline #(.STAGES(2), .INTERVAL(1)) add_word_control (
      .clk,
      .rst,
      .start  (state == START_ADD_WORD),
      .is_last(add_word_is_last),
      .ok     (add_word_ok),
      .valid  (add_word_unused_valid),
      .go     (add_word_go),
      .done   (add_word_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_ADD_WORD) begin
      word <= '0;
    end else if (add_word_go[0]) begin
      word <= is_last_word ? '0 : word + 1'b1;
    end
  end

  assign hidden_copy_ready = add_word_go[0];
  assign out_ready = add_word_go[0];
  assign hidden_3_valid = add_word_go[1];
  assign hidden_3_data = hidden_3_word_1;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_add_token) begin
            token <= '0;
            state <= ROUND_ADD_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_ADD_TOKEN: begin
          layer <= '0;
          state <= ROUND_ADD_LAYER;
        end
        ROUND_ADD_LAYER: begin
          state <= START_ADD_WORD;
        end
        START_ADD_WORD: begin
          state <= RUN_ADD_WORD;
        end
        RUN_ADD_WORD: begin
          if (add_word_done) begin
            if (more_add_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_ADD_LAYER;
            end else begin
              if (more_add_token) begin
                token <= token + 1'b1;
                state <= ROUND_ADD_TOKEN;
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
      add_word_go,
      hidden_copy_word,
      out_word,
      rounded_0_unsaturated,
      rounded_1_unsaturated,
      1'b0
  };

endmodule
