// The tasks of kernel after_in_proj, joined by FIFOs.
//
// `start` is high for a cycle; the first statements are in the next one. `done` is high
// once all tasks have ended, until the next start. A stream is valid, ready and data; a
// bank has a request with offset and length in words, then the words (docs/rtl.md).
module after_in_proj_tasks (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic xz_valid,
    output logic xz_ready,
    input  logic [31:0] xz_data,
    output logic z_valid,
    input  logic z_ready,
    output logic [31:0] z_data,
    input  logic conv_state_old_valid,
    output logic conv_state_old_ready,
    input  logic [95:0] conv_state_old_data,
    input  logic conv_weight_parameters_valid,
    output logic conv_weight_parameters_ready,
    input  logic [127:0] conv_weight_parameters_data,
    input  logic conv_bias_parameters_valid,
    output logic conv_bias_parameters_ready,
    input  logic [53:0] conv_bias_parameters_data,
    output logic conv_state_new_valid,
    input  logic conv_state_new_ready,
    output logic [95:0] conv_state_new_data,
    input  logic silu_x_table_valid,
    output logic silu_x_table_ready,
    input  logic [63:0] silu_x_table_data,
    output logic x_copy_kept_valid,
    input  logic x_copy_kept_ready,
    output logic [31:0] x_copy_kept_data,
    output logic x_q_tiles_valid,
    input  logic x_q_tiles_ready,
    output logic [319:0] x_q_tiles_data
);

  logic [5:0] are_done;
  assign done = &are_done;

  logic x_in_valid, x_in_ready, x_out_valid, x_out_ready;
  logic [31:0] x_in_data, x_out_data;
  lmc_fifo #(
      .WIDTH(32),
      .DEPTH(16),
      .STYLE("srl")
  ) x_fifo (
      .clk,
      .rst,
      .in_valid(x_in_valid),
      .in_ready(x_in_ready),
      .in_data(x_in_data),
      .out_valid(x_out_valid),
      .out_ready(x_out_ready),
      .out_data(x_out_data)
  );

  logic conv_in_valid, conv_in_ready, conv_out_valid, conv_out_ready;
  logic [31:0] conv_in_data, conv_out_data;
  lmc_fifo #(
      .WIDTH(32),
      .DEPTH(16),
      .STYLE("srl")
  ) conv_fifo (
      .clk,
      .rst,
      .in_valid(conv_in_valid),
      .in_ready(conv_in_ready),
      .in_data(conv_in_data),
      .out_valid(conv_out_valid),
      .out_ready(conv_out_ready),
      .out_data(conv_out_data)
  );

  logic x_2_in_valid, x_2_in_ready, x_2_out_valid, x_2_out_ready;
  logic [31:0] x_2_in_data, x_2_out_data;
  lmc_fifo #(
      .WIDTH(32),
      .DEPTH(16),
      .STYLE("srl")
  ) x_2_fifo (
      .clk,
      .rst,
      .in_valid(x_2_in_valid),
      .in_ready(x_2_in_ready),
      .in_data(x_2_in_data),
      .out_valid(x_2_out_valid),
      .out_ready(x_2_out_ready),
      .out_data(x_2_out_data)
  );

  logic x_copy_in_valid, x_copy_in_ready, x_copy_out_valid, x_copy_out_ready;
  logic [31:0] x_copy_in_data, x_copy_out_data;
  lmc_fifo #(
      .WIDTH(32),
      .DEPTH(16),
      .STYLE("srl")
  ) x_copy_fifo (
      .clk,
      .rst,
      .in_valid(x_copy_in_valid),
      .in_ready(x_copy_in_ready),
      .in_data(x_copy_in_data),
      .out_valid(x_copy_out_valid),
      .out_ready(x_copy_out_ready),
      .out_data(x_copy_out_data)
  );

  logic x_copy_2_in_valid, x_copy_2_in_ready, x_copy_2_out_valid, x_copy_2_out_ready;
  logic [31:0] x_copy_2_in_data, x_copy_2_out_data;
  lmc_fifo #(
      .WIDTH(32),
      .DEPTH(16),
      .STYLE("srl")
  ) x_copy_2_fifo (
      .clk,
      .rst,
      .in_valid(x_copy_2_in_valid),
      .in_ready(x_copy_2_in_ready),
      .in_data(x_copy_2_in_data),
      .out_valid(x_copy_2_out_valid),
      .out_ready(x_copy_2_out_ready),
      .out_data(x_copy_2_out_data)
  );

  split split_task (
      .clk,
      .rst,
      .start,
      .done(are_done[0]),
      .n_tokens,
      .xz_valid,
      .xz_ready,
      .xz_data,
      .x_valid(x_in_valid),
      .x_ready(x_in_ready),
      .x_data(x_in_data),
      .z_valid,
      .z_ready,
      .z_data
  );

  conv1d conv1d_task (
      .clk,
      .rst,
      .start,
      .done(are_done[1]),
      .n_tokens,
      .x_valid(x_out_valid),
      .x_ready(x_out_ready),
      .x_data(x_out_data),
      .conv_state_old_valid,
      .conv_state_old_ready,
      .conv_state_old_data,
      .conv_weight_parameters_valid,
      .conv_weight_parameters_ready,
      .conv_weight_parameters_data,
      .conv_bias_parameters_valid,
      .conv_bias_parameters_ready,
      .conv_bias_parameters_data,
      .conv_valid(conv_in_valid),
      .conv_ready(conv_in_ready),
      .conv_data(conv_in_data),
      .conv_state_new_valid,
      .conv_state_new_ready,
      .conv_state_new_data
  );

  silu silu_task (
      .clk,
      .rst,
      .start,
      .done(are_done[2]),
      .n_tokens,
      .silu_x_table_valid,
      .silu_x_table_ready,
      .silu_x_table_data,
      .conv_valid(conv_out_valid),
      .conv_ready(conv_out_ready),
      .conv_data(conv_out_data),
      .x_2_valid(x_2_in_valid),
      .x_2_ready(x_2_in_ready),
      .x_2_data(x_2_in_data)
  );

  fork_x fork_x_task (
      .clk,
      .rst,
      .start,
      .done(are_done[3]),
      .n_tokens,
      .x_2_valid(x_2_out_valid),
      .x_2_ready(x_2_out_ready),
      .x_2_data(x_2_out_data),
      .x_copy_valid(x_copy_in_valid),
      .x_copy_ready(x_copy_in_ready),
      .x_copy_data(x_copy_in_data),
      .x_copy_2_valid(x_copy_2_in_valid),
      .x_copy_2_ready(x_copy_2_in_ready),
      .x_copy_2_data(x_copy_2_in_data)
  );

  keep_x_copy keep_x_copy_task (
      .clk,
      .rst,
      .start,
      .done(are_done[4]),
      .n_tokens,
      .x_copy_valid(x_copy_out_valid),
      .x_copy_ready(x_copy_out_ready),
      .x_copy_data(x_copy_out_data),
      .x_copy_kept_valid,
      .x_copy_kept_ready,
      .x_copy_kept_data
  );

  quantize_2 quantize_2_task (
      .clk,
      .rst,
      .start,
      .done(are_done[5]),
      .n_tokens,
      .x_copy_2_valid(x_copy_2_out_valid),
      .x_copy_2_ready(x_copy_2_out_ready),
      .x_copy_2_data(x_copy_2_out_data),
      .x_q_tiles_valid,
      .x_q_tiles_ready,
      .x_q_tiles_data
  );

endmodule
