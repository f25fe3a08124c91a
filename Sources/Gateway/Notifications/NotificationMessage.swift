public import Model
public import Reconciler

/// One thing that somebody is told.
public struct NotificationMessage: Sendable, Equatable {
    /// What became of the matter.
    public enum State: String, Sendable, Hashable {
        /// It is so.
        case found
        /// It was so, and was put right in the same pass.
        case healed
        /// It is over.
        case resolved
    }

    /// What it is about.
    public var kind: NotificationKind
    /// What became of it.
    public var state: State
    /// The same for the same matter, from pass to pass and from run to run.
    public var fingerprint: String
    /// The object; nil: the gateway, or several objects.
    public var object: ObjectID?
    /// What happened, in a line.
    public var message: String
    /// More about it, a line each.
    public var details: [String] = []
    /// When it was seen first by this process.
    public var since: Timestamp
    /// When the pass that tells it began.
    public var at: Timestamp
    /// The pass.
    public var pass: String
    /// The revision that was in force.
    public var revision: String?

    /// The body of a message: JSON in UTF-8.
    ///
    /// - Parameters:
    ///   - delivery: the id of this message to this receiver.
    ///   - gateway: the name of this host.
    public func body(delivery: String, gateway: String) -> [UInt8] {
        let object = object.map {
            JSONValue.object([("kind", .string($0.kind.rawValue)), ("name", .string($0.name))])
        }
        return JSONValue.object([
            ("kind", .string(kind.rawValue)), ("state", .string(state.rawValue)), ("message", .string(message)),
            ("details", .array(details.map(JSONValue.string))), ("object", object ?? .null),
            ("since", .string(since.description)), ("at", .string(at.description)), ("gateway", .string(gateway)),
            ("pass", .string(pass)), ("revision", .optional(revision)), ("fingerprint", .string(fingerprint)),
            ("delivery", .string(delivery)),
        ]).compactBytes()
    }
}
