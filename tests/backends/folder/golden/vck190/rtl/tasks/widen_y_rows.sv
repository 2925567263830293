//   reads y_rows: 32 words of fixed<24, 8> for each layer
//   writes y_rows_x2: 16 words of 2 x fixed<24, 8> for each layer
module widen_y_rows (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic y_rows_valid,
    output logic y_rows_ready,
    input  logic [23:0] y_rows_data,
    output logic y_rows_x2_valid,
    input  logic y_rows_x2_ready,
    output logic [47:0] y_rows_x2_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_WIDEN_Y_ROWS_TOKEN,
    ROUND_WIDEN_Y_ROWS_LAYER,
    START_WIDEN_Y_ROWS_LANE,
    RUN_WIDEN_Y_ROWS_LANE
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic [47:0] word;
  logic [0:0] widen_y_rows_lane_go;
  logic widen_y_rows_lane_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_widen_y_rows_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_widen_y_rows_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_widen_y_rows_layer = next_layer < 2'd2;

  // Pipeline widen_y_rows_lane: 1 stages
  logic [0:0] widen_y_rows_lane_ok, widen_y_rows_lane_unused_valid;
  logic widen_y_rows_lane_is_last;
  logic [3:0] word_2;
  logic lane;
  wire logic is_last_word = word_2 == 4'd15;
  wire logic is_last_lane_2 = lane == 1'd1;
  assign widen_y_rows_lane_is_last = is_last_word && is_last_lane_2;
  logic [47:0] word_now;
  logic [23:0] y_rows_element;
  assign y_rows_element = y_rows_data;

  // Stage 0
  wire logic [23:0] part = word_now[47:24];
  wire logic [47:0] y_rows_x2_word = {y_rows_element, part};
  wire logic is_last_lane = lane == 1'd1;

  assign word_now = word;
  always_comb begin
    widen_y_rows_lane_ok = '1;
    widen_y_rows_lane_ok[0] = y_rows_valid && (!is_last_lane || y_rows_x2_ready);
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) widen_y_rows_lane_control (
      .clk,
      .rst,
      .start  (state == START_WIDEN_Y_ROWS_LANE),
      .is_last(widen_y_rows_lane_is_last),
      .ok     (widen_y_rows_lane_ok),
      .valid  (widen_y_rows_lane_unused_valid),
      .go     (widen_y_rows_lane_go),
      .done   (widen_y_rows_lane_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_WIDEN_Y_ROWS_LANE) begin
      word_2 <= '0;
      lane <= '0;
    end else if (widen_y_rows_lane_go[0]) begin
      if (is_last_lane_2) word_2 <= is_last_word ? '0 : word_2 + 1'b1;
      lane <= is_last_lane_2 ? '0 : lane + 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (widen_y_rows_lane_go[0]) word <= y_rows_x2_word;
  end

  assign y_rows_ready = widen_y_rows_lane_go[0];
  assign y_rows_x2_valid = widen_y_rows_lane_go[0] && is_last_lane;
  assign y_rows_x2_data = y_rows_x2_word;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_widen_y_rows_token) begin
            token <= '0;
            state <= ROUND_WIDEN_Y_ROWS_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_WIDEN_Y_ROWS_TOKEN: begin
          layer <= '0;
          state <= ROUND_WIDEN_Y_ROWS_LAYER;
        end
        ROUND_WIDEN_Y_ROWS_LAYER: begin
          state <= START_WIDEN_Y_ROWS_LANE;
        end
        START_WIDEN_Y_ROWS_LANE: begin
          state <= RUN_WIDEN_Y_ROWS_LANE;
        end
        RUN_WIDEN_Y_ROWS_LANE: begin
          if (widen_y_rows_lane_done) begin
            if (more_widen_y_rows_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_WIDEN_Y_ROWS_LAYER;
            end else begin
              if (more_widen_y_rows_token) begin
                token <= token + 1'b1;
                state <= ROUND_WIDEN_Y_ROWS_TOKEN;
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
      widen_y_rows_lane_go,
      word_now,
      1'b0
  };

endmodule
