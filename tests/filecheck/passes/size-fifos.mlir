// RUN: lmc opt %s -p 'size-fifos{start=2}' | filecheck %s

// The sum of all 100 elements is needed before the first quotient, so the short way holds them all.

dataflow.design @normalize {
  // CHECK: %n = dataflow.scalar
  %n = dataflow.scalar @n examples [1, 2] : ui32
  // CHECK-NEXT: %x = dataflow.stream @x depth 16 rate [100 : i64, 200 : i64]
  %x = dataflow.stream @x : !dataflow.stream<si8>
  dataflow.kernel @source(%n_1 = %n : ui32, %x_1 = %x : !dataflow.stream<si8>) {
    dataflow.task @count(%n_2 = %n_1 : ui32, %x_2 = %x_1 : !dataflow.stream<si8>) {
      %zero = arith.constant 0 : index
      %one = arith.constant 1 : index
      %hundred = arith.constant 100 : index
      %tokens = dataflow.cast %n_2 : ui32 -> index
      scf.for %t = %zero to %tokens step %one {
        scf.for %i = %zero to %hundred step %one {
          %value = dataflow.cast %i : index -> si8
          dataflow.write %value, %x_2 : si8, !dataflow.stream<si8>
        } {loop = #dataflow.loop<"count_i", pipeline>}
      } {loop = #dataflow.loop<"count_t">}
    }
  }
  dataflow.kernel @work(%n_1 = %n : ui32, %x_1 = %x : !dataflow.stream<si8>) {
    // CHECK: @long_way depth 2 rate [100 : i64, 200 : i64]
    %a = dataflow.stream @long_way : !dataflow.stream<si8>
    // CHECK-NEXT: @short_way depth {{10[0-9]|11[0-2]}} rate
    %b = dataflow.stream @short_way : !dataflow.stream<si8>
    // CHECK-NEXT: @total depth 7 rate [1 : i64, 2 : i64]
    %c = dataflow.stream @total depth 7 : !dataflow.stream<si32>
    dataflow.task @split(%n_2 = %n_1 : ui32, %x_2 = %x_1 : !dataflow.stream<si8>, %a_1 = %a : !dataflow.stream<si8>, %b_1 = %b : !dataflow.stream<si8>) {
      %zero = arith.constant 0 : index
      %one = arith.constant 1 : index
      %hundred = arith.constant 100 : index
      %tokens = dataflow.cast %n_2 : ui32 -> index
      scf.for %t = %zero to %tokens step %one {
        scf.for %i = %zero to %hundred step %one {
          %value = dataflow.read %x_2 : !dataflow.stream<si8> -> si8
          dataflow.write %value, %a_1 : si8, !dataflow.stream<si8>
          dataflow.write %value, %b_1 : si8, !dataflow.stream<si8>
        } {loop = #dataflow.loop<"split_i", pipeline>}
      } {loop = #dataflow.loop<"split_t">}
    }
    dataflow.task @add(%n_2 = %n_1 : ui32, %a_1 = %a : !dataflow.stream<si8>, %c_1 = %c : !dataflow.stream<si32>) {
      %zero = arith.constant 0 : index
      %one = arith.constant 1 : index
      %hundred = arith.constant 100 : index
      %none = dataflow.constant 0 : si32
      %tokens = dataflow.cast %n_2 : ui32 -> index
      scf.for %t = %zero to %tokens step %one {
        %total = scf.for %i = %zero to %hundred step %one iter_args(%so_far = %none) -> (si32) {
          %value = dataflow.read %a_1 : !dataflow.stream<si8> -> si8
          %next = dataflow.add %so_far, %value exact : si32, si8 -> si32
          scf.yield %next : si32
        } {loop = #dataflow.loop<"add_i", pipeline>}
        dataflow.write %total, %c_1 : si32, !dataflow.stream<si32>
      } {loop = #dataflow.loop<"add_t">}
    }
    dataflow.task @drain(%n_2 = %n_1 : ui32, %b_1 = %b : !dataflow.stream<si8>, %c_1 = %c : !dataflow.stream<si32>) {
      %zero = arith.constant 0 : index
      %one = arith.constant 1 : index
      %hundred = arith.constant 100 : index
      %tokens = dataflow.cast %n_2 : ui32 -> index
      scf.for %t = %zero to %tokens step %one {
        %total = dataflow.read %c_1 : !dataflow.stream<si32> -> si32
        scf.for %i = %zero to %hundred step %one {
          %value = dataflow.read %b_1 : !dataflow.stream<si8> -> si8
        } {loop = #dataflow.loop<"drain_i", pipeline>}
      } {loop = #dataflow.loop<"drain_t">}
    }
  }
}
