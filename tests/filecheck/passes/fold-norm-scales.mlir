// RUN: lmc opt %s -p 'fold-norm-scales' | filecheck %s

// CHECK:      ssm.weight @in_proj : tensor<8x4xf32> layers 2 = [#ssm.step<load, {name = "layers.{layer}.in_proj"}>, #ssm.step<scale_columns, {name = "layers.{layer}.norm"}>]
// CHECK-NEXT: ssm.weight @gated_norm
// CHECK-NEXT: ssm.weight @out_proj : tensor<4x8xf32> layers 2 = [#ssm.step<load, {name = "layers.{layer}.out_proj"}>]
// CHECK:      %u = ssm.rms_norm %h eps(1.000000e-05 : f32) : (tensor<4xf32>) -> tensor<4xf32>
// CHECK-NEXT: %x = ssm.linear %u, @in_proj
// CHECK-NEXT: %g = ssm.scale_channels %x, @gated_norm
// CHECK-NEXT: %o = ssm.linear %g, @out_proj
// A value that is no linear layer's alone keeps its norm's weight.
// CHECK:      %last = ssm.rms_norm %h_last, @norm_f eps
ssm.weight @norm : tensor<4xf32> layers 2 = [#ssm.step<load, {name = "layers.{layer}.norm"}>]
ssm.weight @in_proj : tensor<8x4xf32> layers 2 = [#ssm.step<load, {name = "layers.{layer}.in_proj"}>]
ssm.weight @gated_norm : tensor<8xf32> layers 2 = [#ssm.step<load, {name = "layers.{layer}.gated_norm"}>]
ssm.weight @out_proj : tensor<4x8xf32> layers 2 = [#ssm.step<load, {name = "layers.{layer}.out_proj"}>]
ssm.weight @norm_f : tensor<4xf32> = [#ssm.step<load, {name = "norm_f"}>]
func.func @decode_step(%start: tensor<4xf32>) -> tensor<4xf32> {
  %h_last = ssm.layers %start count(2) carried(1) {
  ^layer(%h: tensor<4xf32>):
    %u = ssm.rms_norm %h, @norm eps(1.0e-05 : f32) : (tensor<4xf32>) -> tensor<4xf32>
    %x = ssm.linear %u, @in_proj : (tensor<4xf32>) -> tensor<8xf32>
    %g = ssm.scale_channels %x, @gated_norm : (tensor<8xf32>) -> tensor<8xf32>
    %o = ssm.linear %g, @out_proj : (tensor<8xf32>) -> tensor<4xf32>
    %h_new = ssm.add %h, %o : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    ssm.yield %h_new : tensor<4xf32>
  } : (tensor<4xf32>) -> (tensor<4xf32>)
  %last = ssm.rms_norm %h_last, @norm_f eps(1.0e-05 : f32) : (tensor<4xf32>) -> tensor<4xf32>
  func.return %last : tensor<4xf32>
}
