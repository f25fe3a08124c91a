/// The chains and sets that `Access` documents need. Who is in a class and what a set names are members, not structure.
public struct FirewallAccess: Sendable, Hashable {
    /// The peers whose packets are judged alike.
    public struct Class: Sendable, Hashable {
        /// What identifies it: it follows from ``selectors`` and ``deniesRest``.
        public let id: String
        /// The selectors that hold the peers, by their identifiers, ascending.
        public let selectors: [String]
        /// Whether everything is dropped that no set allows.
        public let deniesRest: Bool

        /// A class.
        public init(id: String, selectors: [String], deniesRest: Bool) {
            self.id = id
            self.selectors = selectors
            self.deniesRest = deniesRest
        }
    }

    /// The classes, sorted by identifier.
    public var classes: [Class]
    /// The sets of their selectors, sorted; each exists once for every family.
    public var sets: [AccessSet]

    /// Chains and sets.
    public init(classes: [Class], sets: [AccessSet]) {
        self.classes = classes
        self.sets = sets
    }
}

/// What the documents of a selector with one action name: whole addresses, or services of addresses.
public struct AccessSet: Sendable, Hashable {
    /// The selector's identifier.
    public let selector: String
    /// What becomes of what the set names.
    public let action: AccessRule.Action
    /// Whether the members are services of addresses, else every protocol of addresses.
    public let namesServices: Bool

    /// A set.
    public init(selector: String, action: AccessRule.Action, namesServices: Bool) {
        self.selector = selector
        self.action = action
        self.namesServices = namesServices
    }
}

extension AccessSet: Comparable {
    /// Orders by selector; what denies first.
    public static func < (a: Self, b: Self) -> Bool {
        (a.selector, a.action == .allow ? 1 : 0, a.namesServices ? 1 : 0)
            < (b.selector, b.action == .allow ? 1 : 0, b.namesServices ? 1 : 0)
    }
}
