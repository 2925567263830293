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
