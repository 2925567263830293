// RUN: lmc opt %s -p stream-images | filecheck %s

// A stream is where a source was. One that holds all of a layer's vector: vectors that come later are needed before its last element.
// CHECK:      dataflow.stream @a_parameters depth 5 : !dataflow.stream<ui100>
// CHECK-NEXT: dataflow.stream @exp_table : !dataflow.stream<ui64>
// CHECK-NEXT: dataflow.task @decay(
// CHECK:      dataflow.stream @d_parameters depth 6 : !dataflow.stream<ui16>
// CHECK-NEXT: dataflow.task @update(
// CHECK:      dataflow.stream @norm_parameters depth 2
// CHECK-NEXT: dataflow.task @norm(
// CHECK-NOT:  dataflow.weight_vector
// CHECK-NOT:  dataflow.function_table

// Vectors of the layers: a word of five elements of 100 bits, one of six of 16 bits, in each of two layers.
// CHECK:      dataflow.bank @parameters "read" words 4 in "DDR4" channel 1 layout [#dataflow.vector<@a, lanes 4, bits 25>, #dataflow.vector<@d, lanes 1, bits 16>]
// CHECK-NEXT: %parameters_words = dataflow.stream @parameters_words : !dataflow.stream<ui512>
// CHECK-NEXT: dataflow.task @read_parameters({{.*}}) kernel "load" {
// CHECK:        scf.for %token =
// CHECK-NEXT:     dataflow.burst_read "burst"
// CHECK:      dataflow.task @deal_parameters({{.*}}%a_parameters_1 = %a_parameters : {{.*}}%d_parameters_1 = %d_parameters : {{.*}}) kernel "load" {
// CHECK:        scf.for %token =
// CHECK-NEXT:     scf.for %layer =

// Those after the layers come once for each token with logits, tables once in a launch.
// CHECK:      dataflow.bank @final_parameters "read" words 1 in "DDR4" channel 1 layout [#dataflow.vector<@norm, lanes 4, bits 12>]
// CHECK:      dataflow.task @read_final_parameters(%n_logits_1 = %n_logits
// CHECK:      dataflow.bank @tables "read" words 8 in "DDR4" channel 1 layout [#dataflow.table<@exp, bits 64>]
// CHECK:      dataflow.task @read_tables(
// CHECK-NOT:    scf.for
// CHECK:        dataflow.burst_read

// A state in device memory: streams beside those of its elements, a bank for each field. The writer tells the reader of the next token
// where it has written; from there the reader takes its words.
// CHECK-LABEL: dataflow.design @states {
// CHECK:      dataflow.stream @s_old : !dataflow.stream<ui64>
// CHECK-NEXT: dataflow.stream @s_new : !dataflow.stream<ui64>
// CHECK-NEXT: dataflow.stream @s_old_words : !dataflow.stream<ui512>
// CHECK-NEXT: dataflow.stream @s_new_words
// CHECK-NEXT: dataflow.stream @s_credit : !dataflow.stream<ui32>
// CHECK-NEXT: dataflow.stream @s_exponents_old : !dataflow.stream<ui4>
// CHECK-NEXT: dataflow.stream @s_exponents_new
// CHECK:      dataflow.bank @s_state "read_write" words 4 in "DDR4" layout [#dataflow.state<bits 64, count 10, layers 2>]
// CHECK-NEXT: dataflow.task @read_s({{.*}}) kernel "load" {
// CHECK:        [[PLACE:%[0-9]+]] = scf.if
// CHECK-NEXT:     dataflow.read %s_credit
// CHECK:        [[OFFSET:%[0-9]+]] = dataflow.cast [[PLACE]] : ui32 -> index
// CHECK-NEXT:   dataflow.burst_read {{.*}}[[OFFSET]]
// CHECK:      dataflow.task @unpack_s(
// CHECK:      dataflow.task @pack_s({{.*}}) kernel "store" {
// CHECK:      dataflow.task @write_s(
// CHECK:        dataflow.write {{.*}} %s_credit
// CHECK:      dataflow.bank @s_exponents_state "read_write" words 2 in "HBM2" channel 3 layout
// CHECK:      dataflow.task @update({{.*}}%old = %s_old : {{.*}}%new = %s_new :

// A state on the chip: both fields in one buffer, filled before the first token, saved after the last one.
// CHECK:      dataflow.stream @h_old
// CHECK-NEXT: dataflow.stream @h_new
// CHECK-NEXT: dataflow.bank @h_state
// CHECK-NEXT: dataflow.stream @h_loaded : !dataflow.stream<ui64>
// CHECK-NEXT: dataflow.stream @h_saved
// CHECK-NEXT: dataflow.stream @h_loaded_words
// CHECK-NEXT: dataflow.stream @h_saved_words
// CHECK:      dataflow.task @hold_h({{.*}}) kernel "states" {
// CHECK:        dataflow.buffer @state "uram" : memref<2x10xui64>
// CHECK-NOT:  dataflow.state
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 256, lanes = [{memory = "DDR4"}], side_port = {memory = "DDR4", channel = 1}}>} {
  ssm.weight @a : tensor<20x!ssm.fixed<25, 8>> layers 2 = [#ssm.step<load, {name = "a.{layer}"}>, #ssm.step<quantize>]
  ssm.weight @d : tensor<6x!ssm.fixed<16, 8>> layers 2 = [#ssm.step<load, {name = "d.{layer}"}>, #ssm.step<quantize>]
  ssm.weight @norm : tensor<8x!ssm.fixed<12, 8>> = [#ssm.step<load, {name = "norm"}>, #ssm.step<quantize>]
  ssm.table @exp function "exp" {segments = 64 : i64, shift = 9 : i64, low = -32768 : i64, slope_frac = 10 : i64} : !ssm.fixed<18, 12> to !ssm.fixed<16, 15>
  dataflow.design @some {
    %n_tokens = dataflow.scalar @n_tokens examples [3] : ui32
    %n_prompt = dataflow.scalar @n_prompt examples [2] : ui32
    %n_logits = dataflow.scalar @n_logits examples [2] : ui32
    %a = dataflow.weight_vector @a_parameters of @a count 5 lanes 4 layers 2 : !dataflow.stream<ui100>
    %t = dataflow.function_table @exp_table of @exp entries 64 : !dataflow.stream<ui64>
    dataflow.task @decay(%x = %a : !dataflow.stream<ui100>, %y = %t : !dataflow.stream<ui64>) kernel "after_in_proj" {
      %u = dataflow.read %x : !dataflow.stream<ui100> -> ui100
      %v = dataflow.read %y : !dataflow.stream<ui64> -> ui64
    }
    %d = dataflow.weight_vector @d_parameters of @d count 6 lanes 1 layers 2 : !dataflow.stream<ui16>
    dataflow.task @update(%x = %d : !dataflow.stream<ui16>) kernel "after_in_proj" {
      %u = dataflow.read %x : !dataflow.stream<ui16> -> ui16
    }
    %n = dataflow.weight_vector @norm_parameters of @norm count 2 lanes 4 : !dataflow.stream<ui48>
    dataflow.task @norm(%x = %n : !dataflow.stream<ui48>) kernel "after_out_proj" {
      %u = dataflow.read %x : !dataflow.stream<ui48> -> ui48
    }
  }
  dataflow.design @states {
    %n_tokens = dataflow.scalar @n_tokens examples [3] : ui32
    %n_prompt = dataflow.scalar @n_prompt examples [2] : ui32
    %n_logits = dataflow.scalar @n_logits examples [2] : ui32
    %s_new = dataflow.stream @s_new : !dataflow.stream<ui64>
    %e_new = dataflow.stream @s_exponents_new : !dataflow.stream<ui4>
    %s_old, %e_old = dataflow.state @s takes %s_new, %e_new fields ["", "_exponents"] in ["DDR4", "HBM2"] channels [0, 3] count 10 layers 2 : !dataflow.stream<ui64>, !dataflow.stream<ui4> -> !dataflow.stream<ui64>, !dataflow.stream<ui4>
    dataflow.task @update(%old = %s_old : !dataflow.stream<ui64>, %new = %s_new : !dataflow.stream<ui64>) kernel "after_in_proj" {
      %u = dataflow.read %old : !dataflow.stream<ui64> -> ui64
      dataflow.write %u, %new : ui64, !dataflow.stream<ui64>
    }
    %h_new = dataflow.stream @h_new : !dataflow.stream<ui64>
    %h_old = dataflow.state @h takes %h_new fields [""] in ["DDR4"] channels [0] count 10 layers 2 chip "uram" : !dataflow.stream<ui64> -> !dataflow.stream<ui64>
    dataflow.task @hold(%old = %h_old : !dataflow.stream<ui64>, %new = %h_new : !dataflow.stream<ui64>) kernel "after_in_proj" {
      %u = dataflow.read %old : !dataflow.stream<ui64> -> ui64
      dataflow.write %u, %new : ui64, !dataflow.stream<ui64>
    }
  }
}
