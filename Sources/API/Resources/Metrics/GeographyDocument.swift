import Model

/// Where forwarded traffic went, as the contract shows it: inner bytes, by the other end of the flows.
struct GeographyDocument {
    private let flows: FlowGeography
    private let range: TimeRange
    private let accounting: TelemetryStatus.Flows

    init(_ flows: FlowGeography, _ range: TimeRange, accounting: TelemetryStatus.Flows) {
        self.flows = flows
        self.range = range
        self.accounting = accounting
    }

    /// The rows of the countries.
    var countries: JSONValue {
        rows(flows.countries) { ("code", .string($0)) }
    }

    /// The rows of the autonomous systems.
    var systems: JSONValue {
        rows(flows.systems) { ("asn", .integer(Int64($0))) }
    }

    /// What went where no country is known.
    var unknownCountry: JSONValue { share(flows.unknownCountry) }

    /// What went where no autonomous system is known.
    var unknownSystem: JSONValue { share(flows.unknownSystem) }

    /// Which time and which bytes are meant.
    var span: [(String, JSONValue)] {
        [
            ("start", .string(range.start.description)),
            ("end", .string(range.end.description)),
            ("from", .optional(flows.from?.description)),
            ("counted", .string(CountedBytes.inner.rawValue)),
        ]
    }

    /// What stands behind the rows.
    var rest: [(String, JSONValue)] {
        [
            ("private", share(flows.privateNetworks)),
            ("total", .object(Self.bytes(flows.total))),
            (
                "accounting",
                .object([
                    ("state", .string(accounting.state.rawValue)),
                    ("message", .optional(accounting.message)),
                    ("unaccounted_flows", .number(accounting.unaccounted)),
                    ("lost_events", .count(accounting.lostEvents)),
                ])
            ),
        ]
    }

    private func rows<Code>(
        _ rows: [FlowGeography.Row<Code>], _ code: (Code) -> (String, JSONValue)
    ) -> JSONValue {
        .array(
            rows.map { row in
                .object(
                    [code(row.code), ("name", .optional(row.name))] + shares(row.bytes) + [
                        ("peers", .number(row.peers))
                    ])
            })
    }

    private func share(_ bytes: TrafficBytes) -> JSONValue { .object(shares(bytes)) }

    private func shares(_ bytes: TrafficBytes) -> [(String, JSONValue)] {
        Self.bytes(bytes) + [("percent", .percent(bytes.total, of: flows.total.total))]
    }

    private static func bytes(_ bytes: TrafficBytes) -> [(String, JSONValue)] {
        [("rx", .count(bytes.received)), ("tx", .count(bytes.sent)), ("total", .count(bytes.total))]
    }
}
