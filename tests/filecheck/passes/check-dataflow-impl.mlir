// RUN: not lmc opt %s -p 'check-dataflow' 2>&1 | filecheck %s

// CHECK: task t: a product is made of dsp or fabric, not of cascade
dataflow.design @d {
  %x = dataflow.stream @x : !dataflow.stream<si8>
  dataflow.kernel @k(%x_1 = %x : !dataflow.stream<si8>) {
    dataflow.task @t(%x_2 = %x_1 : !dataflow.stream<si8>) {
      %a = dataflow.read %x_2 : !dataflow.stream<si8> -> si8
      %b = dataflow.mul %a, %a {lmc.impl = "cascade"} : si8, si8 -> si16
      // CHECK-SAME: task t: dataflow.neg can't be made of dsp
      %c = dataflow.neg %a {lmc.impl = "dsp"} : si8 -> si9
    }
  }
}
