// ssm.split(dbc: 10 x fixed<16, 10>) -> dt: 2 x fixed<16, 10>, b: 4 x fixed<16, 10>, c: 4 x fixed<16, 10>
//   from mamba1.py:39
//   reads dbc: 5 words of 2 x fixed<16, 10> for each layer
//   writes dt_2: 1 word of 2 x fixed<16, 10> for each layer
//   writes b: 2 words of 2 x fixed<16, 10> for each layer
//   writes c: 2 words of 2 x fixed<16, 10> for each layer
module split_2 (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic dbc_valid,
    output logic dbc_ready,
    input  logic [31:0] dbc_data,
    output logic dt_2_valid,
    input  logic dt_2_ready,
    output logic [31:0] dt_2_data,
    output logic b_valid,
    input  logic b_ready,
    output logic [31:0] b_data,
    output logic c_valid,
    input  logic c_ready,
    output logic [31:0] c_data
);

  typedef enum logic [3:0] {
    IDLE,
    DONE,
    ROUND_SPLIT_2_TOKEN,
    ROUND_SPLIT_2_LAYER,
    READ_DBC,
    WRITE_DT_2,
    START_SPLIT_2_WORD_2,
    RUN_SPLIT_2_WORD_2,
    START_SPLIT_2_WORD_3,
    RUN_SPLIT_2_WORD_3
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic [31:0] dbc_element;
  logic [0:0] split_2_word_2_go;
  logic split_2_word_2_done;
  logic [0:0] split_2_word_3_go;
  logic split_2_word_3_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_split_2_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_split_2_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_split_2_layer = next_layer < 2'd2;
  always_ff @(posedge clk) if (state == READ_DBC && dbc_valid) dbc_element <= dbc_data;

  // Pipeline split_2_word_2: 1 stages
  logic [0:0] split_2_word_2_ok, split_2_word_2_unused_valid;
  logic split_2_word_2_is_last, word;
  wire logic is_last_word = word == 1'd1;
  assign split_2_word_2_is_last = is_last_word;
  logic [31:0] dbc_element_2;
  assign dbc_element_2 = dbc_data;

  always_comb begin
    split_2_word_2_ok = '1;
    split_2_word_2_ok[0] = dbc_valid && b_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) split_2_word_2_control (
      .clk,
      .rst,
      .start  (state == START_SPLIT_2_WORD_2),
      .is_last(split_2_word_2_is_last),
      .ok     (split_2_word_2_ok),
      .valid  (split_2_word_2_unused_valid),
      .go     (split_2_word_2_go),
      .done   (split_2_word_2_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_SPLIT_2_WORD_2) begin
      word <= '0;
    end else if (split_2_word_2_go[0]) begin
      word <= is_last_word ? '0 : word + 1'b1;
    end
  end

  // Pipeline split_2_word_3: 1 stages
  logic [0:0] split_2_word_3_ok, split_2_word_3_unused_valid;
  logic split_2_word_3_is_last, word_2;
  wire logic is_last_word_2 = word_2 == 1'd1;
  assign split_2_word_3_is_last = is_last_word_2;
  logic [31:0] dbc_element_3;
  assign dbc_element_3 = dbc_data;

  always_comb begin
    split_2_word_3_ok = '1;
    split_2_word_3_ok[0] = dbc_valid && c_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) split_2_word_3_control (
      .clk,
      .rst,
      .start  (state == START_SPLIT_2_WORD_3),
      .is_last(split_2_word_3_is_last),
      .ok     (split_2_word_3_ok),
      .valid  (split_2_word_3_unused_valid),
      .go     (split_2_word_3_go),
      .done   (split_2_word_3_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_SPLIT_2_WORD_3) begin
      word_2 <= '0;
    end else if (split_2_word_3_go[0]) begin
      word_2 <= is_last_word_2 ? '0 : word_2 + 1'b1;
    end
  end

  assign dbc_ready = (state == READ_DBC) || split_2_word_2_go[0] || split_2_word_3_go[0];
  assign dt_2_valid = state == WRITE_DT_2;
  assign dt_2_data = dbc_element;
  assign b_valid = split_2_word_2_go[0];
  assign b_data = dbc_element_2;
  assign c_valid = split_2_word_3_go[0];
  assign c_data = dbc_element_3;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_split_2_token) begin
            token <= '0;
            state <= ROUND_SPLIT_2_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_SPLIT_2_TOKEN: begin
          layer <= '0;
          state <= ROUND_SPLIT_2_LAYER;
        end
        ROUND_SPLIT_2_LAYER: begin
          state <= READ_DBC;
        end
        READ_DBC: begin
          if (dbc_valid) begin
            state <= WRITE_DT_2;
          end
        end
        WRITE_DT_2: begin
          if (dt_2_ready) begin
            state <= START_SPLIT_2_WORD_2;
          end
        end
        START_SPLIT_2_WORD_2: begin
          state <= RUN_SPLIT_2_WORD_2;
        end
        RUN_SPLIT_2_WORD_2: begin
          if (split_2_word_2_done) begin
            state <= START_SPLIT_2_WORD_3;
          end
        end
        START_SPLIT_2_WORD_3: begin
          state <= RUN_SPLIT_2_WORD_3;
        end
        RUN_SPLIT_2_WORD_3: begin
          if (split_2_word_3_done) begin
            if (more_split_2_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_SPLIT_2_LAYER;
            end else begin
              if (more_split_2_token) begin
                token <= token + 1'b1;
                state <= ROUND_SPLIT_2_TOKEN;
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
      split_2_word_2_go,
      split_2_word_3_go,
      1'b0
  };

endmodule
