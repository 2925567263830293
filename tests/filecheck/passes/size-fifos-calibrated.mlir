// RUN: lmc opt %s -p size-fifos | filecheck %s

// A calibration says that FIFOs take twenty times the LUTs and a tenth of the BRAM: none is made of
// LUTs any more, and of URAM none that BRAM can hold. Those between kernels are the linker's.

// CHECK: calibration = {family = "Versal", source = "a test", factors = [{kind = "dataflow.stream", lut = 20000, bram36 = 100}]}
builtin.module attributes {lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, port_bits = 512, lanes = [{memory = "DDR4", channel = 0, sets = 1}], side_port = {memory = "DDR4", channel = 0}, calibration = {family = "Versal", source = "a test", factors = [{kind = "dataflow.stream", lut = 20000, bram36 = 100}]}}>} {
  dataflow.design @d {
    %n = dataflow.scalar @n examples [1] : ui32
    // CHECK: @between depth 16 rate [100 : i64] : !dataflow.stream
    %x = dataflow.stream @between : !dataflow.stream<ui512>
    dataflow.kernel @k(%n_1 = %n : ui32, %x_1 = %x : !dataflow.stream<ui512>) {
      // CHECK: @shallow depth 16 rate [100 : i64] impl "bram"
      %a = dataflow.stream @shallow : !dataflow.stream<ui512>
      // CHECK: @narrow depth 4096 rate [100 : i64] impl "bram"
      %b = dataflow.stream @narrow depth 4096 : !dataflow.stream<ui4>
      // CHECK: @prefetch depth 4096 rate [100 : i64] impl "bram"
      %c = dataflow.stream @prefetch depth 4096 : !dataflow.stream<ui512>
      dataflow.task @first(%x_2 = %x_1 : !dataflow.stream<ui512>, %a_1 = %a : !dataflow.stream<ui512>) {
        %zero = arith.constant 0 : index
        %one = arith.constant 1 : index
        %hundred = arith.constant 100 : index
        %word = dataflow.constant 7 : ui512
        scf.for %i = %zero to %hundred step %one {
          dataflow.write %word, %a_1 : ui512, !dataflow.stream<ui512>
          dataflow.write %word, %x_2 : ui512, !dataflow.stream<ui512>
        } {loop = #dataflow.loop<"first_i", pipeline>}
      }
      dataflow.task @second(%a_1 = %a : !dataflow.stream<ui512>, %b_1 = %b : !dataflow.stream<ui4>, %c_1 = %c : !dataflow.stream<ui512>) {
        %zero = arith.constant 0 : index
        %one = arith.constant 1 : index
        %hundred = arith.constant 100 : index
        scf.for %i = %zero to %hundred step %one {
          %word = dataflow.read %a_1 : !dataflow.stream<ui512> -> ui512
          %part = dataflow.slice %word[%zero] : ui512 -> ui4
          dataflow.write %part, %b_1 : ui4, !dataflow.stream<ui4>
          dataflow.write %word, %c_1 : ui512, !dataflow.stream<ui512>
        } {loop = #dataflow.loop<"second_i", pipeline>}
      }
      dataflow.task @third(%b_1 = %b : !dataflow.stream<ui4>, %c_1 = %c : !dataflow.stream<ui512>) {
        %zero = arith.constant 0 : index
        %one = arith.constant 1 : index
        %hundred = arith.constant 100 : index
        scf.for %i = %zero to %hundred step %one {
          %part = dataflow.read %b_1 : !dataflow.stream<ui4> -> ui4
          %word = dataflow.read %c_1 : !dataflow.stream<ui512> -> ui512
        } {loop = #dataflow.loop<"third_i", pipeline>}
      }
    }
    dataflow.kernel @sink(%x_1 = %x : !dataflow.stream<ui512>) {
      dataflow.task @last(%x_2 = %x_1 : !dataflow.stream<ui512>) {
        %zero = arith.constant 0 : index
        %one = arith.constant 1 : index
        %hundred = arith.constant 100 : index
        scf.for %i = %zero to %hundred step %one {
          %word = dataflow.read %x_2 : !dataflow.stream<ui512> -> ui512
        } {loop = #dataflow.loop<"last_i", pipeline>}
      }
    }
  }
}
