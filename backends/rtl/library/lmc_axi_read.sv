// An AXI4 master that reads: requests for consecutive words in, the words out in order.
//
// lmc_axi_cut makes bursts of a request: none has more than MAX_BURST beats or crosses a boundary
// of 4 KiB. Up to OUTSTANDING bursts are under way. A burst is asked for only when the buffer has
// room for all of its words. So this master takes each beat in the cycle in which it comes, and
// whatever becomes of `data_ready`, it holds up no other master that shares the memory. Requests
// may follow each other while bursts are under way; their words come in the same order.
//
// Timing: a request that is taken in cycle t shows its first address in t + 3, and each word can
// be taken in the cycle after its beat. No output depends on an input of the same cycle. A word in
// each cycle needs OUTSTANDING * MAX_BURST and BUFFER of at least the memory's latency in cycles,
// MAX_BURST and 6 more: a burst has its place from its request to its last beat.
//
//   DATA_WIDTH     bits of a word: 8, 16, ..., 1024
//   ADDRESS_WIDTH  bits of an address
//   MAX_BURST      the most beats of a burst, a power of two: up to 256 for AXI4, 16 for AXI3
//   OUTSTANDING    bursts under way, 1 or more
//   BUFFER         words that are asked for or wait, MAX_BURST or more
//   STYLE          what the buffer is made of (lmc_fifo)
//
//   clk, rst             clock; synchronous reset, with the reset of all that the bus joins
//   request_*            a request: address in bytes, a multiple of the word, and the number of
//                        words; 0 words give nothing
//   data_*               the words; data_last marks the last one of a request
//   error                a beat came whose response is not OKAY; stays until the reset
//   m_axi_*              the bus: incrementing bursts of whole words, one id; the channels AR and R
module lmc_axi_read #(
    parameter int DATA_WIDTH = 512,
    parameter int ADDRESS_WIDTH = 64,
    parameter int MAX_BURST = 16,
    parameter int OUTSTANDING = 16,
    parameter int BUFFER = MAX_BURST * OUTSTANDING,
    parameter logic [47:0] STYLE = "bram"
) (
    input  logic                     clk,
    input  logic                     rst,
    input  logic                     request_valid,
    output logic                     request_ready,
    input  logic [ADDRESS_WIDTH-1:0] request_address,
    input  logic [             31:0] request_words,
    output logic                     data_valid,
    input  logic                     data_ready,
    output logic [   DATA_WIDTH-1:0] data_data,
    output logic                     data_last,
    output logic                     error,

    output logic                     m_axi_arvalid,
    input  logic                     m_axi_arready,
    output logic [ADDRESS_WIDTH-1:0] m_axi_araddr,
    output logic [              7:0] m_axi_arlen,
    output logic [              2:0] m_axi_arsize,
    output logic [              1:0] m_axi_arburst,
    output logic [              3:0] m_axi_arcache,
    output logic [              2:0] m_axi_arprot,
    input  logic                     m_axi_rvalid,
    output logic                     m_axi_rready,
    input  logic [   DATA_WIDTH-1:0] m_axi_rdata,
    input  logic [              1:0] m_axi_rresp,
    input  logic                     m_axi_rlast
);

  localparam int FreeBits = $clog2(BUFFER + 1);

  if (BUFFER < MAX_BURST) begin : g_buffer
    $fatal(1, "lmc_axi_read: BUFFER has room for a burst, MAX_BURST words");
  end

  // Bursts, cut from requests.
  logic burst_valid, burst_go, burst_last;
  logic [ADDRESS_WIDTH-1:0] burst_address;
  logic [8:0] burst_words;
  lmc_axi_cut #(
      .DATA_WIDTH(DATA_WIDTH),
      .ADDRESS_WIDTH(ADDRESS_WIDTH),
      .MAX_BURST(MAX_BURST)
  ) cut (
      .clk,
      .rst,
      .request_valid,
      .request_ready,
      .request_address,
      .request_words,
      .burst_valid,
      .burst_ready(burst_go),
      .burst_address,
      .burst_words,
      .burst_last
  );

  // A burst may go when the address register is free, the buffer has room that no other burst has
  // been promised, and its mark has a place.
  logic mark_ready, is_room;
  logic [FreeBits-1:0] free_words;
  assign is_room  = free_words >= FreeBits'(burst_words);
  assign burst_go = burst_valid && (!m_axi_arvalid || m_axi_arready) && mark_ready && is_room;

  always_ff @(posedge clk) begin
    if (rst) begin
      m_axi_arvalid <= 1'b0;
      free_words    <= FreeBits'(BUFFER);
    end else begin
      if (burst_go) m_axi_arvalid <= 1'b1;
      else if (m_axi_arready) m_axi_arvalid <= 1'b0;
      free_words <= free_words - (burst_go ? FreeBits'(burst_words) : '0)
                               + FreeBits'(data_valid && data_ready);
    end
    if (burst_go) begin
      m_axi_araddr <= burst_address;
      m_axi_arlen  <= 8'(burst_words - 1'b1);
    end
  end

  assign m_axi_arsize  = 3'($clog2(DATA_WIDTH / 8));
  assign m_axi_arburst = 2'b01;
  assign m_axi_arcache = 4'b0011;
  assign m_axi_arprot  = 3'b000;

  // A mark for each burst under way: whether it is the last one of its request.
  logic mark, mark_valid, beat;
  assign beat = m_axi_rvalid && m_axi_rready;
  lmc_fifo #(
      .WIDTH(1),
      .DEPTH(OUTSTANDING)
  ) marks (
      .clk,
      .rst,
      .in_valid(burst_go),
      .in_ready(mark_ready),
      .in_data(burst_last),
      .out_valid(mark_valid),
      .out_ready(beat && m_axi_rlast),
      .out_data(mark)
  );

  lmc_fifo #(
      .WIDTH(DATA_WIDTH + 1),
      .DEPTH(BUFFER),
      .STYLE(STYLE)
  ) buffer (
      .clk,
      .rst,
      .in_valid(m_axi_rvalid),
      .in_ready(m_axi_rready),
      .in_data({m_axi_rlast && mark, m_axi_rdata}),
      .out_valid(data_valid),
      .out_ready(data_ready),
      .out_data({data_last, data_data})
  );

  always_ff @(posedge clk) begin
    if (rst) error <= 1'b0;
    else if (beat && m_axi_rresp != 2'b00) error <= 1'b1;
  end

`ifdef SYNTHESIS
  logic unused;
  assign unused = mark_valid;
`else
  always_ff @(posedge clk)
    if (!rst && beat && !mark_valid) $error("a beat came that no burst has asked for");
`endif

endmodule
