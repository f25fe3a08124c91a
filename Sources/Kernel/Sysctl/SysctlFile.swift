import Glibc
import Model
import Reconciler

/// Kernel parameters as files below `/proc/sys` (man 5 proc).
struct SysctlFile: Sendable {
    private let root: String

    init(root: String = "/proc/sys") {
        self.root = root
    }

    /// The value without its final newline; nil when the kernel has no such parameter (no such link, no IPv6).
    func read(_ sysctl: Sysctl) throws(BackendError) -> String? {
        let path = try path(of: sysctl)
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else {
            if Glibc.errno == ENOENT || Glibc.errno == ENOTDIR { return nil }
            throw SystemError.backend("read \(sysctl)", Glibc.errno)
        }
        let file = Descriptor(number)
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(file.number, $0.baseAddress, $0.count) }
        guard count >= 0 else {
            // The link behind the parameter may go between opening and reading.
            if Glibc.errno == ENODEV || Glibc.errno == ENOENT { return nil }
            throw SystemError.backend("read \(sysctl)", Glibc.errno)
        }
        var text = buffer.prefix(count)
        while text.last == UInt8(ascii: "\n") { text.removeLast() }
        return String(decoding: text, as: UTF8.self)
    }

    /// Writes a value and reads it back.
    func write(_ sysctl: Sysctl, _ value: String) throws(BackendError) {
        let path = try path(of: sysctl)
        let number = unsafe open(path, O_WRONLY | O_CLOEXEC)
        guard number >= 0 else {
            let advice =
                Glibc.errno == EROFS ? "/proc/sys is read-only here; set it where the container is started" : ""
            throw SystemError.backend("set \(sysctl) to \(value)", Glibc.errno, advice: advice)
        }
        let file = Descriptor(number)
        let bytes = Array(value.utf8)
        let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(file.number, $0.baseAddress, $0.count) }
        guard count == bytes.count else { throw SystemError.backend("set \(sysctl) to \(value)", Glibc.errno) }
        guard let found = try read(sysctl), found == value else {
            throw BackendError(.terminal, "set \(sysctl) to \(value): the kernel kept \(try read(sysctl) ?? "nothing")")
        }
    }

    /// The file of a parameter; a path that leaves the root is refused.
    private func path(of sysctl: Sysctl) throws(BackendError) -> String {
        let parts = sysctl.path.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains(where: { ["", ".", ".."].contains($0) }), !sysctl.path.utf8.contains(0) else {
            throw BackendError(.terminal, "'\(sysctl.path)' is not the name of a kernel parameter")
        }
        return "\(root)/\(sysctl.path)"
    }
}
