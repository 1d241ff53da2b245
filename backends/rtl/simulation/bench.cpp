// Drives a simulated core (the class Vtop, whose top module has the ports of print_top) through whole
// frames, back to back, and writes down what comes out.
//
//   bench INPUT OUTPUT in-bytes in-beats out-bytes out-beats line-beats frames stalls seed limit
//
// INPUT holds the beats of one frame after the other, OUTPUT gets those of all frames. stalls: 0 none, 1
// random ones at both ports, 2 long ones: each port stops for many cycles at a time. The run ends when
// all frames are out, or when no beat has moved for `limit` cycles (status 2). Prints
//   frame CYCLE            for every frame: the cycle after that of its last beat out
//   first CYCLE            the same of the first beat out
//   marks COUNT            beats whose TUSER or TLAST is wrong
// and, from licc_fifo, a line for every FIFO.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

#include "Vtop.h"
#include "verilated.h"

namespace {

using bytes = std::vector<unsigned char>;

// A port is a native integer of up to 64 bits, or an array of words: little-endian bytes either way.
template <class PORT> void put(PORT &port, const unsigned char *from, std::size_t size) {
    std::memset(&port, 0, sizeof port);
    std::memcpy(&port, from, size);
}

template <class PORT> void get(const PORT &port, unsigned char *to, std::size_t size) {
    std::memcpy(to, &port, size);
}

struct random_bits {
    std::uint64_t state;
    std::uint32_t next() {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::uint32_t>(state >> 33);
    }
};

// Whether a port is ready for a beat in a cycle. Random: bursts and pauses of 1 to 16 cycles. Long: up
// to a thousand cycles on and as many off.
struct gate {
    int stalls;
    random_bits dice;
    bool open = true;
    int left = 0;
    bool next() {
        if (stalls == 0) return true;
        if (left == 0) {
            open = !open;
            left = 1 + int(dice.next() % (stalls == 1 ? 16 : 1000));
        }
        --left;
        return open;
    }
};

bytes contents(const char *path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        std::fprintf(stderr, "cannot read %s\n", path);
        std::exit(3);
    }
    return bytes(std::istreambuf_iterator<char>(file), {});
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 12) return 3;
    const bytes input = contents(argv[1]);
    long numbers[9];
    for (int i = 0; i < 9; ++i) numbers[i] = std::atol(argv[3 + i]);
    const auto [in_bytes, in_beats, out_bytes, out_beats, line_beats, frames, stalls, seed, limit] =
        numbers;
    bytes output(std::size_t(out_bytes * out_beats * frames));

    const auto context = std::make_unique<VerilatedContext>();
    const auto top = std::make_unique<Vtop>(context.get());
    const auto edge = [&] {
        top->clock = 1;
        top->eval();
        top->clock = 0;
    };
    top->clock = 0;
    top->reset = 1;
    top->in_tvalid = 0;
    top->out_tready = 0;
    for (int i = 0; i < 4; ++i) {
        top->eval();
        edge();
    }
    top->reset = 0;

    gate source{int(stalls), {std::uint64_t(seed)}}, sink{int(stalls), {std::uint64_t(seed) + 1}};
    long sent = 0, received = 0, cycle = 0, moved = 0, wrong = 0;
    bool offered = false; // a beat that was offered stays
    while (received < out_beats * frames && cycle - moved < limit) {
        offered = sent < in_beats * frames && (source.next() || offered);
        top->in_tvalid = offered;
        if (offered) put(top->in_tdata, input.data() + sent * in_bytes, std::size_t(in_bytes));
        top->out_tready = sink.next();
        top->eval();
        const bool in = top->in_tvalid && top->in_tready, out = top->out_tvalid && top->out_tready;
        if (out) {
            get(top->out_tdata, output.data() + received * out_bytes, std::size_t(out_bytes));
            const long beat = received % out_beats;
            const bool user = beat == 0, last = beat % line_beats == line_beats - 1;
            wrong += user != bool(top->out_tuser) || last != bool(top->out_tlast);
        }
        edge();
        ++cycle;
        sent += in;
        received += out;
        if (in) offered = false;
        if (in || out) moved = cycle;
        if (out && received == 1) std::printf("first %ld\n", cycle);
        if (out && received % out_beats == 0) std::printf("frame %ld\n", cycle);
    }
    std::printf("marks %ld\n", wrong);
    top->final();
    output.resize(std::size_t(received * out_bytes));
    std::ofstream(argv[2], std::ios::binary)
        .write(reinterpret_cast<const char *>(output.data()), std::streamsize(output.size()));
    return received == out_beats * frames ? 0 : 2;
}
