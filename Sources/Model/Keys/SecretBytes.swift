/// A secret of any length: what a sealed value holds.
///
/// It prints as `<redacted>`, has no `Codable` and overwrites its bytes when it goes.
public final class SecretBytes: Sendable {
    private nonisolated(unsafe) var storage: [UInt8]

    /// Takes the bytes over; the caller keeps no copy.
    public init(_ bytes: consuming [UInt8]) {
        unsafe storage = bytes
    }

    deinit {
        for index in unsafe storage.indices { unsafe storage[index] = 0 }
    }

    /// The number of bytes.
    public var count: Int { unsafe storage.count }

    /// Runs `body` with the bytes, for ciphers and for the one output that was asked for. `body` keeps no copy.
    public func withBytes<Result, Failure: Error>(
        _ body: (borrowing [UInt8]) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(storage)
    }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always `<redacted>`.
    public var description: String { "<redacted>" }
    /// Always `<redacted>`.
    public var debugDescription: String { "<redacted>" }
    /// Shows nothing of the secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
