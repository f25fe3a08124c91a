import Dispatch
public import Model
import Synchronization

/// Where passwords are hashed and compared: one at a time on a thread of its own, since each takes 64 MiB and a tenth of
/// a second. Who finds the queue full is refused at once instead of waiting for ever.
public final class PasswordQueue: Sendable {
    private let queue = DispatchQueue(label: "wirebuddy.passwords")
    private let waiting = Mutex(0)
    private let limit: Int

    /// A queue of at most `limit` passwords, the one being looked at included.
    public init(limit: Int = 16) {
        self.limit = limit
    }

    /// The hash of a password.
    ///
    /// - Throws: ``PasswordFailure``.
    public func hash(_ password: SecretBytes) async throws(PasswordFailure) -> PasswordHash {
        try await run { () throws(PasswordFailure) in try PasswordHash.make(password) }
    }

    /// Whether a password is the one of a hash. Without a hash it takes the same time and the answer is no.
    ///
    /// - Throws: ``PasswordFailure``.
    public func verify(_ password: SecretBytes, against hash: PasswordHash?) async throws(PasswordFailure) -> Bool {
        try await run { () throws(PasswordFailure) in
            let isRight = try (hash ?? PasswordHash.ofNobody).matches(password)
            return isRight && hash != nil
        }
    }

    private func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws(PasswordFailure) -> Value
    ) async throws(PasswordFailure) -> Value {
        let isFull = waiting.withLock { waiting in
            guard waiting < limit else { return true }
            waiting += 1
            return false
        }
        guard !isFull else { throw .busy }
        let result: Result<Value, PasswordFailure> = await withCheckedContinuation { continuation in
            queue.async {
                let result = Result(catching: body)
                self.waiting.withLock { $0 -= 1 }
                continuation.resume(returning: result)
            }
        }
        return try result.get()
    }
}
