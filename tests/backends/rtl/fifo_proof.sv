// What lmc_fifo has to be: a queue. `queue` is one, written down as plainly as possible; its oldest
// element is at place 0. The assertions about places are invariants that the induction needs.
module fifo_proof #(
    parameter int WIDTH = 2,
    parameter int DEPTH = 3,
    parameter logic [47:0] STYLE = "srl"
) (
    input logic             clk,
    input logic             rst,
    input logic             in_valid,
    input logic [WIDTH-1:0] in_data,
    input logic             out_ready
);

  logic in_ready, out_valid;
  logic [WIDTH-1:0] out_data;
  lmc_fifo #(.WIDTH(WIDTH), .DEPTH(DEPTH), .STYLE(STYLE)) dut (.*);

  logic was_reset = 1'b0;
  always_ff @(posedge clk) was_reset <= 1'b1;

  int count;
  logic [WIDTH-1:0] queue[DEPTH];
  always_ff @(posedge clk) begin
    if (rst) count <= 0;
    else begin
      automatic int left = count;
      if (out_valid && out_ready) begin
        for (int i = 1; i < DEPTH; i++) queue[i-1] <= queue[i];
        left = left - 1;
      end
      if (in_valid && in_ready) begin
        queue[left] <= in_data;
        left = left + 1;
      end
      count <= left;
    end
  end

  always_comb begin
    assume (was_reset || rst);
    if (was_reset) begin
      assert (count >= 0 && count <= DEPTH);
      assert (in_ready == (count < DEPTH));
      assert (out_valid == (count > 0));
      if (count > 0) assert (out_data == queue[0]);
      assert (int'(dut.oldest) == (count > 0 ? count - 1 : 0));
    end
  end

  if (STYLE == 48'("srl")) begin : g_srl
    for (genvar b = 0; b < WIDTH; b++) begin : g_bit
      always_comb
        for (int i = 0; i < DEPTH; i++)
          if (was_reset && i < count)
            assert (dut.g_srl.g_bit[b].places[count-1-i] == queue[i][b]);
    end
  end else begin : g_ram
    logic [WIDTH-1:0] place[DEPTH];
    for (genvar i = 0; i < DEPTH; i++) begin : g_place
      if (STYLE == 48'("lutram")) assign place[i] = dut.g_ram.g_lutram.places[i];
      else if (STYLE == 48'("bram")) assign place[i] = dut.g_ram.g_block.g_bram.places[i];
      else assign place[i] = dut.g_ram.g_block.g_uram.places[i];
    end
    always_comb
      if (was_reset) begin
        assert (int'(dut.g_ram.read_address) < DEPTH);
        assert (int'(dut.g_ram.read_after) == (int'(dut.g_ram.read_address) + 1) % DEPTH);
        assert (int'(dut.g_ram.write_address) == (int'(dut.g_ram.read_address) + count) % DEPTH);
        for (int i = 0; i < DEPTH; i++)
          if (i < count) assert (place[(int'(dut.g_ram.read_address)+i)%DEPTH] == queue[i]);
      end
  end

endmodule
