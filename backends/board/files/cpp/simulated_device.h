// A design's C++ behind the registers of the board: cores with ap_ctrl_hs, and VDMAs that move frames
// of memory into and out of them. What would leave the hardware waiting leaves this waiting; what a
// VDMA would report as an error is one.
#pragma once

#include <deque>
#include <functional>

#include <licc/test_bench.h>

#include "licc_board.h"

namespace licc::board {

// What the compiled top function of a core makes of a frame.
using transform = std::function<bytes(const bytes &)>;

template <class Source, class Sink, class Top> transform frame_of(Top *top) {
    return [top](const bytes &given) {
        hls::stream<axis_word<typename Source::input, Source::lanes>> in("in");
        hls::stream<axis_word<typename Sink::input, Sink::lanes>> out("out");
        bench::send<Source>(given, in);
        top(in, out);
        bytes found;
        if (!bench::receive<Sink>(out, found)) throw board_error("TUSER or TLAST stand wrong");
        return found;
    };
}

// The cores of the design, in the order of `cores`: simulated_cores.cpp, printed by licc.
std::vector<transform> simulated_cores();

class simulated_device : public device {
  public:
    simulated_device() : transforms_(simulated_cores()), memory_(), states_(cores.size()) {}

    std::uint32_t read(std::uint64_t address) override {
        auto [state, core, offset] = at(address);
        if (core) {
            const std::uint32_t found = state.done | (state.started ? 0 : core_control::idle);
            state.done = 0;
            return found;
        }
        for (const channel &one : state.channels) {
            if (offset == one.base) return one.control;
            if (offset == one.base + 4) return one.status;
        }
        throw board_error("a VDMA has no register to read at " + std::to_string(offset));
    }

    void write(std::uint64_t address, std::uint32_t value) override {
        auto [state, core, offset] = at(address);
        if (core)
            state.started = state.started || value & core_control::start;
        else
            write_dma(state, offset, value);
        step(state);
    }

    buffer allocate(std::size_t size) override {
        memory_.emplace_back(base + used_, bytes(size));
        used_ += (size + 63) / 64 * 64;
        return {memory_.back().first, memory_.back().second.data()};
    }

  private:
    static constexpr std::uint64_t base = 0x8'0000'0000; // above 4 GiB, as on the board
    static constexpr std::uint32_t block = 0x10000;

    // One side of a VDMA. `armed`: the number of lines was written, a frame is to be moved.
    struct channel {
        std::uint32_t base, geometry;
        std::uint32_t control = 0, status = dma_status::halted;
        std::uint32_t lines = 0, line_bytes = 0, stride = 0, low = 0, high = 0;
        bool armed = false;
        std::uint64_t address() const { return std::uint64_t(high) << 32 | low; }
    };

    struct state {
        bool started = false;
        std::uint32_t done = 0;
        channel channels[2] = {{dma_registers::read_control, dma_registers::read_lines},
                               {dma_registers::write_control, dma_registers::write_lines}};
    };

    struct place {
        state &owner;
        bool core;
        std::uint32_t offset;
    };

    place at(std::uint64_t address) {
        for (std::size_t i = 0; i < cores.size(); ++i) {
            if (address - cores[i].control < block) {
                if (address != cores[i].control + core_registers::control)
                    throw board_error("a core has its control register only");
                return {states_[i], true, 0};
            }
            if (address - cores[i].dma < block)
                return {states_[i], false, std::uint32_t(address - cores[i].dma)};
        }
        throw board_error("nothing answers at address " + std::to_string(address));
    }

    void write_dma(state &state, std::uint32_t offset, std::uint32_t value) {
        for (channel &one : state.channels) {
            if (offset == one.base) return set_control(one, value);
            if (offset == one.base + 4) {
                one.status &= ~(value & dma_status::frame_done);
                return;
            }
            std::uint32_t *fields[] = {&one.lines, &one.line_bytes, &one.stride, &one.low,
                                       &one.high};
            if (offset - one.geometry < 4 * std::size(fields) && offset % 4 == 0) {
                *fields[(offset - one.geometry) / 4] = value;
                if (offset == one.geometry) arm(one);
                return;
            }
        }
        throw board_error("a VDMA has no register to write at " + std::to_string(offset));
    }

    static void set_control(channel &one, std::uint32_t value) {
        if (value & dma_control::reset) {
            one = channel{one.base, one.geometry};
            return;
        }
        one.control = value;
        if (value & dma_control::run) one.status &= ~dma_status::halted;
    }

    // PG020: lines are written last, to a channel that runs.
    void arm(channel &one) {
        if (one.status & dma_status::halted) return;
        const std::uint32_t once = dma_control::circular | dma_control::count_frames;
        const bool counts = (one.control & once) == once && (one.control >> 16 & 255) == 1;
        if (!counts) throw board_error("this VDMA would move frame after frame");
        const bool sized = one.lines && one.line_bytes && one.stride >= one.line_bytes;
        const bool aligned = one.stride % 64 == 0 && one.address() % 64 == 0;
        if (!sized || !aligned || one.lines > 8191 || one.stride > 65535)
            one.status |= dma_status::internal_error | dma_status::halted;
        else if (!memory(one))
            one.status |= dma_status::decode_error | dma_status::halted;
        else
            one.armed = true;
    }

    // The memory that a frame lies in; none if nothing was allocated there.
    unsigned char *memory(const channel &one) {
        const std::uint64_t size = std::uint64_t(one.lines - 1) * one.stride + one.line_bytes;
        for (auto &[address, data] : memory_)
            if (one.address() >= address && one.address() + size <= address + data.size())
                return data.data() + (one.address() - address);
        return nullptr;
    }

    // Moves a frame through a core, once it is started and both sides of its VDMA wait.
    void step(state &state) {
        auto &[read, written] = state.channels;
        if (!state.started || !read.armed || !written.armed) return;
        const std::size_t number = std::size_t(&state - states_.data());
        const core &core = cores[number];
        if (std::size_t(read.lines) * read.line_bytes !=
            std::size_t(core.input.lines) * core.input.line_bytes)
            return; // the core waits for beats that do not come, or stops before the last
        bytes given;
        for (std::uint32_t i = 0; i < read.lines; ++i) {
            const unsigned char *line = memory(read) + std::size_t(i) * read.stride;
            given.insert(given.end(), line, line + read.line_bytes);
        }
        const bytes found = transforms_[number](given);
        for (std::uint32_t i = 0; i < core.output.lines && i < written.lines; ++i)
            std::memcpy(memory(written) + std::size_t(i) * written.stride,
                        found.data() + std::size_t(i) * core.output.line_bytes,
                        std::min(written.line_bytes, core.output.line_bytes));
        if (core.output.line_bytes < written.line_bytes) written.status |= dma_status::line_early;
        if (core.output.line_bytes > written.line_bytes) written.status |= dma_status::line_late;
        if (core.output.lines < written.lines) written.status |= dma_status::frame_early;
        if (core.output.lines > written.lines) written.status |= dma_status::frame_late;
        state.started = false;
        state.done = core_control::done;
        for (channel &one : state.channels) {
            one.armed = false;
            one.control &= ~dma_control::run;
            one.status |= dma_status::frame_done | dma_status::halted;
        }
    }

    std::vector<transform> transforms_;
    std::deque<std::pair<std::uint64_t, bytes>> memory_;
    std::vector<state> states_;
    std::size_t used_ = 0;
};

} // namespace licc::board
