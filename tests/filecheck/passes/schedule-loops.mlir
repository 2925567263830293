// RUN: lmc opt %s -p 'schedule-loops{clock_mhz=250}' | filecheck %s
// RUN: lmc opt %s -p 'schedule-loops{clock_mhz=1000}' | filecheck %s --check-prefix=FAST
// RUN: not lmc opt %s -p 'schedule-loops{clock_mhz=250},schedule-loops{clock_mhz=300}' 2>&1 | filecheck %s --check-prefix=OTHER

// OTHER: error: schedule-loops: design loops is planned with 250 MHz, not with 300: give another clock to allocate-resources

dataflow.design @loops {
  %x = dataflow.stream @x : !dataflow.stream<si32>
  dataflow.kernel @work(%x_1 = %x : !dataflow.stream<si32>) {
    dataflow.task @t(%x_2 = %x_1 : !dataflow.stream<si32>) {
      %zero = arith.constant 0 : index
      %one = arith.constant 1 : index
      %many = arith.constant 64 : index
      %none = dataflow.constant 0 : si32
      %memory = dataflow.buffer @memory "bram" : memref<64xsi32>
      // A carried sum: one adder, one cycle.
      // CHECK: {loop = #dataflow.loop<"sum", pipeline, ii 1, latency 1>}
      // FAST: {loop = #dataflow.loop<"sum", pipeline, ii 2
      %total = scf.for %i = %zero to %many step %one iter_args(%so_far = %none) -> (si32) {
        %value = dataflow.read %x_2 : !dataflow.stream<si32> -> si32
        %next = dataflow.add %so_far, %value exact : si32, si32 -> si32
        scf.yield %next : si32
      } {loop = #dataflow.loop<"sum", pipeline>}
      // Load, add, store at one address: the next iteration waits for all three.
      // CHECK: {loop = #dataflow.loop<"one_place", pipeline, ii 3, latency 3>}
      scf.for %i = %zero to %many step %one {
        %value = dataflow.read %x_2 : !dataflow.stream<si32> -> si32
        %before = memref.load %memory[%zero] : memref<64xsi32>
        %next = dataflow.add %before, %value exact : si32, si32 -> si32
        memref.store %next, %memory[%zero] : memref<64xsi32>
      } {loop = #dataflow.loop<"one_place", pipeline>}
      // Another address each time: no dependence, and the pragma says so.
      // CHECK: {loop = #dataflow.loop<"each_place", pipeline, ii 1, latency 3, independent ["memory"]>}
      scf.for %i = %zero to %many step %one {
        %value = dataflow.read %x_2 : !dataflow.stream<si32> -> si32
        %before = memref.load %memory[%i] : memref<64xsi32>
        %next = dataflow.add %before, %value exact : si32, si32 -> si32
        memref.store %next, %memory[%i] : memref<64xsi32>
      } {loop = #dataflow.loop<"each_place", pipeline>}
      // Two reads of a stream, and a wish for less speed.
      // CHECK: {loop = #dataflow.loop<"twice", pipeline, ii 2
      // CHECK: {loop = #dataflow.loop<"slow", pipeline, requested_ii 4, ii 4
      scf.for %i = %zero to %many step %one {
        %first = dataflow.read %x_2 : !dataflow.stream<si32> -> si32
        %second = dataflow.read %x_2 : !dataflow.stream<si32> -> si32
      } {loop = #dataflow.loop<"twice", pipeline>}
      scf.for %i = %zero to %many step %one {
        %first = dataflow.read %x_2 : !dataflow.stream<si32> -> si32
      } {loop = #dataflow.loop<"slow", pipeline, requested_ii 4>}
    }
  }
}
