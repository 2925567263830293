// RUN: not lmc opt --split-input-file %s -p 'roll-layers' 2>&1 | filecheck %s

// CHECK: ssm.silu %p1 (layer.py:5): layer 1 differs from layer 0 here, which has ssm.linear %p0
ssm.weight @proj_0 : tensor<4x4xf32> = [#ssm.step<load, {name = "layers.0.proj"}>]
ssm.weight @embedding : tensor<8x4xf32> = [#ssm.step<load, {name = "embedding"}>]
func.func @different_op(%id: tensor<i32>) -> tensor<4xf32> {
  %h0 = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<4xf32>
  %p0 = ssm.linear %h0, @proj_0 : (tensor<4xf32>) -> tensor<4xf32>
  %h1 = ssm.add %h0, %p0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %p1 = ssm.silu %h1 : (tensor<4xf32>) -> tensor<4xf32> loc("layer.py":5:0)
  %h2 = ssm.add %h1, %p1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  func.return %h2 : tensor<4xf32>
}

// -----

// CHECK: ssm.linear %p1: layer 1 differs from layer 0 here
ssm.weight @proj_0 : tensor<4x4xf32> = [#ssm.step<load, {name = "layers.0.proj"}>]
ssm.weight @proj_1 : tensor<4x4xf32> = [#ssm.step<load, {name = "layers.7.proj"}>]
ssm.weight @embedding : tensor<8x4xf32> = [#ssm.step<load, {name = "embedding"}>]
func.func @different_weight(%id: tensor<i32>) -> tensor<4xf32> {
  %h0 = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<4xf32>
  %p0 = ssm.linear %h0, @proj_0 : (tensor<4xf32>) -> tensor<4xf32>
  %h1 = ssm.add %h0, %p0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %p1 = ssm.linear %h1, @proj_1 : (tensor<4xf32>) -> tensor<4xf32>
  %h2 = ssm.add %h1, %p1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  func.return %h2 : tensor<4xf32>
}

// -----

// CHECK: @proj_0 belongs to a layer and cannot be read outside of it
ssm.weight @proj_0 : tensor<4x4xf32> = [#ssm.step<load, {name = "layers.0.proj"}>]
ssm.weight @embedding : tensor<8x4xf32> = [#ssm.step<load, {name = "embedding"}>]
func.func @read_outside(%id: tensor<i32>) -> tensor<4xf32> {
  %h0 = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<4xf32>
  %p0 = ssm.linear %h0, @proj_0 : (tensor<4xf32>) -> tensor<4xf32>
  %h1 = ssm.add %h0, %p0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %logits = ssm.linear %h1, @proj_0 : (tensor<4xf32>) -> tensor<4xf32>
  func.return %logits : tensor<4xf32>
}

// -----

// CHECK: each state of the function must be read by one layer
ssm.weight @embedding : tensor<8x4xf32> = [#ssm.step<load, {name = "embedding"}>]
func.func @unread_state(%id: tensor<i32>, %s: tensor<4x2xf32>) -> (tensor<4xf32>, tensor<4x2xf32>) {
  %h0 = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<4xf32>
  func.return %h0, %s : tensor<4xf32>, tensor<4x2xf32>
}
