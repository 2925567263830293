// RUN: lmc opt %s -p 'quantize{preset=w4a4}' | filecheck %s
// RUN: lmc opt %s -p 'quantize{preset="w4a4-pot"}' | filecheck %s --check-prefix POT
// RUN: lmc opt %s -p 'quantize{preset=lightmamba}' | filecheck %s --check-prefix SHIFTS
// RUN: not lmc opt %s -p 'quantize{preset=w4a9}' 2>&1 | filecheck %s --check-prefix ERROR

// CHECK:      ssm.weight @embedding : tensor<256x192x!ssm.wint<8, 64, 8, 3, {{[0-9]+}}>> = [#ssm.step<load, {name = "backbone.embedding.weight"}>, #ssm.step<quantize, {clip = "mse"}>]
// CHECK-NEXT: ssm.weight @in_proj : tensor<768x192x!ssm.wint<4, 64, 8, 3, {{[0-9]+}}>>
// CHECK-NEXT: ssm.weight @out_proj : tensor<192x384x!ssm.wint<4, 64, 8, 3, {{[0-9]+}}>>
// CHECK-NEXT: ssm.weight @lm_head : tensor<256x192x!ssm.wint<8, 64, 8, 3, {{[0-9]+}}>>
// CHECK-NEXT: ssm.table @rsqrt_u function "rsqrt" {elements = 192 : i64, mantissa_shift = {{[0-9]+}} : i64} : !ssm.fixed<24, [[F:[0-9]+]]> to !ssm.pfloat<16, {{-?[0-9]+}}>
// CHECK-NEXT: ssm.table @reciprocal function "reciprocal" {} : !ssm.fixed<9, 0> to !ssm.fixed<22, 20>
// CHECK-NEXT: ssm.table @silu_gate function "silu" {segments = 1024 : i64, {{.*}}} : !ssm.fixed<16, {{[0-9]+}}> to !ssm.fixed<16, {{[0-9]+}}, {{[0-9]+}}>
// CHECK:      func.func @decode_step(%id: tensor<i32>) -> tensor<256x!ssm.fixed<32, {{[0-9]+}}>> {
// CHECK-NEXT: %h = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<192x!ssm.fixed<24, [[F]]>>
// CHECK-NEXT: %u = ssm.rms_norm %h eps(1.000000e-05 : f32) table @rsqrt_u
// CHECK-NEXT: %u_q = ssm.quantize %u rounding("nearest") table @reciprocal : {{.*}} -> tensor<192x!ssm.bfp<4, 8, {{[0-9]+}}, 8>> loc("model.py":8:0)
// CHECK-NEXT: %xz = ssm.linear %u_q, @in_proj : {{.*}} -> tensor<768x!ssm.fixed<16, {{[0-9]+}}>> loc("model.py":8:0)
// CHECK-NEXT: %x, %z = ssm.split
// CHECK-NEXT: %gate = ssm.silu %z table @silu_gate
// CHECK-NEXT: %g = ssm.mul %x, %gate : {{.*}} -> tensor<384x!ssm.fixed<24, {{[0-9]+}}, {{[0-9]+}}>>
// CHECK-NEXT: %rotated = ssm.rotate %g block(64) : {{.*}} -> tensor<384x!ssm.fixed<30, {{[0-9]+}}, {{[0-9]+}}>>
// CHECK-NEXT: %rotated_q = ssm.quantize %rotated rounding("nearest")
// CHECK-NEXT: %o = ssm.linear %rotated_q, @out_proj : {{.*}} -> tensor<192x!ssm.fixed<32, {{[0-9]+}}>>
// CHECK-NEXT: %h_new = ssm.add %h, %o : {{.*}} -> tensor<192x!ssm.fixed<24, [[F]]>>
// CHECK-NEXT: %last = ssm.rms_norm %h_new eps(1.000000e-05 : f32) table @rsqrt_u
// The LM head and its operand keep 8 bits.
// CHECK-NEXT: %last_q = ssm.quantize %last rounding("up") : {{.*}} -> tensor<192x!ssm.bfp<8, 32, {{[0-9]+}}>>
// CHECK-NEXT: %logits = ssm.linear %last_q, @lm_head

// POT: %u_q = ssm.quantize %u rounding("nearest") : {{.*}} -> tensor<192x!ssm.bfp<4, 8, {{[0-9]+}}>>

// Scales of weights are 2^a + 2^b, those of activations clip nothing.
// SHIFTS: ssm.weight @in_proj : tensor<768x192x!ssm.wint<4, 64, 8, 3, {{[0-9]+}}, 2>> = {{.*}}#ssm.step<quantize, {clip = "none"}>]
// SHIFTS: %u_q = ssm.quantize %u rounding("up") : {{.*}} -> tensor<192x!ssm.bfp<4, 8, {{[0-9]+}}>>

// ERROR: error: there is no preset 'w4a9'; did you mean 'w4a8'? (or name a .toml file)
builtin.module attributes {lmc.weights = "random:bookbyte-mamba1:0", lmc.config = {arch = "mamba1", vocab_size = 256 : i64, padded_vocab_size = 256 : i64, d_model = 192 : i64, n_layers = 8 : i64, d_inner = 384 : i64, d_state = 16 : i64, d_conv = 4 : i64, dt_rank = 12 : i64}} {
  ssm.weight @embedding : tensor<256x192xf32> = [#ssm.step<load, {name = "backbone.embedding.weight"}>]
  ssm.weight @in_proj : tensor<768x192xf32> = [#ssm.step<load, {name = "backbone.layers.0.mixer.in_proj.weight"}>]
  ssm.weight @out_proj : tensor<192x384xf32> = [#ssm.step<load, {name = "backbone.layers.0.mixer.out_proj.weight"}>]
  ssm.weight @lm_head : tensor<256x192xf32> = [#ssm.step<load, {name = "lm_head.weight"}>]
  func.func @decode_step(%id: tensor<i32>) -> tensor<256xf32> {
    %h = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<192xf32>
    %u = ssm.rms_norm %h eps(1.0e-05 : f32) : (tensor<192xf32>) -> tensor<192xf32>
    %xz = ssm.linear %u, @in_proj : (tensor<192xf32>) -> tensor<768xf32> loc("model.py":8:0)
    %x, %z = ssm.split %xz : (tensor<768xf32>) -> (tensor<384xf32>, tensor<384xf32>)
    %gate = ssm.silu %z : (tensor<384xf32>) -> tensor<384xf32>
    %g = ssm.mul %x, %gate : (tensor<384xf32>, tensor<384xf32>) -> tensor<384xf32>
    %rotated = ssm.rotate %g block(64) : (tensor<384xf32>) -> tensor<384xf32>
    %o = ssm.linear %rotated, @out_proj : (tensor<384xf32>) -> tensor<192xf32>
    %h_new = ssm.add %h, %o : (tensor<192xf32>, tensor<192xf32>) -> tensor<192xf32>
    %last = ssm.rms_norm %h_new eps(1.0e-05 : f32) : (tensor<192xf32>) -> tensor<192xf32>
    %logits = ssm.linear %last, @lm_head : (tensor<192xf32>) -> tensor<256xf32>
    func.return %logits : tensor<256xf32>
  }
}
