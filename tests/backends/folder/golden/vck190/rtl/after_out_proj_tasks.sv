// The tasks of kernel after_out_proj, joined by FIFOs.
//
// `start` is high for a cycle; the first statements are in the next one. `done` is high
// once all tasks have ended, until the next start. A stream is valid, ready and data; a
// bank has a request with offset and length in words, then the words (docs/rtl.md).
module after_out_proj_tasks (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic hidden_copy_valid,
    output logic hidden_copy_ready,
    input  logic [47:0] hidden_copy_data,
    input  logic out_valid,
    output logic out_ready,
    input  logic [63:0] out_data,
    output logic residual_feedback_valid,
    input  logic residual_feedback_ready,
    output logic [47:0] residual_feedback_data,
    input  logic [31:0] n_logits,
    input  logic rsqrt_normed_table_2_valid,
    output logic rsqrt_normed_table_2_ready,
    input  logic [31:0] rsqrt_normed_table_2_data,
    output logic normed_q_tiles_2_valid,
    input  logic normed_q_tiles_2_ready,
    output logic [319:0] normed_q_tiles_2_data
);

  logic [3:0] are_done;
  assign done = &are_done;

  logic hidden_3_in_valid, hidden_3_in_ready, hidden_3_out_valid, hidden_3_out_ready;
  logic [47:0] hidden_3_in_data, hidden_3_out_data;
  lmc_fifo #(
      .WIDTH(48),
      .DEPTH(16),
      .STYLE("srl")
  ) hidden_3_fifo (
      .clk,
      .rst,
      .in_valid(hidden_3_in_valid),
      .in_ready(hidden_3_in_ready),
      .in_data(hidden_3_in_data),
      .out_valid(hidden_3_out_valid),
      .out_ready(hidden_3_out_ready),
      .out_data(hidden_3_out_data)
  );

  logic hidden_4_in_valid, hidden_4_in_ready, hidden_4_out_valid, hidden_4_out_ready;
  logic [47:0] hidden_4_in_data, hidden_4_out_data;
  lmc_fifo #(
      .WIDTH(48),
      .DEPTH(16),
      .STYLE("srl")
  ) hidden_4_fifo (
      .clk,
      .rst,
      .in_valid(hidden_4_in_valid),
      .in_ready(hidden_4_in_ready),
      .in_data(hidden_4_in_data),
      .out_valid(hidden_4_out_valid),
      .out_ready(hidden_4_out_ready),
      .out_data(hidden_4_out_data)
  );

  logic normed_2_in_valid, normed_2_in_ready, normed_2_out_valid, normed_2_out_ready;
  logic [31:0] normed_2_in_data, normed_2_out_data;
  lmc_fifo #(
      .WIDTH(32),
      .DEPTH(16),
      .STYLE("srl")
  ) normed_2_fifo (
      .clk,
      .rst,
      .in_valid(normed_2_in_valid),
      .in_ready(normed_2_in_ready),
      .in_data(normed_2_in_data),
      .out_valid(normed_2_out_valid),
      .out_ready(normed_2_out_ready),
      .out_data(normed_2_out_data)
  );

  add add_task (
      .clk,
      .rst,
      .start,
      .done(are_done[0]),
      .n_tokens,
      .hidden_copy_valid,
      .hidden_copy_ready,
      .hidden_copy_data,
      .out_valid,
      .out_ready,
      .out_data,
      .hidden_3_valid(hidden_3_in_valid),
      .hidden_3_ready(hidden_3_in_ready),
      .hidden_3_data(hidden_3_in_data)
  );

  leave_layer leave_layer_task (
      .clk,
      .rst,
      .start,
      .done(are_done[1]),
      .n_tokens,
      .n_logits,
      .hidden_3_valid(hidden_3_out_valid),
      .hidden_3_ready(hidden_3_out_ready),
      .hidden_3_data(hidden_3_out_data),
      .residual_feedback_valid,
      .residual_feedback_ready,
      .residual_feedback_data,
      .hidden_4_valid(hidden_4_in_valid),
      .hidden_4_ready(hidden_4_in_ready),
      .hidden_4_data(hidden_4_in_data)
  );

  rms_norm_2 rms_norm_2_task (
      .clk,
      .rst,
      .start,
      .done(are_done[2]),
      .n_logits,
      .rsqrt_normed_table_2_valid,
      .rsqrt_normed_table_2_ready,
      .rsqrt_normed_table_2_data,
      .hidden_4_valid(hidden_4_out_valid),
      .hidden_4_ready(hidden_4_out_ready),
      .hidden_4_data(hidden_4_out_data),
      .normed_2_valid(normed_2_in_valid),
      .normed_2_ready(normed_2_in_ready),
      .normed_2_data(normed_2_in_data)
  );

  quantize_5 quantize_5_task (
      .clk,
      .rst,
      .start,
      .done(are_done[3]),
      .n_logits,
      .normed_2_valid(normed_2_out_valid),
      .normed_2_ready(normed_2_out_ready),
      .normed_2_data(normed_2_out_data),
      .normed_q_tiles_2_valid,
      .normed_q_tiles_2_ready,
      .normed_q_tiles_2_data
  );

endmodule
