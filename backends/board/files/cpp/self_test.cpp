// Runs every core on its golden frame, twice, and compares what comes back.
//   self_test [HLS]      HLS: the folder with the golden frames (../hls)
// Status: 0 all bytes as expected, 1 some differ, 2 the hardware reports an error.
#include <cstdio>
#include <fstream>
#include <iterator>

#ifdef LICC_SIMULATION
#include "simulated_device.h"
using chosen_device = licc::board::simulated_device;
#else
#include "uio_device.h"
using chosen_device = licc::board::uio_device;
#endif

using namespace licc::board;

static bytes file(const std::string &path) {
    std::ifstream stream(path, std::ios::binary);
    if (!stream) throw board_error(path + ": cannot be read");
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

int main(int argc, char **argv) try {
    const std::string folder = argc > 1 ? argv[1] : "../hls";
    chosen_device device;
    bool failed = false;
    for (const core &core : cores) {
        driver driver(device, core);
        const std::string golden = folder + "/" + core.name + "/" + core.name;
        const bytes given = file(golden + "_input.bin"), expected = file(golden + "_expected.bin");
        for (int frame = 1; frame <= 2; ++frame) {
            const bool same = driver.run(given) == expected;
            failed = failed || !same;
            std::printf("%s, frame %d: %s\n", core.name, frame, same ? "as expected" : "differs");
        }
    }
    return failed;
} catch (const board_error &error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 2;
}
