// Gives a clock to all benches until all of them have ended, or for too long.
#include <cstdlib>

#include "Vbench.h"
#include "verilated.h"

int main(int argc, char** argv) {
  VerilatedContext context;
  context.commandArgs(argc, argv);
  Vbench bench{&context};
  const long limit = 2000000;
  bench.rst = 1;
  for (long cycle = 0; cycle < limit && (cycle < 8 || !bench.is_over); ++cycle) {
    if (cycle == 4) bench.rst = 0;
    bench.clk = 0;
    bench.eval();
    bench.clk = 1;
    bench.eval();
    context.timeInc(1);
  }
  bench.final();
  return bench.is_over ? 0 : 1;
}
