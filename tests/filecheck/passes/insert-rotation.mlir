// RUN: lmc opt %s -p 'insert-rotation' | filecheck %s
// RUN: lmc opt %s -p 'insert-rotation{block=7 seed=5}' | filecheck %s --check-prefix BLOCK
// RUN: lmc opt %s -p 'insert-rotation{online=full}' | filecheck %s --check-prefix FULL
// RUN: lmc opt %s -p 'insert-rotation{online=none}' | filecheck %s --check-prefix OFFLINE

// CHECK:      ssm.weight @embedding : tensor<16x4xf32> = [#ssm.step<load, {name = "embedding"}>, #ssm.step<rotate_columns, {kind = "hadamard", seed = 0 : i64}>]
// CHECK-NEXT: ssm.weight @in_proj : {{.*}}, #ssm.step<rotate_columns, {kind = "hadamard", seed = 0 : i64}>]
// CHECK-NEXT: ssm.weight @out_proj : {{.*}}, #ssm.step<rotate_rows, {kind = "hadamard", seed = 0 : i64}>, #ssm.step<unrotate_blocks, {block = 8 : i64}>]
// CHECK-NEXT: ssm.weight @out_proj_bias : {{.*}}, #ssm.step<rotate_rows, {kind = "hadamard", seed = 0 : i64}>]
// CHECK-NEXT: ssm.weight @lm_head : {{.*}}, #ssm.step<rotate_columns, {kind = "hadamard", seed = 0 : i64}>]
// CHECK:      %rotated = ssm.rotate %x block(8) : (tensor<24xf32>) -> tensor<24xf32> loc("model.py":3:0)
// CHECK-NEXT: ssm.linear %rotated, @out_proj

// BLOCK: ssm.weight @in_proj : {{.*}}, #ssm.step<rotate_columns, {kind = "hadamard", seed = 5 : i64}>]
// BLOCK: ssm.rotate %x block(4)

// FULL: ssm.weight @out_proj : {{.*}}, #ssm.step<unrotate_blocks, {block = 24 : i64}>]
// FULL: %rotated = ssm.rotate %x block(24) : (tensor<24xf32>) -> tensor<24xf32>

// OFFLINE: ssm.weight @out_proj : {{.*}}, #ssm.step<rotate_rows, {kind = "hadamard", seed = 0 : i64}>]
// OFFLINE-NOT: ssm.rotate
ssm.weight @embedding : tensor<16x4xf32> = [#ssm.step<load, {name = "embedding"}>]
ssm.weight @in_proj : tensor<24x4xf32> layers 2 = [#ssm.step<load, {name = "layers.{layer}.in_proj"}>]
ssm.weight @out_proj : tensor<4x24xf32> layers 2 = [#ssm.step<load, {name = "layers.{layer}.out_proj"}>]
ssm.weight @out_proj_bias : tensor<4xf32> layers 2 = [#ssm.step<load, {name = "layers.{layer}.bias"}>]
ssm.weight @lm_head : tensor<16x4xf32> = [#ssm.step<load, {name = "lm_head"}>]
func.func @decode_step(%id: tensor<i32>) -> tensor<16xf32> {
  %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<4xf32>
  %h_last = ssm.layers %embedded count(2) carried(1) {
  ^layer(%h: tensor<4xf32>):
    %u = ssm.rms_norm %h eps(1.0e-05 : f32) : (tensor<4xf32>) -> tensor<4xf32>
    %x = ssm.linear %u, @in_proj : (tensor<4xf32>) -> tensor<24xf32>
    %o_raw = ssm.linear %x, @out_proj : (tensor<24xf32>) -> tensor<4xf32> loc("model.py":3:0)
    %o = ssm.bias %o_raw, @out_proj_bias : (tensor<4xf32>) -> tensor<4xf32>
    %h_new = ssm.add %h, %o : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    ssm.yield %h_new : tensor<4xf32>
  } : (tensor<4xf32>) -> (tensor<4xf32>)
  %last = ssm.rms_norm %h_last eps(1.0e-05 : f32) : (tensor<4xf32>) -> tensor<4xf32>
  %logits = ssm.linear %last, @lm_head : (tensor<4xf32>) -> tensor<16xf32>
  func.return %logits : tensor<16xf32>
}
