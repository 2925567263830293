// RUN: not lmc opt --split-input-file %s 2>&1 | filecheck %s

// CHECK: dataflow.matrix_vector: the module has no weight or table @nowhere
builtin.module {
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    dataflow.matrix_unit sets [1] rows 2 inputs 32 block 8 packed 1 activation 8 mantissa 0 exponent 4 scale_mantissa 8 scale_exponent 3
    %x = dataflow.stream @x : !dataflow.stream<ui272>
    %y = dataflow.matrix_vector @y of @nowhere %x rows 8 columns 8 group 8 block 8 planes [1, 1] sums 44 shift 19 left 0 lanes 4 layers 2 : !dataflow.stream<ui272> -> !dataflow.stream<ui64>
  }
}

// -----

// CHECK: dataflow.matrix_vector: the design has 0 matrix units, not one
builtin.module {
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    %x = dataflow.stream @x : !dataflow.stream<ui272>
    %y = dataflow.matrix_vector @y of @w %x rows 8 columns 8 group 8 block 8 planes [1, 1] sums 44 shift 19 left 0 lanes 4 layers 2 : !dataflow.stream<ui272> -> !dataflow.stream<ui64>
  }
}

// -----

// CHECK: dataflow.matrix_vector: the design has 2 matrix units, not one
builtin.module {
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    dataflow.matrix_unit sets [1] rows 2 inputs 32 block 8 packed 1 activation 8 mantissa 0 exponent 4 scale_mantissa 8 scale_exponent 3
    dataflow.matrix_unit sets [1] rows 2 inputs 32 block 8 packed 1 activation 8 mantissa 0 exponent 4 scale_mantissa 8 scale_exponent 3
    %x = dataflow.stream @x : !dataflow.stream<ui272>
    %y = dataflow.matrix_vector @y of @w %x rows 8 columns 8 group 8 block 8 planes [1, 1] sums 44 shift 19 left 0 lanes 4 layers 2 : !dataflow.stream<ui272> -> !dataflow.stream<ui64>
  }
}

// -----

// CHECK: dataflow.matrix_vector: tiles of 256 bits, and the unit takes 272
builtin.module {
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    dataflow.matrix_unit sets [1] rows 2 inputs 32 block 8 packed 1 activation 8 mantissa 0 exponent 4 scale_mantissa 8 scale_exponent 3
    %x = dataflow.stream @x : !dataflow.stream<ui256>
    %y = dataflow.matrix_vector @y of @w %x rows 8 columns 8 group 8 block 8 planes [1, 1] sums 44 shift 19 left 0 lanes 4 layers 2 : !dataflow.stream<ui256> -> !dataflow.stream<ui64>
  }
}

// -----

// CHECK: dataflow.matrix_vector: weight_group does not divide columns
builtin.module {
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    dataflow.matrix_unit sets [1] rows 2 inputs 32 block 8 packed 1 activation 8 mantissa 0 exponent 4 scale_mantissa 8 scale_exponent 3
    %x = dataflow.stream @x : !dataflow.stream<ui272>
    %y = dataflow.matrix_vector @y of @w %x rows 8 columns 12 group 8 block 8 planes [1, 1] sums 44 shift 19 left 0 lanes 4 layers 2 : !dataflow.stream<ui272> -> !dataflow.stream<ui64>
  }
}

// -----

// CHECK: dataflow.matrix_vector: block does not divide weight_group
builtin.module {
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    dataflow.matrix_unit sets [1] rows 2 inputs 32 block 8 packed 1 activation 8 mantissa 0 exponent 4 scale_mantissa 8 scale_exponent 3
    %x = dataflow.stream @x : !dataflow.stream<ui272>
    %y = dataflow.matrix_vector @y of @w %x rows 8 columns 8 group 8 block 3 planes [1, 1] sums 44 shift 19 left 0 lanes 4 layers 2 : !dataflow.stream<ui272> -> !dataflow.stream<ui64>
  }
}

// -----

// CHECK: dataflow.matrix_vector: planes are 2 numbers, one for each layer
builtin.module {
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    dataflow.matrix_unit sets [1] rows 2 inputs 32 block 8 packed 1 activation 8 mantissa 0 exponent 4 scale_mantissa 8 scale_exponent 3
    %x = dataflow.stream @x : !dataflow.stream<ui272>
    %y = dataflow.matrix_vector @y of @w %x rows 8 columns 8 group 8 block 8 planes [1] sums 44 shift 19 left 0 lanes 4 layers 2 : !dataflow.stream<ui272> -> !dataflow.stream<ui64>
  }
}

// -----

// CHECK: dataflow.matrix_vector: planes are 1 numbers, one for each layer
builtin.module {
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    dataflow.matrix_unit sets [1] rows 2 inputs 32 block 8 packed 1 activation 8 mantissa 0 exponent 4 scale_mantissa 8 scale_exponent 3
    %x = dataflow.stream @x : !dataflow.stream<ui272>
    %y = dataflow.matrix_vector @y of @w %x rows 8 columns 8 group 8 block 8 planes [1, 1] sums 44 shift 19 left 0 lanes 4 : !dataflow.stream<ui272> -> !dataflow.stream<ui64>
  }
}

// -----

// CHECK: dataflow.matrix_vector: lanes does not divide rows
builtin.module {
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    dataflow.matrix_unit sets [1] rows 2 inputs 32 block 8 packed 1 activation 8 mantissa 0 exponent 4 scale_mantissa 8 scale_exponent 3
    %x = dataflow.stream @x : !dataflow.stream<ui272>
    %y = dataflow.matrix_vector @y of @w %x rows 8 columns 8 group 8 block 8 planes [1, 1] sums 44 shift 19 left 0 lanes 3 layers 2 : !dataflow.stream<ui272> -> !dataflow.stream<ui48>
  }
}

// -----

// CHECK: dataflow.matrix_vector: ui64 is no unsigned word of 6 elements
builtin.module {
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    dataflow.matrix_unit sets [1] rows 2 inputs 32 block 8 packed 1 activation 8 mantissa 0 exponent 4 scale_mantissa 8 scale_exponent 3
    %x = dataflow.stream @x : !dataflow.stream<ui272>
    %y = dataflow.matrix_vector @y of @w %x rows 12 columns 8 group 8 block 8 planes [1, 1] sums 44 shift 19 left 0 lanes 6 layers 2 : !dataflow.stream<ui272> -> !dataflow.stream<ui64>
  }
}

// -----

// CHECK: dataflow.matrix_vector: a result has more than 32 bits
builtin.module {
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    dataflow.matrix_unit sets [1] rows 2 inputs 32 block 8 packed 1 activation 8 mantissa 0 exponent 4 scale_mantissa 8 scale_exponent 3
    %x = dataflow.stream @x : !dataflow.stream<ui272>
    %y = dataflow.matrix_vector @y of @w %x rows 8 columns 8 group 8 block 8 planes [1, 1] sums 44 shift 19 left 0 lanes 4 layers 2 : !dataflow.stream<ui272> -> !dataflow.stream<ui256>
  }
}

// -----

// CHECK: dataflow.matrix_vector: shift is -1, less than 0
builtin.module {
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    dataflow.matrix_unit sets [1] rows 2 inputs 32 block 8 packed 1 activation 8 mantissa 0 exponent 4 scale_mantissa 8 scale_exponent 3
    %x = dataflow.stream @x : !dataflow.stream<ui272>
    %y = dataflow.matrix_vector @y of @w %x rows 8 columns 8 group 8 block 8 planes [1, 1] sums 44 shift -1 left 0 lanes 4 layers 2 : !dataflow.stream<ui272> -> !dataflow.stream<ui64>
  }
}

// -----

// CHECK: dataflow.matrix_unit: block does not divide inputs
builtin.module {
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    dataflow.matrix_unit sets [1] rows 2 inputs 32 block 5 packed 1 activation 8 mantissa 0 exponent 4 scale_mantissa 8 scale_exponent 3
  }
}

// -----

// CHECK: dataflow.matrix_unit: packed does not divide rows
builtin.module {
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    dataflow.matrix_unit sets [1] rows 2 inputs 32 block 8 packed 3 activation 8 mantissa 0 exponent 4 scale_mantissa 8 scale_exponent 3
  }
}

// -----

// CHECK: dataflow.matrix_unit: each of its lanes has a set of rows or more
builtin.module {
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    dataflow.matrix_unit sets [1, 0] rows 2 inputs 32 block 8 packed 1 activation 8 mantissa 0 exponent 4 scale_mantissa 8 scale_exponent 3
  }
}

// -----

// CHECK: dataflow.matrix_unit: inputs is 0, less than 1
builtin.module {
  ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    dataflow.matrix_unit sets [1] rows 2 inputs 0 block 8 packed 1 activation 8 mantissa 0 exponent 4 scale_mantissa 8 scale_exponent 3
  }
}

// -----

// CHECK: dataflow.weight_vector: the module has no weight or table @nowhere
builtin.module {
  ssm.weight @a : tensor<20x!ssm.fixed<25, 8>> layers 2 = [#ssm.step<load, {name = "a.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    %a = dataflow.weight_vector @a of @nowhere count 5 lanes 4 layers 2 : !dataflow.stream<ui100>
  }
}

// -----

// CHECK: Expected SymbolRefAttr with no nested symbols.
builtin.module {
  ssm.weight @a : tensor<20x!ssm.fixed<25, 8>> layers 2 = [#ssm.step<load, {name = "a.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    %a = dataflow.weight_vector @a of @a::@b count 5 lanes 4 layers 2 : !dataflow.stream<ui100>
  }
}

// -----

// CHECK: dataflow.weight_vector: ui100 is no unsigned word of 3 elements
builtin.module {
  ssm.weight @a : tensor<20x!ssm.fixed<25, 8>> layers 2 = [#ssm.step<load, {name = "a.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    %a = dataflow.weight_vector @a of @a count 5 lanes 3 layers 2 : !dataflow.stream<ui100>
  }
}

// -----

// CHECK: dataflow.weight_vector: count is 0, less than 1
builtin.module {
  ssm.weight @a : tensor<20x!ssm.fixed<25, 8>> layers 2 = [#ssm.step<load, {name = "a.{layer}"}>, #ssm.step<quantize>]
  dataflow.design @some {
    %a = dataflow.weight_vector @a of @a count 0 lanes 4 layers 2 : !dataflow.stream<ui100>
  }
}

// -----

// CHECK: dataflow.function_table: entries is 0, less than 1
builtin.module {
  ssm.table @exp function "exp" {segments = 64 : i64, shift = 9 : i64, low = -32768 : i64, slope_frac = 10 : i64} : !ssm.fixed<18, 12> to !ssm.fixed<16, 15>
  dataflow.design @some {
    %t = dataflow.function_table @t of @exp entries 0 : !dataflow.stream<ui64>
  }
}

// -----

// CHECK: dataflow.function_table: si64 is no unsigned word of 1 elements
builtin.module {
  ssm.table @exp function "exp" {segments = 64 : i64, shift = 9 : i64, low = -32768 : i64, slope_frac = 10 : i64} : !ssm.fixed<18, 12> to !ssm.fixed<16, 15>
  dataflow.design @some {
    %t = dataflow.function_table @t of @exp entries 4 : !dataflow.stream<si64>
  }
}

// -----

// CHECK: dataflow.state: a memory, a channel and a stream for each field
builtin.module {
  dataflow.design @some {
    %a = dataflow.stream @a : !dataflow.stream<ui64>
    %b = dataflow.stream @b : !dataflow.stream<ui4>
    %c, %d = dataflow.state @s takes %a, %b fields ["", "_x"] in ["A"] channels [0, 1] count 4 layers 2 : !dataflow.stream<ui64>, !dataflow.stream<ui4> -> !dataflow.stream<ui64>, !dataflow.stream<ui4>
  }
}

// -----

// CHECK: dataflow.state: two fields have one name
builtin.module {
  dataflow.design @some {
    %a = dataflow.stream @a : !dataflow.stream<ui64>
    %b = dataflow.stream @b : !dataflow.stream<ui4>
    %c, %d = dataflow.state @s takes %a, %b fields ["", ""] in ["A", "B"] channels [0, 1] count 4 layers 2 : !dataflow.stream<ui64>, !dataflow.stream<ui4> -> !dataflow.stream<ui64>, !dataflow.stream<ui4>
  }
}

// -----

// CHECK: dataflow.state: a channel's number is 0 or more
builtin.module {
  dataflow.design @some {
    %a = dataflow.stream @a : !dataflow.stream<ui64>
    %b = dataflow.stream @b : !dataflow.stream<ui4>
    %c, %d = dataflow.state @s takes %a, %b fields ["", "_x"] in ["A", "B"] channels [0, -1] count 4 layers 2 : !dataflow.stream<ui64>, !dataflow.stream<ui4> -> !dataflow.stream<ui64>, !dataflow.stream<ui4>
  }
}

// -----

// CHECK: dataflow.state: count is 0, less than 1
builtin.module {
  dataflow.design @some {
    %a = dataflow.stream @a : !dataflow.stream<ui64>
    %b = dataflow.stream @b : !dataflow.stream<ui4>
    %c, %d = dataflow.state @s takes %a, %b fields ["", "_x"] in ["A", "B"] channels [0, 1] count 0 layers 2 : !dataflow.stream<ui64>, !dataflow.stream<ui4> -> !dataflow.stream<ui64>, !dataflow.stream<ui4>
  }
}

// -----

// CHECK: dataflow.state: old elements are of other types than new ones
builtin.module {
  dataflow.design @some {
    %a = dataflow.stream @a : !dataflow.stream<ui64>
    %b = dataflow.stream @b : !dataflow.stream<ui4>
    %c, %d = dataflow.state @s takes %a, %b fields ["", "_x"] in ["A", "B"] channels [0, 1] count 4 layers 2 : !dataflow.stream<ui64>, !dataflow.stream<ui4> -> !dataflow.stream<ui64>, !dataflow.stream<ui5>
  }
}

// -----

// CHECK: dataflow.state: si64 is no unsigned word of 1 elements
builtin.module {
  dataflow.design @some {
    %a = dataflow.stream @a : !dataflow.stream<si64>
    %b = dataflow.stream @b : !dataflow.stream<ui4>
    %c, %d = dataflow.state @s takes %a, %b fields ["", "_x"] in ["A", "B"] channels [0, 1] count 4 layers 2 : !dataflow.stream<si64>, !dataflow.stream<ui4> -> !dataflow.stream<si64>, !dataflow.stream<ui4>
  }
}

// -----

// CHECK: dataflow.state: on the chip it is in uram or bram
builtin.module {
  dataflow.design @some {
    %a = dataflow.stream @a : !dataflow.stream<ui64>
    %b = dataflow.stream @b : !dataflow.stream<ui4>
    %c, %d = dataflow.state @s takes %a, %b fields ["", "_x"] in ["A", "B"] channels [0, 1] count 4 layers 2 chip "lutram" : !dataflow.stream<ui64>, !dataflow.stream<ui4> -> !dataflow.stream<ui64>, !dataflow.stream<ui4>
  }
}
