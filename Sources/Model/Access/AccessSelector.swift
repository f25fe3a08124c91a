/// The documents that are about the same peers: one `from`.
public struct AccessSelector: Sendable {
    /// What identifies it: 12 hexadecimal characters of the digest of ``sources``. What the documents allow does not
    /// change it.
    public let id: String
    /// Who is meant; sorted, peers with their interface.
    public let sources: AccessSources
    /// Its documents, by index in ``AccessPolicy/rules``, ascending.
    public internal(set) var rules: [Int] = []
    /// What its documents allow; nil: none of them allows anything.
    public internal(set) var allowed: ReachableServices?
    /// What its documents deny; nil: none of them denies anything.
    public internal(set) var denied: ReachableServices?
    /// Whether its documents deny everything else.
    public internal(set) var deniesRest = false

    init(_ sources: AccessSources, id: String) {
        self.sources = sources
        self.id = id
    }
}
