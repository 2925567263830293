"""What is made from the last level of the IR: HLS C++, host program, C simulation, reports."""
