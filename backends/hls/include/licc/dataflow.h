// How the top function of a design starts its actors.
//
//   void g_a(hls::stream<...> &in, hls::stream<...> &out) {
//   #pragma HLS dataflow
//       hls::stream<licc::word<licc::uint<8>, 3>, 2> x0("x0");
//       LICC_PROCESS(licc::read_axis<g_a_in>, in, x0);
//       ...
//       LICC_RUN
//   }
//
// Under Vitis HLS a process is a plain call and LICC_RUN is nothing, so the region is a canonical
// DATAFLOW region. With LICC_SIMULATION (the plain g++ build) processes are fibres which LICC_RUN
// runs until all have ended; a deadlock, or words that stay in a FIFO, end the program with status 2.
// Each does LICC_FRAMES frames one after the other: as in hardware, where a process begins its next
// frame whatever the others are at.
#ifndef LICC_DATAFLOW_H
#define LICC_DATAFLOW_H

#ifdef LICC_SIMULATION
#include <scheduler.h>
#ifndef LICC_FRAMES
#define LICC_FRAMES 1
#endif
#define LICC_PROCESS(function, ...)                                                                \
    licc::sim::scheduler::instance().spawn(#function, [&] {                                        \
        for (int frame = 0; frame < LICC_FRAMES; ++frame) function(__VA_ARGS__);                   \
    })
#define LICC_RUN licc::sim::scheduler::instance().run();
#else
#define LICC_PROCESS(function, ...) function(__VA_ARGS__)
#define LICC_RUN
#endif

#endif
