//   reads dt_copy: 16 words of 2 x fixed<24, 15> for each layer
//   writes dt_copy_x1: 32 words of fixed<24, 15> for each layer
module narrow_dt_copy (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic dt_copy_valid,
    output logic dt_copy_ready,
    input  logic [47:0] dt_copy_data,
    output logic dt_copy_x1_valid,
    input  logic dt_copy_x1_ready,
    output logic [23:0] dt_copy_x1_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_NARROW_DT_COPY_TOKEN,
    ROUND_NARROW_DT_COPY_LAYER,
    START_NARROW_DT_COPY_LANE,
    RUN_NARROW_DT_COPY_LANE
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic [47:0] word;
  logic [0:0] narrow_dt_copy_lane_go;
  logic narrow_dt_copy_lane_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_narrow_dt_copy_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_narrow_dt_copy_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_narrow_dt_copy_layer = next_layer < 2'd2;

  // Pipeline narrow_dt_copy_lane: 1 stages
  logic [0:0] narrow_dt_copy_lane_ok, narrow_dt_copy_lane_unused_valid;
  logic narrow_dt_copy_lane_is_last;
  logic [3:0] word_2;
  logic lane;
  wire logic is_last_word = word_2 == 4'd15;
  wire logic is_last_lane = lane == 1'd1;
  assign narrow_dt_copy_lane_is_last = is_last_word && is_last_lane;
  logic [47:0] word_now, dt_copy_word_2;
  assign dt_copy_word_2 = dt_copy_data;

  // Stage 0
  wire logic is_first_lane = lane == 1'd0;
  wire logic [47:0] dt_copy_word = is_first_lane ? dt_copy_word_2 : word_now;
  wire logic [23:0] dt_copy_element_2 = dt_copy_word[47:24];
  wire logic [47:0] word_3 = {24'd0, dt_copy_element_2};
  wire logic [23:0] dt_copy_element = dt_copy_word[23:0];

  assign word_now = word;
  always_comb begin
    narrow_dt_copy_lane_ok = '1;
    narrow_dt_copy_lane_ok[0] = (!is_first_lane || dt_copy_valid) && dt_copy_x1_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) narrow_dt_copy_lane_control (
      .clk,
      .rst,
      .start  (state == START_NARROW_DT_COPY_LANE),
      .is_last(narrow_dt_copy_lane_is_last),
      .ok     (narrow_dt_copy_lane_ok),
      .valid  (narrow_dt_copy_lane_unused_valid),
      .go     (narrow_dt_copy_lane_go),
      .done   (narrow_dt_copy_lane_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_NARROW_DT_COPY_LANE) begin
      word_2 <= '0;
      lane <= '0;
    end else if (narrow_dt_copy_lane_go[0]) begin
      if (is_last_lane) word_2 <= is_last_word ? '0 : word_2 + 1'b1;
      lane <= is_last_lane ? '0 : lane + 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (narrow_dt_copy_lane_go[0]) word <= word_3;
  end

  assign dt_copy_ready = narrow_dt_copy_lane_go[0] && is_first_lane;
  assign dt_copy_x1_valid = narrow_dt_copy_lane_go[0];
  assign dt_copy_x1_data = dt_copy_element;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_narrow_dt_copy_token) begin
            token <= '0;
            state <= ROUND_NARROW_DT_COPY_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_NARROW_DT_COPY_TOKEN: begin
          layer <= '0;
          state <= ROUND_NARROW_DT_COPY_LAYER;
        end
        ROUND_NARROW_DT_COPY_LAYER: begin
          state <= START_NARROW_DT_COPY_LANE;
        end
        START_NARROW_DT_COPY_LANE: begin
          state <= RUN_NARROW_DT_COPY_LANE;
        end
        RUN_NARROW_DT_COPY_LANE: begin
          if (narrow_dt_copy_lane_done) begin
            if (more_narrow_dt_copy_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_NARROW_DT_COPY_LAYER;
            end else begin
              if (more_narrow_dt_copy_token) begin
                token <= token + 1'b1;
                state <= ROUND_NARROW_DT_COPY_TOKEN;
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
      narrow_dt_copy_lane_go,
      dt_copy_word,
      1'b0
  };

endmodule
