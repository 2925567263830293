module pack_ssm_state_exponents (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic ssm_state_exponents_saved_valid,
    output logic ssm_state_exponents_saved_ready,
    input  logic [3:0] ssm_state_exponents_saved_data,
    output logic ssm_state_exponents_saved_words_valid,
    input  logic ssm_state_exponents_saved_words_ready,
    output logic [511:0] ssm_state_exponents_saved_words_data
);

  typedef enum logic [1:0] {
    IDLE,
    DONE,
    START_PACK_SSM_STATE_EXPONENTS_LANE,
    RUN_PACK_SSM_STATE_EXPONENTS_LANE
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [511:0] word;
  logic [0:0] pack_ssm_state_exponents_lane_go;
  logic pack_ssm_state_exponents_lane_done;

  // Pipeline pack_ssm_state_exponents_lane: 1 stages
  logic [0:0] pack_ssm_state_exponents_lane_ok, pack_ssm_state_exponents_lane_unused_valid;
  logic pack_ssm_state_exponents_lane_is_last, layer;
  logic [6:0] lane;
  wire logic is_last_layer = layer == 1'd1;
  wire logic is_last_lane_2 = lane == 7'd127;
  assign pack_ssm_state_exponents_lane_is_last = is_last_layer && is_last_lane_2;
  logic [511:0] word_now;
  logic [3:0] ssm_state_exponents_saved_element_2;
  assign ssm_state_exponents_saved_element_2 = ssm_state_exponents_saved_data;

  // Stage 0
  wire logic condition = lane < 7'd32;
  wire logic [3:0] ssm_state_exponents_saved_element = condition ?
      ssm_state_exponents_saved_element_2 : 4'd0;
  wire logic [507:0] part = word_now[511:4];
  wire logic [511:0] ssm_state_exponents_saved_words_word = {ssm_state_exponents_saved_element,
      part};
  wire logic is_last_lane = lane == 7'd127;

  assign word_now = word;
  always_comb begin
    pack_ssm_state_exponents_lane_ok = '1;
    pack_ssm_state_exponents_lane_ok[0] = (!condition || ssm_state_exponents_saved_valid) &&
        (!is_last_lane || ssm_state_exponents_saved_words_ready);
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) pack_ssm_state_exponents_lane_control (
      .clk,
      .rst,
      .start  (state == START_PACK_SSM_STATE_EXPONENTS_LANE),
      .is_last(pack_ssm_state_exponents_lane_is_last),
      .ok     (pack_ssm_state_exponents_lane_ok),
      .valid  (pack_ssm_state_exponents_lane_unused_valid),
      .go     (pack_ssm_state_exponents_lane_go),
      .done   (pack_ssm_state_exponents_lane_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_PACK_SSM_STATE_EXPONENTS_LANE) begin
      layer <= '0;
      lane <= '0;
    end else if (pack_ssm_state_exponents_lane_go[0]) begin
      if (is_last_lane_2) layer <= is_last_layer ? '0 : layer + 1'b1;
      lane <= is_last_lane_2 ? '0 : lane + 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (pack_ssm_state_exponents_lane_go[0]) word <= ssm_state_exponents_saved_words_word;
  end

  assign ssm_state_exponents_saved_ready = pack_ssm_state_exponents_lane_go[0] && condition;
  assign ssm_state_exponents_saved_words_valid = pack_ssm_state_exponents_lane_go[0] &&
      is_last_lane;
  assign ssm_state_exponents_saved_words_data = ssm_state_exponents_saved_words_word;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          state <= START_PACK_SSM_STATE_EXPONENTS_LANE;
        end
        START_PACK_SSM_STATE_EXPONENTS_LANE: begin
          state <= RUN_PACK_SSM_STATE_EXPONENTS_LANE;
        end
        RUN_PACK_SSM_STATE_EXPONENTS_LANE: begin
          if (pack_ssm_state_exponents_lane_done) begin
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
      pack_ssm_state_exponents_lane_go,
      word_now,
      1'b0
  };

endmodule
