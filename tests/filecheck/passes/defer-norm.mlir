// RUN: lmc opt %s -p 'defer-norm' | filecheck %s

// CHECK-LABEL: func.func @one_group
// CHECK-NEXT: %gate = ssm.silu %z : (tensor<8xf32>) -> tensor<8xf32> loc("model.py":9:0)
// CHECK-NEXT: %gated = ssm.mul %y, %gate
// CHECK-NEXT: %reciprocal = ssm.rms_scale %gated eps(1.000000e-05 : f32) : (tensor<8xf32>) -> tensor<1xf32>
// CHECK-NEXT: %weighted = ssm.scale_channels %gated, @gated_norm
// CHECK-NEXT: %rotated = ssm.rotate %weighted block(8)
// CHECK-NEXT: %o_unscaled = ssm.linear %rotated, @out_proj : (tensor<8xf32>) -> tensor<4xf32> loc("model.py":10:0)
// CHECK-NEXT: %o = ssm.scale %o_unscaled, %reciprocal : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32> loc("model.py":10:0)
// CHECK-NEXT: func.return %o
func.func @one_group(%y: tensor<8xf32>, %z: tensor<8xf32>) -> tensor<4xf32> {
  %g = ssm.gated_norm %y, %z, @gated_norm eps(1.0e-05 : f32) norm_group(8) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32> loc("model.py":9:0)
  %rotated = ssm.rotate %g block(8) : (tensor<8xf32>) -> tensor<8xf32>
  %o = ssm.linear %rotated, @out_proj : (tensor<8xf32>) -> tensor<4xf32> loc("model.py":10:0)
  func.return %o : tensor<4xf32>
}

// Several groups cannot pass a matrix product.
// CHECK-LABEL: func.func @two_groups
// CHECK:      %reciprocal = ssm.rms_scale %gated eps(1.000000e-05 : f32) : (tensor<8xf32>) -> tensor<2xf32>
// CHECK-NEXT: %weighted = ssm.scale_channels %gated, @gated_norm
// CHECK-NEXT: %g = ssm.scale %weighted, %reciprocal : (tensor<8xf32>, tensor<2xf32>) -> tensor<8xf32>
// CHECK-NEXT: %o = ssm.linear %g, @out_proj
func.func @two_groups(%y: tensor<8xf32>, %z: tensor<8xf32>) -> tensor<4xf32> {
  %g = ssm.gated_norm %y, %z, @gated_norm eps(1.0e-05 : f32) norm_group(4) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %o = ssm.linear %g, @out_proj : (tensor<8xf32>) -> tensor<4xf32>
  func.return %o : tensor<4xf32>
}
ssm.weight @gated_norm : tensor<8xf32> = [#ssm.step<load, {name = "gated_norm"}>]
ssm.weight @out_proj : tensor<4x8xf32> = [#ssm.step<load, {name = "out_proj"}>]
