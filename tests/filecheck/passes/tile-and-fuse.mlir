// RUN: lmc opt %s -p 'tile-and-fuse' | filecheck %s
// RUN: lmc opt %s -p 'tile-and-fuse,tile-and-fuse' | filecheck %s

// What takes in all of its operand begins a group; an op that is alone in its stage stays outside.
// CHECK:      %u = ssm.quantize %h_in rounding("up") :
// x and z leave the group, and are kept whole until the second group has all of x_q. A block of 4 elements of x_q is less than all.
// CHECK-NEXT: %x, %z, %x_q = ssm.fused(%u_1 = %u : tensor<4x!ssm.bfp<8, 4, 10>>) {
// CHECK-NEXT:   %xz = ssm.linear %u_1, @in_proj :
// CHECK-NEXT:   %x_1, %z_1 = ssm.split %xz :
// CHECK-NEXT:   %x_q_1 = ssm.quantize %x_1 rounding("up") :
// CHECK-NEXT:   ssm.yield %x_1, %z_1, %x_q_1 :
// CHECK-NEXT: } : tensor<8x!ssm.fixed<16, 10>>, tensor<8x!ssm.fixed<16, 10>>, tensor<8x!ssm.bfp<8, 4, 10>>
// CHECK-NEXT: %state_new, %gated_q = ssm.fused(%x_q_1 = %x_q : tensor<8x!ssm.bfp<8, 4, 10>>, %state_1 = %state : tensor<8x2x!ssm.bfp<8, 2, 14>>, %x_1 = %x : tensor<8x!ssm.fixed<16, 10>>, %z_1 = %z : tensor<8x!ssm.fixed<16, 10>>) {
// CHECK-NEXT:   %dbc = ssm.linear %x_q_1, @x_proj :
// CHECK-NEXT:   %dt, %bc = ssm.split %dbc :
// CHECK-NEXT:   %decay = ssm.decay %dt, @a argument !ssm.fixed<18, 12> table @exp :
// CHECK-NEXT:   %y, %state_new_1 = ssm.selective_state_update %state_1, %decay, %dt, %x_1, %bc, %bc, @d dtx !ssm.fixed<16, 12> :
// CHECK-NEXT:   %gated = ssm.mul %y, %z_1 :
// CHECK-NEXT:   %rotated = ssm.rotate %gated block(4) :
// CHECK-NEXT:   %gated_q_1 = ssm.quantize %rotated rounding("up") :
// CHECK-NEXT:   ssm.yield %state_new_1, %gated_q_1 :
// CHECK-NEXT: } : tensor<8x2x!ssm.bfp<8, 2, 14>>, tensor<8x!ssm.bfp<8, 4, 10>>
// CHECK-NEXT: %h_new = ssm.linear %gated_q, @out_proj :
// CHECK-NEXT: ssm.yield %h_new, %state_new :
// After the layers: a norm, a block that is the whole vector, and the LM head, each alone.
// CHECK:      %last = ssm.rms_norm %h_last eps(1.000000e-05 : f32) table @rsqrt :
// CHECK-NEXT: %last_q = ssm.quantize %last rounding("up") :
// CHECK-NEXT: %logits = ssm.linear %last_q, @lm_head :
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
