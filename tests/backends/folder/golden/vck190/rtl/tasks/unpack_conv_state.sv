module unpack_conv_state (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic conv_state_loaded_words_valid,
    output logic conv_state_loaded_words_ready,
    input  logic [511:0] conv_state_loaded_words_data,
    output logic conv_state_loaded_valid,
    input  logic conv_state_loaded_ready,
    output logic [95:0] conv_state_loaded_data
);

  typedef enum logic [1:0] {
    IDLE,
    DONE,
    START_UNPACK_CONV_STATE_LANE,
    RUN_UNPACK_CONV_STATE_LANE
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [511:0] word;
  logic [1:0] unpack_conv_state_lane_go;
  logic unpack_conv_state_lane_done;

  // Pipeline unpack_conv_state_lane: 2 stages
  logic [1:0] unpack_conv_state_lane_ok, unpack_conv_state_lane_unused_valid;
  logic unpack_conv_state_lane_is_last, layer;
  logic [1:0] word_2;
  logic [2:0] lane;
  wire logic is_last_layer = layer == 1'd1;
  wire logic is_last_word = word_2 == 2'd3;
  wire logic is_last_lane = lane == 3'd4;
  assign unpack_conv_state_lane_is_last = is_last_layer && is_last_word && is_last_lane;
  logic [511:0] word_now;
  logic [95:0] conv_state_loaded_words_element_s1;
  logic [4:0] place_s1;
  logic [511:0] conv_state_loaded_words_word_2;
  assign conv_state_loaded_words_word_2 = conv_state_loaded_words_data;

  // Stage 0
  wire logic is_first_lane = lane == 3'd0;
  wire logic [511:0] conv_state_loaded_words_word = is_first_lane ? conv_state_loaded_words_word_2 :
      word_now;
  wire logic [415:0] conv_state_loaded_words_element_2 = conv_state_loaded_words_word[511:96];
  wire logic [511:0] word_3 = {96'd0, conv_state_loaded_words_element_2};
  (* use_dsp = "no" *) wire logic [3:0] offset = 4'(word_2) * 4'd5;
  wire logic [4:0] place = 5'(offset) + 5'(lane);
  wire logic [95:0] conv_state_loaded_words_element = conv_state_loaded_words_word[95:0];

  // Stage 1
  wire logic condition = place_s1 < 5'd16;

  assign word_now = word;
  always_ff @(posedge clk) begin
    if (unpack_conv_state_lane_go[0]) begin
      conv_state_loaded_words_element_s1 <= conv_state_loaded_words_element;
      place_s1 <= place;
    end
  end
  always_comb begin
    unpack_conv_state_lane_ok = '1;
    unpack_conv_state_lane_ok[0] = (!is_first_lane || conv_state_loaded_words_valid);
    unpack_conv_state_lane_ok[1] = (!condition || conv_state_loaded_ready);
  end
  lmc_pipeline #(.STAGES(2), .INTERVAL(1)) unpack_conv_state_lane_control (
      .clk,
      .rst,
      .start  (state == START_UNPACK_CONV_STATE_LANE),
      .is_last(unpack_conv_state_lane_is_last),
      .ok     (unpack_conv_state_lane_ok),
      .valid  (unpack_conv_state_lane_unused_valid),
      .go     (unpack_conv_state_lane_go),
      .done   (unpack_conv_state_lane_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_UNPACK_CONV_STATE_LANE) begin
      layer <= '0;
      word_2 <= '0;
      lane <= '0;
    end else if (unpack_conv_state_lane_go[0]) begin
      if (is_last_word && is_last_lane) layer <= is_last_layer ? '0 : layer + 1'b1;
      if (is_last_lane) word_2 <= is_last_word ? '0 : word_2 + 1'b1;
      lane <= is_last_lane ? '0 : lane + 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (unpack_conv_state_lane_go[0]) word <= word_3;
  end

  assign conv_state_loaded_words_ready = unpack_conv_state_lane_go[0] && is_first_lane;
  assign conv_state_loaded_valid = unpack_conv_state_lane_go[1] && condition;
  assign conv_state_loaded_data = conv_state_loaded_words_element_s1;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          state <= START_UNPACK_CONV_STATE_LANE;
        end
        START_UNPACK_CONV_STATE_LANE: begin
          state <= RUN_UNPACK_CONV_STATE_LANE;
        end
        RUN_UNPACK_CONV_STATE_LANE: begin
          if (unpack_conv_state_lane_done) begin
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
      unpack_conv_state_lane_go,
      conv_state_loaded_words_word,
      1'b0
  };

endmodule
