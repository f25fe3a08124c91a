import Manifest
public import Model

extension Intent {
    /// Consents to what rails refuse, in `approvals/<name>.yaml`. The name is made of the day and the first digest.
    ///
    /// - Parameters:
    ///   - digests: the digests of changes or refusals, as plans show them.
    ///   - expires: until when it counts; later than `now`.
    public static func approve(
        _ digests: [String], reason: String, expires: Timestamp, at now: Timestamp
    ) -> Intent {
        Intent(isConsent: true) { tree throws(GatewayFailure) in
            let faults = faults(digests, reason, expires, now)
            guard faults.isEmpty else {
                throw .invalidFields(kind: ObjectIdentity.approval("").kind, name: "", faults)
            }
            let name = freeName("\(now.description.prefix(10))-\(digests[0].prefix(12))", in: tree)
            let fields = [
                FieldEdit(["digests"], .set(.list(digests.map(EditValue.string)))),
                FieldEdit(["reason"], .set(.string(reason))),
                FieldEdit(["expires"], .set(.string(expires.description))),
            ]
            return try NamedDocument(identity: .approval(name), noun: "approval").create(
                fields, at: NewFile.approval(name, in: tree), beside: tree.approvals.map(\.name), in: tree)
        }
    }

    private static func faults(
        _ digests: [String], _ reason: String, _ expires: Timestamp, _ now: Timestamp
    ) -> [InvalidField] {
        var faults: [InvalidField] = []
        if digests.isEmpty { faults.append(InvalidField("digests", "digests must name at least one digest")) }
        for digest in digests where !isDigest(digest) {
            faults.append(
                InvalidField(
                    "digests",
                    "digests must be 12 to 64 hexadecimal digits in lower case, as a plan shows them; found \"\(digest.prefix(80))\""
                ))
        }
        if Set(digests).count < digests.count { faults.append(InvalidField("digests", "digests has a digest twice")) }
        if reason.isEmpty { faults.append(InvalidField("reason", "reason must say why")) }
        if expires <= now { faults.append(InvalidField("expires", "expires must be later than now (\(now))")) }
        return faults
    }

    private static func isDigest(_ text: String) -> Bool { text.wholeMatch(of: /[0-9a-f]{12,64}/) != nil }

    private static func freeName(_ stem: String, in tree: ManifestTree) -> String {
        var name = stem
        var number = 2
        while tree.place(of: .approval(name)) != nil {
            name = "\(stem)-\(number)"
            number += 1
        }
        return name
    }
}
