// ssm.embedding(id: i32) -> hidden: 16 x fixed<24, 6>
//   from language_model.py:51 with backbone.embedding.weight
//   writes hidden: 8 words of 2 x fixed<24, 6> for each token
module embedding_2 (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic embedding_elements_valid,
    output logic embedding_elements_ready,
    input  logic [26:0] embedding_elements_data,
    output logic hidden_valid,
    input  logic hidden_ready,
    output logic [47:0] hidden_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_EMBEDDING_2_TOKEN,
    START_EMBEDDING_2_WORD,
    RUN_EMBEDDING_2_WORD
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic [2:0] embedding_2_word_go;
  logic embedding_2_word_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_embedding_2_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_embedding_2_token = next_token < n_tokens_2;

  // Pipeline embedding_2_word: 3 stages
  logic [2:0] embedding_2_word_ok, embedding_2_word_unused_valid;
  logic embedding_2_word_is_last;
  logic [2:0] word;
  wire logic is_last_word = word == 3'd7;
  assign embedding_2_word_is_last = is_last_word;
  logic [7:0] embedding_elements_element_s1;
  logic [2:0] embedding_elements_element_2_s1;
  logic signed [7:0] embedding_elements_element_0_s1, embedding_elements_element_1_s1;
  logic signed [22:0] product_0_s2, product_1_s2;
  logic [26:0] embedding_elements_word;
  assign embedding_elements_word = embedding_elements_data;

  // Stage 0
  // language_model.py:51
  wire logic [7:0] embedding_elements_element = embedding_elements_word[23:16];
  wire logic [2:0] embedding_elements_element_2 = embedding_elements_word[26:24];
  wire logic signed [7:0] embedding_elements_element_0 = signed'(embedding_elements_word[7:0]);
  wire logic signed [7:0] embedding_elements_element_1 = signed'(embedding_elements_word[15:8]);

  // Stage 1
  // language_model.py:51
  wire logic [14:0] shifted = 15'(embedding_elements_element_s1) << embedding_elements_element_2_s1;
  (* use_dsp = "no" *) wire logic signed [22:0] product_0 =
      23'(embedding_elements_element_0_s1) * signed'(23'(shifted));
  (* use_dsp = "no" *) wire logic signed [22:0] product_1 =
      23'(embedding_elements_element_1_s1) * signed'(23'(shifted));

  // Stage 2
  // language_model.py:51
  wire logic signed [24:0] rounded_0_unsaturated = (((25'(product_0_s2) << 1) >>> 14) +
      25'sd1) >>> 1;
  wire logic signed [8:0] rounded_0 = 9'(rounded_0_unsaturated);
  wire logic signed [23:0] hidden_word_0 = 24'(rounded_0);
  wire logic signed [24:0] rounded_1_unsaturated = (((25'(product_1_s2) << 1) >>> 14) +
      25'sd1) >>> 1;
  wire logic signed [8:0] rounded_1 = 9'(rounded_1_unsaturated);
  wire logic signed [23:0] hidden_word_1_2 = 24'(rounded_1);
  wire logic [47:0] hidden_word_1 = {hidden_word_1_2, hidden_word_0};

  always_ff @(posedge clk) begin
    if (embedding_2_word_go[0]) begin
      embedding_elements_element_s1 <= embedding_elements_element;
      embedding_elements_element_2_s1 <= embedding_elements_element_2;
      embedding_elements_element_0_s1 <= embedding_elements_element_0;
      embedding_elements_element_1_s1 <= embedding_elements_element_1;
    end
    if (embedding_2_word_go[1]) begin
      product_0_s2 <= product_0;
      product_1_s2 <= product_1;
    end
  end
  always_comb begin
    embedding_2_word_ok = '1;
    embedding_2_word_ok[0] = embedding_elements_valid;
    embedding_2_word_ok[2] = hidden_ready;
  end
  lmc_pipeline #(.STAGES(3), .INTERVAL(1)) embedding_2_word_control (
      .clk,
      .rst,
      .start  (state == START_EMBEDDING_2_WORD),
      .is_last(embedding_2_word_is_last),
      .ok     (embedding_2_word_ok),
      .valid  (embedding_2_word_unused_valid),
      .go     (embedding_2_word_go),
      .done   (embedding_2_word_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_EMBEDDING_2_WORD) begin
      word <= '0;
    end else if (embedding_2_word_go[0]) begin
      word <= is_last_word ? '0 : word + 1'b1;
    end
  end

  assign embedding_elements_ready = embedding_2_word_go[0];
  assign hidden_valid = embedding_2_word_go[2];
  assign hidden_data = hidden_word_1;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_embedding_2_token) begin
            token <= '0;
            state <= ROUND_EMBEDDING_2_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_EMBEDDING_2_TOKEN: begin
          state <= START_EMBEDDING_2_WORD;
        end
        START_EMBEDDING_2_WORD: begin
          state <= RUN_EMBEDDING_2_WORD;
        end
        RUN_EMBEDDING_2_WORD: begin
          if (embedding_2_word_done) begin
            if (more_embedding_2_token) begin
              token <= token + 1'b1;
              state <= ROUND_EMBEDDING_2_TOKEN;
            end else begin
              state <= DONE;
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
      embedding_2_word_go,
      embedding_elements_word,
      rounded_0_unsaturated,
      rounded_1_unsaturated,
      1'b0
  };

endmodule
