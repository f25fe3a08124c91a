import Glibc

/// The version of a kernel, as far as features hang on it (`uname -r`).
struct KernelRelease: Comparable, Hashable {
    let major: Int
    let minor: Int

    init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads "6.1.0-18-amd64" and the like; nil when it doesn't begin with two numbers.
    init?(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 2)
        guard parts.count >= 2, let major = Int(parts[0]), let minor = Int(parts[1].prefix { $0.isNumber }) else {
            return nil
        }
        self.init(major, minor)
    }

    /// The running kernel's; nil when it can't be told.
    static var running: KernelRelease? {
        var name = utsname()
        guard unsafe uname(&name) == 0 else { return nil }
        let text = unsafe withUnsafeBytes(of: name.release) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return KernelRelease(text)
    }

    static func < (a: KernelRelease, b: KernelRelease) -> Bool { (a.major, a.minor) < (b.major, b.minor) }
}
