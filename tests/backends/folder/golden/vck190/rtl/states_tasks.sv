// The tasks of kernel states, joined by FIFOs.
//
// `start` is high for a cycle; the first statements are in the next one. `done` is high
// once all tasks have ended, until the next start. A stream is valid, ready and data; a
// bank has a request with offset and length in words, then the words (docs/rtl.md).
module states_tasks (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic conv_state_loaded_valid,
    output logic conv_state_loaded_ready,
    input  logic [95:0] conv_state_loaded_data,
    input  logic [31:0] n_tokens,
    output logic conv_state_old_valid,
    input  logic conv_state_old_ready,
    output logic [95:0] conv_state_old_data,
    input  logic conv_state_new_valid,
    output logic conv_state_new_ready,
    input  logic [95:0] conv_state_new_data,
    output logic conv_state_saved_valid,
    input  logic conv_state_saved_ready,
    output logic [95:0] conv_state_saved_data,
    input  logic ssm_state_loaded_valid,
    output logic ssm_state_loaded_ready,
    input  logic [31:0] ssm_state_loaded_data,
    input  logic ssm_state_exponents_loaded_valid,
    output logic ssm_state_exponents_loaded_ready,
    input  logic [3:0] ssm_state_exponents_loaded_data,
    output logic ssm_state_old_valid,
    input  logic ssm_state_old_ready,
    output logic [31:0] ssm_state_old_data,
    output logic ssm_state_exponents_old_valid,
    input  logic ssm_state_exponents_old_ready,
    output logic [3:0] ssm_state_exponents_old_data,
    input  logic ssm_state_new_valid,
    output logic ssm_state_new_ready,
    input  logic [31:0] ssm_state_new_data,
    input  logic ssm_state_exponents_new_valid,
    output logic ssm_state_exponents_new_ready,
    input  logic [3:0] ssm_state_exponents_new_data,
    output logic ssm_state_saved_valid,
    input  logic ssm_state_saved_ready,
    output logic [31:0] ssm_state_saved_data,
    output logic ssm_state_exponents_saved_valid,
    input  logic ssm_state_exponents_saved_ready,
    output logic [3:0] ssm_state_exponents_saved_data
);

  logic [1:0] are_done;
  assign done = &are_done;

  hold_conv_state hold_conv_state_task (
      .clk,
      .rst,
      .start,
      .done(are_done[0]),
      .n_tokens,
      .conv_state_loaded_valid,
      .conv_state_loaded_ready,
      .conv_state_loaded_data,
      .conv_state_new_valid,
      .conv_state_new_ready,
      .conv_state_new_data,
      .conv_state_old_valid,
      .conv_state_old_ready,
      .conv_state_old_data,
      .conv_state_saved_valid,
      .conv_state_saved_ready,
      .conv_state_saved_data
  );

  hold_ssm_state hold_ssm_state_task (
      .clk,
      .rst,
      .start,
      .done(are_done[1]),
      .n_tokens,
      .ssm_state_loaded_valid,
      .ssm_state_loaded_ready,
      .ssm_state_loaded_data,
      .ssm_state_exponents_loaded_valid,
      .ssm_state_exponents_loaded_ready,
      .ssm_state_exponents_loaded_data,
      .ssm_state_new_valid,
      .ssm_state_new_ready,
      .ssm_state_new_data,
      .ssm_state_exponents_new_valid,
      .ssm_state_exponents_new_ready,
      .ssm_state_exponents_new_data,
      .ssm_state_old_valid,
      .ssm_state_old_ready,
      .ssm_state_old_data,
      .ssm_state_exponents_old_valid,
      .ssm_state_exponents_old_ready,
      .ssm_state_exponents_old_data,
      .ssm_state_saved_valid,
      .ssm_state_saved_ready,
      .ssm_state_saved_data,
      .ssm_state_exponents_saved_valid,
      .ssm_state_exponents_saved_ready,
      .ssm_state_exponents_saved_data
  );

endmodule
