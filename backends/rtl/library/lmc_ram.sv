// A memory with a port to write and a port to read (simple dual port), one clock.
//
// Timing: a word that is written in cycle t is there from t + 1 on. `read_data` has in cycle t + 1
// the word whose address was given in cycle t with `read_enable`, and keeps it until the next
// read. A read of the word that is written in the same cycle gives the old word. There is no reset
// and no initial content.
//
//   WIDTH  bits of a word
//   DEPTH  words, 1 or more, any number; addresses are below DEPTH
//   STYLE  "lutram", "bram" or "uram": LUT RAM with a register after it, or memory blocks
//
//   clk                                      clock
//   write_enable, write_address, write_data  the port to write
//   read_enable, read_address, read_data     the port to read
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

  if (STYLE == 48'("lutram")) begin : g_lutram
    (* ram_style = "distributed" *) logic [WIDTH-1:0] words[DEPTH];
    always_ff @(posedge clk) begin
      if (write_enable) words[write_address] <= write_data;
      if (read_enable) read_data <= words[read_address];
    end
  end else if (STYLE == 48'("bram")) begin : g_bram
    (* ram_style = "block" *) logic [WIDTH-1:0] words[DEPTH];
    always_ff @(posedge clk) begin
      if (write_enable) words[write_address] <= write_data;
      if (read_enable) read_data <= words[read_address];
    end
  end else if (STYLE == 48'("uram")) begin : g_uram
    (* ram_style = "ultra" *) logic [WIDTH-1:0] words[DEPTH];
    always_ff @(posedge clk) begin
      if (write_enable) words[write_address] <= write_data;
      if (read_enable) read_data <= words[read_address];
    end
  end else begin : g_unknown
    $fatal(1, "lmc_ram: STYLE is lutram, bram or uram");
  end

endmodule
