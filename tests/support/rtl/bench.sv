// What surrounds a task in a test: streams that come from files and are compared with files, and
// memories. In each cycle an end that is not stalled offers or takes; `+stall` says how many per cent
// of them are. Nothing here waits for the task: valid and ready do not depend on its own.
/* verilator lint_off DECLFILENAME */
module bench_stall (
    input  logic clk,
    output logic stalled
);
  int percent = 0;
  initial if ($value$plusargs("stall=%d", percent) == 0) percent = 0;
  always_ff @(posedge clk) stalled <= $urandom_range(99) < percent;
endmodule

module bench_source #(
    parameter int WIDTH = 8,
    parameter int COUNT = 1,
    parameter string FILE = ""
) (
    input  logic             clk,
    input  logic             rst,
    output logic             valid,
    input  logic             ready,
    output logic [WIDTH-1:0] data,
    output logic             is_over
);
  logic [WIDTH-1:0] words[COUNT+1];
  initial $readmemh(FILE, words);
  logic stalled, offered;
  int   at;
  bench_stall stall (.*);
  assign valid = at < COUNT && (offered || !stalled);
  assign data = words[at];
  assign is_over = at == COUNT;
  always_ff @(posedge clk)
    if (rst) begin
      at <= 0;
      offered <= 1'b0;
    end else begin
      offered <= valid && !ready;
      if (valid && ready) at <= at + 1;
    end
endmodule

module bench_sink #(
    parameter int WIDTH = 8,
    parameter int COUNT = 1,
    parameter string FILE = ""
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             valid,
    output logic             ready,
    input  logic [WIDTH-1:0] data,
    output logic             is_over
);
  logic [WIDTH-1:0] words[COUNT+1];
  initial $readmemh(FILE, words);
  logic stalled;
  int   at;
  bench_stall stall (.*);
  assign ready = !stalled;
  assign is_over = at == COUNT;
  always_ff @(posedge clk)
    if (rst) at <= 0;
    else if (valid && ready) begin
      at <= at + 1;
      if (at >= COUNT) $display("TOO MANY %m");
      else if (data != words[at]) $display("WRONG %m %0d: %h, not %h", at, data, words[at]);
    end
endmodule

// A bank: requests that read and requests that write, without latency.
module bench_memory #(
    parameter int WIDTH = 8,
    parameter int COUNT = 1,
    parameter string BEFORE = "",
    parameter string AFTER = ""
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             ar_valid,
    output logic             ar_ready,
    input  logic [     63:0] ar_offset,
    input  logic [     31:0] ar_length,
    output logic             r_valid,
    input  logic             r_ready,
    output logic [WIDTH-1:0] r_data,
    input  logic             aw_valid,
    output logic             aw_ready,
    input  logic [     63:0] aw_offset,
    input  logic [     31:0] aw_length,
    input  logic             w_valid,
    output logic             w_ready,
    input  logic [WIDTH-1:0] w_data,
    output logic             b_valid,
    input  logic             b_ready,
    output logic             is_over
);
  logic [WIDTH-1:0] words[COUNT], expected[COUNT];
  initial $readmemh(BEFORE, words);
  initial $readmemh(AFTER, expected);
  logic stalled, is_answered, offered;
  int read_at, read_left, write_at, write_left;
  bench_stall stall (.*);
  assign ar_ready = !stalled;
  assign aw_ready = !stalled;
  assign r_valid = read_left != 0 && (offered || !stalled);
  assign r_data = words[read_at];
  assign w_ready = write_left != 0 && !stalled;
  logic is_last;
  assign is_last = w_valid && w_ready && write_left == 1;
  assign b_valid = !stalled && (is_last || !is_answered);
  always_comb begin
    is_over = 1'b1;
    for (int i = 0; i < COUNT; i++) if (words[i] != expected[i]) is_over = 1'b0;
  end
  always_ff @(posedge clk)
    if (rst) begin
      read_left <= 0;
      write_left <= 0;
      is_answered <= 1'b1;
      offered <= 1'b0;
    end else begin
      offered <= r_valid && !r_ready;
      if (ar_valid && ar_ready) begin
        read_at <= int'(ar_offset);
        read_left <= int'(ar_length);
      end else if (r_valid && r_ready) begin
        read_at <= read_at + 1;
        read_left <= read_left - 1;
      end
      if (aw_valid && aw_ready) begin
        write_at <= int'(aw_offset);
        write_left <= int'(aw_length);
      end else if (w_valid && w_ready) begin
        words[write_at] <= w_data;
        write_at <= write_at + 1;
        write_left <= write_left - 1;
      end
      if (is_last) is_answered <= b_valid && b_ready;
      else if (b_valid && b_ready) is_answered <= 1'b1;
    end
endmodule
