// RUN: lmc opt %s -p share-matrix-unit | filecheck %s

// Two products, one in each of two layers, one after them, on a unit with two lanes.
// CHECK:      dataflow.design @d {
// CHECK-NEXT:   %n_tokens =
// CHECK-NEXT:   %n_prompt =
// CHECK-NEXT:   %n_logits =
// CHECK-NEXT:   %x = dataflow.stream @x : !dataflow.stream<ui272>
// A stream is where the product was; its tasks come last.
// CHECK-NEXT:   %y = dataflow.stream @y : !dataflow.stream<ui64>
// CHECK-NEXT:   dataflow.task @use_y(
// CHECK:        %z = dataflow.stream @z : !dataflow.stream<ui64>
// CHECK-NEXT:   dataflow.task @use_z(
// CHECK-NOT:    dataflow.matrix_

// CHECK:        dataflow.stream @activations_0 depth 4 : !dataflow.stream<ui272>
// CHECK-NEXT:   dataflow.stream @activations_1 depth 4 : !dataflow.stream<ui272>
// The layers' phase, then that of tokens with logits.
// CHECK-NEXT:   dataflow.task @gather({{.*}}%x_1 = %x{{.*}}) kernel "matrix" {
// CHECK:          scf.for %token =
// CHECK:            scf.for %layer =
// CHECK:              scf.for %w_tile =
// CHECK:            } {loop = #dataflow.loop<"layer">}
// CHECK:            scf.if
// CHECK:              scf.for %head_tile =

// A lane has the image of its rows. 2 layers x (2 rounds x 1 tile, and a word of scales), and 3 rounds x 2 planes and one.
// CHECK:        dataflow.bank @weights_0 "read" words 13 in "DDR4" layout [#dataflow.matrix<@w, first_row 0, sets 1, round_rows 6, {{.*}}>, #dataflow.matrix<@head, first_row 0,
// CHECK-NEXT:   dataflow.stream @lane_words_0 depth 16 : !dataflow.stream<ui256>
// CHECK-NEXT:   dataflow.task @read_weights_0({{.*}}) kernel "matrix" {
// CHECK:          dataflow.burst_read "layers"
// CHECK:          dataflow.burst_read "final"
// CHECK:        dataflow.task @deal_0(
// CHECK:        dataflow.task @deal_scales_0(
// CHECK:        dataflow.task @lane_0(
// The second lane has two sets of rows, on its own port.
// CHECK:        dataflow.bank @weights_1 "read" words {{[0-9]+}} in "LPDDR4" channel 1 layout [#dataflow.matrix<@w, first_row 2, sets 2,
// CHECK:        dataflow.task @lane_1(
// CHECK:          dataflow.buffer @accumulators "register" partition {{.*}} : memref<2x2xsi48>

// CHECK:        dataflow.task @pass_rows_0(
// CHECK:        dataflow.task @join_rows(
// The results go to who waits for them, that of the second product after a shift to the left.
// CHECK:        dataflow.task @scatter({{.*}}%y_1 = %y : {{.*}}%z_1 = %z :
// CHECK:          scf.for %w_word =
// CHECK:            dataflow.write {{.*}}, %y_1
// CHECK:          scf.for %head_word =
// CHECK:            dataflow.shl
// CHECK:            dataflow.write {{.*}}, %z_1
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 256, lanes = [{memory = "DDR4"}, {memory = "LPDDR4", channel = 1, sets = 2}], prefetch = 16, side_port = {memory = "DDR4"}}>} {
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  ssm.weight @head : tensor<16x8x!ssm.wint<8, 8, 8, 3, 14>> = [#ssm.step<load, {name = "e"}>, #ssm.step<quantize>]
  dataflow.design @d {
    %n_tokens = dataflow.scalar @n_tokens examples [3] : ui32
    %n_prompt = dataflow.scalar @n_prompt examples [2] : ui32
    %n_logits = dataflow.scalar @n_logits examples [2] : ui32
    dataflow.matrix_unit sets [1, 2] rows 2 inputs 32 block 8 packed 1 activation 8 mantissa 0 exponent 4 scale_mantissa 8 scale_exponent 3
    %x = dataflow.stream @x : !dataflow.stream<ui272>
    %y = dataflow.matrix_vector @y of @w %x rows 8 columns 8 group 8 block 8 planes [1, 1] sums 44 shift 19 left 0 lanes 4 layers 2 : !dataflow.stream<ui272> -> !dataflow.stream<ui64>
    dataflow.task @use_y(%in = %y : !dataflow.stream<ui64>) kernel "after_w" {
      %value = dataflow.read %in : !dataflow.stream<ui64> -> ui64
    }
    %v = dataflow.stream @v : !dataflow.stream<ui272>
    %z = dataflow.matrix_vector @z of @head %v rows 16 columns 8 group 8 block 8 planes [2] sums 48 shift 0 left 2 lanes 4 : !dataflow.stream<ui272> -> !dataflow.stream<ui64>
    dataflow.task @use_z(%in = %z : !dataflow.stream<ui64>) kernel "after_head" {
      %value = dataflow.read %in : !dataflow.stream<ui64> -> ui64
    }
  }
}
