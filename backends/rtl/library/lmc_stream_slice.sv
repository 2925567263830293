// A register slice of an AXI4-Stream, for links between kernels.
//
// All outputs are registers, so a link with slices at its ends is no longer than the wire between
// them. Two elements have place, and an element passes in each cycle.
//
// Timing: an element that is taken in cycle t is offered in t + 1.
//
//   WIDTH  bits of tdata, a multiple of 8 (AXI4-Stream has whole bytes)
//
//   clk, rst   clock; synchronous reset, which empties the slice
//   s_axis_*   the stream in
//   m_axis_*   the stream out
module lmc_stream_slice #(
    parameter int WIDTH = 8
) (
    input  logic             clk,
    input  logic             rst,
    input  logic             s_axis_tvalid,
    output logic             s_axis_tready,
    input  logic [WIDTH-1:0] s_axis_tdata,
    output logic             m_axis_tvalid,
    input  logic             m_axis_tready,
    output logic [WIDTH-1:0] m_axis_tdata
);

  // Where an element goes that comes while the one before is held up; free while s_axis_tready is
  // high.
  logic [WIDTH-1:0] spare;
  logic is_out_free;
  assign is_out_free = !m_axis_tvalid || m_axis_tready;

  always_ff @(posedge clk) begin
    if (rst) begin
      m_axis_tvalid <= 1'b0;
      s_axis_tready <= 1'b1;
    end else if (is_out_free) begin
      m_axis_tvalid <= s_axis_tvalid || !s_axis_tready;
      s_axis_tready <= 1'b1;
    end else if (s_axis_tvalid) s_axis_tready <= 1'b0;
  end

  always_ff @(posedge clk) begin
    if (s_axis_tready) spare <= s_axis_tdata;
    if (is_out_free) m_axis_tdata <= s_axis_tready ? s_axis_tdata : spare;
  end

endmodule
