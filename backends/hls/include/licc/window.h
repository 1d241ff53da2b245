// The geometry of a sliding window: which input pixels make an output pixel, in which order.
// The twin of dialects/window.py.
//
// A convolution reads a grid of output pixels with the same taps everywhere. A transposed
// convolution is computed as its stride x stride phases: a grid of input pixels, each of which makes
// stride x stride output pixels with taps of their own, none of them an inserted zero.
//
// Fields of a Cfg that describe a window (of line_buffer, mac and convolve):
//   int  channels, height, width     of the input frame
//   int  kernel, stride, padding     square
//   bool transposed                  output_padding = stride + 2 * padding - kernel, in [0, stride)
//   int  taps                        kernel rows side by side: 1, or all rows of the largest phase
//   int  in_lanes                    input channels side by side
//   int  neighbours                  windows of neighbours of a row side by side; divides its pixels
#ifndef LICC_WINDOW_H
#define LICC_WINDOW_H

#include "types.h"

namespace licc {

// The taps of every row phase (and, the kernel being square, of every column phase).
template <int PHASES, int KERNEL> struct tap_table {
    int count[PHASES] = {};
    int offset[PHASES][KERNEL] = {}; // input row of a tap, from the grid's row * step
    int least = 0, most = 0;         // of all offsets
    int longest = 0;                 // of all counts
};

template <int PHASES, int KERNEL>
constexpr tap_table<PHASES, KERNEL> make_taps(int stride, int padding, bool transposed) {
    tap_table<PHASES, KERNEL> table;
    bool first = true;
    for (int phase = 0; phase < PHASES; ++phase) {
        for (int k = 0; k < KERNEL; ++k) {
            const int reach = transposed ? phase + padding - k : k - padding;
            if (transposed && reach % stride != 0) continue;
            const int offset = transposed ? reach / stride : reach;
            table.offset[phase][table.count[phase]++] = offset;
            if (first || offset < table.least) table.least = offset;
            if (first || offset > table.most) table.most = offset;
            first = false;
        }
        table.longest = larger(table.longest, table.count[phase]);
    }
    return table;
}

template <class Cfg> struct window {
    static constexpr int phases = Cfg::transposed ? Cfg::stride : 1;
    static constexpr int step = Cfg::transposed ? 1 : Cfg::stride; // input rows per grid row
    static constexpr int reach = 2 * Cfg::padding - Cfg::kernel;
    static constexpr int rows = Cfg::transposed ? Cfg::height : (Cfg::height + reach) / step + 1;
    static constexpr int pixels = Cfg::transposed ? Cfg::width : (Cfg::width + reach) / step + 1;
    static constexpr int columns = pixels / Cfg::neighbours; // of the grid, neighbours as one
    static constexpr int groups = ceil_div(Cfg::channels, Cfg::in_lanes);
    static constexpr tap_table<phases, Cfg::kernel> table =
        make_taps<phases, Cfg::kernel>(Cfg::stride, Cfg::padding, Cfg::transposed);

    static_assert(!Cfg::transposed || (Cfg::stride + reach >= 0 && reach < 0),
                  "a transposed convolution's output must be exactly stride x its input");
    static_assert(pixels % Cfg::neighbours == 0, "neighbours must divide the pixels of a row");
    static_assert(Cfg::taps == 1 || Cfg::taps == table.longest,
                  "taps must be 1 or the row taps of the phase that has most");

    // Steps down the kernel of one row phase, and across it of one column phase.
    static constexpr int row_steps(int phase) {
        return Cfg::taps == 1 ? larger(1, table.count[phase]) : 1;
    }
    static constexpr int column_steps(int phase) { return larger(1, table.count[phase]); }

    // Words of the window of one output pixel.
    static constexpr int window_words(int row_phase, int column_phase) {
        return row_steps(row_phase) * column_steps(column_phase) * groups;
    }

    // The same of phases and taps that are known at run time only.
    static int row_steps_at(int phase) {
#pragma HLS inline
        return choose<row_step_table, phases, 1>(phase, 0);
    }
    static int column_steps_at(int phase) {
#pragma HLS inline
        return choose<column_step_table, phases, 1>(phase, 0);
    }
    static int count_at(int phase) {
#pragma HLS inline
        return choose<count_table, phases, 1>(phase, 0);
    }
    static int offset_at(int phase, int tap) {
#pragma HLS inline
        return choose<offset_table, phases, Cfg::kernel>(phase, tap);
    }
    // Input columns lie in as many banks as there are neighbours, `step` columns in one and the next
    // ones in the next: the neighbours' windows read a bank each. Which bank a neighbour reads at a
    // tap; which neighbour reads a bank; and its address there, from that of the grid's column.
    static int bank_at(int phase, int tap, int neighbour) {
#pragma HLS inline
        return choose<bank_table, phases, Cfg::neighbours * Cfg::kernel>(
            phase, neighbour * Cfg::kernel + tap);
    }
    static int neighbour_at(int phase, int tap, int bank) {
#pragma HLS inline
        return choose<neighbour_table, phases, Cfg::neighbours * Cfg::kernel>(
            phase, bank * Cfg::kernel + tap);
    }
    static int address_at(int phase, int tap, int bank) {
#pragma HLS inline
        return choose<address_table, phases, Cfg::neighbours * Cfg::kernel>(
            phase, bank * Cfg::kernel + tap);
    }
    static int words_at(int row_phase, int column_phase) {
#pragma HLS inline
        return choose<word_table, phases, phases>(row_phase, column_phase);
    }

    // Words of the windows of one grid pixel, all its phases, each sent once.
    static constexpr int pixel_words() {
        int words = 0;
        for (int row = 0; row < phases; ++row)
            for (int column = 0; column < phases; ++column)
                words += window_words(row, column);
        return words;
    }

    // The most words of the window of one output pixel.
    static constexpr int most_words = Cfg::kernel * Cfg::kernel * groups;

  private:
    // floor(a / b) for b > 0.
    static constexpr int floor_div(int a, int b) { return a >= 0 ? a / b : -((b - 1 - a) / b); }
    static constexpr int modulo(int a, int b) { return a - b * floor_div(a, b); }
    // Whole steps in the offset of a tap.
    static constexpr int steps_in(int phase, int tap) {
        return floor_div(table.offset[phase][tap], step);
    }

    struct bank_table {
        static constexpr int at(int phase, int i) {
            return modulo(steps_in(phase, i % Cfg::kernel) + i / Cfg::kernel, Cfg::neighbours);
        }
    };
    struct neighbour_table {
        static constexpr int at(int phase, int i) {
            return modulo(i / Cfg::kernel - steps_in(phase, i % Cfg::kernel), Cfg::neighbours);
        }
    };
    struct address_table {
        static constexpr int at(int phase, int i) {
            const int tap = i % Cfg::kernel;
            const int blocks = steps_in(phase, tap) + neighbour_table::at(phase, i);
            return floor_div(blocks, Cfg::neighbours) * step + modulo(table.offset[phase][tap], step);
        }
    };
    struct row_step_table {
        static constexpr int at(int phase, int) { return row_steps(phase); }
    };
    struct column_step_table {
        static constexpr int at(int phase, int) { return column_steps(phase); }
    };
    struct count_table {
        static constexpr int at(int phase, int) { return table.count[phase]; }
    };
    struct offset_table {
        static constexpr int at(int phase, int tap) { return table.offset[phase][tap]; }
    };
    struct word_table {
        static constexpr int at(int row, int column) { return window_words(row, column); }
    };
};

} // namespace licc

#endif
