/// Why a line of a list is not taken. A list's status counts lines by this.
public enum SkipReason: String, Sendable, Hashable, CaseIterable, Comparable {
    /// The address of a hosts line is none.
    case badAddress = "bad-address"
    /// A name is none.
    case badName = "bad-name"
    /// A name that belongs to every host itself, such as `localhost`.
    case localName = "local-name"
    /// A rule for the elements of pages.
    case cosmetic
    /// A rule for the addresses of pages, which a question for a name does not show.
    case address = "page-address"
    /// A modifier that is not known here, so that the rule would do more than was meant.
    case unknownModifier = "unknown-modifier"
    /// The same modifier twice.
    case repeatedModifier = "repeated-modifier"
    /// The value of a modifier is missing, not understood or has no use here.
    case badModifier = "bad-modifier"
    /// A regular expression that RE2 does not accept.
    case badExpression = "bad-expression"
    /// A mask that would match every name.
    case tooWide = "too-wide"
    /// A mask that no name matches.
    case matchesNothing = "matches-nothing"
    /// A line that is longer than a list may have.
    case tooLong = "too-long"

    /// Orders by the word.
    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// A line that is not taken, and what is wrong with it.
public struct LineFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of fault it is.
    public let reason: SkipReason
    /// What is wrong, for whoever wrote the line: lower case, no full stop.
    public let description: String

    init(_ reason: SkipReason, _ description: String) {
        self.reason = reason
        self.description = description
    }
}
