// ssm.decay(dt: 32 x fixed<24, 15>) -> decay: 32 x 4 x fixed<18, 16>
//   from mamba1.py:40 with backbone.layers.{layer}.mixer.A_log
//   reads dt_copy_x1: 32 words of fixed<24, 15> for each layer
//   reads a_parameters: 32 words of 4 x fixed<16, 12> for each layer
//   writes decay: 32 words of 4 x fixed<18, 16> for each layer
module decay_2 (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic exp_decay_table_valid,
    output logic exp_decay_table_ready,
    input  logic [63:0] exp_decay_table_data,
    input  logic dt_copy_x1_valid,
    output logic dt_copy_x1_ready,
    input  logic [23:0] dt_copy_x1_data,
    input  logic a_parameters_valid,
    output logic a_parameters_ready,
    input  logic [63:0] a_parameters_data,
    output logic decay_valid,
    input  logic decay_ready,
    output logic [71:0] decay_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    START_DECAY_2_LOAD_TABLE,
    RUN_DECAY_2_LOAD_TABLE,
    ROUND_DECAY_2_TOKEN,
    ROUND_DECAY_2_LAYER,
    START_DECAY_2_WORD,
    RUN_DECAY_2_WORD
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic [0:0] decay_2_load_table_go;
  logic decay_2_load_table_done;
  logic [13:0] decay_2_word_go;
  logic decay_2_word_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_decay_2_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_decay_2_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_decay_2_layer = next_layer < 2'd2;

  // Pipeline decay_2_load_table: 1 stages
  logic [0:0] decay_2_load_table_ok, decay_2_load_table_unused_valid;
  logic decay_2_load_table_is_last;
  logic [9:0] load_table;
  wire logic is_last_load_table = load_table == 10'd1023;
  assign decay_2_load_table_is_last = is_last_load_table;
  logic [63:0] exp_decay_table_word;
  assign exp_decay_table_word = exp_decay_table_data;

  always_comb begin
    decay_2_load_table_ok = '1;
    decay_2_load_table_ok[0] = exp_decay_table_valid;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) decay_2_load_table_control (
      .clk,
      .rst,
      .start  (state == START_DECAY_2_LOAD_TABLE),
      .is_last(decay_2_load_table_is_last),
      .ok     (decay_2_load_table_ok),
      .valid  (decay_2_load_table_unused_valid),
      .go     (decay_2_load_table_go),
      .done   (decay_2_load_table_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_DECAY_2_LOAD_TABLE) begin
      load_table <= '0;
    end else if (decay_2_load_table_go[0]) begin
      load_table <= is_last_load_table ? '0 : load_table + 1'b1;
    end
  end

  // Pipeline decay_2_word: 14 stages
  logic [13:0] decay_2_word_ok, decay_2_word_unused_valid;
  logic decay_2_word_is_last;
  logic [4:0] word;
  wire logic is_last_word = word == 5'd31;
  assign decay_2_word_is_last = is_last_word;
  logic [63:0] table_word_0, table_word_1, table_word_2, table_word_3;
  logic [9:0] smallest_0_s5, smallest_1_s5, smallest_2_s5, smallest_3_s5;
  logic signed [23:0] converted_0_s1;
  logic signed [15:0] a_parameters_element_0_s1, a_parameters_element_1_s1,
      a_parameters_element_2_s1, a_parameters_element_3_s1;
  logic signed [39:0] product_0_s2, product_0_s3, product_1_s2, product_1_s3, product_2_s2,
      product_2_s3, product_3_s2, product_3_s3;
  logic signed [21:0] rounded_0_s4, rounded_1_s4, rounded_2_s4, rounded_3_s4;
  logic [21:0] difference_0_s5, difference_1_s5, difference_2_s5, difference_3_s5;
  logic signed [31:0] table_element_0_s12, table_element_0_2_s8, table_element_0_2_s9,
      table_element_1_s12, table_element_1_2_s8, table_element_1_2_s9, table_element_2_s12,
      table_element_2_2_s8, table_element_2_2_s9, table_element_3_s12, table_element_3_2_s8,
      table_element_3_2_s9;
  logic signed [22:0] difference_0_2_s9, difference_1_2_s9, difference_2_2_s9, difference_3_2_s9;
  logic signed [53:0] product_0_2_s10, product_0_2_s11, product_0_2_s12, product_1_2_s10,
      product_1_2_s11, product_1_2_s12, product_2_2_s10, product_2_2_s11, product_2_2_s12,
      product_3_2_s10, product_3_2_s11, product_3_2_s12;
  logic signed [54:0] sum_0_s13, sum_1_s13, sum_2_s13, sum_3_s13;
  logic [23:0] dt_copy_x1_element;
  assign dt_copy_x1_element = dt_copy_x1_data;
  logic [63:0] a_parameters_word;
  assign a_parameters_word = a_parameters_data;

  // Stage 0
  // mamba1.py:40
  wire logic signed [23:0] converted_0 = signed'(dt_copy_x1_element);
  wire logic signed [15:0] a_parameters_element_0 = signed'(a_parameters_word[15:0]);
  wire logic signed [15:0] a_parameters_element_1 = signed'(a_parameters_word[31:16]);
  wire logic signed [15:0] a_parameters_element_2 = signed'(a_parameters_word[47:32]);
  wire logic signed [15:0] a_parameters_element_3 = signed'(a_parameters_word[63:48]);

  // Stage 1
  // mamba1.py:40
  (* use_dsp = "yes" *) wire logic signed [39:0] product_0 =
      40'(converted_0_s1) * 40'(a_parameters_element_0_s1);
  (* use_dsp = "yes" *) wire logic signed [39:0] product_1 =
      40'(converted_0_s1) * 40'(a_parameters_element_1_s1);
  (* use_dsp = "yes" *) wire logic signed [39:0] product_2 =
      40'(converted_0_s1) * 40'(a_parameters_element_2_s1);
  (* use_dsp = "yes" *) wire logic signed [39:0] product_3 =
      40'(converted_0_s1) * 40'(a_parameters_element_3_s1);

  // Stage 3
  // mamba1.py:40
  wire logic signed [41:0] rounded_0_unsaturated = (((42'(product_0_s3) << 1) >>> 10) +
      42'sd1) >>> 1;
  wire logic signed [21:0] rounded_0 = rounded_0_unsaturated > 42'sd2097151 ? 22'sd2097151 :
      rounded_0_unsaturated < -42'sd2097152 ? 22'sh200000 : 22'(rounded_0_unsaturated);
  wire logic signed [41:0] rounded_1_unsaturated = (((42'(product_1_s3) << 1) >>> 10) +
      42'sd1) >>> 1;
  wire logic signed [21:0] rounded_1 = rounded_1_unsaturated > 42'sd2097151 ? 22'sd2097151 :
      rounded_1_unsaturated < -42'sd2097152 ? 22'sh200000 : 22'(rounded_1_unsaturated);
  wire logic signed [41:0] rounded_2_unsaturated = (((42'(product_2_s3) << 1) >>> 10) +
      42'sd1) >>> 1;
  wire logic signed [21:0] rounded_2 = rounded_2_unsaturated > 42'sd2097151 ? 22'sd2097151 :
      rounded_2_unsaturated < -42'sd2097152 ? 22'sh200000 : 22'(rounded_2_unsaturated);
  wire logic signed [41:0] rounded_3_unsaturated = (((42'(product_3_s3) << 1) >>> 10) +
      42'sd1) >>> 1;
  wire logic signed [21:0] rounded_3 = rounded_3_unsaturated > 42'sd2097151 ? 22'sd2097151 :
      rounded_3_unsaturated < -42'sd2097152 ? 22'sh200000 : 22'(rounded_3_unsaturated);

  // Stage 4
  // mamba1.py:40
  wire logic [21:0] difference_0 = unsigned'(rounded_0_s4) - 22'd2097152;
  wire logic [10:0] shifted_0 = 11'(difference_0 >> 11);
  wire logic [9:0] smallest_0 = shifted_0 < 11'd1023 ? 10'(shifted_0) : 10'd1023;
  wire logic [21:0] difference_1 = unsigned'(rounded_1_s4) - 22'd2097152;
  wire logic [10:0] shifted_1 = 11'(difference_1 >> 11);
  wire logic [9:0] smallest_1 = shifted_1 < 11'd1023 ? 10'(shifted_1) : 10'd1023;
  wire logic [21:0] difference_2 = unsigned'(rounded_2_s4) - 22'd2097152;
  wire logic [10:0] shifted_2 = 11'(difference_2 >> 11);
  wire logic [9:0] smallest_2 = shifted_2 < 11'd1023 ? 10'(shifted_2) : 10'd1023;
  wire logic [21:0] difference_3 = unsigned'(rounded_3_s4) - 22'd2097152;
  wire logic [10:0] shifted_3 = 11'(difference_3 >> 11);
  wire logic [9:0] smallest_3 = shifted_3 < 11'd1023 ? 10'(shifted_3) : 10'd1023;

  // Stage 5
  // mamba1.py:40
  wire logic [20:0] shifted_0_2 = 21'(smallest_0_s5) << 11;
  wire logic signed [22:0] difference_0_2 =
      signed'(23'(difference_0_s5)) - signed'(23'(shifted_0_2));
  wire logic [20:0] shifted_1_2 = 21'(smallest_1_s5) << 11;
  wire logic signed [22:0] difference_1_2 =
      signed'(23'(difference_1_s5)) - signed'(23'(shifted_1_2));
  wire logic [20:0] shifted_2_2 = 21'(smallest_2_s5) << 11;
  wire logic signed [22:0] difference_2_2 =
      signed'(23'(difference_2_s5)) - signed'(23'(shifted_2_2));
  wire logic [20:0] shifted_3_2 = 21'(smallest_3_s5) << 11;
  wire logic signed [22:0] difference_3_2 =
      signed'(23'(difference_3_s5)) - signed'(23'(shifted_3_2));

  // Stage 7
  // mamba1.py:40
  wire logic signed [31:0] table_element_0 = signed'(table_word_0[31:0]);
  wire logic signed [31:0] table_element_0_2 = signed'(table_word_0[63:32]);
  wire logic signed [31:0] table_element_1 = signed'(table_word_1[31:0]);
  wire logic signed [31:0] table_element_1_2 = signed'(table_word_1[63:32]);
  wire logic signed [31:0] table_element_2 = signed'(table_word_2[31:0]);
  wire logic signed [31:0] table_element_2_2 = signed'(table_word_2[63:32]);
  wire logic signed [31:0] table_element_3 = signed'(table_word_3[31:0]);
  wire logic signed [31:0] table_element_3_2 = signed'(table_word_3[63:32]);

  // Stage 9
  // mamba1.py:40
  (* use_dsp = "yes" *) wire logic signed [53:0] product_0_2 =
      54'(table_element_0_2_s9) * 54'(difference_0_2_s9);
  (* use_dsp = "yes" *) wire logic signed [53:0] product_1_2 =
      54'(table_element_1_2_s9) * 54'(difference_1_2_s9);
  (* use_dsp = "yes" *) wire logic signed [53:0] product_2_2 =
      54'(table_element_2_2_s9) * 54'(difference_2_2_s9);
  (* use_dsp = "yes" *) wire logic signed [53:0] product_3_2 =
      54'(table_element_3_2_s9) * 54'(difference_3_2_s9);

  // Stage 12
  // mamba1.py:40
  wire logic signed [44:0] shifted_0_3 = 45'(table_element_0_s12) << 13;
  wire logic signed [54:0] sum_0 = 55'(shifted_0_3) + 55'(product_0_2_s12);
  wire logic signed [44:0] shifted_1_3 = 45'(table_element_1_s12) << 13;
  wire logic signed [54:0] sum_1 = 55'(shifted_1_3) + 55'(product_1_2_s12);
  wire logic signed [44:0] shifted_2_3 = 45'(table_element_2_s12) << 13;
  wire logic signed [54:0] sum_2 = 55'(shifted_2_3) + 55'(product_2_2_s12);
  wire logic signed [44:0] shifted_3_3 = 45'(table_element_3_s12) << 13;
  wire logic signed [54:0] sum_3 = 55'(shifted_3_3) + 55'(product_3_2_s12);

  // Stage 13
  // mamba1.py:40
  wire logic signed [56:0] rounded_0_2_unsaturated = (((57'(sum_0_s13) << 1) >>> 13) +
      57'sd1) >>> 1;
  wire logic signed [17:0] rounded_0_2 = rounded_0_2_unsaturated > 57'sd131071 ? 18'sd131071 :
      rounded_0_2_unsaturated < -57'sd131072 ? 18'sh20000 : 18'(rounded_0_2_unsaturated);
  wire logic signed [56:0] rounded_1_2_unsaturated = (((57'(sum_1_s13) << 1) >>> 13) +
      57'sd1) >>> 1;
  wire logic signed [17:0] rounded_1_2 = rounded_1_2_unsaturated > 57'sd131071 ? 18'sd131071 :
      rounded_1_2_unsaturated < -57'sd131072 ? 18'sh20000 : 18'(rounded_1_2_unsaturated);
  wire logic signed [56:0] rounded_2_2_unsaturated = (((57'(sum_2_s13) << 1) >>> 13) +
      57'sd1) >>> 1;
  wire logic signed [17:0] rounded_2_2 = rounded_2_2_unsaturated > 57'sd131071 ? 18'sd131071 :
      rounded_2_2_unsaturated < -57'sd131072 ? 18'sh20000 : 18'(rounded_2_2_unsaturated);
  wire logic signed [56:0] rounded_3_2_unsaturated = (((57'(sum_3_s13) << 1) >>> 13) +
      57'sd1) >>> 1;
  wire logic signed [17:0] rounded_3_2 = rounded_3_2_unsaturated > 57'sd131071 ? 18'sd131071 :
      rounded_3_2_unsaturated < -57'sd131072 ? 18'sh20000 : 18'(rounded_3_2_unsaturated);
  wire logic [71:0] decay_word_3 = {rounded_3_2, rounded_2_2, rounded_1_2, rounded_0_2};

  always_ff @(posedge clk) begin
    if (decay_2_word_go[0]) begin
      converted_0_s1 <= converted_0;
      a_parameters_element_0_s1 <= a_parameters_element_0;
      a_parameters_element_1_s1 <= a_parameters_element_1;
      a_parameters_element_2_s1 <= a_parameters_element_2;
      a_parameters_element_3_s1 <= a_parameters_element_3;
    end
    if (decay_2_word_go[1]) begin
      product_0_s2 <= product_0;
      product_1_s2 <= product_1;
      product_2_s2 <= product_2;
      product_3_s2 <= product_3;
    end
    if (decay_2_word_go[2]) begin
      product_0_s3 <= product_0_s2;
      product_1_s3 <= product_1_s2;
      product_2_s3 <= product_2_s2;
      product_3_s3 <= product_3_s2;
    end
    if (decay_2_word_go[3]) begin
      rounded_0_s4 <= rounded_0;
      rounded_1_s4 <= rounded_1;
      rounded_2_s4 <= rounded_2;
      rounded_3_s4 <= rounded_3;
    end
    if (decay_2_word_go[4]) begin
      smallest_0_s5 <= smallest_0;
      smallest_1_s5 <= smallest_1;
      smallest_2_s5 <= smallest_2;
      smallest_3_s5 <= smallest_3;
      difference_0_s5 <= difference_0;
      difference_1_s5 <= difference_1;
      difference_2_s5 <= difference_2;
      difference_3_s5 <= difference_3;
    end
    if (decay_2_word_go[7]) begin
      table_element_0_2_s8 <= table_element_0_2;
      table_element_1_2_s8 <= table_element_1_2;
      table_element_2_2_s8 <= table_element_2_2;
      table_element_3_2_s8 <= table_element_3_2;
    end
    if (decay_2_word_go[8]) begin
      table_element_0_2_s9 <= table_element_0_2_s8;
      table_element_1_2_s9 <= table_element_1_2_s8;
      table_element_2_2_s9 <= table_element_2_2_s8;
      table_element_3_2_s9 <= table_element_3_2_s8;
    end
    if (decay_2_word_go[9]) begin
      product_0_2_s10 <= product_0_2;
      product_1_2_s10 <= product_1_2;
      product_2_2_s10 <= product_2_2;
      product_3_2_s10 <= product_3_2;
    end
    if (decay_2_word_go[10]) begin
      product_0_2_s11 <= product_0_2_s10;
      product_1_2_s11 <= product_1_2_s10;
      product_2_2_s11 <= product_2_2_s10;
      product_3_2_s11 <= product_3_2_s10;
    end
    if (decay_2_word_go[11]) begin
      product_0_2_s12 <= product_0_2_s11;
      product_1_2_s12 <= product_1_2_s11;
      product_2_2_s12 <= product_2_2_s11;
      product_3_2_s12 <= product_3_2_s11;
    end
    if (decay_2_word_go[12]) begin
      sum_0_s13 <= sum_0;
      sum_1_s13 <= sum_1;
      sum_2_s13 <= sum_2;
      sum_3_s13 <= sum_3;
    end
  end
  lmc_delay #(.WIDTH(92), .STAGES(4)) decay_2_word_from_5_to_9 (
      .clk,
      .rst,
      .in_go   (decay_2_word_go[5]),
      .in_data ({difference_0_2, difference_1_2, difference_2_2, difference_3_2}),
      .out_go  (decay_2_word_go[9]),
      .out_data({difference_0_2_s9, difference_1_2_s9, difference_2_2_s9, difference_3_2_s9})
  );
  lmc_delay #(.WIDTH(128), .STAGES(5)) decay_2_word_from_7_to_12 (
      .clk,
      .rst,
      .in_go   (decay_2_word_go[7]),
      .in_data ({table_element_0, table_element_1, table_element_2, table_element_3}),
      .out_go  (decay_2_word_go[12]),
      .out_data({table_element_0_s12, table_element_1_s12, table_element_2_s12,
          table_element_3_s12})
  );
  always_comb begin
    decay_2_word_ok = '1;
    decay_2_word_ok[0] = dt_copy_x1_valid && a_parameters_valid;
    decay_2_word_ok[13] = decay_ready;
  end
  lmc_pipeline #(.STAGES(14), .INTERVAL(1)) decay_2_word_control (
      .clk,
      .rst,
      .start  (state == START_DECAY_2_WORD),
      .is_last(decay_2_word_is_last),
      .ok     (decay_2_word_ok),
      .valid  (decay_2_word_unused_valid),
      .go     (decay_2_word_go),
      .done   (decay_2_word_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_DECAY_2_WORD) begin
      word <= '0;
    end else if (decay_2_word_go[0]) begin
      word <= is_last_word ? '0 : word + 1'b1;
    end
  end
  logic [63:0] table_0_read;
  lmc_ram #(.WIDTH(64), .DEPTH(1024), .STYLE("bram")) table_0_read_ram (
      .clk,
      .write_enable (decay_2_load_table_go[0]),
      .write_address(load_table),
      .write_data   (exp_decay_table_word),
      .read_enable  (decay_2_word_go[5]),
      .read_address (smallest_0_s5),
      .read_data    (table_0_read)
  );
  always_ff @(posedge clk) if (decay_2_word_go[6]) table_word_0 <= table_0_read;
  logic [63:0] table_1_read;
  lmc_ram #(.WIDTH(64), .DEPTH(1024), .STYLE("bram")) table_1_read_ram (
      .clk,
      .write_enable (decay_2_load_table_go[0]),
      .write_address(load_table),
      .write_data   (exp_decay_table_word),
      .read_enable  (decay_2_word_go[5]),
      .read_address (smallest_1_s5),
      .read_data    (table_1_read)
  );
  always_ff @(posedge clk) if (decay_2_word_go[6]) table_word_1 <= table_1_read;
  logic [63:0] table_2_read;
  lmc_ram #(.WIDTH(64), .DEPTH(1024), .STYLE("bram")) table_2_read_ram (
      .clk,
      .write_enable (decay_2_load_table_go[0]),
      .write_address(load_table),
      .write_data   (exp_decay_table_word),
      .read_enable  (decay_2_word_go[5]),
      .read_address (smallest_2_s5),
      .read_data    (table_2_read)
  );
  always_ff @(posedge clk) if (decay_2_word_go[6]) table_word_2 <= table_2_read;
  logic [63:0] table_3_read;
  lmc_ram #(.WIDTH(64), .DEPTH(1024), .STYLE("bram")) table_3_read_ram (
      .clk,
      .write_enable (decay_2_load_table_go[0]),
      .write_address(load_table),
      .write_data   (exp_decay_table_word),
      .read_enable  (decay_2_word_go[5]),
      .read_address (smallest_3_s5),
      .read_data    (table_3_read)
  );
  always_ff @(posedge clk) if (decay_2_word_go[6]) table_word_3 <= table_3_read;

  assign exp_decay_table_ready = decay_2_load_table_go[0];
  assign dt_copy_x1_ready = decay_2_word_go[0];
  assign a_parameters_ready = decay_2_word_go[0];
  assign decay_valid = decay_2_word_go[13];
  assign decay_data = decay_word_3;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          state <= START_DECAY_2_LOAD_TABLE;
        end
        START_DECAY_2_LOAD_TABLE: begin
          state <= RUN_DECAY_2_LOAD_TABLE;
        end
        RUN_DECAY_2_LOAD_TABLE: begin
          if (decay_2_load_table_done) begin
            if (enters_decay_2_token) begin
              token <= '0;
              state <= ROUND_DECAY_2_TOKEN;
            end else begin
              state <= DONE;
            end
          end
        end
        ROUND_DECAY_2_TOKEN: begin
          layer <= '0;
          state <= ROUND_DECAY_2_LAYER;
        end
        ROUND_DECAY_2_LAYER: begin
          state <= START_DECAY_2_WORD;
        end
        START_DECAY_2_WORD: begin
          state <= RUN_DECAY_2_WORD;
        end
        RUN_DECAY_2_WORD: begin
          if (decay_2_word_done) begin
            if (more_decay_2_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_DECAY_2_LAYER;
            end else begin
              if (more_decay_2_token) begin
                token <= token + 1'b1;
                state <= ROUND_DECAY_2_TOKEN;
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
      decay_2_load_table_go,
      decay_2_word_go,
      a_parameters_word,
      rounded_0_unsaturated,
      shifted_0,
      table_word_0,
      rounded_0_2_unsaturated,
      rounded_1_unsaturated,
      shifted_1,
      table_word_1,
      rounded_1_2_unsaturated,
      rounded_2_unsaturated,
      shifted_2,
      table_word_2,
      rounded_2_2_unsaturated,
      rounded_3_unsaturated,
      shifted_3,
      table_word_3,
      rounded_3_2_unsaturated,
      1'b0
  };

endmodule
