// The tasks of kernel after_dt_proj, joined by FIFOs.
//
// `start` is high for a cycle; the first statements are in the next one. `done` is high
// once all tasks have ended, until the next start. A stream is valid, ready and data; a
// bank has a request with offset and length in words, then the words (docs/rtl.md).
module after_dt_proj_tasks (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic dt_valid,
    output logic dt_ready,
    input  logic [31:0] dt_data,
    input  logic dt_bias_parameters_valid,
    output logic dt_bias_parameters_ready,
    input  logic [23:0] dt_bias_parameters_data,
    input  logic softplus_dt_table_valid,
    output logic softplus_dt_table_ready,
    input  logic [63:0] softplus_dt_table_data,
    input  logic exp_decay_table_valid,
    output logic exp_decay_table_ready,
    input  logic [63:0] exp_decay_table_data,
    input  logic a_parameters_valid,
    output logic a_parameters_ready,
    input  logic [63:0] a_parameters_data,
    input  logic x_copy_kept_valid,
    output logic x_copy_kept_ready,
    input  logic [31:0] x_copy_kept_data,
    input  logic b_valid,
    output logic b_ready,
    input  logic [31:0] b_data,
    input  logic c_valid,
    output logic c_ready,
    input  logic [31:0] c_data,
    input  logic d_parameters_valid,
    output logic d_parameters_ready,
    input  logic [15:0] d_parameters_data,
    input  logic ssm_state_old_valid,
    output logic ssm_state_old_ready,
    input  logic [31:0] ssm_state_old_data,
    input  logic ssm_state_exponents_old_valid,
    output logic ssm_state_exponents_old_ready,
    input  logic [3:0] ssm_state_exponents_old_data,
    output logic ssm_state_new_valid,
    input  logic ssm_state_new_ready,
    output logic [31:0] ssm_state_new_data,
    output logic ssm_state_exponents_new_valid,
    input  logic ssm_state_exponents_new_ready,
    output logic [3:0] ssm_state_exponents_new_data,
    input  logic silu_gate_table_valid,
    output logic silu_gate_table_ready,
    input  logic [63:0] silu_gate_table_data,
    input  logic z_valid,
    output logic z_ready,
    input  logic [31:0] z_data,
    output logic rotated_q_tiles_valid,
    input  logic rotated_q_tiles_ready,
    output logic [319:0] rotated_q_tiles_data
);

  logic [13:0] are_done;
  assign done = &are_done;

  logic dt_3_in_valid, dt_3_in_ready, dt_3_out_valid, dt_3_out_ready;
  logic [31:0] dt_3_in_data, dt_3_out_data;
  lmc_fifo #(
      .WIDTH(32),
      .DEPTH(16),
      .STYLE("srl")
  ) dt_3_fifo (
      .clk,
      .rst,
      .in_valid(dt_3_in_valid),
      .in_ready(dt_3_in_ready),
      .in_data(dt_3_in_data),
      .out_valid(dt_3_out_valid),
      .out_ready(dt_3_out_ready),
      .out_data(dt_3_out_data)
  );

  logic dt_4_in_valid, dt_4_in_ready, dt_4_out_valid, dt_4_out_ready;
  logic [47:0] dt_4_in_data, dt_4_out_data;
  lmc_fifo #(
      .WIDTH(48),
      .DEPTH(16),
      .STYLE("srl")
  ) dt_4_fifo (
      .clk,
      .rst,
      .in_valid(dt_4_in_valid),
      .in_ready(dt_4_in_ready),
      .in_data(dt_4_in_data),
      .out_valid(dt_4_out_valid),
      .out_ready(dt_4_out_ready),
      .out_data(dt_4_out_data)
  );

  logic dt_copy_in_valid, dt_copy_in_ready, dt_copy_out_valid, dt_copy_out_ready;
  logic [47:0] dt_copy_in_data, dt_copy_out_data;
  lmc_fifo #(
      .WIDTH(48),
      .DEPTH(16),
      .STYLE("srl")
  ) dt_copy_fifo (
      .clk,
      .rst,
      .in_valid(dt_copy_in_valid),
      .in_ready(dt_copy_in_ready),
      .in_data(dt_copy_in_data),
      .out_valid(dt_copy_out_valid),
      .out_ready(dt_copy_out_ready),
      .out_data(dt_copy_out_data)
  );

  logic dt_copy_2_in_valid, dt_copy_2_in_ready, dt_copy_2_out_valid, dt_copy_2_out_ready;
  logic [47:0] dt_copy_2_in_data, dt_copy_2_out_data;
  lmc_fifo #(
      .WIDTH(48),
      .DEPTH(16),
      .STYLE("srl")
  ) dt_copy_2_fifo (
      .clk,
      .rst,
      .in_valid(dt_copy_2_in_valid),
      .in_ready(dt_copy_2_in_ready),
      .in_data(dt_copy_2_in_data),
      .out_valid(dt_copy_2_out_valid),
      .out_ready(dt_copy_2_out_ready),
      .out_data(dt_copy_2_out_data)
  );

  logic dt_copy_x1_in_valid, dt_copy_x1_in_ready, dt_copy_x1_out_valid, dt_copy_x1_out_ready;
  logic [23:0] dt_copy_x1_in_data, dt_copy_x1_out_data;
  lmc_fifo #(
      .WIDTH(24),
      .DEPTH(32),
      .STYLE("srl")
  ) dt_copy_x1_fifo (
      .clk,
      .rst,
      .in_valid(dt_copy_x1_in_valid),
      .in_ready(dt_copy_x1_in_ready),
      .in_data(dt_copy_x1_in_data),
      .out_valid(dt_copy_x1_out_valid),
      .out_ready(dt_copy_x1_out_ready),
      .out_data(dt_copy_x1_out_data)
  );

  logic decay_in_valid, decay_in_ready, decay_out_valid, decay_out_ready;
  logic [71:0] decay_in_data, decay_out_data;
  lmc_fifo #(
      .WIDTH(72),
      .DEPTH(16),
      .STYLE("srl")
  ) decay_fifo (
      .clk,
      .rst,
      .in_valid(decay_in_valid),
      .in_ready(decay_in_ready),
      .in_data(decay_in_data),
      .out_valid(decay_out_valid),
      .out_ready(decay_out_ready),
      .out_data(decay_out_data)
  );

  logic y_rows_in_valid, y_rows_in_ready, y_rows_out_valid, y_rows_out_ready;
  logic [23:0] y_rows_in_data, y_rows_out_data;
  lmc_fifo #(
      .WIDTH(24),
      .DEPTH(16),
      .STYLE("srl")
  ) y_rows_fifo (
      .clk,
      .rst,
      .in_valid(y_rows_in_valid),
      .in_ready(y_rows_in_ready),
      .in_data(y_rows_in_data),
      .out_valid(y_rows_out_valid),
      .out_ready(y_rows_out_ready),
      .out_data(y_rows_out_data)
  );

  logic dt_copy_x1_2_in_valid, dt_copy_x1_2_in_ready, dt_copy_x1_2_out_valid,
      dt_copy_x1_2_out_ready;
  logic [23:0] dt_copy_x1_2_in_data, dt_copy_x1_2_out_data;
  lmc_fifo #(
      .WIDTH(24),
      .DEPTH(32),
      .STYLE("srl")
  ) dt_copy_x1_2_fifo (
      .clk,
      .rst,
      .in_valid(dt_copy_x1_2_in_valid),
      .in_ready(dt_copy_x1_2_in_ready),
      .in_data(dt_copy_x1_2_in_data),
      .out_valid(dt_copy_x1_2_out_valid),
      .out_ready(dt_copy_x1_2_out_ready),
      .out_data(dt_copy_x1_2_out_data)
  );

  logic x_copy_kept_x1_in_valid, x_copy_kept_x1_in_ready, x_copy_kept_x1_out_valid,
      x_copy_kept_x1_out_ready;
  logic [15:0] x_copy_kept_x1_in_data, x_copy_kept_x1_out_data;
  lmc_fifo #(
      .WIDTH(16),
      .DEPTH(32),
      .STYLE("srl")
  ) x_copy_kept_x1_fifo (
      .clk,
      .rst,
      .in_valid(x_copy_kept_x1_in_valid),
      .in_ready(x_copy_kept_x1_in_ready),
      .in_data(x_copy_kept_x1_in_data),
      .out_valid(x_copy_kept_x1_out_valid),
      .out_ready(x_copy_kept_x1_out_ready),
      .out_data(x_copy_kept_x1_out_data)
  );

  logic y_rows_x2_in_valid, y_rows_x2_in_ready, y_rows_x2_out_valid, y_rows_x2_out_ready;
  logic [47:0] y_rows_x2_in_data, y_rows_x2_out_data;
  lmc_fifo #(
      .WIDTH(48),
      .DEPTH(16),
      .STYLE("srl")
  ) y_rows_x2_fifo (
      .clk,
      .rst,
      .in_valid(y_rows_x2_in_valid),
      .in_ready(y_rows_x2_in_ready),
      .in_data(y_rows_x2_in_data),
      .out_valid(y_rows_x2_out_valid),
      .out_ready(y_rows_x2_out_ready),
      .out_data(y_rows_x2_out_data)
  );

  logic gate_in_valid, gate_in_ready, gate_out_valid, gate_out_ready;
  logic [31:0] gate_in_data, gate_out_data;
  lmc_fifo #(
      .WIDTH(32),
      .DEPTH(16),
      .STYLE("srl")
  ) gate_fifo (
      .clk,
      .rst,
      .in_valid(gate_in_valid),
      .in_ready(gate_in_ready),
      .in_data(gate_in_data),
      .out_valid(gate_out_valid),
      .out_ready(gate_out_ready),
      .out_data(gate_out_data)
  );

  logic gate_kept_in_valid, gate_kept_in_ready, gate_kept_out_valid, gate_kept_out_ready;
  logic [31:0] gate_kept_in_data, gate_kept_out_data;
  lmc_fifo #(
      .WIDTH(32),
      .DEPTH(16),
      .STYLE("srl")
  ) gate_kept_fifo (
      .clk,
      .rst,
      .in_valid(gate_kept_in_valid),
      .in_ready(gate_kept_in_ready),
      .in_data(gate_kept_in_data),
      .out_valid(gate_kept_out_valid),
      .out_ready(gate_kept_out_ready),
      .out_data(gate_kept_out_data)
  );

  logic gated_in_valid, gated_in_ready, gated_out_valid, gated_out_ready;
  logic [47:0] gated_in_data, gated_out_data;
  lmc_fifo #(
      .WIDTH(48),
      .DEPTH(16),
      .STYLE("srl")
  ) gated_fifo (
      .clk,
      .rst,
      .in_valid(gated_in_valid),
      .in_ready(gated_in_ready),
      .in_data(gated_in_data),
      .out_valid(gated_out_valid),
      .out_ready(gated_out_ready),
      .out_data(gated_out_data)
  );

  logic rotated_in_valid, rotated_in_ready, rotated_out_valid, rotated_out_ready;
  logic [57:0] rotated_in_data, rotated_out_data;
  lmc_fifo #(
      .WIDTH(58),
      .DEPTH(16),
      .STYLE("srl")
  ) rotated_fifo (
      .clk,
      .rst,
      .in_valid(rotated_in_valid),
      .in_ready(rotated_in_ready),
      .in_data(rotated_in_data),
      .out_valid(rotated_out_valid),
      .out_ready(rotated_out_ready),
      .out_data(rotated_out_data)
  );

  bias bias_task (
      .clk,
      .rst,
      .start,
      .done(are_done[0]),
      .n_tokens,
      .dt_valid,
      .dt_ready,
      .dt_data,
      .dt_bias_parameters_valid,
      .dt_bias_parameters_ready,
      .dt_bias_parameters_data,
      .dt_3_valid(dt_3_in_valid),
      .dt_3_ready(dt_3_in_ready),
      .dt_3_data(dt_3_in_data)
  );

  softplus softplus_task (
      .clk,
      .rst,
      .start,
      .done(are_done[1]),
      .n_tokens,
      .softplus_dt_table_valid,
      .softplus_dt_table_ready,
      .softplus_dt_table_data,
      .dt_3_valid(dt_3_out_valid),
      .dt_3_ready(dt_3_out_ready),
      .dt_3_data(dt_3_out_data),
      .dt_4_valid(dt_4_in_valid),
      .dt_4_ready(dt_4_in_ready),
      .dt_4_data(dt_4_in_data)
  );

  fork_dt fork_dt_task (
      .clk,
      .rst,
      .start,
      .done(are_done[2]),
      .n_tokens,
      .dt_4_valid(dt_4_out_valid),
      .dt_4_ready(dt_4_out_ready),
      .dt_4_data(dt_4_out_data),
      .dt_copy_valid(dt_copy_in_valid),
      .dt_copy_ready(dt_copy_in_ready),
      .dt_copy_data(dt_copy_in_data),
      .dt_copy_2_valid(dt_copy_2_in_valid),
      .dt_copy_2_ready(dt_copy_2_in_ready),
      .dt_copy_2_data(dt_copy_2_in_data)
  );

  narrow_dt_copy narrow_dt_copy_task (
      .clk,
      .rst,
      .start,
      .done(are_done[3]),
      .n_tokens,
      .dt_copy_valid(dt_copy_out_valid),
      .dt_copy_ready(dt_copy_out_ready),
      .dt_copy_data(dt_copy_out_data),
      .dt_copy_x1_valid(dt_copy_x1_in_valid),
      .dt_copy_x1_ready(dt_copy_x1_in_ready),
      .dt_copy_x1_data(dt_copy_x1_in_data)
  );

  decay_2 decay_2_task (
      .clk,
      .rst,
      .start,
      .done(are_done[4]),
      .n_tokens,
      .exp_decay_table_valid,
      .exp_decay_table_ready,
      .exp_decay_table_data,
      .dt_copy_x1_valid(dt_copy_x1_out_valid),
      .dt_copy_x1_ready(dt_copy_x1_out_ready),
      .dt_copy_x1_data(dt_copy_x1_out_data),
      .a_parameters_valid,
      .a_parameters_ready,
      .a_parameters_data,
      .decay_valid(decay_in_valid),
      .decay_ready(decay_in_ready),
      .decay_data(decay_in_data)
  );

  narrow_dt_copy narrow_dt_copy_2_task (
      .clk,
      .rst,
      .start,
      .done(are_done[5]),
      .n_tokens,
      .dt_copy_valid(dt_copy_2_out_valid),
      .dt_copy_ready(dt_copy_2_out_ready),
      .dt_copy_data(dt_copy_2_out_data),
      .dt_copy_x1_valid(dt_copy_x1_2_in_valid),
      .dt_copy_x1_ready(dt_copy_x1_2_in_ready),
      .dt_copy_x1_data(dt_copy_x1_2_in_data)
  );

  narrow_x_copy_kept narrow_x_copy_kept_task (
      .clk,
      .rst,
      .start,
      .done(are_done[6]),
      .n_tokens,
      .x_copy_kept_valid,
      .x_copy_kept_ready,
      .x_copy_kept_data,
      .x_copy_kept_x1_valid(x_copy_kept_x1_in_valid),
      .x_copy_kept_x1_ready(x_copy_kept_x1_in_ready),
      .x_copy_kept_x1_data(x_copy_kept_x1_in_data)
  );

  state_update state_update_task (
      .clk,
      .rst,
      .start,
      .done(are_done[7]),
      .n_tokens,
      .b_valid,
      .b_ready,
      .b_data,
      .c_valid,
      .c_ready,
      .c_data,
      .dt_copy_x1_2_valid(dt_copy_x1_2_out_valid),
      .dt_copy_x1_2_ready(dt_copy_x1_2_out_ready),
      .dt_copy_x1_2_data(dt_copy_x1_2_out_data),
      .decay_valid(decay_out_valid),
      .decay_ready(decay_out_ready),
      .decay_data(decay_out_data),
      .x_copy_kept_x1_valid(x_copy_kept_x1_out_valid),
      .x_copy_kept_x1_ready(x_copy_kept_x1_out_ready),
      .x_copy_kept_x1_data(x_copy_kept_x1_out_data),
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
      .y_rows_valid(y_rows_in_valid),
      .y_rows_ready(y_rows_in_ready),
      .y_rows_data(y_rows_in_data)
  );

  widen_y_rows widen_y_rows_task (
      .clk,
      .rst,
      .start,
      .done(are_done[8]),
      .n_tokens,
      .y_rows_valid(y_rows_out_valid),
      .y_rows_ready(y_rows_out_ready),
      .y_rows_data(y_rows_out_data),
      .y_rows_x2_valid(y_rows_x2_in_valid),
      .y_rows_x2_ready(y_rows_x2_in_ready),
      .y_rows_x2_data(y_rows_x2_in_data)
  );

  silu_2 silu_2_task (
      .clk,
      .rst,
      .start,
      .done(are_done[9]),
      .n_tokens,
      .silu_gate_table_valid,
      .silu_gate_table_ready,
      .silu_gate_table_data,
      .z_valid,
      .z_ready,
      .z_data,
      .gate_valid(gate_in_valid),
      .gate_ready(gate_in_ready),
      .gate_data(gate_in_data)
  );

  keep_x_copy keep_gate_task (
      .clk,
      .rst,
      .start,
      .done(are_done[10]),
      .n_tokens,
      .x_copy_valid(gate_out_valid),
      .x_copy_ready(gate_out_ready),
      .x_copy_data(gate_out_data),
      .x_copy_kept_valid(gate_kept_in_valid),
      .x_copy_kept_ready(gate_kept_in_ready),
      .x_copy_kept_data(gate_kept_in_data)
  );

  mul mul_task (
      .clk,
      .rst,
      .start,
      .done(are_done[11]),
      .n_tokens,
      .y_rows_x2_valid(y_rows_x2_out_valid),
      .y_rows_x2_ready(y_rows_x2_out_ready),
      .y_rows_x2_data(y_rows_x2_out_data),
      .gate_kept_valid(gate_kept_out_valid),
      .gate_kept_ready(gate_kept_out_ready),
      .gate_kept_data(gate_kept_out_data),
      .gated_valid(gated_in_valid),
      .gated_ready(gated_in_ready),
      .gated_data(gated_in_data)
  );

  rotate rotate_task (
      .clk,
      .rst,
      .start,
      .done(are_done[12]),
      .n_tokens,
      .gated_valid(gated_out_valid),
      .gated_ready(gated_out_ready),
      .gated_data(gated_out_data),
      .rotated_valid(rotated_in_valid),
      .rotated_ready(rotated_in_ready),
      .rotated_data(rotated_in_data)
  );

  quantize_4 quantize_4_task (
      .clk,
      .rst,
      .start,
      .done(are_done[13]),
      .n_tokens,
      .rotated_valid(rotated_out_valid),
      .rotated_ready(rotated_out_ready),
      .rotated_data(rotated_out_data),
      .rotated_q_tiles_valid,
      .rotated_q_tiles_ready,
      .rotated_q_tiles_data
  );

endmodule
