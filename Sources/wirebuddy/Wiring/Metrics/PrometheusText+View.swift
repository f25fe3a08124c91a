import Model
import Reconciler
import Telemetry

extension PrometheusText {
    /// Writes what the last pass found: revision, conditions, drift.
    mutating func add(_ report: PassReport) {
        family("wirebuddy_revision_info", .gauge, "The head of the repository and the revision in force; always 1.") {
            $0.add(
                1,
                MetricLabels([
                    "head": report.revision?.id ?? "", "in_force": report.inForce ?? "",
                    "origin": report.revision?.origin ?? "",
                ]))
        }
        single(
            "wirebuddy_revision_valid", .gauge,
            "Whether the head can be used; else the last good revision is in force.",
            MetricValue(report.revisionFailure == nil))
        single(
            "wirebuddy_revision_in_force", .gauge, "Whether the head is in force.",
            MetricValue(report.inForce != nil && report.inForce == report.revision?.id))
        addConditions(report.conditions)
        family("wirebuddy_drifted_objects", .gauge, "Drift that stands: it is only reported, or could not be healed.") {
            var drift: [ObjectID.Kind: Int] = [:]
            for (change, outcome) in report.results where change.reason == .drift && outcome != .done {
                drift[change.object.kind, default: 0] += 1
            }
            for kind in ObjectID.Kind.allCases {
                $0.add(MetricValue(drift[kind, default: 0]), MetricLabels(["kind": kind.rawValue]))
            }
        }
        single(
            "wirebuddy_failing_objects", .gauge, "Objects whose change failed and was not done since.",
            MetricValue(report.failing.count))
        single(
            "wirebuddy_last_pass_timestamp_seconds", .gauge, "When the last pass began, in seconds of the epoch.",
            MetricValue(report.startedAt.seconds))
    }

    private mutating func addConditions(_ conditions: [Condition]) {
        family("wirebuddy_condition", .gauge, "The conditions of the gateway: 1 while one holds.") {
            let holding = Set(conditions.filter { $0.object == nil && $0.holds }.map(\.kind))
            for kind in Condition.Kind.allCases {
                $0.add(MetricValue(holding.contains(kind)), MetricLabels(["condition": kind.rawValue]))
            }
        }
        family("wirebuddy_object_conditions", .gauge, "How many objects of a kind a condition holds for.") {
            var counts: [ObjectID.Kind: [Condition.Kind: Int]] = [:]
            for condition in conditions where condition.holds {
                if let object = condition.object { counts[object.kind, default: [:]][condition.kind, default: 0] += 1 }
            }
            for kind in ObjectID.Kind.allCases {
                for condition in Condition.Kind.allCases {
                    guard let count = counts[kind]?[condition] else { continue }
                    $0.add(
                        MetricValue(count), MetricLabels(["kind": kind.rawValue, "condition": condition.rawValue]))
                }
            }
        }
    }
}
