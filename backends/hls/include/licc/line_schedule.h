// When a line buffer takes in rows and sends windows, and where both are at: see line_buffer.h.
#ifndef LICC_LINE_SCHEDULE_H
#define LICC_LINE_SCHEDULE_H

#include "window.h"

namespace licc {

// Constants of a line buffer's schedule.
template <class Cfg> struct line_schedule {
    using geometry = window<Cfg>;
    static constexpr int least = geometry::table.least, most = geometry::table.most;
    static constexpr int row_words = Cfg::width * geometry::groups;
    static constexpr int banks = Cfg::neighbours;
    static constexpr int bank_width =
        banks == 1 ? Cfg::width
                   : ceil_div(ceil_div(Cfg::width, geometry::step), banks) * geometry::step;
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
    int origin_address = 0;                // of the first neighbour's column, in its bank
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
        origin_column += geometry::step * Cfg::neighbours;
        origin_address += geometry::step;
        if (++column != geometry::columns) return;
        column = 0;
        origin_column = 0;
        origin_address = 0;
        if (++row_phase == geometry::phases) row_phase = 0;
    }

    void next_phase() {
#pragma HLS inline
        origin_row += geometry::step;
        slot = schedule::wrapped(slot + geometry::step);
    }
};

// Where the next input word is kept: `step` columns in one bank, the next ones in the next.
template <class Cfg> struct row_position {
    using geometry = window<Cfg>;
    using schedule = line_schedule<Cfg>;
    counter<geometry::groups> group = 0;
    counter<Cfg::width> column = 0;
    counter<schedule::banks> bank = 0;
    counter<geometry::step> within = 0;        // the columns of a step
    counter<schedule::bank_width> first = 0;   // address of the first of them
    counter<schedule::ring_rows> slot = 0;

    int address() const { return int(first) + int(within); }

    void advance() {
#pragma HLS inline
        if (++group != geometry::groups) return;
        group = 0;
        if (++within == geometry::step) {
            within = 0;
            if (++bank == schedule::banks) {
                bank = 0;
                first += geometry::step;
            }
        }
        if (++column != Cfg::width) return;
        column = 0;
        bank = 0;
        within = 0;
        first = 0;
        if (++slot == schedule::ring_rows) slot = 0;
    }
};

} // namespace licc

#endif
