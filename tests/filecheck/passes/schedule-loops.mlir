// RUN: lmc opt %s -p 'schedule-loops{clock_mhz=250}' | filecheck %s
// RUN: lmc opt %s -p 'schedule-loops{clock_mhz=1000}' | filecheck %s --check-prefix=FAST

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
      // CHECK: {lmc.label = "sum", lmc.pipeline, lmc.ii = 1 : i64, lmc.latency = 1 : i64}
      // FAST: {lmc.label = "sum", lmc.pipeline, lmc.ii = 2 : i64
      %total = scf.for %i = %zero to %many step %one iter_args(%so_far = %none) -> (si32) {
        %value = dataflow.read %x_2 : !dataflow.stream<si32> -> si32
        %next = dataflow.add %so_far, %value exact : si32, si32 -> si32
        scf.yield %next : si32
      } {lmc.label = "sum", lmc.pipeline}
      // Load, add, store at one address: the next iteration waits for all three.
      // CHECK: {lmc.label = "one_place", lmc.pipeline, lmc.ii = 3 : i64, lmc.latency = 3 : i64}
      scf.for %i = %zero to %many step %one {
        %value = dataflow.read %x_2 : !dataflow.stream<si32> -> si32
        %before = memref.load %memory[%zero] : memref<64xsi32>
        %next = dataflow.add %before, %value exact : si32, si32 -> si32
        memref.store %next, %memory[%zero] : memref<64xsi32>
      } {lmc.label = "one_place", lmc.pipeline}
      // Another address each time: no dependence, and the pragma says so.
      // CHECK: {lmc.label = "each_place", lmc.pipeline, lmc.ii = 1 : i64, lmc.latency = 3 : i64, lmc.dependence_false = ["memory"]}
      scf.for %i = %zero to %many step %one {
        %value = dataflow.read %x_2 : !dataflow.stream<si32> -> si32
        %before = memref.load %memory[%i] : memref<64xsi32>
        %next = dataflow.add %before, %value exact : si32, si32 -> si32
        memref.store %next, %memory[%i] : memref<64xsi32>
      } {lmc.label = "each_place", lmc.pipeline}
      // Two reads of a stream, and a wish for less speed.
      // CHECK: {lmc.label = "twice", lmc.pipeline, lmc.ii = 2 : i64
      // CHECK: {lmc.label = "slow", lmc.pipeline, lmc.requested_ii = 4 : i64, lmc.ii = 4 : i64
      scf.for %i = %zero to %many step %one {
        %first = dataflow.read %x_2 : !dataflow.stream<si32> -> si32
        %second = dataflow.read %x_2 : !dataflow.stream<si32> -> si32
      } {lmc.label = "twice", lmc.pipeline}
      scf.for %i = %zero to %many step %one {
        %first = dataflow.read %x_2 : !dataflow.stream<si32> -> si32
      } {lmc.label = "slow", lmc.pipeline, lmc.requested_ii = 4 : i64}
    }
  }
}
