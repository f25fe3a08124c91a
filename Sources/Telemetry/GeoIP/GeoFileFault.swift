import Glibc

/// Why a GeoIP file can't be used.
struct GeoFileFault: Error, Equatable {
    /// What is wrong, for people: no file name, no full stop.
    let message: String

    init(_ message: String) { self.message = message }

    /// What a call of the system said (`errno`).
    static func system(_ call: String) -> GeoFileFault {
        let number = errno
        let text = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
        return GeoFileFault(number == ENOENT ? "there is no such file: put it there" : "\(call): \(text.lowercased())")
    }
}
