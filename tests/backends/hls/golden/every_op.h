// Kernels of the design every_op.
#ifndef EVERY_OP_H
#define EVERY_OP_H

#include "ap_int.h"
#include "hls_burst_maxi.h"
#include "hls_stream.h"

#include "lmc_ops.h"
#include "lmc_task.h"

extern "C" void reader(
    ap_uint<32> n_tokens,
    hls::burst_maxi<ap_uint<128>> pairs,
    hls::stream<ap_uint<32>>& pairs_cut);

extern "C" void compute(
    ap_uint<32> n_tokens,
    hls::stream<ap_uint<32>>& pairs_cut,
    hls::burst_maxi<ap_uint<64>> results);

#endif
