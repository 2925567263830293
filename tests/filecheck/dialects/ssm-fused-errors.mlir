// RUN: not lmc opt --split-input-file %s 2>&1 | filecheck %s

// CHECK: the arguments of the group do not match what enters it
func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %y = "ssm.fused"(%a) ({
  ^group(%x: tensor<4xf32>, %w: tensor<4xf32>):
    %s = ssm.mul %x, %w : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    ssm.yield %s : tensor<4xf32>
  }) : (tensor<4xf32>) -> tensor<4xf32>
  func.return %y : tensor<4xf32>
}

// -----
// CHECK: a value enters the group twice
func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %y = ssm.fused(%x = %a : tensor<4xf32>, %w = %a : tensor<4xf32>) {
    %s = ssm.mul %x, %w : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    ssm.yield %s : tensor<4xf32>
  } : tensor<4xf32>
  func.return %y : tensor<4xf32>
}

// -----
// CHECK: no op of the group reads an argument of it
func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %y = ssm.fused(%x = %a : tensor<4xf32>, %w = %b : tensor<4xf32>) {
    %s = ssm.silu %x : (tensor<4xf32>) -> tensor<4xf32>
    ssm.yield %s : tensor<4xf32>
  } : tensor<4xf32>
  func.return %y : tensor<4xf32>
}

// -----
// CHECK: Operation ssm.silu terminates block in single-block region but is not a terminator
func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %y = ssm.fused(%x = %a : tensor<4xf32>) {
    %s = ssm.silu %x : (tensor<4xf32>) -> tensor<4xf32>
  } : tensor<4xf32>
  func.return %y : tensor<4xf32>
}

// -----
// CHECK: a group has at least one op
func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %y = ssm.fused(%x = %a : tensor<4xf32>) {
    ssm.yield %x : tensor<4xf32>
  } : tensor<4xf32>
  func.return %y : tensor<4xf32>
}

// -----
// CHECK: 'ssm.fused' expects parent op to be one of 'func.func', 'ssm.layers'
func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %y = ssm.fused(%x = %a : tensor<4xf32>) {
    %s = ssm.fused(%w = %x : tensor<4xf32>) {
    %t = ssm.silu %w : (tensor<4xf32>) -> tensor<4xf32>
      ssm.yield %t : tensor<4xf32>
    } : tensor<4xf32>
    ssm.yield %s : tensor<4xf32>
  } : tensor<4xf32>
  func.return %y : tensor<4xf32>
}

// -----
// CHECK: 'ssm.layers' expects parent op 'func.func'
func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %y = ssm.fused(%x = %a : tensor<4xf32>) {
    %s = ssm.layers %x count(2) carried(1) {
    ^layer(%w: tensor<4xf32>):
      ssm.yield %w : tensor<4xf32>
    } : (tensor<4xf32>) -> tensor<4xf32>
    ssm.yield %s : tensor<4xf32>
  } : tensor<4xf32>
  func.return %y : tensor<4xf32>
}

// -----
// CHECK: 'ssm.weight' expects parent op 'builtin.module'
func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %y = ssm.fused(%x = %a : tensor<4xf32>) {
    ssm.weight @w : tensor<4xf32> = [#ssm.step<load>]
    %s = ssm.silu %x : (tensor<4xf32>) -> tensor<4xf32>
    ssm.yield %s : tensor<4xf32>
  } : tensor<4xf32>
  func.return %y : tensor<4xf32>
}

// -----
// CHECK: a group ends in ssm.yield
func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %y = ssm.fused(%x = %a : tensor<4xf32>) {
    %s = ssm.silu %x : (tensor<4xf32>) -> tensor<4xf32>
    "test.termop"(%s) : (tensor<4xf32>) -> ()
  } : tensor<4xf32>
  func.return %y : tensor<4xf32>
}

// -----
// CHECK: the results of the group do not match what it yields
func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %u = ssm.fused(%x = %a : tensor<4xf32>) {
    %s = ssm.silu %x : (tensor<4xf32>) -> tensor<4xf32>
    ssm.yield %s : tensor<4xf32>
  } : tensor<3xf32>
  %y = ssm.silu %a : (tensor<4xf32>) -> tensor<4xf32>
  func.return %y : tensor<4xf32>
}

// -----
// CHECK: a group yields what its own ops make
func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %y, %z = ssm.fused(%x = %a : tensor<4xf32>) {
    %s = ssm.silu %x : (tensor<4xf32>) -> tensor<4xf32>
    ssm.yield %s, %x : tensor<4xf32>, tensor<4xf32>
  } : tensor<4xf32>, tensor<4xf32>
  func.return %y : tensor<4xf32>
}

// -----
// CHECK: a value leaves the group twice
func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %y, %z = ssm.fused(%x = %a : tensor<4xf32>) {
    %s = ssm.silu %x : (tensor<4xf32>) -> tensor<4xf32>
    ssm.yield %s, %s : tensor<4xf32>, tensor<4xf32>
  } : tensor<4xf32>, tensor<4xf32>
  func.return %y : tensor<4xf32>
}

// -----
// CHECK: no op reads a result of the group
func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %y, %z = ssm.fused(%x = %a : tensor<4xf32>) {
    %s = ssm.silu %x : (tensor<4xf32>) -> tensor<4xf32>
    %t = ssm.silu %s : (tensor<4xf32>) -> tensor<4xf32>
    ssm.yield %s, %t : tensor<4xf32>, tensor<4xf32>
  } : tensor<4xf32>, tensor<4xf32>
  func.return %y : tensor<4xf32>
}

// -----
// CHECK: Operation using value defined out of its IsolatedFromAbove parent
func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %y = ssm.fused(%x = %a : tensor<4xf32>) {
    %s = ssm.mul %x, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    ssm.yield %s : tensor<4xf32>
  } : tensor<4xf32>
  func.return %y : tensor<4xf32>
}

// -----
// CHECK: 'ssm.fused' expects parent op to be one of 'func.func', 'ssm.layers'
%a = "test.op"() : () -> tensor<4xf32>
%y = ssm.fused(%x = %a : tensor<4xf32>) {
  %s = ssm.silu %x : (tensor<4xf32>) -> tensor<4xf32>
  ssm.yield %s : tensor<4xf32>
} : tensor<4xf32>
"test.op"(%y) : (tensor<4xf32>) -> ()
