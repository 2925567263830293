# Kernel after_lm_head, for `vitis_hls -f`. LMC_STEP of the environment says what for:
#   package, or not set: synthesis; writes after_lm_head.xo into the folder that it is started in
#   csim, cosim: simulation of the C++, or of the RTL, with the testbench and the vectors in the folder LMC_VECTORS
set step [expr {[info exists ::env(LMC_STEP)] ? $::env(LMC_STEP) : "package"}]
set folder [file dirname [file normalize [info script]]]
open_project -reset after_lm_head
set_top after_lm_head
add_files [file join $folder after_lm_head.cpp] -cflags "-I$folder"
add_files -tb [file join $folder .. testbench after_lm_head.cpp]
open_solution -reset -flow_target vitis solution
set_part xcu280-fsvh2892-2L-e
create_clock -period 225MHz -name default
switch $step {
  csim {
    csim_design
  }
  cosim {
    csynth_design
    cosim_design
  }
  package {
    csynth_design
    export_design -format xo -output [file join [pwd] after_lm_head.xo]
  }
  default {
    error "LMC_STEP is csim, cosim or package and not \"$step\""
  }
}
exit
