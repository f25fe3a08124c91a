public import Gateway
import HTTPTypes
import Model
import Synchronization

/// An answer and what is remembered of it.
struct WrittenResponse: Sendable {
    /// What is answered where all is well.
    var response: APIResponse
    /// What is answered instead: it was written, and could not be applied.
    var failure: APIFailure?
    /// A kind and an id or name; empty for several objects.
    var object: String
    /// The revision that holds it; empty for what is not in the repository.
    var revision: String

    func answer() throws(APIFailure) -> APIResponse {
        if let failure { throw failure }
        return response
    }
}

/// Lets one request of a key in at a time; the others wait for it.
public final class IdempotencyGate: Sendable {
    let store: any IdempotencyStore
    private let running = Mutex<[String: [CheckedContinuation<Void, Never>]]>([:])

    /// A gate in front of what is remembered.
    public init(_ store: any IdempotencyStore) {
        self.store = store
    }

    func enter(_ key: String) async {
        while true {
            let isFree = running.withLock { running in
                if running[key] != nil { return false }
                running[key] = []
                return true
            }
            if isFree { return }
            await withCheckedContinuation { continuation in
                let isWaiting = running.withLock { running in
                    guard running[key] != nil else { return false }
                    running[key]?.append(continuation)
                    return true
                }
                if !isWaiting { continuation.resume() }
            }
        }
    }

    func leave(_ key: String) {
        let waiting = running.withLock { $0.removeValue(forKey: key) } ?? []
        for continuation in waiting { continuation.resume() }
    }
}

extension APIServices {
    /// The `Idempotency-Key` of a POST; nil: it has none.
    ///
    /// - Throws: ``APIFailure``, 400 for a text that is none.
    func idempotencyKey(of request: APIRequest) throws(APIFailure) -> String? {
        guard request.method == .post, let given = request.headers[.idempotencyKey] else { return nil }
        guard (1...255).contains(given.utf8.count), given.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw APIFailure(.badRequest, "Idempotency-Key must be 1 to 255 printable ASCII characters")
        }
        return given
    }

    /// Does a POST that carries an `Idempotency-Key` once; the same request again is answered by `replay`, which shows
    /// the object as it is then. Only what was done is remembered, never what was refused.
    ///
    /// - Throws: ``APIFailure``: 422 for the same key with another request, and what `body` throws.
    func once(
        for request: APIRequest, replay: (IdempotencyRecord, ResourceState) throws(APIFailure) -> APIResponse,
        _ body: () async throws(APIFailure) -> WrittenResponse
    ) async throws(APIFailure) -> APIResponse {
        guard let given = try idempotencyKey(of: request), let gate = idempotency else {
            return try await body().answer()
        }
        let principal = request.principal
        let key = RequestDigest.of([Array("\(principal.userID)/\(principal.username)".utf8), Array(given.utf8)])
        let words = [request.path, request.query].map { words in
            words.sorted { $0.key < $1.key }.flatMap { [Array($0.key.utf8), Array($0.value.utf8)] }
        }
        let digest = RequestDigest.of([Array(request.operation.utf8)] + words[0] + words[1] + [request.body])
        await gate.enter(key)
        defer { gate.leave(key) }
        let now = clock.now()
        if let known = try await attempt({ try await gate.store.idempotencyRecord(key, now: now) }) {
            guard known.request == digest else {
                throw APIFailure(
                    .unprocessableContent, "this Idempotency-Key was used for another request: choose a new one")
            }
            return try replay(known, try await state())
        }
        let written = try await body()
        let record = IdempotencyRecord(
            key: key, request: digest, status: written.response.status.code, object: written.object,
            revision: written.revision, at: now)
        _ = try await attempt { try await gate.store.recordIdempotency(record) }
        return try written.answer()
    }

    private func attempt<Value: Sendable>(
        _ body: @Sendable () async throws -> Value
    ) async throws(APIFailure) -> Value {
        do {
            return try await body()
        } catch {
            throw APIFailure(.internalServerError, "\(error)")
        }
    }
}
