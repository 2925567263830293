// Modules of the library, each with the signals that a test drives and looks at.
module library_bench (
    input logic clk,
    input logic rst
);
  fifo_bench #(.STYLE("srl"), .DEPTH(1)) fifo_srl_1 (.*);
  fifo_bench #(.STYLE("srl"), .DEPTH(21)) fifo_srl_21 (.*);
  fifo_bench #(.STYLE("lutram"), .DEPTH(2)) fifo_lutram_2 (.*);
  fifo_bench #(.STYLE("bram"), .DEPTH(16)) fifo_bram_16 (.*);
  fifo_bench #(.STYLE("uram"), .DEPTH(5)) fifo_uram_5 (.*);
  ram_bench #(.STYLE("lutram")) ram_lutram (.*);
  ram_bench #(.STYLE("bram")) ram_bram (.*);
  ram_bench #(.STYLE("uram")) ram_uram (.*);
  slice_bench slice (.*);
  control_bench control (.*);
  read_bench #(.DATA_WIDTH(512), .MAX_BURST(16), .OUTSTANDING(4)) read_512 (.*);
  read_bench #(.DATA_WIDTH(64), .MAX_BURST(256), .OUTSTANDING(2)) read_64 (.*);
  read_bench #(.DATA_WIDTH(128), .MAX_BURST(16), .OUTSTANDING(8), .BUFFER(20)) read_128 (.*);
  write_bench #(.DATA_WIDTH(512), .MAX_BURST(16), .OUTSTANDING(4)) write_512 (.*);
  write_bench #(.DATA_WIDTH(64), .MAX_BURST(256), .OUTSTANDING(2)) write_64 (.*);
  write_bench #(.DATA_WIDTH(128), .MAX_BURST(16), .OUTSTANDING(1), .BUFFER(16)) write_128 (.*);
endmodule

module fifo_bench #(
    parameter int DEPTH = 2,
    parameter logic [47:0] STYLE = "srl"
) (
    input logic clk,
    input logic rst
);
  logic in_valid, in_ready, out_valid, out_ready;
  logic [15:0] in_data, out_data;
  lmc_fifo #(.WIDTH(16), .DEPTH(DEPTH), .STYLE(STYLE)) dut (.*);
endmodule

module ram_bench #(
    parameter logic [47:0] STYLE = "bram"
) (
    input logic clk
);
  logic write_enable, read_enable;
  logic [2:0] write_address, read_address;
  logic [15:0] write_data, read_data;
  lmc_ram #(.WIDTH(16), .DEPTH(6), .STYLE(STYLE)) dut (.*);
endmodule

module slice_bench (
    input logic clk,
    input logic rst
);
  logic s_axis_tvalid, s_axis_tready, m_axis_tvalid, m_axis_tready;
  logic [15:0] s_axis_tdata, m_axis_tdata;
  lmc_stream_slice #(.WIDTH(16)) dut (.*);
endmodule

// A scalar of 32 bits, an address of 64 bits, another scalar.
module control_bench (
    input logic clk,
    input logic rst
);
  logic s_axi_awvalid, s_axi_awready, s_axi_wvalid, s_axi_wready, s_axi_bvalid, s_axi_bready;
  logic s_axi_arvalid, s_axi_arready, s_axi_rvalid, s_axi_rready;
  logic [5:0] s_axi_awaddr, s_axi_araddr;
  logic [31:0] s_axi_wdata, s_axi_rdata;
  logic [3:0] s_axi_wstrb;
  logic [1:0] s_axi_bresp, s_axi_rresp;
  logic [6:0][31:0] arguments;
  logic ap_start, ap_done, irq;
  lmc_axi_lite_control #(.ARGUMENT_WORDS(7), .IS_REGISTER(7'b0101101)) dut (.*);
endmodule

module read_bench #(
    parameter int DATA_WIDTH = 512,
    parameter int MAX_BURST = 16,
    parameter int OUTSTANDING = 4,
    parameter int BUFFER = MAX_BURST * OUTSTANDING
) (
    input logic clk,
    input logic rst
);
  logic request_valid, request_ready, data_valid, data_ready, data_last, error;
  logic [63:0] request_address;
  logic [31:0] request_words;
  logic [DATA_WIDTH-1:0] data_data;
  logic m_axi_arvalid, m_axi_arready, m_axi_rvalid, m_axi_rready, m_axi_rlast;
  logic [63:0] m_axi_araddr;
  logic [7:0] m_axi_arlen;
  logic [2:0] m_axi_arsize, m_axi_arprot;
  logic [1:0] m_axi_arburst, m_axi_rresp;
  logic [3:0] m_axi_arcache;
  logic [DATA_WIDTH-1:0] m_axi_rdata;
  logic m_axi_arid, m_axi_rid;
  assign m_axi_arid = 1'b0;
  lmc_axi_read #(
      .DATA_WIDTH(DATA_WIDTH),
      .MAX_BURST(MAX_BURST),
      .OUTSTANDING(OUTSTANDING),
      .BUFFER(BUFFER)
  ) dut (
      .*
  );
endmodule

module write_bench #(
    parameter int DATA_WIDTH = 512,
    parameter int MAX_BURST = 16,
    parameter int OUTSTANDING = 4,
    parameter int BUFFER = 2 * MAX_BURST
) (
    input logic clk,
    input logic rst
);
  logic request_valid, request_ready, data_valid, data_ready, done_valid, done_ready, error;
  logic [63:0] request_address;
  logic [31:0] request_words;
  logic [DATA_WIDTH-1:0] data_data;
  logic m_axi_awvalid, m_axi_awready, m_axi_wvalid, m_axi_wready, m_axi_wlast;
  logic m_axi_bvalid, m_axi_bready;
  logic [63:0] m_axi_awaddr;
  logic [7:0] m_axi_awlen;
  logic [2:0] m_axi_awsize, m_axi_awprot;
  logic [1:0] m_axi_awburst, m_axi_bresp;
  logic [3:0] m_axi_awcache;
  logic [DATA_WIDTH-1:0] m_axi_wdata;
  logic [DATA_WIDTH/8-1:0] m_axi_wstrb;
  logic m_axi_awid, m_axi_bid;
  assign m_axi_awid = 1'b0;
  lmc_axi_write #(
      .DATA_WIDTH(DATA_WIDTH),
      .MAX_BURST(MAX_BURST),
      .OUTSTANDING(OUTSTANDING),
      .BUFFER(BUFFER)
  ) dut (
      .*
  );
endmodule
