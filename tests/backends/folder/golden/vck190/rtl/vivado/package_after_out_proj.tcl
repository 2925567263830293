# Packages the RTL of kernel after_out_proj, for `vivado -mode batch -source package_after_out_proj.tcl`: writes after_out_proj.xo into the
# folder that it is started in. No AMD tool has seen it: that it packages is assumed. Commands are those of UG1118,
# Creating and Packaging Custom IP, and of UG1393 and UG1702, Packaging the RTL Code as a Vitis XO.
set kernel after_out_proj
set folder [file dirname [file normalize [info script]]]
set rtl [file dirname $folder]

create_project -force -part xcvc1902-vsva2197-2MP-e-S package_$kernel package_$kernel
foreach file {
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
} {
  add_files -norecurse [file join $rtl $file]
}
set_property top $kernel [current_fileset]
update_compile_order -fileset sources_1
file delete -force ip_$kernel
ipx::package_project -root_dir ip_$kernel -vendor lmc -library decode_step -taxonomy /KernelIP -import_files -set_current true
set core [ipx::current_core]
set_property version 1.0 $core

# The packager infers AXI interfaces from the names of their ports. All have one clock.
ipx::infer_bus_interface ap_clk xilinx.com:signal:clock_rtl:1.0 $core
ipx::infer_bus_interface ap_rst_n xilinx.com:signal:reset_rtl:1.0 $core
ipx::infer_bus_interface interrupt xilinx.com:signal:interrupt_rtl:1.0 $core
foreach bus {
  s_axi_control
  hidden_copy
  out
  residual_feedback
  rsqrt_normed_table_2
  normed_q_tiles_2
} {
  if {[llength [ipx::get_bus_interfaces $bus -of_objects $core]] != 1} {
    error "kernel $kernel: Vivado has not inferred the interface $bus"
  }
  ipx::associate_bus_interfaces -busif $bus -clock ap_clk $core
}
ipx::associate_bus_interfaces -clock ap_clk -reset ap_rst_n $core

# The control registers, by name: offset, bits, and the interface that an address is of.
set map [ipx::add_memory_map -quiet s_axi_control $core]
set_property slave_memory_map_ref s_axi_control [ipx::get_bus_interfaces s_axi_control -of_objects $core]
set block [ipx::add_address_block -quiet reg0 $map]
foreach {name offset size bus} {
  CTRL 0x00 32 {}
  GIER 0x04 32 {}
  IP_IER 0x08 32 {}
  IP_ISR 0x0c 32 {}
  n_tokens 0x10 32 {}
  n_logits 0x18 32 {}
} {
  set register [ipx::add_register $name $block]
  set_property address_offset $offset $register
  set_property size $size $register
  if {$bus ne ""} {
    set_property value $bus [ipx::add_register_parameter ASSOCIATED_BUSIF $register]
  }
}

# The platform has the clock, so the core has no frequency of its own.
set_property sdx_kernel true $core
set_property sdx_kernel_type rtl $core
set_property vitis_drc {ctrl_protocol ap_ctrl_hs} $core
set_property ipi_drc {ignore_freq_hz true} $core
ipx::update_source_project_archive -component $core
ipx::create_xgui_files $core
ipx::update_checksums $core
ipx::check_integrity $core
ipx::save_core $core
# The description has the arguments in the order of the C++ function, which the host counts on.
package_xo -force -xo_path [file join [pwd] $kernel.xo] -kernel_name $kernel -ip_directory ip_$kernel -kernel_xml [file join $folder $kernel.xml]
close_project
exit
