// ssm.silu(z: 32 x fixed<16, 11>) -> gate: 32 x fixed<16, 11>
//   from mamba1.py:38
//   reads z: 16 words of 2 x fixed<16, 11> for each layer
//   writes gate: 16 words of 2 x fixed<16, 11> for each layer
module silu_2 (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic silu_gate_table_valid,
    output logic silu_gate_table_ready,
    input  logic [63:0] silu_gate_table_data,
    input  logic z_valid,
    output logic z_ready,
    input  logic [31:0] z_data,
    output logic gate_valid,
    input  logic gate_ready,
    output logic [31:0] gate_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    START_SILU_2_LOAD_TABLE,
    RUN_SILU_2_LOAD_TABLE,
    ROUND_SILU_2_TOKEN,
    ROUND_SILU_2_LAYER,
    START_SILU_2_WORD,
    RUN_SILU_2_WORD
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic [0:0] silu_2_load_table_go;
  logic silu_2_load_table_done;
  logic [9:0] silu_2_word_go;
  logic silu_2_word_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_silu_2_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_silu_2_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_silu_2_layer = next_layer < 2'd2;

  // Pipeline silu_2_load_table: 1 stages
  logic [0:0] silu_2_load_table_ok, silu_2_load_table_unused_valid;
  logic silu_2_load_table_is_last;
  logic [9:0] load_table;
  wire logic is_last_load_table = load_table == 10'd1023;
  assign silu_2_load_table_is_last = is_last_load_table;
  logic [63:0] silu_gate_table_word;
  assign silu_gate_table_word = silu_gate_table_data;

  always_comb begin
    silu_2_load_table_ok = '1;
    silu_2_load_table_ok[0] = silu_gate_table_valid;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) silu_2_load_table_control (
      .clk,
      .rst,
      .start  (state == START_SILU_2_LOAD_TABLE),
      .is_last(silu_2_load_table_is_last),
      .ok     (silu_2_load_table_ok),
      .valid  (silu_2_load_table_unused_valid),
      .go     (silu_2_load_table_go),
      .done   (silu_2_load_table_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_SILU_2_LOAD_TABLE) begin
      load_table <= '0;
    end else if (silu_2_load_table_go[0]) begin
      load_table <= is_last_load_table ? '0 : load_table + 1'b1;
    end
  end

  // Pipeline silu_2_word: 10 stages
  logic [9:0] silu_2_word_ok, silu_2_word_unused_valid;
  logic silu_2_word_is_last;
  logic [3:0] word;
  wire logic is_last_word = word == 4'd15;
  assign silu_2_word_is_last = is_last_word;
  logic [63:0] table_word_0, table_word_1;
  logic [9:0] shifted_0_s1, shifted_1_s1;
  logic signed [31:0] table_element_0_s8, table_element_0_2_s4, table_element_0_2_s5,
      table_element_1_s8, table_element_1_2_s4, table_element_1_2_s5;
  logic signed [16:0] difference_0_2_s5, difference_1_2_s5;
  logic signed [47:0] product_0_s6, product_0_s7, product_0_s8, product_1_s6, product_1_s7,
      product_1_s8;
  logic signed [48:0] sum_0_s9, sum_1_s9;
  logic [31:0] z_word;
  assign z_word = z_data;

  // Stage 0
  // mamba1.py:38
  wire logic signed [15:0] z_element_0 = signed'(z_word[15:0]);
  wire logic [15:0] difference_0 = unsigned'(z_element_0) - 16'd32768;
  wire logic [9:0] shifted_0 = 10'(difference_0 >> 6);
  wire logic [15:0] shifted_0_2 = 16'(shifted_0) << 6;
  wire logic signed [16:0] difference_0_2 = signed'(17'(difference_0)) - signed'(17'(shifted_0_2));
  wire logic signed [15:0] z_element_1 = signed'(z_word[31:16]);
  wire logic [15:0] difference_1 = unsigned'(z_element_1) - 16'd32768;
  wire logic [9:0] shifted_1 = 10'(difference_1 >> 6);
  wire logic [15:0] shifted_1_2 = 16'(shifted_1) << 6;
  wire logic signed [16:0] difference_1_2 = signed'(17'(difference_1)) - signed'(17'(shifted_1_2));

  // Stage 3
  // mamba1.py:38
  wire logic signed [31:0] table_element_0 = signed'(table_word_0[31:0]);
  wire logic signed [31:0] table_element_0_2 = signed'(table_word_0[63:32]);
  wire logic signed [31:0] table_element_1 = signed'(table_word_1[31:0]);
  wire logic signed [31:0] table_element_1_2 = signed'(table_word_1[63:32]);

  // Stage 5
  // mamba1.py:38
  (* use_dsp = "yes" *) wire logic signed [47:0] product_0 =
      48'(table_element_0_2_s5) * 48'(difference_0_2_s5);
  (* use_dsp = "yes" *) wire logic signed [47:0] product_1 =
      48'(table_element_1_2_s5) * 48'(difference_1_2_s5);

  // Stage 8
  // mamba1.py:38
  wire logic signed [39:0] shifted_0_3 = 40'(table_element_0_s8) << 8;
  wire logic signed [48:0] sum_0 = 49'(shifted_0_3) + 49'(product_0_s8);
  wire logic signed [39:0] shifted_1_3 = 40'(table_element_1_s8) << 8;
  wire logic signed [48:0] sum_1 = 49'(shifted_1_3) + 49'(product_1_s8);

  // Stage 9
  // mamba1.py:38
  wire logic signed [50:0] rounded_0_unsaturated = (((51'(sum_0_s9) << 1) >>> 8) + 51'sd1) >>> 1;
  wire logic signed [15:0] rounded_0 = rounded_0_unsaturated > 51'sd32767 ? 16'sd32767 :
      rounded_0_unsaturated < -51'sd32768 ? 16'sh8000 : 16'(rounded_0_unsaturated);
  wire logic signed [50:0] rounded_1_unsaturated = (((51'(sum_1_s9) << 1) >>> 8) + 51'sd1) >>> 1;
  wire logic signed [15:0] rounded_1 = rounded_1_unsaturated > 51'sd32767 ? 16'sd32767 :
      rounded_1_unsaturated < -51'sd32768 ? 16'sh8000 : 16'(rounded_1_unsaturated);
  wire logic [31:0] gate_word_1 = {rounded_1, rounded_0};

  always_ff @(posedge clk) begin
    if (silu_2_word_go[0]) begin
      shifted_0_s1 <= shifted_0;
      shifted_1_s1 <= shifted_1;
    end
    if (silu_2_word_go[3]) begin
      table_element_0_2_s4 <= table_element_0_2;
      table_element_1_2_s4 <= table_element_1_2;
    end
    if (silu_2_word_go[4]) begin
      table_element_0_2_s5 <= table_element_0_2_s4;
      table_element_1_2_s5 <= table_element_1_2_s4;
    end
    if (silu_2_word_go[5]) begin
      product_0_s6 <= product_0;
      product_1_s6 <= product_1;
    end
    if (silu_2_word_go[6]) begin
      product_0_s7 <= product_0_s6;
      product_1_s7 <= product_1_s6;
    end
    if (silu_2_word_go[7]) begin
      product_0_s8 <= product_0_s7;
      product_1_s8 <= product_1_s7;
    end
    if (silu_2_word_go[8]) begin
      sum_0_s9 <= sum_0;
      sum_1_s9 <= sum_1;
    end
  end
  lmc_delay #(.WIDTH(34), .STAGES(5)) silu_2_word_from_0_to_5 (
      .clk,
      .rst,
      .in_go   (silu_2_word_go[0]),
      .in_data ({difference_0_2, difference_1_2}),
      .out_go  (silu_2_word_go[5]),
      .out_data({difference_0_2_s5, difference_1_2_s5})
  );
  lmc_delay #(.WIDTH(64), .STAGES(5)) silu_2_word_from_3_to_8 (
      .clk,
      .rst,
      .in_go   (silu_2_word_go[3]),
      .in_data ({table_element_0, table_element_1}),
      .out_go  (silu_2_word_go[8]),
      .out_data({table_element_0_s8, table_element_1_s8})
  );
  always_comb begin
    silu_2_word_ok = '1;
    silu_2_word_ok[0] = z_valid;
    silu_2_word_ok[9] = gate_ready;
  end
  lmc_pipeline #(.STAGES(10), .INTERVAL(1)) silu_2_word_control (
      .clk,
      .rst,
      .start  (state == START_SILU_2_WORD),
      .is_last(silu_2_word_is_last),
      .ok     (silu_2_word_ok),
      .valid  (silu_2_word_unused_valid),
      .go     (silu_2_word_go),
      .done   (silu_2_word_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_SILU_2_WORD) begin
      word <= '0;
    end else if (silu_2_word_go[0]) begin
      word <= is_last_word ? '0 : word + 1'b1;
    end
  end
  logic [63:0] table_0_read;
  lmc_ram #(.WIDTH(64), .DEPTH(1024), .STYLE("bram")) table_0_read_ram (
      .clk,
      .write_enable (silu_2_load_table_go[0]),
      .write_address(load_table),
      .write_data   (silu_gate_table_word),
      .read_enable  (silu_2_word_go[1]),
      .read_address (shifted_0_s1),
      .read_data    (table_0_read)
  );
  always_ff @(posedge clk) if (silu_2_word_go[2]) table_word_0 <= table_0_read;
  logic [63:0] table_1_read;
  lmc_ram #(.WIDTH(64), .DEPTH(1024), .STYLE("bram")) table_1_read_ram (
      .clk,
      .write_enable (silu_2_load_table_go[0]),
      .write_address(load_table),
      .write_data   (silu_gate_table_word),
      .read_enable  (silu_2_word_go[1]),
      .read_address (shifted_1_s1),
      .read_data    (table_1_read)
  );
  always_ff @(posedge clk) if (silu_2_word_go[2]) table_word_1 <= table_1_read;

  assign silu_gate_table_ready = silu_2_load_table_go[0];
  assign z_ready = silu_2_word_go[0];
  assign gate_valid = silu_2_word_go[9];
  assign gate_data = gate_word_1;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          state <= START_SILU_2_LOAD_TABLE;
        end
        START_SILU_2_LOAD_TABLE: begin
          state <= RUN_SILU_2_LOAD_TABLE;
        end
        RUN_SILU_2_LOAD_TABLE: begin
          if (silu_2_load_table_done) begin
            if (enters_silu_2_token) begin
              token <= '0;
              state <= ROUND_SILU_2_TOKEN;
            end else begin
              state <= DONE;
            end
          end
        end
        ROUND_SILU_2_TOKEN: begin
          layer <= '0;
          state <= ROUND_SILU_2_LAYER;
        end
        ROUND_SILU_2_LAYER: begin
          state <= START_SILU_2_WORD;
        end
        START_SILU_2_WORD: begin
          state <= RUN_SILU_2_WORD;
        end
        RUN_SILU_2_WORD: begin
          if (silu_2_word_done) begin
            if (more_silu_2_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_SILU_2_LAYER;
            end else begin
              if (more_silu_2_token) begin
                token <= token + 1'b1;
                state <= ROUND_SILU_2_TOKEN;
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
      silu_2_load_table_go,
      silu_2_word_go,
      z_word,
      table_word_0,
      rounded_0_unsaturated,
      table_word_1,
      rounded_1_unsaturated,
      1'b0
  };

endmodule
