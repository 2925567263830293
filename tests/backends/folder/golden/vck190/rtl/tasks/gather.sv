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
//   reads normed_q_tiles: 1 word of 32 x bfp<8, 16, 12> for each layer
//   reads x_q_tiles: 1 word of 32 x bfp<8, 32, 10> for each layer
//   reads dt_q_tiles: 1 word of 32 x bfp<8, 2, 10> for each layer
//   reads rotated_q_tiles: 1 word of 32 x bfp<8, 32, 5> for each layer
//   reads normed_q_tiles_2: 1 word of 32 x bfp<8, 16, 12> for each token
module gather (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic [31:0] n_logits,
    input  logic normed_q_tiles_valid,
    output logic normed_q_tiles_ready,
    input  logic [319:0] normed_q_tiles_data,
    input  logic x_q_tiles_valid,
    output logic x_q_tiles_ready,
    input  logic [319:0] x_q_tiles_data,
    input  logic dt_q_tiles_valid,
    output logic dt_q_tiles_ready,
    input  logic [319:0] dt_q_tiles_data,
    input  logic rotated_q_tiles_valid,
    output logic rotated_q_tiles_ready,
    input  logic [319:0] rotated_q_tiles_data,
    input  logic normed_q_tiles_2_valid,
    output logic normed_q_tiles_2_ready,
    input  logic [319:0] normed_q_tiles_2_data,
    output logic activations_0_valid,
    input  logic activations_0_ready,
    output logic [319:0] activations_0_data
);

  typedef enum logic [3:0] {
    IDLE,
    DONE,
    ROUND_GATHER_TOKEN,
    ROUND_GATHER_LAYER,
    READ_NORMED_Q_TILES,
    WRITE_ACTIVATIONS_0,
    READ_X_Q_TILES,
    WRITE_ACTIVATIONS_0_2,
    READ_DT_Q_TILES,
    WRITE_ACTIVATIONS_0_3,
    READ_ROTATED_Q_TILES,
    WRITE_ACTIVATIONS_0_4,
    READ_NORMED_Q_TILES_2,
    WRITE_ACTIVATIONS_0_5
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic [319:0] normed_q_tiles_word, x_q_tiles_word, dt_q_tiles_word, rotated_q_tiles_word,
      normed_q_tiles_2_word;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic [30:0] n_logits_2 = 31'(n_logits);
  wire logic enters_gather_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_gather_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_gather_layer = next_layer < 2'd2;
  wire logic [31:0] place = 32'(token) + 32'(n_logits_2);
  wire logic condition = place >= 32'(n_tokens_2);
  always_ff @(posedge clk) if (state == READ_NORMED_Q_TILES &&
      normed_q_tiles_valid) normed_q_tiles_word <= normed_q_tiles_data;
  always_ff @(posedge clk) if (state == READ_X_Q_TILES && x_q_tiles_valid) x_q_tiles_word <=
      x_q_tiles_data;
  always_ff @(posedge clk) if (state == READ_DT_Q_TILES && dt_q_tiles_valid) dt_q_tiles_word <=
      dt_q_tiles_data;
  always_ff @(posedge clk) if (state == READ_ROTATED_Q_TILES &&
      rotated_q_tiles_valid) rotated_q_tiles_word <= rotated_q_tiles_data;
  always_ff @(posedge clk) if (state == READ_NORMED_Q_TILES_2 &&
      normed_q_tiles_2_valid) normed_q_tiles_2_word <= normed_q_tiles_2_data;

  assign normed_q_tiles_ready = state == READ_NORMED_Q_TILES;
  assign x_q_tiles_ready = state == READ_X_Q_TILES;
  assign dt_q_tiles_ready = state == READ_DT_Q_TILES;
  assign rotated_q_tiles_ready = state == READ_ROTATED_Q_TILES;
  assign normed_q_tiles_2_ready = state == READ_NORMED_Q_TILES_2;
  assign activations_0_valid = (state == WRITE_ACTIVATIONS_0) || (state == WRITE_ACTIVATIONS_0_2) ||
      (state == WRITE_ACTIVATIONS_0_3) || (state == WRITE_ACTIVATIONS_0_4) || (state ==
      WRITE_ACTIVATIONS_0_5);
  assign activations_0_data = (state == WRITE_ACTIVATIONS_0) ? normed_q_tiles_word : (state ==
      WRITE_ACTIVATIONS_0_2) ? x_q_tiles_word : (state == WRITE_ACTIVATIONS_0_3) ? dt_q_tiles_word :
      (state == WRITE_ACTIVATIONS_0_4) ? rotated_q_tiles_word : normed_q_tiles_2_word;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_gather_token) begin
            token <= '0;
            state <= ROUND_GATHER_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_GATHER_TOKEN: begin
          layer <= '0;
          state <= ROUND_GATHER_LAYER;
        end
        ROUND_GATHER_LAYER: begin
          state <= READ_NORMED_Q_TILES;
        end
        READ_NORMED_Q_TILES: begin
          if (normed_q_tiles_valid) begin
            state <= WRITE_ACTIVATIONS_0;
          end
        end
        WRITE_ACTIVATIONS_0: begin
          if (activations_0_ready) begin
            state <= READ_X_Q_TILES;
          end
        end
        READ_X_Q_TILES: begin
          if (x_q_tiles_valid) begin
            state <= WRITE_ACTIVATIONS_0_2;
          end
        end
        WRITE_ACTIVATIONS_0_2: begin
          if (activations_0_ready) begin
            state <= READ_DT_Q_TILES;
          end
        end
        READ_DT_Q_TILES: begin
          if (dt_q_tiles_valid) begin
            state <= WRITE_ACTIVATIONS_0_3;
          end
        end
        WRITE_ACTIVATIONS_0_3: begin
          if (activations_0_ready) begin
            state <= READ_ROTATED_Q_TILES;
          end
        end
        READ_ROTATED_Q_TILES: begin
          if (rotated_q_tiles_valid) begin
            state <= WRITE_ACTIVATIONS_0_4;
          end
        end
        WRITE_ACTIVATIONS_0_4: begin
          if (activations_0_ready) begin
            if (more_gather_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_GATHER_LAYER;
            end else begin
              if (condition) begin
                state <= READ_NORMED_Q_TILES_2;
              end else begin
                if (more_gather_token) begin
                  token <= token + 1'b1;
                  state <= ROUND_GATHER_TOKEN;
                end else begin
                  state <= DONE;
                end
              end
            end
          end
        end
        READ_NORMED_Q_TILES_2: begin
          if (normed_q_tiles_2_valid) begin
            state <= WRITE_ACTIVATIONS_0_5;
          end
        end
        WRITE_ACTIVATIONS_0_5: begin
          if (activations_0_ready) begin
            if (more_gather_token) begin
              token <= token + 1'b1;
              state <= ROUND_GATHER_TOKEN;
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
      1'b0
  };

endmodule
