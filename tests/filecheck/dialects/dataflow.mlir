// RUN: lmc opt %s | lmc opt - | filecheck %s

// CHECK: dataflow.design @demo {
dataflow.design @demo {
  // CHECK-NEXT: %n = dataflow.scalar @n_tokens examples [1 : i64, 3 : i64] : ui32
  // CHECK-NEXT: %w = dataflow.bank @weights "read_write" words 1024 in "ddr" layout [#dataflow.state<bits 100, count 640, layers 8>] : !dataflow.port<ui512>
  // CHECK-NEXT: %s = dataflow.stream @x depth 16 rate [4 : i64, 12 : i64] : !dataflow.stream<si16>
  %n = dataflow.scalar @n_tokens examples [1, 3] : ui32
  %w = dataflow.bank @weights "read_write" words 1024 in "ddr" layout [#dataflow.state<bits 100, count 640, layers 8>] : !dataflow.port<ui512>
  %s = dataflow.stream @x depth 16 rate [4, 12] : !dataflow.stream<si16>
  // CHECK-NEXT: dataflow.kernel @reader(%w_1 = %w : !dataflow.port<ui512>, %s_1 = %s : !dataflow.stream<si16>) {
  dataflow.kernel @reader(%w_1 = %w : !dataflow.port<ui512>, %s_1 = %s : !dataflow.stream<si16>) {
    // CHECK-NEXT: %words = dataflow.stream @words depth 64 impl "bram" : !dataflow.stream<ui512>
    %words = dataflow.stream @words depth 64 impl "bram" : !dataflow.stream<ui512>
    // CHECK-NEXT: dataflow.task @load(%w_2 = %w_1 : !dataflow.port<ui512>, %words_1 = %words : !dataflow.stream<ui512>) {
    dataflow.task @load(%w_2 = %w_1 : !dataflow.port<ui512>, %words_1 = %words : !dataflow.stream<ui512>) {
      %zero = arith.constant 0 : index
      %four = arith.constant 4 : index
      // CHECK: dataflow.burst_read "load_words" %w_2[%zero], %four to %words_1 : !dataflow.port<ui512>, !dataflow.stream<ui512>
      dataflow.burst_read "load_words" %w_2[%zero], %four to %words_1 : !dataflow.port<ui512>, !dataflow.stream<ui512>
    }
    dataflow.task @cut(%words_1 = %words : !dataflow.stream<ui512>, %s_2 = %s_1 : !dataflow.stream<si16>) {
      %zero = arith.constant 0 : index
      %one = arith.constant 1 : index
      %four = arith.constant 4 : index
      // CHECK: %table = dataflow.buffer @table "bram" partition [#dataflow.partition<0 : i64, 2 : i64>] : memref<16xsi16>
      %table = dataflow.buffer @table "bram" partition [#dataflow.partition<0 : i64, 2 : i64>] : memref<16xsi16>
      scf.for %i = %zero to %four step %one {
        // CHECK: %word = dataflow.read %words_1 : !dataflow.stream<ui512> -> ui512
        // CHECK-NEXT: %x = dataflow.slice %word[%i] : ui512 -> si16
        // CHECK-NEXT: %k = dataflow.constant -5 : si8
        // CHECK-NEXT: %sum = dataflow.add %x, %k : si16, si8 -> si17
        // CHECK-NEXT: %small = dataflow.add %x, %k exact : si16, si8 -> si16
        // CHECK-NEXT: %shifted = dataflow.shl %small, %i exact : si16, index -> si20
        // CHECK-NEXT: %rounded = dataflow.round_shift_saturate %shifted, %one : si20, index -> si16
        // CHECK-NEXT: %less = dataflow.cmp "lt" %rounded, %k : si16, si8
        // CHECK-NEXT: %chosen = dataflow.select %less, %rounded, %x : si16
        // CHECK-NEXT: %magnitude = dataflow.abs %chosen : si16 -> ui16
        // CHECK-NEXT: %bits = dataflow.bitlen %magnitude : ui16 -> ui5
        // CHECK-NEXT: %wide = dataflow.insert %x, %word[%i] : si16, ui512
        // CHECK-NEXT: %joined = dataflow.concat %x, %k : si16, si8 -> ui24
        // CHECK-NEXT: %gap = dataflow.sub %sum, %k : si17, si8 -> si18
        // CHECK-NEXT: %product = dataflow.mul %x, %k impl "fabric" : si16, si8 -> si24
        // CHECK-NEXT: %negated = dataflow.neg %x : si16 -> si17
        // CHECK-NEXT: %halved = dataflow.shr %gap, %one : si18, index -> si18
        // CHECK-NEXT: %low = dataflow.min %x, %k : si16, si8 -> si16
        // CHECK-NEXT: %high = dataflow.max %x, %k : si16, si8 -> si16
        // CHECK-NEXT: %narrow = dataflow.cast %product : si24 -> si8
        // CHECK-NEXT: dataflow.write %chosen, %s_2 : si16, !dataflow.stream<si16>
        %word = dataflow.read %words_1 : !dataflow.stream<ui512> -> ui512
        %x = dataflow.slice %word[%i] : ui512 -> si16
        %k = dataflow.constant -5 : si8
        %sum = dataflow.add %x, %k : si16, si8 -> si17
        %small = dataflow.add %x, %k exact : si16, si8 -> si16
        %shifted = dataflow.shl %small, %i exact : si16, index -> si20
        %rounded = dataflow.round_shift_saturate %shifted, %one : si20, index -> si16
        %less = dataflow.cmp "lt" %rounded, %k : si16, si8
        %chosen = dataflow.select %less, %rounded, %x : si16
        %magnitude = dataflow.abs %chosen : si16 -> ui16
        %bits = dataflow.bitlen %magnitude : ui16 -> ui5
        %wide = dataflow.insert %x, %word[%i] : si16, ui512
        %joined = dataflow.concat %x, %k : si16, si8 -> ui24
        %gap = dataflow.sub %sum, %k : si17, si8 -> si18
        %product = dataflow.mul %x, %k impl "fabric" : si16, si8 -> si24
        %negated = dataflow.neg %x : si16 -> si17
        %halved = dataflow.shr %gap, %one : si18, index -> si18
        %low = dataflow.min %x, %k : si16, si8 -> si16
        %high = dataflow.max %x, %k : si16, si8 -> si16
        %narrow = dataflow.cast %product : si24 -> si8
        dataflow.write %chosen, %s_2 : si16, !dataflow.stream<si16>
      } {loop = #dataflow.loop<"cut_i", pipeline>}
    }
  }
}
