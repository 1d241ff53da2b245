// hls::stream for lint: AMD's interface, declared.
#ifndef LICC_LINT_HLS_STREAM_H
#define LICC_LINT_HLS_STREAM_H

namespace hls {

template <class T, int DEPTH = 0> class stream;

template <class T> class stream<T, 0> {
  public:
    using value_type = T;

    stream();
    explicit stream(const char *name);
    stream(const stream &) = delete;
    stream &operator=(const stream &) = delete;

    T read();
    void read(T &);
    bool read_nb(T &);
    void operator>>(T &);
    void write(const T &);
    bool write_nb(const T &);
    void operator<<(const T &);
    bool empty() const;
    bool full() const;
    unsigned size() const;
    unsigned capacity() const;
};

template <class T, int DEPTH> class stream : public stream<T, 0> {
  public:
    stream();
    explicit stream(const char *name);
};

} // namespace hls

#endif
