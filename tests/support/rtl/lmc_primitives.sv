// The primitives that tasks are made of, as plainly as can be said: what they do, not how well.
/* verilator lint_off DECLFILENAME */
/* verilator lint_off UNUSEDPARAM */
module lmc_pipeline #(
    parameter int STAGES   = 2,
    parameter int INTERVAL = 1
) (
    input  logic              clk,
    input  logic              rst,
    input  logic              start,
    input  logic              is_last,
    input  logic [STAGES-1:0] ok,
    output logic [STAGES-1:0] valid,
    output logic [STAGES-1:0] go,
    output logic              done
);
  logic [STAGES-1:0] last;
  always_comb
    for (int s = STAGES - 1; s >= 0; s--) begin
      go[s] = valid[s] && ok[s];
      for (int t = s + 1; t < STAGES && t < s + INTERVAL; t++) if (valid[t]) go[s] = 1'b0;
      if (s + INTERVAL < STAGES && valid[s+INTERVAL] && !go[s+INTERVAL]) go[s] = 1'b0;
    end
  assign done = go[STAGES-1] && (STAGES == 1 ? is_last : last[STAGES-1]);
  always_ff @(posedge clk)
    if (rst) valid <= '0;
    else begin
      valid[0] <= start || valid[0] && !(go[0] && is_last);
      for (int s = 1; s < STAGES; s++) begin
        valid[s] <= go[s-1] || valid[s] && !go[s];
        if (go[s-1]) last[s] <= s == 1 ? is_last : last[s-1];
      end
    end
endmodule

module lmc_delay #(
    parameter int WIDTH  = 8,
    parameter int STAGES = 3
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             in_go,
    input  logic [WIDTH-1:0] in_data,
    input  logic             out_go,
    output logic [WIDTH-1:0] out_data
);
  logic [WIDTH-1:0] ring[STAGES];
  int first, last;
  assign out_data = ring[first];
  always_ff @(posedge clk)
    if (rst) begin
      first <= 0;
      last  <= 0;
    end else begin
      if (in_go) ring[last] <= in_data;
      if (in_go) last <= (last + 1) % STAGES;
      if (out_go) first <= (first + 1) % STAGES;
    end
endmodule

module lmc_ram #(
    parameter int WIDTH = 8,
    parameter int DEPTH = 2,
    parameter logic [47:0] STYLE = "bram",
    localparam int AddressBits = DEPTH > 1 ? $clog2(DEPTH) : 1
) (
    input  logic                   clk,
    input  logic                   write_enable,
    input  logic [AddressBits-1:0] write_address,
    input  logic [      WIDTH-1:0] write_data,
    input  logic                   read_enable,
    input  logic [AddressBits-1:0] read_address,
    output logic [      WIDTH-1:0] read_data
);
  logic [WIDTH-1:0] words[DEPTH];
  always_ff @(posedge clk) begin
    if (write_enable) words[write_address] <= write_data;
    if (read_enable) read_data <= words[read_address];
  end
endmodule
