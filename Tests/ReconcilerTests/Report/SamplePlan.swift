import Model

@testable import Reconciler

/// Plans as the planner makes them, small enough to be read.
enum SamplePlan {
    static let key = PublicKey(words: (1, 2, 3, 4))

    static func change(
        _ kind: ObjectID.Kind, _ name: String, _ action: Change.Action, _ reason: Change.Reason,
        _ fields: [FieldChange] = [], impact: Change.Impact = .none, live: Int = 0, reportOnly: Bool = false,
        digest: String = "0123456789ab"
    ) -> Change {
        Change(
            object: ObjectID(kind, name), publicKey: kind == .peer ? key : nil, peerID: kind == .peer ? id : nil,
            action: action, reason: reason,
            fields: fields, impact: impact, liveSessions: live, isReportOnly: reportOnly, digest: digest)
    }

    static let id = "123e4567-e89b-82d3-a456-426614174000"

    static func plan(
        _ changes: [Change], refusals: [RailRefusal] = [], problems: [PlanProblem] = [], notes: [PlanNote] = []
    ) -> Plan {
        Plan(
            id: "3f2a91c04d1e", revision: "8c1f2a97d1", observedAt: Timestamp(seconds: 1_790_000_000),
            changes: changes, steps: [], refusals: refusals, problems: problems, unmet: [],
            notes: notes)
    }

    /// A bit of everything.
    static let mixed = plan(
        [
            change(
                .peer, "wg0/bob", .delete, .expired,
                [FieldChange("allowed_ips", before: "10.8.0.3/32", after: nil)], impact: .sessionLoss, live: 1),
            change(
                .interface, "wg1", .create, .desiredChanged,
                [
                    FieldChange("address", before: nil, after: "10.9.0.1/24, fd42:9::1/64"),
                    FieldChange("listen_port", before: nil, after: "51821"),
                    FieldChange("private_key", before: nil, after: "<generated on the host>"),
                ]),
            change(
                .interface, "wg2", .adopt, .adopt,
                [FieldChange("mtu", before: "1500", after: "1420")], impact: .newHandshake, live: 2),
            change(
                .peer, "wg0/alice", .update, .desiredChanged,
                [
                    FieldChange("allowed_ips", before: "10.8.0.2/32", after: "10.8.0.2/32, 192.168.50.0/24"),
                    FieldChange("preshared_key", before: nil, after: "<secret 1>"),
                ], impact: .newHandshake, live: 1),
            change(
                .peer, "wg0/carol", .delete, .prune,
                [FieldChange("allowed_ips", before: "10.8.0.4/32", after: nil)], impact: .sessionLoss),
            change(
                .interface, "wg0", .update, .drift, [FieldChange("address", before: nil, after: "10.8.0.1/24")],
                reportOnly: true),
            change(
                .sysctl, "net.ipv4.ip_forward", .update, .drift, [FieldChange("value", before: "0", after: "1")]),
        ],
        refusals: [
            RailRefusal(
                rail: "max-deletes", message: "1 of 3 peers would be deleted, the limit is 0", digest: "99aabbccddee",
                changes: [4])
        ],
        problems: [
            PlanProblem(
                kind: .consent, object: ObjectID(.interface, "wg2"),
                message: "exists and is not ours: add --adopt wg2 to take it over"),
            PlanProblem(
                kind: .error, object: ObjectID(.peer, "wg0/dave"), message: "file:dave.psk: can't be read"),
        ],
        notes: [PlanNote(object: ObjectID(.peer, "wg0/x\u{1B}[31m"), message: "not declared, only reported")])

    /// A first plan of a large gateway.
    static let large = plan(
        (0..<10_000).map { number in
            change(
                .peer, "wg0/p\(number)", .create, .desiredChanged,
                [FieldChange("allowed_ips", before: nil, after: "10.8.\(number / 250).\(number % 250)/32")])
        })
}
