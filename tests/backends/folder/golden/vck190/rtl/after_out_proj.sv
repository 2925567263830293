// Kernel after_out_proj, with the interfaces of its HLS twin: names,
// widths and registers are those of Vitis HLS (UG1399).
//
//   0x10  n_tokens, 32 bits
//   0x18  n_logits, 32 bits
module after_out_proj (
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
    input  logic [47:0] hidden_copy_TDATA,
    input  logic hidden_copy_TVALID,
    output logic hidden_copy_TREADY,
    input  logic [63:0] out_TDATA,
    input  logic out_TVALID,
    output logic out_TREADY,
    output logic [47:0] residual_feedback_TDATA,
    output logic residual_feedback_TVALID,
    input  logic residual_feedback_TREADY,
    input  logic [31:0] rsqrt_normed_table_2_TDATA,
    input  logic rsqrt_normed_table_2_TVALID,
    output logic rsqrt_normed_table_2_TREADY,
    output logic [319:0] normed_q_tiles_2_TDATA,
    output logic normed_q_tiles_2_TVALID,
    input  logic normed_q_tiles_2_TREADY, /* verilator lint_off SYMRSVDWORD */
    output logic interrupt /* verilator lint_on SYMRSVDWORD */
);

  logic clk, rst, ap_start, ap_done, start, is_running, tasks_done, is_faulty;
  assign clk = ap_clk;
  assign rst = !ap_rst_n;

  // Arguments, and the start: tasks start in the first cycle of `ap_start`.
  logic [3:0][31:0] arguments;
  lmc_axi_lite_control #(
      .ARGUMENT_WORDS(4),
      .IS_REGISTER(4'b0101)
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

  // Stream hidden_copy: elements of 48 bits
  logic hidden_copy_valid, hidden_copy_ready;
  logic [47:0] hidden_copy_data, hidden_copy_bytes;
  assign hidden_copy_data = hidden_copy_bytes[47:0];
  lmc_stream_slice #(
      .WIDTH(48)
  ) hidden_copy_slice (
      .clk,
      .rst,
      .s_axis_tvalid(hidden_copy_TVALID),
      .s_axis_tready(hidden_copy_TREADY),
      .s_axis_tdata(hidden_copy_TDATA),
      .m_axis_tvalid(hidden_copy_valid),
      .m_axis_tready(hidden_copy_ready),
      .m_axis_tdata(hidden_copy_bytes)
  );

  // Stream out: elements of 64 bits
  logic out_valid, out_ready;
  logic [63:0] out_data, out_bytes;
  assign out_data = out_bytes[63:0];
  lmc_stream_slice #(
      .WIDTH(64)
  ) out_slice (
      .clk,
      .rst,
      .s_axis_tvalid(out_TVALID),
      .s_axis_tready(out_TREADY),
      .s_axis_tdata(out_TDATA),
      .m_axis_tvalid(out_valid),
      .m_axis_tready(out_ready),
      .m_axis_tdata(out_bytes)
  );

  // Stream residual_feedback: elements of 48 bits
  logic residual_feedback_valid, residual_feedback_ready;
  logic [47:0] residual_feedback_data, residual_feedback_bytes;
  assign residual_feedback_bytes = residual_feedback_data;
  lmc_stream_slice #(
      .WIDTH(48)
  ) residual_feedback_slice (
      .clk,
      .rst,
      .s_axis_tvalid(residual_feedback_valid),
      .s_axis_tready(residual_feedback_ready),
      .s_axis_tdata(residual_feedback_bytes),
      .m_axis_tvalid(residual_feedback_TVALID),
      .m_axis_tready(residual_feedback_TREADY),
      .m_axis_tdata(residual_feedback_TDATA)
  );

  // Stream rsqrt_normed_table_2: elements of 32 bits
  logic rsqrt_normed_table_2_valid, rsqrt_normed_table_2_ready;
  logic [31:0] rsqrt_normed_table_2_data, rsqrt_normed_table_2_bytes;
  assign rsqrt_normed_table_2_data = rsqrt_normed_table_2_bytes[31:0];
  lmc_stream_slice #(
      .WIDTH(32)
  ) rsqrt_normed_table_2_slice (
      .clk,
      .rst,
      .s_axis_tvalid(rsqrt_normed_table_2_TVALID),
      .s_axis_tready(rsqrt_normed_table_2_TREADY),
      .s_axis_tdata(rsqrt_normed_table_2_TDATA),
      .m_axis_tvalid(rsqrt_normed_table_2_valid),
      .m_axis_tready(rsqrt_normed_table_2_ready),
      .m_axis_tdata(rsqrt_normed_table_2_bytes)
  );

  // Stream normed_q_tiles_2: elements of 320 bits
  logic normed_q_tiles_2_valid, normed_q_tiles_2_ready;
  logic [319:0] normed_q_tiles_2_data, normed_q_tiles_2_bytes;
  assign normed_q_tiles_2_bytes = normed_q_tiles_2_data;
  lmc_stream_slice #(
      .WIDTH(320)
  ) normed_q_tiles_2_slice (
      .clk,
      .rst,
      .s_axis_tvalid(normed_q_tiles_2_valid),
      .s_axis_tready(normed_q_tiles_2_ready),
      .s_axis_tdata(normed_q_tiles_2_bytes),
      .m_axis_tvalid(normed_q_tiles_2_TVALID),
      .m_axis_tready(normed_q_tiles_2_TREADY),
      .m_axis_tdata(normed_q_tiles_2_TDATA)
  );

  // A response that is not OKAY: what the kernel has computed is not to be trusted.
  assign is_faulty = 1'b0;

  after_out_proj_tasks tasks (
      .clk,
      .rst,
      .start,
      .done(tasks_done),
      .n_tokens(arguments[0]),
      .n_logits(arguments[2]),
      .hidden_copy_valid,
      .hidden_copy_ready,
      .hidden_copy_data,
      .out_valid,
      .out_ready,
      .out_data,
      .residual_feedback_valid,
      .residual_feedback_ready,
      .residual_feedback_data,
      .rsqrt_normed_table_2_valid,
      .rsqrt_normed_table_2_ready,
      .rsqrt_normed_table_2_data,
      .normed_q_tiles_2_valid,
      .normed_q_tiles_2_ready,
      .normed_q_tiles_2_data
  );

  logic unused;
  assign unused = &{
      arguments[1],
      arguments[3],
      1'b0
  };

endmodule
