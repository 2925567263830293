// RUN: lmc opt %s -p drain-pipelines,schedule-loops,size-fifos,check-dataflow | filecheck %s
// RUN: not lmc opt %s -p schedule-loops,size-fifos,check-dataflow 2>&1 | filecheck %s --check-prefix WITHOUT

// A layer begins with what comes back from the one before, and all its words may be under way at once: no pipeline may
// reach over layers.

// WITHOUT: design d breaks rules: task enter: where loop enter_word stalls, what it writes to inside may be held back until it has read what depends on that (inside -> back), and the design stops: run drain-pipelines (held-writes)

dataflow.design @d clock_mhz 250 {
  %back = dataflow.stream @back : !dataflow.stream<si8>
  %inside = dataflow.stream @inside : !dataflow.stream<si8>
  // CHECK: dataflow.task @enter
  dataflow.kernel @front(%back_1 = %back : !dataflow.stream<si8>, %inside_1 = %inside : !dataflow.stream<si8>) {
    dataflow.task @enter(%back_2 = %back_1 : !dataflow.stream<si8>, %inside_2 = %inside_1 : !dataflow.stream<si8>) {
      %zero = arith.constant 0 : index
      %one = arith.constant 1 : index
      %two = arith.constant 2 : index
      %four = arith.constant 4 : index
      %start = dataflow.constant 3 : si8
      scf.for %t = %zero to %four step %one {
        scf.for %layer = %zero to %four step %one {
          scf.for %row = %zero to %two step %one {
            scf.for %word = %zero to %two step %one {
              %begins = arith.cmpi eq, %layer, %zero : index
              %value = scf.if %begins -> (si8) {
                scf.yield %start : si8
              } else {
                %fed = dataflow.read %back_2 : !dataflow.stream<si8> -> si8
                scf.yield %fed : si8
              }
              dataflow.write %value, %inside_2 : si8, !dataflow.stream<si8>
            // CHECK: } {loop = #dataflow.loop<"enter_word", pipeline, ii 1, latency 1>}
            } {loop = #dataflow.loop<"enter_word", pipeline>}
          // CHECK-NEXT: } {loop = #dataflow.loop<"enter_row">}
          } {loop = #dataflow.loop<"enter_row">}
        // CHECK-NEXT: } {loop = #dataflow.loop<"enter_layer", drains>}
        } {loop = #dataflow.loop<"enter_layer">}
      // CHECK-NEXT: } {loop = #dataflow.loop<"enter_t">}
      } {loop = #dataflow.loop<"enter_t">}
    }
  }
  dataflow.kernel @tail(%back_1 = %back : !dataflow.stream<si8>, %inside_1 = %inside : !dataflow.stream<si8>) {
    dataflow.task @leave(%back_2 = %back_1 : !dataflow.stream<si8>, %inside_2 = %inside_1 : !dataflow.stream<si8>) {
      %zero = arith.constant 0 : index
      %one = arith.constant 1 : index
      %three = arith.constant 3 : index
      %four = arith.constant 4 : index
      scf.for %t = %zero to %four step %one {
        scf.for %layer = %zero to %four step %one {
          scf.for %word = %zero to %four step %one {
            %value = dataflow.read %inside_2 : !dataflow.stream<si8> -> si8
            %goes_on = arith.cmpi ne, %layer, %three : index
            scf.if %goes_on {
              dataflow.write %value, %back_2 : si8, !dataflow.stream<si8>
            }
          } {loop = #dataflow.loop<"leave_word", pipeline>}
        // CHECK: } {loop = #dataflow.loop<"leave_layer", drains>}
        } {loop = #dataflow.loop<"leave_layer">}
      } {loop = #dataflow.loop<"leave_t">}
    }
  }
}
