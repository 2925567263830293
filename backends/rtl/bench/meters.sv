// What a simulation counts beside the design; `bind` puts meters into FIFOs and tasks.

// The most elements that have a place in a FIFO in a cycle, those read in that cycle included, and
// all that have passed.
module lmc_fifo_meter (
    input logic clk,
    input logic rst,
    input logic push,
    input logic pop
);
  longint elements, most, passed;
  always_ff @(posedge clk)
    if (rst) begin
      elements <= 0;
      most <= 0;
      passed <= 0;
    end else begin
      elements <= elements + longint'(push) - longint'(pop);
      if (push) begin
        passed <= passed + 1;
        if (elements + 1 > most) most <= elements + 1;
      end
    end
  final $display("FIFO %m %0d %0d", most, passed);
endmodule

// The cycle of a launch in which a task has ended: the first one that it does nothing in.
module lmc_task_meter (
    input logic clk,
    input logic rst,
    input logic start,
    input logic done
);
  longint now;
  logic   was_done;
  always_ff @(posedge clk) begin
    now <= start ? 0 : now + 1;
    was_done <= !start && done;
    if (!rst && !start && done && !was_done) $display("END %m %0d", now);
  end
endmodule

bind lmc_fifo lmc_fifo_meter meter (.*);
