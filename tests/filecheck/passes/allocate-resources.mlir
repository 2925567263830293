// RUN: lmc opt %s -p 'allocate-resources{lanes="DDR4:1x4 LPDDR4:2x7" state="DDR4 LPDDR4:1" state_blocks=2 side=LPDDR4 vector_lanes=4 prefetch=64 multipliers=fabric}' | filecheck %s
// RUN: lmc opt %s -p 'allocate-resources{target=u280 lanes="HBM2:3x2" state="HBM2:4" state_blocks=4 side=HBM2}' | filecheck %s --check-prefix CHANNELS
// RUN: lmc opt %s -p 'allocate-resources{target=u280 lanes="HBM2:1x2 HBM2:2"}' | filecheck %s --check-prefix ONE-MEMORY
// RUN: lmc opt %s -p 'allocate-resources{target=zcu102 state=chip}' | filecheck %s --check-prefix BRAM
// RUN: lmc opt %s -p 'allocate-resources' | filecheck %s --check-prefix CHOSEN
// RUN: lmc opt %s -p 'allocate-resources{target=kv260},allocate-resources{target=v80}' | filecheck %s --check-prefix AGAIN
// RUN: lmc opt %s -p 'allocate-resources{clock_mhz=200}' | filecheck %s --check-prefix SLOW

// What is pinned is taken as it is.
// CHECK:      builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 512,
// CHECK-SAME: lanes = [{memory = "DDR4", channel = 0, sets = 4}, {memory = "LPDDR4", channel = 0, sets = 7}, {memory = "LPDDR4", channel = 0, sets = 7}],
// CHECK-SAME: prefetch = 64, multipliers = "fabric", vector_lanes = 4, state_blocks = 2,
// CHECK-SAME: state_ports = [{memory = "DDR4", channel = 0}, {memory = "LPDDR4", channel = 0}],
// CHECK-SAME: conv_state_port = {memory = "DDR4", channel = 0},
// CHECK-SAME: side_port = {memory = "LPDDR4", channel = 0}}>} {
// The rest of the module stays as it is.
// CHECK:      %o = ssm.linear %q, @w

// A channel for each lane; the state's come after them, the rest is in the last one.
// CHANNELS:      lanes = [{memory = "HBM2", channel = 0, sets = 2}, {memory = "HBM2", channel = 1, sets = 2}, {memory = "HBM2", channel = 2, sets = 2}],
// CHANNELS-SAME: state_ports = [{memory = "HBM2", channel = 3}, {memory = "HBM2", channel = 4}, {memory = "HBM2", channel = 5}, {memory = "HBM2", channel = 6}],
// CHANNELS-SAME: side_port = {memory = "HBM2", channel = 31}

// Lanes of one memory with different sets.
// ONE-MEMORY: lanes = [{memory = "HBM2", channel = 0, sets = 2}, {memory = "HBM2", channel = 1, sets = 1}, {memory = "HBM2", channel = 2, sets = 1}],

// This device has no URAM.
// BRAM: port_bits = 128
// BRAM: prefetch = 512
// BRAM: state_ports = [], chip_memory = "bram"

// A small state is on the chip.
// CHOSEN: target = "vck190"
// CHOSEN: multipliers = "dsp", vector_lanes = 8
// CHOSEN: state_ports = [], chip_memory = "uram"

// A clock from the target's range.
// SLOW: target = "vck190", clock_mhz = 200,

// The last choice is the one that counts.
// AGAIN-NOT: kv260
// AGAIN:     lmc.allocation = #dataflow.allocation<{target = "v80", clock_mhz = 300, port_bits = 256
builtin.module {
  ssm.weight @embedding : tensor<256x64x!ssm.wint<8, 64, 8, 3, 13>> = [#ssm.step<load, {name = "e"}>, #ssm.step<quantize>]
  ssm.weight @w : tensor<64x64x!ssm.wint<4, 64, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  ssm.weight @head : tensor<256x64x!ssm.wint<8, 64, 8, 3, 14>> = [#ssm.step<load, {name = "e"}>, #ssm.step<quantize>]
  func.func @decode_step(%id: tensor<i32>, %state: tensor<2x4x16x32x!ssm.bfp<8, 8, 14>>) -> (tensor<256x!ssm.fixed<32, 16>>, tensor<2x4x16x32x!ssm.bfp<8, 8, 14>>) {
    %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<64x!ssm.fixed<24, 14>>
    %last, %new = ssm.layers %embedded, %state count(2) carried(1) {
    ^layer(%h: tensor<64x!ssm.fixed<24, 14>>, %s: tensor<4x16x32x!ssm.bfp<8, 8, 14>>):
      %q = ssm.quantize %h rounding("up") : (tensor<64x!ssm.fixed<24, 14>>) -> tensor<64x!ssm.bfp<8, 32, 14>>
      %o = ssm.linear %q, @w : (tensor<64x!ssm.bfp<8, 32, 14>>) -> tensor<64x!ssm.fixed<32, 16>>
      %h_new = ssm.add %h, %o : (tensor<64x!ssm.fixed<24, 14>>, tensor<64x!ssm.fixed<32, 16>>) -> tensor<64x!ssm.fixed<24, 14>>
      ssm.yield %h_new, %s : tensor<64x!ssm.fixed<24, 14>>, tensor<4x16x32x!ssm.bfp<8, 8, 14>>
    } : (tensor<64x!ssm.fixed<24, 14>>, tensor<2x4x16x32x!ssm.bfp<8, 8, 14>>) -> (tensor<64x!ssm.fixed<24, 14>>, tensor<2x4x16x32x!ssm.bfp<8, 8, 14>>)
    %last_q = ssm.quantize %last rounding("up") : (tensor<64x!ssm.fixed<24, 14>>) -> tensor<64x!ssm.bfp<8, 32, 14>>
    %logits = ssm.linear %last_q, @head : (tensor<64x!ssm.bfp<8, 32, 14>>) -> tensor<256x!ssm.fixed<32, 16>>
    func.return %logits, %new : tensor<256x!ssm.fixed<32, 16>>, tensor<2x4x16x32x!ssm.bfp<8, 8, 14>>
  }
}
