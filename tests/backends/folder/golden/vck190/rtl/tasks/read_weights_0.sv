module read_weights_0 (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic [31:0] n_logits,
    output logic lane_words_0_valid,
    input  logic lane_words_0_ready,
    output logic [511:0] lane_words_0_data,
    output logic weights_0_ar_valid,
    input  logic weights_0_ar_ready,
    output logic [63:0] weights_0_ar_offset,
    output logic [31:0] weights_0_ar_length,
    input  logic weights_0_r_valid,
    output logic weights_0_r_ready,
    input  logic [511:0] weights_0_r_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_READ_WEIGHTS_0_TOKEN,
    REQUEST_READ_WEIGHTS_0_LAYERS,
    MOVE_READ_WEIGHTS_0_LAYERS,
    REQUEST_READ_WEIGHTS_0_FINAL,
    MOVE_READ_WEIGHTS_0_FINAL
  } state_t;
  state_t state;
  logic [31:0] left;  // words of a burst
  assign done = state == DONE;

  logic [30:0] token;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic [30:0] n_logits_2 = 31'(n_logits);
  wire logic enters_read_weights_0_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_read_weights_0_token = next_token < n_tokens_2;
  wire logic [31:0] place = 32'(token) + 32'(n_logits_2);
  wire logic condition = place >= 32'(n_tokens_2);
  wire logic [3:0] length = condition ? 4'd9 : 4'd0;
  wire logic signed [31:0] read_weights_0_final_length = signed'(32'(length));
  wire logic read_weights_0_final_length_2 = read_weights_0_final_length <= 32'sd0;

  assign weights_0_r_ready = (state == MOVE_READ_WEIGHTS_0_LAYERS && lane_words_0_ready) ||
      (state == MOVE_READ_WEIGHTS_0_FINAL && lane_words_0_ready);
  assign weights_0_ar_valid = (state == REQUEST_READ_WEIGHTS_0_LAYERS) || (state ==
      REQUEST_READ_WEIGHTS_0_FINAL && !read_weights_0_final_length_2);
  assign weights_0_ar_offset = (state == REQUEST_READ_WEIGHTS_0_LAYERS) ? 64'd0 : 64'd94;
  assign weights_0_ar_length = (state == REQUEST_READ_WEIGHTS_0_LAYERS) ? 32'd94 :
      unsigned'(read_weights_0_final_length);
  assign lane_words_0_valid = (state == MOVE_READ_WEIGHTS_0_LAYERS && weights_0_r_valid) ||
      (state == MOVE_READ_WEIGHTS_0_FINAL && weights_0_r_valid);
  assign lane_words_0_data = weights_0_r_data;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_read_weights_0_token) begin
            token <= '0;
            state <= ROUND_READ_WEIGHTS_0_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_READ_WEIGHTS_0_TOKEN: begin
          state <= REQUEST_READ_WEIGHTS_0_LAYERS;
        end
        REQUEST_READ_WEIGHTS_0_LAYERS: begin
          if (weights_0_ar_ready) begin
            left <= 32'd94;
            state <= MOVE_READ_WEIGHTS_0_LAYERS;
          end
        end
        MOVE_READ_WEIGHTS_0_LAYERS: begin
          if (weights_0_r_valid && lane_words_0_ready) begin
            left <= left - 1'b1;
            if (left == 1) begin
              state <= REQUEST_READ_WEIGHTS_0_FINAL;
            end
          end
        end
        REQUEST_READ_WEIGHTS_0_FINAL: begin
          if (read_weights_0_final_length_2) begin
            if (more_read_weights_0_token) begin
              token <= token + 1'b1;
              state <= ROUND_READ_WEIGHTS_0_TOKEN;
            end else begin
              state <= DONE;
            end
          end else if (weights_0_ar_ready) begin
            left <= unsigned'(read_weights_0_final_length);
            state <= MOVE_READ_WEIGHTS_0_FINAL;
          end
        end
        MOVE_READ_WEIGHTS_0_FINAL: begin
          if (weights_0_r_valid && lane_words_0_ready) begin
            left <= left - 1'b1;
            if (left == 1) begin
              if (more_read_weights_0_token) begin
                token <= token + 1'b1;
                state <= ROUND_READ_WEIGHTS_0_TOKEN;
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
      1'b0
  };

endmodule
