// What a simulation counts beside the design; `bind` puts meters into FIFOs and tasks.

// The most elements that have a place in a FIFO in a cycle, those read in that cycle included, and
// all that have passed; at the end those that are in it, and the cycle since the reset in which one
// was moved for the last time.
module lmc_fifo_meter (
    input logic clk,
    input logic rst,
    input logic push,
    input logic pop
);
  longint elements, most, passed, moved;
  always_ff @(posedge clk)
    if (rst) begin
      elements <= 0;
      most <= 0;
      passed <= 0;
      moved <= 0;
    end else if (push || pop) begin
      elements <= elements + longint'(push) - longint'(pop);
      moved <= $time;
      if (push) begin
        passed <= passed + 1;
        if (elements + 1 > most) most <= elements + 1;
      end
    end
  final $display("FIFO %m %0d %0d %0d %0d", most, passed, elements, moved);
endmodule

// The cycle of a launch in which a task has ended: the first one that it does nothing in. It stays
// a module of its own, so that instances of a task share their code though its names are unlike.
module lmc_task_meter (
    input logic clk,
    input logic rst,
    input logic start,
    input logic done
);  /*verilator no_inline_module*/
  longint began;
  logic   was_done;
  always_ff @(posedge clk) begin
    if (start) began <= $time;
    was_done <= !start && done;
    if (!rst && !start && done && !was_done) $display("END %m %0d", $time - began - 1);
  end
endmodule

// Whether a task waits for a stream at the end of the simulation.
module lmc_wait_meter (
    input logic waits
);
  final if (waits) $display("WAIT %m");
endmodule

bind lmc_fifo lmc_fifo_meter meter (.*);
