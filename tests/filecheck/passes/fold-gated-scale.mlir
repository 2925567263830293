// RUN: lmc opt %s -p 'fold-gated-scale{layers=all}' | filecheck %s
// RUN: lmc opt %s -p 'fold-gated-scale{layers=2,0}' | filecheck %s --check-prefix SOME
// RUN: lmc opt %s -p 'fold-gated-scale{layers=1}' | filecheck %s --check-prefix ONE
// RUN: lmc opt %s -p 'fold-gated-scale' | filecheck %s --check-prefix RANDOM
// RUN: not lmc opt %s -p 'fold-gated-scale{layers=0,3}' 2>&1 | filecheck %s --check-prefix ERROR
// RUN: not lmc opt %s -p 'fold-gated-scale{layers=some}' 2>&1 | filecheck %s --check-prefix ERROR
// RUN: not lmc opt %s -p 'fold-gated-scale{preset=w4a9}' 2>&1 | filecheck %s --check-prefix PRESET

// The scale comes before the rotation of columns, and the op goes.
// CHECK-NOT:  @gated_norm
// CHECK:      ssm.weight @out_proj : tensor<4x8xf32> layers 3 = [#ssm.step<load, {name = "layers.{layer}.out_proj"}>, #ssm.step<scale_columns, {name = "layers.{layer}.gated_norm"}>, #ssm.step<unrotate_blocks, {block = 8 : i64}>]
// CHECK:      %gated = ssm.mul %x, %x
// CHECK-NEXT: %reciprocal = ssm.rms_scale %gated
// CHECK-NEXT: %rotated = ssm.rotate %gated block(8)
// CHECK-NEXT: %o_unscaled = ssm.linear %rotated, @out_proj

// One engine for all layers: the op stays, and multiplies by ones where the scale has moved.
// SOME:       ssm.weight @gated_norm : tensor<8xf32> layers 3 = [#ssm.step<load, {name = "layers.{layer}.gated_norm"}>, #ssm.step<ones, {layers = array<i64: 0, 2>}>]
// SOME-NEXT:  ssm.weight @out_proj : tensor<4x8xf32> layers 3 = [#ssm.step<load, {name = "layers.{layer}.out_proj"}>, #ssm.step<scale_columns, {name = "layers.{layer}.gated_norm", layers = array<i64: 0, 2>}>, #ssm.step<unrotate_blocks, {block = 8 : i64}>]
// SOME:       %weighted = ssm.scale_channels %gated, @gated_norm

// ONE:        #ssm.step<ones, {layers = array<i64: 1>}>

// Nothing is learned from what random weights make of a text.
// RANDOM:      ssm.weight @gated_norm : tensor<8xf32> layers 3 = [#ssm.step<load, {name = "layers.{layer}.gated_norm"}>]
// RANDOM-NEXT: ssm.weight @out_proj : tensor<4x8xf32> layers 3 = [#ssm.step<load, {name = "layers.{layer}.out_proj"}>, #ssm.step<unrotate_blocks, {block = 8 : i64}>]
// RANDOM:      ssm.scale_channels %gated, @gated_norm

// ERROR: error: fold-gated-scale: layers is measured, all, or indices from 0 to 2
// PRESET: error: there is no preset 'w4a9'
builtin.module attributes {lmc.weights = "random:bookbyte-mamba2:0"} {
ssm.weight @gated_norm : tensor<8xf32> layers 3 = [#ssm.step<load, {name = "layers.{layer}.gated_norm"}>]
ssm.weight @out_proj : tensor<4x8xf32> layers 3 = [#ssm.step<load, {name = "layers.{layer}.out_proj"}>, #ssm.step<unrotate_blocks, {block = 8 : i64}>]
ssm.weight @in_proj : tensor<8x4xf32> layers 3 = [#ssm.step<load, {name = "layers.{layer}.in_proj"}>]
func.func @decode_step(%start: tensor<4xf32>) -> tensor<4xf32> {
  %h_last = ssm.layers %start count(3) carried(1) {
  ^layer(%h: tensor<4xf32>):
    %x = ssm.linear %h, @in_proj : (tensor<4xf32>) -> tensor<8xf32>
    %gated = ssm.mul %x, %x : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    %reciprocal = ssm.rms_scale %gated eps(1.0e-05 : f32) : (tensor<8xf32>) -> tensor<1xf32>
    %weighted = ssm.scale_channels %gated, @gated_norm : (tensor<8xf32>) -> tensor<8xf32>
    %rotated = ssm.rotate %weighted block(8) : (tensor<8xf32>) -> tensor<8xf32>
    %o_unscaled = ssm.linear %rotated, @out_proj : (tensor<8xf32>) -> tensor<4xf32>
    %o = ssm.scale %o_unscaled, %reciprocal : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32>
    %h_new = ssm.add %h, %o : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    ssm.yield %h_new : tensor<4xf32>
  } : (tensor<4xf32>) -> (tensor<4xf32>)
  func.return %h_last : tensor<4xf32>
}
}
