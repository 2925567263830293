// Kernel states, with the interfaces of its HLS twin: names,
// widths and registers are those of Vitis HLS (UG1399).
//
//   0x10  n_tokens, 32 bits
module states (
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
    input  logic [95:0] conv_state_loaded_TDATA,
    input  logic conv_state_loaded_TVALID,
    output logic conv_state_loaded_TREADY,
    output logic [95:0] conv_state_old_TDATA,
    output logic conv_state_old_TVALID,
    input  logic conv_state_old_TREADY,
    input  logic [95:0] conv_state_new_TDATA,
    input  logic conv_state_new_TVALID,
    output logic conv_state_new_TREADY,
    output logic [95:0] conv_state_saved_TDATA,
    output logic conv_state_saved_TVALID,
    input  logic conv_state_saved_TREADY,
    input  logic [31:0] ssm_state_loaded_TDATA,
    input  logic ssm_state_loaded_TVALID,
    output logic ssm_state_loaded_TREADY,
    input  logic [7:0] ssm_state_exponents_loaded_TDATA,
    input  logic ssm_state_exponents_loaded_TVALID,
    output logic ssm_state_exponents_loaded_TREADY,
    output logic [31:0] ssm_state_old_TDATA,
    output logic ssm_state_old_TVALID,
    input  logic ssm_state_old_TREADY,
    output logic [7:0] ssm_state_exponents_old_TDATA,
    output logic ssm_state_exponents_old_TVALID,
    input  logic ssm_state_exponents_old_TREADY,
    input  logic [31:0] ssm_state_new_TDATA,
    input  logic ssm_state_new_TVALID,
    output logic ssm_state_new_TREADY,
    input  logic [7:0] ssm_state_exponents_new_TDATA,
    input  logic ssm_state_exponents_new_TVALID,
    output logic ssm_state_exponents_new_TREADY,
    output logic [31:0] ssm_state_saved_TDATA,
    output logic ssm_state_saved_TVALID,
    input  logic ssm_state_saved_TREADY,
    output logic [7:0] ssm_state_exponents_saved_TDATA,
    output logic ssm_state_exponents_saved_TVALID,
    input  logic ssm_state_exponents_saved_TREADY, /* verilator lint_off SYMRSVDWORD */
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

  // Stream conv_state_loaded: elements of 96 bits
  logic conv_state_loaded_valid, conv_state_loaded_ready;
  logic [95:0] conv_state_loaded_data, conv_state_loaded_bytes;
  assign conv_state_loaded_data = conv_state_loaded_bytes[95:0];
  lmc_stream_slice #(
      .WIDTH(96)
  ) conv_state_loaded_slice (
      .clk,
      .rst,
      .s_axis_tvalid(conv_state_loaded_TVALID),
      .s_axis_tready(conv_state_loaded_TREADY),
      .s_axis_tdata(conv_state_loaded_TDATA),
      .m_axis_tvalid(conv_state_loaded_valid),
      .m_axis_tready(conv_state_loaded_ready),
      .m_axis_tdata(conv_state_loaded_bytes)
  );

  // Stream conv_state_old: elements of 96 bits
  logic conv_state_old_valid, conv_state_old_ready;
  logic [95:0] conv_state_old_data, conv_state_old_bytes;
  assign conv_state_old_bytes = conv_state_old_data;
  lmc_stream_slice #(
      .WIDTH(96)
  ) conv_state_old_slice (
      .clk,
      .rst,
      .s_axis_tvalid(conv_state_old_valid),
      .s_axis_tready(conv_state_old_ready),
      .s_axis_tdata(conv_state_old_bytes),
      .m_axis_tvalid(conv_state_old_TVALID),
      .m_axis_tready(conv_state_old_TREADY),
      .m_axis_tdata(conv_state_old_TDATA)
  );

  // Stream conv_state_new: elements of 96 bits
  logic conv_state_new_valid, conv_state_new_ready;
  logic [95:0] conv_state_new_data, conv_state_new_bytes;
  assign conv_state_new_data = conv_state_new_bytes[95:0];
  lmc_stream_slice #(
      .WIDTH(96)
  ) conv_state_new_slice (
      .clk,
      .rst,
      .s_axis_tvalid(conv_state_new_TVALID),
      .s_axis_tready(conv_state_new_TREADY),
      .s_axis_tdata(conv_state_new_TDATA),
      .m_axis_tvalid(conv_state_new_valid),
      .m_axis_tready(conv_state_new_ready),
      .m_axis_tdata(conv_state_new_bytes)
  );

  // Stream conv_state_saved: elements of 96 bits
  logic conv_state_saved_valid, conv_state_saved_ready;
  logic [95:0] conv_state_saved_data, conv_state_saved_bytes;
  assign conv_state_saved_bytes = conv_state_saved_data;
  lmc_stream_slice #(
      .WIDTH(96)
  ) conv_state_saved_slice (
      .clk,
      .rst,
      .s_axis_tvalid(conv_state_saved_valid),
      .s_axis_tready(conv_state_saved_ready),
      .s_axis_tdata(conv_state_saved_bytes),
      .m_axis_tvalid(conv_state_saved_TVALID),
      .m_axis_tready(conv_state_saved_TREADY),
      .m_axis_tdata(conv_state_saved_TDATA)
  );

  // Stream ssm_state_loaded: elements of 32 bits
  logic ssm_state_loaded_valid, ssm_state_loaded_ready;
  logic [31:0] ssm_state_loaded_data, ssm_state_loaded_bytes;
  assign ssm_state_loaded_data = ssm_state_loaded_bytes[31:0];
  lmc_stream_slice #(
      .WIDTH(32)
  ) ssm_state_loaded_slice (
      .clk,
      .rst,
      .s_axis_tvalid(ssm_state_loaded_TVALID),
      .s_axis_tready(ssm_state_loaded_TREADY),
      .s_axis_tdata(ssm_state_loaded_TDATA),
      .m_axis_tvalid(ssm_state_loaded_valid),
      .m_axis_tready(ssm_state_loaded_ready),
      .m_axis_tdata(ssm_state_loaded_bytes)
  );

  // Stream ssm_state_exponents_loaded: elements of 4 bits
  logic ssm_state_exponents_loaded_valid, ssm_state_exponents_loaded_ready;
  logic [3:0] ssm_state_exponents_loaded_data;
  logic [7:0] ssm_state_exponents_loaded_bytes;
  assign ssm_state_exponents_loaded_data = ssm_state_exponents_loaded_bytes[3:0];
  lmc_stream_slice #(
      .WIDTH(8)
  ) ssm_state_exponents_loaded_slice (
      .clk,
      .rst,
      .s_axis_tvalid(ssm_state_exponents_loaded_TVALID),
      .s_axis_tready(ssm_state_exponents_loaded_TREADY),
      .s_axis_tdata(ssm_state_exponents_loaded_TDATA),
      .m_axis_tvalid(ssm_state_exponents_loaded_valid),
      .m_axis_tready(ssm_state_exponents_loaded_ready),
      .m_axis_tdata(ssm_state_exponents_loaded_bytes)
  );

  // Stream ssm_state_old: elements of 32 bits
  logic ssm_state_old_valid, ssm_state_old_ready;
  logic [31:0] ssm_state_old_data, ssm_state_old_bytes;
  assign ssm_state_old_bytes = ssm_state_old_data;
  lmc_stream_slice #(
      .WIDTH(32)
  ) ssm_state_old_slice (
      .clk,
      .rst,
      .s_axis_tvalid(ssm_state_old_valid),
      .s_axis_tready(ssm_state_old_ready),
      .s_axis_tdata(ssm_state_old_bytes),
      .m_axis_tvalid(ssm_state_old_TVALID),
      .m_axis_tready(ssm_state_old_TREADY),
      .m_axis_tdata(ssm_state_old_TDATA)
  );

  // Stream ssm_state_exponents_old: elements of 4 bits
  logic ssm_state_exponents_old_valid, ssm_state_exponents_old_ready;
  logic [3:0] ssm_state_exponents_old_data;
  logic [7:0] ssm_state_exponents_old_bytes;
  assign ssm_state_exponents_old_bytes = 8'(ssm_state_exponents_old_data);
  lmc_stream_slice #(
      .WIDTH(8)
  ) ssm_state_exponents_old_slice (
      .clk,
      .rst,
      .s_axis_tvalid(ssm_state_exponents_old_valid),
      .s_axis_tready(ssm_state_exponents_old_ready),
      .s_axis_tdata(ssm_state_exponents_old_bytes),
      .m_axis_tvalid(ssm_state_exponents_old_TVALID),
      .m_axis_tready(ssm_state_exponents_old_TREADY),
      .m_axis_tdata(ssm_state_exponents_old_TDATA)
  );

  // Stream ssm_state_new: elements of 32 bits
  logic ssm_state_new_valid, ssm_state_new_ready;
  logic [31:0] ssm_state_new_data, ssm_state_new_bytes;
  assign ssm_state_new_data = ssm_state_new_bytes[31:0];
  lmc_stream_slice #(
      .WIDTH(32)
  ) ssm_state_new_slice (
      .clk,
      .rst,
      .s_axis_tvalid(ssm_state_new_TVALID),
      .s_axis_tready(ssm_state_new_TREADY),
      .s_axis_tdata(ssm_state_new_TDATA),
      .m_axis_tvalid(ssm_state_new_valid),
      .m_axis_tready(ssm_state_new_ready),
      .m_axis_tdata(ssm_state_new_bytes)
  );

  // Stream ssm_state_exponents_new: elements of 4 bits
  logic ssm_state_exponents_new_valid, ssm_state_exponents_new_ready;
  logic [3:0] ssm_state_exponents_new_data;
  logic [7:0] ssm_state_exponents_new_bytes;
  assign ssm_state_exponents_new_data = ssm_state_exponents_new_bytes[3:0];
  lmc_stream_slice #(
      .WIDTH(8)
  ) ssm_state_exponents_new_slice (
      .clk,
      .rst,
      .s_axis_tvalid(ssm_state_exponents_new_TVALID),
      .s_axis_tready(ssm_state_exponents_new_TREADY),
      .s_axis_tdata(ssm_state_exponents_new_TDATA),
      .m_axis_tvalid(ssm_state_exponents_new_valid),
      .m_axis_tready(ssm_state_exponents_new_ready),
      .m_axis_tdata(ssm_state_exponents_new_bytes)
  );

  // Stream ssm_state_saved: elements of 32 bits
  logic ssm_state_saved_valid, ssm_state_saved_ready;
  logic [31:0] ssm_state_saved_data, ssm_state_saved_bytes;
  assign ssm_state_saved_bytes = ssm_state_saved_data;
  lmc_stream_slice #(
      .WIDTH(32)
  ) ssm_state_saved_slice (
      .clk,
      .rst,
      .s_axis_tvalid(ssm_state_saved_valid),
      .s_axis_tready(ssm_state_saved_ready),
      .s_axis_tdata(ssm_state_saved_bytes),
      .m_axis_tvalid(ssm_state_saved_TVALID),
      .m_axis_tready(ssm_state_saved_TREADY),
      .m_axis_tdata(ssm_state_saved_TDATA)
  );

  // Stream ssm_state_exponents_saved: elements of 4 bits
  logic ssm_state_exponents_saved_valid, ssm_state_exponents_saved_ready;
  logic [3:0] ssm_state_exponents_saved_data;
  logic [7:0] ssm_state_exponents_saved_bytes;
  assign ssm_state_exponents_saved_bytes = 8'(ssm_state_exponents_saved_data);
  lmc_stream_slice #(
      .WIDTH(8)
  ) ssm_state_exponents_saved_slice (
      .clk,
      .rst,
      .s_axis_tvalid(ssm_state_exponents_saved_valid),
      .s_axis_tready(ssm_state_exponents_saved_ready),
      .s_axis_tdata(ssm_state_exponents_saved_bytes),
      .m_axis_tvalid(ssm_state_exponents_saved_TVALID),
      .m_axis_tready(ssm_state_exponents_saved_TREADY),
      .m_axis_tdata(ssm_state_exponents_saved_TDATA)
  );

  // A response that is not OKAY: what the kernel has computed is not to be trusted.
  assign is_faulty = 1'b0;

  states_tasks tasks (
      .clk,
      .rst,
      .start,
      .done(tasks_done),
      .n_tokens(arguments[0]),
      .conv_state_loaded_valid,
      .conv_state_loaded_ready,
      .conv_state_loaded_data,
      .conv_state_old_valid,
      .conv_state_old_ready,
      .conv_state_old_data,
      .conv_state_new_valid,
      .conv_state_new_ready,
      .conv_state_new_data,
      .conv_state_saved_valid,
      .conv_state_saved_ready,
      .conv_state_saved_data,
      .ssm_state_loaded_valid,
      .ssm_state_loaded_ready,
      .ssm_state_loaded_data,
      .ssm_state_exponents_loaded_valid,
      .ssm_state_exponents_loaded_ready,
      .ssm_state_exponents_loaded_data,
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
      .ssm_state_saved_valid,
      .ssm_state_saved_ready,
      .ssm_state_saved_data,
      .ssm_state_exponents_saved_valid,
      .ssm_state_exponents_saved_ready,
      .ssm_state_exponents_saved_data
  );

  logic unused;
  assign unused = &{
      arguments[1],
      ssm_state_exponents_loaded_bytes[7:4],
      ssm_state_exponents_new_bytes[7:4],
      1'b0
  };

endmodule
