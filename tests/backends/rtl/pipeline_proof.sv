// What lmc_pipeline has to be, with values that wait in lmc_delay and lmc_stages beside it.
//
// Iterations are numbered as they enter. `number[s]` is that of the iteration in stage s, and moves
// with go alone; `is_final[s]` is what is_last was when it left stage 0. So the last stage has to
// give out 0, 1, 2, ... (numbers wrap far above STAGES), and done has to come with the final one.
// The assertions about all stages at once are invariants that the induction needs.
module pipeline_proof #(
    parameter int STAGES   = 4,
    parameter int INTERVAL = 1
) (
    input logic              clk,
    input logic              rst,
    input logic              start,
    input logic              is_last,
    input logic [STAGES-1:0] ok
);

  localparam int NumberBits = 5;
  typedef logic [NumberBits-1:0] number_t;

  logic [STAGES-1:0] valid, go;
  logic done;
  lmc_pipeline #(.STAGES(STAGES), .INTERVAL(INTERVAL)) dut (.*);

  logic was_reset = 1'b0;
  always_ff @(posedge clk) was_reset <= 1'b1;

  logic is_running;
  number_t entering, leaving;
  number_t number[STAGES];
  logic is_final[STAGES];
  always_comb number[0] = entering;
  always_comb is_final[0] = is_last;
  always_ff @(posedge clk) begin
    if (go[0]) entering <= entering + 1'b1;
    if (go[STAGES-1]) leaving <= leaving + 1'b1;
    if (start) is_running <= 1'b1;
    else if (done) is_running <= 1'b0;
    if (rst) begin
      is_running <= 1'b0;
      entering   <= '0;
      leaving    <= '0;
    end
  end
  for (genvar s = 1; s < STAGES; s++) begin : g_stage
    always_ff @(posedge clk)
      if (go[s-1]) begin
        number[s]   <= number[s-1];
        is_final[s] <= is_final[s-1];
      end
  end

  // The rule of docs/simulation.md, stage by stage: when an iteration leaves its stage.
  logic [STAGES-1:0] expected_go;
  always_comb
    for (int s = STAGES - 1; s >= 0; s--) begin
      expected_go[s] = valid[s] && ok[s];
      for (int ahead = 1; ahead < INTERVAL; ahead++)
        if (s + ahead < STAGES && valid[s+ahead]) expected_go[s] = 1'b0;
      if (s + INTERVAL < STAGES && valid[s+INTERVAL] && !expected_go[s+INTERVAL])
        expected_go[s] = 1'b0;
    end

  // The number that stage s has to hold, counted back from the one that leaves next.
  function automatic number_t number_of(input int s);
    number_of = leaving;
    for (int t = STAGES - 1; t > s; t--) number_of = number_of + number_t'(valid[t]);
  endfunction

  logic is_youngest;
  always_comb begin
    assume (was_reset || rst);
    if (is_running) assume (!start);
    if (was_reset) begin
      assert (go == expected_go);
      assert (is_running == (valid != '0));
      assert (done == (go[STAGES-1] && is_final[STAGES-1]));
      for (int s = 0; s < STAGES; s++) if (valid[s] || s == 0) assert (number[s] == number_of(s));
      is_youngest = !valid[0];
      for (int s = 1; s < STAGES; s++)
        if (valid[s]) begin
          assert (is_final[s] == is_youngest);
          is_youngest = 1'b0;
        end
    end
  end

  // Values that wait from stage 0 to the last one, and to stage 1.
  if (STAGES > 2) begin : g_delay
    localparam int Waits = STAGES - 1;
    number_t delayed, held;
    lmc_delay #(.WIDTH(NumberBits), .STAGES(Waits)) ring (
        .clk,
        .rst,
        .in_go(go[0]),
        .in_data(number[0]),
        .out_go(go[STAGES-1]),
        .out_data(delayed)
    );
    lmc_stages #(.WIDTH(NumberBits), .STAGES(2)) registers (
        .clk,
        .go(go[1:0]),
        .in_data(number[0]),
        .out_data(held)
    );
    int under_way;
    always_comb
      if (was_reset) begin
        if (valid[STAGES-1]) assert (delayed == number[STAGES-1]);
        if (valid[2]) assert (held == number[2]);
        if (valid[1]) assert (registers.held[0] == number[1]);
        assert (int'(ring.read_address) < Waits);
        under_way = 0;
        for (int s = STAGES - 1; s > 0; s--)
          if (valid[s]) begin
            assert (ring.ring[(int'(ring.read_address)+under_way)%Waits] == number[s]);
            under_way = under_way + 1;
          end
        assert (int'(ring.write_address) == (int'(ring.read_address) + under_way) % Waits);
      end
  end

endmodule
