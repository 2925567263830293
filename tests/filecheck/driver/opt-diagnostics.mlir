// Each part has the error that it says it has, where it says it.
// RUN: lmc opt %s --split-input-file --verify-diagnostics | filecheck %s --allow-empty

// CHECK-NOT: {{.}}
func.func @f(%a: tensor<4xf32>, %b: tensor<3xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{needs equal shapes}}
  %c = ssm.mul %a, %b : (tensor<4xf32>, tensor<3xf32>) -> tensor<4xf32>
  func.return %c : tensor<4xf32>
}

// -----

func.func @f(%x: tensor<4xf32>) -> tensor<2xf32> {
  %z = ssm.linear %x, @nowhere : (tensor<4xf32>) -> tensor<2xf32> loc("model.py":30:0) // expected-error {{its weight @nowhere is not in the module}}
  func.return %z : tensor<2xf32>
}

// -----

func.func @f(%x: f32, %y: f32) -> (f32, i32) {
  // expected-error@below {{result 1 is f32, its type says i32}}
  func.return %x, %y : f32, f32
}

// -----

// A part without comments has no error.
func.func @f(%x: f32) -> f32 {
  func.return %x : f32
}
