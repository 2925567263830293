// Kernel after_dt_proj, with the interfaces of its HLS twin: names,
// widths and registers are those of Vitis HLS (UG1399).
//
//   0x10  n_tokens, 32 bits
module after_dt_proj (
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
    input  logic [31:0] dt_TDATA,
    input  logic dt_TVALID,
    output logic dt_TREADY,
    input  logic [23:0] dt_bias_parameters_TDATA,
    input  logic dt_bias_parameters_TVALID,
    output logic dt_bias_parameters_TREADY,
    input  logic [63:0] softplus_dt_table_TDATA,
    input  logic softplus_dt_table_TVALID,
    output logic softplus_dt_table_TREADY,
    input  logic [63:0] exp_decay_table_TDATA,
    input  logic exp_decay_table_TVALID,
    output logic exp_decay_table_TREADY,
    input  logic [63:0] a_parameters_TDATA,
    input  logic a_parameters_TVALID,
    output logic a_parameters_TREADY,
    input  logic [31:0] x_copy_kept_TDATA,
    input  logic x_copy_kept_TVALID,
    output logic x_copy_kept_TREADY,
    input  logic [31:0] b_TDATA,
    input  logic b_TVALID,
    output logic b_TREADY,
    input  logic [31:0] c_TDATA,
    input  logic c_TVALID,
    output logic c_TREADY,
    input  logic [15:0] d_parameters_TDATA,
    input  logic d_parameters_TVALID,
    output logic d_parameters_TREADY,
    input  logic [31:0] ssm_state_old_TDATA,
    input  logic ssm_state_old_TVALID,
    output logic ssm_state_old_TREADY,
    input  logic [7:0] ssm_state_exponents_old_TDATA,
    input  logic ssm_state_exponents_old_TVALID,
    output logic ssm_state_exponents_old_TREADY,
    output logic [31:0] ssm_state_new_TDATA,
    output logic ssm_state_new_TVALID,
    input  logic ssm_state_new_TREADY,
    output logic [7:0] ssm_state_exponents_new_TDATA,
    output logic ssm_state_exponents_new_TVALID,
    input  logic ssm_state_exponents_new_TREADY,
    input  logic [63:0] silu_gate_table_TDATA,
    input  logic silu_gate_table_TVALID,
    output logic silu_gate_table_TREADY,
    input  logic [31:0] z_TDATA,
    input  logic z_TVALID,
    output logic z_TREADY,
    output logic [319:0] rotated_q_tiles_TDATA,
    output logic rotated_q_tiles_TVALID,
    input  logic rotated_q_tiles_TREADY, /* verilator lint_off SYMRSVDWORD */
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

  // Stream dt: elements of 32 bits
  logic dt_valid, dt_ready;
  logic [31:0] dt_data, dt_bytes;
  assign dt_data = dt_bytes[31:0];
  lmc_stream_slice #(
      .WIDTH(32)
  ) dt_slice (
      .clk,
      .rst,
      .s_axis_tvalid(dt_TVALID),
      .s_axis_tready(dt_TREADY),
      .s_axis_tdata(dt_TDATA),
      .m_axis_tvalid(dt_valid),
      .m_axis_tready(dt_ready),
      .m_axis_tdata(dt_bytes)
  );

  // Stream dt_bias_parameters: elements of 24 bits
  logic dt_bias_parameters_valid, dt_bias_parameters_ready;
  logic [23:0] dt_bias_parameters_data, dt_bias_parameters_bytes;
  assign dt_bias_parameters_data = dt_bias_parameters_bytes[23:0];
  lmc_stream_slice #(
      .WIDTH(24)
  ) dt_bias_parameters_slice (
      .clk,
      .rst,
      .s_axis_tvalid(dt_bias_parameters_TVALID),
      .s_axis_tready(dt_bias_parameters_TREADY),
      .s_axis_tdata(dt_bias_parameters_TDATA),
      .m_axis_tvalid(dt_bias_parameters_valid),
      .m_axis_tready(dt_bias_parameters_ready),
      .m_axis_tdata(dt_bias_parameters_bytes)
  );

  // Stream softplus_dt_table: elements of 64 bits
  logic softplus_dt_table_valid, softplus_dt_table_ready;
  logic [63:0] softplus_dt_table_data, softplus_dt_table_bytes;
  assign softplus_dt_table_data = softplus_dt_table_bytes[63:0];
  lmc_stream_slice #(
      .WIDTH(64)
  ) softplus_dt_table_slice (
      .clk,
      .rst,
      .s_axis_tvalid(softplus_dt_table_TVALID),
      .s_axis_tready(softplus_dt_table_TREADY),
      .s_axis_tdata(softplus_dt_table_TDATA),
      .m_axis_tvalid(softplus_dt_table_valid),
      .m_axis_tready(softplus_dt_table_ready),
      .m_axis_tdata(softplus_dt_table_bytes)
  );

  // Stream exp_decay_table: elements of 64 bits
  logic exp_decay_table_valid, exp_decay_table_ready;
  logic [63:0] exp_decay_table_data, exp_decay_table_bytes;
  assign exp_decay_table_data = exp_decay_table_bytes[63:0];
  lmc_stream_slice #(
      .WIDTH(64)
  ) exp_decay_table_slice (
      .clk,
      .rst,
      .s_axis_tvalid(exp_decay_table_TVALID),
      .s_axis_tready(exp_decay_table_TREADY),
      .s_axis_tdata(exp_decay_table_TDATA),
      .m_axis_tvalid(exp_decay_table_valid),
      .m_axis_tready(exp_decay_table_ready),
      .m_axis_tdata(exp_decay_table_bytes)
  );

  // Stream a_parameters: elements of 64 bits
  logic a_parameters_valid, a_parameters_ready;
  logic [63:0] a_parameters_data, a_parameters_bytes;
  assign a_parameters_data = a_parameters_bytes[63:0];
  lmc_stream_slice #(
      .WIDTH(64)
  ) a_parameters_slice (
      .clk,
      .rst,
      .s_axis_tvalid(a_parameters_TVALID),
      .s_axis_tready(a_parameters_TREADY),
      .s_axis_tdata(a_parameters_TDATA),
      .m_axis_tvalid(a_parameters_valid),
      .m_axis_tready(a_parameters_ready),
      .m_axis_tdata(a_parameters_bytes)
  );

  // Stream x_copy_kept: elements of 32 bits
  logic x_copy_kept_valid, x_copy_kept_ready;
  logic [31:0] x_copy_kept_data, x_copy_kept_bytes;
  assign x_copy_kept_data = x_copy_kept_bytes[31:0];
  lmc_stream_slice #(
      .WIDTH(32)
  ) x_copy_kept_slice (
      .clk,
      .rst,
      .s_axis_tvalid(x_copy_kept_TVALID),
      .s_axis_tready(x_copy_kept_TREADY),
      .s_axis_tdata(x_copy_kept_TDATA),
      .m_axis_tvalid(x_copy_kept_valid),
      .m_axis_tready(x_copy_kept_ready),
      .m_axis_tdata(x_copy_kept_bytes)
  );

  // Stream b: elements of 32 bits
  logic b_valid, b_ready;
  logic [31:0] b_data, b_bytes;
  assign b_data = b_bytes[31:0];
  lmc_stream_slice #(
      .WIDTH(32)
  ) b_slice (
      .clk,
      .rst,
      .s_axis_tvalid(b_TVALID),
      .s_axis_tready(b_TREADY),
      .s_axis_tdata(b_TDATA),
      .m_axis_tvalid(b_valid),
      .m_axis_tready(b_ready),
      .m_axis_tdata(b_bytes)
  );

  // Stream c: elements of 32 bits
  logic c_valid, c_ready;
  logic [31:0] c_data, c_bytes;
  assign c_data = c_bytes[31:0];
  lmc_stream_slice #(
      .WIDTH(32)
  ) c_slice (
      .clk,
      .rst,
      .s_axis_tvalid(c_TVALID),
      .s_axis_tready(c_TREADY),
      .s_axis_tdata(c_TDATA),
      .m_axis_tvalid(c_valid),
      .m_axis_tready(c_ready),
      .m_axis_tdata(c_bytes)
  );

  // Stream d_parameters: elements of 16 bits
  logic d_parameters_valid, d_parameters_ready;
  logic [15:0] d_parameters_data, d_parameters_bytes;
  assign d_parameters_data = d_parameters_bytes[15:0];
  lmc_stream_slice #(
      .WIDTH(16)
  ) d_parameters_slice (
      .clk,
      .rst,
      .s_axis_tvalid(d_parameters_TVALID),
      .s_axis_tready(d_parameters_TREADY),
      .s_axis_tdata(d_parameters_TDATA),
      .m_axis_tvalid(d_parameters_valid),
      .m_axis_tready(d_parameters_ready),
      .m_axis_tdata(d_parameters_bytes)
  );

  // Stream ssm_state_old: elements of 32 bits
  logic ssm_state_old_valid, ssm_state_old_ready;
  logic [31:0] ssm_state_old_data, ssm_state_old_bytes;
  assign ssm_state_old_data = ssm_state_old_bytes[31:0];
  lmc_stream_slice #(
      .WIDTH(32)
  ) ssm_state_old_slice (
      .clk,
      .rst,
      .s_axis_tvalid(ssm_state_old_TVALID),
      .s_axis_tready(ssm_state_old_TREADY),
      .s_axis_tdata(ssm_state_old_TDATA),
      .m_axis_tvalid(ssm_state_old_valid),
      .m_axis_tready(ssm_state_old_ready),
      .m_axis_tdata(ssm_state_old_bytes)
  );

  // Stream ssm_state_exponents_old: elements of 4 bits
  logic ssm_state_exponents_old_valid, ssm_state_exponents_old_ready;
  logic [3:0] ssm_state_exponents_old_data;
  logic [7:0] ssm_state_exponents_old_bytes;
  assign ssm_state_exponents_old_data = ssm_state_exponents_old_bytes[3:0];
  lmc_stream_slice #(
      .WIDTH(8)
  ) ssm_state_exponents_old_slice (
      .clk,
      .rst,
      .s_axis_tvalid(ssm_state_exponents_old_TVALID),
      .s_axis_tready(ssm_state_exponents_old_TREADY),
      .s_axis_tdata(ssm_state_exponents_old_TDATA),
      .m_axis_tvalid(ssm_state_exponents_old_valid),
      .m_axis_tready(ssm_state_exponents_old_ready),
      .m_axis_tdata(ssm_state_exponents_old_bytes)
  );

  // Stream ssm_state_new: elements of 32 bits
  logic ssm_state_new_valid, ssm_state_new_ready;
  logic [31:0] ssm_state_new_data, ssm_state_new_bytes;
  assign ssm_state_new_bytes = ssm_state_new_data;
  lmc_stream_slice #(
      .WIDTH(32)
  ) ssm_state_new_slice (
      .clk,
      .rst,
      .s_axis_tvalid(ssm_state_new_valid),
      .s_axis_tready(ssm_state_new_ready),
      .s_axis_tdata(ssm_state_new_bytes),
      .m_axis_tvalid(ssm_state_new_TVALID),
      .m_axis_tready(ssm_state_new_TREADY),
      .m_axis_tdata(ssm_state_new_TDATA)
  );

  // Stream ssm_state_exponents_new: elements of 4 bits
  logic ssm_state_exponents_new_valid, ssm_state_exponents_new_ready;
  logic [3:0] ssm_state_exponents_new_data;
  logic [7:0] ssm_state_exponents_new_bytes;
  assign ssm_state_exponents_new_bytes = 8'(ssm_state_exponents_new_data);
  lmc_stream_slice #(
      .WIDTH(8)
  ) ssm_state_exponents_new_slice (
      .clk,
      .rst,
      .s_axis_tvalid(ssm_state_exponents_new_valid),
      .s_axis_tready(ssm_state_exponents_new_ready),
      .s_axis_tdata(ssm_state_exponents_new_bytes),
      .m_axis_tvalid(ssm_state_exponents_new_TVALID),
      .m_axis_tready(ssm_state_exponents_new_TREADY),
      .m_axis_tdata(ssm_state_exponents_new_TDATA)
  );

  // Stream silu_gate_table: elements of 64 bits
  logic silu_gate_table_valid, silu_gate_table_ready;
  logic [63:0] silu_gate_table_data, silu_gate_table_bytes;
  assign silu_gate_table_data = silu_gate_table_bytes[63:0];
  lmc_stream_slice #(
      .WIDTH(64)
  ) silu_gate_table_slice (
      .clk,
      .rst,
      .s_axis_tvalid(silu_gate_table_TVALID),
      .s_axis_tready(silu_gate_table_TREADY),
      .s_axis_tdata(silu_gate_table_TDATA),
      .m_axis_tvalid(silu_gate_table_valid),
      .m_axis_tready(silu_gate_table_ready),
      .m_axis_tdata(silu_gate_table_bytes)
  );

  // Stream z: elements of 32 bits
  logic z_valid, z_ready;
  logic [31:0] z_data, z_bytes;
  assign z_data = z_bytes[31:0];
  lmc_stream_slice #(
      .WIDTH(32)
  ) z_slice (
      .clk,
      .rst,
      .s_axis_tvalid(z_TVALID),
      .s_axis_tready(z_TREADY),
      .s_axis_tdata(z_TDATA),
      .m_axis_tvalid(z_valid),
      .m_axis_tready(z_ready),
      .m_axis_tdata(z_bytes)
  );

  // Stream rotated_q_tiles: elements of 320 bits
  logic rotated_q_tiles_valid, rotated_q_tiles_ready;
  logic [319:0] rotated_q_tiles_data, rotated_q_tiles_bytes;
  assign rotated_q_tiles_bytes = rotated_q_tiles_data;
  lmc_stream_slice #(
      .WIDTH(320)
  ) rotated_q_tiles_slice (
      .clk,
      .rst,
      .s_axis_tvalid(rotated_q_tiles_valid),
      .s_axis_tready(rotated_q_tiles_ready),
      .s_axis_tdata(rotated_q_tiles_bytes),
      .m_axis_tvalid(rotated_q_tiles_TVALID),
      .m_axis_tready(rotated_q_tiles_TREADY),
      .m_axis_tdata(rotated_q_tiles_TDATA)
  );

  // A response that is not OKAY: what the kernel has computed is not to be trusted.
  assign is_faulty = 1'b0;

  after_dt_proj_tasks tasks (
      .clk,
      .rst,
      .start,
      .done(tasks_done),
      .n_tokens(arguments[0]),
      .dt_valid,
      .dt_ready,
      .dt_data,
      .dt_bias_parameters_valid,
      .dt_bias_parameters_ready,
      .dt_bias_parameters_data,
      .softplus_dt_table_valid,
      .softplus_dt_table_ready,
      .softplus_dt_table_data,
      .exp_decay_table_valid,
      .exp_decay_table_ready,
      .exp_decay_table_data,
      .a_parameters_valid,
      .a_parameters_ready,
      .a_parameters_data,
      .x_copy_kept_valid,
      .x_copy_kept_ready,
      .x_copy_kept_data,
      .b_valid,
      .b_ready,
      .b_data,
      .c_valid,
      .c_ready,
      .c_data,
      .d_parameters_valid,
      .d_parameters_ready,
      .d_parameters_data,
      .ssm_state_old_valid,
      .ssm_state_old_ready,
      .ssm_state_old_data,
      .ssm_state_exponents_old_valid,
      .ssm_state_exponents_old_ready,
      .ssm_state_exponents_old_data,
      .ssm_state_new_valid,
      .ssm_state_new_ready,
      .ssm_state_new_data,
      .ssm_state_exponents_new_valid,
      .ssm_state_exponents_new_ready,
      .ssm_state_exponents_new_data,
      .silu_gate_table_valid,
      .silu_gate_table_ready,
      .silu_gate_table_data,
      .z_valid,
      .z_ready,
      .z_data,
      .rotated_q_tiles_valid,
      .rotated_q_tiles_ready,
      .rotated_q_tiles_data
  );

  logic unused;
  assign unused = &{
      arguments[1],
      ssm_state_exponents_old_bytes[7:4],
      1'b0
  };

endmodule
