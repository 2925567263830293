// RUN: lmc opt %s -p 'fold-norm-scales,defer-norm' --print-ir-before defer-norm --print-ir-after defer-norm -o %t 2>&1 | filecheck %s
// RUN: lmc opt %s -p 'fold-norm-scales,defer-norm' --print-ir-before-all -o %t 2>&1 | filecheck %s --check-prefix ALL
// RUN: lmc opt %s -p 'fold-norm-scales,defer-norm' --statistics --timing -o %t 2>&1 | filecheck %s --check-prefix COUNT
// RUN: not lmc opt %s -p defer-norm --print-ir-after defer-norms 2>&1 | filecheck %s --check-prefix NAME

// CHECK-NOT: IR {{before|after}} fold-norm-scales
// CHECK: IR before defer-norm
// CHECK: ssm.gated_norm
// CHECK: IR after defer-norm
// CHECK: ssm.rms_scale

// ALL: IR before fold-norm-scales
// ALL: IR before defer-norm
// ALL-NOT: IR after

// COUNT: fold-norm-scales: 7 to 7 ops; the same ops
// COUNT: defer-norm: 7 to 11 ops; -1 ssm.gated_norm, +1 ssm.mul, +1 ssm.rms_scale, +1 ssm.scale, +1 ssm.scale_channels, +1 ssm.silu
// COUNT: fold-norm-scales {{.*}} s
// COUNT: defer-norm {{.*}} s
// COUNT: all passes {{.*}} s 100.0%

// NAME: error: --print-ir-after: there is no pass 'defer-norms' in the pipeline; did you mean 'defer-norm'?
func.func @one_group(%y: tensor<8xf32>, %z: tensor<8xf32>) -> tensor<4xf32> {
  %g = ssm.gated_norm %y, %z, @gated_norm eps(1.0e-05 : f32) norm_group(8) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %o = ssm.linear %g, @out_proj : (tensor<8xf32>) -> tensor<4xf32>
  func.return %o : tensor<4xf32>
}
ssm.weight @gated_norm : tensor<8xf32> = [#ssm.step<load, {name = "gated_norm"}>]
ssm.weight @out_proj : tensor<4x8xf32> = [#ssm.step<load, {name = "out_proj"}>]
