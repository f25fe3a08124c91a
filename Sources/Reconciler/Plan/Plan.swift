public import Model

/// What would be, or was, done to bring the host to a revision. Everything people see is rendered from this value and
/// apply executes its steps.
public struct Plan: Sendable {
    /// The digest of revision and changes: `apply --plan-id` refuses another one.
    public var id: String
    /// The revision.
    public var revision: String
    /// When the host was looked at.
    public var observedAt: Timestamp
    /// The changes, in the order people read: by kind and name, revocations first.
    public var changes: [Change]
    /// What is executed, in order.
    public var steps: [Step]
    /// Rails that refuse this plan. While there is one, only revocations are executed.
    public var refusals: [RailRefusal]
    /// What can't be planned now, and why: unreadable parts, missing secrets, foreign links. Nothing of it is changed.
    public var problems: [PlanProblem]
    /// Requirements that can't be met in this pass, because their part could not be planned. Steps that need one are not
    /// tried.
    public var unmet: Set<Requirement>
    /// What deserves a look but changes nothing: roamed pinned endpoints, unmanaged peers that are only reported.
    public var notes: [PlanNote]

    /// Whether the host is as desired and nothing is held or in the way.
    public var isEmpty: Bool { changes.isEmpty }

    /// The changes that are drift: observed differs from what was applied, while the desired state did not change.
    public var drift: [Change] { changes.filter { $0.reason == .drift } }
}

/// One object's change.
public struct Change: Sendable, Hashable {
    /// What happens to the object.
    public enum Action: String, Sendable, Hashable {
        /// It comes into being.
        case create
        /// It changes.
        case update
        /// It goes.
        case delete
        /// A foreign one is taken over.
        case adopt
    }

    /// Why.
    public enum Reason: String, Sendable, Hashable {
        /// The desired state changed since it was applied.
        case desiredChanged = "desired-changed"
        /// The host changed since it was applied.
        case drift
        /// It left the desired state.
        case prune
        /// A foreign object is taken over.
        case adopt
        /// The peer expired.
        case expired
        /// The peer or user is disabled, or the peer's key was revoked.
        case revoked
        /// The private key of the interface changes.
        case keyRotation = "key-rotation"
    }

    /// What the change does to running sessions.
    public enum Impact: String, Sendable, Hashable, Comparable {
        /// Nothing.
        case none
        /// The session goes on after a new handshake, at most seconds later.
        case newHandshake = "new-handshake"
        /// The session ends.
        case sessionLoss = "session-loss"
        /// Devices need a new configuration.
        case reimport
        /// The admin may be locked out.
        case lockoutRisk = "lockout-risk"

        /// Orders by severity.
        public static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }
        private var rank: Int {
            switch self {
            case .none: 0
            case .newHandshake: 1
            case .sessionLoss: 2
            case .reimport: 3
            case .lockoutRisk: 4
            }
        }
    }

    /// The object, by the name people gave it.
    public var object: ObjectID
    /// The public key of a peer.
    public var publicKey: PublicKey?
    /// The stable identifier of a peer; nil for other objects and peers that no manifest declared.
    public var peerID: String?
    /// What happens.
    public var action: Action
    /// Why.
    public var reason: Reason
    /// The fields that change, in the order of the kind's table.
    public var fields: [FieldChange]
    /// What it does to running sessions.
    public var impact: Impact
    /// How many live sessions it touches (handshake less than 180 s ago).
    public var liveSessions: Int
    /// Whether the loop leaves it alone (`drift: report`); an explicit apply does it.
    public var isReportOnly: Bool
    /// The digest of kind, name, action, before and after: independent of the revision. Approvals name it.
    public var digest: String

    /// Whether this is a revocation: it goes first and passes every rail.
    public var isRevocation: Bool { reason == .expired || reason == .revoked }
}

/// One field of a change. Secrets are masked; equal secrets of a plan have equal masks.
public struct FieldChange: Sendable, Hashable {
    /// The field's name in the kind's table.
    public var field: String
    /// The value before; nil = none.
    public var before: String?
    /// The value after; nil = none.
    public var after: String?

    /// A field.
    public init(_ field: String, before: String?, after: String?) {
        self.field = field
        self.before = before
        self.after = after
    }
}

/// One executed unit of a plan.
public struct Step: Sendable {
    /// The order of apply (DESIGN 5.3). Steps of a lower phase run first.
    public enum Phase: Int, Sendable, Comparable, CaseIterable {
        /// Peers that must go.
        case revocations
        /// Peers that left the desired state or that nobody declared.
        case peerRemovals
        /// Links that go or are stopped: before the firewall that covers them changes, and before a successor needs
        /// their name or port.
        case linkRemovals
        /// Structure and new members of the firewall.
        case firewall
        /// Links, MTU, mark.
        case links
        /// Addresses.
        case addresses
        /// Keys, port and mark of devices.
        case devices
        /// New and changed peers.
        case peers
        /// Links go up.
        case linkState
        /// Routes and rules.
        case routes
        /// Kernel parameters.
        case sysctls
        /// Sessions are woken.
        case wake
        /// Rows of the DNS forwarder's policy, those that go too: it moves from one state to the next as a whole. And what
        /// it does for single peers.
        case dns
        /// Rows of the database: users and settings.
        case projections
        /// What is no longer needed: routes, rules, firewall members and table, parameters, users.
        case prunes

        /// Orders by execution.
        public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    }

    /// When it runs.
    public var phase: Phase
    /// What is done.
    public var operation: Operation
    /// The indices of the changes it belongs to.
    public var changes: [Int]
    /// What must have succeeded before; when one of these failed, the step is not tried.
    public var requires: Set<Requirement>
    /// What its success provides.
    public var provides: Requirement?
}

/// Something a step depends on.
public enum Requirement: Sendable, Hashable {
    /// The firewall transaction of this plan.
    case firewall
    /// The link of this interface exists, is marked and has its MTU.
    case link(String)
    /// The device of this interface has its key, port and mark.
    case device(String)
    /// The link of this interface is up.
    case up(String)
    /// The router advertisement guard of a link.
    case routerAdvertisementGuard
}

/// A rail that refuses a plan.
public struct RailRefusal: Sendable, Hashable {
    /// The rail, as ``Rails`` lists them: `max-deletes`, `empty-kind`, …
    public var rail: String
    /// What is refused and how many objects it is about.
    public var message: String
    /// Approving this digest approves exactly the set of changes that is refused.
    public var digest: String
    /// The indices of the refused changes.
    public var changes: [Int]
}

/// Something that can't be planned now.
public struct PlanProblem: Sendable, Hashable {
    /// How it ends a command.
    public enum Kind: Sendable, Hashable {
        /// A part of the host or a secret can't be read: an error.
        case error
        /// Consent is missing: like a rail.
        case consent
    }

    /// How it ends a command.
    public var kind: Kind
    /// The object.
    public var object: ObjectID
    /// Why, and what to do.
    public var message: String
}

/// Something that deserves a look.
public struct PlanNote: Sendable, Hashable {
    /// The object.
    public var object: ObjectID
    /// What was seen.
    public var message: String
}
