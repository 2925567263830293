module unpack_embedding (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic embedding_words_valid,
    output logic embedding_words_ready,
    input  logic [511:0] embedding_words_data,
    output logic embedding_elements_valid,
    input  logic embedding_elements_ready,
    output logic [26:0] embedding_elements_data
);

  typedef enum logic [1:0] {
    IDLE,
    DONE,
    START_UNPACK_EMBEDDING_LANE,
    RUN_UNPACK_EMBEDDING_LANE
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] n_tokens_held;
  logic [511:0] word;
  logic [0:0] unpack_embedding_lane_go;
  logic unpack_embedding_lane_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_unpack_embedding_token = n_tokens_2 > 31'd0;

  // Pipeline unpack_embedding_lane: 1 stages
  logic [0:0] unpack_embedding_lane_ok, unpack_embedding_lane_unused_valid;
  logic unpack_embedding_lane_is_last;
  logic [30:0] token;
  logic [4:0] lane;
  wire logic signed [31:0] last_token = signed'(32'(n_tokens_held)) - 32'sd1;
  wire logic is_last_token = signed'(32'(token)) == last_token;
  wire logic is_last_lane = lane == 5'd17;
  assign unpack_embedding_lane_is_last = is_last_token && is_last_lane;
  logic [511:0] word_now, embedding_words_word_2;
  assign embedding_words_word_2 = embedding_words_data;

  // Stage 0
  wire logic is_first_lane = lane == 5'd0;
  wire logic [511:0] embedding_words_word = is_first_lane ? embedding_words_word_2 : word_now;
  wire logic [484:0] embedding_words_element_2 = embedding_words_word[511:27];
  wire logic [511:0] word_2 = {27'd0, embedding_words_element_2};
  wire logic [26:0] embedding_words_element = embedding_words_word[26:0];
  wire logic condition = lane < 5'd8;

  assign word_now = word;
  always_comb begin
    unpack_embedding_lane_ok = '1;
    unpack_embedding_lane_ok[0] = (!is_first_lane || embedding_words_valid) && (!condition ||
        embedding_elements_ready);
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) unpack_embedding_lane_control (
      .clk,
      .rst,
      .start  (state == START_UNPACK_EMBEDDING_LANE && enters_unpack_embedding_token),
      .is_last(unpack_embedding_lane_is_last),
      .ok     (unpack_embedding_lane_ok),
      .valid  (unpack_embedding_lane_unused_valid),
      .go     (unpack_embedding_lane_go),
      .done   (unpack_embedding_lane_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_UNPACK_EMBEDDING_LANE) begin
      n_tokens_held <= n_tokens_2;
      token <= '0;
      lane <= '0;
    end else if (unpack_embedding_lane_go[0]) begin
      if (is_last_lane) token <= is_last_token ? '0 : token + 1'b1;
      lane <= is_last_lane ? '0 : lane + 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (unpack_embedding_lane_go[0]) word <= word_2;
  end

  assign embedding_words_ready = unpack_embedding_lane_go[0] && is_first_lane;
  assign embedding_elements_valid = unpack_embedding_lane_go[0] && condition;
  assign embedding_elements_data = embedding_words_element;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          state <= START_UNPACK_EMBEDDING_LANE;
        end
        START_UNPACK_EMBEDDING_LANE: begin
          if (enters_unpack_embedding_token) begin
            state <= RUN_UNPACK_EMBEDDING_LANE;
          end else begin
            state <= DONE;
          end
        end
        RUN_UNPACK_EMBEDDING_LANE: begin
          if (unpack_embedding_lane_done) begin
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
      unpack_embedding_lane_go,
      embedding_words_word,
      1'b0
  };

endmodule
