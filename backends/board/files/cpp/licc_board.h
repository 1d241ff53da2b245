// Runs the cores of a design that licc packaged, one frame at a time, on whatever `device` there is:
// uio_device.h is the board, simulated_device.h the design's C++.
//
// Frames are bytes as they go through the AXI4-Streams (see ../hls/README.md).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "registers.h"

namespace licc::board {

using bytes = std::vector<unsigned char>;

// Memory that the hardware reaches too: `address` there, `data` here.
struct buffer {
    std::uint64_t address;
    unsigned char *data;
};

class device {
  public:
    virtual ~device() = default;
    virtual std::uint32_t read(std::uint64_t address) = 0;
    virtual void write(std::uint64_t address, std::uint32_t value) = 0;
    virtual buffer allocate(std::size_t size) = 0; // at a multiple of 64 bytes
};

struct board_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// One core and its VDMA. `run` throws a board_error if the frame has the wrong size, the VDMA reports
// an error, or the hardware does not finish in time.
class driver {
  public:
    driver(device &device, const core &core,
           std::chrono::milliseconds timeout = std::chrono::seconds(10))
        : device_(device), core_(core), timeout_(timeout), input_(allocate(core.input)),
          output_(allocate(core.output)) {
        reset();
    }

    bytes run(const bytes &frame) {
        const std::size_t line = core_.input.line_bytes, lines = core_.input.lines;
        if (frame.size() != line * lines)
            throw board_error(std::string("a frame of ") + core_.name + " has " +
                              std::to_string(line * lines) + " bytes, found " +
                              std::to_string(frame.size()));
        for (std::size_t i = 0; i < lines; ++i)
            std::memcpy(input_.data + i * core_.input.stride, frame.data() + i * line, line);
        transfer(write_side, core_.output, output_);
        device_.write(core_.control + core_registers::control, core_control::start);
        transfer(read_side, core_.input, input_);
        wait(read_side, "read");
        wait(write_side, "write");
        return taken();
    }

  private:
    // The registers of one side of a VDMA.
    struct side {
        std::uint32_t control, status, lines, line_bytes, stride, address_low, address_high;
    };
    static constexpr side read_side{dma_registers::read_control,    dma_registers::read_status, dma_registers::read_lines,
                                    dma_registers::read_line_bytes, dma_registers::read_stride, dma_registers::read_address_low,
                                    dma_registers::read_address_high};
    static constexpr side write_side{dma_registers::write_control,    dma_registers::write_status, dma_registers::write_lines,
                                     dma_registers::write_line_bytes, dma_registers::write_stride,
                                     dma_registers::write_address_low, dma_registers::write_address_high};

    buffer allocate(const frame &frame) {
        return device_.allocate(std::size_t(frame.lines) * frame.stride);
    }

    void set(std::uint32_t offset, std::uint32_t value) { device_.write(core_.dma + offset, value); }

    // Has one frame moved. The number of lines comes last: it starts the transfer.
    void transfer(const side &side, const frame &frame, const buffer &memory) {
        set(side.status, dma_status::frame_done);
        set(side.control, dma_control::run | dma_control::circular | dma_control::count_frames |
                              dma_control::one_frame);
        set(side.address_low, std::uint32_t(memory.address));
        set(side.address_high, std::uint32_t(memory.address >> 32));
        set(side.stride, frame.stride);
        set(side.line_bytes, frame.line_bytes);
        set(side.lines, frame.lines);
    }

    void wait(const side &side, const char *name) {
        const auto end = std::chrono::steady_clock::now() + timeout_;
        while (true) {
            const std::uint32_t status = device_.read(core_.dma + side.status);
            if (const std::uint32_t errors = status & error_bits)
                fail("the VDMA reports errors, status " + std::to_string(errors), name);
            if (status & dma_status::frame_done) return;
            if (std::chrono::steady_clock::now() > end)
                fail("no frame within " + std::to_string(timeout_.count()) + " ms", name);
        }
    }

    [[noreturn]] void fail(const std::string &what, const char *side) {
        reset();
        throw board_error(std::string(core_.name) + ": " + what + " (" + side + " side)");
    }

    // Stops both sides of the VDMA. A core that waits in the middle of a frame stays so until the
    // bitstream is loaded again.
    void reset() {
        for (const side &side : {read_side, write_side}) {
            set(side.control, dma_control::reset);
            const auto end = std::chrono::steady_clock::now() + timeout_;
            while (device_.read(core_.dma + side.control) & dma_control::reset)
                if (std::chrono::steady_clock::now() > end)
                    throw board_error(std::string(core_.name) +
                                      ": the VDMA does not come out of its reset");
        }
    }

    bytes taken() const {
        const std::size_t line = core_.output.line_bytes;
        bytes frame(line * core_.output.lines);
        for (std::size_t i = 0; i < core_.output.lines; ++i)
            std::memcpy(frame.data() + i * line, output_.data + i * core_.output.stride, line);
        return frame;
    }

    static constexpr std::uint32_t error_bits =
        dma_status::internal_error | dma_status::slave_error | dma_status::decode_error |
        dma_status::frame_early | dma_status::line_early | dma_status::frame_late |
        dma_status::line_late;

    device &device_;
    core core_;
    std::chrono::milliseconds timeout_;
    buffer input_, output_;
};

// All cores of a design.
class board {
  public:
    explicit board(device &device, std::chrono::milliseconds timeout = std::chrono::seconds(10)) {
        for (const core &core : cores) drivers_.try_emplace(core.name, device, core, timeout);
    }

    // What a core makes of a frame.
    bytes run(const std::string &name, const bytes &frame) {
        const auto found = drivers_.find(name);
        if (found == drivers_.end()) throw board_error("there is no core " + name);
        return found->second.run(frame);
    }

  private:
    std::map<std::string, driver> drivers_;
};

} // namespace licc::board
