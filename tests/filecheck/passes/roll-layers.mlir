// RUN: lmc opt %s -p 'roll-layers' | filecheck %s
// RUN: lmc opt %s -p 'roll-layers,roll-layers' | filecheck %s

// CHECK:      ssm.weight @proj : tensor<4x4xf32> layers 3 = [#ssm.step<load, {name = "layers.{layer}.proj"}>, #ssm.step<neg_exp>]
// CHECK-NEXT: ssm.weight @shared : tensor<4xf32> = [#ssm.step<load, {name = "shared"}>]
// CHECK-NEXT: func.func @decode_step(%[[ID:.*]]: tensor<i32>, %[[STATES:.*]]: tensor<3x4xf32>) -> (tensor<4xf32>, tensor<3x4xf32>)
// CHECK-NEXT:   %[[H:.*]] = ssm.embedding %[[ID]], @embedding
// CHECK-NEXT:   %[[H1:.*]], %[[S1:.*]] = ssm.layers %[[H]], %[[STATES]] count(3) carried(1) {
// CHECK-NEXT:   ^bb0(%[[X:.*]]: tensor<4xf32>, %[[S:.*]]: tensor<4xf32>):
// CHECK-NEXT:     %[[P:.*]] = ssm.linear %[[X]], @proj : (tensor<4xf32>) -> tensor<4xf32> loc("layer.py":3:0)
// CHECK-NEXT:     %[[M:.*]] = ssm.mul %[[P]], %[[S]]
// CHECK-NEXT:     %[[B:.*]] = ssm.bias %[[M]], @shared
// CHECK-NEXT:     %[[A:.*]] = ssm.add %[[X]], %[[B]]
// CHECK-NEXT:     ssm.yield %[[A]], %[[M]]
// CHECK-NEXT:   } : (tensor<4xf32>, tensor<3x4xf32>) -> (tensor<4xf32>, tensor<3x4xf32>)
// CHECK-NEXT:   %[[L:.*]] = ssm.silu %[[H1]]
// CHECK-NEXT:   func.return %[[L]], %[[S1]]
ssm.weight @embedding : tensor<8x4xf32> = [#ssm.step<load, {name = "embedding"}>]
ssm.weight @proj_0 : tensor<4x4xf32> = [#ssm.step<load, {name = "layers.0.proj"}>, #ssm.step<neg_exp>]
ssm.weight @shared : tensor<4xf32> = [#ssm.step<load, {name = "shared"}>]
ssm.weight @proj_1 : tensor<4x4xf32> = [#ssm.step<load, {name = "layers.1.proj"}>, #ssm.step<neg_exp>]
ssm.weight @proj_2 : tensor<4x4xf32> = [#ssm.step<load, {name = "layers.2.proj"}>, #ssm.step<neg_exp>]
func.func @decode_step(%id: tensor<i32>, %s0: tensor<4xf32>, %s1: tensor<4xf32>, %s2: tensor<4xf32>)
    -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %h0 = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<4xf32>
  %p0 = ssm.linear %h0, @proj_0 : (tensor<4xf32>) -> tensor<4xf32> loc("layer.py":3:0)
  %m0 = ssm.mul %p0, %s0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %b0 = ssm.bias %m0, @shared : (tensor<4xf32>) -> tensor<4xf32>
  %h1 = ssm.add %h0, %b0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %p1 = ssm.linear %h1, @proj_1 : (tensor<4xf32>) -> tensor<4xf32> loc("layer.py":3:0)
  %m1 = ssm.mul %p1, %s1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %b1 = ssm.bias %m1, @shared : (tensor<4xf32>) -> tensor<4xf32>
  %h2 = ssm.add %h1, %b1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %p2 = ssm.linear %h2, @proj_2 : (tensor<4xf32>) -> tensor<4xf32> loc("layer.py":3:0)
  %m2 = ssm.mul %p2, %s2 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %b2 = ssm.bias %m2, @shared : (tensor<4xf32>) -> tensor<4xf32>
  %h3 = ssm.add %h2, %b2 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %logits = ssm.silu %h3 : (tensor<4xf32>) -> tensor<4xf32>
  func.return %logits, %m0, %m1, %m2 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}
