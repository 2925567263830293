//   reads dt_4: 16 words of 2 x fixed<24, 15> for each layer
//   writes dt_copy: 16 words of 2 x fixed<24, 15> for each layer
//   writes dt_copy_2: 16 words of 2 x fixed<24, 15> for each layer
module fork_dt (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic dt_4_valid,
    output logic dt_4_ready,
    input  logic [47:0] dt_4_data,
    output logic dt_copy_valid,
    input  logic dt_copy_ready,
    output logic [47:0] dt_copy_data,
    output logic dt_copy_2_valid,
    input  logic dt_copy_2_ready,
    output logic [47:0] dt_copy_2_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_FORK_DT_TOKEN,
    ROUND_FORK_DT_LAYER,
    START_FORK_DT_WORD,
    RUN_FORK_DT_WORD
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic [0:0] fork_dt_word_go;
  logic fork_dt_word_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_fork_dt_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_fork_dt_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_fork_dt_layer = next_layer < 2'd2;

  // Pipeline fork_dt_word: 1 stages
  logic [0:0] fork_dt_word_ok, fork_dt_word_unused_valid;
  logic fork_dt_word_is_last;
  logic [3:0] word;
  wire logic is_last_word = word == 4'd15;
  assign fork_dt_word_is_last = is_last_word;
  logic [47:0] element;
  assign element = dt_4_data;

  always_comb begin
    fork_dt_word_ok = '1;
    fork_dt_word_ok[0] = dt_4_valid && dt_copy_ready && dt_copy_2_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) fork_dt_word_control (
      .clk,
      .rst,
      .start  (state == START_FORK_DT_WORD),
      .is_last(fork_dt_word_is_last),
      .ok     (fork_dt_word_ok),
      .valid  (fork_dt_word_unused_valid),
      .go     (fork_dt_word_go),
      .done   (fork_dt_word_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_FORK_DT_WORD) begin
      word <= '0;
    end else if (fork_dt_word_go[0]) begin
      word <= is_last_word ? '0 : word + 1'b1;
    end
  end

  assign dt_4_ready = fork_dt_word_go[0];
  assign dt_copy_valid = fork_dt_word_go[0];
  assign dt_copy_data = element;
  assign dt_copy_2_valid = fork_dt_word_go[0];
  assign dt_copy_2_data = element;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_fork_dt_token) begin
            token <= '0;
            state <= ROUND_FORK_DT_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_FORK_DT_TOKEN: begin
          layer <= '0;
          state <= ROUND_FORK_DT_LAYER;
        end
        ROUND_FORK_DT_LAYER: begin
          state <= START_FORK_DT_WORD;
        end
        START_FORK_DT_WORD: begin
          state <= RUN_FORK_DT_WORD;
        end
        RUN_FORK_DT_WORD: begin
          if (fork_dt_word_done) begin
            if (more_fork_dt_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_FORK_DT_LAYER;
            end else begin
              if (more_fork_dt_token) begin
                token <= token + 1'b1;
                state <= ROUND_FORK_DT_TOKEN;
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
      fork_dt_word_go,
      1'b0
  };

endmodule
