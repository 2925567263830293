// RUN: not lmc opt %s -p 'check-dataflow' 2>&1 | filecheck %s

// CHECK: design d breaks rules: stream x: task make writes 3 elements and task take reads 4 for n = 3: make it as many, or drain the rest (stream-totals); stream x: task make writes 5 elements and task take reads 4 for n = 5
dataflow.design @d {
  %n = dataflow.scalar @n examples [4, 3, 5] : ui32
  dataflow.kernel @k(%n_1 = %n : ui32) {
    %x = dataflow.stream @x : !dataflow.stream<si8>
    dataflow.task @make(%n_2 = %n_1 : ui32, %x_1 = %x : !dataflow.stream<si8>) {
      %zero = arith.constant 0 : index
      %one = arith.constant 1 : index
      %value = dataflow.constant 7 : si8
      %count = dataflow.cast %n_2 : ui32 -> index
      scf.for %i = %zero to %count step %one {
        dataflow.write %value, %x_1 : si8, !dataflow.stream<si8>
      } {loop = #dataflow.loop<"make_i">}
    }
    dataflow.task @take(%x_1 = %x : !dataflow.stream<si8>) {
      %zero = arith.constant 0 : index
      %one = arith.constant 1 : index
      %four = arith.constant 4 : index
      scf.for %i = %zero to %four step %one {
        %value = dataflow.read %x_1 : !dataflow.stream<si8> -> si8
      } {loop = #dataflow.loop<"take_i">}
    }
  }
}
