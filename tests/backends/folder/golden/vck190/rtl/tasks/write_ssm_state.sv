module write_ssm_state (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic ssm_state_saved_words_valid,
    output logic ssm_state_saved_words_ready,
    input  logic [511:0] ssm_state_saved_words_data,
    output logic ssm_state_state_aw_valid,
    input  logic ssm_state_state_aw_ready,
    output logic [63:0] ssm_state_state_aw_offset,
    output logic [31:0] ssm_state_state_aw_length,
    output logic ssm_state_state_w_valid,
    input  logic ssm_state_state_w_ready,
    output logic [511:0] ssm_state_state_w_data,
    input  logic ssm_state_state_b_valid,
    output logic ssm_state_state_b_ready
);

  typedef enum logic [1:0] {
    IDLE,
    DONE,
    REQUEST_WRITE_SSM_STATE_BURST,
    MOVE_WRITE_SSM_STATE_BURST
  } state_t;
  state_t state;
  logic [31:0] left;  // words of a burst
  assign done = state == DONE;


  assign ssm_state_saved_words_ready = state == MOVE_WRITE_SSM_STATE_BURST && left != 0 &&
      ssm_state_state_w_ready;
  assign ssm_state_state_b_ready = state == MOVE_WRITE_SSM_STATE_BURST && (left == 0 || (left ==
      1 && ssm_state_state_w_valid && ssm_state_state_w_ready));
  assign ssm_state_state_aw_valid = state == REQUEST_WRITE_SSM_STATE_BURST;
  assign ssm_state_state_aw_offset = 64'd0;
  assign ssm_state_state_aw_length = 32'd4;
  assign ssm_state_state_w_valid = state == MOVE_WRITE_SSM_STATE_BURST && left != 0 &&
      ssm_state_saved_words_valid;
  assign ssm_state_state_w_data = ssm_state_saved_words_data;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          state <= REQUEST_WRITE_SSM_STATE_BURST;
        end
        REQUEST_WRITE_SSM_STATE_BURST: begin
          if (ssm_state_state_aw_ready) begin
            left <= 32'd4;
            state <= MOVE_WRITE_SSM_STATE_BURST;
          end
        end
        MOVE_WRITE_SSM_STATE_BURST: begin
          if (ssm_state_state_w_valid && ssm_state_state_w_ready) left <= left - 1'b1;
          if (ssm_state_state_b_valid && (left == 0 || (left == 1 && ssm_state_state_w_valid &&
              ssm_state_state_w_ready))) begin
            state <= DONE;
          end
        end
        default: state <= IDLE;
      endcase
    end
  end

endmodule
