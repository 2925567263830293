// RUN: lmc opt %s -p 'place-kernels,check-dataflow' | filecheck %s
// RUN: lmc opt %s -p 'place-kernels,check-dataflow' | lmc opt - -p 'place-kernels,check-dataflow' | filecheck %s
// RUN: lmc opt %s -p 'place-kernels{pins="k:SLR2 second:SLR1"}' | filecheck %s --check-prefix PINNED
// RUN: lmc opt %s -p 'place-kernels{pins="k:SLR2 second:SLR1"},place-kernels' | filecheck %s --check-prefix PINNED
// RUN: lmc opt %s -p 'place-kernels{pins="k:SLR2"},place-kernels{pins="k:SLR0"}' | filecheck %s --check-prefix AGAIN
// RUN: not lmc opt %s -p 'place-kernels{pins="k:SLR3"}' 2>&1 | filecheck %s --check-prefix NO-SLR
// RUN: not lmc opt %s -p 'place-kernels{pins="third:SLR0"}' 2>&1 | filecheck %s --check-prefix NO-TASK

// The memory's channels are in two SLRs, so the kernel is parted where it takes the fewest wires.
// The linker makes the FIFO there, and none of depth 20.

// NO-SLR: place-kernels: the pin 'k:SLR3' is not TASK_OR_KERNEL:SLR with one of SLR0, SLR1, SLR2
// NO-TASK: place-kernels: the design has no task or kernel 'third' to pin

builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "u280", clock_mhz = 225, port_bits = 512, lanes = [{memory = "HBM2", channel = 0, sets = 1}], side_port = {memory = "DDR4", channel = 0}}>} {
  dataflow.design @d {
    %n = dataflow.scalar @n examples [1] : ui32
    %from = dataflow.bank @from "read" words 100 in "DDR4" : !dataflow.port<ui512>
    %to = dataflow.bank @to "write" words 100 in "DDR4" channel 1 : !dataflow.port<ui512>
    %x = dataflow.stream @between depth 16 : !dataflow.stream<ui512>
    // CHECK: %[[A:.*]] = dataflow.stream @narrow depth 32 : !dataflow.stream<ui4>
    // CHECK-NEXT: dataflow.kernel @k_slr0(%{{.*}} = %from : !dataflow.port<ui512>, %{{.*}} = %n : ui32, %{{.*}} = %{{.*}} : !dataflow.stream<ui4>) slr "SLR0" {
    // CHECK-NEXT: @words depth 16 impl "srl"
    // CHECK-NEXT: dataflow.task @first(
    // CHECK: dataflow.task @second(
    // CHECK: dataflow.kernel @k_slr1(%{{.*}} = %{{.*}} : !dataflow.stream<ui4>, %{{.*}} = %{{.*}} : !dataflow.stream<ui512>, %{{.*}} = %n : ui32) slr "SLR1" {
    // CHECK-NEXT: dataflow.task @widen(
    // CHECK: dataflow.kernel @sink(%{{.*}} = %{{.*}} : !dataflow.stream<ui512>, %{{.*}} = %to : !dataflow.port<ui512>) slr "SLR1" {
    // AGAIN: dataflow.kernel @k({{.*}}) slr "SLR0"
    // PINNED: dataflow.stream @words
    // PINNED-NEXT: dataflow.stream @narrow
    // PINNED-NEXT: dataflow.kernel @k_slr1(
    // PINNED-NEXT: dataflow.task @second(
    // PINNED: dataflow.kernel @k_slr2(
    // PINNED-NEXT: dataflow.task @first(
    // PINNED: dataflow.task @widen(
    dataflow.kernel @k(%from_1 = %from : !dataflow.port<ui512>, %n_1 = %n : ui32, %x_1 = %x : !dataflow.stream<ui512>) {
      %a = dataflow.stream @words depth 16 impl "srl" : !dataflow.stream<ui512>
      %b = dataflow.stream @narrow depth 20 impl "srl" : !dataflow.stream<ui4>
      dataflow.task @first(%p = %from_1 : !dataflow.port<ui512>, %a_1 = %a : !dataflow.stream<ui512>) {
        %zero = arith.constant 0 : index
        %hundred = arith.constant 100 : index
        dataflow.burst_read "first_words" %p[%zero], %hundred to %a_1 : !dataflow.port<ui512>, !dataflow.stream<ui512>
      }
      dataflow.task @second(%n_2 = %n_1 : ui32, %a_1 = %a : !dataflow.stream<ui512>, %b_1 = %b : !dataflow.stream<ui4>) {
        %zero = arith.constant 0 : index
        %one = arith.constant 1 : index
        %hundred = arith.constant 100 : index
        scf.for %i = %zero to %hundred step %one {
          %word = dataflow.read %a_1 : !dataflow.stream<ui512> -> ui512
          %part = dataflow.slice %word[%zero] : ui512 -> ui4
          dataflow.write %part, %b_1 : ui4, !dataflow.stream<ui4>
        } {loop = #dataflow.loop<"second_i", pipeline>}
      }
      dataflow.task @widen(%b_1 = %b : !dataflow.stream<ui4>, %x_2 = %x_1 : !dataflow.stream<ui512>, %n_2 = %n_1 : ui32) {
        %zero = arith.constant 0 : index
        %one = arith.constant 1 : index
        %hundred = arith.constant 100 : index
        %word = dataflow.constant 0 : ui512
        scf.for %i = %zero to %hundred step %one {
          %part = dataflow.read %b_1 : !dataflow.stream<ui4> -> ui4
          %put = dataflow.insert %part, %word[%zero] : ui4, ui512
          dataflow.write %put, %x_2 : ui512, !dataflow.stream<ui512>
        } {loop = #dataflow.loop<"widen_i", pipeline>}
      }
    }
    dataflow.kernel @sink(%x_1 = %x : !dataflow.stream<ui512>, %to_1 = %to : !dataflow.port<ui512>) {
      dataflow.task @last(%x_2 = %x_1 : !dataflow.stream<ui512>, %p = %to_1 : !dataflow.port<ui512>) {
        %zero = arith.constant 0 : index
        %hundred = arith.constant 100 : index
        dataflow.burst_write "last_words" %x_2 to %p[%zero], %hundred : !dataflow.stream<ui512>, !dataflow.port<ui512>
      }
    }
  }
}
