module read_prompt (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_prompt,
    output logic prompt_ids_valid,
    input  logic prompt_ids_ready,
    output logic [31:0] prompt_ids_data,
    output logic prompt_ar_valid,
    input  logic prompt_ar_ready,
    output logic [63:0] prompt_ar_offset,
    output logic [31:0] prompt_ar_length,
    input  logic prompt_r_valid,
    output logic prompt_r_ready,
    input  logic [31:0] prompt_r_data
);

  typedef enum logic [1:0] {
    IDLE,
    DONE,
    REQUEST_READ_PROMPT_BURST,
    MOVE_READ_PROMPT_BURST
  } state_t;
  state_t state;
  logic [31:0] left;  // words of a burst
  assign done = state == DONE;

  wire logic signed [31:0] read_prompt_burst_length = signed'(n_prompt);
  wire logic read_prompt_burst_length_2 = read_prompt_burst_length <= 32'sd0;

  assign prompt_r_ready = state == MOVE_READ_PROMPT_BURST && prompt_ids_ready;
  assign prompt_ar_valid = state == REQUEST_READ_PROMPT_BURST && !read_prompt_burst_length_2;
  assign prompt_ar_offset = 64'd0;
  assign prompt_ar_length = unsigned'(read_prompt_burst_length);
  assign prompt_ids_valid = state == MOVE_READ_PROMPT_BURST && prompt_r_valid;
  assign prompt_ids_data = prompt_r_data;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          state <= REQUEST_READ_PROMPT_BURST;
        end
        REQUEST_READ_PROMPT_BURST: begin
          if (read_prompt_burst_length_2) begin
            state <= DONE;
          end else if (prompt_ar_ready) begin
            left <= unsigned'(read_prompt_burst_length);
            state <= MOVE_READ_PROMPT_BURST;
          end
        end
        MOVE_READ_PROMPT_BURST: begin
          if (prompt_r_valid && prompt_ids_ready) begin
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

  // Not all bits of these are used.
  logic unused;
  assign unused = &{
      n_prompt,
      1'b0
  };

endmodule
