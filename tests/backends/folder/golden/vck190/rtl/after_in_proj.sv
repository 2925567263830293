// Kernel after_in_proj, with the interfaces of its HLS twin: names,
// widths and registers are those of Vitis HLS (UG1399).
//
//   0x10  n_tokens, 32 bits
module after_in_proj (
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
    input  logic [31:0] xz_TDATA,
    input  logic xz_TVALID,
    output logic xz_TREADY,
    output logic [31:0] z_TDATA,
    output logic z_TVALID,
    input  logic z_TREADY,
    input  logic [95:0] conv_state_old_TDATA,
    input  logic conv_state_old_TVALID,
    output logic conv_state_old_TREADY,
    input  logic [127:0] conv_weight_parameters_TDATA,
    input  logic conv_weight_parameters_TVALID,
    output logic conv_weight_parameters_TREADY,
    input  logic [55:0] conv_bias_parameters_TDATA,
    input  logic conv_bias_parameters_TVALID,
    output logic conv_bias_parameters_TREADY,
    output logic [95:0] conv_state_new_TDATA,
    output logic conv_state_new_TVALID,
    input  logic conv_state_new_TREADY,
    input  logic [63:0] silu_x_table_TDATA,
    input  logic silu_x_table_TVALID,
    output logic silu_x_table_TREADY,
    output logic [31:0] x_copy_kept_TDATA,
    output logic x_copy_kept_TVALID,
    input  logic x_copy_kept_TREADY,
    output logic [319:0] x_q_tiles_TDATA,
    output logic x_q_tiles_TVALID,
    input  logic x_q_tiles_TREADY, /* verilator lint_off SYMRSVDWORD */
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

  // Stream xz: elements of 32 bits
  logic xz_valid, xz_ready;
  logic [31:0] xz_data, xz_bytes;
  assign xz_data = xz_bytes[31:0];
  lmc_stream_slice #(
      .WIDTH(32)
  ) xz_slice (
      .clk,
      .rst,
      .s_axis_tvalid(xz_TVALID),
      .s_axis_tready(xz_TREADY),
      .s_axis_tdata(xz_TDATA),
      .m_axis_tvalid(xz_valid),
      .m_axis_tready(xz_ready),
      .m_axis_tdata(xz_bytes)
  );

  // Stream z: elements of 32 bits
  logic z_valid, z_ready;
  logic [31:0] z_data, z_bytes;
  assign z_bytes = z_data;
  lmc_stream_slice #(
      .WIDTH(32)
  ) z_slice (
      .clk,
      .rst,
      .s_axis_tvalid(z_valid),
      .s_axis_tready(z_ready),
      .s_axis_tdata(z_bytes),
      .m_axis_tvalid(z_TVALID),
      .m_axis_tready(z_TREADY),
      .m_axis_tdata(z_TDATA)
  );

  // Stream conv_state_old: elements of 96 bits
  logic conv_state_old_valid, conv_state_old_ready;
  logic [95:0] conv_state_old_data, conv_state_old_bytes;
  assign conv_state_old_data = conv_state_old_bytes[95:0];
  lmc_stream_slice #(
      .WIDTH(96)
  ) conv_state_old_slice (
      .clk,
      .rst,
      .s_axis_tvalid(conv_state_old_TVALID),
      .s_axis_tready(conv_state_old_TREADY),
      .s_axis_tdata(conv_state_old_TDATA),
      .m_axis_tvalid(conv_state_old_valid),
      .m_axis_tready(conv_state_old_ready),
      .m_axis_tdata(conv_state_old_bytes)
  );

  // Stream conv_weight_parameters: elements of 128 bits
  logic conv_weight_parameters_valid, conv_weight_parameters_ready;
  logic [127:0] conv_weight_parameters_data, conv_weight_parameters_bytes;
  assign conv_weight_parameters_data = conv_weight_parameters_bytes[127:0];
  lmc_stream_slice #(
      .WIDTH(128)
  ) conv_weight_parameters_slice (
      .clk,
      .rst,
      .s_axis_tvalid(conv_weight_parameters_TVALID),
      .s_axis_tready(conv_weight_parameters_TREADY),
      .s_axis_tdata(conv_weight_parameters_TDATA),
      .m_axis_tvalid(conv_weight_parameters_valid),
      .m_axis_tready(conv_weight_parameters_ready),
      .m_axis_tdata(conv_weight_parameters_bytes)
  );

  // Stream conv_bias_parameters: elements of 54 bits
  logic conv_bias_parameters_valid, conv_bias_parameters_ready;
  logic [53:0] conv_bias_parameters_data;
  logic [55:0] conv_bias_parameters_bytes;
  assign conv_bias_parameters_data = conv_bias_parameters_bytes[53:0];
  lmc_stream_slice #(
      .WIDTH(56)
  ) conv_bias_parameters_slice (
      .clk,
      .rst,
      .s_axis_tvalid(conv_bias_parameters_TVALID),
      .s_axis_tready(conv_bias_parameters_TREADY),
      .s_axis_tdata(conv_bias_parameters_TDATA),
      .m_axis_tvalid(conv_bias_parameters_valid),
      .m_axis_tready(conv_bias_parameters_ready),
      .m_axis_tdata(conv_bias_parameters_bytes)
  );

  // Stream conv_state_new: elements of 96 bits
  logic conv_state_new_valid, conv_state_new_ready;
  logic [95:0] conv_state_new_data, conv_state_new_bytes;
  assign conv_state_new_bytes = conv_state_new_data;
  lmc_stream_slice #(
      .WIDTH(96)
  ) conv_state_new_slice (
      .clk,
      .rst,
      .s_axis_tvalid(conv_state_new_valid),
      .s_axis_tready(conv_state_new_ready),
      .s_axis_tdata(conv_state_new_bytes),
      .m_axis_tvalid(conv_state_new_TVALID),
      .m_axis_tready(conv_state_new_TREADY),
      .m_axis_tdata(conv_state_new_TDATA)
  );

  // Stream silu_x_table: elements of 64 bits
  logic silu_x_table_valid, silu_x_table_ready;
  logic [63:0] silu_x_table_data, silu_x_table_bytes;
  assign silu_x_table_data = silu_x_table_bytes[63:0];
  lmc_stream_slice #(
      .WIDTH(64)
  ) silu_x_table_slice (
      .clk,
      .rst,
      .s_axis_tvalid(silu_x_table_TVALID),
      .s_axis_tready(silu_x_table_TREADY),
      .s_axis_tdata(silu_x_table_TDATA),
      .m_axis_tvalid(silu_x_table_valid),
      .m_axis_tready(silu_x_table_ready),
      .m_axis_tdata(silu_x_table_bytes)
  );

  // Stream x_copy_kept: elements of 32 bits
  logic x_copy_kept_valid, x_copy_kept_ready;
  logic [31:0] x_copy_kept_data, x_copy_kept_bytes;
  assign x_copy_kept_bytes = x_copy_kept_data;
  lmc_stream_slice #(
      .WIDTH(32)
  ) x_copy_kept_slice (
      .clk,
      .rst,
      .s_axis_tvalid(x_copy_kept_valid),
      .s_axis_tready(x_copy_kept_ready),
      .s_axis_tdata(x_copy_kept_bytes),
      .m_axis_tvalid(x_copy_kept_TVALID),
      .m_axis_tready(x_copy_kept_TREADY),
      .m_axis_tdata(x_copy_kept_TDATA)
  );

  // Stream x_q_tiles: elements of 320 bits
  logic x_q_tiles_valid, x_q_tiles_ready;
  logic [319:0] x_q_tiles_data, x_q_tiles_bytes;
  assign x_q_tiles_bytes = x_q_tiles_data;
  lmc_stream_slice #(
      .WIDTH(320)
  ) x_q_tiles_slice (
      .clk,
      .rst,
      .s_axis_tvalid(x_q_tiles_valid),
      .s_axis_tready(x_q_tiles_ready),
      .s_axis_tdata(x_q_tiles_bytes),
      .m_axis_tvalid(x_q_tiles_TVALID),
      .m_axis_tready(x_q_tiles_TREADY),
      .m_axis_tdata(x_q_tiles_TDATA)
  );

  // A response that is not OKAY: what the kernel has computed is not to be trusted.
  assign is_faulty = 1'b0;

  after_in_proj_tasks tasks (
      .clk,
      .rst,
      .start,
      .done(tasks_done),
      .n_tokens(arguments[0]),
      .xz_valid,
      .xz_ready,
      .xz_data,
      .z_valid,
      .z_ready,
      .z_data,
      .conv_state_old_valid,
      .conv_state_old_ready,
      .conv_state_old_data,
      .conv_weight_parameters_valid,
      .conv_weight_parameters_ready,
      .conv_weight_parameters_data,
      .conv_bias_parameters_valid,
      .conv_bias_parameters_ready,
      .conv_bias_parameters_data,
      .conv_state_new_valid,
      .conv_state_new_ready,
      .conv_state_new_data,
      .silu_x_table_valid,
      .silu_x_table_ready,
      .silu_x_table_data,
      .x_copy_kept_valid,
      .x_copy_kept_ready,
      .x_copy_kept_data,
      .x_q_tiles_valid,
      .x_q_tiles_ready,
      .x_q_tiles_data
  );

  logic unused;
  assign unused = &{
      arguments[1],
      conv_bias_parameters_bytes[55:54],
      1'b0
  };

endmodule
