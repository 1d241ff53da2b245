// The board under Linux: registers through UIO, memory through u-dma-buf. ../linux/licc.dtso names
// both; root is not needed where udev gives the group of a user /dev/uio* and /dev/udmabuf-licc.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <map>

#include "licc_board.h"

namespace licc::board {

class uio_device : public device {
  public:
    uio_device() {
        for (const core &core : cores) {
            map_registers(core.control, std::string("licc-") + core.name);
            map_registers(core.dma, std::string("licc-") + core.name + "-dma");
        }
        const std::string name = "udmabuf-licc", folder = "/sys/class/u-dma-buf/" + name + "/";
        size_ = number(folder + "size");
        address_ = number(folder + "phys_addr");
        memory_ = static_cast<unsigned char *>(map("/dev/" + name, size_));
    }
    uio_device(const uio_device &) = delete;
    uio_device &operator=(const uio_device &) = delete;
    ~uio_device() override {
        for (auto &[address, block] : blocks_) munmap(const_cast<std::uint32_t *>(block), block_size);
        munmap(memory_, size_);
    }

    std::uint32_t read(std::uint64_t address) override { return *at(address); }
    void write(std::uint64_t address, std::uint32_t value) override { *at(address) = value; }

    buffer allocate(std::size_t size) override {
        const std::size_t start = used_;
        used_ += (size + 63) / 64 * 64;
        if (used_ > size_) throw board_error("udmabuf-licc is too small: see ../linux/licc.dtso");
        return {address_ + start, memory_ + start};
    }

  private:
    static constexpr std::size_t block_size = 0x10000;

    volatile std::uint32_t *at(std::uint64_t address) {
        const std::uint64_t base = address & ~std::uint64_t(block_size - 1);
        return blocks_.at(base) + (address - base) / sizeof(std::uint32_t);
    }

    void map_registers(std::uint64_t address, const std::string &name) {
        std::error_code none;
        for (const auto &entry : std::filesystem::directory_iterator("/sys/class/uio", none)) {
            std::string found;
            std::ifstream(entry.path() / "name") >> found;
            if (found != name) continue;
            const std::string path = "/dev/" + entry.path().filename().string();
            blocks_[address] = static_cast<volatile std::uint32_t *>(map(path, block_size));
            return;
        }
        throw board_error("no UIO device is called " + name + ": is the overlay loaded?");
    }

    // O_SYNC: u-dma-buf then maps memory that is not cached.
    static void *map(const std::string &path, std::size_t size) {
        const int file = open(path.c_str(), O_RDWR | O_SYNC);
        if (file < 0) throw board_error(path + ": " + std::strerror(errno));
        void *found = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        close(file);
        if (found == MAP_FAILED) throw board_error(path + ": " + std::strerror(errno));
        return found;
    }

    // A number in a file of sysfs, decimal or with 0x in front.
    static std::uint64_t number(const std::string &path) {
        std::string text;
        if (!(std::ifstream(path) >> text))
            throw board_error(path + ": cannot be read: is u-dma-buf loaded?");
        return std::stoull(text, nullptr, 0);
    }

    std::map<std::uint64_t, volatile std::uint32_t *> blocks_;
    unsigned char *memory_ = nullptr;
    std::uint64_t address_ = 0;
    std::size_t size_ = 0, used_ = 0;
};

} // namespace licc::board
