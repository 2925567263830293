// ssm.rms_norm(hidden: 16 x fixed<24, 6>) -> normed: 16 x fixed<16, 12>
//   from layers.py:22
//   reads hidden_copy_2: 8 words of 2 x fixed<24, 6> for each layer
//   writes normed: 8 words of 2 x fixed<16, 12> for each layer
module rms_norm (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic rsqrt_normed_table_valid,
    output logic rsqrt_normed_table_ready,
    input  logic [31:0] rsqrt_normed_table_data,
    input  logic hidden_copy_2_valid,
    output logic hidden_copy_2_ready,
    input  logic [47:0] hidden_copy_2_data,
    output logic normed_valid,
    input  logic normed_ready,
    output logic [31:0] normed_data
);

  typedef enum logic [3:0] {
    IDLE,
    DONE,
    START_RMS_NORM_LOAD_TABLE,
    RUN_RMS_NORM_LOAD_TABLE,
    ROUND_RMS_NORM_TOKEN,
    ROUND_RMS_NORM_LAYER,
    START_RMS_NORM_SQUARE,
    RUN_RMS_NORM_SQUARE,
    COMPUTE_RMS_NORM,
    START_RMS_NORM_SCALE,
    RUN_RMS_NORM_SCALE
  } state_t;
  state_t state;
  logic [2:0] step;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic [4:0] shifted_held;
  logic [15:0] mantissa_held;
  logic signed [62:0] squares;
  logic [0:0] rms_norm_load_table_go;
  logic rms_norm_load_table_done;
  logic [6:0] rms_norm_square_go;
  logic rms_norm_square_done;
  logic [6:0] compute_rms_norm_go;
  logic [7:0] rms_norm_scale_go;
  logic rms_norm_scale_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_rms_norm_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_rms_norm_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_rms_norm_layer = next_layer < 2'd2;

  // Pipeline rms_norm_load_table: 1 stages
  logic [0:0] rms_norm_load_table_ok, rms_norm_load_table_unused_valid;
  logic rms_norm_load_table_is_last;
  logic [11:0] load_table;
  wire logic is_last_load_table = load_table == 12'd4095;
  assign rms_norm_load_table_is_last = is_last_load_table;
  logic [31:0] rsqrt_normed_table_element;
  assign rsqrt_normed_table_element = rsqrt_normed_table_data;

  always_comb begin
    rms_norm_load_table_ok = '1;
    rms_norm_load_table_ok[0] = rsqrt_normed_table_valid;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) rms_norm_load_table_control (
      .clk,
      .rst,
      .start  (state == START_RMS_NORM_LOAD_TABLE),
      .is_last(rms_norm_load_table_is_last),
      .ok     (rms_norm_load_table_ok),
      .valid  (rms_norm_load_table_unused_valid),
      .go     (rms_norm_load_table_go),
      .done   (rms_norm_load_table_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_RMS_NORM_LOAD_TABLE) begin
      load_table <= '0;
    end else if (rms_norm_load_table_go[0]) begin
      load_table <= is_last_load_table ? '0 : load_table + 1'b1;
    end
  end

  // Pipeline rms_norm_square: 7 stages
  logic [6:0] rms_norm_square_ok, rms_norm_square_unused_valid;
  logic rms_norm_square_is_last;
  logic [2:0] square;
  wire logic is_last_square = square == 3'd7;
  assign rms_norm_square_is_last = is_last_square;
  logic signed [62:0] squares_now;
  logic is_first_square_s1, is_first_square_s2, is_first_square_s3, is_first_square_s4,
      is_first_square_s5;
  logic signed [23:0] hidden_copy_2_element_0_s1, hidden_copy_2_element_1_s1;
  logic signed [47:0] product_0_s2, product_0_s3, product_0_s4, product_1_s2, product_1_s3,
      product_1_s4;
  logic signed [48:0] sum_2_s5;
  logic [47:0] hidden_copy_2_word;
  assign hidden_copy_2_word = hidden_copy_2_data;

  // Stage 0
  // layers.py:22
  wire logic is_first_square = square == 3'd0;
  wire logic signed [23:0] hidden_copy_2_element_0 = signed'(hidden_copy_2_word[23:0]);
  wire logic signed [23:0] hidden_copy_2_element_1 = signed'(hidden_copy_2_word[47:24]);

  // Stage 1
  // layers.py:22
  (* use_dsp = "yes" *) wire logic signed [47:0] product_0 =
      48'(hidden_copy_2_element_0_s1) * 48'(hidden_copy_2_element_0_s1);
  (* use_dsp = "yes" *) wire logic signed [47:0] product_1 =
      48'(hidden_copy_2_element_1_s1) * 48'(hidden_copy_2_element_1_s1);

  // Stage 4
  // layers.py:22
  wire logic signed [48:0] sum_2 = 49'(product_0_s4) + 49'(product_1_s4);

  // Stage 5
  // layers.py:22
  wire logic signed [62:0] chosen = is_first_square_s5 ? 63'sd0 : squares_now;
  wire logic signed [62:0] sum = chosen + 63'(sum_2_s5);

  assign squares_now = squares;
  always_ff @(posedge clk) begin
    if (rms_norm_square_go[0]) begin
      is_first_square_s1 <= is_first_square;
      hidden_copy_2_element_0_s1 <= hidden_copy_2_element_0;
      hidden_copy_2_element_1_s1 <= hidden_copy_2_element_1;
    end
    if (rms_norm_square_go[1]) begin
      is_first_square_s2 <= is_first_square_s1;
      product_0_s2 <= product_0;
      product_1_s2 <= product_1;
    end
    if (rms_norm_square_go[2]) begin
      is_first_square_s3 <= is_first_square_s2;
      product_0_s3 <= product_0_s2;
      product_1_s3 <= product_1_s2;
    end
    if (rms_norm_square_go[3]) begin
      is_first_square_s4 <= is_first_square_s3;
      product_0_s4 <= product_0_s3;
      product_1_s4 <= product_1_s3;
    end
    if (rms_norm_square_go[4]) begin
      is_first_square_s5 <= is_first_square_s4;
      sum_2_s5 <= sum_2;
    end
  end
  always_comb begin
    rms_norm_square_ok = '1;
    rms_norm_square_ok[0] = hidden_copy_2_valid;
  end
  lmc_pipeline #(.STAGES(7), .INTERVAL(1)) rms_norm_square_control (
      .clk,
      .rst,
      .start  (state == START_RMS_NORM_SQUARE),
      .is_last(rms_norm_square_is_last),
      .ok     (rms_norm_square_ok),
      .valid  (rms_norm_square_unused_valid),
      .go     (rms_norm_square_go),
      .done   (rms_norm_square_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_RMS_NORM_SQUARE) begin
      square <= '0;
    end else if (rms_norm_square_go[0]) begin
      square <= is_last_square ? '0 : square + 1'b1;
    end
  end

  // 7 cycles of straight-line code
  assign compute_rms_norm_go[0] = state == COMPUTE_RMS_NORM && step == 0;
  assign compute_rms_norm_go[1] = state == COMPUTE_RMS_NORM && step == 1;
  assign compute_rms_norm_go[2] = state == COMPUTE_RMS_NORM && step == 2;
  assign compute_rms_norm_go[3] = state == COMPUTE_RMS_NORM && step == 3;
  assign compute_rms_norm_go[4] = state == COMPUTE_RMS_NORM && step == 4;
  assign compute_rms_norm_go[5] = state == COMPUTE_RMS_NORM && step == 5;
  assign compute_rms_norm_go[6] = state == COMPUTE_RMS_NORM && step == 6;
  logic signed [62:0] squares_now_2;
  logic [31:0] table_word;
  logic [4:0] shifted_s3, shifted_s6;
  logic [30:0] place_s4;
  logic [61:0] converted_s1, converted_s2, converted_s3;
  logic [5:0] bit_count_s2;

  // Stage 0
  // layers.py:22
  wire logic signed [62:0] sum_3 = squares_now_2 + 63'sd1;
  wire logic [61:0] converted = unsigned'(62'(sum_3));

  // Stage 1
  // layers.py:22
  logic [5:0] bit_count;
  always_comb begin
    bit_count = '0;
    for (int bit_number = 0; bit_number < 62; bit_number++)
      if (converted_s1[bit_number]) bit_count = unsigned'(6'(bit_number + 1));
  end

  // Stage 2
  // layers.py:22
  wire logic signed [6:0] difference = signed'(7'(bit_count_s2)) - 7'sd12;
  wire logic [5:0] largest = difference > 7'sd0 ? unsigned'(6'(difference)) : 6'd0;
  wire logic [5:0] sum_4 = largest + 6'd1;
  wire logic [4:0] shifted = 5'(sum_4 >> 1);

  // Stage 3
  // layers.py:22
  wire logic [5:0] shift = 6'(shifted_s3) << 1;
  wire logic [61:0] shifted_2 = converted_s3 >> shift;
  wire logic [30:0] place = 31'(shifted_2);

  // Stage 6
  // layers.py:22
  wire logic [15:0] mantissa = table_word[15:0];

  assign squares_now_2 = squares;
  always_ff @(posedge clk) begin
    if (compute_rms_norm_go[0]) begin
      converted_s1 <= converted;
    end
    if (compute_rms_norm_go[1]) begin
      converted_s2 <= converted_s1;
      bit_count_s2 <= bit_count;
    end
    if (compute_rms_norm_go[2]) begin
      shifted_s3 <= shifted;
      converted_s3 <= converted_s2;
    end
    if (compute_rms_norm_go[3]) begin
      place_s4 <= place;
    end
  end
  lmc_delay #(.WIDTH(5), .STAGES(3)) compute_rms_norm_from_3_to_6 (
      .clk,
      .rst,
      .in_go   (compute_rms_norm_go[3]),
      .in_data ({shifted_s3}),
      .out_go  (compute_rms_norm_go[6]),
      .out_data({shifted_s6})
  );
  always_ff @(posedge clk) if (compute_rms_norm_go[6]) begin
    shifted_held <= shifted_s6;
    mantissa_held <= mantissa;
  end

  // Pipeline rms_norm_scale: 8 stages
  logic [7:0] rms_norm_scale_ok, rms_norm_scale_unused_valid;
  logic rms_norm_scale_is_last;
  logic [2:0] scale;
  wire logic is_last_scale = scale == 3'd7;
  assign rms_norm_scale_is_last = is_last_scale;
  logic [47:0] vector_word;
  logic signed [23:0] vector_element_0_s3, vector_element_0_s4, vector_element_1_s3,
      vector_element_1_s4;
  logic signed [39:0] product_0_2_s5, product_0_2_s6, product_1_2_s5, product_1_2_s6;
  logic signed [15:0] rounded_1_s7, rounded_0_s7;

  // Stage 2
  // layers.py:22
  wire logic signed [23:0] vector_element_0 = signed'(vector_word[23:0]);
  wire logic signed [23:0] vector_element_1 = signed'(vector_word[47:24]);

  // Stage 4
  // layers.py:22
  (* use_dsp = "yes" *) wire logic signed [39:0] product_0_2 =
      40'(vector_element_0_s4) * signed'(40'(mantissa_held));
  (* use_dsp = "yes" *) wire logic signed [39:0] product_1_2 =
      40'(vector_element_1_s4) * signed'(40'(mantissa_held));

  // Stage 6
  // layers.py:22
  wire logic [5:0] shift_0 = 6'(shifted_held) + 6'd7;
  wire logic signed [41:0] rounded_0_unsaturated = (((42'(product_0_2_s6) << 1) >>> shift_0) +
      42'sd1) >>> 1;
  wire logic signed [15:0] rounded_0 = rounded_0_unsaturated > 42'sd32767 ? 16'sd32767 :
      rounded_0_unsaturated < -42'sd32768 ? 16'sh8000 : 16'(rounded_0_unsaturated);
  wire logic signed [41:0] rounded_1_unsaturated = (((42'(product_1_2_s6) << 1) >>> shift_0) +
      42'sd1) >>> 1;
  wire logic signed [15:0] rounded_1 = rounded_1_unsaturated > 42'sd32767 ? 16'sd32767 :
      rounded_1_unsaturated < -42'sd32768 ? 16'sh8000 : 16'(rounded_1_unsaturated);

  // Stage 7
  // layers.py:22
  wire logic [31:0] normed_word_1 = {rounded_1_s7, rounded_0_s7};

  always_ff @(posedge clk) begin
    if (rms_norm_scale_go[2]) begin
      vector_element_0_s3 <= vector_element_0;
      vector_element_1_s3 <= vector_element_1;
    end
    if (rms_norm_scale_go[3]) begin
      vector_element_0_s4 <= vector_element_0_s3;
      vector_element_1_s4 <= vector_element_1_s3;
    end
    if (rms_norm_scale_go[4]) begin
      product_0_2_s5 <= product_0_2;
      product_1_2_s5 <= product_1_2;
    end
    if (rms_norm_scale_go[5]) begin
      product_0_2_s6 <= product_0_2_s5;
      product_1_2_s6 <= product_1_2_s5;
    end
    if (rms_norm_scale_go[6]) begin
      rounded_1_s7 <= rounded_1;
      rounded_0_s7 <= rounded_0;
    end
  end
  always_comb begin
    rms_norm_scale_ok = '1;
    rms_norm_scale_ok[7] = normed_ready;
  end
  lmc_pipeline #(.STAGES(8), .INTERVAL(1)) rms_norm_scale_control (
      .clk,
      .rst,
      .start  (state == START_RMS_NORM_SCALE),
      .is_last(rms_norm_scale_is_last),
      .ok     (rms_norm_scale_ok),
      .valid  (rms_norm_scale_unused_valid),
      .go     (rms_norm_scale_go),
      .done   (rms_norm_scale_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_RMS_NORM_SCALE) begin
      scale <= '0;
    end else if (rms_norm_scale_go[0]) begin
      scale <= is_last_scale ? '0 : scale + 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (rms_norm_square_go[5]) squares <= sum;
  end
  logic [31:0] table_0_read;
  lmc_ram #(.WIDTH(32), .DEPTH(4096), .STYLE("bram")) table_0_read_ram (
      .clk,
      .write_enable (rms_norm_load_table_go[0]),
      .write_address(load_table),
      .write_data   (rsqrt_normed_table_element),
      .read_enable  (compute_rms_norm_go[4]),
      .read_address (12'(place_s4)),
      .read_data    (table_0_read)
  );
  always_ff @(posedge clk) if (compute_rms_norm_go[5]) table_word <= table_0_read;
  logic [47:0] vector_read;
  lmc_ram #(.WIDTH(48), .DEPTH(8), .STYLE("lutram")) vector_read_ram (
      .clk,
      .write_enable (rms_norm_square_go[0]),
      .write_address(square),
      .write_data   (hidden_copy_2_word),
      .read_enable  (rms_norm_scale_go[0]),
      .read_address (scale),
      .read_data    (vector_read)
  );
  always_ff @(posedge clk) if (rms_norm_scale_go[1]) vector_word <= vector_read;

  assign rsqrt_normed_table_ready = rms_norm_load_table_go[0];
  assign hidden_copy_2_ready = rms_norm_square_go[0];
  assign normed_valid = rms_norm_scale_go[7];
  assign normed_data = normed_word_1;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          state <= START_RMS_NORM_LOAD_TABLE;
        end
        START_RMS_NORM_LOAD_TABLE: begin
          state <= RUN_RMS_NORM_LOAD_TABLE;
        end
        RUN_RMS_NORM_LOAD_TABLE: begin
          if (rms_norm_load_table_done) begin
            if (enters_rms_norm_token) begin
              token <= '0;
              state <= ROUND_RMS_NORM_TOKEN;
            end else begin
              state <= DONE;
            end
          end
        end
        ROUND_RMS_NORM_TOKEN: begin
          layer <= '0;
          state <= ROUND_RMS_NORM_LAYER;
        end
        ROUND_RMS_NORM_LAYER: begin
          state <= START_RMS_NORM_SQUARE;
        end
        START_RMS_NORM_SQUARE: begin
          state <= RUN_RMS_NORM_SQUARE;
        end
        RUN_RMS_NORM_SQUARE: begin
          if (rms_norm_square_done) begin
            state <= COMPUTE_RMS_NORM;
          end
        end
        COMPUTE_RMS_NORM: begin
          if (step == 6) begin
            state <= START_RMS_NORM_SCALE;
          end
        end
        START_RMS_NORM_SCALE: begin
          state <= RUN_RMS_NORM_SCALE;
        end
        RUN_RMS_NORM_SCALE: begin
          if (rms_norm_scale_done) begin
            if (more_rms_norm_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_RMS_NORM_LAYER;
            end else begin
              if (more_rms_norm_token) begin
                token <= token + 1'b1;
                state <= ROUND_RMS_NORM_TOKEN;
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
  always_ff @(posedge clk)
    if (rst) step <= '0;
    else step <= ((state == COMPUTE_RMS_NORM && step != 6)) ? step + 1'b1 : '0;

  // Not all bits of these are used.
  logic unused;
  assign unused = &{
      n_tokens,
      rms_norm_load_table_go,
      rms_norm_square_go,
      compute_rms_norm_go,
      rms_norm_scale_go,
      hidden_copy_2_word,
      place_s4,
      sum_3,
      difference,
      shifted_2,
      table_word,
      vector_word,
      rounded_0_unsaturated,
      rounded_1_unsaturated,
      1'b0
  };

endmodule
