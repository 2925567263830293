// ssm.linear(normed_q: 16 x bfp<8, 16, 12>) -> xz: 64 x fixed<16, 11>
//   from mamba1.py:36 with backbone.layers.{layer}.mixer.in_proj.weight
// ssm.linear(x_q: 32 x bfp<8, 32, 10>) -> dbc: 10 x fixed<16, 10>
//   from mamba1.py:39 with backbone.layers.{layer}.mixer.x_proj.weight
// ssm.linear(dt_q: 2 x bfp<8, 2, 10>) -> dt: 32 x fixed<16, 9>
//   from mamba1.py:39 with backbone.layers.{layer}.mixer.dt_proj.weight
// ssm.linear(rotated_q: 32 x bfp<8, 32, 5>) -> out: 16 x fixed<32, 15>
//   from mamba1.py:41 with backbone.layers.{layer}.mixer.out_proj.weight
// ssm.linear(normed_q: 16 x bfp<8, 16, 12>) -> logits: 16 x fixed<32, 27>
//   from language_model.py:86 with lm_head.weight
module join_rows (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic [31:0] n_logits,
    input  logic rows_0_valid,
    output logic rows_0_ready,
    input  logic [199:0] rows_0_data,
    output logic row_words_valid,
    input  logic row_words_ready,
    output logic [63:0] row_words_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_JOIN_ROWS_TOKEN,
    ROUND_JOIN_ROWS_PHASE,
    START_JOIN_ROWS_PART,
    RUN_JOIN_ROWS_PART
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic [3:0] phase;
  logic [4:0] block_count_held, shift_held;
  logic [5:0] chosen_held;
  logic [127:0] rows;
  logic [3:0] join_rows_part_go;
  logic join_rows_part_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic [30:0] n_logits_2 = 31'(n_logits);
  wire logic enters_join_rows_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_join_rows_token = next_token < n_tokens_2;
  wire logic [31:0] place = 32'(token) + 32'(n_logits_2);
  wire logic condition = place >= 32'(n_tokens_2);
  wire logic [3:0] phase_count = condition ? 4'd9 : 4'd8;
  wire logic [3:0] next_phase = phase + 4'd1;
  wire logic more_join_rows_phase = next_phase < phase_count;
  wire logic condition_2 = phase < 4'd8;
  wire logic [1:0] remainder = 2'(phase);
  wire logic signed [3:0] difference = signed'(phase) - 4'sd4;
  wire logic signed [3:0] chosen = condition_2 ? signed'(4'(remainder)) : difference;
  wire logic condition_3 = chosen == 4'sd2;
  wire logic [4:0] chosen_2 = condition_3 ? 5'd16 : 5'd8;
  wire logic condition_4 = chosen == 4'sd1;
  wire logic [4:0] chosen_3 = condition_4 ? 5'd5 : chosen_2;
  wire logic condition_5 = chosen == 4'sd0;
  wire logic [5:0] chosen_4 = condition_5 ? 6'd32 : 6'(chosen_3);
  wire logic condition_6 = chosen == 4'sd3;
  wire logic [3:0] chosen_5 = condition_6 ? 4'd10 : 4'd6;
  wire logic condition_7 = !condition_4;
  wire logic condition_8 = !condition_3;
  wire logic condition_9 = condition_7 && condition_8;
  wire logic condition_10 = !condition_9;
  wire logic [4:0] chosen_6 = condition_10 ? 5'd21 : 5'(chosen_5);
  wire logic [4:0] shift = condition_5 ? 5'd18 : chosen_6;
  wire logic [3:0] chosen_7 = condition_3 ? 4'd8 : 4'd4;
  wire logic [3:0] chosen_8 = condition_4 ? 4'd3 : chosen_7;
  wire logic [4:0] block_count = condition_5 ? 5'd16 : 5'(chosen_8);

  // Pipeline join_rows_part: 4 stages
  logic [3:0] join_rows_part_ok, join_rows_part_unused_valid;
  logic join_rows_part_is_last;
  logic [3:0] block;
  logic part;
  wire logic [3:0] last_block = 4'(block_count_held) - 4'd1;
  wire logic is_last_block = block == last_block;
  wire logic is_last_part = part == 1'd1;
  assign join_rows_part_is_last = is_last_block && is_last_part;
  logic [127:0] rows_now;
  logic condition_11_s2, condition_11_s3, is_first_part_s1, is_first_part_s2, part_s1, part_s2,
      part_s3;
  logic signed [49:0] rows_0_element_0_s1, rows_0_element_1_s1, rows_0_element_2_s1,
      rows_0_element_3_s1;
  logic signed [31:0] rounded_3_s2, rounded_2_s2, rounded_1_s2, rounded_0_s2;
  logic [4:0] place_2_s1;
  logic [127:0] chosen_9_s3;
  logic [199:0] rows_0_word;
  assign rows_0_word = rows_0_data;

  // Stage 0
  wire logic is_first_part = part == 1'd0;
  wire logic signed [49:0] rows_0_element_0 = signed'(rows_0_word[49:0]);
  wire logic signed [49:0] rows_0_element_1 = signed'(rows_0_word[99:50]);
  wire logic signed [49:0] rows_0_element_2 = signed'(rows_0_word[149:100]);
  wire logic signed [49:0] rows_0_element_3 = signed'(rows_0_word[199:150]);
  wire logic [4:0] offset = 5'(block) * 5'd2;
  wire logic [4:0] place_2 = offset + 5'(part);

  // Stage 1
  wire logic signed [51:0] rounded_0_unsaturated =
      (((52'(rows_0_element_0_s1) << 1) >>> shift_held) + 52'sd1) >>> 1;
  wire logic signed [31:0] rounded_0 = rounded_0_unsaturated > 52'sd2147483647 ? 32'sd2147483647 :
      rounded_0_unsaturated < -52'sd2147483648 ? 32'sh80000000 : 32'(rounded_0_unsaturated);
  wire logic signed [51:0] rounded_1_unsaturated =
      (((52'(rows_0_element_1_s1) << 1) >>> shift_held) + 52'sd1) >>> 1;
  wire logic signed [31:0] rounded_1 = rounded_1_unsaturated > 52'sd2147483647 ? 32'sd2147483647 :
      rounded_1_unsaturated < -52'sd2147483648 ? 32'sh80000000 : 32'(rounded_1_unsaturated);
  wire logic signed [51:0] rounded_2_unsaturated =
      (((52'(rows_0_element_2_s1) << 1) >>> shift_held) + 52'sd1) >>> 1;
  wire logic signed [31:0] rounded_2 = rounded_2_unsaturated > 52'sd2147483647 ? 32'sd2147483647 :
      rounded_2_unsaturated < -52'sd2147483648 ? 32'sh80000000 : 32'(rounded_2_unsaturated);
  wire logic signed [51:0] rounded_3_unsaturated =
      (((52'(rows_0_element_3_s1) << 1) >>> shift_held) + 52'sd1) >>> 1;
  wire logic signed [31:0] rounded_3 = rounded_3_unsaturated > 52'sd2147483647 ? 32'sd2147483647 :
      rounded_3_unsaturated < -52'sd2147483648 ? 32'sh80000000 : 32'(rounded_3_unsaturated);
  wire logic condition_11 = 6'(place_2_s1) < chosen_held;

  // Stage 2
  wire logic [127:0] word_3 = {rounded_3_s2, rounded_2_s2, rounded_1_s2, rounded_0_s2};
  wire logic [127:0] chosen_9 = is_first_part_s2 ? word_3 : rows_now;

  // Stage 3
  wire logic [6:0] first_bit = 7'(part_s3) * 7'd64;
  wire logic [63:0] row_words_word = 64'(chosen_9_s3 >> first_bit);

  assign rows_now = rows;
  always_ff @(posedge clk) begin
    if (join_rows_part_go[0]) begin
      rows_0_element_0_s1 <= rows_0_element_0;
      rows_0_element_1_s1 <= rows_0_element_1;
      rows_0_element_2_s1 <= rows_0_element_2;
      rows_0_element_3_s1 <= rows_0_element_3;
      is_first_part_s1 <= is_first_part;
      place_2_s1 <= place_2;
      part_s1 <= part;
    end
    if (join_rows_part_go[1]) begin
      condition_11_s2 <= condition_11;
      rounded_3_s2 <= rounded_3;
      rounded_2_s2 <= rounded_2;
      rounded_1_s2 <= rounded_1;
      rounded_0_s2 <= rounded_0;
      is_first_part_s2 <= is_first_part_s1;
      part_s2 <= part_s1;
    end
    if (join_rows_part_go[2]) begin
      condition_11_s3 <= condition_11_s2;
      part_s3 <= part_s2;
      chosen_9_s3 <= chosen_9;
    end
  end
  always_comb begin
    join_rows_part_ok = '1;
    join_rows_part_ok[0] = (!is_first_part || rows_0_valid);
    join_rows_part_ok[3] = (!condition_11_s3 || row_words_ready);
  end
  lmc_pipeline #(.STAGES(4), .INTERVAL(1)) join_rows_part_control (
      .clk,
      .rst,
      .start  (state == START_JOIN_ROWS_PART),
      .is_last(join_rows_part_is_last),
      .ok     (join_rows_part_ok),
      .valid  (join_rows_part_unused_valid),
      .go     (join_rows_part_go),
      .done   (join_rows_part_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_JOIN_ROWS_PART) begin
      block_count_held <= block_count;
      shift_held <= shift;
      chosen_held <= chosen_4;
      block <= '0;
      part <= '0;
    end else if (join_rows_part_go[0]) begin
      if (is_last_part) block <= is_last_block ? '0 : block + 1'b1;
      part <= is_last_part ? '0 : part + 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (join_rows_part_go[2]) rows <= chosen_9;
  end

  assign rows_0_ready = join_rows_part_go[0] && is_first_part;
  assign row_words_valid = join_rows_part_go[3] && condition_11_s3;
  assign row_words_data = row_words_word;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_join_rows_token) begin
            token <= '0;
            state <= ROUND_JOIN_ROWS_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_JOIN_ROWS_TOKEN: begin
          phase <= '0;
          state <= ROUND_JOIN_ROWS_PHASE;
        end
        ROUND_JOIN_ROWS_PHASE: begin
          state <= START_JOIN_ROWS_PART;
        end
        START_JOIN_ROWS_PART: begin
          state <= RUN_JOIN_ROWS_PART;
        end
        RUN_JOIN_ROWS_PART: begin
          if (join_rows_part_done) begin
            if (more_join_rows_phase) begin
              phase <= phase + 1'b1;
              state <= ROUND_JOIN_ROWS_PHASE;
            end else begin
              if (more_join_rows_token) begin
                token <= token + 1'b1;
                state <= ROUND_JOIN_ROWS_TOKEN;
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
      n_logits,
      join_rows_part_go,
      phase,
      block_count_held,
      rows_0_word,
      rounded_0_unsaturated,
      rounded_1_unsaturated,
      rounded_2_unsaturated,
      rounded_3_unsaturated,
      1'b0
  };

endmodule
