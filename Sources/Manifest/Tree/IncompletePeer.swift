public import Model

/// Who completes peers whose documents leave out what WireBuddy can make: addresses and keys.
public enum Completion: Sendable, Hashable {
    /// Nobody: each absence is an error with the line to paste.
    case refused
    /// A write-back, or in memory whoever only looks: each absence is a warning.
    case writeBack
}

/// A peer whose document leaves out what WireBuddy can make.
public struct IncompletePeer: Sendable, Hashable {
    /// The peer.
    public let peer: ObjectIdentity
    /// Where its document begins.
    public let location: SourceLocation
    /// The addresses it gets; empty if the document has some.
    public let ip: [IPAddress]
    /// Whether a key pair is to be made.
    public let needsKeys: Bool
    /// Whether a preshared key is to be made.
    public let needsPresharedKey: Bool

    /// The line to paste for its addresses; nil if the document has some.
    var line: String? {
        let list = ip.map(\.description).joined(separator: ", ")
        return ip.isEmpty ? nil : ip.count == 1 ? "ip: \(list)" : "ip: [\(list)]"
    }

    /// `Peer "phone" of wg0 gets 10.8.0.7 and a key pair`.
    public var summary: String {
        var parts = ip.map(\.description)
        if needsKeys { parts.append("a key pair") }
        if needsPresharedKey { parts.append("a preshared key") }
        let list =
            parts.count < 2
            ? parts.joined() : parts.dropLast().joined(separator: ", ") + " and " + (parts.last ?? "")
        return "Peer \(Printable.quoted(peer.name)) of \(peer.interface ?? "") gets \(list)"
    }
}
