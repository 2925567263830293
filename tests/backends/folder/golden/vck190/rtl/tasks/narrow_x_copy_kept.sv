//   reads x_copy_kept: 16 words of 2 x fixed<16, 10> for each layer
//   writes x_copy_kept_x1: 32 words of fixed<16, 10> for each layer
module narrow_x_copy_kept (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic x_copy_kept_valid,
    output logic x_copy_kept_ready,
    input  logic [31:0] x_copy_kept_data,
    output logic x_copy_kept_x1_valid,
    input  logic x_copy_kept_x1_ready,
    output logic [15:0] x_copy_kept_x1_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_NARROW_X_COPY_KEPT_TOKEN,
    ROUND_NARROW_X_COPY_KEPT_LAYER,
    START_NARROW_X_COPY_KEPT_LANE,
    RUN_NARROW_X_COPY_KEPT_LANE
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic [31:0] word;
  logic [0:0] narrow_x_copy_kept_lane_go;
  logic narrow_x_copy_kept_lane_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_narrow_x_copy_kept_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_narrow_x_copy_kept_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_narrow_x_copy_kept_layer = next_layer < 2'd2;

  // Pipeline narrow_x_copy_kept_lane: 1 stages
  logic [0:0] narrow_x_copy_kept_lane_ok, narrow_x_copy_kept_lane_unused_valid;
  logic narrow_x_copy_kept_lane_is_last;
  logic [3:0] word_2;
  logic lane;
  wire logic is_last_word = word_2 == 4'd15;
  wire logic is_last_lane = lane == 1'd1;
  assign narrow_x_copy_kept_lane_is_last = is_last_word && is_last_lane;
  logic [31:0] word_now, x_copy_kept_word_2;
  assign x_copy_kept_word_2 = x_copy_kept_data;

  // Stage 0
  wire logic is_first_lane = lane == 1'd0;
  wire logic [31:0] x_copy_kept_word = is_first_lane ? x_copy_kept_word_2 : word_now;
  wire logic [15:0] x_copy_kept_element_2 = x_copy_kept_word[31:16];
  wire logic [31:0] word_3 = {16'd0, x_copy_kept_element_2};
  wire logic [15:0] x_copy_kept_element = x_copy_kept_word[15:0];

  assign word_now = word;
  always_comb begin
    narrow_x_copy_kept_lane_ok = '1;
    narrow_x_copy_kept_lane_ok[0] = (!is_first_lane || x_copy_kept_valid) && x_copy_kept_x1_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) narrow_x_copy_kept_lane_control (
      .clk,
      .rst,
      .start  (state == START_NARROW_X_COPY_KEPT_LANE),
      .is_last(narrow_x_copy_kept_lane_is_last),
      .ok     (narrow_x_copy_kept_lane_ok),
      .valid  (narrow_x_copy_kept_lane_unused_valid),
      .go     (narrow_x_copy_kept_lane_go),
      .done   (narrow_x_copy_kept_lane_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_NARROW_X_COPY_KEPT_LANE) begin
      word_2 <= '0;
      lane <= '0;
    end else if (narrow_x_copy_kept_lane_go[0]) begin
      if (is_last_lane) word_2 <= is_last_word ? '0 : word_2 + 1'b1;
      lane <= is_last_lane ? '0 : lane + 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (narrow_x_copy_kept_lane_go[0]) word <= word_3;
  end

  assign x_copy_kept_ready = narrow_x_copy_kept_lane_go[0] && is_first_lane;
  assign x_copy_kept_x1_valid = narrow_x_copy_kept_lane_go[0];
  assign x_copy_kept_x1_data = x_copy_kept_element;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_narrow_x_copy_kept_token) begin
            token <= '0;
            state <= ROUND_NARROW_X_COPY_KEPT_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_NARROW_X_COPY_KEPT_TOKEN: begin
          layer <= '0;
          state <= ROUND_NARROW_X_COPY_KEPT_LAYER;
        end
        ROUND_NARROW_X_COPY_KEPT_LAYER: begin
          state <= START_NARROW_X_COPY_KEPT_LANE;
        end
        START_NARROW_X_COPY_KEPT_LANE: begin
          state <= RUN_NARROW_X_COPY_KEPT_LANE;
        end
        RUN_NARROW_X_COPY_KEPT_LANE: begin
          if (narrow_x_copy_kept_lane_done) begin
            if (more_narrow_x_copy_kept_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_NARROW_X_COPY_KEPT_LAYER;
            end else begin
              if (more_narrow_x_copy_kept_token) begin
                token <= token + 1'b1;
                state <= ROUND_NARROW_X_COPY_KEPT_TOKEN;
              end else begin
                state <= DONE;
              end
            end
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
      narrow_x_copy_kept_lane_go,
      x_copy_kept_word,
      1'b0
  };

endmodule
