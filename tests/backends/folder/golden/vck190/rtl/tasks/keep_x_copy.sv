//   reads x_copy: 16 words of 2 x fixed<16, 10> for each layer
//   writes x_copy_kept: 16 words of 2 x fixed<16, 10> for each layer
module keep_x_copy (
    input  logic clk,
    input  logic rst,
    input  logic start,
    output logic done,
    input  logic [31:0] n_tokens,
    input  logic x_copy_valid,
    output logic x_copy_ready,
    input  logic [31:0] x_copy_data,
    output logic x_copy_kept_valid,
    input  logic x_copy_kept_ready,
    output logic [31:0] x_copy_kept_data
);

  typedef enum logic [2:0] {
    IDLE,
    DONE,
    ROUND_KEEP_X_COPY_TOKEN,
    ROUND_KEEP_X_COPY_LAYER,
    START_KEEP_X_COPY_TAKE_IN,
    RUN_KEEP_X_COPY_TAKE_IN,
    START_KEEP_X_COPY_GIVE_OUT,
    RUN_KEEP_X_COPY_GIVE_OUT
  } state_t;
  state_t state;
  assign done = state == DONE;

  logic [30:0] token;
  logic layer;
  logic [0:0] keep_x_copy_take_in_go;
  logic keep_x_copy_take_in_done;
  logic [2:0] keep_x_copy_give_out_go;
  logic keep_x_copy_give_out_done;
  wire logic [30:0] n_tokens_2 = 31'(n_tokens);
  wire logic enters_keep_x_copy_token = n_tokens_2 > 31'd0;
  wire logic [30:0] next_token = token + 31'd1;
  wire logic more_keep_x_copy_token = next_token < n_tokens_2;
  wire logic [1:0] next_layer = 2'(layer) + 2'd1;
  wire logic more_keep_x_copy_layer = next_layer < 2'd2;

  // Pipeline keep_x_copy_take_in: 1 stages
  logic [0:0] keep_x_copy_take_in_ok, keep_x_copy_take_in_unused_valid;
  logic keep_x_copy_take_in_is_last;
  logic [3:0] take_in;
  wire logic is_last_take_in = take_in == 4'd15;
  assign keep_x_copy_take_in_is_last = is_last_take_in;
  logic [31:0] x_copy_element;
  assign x_copy_element = x_copy_data;

  always_comb begin
    keep_x_copy_take_in_ok = '1;
    keep_x_copy_take_in_ok[0] = x_copy_valid;
  end
  lmc_pipeline #(.STAGES(1), .INTERVAL(1)) keep_x_copy_take_in_control (
      .clk,
      .rst,
      .start  (state == START_KEEP_X_COPY_TAKE_IN),
      .is_last(keep_x_copy_take_in_is_last),
      .ok     (keep_x_copy_take_in_ok),
      .valid  (keep_x_copy_take_in_unused_valid),
      .go     (keep_x_copy_take_in_go),
      .done   (keep_x_copy_take_in_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_KEEP_X_COPY_TAKE_IN) begin
      take_in <= '0;
    end else if (keep_x_copy_take_in_go[0]) begin
      take_in <= is_last_take_in ? '0 : take_in + 1'b1;
    end
  end

  // Pipeline keep_x_copy_give_out: 3 stages
  logic [2:0] keep_x_copy_give_out_ok, keep_x_copy_give_out_unused_valid;
  logic keep_x_copy_give_out_is_last;
  logic [3:0] give_out;
  wire logic is_last_give_out = give_out == 4'd15;
  assign keep_x_copy_give_out_is_last = is_last_give_out;
  logic [31:0] vector_element;

  always_comb begin
    keep_x_copy_give_out_ok = '1;
    keep_x_copy_give_out_ok[2] = x_copy_kept_ready;
  end
  lmc_pipeline #(.STAGES(3), .INTERVAL(1)) keep_x_copy_give_out_control (
      .clk,
      .rst,
      .start  (state == START_KEEP_X_COPY_GIVE_OUT),
      .is_last(keep_x_copy_give_out_is_last),
      .ok     (keep_x_copy_give_out_ok),
      .valid  (keep_x_copy_give_out_unused_valid),
      .go     (keep_x_copy_give_out_go),
      .done   (keep_x_copy_give_out_done)
  );
  always_ff @(posedge clk) begin
    if (state == START_KEEP_X_COPY_GIVE_OUT) begin
      give_out <= '0;
    end else if (keep_x_copy_give_out_go[0]) begin
      give_out <= is_last_give_out ? '0 : give_out + 1'b1;
    end
  end
  logic [31:0] vector_read;
  lmc_ram #(.WIDTH(32), .DEPTH(16), .STYLE("lutram")) vector_read_ram (
      .clk,
      .write_enable (keep_x_copy_take_in_go[0]),
      .write_address(take_in),
      .write_data   (x_copy_element),
      .read_enable  (keep_x_copy_give_out_go[0]),
      .read_address (give_out),
      .read_data    (vector_read)
  );
  always_ff @(posedge clk) if (keep_x_copy_give_out_go[1]) vector_element <= vector_read;

  assign x_copy_ready = keep_x_copy_take_in_go[0];
  assign x_copy_kept_valid = keep_x_copy_give_out_go[2];
  assign x_copy_kept_data = vector_element;

  always_ff @(posedge clk) begin
    if (rst) state <= IDLE;
    else begin
      case (state)
        IDLE, DONE: if (start) begin
          if (enters_keep_x_copy_token) begin
            token <= '0;
            state <= ROUND_KEEP_X_COPY_TOKEN;
          end else begin
            state <= DONE;
          end
        end
        ROUND_KEEP_X_COPY_TOKEN: begin
          layer <= '0;
          state <= ROUND_KEEP_X_COPY_LAYER;
        end
        ROUND_KEEP_X_COPY_LAYER: begin
          state <= START_KEEP_X_COPY_TAKE_IN;
        end
        START_KEEP_X_COPY_TAKE_IN: begin
          state <= RUN_KEEP_X_COPY_TAKE_IN;
        end
        RUN_KEEP_X_COPY_TAKE_IN: begin
          if (keep_x_copy_take_in_done) begin
            state <= START_KEEP_X_COPY_GIVE_OUT;
          end
        end
        START_KEEP_X_COPY_GIVE_OUT: begin
          state <= RUN_KEEP_X_COPY_GIVE_OUT;
        end
        RUN_KEEP_X_COPY_GIVE_OUT: begin
          if (keep_x_copy_give_out_done) begin
            if (more_keep_x_copy_layer) begin
              layer <= layer + 1'b1;
              state <= ROUND_KEEP_X_COPY_LAYER;
            end else begin
              if (more_keep_x_copy_token) begin
                token <= token + 1'b1;
                state <= ROUND_KEEP_X_COPY_TOKEN;
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
      keep_x_copy_take_in_go,
      keep_x_copy_give_out_go,
      1'b0
  };

endmodule
