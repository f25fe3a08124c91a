import Reconciler
import Telemetry

extension PrometheusText {
    /// Writes what the reconciler did.
    mutating func add(_ figures: PassFigures) {
        family("wirebuddy_reconciler_passes_total", .counter, "Passes, by what caused them and how they ended.") {
            // Those of the loop stand there from the beginning, so that the first failure is an increase.
            var passes = figures.passes
            for trigger in LoopTrigger.allCases {
                for result in PassFigures.Result.allCases {
                    passes[PassFigures.Pass(trigger: trigger.name, result: result), default: 0] += 0
                }
            }
            let sorted = passes.sorted {
                ($0.key.trigger, $0.key.result.rawValue) < ($1.key.trigger, $1.key.result.rawValue)
            }
            for (pass, count) in sorted {
                $0.add(
                    MetricValue(count), MetricLabels(["trigger": pass.trigger, "result": pass.result.rawValue]))
            }
        }
        family("wirebuddy_reconciler_pass_duration_seconds", .histogram, "How long passes took.") {
            $0.add(figures.durations)
        }
        family(
            "wirebuddy_reconciler_changes_total", .counter,
            "Changes that were tried, by kind of object, action and outcome (done, failed)."
        ) {
            let sorted = figures.changes.sorted {
                ($0.key.kind.rawValue, $0.key.action.rawValue, $0.key.isDone ? 0 : 1)
                    < ($1.key.kind.rawValue, $1.key.action.rawValue, $1.key.isDone ? 0 : 1)
            }
            for (change, count) in sorted {
                $0.add(
                    MetricValue(count),
                    MetricLabels([
                        "kind": change.kind.rawValue, "action": change.action.rawValue,
                        "outcome": change.isDone ? "done" : "failed",
                    ]))
            }
        }
        family("wirebuddy_reconciler_drift_healed_total", .counter, "Drift that was healed, by kind of object.") {
            for kind in ObjectID.Kind.allCases {
                $0.add(MetricValue(figures.healed[kind, default: 0]), MetricLabels(["kind": kind.rawValue]))
            }
        }
        single(
            "wirebuddy_reconciler_operations_total", .counter, "Operations that were performed on the host.",
            MetricValue(figures.writes))
        single(
            "wirebuddy_reconciler_last_success_timestamp_seconds", .gauge,
            "When the last pass began after which the host was as desired, in seconds of the epoch.",
            figures.lastSuccess.map(MetricValue.init))
    }
}
