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

// -----

// CHECK: dataflow.stream takes another number of parameters
func.func @f(%s: !dataflow.stream) {
  func.return
}

// -----

// CHECK: func.func @f: result 1 is f32, its type says i32
func.func @f(%x: f32, %y: f32) -> (f32, i32) {
  func.return %x, %y : f32, f32
}

// -----

// CHECK: torch.operator %y: aten.neg makes !torch.vtensor<[1,4],f32> of its operands, not !torch.vtensor<[1,5],f32>
func.func @f(%x: !torch.vtensor<[1,4],f32>) {
  %y = torch.operator "aten.neg"(%x) : (!torch.vtensor<[1,4],f32>) -> !torch.vtensor<[1,5],f32>
  func.return
}

// -----

// CHECK: an integer has 16777215 bits at most
func.func @f(%x: i9223372036854775807) {
  func.return
}

// -----

// CHECK: the number does not fit its type
builtin.module attributes {a.b = 0x10000000000000000 : f32} {}
