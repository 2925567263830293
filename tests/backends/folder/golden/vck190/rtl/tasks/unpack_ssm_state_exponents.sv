module unpack_ssm_state_exponents (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic ssm_state_exponents_loaded_words_valid,
    output logic ssm_state_exponents_loaded_words_ready,
    input  logic [511:0] ssm_state_exponents_loaded_words_data,
    output logic ssm_state_exponents_loaded_valid,
    input  logic ssm_state_exponents_loaded_ready,
    output logic [3:0] ssm_state_exponents_loaded_data
);

  typedef enum logic [1:0] {
    IDLE,
    DONE,
    START_UNPACK_SSM_STATE_EXPONENTS_LANE,
    RUN_UNPACK_SSM_STATE_EXPONENTS_LANE
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [511:0] word;
  logic [0:0] unpack_ssm_state_exponents_lane_go;
  logic unpack_ssm_state_exponents_lane_done;

  // Pipeline unpack_ssm_state_exponents_lane: 1 stages
  logic [0:0] unpack_ssm_state_exponents_lane_ok, unpack_ssm_state_exponents_lane_unused_valid;
  logic unpack_ssm_state_exponents_lane_is_last, layer;
  logic [6:0] lane;
  wire logic is_last_layer = layer == 1'd1;
  wire logic is_last_lane = lane == 7'd127;
  assign unpack_ssm_state_exponents_lane_is_last = is_last_layer && is_last_lane;
  logic [511:0] word_now, ssm_state_exponents_loaded_words_word_2;
  assign ssm_state_exponents_loaded_words_word_2 = ssm_state_exponents_loaded_words_data;

  // Stage 0
  wire logic is_first_lane = lane == 7'd0;
  wire logic [511:0] ssm_state_exponents_loaded_words_word = is_first_lane ?
      ssm_state_exponents_loaded_words_word_2 : word_now;
  wire logic [507:0] ssm_state_exponents_loaded_words_element_2 =
      ssm_state_exponents_loaded_words_word[511:4];
  wire logic [511:0] word_2 = {4'd0, ssm_state_exponents_loaded_words_element_2};
  wire logic [3:0] ssm_state_exponents_loaded_words_element =
      ssm_state_exponents_loaded_words_word[3:0];
  wire logic condition = lane < 7'd32;

  assign word_now = word;
  always_comb begin
    unpack_ssm_state_exponents_lane_ok = '1;
    unpack_ssm_state_exponents_lane_ok[0] = (!is_first_lane ||
        ssm_state_exponents_loaded_words_valid) && (!condition || ssm_state_exponents_loaded_ready);
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) unpack_ssm_state_exponents_lane_control (
      .clk,
      .rst,
      .start  (state == START_UNPACK_SSM_STATE_EXPONENTS_LANE),
      .is_last(unpack_ssm_state_exponents_lane_is_last),
      .ok     (unpack_ssm_state_exponents_lane_ok),
      .valid  (unpack_ssm_state_exponents_lane_unused_valid),
      .go     (unpack_ssm_state_exponents_lane_go),
      .done   (unpack_ssm_state_exponents_lane_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_UNPACK_SSM_STATE_EXPONENTS_LANE) begin
      layer <= '0;
      lane <= '0;
    end else if (unpack_ssm_state_exponents_lane_go[0]) begin
      if (is_last_lane) layer <= is_last_layer ? '0 : layer + 1'b1;
      lane <= is_last_lane ? '0 : lane + 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (unpack_ssm_state_exponents_lane_go[0]) word <= word_2;
  end

  assign ssm_state_exponents_loaded_words_ready = unpack_ssm_state_exponents_lane_go[0] &&
      is_first_lane;
  assign ssm_state_exponents_loaded_valid = unpack_ssm_state_exponents_lane_go[0] && condition;
  assign ssm_state_exponents_loaded_data = ssm_state_exponents_loaded_words_element;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          state <= START_UNPACK_SSM_STATE_EXPONENTS_LANE;
        end
        START_UNPACK_SSM_STATE_EXPONENTS_LANE: begin
          state <= RUN_UNPACK_SSM_STATE_EXPONENTS_LANE;
        end
        RUN_UNPACK_SSM_STATE_EXPONENTS_LANE: begin
          if (unpack_ssm_state_exponents_lane_done) begin
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
      unpack_ssm_state_exponents_lane_go,
      ssm_state_exponents_loaded_words_word,
      1'b0
  };

endmodule
