module hold_ssm_state (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic ssm_state_loaded_valid,
    output logic ssm_state_loaded_ready,
    input  logic [31:0] ssm_state_loaded_data,
    input  logic ssm_state_exponents_loaded_valid,
    output logic ssm_state_exponents_loaded_ready,
    input  logic [3:0] ssm_state_exponents_loaded_data,
    input  logic ssm_state_new_valid,
    output logic ssm_state_new_ready,
    input  logic [31:0] ssm_state_new_data,
    input  logic ssm_state_exponents_new_valid,
    output logic ssm_state_exponents_new_ready,
    input  logic [3:0] ssm_state_exponents_new_data,
    output logic ssm_state_old_valid,
    input  logic ssm_state_old_ready,
    output logic [31:0] ssm_state_old_data,
    output logic ssm_state_exponents_old_valid,
    input  logic ssm_state_exponents_old_ready,
    output logic [3:0] ssm_state_exponents_old_data,
    output logic ssm_state_saved_valid,
    input  logic ssm_state_saved_ready,
    output logic [31:0] ssm_state_saved_data,
    output logic ssm_state_exponents_saved_valid,
    input  logic ssm_state_exponents_saved_ready,
    output logic [3:0] ssm_state_exponents_saved_data
);

  typedef enum logic [3:0] {
    IDLE,
    DONE,
    START_HOLD_SSM_STATE_LOAD,
    RUN_HOLD_SSM_STATE_LOAD,
    ROUND_HOLD_SSM_STATE_TOKEN,
    ROUND_HOLD_SSM_STATE_LAYER,
    START_HOLD_SSM_STATE_GIVE,
    RUN_HOLD_SSM_STATE_GIVE,
    START_HOLD_SSM_STATE_TAKE,
    RUN_HOLD_SSM_STATE_TAKE,
    START_HOLD_SSM_STATE_SAVE,
    RUN_HOLD_SSM_STATE_SAVE
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic [0:0] hold_ssm_state_load_go;
  logic hold_ssm_state_load_done;
  logic [3:0] hold_ssm_state_give_go;
  logic hold_ssm_state_give_done;
  logic [0:0] hold_ssm_state_take_go;
  logic hold_ssm_state_take_done;
  logic [3:0] hold_ssm_state_save_go;
  logic hold_ssm_state_save_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_hold_ssm_state_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_hold_ssm_state_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_hold_ssm_state_layer = next_layer < 2'd2;

  // Pipeline hold_ssm_state_load: 1 stages
  logic [0:0] hold_ssm_state_load_ok, hold_ssm_state_load_unused_valid;
  logic hold_ssm_state_load_is_last, load_layer;
  logic [4:0] load;
  wire logic is_last_load_layer = load_layer == 1'd1;
  wire logic is_last_load = load == 5'd31;
  assign hold_ssm_state_load_is_last = is_last_load_layer && is_last_load;
  logic [31:0] ssm_state_loaded_element;
  assign ssm_state_loaded_element = ssm_state_loaded_data;
  logic [3:0] ssm_state_exponents_loaded_element;
  assign ssm_state_exponents_loaded_element = ssm_state_exponents_loaded_data;

  // Stage 0
  wire logic [35:0] word = {ssm_state_exponents_loaded_element, ssm_state_loaded_element};

  always_comb begin
    hold_ssm_state_load_ok = '1;
    hold_ssm_state_load_ok[0] = ssm_state_loaded_valid && ssm_state_exponents_loaded_valid;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) hold_ssm_state_load_control (
      .clk,
      .rst,
      .start  (state == START_HOLD_SSM_STATE_LOAD),
      .is_last(hold_ssm_state_load_is_last),
      .ok     (hold_ssm_state_load_ok),
      .valid  (hold_ssm_state_load_unused_valid),
      .go     (hold_ssm_state_load_go),
      .done   (hold_ssm_state_load_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_HOLD_SSM_STATE_LOAD) begin
      load_layer <= '0;
      load <= '0;
    end else if (hold_ssm_state_load_go[0]) begin
      if (is_last_load) load_layer <= is_last_load_layer ? '0 : load_layer + 1'b1;
      load <= is_last_load ? '0 : load + 1'b1;
    end
  end

  // Pipeline hold_ssm_state_give: 4 stages
  logic [3:0] hold_ssm_state_give_ok, hold_ssm_state_give_unused_valid;
  logic hold_ssm_state_give_is_last;
  logic [4:0] give;
  wire logic is_last_give = give == 5'd31;
  assign hold_ssm_state_give_is_last = is_last_give;
  logic [35:0] state_word;

  // Stage 3
  wire logic [31:0] state_element = state_word[31:0];
  wire logic [3:0] state_element_2 = state_word[35:32];

  always_comb begin
    hold_ssm_state_give_ok = '1;
    hold_ssm_state_give_ok[3] = ssm_state_old_ready && ssm_state_exponents_old_ready;
  end
  lmc_pipeline #(.STAGES(4), .INTERVAL(1)) hold_ssm_state_give_control (
      .clk,
      .rst,
      .start  (state == START_HOLD_SSM_STATE_GIVE),
      .is_last(hold_ssm_state_give_is_last),
      .ok     (hold_ssm_state_give_ok),
      .valid  (hold_ssm_state_give_unused_valid),
      .go     (hold_ssm_state_give_go),
      .done   (hold_ssm_state_give_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_HOLD_SSM_STATE_GIVE) begin
      give <= '0;
    end else if (hold_ssm_state_give_go[0]) begin
      give <= is_last_give ? '0 : give + 1'b1;
    end
  end

  // Pipeline hold_ssm_state_take: 1 stages
  logic [0:0] hold_ssm_state_take_ok, hold_ssm_state_take_unused_valid;
  logic hold_ssm_state_take_is_last;
  logic [4:0] take;
  wire logic is_last_take = take == 5'd31;
  assign hold_ssm_state_take_is_last = is_last_take;
  logic [31:0] ssm_state_new_element;
  assign ssm_state_new_element = ssm_state_new_data;
  logic [3:0] ssm_state_exponents_new_element;
  assign ssm_state_exponents_new_element = ssm_state_exponents_new_data;

  // Stage 0
  wire logic [35:0] word_2 = {ssm_state_exponents_new_element, ssm_state_new_element};

  always_comb begin
    hold_ssm_state_take_ok = '1;
    hold_ssm_state_take_ok[0] = ssm_state_new_valid && ssm_state_exponents_new_valid;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) hold_ssm_state_take_control (
      .clk,
      .rst,
      .start  (state == START_HOLD_SSM_STATE_TAKE),
      .is_last(hold_ssm_state_take_is_last),
      .ok     (hold_ssm_state_take_ok),
      .valid  (hold_ssm_state_take_unused_valid),
      .go     (hold_ssm_state_take_go),
      .done   (hold_ssm_state_take_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_HOLD_SSM_STATE_TAKE) begin
      take <= '0;
    end else if (hold_ssm_state_take_go[0]) begin
      take <= is_last_take ? '0 : take + 1'b1;
    end
  end

  // Pipeline hold_ssm_state_save: 4 stages
  logic [3:0] hold_ssm_state_save_ok, hold_ssm_state_save_unused_valid;
  logic hold_ssm_state_save_is_last, save_layer;
  logic [4:0] save;
  wire logic is_last_save_layer = save_layer == 1'd1;
  wire logic is_last_save = save == 5'd31;
  assign hold_ssm_state_save_is_last = is_last_save_layer && is_last_save;
  logic [35:0] state_word_2;

  // Stage 3
  wire logic [31:0] state_element_3 = state_word_2[31:0];
  wire logic [3:0] state_element_4 = state_word_2[35:32];

  always_comb begin
    hold_ssm_state_save_ok = '1;
    hold_ssm_state_save_ok[3] = ssm_state_saved_ready && ssm_state_exponents_saved_ready;
  end
  lmc_pipeline #(.STAGES(4), .INTERVAL(1)) hold_ssm_state_save_control (
      .clk,
      .rst,
      .start  (state == START_HOLD_SSM_STATE_SAVE),
      .is_last(hold_ssm_state_save_is_last),
      .ok     (hold_ssm_state_save_ok),
      .valid  (hold_ssm_state_save_unused_valid),
      .go     (hold_ssm_state_save_go),
      .done   (hold_ssm_state_save_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_HOLD_SSM_STATE_SAVE) begin
      save_layer <= '0;
      save <= '0;
    end else if (hold_ssm_state_save_go[0]) begin
      if (is_last_save) save_layer <= is_last_save_layer ? '0 : save_layer + 1'b1;
      save <= is_last_save ? '0 : save + 1'b1;
    end
  end
  logic [35:0] state_2_read;
  lmc_ram #(.WIDTH(36), .DEPTH(64), .STYLE("uram")) state_2_read_ram (
      .clk,
      .write_enable (hold_ssm_state_load_go[0] || hold_ssm_state_take_go[0]),
      .write_address(hold_ssm_state_load_go[0] ? 6'(load_layer) * 6'd32 + 6'(load) :
          6'(layer) * 6'd32 + 6'(take)),
      .write_data   (hold_ssm_state_load_go[0] ? word : word_2),
      .read_enable  (hold_ssm_state_give_go[0] || hold_ssm_state_save_go[0]),
      .read_address (hold_ssm_state_give_go[0] ? 6'(layer) * 6'd32 + 6'(give) :
          6'(save_layer) * 6'd32 + 6'(save)),
      .read_data    (state_2_read)
  );
  logic [35:0] state_word_q1;
  always_ff @(posedge clk) if (hold_ssm_state_give_go[1]) state_word_q1 <= state_2_read;
  always_ff @(posedge clk) if (hold_ssm_state_give_go[2]) state_word <= state_word_q1;
  logic [35:0] state_word_2_q1;
  always_ff @(posedge clk) if (hold_ssm_state_save_go[1]) state_word_2_q1 <= state_2_read;
  always_ff @(posedge clk) if (hold_ssm_state_save_go[2]) state_word_2 <= state_word_2_q1;

  assign ssm_state_loaded_ready = hold_ssm_state_load_go[0];
  assign ssm_state_exponents_loaded_ready = hold_ssm_state_load_go[0];
  assign ssm_state_new_ready = hold_ssm_state_take_go[0];
  assign ssm_state_exponents_new_ready = hold_ssm_state_take_go[0];
  assign ssm_state_old_valid = hold_ssm_state_give_go[3];
  assign ssm_state_old_data = state_element;
  assign ssm_state_exponents_old_valid = hold_ssm_state_give_go[3];
  assign ssm_state_exponents_old_data = state_element_2;
  assign ssm_state_saved_valid = hold_ssm_state_save_go[3];
  assign ssm_state_saved_data = state_element_3;
  assign ssm_state_exponents_saved_valid = hold_ssm_state_save_go[3];
  assign ssm_state_exponents_saved_data = state_element_4;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          state <= START_HOLD_SSM_STATE_LOAD;
        end
        START_HOLD_SSM_STATE_LOAD: begin
          state <= RUN_HOLD_SSM_STATE_LOAD;
        end
        RUN_HOLD_SSM_STATE_LOAD: begin
          if (hold_ssm_state_load_done) begin
            if (enters_hold_ssm_state_token) begin
              token <= '0;
              state <= ROUND_HOLD_SSM_STATE_TOKEN;
            end else begin
              state <= START_HOLD_SSM_STATE_SAVE;
            end
          end
        end
        ROUND_HOLD_SSM_STATE_TOKEN: begin
          layer <= '0;
          state <= ROUND_HOLD_SSM_STATE_LAYER;
        end
        ROUND_HOLD_SSM_STATE_LAYER: begin
          state <= START_HOLD_SSM_STATE_GIVE;
        end
        START_HOLD_SSM_STATE_GIVE: begin
          state <= RUN_HOLD_SSM_STATE_GIVE;
        end
        RUN_HOLD_SSM_STATE_GIVE: begin
          if (hold_ssm_state_give_done) begin
            state <= START_HOLD_SSM_STATE_TAKE;
          end
        end
        START_HOLD_SSM_STATE_TAKE: begin
          state <= RUN_HOLD_SSM_STATE_TAKE;
        end
        RUN_HOLD_SSM_STATE_TAKE: begin
          if (hold_ssm_state_take_done) begin
            if (more_hold_ssm_state_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_HOLD_SSM_STATE_LAYER;
            end else begin
              if (more_hold_ssm_state_token) begin
                token <= token + 1'b1;
                state <= ROUND_HOLD_SSM_STATE_TOKEN;
              end else begin
                state <= START_HOLD_SSM_STATE_SAVE;
              end
            end
          end
        end
        START_HOLD_SSM_STATE_SAVE: begin
          state <= RUN_HOLD_SSM_STATE_SAVE;
        end
        RUN_HOLD_SSM_STATE_SAVE: begin
          if (hold_ssm_state_save_done) begin
            state <= DONE;
          end
        end
        default: state <= IDLE;
      endcase
    end
  end

  // Not all bits of these are used.
  logic unused;
  assign unused = &{
      n_tokens,
      hold_ssm_state_load_go,
      hold_ssm_state_give_go,
      hold_ssm_state_take_go,
      hold_ssm_state_save_go,
      state_word,
      state_word_2,
      1'b0
  };

endmodule
