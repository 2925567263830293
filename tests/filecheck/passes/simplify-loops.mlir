// RUN: lmc opt %s -p simplify-loops,check-dataflow | filecheck %s

// A loop of one iteration is its body; where it ends a nest, the loop around it becomes the pipeline.

dataflow.design @d {
  %x = dataflow.stream @x : !dataflow.stream<si8>
  dataflow.kernel @k(%x_1 = %x : !dataflow.stream<si8>) {
    dataflow.task @make(%x_2 = %x_1 : !dataflow.stream<si8>) {
      %zero = arith.constant 0 : index
      %one = arith.constant 1 : index
      %four = arith.constant 4 : index
      %start = dataflow.constant 3 : si8
      // CHECK: scf.for %t = %zero to %four step %one {
      // CHECK-NEXT: %value = dataflow.constant 0 : si8
      // CHECK-NEXT: dataflow.write %value
      // CHECK-NEXT: } {loop = #dataflow.loop<"make_t", pipeline, requested_ii 2>}
      scf.for %t = %zero to %four step %one {
        scf.for %group = %zero to %one step %one {
          scf.for %word = %zero to %one step %one {
            %value = dataflow.cast %word : index -> si8
            dataflow.write %value, %x_2 : si8, !dataflow.stream<si8>
          } {loop = #dataflow.loop<"make_word", pipeline, requested_ii 2>}
        } {loop = #dataflow.loop<"make_group">}
      } {loop = #dataflow.loop<"make_t">}
      // Conditions and branches that the counter decided are decided.
      // CHECK-NEXT: scf.for %v = %zero to %four step %one {
      // CHECK-NEXT: %w = dataflow.cast %v : index -> si8
      // CHECK-NEXT: dataflow.write %w
      // CHECK-NEXT: } {loop = #dataflow.loop<"make_v", pipeline>}
      scf.for %v = %zero to %four step %one {
        scf.for %part = %zero to %one step %one {
          %is_first = arith.cmpi eq, %part, %zero : index
          %before = arith.subi %part, %one : index
          scf.if %is_first {
            %base = arith.muli %part, %four : index
            %place = arith.addi %base, %v : index
            %w = dataflow.cast %place : index -> si8
            %chosen = dataflow.select %is_first, %w, %start : si8
            dataflow.write %chosen, %x_2 : si8, !dataflow.stream<si8>
          }
        } {loop = #dataflow.loop<"make_part", pipeline>}
      } {loop = #dataflow.loop<"make_v">}
      // A branch that is never taken stays where it is the only one that reads or writes a stream.
      // CHECK: scf.if %{{.*}} {
      // CHECK-NEXT: dataflow.write %start
      // CHECK-NEXT: }
      scf.for %layer = %zero to %one step %one {
        %again = arith.cmpi ne, %layer, %zero : index
        scf.if %again {
          dataflow.write %start, %x_2 : si8, !dataflow.stream<si8>
        }
      } {loop = #dataflow.loop<"make_layer">}
      // What is beside the loop is in no pipeline, so its body is in none either.
      // CHECK-NEXT: scf.for %u = %zero to %four step %one {
      // CHECK-NEXT: dataflow.write %start
      // CHECK-NEXT: dataflow.write %start
      // CHECK-NEXT: } {loop = #dataflow.loop<"make_u">}
      scf.for %u = %zero to %four step %one {
        dataflow.write %start, %x_2 : si8, !dataflow.stream<si8>
        scf.for %i = %zero to %one step %one {
          dataflow.write %start, %x_2 : si8, !dataflow.stream<si8>
        } {loop = #dataflow.loop<"make_i", pipeline>}
      } {loop = #dataflow.loop<"make_u">}
      // Results are what the body yields, or what a loop without iterations began with.
      %none = scf.for %j = %zero to %zero step %one iter_args(%so_far = %start) -> (si8) {
        %read = dataflow.cast %j : index -> si8
        scf.yield %read : si8
      } {loop = #dataflow.loop<"make_j">}
      %some = scf.for %l = %zero to %one step %one iter_args(%so_far = %none) -> (si8) {
        %sum = dataflow.add %so_far, %none exact : si8, si8 -> si8
        scf.yield %sum : si8
      } {loop = #dataflow.loop<"make_l", unroll>}
      // CHECK-NEXT: %sum = dataflow.constant 6 : si8
      // CHECK-NEXT: dataflow.write %sum
      dataflow.write %some, %x_2 : si8, !dataflow.stream<si8>
      // Arithmetic without an effect goes, what ranges decide is decided, opposites are an else.
      // CHECK-NEXT: scf.for %s = %zero to %four step %one {
      // CHECK-NEXT: %byte = dataflow.cast %s : index -> si8
      // CHECK-NEXT: %first = arith.cmpi eq, %s, %zero : index
      // CHECK-NEXT: scf.if %first {
      // CHECK-NEXT: dataflow.write %byte
      // CHECK-NEXT: } else {
      // CHECK-NEXT: dataflow.write %start
      // CHECK-NEXT: }
      // CHECK-NEXT: } {loop = #dataflow.loop<"make_s", pipeline>}
      %true = arith.constant true
      %nothing = dataflow.constant 0 : si8
      scf.for %s = %zero to %four step %one {
        %rest = arith.remui %s, %four : index
        %place = arith.muli %rest, %one : index
        %is_less = arith.cmpi slt, %s, %four : index
        %byte = dataflow.cast %place : index -> si8
        %shifted = dataflow.shl %byte, %zero : si8, index -> si8
        %same = dataflow.add %shifted, %nothing : si8, si8 -> si9
        %wide = dataflow.cast %same : si9 -> si12
        %back = dataflow.cast %wide : si12 -> si8
        %chosen = dataflow.select %is_less, %back, %nothing : si8
        %first = arith.cmpi eq, %s, %zero : index
        scf.if %first {
          dataflow.write %chosen, %x_2 : si8, !dataflow.stream<si8>
        }
        %others = arith.xori %first, %true : i1
        scf.if %others {
          dataflow.write %start, %x_2 : si8, !dataflow.stream<si8>
        }
      } {loop = #dataflow.loop<"make_s", pipeline>}
      // An opposite that is used alone is the opposite comparison.
      // CHECK-NEXT: scf.for %q = %zero to %four step %one {
      // CHECK-NEXT: %{{.*}} = arith.cmpi uge, %q, %one : index
      // CHECK-NEXT: scf.if
      // CHECK-NEXT: dataflow.write %start
      scf.for %q = %zero to %four step %one {
        %is_first = arith.cmpi ult, %q, %one : index
        %later = arith.xori %is_first, %true : i1
        scf.if %later {
          dataflow.write %start, %x_2 : si8, !dataflow.stream<si8>
        }
      } {loop = #dataflow.loop<"make_q", pipeline>}
      // Of two choices, one goes.
      // CHECK: scf.for %c = %zero to %four step %one {
      // CHECK-NEXT: %is_zero = arith.cmpi eq, %c, %zero : index
      // CHECK-NEXT: %is_one = arith.cmpi eq, %c, %one : index
      // CHECK-NEXT: %inner = arith.select %is_one, %four, %one : index
      // CHECK-NEXT: %size = arith.ori %is_zero, %is_one : i1
      // CHECK-NEXT: arith.select %size, %four, %one : index
      scf.for %c = %zero to %four step %one {
        %is_zero = arith.cmpi eq, %c, %zero : index
        %is_one = arith.cmpi eq, %c, %one : index
        %inner = arith.select %is_one, %four, %one : index
        %count = arith.select %is_zero, %one, %inner : index
        %other = arith.select %is_one, %four, %one : index
        %size = arith.select %is_zero, %four, %other : index
        %product = arith.muli %count, %size : index
        %byte_of = dataflow.cast %product : index -> si8
        dataflow.write %byte_of, %x_2 : si8, !dataflow.stream<si8>
      } {loop = #dataflow.loop<"make_c", pipeline>}
    }
  }
  dataflow.kernel @l(%x_1 = %x : !dataflow.stream<si8>) {
    dataflow.task @take(%x_2 = %x_1 : !dataflow.stream<si8>) {
      %zero = arith.constant 0 : index
      %one = arith.constant 1 : index
      %count = arith.constant 28 : index
      scf.for %i = %zero to %count step %one {
        %value = dataflow.read %x_2 : !dataflow.stream<si8> -> si8
      } {loop = #dataflow.loop<"take_i", pipeline>}
    }
  }
}
