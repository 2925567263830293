# Synthesizes the RTL of one kernel out of context: `vivado -mode batch -source synthesize.tcl -tclargs KERNEL`
# makes a project and two reports in the folder KERNEL of where it is started. The clock is in clock.xdc.
# No AMD tool has seen it: that it runs is assumed. Commands are those of UG835.
array set files {
  load {
    library/lmc_axi_cut.sv
    library/lmc_axi_lite_control.sv
    library/lmc_axi_read.sv
    library/lmc_axi_write.sv
    library/lmc_delay.sv
    library/lmc_fifo.sv
    library/lmc_pipeline.sv
    library/lmc_ram.sv
    library/lmc_stages.sv
    library/lmc_stream_slice.sv
    tasks/read_prompt.sv
    tasks/choose_token.sv
    tasks/fetch_embedding.sv
    tasks/unpack_embedding.sv
    tasks/read_conv_state.sv
    tasks/unpack_conv_state.sv
    tasks/read_ssm_state.sv
    tasks/unpack_ssm_state.sv
    tasks/read_ssm_state_exponents.sv
    tasks/unpack_ssm_state_exponents.sv
    tasks/read_parameters.sv
    tasks/deal_parameters.sv
    tasks/read_tables.sv
    tasks/deal_tables.sv
    load_tasks.sv
    load.sv
  }
  front {
    library/lmc_axi_cut.sv
    library/lmc_axi_lite_control.sv
    library/lmc_axi_read.sv
    library/lmc_axi_write.sv
    library/lmc_delay.sv
    library/lmc_fifo.sv
    library/lmc_pipeline.sv
    library/lmc_ram.sv
    library/lmc_stages.sv
    library/lmc_stream_slice.sv
    tasks/embedding_2.sv
    tasks/enter_layer.sv
    tasks/fork_hidden.sv
    tasks/rms_norm.sv
    tasks/quantize.sv
    front_tasks.sv
    front.sv
  }
  after_in_proj {
    library/lmc_axi_cut.sv
    library/lmc_axi_lite_control.sv
    library/lmc_axi_read.sv
    library/lmc_axi_write.sv
    library/lmc_delay.sv
    library/lmc_fifo.sv
    library/lmc_pipeline.sv
    library/lmc_ram.sv
    library/lmc_stages.sv
    library/lmc_stream_slice.sv
    tasks/split.sv
    tasks/conv1d.sv
    tasks/silu.sv
    tasks/fork_x.sv
    tasks/keep_x_copy.sv
    tasks/quantize_2.sv
    after_in_proj_tasks.sv
    after_in_proj.sv
  }
  store {
    library/lmc_axi_cut.sv
    library/lmc_axi_lite_control.sv
    library/lmc_axi_read.sv
    library/lmc_axi_write.sv
    library/lmc_delay.sv
    library/lmc_fifo.sv
    library/lmc_pipeline.sv
    library/lmc_ram.sv
    library/lmc_stages.sv
    library/lmc_stream_slice.sv
    tasks/pack_conv_state.sv
    tasks/write_conv_state.sv
    tasks/pack_ssm_state.sv
    tasks/write_ssm_state.sv
    tasks/pack_ssm_state_exponents.sv
    tasks/write_ssm_state_exponents.sv
    tasks/pack_logits.sv
    tasks/write_logits.sv
    tasks/write_tokens.sv
    store_tasks.sv
    store.sv
  }
  states {
    library/lmc_axi_cut.sv
    library/lmc_axi_lite_control.sv
    library/lmc_axi_read.sv
    library/lmc_axi_write.sv
    library/lmc_delay.sv
    library/lmc_fifo.sv
    library/lmc_pipeline.sv
    library/lmc_ram.sv
    library/lmc_stages.sv
    library/lmc_stream_slice.sv
    tasks/hold_conv_state.sv
    tasks/hold_ssm_state.sv
    states_tasks.sv
    states.sv
  }
  after_x_proj {
    library/lmc_axi_cut.sv
    library/lmc_axi_lite_control.sv
    library/lmc_axi_read.sv
    library/lmc_axi_write.sv
    library/lmc_delay.sv
    library/lmc_fifo.sv
    library/lmc_pipeline.sv
    library/lmc_ram.sv
    library/lmc_stages.sv
    library/lmc_stream_slice.sv
    tasks/split_2.sv
    tasks/quantize_3.sv
    after_x_proj_tasks.sv
    after_x_proj.sv
  }
  after_dt_proj {
    library/lmc_axi_cut.sv
    library/lmc_axi_lite_control.sv
    library/lmc_axi_read.sv
    library/lmc_axi_write.sv
    library/lmc_delay.sv
    library/lmc_fifo.sv
    library/lmc_pipeline.sv
    library/lmc_ram.sv
    library/lmc_stages.sv
    library/lmc_stream_slice.sv
    tasks/bias.sv
    tasks/softplus.sv
    tasks/fork_dt.sv
    tasks/narrow_dt_copy.sv
    tasks/decay_2.sv
    tasks/narrow_x_copy_kept.sv
    tasks/state_update.sv
    tasks/widen_y_rows.sv
    tasks/silu_2.sv
    tasks/keep_x_copy.sv
    tasks/mul.sv
    tasks/rotate.sv
    tasks/quantize_4.sv
    after_dt_proj_tasks.sv
    after_dt_proj.sv
  }
  after_out_proj {
    library/lmc_axi_cut.sv
    library/lmc_axi_lite_control.sv
    library/lmc_axi_read.sv
    library/lmc_axi_write.sv
    library/lmc_delay.sv
    library/lmc_fifo.sv
    library/lmc_pipeline.sv
    library/lmc_ram.sv
    library/lmc_stages.sv
    library/lmc_stream_slice.sv
    tasks/add.sv
    tasks/leave_layer.sv
    tasks/rms_norm_2.sv
    tasks/quantize_5.sv
    after_out_proj_tasks.sv
    after_out_proj.sv
  }
  after_lm_head {
    library/lmc_axi_cut.sv
    library/lmc_axi_lite_control.sv
    library/lmc_axi_read.sv
    library/lmc_axi_write.sv
    library/lmc_delay.sv
    library/lmc_fifo.sv
    library/lmc_pipeline.sv
    library/lmc_ram.sv
    library/lmc_stages.sv
    library/lmc_stream_slice.sv
    tasks/fork_logits.sv
    tasks/choose_greedily.sv
    after_lm_head_tasks.sv
    after_lm_head.sv
  }
  matrix {
    library/lmc_axi_cut.sv
    library/lmc_axi_lite_control.sv
    library/lmc_axi_read.sv
    library/lmc_axi_write.sv
    library/lmc_delay.sv
    library/lmc_fifo.sv
    library/lmc_pipeline.sv
    library/lmc_ram.sv
    library/lmc_stages.sv
    library/lmc_stream_slice.sv
    tasks/gather.sv
    tasks/read_weights_0.sv
    tasks/deal_0.sv
    tasks/deal_scales_0.sv
    tasks/lane_0.sv
    tasks/join_rows.sv
    tasks/scatter.sv
    matrix_tasks.sv
    matrix.sv
  }
}
set kernel [lindex $argv 0]
if {[llength $argv] != 1 || ![info exists files($kernel)]} {
  error "synthesize.tcl takes one kernel: [lsort [array names files]]"
}
set folder [file dirname [file normalize [info script]]]
set rtl [file dirname $folder]

create_project -force -part xcvc1902-vsva2197-2MP-e-S $kernel $kernel
foreach file $files($kernel) {
  add_files -norecurse [file join $rtl $file]
}
add_files -fileset constrs_1 -norecurse [file join $folder clock.xdc]
set_property top $kernel [current_fileset]
update_compile_order -fileset sources_1
synth_design -top $kernel -part xcvc1902-vsva2197-2MP-e-S -mode out_of_context
report_timing_summary -file [file join $kernel timing.rpt]
report_utilization -hierarchical -file [file join $kernel utilization.rpt]
close_project
exit
