// RUN: lmc opt %s | filecheck %s
// RUN: lmc opt %s | lmc opt | filecheck %s

// Every op and type prints as it parses.

// CHECK: ssm.weight @embedding : tensor<16x8xf32> = [#ssm.step<load, {name = "backbone.embedding.weight"}>]
ssm.weight @embedding : tensor<16x8xf32> = [#ssm.step<load, {name = "backbone.embedding.weight"}>]
// CHECK-NEXT: ssm.weight @in_proj : tensor<12x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "in_proj.{layer}"}>, #ssm.step<scale_columns, {name = "norm.{layer}"}>, #ssm.step<neg_exp>, #ssm.step<quantize, {clip = "mse"}>]
ssm.weight @in_proj : tensor<12x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [
  #ssm.step<load, {name = "in_proj.{layer}"}>, #ssm.step<scale_columns, {name = "norm.{layer}"}>,
  #ssm.step<neg_exp>, #ssm.step<quantize, {clip = "mse"}>]
// CHECK-NEXT: ssm.weight @norm : tensor<8xf32> = [#ssm.step<load, {name = "norm"}>]
ssm.weight @norm : tensor<8xf32> = [#ssm.step<load, {name = "norm"}>]
// CHECK-NEXT: ssm.weight @in_proj_float : tensor<12x8xf32> = [#ssm.step<load, {name = "in_proj_float"}>]
ssm.weight @in_proj_float : tensor<12x8xf32> = [#ssm.step<load, {name = "in_proj_float"}>]
// CHECK-NEXT: ssm.weight @conv_weight : tensor<8x4xf32> = [#ssm.step<load, {name = "conv_weight"}>]
ssm.weight @conv_weight : tensor<8x4xf32> = [#ssm.step<load, {name = "conv_weight"}>]
// CHECK-NEXT: ssm.weight @conv_bias : tensor<8xf32> = [#ssm.step<load, {name = "conv_bias"}>]
ssm.weight @conv_bias : tensor<8xf32> = [#ssm.step<load, {name = "conv_bias"}>]
// CHECK-NEXT: ssm.weight @dt_bias : tensor<2xf32> = [#ssm.step<load, {name = "dt_bias"}>]
ssm.weight @dt_bias : tensor<2xf32> = [#ssm.step<load, {name = "dt_bias"}>]
// CHECK-NEXT: ssm.weight @a : tensor<2xf32> = [#ssm.step<load, {name = "a"}>]
ssm.weight @a : tensor<2xf32> = [#ssm.step<load, {name = "a"}>]
// CHECK-NEXT: ssm.weight @d : tensor<2xf32> = [#ssm.step<load, {name = "d"}>]
ssm.weight @d : tensor<2xf32> = [#ssm.step<load, {name = "d"}>]
// CHECK-NEXT: ssm.weight @in_proj_0 : tensor<12x8x!ssm.wint<4, 8, 8, 3, 14>> = [#ssm.step<load, {name = "in_proj_0"}>, #ssm.step<quantize>]
ssm.weight @in_proj_0 : tensor<12x8x!ssm.wint<4, 8, 8, 3, 14>> = [#ssm.step<load, {name = "in_proj_0"}>, #ssm.step<quantize>]
// CHECK-NEXT: ssm.weight @a_0 : tensor<8x4x!ssm.fixed<12, 8>> = [#ssm.step<load, {name = "a_0"}>, #ssm.step<quantize>]
ssm.weight @a_0 : tensor<8x4x!ssm.fixed<12, 8>> = [#ssm.step<load, {name = "a_0"}>, #ssm.step<quantize>]
// CHECK-NEXT: ssm.weight @d_0 : tensor<8x!ssm.fixed<10, 7>> = [#ssm.step<load, {name = "d_0"}>, #ssm.step<quantize>]
ssm.weight @d_0 : tensor<8x!ssm.fixed<10, 7>> = [#ssm.step<load, {name = "d_0"}>, #ssm.step<quantize>]
// CHECK-NEXT: ssm.table @silu function "silu" {segments = 1024 : i64, shift = 5 : i64, low = -16384 : i64, slope_frac = 7 : i64} : !ssm.fixed<16, 10> to !ssm.fixed<16, 11, 130>
ssm.table @silu function "silu" {segments = 1024 : i64, shift = 5 : i64, low = -16384 : i64, slope_frac = 7 : i64}
  : !ssm.fixed<16, 10> to !ssm.fixed<16, 11, 130>
// CHECK-NEXT: ssm.table @softplus function "softplus" {segments = 64 : i64, shift = 9 : i64, low = -16384 : i64, slope_frac = 10 : i64} : !ssm.fixed<16, 10> to !ssm.fixed<16, 12>
ssm.table @softplus function "softplus" {segments = 64 : i64, shift = 9 : i64, low = -16384 : i64, slope_frac = 10 : i64} : !ssm.fixed<16, 10> to !ssm.fixed<16, 12>
// CHECK-NEXT: ssm.table @exp function "exp" {segments = 64 : i64, shift = 9 : i64, low = -32768 : i64, slope_frac = 10 : i64} : !ssm.fixed<18, 12> to !ssm.fixed<16, 15>
ssm.table @exp function "exp" {segments = 64 : i64, shift = 9 : i64, low = -32768 : i64, slope_frac = 10 : i64} : !ssm.fixed<18, 12> to !ssm.fixed<16, 15>
// CHECK-NEXT: ssm.table @reciprocal function "reciprocal" {} : !ssm.fixed<9, 0> to !ssm.fixed<22, 20>
ssm.table @reciprocal function "reciprocal" {} : !ssm.fixed<9, 0> to !ssm.fixed<22, 20>
// CHECK-NEXT: ssm.table @rsqrt function "rsqrt" {elements = 8 : i64, mantissa_shift = 18 : i64} : !ssm.fixed<16, 10> to !ssm.pfloat<16, 8>
ssm.table @rsqrt function "rsqrt" {elements = 8 : i64, mantissa_shift = 18 : i64} : !ssm.fixed<16, 10> to !ssm.pfloat<16, 8>

// CHECK-LABEL: func.func @float
func.func @float(%id: tensor<i32>, %conv: tensor<2x8x3xf32>, %ssm: tensor<2x2x4x4xf32>)
    -> (tensor<8xf32>, tensor<2x8x3xf32>, tensor<2x2x4x4xf32>) {
  // CHECK-NEXT: %h0 = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<8xf32>
  %h0 = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<8xf32>
  // CHECK-NEXT: %h1, %conv_new, %ssm_new = ssm.layers %h0, %conv, %ssm count(2) carried(1) {
  %h1, %conv_new, %ssm_new = ssm.layers %h0, %conv, %ssm count(2) carried(1) {
  // CHECK-NEXT: ^{{.*}}(%h: tensor<8xf32>, %cs: tensor<8x3xf32>, %ss: tensor<2x4x4xf32>):
  ^layer(%h: tensor<8xf32>, %cs: tensor<8x3xf32>, %ss: tensor<2x4x4xf32>):
    // CHECK-NEXT: %u = ssm.rms_norm %h, @norm eps(1.000000e-05 : f32) : (tensor<8xf32>) -> tensor<8xf32>
    %u = ssm.rms_norm %h, @norm eps(1.0e-05 : f32) : (tensor<8xf32>) -> tensor<8xf32>
    // CHECK-NEXT: %l = ssm.linear %u, @in_proj_float : (tensor<8xf32>) -> tensor<12xf32>
    %l = ssm.linear %u, @in_proj_float : (tensor<8xf32>) -> tensor<12xf32>
    // CHECK-NEXT: %a, %dt_in, %dt_low = ssm.split %l : (tensor<12xf32>) -> (tensor<8xf32>, tensor<2xf32>, tensor<2xf32>)
    %a, %dt_in, %dt_low = ssm.split %l : (tensor<12xf32>) -> (tensor<8xf32>, tensor<2xf32>, tensor<2xf32>)
    // CHECK-NEXT: %conv_out, %cs_new = ssm.causal_conv1d_step %a, %cs, @conv_weight bias @conv_bias : (tensor<8xf32>, tensor<8x3xf32>) -> (tensor<8xf32>, tensor<8x3xf32>)
    %conv_out, %cs_new = ssm.causal_conv1d_step %a, %cs, @conv_weight bias @conv_bias
      : (tensor<8xf32>, tensor<8x3xf32>) -> (tensor<8xf32>, tensor<8x3xf32>)
    // CHECK-NEXT: %conv_bare, %cs_bare = ssm.causal_conv1d_step %a, %cs, @conv_weight : (tensor<8xf32>, tensor<8x3xf32>) -> (tensor<8xf32>, tensor<8x3xf32>)
    %conv_bare, %cs_bare = ssm.causal_conv1d_step %a, %cs, @conv_weight
      : (tensor<8xf32>, tensor<8x3xf32>) -> (tensor<8xf32>, tensor<8x3xf32>)
    // CHECK-NEXT: %x = ssm.silu %conv_out : (tensor<8xf32>) -> tensor<8xf32>
    %x = ssm.silu %conv_out : (tensor<8xf32>) -> tensor<8xf32>
    // CHECK-NEXT: %first, %second = ssm.split %x order <1: 2, 2 x (0: 2, 1: 1)> : (tensor<8xf32>) -> (tensor<4xf32>, tensor<4xf32>)
    %first, %second = ssm.split %x order <1: 2, 2 x (0: 2, 1: 1)> : (tensor<8xf32>) -> (tensor<4xf32>, tensor<4xf32>)
    // CHECK-NEXT: %b, %c = ssm.split %x : (tensor<8xf32>) -> (tensor<4xf32>, tensor<4xf32>)
    %b, %c = ssm.split %x : (tensor<8xf32>) -> (tensor<4xf32>, tensor<4xf32>)
    // CHECK-NEXT: %dt_biased = ssm.bias %dt_in, @dt_bias : (tensor<2xf32>) -> tensor<2xf32>
    %dt_biased = ssm.bias %dt_in, @dt_bias : (tensor<2xf32>) -> tensor<2xf32>
    // CHECK-NEXT: %dt = ssm.softplus %dt_biased low(1.000000e-02 : f32) high(5.000000e-01 : f32) : (tensor<2xf32>) -> tensor<2xf32>
    %dt = ssm.softplus %dt_biased low(1.0e-02 : f32) high(0.5 : f32) : (tensor<2xf32>) -> tensor<2xf32>
    // CHECK-NEXT: %dt_free = ssm.softplus %dt_low : (tensor<2xf32>) -> tensor<2xf32>
    %dt_free = ssm.softplus %dt_low : (tensor<2xf32>) -> tensor<2xf32>
    // CHECK-NEXT: %decay = ssm.decay %dt, @a : (tensor<2xf32>) -> tensor<2xf32>
    %decay = ssm.decay %dt, @a : (tensor<2xf32>) -> tensor<2xf32>
    // CHECK-NEXT: %y, %ss_new = ssm.selective_state_update %ss, %decay, %dt, %x, %b, %c, @d : (tensor<2x4x4xf32>, tensor<2xf32>, tensor<2xf32>, tensor<8xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<8xf32>, tensor<2x4x4xf32>)
    %y, %ss_new = ssm.selective_state_update %ss, %decay, %dt, %x, %b, %c, @d
      : (tensor<2x4x4xf32>, tensor<2xf32>, tensor<2xf32>, tensor<8xf32>, tensor<4xf32>, tensor<4xf32>)
      -> (tensor<8xf32>, tensor<2x4x4xf32>)
    // CHECK-NEXT: %g = ssm.gated_norm %y, %x, @norm eps(1.000000e-05 : f32) norm_group(4) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    %g = ssm.gated_norm %y, %x, @norm eps(1.0e-05 : f32) norm_group(4) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    // CHECK-NEXT: %m = ssm.mul %g, %x : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    %m = ssm.mul %g, %x : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    // CHECK-NEXT: %s = ssm.rms_scale %m eps(1.000000e-05 : f32) : (tensor<8xf32>) -> tensor<2xf32>
    %s = ssm.rms_scale %m eps(1.0e-05 : f32) : (tensor<8xf32>) -> tensor<2xf32>
    // CHECK-NEXT: %w = ssm.scale_channels %m, @norm : (tensor<8xf32>) -> tensor<8xf32>
    %w = ssm.scale_channels %m, @norm : (tensor<8xf32>) -> tensor<8xf32>
    // CHECK-NEXT: %r = ssm.rotate %w block(4) : (tensor<8xf32>) -> tensor<8xf32>
    %r = ssm.rotate %w block(4) : (tensor<8xf32>) -> tensor<8xf32>
    // CHECK-NEXT: %o = ssm.scale %r, %s : (tensor<8xf32>, tensor<2xf32>) -> tensor<8xf32>
    %o = ssm.scale %r, %s : (tensor<8xf32>, tensor<2xf32>) -> tensor<8xf32>
    // CHECK-NEXT: %h_new = ssm.add %h, %o : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    %h_new = ssm.add %h, %o : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    // CHECK-NEXT: ssm.yield %h_new, %cs_new, %ss_new : tensor<8xf32>, tensor<8x3xf32>, tensor<2x4x4xf32>
    ssm.yield %h_new, %cs_new, %ss_new : tensor<8xf32>, tensor<8x3xf32>, tensor<2x4x4xf32>
  // CHECK-NEXT: } : (tensor<8xf32>, tensor<2x8x3xf32>, tensor<2x2x4x4xf32>) -> (tensor<8xf32>, tensor<2x8x3xf32>, tensor<2x2x4x4xf32>)
  } : (tensor<8xf32>, tensor<2x8x3xf32>, tensor<2x2x4x4xf32>) -> (tensor<8xf32>, tensor<2x8x3xf32>, tensor<2x2x4x4xf32>)
  func.return %h1, %conv_new, %ssm_new : tensor<8xf32>, tensor<2x8x3xf32>, tensor<2x2x4x4xf32>
}

// CHECK-LABEL: func.func @integer
func.func @integer(%h: tensor<8x!ssm.fixed<16, 10>>, %state: tensor<8x4x!ssm.bfp<8, 4, 14>>,
    %decay_in: tensor<8x4x!ssm.fixed<16, 15>>, %b: tensor<4x!ssm.fixed<16, 10>>) {
  // CHECK-NEXT: %u = ssm.rms_norm %h eps(1.000000e-05 : f32) table @rsqrt : (tensor<8x!ssm.fixed<16, 10>>) -> tensor<8x!ssm.fixed<16, 14, 200>>
  %u = ssm.rms_norm %h eps(1.0e-05 : f32) table @rsqrt : (tensor<8x!ssm.fixed<16, 10>>) -> tensor<8x!ssm.fixed<16, 14, 200>>
  // CHECK-NEXT: %q = ssm.quantize %u rounding("nearest") : (tensor<8x!ssm.fixed<16, 14, 200>>) -> tensor<8x!ssm.bfp<4, 8, 12>>
  %q = ssm.quantize %u rounding("nearest") : (tensor<8x!ssm.fixed<16, 14, 200>>) -> tensor<8x!ssm.bfp<4, 8, 12>>
  // CHECK-NEXT: %m = ssm.quantize %u rounding("nearest") table @reciprocal : (tensor<8x!ssm.fixed<16, 14, 200>>) -> tensor<8x!ssm.bfp<4, 8, 12, 8>>
  %m = ssm.quantize %u rounding("nearest") table @reciprocal : (tensor<8x!ssm.fixed<16, 14, 200>>) -> tensor<8x!ssm.bfp<4, 8, 12, 8>>
  // CHECK-NEXT: %l = ssm.linear %q, @in_proj_0 : (tensor<8x!ssm.bfp<4, 8, 12>>) -> tensor<12x!ssm.fixed<16, 10>>
  %l = ssm.linear %q, @in_proj_0 : (tensor<8x!ssm.bfp<4, 8, 12>>) -> tensor<12x!ssm.fixed<16, 10>>
  // CHECK-NEXT: %r = ssm.requantize %h : (tensor<8x!ssm.fixed<16, 10>>) -> tensor<8x!ssm.fixed<12, 8>>
  %r = ssm.requantize %h : (tensor<8x!ssm.fixed<16, 10>>) -> tensor<8x!ssm.fixed<12, 8>>
  // CHECK-NEXT: %x = ssm.silu %h table @silu : (tensor<8x!ssm.fixed<16, 10>>) -> tensor<8x!ssm.fixed<16, 11, 130>>
  %x = ssm.silu %h table @silu : (tensor<8x!ssm.fixed<16, 10>>) -> tensor<8x!ssm.fixed<16, 11, 130>>
  // CHECK-NEXT: %dt = ssm.softplus %h low(1.000000e-02 : f32) table @softplus : (tensor<8x!ssm.fixed<16, 10>>) -> tensor<8x!ssm.fixed<16, 12>>
  %dt = ssm.softplus %h low(1.0e-02 : f32) table @softplus : (tensor<8x!ssm.fixed<16, 10>>) -> tensor<8x!ssm.fixed<16, 12>>
  // CHECK-NEXT: %decay = ssm.decay %dt, @a_0 argument !ssm.fixed<18, 12> table @exp : (tensor<8x!ssm.fixed<16, 12>>) -> tensor<8x4x!ssm.fixed<16, 15>>
  %decay = ssm.decay %dt, @a_0 argument !ssm.fixed<18, 12> table @exp : (tensor<8x!ssm.fixed<16, 12>>) -> tensor<8x4x!ssm.fixed<16, 15>>
  // CHECK-NEXT: %y, %state_new = ssm.selective_state_update %state, %decay, %dt, %h, %b, %b, @d_0 dtx !ssm.fixed<16, 12> : (tensor<8x4x!ssm.bfp<8, 4, 14>>, tensor<8x4x!ssm.fixed<16, 15>>, tensor<8x!ssm.fixed<16, 12>>, tensor<8x!ssm.fixed<16, 10>>, tensor<4x!ssm.fixed<16, 10>>, tensor<4x!ssm.fixed<16, 10>>) -> (tensor<8x!ssm.fixed<16, 10>>, tensor<8x4x!ssm.bfp<8, 4, 14>>)
  %y, %state_new = ssm.selective_state_update %state, %decay, %dt, %h, %b, %b, @d_0 dtx !ssm.fixed<16, 12>
    : (tensor<8x4x!ssm.bfp<8, 4, 14>>, tensor<8x4x!ssm.fixed<16, 15>>, tensor<8x!ssm.fixed<16, 12>>,
       tensor<8x!ssm.fixed<16, 10>>, tensor<4x!ssm.fixed<16, 10>>, tensor<4x!ssm.fixed<16, 10>>)
    -> (tensor<8x!ssm.fixed<16, 10>>, tensor<8x4x!ssm.bfp<8, 4, 14>>)
  // CHECK-NEXT: %p = ssm.rms_scale %h eps(1.000000e-05 : f32) table @rsqrt : (tensor<8x!ssm.fixed<16, 10>>) -> tensor<1x!ssm.pfloat<16, 8>>
  %p = ssm.rms_scale %h eps(1.0e-05 : f32) table @rsqrt : (tensor<8x!ssm.fixed<16, 10>>) -> tensor<1x!ssm.pfloat<16, 8>>
  // CHECK-NEXT: %z = ssm.scale %y, %p : (tensor<8x!ssm.fixed<16, 10>>, tensor<1x!ssm.pfloat<16, 8>>) -> tensor<8x!ssm.fixed<16, 10>>
  %z = ssm.scale %y, %p : (tensor<8x!ssm.fixed<16, 10>>, tensor<1x!ssm.pfloat<16, 8>>) -> tensor<8x!ssm.fixed<16, 10>>
  func.return
}
