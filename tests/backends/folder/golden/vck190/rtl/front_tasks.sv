// The tasks of kernel front, joined by FIFOs.
//
// `start` is high for a cycle; the first statements are in the next one. `done` is high
// once all tasks have ended, until the next start. A stream is valid, ready and data; a
// bank has a request with offset and length in words, then the words (docs/rtl.md).
module front_tasks (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic embedding_elements_valid,
    output logic embedding_elements_ready,
    input  logic [26:0] embedding_elements_data,
    input  logic residual_feedback_valid,
    output logic residual_feedback_ready,
    input  logic [47:0] residual_feedback_data,
    output logic hidden_copy_valid,
    input  logic hidden_copy_ready,
    output logic [47:0] hidden_copy_data,
    input  logic rsqrt_normed_table_valid,
    output logic rsqrt_normed_table_ready,
    input  logic [31:0] rsqrt_normed_table_data,
    output logic normed_q_tiles_valid,
    input  logic normed_q_tiles_ready,
    output logic [319:0] normed_q_tiles_data
);

  logic [4:0] are_done;
  assign done = &are_done;

  logic hidden_in_valid, hidden_in_ready, hidden_out_valid, hidden_out_ready;
  logic [47:0] hidden_in_data, hidden_out_data;
  lmc_fifo #(
      .WIDTH(48),
      .DEPTH(16),
      .STYLE("srl")
  ) hidden_fifo (
      .clk,
      .rst,
      .in_valid(hidden_in_valid),
      .in_ready(hidden_in_ready),
      .in_data(hidden_in_data),
      .out_valid(hidden_out_valid),
      .out_ready(hidden_out_ready),
      .out_data(hidden_out_data)
  );

  logic hidden_2_in_valid, hidden_2_in_ready, hidden_2_out_valid, hidden_2_out_ready;
  logic [47:0] hidden_2_in_data, hidden_2_out_data;
  lmc_fifo #(
      .WIDTH(48),
      .DEPTH(16),
      .STYLE("srl")
  ) hidden_2_fifo (
      .clk,
      .rst,
      .in_valid(hidden_2_in_valid),
      .in_ready(hidden_2_in_ready),
      .in_data(hidden_2_in_data),
      .out_valid(hidden_2_out_valid),
      .out_ready(hidden_2_out_ready),
      .out_data(hidden_2_out_data)
  );

  logic hidden_copy_2_in_valid, hidden_copy_2_in_ready, hidden_copy_2_out_valid,
      hidden_copy_2_out_ready;
  logic [47:0] hidden_copy_2_in_data, hidden_copy_2_out_data;
  lmc_fifo #(
      .WIDTH(48),
      .DEPTH(16),
      .STYLE("srl")
  ) hidden_copy_2_fifo (
      .clk,
      .rst,
      .in_valid(hidden_copy_2_in_valid),
      .in_ready(hidden_copy_2_in_ready),
      .in_data(hidden_copy_2_in_data),
      .out_valid(hidden_copy_2_out_valid),
      .out_ready(hidden_copy_2_out_ready),
      .out_data(hidden_copy_2_out_data)
  );

  logic normed_in_valid, normed_in_ready, normed_out_valid, normed_out_ready;
  logic [31:0] normed_in_data, normed_out_data;
  lmc_fifo #(
      .WIDTH(32),
      .DEPTH(16),
      .STYLE("srl")
  ) normed_fifo (
      .clk,
      .rst,
      .in_valid(normed_in_valid),
      .in_ready(normed_in_ready),
      .in_data(normed_in_data),
      .out_valid(normed_out_valid),
      .out_ready(normed_out_ready),
      .out_data(normed_out_data)
  );

  embedding_2 embedding_2_task (
      .clk,
      .rst,
      .start,
      .done(are_done[0]),
      .n_tokens,
      .embedding_elements_valid,
      .embedding_elements_ready,
      .embedding_elements_data,
      .hidden_valid(hidden_in_valid),
      .hidden_ready(hidden_in_ready),
      .hidden_data(hidden_in_data)
  );

  enter_layer enter_layer_task (
      .clk,
      .rst,
      .start,
      .done(are_done[1]),
      .n_tokens,
      .hidden_valid(hidden_out_valid),
      .hidden_ready(hidden_out_ready),
      .hidden_data(hidden_out_data),
      .residual_feedback_valid,
      .residual_feedback_ready,
      .residual_feedback_data,
      .hidden_2_valid(hidden_2_in_valid),
      .hidden_2_ready(hidden_2_in_ready),
      .hidden_2_data(hidden_2_in_data)
  );

  fork_hidden fork_hidden_task (
      .clk,
      .rst,
      .start,
      .done(are_done[2]),
      .n_tokens,
      .hidden_2_valid(hidden_2_out_valid),
      .hidden_2_ready(hidden_2_out_ready),
      .hidden_2_data(hidden_2_out_data),
      .hidden_copy_2_valid(hidden_copy_2_in_valid),
      .hidden_copy_2_ready(hidden_copy_2_in_ready),
      .hidden_copy_2_data(hidden_copy_2_in_data),
      .hidden_copy_valid,
      .hidden_copy_ready,
      .hidden_copy_data
  );

  rms_norm rms_norm_task (
      .clk,
      .rst,
      .start,
      .done(are_done[3]),
      .n_tokens,
      .rsqrt_normed_table_valid,
      .rsqrt_normed_table_ready,
      .rsqrt_normed_table_data,
      .hidden_copy_2_valid(hidden_copy_2_out_valid),
      .hidden_copy_2_ready(hidden_copy_2_out_ready),
      .hidden_copy_2_data(hidden_copy_2_out_data),
      .normed_valid(normed_in_valid),
      .normed_ready(normed_in_ready),
      .normed_data(normed_in_data)
  );

  quantize quantize_task (
      .clk,
      .rst,
      .start,
      .done(are_done[4]),
      .n_tokens,
      .normed_valid(normed_out_valid),
      .normed_ready(normed_out_ready),
      .normed_data(normed_out_data),
      .normed_q_tiles_valid,
      .normed_q_tiles_ready,
      .normed_q_tiles_data
  );

endmodule
