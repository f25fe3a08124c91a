import Model

/// All rails, in the order people read their refusals.
///
/// Peers and users are counted: who is removed is locked out. DNS rules and lists are not: what a rule says is its
/// identity, so every edit of one would count as a deletion, nobody loses access by it, and a revert brings it back.
struct Rails {
    /// Kinds with fewer objects than this are exempt from the limits by number and share.
    static let smallKind = 10

    private let context: RailContext

    init(input: PlanInput, digest: any Digest, cuts: PathCuts) {
        context = RailContext(input: input, digest: digest, cuts: cuts)
    }

    private static let all: [any Rail] = [
        RolledBackRail(),
        InterfaceRemovalRail(),
        ReKeyRail(),
        PortChangeRail(),
        ForwardTakesPortRail(),
        AdminPathRail(),
        RemotePathRail(),
        EmptyKindRail(kind: .peer),
        MaxDeletesRail(kind: .peer),
        EmptyKindRail(kind: .user),
        MaxDeletesRail(kind: .user),
        LastAdminRail(),
        LiveSessionsRail(),
    ]

    /// The refusals of a plan with these changes; none when nothing needs consent or all of it was given.
    func refusals(of changes: [Change]) -> [RailRefusal] {
        changes.isEmpty ? [] : Self.all.compactMap { $0.refusal(of: changes, context) }
    }
}
