// ssm.silu(conv: 32 x fixed<16, 9>) -> x: 32 x fixed<16, 10>
//   from mamba1.py:38
//   reads conv: 16 words of 2 x fixed<16, 9> for each layer
//   writes x_2: 16 words of 2 x fixed<16, 10> for each layer
module silu (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic silu_x_table_valid,
    output logic silu_x_table_ready,
    input  logic [63:0] silu_x_table_data,
    input  logic conv_valid,
    output logic conv_ready,
    input  logic [31:0] conv_data,
    output logic x_2_valid,
    input  logic x_2_ready,
    output logic [31:0] x_2_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    START_SILU_LOAD_TABLE,
    RUN_SILU_LOAD_TABLE,
    ROUND_SILU_TOKEN,
    ROUND_SILU_LAYER,
    START_SILU_WORD,
    RUN_SILU_WORD
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic [0:0] silu_load_table_go;
  logic silu_load_table_done;
  logic [10:0] silu_word_go;
  logic silu_word_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_silu_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_silu_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_silu_layer = next_layer < 2'd2;

  // Pipeline silu_load_table: 1 stages
  logic [0:0] silu_load_table_ok, silu_load_table_unused_valid;
  logic silu_load_table_is_last;
  logic [9:0] load_table;
  wire logic is_last_load_table = load_table == 10'd1023;
  assign silu_load_table_is_last = is_last_load_table;
  logic [63:0] silu_x_table_word;
  assign silu_x_table_word = silu_x_table_data;

  always_comb begin
    silu_load_table_ok = '1;
    silu_load_table_ok[0] = silu_x_table_valid;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) silu_load_table_control (
      .clk,
      .rst,
      .start  (state == START_SILU_LOAD_TABLE),
      .is_last(silu_load_table_is_last),
      .ok     (silu_load_table_ok),
      .valid  (silu_load_table_unused_valid),
      .go     (silu_load_table_go),
      .done   (silu_load_table_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_SILU_LOAD_TABLE) begin
      load_table <= '0;
    end else if (silu_load_table_go[0]) begin
      load_table <= is_last_load_table ? '0 : load_table + 1'b1;
    end
  end

  // Pipeline silu_word: 11 stages
  logic [10:0] silu_word_ok, silu_word_unused_valid;
  logic silu_word_is_last;
  logic [3:0] word;
  wire logic is_last_word = word == 4'd15;
  assign silu_word_is_last = is_last_word;
  logic [63:0] table_word_0, table_word_1;
  logic [9:0] smallest_0_s2, smallest_1_s2;
  logic [11:0] largest_0_s1, largest_1_s1;
  logic signed [16:0] difference_0_s1, difference_0_2_s6, difference_1_s1, difference_1_2_s6;
  logic signed [31:0] table_element_0_s9, table_element_0_2_s5, table_element_0_2_s6,
      table_element_1_s9, table_element_1_2_s5, table_element_1_2_s6;
  logic signed [47:0] product_0_s7, product_0_s8, product_0_s9, sum_0_s10, product_1_s7,
      product_1_s8, product_1_s9, sum_1_s10;
  logic [31:0] conv_word;
  assign conv_word = conv_data;

  // Stage 0
  // mamba1.py:38
  wire logic signed [15:0] conv_element_0 = signed'(conv_word[15:0]);
  wire logic signed [16:0] difference_0 = 17'(conv_element_0) - -17'sd8192;
  wire logic signed [12:0] shifted_0 = 13'(difference_0 >>> 4);
  wire logic [11:0] largest_0 = shifted_0 > 13'sd0 ? unsigned'(12'(shifted_0)) : 12'd0;
  wire logic signed [15:0] conv_element_1 = signed'(conv_word[31:16]);
  wire logic signed [16:0] difference_1 = 17'(conv_element_1) - -17'sd8192;
  wire logic signed [12:0] shifted_1 = 13'(difference_1 >>> 4);
  wire logic [11:0] largest_1 = shifted_1 > 13'sd0 ? unsigned'(12'(shifted_1)) : 12'd0;

  // Stage 1
  // mamba1.py:38
  wire logic [9:0] smallest_0 = largest_0_s1 < 12'd1023 ? 10'(largest_0_s1) : 10'd1023;
  wire logic [13:0] shifted_0_2 = 14'(smallest_0) << 4;
  wire logic signed [16:0] difference_0_2 = difference_0_s1 - signed'(17'(shifted_0_2));
  wire logic [9:0] smallest_1 = largest_1_s1 < 12'd1023 ? 10'(largest_1_s1) : 10'd1023;
  wire logic [13:0] shifted_1_2 = 14'(smallest_1) << 4;
  wire logic signed [16:0] difference_1_2 = difference_1_s1 - signed'(17'(shifted_1_2));

  // Stage 4
  // mamba1.py:38
  wire logic signed [31:0] table_element_0 = signed'(table_word_0[31:0]);
  wire logic signed [31:0] table_element_0_2 = signed'(table_word_0[63:32]);
  wire logic signed [31:0] table_element_1 = signed'(table_word_1[31:0]);
  wire logic signed [31:0] table_element_1_2 = signed'(table_word_1[63:32]);

  // Stage 6
  // mamba1.py:38
  (* use_dsp = "yes" *) wire logic signed [47:0] product_0 =
      48'(table_element_0_2_s6) * 48'(difference_0_2_s6);
  (* use_dsp = "yes" *) wire logic signed [47:0] product_1 =
      48'(table_element_1_2_s6) * 48'(difference_1_2_s6);

  // Stage 9
  // mamba1.py:38
  wire logic signed [37:0] shifted_0_3 = 38'(table_element_0_s9) << 6;
  wire logic signed [47:0] sum_0 = 48'(shifted_0_3) + product_0_s9;
  wire logic signed [37:0] shifted_1_3 = 38'(table_element_1_s9) << 6;
  wire logic signed [47:0] sum_1 = 48'(shifted_1_3) + product_1_s9;

  // Stage 10
  // mamba1.py:38
  wire logic signed [49:0] rounded_0_unsaturated = (((50'(sum_0_s10) << 1) >>> 6) + 50'sd1) >>> 1;
  wire logic signed [15:0] rounded_0 = rounded_0_unsaturated > 50'sd32767 ? 16'sd32767 :
      rounded_0_unsaturated < -50'sd32768 ? 16'sh8000 : 16'(rounded_0_unsaturated);
  wire logic signed [49:0] rounded_1_unsaturated = (((50'(sum_1_s10) << 1) >>> 6) + 50'sd1) >>> 1;
  wire logic signed [15:0] rounded_1 = rounded_1_unsaturated > 50'sd32767 ? 16'sd32767 :
      rounded_1_unsaturated < -50'sd32768 ? 16'sh8000 : 16'(rounded_1_unsaturated);
  wire logic [31:0] x_2_word_1 = {rounded_1, rounded_0};

  always_ff @(posedge clk) begin
    if (silu_word_go[0]) begin
      largest_0_s1 <= largest_0;
      difference_0_s1 <= difference_0;
      largest_1_s1 <= largest_1;
      difference_1_s1 <= difference_1;
    end
    if (silu_word_go[1]) begin
      smallest_0_s2 <= smallest_0;
      smallest_1_s2 <= smallest_1;
    end
    if (silu_word_go[4]) begin
      table_element_0_2_s5 <= table_element_0_2;
      table_element_1_2_s5 <= table_element_1_2;
    end
    if (silu_word_go[5]) begin
      table_element_0_2_s6 <= table_element_0_2_s5;
      table_element_1_2_s6 <= table_element_1_2_s5;
    end
    if (silu_word_go[6]) begin
      product_0_s7 <= product_0;
      product_1_s7 <= product_1;
    end
    if (silu_word_go[7]) begin
      product_0_s8 <= product_0_s7;
      product_1_s8 <= product_1_s7;
    end
    if (silu_word_go[8]) begin
      product_0_s9 <= product_0_s8;
      product_1_s9 <= product_1_s8;
    end
    if (silu_word_go[9]) begin
      sum_0_s10 <= sum_0;
      sum_1_s10 <= sum_1;
    end
  end
  lmc_delay #(.WIDTH(34), .STAGES(5)) silu_word_from_1_to_6 (
      .clk,
      .rst,
      .in_go   (silu_word_go[1]),
      .in_data ({difference_0_2, difference_1_2}),
      .out_go  (silu_word_go[6]),
      .out_data({difference_0_2_s6, difference_1_2_s6})
  );
  lmc_delay #(.WIDTH(64), .STAGES(5)) silu_word_from_4_to_9 (
      .clk,
      .rst,
      .in_go   (silu_word_go[4]),
      .in_data ({table_element_0, table_element_1}),
      .out_go  (silu_word_go[9]),
      .out_data({table_element_0_s9, table_element_1_s9})
  );
  always_comb begin
    silu_word_ok = '1;
    silu_word_ok[0] = conv_valid;
    silu_word_ok[10] = x_2_ready;
  end
  lmc_pipeline #(.STAGES(11), .INTERVAL(1)) silu_word_control (
      .clk,
      .rst,
      .start  (state == START_SILU_WORD),
      .is_last(silu_word_is_last),
      .ok     (silu_word_ok),
      .valid  (silu_word_unused_valid),
      .go     (silu_word_go),
      .done   (silu_word_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_SILU_WORD) begin
      word <= '0;
    end else if (silu_word_go[0]) begin
      word <= is_last_word ? '0 : word + 1'b1;
    end
  end
  logic [63:0] table_0_read;
  lmc_ram #(.WIDTH(64), .DEPTH(1024), .STYLE("bram")) table_0_read_ram (
      .clk,
      .write_enable (silu_load_table_go[0]),
      .write_address(load_table),
      .write_data   (silu_x_table_word),
      .read_enable  (silu_word_go[2]),
      .read_address (smallest_0_s2),
      .read_data    (table_0_read)
  );
  always_ff @(posedge clk) if (silu_word_go[3]) table_word_0 <= table_0_read;
  logic [63:0] table_1_read;
  lmc_ram #(.WIDTH(64), .DEPTH(1024), .STYLE("bram")) table_1_read_ram (
      .clk,
      .write_enable (silu_load_table_go[0]),
      .write_address(load_table),
      .write_data   (silu_x_table_word),
      .read_enable  (silu_word_go[2]),
      .read_address (smallest_1_s2),
      .read_data    (table_1_read)
  );
  always_ff @(posedge clk) if (silu_word_go[3]) table_word_1 <= table_1_read;

  assign silu_x_table_ready = silu_load_table_go[0];
  assign conv_ready = silu_word_go[0];
  assign x_2_valid = silu_word_go[10];
  assign x_2_data = x_2_word_1;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          state <= START_SILU_LOAD_TABLE;
        end
        START_SILU_LOAD_TABLE: begin
          state <= RUN_SILU_LOAD_TABLE;
        end
        RUN_SILU_LOAD_TABLE: begin
          if (silu_load_table_done) begin
            if (enters_silu_token) begin
              token <= '0;
              state <= ROUND_SILU_TOKEN;
            end else begin
              state <= DONE;
            end
          end
        end
        ROUND_SILU_TOKEN: begin
          layer <= '0;
          state <= ROUND_SILU_LAYER;
        end
        ROUND_SILU_LAYER: begin
          state <= START_SILU_WORD;
        end
        START_SILU_WORD: begin
          state <= RUN_SILU_WORD;
        end
        RUN_SILU_WORD: begin
          if (silu_word_done) begin
            if (more_silu_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_SILU_LAYER;
            end else begin
              if (more_silu_token) begin
                token <= token + 1'b1;
                state <= ROUND_SILU_TOKEN;
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
      silu_load_table_go,
      silu_word_go,
      conv_word,
      shifted_0,
      largest_0_s1,
      table_word_0,
      rounded_0_unsaturated,
      shifted_1,
      largest_1_s1,
      table_word_1,
      rounded_1_unsaturated,
      1'b0
  };

endmodule
