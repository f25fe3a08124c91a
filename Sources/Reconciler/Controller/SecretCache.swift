import Model

/// The secrets a catalog refers to. Those of peers are read again only when they may have changed, because there may be
/// as many as there are peers.
struct SecretCache {
    private(set) var values: [SecretReference: Result<SecretKey, SecretFailure>] = [:]
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
        var seen: Set<SecretReference> = Set(index.interfaceSecrets)
        for reference in seen { read(reference, from: source) }
        for reference in index.peerSecrets where seen.insert(reference).inserted {
            if !all, case .success = values[reference] { continue }
            read(reference, from: source)
        }
        guard all else { return }
        for reference in values.keys where !seen.contains(reference) { values[reference] = nil }
        self.revision = revision
        readAt = uptime
    }

    private mutating func read(_ reference: SecretReference, from source: any SecretSource) {
        let value: Result<SecretKey, SecretFailure>
        do throws(SecretFailure) {
            value = .success(try source.resolve(reference))
        } catch {
            value = .failure(error)
        }
        if let old = values[reference], Self.equal(old, value) { return }
        values[reference] = value
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
