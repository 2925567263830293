// The tasks of kernel matrix, joined by FIFOs.
//
// `start` is high for a cycle; the first statements are in the next one. `done` is high
// once all tasks have ended, until the next start. A stream is valid, ready and data; a
// bank has a request with offset and length in words, then the words (docs/rtl.md).
module matrix_tasks (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic normed_q_tiles_valid,
    output logic normed_q_tiles_ready,
    input  logic [319:0] normed_q_tiles_data,
    input  logic x_q_tiles_valid,
    output logic x_q_tiles_ready,
    input  logic [319:0] x_q_tiles_data,
    input  logic dt_q_tiles_valid,
    output logic dt_q_tiles_ready,
    input  logic [319:0] dt_q_tiles_data,
    input  logic rotated_q_tiles_valid,
    output logic rotated_q_tiles_ready,
    input  logic [319:0] rotated_q_tiles_data,
    input  logic [31:0] n_logits,
    input  logic normed_q_tiles_2_valid,
    output logic normed_q_tiles_2_ready,
    input  logic [319:0] normed_q_tiles_2_data,
    output logic weights_0_ar_valid,
    input  logic weights_0_ar_ready,
    output logic [63:0] weights_0_ar_offset,
    output logic [31:0] weights_0_ar_length,
    input  logic weights_0_r_valid,
    output logic weights_0_r_ready,
    input  logic [511:0] weights_0_r_data,
    output logic xz_valid,
    input  logic xz_ready,
    output logic [31:0] xz_data,
    output logic dbc_valid,
    input  logic dbc_ready,
    output logic [31:0] dbc_data,
    output logic dt_valid,
    input  logic dt_ready,
    output logic [31:0] dt_data,
    output logic out_valid,
    input  logic out_ready,
    output logic [63:0] out_data,
    output logic logits_2_valid,
    input  logic logits_2_ready,
    output logic [63:0] logits_2_data
);

  logic [6:0] are_done;
  assign done = &are_done;

  logic activations_0_in_valid, activations_0_in_ready, activations_0_out_valid,
      activations_0_out_ready;
  logic [319:0] activations_0_in_data, activations_0_out_data;
  lmc_fifo #(
      .WIDTH(320),
      .DEPTH(4),
      .STYLE("srl")
  ) activations_0_fifo (
      .clk,
      .rst,
      .in_valid(activations_0_in_valid),
      .in_ready(activations_0_in_ready),
      .in_data(activations_0_in_data),
      .out_valid(activations_0_out_valid),
      .out_ready(activations_0_out_ready),
      .out_data(activations_0_out_data)
  );

  logic lane_words_0_in_valid, lane_words_0_in_ready, lane_words_0_out_valid,
      lane_words_0_out_ready;
  logic [511:0] lane_words_0_in_data, lane_words_0_out_data;
  lmc_fifo #(
      .WIDTH(512),
      .DEPTH(4096),
      .STYLE("uram")
  ) lane_words_0_fifo (
      .clk,
      .rst,
      .in_valid(lane_words_0_in_valid),
      .in_ready(lane_words_0_in_ready),
      .in_data(lane_words_0_in_data),
      .out_valid(lane_words_0_out_valid),
      .out_ready(lane_words_0_out_ready),
      .out_data(lane_words_0_out_data)
  );

  logic weight_words_0_in_valid, weight_words_0_in_ready, weight_words_0_out_valid,
      weight_words_0_out_ready;
  logic [511:0] weight_words_0_in_data, weight_words_0_out_data;
  lmc_fifo #(
      .WIDTH(512),
      .DEPTH(16),
      .STYLE("srl")
  ) weight_words_0_fifo (
      .clk,
      .rst,
      .in_valid(weight_words_0_in_valid),
      .in_ready(weight_words_0_in_ready),
      .in_data(weight_words_0_in_data),
      .out_valid(weight_words_0_out_valid),
      .out_ready(weight_words_0_out_ready),
      .out_data(weight_words_0_out_data)
  );

  logic scale_words_0_in_valid, scale_words_0_in_ready, scale_words_0_out_valid,
      scale_words_0_out_ready;
  logic [511:0] scale_words_0_in_data, scale_words_0_out_data;
  lmc_fifo #(
      .WIDTH(512),
      .DEPTH(16),
      .STYLE("srl")
  ) scale_words_0_fifo (
      .clk,
      .rst,
      .in_valid(scale_words_0_in_valid),
      .in_ready(scale_words_0_in_ready),
      .in_data(scale_words_0_in_data),
      .out_valid(scale_words_0_out_valid),
      .out_ready(scale_words_0_out_ready),
      .out_data(scale_words_0_out_data)
  );

  logic scales_0_in_valid, scales_0_in_ready, scales_0_out_valid, scales_0_out_ready;
  logic [43:0] scales_0_in_data, scales_0_out_data;
  lmc_fifo #(
      .WIDTH(44),
      .DEPTH(20),
      .STYLE("srl")
  ) scales_0_fifo (
      .clk,
      .rst,
      .in_valid(scales_0_in_valid),
      .in_ready(scales_0_in_ready),
      .in_data(scales_0_in_data),
      .out_valid(scales_0_out_valid),
      .out_ready(scales_0_out_ready),
      .out_data(scales_0_out_data)
  );

  logic rows_0_in_valid, rows_0_in_ready, rows_0_out_valid, rows_0_out_ready;
  logic [199:0] rows_0_in_data, rows_0_out_data;
  lmc_fifo #(
      .WIDTH(200),
      .DEPTH(16),
      .STYLE("srl")
  ) rows_0_fifo (
      .clk,
      .rst,
      .in_valid(rows_0_in_valid),
      .in_ready(rows_0_in_ready),
      .in_data(rows_0_in_data),
      .out_valid(rows_0_out_valid),
      .out_ready(rows_0_out_ready),
      .out_data(rows_0_out_data)
  );

  logic row_words_in_valid, row_words_in_ready, row_words_out_valid, row_words_out_ready;
  logic [63:0] row_words_in_data, row_words_out_data;
  lmc_fifo #(
      .WIDTH(64),
      .DEPTH(16),
      .STYLE("srl")
  ) row_words_fifo (
      .clk,
      .rst,
      .in_valid(row_words_in_valid),
      .in_ready(row_words_in_ready),
      .in_data(row_words_in_data),
      .out_valid(row_words_out_valid),
      .out_ready(row_words_out_ready),
      .out_data(row_words_out_data)
  );

  gather gather_task (
      .clk,
      .rst,
      .start,
      .done(are_done[0]),
      .n_tokens,
      .n_logits,
      .normed_q_tiles_valid,
      .normed_q_tiles_ready,
      .normed_q_tiles_data,
      .x_q_tiles_valid,
      .x_q_tiles_ready,
      .x_q_tiles_data,
      .dt_q_tiles_valid,
      .dt_q_tiles_ready,
      .dt_q_tiles_data,
      .rotated_q_tiles_valid,
      .rotated_q_tiles_ready,
      .rotated_q_tiles_data,
      .normed_q_tiles_2_valid,
      .normed_q_tiles_2_ready,
      .normed_q_tiles_2_data,
      .activations_0_valid(activations_0_in_valid),
      .activations_0_ready(activations_0_in_ready),
      .activations_0_data(activations_0_in_data)
  );

  read_weights_0 read_weights_0_task (
      .clk,
      .rst,
      .start,
      .done(are_done[1]),
      .n_tokens,
      .n_logits,
      .lane_words_0_valid(lane_words_0_in_valid),
      .lane_words_0_ready(lane_words_0_in_ready),
      .lane_words_0_data(lane_words_0_in_data),
      .weights_0_ar_valid,
      .weights_0_ar_ready,
      .weights_0_ar_offset,
      .weights_0_ar_length,
      .weights_0_r_valid,
      .weights_0_r_ready,
      .weights_0_r_data
  );

  deal_0 deal_0_task (
      .clk,
      .rst,
      .start,
      .done(are_done[2]),
      .n_tokens,
      .n_logits,
      .lane_words_0_valid(lane_words_0_out_valid),
      .lane_words_0_ready(lane_words_0_out_ready),
      .lane_words_0_data(lane_words_0_out_data),
      .scale_words_0_valid(scale_words_0_in_valid),
      .scale_words_0_ready(scale_words_0_in_ready),
      .scale_words_0_data(scale_words_0_in_data),
      .weight_words_0_valid(weight_words_0_in_valid),
      .weight_words_0_ready(weight_words_0_in_ready),
      .weight_words_0_data(weight_words_0_in_data)
  );

  deal_scales_0 deal_scales_0_task (
      .clk,
      .rst,
      .start,
      .done(are_done[3]),
      .n_tokens,
      .n_logits,
      .scale_words_0_valid(scale_words_0_out_valid),
      .scale_words_0_ready(scale_words_0_out_ready),
      .scale_words_0_data(scale_words_0_out_data),
      .scales_0_valid(scales_0_in_valid),
      .scales_0_ready(scales_0_in_ready),
      .scales_0_data(scales_0_in_data)
  );

  lane_0 lane_0_task (
      .clk,
      .rst,
      .start,
      .done(are_done[4]),
      .n_tokens,
      .n_logits,
      .activations_0_valid(activations_0_out_valid),
      .activations_0_ready(activations_0_out_ready),
      .activations_0_data(activations_0_out_data),
      .scales_0_valid(scales_0_out_valid),
      .scales_0_ready(scales_0_out_ready),
      .scales_0_data(scales_0_out_data),
      .weight_words_0_valid(weight_words_0_out_valid),
      .weight_words_0_ready(weight_words_0_out_ready),
      .weight_words_0_data(weight_words_0_out_data),
      .rows_0_valid(rows_0_in_valid),
      .rows_0_ready(rows_0_in_ready),
      .rows_0_data(rows_0_in_data)
  );

  join_rows join_rows_task (
      .clk,
      .rst,
      .start,
      .done(are_done[5]),
      .n_tokens,
      .n_logits,
      .rows_0_valid(rows_0_out_valid),
      .rows_0_ready(rows_0_out_ready),
      .rows_0_data(rows_0_out_data),
      .row_words_valid(row_words_in_valid),
      .row_words_ready(row_words_in_ready),
      .row_words_data(row_words_in_data)
  );

  scatter scatter_task (
      .clk,
      .rst,
      .start,
      .done(are_done[6]),
      .n_tokens,
      .n_logits,
      .row_words_valid(row_words_out_valid),
      .row_words_ready(row_words_out_ready),
      .row_words_data(row_words_out_data),
      .xz_valid,
      .xz_ready,
      .xz_data,
      .dbc_valid,
      .dbc_ready,
      .dbc_data,
      .dt_valid,
      .dt_ready,
      .dt_data,
      .out_valid,
      .out_ready,
      .out_data,
      .logits_2_valid,
      .logits_2_ready,
      .logits_2_data
  );

endmodule
