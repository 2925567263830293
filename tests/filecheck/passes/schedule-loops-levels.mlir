// RUN: lmc opt %s -p 'schedule-loops{clock_mhz=100}' | filecheck %s
// RUN: lmc opt %s -p 'schedule-loops{clock_mhz=100 level_limit=4}' | filecheck %s --check-prefix=LEVELS
// RUN: lmc opt %s -p 'schedule-loops{clock_mhz=100 level_limit=3},schedule-loops{clock_mhz=100}' | filecheck %s --check-prefix=KEPT
// RUN: not lmc opt %s -p 'schedule-loops{clock_mhz=100 level_limit=0}' 2>&1 | filecheck %s --check-prefix=NONE

// Four sums in a row fit into a cycle of 100 MHz, and into a limit of four levels. The largest of two
// values takes two levels: a register goes before it.

// CHECK: dataflow.design @chains clock_mhz 100 {
// LEVELS: dataflow.design @chains clock_mhz 100 level_limit 4 {
// KEPT: dataflow.design @chains clock_mhz 100 level_limit 3 {
// NONE: error: schedule-loops: level_limit=0 leaves no logic in a cycle

dataflow.design @chains {
  %x = dataflow.stream @x : !dataflow.stream<si16>
  dataflow.kernel @work(%x_1 = %x : !dataflow.stream<si16>) {
    dataflow.task @t(%x_2 = %x_1 : !dataflow.stream<si16>) {
      %zero = arith.constant 0 : index
      %one = arith.constant 1 : index
      %many = arith.constant 64 : index
      %total = dataflow.buffer @total "register" : memref<1xsi21>
      // CHECK: #dataflow.loop<"sums", pipeline, ii 1, latency 1>
      // LEVELS: #dataflow.loop<"sums", pipeline, ii 1, latency 1>
      // KEPT: #dataflow.loop<"sums", pipeline, ii 1, latency 2>
      scf.for %i = %zero to %many step %one {
        %value = dataflow.read %x_2 : !dataflow.stream<si16> -> si16
        %1 = dataflow.add %value, %value : si16, si16 -> si17
        %2 = dataflow.add %1, %value : si17, si16 -> si18
        %3 = dataflow.add %2, %value : si18, si16 -> si19
        %4 = dataflow.add %3, %value : si19, si16 -> si20
        %5 = dataflow.cast %4 : si20 -> si21
        memref.store %5, %total[%zero] : memref<1xsi21>
      } {loop = #dataflow.loop<"sums", pipeline>}
      // CHECK: #dataflow.loop<"largest", pipeline, ii 1, latency 1>
      // LEVELS: #dataflow.loop<"largest", pipeline, ii 1, latency 2>
      // KEPT: #dataflow.loop<"largest", pipeline, ii 1, latency 2>
      scf.for %i = %zero to %many step %one {
        %value = dataflow.read %x_2 : !dataflow.stream<si16> -> si16
        %1 = dataflow.add %value, %value : si16, si16 -> si17
        %2 = dataflow.add %1, %value : si17, si16 -> si18
        %3 = dataflow.add %2, %value : si18, si16 -> si19
        %4 = dataflow.max %3, %value : si19, si16 -> si19
        %5 = dataflow.cast %4 : si19 -> si21
        memref.store %5, %total[%zero] : memref<1xsi21>
      } {loop = #dataflow.loop<"largest", pipeline>}
    }
  }
}
