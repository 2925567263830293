// Control of a pipeline that flushes: which iteration may leave its stage in a cycle.
//
// An iteration passes stages 0 to STAGES - 1 in order, and is in one of them in each cycle. It
// leaves stage s (`go[s]`) in a cycle in which all accesses of the stage are possible (`ok[s]`),
// and in which the iteration before it is INTERVAL stages ahead, or comes to be so in this cycle.
// With an interval of 1:
//
//   go[s] = valid[s] && ok[s] && (!valid[s+1] || go[s+1])
//
// So an iteration that waits holds up those after it once they come near, and none before it.
// Accesses, stores and registers of stage s act in the cycles in which go[s] is high, and only
// then.
//
// Timing: after a cycle with `start`, the first iteration is in stage 0. A new one is there after
// each go[0], until the one that leaves stage 0 is the last one (`is_last`). `done` is high in the
// cycle in which the last iteration leaves the last stage; `start` may be given from the cycle
// after that on. A loop without iterations is not started at all.
//
//   STAGES    stages, 1 or more
//   INTERVAL  the initiation interval: cycles between two iterations, 1 to STAGES
//
//   clk, rst    clock; synchronous reset, after which no iteration is under way
//   start       begin with the first iteration
//   is_last     whether the iteration in stage 0 is the last one
//   ok          for each stage: all accesses of the stage are possible; high where there is none
//   valid       for each stage: an iteration is there
//   go          for each stage: the iteration there leaves it in this cycle
//   done        the last iteration leaves the last stage in this cycle
//
// `go` of a stage waits for that of later stages: a chain, which is made as a prefix network, as
// carries of fast adders are. So its depth grows with the logarithm of STAGES.
module lmc_pipeline #(
    parameter int STAGES   = 2,
    parameter int INTERVAL = 1
) (
    input  logic              clk,
    input  logic              rst,
    input  logic              start,
    input  logic              is_last,
    input  logic [STAGES-1:0] ok,
    output logic [STAGES-1:0] valid,
    output logic [STAGES-1:0] go,
    output logic              done
);

  // A stage is full while it has no room: there is an iteration that is not able to leave, or the
  // stage that this one waits for is full. `full` and `stuck` look twice as far with each step.
  logic [STAGES-1:0] able, stuck, full;
  always_comb begin
    able = valid & ok;
    for (int d = 1; d < INTERVAL; d++) able &= ~(valid >> d);
    full  = valid;
    stuck = ~able;
    for (int d = INTERVAL; d < STAGES; d = 2 * d) begin
      full &= stuck | (full >> d);
      stuck |= stuck >> d;
    end
    go = able & ~(full >> INTERVAL);
  end

  always_ff @(posedge clk) begin
    if (rst) valid <= '0;
    else begin
      valid[0] <= start || (valid[0] && !(go[0] && is_last));
      for (int s = 1; s < STAGES; s++) valid[s] <= go[s-1] || (valid[s] && !go[s]);
    end
  end

  if (STAGES == 1) begin : g_one
    assign done = go[0] && is_last;
  end else begin : g_more
    // Stage 0 is empty only after the last iteration.
    assign done = go[STAGES-1] && valid[STAGES-2:0] == '0;
  end

endmodule
