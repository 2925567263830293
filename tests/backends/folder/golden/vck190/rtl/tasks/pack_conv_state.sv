module pack_conv_state (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic conv_state_saved_valid,
    output logic conv_state_saved_ready,
    input  logic [95:0] conv_state_saved_data,
    output logic conv_state_saved_words_valid,
    input  logic conv_state_saved_words_ready,
    output logic [511:0] conv_state_saved_words_data
);

  typedef enum logic [1:0] {
    IDLE,
    DONE,
    START_PACK_CONV_STATE_LANE,
    RUN_PACK_CONV_STATE_LANE
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [511:0] word;
  logic [1:0] pack_conv_state_lane_go;
  logic pack_conv_state_lane_done;

  // Pipeline pack_conv_state_lane: 2 stages
  logic [1:0] pack_conv_state_lane_ok, pack_conv_state_lane_unused_valid;
  logic pack_conv_state_lane_is_last, layer;
  logic [1:0] word_2;
  logic [2:0] lane;
  wire logic is_last_layer = layer == 1'd1;
  wire logic is_last_word = word_2 == 2'd3;
  wire logic is_last_lane_2 = lane == 3'd4;
  assign pack_conv_state_lane_is_last = is_last_layer && is_last_word && is_last_lane_2;
  logic [511:0] word_now;
  logic is_last_lane_s1;
  logic [4:0] place_s1;
  logic [95:0] conv_state_saved_word_2;
  assign conv_state_saved_word_2 = conv_state_saved_data;

  // Stage 0
  (* use_dsp = "no" *) wire logic [3:0] offset = 4'(word_2) * 4'd5;
  wire logic [4:0] place = 5'(offset) + 5'(lane);
  wire logic is_last_lane = lane == 3'd4;

  // Stage 1
  wire logic condition = place_s1 < 5'd16;
  wire logic [95:0] conv_state_saved_word = condition ? conv_state_saved_word_2 : 96'd0;
  wire logic [383:0] part = word_now[479:96];
  wire logic [511:0] conv_state_saved_words_word = {32'd0, conv_state_saved_word, part};

  assign word_now = word;
  always_ff @(posedge clk) begin
    if (pack_conv_state_lane_go[0]) begin
      is_last_lane_s1 <= is_last_lane;
      place_s1 <= place;
    end
  end
  always_comb begin
    pack_conv_state_lane_ok = '1;
    pack_conv_state_lane_ok[1] = (!condition || conv_state_saved_valid) && (!is_last_lane_s1 ||
        conv_state_saved_words_ready);
  end
  lmc_pipeline #(.STAGES(2), .INTERVAL(1)) pack_conv_state_lane_control (
      .clk,
      .rst,
      .start  (state == START_PACK_CONV_STATE_LANE),
      .is_last(pack_conv_state_lane_is_last),
      .ok     (pack_conv_state_lane_ok),
      .valid  (pack_conv_state_lane_unused_valid),
      .go     (pack_conv_state_lane_go),
      .done   (pack_conv_state_lane_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_PACK_CONV_STATE_LANE) begin
      layer <= '0;
      word_2 <= '0;
      lane <= '0;
    end else if (pack_conv_state_lane_go[0]) begin
      if (is_last_word && is_last_lane_2) layer <= is_last_layer ? '0 : layer + 1'b1;
      if (is_last_lane_2) word_2 <= is_last_word ? '0 : word_2 + 1'b1;
      lane <= is_last_lane_2 ? '0 : lane + 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (pack_conv_state_lane_go[1]) word <= conv_state_saved_words_word;
  end

  assign conv_state_saved_ready = pack_conv_state_lane_go[1] && condition;
  assign conv_state_saved_words_valid = pack_conv_state_lane_go[1] && is_last_lane_s1;
  assign conv_state_saved_words_data = conv_state_saved_words_word;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          state <= START_PACK_CONV_STATE_LANE;
        end
        START_PACK_CONV_STATE_LANE: begin
          state <= RUN_PACK_CONV_STATE_LANE;
        end
        RUN_PACK_CONV_STATE_LANE: begin
          if (pack_conv_state_lane_done) begin
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
      pack_conv_state_lane_go,
      word_now,
      1'b0
  };

endmodule
