// Kernel matrix, with the interfaces of its HLS twin: names,
// widths and registers are those of Vitis HLS (UG1399).
//
//   0x10  n_tokens, 32 bits
//   0x18  n_logits, 32 bits
//   0x20  weights_0, 64 bits
module matrix (
    input  logic ap_clk,
    input  logic ap_rst_n,
    input  logic s_axi_control_AWVALID,
    output logic s_axi_control_AWREADY,
    input  logic [5:0] s_axi_control_AWADDR,
    input  logic s_axi_control_WVALID,
    output logic s_axi_control_WREADY,
    input  logic [31:0] s_axi_control_WDATA,
    input  logic [3:0] s_axi_control_WSTRB,
    output logic s_axi_control_BVALID,
    input  logic s_axi_control_BREADY,
    output logic [1:0] s_axi_control_BRESP,
    input  logic s_axi_control_ARVALID,
    output logic s_axi_control_ARREADY,
    input  logic [5:0] s_axi_control_ARADDR,
    output logic s_axi_control_RVALID,
    input  logic s_axi_control_RREADY,
    output logic [31:0] s_axi_control_RDATA,
    output logic [1:0] s_axi_control_RRESP,
    input  logic [319:0] normed_q_tiles_TDATA,
    input  logic normed_q_tiles_TVALID,
    output logic normed_q_tiles_TREADY,
    input  logic [319:0] x_q_tiles_TDATA,
    input  logic x_q_tiles_TVALID,
    output logic x_q_tiles_TREADY,
    input  logic [319:0] dt_q_tiles_TDATA,
    input  logic dt_q_tiles_TVALID,
    output logic dt_q_tiles_TREADY,
    input  logic [319:0] rotated_q_tiles_TDATA,
    input  logic rotated_q_tiles_TVALID,
    output logic rotated_q_tiles_TREADY,
    input  logic [319:0] normed_q_tiles_2_TDATA,
    input  logic normed_q_tiles_2_TVALID,
    output logic normed_q_tiles_2_TREADY,
    output logic m_axi_gmem_weights_0_ARVALID,
    input  logic m_axi_gmem_weights_0_ARREADY,
    output logic [63:0] m_axi_gmem_weights_0_ARADDR,
    output logic [7:0] m_axi_gmem_weights_0_ARLEN,
    output logic [2:0] m_axi_gmem_weights_0_ARSIZE,
    output logic [1:0] m_axi_gmem_weights_0_ARBURST,
    output logic [3:0] m_axi_gmem_weights_0_ARCACHE,
    output logic [2:0] m_axi_gmem_weights_0_ARPROT,
    input  logic m_axi_gmem_weights_0_RVALID,
    output logic m_axi_gmem_weights_0_RREADY,
    input  logic [511:0] m_axi_gmem_weights_0_RDATA,
    input  logic [1:0] m_axi_gmem_weights_0_RRESP,
    input  logic m_axi_gmem_weights_0_RLAST,
    output logic [31:0] xz_TDATA,
    output logic xz_TVALID,
    input  logic xz_TREADY,
    output logic [31:0] dbc_TDATA,
    output logic dbc_TVALID,
    input  logic dbc_TREADY,
    output logic [31:0] dt_TDATA,
    output logic dt_TVALID,
    input  logic dt_TREADY,
    output logic [63:0] out_TDATA,
    output logic out_TVALID,
    input  logic out_TREADY,
    output logic [63:0] logits_2_TDATA,
    output logic logits_2_TVALID,
    input  logic logits_2_TREADY, /* verilator lint_off SYMRSVDWORD */
    output logic interrupt /* verilator lint_on SYMRSVDWORD */
);

  logic clk, rst, ap_start, ap_done, start, is_running, tasks_done, is_faulty;
  assign clk = ap_clk;
  assign rst = !ap_rst_n;

  // Arguments, and the start: tasks start in the first cycle of `ap_start`.
  logic [6:0][31:0] arguments;
  lmc_axi_lite_control #(
      .ARGUMENT_WORDS(7),
      .IS_REGISTER(7'b0110101)
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

  // Stream normed_q_tiles: elements of 320 bits
  logic normed_q_tiles_valid, normed_q_tiles_ready;
  logic [319:0] normed_q_tiles_data, normed_q_tiles_bytes;
  assign normed_q_tiles_data = normed_q_tiles_bytes[319:0];
  lmc_stream_slice #(
      .WIDTH(320)
  ) normed_q_tiles_slice (
      .clk,
      .rst,
      .s_axis_tvalid(normed_q_tiles_TVALID),
      .s_axis_tready(normed_q_tiles_TREADY),
      .s_axis_tdata(normed_q_tiles_TDATA),
      .m_axis_tvalid(normed_q_tiles_valid),
      .m_axis_tready(normed_q_tiles_ready),
      .m_axis_tdata(normed_q_tiles_bytes)
  );

  // Stream x_q_tiles: elements of 320 bits
  logic x_q_tiles_valid, x_q_tiles_ready;
  logic [319:0] x_q_tiles_data, x_q_tiles_bytes;
  assign x_q_tiles_data = x_q_tiles_bytes[319:0];
  lmc_stream_slice #(
      .WIDTH(320)
  ) x_q_tiles_slice (
      .clk,
      .rst,
      .s_axis_tvalid(x_q_tiles_TVALID),
      .s_axis_tready(x_q_tiles_TREADY),
      .s_axis_tdata(x_q_tiles_TDATA),
      .m_axis_tvalid(x_q_tiles_valid),
      .m_axis_tready(x_q_tiles_ready),
      .m_axis_tdata(x_q_tiles_bytes)
  );

  // Stream dt_q_tiles: elements of 320 bits
  logic dt_q_tiles_valid, dt_q_tiles_ready;
  logic [319:0] dt_q_tiles_data, dt_q_tiles_bytes;
  assign dt_q_tiles_data = dt_q_tiles_bytes[319:0];
  lmc_stream_slice #(
      .WIDTH(320)
  ) dt_q_tiles_slice (
      .clk,
      .rst,
      .s_axis_tvalid(dt_q_tiles_TVALID),
      .s_axis_tready(dt_q_tiles_TREADY),
      .s_axis_tdata(dt_q_tiles_TDATA),
      .m_axis_tvalid(dt_q_tiles_valid),
      .m_axis_tready(dt_q_tiles_ready),
      .m_axis_tdata(dt_q_tiles_bytes)
  );

  // Stream rotated_q_tiles: elements of 320 bits
  logic rotated_q_tiles_valid, rotated_q_tiles_ready;
  logic [319:0] rotated_q_tiles_data, rotated_q_tiles_bytes;
  assign rotated_q_tiles_data = rotated_q_tiles_bytes[319:0];
  lmc_stream_slice #(
      .WIDTH(320)
  ) rotated_q_tiles_slice (
      .clk,
      .rst,
      .s_axis_tvalid(rotated_q_tiles_TVALID),
      .s_axis_tready(rotated_q_tiles_TREADY),
      .s_axis_tdata(rotated_q_tiles_TDATA),
      .m_axis_tvalid(rotated_q_tiles_valid),
      .m_axis_tready(rotated_q_tiles_ready),
      .m_axis_tdata(rotated_q_tiles_bytes)
  );

  // Stream normed_q_tiles_2: elements of 320 bits
  logic normed_q_tiles_2_valid, normed_q_tiles_2_ready;
  logic [319:0] normed_q_tiles_2_data, normed_q_tiles_2_bytes;
  assign normed_q_tiles_2_data = normed_q_tiles_2_bytes[319:0];
  lmc_stream_slice #(
      .WIDTH(320)
  ) normed_q_tiles_2_slice (
      .clk,
      .rst,
      .s_axis_tvalid(normed_q_tiles_2_TVALID),
      .s_axis_tready(normed_q_tiles_2_TREADY),
      .s_axis_tdata(normed_q_tiles_2_TDATA),
      .m_axis_tvalid(normed_q_tiles_2_valid),
      .m_axis_tready(normed_q_tiles_2_ready),
      .m_axis_tdata(normed_q_tiles_2_bytes)
  );

  // Stream xz: elements of 32 bits
  logic xz_valid, xz_ready;
  logic [31:0] xz_data, xz_bytes;
  assign xz_bytes = xz_data;
  lmc_stream_slice #(
      .WIDTH(32)
  ) xz_slice (
      .clk,
      .rst,
      .s_axis_tvalid(xz_valid),
      .s_axis_tready(xz_ready),
      .s_axis_tdata(xz_bytes),
      .m_axis_tvalid(xz_TVALID),
      .m_axis_tready(xz_TREADY),
      .m_axis_tdata(xz_TDATA)
  );

  // Stream dbc: elements of 32 bits
  logic dbc_valid, dbc_ready;
  logic [31:0] dbc_data, dbc_bytes;
  assign dbc_bytes = dbc_data;
  lmc_stream_slice #(
      .WIDTH(32)
  ) dbc_slice (
      .clk,
      .rst,
      .s_axis_tvalid(dbc_valid),
      .s_axis_tready(dbc_ready),
      .s_axis_tdata(dbc_bytes),
      .m_axis_tvalid(dbc_TVALID),
      .m_axis_tready(dbc_TREADY),
      .m_axis_tdata(dbc_TDATA)
  );

  // Stream dt: elements of 32 bits
  logic dt_valid, dt_ready;
  logic [31:0] dt_data, dt_bytes;
  assign dt_bytes = dt_data;
  lmc_stream_slice #(
      .WIDTH(32)
  ) dt_slice (
      .clk,
      .rst,
      .s_axis_tvalid(dt_valid),
      .s_axis_tready(dt_ready),
      .s_axis_tdata(dt_bytes),
      .m_axis_tvalid(dt_TVALID),
      .m_axis_tready(dt_TREADY),
      .m_axis_tdata(dt_TDATA)
  );

  // Stream out: elements of 64 bits
  logic out_valid, out_ready;
  logic [63:0] out_data, out_bytes;
  assign out_bytes = out_data;
  lmc_stream_slice #(
      .WIDTH(64)
  ) out_slice (
      .clk,
      .rst,
      .s_axis_tvalid(out_valid),
      .s_axis_tready(out_ready),
      .s_axis_tdata(out_bytes),
      .m_axis_tvalid(out_TVALID),
      .m_axis_tready(out_TREADY),
      .m_axis_tdata(out_TDATA)
  );

  // Stream logits_2: elements of 64 bits
  logic logits_2_valid, logits_2_ready;
  logic [63:0] logits_2_data, logits_2_bytes;
  assign logits_2_bytes = logits_2_data;
  lmc_stream_slice #(
      .WIDTH(64)
  ) logits_2_slice (
      .clk,
      .rst,
      .s_axis_tvalid(logits_2_valid),
      .s_axis_tready(logits_2_ready),
      .s_axis_tdata(logits_2_bytes),
      .m_axis_tvalid(logits_2_TVALID),
      .m_axis_tready(logits_2_TREADY),
      .m_axis_tdata(logits_2_TDATA)
  );

  // Bank weights_0: words of 512 bits
  logic [63:0] weights_0_bank_base;
  assign weights_0_bank_base = {arguments[5], arguments[4]};
  logic weights_0_bank_ar_valid, weights_0_bank_ar_ready;
  logic [63:0] weights_0_bank_ar_offset;
  logic [31:0] weights_0_bank_ar_length;
  logic weights_0_bank_r_valid, weights_0_bank_r_ready;
  logic [511:0] weights_0_bank_r_data;
  logic weights_0_bank_r_last, weights_0_bank_read_error;
  logic [63:0] weights_0_bank_ar_address;
  assign weights_0_bank_ar_address = weights_0_bank_base + (weights_0_bank_ar_offset << 6);
  lmc_axi_read #(
      .DATA_WIDTH(512),
      .MAX_BURST(16),
      .OUTSTANDING(16)
  ) weights_0_reader (
      .clk,
      .rst,
      .request_valid(weights_0_bank_ar_valid),
      .request_ready(weights_0_bank_ar_ready),
      .request_address(weights_0_bank_ar_address),
      .request_words(weights_0_bank_ar_length),
      .data_valid(weights_0_bank_r_valid),
      .data_ready(weights_0_bank_r_ready),
      .data_data(weights_0_bank_r_data),
      .data_last(weights_0_bank_r_last),
      .error(weights_0_bank_read_error),
      .m_axi_arvalid(m_axi_gmem_weights_0_ARVALID),
      .m_axi_arready(m_axi_gmem_weights_0_ARREADY),
      .m_axi_araddr(m_axi_gmem_weights_0_ARADDR),
      .m_axi_arlen(m_axi_gmem_weights_0_ARLEN),
      .m_axi_arsize(m_axi_gmem_weights_0_ARSIZE),
      .m_axi_arburst(m_axi_gmem_weights_0_ARBURST),
      .m_axi_arcache(m_axi_gmem_weights_0_ARCACHE),
      .m_axi_arprot(m_axi_gmem_weights_0_ARPROT),
      .m_axi_rvalid(m_axi_gmem_weights_0_RVALID),
      .m_axi_rready(m_axi_gmem_weights_0_RREADY),
      .m_axi_rdata(m_axi_gmem_weights_0_RDATA),
      .m_axi_rresp(m_axi_gmem_weights_0_RRESP),
      .m_axi_rlast(m_axi_gmem_weights_0_RLAST)
  );

  // A response that is not OKAY: what the kernel has computed is not to be trusted.
  assign is_faulty = weights_0_bank_read_error;

  matrix_tasks tasks (
      .clk,
      .rst,
      .start,
      .done(tasks_done),
      .n_tokens(arguments[0]),
      .n_logits(arguments[2]),
      .normed_q_tiles_valid,
      .normed_q_tiles_ready,
      .normed_q_tiles_data,
      .x_q_tiles_valid,
      .x_q_tiles_ready,
      .x_q_tiles_data,
      .dt_q_tiles_valid,
      .dt_q_tiles_ready,
      .dt_q_tiles_data,
      .rotated_q_tiles_valid,
      .rotated_q_tiles_ready,
      .rotated_q_tiles_data,
      .normed_q_tiles_2_valid,
      .normed_q_tiles_2_ready,
      .normed_q_tiles_2_data,
      .xz_valid,
      .xz_ready,
      .xz_data,
      .dbc_valid,
      .dbc_ready,
      .dbc_data,
      .dt_valid,
      .dt_ready,
      .dt_data,
      .out_valid,
      .out_ready,
      .out_data,
      .logits_2_valid,
      .logits_2_ready,
      .logits_2_data,
      .weights_0_ar_valid(weights_0_bank_ar_valid),
      .weights_0_ar_ready(weights_0_bank_ar_ready),
      .weights_0_ar_offset(weights_0_bank_ar_offset),
      .weights_0_ar_length(weights_0_bank_ar_length),
      .weights_0_r_valid(weights_0_bank_r_valid),
      .weights_0_r_ready(weights_0_bank_r_ready),
      .weights_0_r_data(weights_0_bank_r_data)
  );

  logic unused;
  assign unused = &{
      arguments[1],
      arguments[3],
      arguments[6],
      weights_0_bank_r_last,
      1'b0
  };

endmodule
