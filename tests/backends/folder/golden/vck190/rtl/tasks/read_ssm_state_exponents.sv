module read_ssm_state_exponents (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    output logic ssm_state_exponents_loaded_words_valid,
    input  logic ssm_state_exponents_loaded_words_ready,
    output logic [511:0] ssm_state_exponents_loaded_words_data,
    output logic ssm_state_exponents_state_ar_valid,
    input  logic ssm_state_exponents_state_ar_ready,
    output logic [63:0] ssm_state_exponents_state_ar_offset,
    output logic [31:0] ssm_state_exponents_state_ar_length,
    input  logic ssm_state_exponents_state_r_valid,
    output logic ssm_state_exponents_state_r_ready,
    input  logic [511:0] ssm_state_exponents_state_r_data
);

  typedef enum logic [1:0] {
    IDLE,
    DONE,
    REQUEST_READ_SSM_STATE_EXPONENTS_BURST,
    MOVE_READ_SSM_STATE_EXPONENTS_BURST
  } state_t;
  state_t state;
  logic [31:0] left;  // words of a burst
  assign done = state == DONE;


  assign ssm_state_exponents_state_r_ready = state == MOVE_READ_SSM_STATE_EXPONENTS_BURST &&
      ssm_state_exponents_loaded_words_ready;
  assign ssm_state_exponents_state_ar_valid = state == REQUEST_READ_SSM_STATE_EXPONENTS_BURST;
  assign ssm_state_exponents_state_ar_offset = 64'd0;
  assign ssm_state_exponents_state_ar_length = 32'd2;
  assign ssm_state_exponents_loaded_words_valid = state == MOVE_READ_SSM_STATE_EXPONENTS_BURST &&
      ssm_state_exponents_state_r_valid;
  assign ssm_state_exponents_loaded_words_data = ssm_state_exponents_state_r_data;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          state <= REQUEST_READ_SSM_STATE_EXPONENTS_BURST;
        end
        REQUEST_READ_SSM_STATE_EXPONENTS_BURST: begin
          if (ssm_state_exponents_state_ar_ready) begin
            left <= 32'd2;
            state <= MOVE_READ_SSM_STATE_EXPONENTS_BURST;
          end
        end
        MOVE_READ_SSM_STATE_EXPONENTS_BURST: begin
          if (ssm_state_exponents_state_r_valid && ssm_state_exponents_loaded_words_ready) begin
            left <= left - 1'b1;
            if (left == 1) begin
              state <= DONE;
            end
          end
        end
        default: state <= IDLE;
      endcase
    end
  end

endmodule
