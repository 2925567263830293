module read_tables (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    output logic tables_words_valid,
    input  logic tables_words_ready,
    output logic [511:0] tables_words_data,
    output logic tables_ar_valid,
    input  logic tables_ar_ready,
    output logic [63:0] tables_ar_offset,
    output logic [31:0] tables_ar_length,
    input  logic tables_r_valid,
    output logic tables_r_ready,
    input  logic [511:0] tables_r_data
);

  typedef enum logic [1:0] {
    IDLE,
    DONE,
    REQUEST_READ_TABLES_BURST,
    MOVE_READ_TABLES_BURST
  } state_t;
  state_t state;
  logic [31:0] left;  // words of a burst
  assign done = state == DONE;


  assign tables_r_ready = state == MOVE_READ_TABLES_BURST && tables_words_ready;
  assign tables_ar_valid = state == REQUEST_READ_TABLES_BURST;
  assign tables_ar_offset = 64'd0;
  assign tables_ar_length = 32'd1024;
  assign tables_words_valid = state == MOVE_READ_TABLES_BURST && tables_r_valid;
  assign tables_words_data = tables_r_data;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          state <= REQUEST_READ_TABLES_BURST;
        end
        REQUEST_READ_TABLES_BURST: begin
          if (tables_ar_ready) begin
            left <= 32'd1024;
            state <= MOVE_READ_TABLES_BURST;
          end
        end
        MOVE_READ_TABLES_BURST: begin
          if (tables_r_valid && tables_words_ready) begin
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
