// RUN: not lmc opt --split-input-file %s -p 'allocate-resources{target=kv260}' 2>&1 | filecheck %s
// RUN: not lmc opt --split-input-file %s -p 'allocate-resources{target=vck109}' 2>&1 | filecheck %s --check-prefix TARGET
// RUN: not lmc opt --split-input-file %s -p 'allocate-resources{target=u280 lanes="HBM2:33"}' 2>&1 | filecheck %s --check-prefix PORTS
// RUN: not lmc opt --split-input-file %s -p 'allocate-resources{lanes="DDR4:2 DDR4:2x3"}' 2>&1 | filecheck %s --check-prefix TWICE
// RUN: not lmc opt --split-input-file %s -p 'allocate-resources{lanes="DDR4:0"}' 2>&1 | filecheck %s --check-prefix NONE
// RUN: not lmc opt --split-input-file %s -p 'allocate-resources{lanes=""}' 2>&1 | filecheck %s --check-prefix EMPTY
// RUN: not lmc opt --split-input-file %s -p 'allocate-resources{lanes="DDR4"}' 2>&1 | filecheck %s --check-prefix FORM
// RUN: not lmc opt --split-input-file %s -p 'allocate-resources{lanes="DDR4:1x0"}' 2>&1 | filecheck %s --check-prefix SETS
// RUN: not lmc opt --split-input-file %s -p 'allocate-resources{lanes="HBM:1"}' 2>&1 | filecheck %s --check-prefix UNKNOWN
// RUN: not lmc opt --split-input-file %s -p 'allocate-resources{state=SRAM}' 2>&1 | filecheck %s --check-prefix STATE
// RUN: not lmc opt --split-input-file %s -p 'allocate-resources{state=""}' 2>&1 | filecheck %s --check-prefix NOWHERE
// RUN: not lmc opt --split-input-file %s -p 'allocate-resources{state="DDR4:0"}' 2>&1 | filecheck %s --check-prefix BANKS
// RUN: not lmc opt --split-input-file %s -p 'allocate-resources{state="DDR4:2" state_blocks=1}' 2>&1 | filecheck %s --check-prefix SHARES
// RUN: not lmc opt --split-input-file %s -p 'allocate-resources{state_blocks=4}' 2>&1 | filecheck %s --check-prefix ROW
// RUN: not lmc opt --split-input-file %s -p 'allocate-resources{side=SRAM}' 2>&1 | filecheck %s --check-prefix SIDE
// RUN: not lmc opt --split-input-file %s -p 'allocate-resources{vector_lanes=6}' 2>&1 | filecheck %s --check-prefix POWER
// RUN: not lmc opt --split-input-file %s -p 'allocate-resources{multipliers=lut}' 2>&1 | filecheck %s --check-prefix MULTIPLIERS
// RUN: not lmc opt --split-input-file %s -p 'allocate-resources{clock_mhz=401}' 2>&1 | filecheck %s --check-prefix CLOCK
// RUN: not lmc opt --split-input-file %s -p 'allocate-resources{calibration="%t"}' 2>&1 | filecheck %s --check-prefix CALIBRATION
// RUN: not lmc opt --split-input-file %s -p 'allocate-resources{calibration="%s"}' 2>&1 | filecheck %s --check-prefix NOTJSON
// RUN: not lmc opt --split-input-file %s -p 'allocate-resources{ports=3}' 2>&1 | filecheck %s --check-prefix OPTION

// TARGET: error: there is no target 'vck109'; did you mean 'vck190'? (or name a .toml file)
// PORTS: error: u280's HBM2 has 32 ports, of which a design uses 1 to 32, not 33
// TWICE: error: vck190's DDR4 has 3 ports, of which a design uses 1 to 3, not 4
// NONE: error: vck190's DDR4 has 3 ports, of which a design uses 1 to 3, not 0
// EMPTY: error: allocate-resources: lanes name no port
// FORM: error: allocate-resources: lanes 'DDR4' are not MEMORY:PORTSxSETS
// SETS: error: allocate-resources: lanes 'DDR4:1x0' are not MEMORY:PORTSxSETS
// UNKNOWN: error: vck190 has no memory 'HBM'; it has DDR4, LPDDR4
// STATE: error: vck190 has no memory 'SRAM'; it has DDR4, LPDDR4
// NOWHERE: error: allocate-resources: state names no memory
// BANKS: error: allocate-resources: state 'DDR4:0' is neither chip nor MEMORY:BANKS
// SHARES: error: the SSM state does not fit 2 banks: they share evenly the blocks of a cycle, 1 at most, and each takes up to 512 bits
// ROW: error: a row of the SSM state has 2 blocks, which state_blocks=4 does not divide
// SIDE: error: vck190 has no memory 'SRAM'; it has DDR4, LPDDR4
// POWER: error: allocate-resources: vector_lanes=6 is no power of two
// MULTIPLIERS: error: allocate-resources: multipliers=lut is neither fabric nor dsp
// CLOCK: error: vck190 is planned with 200 to 400 MHz, not with 401 MHz
// CALIBRATION: error: there is no calibration file {{.*}}
// NOTJSON: error: the calibration file {{.*}} cannot be read: Expecting value
// OPTION: error: pass allocate-resources has no option 'ports'; it has target, clock-mhz, lanes, state, state-blocks, side, vector-lanes, prefetch, multipliers, calibration

// A model that options are tried on; it fits.
ssm.weight @embedding : tensor<16x8x!ssm.wint<8, 8, 8, 3, 13>> = [#ssm.step<load, {name = "e"}>, #ssm.step<quantize>]
ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
func.func @decode_step(%id: tensor<i32>, %state: tensor<2x2x4x8x!ssm.bfp<8, 4, 14>>) -> (tensor<8x!ssm.fixed<24, 14>>, tensor<2x2x4x8x!ssm.bfp<8, 4, 14>>) {
  %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<8x!ssm.fixed<24, 14>>
  %last, %new = ssm.layers %embedded, %state count(2) carried(1) {
  ^layer(%h: tensor<8x!ssm.fixed<24, 14>>, %s: tensor<2x4x8x!ssm.bfp<8, 4, 14>>):
    %q = ssm.quantize %h rounding("up") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 8, 14>>
    %o = ssm.linear %q, @w : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<8x!ssm.fixed<32, 16>>
    %h_new = ssm.add %h, %o : (tensor<8x!ssm.fixed<24, 14>>, tensor<8x!ssm.fixed<32, 16>>) -> tensor<8x!ssm.fixed<24, 14>>
    ssm.yield %h_new, %s : tensor<8x!ssm.fixed<24, 14>>, tensor<2x4x8x!ssm.bfp<8, 4, 14>>
  } : (tensor<8x!ssm.fixed<24, 14>>, tensor<2x2x4x8x!ssm.bfp<8, 4, 14>>) -> (tensor<8x!ssm.fixed<24, 14>>, tensor<2x2x4x8x!ssm.bfp<8, 4, 14>>)
  func.return %last, %new : tensor<8x!ssm.fixed<24, 14>>, tensor<2x2x4x8x!ssm.bfp<8, 4, 14>>
}

// -----

// CHECK: allocate-resources takes a module with one function, found 0
ssm.weight @embedding : tensor<16x8x!ssm.wint<8, 8, 8, 3, 13>> = [#ssm.step<load, {name = "e"}>, #ssm.step<quantize>]
ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]

// -----

// CHECK: linear layer @w is not quantized: run quantize first
ssm.weight @embedding : tensor<16x8xf32> = [#ssm.step<load, {name = "e"}>]
ssm.weight @w : tensor<8x8xf32> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>]
func.func @decode_step(%id: tensor<i32>, %state: tensor<2x2x4x8xf32>) -> (tensor<8xf32>, tensor<2x2x4x8xf32>) {
  %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<8xf32>
  %last, %new = ssm.layers %embedded, %state count(2) carried(1) {
  ^layer(%h: tensor<8xf32>, %s: tensor<2x4x8xf32>):
    %o = ssm.linear %h, @w : (tensor<8xf32>) -> tensor<8xf32>
    %h_new = ssm.add %h, %o : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    ssm.yield %h_new, %s : tensor<8xf32>, tensor<2x4x8xf32>
  } : (tensor<8xf32>, tensor<2x2x4x8xf32>) -> (tensor<8xf32>, tensor<2x2x4x8xf32>)
  func.return %last, %new : tensor<8xf32>, tensor<2x2x4x8xf32>
}

// -----

// CHECK: a model to lower has linear layers and one ssm.layers: run roll-layers first
ssm.weight @embedding : tensor<16x8x!ssm.wint<8, 8, 8, 3, 13>> = [#ssm.step<load, {name = "e"}>, #ssm.step<quantize>]
func.func @decode_step(%id: tensor<i32>) -> tensor<8x!ssm.fixed<24, 14>> {
  %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<8x!ssm.fixed<24, 14>>
  func.return %embedded : tensor<8x!ssm.fixed<24, 14>>
}

// -----

// CHECK: the layers have no SSM state in block floating point: run quantize first
ssm.weight @embedding : tensor<16x8x!ssm.wint<8, 8, 8, 3, 13>> = [#ssm.step<load, {name = "e"}>, #ssm.step<quantize>]
ssm.weight @w : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
func.func @decode_step(%id: tensor<i32>, %state: tensor<2x2x4x8x!ssm.fixed<16, 9>>) -> (tensor<8x!ssm.fixed<24, 14>>, tensor<2x2x4x8x!ssm.fixed<16, 9>>) {
  %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<8x!ssm.fixed<24, 14>>
  %last, %new = ssm.layers %embedded, %state count(2) carried(1) {
  ^layer(%h: tensor<8x!ssm.fixed<24, 14>>, %s: tensor<2x4x8x!ssm.fixed<16, 9>>):
    %q = ssm.quantize %h rounding("up") : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.bfp<8, 8, 14>>
    %o = ssm.linear %q, @w : (tensor<8x!ssm.bfp<8, 8, 14>>) -> tensor<8x!ssm.fixed<32, 16>>
    %h_new = ssm.add %h, %o : (tensor<8x!ssm.fixed<24, 14>>, tensor<8x!ssm.fixed<32, 16>>) -> tensor<8x!ssm.fixed<24, 14>>
    ssm.yield %h_new, %s : tensor<8x!ssm.fixed<24, 14>>, tensor<2x4x8x!ssm.fixed<16, 9>>
  } : (tensor<8x!ssm.fixed<24, 14>>, tensor<2x2x4x8x!ssm.fixed<16, 9>>) -> (tensor<8x!ssm.fixed<24, 14>>, tensor<2x2x4x8x!ssm.fixed<16, 9>>)
  func.return %last, %new : tensor<8x!ssm.fixed<24, 14>>, tensor<2x2x4x8x!ssm.fixed<16, 9>>
}

// -----

// CHECK: the model takes 4.40 GB with states and embedding, and kv260 has 4.29 GB: 0.10 GB are missing
ssm.weight @embedding : tensor<16x65536x!ssm.wint<8, 128, 8, 3, 13>> = [#ssm.step<load, {name = "e"}>, #ssm.step<quantize>]
ssm.weight @w : tensor<65536x65536x!ssm.wint<4, 128, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "w.{layer}"}>, #ssm.step<quantize>]
func.func @decode_step(%id: tensor<i32>, %state: tensor<2x2x4x8x!ssm.bfp<8, 4, 14>>) -> (tensor<65536x!ssm.fixed<24, 14>>, tensor<2x2x4x8x!ssm.bfp<8, 4, 14>>) {
  %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<65536x!ssm.fixed<24, 14>>
  %last, %new = ssm.layers %embedded, %state count(2) carried(1) {
  ^layer(%h: tensor<65536x!ssm.fixed<24, 14>>, %s: tensor<2x4x8x!ssm.bfp<8, 4, 14>>):
    %q = ssm.quantize %h rounding("up") : (tensor<65536x!ssm.fixed<24, 14>>) -> tensor<65536x!ssm.bfp<8, 8, 14>>
    %o = ssm.linear %q, @w : (tensor<65536x!ssm.bfp<8, 8, 14>>) -> tensor<65536x!ssm.fixed<32, 16>>
    %h_new = ssm.add %h, %o : (tensor<65536x!ssm.fixed<24, 14>>, tensor<65536x!ssm.fixed<32, 16>>) -> tensor<65536x!ssm.fixed<24, 14>>
    ssm.yield %h_new, %s : tensor<65536x!ssm.fixed<24, 14>>, tensor<2x4x8x!ssm.bfp<8, 4, 14>>
  } : (tensor<65536x!ssm.fixed<24, 14>>, tensor<2x2x4x8x!ssm.bfp<8, 4, 14>>) -> (tensor<65536x!ssm.fixed<24, 14>>, tensor<2x2x4x8x!ssm.bfp<8, 4, 14>>)
  func.return %last, %new : tensor<65536x!ssm.fixed<24, 14>>, tensor<2x2x4x8x!ssm.bfp<8, 4, 14>>
}
