// RUN: lmc opt %s -p 'rewrite-power-of-two' | filecheck %s

// Before and after, for each value that is multiplied by a scale; a norm's reciprocal remains.
// CHECK:      builtin.module attributes {lmc.power_of_two = {multiplications_before = 24 : i64, multiplications_after = 8 : i64, values = {dt_biased = array<i64: 4, 0>, s = array<i64: 8, 4>, m = array<i64: 4, 0>, q = array<i64: 4, 0>, s_1 = array<i64: 4, 4>}, remaining = {norm_reciprocal = 8 : i64}}}
// The bias follows the scale of what it is added to.
// CHECK-NEXT: ssm.weight @dt_bias : tensor<4x!ssm.fixed<20, 12>>
// CHECK-NEXT: ssm.table @softplus function "softplus" {segments = 1024 : i64, shift = {{[0-9]+}} : i64, low = {{-[0-9]+}} : i64, slope_frac = {{[0-9]+}} : i64} : !ssm.fixed<16, 11> to !ssm.fixed<24, 18>
// CHECK-NEXT: ssm.table @rsqrt function "rsqrt" {elements = 4 : i64, mantissa_shift = 20 : i64} : !ssm.fixed<24, 10> to !ssm.pfloat<16, 10>
// CHECK:      func.func @decode_step(%x: tensor<4x!ssm.fixed<16, 12>>, %y: tensor<4x!ssm.fixed<24, 10>>)
// CHECK-NEXT: %dt_biased = ssm.bias %x, @dt_bias : (tensor<4x!ssm.fixed<16, 12>>) -> tensor<4x!ssm.fixed<16, 11>>
// CHECK-NEXT: %dt = ssm.softplus %dt_biased table @softplus
// CHECK-NEXT: %r = ssm.rms_scale %y eps(1.000000e-05 : f32) table @rsqrt : (tensor<4x!ssm.fixed<24, 10>>) -> tensor<1x!ssm.pfloat<16, 10>>
// CHECK-NEXT: %s = ssm.scale %y, %r : {{.*}} -> tensor<4x!ssm.fixed<24, 12>>
// A mantissa of 128 is a power of two and counts as no multiplication; block floating point stays.
// CHECK-NEXT: %m = ssm.mul %s, %s : {{.*}} -> tensor<4x!ssm.fixed<24, 13>>
// CHECK-NEXT: %q = ssm.quantize %s rounding("up") : (tensor<4x!ssm.fixed<24, 12>>) -> tensor<4x!ssm.bfp<8, 4, 12>>
// CHECK-NEXT: %s_1 = ssm.scale %s, %r : {{.*}} -> tensor<4x!ssm.fixed<24, 12>>
ssm.weight @dt_bias : tensor<4x!ssm.fixed<20, 20, 200>> = [#ssm.step<load, {name = "dt_bias"}>, #ssm.step<quantize, {clip = "none"}>]
ssm.table @softplus function "softplus" {segments = 1024 : i64, shift = 5 : i64, low = -16384 : i64, slope_frac = 17 : i64} : !ssm.fixed<16, 19, 150> to !ssm.fixed<24, 18>
ssm.table @rsqrt function "rsqrt" {elements = 4 : i64, mantissa_shift = 28 : i64} : !ssm.fixed<24, 18, 180> to !ssm.pfloat<16, 10>
func.func @decode_step(%x: tensor<4x!ssm.fixed<16, 20, 200>>, %y: tensor<4x!ssm.fixed<24, 18, 180>>) {
  %dt_biased = ssm.bias %x, @dt_bias : (tensor<4x!ssm.fixed<16, 20, 200>>) -> tensor<4x!ssm.fixed<16, 19, 150>>
  %dt = ssm.softplus %dt_biased table @softplus : (tensor<4x!ssm.fixed<16, 19, 150>>) -> tensor<4x!ssm.fixed<24, 18>>
  %r = ssm.rms_scale %y eps(1.0e-05 : f32) table @rsqrt : (tensor<4x!ssm.fixed<24, 18, 180>>) -> tensor<1x!ssm.pfloat<16, 10>>
  %s = ssm.scale %y, %r : (tensor<4x!ssm.fixed<24, 18, 180>>, tensor<1x!ssm.pfloat<16, 10>>) -> tensor<4x!ssm.fixed<24, 20, 130>>
  %m = ssm.mul %s, %s : (tensor<4x!ssm.fixed<24, 20, 130>>, tensor<4x!ssm.fixed<24, 20, 130>>) -> tensor<4x!ssm.fixed<24, 20, 128>>
  %q = ssm.quantize %s rounding("up") : (tensor<4x!ssm.fixed<24, 20, 130>>) -> tensor<4x!ssm.bfp<8, 4, 12>>
  // A second value of one name.
  %s_1 = ssm.scale %s, %r : (tensor<4x!ssm.fixed<24, 20, 130>>, tensor<1x!ssm.pfloat<16, 10>>) -> tensor<4x!ssm.fixed<24, 20, 130>>
  func.return
}
