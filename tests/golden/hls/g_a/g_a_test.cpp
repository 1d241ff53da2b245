// Test bench of g_a: the golden frame, twice, back to back.
//   g_a_test [INPUT [EXPECTED [OUTPUT]]]      EXPECTED - compares nothing
// Status: 0 all values as expected, 1 some differ, 2 deadlock, 3 a file is missing.
#include "g_a.h"

#include <licc/session.h>

int main(int argc, char **argv) {
    licc::bench::session<g_a_read_axis, g_a_write_axis> session("g_a", argc, argv);
    while (session.more()) {
        hls::stream<licc::axis_word<licc::uint<8>, 3>> in("in");
        hls::stream<licc::axis_word<licc::sint<8>, 3>> out("out");
        session.send(in);
        g_a(in, out);
        session.check(out);
    }
    return session.status();
}
