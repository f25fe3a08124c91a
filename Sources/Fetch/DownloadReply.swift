/// What a server told about a text, to be asked whether it changed.
public struct DownloadValidators: Sendable, Equatable {
    /// The `ETag` as the server wrote it.
    public var etag: String?
    /// The `Last-Modified` as the server wrote it.
    public var lastModified: String?

    /// Nothing, or what the server told last time.
    public init(etag: String? = nil, lastModified: String? = nil) {
        self.etag = etag
        self.lastModified = lastModified
    }
}

/// What a download ended with.
public enum DownloadReply: Sendable, Equatable {
    /// The text is the one the validators belong to.
    case notModified
    /// The whole text was handed over. The type is that of `Content-Type`, in lower case and without parameters.
    case content(type: String?, validators: DownloadValidators)
}
