//   reads logits_2: 8 words of 2 x fixed<32, 27> for each token
//   writes logits_kept: 8 words of 2 x fixed<32, 27> for each token
//   writes logits_judged: 8 words of 2 x fixed<32, 27> for each token
module fork_logits (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_logits,
    input  logic logits_2_valid,
    output logic logits_2_ready,
    input  logic [63:0] logits_2_data,
    output logic logits_kept_valid,
    input  logic logits_kept_ready,
    output logic [63:0] logits_kept_data,
    output logic logits_judged_valid,
    input  logic logits_judged_ready,
    output logic [63:0] logits_judged_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_FORK_LOGITS_TOKEN,
    START_FORK_LOGITS_WORD,
    RUN_FORK_LOGITS_WORD
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic [0:0] fork_logits_word_go;
  logic fork_logits_word_done;
  wire logic [30:0] n_logits_2 = 31'(n_logits);
  wire logic enters_fork_logits_token = n_logits_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_fork_logits_token = next_token < n_logits_2;

  // Pipeline fork_logits_word: 1 stages
  logic [0:0] fork_logits_word_ok, fork_logits_word_unused_valid;
  logic fork_logits_word_is_last;
  logic [2:0] word;
  wire logic is_last_word = word == 3'd7;
  assign fork_logits_word_is_last = is_last_word;
  logic [63:0] element;
  assign element = logits_2_data;

  always_comb begin
    fork_logits_word_ok = '1;
    fork_logits_word_ok[0] = logits_2_valid && logits_kept_ready && logits_judged_ready;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) fork_logits_word_control (
      .clk,
      .rst,
      .start  (state == START_FORK_LOGITS_WORD),
      .is_last(fork_logits_word_is_last),
      .ok     (fork_logits_word_ok),
      .valid  (fork_logits_word_unused_valid),
      .go     (fork_logits_word_go),
      .done   (fork_logits_word_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_FORK_LOGITS_WORD) begin
      word <= '0;
    end else if (fork_logits_word_go[0]) begin
      word <= is_last_word ? '0 : word + 1'b1;
    end
  end

  assign logits_2_ready = fork_logits_word_go[0];
  assign logits_kept_valid = fork_logits_word_go[0];
  assign logits_kept_data = element;
  assign logits_judged_valid = fork_logits_word_go[0];
  assign logits_judged_data = element;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_fork_logits_token) begin
            token <= '0;
            state <= ROUND_FORK_LOGITS_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_FORK_LOGITS_TOKEN: begin
          state <= START_FORK_LOGITS_WORD;
        end
        START_FORK_LOGITS_WORD: begin
          state <= RUN_FORK_LOGITS_WORD;
        end
        RUN_FORK_LOGITS_WORD: begin
          if (fork_logits_word_done) begin
            if (more_fork_logits_token) begin
              token <= token + 1'b1;
              state <= ROUND_FORK_LOGITS_TOKEN;
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
      n_logits,
      fork_logits_word_go,
      1'b0
  };

endmodule
