// The tasks of kernel store, joined by FIFOs.
//
// `start` is high for a cycle; the first statements are in the next one. `done` is high
// once all tasks have ended, until the next start. A stream is valid, ready and data; a
// bank has a request with offset and length in words, then the words (docs/rtl.md).
module store_tasks (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic conv_state_saved_valid,
    output logic conv_state_saved_ready,
    input  logic [95:0] conv_state_saved_data,
    output logic conv_state_state_aw_valid,
    input  logic conv_state_state_aw_ready,
    output logic [63:0] conv_state_state_aw_offset,
    output logic [31:0] conv_state_state_aw_length,
    output logic conv_state_state_w_valid,
    input  logic conv_state_state_w_ready,
    output logic [511:0] conv_state_state_w_data,
    input  logic conv_state_state_b_valid,
    output logic conv_state_state_b_ready,
    input  logic ssm_state_saved_valid,
    output logic ssm_state_saved_ready,
    input  logic [31:0] ssm_state_saved_data,
    output logic ssm_state_state_aw_valid,
    input  logic ssm_state_state_aw_ready,
    output logic [63:0] ssm_state_state_aw_offset,
    output logic [31:0] ssm_state_state_aw_length,
    output logic ssm_state_state_w_valid,
    input  logic ssm_state_state_w_ready,
    output logic [511:0] ssm_state_state_w_data,
    input  logic ssm_state_state_b_valid,
    output logic ssm_state_state_b_ready,
    input  logic ssm_state_exponents_saved_valid,
    output logic ssm_state_exponents_saved_ready,
    input  logic [3:0] ssm_state_exponents_saved_data,
    output logic ssm_state_exponents_state_aw_valid,
    input  logic ssm_state_exponents_state_aw_ready,
    output logic [63:0] ssm_state_exponents_state_aw_offset,
    output logic [31:0] ssm_state_exponents_state_aw_length,
    output logic ssm_state_exponents_state_w_valid,
    input  logic ssm_state_exponents_state_w_ready,
    output logic [511:0] ssm_state_exponents_state_w_data,
    input  logic ssm_state_exponents_state_b_valid,
    output logic ssm_state_exponents_state_b_ready,
    input  logic [31:0] n_logits,
    input  logic logits_kept_valid,
    output logic logits_kept_ready,
    input  logic [63:0] logits_kept_data,
    output logic logits_aw_valid,
    input  logic logits_aw_ready,
    output logic [63:0] logits_aw_offset,
    output logic [31:0] logits_aw_length,
    output logic logits_w_valid,
    input  logic logits_w_ready,
    output logic [511:0] logits_w_data,
    input  logic logits_b_valid,
    output logic logits_b_ready,
    input  logic tokens_2_valid,
    output logic tokens_2_ready,
    input  logic [31:0] tokens_2_data,
    output logic tokens_aw_valid,
    input  logic tokens_aw_ready,
    output logic [63:0] tokens_aw_offset,
    output logic [31:0] tokens_aw_length,
    output logic tokens_w_valid,
    input  logic tokens_w_ready,
    output logic [31:0] tokens_w_data,
    input  logic tokens_b_valid,
    output logic tokens_b_ready
);

  logic [8:0] are_done;
  assign done = &are_done;

  logic conv_state_saved_words_in_valid, conv_state_saved_words_in_ready,
      conv_state_saved_words_out_valid, conv_state_saved_words_out_ready;
  logic [511:0] conv_state_saved_words_in_data, conv_state_saved_words_out_data;
  lmc_fifo #(
      .WIDTH(512),
      .DEPTH(16),
      .STYLE("srl")
  ) conv_state_saved_words_fifo (
      .clk,
      .rst,
      .in_valid(conv_state_saved_words_in_valid),
      .in_ready(conv_state_saved_words_in_ready),
      .in_data(conv_state_saved_words_in_data),
      .out_valid(conv_state_saved_words_out_valid),
      .out_ready(conv_state_saved_words_out_ready),
      .out_data(conv_state_saved_words_out_data)
  );

  logic ssm_state_saved_words_in_valid, ssm_state_saved_words_in_ready,
      ssm_state_saved_words_out_valid, ssm_state_saved_words_out_ready;
  logic [511:0] ssm_state_saved_words_in_data, ssm_state_saved_words_out_data;
  lmc_fifo #(
      .WIDTH(512),
      .DEPTH(16),
      .STYLE("srl")
  ) ssm_state_saved_words_fifo (
      .clk,
      .rst,
      .in_valid(ssm_state_saved_words_in_valid),
      .in_ready(ssm_state_saved_words_in_ready),
      .in_data(ssm_state_saved_words_in_data),
      .out_valid(ssm_state_saved_words_out_valid),
      .out_ready(ssm_state_saved_words_out_ready),
      .out_data(ssm_state_saved_words_out_data)
  );

  logic ssm_state_exponents_saved_words_in_valid, ssm_state_exponents_saved_words_in_ready,
      ssm_state_exponents_saved_words_out_valid, ssm_state_exponents_saved_words_out_ready;
  logic [511:0] ssm_state_exponents_saved_words_in_data, ssm_state_exponents_saved_words_out_data;
  lmc_fifo #(
      .WIDTH(512),
      .DEPTH(16),
      .STYLE("srl")
  ) ssm_state_exponents_saved_words_fifo (
      .clk,
      .rst,
      .in_valid(ssm_state_exponents_saved_words_in_valid),
      .in_ready(ssm_state_exponents_saved_words_in_ready),
      .in_data(ssm_state_exponents_saved_words_in_data),
      .out_valid(ssm_state_exponents_saved_words_out_valid),
      .out_ready(ssm_state_exponents_saved_words_out_ready),
      .out_data(ssm_state_exponents_saved_words_out_data)
  );

  logic logits_words_in_valid, logits_words_in_ready, logits_words_out_valid,
      logits_words_out_ready;
  logic [511:0] logits_words_in_data, logits_words_out_data;
  lmc_fifo #(
      .WIDTH(512),
      .DEPTH(16),
      .STYLE("srl")
  ) logits_words_fifo (
      .clk,
      .rst,
      .in_valid(logits_words_in_valid),
      .in_ready(logits_words_in_ready),
      .in_data(logits_words_in_data),
      .out_valid(logits_words_out_valid),
      .out_ready(logits_words_out_ready),
      .out_data(logits_words_out_data)
  );

  pack_conv_state pack_conv_state_task (
      .clk,
      .rst,
      .start,
      .done(are_done[0]),
      .conv_state_saved_valid,
      .conv_state_saved_ready,
      .conv_state_saved_data,
      .conv_state_saved_words_valid(conv_state_saved_words_in_valid),
      .conv_state_saved_words_ready(conv_state_saved_words_in_ready),
      .conv_state_saved_words_data(conv_state_saved_words_in_data)
  );

  write_conv_state write_conv_state_task (
      .clk,
      .rst,
      .start,
      .done(are_done[1]),
      .conv_state_saved_words_valid(conv_state_saved_words_out_valid),
      .conv_state_saved_words_ready(conv_state_saved_words_out_ready),
      .conv_state_saved_words_data(conv_state_saved_words_out_data),
      .conv_state_state_aw_valid,
      .conv_state_state_aw_ready,
      .conv_state_state_aw_offset,
      .conv_state_state_aw_length,
      .conv_state_state_w_valid,
      .conv_state_state_w_ready,
      .conv_state_state_w_data,
      .conv_state_state_b_valid,
      .conv_state_state_b_ready
  );

  pack_ssm_state pack_ssm_state_task (
      .clk,
      .rst,
      .start,
      .done(are_done[2]),
      .ssm_state_saved_valid,
      .ssm_state_saved_ready,
      .ssm_state_saved_data,
      .ssm_state_saved_words_valid(ssm_state_saved_words_in_valid),
      .ssm_state_saved_words_ready(ssm_state_saved_words_in_ready),
      .ssm_state_saved_words_data(ssm_state_saved_words_in_data)
  );

  write_ssm_state write_ssm_state_task (
      .clk,
      .rst,
      .start,
      .done(are_done[3]),
      .ssm_state_saved_words_valid(ssm_state_saved_words_out_valid),
      .ssm_state_saved_words_ready(ssm_state_saved_words_out_ready),
      .ssm_state_saved_words_data(ssm_state_saved_words_out_data),
      .ssm_state_state_aw_valid,
      .ssm_state_state_aw_ready,
      .ssm_state_state_aw_offset,
      .ssm_state_state_aw_length,
      .ssm_state_state_w_valid,
      .ssm_state_state_w_ready,
      .ssm_state_state_w_data,
      .ssm_state_state_b_valid,
      .ssm_state_state_b_ready
  );

  pack_ssm_state_exponents pack_ssm_state_exponents_task (
      .clk,
      .rst,
      .start,
      .done(are_done[4]),
      .ssm_state_exponents_saved_valid,
      .ssm_state_exponents_saved_ready,
      .ssm_state_exponents_saved_data,
      .ssm_state_exponents_saved_words_valid(ssm_state_exponents_saved_words_in_valid),
      .ssm_state_exponents_saved_words_ready(ssm_state_exponents_saved_words_in_ready),
      .ssm_state_exponents_saved_words_data(ssm_state_exponents_saved_words_in_data)
  );

  write_ssm_state_exponents write_ssm_state_exponents_task (
      .clk,
      .rst,
      .start,
      .done(are_done[5]),
      .ssm_state_exponents_saved_words_valid(ssm_state_exponents_saved_words_out_valid),
      .ssm_state_exponents_saved_words_ready(ssm_state_exponents_saved_words_out_ready),
      .ssm_state_exponents_saved_words_data(ssm_state_exponents_saved_words_out_data),
      .ssm_state_exponents_state_aw_valid,
      .ssm_state_exponents_state_aw_ready,
      .ssm_state_exponents_state_aw_offset,
      .ssm_state_exponents_state_aw_length,
      .ssm_state_exponents_state_w_valid,
      .ssm_state_exponents_state_w_ready,
      .ssm_state_exponents_state_w_data,
      .ssm_state_exponents_state_b_valid,
      .ssm_state_exponents_state_b_ready
  );

  pack_logits pack_logits_task (
      .clk,
      .rst,
      .start,
      .done(are_done[6]),
      .n_logits,
      .logits_kept_valid,
      .logits_kept_ready,
      .logits_kept_data,
      .logits_words_valid(logits_words_in_valid),
      .logits_words_ready(logits_words_in_ready),
      .logits_words_data(logits_words_in_data)
  );

  write_logits write_logits_task (
      .clk,
      .rst,
      .start,
      .done(are_done[7]),
      .n_logits,
      .logits_words_valid(logits_words_out_valid),
      .logits_words_ready(logits_words_out_ready),
      .logits_words_data(logits_words_out_data),
      .logits_aw_valid,
      .logits_aw_ready,
      .logits_aw_offset,
      .logits_aw_length,
      .logits_w_valid,
      .logits_w_ready,
      .logits_w_data,
      .logits_b_valid,
      .logits_b_ready
  );

  write_tokens write_tokens_task (
      .clk,
      .rst,
      .start,
      .done(are_done[8]),
      .n_logits,
      .tokens_2_valid,
      .tokens_2_ready,
      .tokens_2_data,
      .tokens_aw_valid,
      .tokens_aw_ready,
      .tokens_aw_offset,
      .tokens_aw_length,
      .tokens_w_valid,
      .tokens_w_ready,
      .tokens_w_data,
      .tokens_b_valid,
      .tokens_b_ready
  );

endmodule
