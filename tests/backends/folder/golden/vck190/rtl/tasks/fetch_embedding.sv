module fetch_embedding (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic token_ids_valid,
    output logic token_ids_ready,
    input  logic [31:0] token_ids_data,
    output logic embedding_words_valid,
    input  logic embedding_words_ready,
    output logic [511:0] embedding_words_data,
    output logic embedding_ar_valid,
    input  logic embedding_ar_ready,
    output logic [63:0] embedding_ar_offset,
    output logic [31:0] embedding_ar_length,
    input  logic embedding_r_valid,
    output logic embedding_r_ready,
    input  logic [511:0] embedding_r_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_FETCH_EMBEDDING_TOKEN,
    READ_TOKEN_IDS,
    REQUEST_FETCH_EMBEDDING_BURST,
    MOVE_FETCH_EMBEDDING_BURST
  } state_t;
  state_t state;
  logic [31:0] left;  // words of a burst
  assign done = state == DONE;

  logic [30:0] token;
  logic [31:0] token_ids_element;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_fetch_embedding_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_fetch_embedding_token = next_token < n_tokens_2;
  wire logic [30:0] offset = 31'(token_ids_element);
  wire logic signed [63:0] fetch_embedding_burst_length = signed'(64'(offset));
  always_ff @(posedge clk) if (state == READ_TOKEN_IDS && token_ids_valid) token_ids_element <=
      token_ids_data;

  assign token_ids_ready = state == READ_TOKEN_IDS;
  assign embedding_r_ready = state == MOVE_FETCH_EMBEDDING_BURST && embedding_words_ready;
  assign embedding_ar_valid = state == REQUEST_FETCH_EMBEDDING_BURST;
  assign embedding_ar_offset = unsigned'(fetch_embedding_burst_length);
  assign embedding_ar_length = 32'd1;
  assign embedding_words_valid = state == MOVE_FETCH_EMBEDDING_BURST && embedding_r_valid;
  assign embedding_words_data = embedding_r_data;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_fetch_embedding_token) begin
            token <= '0;
            state <= ROUND_FETCH_EMBEDDING_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_FETCH_EMBEDDING_TOKEN: begin
          state <= READ_TOKEN_IDS;
        end
        READ_TOKEN_IDS: begin
          if (token_ids_valid) begin
            state <= REQUEST_FETCH_EMBEDDING_BURST;
          end
        end
        REQUEST_FETCH_EMBEDDING_BURST: begin
          if (embedding_ar_ready) begin
            left <= 32'd1;
            state <= MOVE_FETCH_EMBEDDING_BURST;
          end
        end
        MOVE_FETCH_EMBEDDING_BURST: begin
          if (embedding_r_valid && embedding_words_ready) begin
            left <= left - 1'b1;
            if (left == 1) begin
              if (more_fetch_embedding_token) begin
                token <= token + 1'b1;
                state <= ROUND_FETCH_EMBEDDING_TOKEN;
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
      token_ids_element,
      1'b0
  };

endmodule
