// RUN: lmc opt %s -p 'place-kernels' | filecheck %s
// RUN: not lmc opt %s -p 'place-kernels{pins="k:SLR0"}' 2>&1 | filecheck %s --check-prefix PINNED

// A target without SLRs: nothing is done.

// PINNED: place-kernels: target vck190 has no SLRs to pin to

builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 512, lanes = [{memory = "DDR4", channel = 0, sets = 1}], side_port = {memory = "DDR4", channel = 0}}>} {
  dataflow.design @d {
    %n = dataflow.scalar @n examples [1] : ui32
    // CHECK: dataflow.kernel @k(%{{.*}} = %n : ui32) {
    dataflow.kernel @k(%n_1 = %n : ui32) {
      dataflow.task @nothing(%n_2 = %n_1 : ui32) {
      }
    }
  }
}
