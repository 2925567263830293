// RUN: lmc opt %s | filecheck %s
// RUN: lmc opt %s | lmc opt | filecheck %s

// A group names what enters it and what leaves it; in its text a name goes on from those around it.
// CHECK-LABEL: func.func @pointwise
func.func @pointwise(%a: tensor<4xf32>, %b: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // CHECK-NEXT: %product, %y = ssm.fused(%a_in = %a : tensor<4xf32>, %b_1 = %b : tensor<4xf32>) {
  %product, %y = ssm.fused(%a_in = %a : tensor<4xf32>, %b_1 = %b : tensor<4xf32>) {
    // CHECK-NEXT: %product_1 = ssm.mul %a_in, %b_1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %product_1 = ssm.mul %a_in, %b_1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    // CHECK-NEXT: %y_1 = ssm.silu %product_1 : (tensor<4xf32>) -> tensor<4xf32>
    %y_1 = ssm.silu %product_1 : (tensor<4xf32>) -> tensor<4xf32>
    // CHECK-NEXT: ssm.yield %product_1, %y_1 : tensor<4xf32>, tensor<4xf32>
    ssm.yield %product_1, %y_1 : tensor<4xf32>, tensor<4xf32>
  // CHECK-NEXT: } : tensor<4xf32>, tensor<4xf32>
  } : tensor<4xf32>, tensor<4xf32>
  // CHECK-NEXT: %z = ssm.fused(%y_1 = %y : tensor<4xf32>) attributes {mine.note = "another"} {
  %z = ssm.fused(%y_1 = %y : tensor<4xf32>) attributes {mine.note = "another"} {
    // CHECK-NEXT: %z_1 = ssm.silu %y_1 : (tensor<4xf32>) -> tensor<4xf32>
    %z_1 = ssm.silu %y_1 : (tensor<4xf32>) -> tensor<4xf32>
    // CHECK-NEXT: ssm.yield %z_1 : tensor<4xf32>
    ssm.yield %z_1 : tensor<4xf32>
  } : tensor<4xf32>
  func.return %product, %z : tensor<4xf32>, tensor<4xf32>
}
