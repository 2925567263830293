// Kernel store, with the interfaces of its HLS twin: names,
// widths and registers are those of Vitis HLS (UG1399).
//
//   0x10  conv_state_state, 64 bits
//   0x1c  ssm_state_state, 64 bits
//   0x28  ssm_state_exponents_state, 64 bits
//   0x34  n_logits, 32 bits
//   0x3c  logits, 64 bits
//   0x48  tokens, 64 bits
module store (
    input  logic ap_clk,
    input  logic ap_rst_n,
    input  logic s_axi_control_AWVALID,
    output logic s_axi_control_AWREADY,
    input  logic [6:0] s_axi_control_AWADDR,
    input  logic s_axi_control_WVALID,
    output logic s_axi_control_WREADY,
    input  logic [31:0] s_axi_control_WDATA,
    input  logic [3:0] s_axi_control_WSTRB,
    output logic s_axi_control_BVALID,
    input  logic s_axi_control_BREADY,
    output logic [1:0] s_axi_control_BRESP,
    input  logic s_axi_control_ARVALID,
    output logic s_axi_control_ARREADY,
    input  logic [6:0] s_axi_control_ARADDR,
    output logic s_axi_control_RVALID,
    input  logic s_axi_control_RREADY,
    output logic [31:0] s_axi_control_RDATA,
    output logic [1:0] s_axi_control_RRESP,
    input  logic [95:0] conv_state_saved_TDATA,
    input  logic conv_state_saved_TVALID,
    output logic conv_state_saved_TREADY,
    output logic m_axi_gmem_conv_state_state_AWVALID,
    input  logic m_axi_gmem_conv_state_state_AWREADY,
    output logic [63:0] m_axi_gmem_conv_state_state_AWADDR,
    output logic [7:0] m_axi_gmem_conv_state_state_AWLEN,
    output logic [2:0] m_axi_gmem_conv_state_state_AWSIZE,
    output logic [1:0] m_axi_gmem_conv_state_state_AWBURST,
    output logic [3:0] m_axi_gmem_conv_state_state_AWCACHE,
    output logic [2:0] m_axi_gmem_conv_state_state_AWPROT,
    output logic m_axi_gmem_conv_state_state_WVALID,
    input  logic m_axi_gmem_conv_state_state_WREADY,
    output logic [511:0] m_axi_gmem_conv_state_state_WDATA,
    output logic [63:0] m_axi_gmem_conv_state_state_WSTRB,
    output logic m_axi_gmem_conv_state_state_WLAST,
    input  logic m_axi_gmem_conv_state_state_BVALID,
    output logic m_axi_gmem_conv_state_state_BREADY,
    input  logic [1:0] m_axi_gmem_conv_state_state_BRESP,
    input  logic [31:0] ssm_state_saved_TDATA,
    input  logic ssm_state_saved_TVALID,
    output logic ssm_state_saved_TREADY,
    output logic m_axi_gmem_ssm_state_state_AWVALID,
    input  logic m_axi_gmem_ssm_state_state_AWREADY,
    output logic [63:0] m_axi_gmem_ssm_state_state_AWADDR,
    output logic [7:0] m_axi_gmem_ssm_state_state_AWLEN,
    output logic [2:0] m_axi_gmem_ssm_state_state_AWSIZE,
    output logic [1:0] m_axi_gmem_ssm_state_state_AWBURST,
    output logic [3:0] m_axi_gmem_ssm_state_state_AWCACHE,
    output logic [2:0] m_axi_gmem_ssm_state_state_AWPROT,
    output logic m_axi_gmem_ssm_state_state_WVALID,
    input  logic m_axi_gmem_ssm_state_state_WREADY,
    output logic [511:0] m_axi_gmem_ssm_state_state_WDATA,
    output logic [63:0] m_axi_gmem_ssm_state_state_WSTRB,
    output logic m_axi_gmem_ssm_state_state_WLAST,
    input  logic m_axi_gmem_ssm_state_state_BVALID,
    output logic m_axi_gmem_ssm_state_state_BREADY,
    input  logic [1:0] m_axi_gmem_ssm_state_state_BRESP,
    input  logic [7:0] ssm_state_exponents_saved_TDATA,
    input  logic ssm_state_exponents_saved_TVALID,
    output logic ssm_state_exponents_saved_TREADY,
    output logic m_axi_gmem_ssm_state_exponents_state_AWVALID,
    input  logic m_axi_gmem_ssm_state_exponents_state_AWREADY,
    output logic [63:0] m_axi_gmem_ssm_state_exponents_state_AWADDR,
    output logic [7:0] m_axi_gmem_ssm_state_exponents_state_AWLEN,
    output logic [2:0] m_axi_gmem_ssm_state_exponents_state_AWSIZE,
    output logic [1:0] m_axi_gmem_ssm_state_exponents_state_AWBURST,
    output logic [3:0] m_axi_gmem_ssm_state_exponents_state_AWCACHE,
    output logic [2:0] m_axi_gmem_ssm_state_exponents_state_AWPROT,
    output logic m_axi_gmem_ssm_state_exponents_state_WVALID,
    input  logic m_axi_gmem_ssm_state_exponents_state_WREADY,
    output logic [511:0] m_axi_gmem_ssm_state_exponents_state_WDATA,
    output logic [63:0] m_axi_gmem_ssm_state_exponents_state_WSTRB,
    output logic m_axi_gmem_ssm_state_exponents_state_WLAST,
    input  logic m_axi_gmem_ssm_state_exponents_state_BVALID,
    output logic m_axi_gmem_ssm_state_exponents_state_BREADY,
    input  logic [1:0] m_axi_gmem_ssm_state_exponents_state_BRESP,
    input  logic [63:0] logits_kept_TDATA,
    input  logic logits_kept_TVALID,
    output logic logits_kept_TREADY,
    output logic m_axi_gmem_logits_AWVALID,
    input  logic m_axi_gmem_logits_AWREADY,
    output logic [63:0] m_axi_gmem_logits_AWADDR,
    output logic [7:0] m_axi_gmem_logits_AWLEN,
    output logic [2:0] m_axi_gmem_logits_AWSIZE,
    output logic [1:0] m_axi_gmem_logits_AWBURST,
    output logic [3:0] m_axi_gmem_logits_AWCACHE,
    output logic [2:0] m_axi_gmem_logits_AWPROT,
    output logic m_axi_gmem_logits_WVALID,
    input  logic m_axi_gmem_logits_WREADY,
    output logic [511:0] m_axi_gmem_logits_WDATA,
    output logic [63:0] m_axi_gmem_logits_WSTRB,
    output logic m_axi_gmem_logits_WLAST,
    input  logic m_axi_gmem_logits_BVALID,
    output logic m_axi_gmem_logits_BREADY,
    input  logic [1:0] m_axi_gmem_logits_BRESP,
    input  logic [31:0] tokens_2_TDATA,
    input  logic tokens_2_TVALID,
    output logic tokens_2_TREADY,
    output logic m_axi_gmem_tokens_AWVALID,
    input  logic m_axi_gmem_tokens_AWREADY,
    output logic [63:0] m_axi_gmem_tokens_AWADDR,
    output logic [7:0] m_axi_gmem_tokens_AWLEN,
    output logic [2:0] m_axi_gmem_tokens_AWSIZE,
    output logic [1:0] m_axi_gmem_tokens_AWBURST,
    output logic [3:0] m_axi_gmem_tokens_AWCACHE,
    output logic [2:0] m_axi_gmem_tokens_AWPROT,
    output logic m_axi_gmem_tokens_WVALID,
    input  logic m_axi_gmem_tokens_WREADY,
    output logic [31:0] m_axi_gmem_tokens_WDATA,
    output logic [3:0] m_axi_gmem_tokens_WSTRB,
    output logic m_axi_gmem_tokens_WLAST,
    input  logic m_axi_gmem_tokens_BVALID,
    output logic m_axi_gmem_tokens_BREADY,
    input  logic [1:0] m_axi_gmem_tokens_BRESP, /* verilator lint_off SYMRSVDWORD */
    output logic interrupt /* verilator lint_on SYMRSVDWORD */
);

  logic clk, rst, ap_start, ap_done, start, is_running, tasks_done, is_faulty;
  assign clk = ap_clk;
  assign rst = !ap_rst_n;

  // Arguments, and the start: tasks start in the first cycle of `ap_start`.
  logic [16:0][31:0] arguments;
  lmc_axi_lite_control #(
      .ARGUMENT_WORDS(17),
      .IS_REGISTER(17'b01101101011011011)
  ) control (
      .clk,
      .rst,
      .s_axi_awvalid(s_axi_control_AWVALID),
      .s_axi_awready(s_axi_control_AWREADY),
      .s_axi_awaddr(s_axi_control_AWADDR),
      .s_axi_wvalid(s_axi_control_WVALID),
      .s_axi_wready(s_axi_control_WREADY),
      .s_axi_wdata(s_axi_control_WDATA),
      .s_axi_wstrb(s_axi_control_WSTRB),
      .s_axi_bvalid(s_axi_control_BVALID),
      .s_axi_bready(s_axi_control_BREADY),
      .s_axi_bresp(s_axi_control_BRESP),
      .s_axi_arvalid(s_axi_control_ARVALID),
      .s_axi_arready(s_axi_control_ARREADY),
      .s_axi_araddr(s_axi_control_ARADDR),
      .s_axi_rvalid(s_axi_control_RVALID),
      .s_axi_rready(s_axi_control_RREADY),
      .s_axi_rdata(s_axi_control_RDATA),
      .s_axi_rresp(s_axi_control_RRESP),
      .arguments,
      .ap_start,
      .ap_done,
      .irq(interrupt)
  );
  assign start   = ap_start && !is_running;
  assign ap_done = is_running && tasks_done && !is_faulty;
  always_ff @(posedge clk)
    if (rst) is_running <= 1'b0;
    else if (start) is_running <= 1'b1;
    else if (ap_done) is_running <= 1'b0;

  // Stream conv_state_saved: elements of 96 bits
  logic conv_state_saved_valid, conv_state_saved_ready;
  logic [95:0] conv_state_saved_data, conv_state_saved_bytes;
  assign conv_state_saved_data = conv_state_saved_bytes[95:0];
  lmc_stream_slice #(
      .WIDTH(96)
  ) conv_state_saved_slice (
      .clk,
      .rst,
      .s_axis_tvalid(conv_state_saved_TVALID),
      .s_axis_tready(conv_state_saved_TREADY),
      .s_axis_tdata(conv_state_saved_TDATA),
      .m_axis_tvalid(conv_state_saved_valid),
      .m_axis_tready(conv_state_saved_ready),
      .m_axis_tdata(conv_state_saved_bytes)
  );

  // Stream ssm_state_saved: elements of 32 bits
  logic ssm_state_saved_valid, ssm_state_saved_ready;
  logic [31:0] ssm_state_saved_data, ssm_state_saved_bytes;
  assign ssm_state_saved_data = ssm_state_saved_bytes[31:0];
  lmc_stream_slice #(
      .WIDTH(32)
  ) ssm_state_saved_slice (
      .clk,
      .rst,
      .s_axis_tvalid(ssm_state_saved_TVALID),
      .s_axis_tready(ssm_state_saved_TREADY),
      .s_axis_tdata(ssm_state_saved_TDATA),
      .m_axis_tvalid(ssm_state_saved_valid),
      .m_axis_tready(ssm_state_saved_ready),
      .m_axis_tdata(ssm_state_saved_bytes)
  );

  // Stream ssm_state_exponents_saved: elements of 4 bits
  logic ssm_state_exponents_saved_valid, ssm_state_exponents_saved_ready;
  logic [3:0] ssm_state_exponents_saved_data;
  logic [7:0] ssm_state_exponents_saved_bytes;
  assign ssm_state_exponents_saved_data = ssm_state_exponents_saved_bytes[3:0];
  lmc_stream_slice #(
      .WIDTH(8)
  ) ssm_state_exponents_saved_slice (
      .clk,
      .rst,
      .s_axis_tvalid(ssm_state_exponents_saved_TVALID),
      .s_axis_tready(ssm_state_exponents_saved_TREADY),
      .s_axis_tdata(ssm_state_exponents_saved_TDATA),
      .m_axis_tvalid(ssm_state_exponents_saved_valid),
      .m_axis_tready(ssm_state_exponents_saved_ready),
      .m_axis_tdata(ssm_state_exponents_saved_bytes)
  );

  // Stream logits_kept: elements of 64 bits
  logic logits_kept_valid, logits_kept_ready;
  logic [63:0] logits_kept_data, logits_kept_bytes;
  assign logits_kept_data = logits_kept_bytes[63:0];
  lmc_stream_slice #(
      .WIDTH(64)
  ) logits_kept_slice (
      .clk,
      .rst,
      .s_axis_tvalid(logits_kept_TVALID),
      .s_axis_tready(logits_kept_TREADY),
      .s_axis_tdata(logits_kept_TDATA),
      .m_axis_tvalid(logits_kept_valid),
      .m_axis_tready(logits_kept_ready),
      .m_axis_tdata(logits_kept_bytes)
  );

  // Stream tokens_2: elements of 32 bits
  logic tokens_2_valid, tokens_2_ready;
  logic [31:0] tokens_2_data, tokens_2_bytes;
  assign tokens_2_data = tokens_2_bytes[31:0];
  lmc_stream_slice #(
      .WIDTH(32)
  ) tokens_2_slice (
      .clk,
      .rst,
      .s_axis_tvalid(tokens_2_TVALID),
      .s_axis_tready(tokens_2_TREADY),
      .s_axis_tdata(tokens_2_TDATA),
      .m_axis_tvalid(tokens_2_valid),
      .m_axis_tready(tokens_2_ready),
      .m_axis_tdata(tokens_2_bytes)
  );

  // Bank conv_state_state: words of 512 bits
  logic [63:0] conv_state_state_bank_base;
  assign conv_state_state_bank_base = {arguments[1], arguments[0]};
  logic conv_state_state_bank_aw_valid, conv_state_state_bank_aw_ready;
  logic [63:0] conv_state_state_bank_aw_offset;
  logic [31:0] conv_state_state_bank_aw_length;
  logic conv_state_state_bank_w_valid, conv_state_state_bank_w_ready;
  logic [511:0] conv_state_state_bank_w_data;
  logic conv_state_state_bank_b_valid, conv_state_state_bank_b_ready,
      conv_state_state_bank_write_error;
  logic [63:0] conv_state_state_bank_aw_address;
  assign conv_state_state_bank_aw_address = conv_state_state_bank_base +
      (conv_state_state_bank_aw_offset << 6);
  lmc_axi_write #(
      .DATA_WIDTH(512),
      .MAX_BURST(16),
      .OUTSTANDING(16)
  ) conv_state_state_writer (
      .clk,
      .rst,
      .request_valid(conv_state_state_bank_aw_valid),
      .request_ready(conv_state_state_bank_aw_ready),
      .request_address(conv_state_state_bank_aw_address),
      .request_words(conv_state_state_bank_aw_length),
      .data_valid(conv_state_state_bank_w_valid),
      .data_ready(conv_state_state_bank_w_ready),
      .data_data(conv_state_state_bank_w_data),
      .done_valid(conv_state_state_bank_b_valid),
      .done_ready(conv_state_state_bank_b_ready),
      .error(conv_state_state_bank_write_error),
      .m_axi_awvalid(m_axi_gmem_conv_state_state_AWVALID),
      .m_axi_awready(m_axi_gmem_conv_state_state_AWREADY),
      .m_axi_awaddr(m_axi_gmem_conv_state_state_AWADDR),
      .m_axi_awlen(m_axi_gmem_conv_state_state_AWLEN),
      .m_axi_awsize(m_axi_gmem_conv_state_state_AWSIZE),
      .m_axi_awburst(m_axi_gmem_conv_state_state_AWBURST),
      .m_axi_awcache(m_axi_gmem_conv_state_state_AWCACHE),
      .m_axi_awprot(m_axi_gmem_conv_state_state_AWPROT),
      .m_axi_wvalid(m_axi_gmem_conv_state_state_WVALID),
      .m_axi_wready(m_axi_gmem_conv_state_state_WREADY),
      .m_axi_wdata(m_axi_gmem_conv_state_state_WDATA),
      .m_axi_wstrb(m_axi_gmem_conv_state_state_WSTRB),
      .m_axi_wlast(m_axi_gmem_conv_state_state_WLAST),
      .m_axi_bvalid(m_axi_gmem_conv_state_state_BVALID),
      .m_axi_bready(m_axi_gmem_conv_state_state_BREADY),
      .m_axi_bresp(m_axi_gmem_conv_state_state_BRESP)
  );

  // Bank ssm_state_state: words of 512 bits
  logic [63:0] ssm_state_state_bank_base;
  assign ssm_state_state_bank_base = {arguments[4], arguments[3]};
  logic ssm_state_state_bank_aw_valid, ssm_state_state_bank_aw_ready;
  logic [63:0] ssm_state_state_bank_aw_offset;
  logic [31:0] ssm_state_state_bank_aw_length;
  logic ssm_state_state_bank_w_valid, ssm_state_state_bank_w_ready;
  logic [511:0] ssm_state_state_bank_w_data;
  logic ssm_state_state_bank_b_valid, ssm_state_state_bank_b_ready,
      ssm_state_state_bank_write_error;
  logic [63:0] ssm_state_state_bank_aw_address;
  assign ssm_state_state_bank_aw_address = ssm_state_state_bank_base +
      (ssm_state_state_bank_aw_offset << 6);
  lmc_axi_write #(
      .DATA_WIDTH(512),
      .MAX_BURST(16),
      .OUTSTANDING(16)
  ) ssm_state_state_writer (
      .clk,
      .rst,
      .request_valid(ssm_state_state_bank_aw_valid),
      .request_ready(ssm_state_state_bank_aw_ready),
      .request_address(ssm_state_state_bank_aw_address),
      .request_words(ssm_state_state_bank_aw_length),
      .data_valid(ssm_state_state_bank_w_valid),
      .data_ready(ssm_state_state_bank_w_ready),
      .data_data(ssm_state_state_bank_w_data),
      .done_valid(ssm_state_state_bank_b_valid),
      .done_ready(ssm_state_state_bank_b_ready),
      .error(ssm_state_state_bank_write_error),
      .m_axi_awvalid(m_axi_gmem_ssm_state_state_AWVALID),
      .m_axi_awready(m_axi_gmem_ssm_state_state_AWREADY),
      .m_axi_awaddr(m_axi_gmem_ssm_state_state_AWADDR),
      .m_axi_awlen(m_axi_gmem_ssm_state_state_AWLEN),
      .m_axi_awsize(m_axi_gmem_ssm_state_state_AWSIZE),
      .m_axi_awburst(m_axi_gmem_ssm_state_state_AWBURST),
      .m_axi_awcache(m_axi_gmem_ssm_state_state_AWCACHE),
      .m_axi_awprot(m_axi_gmem_ssm_state_state_AWPROT),
      .m_axi_wvalid(m_axi_gmem_ssm_state_state_WVALID),
      .m_axi_wready(m_axi_gmem_ssm_state_state_WREADY),
      .m_axi_wdata(m_axi_gmem_ssm_state_state_WDATA),
      .m_axi_wstrb(m_axi_gmem_ssm_state_state_WSTRB),
      .m_axi_wlast(m_axi_gmem_ssm_state_state_WLAST),
      .m_axi_bvalid(m_axi_gmem_ssm_state_state_BVALID),
      .m_axi_bready(m_axi_gmem_ssm_state_state_BREADY),
      .m_axi_bresp(m_axi_gmem_ssm_state_state_BRESP)
  );

  // Bank ssm_state_exponents_state: words of 512 bits
  logic [63:0] ssm_state_exponents_state_bank_base;
  assign ssm_state_exponents_state_bank_base = {arguments[7], arguments[6]};
  logic ssm_state_exponents_state_bank_aw_valid, ssm_state_exponents_state_bank_aw_ready;
  logic [63:0] ssm_state_exponents_state_bank_aw_offset;
  logic [31:0] ssm_state_exponents_state_bank_aw_length;
  logic ssm_state_exponents_state_bank_w_valid, ssm_state_exponents_state_bank_w_ready;
  logic [511:0] ssm_state_exponents_state_bank_w_data;
  logic ssm_state_exponents_state_bank_b_valid, ssm_state_exponents_state_bank_b_ready,
      ssm_state_exponents_state_bank_write_error;
  logic [63:0] ssm_state_exponents_state_bank_aw_address;
  assign ssm_state_exponents_state_bank_aw_address = ssm_state_exponents_state_bank_base +
      (ssm_state_exponents_state_bank_aw_offset << 6);
  lmc_axi_write #(
      .DATA_WIDTH(512),
      .MAX_BURST(16),
      .OUTSTANDING(16)
  ) ssm_state_exponents_state_writer (
      .clk,
      .rst,
      .request_valid(ssm_state_exponents_state_bank_aw_valid),
      .request_ready(ssm_state_exponents_state_bank_aw_ready),
      .request_address(ssm_state_exponents_state_bank_aw_address),
      .request_words(ssm_state_exponents_state_bank_aw_length),
      .data_valid(ssm_state_exponents_state_bank_w_valid),
      .data_ready(ssm_state_exponents_state_bank_w_ready),
      .data_data(ssm_state_exponents_state_bank_w_data),
      .done_valid(ssm_state_exponents_state_bank_b_valid),
      .done_ready(ssm_state_exponents_state_bank_b_ready),
      .error(ssm_state_exponents_state_bank_write_error),
      .m_axi_awvalid(m_axi_gmem_ssm_state_exponents_state_AWVALID),
      .m_axi_awready(m_axi_gmem_ssm_state_exponents_state_AWREADY),
      .m_axi_awaddr(m_axi_gmem_ssm_state_exponents_state_AWADDR),
      .m_axi_awlen(m_axi_gmem_ssm_state_exponents_state_AWLEN),
      .m_axi_awsize(m_axi_gmem_ssm_state_exponents_state_AWSIZE),
      .m_axi_awburst(m_axi_gmem_ssm_state_exponents_state_AWBURST),
      .m_axi_awcache(m_axi_gmem_ssm_state_exponents_state_AWCACHE),
      .m_axi_awprot(m_axi_gmem_ssm_state_exponents_state_AWPROT),
      .m_axi_wvalid(m_axi_gmem_ssm_state_exponents_state_WVALID),
      .m_axi_wready(m_axi_gmem_ssm_state_exponents_state_WREADY),
      .m_axi_wdata(m_axi_gmem_ssm_state_exponents_state_WDATA),
      .m_axi_wstrb(m_axi_gmem_ssm_state_exponents_state_WSTRB),
      .m_axi_wlast(m_axi_gmem_ssm_state_exponents_state_WLAST),
      .m_axi_bvalid(m_axi_gmem_ssm_state_exponents_state_BVALID),
      .m_axi_bready(m_axi_gmem_ssm_state_exponents_state_BREADY),
      .m_axi_bresp(m_axi_gmem_ssm_state_exponents_state_BRESP)
  );

  // Bank logits: words of 512 bits
  logic [63:0] logits_bank_base;
  assign logits_bank_base = {arguments[12], arguments[11]};
  logic logits_bank_aw_valid, logits_bank_aw_ready;
  logic [63:0] logits_bank_aw_offset;
  logic [31:0] logits_bank_aw_length;
  logic logits_bank_w_valid, logits_bank_w_ready;
  logic [511:0] logits_bank_w_data;
  logic logits_bank_b_valid, logits_bank_b_ready, logits_bank_write_error;
  logic [63:0] logits_bank_aw_address;
  assign logits_bank_aw_address = logits_bank_base + (logits_bank_aw_offset << 6);
  lmc_axi_write #(
      .DATA_WIDTH(512),
      .MAX_BURST(16),
      .OUTSTANDING(16)
  ) logits_writer (
      .clk,
      .rst,
      .request_valid(logits_bank_aw_valid),
      .request_ready(logits_bank_aw_ready),
      .request_address(logits_bank_aw_address),
      .request_words(logits_bank_aw_length),
      .data_valid(logits_bank_w_valid),
      .data_ready(logits_bank_w_ready),
      .data_data(logits_bank_w_data),
      .done_valid(logits_bank_b_valid),
      .done_ready(logits_bank_b_ready),
      .error(logits_bank_write_error),
      .m_axi_awvalid(m_axi_gmem_logits_AWVALID),
      .m_axi_awready(m_axi_gmem_logits_AWREADY),
      .m_axi_awaddr(m_axi_gmem_logits_AWADDR),
      .m_axi_awlen(m_axi_gmem_logits_AWLEN),
      .m_axi_awsize(m_axi_gmem_logits_AWSIZE),
      .m_axi_awburst(m_axi_gmem_logits_AWBURST),
      .m_axi_awcache(m_axi_gmem_logits_AWCACHE),
      .m_axi_awprot(m_axi_gmem_logits_AWPROT),
      .m_axi_wvalid(m_axi_gmem_logits_WVALID),
      .m_axi_wready(m_axi_gmem_logits_WREADY),
      .m_axi_wdata(m_axi_gmem_logits_WDATA),
      .m_axi_wstrb(m_axi_gmem_logits_WSTRB),
      .m_axi_wlast(m_axi_gmem_logits_WLAST),
      .m_axi_bvalid(m_axi_gmem_logits_BVALID),
      .m_axi_bready(m_axi_gmem_logits_BREADY),
      .m_axi_bresp(m_axi_gmem_logits_BRESP)
  );

  // Bank tokens: words of 32 bits
  logic [63:0] tokens_bank_base;
  assign tokens_bank_base = {arguments[15], arguments[14]};
  logic tokens_bank_aw_valid, tokens_bank_aw_ready;
  logic [63:0] tokens_bank_aw_offset;
  logic [31:0] tokens_bank_aw_length;
  logic tokens_bank_w_valid, tokens_bank_w_ready;
  logic [31:0] tokens_bank_w_data;
  logic tokens_bank_b_valid, tokens_bank_b_ready, tokens_bank_write_error;
  logic [63:0] tokens_bank_aw_address;
  assign tokens_bank_aw_address = tokens_bank_base + (tokens_bank_aw_offset << 2);
  lmc_axi_write #(
      .DATA_WIDTH(32),
      .MAX_BURST(16),
      .OUTSTANDING(16)
  ) tokens_writer (
      .clk,
      .rst,
      .request_valid(tokens_bank_aw_valid),
      .request_ready(tokens_bank_aw_ready),
      .request_address(tokens_bank_aw_address),
      .request_words(tokens_bank_aw_length),
      .data_valid(tokens_bank_w_valid),
      .data_ready(tokens_bank_w_ready),
      .data_data(tokens_bank_w_data),
      .done_valid(tokens_bank_b_valid),
      .done_ready(tokens_bank_b_ready),
      .error(tokens_bank_write_error),
      .m_axi_awvalid(m_axi_gmem_tokens_AWVALID),
      .m_axi_awready(m_axi_gmem_tokens_AWREADY),
      .m_axi_awaddr(m_axi_gmem_tokens_AWADDR),
      .m_axi_awlen(m_axi_gmem_tokens_AWLEN),
      .m_axi_awsize(m_axi_gmem_tokens_AWSIZE),
      .m_axi_awburst(m_axi_gmem_tokens_AWBURST),
      .m_axi_awcache(m_axi_gmem_tokens_AWCACHE),
      .m_axi_awprot(m_axi_gmem_tokens_AWPROT),
      .m_axi_wvalid(m_axi_gmem_tokens_WVALID),
      .m_axi_wready(m_axi_gmem_tokens_WREADY),
      .m_axi_wdata(m_axi_gmem_tokens_WDATA),
      .m_axi_wstrb(m_axi_gmem_tokens_WSTRB),
      .m_axi_wlast(m_axi_gmem_tokens_WLAST),
      .m_axi_bvalid(m_axi_gmem_tokens_BVALID),
      .m_axi_bready(m_axi_gmem_tokens_BREADY),
      .m_axi_bresp(m_axi_gmem_tokens_BRESP)
  );

  // A response that is not OKAY: what the kernel has computed is not to be trusted.
  assign is_faulty = conv_state_state_bank_write_error || ssm_state_state_bank_write_error ||
      ssm_state_exponents_state_bank_write_error || logits_bank_write_error ||
      tokens_bank_write_error;

  store_tasks tasks (
      .clk,
      .rst,
      .start,
      .done(tasks_done),
      .n_logits(arguments[9]),
      .conv_state_saved_valid,
      .conv_state_saved_ready,
      .conv_state_saved_data,
      .ssm_state_saved_valid,
      .ssm_state_saved_ready,
      .ssm_state_saved_data,
      .ssm_state_exponents_saved_valid,
      .ssm_state_exponents_saved_ready,
      .ssm_state_exponents_saved_data,
      .logits_kept_valid,
      .logits_kept_ready,
      .logits_kept_data,
      .tokens_2_valid,
      .tokens_2_ready,
      .tokens_2_data,
      .conv_state_state_aw_valid(conv_state_state_bank_aw_valid),
      .conv_state_state_aw_ready(conv_state_state_bank_aw_ready),
      .conv_state_state_aw_offset(conv_state_state_bank_aw_offset),
      .conv_state_state_aw_length(conv_state_state_bank_aw_length),
      .conv_state_state_w_valid(conv_state_state_bank_w_valid),
      .conv_state_state_w_ready(conv_state_state_bank_w_ready),
      .conv_state_state_w_data(conv_state_state_bank_w_data),
      .conv_state_state_b_valid(conv_state_state_bank_b_valid),
      .conv_state_state_b_ready(conv_state_state_bank_b_ready),
      .ssm_state_state_aw_valid(ssm_state_state_bank_aw_valid),
      .ssm_state_state_aw_ready(ssm_state_state_bank_aw_ready),
      .ssm_state_state_aw_offset(ssm_state_state_bank_aw_offset),
      .ssm_state_state_aw_length(ssm_state_state_bank_aw_length),
      .ssm_state_state_w_valid(ssm_state_state_bank_w_valid),
      .ssm_state_state_w_ready(ssm_state_state_bank_w_ready),
      .ssm_state_state_w_data(ssm_state_state_bank_w_data),
      .ssm_state_state_b_valid(ssm_state_state_bank_b_valid),
      .ssm_state_state_b_ready(ssm_state_state_bank_b_ready),
      .ssm_state_exponents_state_aw_valid(ssm_state_exponents_state_bank_aw_valid),
      .ssm_state_exponents_state_aw_ready(ssm_state_exponents_state_bank_aw_ready),
      .ssm_state_exponents_state_aw_offset(ssm_state_exponents_state_bank_aw_offset),
      .ssm_state_exponents_state_aw_length(ssm_state_exponents_state_bank_aw_length),
      .ssm_state_exponents_state_w_valid(ssm_state_exponents_state_bank_w_valid),
      .ssm_state_exponents_state_w_ready(ssm_state_exponents_state_bank_w_ready),
      .ssm_state_exponents_state_w_data(ssm_state_exponents_state_bank_w_data),
      .ssm_state_exponents_state_b_valid(ssm_state_exponents_state_bank_b_valid),
      .ssm_state_exponents_state_b_ready(ssm_state_exponents_state_bank_b_ready),
      .logits_aw_valid(logits_bank_aw_valid),
      .logits_aw_ready(logits_bank_aw_ready),
      .logits_aw_offset(logits_bank_aw_offset),
      .logits_aw_length(logits_bank_aw_length),
      .logits_w_valid(logits_bank_w_valid),
      .logits_w_ready(logits_bank_w_ready),
      .logits_w_data(logits_bank_w_data),
      .logits_b_valid(logits_bank_b_valid),
      .logits_b_ready(logits_bank_b_ready),
      .tokens_aw_valid(tokens_bank_aw_valid),
      .tokens_aw_ready(tokens_bank_aw_ready),
      .tokens_aw_offset(tokens_bank_aw_offset),
      .tokens_aw_length(tokens_bank_aw_length),
      .tokens_w_valid(tokens_bank_w_valid),
      .tokens_w_ready(tokens_bank_w_ready),
      .tokens_w_data(tokens_bank_w_data),
      .tokens_b_valid(tokens_bank_b_valid),
      .tokens_b_ready(tokens_bank_b_ready)
  );

  logic unused;
  assign unused = &{
      arguments[2],
      arguments[5],
      arguments[8],
      arguments[10],
      arguments[13],
      arguments[16],
      ssm_state_exponents_saved_bytes[7:4],
      1'b0
  };

endmodule
