/// What a database in MaxMind's format holds.
indirect enum GeoFileValue: Sendable {
    case map([(String, GeoFileValue)])
    case list([GeoFileValue])
    case text(String)
    case number(UInt32)
    case short(UInt16)
    case long(UInt64)
}

extension GeoFileValue {
    /// A country as MaxMind writes it.
    static func country(_ code: String, _ name: String) -> Self {
        .map([
            ("continent", .map([("code", .text("XX"))])),
            (
                "country",
                .map([
                    ("geoname_id", .number(1)), ("iso_code", .text(code)),
                    ("names", .map([("de", .text("\(name) auf Deutsch")), ("en", .text(name))])),
                ])
            ),
        ])
    }

    /// An autonomous system as MaxMind writes it.
    static func system(_ number: UInt32, _ name: String) -> Self {
        .map([("autonomous_system_number", .number(number)), ("autonomous_system_organization", .text(name))])
    }
}
