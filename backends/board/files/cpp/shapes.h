// The shapes of frames and tables that model.h tells of a design.
#pragma once

#include <cstddef>
#include <cstdint>

namespace licc::codec {

// A frame of integers.
struct shape {
    std::size_t channels, height, width;

    constexpr std::size_t values() const { return channels * height * width; }
};

// How it goes through a stream: pixel by pixel, so many lanes to a pixel, each of whole bytes.
struct layout : shape {
    std::size_t padded_channels, lane_bytes;

    constexpr std::size_t bytes() const { return height * width * padded_channels * lane_bytes; }

    // Calls `visit` with the number of each value, in the order channel, row, column, and the place of
    // its first byte.
    template <class Visit> void visit(Visit visit) const {
        for (std::size_t channel = 0, value = 0; channel < channels; ++channel)
            for (std::size_t pixel = 0; pixel < height * width; ++pixel)
                visit(value++, (pixel * padded_channels + channel) * lane_bytes);
    }
};

// CDF tables, one after the other.
struct cdfs {
    std::size_t count;
    const std::int32_t *entries, *lengths, *offsets;
};

} // namespace licc::codec
