// All steps of lowering together; each has a test of its own beside those of other passes.
// RUN: lmc opt %s -p 'tile-and-fuse,allocate-resources{target=kv260 lanes="DDR4:2" state=DDR4 vector_lanes=2},lower-to-tasks,share-matrix-unit,stream-images,outline-kernels' | filecheck %s
// RUN: lmc opt %s -p 'tile-and-fuse,allocate-resources{target=kv260 lanes="DDR4:2" state=DDR4 vector_lanes=2},lower-to-tasks,share-matrix-unit,stream-images,outline-kernels,simplify-loops,drain-pipelines,schedule-loops,size-fifos,check-dataflow' | filecheck %s --check-prefix FINAL
// RUN: lmc opt %s -p 'tile-and-fuse,allocate-resources{lanes="DDR4:1 LPDDR4:2x3" state=chip side=DDR4},lower-to-tasks,share-matrix-unit,stream-images,outline-kernels,check-dataflow' | filecheck %s --check-prefix SETS
// RUN: lmc opt %s -p 'tile-and-fuse,allocate-resources{target=u280 lanes="HBM2:2" state=HBM2 side=DDR4},lower-to-tasks,share-matrix-unit,stream-images,outline-kernels,check-dataflow' | filecheck %s --check-prefix CHANNELS
// RUN: lmc opt %s -p 'allocate-resources{target=kv260 lanes="DDR4:2" state=DDR4 vector_lanes=2},lower-to-tasks,share-matrix-unit,stream-images,outline-kernels,check-dataflow' | filecheck %s --check-prefix NAIVE

// Weights and tables stay, the function is gone.
// CHECK:      ssm.weight @lm_head
// CHECK:      ssm.table @exp
// CHECK-NOT:  func.func
// CHECK-NEXT: dataflow.design @decode_step clock_mhz 200 {
// CHECK-NEXT:   %n_tokens = dataflow.scalar @n_tokens examples [3 : i64, 4 : i64] : ui32
// CHECK-NEXT:   %n_prompt = dataflow.scalar @n_prompt
// CHECK-NEXT:   %n_logits = dataflow.scalar @n_logits

// A row of the embedding is one word: four elements of two 8-bit weights and their scale.
// CHECK-NEXT:   dataflow.bank @embedding "read" words 16 in "DDR4" layout [#dataflow.rows<@embedding, lanes 2, mantissa_bits 8, exponent_bits 3>] : !dataflow.port<ui512>
// CHECK-NEXT:   dataflow.bank @prompt "read" words 65536 in "DDR4" layout [#dataflow.prompt] : !dataflow.port<ui32>
// Two channels with windows of three 16-bit elements; blocks of four 8-bit elements, their exponents apart.
// CHECK-NEXT:   dataflow.bank @conv_state_state "read_write" words 2 in "DDR4" layout [#dataflow.state<bits 96, count 4, layers 2>]
// CHECK-NEXT:   dataflow.bank @ssm_state_state "read_write" words 2 in "DDR4" layout [#dataflow.state<bits 32, count 8, layers 2>]
// CHECK-NEXT:   dataflow.bank @ssm_state_exponents_state "read_write" words 2 in "DDR4" layout [#dataflow.state<bits 4, count 8, layers 2>]
// CHECK-NEXT:   dataflow.bank @logits "write" words 1 in "DDR4" layout [#dataflow.logits<words 1, length 16, lanes 2, bits 32, frac 16, mul 1>]
// CHECK-NEXT:   dataflow.bank @tokens "write" words 65536 in "DDR4" layout [#dataflow.tokens] : !dataflow.port<ui32>
// 2 layers x (10 + 4 rounds of 2 rows) x 1 tile, and 8 rounds x 2 planes of the head: 44 words of 32 nibbles, and a word
// of up to 11 scales for each of the five matrices.
// CHECK-NEXT:   dataflow.bank @weights_0 "read" words 49 in "DDR4" layout [#dataflow.matrix<@in_proj, first_row 0, sets 1, round_rows 2, rows 1, inputs 32, block 8, mantissa_bits 8, exponent_bits 3>, #dataflow.matrix<@out_proj, first_row 0
// CHECK-NEXT:   dataflow.bank @weights_1 "read" words 49 in "DDR4" layout [#dataflow.matrix<@in_proj, first_row 1
// CHECK-NEXT:   dataflow.bank @parameters "read" words 8 in "DDR4" layout [#dataflow.vector<@conv_weight, lanes 8, bits 12>, #dataflow.vector<@dt_bias, lanes 2, bits 16>, #dataflow.vector<@a, lanes 2, bits 12>, #dataflow.vector<@d, lanes 1, bits 10>]
// CHECK-NEXT:   dataflow.bank @tables "read" words 528 in "DDR4" layout [#dataflow.table<@rsqrt, bits 32>, #dataflow.table<@softplus, bits 64>, #dataflow.table<@exp, bits 64>, #dataflow.table<@rsqrt, bits 32>]
// CHECK-NOT:    dataflow.bank

// Streams between kernels: ids and residual stream go back, a credit says where a state is written.
// CHECK-NEXT:   dataflow.stream @chosen_tokens : !dataflow.stream<ui32>
// CHECK:        dataflow.stream @residual_feedback carries {{.*}} : !dataflow.stream<ui48>
// A tile: 32 elements of 8 bits and 4 exponents of 4 bits.
// CHECK:        dataflow.stream @u_q_tiles carries {{.*}} : !dataflow.stream<ui272>
// CHECK:        dataflow.stream @ssm_state_credit : !dataflow.stream<ui32>

// CHECK:        dataflow.kernel @load(
// CHECK:          dataflow.task @choose_token(
// CHECK:          dataflow.task @read_ssm_state(
// CHECK:                scf.if
// CHECK-NEXT:             dataflow.read %ssm_state_credit
// CHECK:                dataflow.burst_read "read_ssm_state_burst"
// CHECK:        dataflow.kernel @front(
// CHECK-NEXT:     dataflow.stream @embedded carries {{.*}} : !dataflow.stream<ui48>
// CHECK:          dataflow.task @embedding_2(
// CHECK:          dataflow.task @enter_layer(
// CHECK:          dataflow.task @fork_h(
// CHECK:          dataflow.task @rms_norm(
// CHECK:          dataflow.task @quantize(
// CHECK:        dataflow.kernel @after_in_proj(
// CHECK:          dataflow.task @split(
// CHECK:          dataflow.task @conv1d(
// CHECK:          dataflow.task @bias(
// CHECK:          dataflow.task @softplus(
// CHECK:          dataflow.task @decay_2(
// CHECK:          dataflow.task @state_update(
// CHECK:          dataflow.task @quantize_2(
// CHECK:        dataflow.kernel @store(
// CHECK:          dataflow.task @write_ssm_state(
// CHECK:        dataflow.kernel @after_out_proj(

// A whole body: both operands at 16 fraction bits, added, rounded once.
// CHECK:          dataflow.task @add(
// CHECK:                scf.for %word = %{{.*}} to %{{.*}} step %{{.*}} {
// CHECK-NEXT:             [[H:%.*]] = dataflow.read %h_copy_2 : !dataflow.stream<ui48> -> ui48
// CHECK-NEXT:             [[O:%.*]] = dataflow.read %o_2 : !dataflow.stream<ui64> -> ui64
// CHECK-NEXT:             [[WORD:%.*]] = scf.for %lane = {{.*}} iter_args([[SO_FAR:%.*]] = {{%.*}}) -> (ui48) {
// CHECK:                    [[X:%.*]] = dataflow.slice [[H]][{{.*}}] : ui48 -> si24
// CHECK:                    [[Y:%.*]] = dataflow.slice [[O]][{{.*}}] : ui64 -> si32
// CHECK-NEXT:               [[SHIFTED:%.*]] = dataflow.shl [[X]], [[TWO:%.*]] : si24, index -> si26
// CHECK-NEXT:               [[SUM:%.*]] = dataflow.add [[SHIFTED]], [[Y]] : si26, si32 -> si33
// CHECK-NEXT:               [[Z:%.*]] = dataflow.round_shift_saturate [[SUM]], [[TWO]] : si33, index -> si24
// CHECK:                    dataflow.insert [[Z]], [[SO_FAR]]
// CHECK:                  } {loop = #dataflow.loop<"add_lane", unroll>}
// CHECK-NEXT:             dataflow.write [[WORD]], %h_new_1 : ui48, !dataflow.stream<ui48>
// CHECK-NEXT:           } {loop = #dataflow.loop<"add_word", pipeline>}
// CHECK-NEXT:         } {loop = #dataflow.loop<"add_layer">}
// CHECK-NEXT:       } {loop = #dataflow.loop<"add_token">}
// CHECK:          dataflow.task @leave_layer(

// CHECK:        dataflow.kernel @after_lm_head(
// CHECK:          dataflow.task @choose_greedily(
// CHECK:        dataflow.kernel @matrix(
// CHECK:          dataflow.task @gather(
// The layers' words of a token are one burst; the head's follow if the token has logits.
// CHECK:          dataflow.task @read_weights_0(
// CHECK:            [[LAYERED:%.*]] = arith.constant 32 : index
// CHECK:            dataflow.burst_read "read_weights_0_layers" %{{.*}}[%{{.*}}], [[LAYERED]] to
// CHECK:            dataflow.burst_read "read_weights_0_final" %{{.*}}[[[LAYERED]]], %{{.*}} to
// The first word of a run is scales, for as many weight words as there are rounds.
// CHECK:          dataflow.task @deal_0(
// CHECK:                scf.for %in_proj_run =
// CHECK-NEXT:             scf.for %word =
// CHECK-NEXT:               [[WORD:%.*]] = dataflow.read %lane_words_0
// CHECK-NEXT:               arith.cmpi eq, %word
// CHECK-NEXT:               scf.if
// CHECK-NEXT:                 dataflow.write [[WORD]], %scale_words_0
// CHECK:                    scf.if
// CHECK-NEXT:                 dataflow.write [[WORD]], %weight_words_0
// CHECK:          dataflow.task @deal_scales_0(
// CHECK:          dataflow.task @lane_0(
// CHECK:          dataflow.task @lane_1(
// CHECK:          dataflow.task @join_rows(
// CHECK:          dataflow.task @scatter(

// FINAL: dataflow.stream @residual_feedback depth {{[0-9]+}} rate [12 : i64, 16 : i64]
// FINAL: {loop = #dataflow.loop<"add_word", pipeline, ii 1, latency {{[0-9]+}}>}
// FINAL: {loop = #dataflow.loop<"lane_0_plane", pipeline, ii 1

// A lane with a set of four rows, and two with three sets each: 28 rows in a round, of which every matrix has one.
// SETS: clock_mhz 300
// SETS: dataflow.bank @weights_0 "read" words 11 in "DDR4" layout [#dataflow.matrix<@in_proj, first_row 0, sets 1, round_rows 28, rows 4
// SETS: dataflow.bank @weights_1 "read" words 23 in "LPDDR4" layout [#dataflow.matrix<@in_proj, first_row 4, sets 3, round_rows 28, rows 4
// SETS: dataflow.bank @weights_2 "read" words 23 in "LPDDR4" layout [#dataflow.matrix<@in_proj, first_row 16, sets 3
// SETS-NOT: dataflow.bank @weights_3
// Vectors of four elements; nothing waits for a state to be written.
// SETS: dataflow.stream @residual_feedback carries {{.*}} : !dataflow.stream<ui96>
// SETS-NOT: _credit

// A state on the chip: read when a launch begins, written back when it ends, by tasks without a loop over tokens.
// SETS:       dataflow.kernel @states(
// SETS:         dataflow.task @hold_ssm_state(
// SETS-NEXT:      %state = dataflow.buffer @state "uram" : memref<2x8xui36>
// SETS:           scf.for %load_layer =
// SETS-NEXT:        scf.for %load =
// SETS-NEXT:          [[V:%.*]] = dataflow.read %ssm_state_loaded
// SETS-NEXT:          [[E:%.*]] = dataflow.read %ssm_state_exponents_loaded
// SETS-NEXT:          [[BOTH:%.*]] = dataflow.concat [[V]], [[E]] : ui32, ui4 -> ui36
// SETS-NEXT:          memref.store [[BOTH]], %state[%load_layer, %load]
// SETS:           scf.for %token =
// SETS-NEXT:        scf.for %layer =
// SETS-NEXT:          scf.for %give =
// SETS-NEXT:            memref.load %state[%layer, %give]
// SETS:                 dataflow.write %{{.*}}, %ssm_state_old
// SETS:                 dataflow.write %{{.*}}, %ssm_state_exponents_old
// SETS:               scf.for %take =
// SETS-NEXT:            dataflow.read %ssm_state_new
// SETS:                 memref.store %{{.*}}, %state[%layer, %take]
// SETS:           scf.for %save_layer =
// SETS:               memref.load %state[%save_layer, %save]

// A lane adds up its sets side by side, a weight word for each in turn.
// SETS:       dataflow.task @lane_1(
// SETS:         dataflow.buffer @accumulators "register" partition {{.*}} : memref<3x4xsi48>
// SETS:       {loop = #dataflow.loop<"lane_1_set", pipeline>}

// Channels of HBM: lanes take the first ones, the state the one after them.
// CHANNELS: dataflow.bank @embedding "read" words 16 in "DDR4" channel 1 layout
// CHANNELS: dataflow.bank @ssm_state_state "read_write" words 2 in "HBM2" channel 2 layout
// CHANNELS: dataflow.bank @weights_0 "read" words {{[0-9]+}} in "HBM2" layout
// CHANNELS: dataflow.bank @weights_1 "read" words {{[0-9]+}} in "HBM2" channel 1 layout

// Without groups every value is kept until all of it is there, once for all its uses; B and C the update holds itself.
// NAIVE:       dataflow.kernel @front(
// NAIVE-NOT:   dataflow.task @keep_
// NAIVE:       dataflow.kernel @after_in_proj(
// NAIVE-NEXT:  dataflow.stream @xbcdt_kept carries {{.*}} : !dataflow.stream<ui32>
// NAIVE:       dataflow.task @keep_xbcdt(
// NAIVE-NEXT:    %vector = dataflow.buffer @vector "auto" : memref<10xui32>
// NAIVE:             [[IN:%.*]] = dataflow.read %xbcdt_2
// NAIVE-NEXT:        memref.store [[IN]], %vector[%take_in]
// NAIVE-NEXT:      } {loop = #dataflow.loop<"keep_xbcdt_take_in", pipeline>}
// NAIVE:             [[OUT:%.*]] = memref.load %vector[%give_out]
// NAIVE-NEXT:        dataflow.write [[OUT]], %xbcdt_kept_1
// NAIVE-NEXT:      } {loop = #dataflow.loop<"keep_xbcdt_give_out", pipeline>}
// NAIVE:       dataflow.task @split(
// NAIVE-NEXT:    arith
// NAIVE-NOT:   dataflow.task @keep_b
// NAIVE:       dataflow.task @keep_dt(
// NAIVE:       dataflow.task @fork_dt_kept(
// NAIVE:       dataflow.task @keep_decay(
// NAIVE:       dataflow.kernel @after_out_proj(
// NAIVE:       dataflow.task @keep_o(
// NAIVE:       dataflow.kernel @after_lm_head(
// NAIVE-NOT:   dataflow.task @keep_
builtin.module {
  ssm.weight @embedding : tensor<16x8x!ssm.wint<8, 8, 8, 3, 13>> = [#ssm.step<load, {name = "embedding"}>, #ssm.step<quantize, {clip = "mse"}>]
  ssm.weight @in_proj : tensor<20x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "in_proj.{layer}"}>, #ssm.step<quantize, {clip = "mse"}>]
  ssm.weight @conv_weight : tensor<8x4x!ssm.fixed<12, 10>> layers 2 = [#ssm.step<load, {name = "conv_weight.{layer}"}>, #ssm.step<quantize, {clip = "none"}>]
  ssm.weight @dt_bias : tensor<4x!ssm.fixed<16, 9>> layers 2 = [#ssm.step<load, {name = "dt_bias.{layer}"}>, #ssm.step<quantize, {clip = "none"}>]
  ssm.weight @a : tensor<4x!ssm.fixed<12, 8>> layers 2 = [#ssm.step<load, {name = "a.{layer}"}>, #ssm.step<quantize, {clip = "none"}>]
  ssm.weight @d : tensor<4x!ssm.fixed<10, 7>> layers 2 = [#ssm.step<load, {name = "d.{layer}"}>, #ssm.step<quantize, {clip = "none"}>]
  ssm.weight @out_proj : tensor<8x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [#ssm.step<load, {name = "out_proj.{layer}"}>, #ssm.step<quantize, {clip = "mse"}>]
  ssm.weight @lm_head : tensor<16x8x!ssm.wint<8, 8, 8, 3, 14>> = [#ssm.step<load, {name = "embedding"}>, #ssm.step<quantize, {clip = "mse"}>]
  ssm.table @rsqrt function "rsqrt" {elements = 8 : i64, mantissa_shift = 18 : i64} : !ssm.fixed<24, 14> to !ssm.pfloat<16, 4>
  ssm.table @softplus function "softplus" {segments = 64 : i64, shift = 9 : i64, low = -16384 : i64, slope_frac = 10 : i64} : !ssm.fixed<16, 10> to !ssm.fixed<16, 12>
  ssm.table @exp function "exp" {segments = 64 : i64, shift = 9 : i64, low = -32768 : i64, slope_frac = 10 : i64} : !ssm.fixed<18, 12> to !ssm.fixed<16, 15>
  func.func @decode_step(%id: tensor<i32>, %conv: tensor<2x8x3x!ssm.fixed<16, 9>>, %ssm: tensor<2x4x2x4x!ssm.bfp<8, 4, 14>>) -> (tensor<16x!ssm.fixed<32, 16>>, tensor<2x8x3x!ssm.fixed<16, 9>>, tensor<2x4x2x4x!ssm.bfp<8, 4, 14>>) {
    %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<8x!ssm.fixed<24, 14>>
    %last, %conv_new, %ssm_new = ssm.layers %embedded, %conv, %ssm count(2) carried(1) {
    ^layer(%h: tensor<8x!ssm.fixed<24, 14>>, %conv_state: tensor<8x3x!ssm.fixed<16, 9>>, %ssm_state: tensor<4x2x4x!ssm.bfp<8, 4, 14>>):
      %u = ssm.rms_norm %h eps(1.0e-05 : f32) table @rsqrt : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.fixed<16, 11>>
      %u_q = ssm.quantize %u rounding("up") : (tensor<8x!ssm.fixed<16, 11>>) -> tensor<8x!ssm.bfp<8, 8, 11>>
      %xbcdt = ssm.linear %u_q, @in_proj : (tensor<8x!ssm.bfp<8, 8, 11>>) -> tensor<20x!ssm.fixed<16, 9>>
      %x_in, %b, %c, %dt_in = ssm.split %xbcdt : (tensor<20x!ssm.fixed<16, 9>>) -> (tensor<8x!ssm.fixed<16, 9>>, tensor<4x!ssm.fixed<16, 9>>, tensor<4x!ssm.fixed<16, 9>>, tensor<4x!ssm.fixed<16, 9>>)
      %x, %conv_state_new = ssm.causal_conv1d_step %x_in, %conv_state, @conv_weight : (tensor<8x!ssm.fixed<16, 9>>, tensor<8x3x!ssm.fixed<16, 9>>) -> (tensor<8x!ssm.fixed<16, 10>>, tensor<8x3x!ssm.fixed<16, 9>>)
      %dt_biased = ssm.bias %dt_in, @dt_bias : (tensor<4x!ssm.fixed<16, 9>>) -> tensor<4x!ssm.fixed<16, 10>>
      %dt = ssm.softplus %dt_biased table @softplus : (tensor<4x!ssm.fixed<16, 10>>) -> tensor<4x!ssm.fixed<16, 12>>
      %decay = ssm.decay %dt, @a argument !ssm.fixed<18, 12> table @exp : (tensor<4x!ssm.fixed<16, 12>>) -> tensor<4x!ssm.fixed<16, 15>>
      %y, %ssm_state_new = ssm.selective_state_update %ssm_state, %decay, %dt, %x, %b, %c, @d dtx !ssm.fixed<16, 12> : (tensor<4x2x4x!ssm.bfp<8, 4, 14>>, tensor<4x!ssm.fixed<16, 15>>, tensor<4x!ssm.fixed<16, 12>>, tensor<8x!ssm.fixed<16, 10>>, tensor<4x!ssm.fixed<16, 9>>, tensor<4x!ssm.fixed<16, 9>>) -> (tensor<8x!ssm.fixed<16, 10>>, tensor<4x2x4x!ssm.bfp<8, 4, 14>>)
      %y_q = ssm.quantize %y rounding("up") : (tensor<8x!ssm.fixed<16, 10>>) -> tensor<8x!ssm.bfp<8, 8, 10>>
      %o = ssm.linear %y_q, @out_proj : (tensor<8x!ssm.bfp<8, 8, 10>>) -> tensor<8x!ssm.fixed<32, 16>>
      %h_new = ssm.add %h, %o : (tensor<8x!ssm.fixed<24, 14>>, tensor<8x!ssm.fixed<32, 16>>) -> tensor<8x!ssm.fixed<24, 14>>
      ssm.yield %h_new, %conv_state_new, %ssm_state_new : tensor<8x!ssm.fixed<24, 14>>, tensor<8x3x!ssm.fixed<16, 9>>, tensor<4x2x4x!ssm.bfp<8, 4, 14>>
    } : (tensor<8x!ssm.fixed<24, 14>>, tensor<2x8x3x!ssm.fixed<16, 9>>, tensor<2x4x2x4x!ssm.bfp<8, 4, 14>>) -> (tensor<8x!ssm.fixed<24, 14>>, tensor<2x8x3x!ssm.fixed<16, 9>>, tensor<2x4x2x4x!ssm.bfp<8, 4, 14>>)
    %f = ssm.rms_norm %last eps(1.0e-05 : f32) table @rsqrt : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.fixed<16, 11>>
    %f_q = ssm.quantize %f rounding("up") : (tensor<8x!ssm.fixed<16, 11>>) -> tensor<8x!ssm.bfp<8, 8, 11>>
    %logits = ssm.linear %f_q, @lm_head : (tensor<8x!ssm.bfp<8, 8, 11>>) -> tensor<16x!ssm.fixed<32, 16>>
    func.return %logits, %conv_new, %ssm_new : tensor<16x!ssm.fixed<32, 16>>, tensor<2x8x3x!ssm.fixed<16, 9>>, tensor<2x4x2x4x!ssm.bfp<8, 4, 14>>
  }
}
