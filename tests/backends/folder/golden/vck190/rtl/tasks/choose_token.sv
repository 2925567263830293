module choose_token (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic [31:0] n_logits,
    input  logic [31:0] n_prompt,
    input  logic chosen_tokens_valid,
    output logic chosen_tokens_ready,
    input  logic [31:0] chosen_tokens_data,
    input  logic prompt_ids_valid,
    output logic prompt_ids_ready,
    input  logic [31:0] prompt_ids_data,
    output logic token_ids_valid,
    input  logic token_ids_ready,
    output logic [31:0] token_ids_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_CHOOSE_TOKEN_TOKEN,
    READ_CHOSEN_TOKENS,
    READ_PROMPT_IDS,
    WRITE_TOKEN_IDS
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic [31:0] chosen_tokens_element, prompt_ids_element, token_2;
  logic is_first, is_first_2;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic [30:0] n_logits_2 = 31'(n_logits);
  wire logic [30:0] n_prompt_2 = 31'(n_prompt);
  wire logic enters_choose_token_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_choose_token_token = next_token < n_tokens_2;
  wire logic [31:0] place = 32'(token) + 32'(n_logits_2);
  wire logic condition_2 = place > 32'(n_tokens_2);
  wire logic condition = token < n_prompt_2;
  logic [31:0] token_now, token_now_kept;
  assign token_now = is_first_2 ? (is_first ? chosen_tokens_element : token_2) : token_now_kept;
  always_ff @(posedge clk) if (is_first_2) token_now_kept <= (is_first ? chosen_tokens_element :
      token_2);
  wire logic [31:0] prompt_ids_element_2 = condition ? prompt_ids_element : token_now;
  always_ff @(posedge clk) if (state == READ_CHOSEN_TOKENS &&
      chosen_tokens_valid) chosen_tokens_element <= chosen_tokens_data;
  always_ff @(posedge clk) if (state == READ_PROMPT_IDS && prompt_ids_valid) prompt_ids_element <=
      prompt_ids_data;
  always_ff @(posedge clk) begin
    if (is_first) token_2 <= chosen_tokens_element;
  end

  assign chosen_tokens_ready = state == READ_CHOSEN_TOKENS;
  assign prompt_ids_ready = state == READ_PROMPT_IDS;
  assign token_ids_valid = state == WRITE_TOKEN_IDS;
  assign token_ids_data = prompt_ids_element_2;

  always_ff @(posedge clk) begin
    is_first <= 1'b0;
    is_first_2 <= 1'b0;
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_choose_token_token) begin
            token <= '0;
            state <= ROUND_CHOOSE_TOKEN_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_CHOOSE_TOKEN_TOKEN: begin
          if (condition_2) begin
            state <= READ_CHOSEN_TOKENS;
          end else begin
            if (condition) begin
              state <= READ_PROMPT_IDS;
            end else begin
              is_first_2 <= 1'b1;
              state <= WRITE_TOKEN_IDS;
            end
          end
        end
        READ_CHOSEN_TOKENS: begin
          if (chosen_tokens_valid) begin
            is_first <= 1'b1;
            if (condition) begin
              state <= READ_PROMPT_IDS;
            end else begin
              is_first_2 <= 1'b1;
              state <= WRITE_TOKEN_IDS;
            end
          end
        end
        READ_PROMPT_IDS: begin
          if (prompt_ids_valid) begin
            state <= WRITE_TOKEN_IDS;
          end
        end
        WRITE_TOKEN_IDS: begin
          if (token_ids_ready) begin
            if (more_choose_token_token) begin
              token <= token + 1'b1;
              state <= ROUND_CHOOSE_TOKEN_TOKEN;
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
      n_logits,
      n_prompt,
      1'b0
  };

endmodule
