# Kernel reader, for `vitis_hls -f`: writes reader.xo into the folder that it is started in.
set folder [file dirname [file normalize [info script]]]
open_project -reset reader
set_top reader
add_files [file join $folder reader.cpp] -cflags "-I$folder"
open_solution -reset -flow_target vitis solution
set_part xcu280-fsvh2892-2L-e
create_clock -period 225MHz -name default
csynth_design
export_design -format xo -output [file join [pwd] reader.xo]
exit
