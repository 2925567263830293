module unpack_ssm_state (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic ssm_state_loaded_words_valid,
    output logic ssm_state_loaded_words_ready,
    input  logic [511:0] ssm_state_loaded_words_data,
    output logic ssm_state_loaded_valid,
    input  logic ssm_state_loaded_ready,
    output logic [31:0] ssm_state_loaded_data
);

  typedef enum logic [1:0] {
    IDLE,
    DONE,
    START_UNPACK_SSM_STATE_LANE,
    RUN_UNPACK_SSM_STATE_LANE
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [511:0] word;
  logic [0:0] unpack_ssm_state_lane_go;
  logic unpack_ssm_state_lane_done;

  // Pipeline unpack_ssm_state_lane: 1 stages
  logic [0:0] unpack_ssm_state_lane_ok, unpack_ssm_state_lane_unused_valid;
  logic unpack_ssm_state_lane_is_last, layer, word_2;
  logic [3:0] lane;
  wire logic is_last_layer = layer == 1'd1;
  wire logic is_last_word = word_2 == 1'd1;
  wire logic is_last_lane = lane == 4'd15;
  assign unpack_ssm_state_lane_is_last = is_last_layer && is_last_word && is_last_lane;
  logic [511:0] word_now, ssm_state_loaded_words_word_2;
  assign ssm_state_loaded_words_word_2 = ssm_state_loaded_words_data;

  // Stage 0
  wire logic is_first_lane = lane == 4'd0;
  wire logic [511:0] ssm_state_loaded_words_word = is_first_lane ? ssm_state_loaded_words_word_2 :
      word_now;
  wire logic [479:0] ssm_state_loaded_words_element_2 = ssm_state_loaded_words_word[511:32];
  wire logic [511:0] word_3 = {32'd0, ssm_state_loaded_words_element_2};
  wire logic [31:0] ssm_state_loaded_words_element = ssm_state_loaded_words_word[31:0];

  assign word_now = word;
  always_comb begin
    unpack_ssm_state_lane_ok = '1;
    unpack_ssm_state_lane_ok[0] = (!is_first_lane || ssm_state_loaded_words_valid) &&
        ssm_state_loaded_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) unpack_ssm_state_lane_control (
      .clk,
      .rst,
      .start  (state == START_UNPACK_SSM_STATE_LANE),
      .is_last(unpack_ssm_state_lane_is_last),
      .ok     (unpack_ssm_state_lane_ok),
      .valid  (unpack_ssm_state_lane_unused_valid),
      .go     (unpack_ssm_state_lane_go),
      .done   (unpack_ssm_state_lane_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_UNPACK_SSM_STATE_LANE) begin
      layer <= '0;
      word_2 <= '0;
      lane <= '0;
    end else if (unpack_ssm_state_lane_go[0]) begin
      if (is_last_word && is_last_lane) layer <= is_last_layer ? '0 : layer + 1'b1;
      if (is_last_lane) word_2 <= is_last_word ? '0 : word_2 + 1'b1;
      lane <= is_last_lane ? '0 : lane + 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (unpack_ssm_state_lane_go[0]) word <= word_3;
  end

  assign ssm_state_loaded_words_ready = unpack_ssm_state_lane_go[0] && is_first_lane;
  assign ssm_state_loaded_valid = unpack_ssm_state_lane_go[0];
  assign ssm_state_loaded_data = ssm_state_loaded_words_element;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          state <= START_UNPACK_SSM_STATE_LANE;
        end
        START_UNPACK_SSM_STATE_LANE: begin
          state <= RUN_UNPACK_SSM_STATE_LANE;
        end
        RUN_UNPACK_SSM_STATE_LANE: begin
          if (unpack_ssm_state_lane_done) begin
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
      unpack_ssm_state_lane_go,
      ssm_state_loaded_words_word,
      1'b0
  };

endmodule
