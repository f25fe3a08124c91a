import Glibc
public import Subprocess

/// What a program reads from standard input, whole or in part.
///
/// As `.array` the library would leave the pipe open when a program ends without having read all of it, and take that
/// for an error of ours: it ends the process. Here such a program is judged by how it ended, like any other. SIGPIPE has
/// to be ignored by the process, as that of the program `wirebuddy` is.
public struct ProgramInput: InputProtocol {
    private let bytes: [UInt8]

    /// An input of these bytes.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Hands the bytes over and closes the pipe.
    ///
    /// - Throws: when they can't be written although somebody would read them.
    public func write(with writer: StandardInputWriter) async throws {
        do {
            _ = try await writer.write(bytes)
        } catch {
            try await writer.finish()
            if Self.number(of: error.underlyingError) != EPIPE { throw error }
        }
        try await writer.finish()
    }

    /// The number of an error, whose own module is none that we import.
    private static func number<Code: RawRepresentable<CInt>>(of code: Code?) -> CInt? { code?.rawValue }
}
