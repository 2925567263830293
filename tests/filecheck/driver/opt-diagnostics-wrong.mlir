// RUN: not lmc opt %s --split-input-file --verify-diagnostics 2>&1 | filecheck %s

// CHECK: opt-diagnostics-wrong.mlir:4: the error 'never said' is expected here and none came
// expected-error @+1 {{never said}}
func.func @f(%x: f32) -> f32 {
  func.return %x : f32
}

// -----

// CHECK: opt-diagnostics-wrong.mlir:14:3: needs equal shapes
// expected-error @above {{needs equal shapes}}
func.func @f(%a: tensor<4xf32>, %b: tensor<3xf32>) -> tensor<4xf32> {
  %c = ssm.mul %a, %b : (tensor<4xf32>, tensor<3xf32>) -> tensor<4xf32>
  func.return %c : tensor<4xf32>
}

// -----

// CHECK: expected-warning is not checked: lmc has errors alone, as expected-error
// expected-warning {{nothing}}

// -----

// CHECK: an expected error is written // expected-error @+1 {{[{][{]}}words of the message}}
// expected-error nothing

// -----

// CHECK: @next is none of @+N, @-N, @above, @below, @unknown
// expected-error @next {{nothing}}
