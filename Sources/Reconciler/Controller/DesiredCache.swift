import Model

/// Compiled desired states by everything they follow from, so that a pass with nothing new compiles nothing.
struct DesiredCache {
    /// Everything a desired state follows from, but the instant.
    struct Key: Equatable {
        var revision: String
        var facts: HostFacts
        var interfaceKeys: [String: SecretKey]
        var secrets: Int
        var addresses: [String: IPAddress]
        var revocations: [Revocation]
        var expired: [PeerID: Timestamp]
        var ownedSysctls: Set<Sysctl>
    }

    /// A compiled state.
    struct Entry {
        var key: Key
        /// The instant it was compiled for; it holds from there to `validUntil`.
        var compiledFor: Timestamp
        /// The next instant that changes it; nil = never.
        var validUntil: Timestamp?
        var state: DesiredState
        /// Its peers, for the next compilation.
        var peers: EarlierPeers
        /// Grows with each compilation.
        var generation: Int
    }

    private var entries: [Entry] = []
    private var generation = 0

    /// The head's and the last good revision's states are needed at the same time, no more.
    private static let capacity = 2

    /// The peers as they were compiled last.
    var peers: EarlierPeers? { entries.first?.peers }

    /// The state of a catalog for `key` at `now`, compiled if need be.
    mutating func entry(
        of catalog: Catalog, for key: Key, at now: Timestamp, validUntil: Timestamp?, compile: () -> DesiredState
    ) -> Entry {
        if let index = entries.firstIndex(where: { $0.key == key && $0.compiledFor <= now }) {
            let entry = entries[index]
            if entry.validUntil.map({ now < $0 }) ?? true { return entry }
        }
        generation += 1
        let state = compile()
        let entry = Entry(
            key: key, compiledFor: now, validUntil: validUntil, state: state, peers: EarlierPeers(catalog, state),
            generation: generation)
        entries.removeAll { $0.key.revision == key.revision }
        entries.insert(entry, at: 0)
        if entries.count > Self.capacity { entries.removeLast() }
        return entry
    }

    /// Lets go of what was compiled for other revisions than the one that is in force: nothing is healed from them.
    mutating func keep(_ revision: String) { entries.removeAll { $0.key.revision != revision } }
}
