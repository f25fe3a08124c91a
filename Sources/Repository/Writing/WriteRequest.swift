public import Manifest
public import Model
public import Reconciler

/// Who a commit is by: a person's or a token's name and address.
public struct CommitAuthor: Sendable, Hashable {
    /// The name; what git doesn't allow in it (`<`, `>`, control characters) is left out.
    public let name: String
    /// The mail address, cleaned the same way.
    public let email: String

    /// An author.
    public init(name: String, email: String) {
        let cleaned = Self.cleaned(name)
        self.name = cleaned.isEmpty ? "unknown" : cleaned
        self.email = Self.cleaned(email)
    }

    /// What stands in the commits of WireBuddy as their committer.
    static let wirebuddy = CommitAuthor(name: "WireBuddy", email: "wirebuddy@localhost")

    private static func cleaned(_ text: String) -> String {
        let allowed = text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F && $0 != "<" && $0 != ">" }
        return String(String.UnicodeScalarView(allowed)).split(separator: " ").joined(separator: " ")
    }
}

/// One line at the end of a commit message: `Request-Id: …`.
public struct CommitTrailer: Sendable, Hashable {
    /// The key, letters, digits and `-`.
    public let key: String
    /// The value, one line.
    public let value: String

    /// A trailer.
    public init(_ key: String, _ value: String) {
        self.key = key
        self.value = value
    }
}

/// A change of the repository, given as what to do with whatever tree it meets.
public struct WriteRequest: Sendable {
    /// Makes the change on a tree; nil or no difference: there is nothing to do. It may be called again, on a newer
    /// tree, and says itself (by throwing) whether its target changed in a way that matters.
    public typealias Intent = @Sendable (ManifestTree) throws -> TreeChange?
    /// Looks at the state that a commit would make (plan and rails); throws what refuses it.
    public typealias Check = @Sendable (DesiredRevision) async throws -> Void

    /// Who asked for it.
    public var author: CommitAuthor
    /// `Request-Id`, `Via`.
    public var trailers: [CommitTrailer]
    /// When it was asked: the time of the commit, and what validation takes for now.
    public var now: Timestamp
    /// The change.
    public var intent: Intent
    /// Called once for several writes where possible; when it refuses them, once for each.
    public var check: Check?
    /// Whether it may be written on top of a head that is not valid, as long as the result is: a rollback, the removal
    /// of what is wrong, the completion of what is missing.
    public var mayRepair = false

    /// A request.
    public init(
        author: CommitAuthor, trailers: [CommitTrailer] = [], now: Timestamp, check: Check? = nil,
        intent: @escaping Intent
    ) {
        self.author = author
        self.trailers = trailers
        self.now = now
        self.check = check
        self.intent = intent
    }
}
