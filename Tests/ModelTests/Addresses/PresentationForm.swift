import Glibc

/// What the C library makes of the text of an address: the independent judge of our parser.
enum PresentationForm {
    /// The bytes `inet_pton(3)` finds, or nil. A text with a NUL byte is none for it either.
    static func parse(_ text: String, _ family: Int32) -> [UInt8]? {
        if text.utf8.contains(0) { return nil }
        var bytes = [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16)
        let done = unsafe bytes.withUnsafeMutableBytes { unsafe inet_pton(family, text, $0.baseAddress) }
        return done == 1 ? bytes : nil
    }

    /// The text `inet_ntop(3)` prints for 4 or 16 bytes.
    static func format(_ bytes: [UInt8]) -> String? {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        let printed = unsafe bytes.withUnsafeBytes { source in
            unsafe text.withUnsafeMutableBufferPointer { target in
                unsafe inet_ntop(family, source.baseAddress, target.baseAddress, socklen_t(target.count)) != nil
            }
        }
        return printed ? String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }
}
