// RUN: not lmc opt %s -p 'insert-rotation' --split-input-file 2>&1 | filecheck %s

// CHECK: insert-rotation-errors.mlir:8:3: ssm.rms_norm %u (model.py:5): a rotation does not commute with the norm's scale @norm; run fold-norm-scales before insert-rotation
ssm.weight @embedding : tensor<16x4xf32> = [#ssm.step<load, {name = "embedding"}>]
ssm.weight @norm : tensor<4xf32> = [#ssm.step<load, {name = "norm"}>]
func.func @decode_step(%id: tensor<i32>) -> tensor<4xf32> {
  %h = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<4xf32>
  %u = ssm.rms_norm %h, @norm eps(1.0e-05 : f32) : (tensor<4xf32>) -> tensor<4xf32> loc("model.py":5:0)
  func.return %u : tensor<4xf32>
}

// -----

// CHECK: error: {{.*}}: ssm.silu %gate: insert-rotation cannot rotate the residual stream for this op
ssm.weight @embedding : tensor<16x4xf32> = [#ssm.step<load, {name = "embedding"}>]
func.func @decode_step(%id: tensor<i32>) -> tensor<4xf32> {
  %h = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<4xf32>
  %gate = ssm.silu %h : (tensor<4xf32>) -> tensor<4xf32>
  func.return %gate : tensor<4xf32>
}

// -----

// CHECK: error: {{.*}}: ssm.add %h_new: insert-rotation needs a linear layer to add to the residual stream
ssm.weight @embedding : tensor<16x4xf32> = [#ssm.step<load, {name = "embedding"}>]
func.func @decode_step(%id: tensor<i32>, %s: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %h = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<4xf32>
  %h_new = ssm.add %h, %s : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  func.return %h_new, %s : tensor<4xf32>, tensor<4xf32>
}

// -----

// CHECK: error: {{.*}}: ssm.linear %logits: @embedding cannot be rotated, because this op reads it as well
ssm.weight @embedding : tensor<16x4xf32> = [#ssm.step<load, {name = "embedding"}>]
func.func @decode_step(%id: tensor<i32>, %other: tensor<4xf32>) -> (tensor<16xf32>, tensor<4xf32>) {
  %h = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<4xf32>
  %logits = ssm.linear %other, @embedding : (tensor<4xf32>) -> tensor<16xf32>
  func.return %logits, %other : tensor<16xf32>, tensor<4xf32>
}
