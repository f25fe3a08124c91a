/// One thing that a host must have, as found.
struct HostCheck: Sendable, Hashable {
    /// What was found.
    enum Finding: Sendable, Hashable {
        /// It is there.
        case good(String)
        /// Something can't be used, but what is configured works without it.
        case warning(String)
        /// It is missing: what and what to do, in one line.
        case failure(String)
    }

    /// What is looked at: `root`, `nft`, `state directory`.
    let name: String
    /// What was found.
    let finding: Finding

    init(_ name: String, _ finding: Finding) {
        self.name = name
        self.finding = finding
    }

    /// The line of a failure.
    var failure: String? {
        if case .failure(let line) = finding { line } else { nil }
    }
}

extension HostCheck {
    /// The same finding where nothing depends on it.
    var optional: HostCheck {
        failure.map { HostCheck(name, .warning($0)) } ?? self
    }
}
