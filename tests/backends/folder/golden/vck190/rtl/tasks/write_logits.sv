module write_logits (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_logits,
    input  logic logits_words_valid,
    output logic logits_words_ready,
    input  logic [511:0] logits_words_data,
    output logic logits_aw_valid,
    input  logic logits_aw_ready,
    output logic [63:0] logits_aw_offset,
    output logic [31:0] logits_aw_length,
    output logic logits_w_valid,
    input  logic logits_w_ready,
    output logic [511:0] logits_w_data,
    input  logic logits_b_valid,
    output logic logits_b_ready
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_WRITE_LOGITS_TOKEN,
    REQUEST_WRITE_LOGITS_BURST,
    MOVE_WRITE_LOGITS_BURST
  } state_t;
  state_t state;
  logic [31:0] left;  // words of a burst
  assign done = state == DONE;

  logic [30:0] token;
  wire logic [30:0] n_logits_2 = 31'(n_logits);
  wire logic enters_write_logits_token = n_logits_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_write_logits_token = next_token < n_logits_2;
  wire logic signed [63:0] write_logits_burst_length = signed'(64'(token));

  assign logits_words_ready = state == MOVE_WRITE_LOGITS_BURST && left != 0 && logits_w_ready;
  assign logits_b_ready = state == MOVE_WRITE_LOGITS_BURST && (left == 0 || (left == 1 &&
      logits_w_valid && logits_w_ready));
  assign logits_aw_valid = state == REQUEST_WRITE_LOGITS_BURST;
  assign logits_aw_offset = unsigned'(write_logits_burst_length);
  assign logits_aw_length = 32'd1;
  assign logits_w_valid = state == MOVE_WRITE_LOGITS_BURST && left != 0 && logits_words_valid;
  assign logits_w_data = logits_words_data;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_write_logits_token) begin
            token <= '0;
            state <= ROUND_WRITE_LOGITS_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_WRITE_LOGITS_TOKEN: begin
          state <= REQUEST_WRITE_LOGITS_BURST;
        end
        REQUEST_WRITE_LOGITS_BURST: begin
          if (logits_aw_ready) begin
            left <= 32'd1;
            state <= MOVE_WRITE_LOGITS_BURST;
          end
        end
        MOVE_WRITE_LOGITS_BURST: begin
          if (logits_w_valid && logits_w_ready) left <= left - 1'b1;
          if (logits_b_valid && (left == 0 || (left == 1 && logits_w_valid &&
              logits_w_ready))) begin
            if (more_write_logits_token) begin
              token <= token + 1'b1;
              state <= ROUND_WRITE_LOGITS_TOKEN;
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
