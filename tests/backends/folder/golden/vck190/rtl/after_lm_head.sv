// Kernel after_lm_head, with the interfaces of its HLS twin: names,
// widths and registers are those of Vitis HLS (UG1399).
//
//   0x10  n_logits, 32 bits
module after_lm_head (
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
    input  logic [63:0] logits_2_TDATA,
    input  logic logits_2_TVALID,
    output logic logits_2_TREADY,
    output logic [63:0] logits_kept_TDATA,
    output logic logits_kept_TVALID,
    input  logic logits_kept_TREADY,
    output logic [31:0] tokens_2_TDATA,
    output logic tokens_2_TVALID,
    input  logic tokens_2_TREADY,
    output logic [31:0] chosen_tokens_TDATA,
    output logic chosen_tokens_TVALID,
    input  logic chosen_tokens_TREADY, /* verilator lint_off SYMRSVDWORD */
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

  // Stream logits_2: elements of 64 bits
  logic logits_2_valid, logits_2_ready;
  logic [63:0] logits_2_data, logits_2_bytes;
  assign logits_2_data = logits_2_bytes[63:0];
  lmc_stream_slice #(
      .WIDTH(64)
  ) logits_2_slice (
      .clk,
      .rst,
      .s_axis_tvalid(logits_2_TVALID),
      .s_axis_tready(logits_2_TREADY),
      .s_axis_tdata(logits_2_TDATA),
      .m_axis_tvalid(logits_2_valid),
      .m_axis_tready(logits_2_ready),
      .m_axis_tdata(logits_2_bytes)
  );

  // Stream logits_kept: elements of 64 bits
  logic logits_kept_valid, logits_kept_ready;
  logic [63:0] logits_kept_data, logits_kept_bytes;
  assign logits_kept_bytes = logits_kept_data;
  lmc_stream_slice #(
      .WIDTH(64)
  ) logits_kept_slice (
      .clk,
      .rst,
      .s_axis_tvalid(logits_kept_valid),
      .s_axis_tready(logits_kept_ready),
      .s_axis_tdata(logits_kept_bytes),
      .m_axis_tvalid(logits_kept_TVALID),
      .m_axis_tready(logits_kept_TREADY),
      .m_axis_tdata(logits_kept_TDATA)
  );

  // Stream tokens_2: elements of 32 bits
  logic tokens_2_valid, tokens_2_ready;
  logic [31:0] tokens_2_data, tokens_2_bytes;
  assign tokens_2_bytes = tokens_2_data;
  lmc_stream_slice #(
      .WIDTH(32)
  ) tokens_2_slice (
      .clk,
      .rst,
      .s_axis_tvalid(tokens_2_valid),
      .s_axis_tready(tokens_2_ready),
      .s_axis_tdata(tokens_2_bytes),
      .m_axis_tvalid(tokens_2_TVALID),
      .m_axis_tready(tokens_2_TREADY),
      .m_axis_tdata(tokens_2_TDATA)
  );

  // Stream chosen_tokens: elements of 32 bits
  logic chosen_tokens_valid, chosen_tokens_ready;
  logic [31:0] chosen_tokens_data, chosen_tokens_bytes;
  assign chosen_tokens_bytes = chosen_tokens_data;
  lmc_stream_slice #(
      .WIDTH(32)
  ) chosen_tokens_slice (
      .clk,
      .rst,
      .s_axis_tvalid(chosen_tokens_valid),
      .s_axis_tready(chosen_tokens_ready),
      .s_axis_tdata(chosen_tokens_bytes),
      .m_axis_tvalid(chosen_tokens_TVALID),
      .m_axis_tready(chosen_tokens_TREADY),
      .m_axis_tdata(chosen_tokens_TDATA)
  );

  // A response that is not OKAY: what the kernel has computed is not to be trusted.
  assign is_faulty = 1'b0;

  after_lm_head_tasks tasks (
      .clk,
      .rst,
      .start,
      .done(tasks_done),
      .n_logits(arguments[0]),
      .logits_2_valid,
      .logits_2_ready,
      .logits_2_data,
      .logits_kept_valid,
      .logits_kept_ready,
      .logits_kept_data,
      .tokens_2_valid,
      .tokens_2_ready,
      .tokens_2_data,
      .chosen_tokens_valid,
      .chosen_tokens_ready,
      .chosen_tokens_data
  );

  logic unused;
  assign unused = &{
      arguments[1],
      1'b0
  };

endmodule
