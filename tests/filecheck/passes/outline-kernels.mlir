// RUN: lmc opt %s -p outline-kernels | filecheck %s
// RUN: lmc opt %s -p outline-kernels,outline-kernels | filecheck %s

// Declarations of the design come first; of the streams those between kernels, in their order.
// CHECK:      dataflow.design @d {
// CHECK-NEXT:   %n_tokens = dataflow.scalar @n_tokens
// CHECK-NEXT:   %image = dataflow.bank @image "read"
// CHECK-NEXT:   %back = dataflow.stream @back : !dataflow.stream<ui8>
// CHECK-NEXT:   %x = dataflow.stream @x depth 16 : !dataflow.stream<ui8>

// Kernels are in the order of their first tasks, and get what their tasks use.
// CHECK-NEXT:   dataflow.kernel @load(%image_1 = %image : !dataflow.port<ui8>, %x_1 = %x : !dataflow.stream<ui8>, %back_1 = %back : !dataflow.stream<ui8>) {
// CHECK-NEXT:     %words = dataflow.stream @words : !dataflow.stream<ui8>
// The reader comes after who writes what it reads.
// CHECK-NEXT:     dataflow.task @read_image(
// CHECK-NEXT:       arith
// CHECK-NEXT:       arith
// CHECK-NEXT:       dataflow.burst_read "read_image_burst"
// CHECK:          dataflow.task @deal(%words_1 = %words : {{.*}}%x_2 = %x_1 : {{.*}}%back_2 = %back_1 : {{.*}}) {
// CHECK:            {loop = #dataflow.loop<"deal_token", pipeline>}

// A second @x has another name, and so have the loops of the second @scale.
// CHECK:        dataflow.kernel @work(
// CHECK-NEXT:     %x_2_ = dataflow.stream @x_2 :
// CHECK-NEXT:     dataflow.task @scale(
// CHECK:            {loop = #dataflow.loop<"scale_token", pipeline>}
// CHECK:          dataflow.task @scale_2(
// CHECK:            {loop = #dataflow.loop<"scale_2_token", pipeline>}
// CHECK-NOT:      kernel "
dataflow.design @d {
  %n_tokens = dataflow.scalar @n_tokens examples [3] : ui32
  %back = dataflow.stream @back : !dataflow.stream<ui8>
  %words = dataflow.stream @words : !dataflow.stream<ui8>
  %x = dataflow.stream @x depth 3 : !dataflow.stream<ui8>
  dataflow.task @deal(%in = %words : !dataflow.stream<ui8>, %out = %x : !dataflow.stream<ui8>, %old = %back : !dataflow.stream<ui8>) kernel "load" {
    %zero = arith.constant 0 : index
    %one = arith.constant 1 : index
    %three = arith.constant 3 : index
    scf.for %token = %zero to %three step %one {
      %a = dataflow.read %in : !dataflow.stream<ui8> -> ui8
      %b = dataflow.read %old : !dataflow.stream<ui8> -> ui8
      dataflow.write %a, %out : ui8, !dataflow.stream<ui8>
    } {loop = #dataflow.loop<"token", pipeline>}
  }
  %image = dataflow.bank @image "read" words 3 in "DDR4" : !dataflow.port<ui8>
  dataflow.task @read_image(%port = %image : !dataflow.port<ui8>, %out = %words : !dataflow.stream<ui8>) kernel "load" {
    %zero = arith.constant 0 : index
    %three = arith.constant 3 : index
    dataflow.burst_read "burst" %port[%zero], %three to %out : !dataflow.port<ui8>, !dataflow.stream<ui8>
  }
  %x2 = dataflow.stream @x : !dataflow.stream<ui8>
  dataflow.task @scale(%in = %x : !dataflow.stream<ui8>, %out = %x2 : !dataflow.stream<ui8>) kernel "work" {
    %zero = arith.constant 0 : index
    %one = arith.constant 1 : index
    %three = arith.constant 3 : index
    scf.for %token = %zero to %three step %one {
      %a = dataflow.read %in : !dataflow.stream<ui8> -> ui8
      dataflow.write %a, %out : ui8, !dataflow.stream<ui8>
    } {loop = #dataflow.loop<"token", pipeline>}
  }
  dataflow.task @scale(%in = %x2 : !dataflow.stream<ui8>, %out = %back : !dataflow.stream<ui8>, %n = %n_tokens : ui32) kernel "work" {
    %zero = arith.constant 0 : index
    %one = arith.constant 1 : index
    %count = dataflow.cast %n : ui32 -> index
    scf.for %token = %zero to %count step %one {
      %a = dataflow.read %in : !dataflow.stream<ui8> -> ui8
      dataflow.write %a, %out : ui8, !dataflow.stream<ui8>
    } {loop = #dataflow.loop<"token", pipeline>}
  }
}
