// A FIFO of DEPTH elements with valid/ready handshakes at both ends.
//
// Timing, the same for all styles: an element that is written in cycle t can be read from t + 1
// on, and the place of one that is read in cycle t can be written from t + 1 on. The first word
// falls through: `out_data` is the oldest element while `out_valid` is high. Nothing passes
// through in a cycle: `in_ready` and `out_valid` are registers, so no handshake depends on the
// other end's. A full FIFO takes nothing, even in a cycle in which it is read; so DEPTH 2 is the
// least that moves an element a cycle.
//
//   WIDTH  bits of an element
//   DEPTH  elements, 1 or more, any number
//   STYLE  "srl": shift registers; "lutram": LUT RAM; "bram", "uram": memory blocks, read a cycle
//          ahead, with a register for an element that is needed in the cycle after it was written
//
//   clk, rst                      clock; synchronous reset, which empties the FIFO
//   in_valid, in_ready, in_data   the writing end: an element is written if both are high
//   out_valid, out_ready, out_data  the reading end: the element is taken if both are high
module lmc_fifo #(
    parameter int WIDTH = 8,
    parameter int DEPTH = 2,
    parameter logic [47:0] STYLE = "srl"
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             in_valid,
    output logic             in_ready,
    input  logic [WIDTH-1:0] in_data,
    output logic             out_valid,
    input  logic             out_ready,
    output logic [WIDTH-1:0] out_data
);

  localparam int AddressBits = DEPTH > 1 ? $clog2(DEPTH) : 1;
  typedef logic [AddressBits-1:0] address_t;
  localparam address_t LastAddress = address_t'(DEPTH - 1);

  logic push, pop;
  assign push = in_valid && in_ready;
  assign pop  = out_valid && out_ready;

  // The number of elements less one, and 0 while there is none: in a shift register the place of
  // the oldest one.
  address_t oldest;
  logic is_single, is_almost_full;
  assign is_single = oldest == '0;
  if (DEPTH == 1) begin : g_depth_one
    assign is_almost_full = 1'b1;
  end else begin : g_depth
    assign is_almost_full = out_valid && oldest == address_t'(DEPTH - 2);
  end

  always_ff @(posedge clk) begin
    if (rst) begin
      oldest    <= '0;
      out_valid <= 1'b0;
      in_ready  <= 1'b1;
    end else if (push && !pop) begin
      if (out_valid) oldest <= oldest + 1'b1;
      out_valid <= 1'b1;
      in_ready  <= !is_almost_full;
    end else if (pop && !push) begin
      if (!is_single) oldest <= oldest - 1'b1;
      out_valid <= !is_single;
      in_ready  <= 1'b1;
    end
  end

  // A simulator takes some twenty times as long to move all places of a shift register as to write
  // one of a ring, so it gets LUT RAM instead. Both are proved to be the same queue.
`ifdef SYNTHESIS
  localparam logic IsShiftRegister = STYLE == 48'("srl");
`else
  localparam logic IsShiftRegister = 1'b0;
`endif

  if (IsShiftRegister) begin : g_srl
    // The newest element is at place 0.
    for (genvar i = 0; i < WIDTH; i++) begin : g_bit
      (* srl_style = "srl" *) logic [DEPTH-1:0] places;
      if (DEPTH == 1) begin : g_one
        always_ff @(posedge clk) if (push) places <= in_data[i];
        assign out_data[i] = places[0];
      end else begin : g_more
        always_ff @(posedge clk) if (push) places <= {places[DEPTH-2:0], in_data[i]};
        assign out_data[i] = places[oldest];
      end
    end
  end else begin : g_ram
    address_t write_address, read_address, read_after;

    always_ff @(posedge clk) begin
      if (rst) begin
        write_address <= '0;
        read_address  <= '0;
        read_after    <= DEPTH > 1 ? address_t'(1) : '0;
      end else begin
        if (push) write_address <= write_address == LastAddress ? '0 : write_address + 1'b1;
        if (pop) begin
          read_address <= read_after;
          read_after   <= read_after == LastAddress ? '0 : read_after + 1'b1;
        end
      end
    end

    if (STYLE == 48'("lutram") || STYLE == 48'("srl")) begin : g_lutram
      (* ram_style = "distributed" *) logic [WIDTH-1:0] places[DEPTH];
      always_ff @(posedge clk) if (push) places[write_address] <= in_data;
      assign out_data = places[read_address];
    end else begin : g_block
      // The block reads what is the oldest element after this cycle. One that is written in this
      // very cycle is not in the block yet, so it waits in `newcomer`.
      address_t block_address;
      logic [WIDTH-1:0] from_block, newcomer;
      logic is_newcomer;
      assign block_address = pop ? read_after : read_address;
      always_ff @(posedge clk) begin
        is_newcomer <= push && write_address == block_address;
        newcomer    <= in_data;
      end
      assign out_data = is_newcomer ? newcomer : from_block;
      if (STYLE == 48'("bram")) begin : g_bram
        (* ram_style = "block" *) logic [WIDTH-1:0] places[DEPTH];
        always_ff @(posedge clk) begin
          if (push) places[write_address] <= in_data;
          from_block <= places[block_address];
        end
      end else if (STYLE == 48'("uram")) begin : g_uram
        (* ram_style = "ultra" *) logic [WIDTH-1:0] places[DEPTH];
        always_ff @(posedge clk) begin
          if (push) places[write_address] <= in_data;
          from_block <= places[block_address];
        end
      end else begin : g_unknown
        $fatal(1, "lmc_fifo: STYLE is srl, lutram, bram or uram");
      end
    end
  end

endmodule
