module deal_tables (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic tables_words_valid,
    output logic tables_words_ready,
    input  logic [511:0] tables_words_data,
    output logic rsqrt_normed_table_valid,
    input  logic rsqrt_normed_table_ready,
    output logic [31:0] rsqrt_normed_table_data,
    output logic silu_x_table_valid,
    input  logic silu_x_table_ready,
    output logic [63:0] silu_x_table_data,
    output logic softplus_dt_table_valid,
    input  logic softplus_dt_table_ready,
    output logic [63:0] softplus_dt_table_data,
    output logic exp_decay_table_valid,
    input  logic exp_decay_table_ready,
    output logic [63:0] exp_decay_table_data,
    output logic silu_gate_table_valid,
    input  logic silu_gate_table_ready,
    output logic [63:0] silu_gate_table_data,
    output logic rsqrt_normed_table_2_valid,
    input  logic rsqrt_normed_table_2_ready,
    output logic [31:0] rsqrt_normed_table_2_data
);

  typedef enum logic [3:0] {
    IDLE,
    DONE,
    START_DEAL_TABLES_LANE,
    RUN_DEAL_TABLES_LANE,
    START_DEAL_TABLES_LANE_2,
    RUN_DEAL_TABLES_LANE_2,
    START_DEAL_TABLES_LANE_3,
    RUN_DEAL_TABLES_LANE_3,
    START_DEAL_TABLES_LANE_4,
    RUN_DEAL_TABLES_LANE_4,
    START_DEAL_TABLES_LANE_5,
    RUN_DEAL_TABLES_LANE_5,
    START_DEAL_TABLES_LANE_6,
    RUN_DEAL_TABLES_LANE_6
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [511:0] word, word_2, word_3, word_4, word_5, word_6;
  logic [0:0] deal_tables_lane_go;
  logic deal_tables_lane_done;
  logic [0:0] deal_tables_lane_2_go;
  logic deal_tables_lane_2_done;
  logic [0:0] deal_tables_lane_3_go;
  logic deal_tables_lane_3_done;
  logic [0:0] deal_tables_lane_4_go;
  logic deal_tables_lane_4_done;
  logic [0:0] deal_tables_lane_5_go;
  logic deal_tables_lane_5_done;
  logic [0:0] deal_tables_lane_6_go;
  logic deal_tables_lane_6_done;

  // Pipeline deal_tables_lane: 1 stages
  logic [0:0] deal_tables_lane_ok, deal_tables_lane_unused_valid;
  logic deal_tables_lane_is_last;
  logic [7:0] word_7;
  logic [3:0] lane;
  wire logic is_last_word = word_7 == 8'd255;
  wire logic is_last_lane = lane == 4'd15;
  assign deal_tables_lane_is_last = is_last_word && is_last_lane;
  logic [511:0] word_now, tables_words_word_2;
  assign tables_words_word_2 = tables_words_data;

  // Stage 0
  wire logic is_first_lane = lane == 4'd0;
  wire logic [511:0] tables_words_word = is_first_lane ? tables_words_word_2 : word_now;
  wire logic [479:0] tables_words_element_2 = tables_words_word[511:32];
  wire logic [511:0] word_8 = {32'd0, tables_words_element_2};
  wire logic [31:0] tables_words_element = tables_words_word[31:0];

  assign word_now = word;
  always_comb begin
    deal_tables_lane_ok = '1;
    deal_tables_lane_ok[0] = (!is_first_lane || tables_words_valid) && rsqrt_normed_table_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) deal_tables_lane_control (
      .clk,
      .rst,
      .start  (state == START_DEAL_TABLES_LANE),
      .is_last(deal_tables_lane_is_last),
      .ok     (deal_tables_lane_ok),
      .valid  (deal_tables_lane_unused_valid),
      .go     (deal_tables_lane_go),
      .done   (deal_tables_lane_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_DEAL_TABLES_LANE) begin
      word_7 <= '0;
      lane <= '0;
    end else if (deal_tables_lane_go[0]) begin
      if (is_last_lane) word_7 <= is_last_word ? '0 : word_7 + 1'b1;
      lane <= is_last_lane ? '0 : lane + 1'b1;
    end
  end

  // Pipeline deal_tables_lane_2: 1 stages
  logic [0:0] deal_tables_lane_2_ok, deal_tables_lane_2_unused_valid;
  logic deal_tables_lane_2_is_last;
  logic [6:0] word_9;
  logic [2:0] lane_2;
  wire logic is_last_word_2 = word_9 == 7'd127;
  wire logic is_last_lane_2 = lane_2 == 3'd7;
  assign deal_tables_lane_2_is_last = is_last_word_2 && is_last_lane_2;
  logic [511:0] word_2_now, tables_words_word_4;
  assign tables_words_word_4 = tables_words_data;

  // Stage 0
  wire logic is_first_lane_2 = lane_2 == 3'd0;
  wire logic [511:0] tables_words_word_3 = is_first_lane_2 ? tables_words_word_4 : word_2_now;
  wire logic [447:0] tables_words_element_4 = tables_words_word_3[511:64];
  wire logic [511:0] word_10 = {64'd0, tables_words_element_4};
  wire logic [63:0] tables_words_element_3 = tables_words_word_3[63:0];

  assign word_2_now = word_2;
  always_comb begin
    deal_tables_lane_2_ok = '1;
    deal_tables_lane_2_ok[0] = (!is_first_lane_2 || tables_words_valid) && silu_x_table_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) deal_tables_lane_2_control (
      .clk,
      .rst,
      .start  (state == START_DEAL_TABLES_LANE_2),
      .is_last(deal_tables_lane_2_is_last),
      .ok     (deal_tables_lane_2_ok),
      .valid  (deal_tables_lane_2_unused_valid),
      .go     (deal_tables_lane_2_go),
      .done   (deal_tables_lane_2_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_DEAL_TABLES_LANE_2) begin
      word_9 <= '0;
      lane_2 <= '0;
    end else if (deal_tables_lane_2_go[0]) begin
      if (is_last_lane_2) word_9 <= is_last_word_2 ? '0 : word_9 + 1'b1;
      lane_2 <= is_last_lane_2 ? '0 : lane_2 + 1'b1;
    end
  end

  // Pipeline deal_tables_lane_3: 1 stages
  logic [0:0] deal_tables_lane_3_ok, deal_tables_lane_3_unused_valid;
  logic deal_tables_lane_3_is_last;
  logic [6:0] word_11;
  logic [2:0] lane_3;
  wire logic is_last_word_3 = word_11 == 7'd127;
  wire logic is_last_lane_3 = lane_3 == 3'd7;
  assign deal_tables_lane_3_is_last = is_last_word_3 && is_last_lane_3;
  logic [511:0] word_3_now, tables_words_word_6;
  assign tables_words_word_6 = tables_words_data;

  // Stage 0
  wire logic is_first_lane_3 = lane_3 == 3'd0;
  wire logic [511:0] tables_words_word_5 = is_first_lane_3 ? tables_words_word_6 : word_3_now;
  wire logic [447:0] tables_words_element_6 = tables_words_word_5[511:64];
  wire logic [511:0] word_12 = {64'd0, tables_words_element_6};
  wire logic [63:0] tables_words_element_5 = tables_words_word_5[63:0];

  assign word_3_now = word_3;
  always_comb begin
    deal_tables_lane_3_ok = '1;
    deal_tables_lane_3_ok[0] = (!is_first_lane_3 || tables_words_valid) && softplus_dt_table_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) deal_tables_lane_3_control (
      .clk,
      .rst,
      .start  (state == START_DEAL_TABLES_LANE_3),
      .is_last(deal_tables_lane_3_is_last),
      .ok     (deal_tables_lane_3_ok),
      .valid  (deal_tables_lane_3_unused_valid),
      .go     (deal_tables_lane_3_go),
      .done   (deal_tables_lane_3_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_DEAL_TABLES_LANE_3) begin
      word_11 <= '0;
      lane_3 <= '0;
    end else if (deal_tables_lane_3_go[0]) begin
      if (is_last_lane_3) word_11 <= is_last_word_3 ? '0 : word_11 + 1'b1;
      lane_3 <= is_last_lane_3 ? '0 : lane_3 + 1'b1;
    end
  end

  // Pipeline deal_tables_lane_4: 1 stages
  logic [0:0] deal_tables_lane_4_ok, deal_tables_lane_4_unused_valid;
  logic deal_tables_lane_4_is_last;
  logic [6:0] word_13;
  logic [2:0] lane_4;
  wire logic is_last_word_4 = word_13 == 7'd127;
  wire logic is_last_lane_4 = lane_4 == 3'd7;
  assign deal_tables_lane_4_is_last = is_last_word_4 && is_last_lane_4;
  logic [511:0] word_4_now, tables_words_word_8;
  assign tables_words_word_8 = tables_words_data;

  // Stage 0
  wire logic is_first_lane_4 = lane_4 == 3'd0;
  wire logic [511:0] tables_words_word_7 = is_first_lane_4 ? tables_words_word_8 : word_4_now;
  wire logic [447:0] tables_words_element_8 = tables_words_word_7[511:64];
  wire logic [511:0] word_14 = {64'd0, tables_words_element_8};
  wire logic [63:0] tables_words_element_7 = tables_words_word_7[63:0];

  assign word_4_now = word_4;
  always_comb begin
    deal_tables_lane_4_ok = '1;
    deal_tables_lane_4_ok[0] = (!is_first_lane_4 || tables_words_valid) && exp_decay_table_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) deal_tables_lane_4_control (
      .clk,
      .rst,
      .start  (state == START_DEAL_TABLES_LANE_4),
      .is_last(deal_tables_lane_4_is_last),
      .ok     (deal_tables_lane_4_ok),
      .valid  (deal_tables_lane_4_unused_valid),
      .go     (deal_tables_lane_4_go),
      .done   (deal_tables_lane_4_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_DEAL_TABLES_LANE_4) begin
      word_13 <= '0;
      lane_4 <= '0;
    end else if (deal_tables_lane_4_go[0]) begin
      if (is_last_lane_4) word_13 <= is_last_word_4 ? '0 : word_13 + 1'b1;
      lane_4 <= is_last_lane_4 ? '0 : lane_4 + 1'b1;
    end
  end

  // Pipeline deal_tables_lane_5: 1 stages
  logic [0:0] deal_tables_lane_5_ok, deal_tables_lane_5_unused_valid;
  logic deal_tables_lane_5_is_last;
  logic [6:0] word_15;
  logic [2:0] lane_5;
  wire logic is_last_word_5 = word_15 == 7'd127;
  wire logic is_last_lane_5 = lane_5 == 3'd7;
  assign deal_tables_lane_5_is_last = is_last_word_5 && is_last_lane_5;
  logic [511:0] word_5_now, tables_words_word_10;
  assign tables_words_word_10 = tables_words_data;

  // Stage 0
  wire logic is_first_lane_5 = lane_5 == 3'd0;
  wire logic [511:0] tables_words_word_9 = is_first_lane_5 ? tables_words_word_10 : word_5_now;
  wire logic [447:0] tables_words_element_10 = tables_words_word_9[511:64];
  wire logic [511:0] word_16 = {64'd0, tables_words_element_10};
  wire logic [63:0] tables_words_element_9 = tables_words_word_9[63:0];

  assign word_5_now = word_5;
  always_comb begin
    deal_tables_lane_5_ok = '1;
    deal_tables_lane_5_ok[0] = (!is_first_lane_5 || tables_words_valid) && silu_gate_table_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) deal_tables_lane_5_control (
      .clk,
      .rst,
      .start  (state == START_DEAL_TABLES_LANE_5),
      .is_last(deal_tables_lane_5_is_last),
      .ok     (deal_tables_lane_5_ok),
      .valid  (deal_tables_lane_5_unused_valid),
      .go     (deal_tables_lane_5_go),
      .done   (deal_tables_lane_5_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_DEAL_TABLES_LANE_5) begin
      word_15 <= '0;
      lane_5 <= '0;
    end else if (deal_tables_lane_5_go[0]) begin
      if (is_last_lane_5) word_15 <= is_last_word_5 ? '0 : word_15 + 1'b1;
      lane_5 <= is_last_lane_5 ? '0 : lane_5 + 1'b1;
    end
  end

  // Pipeline deal_tables_lane_6: 1 stages
  logic [0:0] deal_tables_lane_6_ok, deal_tables_lane_6_unused_valid;
  logic deal_tables_lane_6_is_last;
  logic [7:0] word_17;
  logic [3:0] lane_6;
  wire logic is_last_word_6 = word_17 == 8'd255;
  wire logic is_last_lane_6 = lane_6 == 4'd15;
  assign deal_tables_lane_6_is_last = is_last_word_6 && is_last_lane_6;
  logic [511:0] word_6_now, tables_words_word_12;
  assign tables_words_word_12 = tables_words_data;

  // Stage 0
  wire logic is_first_lane_6 = lane_6 == 4'd0;
  wire logic [511:0] tables_words_word_11 = is_first_lane_6 ? tables_words_word_12 : word_6_now;
  wire logic [479:0] tables_words_element_12 = tables_words_word_11[511:32];
  wire logic [511:0] word_18 = {32'd0, tables_words_element_12};
  wire logic [31:0] tables_words_element_11 = tables_words_word_11[31:0];

  assign word_6_now = word_6;
  always_comb begin
    deal_tables_lane_6_ok = '1;
    deal_tables_lane_6_ok[0] = (!is_first_lane_6 || tables_words_valid) &&
        rsqrt_normed_table_2_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) deal_tables_lane_6_control (
      .clk,
      .rst,
      .start  (state == START_DEAL_TABLES_LANE_6),
      .is_last(deal_tables_lane_6_is_last),
      .ok     (deal_tables_lane_6_ok),
      .valid  (deal_tables_lane_6_unused_valid),
      .go     (deal_tables_lane_6_go),
      .done   (deal_tables_lane_6_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_DEAL_TABLES_LANE_6) begin
      word_17 <= '0;
      lane_6 <= '0;
    end else if (deal_tables_lane_6_go[0]) begin
      if (is_last_lane_6) word_17 <= is_last_word_6 ? '0 : word_17 + 1'b1;
      lane_6 <= is_last_lane_6 ? '0 : lane_6 + 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (deal_tables_lane_go[0]) word <= word_8;
    if (deal_tables_lane_2_go[0]) word_2 <= word_10;
    if (deal_tables_lane_3_go[0]) word_3 <= word_12;
    if (deal_tables_lane_4_go[0]) word_4 <= word_14;
    if (deal_tables_lane_5_go[0]) word_5 <= word_16;
    if (deal_tables_lane_6_go[0]) word_6 <= word_18;
  end

  assign tables_words_ready = (deal_tables_lane_go[0] && is_first_lane) ||
      (deal_tables_lane_2_go[0] && is_first_lane_2) || (deal_tables_lane_3_go[0] &&
      is_first_lane_3) || (deal_tables_lane_4_go[0] && is_first_lane_4) ||
      (deal_tables_lane_5_go[0] && is_first_lane_5) || (deal_tables_lane_6_go[0] &&
      is_first_lane_6);
  assign rsqrt_normed_table_valid = deal_tables_lane_go[0];
  assign rsqrt_normed_table_data = tables_words_element;
  assign silu_x_table_valid = deal_tables_lane_2_go[0];
  assign silu_x_table_data = tables_words_element_3;
  assign softplus_dt_table_valid = deal_tables_lane_3_go[0];
  assign softplus_dt_table_data = tables_words_element_5;
  assign exp_decay_table_valid = deal_tables_lane_4_go[0];
  assign exp_decay_table_data = tables_words_element_7;
  assign silu_gate_table_valid = deal_tables_lane_5_go[0];
  assign silu_gate_table_data = tables_words_element_9;
  assign rsqrt_normed_table_2_valid = deal_tables_lane_6_go[0];
  assign rsqrt_normed_table_2_data = tables_words_element_11;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          state <= START_DEAL_TABLES_LANE;
        end
        START_DEAL_TABLES_LANE: begin
          state <= RUN_DEAL_TABLES_LANE;
        end
        RUN_DEAL_TABLES_LANE: begin
          if (deal_tables_lane_done) begin
            state <= START_DEAL_TABLES_LANE_2;
          end
        end
        START_DEAL_TABLES_LANE_2: begin
          state <= RUN_DEAL_TABLES_LANE_2;
        end
        RUN_DEAL_TABLES_LANE_2: begin
          if (deal_tables_lane_2_done) begin
            state <= START_DEAL_TABLES_LANE_3;
          end
        end
        START_DEAL_TABLES_LANE_3: begin
          state <= RUN_DEAL_TABLES_LANE_3;
        end
        RUN_DEAL_TABLES_LANE_3: begin
          if (deal_tables_lane_3_done) begin
            state <= START_DEAL_TABLES_LANE_4;
          end
        end
        START_DEAL_TABLES_LANE_4: begin
          state <= RUN_DEAL_TABLES_LANE_4;
        end
        RUN_DEAL_TABLES_LANE_4: begin
          if (deal_tables_lane_4_done) begin
            state <= START_DEAL_TABLES_LANE_5;
          end
        end
        START_DEAL_TABLES_LANE_5: begin
          state <= RUN_DEAL_TABLES_LANE_5;
        end
        RUN_DEAL_TABLES_LANE_5: begin
          if (deal_tables_lane_5_done) begin
            state <= START_DEAL_TABLES_LANE_6;
          end
        end
        START_DEAL_TABLES_LANE_6: begin
          state <= RUN_DEAL_TABLES_LANE_6;
        end
        RUN_DEAL_TABLES_LANE_6: begin
          if (deal_tables_lane_6_done) begin
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
      deal_tables_lane_go,
      deal_tables_lane_2_go,
      deal_tables_lane_3_go,
      deal_tables_lane_4_go,
      deal_tables_lane_5_go,
      deal_tables_lane_6_go,
      tables_words_word,
      tables_words_word_3,
      tables_words_word_5,
      tables_words_word_7,
      tables_words_word_9,
      tables_words_word_11,
      1'b0
  };

endmodule
