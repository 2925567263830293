// RUN: not lmc opt --split-input-file %s 2>&1 | filecheck %s

// CHECK: opt-errors.mlir:5:3: needs equal shapes: tensor<3xf32> has elements = 3, not 4 (in `%c = ssm.mul %a, %b`)
func.func @f(%a: tensor<4xf32>, %b: tensor<3xf32>) -> tensor<4xf32> {
  %c = ssm.mul %a, %b : (tensor<4xf32>, tensor<3xf32>) -> tensor<4xf32>
  func.return %c : tensor<4xf32>
}

// -----

// CHECK: opt-errors.mlir:{{14|13}}:
func.func @f(%a: tensor<4xf32>) -> tensor<4xf32> {
  %c = ssm.nothing %a, %b : (tensor<4xf32>, tensor<3xf32>) -> tensor<4xf32>
}
