import Model

/// The secrets a catalog refers to. Those of peers are read again only when they may have changed, because there may be
/// as many as there are peers.
struct SecretCache {
    private(set) var values: [SecretUse: Result<SecretKey, SecretFailure>] = [:]
    /// Counts the times a value changed, so that equal generations mean equal secrets.
    private(set) var generation = 0
    private var revision: String?
    private var readAt: Duration?

    /// How long a peer's secret is taken from memory.
    static let lifetime: Duration = .seconds(300)

    /// Brings the values up to date for a revision.
    mutating func refresh(
        _ index: CatalogIndex, revision: String, source: any SecretSource, isForced: Bool, at uptime: Duration
    ) {
        let isFresh = readAt.map { uptime - $0 < Self.lifetime } ?? false
        let all = isForced || revision != self.revision || !isFresh
        var seen: Set<SecretUse> = []
        for use in index.interfaceSecrets where seen.insert(use).inserted { read(use, from: source) }
        for use in index.peerSecrets where seen.insert(use).inserted {
            if !all, case .success = values[use] { continue }
            read(use, from: source)
        }
        guard all else { return }
        for use in values.keys where !seen.contains(use) { values[use] = nil }
        self.revision = revision
        readAt = uptime
    }

    private mutating func read(_ use: SecretUse, from source: any SecretSource) {
        // Opening costs a multiplication on the curve, and the outcome can't be another one.
        if use.isSealed, case .success = values[use] { return }
        let value: Result<SecretKey, SecretFailure>
        do throws(SecretFailure) {
            value = .success(try source.resolve(use.reference, context: use.context))
        } catch {
            value = .failure(error)
        }
        if let old = values[use], Self.equal(old, value) { return }
        values[use] = value
        generation += 1
    }

    private static func equal(_ a: Result<SecretKey, SecretFailure>, _ b: Result<SecretKey, SecretFailure>) -> Bool {
        switch (a, b) {
        case (.success(let x), .success(let y)): x == y
        case (.failure(let x), .failure(let y)): x == y
        default: false
        }
    }
}
