// The tasks of kernel load, joined by FIFOs.
//
// `start` is high for a cycle; the first statements are in the next one. `done` is high
// once all tasks have ended, until the next start. A stream is valid, ready and data; a
// bank has a request with offset and length in words, then the words (docs/rtl.md).
module load_tasks (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_prompt,
    output logic prompt_ar_valid,
    input  logic prompt_ar_ready,
    output logic [63:0] prompt_ar_offset,
    output logic [31:0] prompt_ar_length,
    input  logic prompt_r_valid,
    output logic prompt_r_ready,
    input  logic [31:0] prompt_r_data,
    input  logic [31:0] n_tokens,
    input  logic [31:0] n_logits,
    input  logic chosen_tokens_valid,
    output logic chosen_tokens_ready,
    input  logic [31:0] chosen_tokens_data,
    output logic embedding_ar_valid,
    input  logic embedding_ar_ready,
    output logic [63:0] embedding_ar_offset,
    output logic [31:0] embedding_ar_length,
    input  logic embedding_r_valid,
    output logic embedding_r_ready,
    input  logic [511:0] embedding_r_data,
    output logic embedding_elements_valid,
    input  logic embedding_elements_ready,
    output logic [26:0] embedding_elements_data,
    output logic conv_state_state_ar_valid,
    input  logic conv_state_state_ar_ready,
    output logic [63:0] conv_state_state_ar_offset,
    output logic [31:0] conv_state_state_ar_length,
    input  logic conv_state_state_r_valid,
    output logic conv_state_state_r_ready,
    input  logic [511:0] conv_state_state_r_data,
    output logic conv_state_loaded_valid,
    input  logic conv_state_loaded_ready,
    output logic [95:0] conv_state_loaded_data,
    output logic ssm_state_state_ar_valid,
    input  logic ssm_state_state_ar_ready,
    output logic [63:0] ssm_state_state_ar_offset,
    output logic [31:0] ssm_state_state_ar_length,
    input  logic ssm_state_state_r_valid,
    output logic ssm_state_state_r_ready,
    input  logic [511:0] ssm_state_state_r_data,
    output logic ssm_state_loaded_valid,
    input  logic ssm_state_loaded_ready,
    output logic [31:0] ssm_state_loaded_data,
    output logic ssm_state_exponents_state_ar_valid,
    input  logic ssm_state_exponents_state_ar_ready,
    output logic [63:0] ssm_state_exponents_state_ar_offset,
    output logic [31:0] ssm_state_exponents_state_ar_length,
    input  logic ssm_state_exponents_state_r_valid,
    output logic ssm_state_exponents_state_r_ready,
    input  logic [511:0] ssm_state_exponents_state_r_data,
    output logic ssm_state_exponents_loaded_valid,
    input  logic ssm_state_exponents_loaded_ready,
    output logic [3:0] ssm_state_exponents_loaded_data,
    output logic parameters_ar_valid,
    input  logic parameters_ar_ready,
    output logic [63:0] parameters_ar_offset,
    output logic [31:0] parameters_ar_length,
    input  logic parameters_r_valid,
    output logic parameters_r_ready,
    input  logic [511:0] parameters_r_data,
    output logic conv_weight_parameters_valid,
    input  logic conv_weight_parameters_ready,
    output logic [127:0] conv_weight_parameters_data,
    output logic conv_bias_parameters_valid,
    input  logic conv_bias_parameters_ready,
    output logic [53:0] conv_bias_parameters_data,
    output logic dt_bias_parameters_valid,
    input  logic dt_bias_parameters_ready,
    output logic [23:0] dt_bias_parameters_data,
    output logic a_parameters_valid,
    input  logic a_parameters_ready,
    output logic [63:0] a_parameters_data,
    output logic d_parameters_valid,
    input  logic d_parameters_ready,
    output logic [15:0] d_parameters_data,
    output logic tables_ar_valid,
    input  logic tables_ar_ready,
    output logic [63:0] tables_ar_offset,
    output logic [31:0] tables_ar_length,
    input  logic tables_r_valid,
    output logic tables_r_ready,
    input  logic [511:0] tables_r_data,
    output logic rsqrt_normed_table_valid,
    input  logic rsqrt_normed_table_ready,
    output logic [31:0] rsqrt_normed_table_data,
    output logic silu_x_table_valid,
    input  logic silu_x_table_ready,
    output logic [63:0] silu_x_table_data,
    output logic softplus_dt_table_valid,
    input  logic softplus_dt_table_ready,
    output logic [63:0] softplus_dt_table_data,
    output logic exp_decay_table_valid,
    input  logic exp_decay_table_ready,
    output logic [63:0] exp_decay_table_data,
    output logic silu_gate_table_valid,
    input  logic silu_gate_table_ready,
    output logic [63:0] silu_gate_table_data,
    output logic rsqrt_normed_table_2_valid,
    input  logic rsqrt_normed_table_2_ready,
    output logic [31:0] rsqrt_normed_table_2_data
);

  logic [13:0] are_done;
  assign done = &are_done;

  logic prompt_ids_in_valid, prompt_ids_in_ready, prompt_ids_out_valid, prompt_ids_out_ready;
  logic [31:0] prompt_ids_in_data, prompt_ids_out_data;
  lmc_fifo #(
      .WIDTH(32),
      .DEPTH(16),
      .STYLE("srl")
  ) prompt_ids_fifo (
      .clk,
      .rst,
      .in_valid(prompt_ids_in_valid),
      .in_ready(prompt_ids_in_ready),
      .in_data(prompt_ids_in_data),
      .out_valid(prompt_ids_out_valid),
      .out_ready(prompt_ids_out_ready),
      .out_data(prompt_ids_out_data)
  );

  logic token_ids_in_valid, token_ids_in_ready, token_ids_out_valid, token_ids_out_ready;
  logic [31:0] token_ids_in_data, token_ids_out_data;
  lmc_fifo #(
      .WIDTH(32),
      .DEPTH(16),
      .STYLE("srl")
  ) token_ids_fifo (
      .clk,
      .rst,
      .in_valid(token_ids_in_valid),
      .in_ready(token_ids_in_ready),
      .in_data(token_ids_in_data),
      .out_valid(token_ids_out_valid),
      .out_ready(token_ids_out_ready),
      .out_data(token_ids_out_data)
  );

  logic embedding_words_in_valid, embedding_words_in_ready, embedding_words_out_valid,
      embedding_words_out_ready;
  logic [511:0] embedding_words_in_data, embedding_words_out_data;
  lmc_fifo #(
      .WIDTH(512),
      .DEPTH(16),
      .STYLE("srl")
  ) embedding_words_fifo (
      .clk,
      .rst,
      .in_valid(embedding_words_in_valid),
      .in_ready(embedding_words_in_ready),
      .in_data(embedding_words_in_data),
      .out_valid(embedding_words_out_valid),
      .out_ready(embedding_words_out_ready),
      .out_data(embedding_words_out_data)
  );

  logic conv_state_loaded_words_in_valid, conv_state_loaded_words_in_ready,
      conv_state_loaded_words_out_valid, conv_state_loaded_words_out_ready;
  logic [511:0] conv_state_loaded_words_in_data, conv_state_loaded_words_out_data;
  lmc_fifo #(
      .WIDTH(512),
      .DEPTH(16),
      .STYLE("srl")
  ) conv_state_loaded_words_fifo (
      .clk,
      .rst,
      .in_valid(conv_state_loaded_words_in_valid),
      .in_ready(conv_state_loaded_words_in_ready),
      .in_data(conv_state_loaded_words_in_data),
      .out_valid(conv_state_loaded_words_out_valid),
      .out_ready(conv_state_loaded_words_out_ready),
      .out_data(conv_state_loaded_words_out_data)
  );

  logic ssm_state_loaded_words_in_valid, ssm_state_loaded_words_in_ready,
      ssm_state_loaded_words_out_valid, ssm_state_loaded_words_out_ready;
  logic [511:0] ssm_state_loaded_words_in_data, ssm_state_loaded_words_out_data;
  lmc_fifo #(
      .WIDTH(512),
      .DEPTH(16),
      .STYLE("srl")
  ) ssm_state_loaded_words_fifo (
      .clk,
      .rst,
      .in_valid(ssm_state_loaded_words_in_valid),
      .in_ready(ssm_state_loaded_words_in_ready),
      .in_data(ssm_state_loaded_words_in_data),
      .out_valid(ssm_state_loaded_words_out_valid),
      .out_ready(ssm_state_loaded_words_out_ready),
      .out_data(ssm_state_loaded_words_out_data)
  );

  logic ssm_state_exponents_loaded_words_in_valid, ssm_state_exponents_loaded_words_in_ready,
      ssm_state_exponents_loaded_words_out_valid, ssm_state_exponents_loaded_words_out_ready;
  logic [511:0] ssm_state_exponents_loaded_words_in_data, ssm_state_exponents_loaded_words_out_data;
  lmc_fifo #(
      .WIDTH(512),
      .DEPTH(16),
      .STYLE("srl")
  ) ssm_state_exponents_loaded_words_fifo (
      .clk,
      .rst,
      .in_valid(ssm_state_exponents_loaded_words_in_valid),
      .in_ready(ssm_state_exponents_loaded_words_in_ready),
      .in_data(ssm_state_exponents_loaded_words_in_data),
      .out_valid(ssm_state_exponents_loaded_words_out_valid),
      .out_ready(ssm_state_exponents_loaded_words_out_ready),
      .out_data(ssm_state_exponents_loaded_words_out_data)
  );

  logic parameters_words_in_valid, parameters_words_in_ready, parameters_words_out_valid,
      parameters_words_out_ready;
  logic [511:0] parameters_words_in_data, parameters_words_out_data;
  lmc_fifo #(
      .WIDTH(512),
      .DEPTH(60),
      .STYLE("srl")
  ) parameters_words_fifo (
      .clk,
      .rst,
      .in_valid(parameters_words_in_valid),
      .in_ready(parameters_words_in_ready),
      .in_data(parameters_words_in_data),
      .out_valid(parameters_words_out_valid),
      .out_ready(parameters_words_out_ready),
      .out_data(parameters_words_out_data)
  );

  logic tables_words_in_valid, tables_words_in_ready, tables_words_out_valid,
      tables_words_out_ready;
  logic [511:0] tables_words_in_data, tables_words_out_data;
  lmc_fifo #(
      .WIDTH(512),
      .DEPTH(32),
      .STYLE("srl")
  ) tables_words_fifo (
      .clk,
      .rst,
      .in_valid(tables_words_in_valid),
      .in_ready(tables_words_in_ready),
      .in_data(tables_words_in_data),
      .out_valid(tables_words_out_valid),
      .out_ready(tables_words_out_ready),
      .out_data(tables_words_out_data)
  );

  read_prompt read_prompt_task (
      .clk,
      .rst,
      .start,
      .done(are_done[0]),
      .n_prompt,
      .prompt_ids_valid(prompt_ids_in_valid),
      .prompt_ids_ready(prompt_ids_in_ready),
      .prompt_ids_data(prompt_ids_in_data),
      .prompt_ar_valid,
      .prompt_ar_ready,
      .prompt_ar_offset,
      .prompt_ar_length,
      .prompt_r_valid,
      .prompt_r_ready,
      .prompt_r_data
  );

  choose_token choose_token_task (
      .clk,
      .rst,
      .start,
      .done(are_done[1]),
      .n_tokens,
      .n_logits,
      .n_prompt,
      .chosen_tokens_valid,
      .chosen_tokens_ready,
      .chosen_tokens_data,
      .prompt_ids_valid(prompt_ids_out_valid),
      .prompt_ids_ready(prompt_ids_out_ready),
      .prompt_ids_data(prompt_ids_out_data),
      .token_ids_valid(token_ids_in_valid),
      .token_ids_ready(token_ids_in_ready),
      .token_ids_data(token_ids_in_data)
  );

  fetch_embedding fetch_embedding_task (
      .clk,
      .rst,
      .start,
      .done(are_done[2]),
      .n_tokens,
      .token_ids_valid(token_ids_out_valid),
      .token_ids_ready(token_ids_out_ready),
      .token_ids_data(token_ids_out_data),
      .embedding_words_valid(embedding_words_in_valid),
      .embedding_words_ready(embedding_words_in_ready),
      .embedding_words_data(embedding_words_in_data),
      .embedding_ar_valid,
      .embedding_ar_ready,
      .embedding_ar_offset,
      .embedding_ar_length,
      .embedding_r_valid,
      .embedding_r_ready,
      .embedding_r_data
  );

  unpack_embedding unpack_embedding_task (
      .clk,
      .rst,
      .start,
      .done(are_done[3]),
      .n_tokens,
      .embedding_words_valid(embedding_words_out_valid),
      .embedding_words_ready(embedding_words_out_ready),
      .embedding_words_data(embedding_words_out_data),
      .embedding_elements_valid,
      .embedding_elements_ready,
      .embedding_elements_data
  );

  read_conv_state read_conv_state_task (
      .clk,
      .rst,
      .start,
      .done(are_done[4]),
      .conv_state_loaded_words_valid(conv_state_loaded_words_in_valid),
      .conv_state_loaded_words_ready(conv_state_loaded_words_in_ready),
      .conv_state_loaded_words_data(conv_state_loaded_words_in_data),
      .conv_state_state_ar_valid,
      .conv_state_state_ar_ready,
      .conv_state_state_ar_offset,
      .conv_state_state_ar_length,
      .conv_state_state_r_valid,
      .conv_state_state_r_ready,
      .conv_state_state_r_data
  );

  unpack_conv_state unpack_conv_state_task (
      .clk,
      .rst,
      .start,
      .done(are_done[5]),
      .conv_state_loaded_words_valid(conv_state_loaded_words_out_valid),
      .conv_state_loaded_words_ready(conv_state_loaded_words_out_ready),
      .conv_state_loaded_words_data(conv_state_loaded_words_out_data),
      .conv_state_loaded_valid,
      .conv_state_loaded_ready,
      .conv_state_loaded_data
  );

  read_ssm_state read_ssm_state_task (
      .clk,
      .rst,
      .start,
      .done(are_done[6]),
      .ssm_state_loaded_words_valid(ssm_state_loaded_words_in_valid),
      .ssm_state_loaded_words_ready(ssm_state_loaded_words_in_ready),
      .ssm_state_loaded_words_data(ssm_state_loaded_words_in_data),
      .ssm_state_state_ar_valid,
      .ssm_state_state_ar_ready,
      .ssm_state_state_ar_offset,
      .ssm_state_state_ar_length,
      .ssm_state_state_r_valid,
      .ssm_state_state_r_ready,
      .ssm_state_state_r_data
  );

  unpack_ssm_state unpack_ssm_state_task (
      .clk,
      .rst,
      .start,
      .done(are_done[7]),
      .ssm_state_loaded_words_valid(ssm_state_loaded_words_out_valid),
      .ssm_state_loaded_words_ready(ssm_state_loaded_words_out_ready),
      .ssm_state_loaded_words_data(ssm_state_loaded_words_out_data),
      .ssm_state_loaded_valid,
      .ssm_state_loaded_ready,
      .ssm_state_loaded_data
  );

  read_ssm_state_exponents read_ssm_state_exponents_task (
      .clk,
      .rst,
      .start,
      .done(are_done[8]),
      .ssm_state_exponents_loaded_words_valid(ssm_state_exponents_loaded_words_in_valid),
      .ssm_state_exponents_loaded_words_ready(ssm_state_exponents_loaded_words_in_ready),
      .ssm_state_exponents_loaded_words_data(ssm_state_exponents_loaded_words_in_data),
      .ssm_state_exponents_state_ar_valid,
      .ssm_state_exponents_state_ar_ready,
      .ssm_state_exponents_state_ar_offset,
      .ssm_state_exponents_state_ar_length,
      .ssm_state_exponents_state_r_valid,
      .ssm_state_exponents_state_r_ready,
      .ssm_state_exponents_state_r_data
  );

  unpack_ssm_state_exponents unpack_ssm_state_exponents_task (
      .clk,
      .rst,
      .start,
      .done(are_done[9]),
      .ssm_state_exponents_loaded_words_valid(ssm_state_exponents_loaded_words_out_valid),
      .ssm_state_exponents_loaded_words_ready(ssm_state_exponents_loaded_words_out_ready),
      .ssm_state_exponents_loaded_words_data(ssm_state_exponents_loaded_words_out_data),
      .ssm_state_exponents_loaded_valid,
      .ssm_state_exponents_loaded_ready,
      .ssm_state_exponents_loaded_data
  );

  read_parameters read_parameters_task (
      .clk,
      .rst,
      .start,
      .done(are_done[10]),
      .n_tokens,
      .parameters_words_valid(parameters_words_in_valid),
      .parameters_words_ready(parameters_words_in_ready),
      .parameters_words_data(parameters_words_in_data),
      .parameters_ar_valid,
      .parameters_ar_ready,
      .parameters_ar_offset,
      .parameters_ar_length,
      .parameters_r_valid,
      .parameters_r_ready,
      .parameters_r_data
  );

  deal_parameters deal_parameters_task (
      .clk,
      .rst,
      .start,
      .done(are_done[11]),
      .n_tokens,
      .parameters_words_valid(parameters_words_out_valid),
      .parameters_words_ready(parameters_words_out_ready),
      .parameters_words_data(parameters_words_out_data),
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
      .d_parameters_data
  );

  read_tables read_tables_task (
      .clk,
      .rst,
      .start,
      .done(are_done[12]),
      .tables_words_valid(tables_words_in_valid),
      .tables_words_ready(tables_words_in_ready),
      .tables_words_data(tables_words_in_data),
      .tables_ar_valid,
      .tables_ar_ready,
      .tables_ar_offset,
      .tables_ar_length,
      .tables_r_valid,
      .tables_r_ready,
      .tables_r_data
  );

  deal_tables deal_tables_task (
      .clk,
      .rst,
      .start,
      .done(are_done[13]),
      .tables_words_valid(tables_words_out_valid),
      .tables_words_ready(tables_words_out_ready),
      .tables_words_data(tables_words_out_data),
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
      .rsqrt_normed_table_2_data
  );

endmodule
