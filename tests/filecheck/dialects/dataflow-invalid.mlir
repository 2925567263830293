// RUN: not lmc opt --split-input-file %s 2>&1 | filecheck %s

// CHECK: the result needs si18, which si17 does not hold: widen it, or mark the op exact
%a, %b = "test.op"() : () -> (si17, si16)
%c = dataflow.add %a, %b : si17, si16 -> si17

// -----

// CHECK: arithmetic is on at most 63 bits, got ui512: cut the word first
%a = "test.op"() : () -> ui512
%c = dataflow.mul %a, %a : ui512, ui512 -> ui512

// -----

// CHECK: a shift amount is an index or ui1 to ui6, got si8
%a, %n = "test.op"() : () -> (si16, si8)
%c = dataflow.shr %a, %n : si16, si8 -> si16

// -----

// CHECK: bitlen is of an unsigned value, got si8
%a = "test.op"() : () -> si8
%c = dataflow.bitlen %a : si8 -> ui4

// -----

// CHECK: the value is si8, the stream carries si16
%a, %s = "test.op"() : () -> (si8, !dataflow.stream<si16>)
dataflow.write %a, %s : si8, !dataflow.stream<si16>

// -----

// CHECK: the parts have 24 bits, the result is ui25
%a, %b = "test.op"() : () -> (si8, ui16)
%c = dataflow.concat %a, %b : si8, ui16 -> ui25

// -----

// CHECK: expected siN or uiN with 1 <= N <= 1024, got ui2048
%s = "test.op"() : () -> !dataflow.stream<ui2048>

// -----

// CHECK: test.op can't be in a design
dataflow.design @d {
  %b, %i = "test.op"() : () -> (memref<4xsi8>, index)
}

// -----

// CHECK: unknown impl lutram: one of srl, bram, uram
%s = dataflow.stream @s impl "lutram" : !dataflow.stream<si8>

// -----

// CHECK: a product is made of dsp or fabric, not of cascade
%a = "test.op"() : () -> si8
%b = dataflow.mul %a, %a impl "cascade" : si8, si8 -> si16

// -----

// CHECK: dataflow.neg has an unknown attribute, lmc.impl
%a = "test.op"() : () -> si8
%b = dataflow.neg %a {lmc.impl = "dsp"} : si8 -> si9

// -----

// CHECK: stream s has depth 0: it is at least 1
%s = dataflow.stream @s depth 0 : !dataflow.stream<si8>

// -----

// CHECK: a loop has no lmc.ii: it has pipeline, unroll, requested_ii, ii, latency, independent, cascade, drains
"test.op"() {loop = #dataflow.loop<"i", lmc.ii = 1>} : () -> ()

// -----

// CHECK: an allocation has no colour: it has target, clock_mhz
builtin.module attributes {lmc.allocation = #dataflow.allocation<{colour = "red", target = "vck190", clock_mhz = 300, port_bits = 512, lanes = [], side_port = {memory = "DDR4"}}>} {
}

// -----

// CHECK: #dataflow.state takes 2 words, not 3
%b = dataflow.bank @b "read_write" words 3 in "DDR4" layout [#dataflow.state<bits 96, count 4, layers 2>] : !dataflow.port<ui512>

// -----

// CHECK: a shift amount is 0 to 63, got 64
%a = "test.op"() : () -> si8
%n = arith.constant 64 : index
%c = dataflow.shr %a, %n : si8, index -> si8

// -----

// CHECK: buffer b has more than 2147483647 bits: no device holds that
dataflow.design @d {
  dataflow.kernel @k() {
    dataflow.task @t() {
      %b = dataflow.buffer @b "bram" : memref<2x1000000000000000000000000000000xui2>
    }
  }
}
