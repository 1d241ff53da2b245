// Codes images into licc's files and back, with transforms that run elsewhere: in the cores of a
// board, by `licc_board.h`. The same files, byte for byte, as licc's Python writes and reads.
//
// model.h, which licc prints, has the tables, the frame and the shapes of a design.
#pragma once

#include <functional>

#include "container.h"
#include "model.h"

namespace licc::codec {

// An image: RGB, row by row.
struct image {
    std::uint32_t width, height;
    bytes pixels;
};

// Runs a transform (g_a, g_s, h_a, h_s) on a frame as it goes through its streams.
using transforms = std::function<bytes(const std::string &name, const bytes &frame)>;

class codec {
  public:
    explicit codec(transforms run)
        : run_(std::move(run)), bottleneck_(tables_of(model::bottleneck)),
          conditional_(tables_of(model::conditional)) {}

    // The file of an image; a std::invalid_argument for one that is larger than the frame, unless it
    // may be cut into `tiles`.
    bytes encode(const image &given, bool tiles = false) const {
        const std::uint64_t size = std::uint64_t(given.width) * given.height;
        if (size == 0 || size > most_pixels || given.pixels.size() != 3 * size)
            throw std::invalid_argument("expected 1 to " + std::to_string(most_pixels) +
                                        " pixels of three bytes");
        const auto parts = cut(given.width, given.height);
        if (!tiles && parts.size() > 1)
            throw std::invalid_argument("the image does not fit the frame");
        std::vector<bytes> slices;
        for (const tile &part : parts) encode_tile(padded(given, part), slices);
        return write_file({given.width, given.height, model::frame_width, model::frame_height,
                           model::program, model::tables},
                          slices);
    }

    // The image of a file; a bitstream_error says what is wrong with it, or that another model, other
    // tables or another frame coded it.
    image decode(const bytes &file) const {
        const auto [header, slices] = read_file(file);
        if (header.program != model::program)
            throw bitstream_error("was coded by another model");
        if (header.tables != model::tables)
            throw bitstream_error("was coded with other entropy tables");
        if (header.frame_width != model::frame_width || header.frame_height != model::frame_height)
            throw bitstream_error("was coded in other frames");
        const std::uint64_t across = (header.width - 1) / model::frame_width + 1;
        const std::uint64_t down = (header.height - 1) / model::frame_height + 1;
        const std::uint64_t expected = across * down * tile_slices();
        if (slices.size() != expected)
            throw bitstream_error("has " + std::to_string(slices.size()) + " slices, expected " +
                                  std::to_string(expected));
        image found{header.width, header.height,
                    bytes(3 * std::size_t(header.width) * header.height)};
        std::size_t next = 0;
        for (const tile &part : cut(header.width, header.height))
            crop(run_("g_s", to_frame(model::g_s_input, decode_tile(file, slices, next))), part,
                 found);
        return found;
    }

  private:
    struct tile {
        std::uint32_t left, top, width, height;
    };
    static constexpr std::size_t slice_symbols = 1 << 17;

    static std::vector<table> tables_of(const cdfs &cdfs) {
        std::vector<table> found;
        const std::int32_t *cdf = cdfs.entries;
        for (std::size_t i = 0; i < cdfs.count; cdf += cdfs.lengths[i++])
            found.emplace_back(cdf, std::size_t(cdfs.lengths[i]), cdfs.offsets[i]);
        return found;
    }

    static std::size_t tile_slices() {
        const auto count = [](const shape &latent) {
            return (latent.values() + slice_symbols - 1) / slice_symbols;
        };
        return count(model::latent) + (model::hyperprior ? count(model::hyper_latent) : 0);
    }

    // From left to right, then down; each as large as the frame, or what is left.
    static std::vector<tile> cut(std::uint32_t width, std::uint32_t height) {
        std::vector<tile> found;
        for (std::uint64_t y = 0; y < height; y += model::frame_height)
            for (std::uint64_t x = 0; x < width; x += model::frame_width)
                found.push_back({std::uint32_t(x), std::uint32_t(y),
                                 std::min(model::frame_width, width - std::uint32_t(x)),
                                 std::min(model::frame_height, height - std::uint32_t(y))});
        return found;
    }

    // Calls `visit` with the place of each line of a tile in the image and in the pixels of a frame,
    // in the middle of which it lies.
    template <class Visit> static void lines(const image &whole, const tile &part, Visit visit) {
        const std::size_t left = (model::frame_width - part.width) / 2;
        const std::size_t top = (model::frame_height - part.height) / 2;
        for (std::size_t y = 0; y < part.height; ++y)
            visit(3 * ((part.top + y) * whole.width + part.left),
                  (top + y) * model::frame_width + left);
    }

    // A tile in the middle of a black frame.
    static bytes padded(const image &whole, const tile &part) {
        const std::size_t step = model::g_a_input.padded_channels;
        bytes frame(model::g_a_input.bytes());
        lines(whole, part, [&](std::size_t from, std::size_t to) {
            for (std::size_t x = 0; x < part.width; ++x)
                std::copy_n(&whole.pixels[from + 3 * x], 3, &frame[(to + x) * step]);
        });
        return frame;
    }

    static void crop(const bytes &frame, const tile &part, image &whole) {
        const std::size_t step = model::g_s_output.padded_channels;
        lines(whole, part, [&](std::size_t to, std::size_t from) {
            for (std::size_t x = 0; x < part.width; ++x)
                std::copy_n(&frame[(from + x) * step], 3, &whole.pixels[to + 3 * x]);
        });
    }

    // Integers of 16 bits in the order channel, row, column as a frame of a stream, and back.
    static bytes to_frame(const layout &layout, const symbols &values) {
        bytes frame(layout.bytes());
        layout.visit([&](std::size_t value, std::size_t place) {
            frame[place] = values[value] & 255;
            frame[place + 1] = values[value] >> 8 & 255;
        });
        return frame;
    }

    static symbols from_frame(const layout &layout, const bytes &frame) {
        symbols values(layout.values());
        layout.visit([&](std::size_t value, std::size_t place) {
            values[value] = std::int16_t(frame[place] | frame[place + 1] << 8);
        });
        return values;
    }

    static std::int16_t saturated(std::int32_t value) {
        return std::int16_t(std::clamp<std::int32_t>(value, INT16_MIN, INT16_MAX));
    }

    static rows rows_of_channels(const shape &latent) {
        rows found(latent.values());
        const std::size_t plane = latent.values() / latent.channels;
        for (std::size_t i = 0; i < found.size(); ++i) found[i] = std::uint16_t(i / plane);
        return found;
    }

    // What the hyper synthesis says of a latent: the row of each symbol, and its mean.
    struct prediction {
        rows tables;
        symbols means;
    };

    prediction predict(const symbols &hyper) const {
        const symbols found =
            from_frame(model::h_s_output, run_("h_s", to_frame(model::h_s_input, hyper)));
        const std::size_t count = model::latent.values();
        prediction result{rows(count), symbols(count)};
        const auto *first = model::thresholds, *last = first + model::conditional.count - 1;
        for (std::size_t i = 0; i < count; ++i) {
            result.tables[i] = std::uint16_t(std::lower_bound(first, last, found[i]) - first);
            if (found.size() == 2 * count) result.means[i] = found[count + i];
        }
        return result;
    }

    void encode_tile(const bytes &frame, std::vector<bytes> &slices) const {
        symbols latent = from_frame(model::g_a_output, run_("g_a", frame));
        if (!model::hyperprior)
            return encode_slices(bottleneck_, latent, rows_of_channels(model::latent), slices);
        const symbols hyper =
            from_frame(model::h_a_output, run_("h_a", to_frame(model::h_a_input, latent)));
        encode_slices(bottleneck_, hyper, rows_of_channels(model::hyper_latent), slices);
        const prediction found = predict(hyper);
        for (std::size_t i = 0; i < latent.size(); ++i)
            latent[i] = saturated((latent[i] - found.means[i] + 32) >> 6);
        encode_slices(conditional_, latent, found.tables, slices);
    }

    // The latent of the next tile, whose slices begin with number `next`.
    symbols decode_tile(const bytes &file, const std::vector<slice> &slices,
                        std::size_t &next) const {
        if (!model::hyperprior)
            return decode_slices(bottleneck_, file, slices, next, rows_of_channels(model::latent));
        const symbols hyper =
            decode_slices(bottleneck_, file, slices, next, rows_of_channels(model::hyper_latent));
        const prediction found = predict(hyper);
        symbols latent = decode_slices(conditional_, file, slices, next, found.tables);
        for (std::size_t i = 0; i < latent.size(); ++i)
            latent[i] = saturated(latent[i] * 64 + found.means[i]);
        return latent;
    }

    static void encode_slices(const table_coder &coder, const symbols &given, const rows &tables,
                              std::vector<bytes> &slices) {
        for (std::size_t i = 0; i < given.size(); i += slice_symbols)
            slices.push_back(
                coder.encode(&given[i], &tables[i], std::min(slice_symbols, given.size() - i)));
    }

    static symbols decode_slices(const table_coder &coder, const bytes &file,
                                 const std::vector<slice> &slices, std::size_t &next,
                                 const rows &tables) {
        symbols found(tables.size());
        for (std::size_t i = 0; i < found.size(); i += slice_symbols) {
            const slice part = slices[next++];
            try {
                coder.decode(file.data() + part.start, part.size, &found[i], &tables[i],
                             std::min(slice_symbols, found.size() - i));
            } catch (const bitstream_error &error) {
                throw bitstream_error("is damaged: slice " +
                                      std::to_string((next - 1) % tile_slices() + 1) + " " +
                                      error.what());
            }
        }
        return found;
    }

    transforms run_;
    table_coder bottleneck_, conditional_;
};

} // namespace licc::codec
