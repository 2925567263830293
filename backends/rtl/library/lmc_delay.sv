// A value that waits STAGES stages of a pipeline: made in stage a, used in stage a + STAGES.
//
// Each stage of a pipeline has an enable of its own, so a shift register can't hold the values.
// They lie in a ring of LUT RAM instead, and only its two ends move. The value of an iteration is
// written when the iteration leaves stage a. `out_data` is that of the oldest iteration that has
// not left stage a + STAGES yet, so in all cycles in which an iteration is there, it is that
// iteration's. At most STAGES iterations are between, so none is overwritten; one that enters in
// the cycle in which another one leaves may take its place.
//
//   WIDTH   bits of the value
//   STAGES  stages that it waits, 1 or more; up to 2, lmc_stages takes less
//
//   clk, rst            clock; synchronous reset, in which no iteration may be under way
//   in_go, in_data      go of stage a, and the value there
//   out_go, out_data    go of stage a + STAGES, and the value there
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

  localparam int AddressBits = STAGES > 1 ? $clog2(STAGES) : 1;
  typedef logic [AddressBits-1:0] address_t;
  localparam address_t LastAddress = address_t'(STAGES - 1);

  address_t write_address, read_address;
  (* ram_style = "distributed" *) logic [WIDTH-1:0] ring[STAGES];

  always_ff @(posedge clk) begin
    if (in_go) begin
      ring[write_address] <= in_data;
      write_address <= write_address == LastAddress ? '0 : write_address + 1'b1;
    end
    if (rst) write_address <= '0;
  end

  always_ff @(posedge clk) begin
    if (out_go) read_address <= read_address == LastAddress ? '0 : read_address + 1'b1;
    if (rst) read_address <= '0;
  end

  assign out_data = ring[read_address];

endmodule
