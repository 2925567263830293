// RUN: not lmc opt --split-input-file %s -p outline-kernels 2>&1 | filecheck %s

// CHECK: dataflow.function_table is not tasks yet: run stream-images first
builtin.module {
  ssm.table @exp function "exp" {segments = 64 : i64, shift = 9 : i64, low = -32768 : i64, slope_frac = 10 : i64} : !ssm.fixed<18, 12> to !ssm.fixed<16, 15>
  dataflow.design @d {
    %t = dataflow.function_table @exp_table of @exp entries 64 : !dataflow.stream<ui64>
  }
}

// -----

// CHECK: stream x has no consumer: an op's result is not used
builtin.module {
  dataflow.design @d {
    %x = dataflow.stream @x : !dataflow.stream<ui8>
    dataflow.task @make(%out = %x : !dataflow.stream<ui8>) kernel "k" {
      %a = dataflow.constant 1 : ui8
      dataflow.write %a, %out : ui8, !dataflow.stream<ui8>
    }
  }
}

// -----

// CHECK: stream x has two tasks as its producer
builtin.module {
  dataflow.design @d {
    %x = dataflow.stream @x : !dataflow.stream<ui8>
    dataflow.task @make(%out = %x : !dataflow.stream<ui8>) kernel "k" {
      %a = dataflow.constant 1 : ui8
      dataflow.write %a, %out : ui8, !dataflow.stream<ui8>
    }
    dataflow.task @make(%out = %x : !dataflow.stream<ui8>) kernel "k" {
      %a = dataflow.constant 1 : ui8
      dataflow.write %a, %out : ui8, !dataflow.stream<ui8>
    }
  }
}

// -----

// CHECK: tasks of kernel k wait for each other (a, b): a dataflow region only goes forward, so give one of them another kernel
builtin.module {
  dataflow.design @d {
    %x = dataflow.stream @x : !dataflow.stream<ui8>
    %y = dataflow.stream @y : !dataflow.stream<ui8>
    dataflow.task @a(%in = %x : !dataflow.stream<ui8>, %out = %y : !dataflow.stream<ui8>) kernel "k" {
      %v = dataflow.read %in : !dataflow.stream<ui8> -> ui8
      dataflow.write %v, %out : ui8, !dataflow.stream<ui8>
    }
    dataflow.task @b(%in = %y : !dataflow.stream<ui8>, %out = %x : !dataflow.stream<ui8>) kernel "k" {
      %v = dataflow.read %in : !dataflow.stream<ui8> -> ui8
      dataflow.write %v, %out : ui8, !dataflow.stream<ui8>
    }
  }
}

// -----

// CHECK: task a of a flat design names no kernel
builtin.module {
  dataflow.design @d {
    %x = dataflow.stream @x : !dataflow.stream<ui8>
    dataflow.task @a(%in = %x : !dataflow.stream<ui8>) {
      %v = dataflow.read %in : !dataflow.stream<ui8> -> ui8
    }
  }
}

// -----

// CHECK: dataflow.kernel can't be in a design beside tasks
builtin.module {
  dataflow.design @d {
    %x = dataflow.stream @x : !dataflow.stream<ui8>
    dataflow.task @a(%in = %x : !dataflow.stream<ui8>) kernel "k" {
      %v = dataflow.read %in : !dataflow.stream<ui8> -> ui8
    }
    dataflow.kernel @k(%in = %x : !dataflow.stream<ui8>) {
    }
  }
}

// -----

// CHECK: task a names a kernel and is in one
builtin.module {
  dataflow.design @d {
    %x = dataflow.stream @x : !dataflow.stream<ui8>
    dataflow.kernel @k(%y = %x : !dataflow.stream<ui8>) {
      dataflow.task @a(%in = %y : !dataflow.stream<ui8>) kernel "k" {
        %v = dataflow.read %in : !dataflow.stream<ui8> -> ui8
      }
    }
  }
}
