// Kernel after_x_proj, with the interfaces of its HLS twin: names,
// widths and registers are those of Vitis HLS (UG1399).
//
//   0x10  n_tokens, 32 bits
module after_x_proj (
    input  logic ap_clk,
    input  logic ap_rst_n,
    input  logic s_axi_control_AWVALID,
    output logic s_axi_control_AWREADY,
    input  logic [4:0] s_axi_control_AWADDR,
    input  logic s_axi_control_WVALID,
    output logic s_axi_control_WREADY,
    input  logic [31:0] s_axi_control_WDATA,
    input  logic [3:0] s_axi_control_WSTRB,
    output logic s_axi_control_BVALID,
    input  logic s_axi_control_BREADY,
    output logic [1:0] s_axi_control_BRESP,
    input  logic s_axi_control_ARVALID,
    output logic s_axi_control_ARREADY,
    input  logic [4:0] s_axi_control_ARADDR,
    output logic s_axi_control_RVALID,
    input  logic s_axi_control_RREADY,
    output logic [31:0] s_axi_control_RDATA,
    output logic [1:0] s_axi_control_RRESP,
    input  logic [31:0] dbc_TDATA,
    input  logic dbc_TVALID,
    output logic dbc_TREADY,
    output logic [31:0] b_TDATA,
    output logic b_TVALID,
    input  logic b_TREADY,
    output logic [31:0] c_TDATA,
    output logic c_TVALID,
    input  logic c_TREADY,
    output logic [319:0] dt_q_tiles_TDATA,
    output logic dt_q_tiles_TVALID,
    input  logic dt_q_tiles_TREADY, /* verilator lint_off SYMRSVDWORD */
    output logic interrupt /* verilator lint_on SYMRSVDWORD */
);

  logic clk, rst, ap_start, ap_done, start, is_running, tasks_done, is_faulty;
  assign clk = ap_clk;
  assign rst = !ap_rst_n;

  // Arguments, and the start: tasks start in the first cycle of `ap_start`.
  logic [1:0][31:0] arguments;
  lmc_axi_lite_control #(
      .ARGUMENT_WORDS(2),
      .IS_REGISTER(2'b01)
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

  // Stream dbc: elements of 32 bits
  logic dbc_valid, dbc_ready;
  logic [31:0] dbc_data, dbc_bytes;
  assign dbc_data = dbc_bytes[31:0];
  lmc_stream_slice #(
      .WIDTH(32)
  ) dbc_slice (
      .clk,
      .rst,
      .s_axis_tvalid(dbc_TVALID),
      .s_axis_tready(dbc_TREADY),
      .s_axis_tdata(dbc_TDATA),
      .m_axis_tvalid(dbc_valid),
      .m_axis_tready(dbc_ready),
      .m_axis_tdata(dbc_bytes)
  );

  // Stream b: elements of 32 bits
  logic b_valid, b_ready;
  logic [31:0] b_data, b_bytes;
  assign b_bytes = b_data;
  lmc_stream_slice #(
      .WIDTH(32)
  ) b_slice (
      .clk,
      .rst,
      .s_axis_tvalid(b_valid),
      .s_axis_tready(b_ready),
      .s_axis_tdata(b_bytes),
      .m_axis_tvalid(b_TVALID),
      .m_axis_tready(b_TREADY),
      .m_axis_tdata(b_TDATA)
  );

  // Stream c: elements of 32 bits
  logic c_valid, c_ready;
  logic [31:0] c_data, c_bytes;
  assign c_bytes = c_data;
  lmc_stream_slice #(
      .WIDTH(32)
  ) c_slice (
      .clk,
      .rst,
      .s_axis_tvalid(c_valid),
      .s_axis_tready(c_ready),
      .s_axis_tdata(c_bytes),
      .m_axis_tvalid(c_TVALID),
      .m_axis_tready(c_TREADY),
      .m_axis_tdata(c_TDATA)
  );

  // Stream dt_q_tiles: elements of 320 bits
  logic dt_q_tiles_valid, dt_q_tiles_ready;
  logic [319:0] dt_q_tiles_data, dt_q_tiles_bytes;
  assign dt_q_tiles_bytes = dt_q_tiles_data;
  lmc_stream_slice #(
      .WIDTH(320)
  ) dt_q_tiles_slice (
      .clk,
      .rst,
      .s_axis_tvalid(dt_q_tiles_valid),
      .s_axis_tready(dt_q_tiles_ready),
      .s_axis_tdata(dt_q_tiles_bytes),
      .m_axis_tvalid(dt_q_tiles_TVALID),
      .m_axis_tready(dt_q_tiles_TREADY),
      .m_axis_tdata(dt_q_tiles_TDATA)
  );

  // A response that is not OKAY: what the kernel has computed is not to be trusted.
  assign is_faulty = 1'b0;

  after_x_proj_tasks tasks (
      .clk,
      .rst,
      .start,
      .done(tasks_done),
      .n_tokens(arguments[0]),
      .dbc_valid,
      .dbc_ready,
      .dbc_data,
      .b_valid,
      .b_ready,
      .b_data,
      .c_valid,
      .c_ready,
      .c_data,
      .dt_q_tiles_valid,
      .dt_q_tiles_ready,
      .dt_q_tiles_data
  );

  logic unused;
  assign unused = &{
      arguments[1],
      1'b0
  };

endmodule
