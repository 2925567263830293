// RUN: lmc opt %s -p 'keep-layers' | filecheck %s
// RUN: lmc opt %s -p 'keep-layers{count=3},keep-layers{count=2}' | filecheck %s

// A step that is only done in layers that are gone goes, too.
// CHECK:      ssm.weight @embedding : tensor<8x4xf32> = [
// CHECK-NEXT: ssm.weight @proj : tensor<4x4xf32> layers 2 = [#ssm.step<load, {name = "layers.{layer}.proj"}>, #ssm.step<neg_exp, {layers = array<i64: 1>}>]
// CHECK-NEXT: ssm.weight @shared : tensor<4xf32> = [#ssm.step<load, {name = "shared"}>]
// CHECK-NEXT: func.func @decode_step(%{{.*}}: tensor<i32>, %[[STATES:.*]]: tensor<2x4xf32>) -> (tensor<4xf32>, tensor<2x4xf32>) {
// CHECK:        %{{.*}}, %[[NEW:.*]] = ssm.layers %{{.*}}, %[[STATES]] count(2) carried(1) classes [0, 1] {
// CHECK:        } : (tensor<4xf32>, tensor<2x4xf32>) -> (tensor<4xf32>, tensor<2x4xf32>)
// CHECK:        func.return %{{.*}}, %[[NEW]] : tensor<4xf32>, tensor<2x4xf32>
ssm.weight @embedding : tensor<8x4xf32> = [#ssm.step<load, {name = "embedding"}>]
ssm.weight @proj : tensor<4x4xf32> layers 3 = [#ssm.step<load, {name = "layers.{layer}.proj"}>, #ssm.step<neg_exp, {layers = array<i64: 1, 2>}>, #ssm.step<neg_exp, {layers = array<i64: 2>}>]
ssm.weight @shared : tensor<4xf32> = [#ssm.step<load, {name = "shared"}>]
func.func @decode_step(%id: tensor<i32>, %states: tensor<3x4xf32>) -> (tensor<4xf32>, tensor<3x4xf32>) {
  %h = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<4xf32>
  %h1, %new = ssm.layers %h, %states count(3) carried(1) classes [0, 1, 0] {
  ^bb0(%x: tensor<4xf32>, %s: tensor<4xf32>):
    %p = ssm.linear %x, @proj : (tensor<4xf32>) -> tensor<4xf32>
    %m = ssm.mul %p, %s : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %b = ssm.bias %m, @shared : (tensor<4xf32>) -> tensor<4xf32>
    %a = ssm.add %x, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    ssm.yield %a, %m : tensor<4xf32>, tensor<4xf32>
  } : (tensor<4xf32>, tensor<3x4xf32>) -> (tensor<4xf32>, tensor<3x4xf32>)
  func.return %h1, %new : tensor<4xf32>, tensor<3x4xf32>
}
