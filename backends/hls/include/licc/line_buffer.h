// line_buffer: keeps the last rows of a frame on chip and sends the window of every output pixel.
//
// Serves convolutions and transposed convolutions. Output pixels come in raster order; each has
//   repeat times: for each step over the kernel (columns outer, rows inner), for each group of
//   in_lanes input channels: one word [taps][in_lanes]; zeros outside the frame and for missing taps.
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

#include "window.h"

namespace licc {

// Constants of a line buffer's schedule.
template <class Cfg> struct line_schedule {
    using geometry = window<Cfg>;
    static constexpr int least = geometry::table.least, most = geometry::table.most;
    static constexpr int row_words = Cfg::width * geometry::groups;
    static constexpr int ring_rows = most - least + 1 + geometry::step;
    static constexpr int lowest = (least % ring_rows + ring_rows) % ring_rows;

    // The slot of the ring for one that may be beyond its end, by less than its rows.
    static int wrapped(int slot) {
#pragma HLS inline
        return slot >= ring_rows ? slot - ring_rows : slot;
    }

    // The last input row that phase t needs, or that comes in during it, for t = -1 and t = rows.
    static constexpr int last_row(int t) {
        if (t == geometry::rows) return Cfg::height - 1;
        const int row = t * geometry::step + most;
        return row < -1 ? -1 : row > Cfg::height - 1 ? Cfg::height - 1 : row;
    }
    // Rows that come in during phase t.
    static constexpr int rows_due(int t) { return last_row(t + 1) - last_row(t); }
    // Rows of the next frame for which there is room in phase t.
    static constexpr int rows_early(int t) {
        const int room = (t + 1) * geometry::step + most - (Cfg::height - 1);
        return room < 0 ? 0 : room > last_row(0) + 1 ? last_row(0) + 1 : room;
    }
    static constexpr int most_rows() {
        int rows = 0;
        for (int t = 0; t < geometry::rows; ++t) rows = larger(rows, rows_due(t));
        return rows;
    }
    static constexpr int prologue = (last_row(0) + 1) * row_words;
    static constexpr int reads = geometry::columns * Cfg::repeat * geometry::pixel_words();
    static constexpr int phase_steps = larger(reads, most_rows() * row_words);
    static constexpr int cycles = prologue + geometry::rows * phase_steps;
};

// Where the next window word is taken from.
template <class Cfg> struct window_position {
    using geometry = window<Cfg>;
    using schedule = line_schedule<Cfg>;
    counter<geometry::groups> group = 0;
    counter<Cfg::kernel> tap_row = 0, tap_column = 0;
    counter<Cfg::repeat> turn = 0;
    counter<geometry::phases> row_phase = 0, column_phase = 0;
    counter<geometry::columns> column = 0;
    int origin_row = 0, origin_column = 0; // input pixel that offsets count from
    int slot; // of the ring, where the row at the least offset is kept

    // The window of the first pixel of a frame of which row 0 is in slot `first`.
    explicit window_position(int first) : slot(schedule::wrapped(first + schedule::lowest)) {}

    // Steps to the next word; the grid's next row is entered by next_phase.
    void advance() {
#pragma HLS inline
        if (++group != geometry::groups) return;
        group = 0;
        if (++tap_row != geometry::row_steps_at(row_phase)) return;
        tap_row = 0;
        if (++tap_column != geometry::column_steps_at(column_phase)) return;
        tap_column = 0;
        if (++turn != Cfg::repeat) return;
        turn = 0;
        if (++column_phase != geometry::phases) return;
        column_phase = 0;
        origin_column += geometry::step;
        if (++column != geometry::columns) return;
        column = 0;
        origin_column = 0;
        if (++row_phase == geometry::phases) row_phase = 0;
    }

    void next_phase() {
#pragma HLS inline
        origin_row += geometry::step;
        slot = schedule::wrapped(slot + geometry::step);
    }
};

// Where the next input word is kept.
template <class Cfg> struct row_position {
    counter<window<Cfg>::groups> group = 0;
    counter<Cfg::width> column = 0;
    counter<line_schedule<Cfg>::ring_rows> slot = 0;

    void advance() {
#pragma HLS inline
        if (++group != window<Cfg>::groups) return;
        group = 0;
        if (++column != Cfg::width) return;
        column = 0;
        if (++slot == line_schedule<Cfg>::ring_rows) slot = 0;
    }
};

// The window word at a position: `taps` input pixels of one column, zero where there is none.
//
// In hardware every row of the ring is a memory of its own once several taps are read at a time: all are
// read, at one address, and each tap selects one behind them. Whether there is a pixel is asked behind
// the reads too: a read that depended on the tap would need a port for every tap.
template <class Cfg, class Ring>
word<typename Cfg::input, Cfg::taps * Cfg::in_lanes> take(const Ring &ring,
                                                          const window_position<Cfg> &at) {
#pragma HLS inline
    using geometry = window<Cfg>;
    using schedule = line_schedule<Cfg>;
    using value = typename Cfg::input::type;
    const int column = at.origin_column + geometry::offset_at(at.column_phase, at.tap_column);
    const bool inside = column >= 0 && column < Cfg::width &&
                        at.tap_column < geometry::count_at(at.column_phase);
    const int address = inside ? column : 0;
    word<typename Cfg::input, Cfg::taps * Cfg::in_lanes> result;
    bool valid[Cfg::taps];
    int slots[Cfg::taps];
#pragma HLS array_partition variable=valid type=complete
#pragma HLS array_partition variable=slots type=complete
    for (int tap = 0; tap < Cfg::taps; ++tap) {
#pragma HLS unroll
        const int k = Cfg::taps == 1 ? int(at.tap_row) : tap;
        const int offset = geometry::offset_at(at.row_phase, k);
        const int row = at.origin_row + offset;
        valid[tap] =
            inside && row >= 0 && row < Cfg::height && k < geometry::count_at(at.row_phase);
        const int slot = at.slot + offset - schedule::least;
        slots[tap] = slot >= schedule::ring_rows ? slot - schedule::ring_rows : slot;
#ifndef LICC_EXACT_WIDTHS
        for (int lane = 0; lane < Cfg::in_lanes; ++lane)
            result.lane[tap * Cfg::in_lanes + lane] =
                valid[tap] ? ring[slots[tap]][address][at.group][lane] : value(0);
#endif
    }
#ifdef LICC_EXACT_WIDTHS
    for (int lane = 0; lane < Cfg::in_lanes; ++lane) {
#pragma HLS unroll
        value seen[schedule::ring_rows];
#pragma HLS array_partition variable=seen type=complete
        if constexpr (Cfg::taps == 1) {
            seen[0] = ring[slots[0]][address][at.group][lane];
        } else {
            for (int row = 0; row < schedule::ring_rows; ++row) {
#pragma HLS unroll
                seen[row] = ring[row][address][at.group][lane];
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
            result.lane[tap * Cfg::in_lanes + lane] = valid[tap] ? selected : value(0);
        }
    }
#endif
    return result;
}

template <class Cfg>
void line_buffer(hls::stream<word<typename Cfg::input, Cfg::in_lanes>> &in,
                 hls::stream<word<typename Cfg::input, Cfg::taps * Cfg::in_lanes>> &out) {
    using geometry = window<Cfg>;
    using schedule = line_schedule<Cfg>;
    constexpr int cycles = schedule::cycles;
    static typename Cfg::input::type ring[schedule::ring_rows][Cfg::width][geometry::groups]
                                         [Cfg::in_lanes];
#pragma HLS array_reshape variable=ring dim=4 type=complete
// A row is read in later phases than the one that writes it.
#pragma HLS dependence variable=ring type=inter direction=raw dependent=false
#pragma HLS dependence variable=ring type=intra direction=raw dependent=false
    if constexpr (Cfg::taps > 1) {
#pragma HLS array_partition variable=ring dim=1 type=complete
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
                ring[to.slot][to.column][to.group][lane] = value.lane[lane];
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
