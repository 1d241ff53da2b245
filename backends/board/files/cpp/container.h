// The file of a coded image: a header, a directory of slices, the slices. docs/codec.md of licc
// states its bytes. All of it is checked before a slice is looked at.
#pragma once

#include <array>
#include <utility>

#include "entropy.h"

namespace licc::codec {

using hash = std::array<unsigned char, 8>;

// Where a slice lies in a file.
struct slice {
    std::size_t start, size;
};

// Width and height of the image and of the frame that it was coded in; what program and tables are
// recognised by.
struct header {
    std::uint32_t width, height, frame_width, frame_height;
    hash program, tables;
};

// CRC-32 as in zlib.
inline std::uint32_t crc32(const unsigned char *data, std::size_t size) {
    static const auto steps = [] {
        std::array<std::uint32_t, 256> found{};
        for (std::uint32_t i = 0; i < 256; ++i) {
            found[i] = i;
            for (int bit = 0; bit < 8; ++bit)
                found[i] = found[i] >> 1 ^ (found[i] & 1 ? 0xedb88320u : 0);
        }
        return found;
    }();
    std::uint32_t sum = 0xffffffff;
    for (std::size_t i = 0; i < size; ++i) sum = sum >> 8 ^ steps[(sum ^ data[i]) & 255];
    return ~sum;
}

constexpr std::uint32_t version = 1;
constexpr std::array<unsigned char, 4> magic{0x8d, 'L', 'I', 'C'};
constexpr std::size_t header_bytes = 44, entry_bytes = 8;
constexpr std::uint64_t most_pixels = 1 << 28;

inline bytes write_file(const header &header, const std::vector<bytes> &slices) {
    bytes file(magic.begin(), magic.end());
    for (const std::uint32_t field :
         {version, header.width, header.height, header.frame_width, header.frame_height})
        append32(file, field);
    file.insert(file.end(), header.program.begin(), header.program.end());
    file.insert(file.end(), header.tables.begin(), header.tables.end());
    append32(file, std::uint32_t(slices.size()));
    for (const bytes &slice : slices) {
        append32(file, std::uint32_t(slice.size()));
        append32(file, crc32(slice.data(), slice.size()));
    }
    append32(file, crc32(file.data(), file.size()));
    for (const bytes &slice : slices) file.insert(file.end(), slice.begin(), slice.end());
    return file;
}

// The header and the slices of a file; a bitstream_error says what is wrong with another one.
inline std::pair<header, std::vector<slice>> read_file(const bytes &file) {
    const auto require = [&file](std::uint64_t size) {
        if (file.size() < size)
            throw bitstream_error("is cut off: has " + std::to_string(file.size()) + " bytes, " +
                                  std::to_string(size) + " or more are needed");
    };
    if (file.size() < magic.size() || !std::equal(magic.begin(), magic.end(), file.begin()))
        throw bitstream_error("is no bitstream of licc");
    require(header_bytes);
    const auto field = [&file](std::size_t place) { return read32(file.data() + place); };
    if (field(4) != version)
        throw bitstream_error("has version " + std::to_string(field(4)) + ", this program reads " +
                              std::to_string(version));
    header found{field(8), field(12), field(16), field(20), {}, {}};
    std::copy_n(file.begin() + 24, found.program.size(), found.program.begin());
    std::copy_n(file.begin() + 32, found.tables.size(), found.tables.begin());
    const std::uint64_t count = field(40), end = header_bytes + count * entry_bytes;
    require(end + 4);
    if (crc32(file.data(), end) != field(end))
        throw bitstream_error("is damaged: the checksum of its header is wrong");
    std::vector<slice> slices;
    std::uint64_t start = end + 4;
    for (std::uint64_t entry = header_bytes; entry < end; entry += entry_bytes) {
        slices.push_back({std::size_t(start), field(entry)});
        start += field(entry);
    }
    require(start);
    if (file.size() > start)
        throw bitstream_error("has " + std::to_string(file.size()) + " bytes, " +
                              std::to_string(file.size() - start) + " more than it should");
    for (std::size_t i = 0; i < slices.size(); ++i)
        if (crc32(file.data() + slices[i].start, slices[i].size) !=
            field(header_bytes + i * entry_bytes + 4))
            throw bitstream_error("is damaged: the checksum of slice " + std::to_string(i + 1) +
                                  " of " + std::to_string(count) + " is wrong");
    const std::uint64_t pixels = std::uint64_t(found.width) * found.height;
    if (pixels == 0 || pixels > most_pixels)
        throw bitstream_error("claims " + std::to_string(found.width) + " x " +
                              std::to_string(found.height) + " pixels, allowed are 1 to " +
                              std::to_string(most_pixels));
    return {found, slices};
}

} // namespace licc::codec
