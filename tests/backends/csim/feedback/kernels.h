#pragma once
#include <ap_int.h>
#include <hls_stream.h>

typedef ap_uint<512> word512;
typedef ap_uint<128> lanes;

// sums = weights x state, `rounds` times; the state comes from the kernel that takes the sums.
void matrix(const word512* weights, hls::stream<lanes>& state, hls::stream<ap_int<32> >& sums,
            int rows, int rounds);

// Sends the state, then replaces it by the sums rounded to 8 bits, `rounds` times.
void vector_unit(const lanes* first, lanes* last, hls::stream<lanes>& state,
                 hls::stream<ap_int<32> >& sums, int rounds);
