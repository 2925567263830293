# 225 MHz; a period has whole picoseconds, so it is rounded down.
create_clock -name ap_clk -period 4.444 [get_ports ap_clk]
