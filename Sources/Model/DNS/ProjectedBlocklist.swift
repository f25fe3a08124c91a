/// A blocklist as the database holds it.
public struct ProjectedBlocklist: Sendable, Hashable {
    /// The name.
    public var name: String
    /// Where it is fetched; nil for a file.
    public var url: String?
    /// The file of the repository; nil for a fetched one.
    public var file: String?
    /// What its lines mean.
    public var format: Blocklist.Format
    /// Whether it is used.
    public var enabled: Bool
    /// Seconds between two looks at its address.
    public var refresh: Int64
    /// The SHA-256 its text must have, 64 hexadecimal characters; nil: any text is taken.
    public var sha256: String?

    /// A row.
    public init(
        name: String, url: String? = nil, file: String? = nil, format: Blocklist.Format, enabled: Bool = true,
        refresh: Int64, sha256: String? = nil
    ) {
        self.name = name
        self.url = url
        self.file = file
        self.format = format
        self.enabled = enabled
        self.refresh = refresh
        self.sha256 = sha256
    }

    /// The row of a declared list.
    public init(_ list: Blocklist) {
        self.init(
            name: list.name, format: list.format, enabled: list.enabled, refresh: list.refresh.components.seconds,
            sha256: list.sha256?.description)
        switch list.source {
        case .url(let address): url = address
        case .file(let path): file = path
        }
    }

    /// The order of rows: by the bytes of the name.
    public static func order(_ a: Self, _ b: Self) -> Bool { a.name.utf8.lexicographicallyPrecedes(b.name.utf8) }
}
