module read_parameters (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    output logic parameters_words_valid,
    input  logic parameters_words_ready,
    output logic [511:0] parameters_words_data,
    output logic parameters_ar_valid,
    input  logic parameters_ar_ready,
    output logic [63:0] parameters_ar_offset,
    output logic [31:0] parameters_ar_length,
    input  logic parameters_r_valid,
    output logic parameters_r_ready,
    input  logic [511:0] parameters_r_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_READ_PARAMETERS_TOKEN,
    REQUEST_READ_PARAMETERS_BURST,
    MOVE_READ_PARAMETERS_BURST
  } state_t;
  state_t state;
  logic [31:0] left;  // words of a burst
  assign done = state == DONE;

  logic [30:0] token;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_read_parameters_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_read_parameters_token = next_token < n_tokens_2;

  assign parameters_r_ready = state == MOVE_READ_PARAMETERS_BURST && parameters_words_ready;
  assign parameters_ar_valid = state == REQUEST_READ_PARAMETERS_BURST;
  assign parameters_ar_offset = 64'd0;
  assign parameters_ar_length = 32'd24;
  assign parameters_words_valid = state == MOVE_READ_PARAMETERS_BURST && parameters_r_valid;
  assign parameters_words_data = parameters_r_data;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_read_parameters_token) begin
            token <= '0;
            state <= ROUND_READ_PARAMETERS_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_READ_PARAMETERS_TOKEN: begin
          state <= REQUEST_READ_PARAMETERS_BURST;
        end
        REQUEST_READ_PARAMETERS_BURST: begin
          if (parameters_ar_ready) begin
            left <= 32'd24;
            state <= MOVE_READ_PARAMETERS_BURST;
          end
        end
        MOVE_READ_PARAMETERS_BURST: begin
          if (parameters_r_valid && parameters_words_ready) begin
            left <= left - 1'b1;
            if (left == 1) begin
              if (more_read_parameters_token) begin
                token <= token + 1'b1;
                state <= ROUND_READ_PARAMETERS_TOKEN;
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
      1'b0
  };

endmodule
