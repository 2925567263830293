// RUN: lmc opt %s -p 'tile-and-fuse' | filecheck %s
// RUN: lmc opt %s -p 'tile-and-fuse,tile-and-fuse' | filecheck %s

// Bytes that are kept between ops: of all values without groups, with them of x and z, used two groups later.
// CHECK: builtin.module attributes {lmc.intermediates = {unfused_bytes = 182 : i64, bytes = 32 : i64}}

// What takes in all of its operand begins a group, here a linear layer.
// CHECK:      %u = ssm.quantize %h_in rounding("up") {lmc.group = 0 : i64, lmc.tile = array<i64: 4>}
// CHECK-NEXT: %xz = ssm.linear %u, @in_proj {lmc.group = 1 : i64, lmc.tile = array<i64: 4>}
// CHECK-NEXT: %x, %z = ssm.split %xz {lmc.group = 1 : i64}
// A block of 4 elements is less than the operand.
// CHECK-NEXT: %x_q = ssm.quantize %x rounding("up") {lmc.group = 1 : i64, lmc.tile = array<i64: 4>}
// CHECK-NEXT: %dbc = ssm.linear %x_q, @x_proj {lmc.group = 2 : i64, lmc.tile = array<i64: 8>}
// CHECK-NEXT: %dt, %bc = ssm.split %dbc {lmc.group = 2 : i64}
// CHECK-NEXT: %decay = ssm.decay %dt, @a argument !ssm.fixed<18, 12> table @exp {lmc.group = 2 : i64}
// A row of the state, 2 elements, for each element of the result.
// CHECK-NEXT: %y, %state_new = ssm.selective_state_update %state, %decay, %dt, %x, %bc, %bc, @d dtx !ssm.fixed<16, 12> {lmc.group = 2 : i64, lmc.tile = array<i64: 1, 2>}
// CHECK-NEXT: %gated = ssm.mul %y, %z {lmc.group = 2 : i64}
// CHECK-NEXT: %rotated = ssm.rotate %gated block(4) {lmc.group = 2 : i64, lmc.tile = array<i64: 4>}
// CHECK-NEXT: %gated_q = ssm.quantize %rotated rounding("up") {lmc.group = 2 : i64, lmc.tile = array<i64: 4>}
// CHECK-NEXT: %h_new = ssm.linear %gated_q, @out_proj {lmc.group = 3 : i64, lmc.tile = array<i64: 8>}
// CHECK-NEXT: ssm.yield %h_new, %state_new :
// Behind the layers: a norm, a block that is the whole vector, and the LM head.
// CHECK:      %last = ssm.rms_norm %h_last eps(1.000000e-05 : f32) table @rsqrt {lmc.group = 4 : i64, lmc.tile = array<i64: 4>}
// CHECK-NEXT: %last_q = ssm.quantize %last rounding("up") {lmc.group = 5 : i64, lmc.tile = array<i64: 4>}
// CHECK-NEXT: %logits = ssm.linear %last_q, @lm_head {lmc.group = 6 : i64, lmc.tile = array<i64: 4>}
// CHECK-NEXT: func.return
ssm.weight @in_proj : tensor<16x4x!ssm.wint<4, 4, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "in_proj"}>, #ssm.step<quantize>]
ssm.weight @x_proj : tensor<10x8x!ssm.wint<4, 4, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "x_proj"}>, #ssm.step<quantize>]
ssm.weight @a : tensor<8x2x!ssm.fixed<16, 11>> layers 2 = [#ssm.step<load, {name = "a"}>, #ssm.step<quantize>]
ssm.weight @d : tensor<8x!ssm.fixed<16, 11>> layers 2 = [#ssm.step<load, {name = "d"}>, #ssm.step<quantize>]
ssm.weight @out_proj : tensor<4x8x!ssm.wint<4, 4, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "out_proj"}>, #ssm.step<quantize>]
ssm.weight @lm_head : tensor<16x4x!ssm.wint<4, 4, 8, 3, 14>> = [#ssm.step<load, {name = "lm_head"}>, #ssm.step<quantize>]
ssm.table @exp function "exp" {segments = 256 : i64, shift = 8 : i64, low = -65536 : i64, slope_frac = 13 : i64} : !ssm.fixed<18, 12> to !ssm.fixed<16, 15>
ssm.table @rsqrt function "rsqrt" {elements = 4 : i64, mantissa_shift = 20 : i64} : !ssm.fixed<16, 10> to !ssm.pfloat<16, 10>
func.func @decode_step(%h: tensor<4x!ssm.fixed<16, 10>>, %ssm: tensor<2x8x2x!ssm.bfp<8, 2, 14>>) -> (tensor<16x!ssm.fixed<32, 16>>, tensor<2x8x2x!ssm.bfp<8, 2, 14>>) {
  %h_last, %ssm_new = ssm.layers %h, %ssm count(2) carried(1) {
  ^layer(%h_in: tensor<4x!ssm.fixed<16, 10>>, %state: tensor<8x2x!ssm.bfp<8, 2, 14>>):
    %u = ssm.quantize %h_in rounding("up") : (tensor<4x!ssm.fixed<16, 10>>) -> tensor<4x!ssm.bfp<8, 4, 10>>
    %xz = ssm.linear %u, @in_proj : (tensor<4x!ssm.bfp<8, 4, 10>>) -> tensor<16x!ssm.fixed<16, 10>>
    %x, %z = ssm.split %xz : (tensor<16x!ssm.fixed<16, 10>>) -> (tensor<8x!ssm.fixed<16, 10>>, tensor<8x!ssm.fixed<16, 10>>)
    %x_q = ssm.quantize %x rounding("up") : (tensor<8x!ssm.fixed<16, 10>>) -> tensor<8x!ssm.bfp<8, 4, 10>>
    %dbc = ssm.linear %x_q, @x_proj : (tensor<8x!ssm.bfp<8, 4, 10>>) -> tensor<10x!ssm.fixed<16, 12>>
    %dt, %bc = ssm.split %dbc : (tensor<10x!ssm.fixed<16, 12>>) -> (tensor<8x!ssm.fixed<16, 12>>, tensor<2x!ssm.fixed<16, 12>>)
    %decay = ssm.decay %dt, @a argument !ssm.fixed<18, 12> table @exp : (tensor<8x!ssm.fixed<16, 12>>) -> tensor<8x2x!ssm.fixed<16, 15>>
    %y, %state_new = ssm.selective_state_update %state, %decay, %dt, %x, %bc, %bc, @d dtx !ssm.fixed<16, 12> : (tensor<8x2x!ssm.bfp<8, 2, 14>>, tensor<8x2x!ssm.fixed<16, 15>>, tensor<8x!ssm.fixed<16, 12>>, tensor<8x!ssm.fixed<16, 10>>, tensor<2x!ssm.fixed<16, 12>>, tensor<2x!ssm.fixed<16, 12>>) -> (tensor<8x!ssm.fixed<16, 10>>, tensor<8x2x!ssm.bfp<8, 2, 14>>)
    %gated = ssm.mul %y, %z : (tensor<8x!ssm.fixed<16, 10>>, tensor<8x!ssm.fixed<16, 10>>) -> tensor<8x!ssm.fixed<16, 10>>
    %rotated = ssm.rotate %gated block(4) : (tensor<8x!ssm.fixed<16, 10>>) -> tensor<8x!ssm.fixed<18, 10>>
    %gated_q = ssm.quantize %rotated rounding("up") : (tensor<8x!ssm.fixed<18, 10>>) -> tensor<8x!ssm.bfp<8, 4, 10>>
    %h_new = ssm.linear %gated_q, @out_proj : (tensor<8x!ssm.bfp<8, 4, 10>>) -> tensor<4x!ssm.fixed<16, 10>>
    ssm.yield %h_new, %state_new : tensor<4x!ssm.fixed<16, 10>>, tensor<8x2x!ssm.bfp<8, 2, 14>>
  } : (tensor<4x!ssm.fixed<16, 10>>, tensor<2x8x2x!ssm.bfp<8, 2, 14>>) -> (tensor<4x!ssm.fixed<16, 10>>, tensor<2x8x2x!ssm.bfp<8, 2, 14>>)
  %last = ssm.rms_norm %h_last eps(1.0e-05 : f32) table @rsqrt : (tensor<4x!ssm.fixed<16, 10>>) -> tensor<4x!ssm.fixed<16, 14>>
  %last_q = ssm.quantize %last rounding("up") : (tensor<4x!ssm.fixed<16, 14>>) -> tensor<4x!ssm.bfp<8, 4, 14>>
  %logits = ssm.linear %last_q, @lm_head : (tensor<4x!ssm.bfp<8, 4, 14>>) -> tensor<16x!ssm.fixed<32, 16>>
  func.return %logits, %ssm_new : tensor<16x!ssm.fixed<32, 16>>, tensor<2x8x2x!ssm.bfp<8, 2, 14>>
}
