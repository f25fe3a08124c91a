import Telemetry
import Testing

@Suite struct PrometheusTextTests {
    @Test func aFamilyIsWrittenAsTheFormatHasIt() {
        var text = PrometheusText()
        text.family("wirebuddy_peer_received_bytes_total", .counter, "Bytes from a peer.") {
            $0.add(MetricValue(UInt64.max), MetricLabels(["interface": "wg0", "name": "a \"b\" \\ c\nd"]))
            $0.add(0)
        }
        text.single("wirebuddy_up", .gauge, "Back\\slash and\nline \"quoted\".", true)
        #expect(
            String(decoding: text.bytes, as: UTF8.self) == #"""
                # HELP wirebuddy_peer_received_bytes_total Bytes from a peer.
                # TYPE wirebuddy_peer_received_bytes_total counter
                wirebuddy_peer_received_bytes_total{interface="wg0",name="a \"b\" \\ c\nd"} 18446744073709551615
                wirebuddy_peer_received_bytes_total 0
                # HELP wirebuddy_up Back\\slash and\nline "quoted".
                # TYPE wirebuddy_up gauge
                wirebuddy_up 1

                """#)
    }

    @Test func aFamilyWithoutSamplesIsLeftOut() {
        var text = PrometheusText()
        text.single("a", .gauge, "A.", 1)
        let before = text.bytes
        text.family("b", .gauge, "B.") { _ in }
        text.single("c", .gauge, "C.", nil)
        #expect(text.bytes == before)
    }

    @Test func aHistogramIsCumulative() throws {
        var histogram = MetricHistogram(bounds: [0.5, 1, 10])
        for value in [0.1, 0.5, 0.75, 100, 3, 4] { histogram.observe(value) }
        var text = PrometheusText()
        text.family("h_seconds", .histogram, "H.") { $0.add(histogram, MetricLabels(["a": "b"])) }
        let family = try #require(try MetricParser(text.bytes).families.first)
        #expect(
            family.samples.map(\.name) == Array(repeating: "h_seconds_bucket", count: 4) + [
                "h_seconds_sum", "h_seconds_count",
            ])
        #expect(family.samples.map(\.labels["le"]) == ["0.5", "1.0", "10.0", "+Inf", nil, nil])
        #expect(family.samples.map(\.value) == ["2", "3", "5", "6", "108.35", "6"])
        #expect(family.samples.allSatisfy { $0.labels["a"] == "b" })
    }

    @Test func valuesOfAllKindsAreNumbers() throws {
        let values: [MetricValue] = [
            -5, 0, 1.5, .number(.infinity), .number(-.infinity), .number(.nan), MetricValue(Int64.min), .number(1e300),
            .number(1e-300), MetricValue(Duration.milliseconds(1500)), false,
        ]
        var text = PrometheusText()
        text.family("v", .gauge, "V.") {
            for (number, value) in values.enumerated() { $0.add(value, MetricLabels(["n": "\(number)"])) }
        }
        #expect(
            try MetricParser(text.bytes).families.first?.samples.map(\.value) == [
                "-5", "0", "1.5", "+Inf", "-Inf", "NaN", "-9223372036854775808", "1e+300", "1e-300", "1.5", "0",
            ])
    }

    /// Whatever a name holds comes back as it was, and nothing of it ends a line.
    @Test func namesNeverBreakTheFormat() throws {
        let nasty = [
            "", "\"", "\\", "\n", "\\n", "\\\"", "\"} 1\nwirebuddy_evil 2", "\r\n", "\u{2028}\u{0}\u{7F}", "größer 🦊 🏳️‍🌈",
            "a\u{301}", "{a=\"b\"}", "# HELP x y", " ", "\\\\\n\"",
        ]
        var random = SplitMix(seed: 5)
        let alphabet = Array("\"\\\nn{}=,# aé🦊\r".unicodeScalars)
        let made = (0..<500).map { number in
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...24, using: &random) {
                text.append(alphabet[Int.random(in: 0..<alphabet.count, using: &random)])
            }
            return String(text) + "\(number)"
        }
        let names = nasty + made
        var text = PrometheusText()
        text.family("m", .gauge, names.joined()) {
            for name in names { $0.add(1, MetricLabels(["id": "x", "name": name, "last": "y"])) }
        }
        let family = try #require(try MetricParser(text.bytes).families.first)
        #expect(family.samples.map { $0.labels["name"].map { Array($0.utf8) } } == names.map { Array($0.utf8) })
        #expect(family.samples.allSatisfy { $0.labels["last"] == "y" && $0.value == "1" })
    }

    @Test func tenThousandPeersAreWritten() throws {
        let clock = ContinuousClock()
        var text = PrometheusText()
        let time = clock.measure {
            let labels = (0..<10_000).map { number in
                MetricLabels([
                    "interface": "wg0", "peer": "0198c0de-0000-7000-8000-\(100_000_000_000 + number)",
                    "name": "laptop-\(number)",
                ])
            }
            for name in ["a_total", "b_total"] as [StaticString] {
                text.family(name, .counter, "Bytes.") { family in
                    for (number, labels) in labels.enumerated() { family.add(MetricValue(number * 1_000_003), labels) }
                }
            }
            for name in ["c", "d"] as [StaticString] {
                text.family(name, .gauge, "State.") { family in
                    for (number, labels) in labels.enumerated() { family.add(MetricValue(number % 2), labels) }
                }
            }
        }
        print("10,000 peers with 4 series each, written in \(time): \(text.bytes.count) bytes")
        #expect(text.bytes.count { $0 == UInt8(ascii: "\n") } == 40_008)
        // A scrape has 100 ms in a build that is optimised.
        #expect(time < .seconds(5))
    }
}
