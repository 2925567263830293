// ssm.split(xz: 64 x fixed<16, 11>) -> x: 32 x fixed<16, 11>, z: 32 x fixed<16, 11>
//   from mamba1.py:39
//   reads xz: 32 words of 2 x fixed<16, 11> for each layer
//   writes x: 16 words of 2 x fixed<16, 11> for each layer
//   writes z: 16 words of 2 x fixed<16, 11> for each layer
module split (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic xz_valid,
    output logic xz_ready,
    input  logic [31:0] xz_data,
    output logic x_valid,
    input  logic x_ready,
    output logic [31:0] x_data,
    output logic z_valid,
    input  logic z_ready,
    output logic [31:0] z_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_SPLIT_TOKEN,
    ROUND_SPLIT_LAYER,
    START_SPLIT_WORD,
    RUN_SPLIT_WORD,
    START_SPLIT_WORD_2,
    RUN_SPLIT_WORD_2
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic [0:0] split_word_go;
  logic split_word_done;
  logic [0:0] split_word_2_go;
  logic split_word_2_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_split_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_split_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_split_layer = next_layer < 2'd2;

  // Pipeline split_word: 1 stages
  logic [0:0] split_word_ok, split_word_unused_valid;
  logic split_word_is_last;
  logic [3:0] word;
  wire logic is_last_word = word == 4'd15;
  assign split_word_is_last = is_last_word;
  logic [31:0] xz_element;
  assign xz_element = xz_data;

  always_comb begin
    split_word_ok = '1;
    split_word_ok[0] = xz_valid && x_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) split_word_control (
      .clk,
      .rst,
      .start  (state == START_SPLIT_WORD),
      .is_last(split_word_is_last),
      .ok     (split_word_ok),
      .valid  (split_word_unused_valid),
      .go     (split_word_go),
      .done   (split_word_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_SPLIT_WORD) begin
      word <= '0;
    end else if (split_word_go[0]) begin
      word <= is_last_word ? '0 : word + 1'b1;
    end
  end

  // Pipeline split_word_2: 1 stages
  logic [0:0] split_word_2_ok, split_word_2_unused_valid;
  logic split_word_2_is_last;
  logic [3:0] word_2;
  wire logic is_last_word_2 = word_2 == 4'd15;
  assign split_word_2_is_last = is_last_word_2;
  logic [31:0] xz_element_2;
  assign xz_element_2 = xz_data;

  always_comb begin
    split_word_2_ok = '1;
    split_word_2_ok[0] = xz_valid && z_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) split_word_2_control (
      .clk,
      .rst,
      .start  (state == START_SPLIT_WORD_2),
      .is_last(split_word_2_is_last),
      .ok     (split_word_2_ok),
      .valid  (split_word_2_unused_valid),
      .go     (split_word_2_go),
      .done   (split_word_2_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_SPLIT_WORD_2) begin
      word_2 <= '0;
    end else if (split_word_2_go[0]) begin
      word_2 <= is_last_word_2 ? '0 : word_2 + 1'b1;
    end
  end

  assign xz_ready = split_word_go[0] || split_word_2_go[0];
  assign x_valid = split_word_go[0];
  assign x_data = xz_element;
  assign z_valid = split_word_2_go[0];
  assign z_data = xz_element_2;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_split_token) begin
            token <= '0;
            state <= ROUND_SPLIT_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_SPLIT_TOKEN: begin
          layer <= '0;
          state <= ROUND_SPLIT_LAYER;
        end
        ROUND_SPLIT_LAYER: begin
          state <= START_SPLIT_WORD;
        end
        START_SPLIT_WORD: begin
          state <= RUN_SPLIT_WORD;
        end
        RUN_SPLIT_WORD: begin
          if (split_word_done) begin
            state <= START_SPLIT_WORD_2;
          end
        end
        START_SPLIT_WORD_2: begin
          state <= RUN_SPLIT_WORD_2;
        end
        RUN_SPLIT_WORD_2: begin
          if (split_word_2_done) begin
            if (more_split_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_SPLIT_LAYER;
            end else begin
              if (more_split_token) begin
                token <= token + 1'b1;
                state <= ROUND_SPLIT_TOKEN;
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
      split_word_go,
      split_word_2_go,
      1'b0
  };

endmodule
