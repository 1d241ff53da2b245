// line_buffer: keeps the last rows of a frame on chip and sends the window of every output pixel.
//
// Serves convolutions and transposed convolutions. Output pixels come in raster order; each has
//   repeat times: for each step over the kernel (columns outer, rows inner), for each group of
//   in_lanes input channels: one word [taps][in_lanes]; zeros outside the frame and for missing taps.
// With several neighbours, a word [neighbours][taps][in_lanes] holds the same of pixels (of the grid)
// side by side.
//
// Schedule: one loop of prologue + window rows * phase_steps iterations. The prologue writes the rows
// that the first row of windows needs. Then each phase (a row of the grid: one output row, or stride
// of them if transposed) sends its windows while the rows that only the next phase needs come in,
// spread evenly over the phase: of N events in S steps, one is in step i if
// floor((i + 1) * N / S) > floor(i * N / S).
//
// The last phases of a frame need few new rows or none. Where the ring has room then, words of the next
// frame are taken if they are there, without waiting for one: so the actors before need not pause
// between frames. What was taken early is not read again where it is due; trip count and results do not
// depend on it. The ring and its place of row 0 are kept from call to call.
//
// Cfg: the fields of window.h, and
//   using input = licc::sint<8>;             integer type of the frame
//   int repeat                               ceil(output channels / output lanes of the engine)
//   licc::memory memory                      bram or lutram
#ifndef LICC_LINE_BUFFER_H
#define LICC_LINE_BUFFER_H

#include <hls_stream.h>

#include "line_schedule.h"

namespace licc {

// The window word at a position: for every neighbour, `taps` input pixels of one column, zero where
// there is none.
//
// In hardware every row of the ring is a memory of its own once several taps are read at a time: all are
// read, at one address, and each tap selects one behind them. Whether there is a pixel is asked behind
// the reads too: a read that depended on the tap would need a port for every tap.
template <class Cfg, class Ring>
word<typename Cfg::input, Cfg::neighbours * Cfg::taps * Cfg::in_lanes>
take(const Ring &ring, const window_position<Cfg> &at) {
#pragma HLS inline
    using geometry = window<Cfg>;
    using schedule = line_schedule<Cfg>;
    using value = typename Cfg::input::type;
    constexpr int banks = schedule::banks;
    bool inside[banks];  // the column that a bank gives is one of the frame
    int address[banks];
    bool valid[Cfg::taps]; // the row of a tap is one of the frame
    int slots[Cfg::taps];
#pragma HLS array_partition variable=inside type=complete
#pragma HLS array_partition variable=address type=complete
#pragma HLS array_partition variable=valid type=complete
#pragma HLS array_partition variable=slots type=complete
    const int offset = geometry::offset_at(at.column_phase, at.tap_column);
    const bool counts = at.tap_column < geometry::count_at(at.column_phase);
    for (int bank = 0; bank < banks; ++bank) {
#pragma HLS unroll
        const int neighbour = geometry::neighbour_at(at.column_phase, at.tap_column, bank);
        const int column = at.origin_column + neighbour * geometry::step + offset;
        inside[bank] = counts && column >= 0 && column < Cfg::width;
        const int found =
            at.origin_address + geometry::address_at(at.column_phase, at.tap_column, bank);
        address[bank] = inside[bank] ? found : 0;
    }
    for (int tap = 0; tap < Cfg::taps; ++tap) {
#pragma HLS unroll
        const int k = Cfg::taps == 1 ? int(at.tap_row) : tap;
        const int reach = geometry::offset_at(at.row_phase, k);
        const int row = at.origin_row + reach;
        valid[tap] = row >= 0 && row < Cfg::height && k < geometry::count_at(at.row_phase);
        const int slot = at.slot + reach - schedule::least;
        slots[tap] = slot >= schedule::ring_rows ? slot - schedule::ring_rows : slot;
    }
    word<typename Cfg::input, banks * Cfg::taps * Cfg::in_lanes> result;
#ifndef LICC_EXACT_WIDTHS
    for (int neighbour = 0; neighbour < banks; ++neighbour) {
        const int bank = geometry::bank_at(at.column_phase, at.tap_column, neighbour);
        for (int tap = 0; tap < Cfg::taps; ++tap) {
            value *to = result.lane + (neighbour * Cfg::taps + tap) * Cfg::in_lanes;
            const value *from = ring[bank][slots[tap]][address[bank]][at.group];
            const bool there = valid[tap] && inside[bank];
            for (int lane = 0; lane < Cfg::in_lanes; ++lane) to[lane] = there ? from[lane] : value(0);
        }
    }
#else
    for (int lane = 0; lane < Cfg::in_lanes; ++lane) {
#pragma HLS unroll
        value given[banks][Cfg::taps];
#pragma HLS array_partition variable=given dim=0 type=complete
        for (int bank = 0; bank < banks; ++bank) {
#pragma HLS unroll
            value seen[schedule::ring_rows];
#pragma HLS array_partition variable=seen type=complete
            if constexpr (Cfg::taps == 1) {
                seen[0] = ring[bank][slots[0]][address[bank]][at.group][lane];
            } else {
                for (int row = 0; row < schedule::ring_rows; ++row) {
#pragma HLS unroll
                    seen[row] = ring[bank][row][address[bank]][at.group][lane];
                }
            }
            for (int tap = 0; tap < Cfg::taps; ++tap) {
#pragma HLS unroll
                value selected = seen[0];
                if constexpr (Cfg::taps > 1) {
                    for (int row = 1; row < schedule::ring_rows; ++row) {
#pragma HLS unroll
                        if (row == slots[tap]) selected = seen[row];
                    }
                }
                given[bank][tap] = valid[tap] && inside[bank] ? selected : value(0);
            }
        }
        for (int neighbour = 0; neighbour < banks; ++neighbour) {
#pragma HLS unroll
            const int bank = geometry::bank_at(at.column_phase, at.tap_column, neighbour);
            for (int tap = 0; tap < Cfg::taps; ++tap) {
#pragma HLS unroll
                value selected = given[0][tap];
                for (int other = 1; other < banks; ++other) {
#pragma HLS unroll
                    if (other == bank) selected = given[other][tap];
                }
                result.lane[(neighbour * Cfg::taps + tap) * Cfg::in_lanes + lane] = selected;
            }
        }
    }
#endif
    return result;
}

template <class Cfg>
void line_buffer(hls::stream<word<typename Cfg::input, Cfg::in_lanes>> &in,
                 hls::stream<word<typename Cfg::input, Cfg::neighbours * Cfg::taps * Cfg::in_lanes>>
                     &out) {
    using geometry = window<Cfg>;
    using schedule = line_schedule<Cfg>;
    constexpr int cycles = schedule::cycles;
    static typename Cfg::input::type ring[schedule::banks][schedule::ring_rows][schedule::bank_width]
                                         [geometry::groups][Cfg::in_lanes];
#pragma HLS array_partition variable=ring dim=1 type=complete
#pragma HLS array_reshape variable=ring dim=5 type=complete
// A row is read in later phases than the one that writes it.
#pragma HLS dependence variable=ring type=inter direction=raw dependent=false
#pragma HLS dependence variable=ring type=intra direction=raw dependent=false
    if constexpr (Cfg::taps > 1) {
#pragma HLS array_partition variable=ring dim=2 type=complete
    }
    if constexpr (Cfg::memory == memory::bram) {
#pragma HLS bind_storage variable=ring type=ram_s2p impl=bram
    } else {
#pragma HLS bind_storage variable=ring type=ram_s2p impl=lutram
    }

    static row_position<Cfg> to;
    static counter<schedule::ring_rows> first = 0; // slot of the frame's row 0
    static int ahead = 0;                          // words taken that are not due yet
#pragma HLS reset variable=to
#pragma HLS reset variable=first
#pragma HLS reset variable=ahead
    window_position<Cfg> from(first);
    counter<geometry::rows> phase = 0;
    counter<schedule::phase_steps> step = 0;
    int write_credit = 0, read_credit = 0;
    for (int i = 0; i < cycles; ++i) {
#pragma HLS pipeline II=1
        const bool filling = i < schedule::prologue;
        // From the phase alone, not kept: only one addition to a credit goes around the loop.
        const int due = schedule::rows_due(phase) * schedule::row_words;
        const int early = schedule::rows_early(phase) * schedule::row_words;
        const int write_excess = write_credit + (due - schedule::phase_steps);
        const int read_excess = read_credit + (schedule::reads - schedule::phase_steps);
        const bool wanted = filling || write_excess >= 0, reads = !filling && read_excess >= 0;
        if (!filling) {
            write_credit = write_excess >= 0 ? write_excess : write_credit + due;
            read_credit = read_excess >= 0 ? read_excess : read_credit + schedule::reads;
        }
        const bool writes = wanted ? ahead == 0 : !filling && ahead < early && !in.empty();
        if (wanted && !writes) --ahead;
        if (writes && !wanted) ++ahead;
        if (writes) {
            const word<typename Cfg::input, Cfg::in_lanes> value = in.read();
            for (int lane = 0; lane < Cfg::in_lanes; ++lane) {
#pragma HLS unroll
                ring[to.bank][to.slot][to.address()][to.group][lane] = value.lane[lane];
            }
            to.advance();
        }
        if (reads) {
            out.write(take<Cfg>(ring, from));
            from.advance();
        }
        if (!filling && ++step == schedule::phase_steps) {
            step = 0;
            ++phase;
            from.next_phase();
        }
    }
    first = schedule::wrapped(int(first) + Cfg::height % schedule::ring_rows);
}

} // namespace licc

#endif
