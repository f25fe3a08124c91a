/// What a token lets its holder do.
public enum TokenPermission: String, Sendable, Hashable, CaseIterable {
    /// `GET` only.
    case read
    /// Everything its owner may.
    case full
}

/// A token of the API, as it is stored: not the value, only its digest.
public struct APIToken: Sendable, Hashable {
    /// The id, a lower-case UUID.
    public var id: String
    /// The digest of the value.
    public var digest: DigestValue
    /// What its owner calls it; commits name it.
    public var name: String
    /// The id of the user it belongs to.
    public var userID: String
    /// What it allows.
    public var permission: TokenPermission
    /// Whether private keys of devices may be read with it.
    public var allowsSecrets: Bool
    /// Where requests with it may come from; empty: from anywhere.
    public var allowedIPs: [Prefix]
    /// When it was made.
    public var createdAt: Timestamp
    /// When it ends; nil: never.
    public var expiresAt: Timestamp?
    /// When it was last used, within some minutes; nil: not yet.
    public var lastUsedAt: Timestamp?
    /// From where it was last used; nil: not yet.
    public var lastUsedFrom: IPAddress?

    /// A token.
    public init(
        id: String, digest: DigestValue, name: String, userID: String, permission: TokenPermission,
        allowsSecrets: Bool = false, allowedIPs: [Prefix] = [], createdAt: Timestamp, expiresAt: Timestamp? = nil,
        lastUsedAt: Timestamp? = nil, lastUsedFrom: IPAddress? = nil
    ) {
        self.id = id
        self.digest = digest
        self.name = name
        self.userID = userID
        self.permission = permission
        self.allowsSecrets = allowsSecrets
        self.allowedIPs = allowedIPs
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
        self.lastUsedFrom = lastUsedFrom
    }
}

/// When and from where a token was used.
public struct TokenUse: Sendable, Hashable {
    /// When.
    public var at: Timestamp
    /// From where; nil: the unix socket.
    public var from: IPAddress?

    /// A use.
    public init(at: Timestamp, from: IPAddress?) {
        self.at = at
        self.from = from
    }
}
