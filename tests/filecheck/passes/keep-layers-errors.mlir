// RUN: not lmc opt --split-input-file %s -p 'keep-layers{count=4}' 2>&1 | filecheck %s

// CHECK: keep-layers keeps 4 layers of a model that has 3; count is 1 to 3
ssm.weight @embedding : tensor<8x4xf32> = [#ssm.step<load, {name = "embedding"}>]
func.func @too_many(%id: tensor<i32>) -> tensor<4xf32> {
  %h = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<4xf32>
  %h1 = ssm.layers %h count(3) carried(1) {
  ^bb0(%x: tensor<4xf32>):
    %a = ssm.silu %x : (tensor<4xf32>) -> tensor<4xf32>
    ssm.yield %a : tensor<4xf32>
  } : (tensor<4xf32>) -> tensor<4xf32>
  func.return %h1 : tensor<4xf32>
}

// -----

// CHECK: keep-layers takes a module with one ssm.layers: run roll-layers first
ssm.weight @embedding : tensor<8x4xf32> = [#ssm.step<load, {name = "embedding"}>]
func.func @not_rolled(%id: tensor<i32>) -> tensor<4xf32> {
  %h = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<4xf32>
  func.return %h : tensor<4xf32>
}
