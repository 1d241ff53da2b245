// Runs the actors of a design as cooperative fibres over bounded, blocking FIFOs (g++ build only).
//
// A fibre runs until it reads from an empty FIFO or writes into a full one; then the next one that can
// go on does. Actors communicate through FIFOs alone, each with one writer and one reader, so the
// order changes no value (Kahn, 1974). If no fibre can go on, the design is deadlocked.
//
// A fibre is started by ucontext and switched by _setjmp / _longjmp, which do not enter the kernel
// (as QEMU's coroutines do): about 20 ns.
#ifndef LICC_SIM_SCHEDULER_H
#define LICC_SIM_SCHEDULER_H

// glibc's checked longjmp refuses to jump to another stack.
#include <features.h>
#pragma push_macro("__USE_FORTIFY_LEVEL")
#undef __USE_FORTIFY_LEVEL
#define __USE_FORTIFY_LEVEL 0
#include <setjmp.h>
#pragma pop_macro("__USE_FORTIFY_LEVEL")
#include <sys/mman.h>
#include <ucontext.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace licc::sim {

constexpr int failure_status = 2;

struct fibre;

// What the scheduler knows of a FIFO.
struct channel {
    std::string name;
    std::size_t depth; // 0: unbounded
    std::size_t fill = 0;
    fibre *waiting_reader = nullptr;
    fibre *waiting_writer = nullptr;
};

// A process with a stack of its own.
struct fibre {
    static constexpr std::size_t stack_bytes = std::size_t(1) << 26; // reserved, not committed

    std::string name;
    std::function<void()> body;
    void *stack = nullptr;
    ucontext_t start;
    jmp_buf point;
    bool started = false, ended = false;
    const channel *awaited = nullptr;
    fibre *next_ready = nullptr;

    fibre() = default;
    fibre(const fibre &) = delete;
    fibre &operator=(const fibre &) = delete;
    ~fibre() {
        if (stack) munmap(stack, stack_bytes);
    }
};

class scheduler {
  public:
    static scheduler &instance() {
        static scheduler only;
        return only;
    }

    void spawn(std::string name, std::function<void()> body) {
        fibres_.push_back(std::make_unique<fibre>());
        fibre &added = *fibres_.back();
        added.name = std::move(name);
        added.body = std::move(body);
        const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
        void *stack = mmap(nullptr, fibre::stack_bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
        if (stack == MAP_FAILED) fail("no memory for the stack of " + added.name);
        added.stack = stack;
        getcontext(&added.start);
        added.start.uc_stack.ss_sp = stack;
        added.start.uc_stack.ss_size = fibre::stack_bytes;
        added.start.uc_link = nullptr;
        makecontext(&added.start, &scheduler::enter, 0);
        push(added);
    }

    // Runs all fibres to their end. Ends the program if they cannot.
    void run() {
        resume_next(main_);
        current_ = nullptr;
        bool deadlock = false;
        for (const auto &one : fibres_) deadlock = deadlock || !one->ended;
        if (deadlock) report_deadlock();
        fibres_.clear();
        report_leftovers();
    }

    // Suspends the current fibre until the other end of `awaited` moves.
    void wait(channel &awaited, fibre *channel::*end) {
        if (!current_) {
            fail("FIFO " + awaited.name + (awaited.fill ? " is full" : " is empty") +
                 ", and no process runs that could change it");
        }
        fibre &self = *current_;
        self.awaited = &awaited;
        awaited.*end = &self;
        resume_next(self);
        self.awaited = nullptr;
    }

    // Lets the fibre that waits at an end of a FIFO go on.
    void wake(fibre *&waiting) {
        push(*waiting);
        waiting = nullptr;
    }

    void add(channel &one) { channels_.push_back(&one); }

    void remove(channel &one) {
        for (auto &entry : channels_)
            if (entry == &one) {
                std::swap(entry, channels_.back());
                channels_.pop_back();
                return;
            }
    }

  private:
    [[noreturn]] static void fail(const std::string &message) {
        std::fflush(stdout);
        std::fprintf(stderr, "error: %s\n", message.c_str());
        std::fflush(stderr);
        std::_Exit(failure_status);
    }

    void push(fibre &ready) {
        ready.next_ready = nullptr;
        (last_ready_ ? last_ready_->next_ready : first_ready_) = &ready;
        last_ready_ = &ready;
    }

    // Goes from one fibre to the next that is ready, or back to `run` if there is none.
    __attribute__((noinline)) void resume_next(fibre &from) {
        fibre &to = first_ready_ ? *first_ready_ : main_;
        if (first_ready_ && !(first_ready_ = first_ready_->next_ready)) last_ready_ = nullptr;
        if (&to == &from) return;
        current_ = &to == &main_ ? nullptr : &to;
        if (_setjmp(from.point) != 0) return;
        if (to.started || &to == &main_) _longjmp(to.point, 1);
        to.started = true;
        setcontext(&to.start);
    }

    static void enter() {
        fibre &self = *instance().current_;
        self.body();
        self.ended = true;
        instance().resume_next(self);
    }

    [[noreturn]] void report_deadlock() const {
        std::string text = "deadlock:";
        for (const auto &one : fibres_) {
            if (one->ended) continue;
            const channel &awaited = *one->awaited;
            const bool reads = awaited.waiting_reader == one.get();
            text += "\n  " + one->name + (reads ? " reads from " : " writes to ") + awaited.name +
                    (reads ? ", which is empty" : ", which is full") + " (" +
                    std::to_string(awaited.fill) + " of " +
                    (awaited.depth ? std::to_string(awaited.depth) : "unbounded") + " words)";
        }
        fail(text);
    }

    void report_leftovers() const {
        std::string text;
        for (const channel *one : channels_)
            if (one->depth && one->fill)
                text += "\n  " + one->name + ": " + std::to_string(one->fill) + " of " +
                        std::to_string(one->depth) + " words";
        if (!text.empty()) fail("all processes have ended, but words are left in FIFOs:" + text);
    }

    std::vector<std::unique_ptr<fibre>> fibres_;
    std::vector<channel *> channels_;
    fibre main_;
    fibre *current_ = nullptr;
    fibre *first_ready_ = nullptr, *last_ready_ = nullptr;
};

} // namespace licc::sim

#endif
