import API
import Telemetry

extension PrometheusText {
    /// Writes how requests of the API were answered.
    mutating func add(_ requests: RequestCounts) {
        family("wirebuddy_http_requests_total", .counter, "Requests that were answered, by method and class of status.")
        {
            for answers in requests.answers {
                $0.add(
                    MetricValue(answers.count), MetricLabels(["method": answers.method, "status": answers.statusClass]))
            }
        }
        family(
            "wirebuddy_http_request_duration_seconds", .histogram,
            "How long answers took, from the head of the request to that of the answer."
        ) {
            $0.addHistogram(
                bounds: RequestCounts.durationBounds.map { Double($0) / 1_000_000 }, counts: requests.durations,
                sum: Double(requests.microseconds) / 1_000_000)
        }
    }
}
