// The C++ driver of a package on a core of its SystemVerilog: the registers are those of the core as an
// IP (the class Vtop, whose top module has the ports of print_wrapper), simulated; the VDMAs and the memory
// are those of simulated_device.h.
//
//   board CORE INPUT EXPECTED    two frames; status 0 if both are as expected, and the core says so
#define LICC_SIMULATION
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include "Vtop.h"
#include "simulated_device.h"
#include "verilated.h"

namespace {

using namespace licc::board;

Vtop top;
const core *chosen = nullptr;
constexpr long patience = 10'000'000;

void clock() {
    top.ap_clk = 1;
    top.eval();
    top.ap_clk = 0;
    top.eval();
}

void reset() {
    top.ap_rst_n = 0;
    for (int i = 0; i < 4; ++i) clock();
    top.ap_rst_n = 1;
    clock();
}

// Clocks until `done`.
template <class DONE> void wait(DONE done, const char *what) {
    for (long cycle = 0; !done(); ++cycle) {
        if (cycle == patience) throw board_error(what);
        clock();
    }
}

void write_register(std::uint32_t value) {
    top.s_axi_control_AWADDR = core_registers::control;
    top.s_axi_control_WDATA = value;
    top.s_axi_control_WSTRB = 15;
    top.s_axi_control_AWVALID = top.s_axi_control_WVALID = top.s_axi_control_BREADY = 1;
    clock();
    top.s_axi_control_AWVALID = top.s_axi_control_WVALID = 0;
    wait([] { return top.s_axi_control_BVALID; }, "a write gets no response");
    clock();
    top.s_axi_control_BREADY = 0;
}

std::uint32_t read_register() {
    top.s_axi_control_ARADDR = core_registers::control;
    top.s_axi_control_ARVALID = top.s_axi_control_RREADY = 1;
    clock();
    top.s_axi_control_ARVALID = 0;
    wait([] { return top.s_axi_control_RVALID; }, "a read gets no data");
    const std::uint32_t value = top.s_axi_control_RDATA;
    clock();
    top.s_axi_control_RREADY = 0;
    return value;
}

// A frame through the streams, as both sides of a VDMA move it.
bytes move(const bytes &given) {
    constexpr std::size_t in_bytes = LICC_IN_BYTES, out_bytes = LICC_OUT_BYTES;
    const std::size_t size = std::size_t(chosen->output.lines) * chosen->output.line_bytes;
    std::size_t sent = 0;
    bytes found;
    top.out_r_TREADY = 1;
    wait(
        [&] {
            top.in_r_TVALID = sent < given.size();
            if (top.in_r_TVALID) std::memcpy(&top.in_r_TDATA, &given[sent], in_bytes);
            top.eval();
            if (top.in_r_TVALID && top.in_r_TREADY) sent += in_bytes;
            if (!top.out_r_TVALID) return false;
            const auto *data = reinterpret_cast<const unsigned char *>(&top.out_r_TDATA);
            if (top.out_r_TUSER != found.empty()) throw board_error("TUSER stands wrong");
            found.insert(found.end(), data, data + out_bytes);
            if (top.out_r_TLAST != (found.size() % chosen->output.line_bytes == 0))
                throw board_error("TLAST stands wrong");
            return found.size() == size;
        },
        "the core gives no frame");
    clock();
    top.in_r_TVALID = 0;
    return found;
}

class rtl_device : public simulated_device {
  public:
    std::uint32_t read(std::uint64_t address) override {
        return address == chosen->control ? read_register() : simulated_device::read(address);
    }
    void write(std::uint64_t address, std::uint32_t value) override {
        if (address == chosen->control) write_register(value);
        simulated_device::write(address, value);
    }
};

bytes contents(const char *path) {
    std::ifstream file(path, std::ios::binary);
    return bytes(std::istreambuf_iterator<char>(file), {});
}

} // namespace

std::vector<transform> licc::board::simulated_cores() {
    return std::vector<transform>(cores.size(), move);
}

int main(int argc, char **argv) {
    if (argc != 4) return 3;
    for (const core &one : cores)
        if (one.name == std::string(argv[1])) chosen = &one;
    const bytes given = contents(argv[2]), expected = contents(argv[3]);
    reset();
    try {
        rtl_device device;
        driver driver(device, *chosen);
        for (int frame = 0; frame < 2; ++frame) {
            if (driver.run(given) != expected) throw board_error("a frame differs");
            const std::uint32_t status = device.read(chosen->control);
            if ((status & 7) != (core_control::done | core_control::idle))
                throw board_error("the core says " + std::to_string(status));
        }
    } catch (const board_error &error) {
        std::fprintf(stderr, "error: %s\n", error.what());
        return 1;
    }
    return 0;
}
