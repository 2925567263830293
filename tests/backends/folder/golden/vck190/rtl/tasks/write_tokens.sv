module write_tokens (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_logits,
    input  logic tokens_2_valid,
    output logic tokens_2_ready,
    input  logic [31:0] tokens_2_data,
    output logic tokens_aw_valid,
    input  logic tokens_aw_ready,
    output logic [63:0] tokens_aw_offset,
    output logic [31:0] tokens_aw_length,
    output logic tokens_w_valid,
    input  logic tokens_w_ready,
    output logic [31:0] tokens_w_data,
    input  logic tokens_b_valid,
    output logic tokens_b_ready
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_WRITE_TOKENS_TOKEN,
    REQUEST_WRITE_TOKENS_BURST,
    MOVE_WRITE_TOKENS_BURST
  } state_t;
  state_t state;
  logic [31:0] left;  // words of a burst
  assign done = state == DONE;

  logic [30:0] token;
  wire logic [30:0] n_logits_2 = 31'(n_logits);
  wire logic enters_write_tokens_token = n_logits_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_write_tokens_token = next_token < n_logits_2;
  wire logic signed [63:0] write_tokens_burst_length = signed'(64'(token));

  assign tokens_2_ready = state == MOVE_WRITE_TOKENS_BURST && left != 0 && tokens_w_ready;
  assign tokens_b_ready = state == MOVE_WRITE_TOKENS_BURST && (left == 0 || (left == 1 &&
      tokens_w_valid && tokens_w_ready));
  assign tokens_aw_valid = state == REQUEST_WRITE_TOKENS_BURST;
  assign tokens_aw_offset = unsigned'(write_tokens_burst_length);
  assign tokens_aw_length = 32'd1;
  assign tokens_w_valid = state == MOVE_WRITE_TOKENS_BURST && left != 0 && tokens_2_valid;
  assign tokens_w_data = tokens_2_data;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_write_tokens_token) begin
            token <= '0;
            state <= ROUND_WRITE_TOKENS_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_WRITE_TOKENS_TOKEN: begin
          state <= REQUEST_WRITE_TOKENS_BURST;
        end
        REQUEST_WRITE_TOKENS_BURST: begin
          if (tokens_aw_ready) begin
            left <= 32'd1;
            state <= MOVE_WRITE_TOKENS_BURST;
          end
        end
        MOVE_WRITE_TOKENS_BURST: begin
          if (tokens_w_valid && tokens_w_ready) left <= left - 1'b1;
          if (tokens_b_valid && (left == 0 || (left == 1 && tokens_w_valid &&
              tokens_w_ready))) begin
            if (more_write_tokens_token) begin
              token <= token + 1'b1;
              state <= ROUND_WRITE_TOKENS_TOKEN;
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
      n_logits,
      1'b0
  };

endmodule
