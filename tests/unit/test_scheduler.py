"""The simulator of the g++ build: processes on bounded, blocking FIFOs."""

import subprocess
from pathlib import Path

import pytest

INCLUDE = Path(__file__).parents[2] / "backends" / "hls" / "include"
FAILURE_STATUS = 2

PROGRAM = """
#include <cstdio>
#include <cstdlib>
#include <hls_stream.h>
#include <licc/dataflow.h>

template <int WORDS> void produce(hls::stream<int> &out) {
    for (int i = 0; i < WORDS; ++i) out.write(i);
}

template <int WORDS> void consume(hls::stream<int> &in, hls::stream<int> &sums) {
    int sum = 0;
    for (int i = 0; i < WORDS; ++i) sum += in.read();
    sums.write(sum);
}

template <int WRITTEN, int READ> int top() {
    hls::stream<int> sums("sums");
    hls::stream<int, 3> numbers("numbers");
    LICC_PROCESS(produce<WRITTEN>, numbers);
    LICC_PROCESS(consume<READ>, numbers, sums);
    LICC_RUN
    std::printf("%d\\n", sums.read());
    return sums.empty() ? 0 : 1;
}

int main(int, char **argv) {
    switch (std::atoi(argv[1])) {
    case 0: return top<1000, 1000>() + top<1000, 1000>();
    case 1: return top<12, 10>();
    case 2: return top<10, 12>();
    case 3: return top<100, 10>();
    default: hls::stream<int> lone("lone"); return lone.read();
    }
}
"""

FAILURES = [
    (1, "all processes have ended, but words are left in FIFOs:\n  numbers: 2 of 3 words"),
    (2, "deadlock:\n  consume<READ> reads from numbers, which is empty (0 of 3 words)"),
    (3, "deadlock:\n  produce<WRITTEN> writes to numbers, which is full (3 of 3 words)"),
    (4, "FIFO lone is empty, and no process runs that could change it"),
]


@pytest.fixture(scope="module", params=["-O0", "-O2", "-O3 -D_FORTIFY_SOURCE=2"])
def program(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scheduler")
    source, binary = folder / "program.cpp", folder / "program"
    source.write_text(PROGRAM)
    flags = ["-std=c++17", "-Wall", "-Wextra", "-Werror", "-DLICC_SIMULATION"]
    headers = [f"-I{INCLUDE}", f"-I{INCLUDE / 'sim'}"]
    optimize = request.param.split()
    command = ["g++", *flags, *optimize, *headers, str(source), "-o", str(binary)]
    subprocess.run(command, check=True, timeout=60)
    return binary


def run(program: Path, case: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run([program, str(case)], capture_output=True, text=True, timeout=10)


def test_processes_run_to_their_end_and_again(program: Path):
    done = run(program, 0)
    assert (done.returncode, done.stdout, done.stderr) == (0, "499500\n499500\n", "")


@pytest.mark.parametrize(("case", "message"), FAILURES)
def test_failures_end_the_program(program: Path, case: int, message: str):
    done = run(program, case)
    assert (done.returncode, done.stderr) == (FAILURE_STATUS, f"error: {message}\n")
