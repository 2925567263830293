// An AXI4 master that writes: a request for consecutive words and the words in, a token out when
// memory has them.
//
// lmc_axi_cut makes bursts of a request: none has more than MAX_BURST beats or crosses a boundary
// of 4 KiB. A burst is asked for only when the buffer has all of its words. So beats follow each
// other without a pause as fast as the bus takes them, and a stream that comes slowly holds up no
// other master that shares the memory. Up to OUTSTANDING bursts wait for their response. The token
// of a request (`done_valid`) comes after the responses to all of its bursts: what is told of the
// write then is true. One request is under way at a time, and no more words are taken than it has.
//
// Timing: a request that is taken in cycle t takes words from t + 1 on. The token comes two cycles
// after the last response, or in t + 1 for a request of 0 words; the next request can be taken in
// the cycle after the token was. No output depends on an input of the same cycle.
//
//   DATA_WIDTH     bits of a word: 8, 16, ..., 1024
//   ADDRESS_WIDTH  bits of an address
//   MAX_BURST      the most beats of a burst, a power of two: up to 256 for AXI4, 16 for AXI3
//   OUTSTANDING    bursts that wait for their response, 1 or more
//   BUFFER         words that wait for their burst, MAX_BURST or more; twice that for full speed
//   STYLE          what the buffer is made of (lmc_fifo)
//
//   clk, rst             clock; synchronous reset, with the reset of all that the bus joins
//   request_*            a request: address in bytes, a multiple of the word, and the number
//                        of words
//   data_*               the words
//   done_*               the token: all words of the request are written
//   error                a response was not OKAY; stays until the reset
//   m_axi_*              the bus: incrementing bursts of whole words, one id; channels AW, W and B
module lmc_axi_write #(
    parameter int DATA_WIDTH = 512,
    parameter int ADDRESS_WIDTH = 64,
    parameter int MAX_BURST = 16,
    parameter int OUTSTANDING = 16,
    parameter int BUFFER = 2 * MAX_BURST,
    parameter logic [47:0] STYLE = "lutram"
) (
    input  logic                     clk,
    input  logic                     rst,
    input  logic                     request_valid,
    output logic                     request_ready,
    input  logic [ADDRESS_WIDTH-1:0] request_address,
    input  logic [             31:0] request_words,
    input  logic                     data_valid,
    output logic                     data_ready,
    input  logic [   DATA_WIDTH-1:0] data_data,
    output logic                     done_valid,
    input  logic                     done_ready,
    output logic                     error,

    output logic                     m_axi_awvalid,
    input  logic                     m_axi_awready,
    output logic [ADDRESS_WIDTH-1:0] m_axi_awaddr,
    output logic [              7:0] m_axi_awlen,
    output logic [              2:0] m_axi_awsize,
    output logic [              1:0] m_axi_awburst,
    output logic [              3:0] m_axi_awcache,
    output logic [              2:0] m_axi_awprot,
    output logic                     m_axi_wvalid,
    input  logic                     m_axi_wready,
    output logic [   DATA_WIDTH-1:0] m_axi_wdata,
    output logic [ DATA_WIDTH/8-1:0] m_axi_wstrb,
    output logic                     m_axi_wlast,
    input  logic                     m_axi_bvalid,
    output logic                     m_axi_bready,
    input  logic [              1:0] m_axi_bresp
);

  localparam int StoredBits = $clog2(BUFFER + 1);
  localparam int PendingBits = $clog2(OUTSTANDING + 1);
  localparam logic [PendingBits-1:0] MostPending = PendingBits'(OUTSTANDING);

  if (BUFFER < MAX_BURST) begin : g_buffer
    $fatal(1, "lmc_axi_write: BUFFER has room for a burst, MAX_BURST words");
  end

  // One request at a time: from when it is taken until its token is.
  logic is_busy, request_go, cut_ready;
  assign request_ready = cut_ready && !is_busy;
  assign request_go = request_valid && request_ready;

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
      .request_valid(request_valid && !is_busy),
      .request_ready(cut_ready),
      .request_address,
      .request_words,
      .burst_valid,
      .burst_ready(burst_go),
      .burst_address,
      .burst_words,
      .burst_last
  );

  // The buffer takes the words of the request and no others.
  logic is_taking, buffer_ready, take, beat;
  logic [31:0] words_to_take;
  assign data_ready = is_taking && buffer_ready;
  assign take = data_valid && data_ready;

  logic word_valid;
  lmc_fifo #(
      .WIDTH(DATA_WIDTH),
      .DEPTH(BUFFER),
      .STYLE(STYLE)
  ) buffer (
      .clk,
      .rst,
      .in_valid(data_valid && is_taking),
      .in_ready(buffer_ready),
      .in_data(data_data),
      .out_valid(word_valid),
      .out_ready(beat),
      .out_data(m_axi_wdata)
  );

  always_ff @(posedge clk) begin
    if (rst) is_taking <= 1'b0;
    else if (request_go) is_taking <= request_words != '0;
    else if (take && words_to_take == 32'd1) is_taking <= 1'b0;
    if (request_go) words_to_take <= request_words;
    else if (take) words_to_take <= words_to_take - 1'b1;
  end

  // A burst may go when the address register is free, the buffer has all of its words, and one more
  // response can be waited for. `stored_words` are those that no burst has yet.
  logic length_ready;
  logic [StoredBits-1:0] stored_words;
  logic [PendingBits-1:0] pending;
  assign burst_go = burst_valid && (!m_axi_awvalid || m_axi_awready) && length_ready
                    && stored_words >= StoredBits'(burst_words)
                    && pending != MostPending;

  always_ff @(posedge clk) begin
    if (rst) begin
      m_axi_awvalid <= 1'b0;
      stored_words  <= '0;
      pending       <= '0;
    end else begin
      if (burst_go) m_axi_awvalid <= 1'b1;
      else if (m_axi_awready) m_axi_awvalid <= 1'b0;
      stored_words <= stored_words + StoredBits'(take)
                      - (burst_go ? StoredBits'(burst_words) : '0);
      pending <= pending + PendingBits'(burst_go) - PendingBits'(m_axi_bvalid);
    end
    if (burst_go) begin
      m_axi_awaddr <= burst_address;
      m_axi_awlen  <= 8'(burst_words - 1'b1);
    end
  end

  assign m_axi_awsize  = 3'($clog2(DATA_WIDTH / 8));
  assign m_axi_awburst = 2'b01;
  assign m_axi_awcache = 4'b0011;
  assign m_axi_awprot  = 3'b000;
  assign m_axi_wstrb   = '1;
  assign m_axi_bready  = 1'b1;

  // Beats: the bursts' lengths say which ones are last.
  logic length_valid;
  logic [7:0] length, beats;
  lmc_fifo #(
      .WIDTH(8),
      .DEPTH(OUTSTANDING)
  ) lengths (
      .clk,
      .rst,
      .in_valid(burst_go),
      .in_ready(length_ready),
      .in_data(8'(burst_words - 1'b1)),
      .out_valid(length_valid),
      .out_ready(beat && m_axi_wlast),
      .out_data(length)
  );
  assign m_axi_wvalid = length_valid && word_valid;
  assign m_axi_wlast  = beats == length;
  assign beat = m_axi_wvalid && m_axi_wready;

  always_ff @(posedge clk) begin
    if (rst) beats <= '0;
    else if (beat) beats <= m_axi_wlast ? '0 : beats + 1'b1;
  end

  // The token, once all bursts of the request have gone and all responses are there.
  logic is_all_asked;
  always_ff @(posedge clk) begin
    if (rst) begin
      is_busy      <= 1'b0;
      is_all_asked <= 1'b0;
      done_valid   <= 1'b0;
    end else if (request_go) begin
      is_busy      <= 1'b1;
      is_all_asked <= request_words == '0;
      done_valid   <= request_words == '0;
    end else if (done_valid && done_ready) begin
      is_busy    <= 1'b0;
      done_valid <= 1'b0;
    end else begin
      if (burst_go && burst_last) is_all_asked <= 1'b1;
      if (is_busy && is_all_asked && pending == '0) done_valid <= 1'b1;
    end
  end

  always_ff @(posedge clk) begin
    if (rst) error <= 1'b0;
    else if (m_axi_bvalid && m_axi_bresp != 2'b00) error <= 1'b1;
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk)
    if (!rst && m_axi_bvalid && pending == '0) $error("a response came that no burst waits for");
`endif

endmodule
