// The C++ codec of a package behind pipes: 'e' width height pixels, or 'd' file, gives 'r' bytes, or
// 'x' message; in between, 't' name frame asks for what a transform makes of a frame.
#include <cstdio>
#include <cstdlib>

#include "licc_codec.h"

using namespace licc::codec;

static bytes take(std::size_t size) {
    bytes data(size);
    if (std::fread(data.data(), 1, size, stdin) != size) std::exit(0);
    return data;
}

static std::uint32_t number() { return read32(take(4).data()); }

static void give(char kind, const bytes &data) {
    bytes head{static_cast<unsigned char>(kind)};
    append32(head, std::uint32_t(data.size()));
    std::fwrite(head.data(), 1, head.size(), stdout);
    std::fwrite(data.data(), 1, data.size(), stdout);
    std::fflush(stdout);
}

int main() {
    const codec coder([](const std::string &name, const bytes &frame) {
        bytes request(name.begin(), name.end());
        request.insert(request.end(), frame.begin(), frame.end());
        give('t', request);
        return take(number());
    });
    while (true) {
        const char command = char(take(1)[0]);
        try {
            if (command == 'e') {
                const std::uint32_t width = number(), height = number();
                give('r', coder.encode({width, height, take(3ul * width * height)}, true));
            } else {
                const image found = coder.decode(take(number()));
                give('r', found.pixels);
            }
        } catch (const bitstream_error &error) {
            const std::string message = error.what();
            give('x', bytes(message.begin(), message.end()));
        }
    }
}
