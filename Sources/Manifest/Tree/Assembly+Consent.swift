import Model

extension Assembly {
    /// Approvals and acknowledgements go by their names, and those that are over are pointed out.
    mutating func checkConsent() {
        if !approvals.isEmpty { _ = index(approvals, ApprovalKind.kind.name, ApprovalKind.name) { $0.name } }
        if !acknowledgements.isEmpty {
            _ = index(acknowledgements, AcknowledgementKind.kind.name, AcknowledgementKind.name) { $0.name }
        }
        for declared in approvals where declared.valid.contains(ApprovalKind.expires) {
            reportExpiry(
                declared, ApprovalKind.expires, declared.object.expires,
                "Approval \(Printable.quoted(declared.object.name))")
        }
        for declared in acknowledgements where declared.valid.contains(AcknowledgementKind.expires) {
            reportExpiry(
                declared, AcknowledgementKind.expires, declared.object.expires,
                "Acknowledgement \(Printable.quoted(declared.object.name))")
        }
    }

    private mutating func reportExpiry<Object>(
        _ declared: Declared<Object>, _ field: Int, _ expiry: Timestamp, _ label: String
    ) {
        guard expiry <= now else { return }
        report(
            declared, field, .expired, "\(label) expired at \(expiry): it does not count",
            suggestion: "remove it, or set a later time", severity: .warning)
    }
}
