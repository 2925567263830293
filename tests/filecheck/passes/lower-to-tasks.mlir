// RUN: lmc opt %s -p lower-to-tasks | filecheck %s
// Between two steps the design is text that parses again.
// RUN: lmc opt %s -p lower-to-tasks | lmc opt - -p 'share-matrix-unit' | lmc opt - -p 'stream-images' | lmc opt - -p 'outline-kernels,check-dataflow' | filecheck %s --check-prefix AGAIN

// RUN: not lmc opt %s -p lower-to-tasks,schedule-loops 2>&1 | filecheck %s --check-prefix FLAT
// RUN: not lmc opt %s -p lower-to-tasks,check-dataflow 2>&1 | filecheck %s --check-prefix FLAT
// RUN: not lmc opt %s -p lower-to-tasks,share-matrix-unit,stream-images,check-dataflow 2>&1 | filecheck %s --check-prefix TASKS

// A design that is still flat goes no further than where kernels are needed.
// FLAT: design decode_step is still flat, dataflow.matrix_unit is not tasks yet: run share-matrix-unit and the steps after it first
// TASKS: design decode_step is still flat, its tasks are in no kernels: run outline-kernels first

// Weights and tables stay, the function is gone; the unit is wide enough for all linear layers, on the ports of the allocation.
// CHECK:      ssm.table @silu
// CHECK-NOT:  func.func
// CHECK-NEXT: dataflow.design @decode_step clock_mhz 300 {
// CHECK-NEXT:   %n_tokens = dataflow.scalar @n_tokens
// CHECK-NEXT:   %n_prompt = dataflow.scalar @n_prompt
// CHECK-NEXT:   %n_logits = dataflow.scalar @n_logits
// CHECK-NEXT:   dataflow.matrix_unit sets [1, 2] rows 2 inputs 32 block 8 packed 1 activation 8 mantissa 0 exponent 4 scale_mantissa 8 scale_exponent 3
// CHECK-NOT:    dataflow.kernel

// Each op is a task with the name of its kernel to be; what reads memory is in another one.
// CHECK:        dataflow.bank @embedding "read"
// CHECK:        dataflow.task @fetch_embedding({{.*}} kernel "load" {
// CHECK:        dataflow.task @embedding({{.*}}) kernel "front" origins [#dataflow.origin<"ssm.embedding", [#dataflow.value<"id", tensor<i32>>], [#dataflow.value<"embedded", tensor<8x!ssm.fixed<24, 14>>>], ["e"], "">] {
// Loops are called what they are called in their task.
// CHECK:          } {loop = #dataflow.loop<"word", pipeline>}

// A value with two uses is forked, next to the value. The names are equal: they are wishes.
// CHECK:        %residual_feedback = dataflow.stream @residual_feedback
// CHECK-NEXT:   %h = dataflow.stream @h carries <!ssm.fixed<24, 14>, 4 : i64, 2 : i64, "layer"> : !dataflow.stream<ui96>
// CHECK-NEXT:   %h_copy = dataflow.stream @h_copy carries <!ssm.fixed<24, 14>, 4 : i64, 2 : i64, "layer"> : !dataflow.stream<ui96>
// CHECK-NEXT:   %h_copy_1 = dataflow.stream @h_copy carries <!ssm.fixed<24, 14>, 4 : i64, 2 : i64, "layer"> : !dataflow.stream<ui96>
// CHECK-NEXT:   dataflow.task @enter_layer({{.*}}) kernel "front" {
// CHECK:        dataflow.task @fork_h(%n_tokens_1 = %n_tokens : ui32, %h_1 = %h : !dataflow.stream<ui96>, %h_copy_2 = %h_copy : !dataflow.stream<ui96>, %h_copy_3 = %h_copy_1 : !dataflow.stream<ui96>) kernel "front" {

// A linear layer takes tiles and is a product on streams, in each of two layers; what follows is in a kernel named after it.
// CHECK:        dataflow.task @quantize({{.*}} kernel "front" origins [#dataflow.origin<"ssm.quantize", 
// CHECK:        %o = dataflow.matrix_vector @o of @w %q_tiles rows 8 columns 8 group 8 block 8 planes [1, 1] sums 44 shift 19 left 0 lanes 4 layers 2 origin <"ssm.linear", {{.*}}, ["w.{layer}"], ""> carries {{.*}} : !dataflow.stream<ui272> -> !dataflow.stream<ui64>
// CHECK-NEXT:   %b_parameters = dataflow.weight_vector @b_parameters of @b count 2 lanes 4 layers 2 carries <!ssm.fixed<16, 9>, 4 : i64, 2 : i64, "layer"> : !dataflow.stream<ui64>
// CHECK-NEXT:   %biased = dataflow.stream @biased
// The next op is in another group: the value is kept whole.
// CHECK-NEXT:   %biased_kept = dataflow.stream @biased_kept
// CHECK-NEXT:   dataflow.task @bias({{.*}}%o_1 = %o : {{.*}}%b_parameters_1 = %b_parameters : {{.*}}) kernel "after_w" origins [{{.*}}] {
// CHECK:        dataflow.task @keep_biased({{.*}}) kernel "after_w" {
// CHECK:        %silu_table = dataflow.function_table @silu_table of @silu entries 64 : !dataflow.stream<ui64>
// CHECK:        dataflow.task @silu({{.*}}%biased_kept_1 = %biased_kept

// An op that takes a value twice reads two copies; a value without uses is drained.
// CHECK:        dataflow.task @mul(%n_tokens_1 = %n_tokens : ui32, %gate_copy_3 = %gate_copy : !dataflow.stream<ui64>, %gate_copy_4 = %gate_copy_1 : !dataflow.stream<ui64>, %unused_1 = %unused
// CHECK:        dataflow.task @fork_unused(%n_tokens_1 = %n_tokens : ui32, %unused_1 = %unused : !dataflow.stream<ui64>) kernel "after_w" {
// CHECK:        dataflow.task @leave_layer({{.*}}) kernel "after_w" {

// Behind the layers products and vectors come once for each token with logits.
// CHECK:        dataflow.weight_vector @scale_parameters of @scale count 2 lanes 4 carries {{.*}} : !dataflow.stream<ui48>
// CHECK:        dataflow.matrix_vector @logits of @head %last_q_tiles rows 16 columns 8 group 8 block 8 planes [2] sums 48 shift 12 left 0 lanes 4 origin
// CHECK:        dataflow.task @fork_logits({{.*}}) kernel "after_head" {
// CHECK:        dataflow.bank @logits "write"
// CHECK:        dataflow.task @write_logits({{.*}}) kernel "store" {
// CHECK:        dataflow.task @choose_greedily({{.*}}) kernel "after_head" {
// CHECK:        dataflow.task @write_tokens({{.*}}) kernel "store" {
// AGAIN: dataflow.kernel @load(
// AGAIN: dataflow.kernel @front(
// AGAIN: dataflow.kernel @after_w(
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 256, lanes = [{memory = "DDR4"}, {memory = "LPDDR4", sets = 2}], vector_lanes = 4, side_port = {memory = "DDR4"}}>} {
  ssm.weight @embedding : tensor<16x8x!ssm.wint<8, 8, 8, 3, 13>> = [#ssm.step<load, {name = "e"}>, #ssm.step<quantize>]
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  ssm.weight @b : tensor<8x!ssm.fixed<16, 9>> layers 2 = [#ssm.step<load, {name = "b.{layer}"}>, #ssm.step<quantize>]
  ssm.weight @head : tensor<16x8x!ssm.wint<8, 8, 8, 3, 14>> = [#ssm.step<load, {name = "e"}>, #ssm.step<quantize>]
  ssm.weight @scale : tensor<8x!ssm.fixed<12, 10>> = [#ssm.step<load, {name = "scale"}>, #ssm.step<quantize>]
  ssm.table @silu function "silu" {segments = 64 : i64, shift = 9 : i64, low = -16384 : i64, slope_frac = 10 : i64} : !ssm.fixed<16, 10> to !ssm.fixed<16, 10>
  func.func @decode_step(%id: tensor<i32>) -> tensor<16x!ssm.fixed<32, 16>> {
    %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<8x!ssm.fixed<24, 14>>
    %last = ssm.layers %embedded count(2) carried(1) {
    ^layer(%h: tensor<8x!ssm.fixed<24, 14>>):
      %q = ssm.quantize %h rounding("up") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 8, 14>>
      %biased = ssm.fused(%x = %q : tensor<8x!ssm.bfp<8, 8, 14>>) {
        %o = ssm.linear %x, @w : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<8x!ssm.fixed<16, 9>>
        %biased = ssm.bias %o, @b : (tensor<8x!ssm.fixed<16, 9>>) -> tensor<8x!ssm.fixed<16, 10>>
        ssm.yield %biased : tensor<8x!ssm.fixed<16, 10>>
      } : tensor<8x!ssm.fixed<16, 10>>
      %h_new = ssm.fused(%x = %biased : tensor<8x!ssm.fixed<16, 10>>, %old = %h : tensor<8x!ssm.fixed<24, 14>>) {
        %gate = ssm.silu %x table @silu : (tensor<8x!ssm.fixed<16, 10>>) -> tensor<8x!ssm.fixed<16, 10>>
        %unused = ssm.mul %gate, %gate : (tensor<8x!ssm.fixed<16, 10>>, tensor<8x!ssm.fixed<16, 10>>) -> tensor<8x!ssm.fixed<16, 10>>
        %h_new = ssm.add %old, %gate : (tensor<8x!ssm.fixed<24, 14>>, tensor<8x!ssm.fixed<16, 10>>) -> tensor<8x!ssm.fixed<24, 14>>
        ssm.yield %h_new : tensor<8x!ssm.fixed<24, 14>>
      } : tensor<8x!ssm.fixed<24, 14>>
      ssm.yield %h_new : tensor<8x!ssm.fixed<24, 14>>
    } : (tensor<8x!ssm.fixed<24, 14>>) -> (tensor<8x!ssm.fixed<24, 14>>)
    %last_q = ssm.fused(%x = %last : tensor<8x!ssm.fixed<24, 14>>) {
      %scaled = ssm.scale_channels %x, @scale : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.fixed<24, 14>>
      %last_q = ssm.quantize %scaled rounding("up") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 8, 14>>
      ssm.yield %last_q : tensor<8x!ssm.bfp<8, 8, 14>>
    } : tensor<8x!ssm.bfp<8, 8, 14>>
    %logits = ssm.linear %last_q, @head : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<16x!ssm.fixed<32, 16>>
    func.return %logits : tensor<16x!ssm.fixed<32, 16>>
  }
}
