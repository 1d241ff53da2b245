// The entropy coder of licc's files: symbols with a table each to bytes, and back. docs/codec.md of
// licc states it; licc's Python gives the same bytes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace licc::codec {

using bytes = std::vector<unsigned char>;
using symbols = std::vector<std::int16_t>;
using rows = std::vector<std::uint16_t>;

// What is wrong with a file.
struct bitstream_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

inline std::uint32_t read32(const unsigned char *from) {
    return from[0] | from[1] << 8 | from[2] << 16 | std::uint32_t(from[3]) << 24;
}

inline void append32(bytes &to, std::uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) to.push_back(value >> shift & 255);
}

// A table: the boundaries of its slots, from 0 to 2^24, the last slot an escape; the symbol of the
// first slot.
struct table {
    std::vector<std::uint32_t> boundaries;
    std::int32_t offset;

    // `cdf` has so many entries, from 0 to 2^16.
    table(const std::int32_t *cdf, std::size_t entries, std::int32_t offset)
        : boundaries(entries), offset(offset) {
        const std::uint64_t free = (1u << 24) - (entries - 1);
        for (std::size_t i = 0; i < entries; ++i)
            boundaries[i] = std::uint32_t((std::uint64_t(cdf[i]) * free >> 16) + i);
    }

    std::uint32_t escape() const { return std::uint32_t(boundaries.size()) - 2; }
};

// A stack of slots (an asymmetric numeral system): a state of 64 bits, words of 32.
class stack {
  public:
    stack() = default;

    stack(const unsigned char *data, std::size_t size) {
        if (size % 4)
            throw bitstream_error("has " + std::to_string(size) + " bytes, no multiple of 4");
        for (std::size_t i = 0; i < size; i += 4) words_.push_back(read32(data + i));
        if (size && words_.back() == 0) throw bitstream_error("ends in a word of zeros");
        refill();
        refill();
    }

    void push(std::uint32_t slot, const table &table) {
        const std::uint32_t low = table.boundaries[slot];
        const std::uint64_t frequency = table.boundaries[slot + 1] - low;
        if (state_ >> 40 >= frequency) {
            words_.push_back(std::uint32_t(state_));
            state_ >>= 32;
        }
        state_ = (state_ / frequency << 24) + low + state_ % frequency;
    }

    // A slot; an arbitrary one if there is none.
    std::uint32_t pop(const table &table) {
        const std::uint32_t place = state_ & 0xffffff;
        const auto &edges = table.boundaries;
        const auto above = std::upper_bound(edges.begin(), edges.end(), place);
        const std::uint32_t slot = std::uint32_t(above - edges.begin()) - 1;
        state_ = (state_ >> 24) * (edges[slot + 1] - edges[slot]) + place - edges[slot];
        refill();
        return slot;
    }

    bool empty() const { return words_.empty() && state_ == 0; }

    bytes content() const {
        bytes found;
        for (const std::uint32_t word : words_) append32(found, word);
        for (std::uint64_t state = state_; state; state >>= 32)
            append32(found, std::uint32_t(state));
        return found;
    }

  private:
    void refill() {
        if (state_ > 0xffffffff || words_.empty()) return;
        state_ = state_ << 32 | words_.back();
        words_.pop_back();
    }

    std::uint64_t state_ = 0;
    std::vector<std::uint32_t> words_;
};

// Codes symbols with the table of its row for each: the slots of all of them, table by table, then how
// many groups of 4 bits the numbers behind escapes have, then these groups, the highest first.
class table_coder {
  public:
    explicit table_coder(std::vector<table> tables) : tables_(std::move(tables)) {
        std::vector<std::int32_t> even(17);
        for (int i = 0; i <= 16; ++i) even[i] = i << 12;
        group_.emplace_back(even.data(), even.size(), 0);
    }

    // The bytes of `count` symbols.
    bytes encode(const std::int16_t *symbols, const std::uint16_t *rows, std::size_t count) const {
        std::vector<entry> slots, counts, groups;
        for (const std::size_t i : order(rows, count)) {
            const table &table = tables_[rows[i]];
            const std::int32_t value = symbols[i] - table.offset, last = table.escape();
            const bool inside = 0 <= value && value < last;
            slots.push_back({std::uint32_t(inside ? value : last), &table});
            if (inside) continue;
            const std::uint32_t raw = value < 0 ? -2 * value - 1 : 2 * (value - last);
            std::uint32_t length = 0;
            while (length < most_groups && raw >> 4 * length) ++length;
            counts.push_back({length, &group_[0]});
            while (length--) groups.push_back({raw >> 4 * length & 15, &group_[0]});
        }
        stack coded;
        for (const auto *part : {&groups, &counts, &slots})
            for (auto one = part->rbegin(); one != part->rend(); ++one)
                coded.push(one->slot, *one->with);
        return coded.content();
    }

    // Undoes `encode`; a bitstream_error if the bytes hold other symbols, or more.
    void decode(const unsigned char *data, std::size_t size, std::int16_t *symbols,
                const std::uint16_t *rows, std::size_t count) const {
        stack coded(data, size);
        std::vector<std::int64_t> values(count);
        std::vector<std::size_t> escaped;
        for (const std::size_t i : order(rows, count)) {
            values[i] = coded.pop(tables_[rows[i]]);
            if (values[i] == tables_[rows[i]].escape()) escaped.push_back(i);
        }
        std::vector<std::uint32_t> lengths(escaped.size());
        for (std::uint32_t &length : lengths) length = coded.pop(group_[0]);
        const auto longest = std::max_element(lengths.begin(), lengths.end());
        if (longest != lengths.end() && *longest > most_groups)
            throw bitstream_error("holds a symbol of " + std::to_string(*longest) + " groups");
        for (std::size_t i = 0; i < escaped.size(); ++i) {
            std::int64_t raw = 0;
            while (lengths[i]--) raw = raw << 4 | coded.pop(group_[0]);
            std::int64_t &value = values[escaped[i]];
            value = raw & 1 ? -((raw + 1) >> 1) : (raw >> 1) + value;
        }
        if (!coded.empty()) throw bitstream_error("holds more than its symbols");
        for (std::size_t i = 0; i < count; ++i) {
            values[i] += tables_[rows[i]].offset;
            if (values[i] < INT16_MIN || values[i] > INT16_MAX)
                throw bitstream_error("holds a symbol beyond 16 bits");
            symbols[i] = std::int16_t(values[i]);
        }
    }

  private:
    struct entry {
        std::uint32_t slot;
        const table *with;
    };
    static constexpr std::uint32_t most_groups = 8;

    // The symbols in the order of their rows, those of a row in their own.
    static std::vector<std::size_t> order(const std::uint16_t *rows, std::size_t count) {
        std::vector<std::size_t> found(count);
        std::iota(found.begin(), found.end(), 0);
        std::stable_sort(found.begin(), found.end(),
                         [rows](std::size_t a, std::size_t b) { return rows[a] < rows[b]; });
        return found;
    }

    std::vector<table> tables_;
    std::vector<table> group_;
};

} // namespace licc::codec
