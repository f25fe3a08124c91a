/// The kinds of documents a repository may hold.
enum Kinds {
    /// What this version reads.
    static let supported = [
        InterfaceKind.kind.name, PeerKind.kind.name, SettingsKind.kind.name, RecipientsKind.kind.name,
        UserKind.kind.name, DNSSettingsKind.kind.name, BlocklistKind.kind.name, DNSRuleKind.kind.name,
        DNSRulesKind.kind.name, AccessKind.kind.name, ForwardKind.kind.name, ApprovalKind.kind.name,
        AcknowledgementKind.kind.name,
    ]
    /// The only version of the format.
    static let apiVersion = "wirebuddy/v1"
}
