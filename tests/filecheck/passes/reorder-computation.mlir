// RUN: lmc opt %s -p 'reorder-computation' | filecheck %s
// RUN: lmc opt %s -p 'reorder-computation,reorder-computation' | filecheck %s

// CHECK:      builtin.module attributes {lmc.computation_order = {in_proj = "b, c, dt_in, 4 x (x, z)"}}
// Rows of the model: z 0 to 7, x 8 to 15, b, c, dt. The integers of a weight change places as they are.
// CHECK-NEXT: ssm.weight @in_proj : {{.*}}, #ssm.step<quantize, {clip = "mse"}>, #ssm.step<permute_rows, {order = #ssm.order<2: 2, 3: 2, 4: 4, 4 x (1: 2, 0: 2)>}>]
// CHECK-NEXT: ssm.weight @in_proj_bias : {{.*}}, #ssm.step<permute_rows, {order = #ssm.order<2: 2, 3: 2, 4: 4, 4 x (1: 2, 0: 2)>}>]
// Between the splits there are x, b and c.
// CHECK-NEXT: ssm.weight @conv_weight : {{.*}}, #ssm.step<permute_rows, {order = #ssm.order<1: 2, 2: 2, 0: 8>}>]
// What works on a piece of its own stays as it is.
// CHECK-NEXT: ssm.weight @a : tensor<4x!ssm.fixed<16, 11>> layers 2 = [#ssm.step<load, {name = "a"}>, #ssm.step<quantize>]
// CHECK:      func.func @decode_step(%h: tensor<4x!ssm.fixed<16, 10>>, %conv: tensor<2x12x3x!ssm.fixed<16, 10>> {lmc.state_order = {axis = 1 : i64, order = #ssm.order<1: 2, 2: 2, 0: 8>}}, %ssm: tensor<2x4x2x2x!ssm.bfp<8, 2, 14>>)
// CHECK:      %z, %xbc, %dt_in = ssm.split %zxbcdt order <1: 4, 2: 4, 4 x (1: 2, 0: 2)> :
// CHECK:      %x, %b, %c = ssm.split %xbc_1 order <1: 2, 2: 2, 0: 8> :
// CHECK:      %gated = ssm.mul %y, %z
ssm.weight @in_proj : tensor<24x4x!ssm.wint<4, 4, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "in_proj"}>, #ssm.step<quantize, {clip = "mse"}>]
ssm.weight @in_proj_bias : tensor<24x!ssm.fixed<16, 10>> layers 2 = [#ssm.step<load, {name = "bias"}>, #ssm.step<quantize>]
ssm.weight @conv_weight : tensor<12x4x!ssm.fixed<12, 10>> layers 2 = [#ssm.step<load, {name = "conv"}>, #ssm.step<quantize>]
ssm.weight @a : tensor<4x!ssm.fixed<16, 11>> layers 2 = [#ssm.step<load, {name = "a"}>, #ssm.step<quantize>]
ssm.weight @d : tensor<4x!ssm.fixed<16, 11>> layers 2 = [#ssm.step<load, {name = "d"}>, #ssm.step<quantize>]
ssm.weight @out_proj : tensor<4x8x!ssm.wint<4, 4, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "out_proj"}>, #ssm.step<quantize, {clip = "mse"}>]
func.func @decode_step(%h: tensor<4x!ssm.fixed<16, 10>>, %conv: tensor<2x12x3x!ssm.fixed<16, 10>>, %ssm: tensor<2x4x2x2x!ssm.bfp<8, 2, 14>>)
    -> (tensor<4x!ssm.fixed<16, 10>>, tensor<2x12x3x!ssm.fixed<16, 10>>, tensor<2x4x2x2x!ssm.bfp<8, 2, 14>>) {
  %h_last, %conv_new, %ssm_new = ssm.layers %h, %conv, %ssm count(2) carried(1) {
  ^layer(%h_in: tensor<4x!ssm.fixed<16, 10>>, %conv_state: tensor<12x3x!ssm.fixed<16, 10>>, %ssm_state: tensor<4x2x2x!ssm.bfp<8, 2, 14>>):
    %u = ssm.quantize %h_in rounding("up") : (tensor<4x!ssm.fixed<16, 10>>) -> tensor<4x!ssm.bfp<8, 4, 10>>
    %raw = ssm.linear %u, @in_proj : (tensor<4x!ssm.bfp<8, 4, 10>>) -> tensor<24x!ssm.fixed<16, 10>>
    %zxbcdt = ssm.bias %raw, @in_proj_bias : (tensor<24x!ssm.fixed<16, 10>>) -> tensor<24x!ssm.fixed<16, 10>>
    %z, %xbc, %dt_in = ssm.split %zxbcdt : (tensor<24x!ssm.fixed<16, 10>>) -> (tensor<8x!ssm.fixed<16, 10>>, tensor<12x!ssm.fixed<16, 10>>, tensor<4x!ssm.fixed<16, 10>>)
    %conv_out, %conv_state_new = ssm.causal_conv1d_step %xbc, %conv_state, @conv_weight : (tensor<12x!ssm.fixed<16, 10>>, tensor<12x3x!ssm.fixed<16, 10>>) -> (tensor<12x!ssm.fixed<16, 10>>, tensor<12x3x!ssm.fixed<16, 10>>)
    %xbc_1 = ssm.requantize %conv_out : (tensor<12x!ssm.fixed<16, 10>>) -> tensor<12x!ssm.fixed<12, 8>>
    %x, %b, %c = ssm.split %xbc_1 : (tensor<12x!ssm.fixed<12, 8>>) -> (tensor<8x!ssm.fixed<12, 8>>, tensor<2x!ssm.fixed<12, 8>>, tensor<2x!ssm.fixed<12, 8>>)
    %dt = ssm.requantize %dt_in : (tensor<4x!ssm.fixed<16, 10>>) -> tensor<4x!ssm.fixed<16, 12>>
    %decay = ssm.scale_channels %dt, @a : (tensor<4x!ssm.fixed<16, 12>>) -> tensor<4x!ssm.fixed<16, 15>>
    %y, %ssm_state_new = ssm.selective_state_update %ssm_state, %decay, %dt, %x, %b, %c, @d dtx !ssm.fixed<16, 12> : (tensor<4x2x2x!ssm.bfp<8, 2, 14>>, tensor<4x!ssm.fixed<16, 15>>, tensor<4x!ssm.fixed<16, 12>>, tensor<8x!ssm.fixed<12, 8>>, tensor<2x!ssm.fixed<12, 8>>, tensor<2x!ssm.fixed<12, 8>>) -> (tensor<8x!ssm.fixed<16, 10>>, tensor<4x2x2x!ssm.bfp<8, 2, 14>>)
    %gated = ssm.mul %y, %z : (tensor<8x!ssm.fixed<16, 10>>, tensor<8x!ssm.fixed<16, 10>>) -> tensor<8x!ssm.fixed<16, 10>>
    %gated_q = ssm.quantize %gated rounding("up") : (tensor<8x!ssm.fixed<16, 10>>) -> tensor<8x!ssm.bfp<8, 4, 10>>
    %h_new = ssm.linear %gated_q, @out_proj : (tensor<8x!ssm.bfp<8, 4, 10>>) -> tensor<4x!ssm.fixed<16, 10>>
    ssm.yield %h_new, %conv_state_new, %ssm_state_new : tensor<4x!ssm.fixed<16, 10>>, tensor<12x3x!ssm.fixed<16, 10>>, tensor<4x2x2x!ssm.bfp<8, 2, 14>>
  } : (tensor<4x!ssm.fixed<16, 10>>, tensor<2x12x3x!ssm.fixed<16, 10>>, tensor<2x4x2x2x!ssm.bfp<8, 2, 14>>) -> (tensor<4x!ssm.fixed<16, 10>>, tensor<2x12x3x!ssm.fixed<16, 10>>, tensor<2x4x2x2x!ssm.bfp<8, 2, 14>>)
  func.return %h_last, %conv_new, %ssm_new : tensor<4x!ssm.fixed<16, 10>>, tensor<2x12x3x!ssm.fixed<16, 10>>, tensor<2x4x2x2x!ssm.bfp<8, 2, 14>>
}
