//   reads logits_kept: 8 words of 2 x fixed<32, 27> for each token
module pack_logits (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_logits,
    input  logic logits_kept_valid,
    output logic logits_kept_ready,
    input  logic [63:0] logits_kept_data,
    output logic logits_words_valid,
    input  logic logits_words_ready,
    output logic [511:0] logits_words_data
);

  typedef enum logic [1:0] {
    IDLE,
    DONE,
    START_PACK_LOGITS_LANE,
    RUN_PACK_LOGITS_LANE
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] n_logits_held;
  logic [511:0] word;
  logic [0:0] pack_logits_lane_go;
  logic pack_logits_lane_done;
  wire logic [30:0] n_logits_2 = 31'(n_logits);
  wire logic enters_pack_logits_token = n_logits_2 > 31'd0;

  // Pipeline pack_logits_lane: 1 stages
  logic [0:0] pack_logits_lane_ok, pack_logits_lane_unused_valid;
  logic pack_logits_lane_is_last;
  logic [30:0] token;
  logic [2:0] lane;
  wire logic signed [31:0] last_token = signed'(32'(n_logits_held)) - 32'sd1;
  wire logic is_last_token = signed'(32'(token)) == last_token;
  wire logic is_last_lane_2 = lane == 3'd7;
  assign pack_logits_lane_is_last = is_last_token && is_last_lane_2;
  logic [511:0] word_now;
  logic [63:0] logits_kept_word;
  assign logits_kept_word = logits_kept_data;

  // Stage 0
  wire logic [447:0] part = word_now[511:64];
  wire logic [511:0] logits_words_word = {logits_kept_word, part};
  wire logic is_last_lane = lane == 3'd7;

  assign word_now = word;
  always_comb begin
    pack_logits_lane_ok = '1;
    pack_logits_lane_ok[0] = logits_kept_valid && (!is_last_lane || logits_words_ready);
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) pack_logits_lane_control (
      .clk,
      .rst,
      .start  (state == START_PACK_LOGITS_LANE && enters_pack_logits_token),
      .is_last(pack_logits_lane_is_last),
      .ok     (pack_logits_lane_ok),
      .valid  (pack_logits_lane_unused_valid),
      .go     (pack_logits_lane_go),
      .done   (pack_logits_lane_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_PACK_LOGITS_LANE) begin
      n_logits_held <= n_logits_2;
      token <= '0;
      lane <= '0;
    end else if (pack_logits_lane_go[0]) begin
      if (is_last_lane_2) token <= is_last_token ? '0 : token + 1'b1;
      lane <= is_last_lane_2 ? '0 : lane + 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (pack_logits_lane_go[0]) word <= logits_words_word;
  end

  assign logits_kept_ready = pack_logits_lane_go[0];
  assign logits_words_valid = pack_logits_lane_go[0] && is_last_lane;
  assign logits_words_data = logits_words_word;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          state <= START_PACK_LOGITS_LANE;
        end
        START_PACK_LOGITS_LANE: begin
          if (enters_pack_logits_token) begin
            state <= RUN_PACK_LOGITS_LANE;
          end else begin
            state <= DONE;
          end
        end
        RUN_PACK_LOGITS_LANE: begin
          if (pack_logits_lane_done) begin
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
      n_logits,
      pack_logits_lane_go,
      word_now,
      1'b0
  };

endmodule
