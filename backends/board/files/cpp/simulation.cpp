// simulated_device for other languages: ../python/licc_board.py loads it. Errors end the process, as
// a bus error would.
#include "simulated_device.h"

extern "C" {

void *licc_create() { return new licc::board::simulated_device; }

std::uint32_t licc_read(void *device, std::uint64_t address) {
    return static_cast<licc::board::device *>(device)->read(address);
}

void licc_write(void *device, std::uint64_t address, std::uint32_t value) {
    static_cast<licc::board::device *>(device)->write(address, value);
}

unsigned char *licc_allocate(void *device, std::size_t size, std::uint64_t *address) {
    const licc::board::buffer found = static_cast<licc::board::device *>(device)->allocate(size);
    *address = found.address;
    return found.data;
}
}
