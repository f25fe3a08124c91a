/// A question for the text of a list at an address.
public struct ListRequest: Sendable {
    /// Where the text is; begins with `https://`.
    public let url: String
    /// What the server told about the text that is in force; empty to get the text in any case.
    public let validators: ListValidators
    /// The most bytes that are taken, after decoding.
    public let limit: Int
}

/// What a server told about a text, to be asked whether it changed.
public struct ListValidators: Sendable, Equatable, Codable {
    /// The `ETag` as the server wrote it.
    public var etag: String?
    /// The `Last-Modified` as the server wrote it.
    public var lastModified: String?

    /// Nothing, or what the server told.
    public init(etag: String? = nil, lastModified: String? = nil) {
        self.etag = etag
        self.lastModified = lastModified
    }
}

/// The answer to a ``ListRequest``.
public enum ListReply: Sendable {
    /// The text is the one the validators belong to.
    case notModified
    /// The whole text was handed over. The type is that of `Content-Type`, in lower case and without parameters.
    case text(contentType: String?, validators: ListValidators)
}
