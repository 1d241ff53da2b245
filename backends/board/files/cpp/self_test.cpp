// Runs every core on its golden frame, twice, and compares what comes back; then codes the golden image.
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

static bool report(const std::string &title, bool same) {
    std::printf("%s: %s\n", title.c_str(), same ? "as expected" : "differs");
    return same;
}

static bool run_cores(board &board, const std::string &folder) {
    bool same = true;
    for (const core &core : cores) {
        const std::string golden = folder + "/" + core.name + "/" + core.name;
        const bytes given = file(golden + "_input.bin"), expected = file(golden + "_expected.bin");
        for (int frame = 1; frame <= 2; ++frame)
            same &= report(std::string(core.name) + ", frame " + std::to_string(frame),
                           board.run(core.name, given) == expected);
    }
    return same;
}

#if __has_include("model.h")
#include "licc_codec.h"

// The colours of a frame.
static bytes colours(const licc::codec::layout &layout, const bytes &frame) {
    bytes pixels;
    for (std::size_t i = 0; i < layout.bytes(); i += layout.padded_channels)
        pixels.insert(pixels.end(), &frame[i], &frame[i] + 3);
    return pixels;
}

// The golden image into a file, which licc's Python coded too, and back.
static bool code(board &board, const std::string &folder) {
    namespace codec = licc::codec;
    const codec::codec coder([&board](const std::string &name, const bytes &frame) {
        return board.run(name, frame);
    });
    const bytes expected = file(folder + "/../golden.licc");
    const codec::image image{codec::model::frame_width, codec::model::frame_height,
                             colours(codec::model::g_a_input, file(folder + "/g_a/g_a_input.bin"))};
    const bool same = report("the bitstream", coder.encode(image) == expected);
    const bytes pixels =
        colours(codec::model::g_s_output, file(folder + "/g_s/g_s_expected.bin"));
    return report("its image", coder.decode(expected).pixels == pixels) && same;
}
#else
static bool code(board &, const std::string &) { return true; }
#endif

int main(int argc, char **argv) try {
    const std::string folder = argc > 1 ? argv[1] : "../hls";
    chosen_device device;
    board board(device);
    const bool same = run_cores(board, folder);
    return code(board, folder) && same ? 0 : 1;
} catch (const std::exception &error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 2;
}
