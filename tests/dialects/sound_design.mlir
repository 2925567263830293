builtin.module attributes {lmc.allocation = #dataflow.allocation<{
    target = "vck190", clock_mhz = 250, port_bits = 512, lanes = [{memory = "DDR4"}],
    side_port = {memory = "DDR4"}}>} {
  ssm.weight @w : tensor<8x!ssm.fixed<16, 8>> layers 2 = [#ssm.step<load, {name = "w"}>, #ssm.step<quantize>]
  ssm.weight @m : tensor<8x32x!ssm.wint<4, 32, 8, 3, 14>> = [#ssm.step<load, {name = "m"}>, #ssm.step<quantize>]
  ssm.table @t function "silu" {segments = 16, shift = 5, low = -256, slope_frac = 7} : !ssm.fixed<16, 8> to !ssm.fixed<16, 8>
  dataflow.design @adder clock_mhz 250 {
    %n = dataflow.scalar @n examples [1, 2] : ui32
    %from = dataflow.bank @from "read" words 2 in "DDR4" layout [#dataflow.vector<@w, lanes 4, bits 16>] : !dataflow.port<ui512>
    %lane = dataflow.bank @lane "read" words 8 in "DDR4" layout [#dataflow.matrix<@m, first_row 0, sets 2, round_rows 8, rows 4, inputs 32, block 32, mantissa_bits 8, exponent_bits 3>] : !dataflow.port<ui512>
    %tables = dataflow.bank @tables "read" words 2 in "DDR4" layout [#dataflow.table<@t, bits 64>] : !dataflow.port<ui512>
    %into = dataflow.bank @into "read_write" words 4 in "DDR4" channel 0 layout [#dataflow.state<bits 32, count 32, layers 2>] : !dataflow.port<ui512>
    %words = dataflow.stream @words depth 16 rate [2, 2] : !dataflow.stream<ui512>
    dataflow.kernel @work(%n_1 = %n : ui32, %from_1 = %from : !dataflow.port<ui512>, %words_1 = %words : !dataflow.stream<ui512>) slr "SLR0" {
      %raw = dataflow.stream @raw depth 2 rate [2, 2] impl "srl" : !dataflow.stream<ui512>
      dataflow.task @fetch(%from_2 = %from_1 : !dataflow.port<ui512>, %raw_1 = %raw : !dataflow.stream<ui512>) {
        %zero = arith.constant 0 : index
        %two = arith.constant 2 : index
        dataflow.burst_read "fetch_burst" %from_2[%zero], %two to %raw_1 : !dataflow.port<ui512>, !dataflow.stream<ui512>
      }
      dataflow.task @sum(%raw_1 = %raw : !dataflow.stream<ui512>, %words_2 = %words_1 : !dataflow.stream<ui512>) {
        %zero = arith.constant 0 : index
        %one = arith.constant 1 : index
        %two = arith.constant 2 : index
        %four = arith.constant 4 : index
        %none = dataflow.constant 0 : si34
        %held = dataflow.buffer @held "bram" partition [#dataflow.partition<0, 2>] : memref<4xsi40>
        scf.for %i = %zero to %two step %one {
          %word = dataflow.read %raw_1 : !dataflow.stream<ui512> -> ui512
          %total = scf.for %j = %zero to %four step %one iter_args(%so_far = %none) -> (si34) {
            %place = arith.muli %j, %four : index
            %a = dataflow.slice %word[%place] : ui512 -> si16
            %b = dataflow.mul %a, %a : si16, si16 -> si32
            %c = dataflow.add %so_far, %b exact : si34, si32 -> si34
            scf.yield %c : si34
          } {loop = #dataflow.loop<"sum_lane", unroll, cascade>}
          %shifted = dataflow.shr %total, %two : si34, index -> si34
          %is_first = arith.cmpi eq, %i, %zero : index
          %chosen = scf.if %is_first -> (si34) {
            scf.yield %shifted : si34
          } else {
            scf.yield %none : si34
          }
          %wide = dataflow.cast %chosen : si34 -> si40
          memref.store %wide, %held[%i] : memref<4xsi40>
          %put = dataflow.insert %wide, %word[%zero] : si40, ui512
          dataflow.write %put, %words_2 : ui512, !dataflow.stream<ui512>
        } {loop = #dataflow.loop<"sum_word", pipeline, ii 1, latency 9>}
      }
    }
    dataflow.kernel @save(%into_1 = %into : !dataflow.port<ui512>, %words_1 = %words : !dataflow.stream<ui512>) {
      dataflow.task @store(%into_2 = %into_1 : !dataflow.port<ui512>, %words_2 = %words_1 : !dataflow.stream<ui512>) {
        %zero = arith.constant 0 : index
        %two = arith.constant 2 : index
        dataflow.burst_write "store_burst" %words_2 to %into_2[%zero], %two : !dataflow.stream<ui512>, !dataflow.port<ui512>
      }
    }
  }
}
