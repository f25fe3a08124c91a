import Glibc

/// An open file descriptor, closed when it goes.
struct Descriptor: ~Copyable, Sendable {
    let number: Int32

    /// Takes over an open descriptor.
    init(_ number: Int32) {
        self.number = number
    }

    deinit {
        _ = close(number)
    }
}
