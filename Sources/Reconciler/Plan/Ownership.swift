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
