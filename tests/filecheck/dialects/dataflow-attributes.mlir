// RUN: lmc opt %s | lmc opt - | filecheck %s

// CHECK: builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 512, lanes = [{memory = "DDR4", channel = 0, sets = 1}], prefetch = 32, multipliers = "fabric", vector_lanes = 8, state_blocks = 1, state_ports = [], chip_memory = "uram", side_port = {memory = "DDR4", channel = 1}}>} {
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 512, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4", channel = 1}}>} {
  // CHECK: dataflow.design @demo clock_mhz 300 {
  dataflow.design @demo clock_mhz 300 {
    // CHECK: layout [#dataflow.prompt] : !dataflow.port<ui32>
    %ids = dataflow.bank @ids "read" words 8 in "DDR4" layout [#dataflow.prompt] : !dataflow.port<ui32>
    // CHECK: layout [#dataflow.state<bits 96, count 4, layers 2>] : !dataflow.port<ui512>
    %state = dataflow.bank @state "read_write" words 2 in "DDR4" channel 3 layout [#dataflow.state<bits 96, count 4, layers 2>] : !dataflow.port<ui512>
    // CHECK: layout [#dataflow.logits<words 1, length 16, lanes 2, bits 32, frac -3, mul 1>] : !dataflow.port<ui512>
    %logits = dataflow.bank @logits "write" words 1 in "DDR4" layout [#dataflow.logits<words 1, length 16, lanes 2, bits 32, frac -3, mul 1>] : !dataflow.port<ui512>
    %x = dataflow.stream @x : !dataflow.stream<si8>
    dataflow.kernel @k(%x_1 = %x : !dataflow.stream<si8>) {
      dataflow.task @t(%x_2 = %x_1 : !dataflow.stream<si8>) {
        %zero = arith.constant 0 : index
        %one = arith.constant 1 : index
        %four = arith.constant 4 : index
        %none = dataflow.constant 0 : si18
        %memory = dataflow.buffer @memory "bram" : memref<4xsi8>
        scf.for %i = %zero to %four step %one {
          scf.for %j = %zero to %four step %one {
            %a = dataflow.read %x_2 : !dataflow.stream<si8> -> si8
            // CHECK: %b = dataflow.mul %a, %a impl "dsp" : si8, si8 -> si16
            %b = dataflow.mul %a, %a impl "dsp" : si8, si8 -> si16
            %sum = scf.for %l = %zero to %four step %one iter_args(%so_far = %none) -> (si18) {
              %c = dataflow.mul %a, %a : si8, si8 -> si16
              %d = dataflow.add %so_far, %c exact : si18, si16 -> si18
              scf.yield %d : si18
            // CHECK: } {loop = #dataflow.loop<"add_up", unroll, cascade>}
            } {loop = #dataflow.loop<"add_up", unroll, cascade>}
          // CHECK: } {loop = #dataflow.loop<"inner", pipeline, requested_ii 4, ii 4, latency 7, independent ["memory"]>}
          } {loop = #dataflow.loop<"inner", pipeline, independent ["memory"], latency 7, ii 4, requested_ii 4>}
        // CHECK: } {loop = #dataflow.loop<"outer", drains>}
        } {loop = #dataflow.loop<"outer", drains>}
      }
    }
  }
}
