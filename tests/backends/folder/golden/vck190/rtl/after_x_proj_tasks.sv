// The tasks of kernel after_x_proj, joined by FIFOs.
//
// `start` is high for a cycle; the first statements are in the next one. `done` is high
// once all tasks have ended, until the next start. A stream is valid, ready and data; a
// bank has a request with offset and length in words, then the words (docs/rtl.md).
module after_x_proj_tasks (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic dbc_valid,
    output logic dbc_ready,
    input  logic [31:0] dbc_data,
    output logic b_valid,
    input  logic b_ready,
    output logic [31:0] b_data,
    output logic c_valid,
    input  logic c_ready,
    output logic [31:0] c_data,
    output logic dt_q_tiles_valid,
    input  logic dt_q_tiles_ready,
    output logic [319:0] dt_q_tiles_data
);

  logic [1:0] are_done;
  assign done = &are_done;

  logic dt_2_in_valid, dt_2_in_ready, dt_2_out_valid, dt_2_out_ready;
  logic [31:0] dt_2_in_data, dt_2_out_data;
  lmc_fifo #(
      .WIDTH(32),
      .DEPTH(16),
      .STYLE("srl")
  ) dt_2_fifo (
      .clk,
      .rst,
      .in_valid(dt_2_in_valid),
      .in_ready(dt_2_in_ready),
      .in_data(dt_2_in_data),
      .out_valid(dt_2_out_valid),
      .out_ready(dt_2_out_ready),
      .out_data(dt_2_out_data)
  );

  split_2 split_2_task (
      .clk,
      .rst,
      .start,
      .done(are_done[0]),
      .n_tokens,
      .dbc_valid,
      .dbc_ready,
      .dbc_data,
      .dt_2_valid(dt_2_in_valid),
      .dt_2_ready(dt_2_in_ready),
      .dt_2_data(dt_2_in_data),
      .b_valid,
      .b_ready,
      .b_data,
      .c_valid,
      .c_ready,
      .c_data
  );

  quantize_3 quantize_3_task (
      .clk,
      .rst,
      .start,
      .done(are_done[1]),
      .n_tokens,
      .dt_2_valid(dt_2_out_valid),
      .dt_2_ready(dt_2_out_ready),
      .dt_2_data(dt_2_out_data),
      .dt_q_tiles_valid,
      .dt_q_tiles_ready,
      .dt_q_tiles_data
  );

endmodule
