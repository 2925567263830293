// The tasks of kernel after_lm_head, joined by FIFOs.
//
// `start` is high for a cycle; the first statements are in the next one. `done` is high
// once all tasks have ended, until the next start. A stream is valid, ready and data; a
// bank has a request with offset and length in words, then the words (docs/rtl.md).
module after_lm_head_tasks (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_logits,
    input  logic logits_2_valid,
    output logic logits_2_ready,
    input  logic [63:0] logits_2_data,
    output logic logits_kept_valid,
    input  logic logits_kept_ready,
    output logic [63:0] logits_kept_data,
    output logic tokens_2_valid,
    input  logic tokens_2_ready,
    output logic [31:0] tokens_2_data,
    output logic chosen_tokens_valid,
    input  logic chosen_tokens_ready,
    output logic [31:0] chosen_tokens_data
);

  logic [1:0] are_done;
  assign done = &are_done;

  logic logits_judged_in_valid, logits_judged_in_ready, logits_judged_out_valid,
      logits_judged_out_ready;
  logic [63:0] logits_judged_in_data, logits_judged_out_data;
  lmc_fifo #(
      .WIDTH(64),
      .DEPTH(16),
      .STYLE("srl")
  ) logits_judged_fifo (
      .clk,
      .rst,
      .in_valid(logits_judged_in_valid),
      .in_ready(logits_judged_in_ready),
      .in_data(logits_judged_in_data),
      .out_valid(logits_judged_out_valid),
      .out_ready(logits_judged_out_ready),
      .out_data(logits_judged_out_data)
  );

  fork_logits fork_logits_task (
      .clk,
      .rst,
      .start,
      .done(are_done[0]),
      .n_logits,
      .logits_2_valid,
      .logits_2_ready,
      .logits_2_data,
      .logits_kept_valid,
      .logits_kept_ready,
      .logits_kept_data,
      .logits_judged_valid(logits_judged_in_valid),
      .logits_judged_ready(logits_judged_in_ready),
      .logits_judged_data(logits_judged_in_data)
  );

  choose_greedily choose_greedily_task (
      .clk,
      .rst,
      .start,
      .done(are_done[1]),
      .n_logits,
      .logits_judged_valid(logits_judged_out_valid),
      .logits_judged_ready(logits_judged_out_ready),
      .logits_judged_data(logits_judged_out_data),
      .tokens_2_valid,
      .tokens_2_ready,
      .tokens_2_data,
      .chosen_tokens_valid,
      .chosen_tokens_ready,
      .chosen_tokens_data
  );

endmodule
