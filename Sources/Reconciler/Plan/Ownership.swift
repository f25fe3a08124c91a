import Model

/// Whose a link is.
enum Ownership: Sendable, Hashable {
    /// No link of that name exists.
    case absent
    /// It is ours.
    case ours
    /// Somebody else made it.
    case foreign

    /// A link is ours when it carries our mark, or when the inventory names it for this boot and namespace: with its
    /// index, or with an intent whose outcome a crash kept from being recorded. After a reboot a link of a name we know
    /// without our mark is somebody else's.
    init(of link: ObservedLink?, row: OwnedInterface?, host: HostIdentity) {
        guard let link else {
            self = .absent
            return
        }
        if link.isMarked {
            self = .ours
        } else if let row, row.host == host, row.index == nil || row.index == link.index {
            self = .ours
        } else {
            self = .foreign
        }
    }
}

extension ObservedState {
    /// The links that carry our mark although none of these names is theirs, by name: what was made by a database that is
    /// lost, and links of ours that somebody renamed.
    func orphans(besides names: Set<String>) -> [ObservedLink] {
        links.filter { $0.isMarked && $0.canCarryWireGuard && !names.contains($0.name) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}
