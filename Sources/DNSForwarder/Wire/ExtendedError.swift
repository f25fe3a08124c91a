/// Why an answer is what it is, for the client's user (RFC 8914).
public struct ExtendedError: Hashable, Sendable {
    /// The longest text that is written, in octets of UTF-8: with it the smallest answer of 512 octets still holds the
    /// longest question.
    public static let longestText = 200

    /// What happened.
    public let code: Code
    /// More for a human to read; may be empty.
    public let text: String

    /// An error; the text is cut before the character that would make it longer than ``longestText``.
    public init(_ code: Code, _ text: String = "") {
        self.code = code
        if text.utf8.count <= Self.longestText {
            self.text = text
            return
        }
        var kept = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            count += UTF8.width(scalar)
            guard count <= Self.longestText else { break }
            kept.append(scalar)
        }
        self.text = String(kept)
    }

    /// The error as it is passed on to a client: the text says that it is an upstream's, for to the client it comes from
    /// here (RFC 8914 3).
    var passedOn: ExtendedError { ExtendedError(code, text.isEmpty ? "upstream" : "upstream: \(text)") }

    /// The info code (RFC 8914 4; numbers assigned by IANA).
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The number on the wire.
        public let rawValue: UInt16

        /// The code of that number.
        public init(rawValue: UInt16) { self.rawValue = rawValue }

        /// What no other code says.
        public static let other = Code(rawValue: 0)
        /// An answer past its time, for no new one could be had.
        public static let staleAnswer = Code(rawValue: 3)
        /// An answer the server made up, by its own rules.
        public static let forgedAnswer = Code(rawValue: 4)
        /// DNSSEC validation failed.
        public static let bogus = Code(rawValue: 6)
        /// A failure from the cache.
        public static let cachedError = Code(rawValue: 13)
        /// The server is not ready yet.
        public static let notReady = Code(rawValue: 14)
        /// Blocked by the operator of the server.
        public static let blocked = Code(rawValue: 15)
        /// Blocked by an outside requirement.
        public static let censored = Code(rawValue: 16)
        /// Blocked because the client asked for it.
        public static let filtered = Code(rawValue: 17)
        /// The client may not ask this server.
        public static let prohibited = Code(rawValue: 18)
        /// A negative answer past its time, for no new one could be had.
        public static let staleNameError = Code(rawValue: 19)
        /// The kind of query is not served.
        public static let notSupported = Code(rawValue: 21)
        /// No server of the zone answers.
        public static let noReachableAuthority = Code(rawValue: 22)
        /// The network failed on the way to another server.
        public static let networkError = Code(rawValue: 23)
    }
}
