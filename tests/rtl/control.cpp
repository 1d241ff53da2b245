// Drives a core as an IP (the class Vtop, whose top module has the ports of print_wrapper): commands of
// a file, one after the other, on its registers, while beats go in and out.
//
//   control COMMANDS INPUT OUTPUT in-bytes out-bytes line-beats frame-beats
//
//   write ADDRESS VALUE STROBES LATE PAUSE  the data LATE cycles after the address (before it if negative),
//                                  BREADY high PAUSE cycles after BVALID; prints the response
//   read ADDRESS PAUSE             RREADY high PAUSE cycles after RVALID; prints value and response
//   until ADDRESS MASK VALUE       reads until the masked value is that; prints all that was read, as one
//   offer BEATS                    lets so many more beats of INPUT in
//   sink OPEN                      whether the port out takes beats, 0 or 1
//   step CYCLES
//   show                           prints beats in, beats out, the interrupt
//   reset
//
// OUTPUT gets the beats that came out. Status 1 if a beat's TUSER, TLAST, TKEEP, TSTRB, TID or TDEST is
// wrong, or what was valid did not stay, 2 if nothing happens for 100,000 cycles.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "Vtop.h"
#include "verilated.h"

namespace {

using bytes = std::vector<unsigned char>;

[[noreturn]] void fail(const char *what, int status) {
    std::printf("fault: %s\n", what);
    std::fflush(stdout);
    std::exit(status);
}

struct bench {
    Vtop top;
    bytes input, output;
    std::size_t in_bytes, out_bytes, line_beats, frame_beats;
    std::size_t allowed = 0, sent = 0, received = 0;

    void clock() {
        const bool offers = sent < allowed;
        top.in_r_TVALID = offers;
        if (offers) std::memcpy(&top.in_r_TDATA, &input[sent * in_bytes], in_bytes);
        top.eval();
        const bool in = offers && top.in_r_TREADY;
        const bool waits = top.out_r_TVALID && !top.out_r_TREADY;
        const auto data = top.out_r_TDATA;
        if (top.out_r_TVALID && top.out_r_TREADY) take();
        top.ap_clk = 1;
        top.eval();
        top.ap_clk = 0;
        top.eval();
        sent += in;
        if (waits && top.ap_rst_n && (!top.out_r_TVALID || top.out_r_TDATA != data))
            fail("a beat was withdrawn", 1);
    }

    void take() {
        const auto *data = reinterpret_cast<const unsigned char *>(&top.out_r_TDATA);
        output.insert(output.end(), data, data + out_bytes);
        const std::size_t mask = (std::size_t(1) << out_bytes) - 1;
        const bool user = received % frame_beats == 0;
        const bool last = received % line_beats == line_beats - 1;
        if (top.out_r_TUSER != user || top.out_r_TLAST != last) fail("TUSER or TLAST", 1);
        if (top.out_r_TKEEP != mask || top.out_r_TSTRB != mask) fail("TKEEP or TSTRB", 1);
        if (top.out_r_TID || top.out_r_TDEST) fail("TID or TDEST", 1);
        ++received;
    }

    void step(int cycles) {
        while (cycles-- > 0) clock();
    }

    // Cycles until `done`; it is an error if there are many.
    template <class DONE> void wait(DONE done, const char *what) {
        for (int cycle = 0; !done(); ++cycle) {
            if (cycle == 100000) fail(what, 2);
            clock();
        }
    }

    unsigned write(unsigned address, unsigned value, unsigned strobes, int late, int pause) {
        top.s_axi_control_AWADDR = address;
        top.s_axi_control_WDATA = value;
        top.s_axi_control_WSTRB = strobes;
        bool named = false, given = false;
        for (int cycle = 0; !named || !given; ++cycle) {
            top.s_axi_control_AWVALID = !named && cycle >= -late;
            top.s_axi_control_WVALID = !given && cycle >= late;
            top.eval();
            const bool takes_address = top.s_axi_control_AWVALID && top.s_axi_control_AWREADY;
            const bool takes_data = top.s_axi_control_WVALID && top.s_axi_control_WREADY;
            if (top.s_axi_control_BVALID) fail("a response before the write", 1);
            clock();
            named |= takes_address;
            given |= takes_data;
            if (cycle > 1000) fail("a write is not taken", 2);
        }
        top.s_axi_control_AWVALID = top.s_axi_control_WVALID = 0;
        wait([&] { return top.s_axi_control_BVALID; }, "no response");
        for (; pause > 0; --pause) {
            clock();
            if (!top.s_axi_control_BVALID) fail("a response was withdrawn", 1);
        }
        top.s_axi_control_BREADY = 1;
        const unsigned response = top.s_axi_control_BRESP;
        clock();
        top.s_axi_control_BREADY = 0;
        if (top.s_axi_control_BVALID) fail("a second response", 1);
        return response;
    }

    unsigned read(unsigned address, int pause, unsigned &response) {
        top.s_axi_control_ARADDR = address;
        top.s_axi_control_ARVALID = 1;
        top.eval();
        wait([&] { return top.s_axi_control_ARREADY; }, "a read is not taken");
        clock();
        top.s_axi_control_ARVALID = 0;
        wait([&] { return top.s_axi_control_RVALID; }, "no data");
        const unsigned value = top.s_axi_control_RDATA;
        for (; pause > 0; --pause) {
            clock();
            if (!top.s_axi_control_RVALID || top.s_axi_control_RDATA != value)
                fail("read data did not stay", 1);
        }
        top.s_axi_control_RREADY = 1;
        response = top.s_axi_control_RRESP;
        clock();
        top.s_axi_control_RREADY = 0;
        if (top.s_axi_control_RVALID) fail("data twice", 1);
        return value;
    }

    void reset() {
        top.ap_rst_n = 0;
        step(4);
        top.ap_rst_n = 1;
        clock();
    }

    // Performs one command; whether there was one.
    bool perform(std::istream &commands) {
        std::string name;
        if (!(commands >> name)) return false;
        const auto next = [&] {
            long value = 0;
            commands >> value;
            return value;
        };
        unsigned response = 0;
        if (name == "write") {
            const long address = next(), value = next(), strobes = next(), late = next();
            std::printf("%u\n", write(unsigned(address), unsigned(value), unsigned(strobes), int(late),
                                      int(next())));
        } else if (name == "read") {
            const unsigned address = unsigned(next());
            const unsigned value = read(address, int(next()), response);
            std::printf("%u %u\n", value, response);
        } else if (name == "until") {
            const unsigned address = unsigned(next()), mask = unsigned(next()), wanted = unsigned(next());
            unsigned found = 0, all = 0;
            wait(
                [&] {
                    found = read(address, 0, response);
                    all |= found;
                    return (found & mask) == wanted;
                },
                "a register does not change");
            std::printf("%u\n", all);
        } else if (name == "offer") {
            allowed += std::size_t(next());
        } else if (name == "sink") {
            top.out_r_TREADY = next() != 0;
        } else if (name == "step") {
            step(int(next()));
        } else if (name == "show") {
            std::printf("%zu %zu %d\n", sent, received, int(top.__SYM__interrupt));
        } else if (name == "reset") {
            reset();
        } else {
            fail("no such command", 3);
        }
        return true;
    }
};

} // namespace

int main(int argc, char **argv) {
    if (argc != 8) return 3;
    std::ifstream commands(argv[1]), input(argv[2], std::ios::binary);
    const auto test = std::make_unique<bench>();
    test->input.assign(std::istreambuf_iterator<char>(input), {});
    std::size_t *numbers[] = {&test->in_bytes, &test->out_bytes, &test->line_beats, &test->frame_beats};
    for (int i = 0; i < 4; ++i) *numbers[i] = std::size_t(std::atol(argv[4 + i]));
    test->reset();
    while (test->perform(commands)) {
    }
    test->top.final();
    std::ofstream(argv[3], std::ios::binary)
        .write(reinterpret_cast<const char *>(test->output.data()),
               std::streamsize(test->output.size()));
    return 0;
}
