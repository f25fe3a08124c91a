public import Logging
import Model
import Synchronization

/// Tokens and sessions in memory, read again when any process changed them. Looking one up costs microseconds and waits
/// for nothing unless something changed.
public final class CredentialCache: Sendable {
    /// What was found by a digest.
    enum Found: Sendable {
        case token(APIToken)
        case session(LoginSession)
    }

    /// How often the use of a session is written.
    static let sessionInterval: Int64 = 60
    /// How often the use of a token is written.
    static let tokenInterval: Int64 = 300

    private struct Content {
        var generation: UInt64
        var found: [DigestValue: Found]
    }

    /// Uses since the last write, and when each was last written.
    fileprivate struct Uses {
        var tokens: [String: TokenUse] = [:]
        var sessions: [String: Timestamp] = [:]
        var written: [String: Timestamp] = [:]
    }

    private let store: any AccountStore
    private let logger: Logger
    private let content = Mutex<Content?>(nil)
    private let uses = Mutex(Uses())

    /// A cache of a store; nothing is read before the first look.
    public init(_ store: any AccountStore, logger: Logger) {
        self.store = store
        self.logger = logger
    }

    /// The token or session of a digest.
    ///
    /// - Throws: when the store can't be read.
    func find(_ digest: DigestValue) async throws -> Found? { try await present().found[digest] }

    /// All tokens, oldest first, with their newest use.
    func tokens() async throws -> [APIToken] {
        let all = try await present().found.values.compactMap { found -> APIToken? in
            guard case .token(var token) = found else { return nil }
            if let use = uses.withLock({ $0.tokens[token.id] }) {
                token.lastUsedAt = use.at
                token.lastUsedFrom = use.from
            }
            return token
        }
        return all.sorted { ($0.createdAt.seconds, $0.id) < ($1.createdAt.seconds, $1.id) }
    }

    /// All sessions with their newest use.
    func sessions() async throws -> [LoginSession] {
        try await present().found.values.compactMap { found -> LoginSession? in
            guard case .session(var session) = found else { return nil }
            session.lastSeenAt = lastSeen(session)
            return session
        }
    }

    /// When a session was last used.
    func lastSeen(_ session: LoginSession) -> Timestamp {
        max(session.lastSeenAt, uses.withLock { $0.sessions[session.id] } ?? session.lastSeenAt)
    }

    /// Notes that a session was used.
    func use(_ session: LoginSession, at now: Timestamp) {
        let isDue = uses.withLock { uses in
            uses.sessions[session.id] = now
            return uses.isDue(session.id, since: session.lastSeenAt, interval: Self.sessionInterval, at: now)
        }
        guard isDue else { return }
        write(tokens: [:], sessions: [session.id: now])
    }

    /// Notes that a token was used.
    func use(_ token: APIToken, from address: IPAddress?, at now: Timestamp) {
        let use = TokenUse(at: now, from: address)
        let isDue = uses.withLock { uses in
            uses.tokens[token.id] = use
            return uses.isDue(token.id, since: token.lastUsedAt, interval: Self.tokenInterval, at: now)
        }
        guard isDue else { return }
        write(tokens: [token.id: use], sessions: [:])
    }

    /// Off the request: that a use is written late or not at all takes no right away.
    private func write(tokens: [String: TokenUse], sessions: [String: Timestamp]) {
        Task { [store, logger] in
            do {
                try await store.recordUse(tokens: tokens, sessions: sessions)
            } catch {
                logger.warning("the use of a credential can't be stored", metadata: ["error": "\(error)"])
            }
        }
    }

    private func present() async throws -> Content {
        let generation = try store.credentialGeneration()
        if let content = content.withLock({ $0 }), content.generation == generation { return content }
        let stored = try await store.credentials()
        var found: [DigestValue: Found] = [:]
        for token in stored.tokens { found[token.digest] = .token(token) }
        for session in stored.sessions { found[session.digest] = .session(session) }
        // The generation from before the read: what changed since is read again.
        let fresh = Content(generation: generation, found: found)
        content.withLock { $0 = fresh }
        let known = Set(stored.tokens.map(\.id) + stored.sessions.map(\.id))
        uses.withLock { $0.keep(known) }
        return fresh
    }
}

extension CredentialCache.Uses {
    /// Whether the use is to be written now; if so it counts as written.
    fileprivate mutating func isDue(
        _ id: String, since stored: Timestamp?, interval: Int64, at now: Timestamp
    ) -> Bool {
        if let last = written[id] ?? stored, now.seconds - last.seconds < interval, now >= last { return false }
        written[id] = now
        return true
    }

    fileprivate mutating func keep(_ ids: Set<String>) {
        tokens = tokens.filter { ids.contains($0.key) }
        sessions = sessions.filter { ids.contains($0.key) }
        written = written.filter { ids.contains($0.key) }
    }
}
