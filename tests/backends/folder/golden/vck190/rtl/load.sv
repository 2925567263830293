// Kernel load, with the interfaces of its HLS twin: names,
// widths and registers are those of Vitis HLS (UG1399).
//
//   0x10  n_prompt, 32 bits
//   0x18  prompt, 64 bits
//   0x24  n_tokens, 32 bits
//   0x2c  n_logits, 32 bits
//   0x34  embedding, 64 bits
//   0x40  conv_state_state, 64 bits
//   0x4c  ssm_state_state, 64 bits
//   0x58  ssm_state_exponents_state, 64 bits
//   0x64  parameters, 64 bits
//   0x70  tables, 64 bits
module load (
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
    output logic m_axi_gmem_prompt_ARVALID,
    input  logic m_axi_gmem_prompt_ARREADY,
    output logic [63:0] m_axi_gmem_prompt_ARADDR,
    output logic [7:0] m_axi_gmem_prompt_ARLEN,
    output logic [2:0] m_axi_gmem_prompt_ARSIZE,
    output logic [1:0] m_axi_gmem_prompt_ARBURST,
    output logic [3:0] m_axi_gmem_prompt_ARCACHE,
    output logic [2:0] m_axi_gmem_prompt_ARPROT,
    input  logic m_axi_gmem_prompt_RVALID,
    output logic m_axi_gmem_prompt_RREADY,
    input  logic [31:0] m_axi_gmem_prompt_RDATA,
    input  logic [1:0] m_axi_gmem_prompt_RRESP,
    input  logic m_axi_gmem_prompt_RLAST,
    input  logic [31:0] chosen_tokens_TDATA,
    input  logic chosen_tokens_TVALID,
    output logic chosen_tokens_TREADY,
    output logic m_axi_gmem_embedding_ARVALID,
    input  logic m_axi_gmem_embedding_ARREADY,
    output logic [63:0] m_axi_gmem_embedding_ARADDR,
    output logic [7:0] m_axi_gmem_embedding_ARLEN,
    output logic [2:0] m_axi_gmem_embedding_ARSIZE,
    output logic [1:0] m_axi_gmem_embedding_ARBURST,
    output logic [3:0] m_axi_gmem_embedding_ARCACHE,
    output logic [2:0] m_axi_gmem_embedding_ARPROT,
    input  logic m_axi_gmem_embedding_RVALID,
    output logic m_axi_gmem_embedding_RREADY,
    input  logic [511:0] m_axi_gmem_embedding_RDATA,
    input  logic [1:0] m_axi_gmem_embedding_RRESP,
    input  logic m_axi_gmem_embedding_RLAST,
    output logic [31:0] embedding_elements_TDATA,
    output logic embedding_elements_TVALID,
    input  logic embedding_elements_TREADY,
    output logic m_axi_gmem_conv_state_state_ARVALID,
    input  logic m_axi_gmem_conv_state_state_ARREADY,
    output logic [63:0] m_axi_gmem_conv_state_state_ARADDR,
    output logic [7:0] m_axi_gmem_conv_state_state_ARLEN,
    output logic [2:0] m_axi_gmem_conv_state_state_ARSIZE,
    output logic [1:0] m_axi_gmem_conv_state_state_ARBURST,
    output logic [3:0] m_axi_gmem_conv_state_state_ARCACHE,
    output logic [2:0] m_axi_gmem_conv_state_state_ARPROT,
    input  logic m_axi_gmem_conv_state_state_RVALID,
    output logic m_axi_gmem_conv_state_state_RREADY,
    input  logic [511:0] m_axi_gmem_conv_state_state_RDATA,
    input  logic [1:0] m_axi_gmem_conv_state_state_RRESP,
    input  logic m_axi_gmem_conv_state_state_RLAST,
    output logic [95:0] conv_state_loaded_TDATA,
    output logic conv_state_loaded_TVALID,
    input  logic conv_state_loaded_TREADY,
    output logic m_axi_gmem_ssm_state_state_ARVALID,
    input  logic m_axi_gmem_ssm_state_state_ARREADY,
    output logic [63:0] m_axi_gmem_ssm_state_state_ARADDR,
    output logic [7:0] m_axi_gmem_ssm_state_state_ARLEN,
    output logic [2:0] m_axi_gmem_ssm_state_state_ARSIZE,
    output logic [1:0] m_axi_gmem_ssm_state_state_ARBURST,
    output logic [3:0] m_axi_gmem_ssm_state_state_ARCACHE,
    output logic [2:0] m_axi_gmem_ssm_state_state_ARPROT,
    input  logic m_axi_gmem_ssm_state_state_RVALID,
    output logic m_axi_gmem_ssm_state_state_RREADY,
    input  logic [511:0] m_axi_gmem_ssm_state_state_RDATA,
    input  logic [1:0] m_axi_gmem_ssm_state_state_RRESP,
    input  logic m_axi_gmem_ssm_state_state_RLAST,
    output logic [31:0] ssm_state_loaded_TDATA,
    output logic ssm_state_loaded_TVALID,
    input  logic ssm_state_loaded_TREADY,
    output logic m_axi_gmem_ssm_state_exponents_state_ARVALID,
    input  logic m_axi_gmem_ssm_state_exponents_state_ARREADY,
    output logic [63:0] m_axi_gmem_ssm_state_exponents_state_ARADDR,
    output logic [7:0] m_axi_gmem_ssm_state_exponents_state_ARLEN,
    output logic [2:0] m_axi_gmem_ssm_state_exponents_state_ARSIZE,
    output logic [1:0] m_axi_gmem_ssm_state_exponents_state_ARBURST,
    output logic [3:0] m_axi_gmem_ssm_state_exponents_state_ARCACHE,
    output logic [2:0] m_axi_gmem_ssm_state_exponents_state_ARPROT,
    input  logic m_axi_gmem_ssm_state_exponents_state_RVALID,
    output logic m_axi_gmem_ssm_state_exponents_state_RREADY,
    input  logic [511:0] m_axi_gmem_ssm_state_exponents_state_RDATA,
    input  logic [1:0] m_axi_gmem_ssm_state_exponents_state_RRESP,
    input  logic m_axi_gmem_ssm_state_exponents_state_RLAST,
    output logic [7:0] ssm_state_exponents_loaded_TDATA,
    output logic ssm_state_exponents_loaded_TVALID,
    input  logic ssm_state_exponents_loaded_TREADY,
    output logic m_axi_gmem_parameters_ARVALID,
    input  logic m_axi_gmem_parameters_ARREADY,
    output logic [63:0] m_axi_gmem_parameters_ARADDR,
    output logic [7:0] m_axi_gmem_parameters_ARLEN,
    output logic [2:0] m_axi_gmem_parameters_ARSIZE,
    output logic [1:0] m_axi_gmem_parameters_ARBURST,
    output logic [3:0] m_axi_gmem_parameters_ARCACHE,
    output logic [2:0] m_axi_gmem_parameters_ARPROT,
    input  logic m_axi_gmem_parameters_RVALID,
    output logic m_axi_gmem_parameters_RREADY,
    input  logic [511:0] m_axi_gmem_parameters_RDATA,
    input  logic [1:0] m_axi_gmem_parameters_RRESP,
    input  logic m_axi_gmem_parameters_RLAST,
    output logic [127:0] conv_weight_parameters_TDATA,
    output logic conv_weight_parameters_TVALID,
    input  logic conv_weight_parameters_TREADY,
    output logic [55:0] conv_bias_parameters_TDATA,
    output logic conv_bias_parameters_TVALID,
    input  logic conv_bias_parameters_TREADY,
    output logic [23:0] dt_bias_parameters_TDATA,
    output logic dt_bias_parameters_TVALID,
    input  logic dt_bias_parameters_TREADY,
    output logic [63:0] a_parameters_TDATA,
    output logic a_parameters_TVALID,
    input  logic a_parameters_TREADY,
    output logic [15:0] d_parameters_TDATA,
    output logic d_parameters_TVALID,
    input  logic d_parameters_TREADY,
    output logic m_axi_gmem_tables_ARVALID,
    input  logic m_axi_gmem_tables_ARREADY,
    output logic [63:0] m_axi_gmem_tables_ARADDR,
    output logic [7:0] m_axi_gmem_tables_ARLEN,
    output logic [2:0] m_axi_gmem_tables_ARSIZE,
    output logic [1:0] m_axi_gmem_tables_ARBURST,
    output logic [3:0] m_axi_gmem_tables_ARCACHE,
    output logic [2:0] m_axi_gmem_tables_ARPROT,
    input  logic m_axi_gmem_tables_RVALID,
    output logic m_axi_gmem_tables_RREADY,
    input  logic [511:0] m_axi_gmem_tables_RDATA,
    input  logic [1:0] m_axi_gmem_tables_RRESP,
    input  logic m_axi_gmem_tables_RLAST,
    output logic [31:0] rsqrt_normed_table_TDATA,
    output logic rsqrt_normed_table_TVALID,
    input  logic rsqrt_normed_table_TREADY,
    output logic [63:0] silu_x_table_TDATA,
    output logic silu_x_table_TVALID,
    input  logic silu_x_table_TREADY,
    output logic [63:0] softplus_dt_table_TDATA,
    output logic softplus_dt_table_TVALID,
    input  logic softplus_dt_table_TREADY,
    output logic [63:0] exp_decay_table_TDATA,
    output logic exp_decay_table_TVALID,
    input  logic exp_decay_table_TREADY,
    output logic [63:0] silu_gate_table_TDATA,
    output logic silu_gate_table_TVALID,
    input  logic silu_gate_table_TREADY,
    output logic [31:0] rsqrt_normed_table_2_TDATA,
    output logic rsqrt_normed_table_2_TVALID,
    input  logic rsqrt_normed_table_2_TREADY, /* verilator lint_off SYMRSVDWORD */
    output logic interrupt /* verilator lint_on SYMRSVDWORD */
);

  logic clk, rst, ap_start, ap_done, start, is_running, tasks_done, is_faulty;
  assign clk = ap_clk;
  assign rst = !ap_rst_n;

  // Arguments, and the start: tasks start in the first cycle of `ap_start`.
  logic [26:0][31:0] arguments;
  lmc_axi_lite_control #(
      .ARGUMENT_WORDS(27),
      .IS_REGISTER(27'b011011011011011011010101101)
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

  // Stream chosen_tokens: elements of 32 bits
  logic chosen_tokens_valid, chosen_tokens_ready;
  logic [31:0] chosen_tokens_data, chosen_tokens_bytes;
  assign chosen_tokens_data = chosen_tokens_bytes[31:0];
  lmc_stream_slice #(
      .WIDTH(32)
  ) chosen_tokens_slice (
      .clk,
      .rst,
      .s_axis_tvalid(chosen_tokens_TVALID),
      .s_axis_tready(chosen_tokens_TREADY),
      .s_axis_tdata(chosen_tokens_TDATA),
      .m_axis_tvalid(chosen_tokens_valid),
      .m_axis_tready(chosen_tokens_ready),
      .m_axis_tdata(chosen_tokens_bytes)
  );

  // Stream embedding_elements: elements of 27 bits
  logic embedding_elements_valid, embedding_elements_ready;
  logic [26:0] embedding_elements_data;
  logic [31:0] embedding_elements_bytes;
  assign embedding_elements_bytes = 32'(embedding_elements_data);
  lmc_stream_slice #(
      .WIDTH(32)
  ) embedding_elements_slice (
      .clk,
      .rst,
      .s_axis_tvalid(embedding_elements_valid),
      .s_axis_tready(embedding_elements_ready),
      .s_axis_tdata(embedding_elements_bytes),
      .m_axis_tvalid(embedding_elements_TVALID),
      .m_axis_tready(embedding_elements_TREADY),
      .m_axis_tdata(embedding_elements_TDATA)
  );

  // Stream conv_state_loaded: elements of 96 bits
  logic conv_state_loaded_valid, conv_state_loaded_ready;
  logic [95:0] conv_state_loaded_data, conv_state_loaded_bytes;
  assign conv_state_loaded_bytes = conv_state_loaded_data;
  lmc_stream_slice #(
      .WIDTH(96)
  ) conv_state_loaded_slice (
      .clk,
      .rst,
      .s_axis_tvalid(conv_state_loaded_valid),
      .s_axis_tready(conv_state_loaded_ready),
      .s_axis_tdata(conv_state_loaded_bytes),
      .m_axis_tvalid(conv_state_loaded_TVALID),
      .m_axis_tready(conv_state_loaded_TREADY),
      .m_axis_tdata(conv_state_loaded_TDATA)
  );

  // Stream ssm_state_loaded: elements of 32 bits
  logic ssm_state_loaded_valid, ssm_state_loaded_ready;
  logic [31:0] ssm_state_loaded_data, ssm_state_loaded_bytes;
  assign ssm_state_loaded_bytes = ssm_state_loaded_data;
  lmc_stream_slice #(
      .WIDTH(32)
  ) ssm_state_loaded_slice (
      .clk,
      .rst,
      .s_axis_tvalid(ssm_state_loaded_valid),
      .s_axis_tready(ssm_state_loaded_ready),
      .s_axis_tdata(ssm_state_loaded_bytes),
      .m_axis_tvalid(ssm_state_loaded_TVALID),
      .m_axis_tready(ssm_state_loaded_TREADY),
      .m_axis_tdata(ssm_state_loaded_TDATA)
  );

  // Stream ssm_state_exponents_loaded: elements of 4 bits
  logic ssm_state_exponents_loaded_valid, ssm_state_exponents_loaded_ready;
  logic [3:0] ssm_state_exponents_loaded_data;
  logic [7:0] ssm_state_exponents_loaded_bytes;
  assign ssm_state_exponents_loaded_bytes = 8'(ssm_state_exponents_loaded_data);
  lmc_stream_slice #(
      .WIDTH(8)
  ) ssm_state_exponents_loaded_slice (
      .clk,
      .rst,
      .s_axis_tvalid(ssm_state_exponents_loaded_valid),
      .s_axis_tready(ssm_state_exponents_loaded_ready),
      .s_axis_tdata(ssm_state_exponents_loaded_bytes),
      .m_axis_tvalid(ssm_state_exponents_loaded_TVALID),
      .m_axis_tready(ssm_state_exponents_loaded_TREADY),
      .m_axis_tdata(ssm_state_exponents_loaded_TDATA)
  );

  // Stream conv_weight_parameters: elements of 128 bits
  logic conv_weight_parameters_valid, conv_weight_parameters_ready;
  logic [127:0] conv_weight_parameters_data, conv_weight_parameters_bytes;
  assign conv_weight_parameters_bytes = conv_weight_parameters_data;
  lmc_stream_slice #(
      .WIDTH(128)
  ) conv_weight_parameters_slice (
      .clk,
      .rst,
      .s_axis_tvalid(conv_weight_parameters_valid),
      .s_axis_tready(conv_weight_parameters_ready),
      .s_axis_tdata(conv_weight_parameters_bytes),
      .m_axis_tvalid(conv_weight_parameters_TVALID),
      .m_axis_tready(conv_weight_parameters_TREADY),
      .m_axis_tdata(conv_weight_parameters_TDATA)
  );

  // Stream conv_bias_parameters: elements of 54 bits
  logic conv_bias_parameters_valid, conv_bias_parameters_ready;
  logic [53:0] conv_bias_parameters_data;
  logic [55:0] conv_bias_parameters_bytes;
  assign conv_bias_parameters_bytes = 56'(conv_bias_parameters_data);
  lmc_stream_slice #(
      .WIDTH(56)
  ) conv_bias_parameters_slice (
      .clk,
      .rst,
      .s_axis_tvalid(conv_bias_parameters_valid),
      .s_axis_tready(conv_bias_parameters_ready),
      .s_axis_tdata(conv_bias_parameters_bytes),
      .m_axis_tvalid(conv_bias_parameters_TVALID),
      .m_axis_tready(conv_bias_parameters_TREADY),
      .m_axis_tdata(conv_bias_parameters_TDATA)
  );

  // Stream dt_bias_parameters: elements of 24 bits
  logic dt_bias_parameters_valid, dt_bias_parameters_ready;
  logic [23:0] dt_bias_parameters_data, dt_bias_parameters_bytes;
  assign dt_bias_parameters_bytes = dt_bias_parameters_data;
  lmc_stream_slice #(
      .WIDTH(24)
  ) dt_bias_parameters_slice (
      .clk,
      .rst,
      .s_axis_tvalid(dt_bias_parameters_valid),
      .s_axis_tready(dt_bias_parameters_ready),
      .s_axis_tdata(dt_bias_parameters_bytes),
      .m_axis_tvalid(dt_bias_parameters_TVALID),
      .m_axis_tready(dt_bias_parameters_TREADY),
      .m_axis_tdata(dt_bias_parameters_TDATA)
  );

  // Stream a_parameters: elements of 64 bits
  logic a_parameters_valid, a_parameters_ready;
  logic [63:0] a_parameters_data, a_parameters_bytes;
  assign a_parameters_bytes = a_parameters_data;
  lmc_stream_slice #(
      .WIDTH(64)
  ) a_parameters_slice (
      .clk,
      .rst,
      .s_axis_tvalid(a_parameters_valid),
      .s_axis_tready(a_parameters_ready),
      .s_axis_tdata(a_parameters_bytes),
      .m_axis_tvalid(a_parameters_TVALID),
      .m_axis_tready(a_parameters_TREADY),
      .m_axis_tdata(a_parameters_TDATA)
  );

  // Stream d_parameters: elements of 16 bits
  logic d_parameters_valid, d_parameters_ready;
  logic [15:0] d_parameters_data, d_parameters_bytes;
  assign d_parameters_bytes = d_parameters_data;
  lmc_stream_slice #(
      .WIDTH(16)
  ) d_parameters_slice (
      .clk,
      .rst,
      .s_axis_tvalid(d_parameters_valid),
      .s_axis_tready(d_parameters_ready),
      .s_axis_tdata(d_parameters_bytes),
      .m_axis_tvalid(d_parameters_TVALID),
      .m_axis_tready(d_parameters_TREADY),
      .m_axis_tdata(d_parameters_TDATA)
  );

  // Stream rsqrt_normed_table: elements of 32 bits
  logic rsqrt_normed_table_valid, rsqrt_normed_table_ready;
  logic [31:0] rsqrt_normed_table_data, rsqrt_normed_table_bytes;
  assign rsqrt_normed_table_bytes = rsqrt_normed_table_data;
  lmc_stream_slice #(
      .WIDTH(32)
  ) rsqrt_normed_table_slice (
      .clk,
      .rst,
      .s_axis_tvalid(rsqrt_normed_table_valid),
      .s_axis_tready(rsqrt_normed_table_ready),
      .s_axis_tdata(rsqrt_normed_table_bytes),
      .m_axis_tvalid(rsqrt_normed_table_TVALID),
      .m_axis_tready(rsqrt_normed_table_TREADY),
      .m_axis_tdata(rsqrt_normed_table_TDATA)
  );

  // Stream silu_x_table: elements of 64 bits
  logic silu_x_table_valid, silu_x_table_ready;
  logic [63:0] silu_x_table_data, silu_x_table_bytes;
  assign silu_x_table_bytes = silu_x_table_data;
  lmc_stream_slice #(
      .WIDTH(64)
  ) silu_x_table_slice (
      .clk,
      .rst,
      .s_axis_tvalid(silu_x_table_valid),
      .s_axis_tready(silu_x_table_ready),
      .s_axis_tdata(silu_x_table_bytes),
      .m_axis_tvalid(silu_x_table_TVALID),
      .m_axis_tready(silu_x_table_TREADY),
      .m_axis_tdata(silu_x_table_TDATA)
  );

  // Stream softplus_dt_table: elements of 64 bits
  logic softplus_dt_table_valid, softplus_dt_table_ready;
  logic [63:0] softplus_dt_table_data, softplus_dt_table_bytes;
  assign softplus_dt_table_bytes = softplus_dt_table_data;
  lmc_stream_slice #(
      .WIDTH(64)
  ) softplus_dt_table_slice (
      .clk,
      .rst,
      .s_axis_tvalid(softplus_dt_table_valid),
      .s_axis_tready(softplus_dt_table_ready),
      .s_axis_tdata(softplus_dt_table_bytes),
      .m_axis_tvalid(softplus_dt_table_TVALID),
      .m_axis_tready(softplus_dt_table_TREADY),
      .m_axis_tdata(softplus_dt_table_TDATA)
  );

  // Stream exp_decay_table: elements of 64 bits
  logic exp_decay_table_valid, exp_decay_table_ready;
  logic [63:0] exp_decay_table_data, exp_decay_table_bytes;
  assign exp_decay_table_bytes = exp_decay_table_data;
  lmc_stream_slice #(
      .WIDTH(64)
  ) exp_decay_table_slice (
      .clk,
      .rst,
      .s_axis_tvalid(exp_decay_table_valid),
      .s_axis_tready(exp_decay_table_ready),
      .s_axis_tdata(exp_decay_table_bytes),
      .m_axis_tvalid(exp_decay_table_TVALID),
      .m_axis_tready(exp_decay_table_TREADY),
      .m_axis_tdata(exp_decay_table_TDATA)
  );

  // Stream silu_gate_table: elements of 64 bits
  logic silu_gate_table_valid, silu_gate_table_ready;
  logic [63:0] silu_gate_table_data, silu_gate_table_bytes;
  assign silu_gate_table_bytes = silu_gate_table_data;
  lmc_stream_slice #(
      .WIDTH(64)
  ) silu_gate_table_slice (
      .clk,
      .rst,
      .s_axis_tvalid(silu_gate_table_valid),
      .s_axis_tready(silu_gate_table_ready),
      .s_axis_tdata(silu_gate_table_bytes),
      .m_axis_tvalid(silu_gate_table_TVALID),
      .m_axis_tready(silu_gate_table_TREADY),
      .m_axis_tdata(silu_gate_table_TDATA)
  );

  // Stream rsqrt_normed_table_2: elements of 32 bits
  logic rsqrt_normed_table_2_valid, rsqrt_normed_table_2_ready;
  logic [31:0] rsqrt_normed_table_2_data, rsqrt_normed_table_2_bytes;
  assign rsqrt_normed_table_2_bytes = rsqrt_normed_table_2_data;
  lmc_stream_slice #(
      .WIDTH(32)
  ) rsqrt_normed_table_2_slice (
      .clk,
      .rst,
      .s_axis_tvalid(rsqrt_normed_table_2_valid),
      .s_axis_tready(rsqrt_normed_table_2_ready),
      .s_axis_tdata(rsqrt_normed_table_2_bytes),
      .m_axis_tvalid(rsqrt_normed_table_2_TVALID),
      .m_axis_tready(rsqrt_normed_table_2_TREADY),
      .m_axis_tdata(rsqrt_normed_table_2_TDATA)
  );

  // Bank prompt: words of 32 bits
  logic [63:0] prompt_bank_base;
  assign prompt_bank_base = {arguments[3], arguments[2]};
  logic prompt_bank_ar_valid, prompt_bank_ar_ready;
  logic [63:0] prompt_bank_ar_offset;
  logic [31:0] prompt_bank_ar_length;
  logic prompt_bank_r_valid, prompt_bank_r_ready;
  logic [31:0] prompt_bank_r_data;
  logic prompt_bank_r_last, prompt_bank_read_error;
  logic [63:0] prompt_bank_ar_address;
  assign prompt_bank_ar_address = prompt_bank_base + (prompt_bank_ar_offset << 2);
  lmc_axi_read #(
      .DATA_WIDTH(32),
      .MAX_BURST(16),
      .OUTSTANDING(16)
  ) prompt_reader (
      .clk,
      .rst,
      .request_valid(prompt_bank_ar_valid),
      .request_ready(prompt_bank_ar_ready),
      .request_address(prompt_bank_ar_address),
      .request_words(prompt_bank_ar_length),
      .data_valid(prompt_bank_r_valid),
      .data_ready(prompt_bank_r_ready),
      .data_data(prompt_bank_r_data),
      .data_last(prompt_bank_r_last),
      .error(prompt_bank_read_error),
      .m_axi_arvalid(m_axi_gmem_prompt_ARVALID),
      .m_axi_arready(m_axi_gmem_prompt_ARREADY),
      .m_axi_araddr(m_axi_gmem_prompt_ARADDR),
      .m_axi_arlen(m_axi_gmem_prompt_ARLEN),
      .m_axi_arsize(m_axi_gmem_prompt_ARSIZE),
      .m_axi_arburst(m_axi_gmem_prompt_ARBURST),
      .m_axi_arcache(m_axi_gmem_prompt_ARCACHE),
      .m_axi_arprot(m_axi_gmem_prompt_ARPROT),
      .m_axi_rvalid(m_axi_gmem_prompt_RVALID),
      .m_axi_rready(m_axi_gmem_prompt_RREADY),
      .m_axi_rdata(m_axi_gmem_prompt_RDATA),
      .m_axi_rresp(m_axi_gmem_prompt_RRESP),
      .m_axi_rlast(m_axi_gmem_prompt_RLAST)
  );

  // Bank embedding: words of 512 bits
  logic [63:0] embedding_bank_base;
  assign embedding_bank_base = {arguments[10], arguments[9]};
  logic embedding_bank_ar_valid, embedding_bank_ar_ready;
  logic [63:0] embedding_bank_ar_offset;
  logic [31:0] embedding_bank_ar_length;
  logic embedding_bank_r_valid, embedding_bank_r_ready;
  logic [511:0] embedding_bank_r_data;
  logic embedding_bank_r_last, embedding_bank_read_error;
  logic [63:0] embedding_bank_ar_address;
  assign embedding_bank_ar_address = embedding_bank_base + (embedding_bank_ar_offset << 6);
  lmc_axi_read #(
      .DATA_WIDTH(512),
      .MAX_BURST(16),
      .OUTSTANDING(16)
  ) embedding_reader (
      .clk,
      .rst,
      .request_valid(embedding_bank_ar_valid),
      .request_ready(embedding_bank_ar_ready),
      .request_address(embedding_bank_ar_address),
      .request_words(embedding_bank_ar_length),
      .data_valid(embedding_bank_r_valid),
      .data_ready(embedding_bank_r_ready),
      .data_data(embedding_bank_r_data),
      .data_last(embedding_bank_r_last),
      .error(embedding_bank_read_error),
      .m_axi_arvalid(m_axi_gmem_embedding_ARVALID),
      .m_axi_arready(m_axi_gmem_embedding_ARREADY),
      .m_axi_araddr(m_axi_gmem_embedding_ARADDR),
      .m_axi_arlen(m_axi_gmem_embedding_ARLEN),
      .m_axi_arsize(m_axi_gmem_embedding_ARSIZE),
      .m_axi_arburst(m_axi_gmem_embedding_ARBURST),
      .m_axi_arcache(m_axi_gmem_embedding_ARCACHE),
      .m_axi_arprot(m_axi_gmem_embedding_ARPROT),
      .m_axi_rvalid(m_axi_gmem_embedding_RVALID),
      .m_axi_rready(m_axi_gmem_embedding_RREADY),
      .m_axi_rdata(m_axi_gmem_embedding_RDATA),
      .m_axi_rresp(m_axi_gmem_embedding_RRESP),
      .m_axi_rlast(m_axi_gmem_embedding_RLAST)
  );

  // Bank conv_state_state: words of 512 bits
  logic [63:0] conv_state_state_bank_base;
  assign conv_state_state_bank_base = {arguments[13], arguments[12]};
  logic conv_state_state_bank_ar_valid, conv_state_state_bank_ar_ready;
  logic [63:0] conv_state_state_bank_ar_offset;
  logic [31:0] conv_state_state_bank_ar_length;
  logic conv_state_state_bank_r_valid, conv_state_state_bank_r_ready;
  logic [511:0] conv_state_state_bank_r_data;
  logic conv_state_state_bank_r_last, conv_state_state_bank_read_error;
  logic [63:0] conv_state_state_bank_ar_address;
  assign conv_state_state_bank_ar_address = conv_state_state_bank_base +
      (conv_state_state_bank_ar_offset << 6);
  lmc_axi_read #(
      .DATA_WIDTH(512),
      .MAX_BURST(16),
      .OUTSTANDING(16)
  ) conv_state_state_reader (
      .clk,
      .rst,
      .request_valid(conv_state_state_bank_ar_valid),
      .request_ready(conv_state_state_bank_ar_ready),
      .request_address(conv_state_state_bank_ar_address),
      .request_words(conv_state_state_bank_ar_length),
      .data_valid(conv_state_state_bank_r_valid),
      .data_ready(conv_state_state_bank_r_ready),
      .data_data(conv_state_state_bank_r_data),
      .data_last(conv_state_state_bank_r_last),
      .error(conv_state_state_bank_read_error),
      .m_axi_arvalid(m_axi_gmem_conv_state_state_ARVALID),
      .m_axi_arready(m_axi_gmem_conv_state_state_ARREADY),
      .m_axi_araddr(m_axi_gmem_conv_state_state_ARADDR),
      .m_axi_arlen(m_axi_gmem_conv_state_state_ARLEN),
      .m_axi_arsize(m_axi_gmem_conv_state_state_ARSIZE),
      .m_axi_arburst(m_axi_gmem_conv_state_state_ARBURST),
      .m_axi_arcache(m_axi_gmem_conv_state_state_ARCACHE),
      .m_axi_arprot(m_axi_gmem_conv_state_state_ARPROT),
      .m_axi_rvalid(m_axi_gmem_conv_state_state_RVALID),
      .m_axi_rready(m_axi_gmem_conv_state_state_RREADY),
      .m_axi_rdata(m_axi_gmem_conv_state_state_RDATA),
      .m_axi_rresp(m_axi_gmem_conv_state_state_RRESP),
      .m_axi_rlast(m_axi_gmem_conv_state_state_RLAST)
  );

  // Bank ssm_state_state: words of 512 bits
  logic [63:0] ssm_state_state_bank_base;
  assign ssm_state_state_bank_base = {arguments[16], arguments[15]};
  logic ssm_state_state_bank_ar_valid, ssm_state_state_bank_ar_ready;
  logic [63:0] ssm_state_state_bank_ar_offset;
  logic [31:0] ssm_state_state_bank_ar_length;
  logic ssm_state_state_bank_r_valid, ssm_state_state_bank_r_ready;
  logic [511:0] ssm_state_state_bank_r_data;
  logic ssm_state_state_bank_r_last, ssm_state_state_bank_read_error;
  logic [63:0] ssm_state_state_bank_ar_address;
  assign ssm_state_state_bank_ar_address = ssm_state_state_bank_base +
      (ssm_state_state_bank_ar_offset << 6);
  lmc_axi_read #(
      .DATA_WIDTH(512),
      .MAX_BURST(16),
      .OUTSTANDING(16)
  ) ssm_state_state_reader (
      .clk,
      .rst,
      .request_valid(ssm_state_state_bank_ar_valid),
      .request_ready(ssm_state_state_bank_ar_ready),
      .request_address(ssm_state_state_bank_ar_address),
      .request_words(ssm_state_state_bank_ar_length),
      .data_valid(ssm_state_state_bank_r_valid),
      .data_ready(ssm_state_state_bank_r_ready),
      .data_data(ssm_state_state_bank_r_data),
      .data_last(ssm_state_state_bank_r_last),
      .error(ssm_state_state_bank_read_error),
      .m_axi_arvalid(m_axi_gmem_ssm_state_state_ARVALID),
      .m_axi_arready(m_axi_gmem_ssm_state_state_ARREADY),
      .m_axi_araddr(m_axi_gmem_ssm_state_state_ARADDR),
      .m_axi_arlen(m_axi_gmem_ssm_state_state_ARLEN),
      .m_axi_arsize(m_axi_gmem_ssm_state_state_ARSIZE),
      .m_axi_arburst(m_axi_gmem_ssm_state_state_ARBURST),
      .m_axi_arcache(m_axi_gmem_ssm_state_state_ARCACHE),
      .m_axi_arprot(m_axi_gmem_ssm_state_state_ARPROT),
      .m_axi_rvalid(m_axi_gmem_ssm_state_state_RVALID),
      .m_axi_rready(m_axi_gmem_ssm_state_state_RREADY),
      .m_axi_rdata(m_axi_gmem_ssm_state_state_RDATA),
      .m_axi_rresp(m_axi_gmem_ssm_state_state_RRESP),
      .m_axi_rlast(m_axi_gmem_ssm_state_state_RLAST)
  );

  // Bank ssm_state_exponents_state: words of 512 bits
  logic [63:0] ssm_state_exponents_state_bank_base;
  assign ssm_state_exponents_state_bank_base = {arguments[19], arguments[18]};
  logic ssm_state_exponents_state_bank_ar_valid, ssm_state_exponents_state_bank_ar_ready;
  logic [63:0] ssm_state_exponents_state_bank_ar_offset;
  logic [31:0] ssm_state_exponents_state_bank_ar_length;
  logic ssm_state_exponents_state_bank_r_valid, ssm_state_exponents_state_bank_r_ready;
  logic [511:0] ssm_state_exponents_state_bank_r_data;
  logic ssm_state_exponents_state_bank_r_last, ssm_state_exponents_state_bank_read_error;
  logic [63:0] ssm_state_exponents_state_bank_ar_address;
  assign ssm_state_exponents_state_bank_ar_address = ssm_state_exponents_state_bank_base +
      (ssm_state_exponents_state_bank_ar_offset << 6);
  lmc_axi_read #(
      .DATA_WIDTH(512),
      .MAX_BURST(16),
      .OUTSTANDING(16)
  ) ssm_state_exponents_state_reader (
      .clk,
      .rst,
      .request_valid(ssm_state_exponents_state_bank_ar_valid),
      .request_ready(ssm_state_exponents_state_bank_ar_ready),
      .request_address(ssm_state_exponents_state_bank_ar_address),
      .request_words(ssm_state_exponents_state_bank_ar_length),
      .data_valid(ssm_state_exponents_state_bank_r_valid),
      .data_ready(ssm_state_exponents_state_bank_r_ready),
      .data_data(ssm_state_exponents_state_bank_r_data),
      .data_last(ssm_state_exponents_state_bank_r_last),
      .error(ssm_state_exponents_state_bank_read_error),
      .m_axi_arvalid(m_axi_gmem_ssm_state_exponents_state_ARVALID),
      .m_axi_arready(m_axi_gmem_ssm_state_exponents_state_ARREADY),
      .m_axi_araddr(m_axi_gmem_ssm_state_exponents_state_ARADDR),
      .m_axi_arlen(m_axi_gmem_ssm_state_exponents_state_ARLEN),
      .m_axi_arsize(m_axi_gmem_ssm_state_exponents_state_ARSIZE),
      .m_axi_arburst(m_axi_gmem_ssm_state_exponents_state_ARBURST),
      .m_axi_arcache(m_axi_gmem_ssm_state_exponents_state_ARCACHE),
      .m_axi_arprot(m_axi_gmem_ssm_state_exponents_state_ARPROT),
      .m_axi_rvalid(m_axi_gmem_ssm_state_exponents_state_RVALID),
      .m_axi_rready(m_axi_gmem_ssm_state_exponents_state_RREADY),
      .m_axi_rdata(m_axi_gmem_ssm_state_exponents_state_RDATA),
      .m_axi_rresp(m_axi_gmem_ssm_state_exponents_state_RRESP),
      .m_axi_rlast(m_axi_gmem_ssm_state_exponents_state_RLAST)
  );

  // Bank parameters: words of 512 bits
  logic [63:0] parameters_bank_base;
  assign parameters_bank_base = {arguments[22], arguments[21]};
  logic parameters_bank_ar_valid, parameters_bank_ar_ready;
  logic [63:0] parameters_bank_ar_offset;
  logic [31:0] parameters_bank_ar_length;
  logic parameters_bank_r_valid, parameters_bank_r_ready;
  logic [511:0] parameters_bank_r_data;
  logic parameters_bank_r_last, parameters_bank_read_error;
  logic [63:0] parameters_bank_ar_address;
  assign parameters_bank_ar_address = parameters_bank_base + (parameters_bank_ar_offset << 6);
  lmc_axi_read #(
      .DATA_WIDTH(512),
      .MAX_BURST(16),
      .OUTSTANDING(16)
  ) parameters_reader (
      .clk,
      .rst,
      .request_valid(parameters_bank_ar_valid),
      .request_ready(parameters_bank_ar_ready),
      .request_address(parameters_bank_ar_address),
      .request_words(parameters_bank_ar_length),
      .data_valid(parameters_bank_r_valid),
      .data_ready(parameters_bank_r_ready),
      .data_data(parameters_bank_r_data),
      .data_last(parameters_bank_r_last),
      .error(parameters_bank_read_error),
      .m_axi_arvalid(m_axi_gmem_parameters_ARVALID),
      .m_axi_arready(m_axi_gmem_parameters_ARREADY),
      .m_axi_araddr(m_axi_gmem_parameters_ARADDR),
      .m_axi_arlen(m_axi_gmem_parameters_ARLEN),
      .m_axi_arsize(m_axi_gmem_parameters_ARSIZE),
      .m_axi_arburst(m_axi_gmem_parameters_ARBURST),
      .m_axi_arcache(m_axi_gmem_parameters_ARCACHE),
      .m_axi_arprot(m_axi_gmem_parameters_ARPROT),
      .m_axi_rvalid(m_axi_gmem_parameters_RVALID),
      .m_axi_rready(m_axi_gmem_parameters_RREADY),
      .m_axi_rdata(m_axi_gmem_parameters_RDATA),
      .m_axi_rresp(m_axi_gmem_parameters_RRESP),
      .m_axi_rlast(m_axi_gmem_parameters_RLAST)
  );

  // Bank tables: words of 512 bits
  logic [63:0] tables_bank_base;
  assign tables_bank_base = {arguments[25], arguments[24]};
  logic tables_bank_ar_valid, tables_bank_ar_ready;
  logic [63:0] tables_bank_ar_offset;
  logic [31:0] tables_bank_ar_length;
  logic tables_bank_r_valid, tables_bank_r_ready;
  logic [511:0] tables_bank_r_data;
  logic tables_bank_r_last, tables_bank_read_error;
  logic [63:0] tables_bank_ar_address;
  assign tables_bank_ar_address = tables_bank_base + (tables_bank_ar_offset << 6);
  lmc_axi_read #(
      .DATA_WIDTH(512),
      .MAX_BURST(16),
      .OUTSTANDING(16)
  ) tables_reader (
      .clk,
      .rst,
      .request_valid(tables_bank_ar_valid),
      .request_ready(tables_bank_ar_ready),
      .request_address(tables_bank_ar_address),
      .request_words(tables_bank_ar_length),
      .data_valid(tables_bank_r_valid),
      .data_ready(tables_bank_r_ready),
      .data_data(tables_bank_r_data),
      .data_last(tables_bank_r_last),
      .error(tables_bank_read_error),
      .m_axi_arvalid(m_axi_gmem_tables_ARVALID),
      .m_axi_arready(m_axi_gmem_tables_ARREADY),
      .m_axi_araddr(m_axi_gmem_tables_ARADDR),
      .m_axi_arlen(m_axi_gmem_tables_ARLEN),
      .m_axi_arsize(m_axi_gmem_tables_ARSIZE),
      .m_axi_arburst(m_axi_gmem_tables_ARBURST),
      .m_axi_arcache(m_axi_gmem_tables_ARCACHE),
      .m_axi_arprot(m_axi_gmem_tables_ARPROT),
      .m_axi_rvalid(m_axi_gmem_tables_RVALID),
      .m_axi_rready(m_axi_gmem_tables_RREADY),
      .m_axi_rdata(m_axi_gmem_tables_RDATA),
      .m_axi_rresp(m_axi_gmem_tables_RRESP),
      .m_axi_rlast(m_axi_gmem_tables_RLAST)
  );

  // A response that is not OKAY: what the kernel has computed is not to be trusted.
  assign is_faulty = prompt_bank_read_error || embedding_bank_read_error ||
      conv_state_state_bank_read_error || ssm_state_state_bank_read_error ||
      ssm_state_exponents_state_bank_read_error || parameters_bank_read_error ||
      tables_bank_read_error;

  load_tasks tasks (
      .clk,
      .rst,
      .start,
      .done(tasks_done),
      .n_prompt(arguments[0]),
      .n_tokens(arguments[5]),
      .n_logits(arguments[7]),
      .chosen_tokens_valid,
      .chosen_tokens_ready,
      .chosen_tokens_data,
      .embedding_elements_valid,
      .embedding_elements_ready,
      .embedding_elements_data,
      .conv_state_loaded_valid,
      .conv_state_loaded_ready,
      .conv_state_loaded_data,
      .ssm_state_loaded_valid,
      .ssm_state_loaded_ready,
      .ssm_state_loaded_data,
      .ssm_state_exponents_loaded_valid,
      .ssm_state_exponents_loaded_ready,
      .ssm_state_exponents_loaded_data,
      .conv_weight_parameters_valid,
      .conv_weight_parameters_ready,
      .conv_weight_parameters_data,
      .conv_bias_parameters_valid,
      .conv_bias_parameters_ready,
      .conv_bias_parameters_data,
      .dt_bias_parameters_valid,
      .dt_bias_parameters_ready,
      .dt_bias_parameters_data,
      .a_parameters_valid,
      .a_parameters_ready,
      .a_parameters_data,
      .d_parameters_valid,
      .d_parameters_ready,
      .d_parameters_data,
      .rsqrt_normed_table_valid,
      .rsqrt_normed_table_ready,
      .rsqrt_normed_table_data,
      .silu_x_table_valid,
      .silu_x_table_ready,
      .silu_x_table_data,
      .softplus_dt_table_valid,
      .softplus_dt_table_ready,
      .softplus_dt_table_data,
      .exp_decay_table_valid,
      .exp_decay_table_ready,
      .exp_decay_table_data,
      .silu_gate_table_valid,
      .silu_gate_table_ready,
      .silu_gate_table_data,
      .rsqrt_normed_table_2_valid,
      .rsqrt_normed_table_2_ready,
      .rsqrt_normed_table_2_data,
      .prompt_ar_valid(prompt_bank_ar_valid),
      .prompt_ar_ready(prompt_bank_ar_ready),
      .prompt_ar_offset(prompt_bank_ar_offset),
      .prompt_ar_length(prompt_bank_ar_length),
      .prompt_r_valid(prompt_bank_r_valid),
      .prompt_r_ready(prompt_bank_r_ready),
      .prompt_r_data(prompt_bank_r_data),
      .embedding_ar_valid(embedding_bank_ar_valid),
      .embedding_ar_ready(embedding_bank_ar_ready),
      .embedding_ar_offset(embedding_bank_ar_offset),
      .embedding_ar_length(embedding_bank_ar_length),
      .embedding_r_valid(embedding_bank_r_valid),
      .embedding_r_ready(embedding_bank_r_ready),
      .embedding_r_data(embedding_bank_r_data),
      .conv_state_state_ar_valid(conv_state_state_bank_ar_valid),
      .conv_state_state_ar_ready(conv_state_state_bank_ar_ready),
      .conv_state_state_ar_offset(conv_state_state_bank_ar_offset),
      .conv_state_state_ar_length(conv_state_state_bank_ar_length),
      .conv_state_state_r_valid(conv_state_state_bank_r_valid),
      .conv_state_state_r_ready(conv_state_state_bank_r_ready),
      .conv_state_state_r_data(conv_state_state_bank_r_data),
      .ssm_state_state_ar_valid(ssm_state_state_bank_ar_valid),
      .ssm_state_state_ar_ready(ssm_state_state_bank_ar_ready),
      .ssm_state_state_ar_offset(ssm_state_state_bank_ar_offset),
      .ssm_state_state_ar_length(ssm_state_state_bank_ar_length),
      .ssm_state_state_r_valid(ssm_state_state_bank_r_valid),
      .ssm_state_state_r_ready(ssm_state_state_bank_r_ready),
      .ssm_state_state_r_data(ssm_state_state_bank_r_data),
      .ssm_state_exponents_state_ar_valid(ssm_state_exponents_state_bank_ar_valid),
      .ssm_state_exponents_state_ar_ready(ssm_state_exponents_state_bank_ar_ready),
      .ssm_state_exponents_state_ar_offset(ssm_state_exponents_state_bank_ar_offset),
      .ssm_state_exponents_state_ar_length(ssm_state_exponents_state_bank_ar_length),
      .ssm_state_exponents_state_r_valid(ssm_state_exponents_state_bank_r_valid),
      .ssm_state_exponents_state_r_ready(ssm_state_exponents_state_bank_r_ready),
      .ssm_state_exponents_state_r_data(ssm_state_exponents_state_bank_r_data),
      .parameters_ar_valid(parameters_bank_ar_valid),
      .parameters_ar_ready(parameters_bank_ar_ready),
      .parameters_ar_offset(parameters_bank_ar_offset),
      .parameters_ar_length(parameters_bank_ar_length),
      .parameters_r_valid(parameters_bank_r_valid),
      .parameters_r_ready(parameters_bank_r_ready),
      .parameters_r_data(parameters_bank_r_data),
      .tables_ar_valid(tables_bank_ar_valid),
      .tables_ar_ready(tables_bank_ar_ready),
      .tables_ar_offset(tables_bank_ar_offset),
      .tables_ar_length(tables_bank_ar_length),
      .tables_r_valid(tables_bank_r_valid),
      .tables_r_ready(tables_bank_r_ready),
      .tables_r_data(tables_bank_r_data)
  );

  logic unused;
  assign unused = &{
      arguments[1],
      arguments[4],
      arguments[6],
      arguments[8],
      arguments[11],
      arguments[14],
      arguments[17],
      arguments[20],
      arguments[23],
      arguments[26],
      prompt_bank_r_last,
      embedding_bank_r_last,
      conv_state_state_bank_r_last,
      ssm_state_state_bank_r_last,
      ssm_state_exponents_state_bank_r_last,
      parameters_bank_r_last,
      tables_bank_r_last,
      1'b0
  };

endmodule
