import Telemetry
import Testing

@Suite struct MetricTypeTests {
    @Test func namesAreThoseOfTheFormat() {
        #expect(MetricType.allCases.map(\.rawValue) == ["counter", "gauge", "histogram"])
    }
}
