// A value that waits a few stages of a pipeline in registers: made in stage a, used in a + STAGES.
//
// Register i takes the value along when its iteration leaves stage a + i, so the last one holds
// that of the iteration in stage a + STAGES. From three stages on, lmc_delay takes less.
//
//   WIDTH   bits of the value
//   STAGES  stages that it waits, 1 or more
//
//   clk       clock
//   go        go[i] is that of stage a + i
//   in_data   the value in stage a
//   out_data  the value in stage a + STAGES
module lmc_stages #(
    parameter int WIDTH  = 8,
    parameter int STAGES = 1
) (
    input  logic              clk,
    input  logic [STAGES-1:0] go,
    input  logic [ WIDTH-1:0] in_data,
    output logic [ WIDTH-1:0] out_data
);

  logic [STAGES-1:0][WIDTH-1:0] held;

  always_ff @(posedge clk) begin
    if (go[0]) held[0] <= in_data;
    for (int i = 1; i < STAGES; i++) if (go[i]) held[i] <= held[i-1];
  end

  assign out_data = held[STAGES-1];

endmodule
