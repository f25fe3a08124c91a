import Glibc
import Model
import Reconciler

/// A secret that a person types or a program writes to standard input; never an argument, which others can see.
enum SecretInput {
    /// Reads it: from a terminal one line that is not shown, else everything up to the end. One line break at the end
    /// does not belong to it.
    ///
    /// - Throws: ``CommandFailure``.
    static func read(_ prompt: String) throws(CommandFailure) -> SecretBytes {
        var bytes = isatty(STDIN_FILENO) == 1 ? try readLine(prompt) : try readToEnd()
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        guard !bytes.isEmpty else { throw CommandFailure(.error, "there is no secret on standard input") }
        guard bytes.count <= SealedValue.maximumSecretSize else {
            wipe(&bytes)
            throw CommandFailure(.error, "a secret has at most \(SealedValue.maximumSecretSize) bytes")
        }
        return SecretBytes(bytes)
    }

    private static let controlC: UInt8 = 3

    private static func readLine(_ prompt: String) throws(CommandFailure) -> [UInt8] {
        var shown = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &shown) == 0 else {
            throw CommandFailure(.error, "the terminal can't be used: \(SystemError(errno))")
        }
        var hidden = shown
        // Without signals too: Ctrl-C would leave the terminal as it is here.
        hidden.c_lflag &= ~tcflag_t(ECHO | ISIG)
        unsafe withUnsafeMutableBytes(of: &hidden.c_cc) { unsafe $0[Int(VEOL)] = controlC }
        unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
        defer { unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown) }
        Console.write(Array("\(prompt): ".utf8), to: STDERR_FILENO)
        var bytes = try readAll { $0.last == UInt8(ascii: "\n") || $0.last == controlC }
        Console.write([UInt8(ascii: "\n")], to: STDERR_FILENO)
        guard !bytes.contains(controlC) else {
            wipe(&bytes)
            throw CommandFailure(.error, "cancelled")
        }
        return bytes
    }

    private static func readToEnd() throws(CommandFailure) -> [UInt8] { try readAll { _ in false } }

    private static func readAll(until isEnd: (borrowing [UInt8]) -> Bool) throws(CommandFailure) -> [UInt8] {
        let limit = SealedValue.maximumSecretSize + 2
        var bytes: [UInt8] = []
        // So that growing leaves no copy behind.
        bytes.reserveCapacity(limit)
        var chunk = [UInt8](repeating: 0, count: limit)
        defer { wipe(&chunk) }
        while bytes.count < limit, !isEnd(bytes) {
            let count = unsafe Glibc.read(STDIN_FILENO, &chunk, limit - bytes.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw CommandFailure(.error, "standard input can't be read: \(SystemError(errno))")
            }
            if count == 0 { break }
            bytes.append(contentsOf: chunk[..<count])
        }
        return bytes
    }

    private static func wipe(_ bytes: inout [UInt8]) {
        for index in bytes.indices { bytes[index] = 0 }
    }
}
