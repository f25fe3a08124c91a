import Model

/// The fields of `telemetry` of the settings.
enum TelemetryFields {
    static let table = FieldTable<Settings.Telemetry> {
        Field(
            "sample_interval", .duration(5...3600, "of 5 seconds to 1 hour"), "The time between samples of counters.",
            default: .string("30s"), \.sampleInterval)
        Field(
            "retention", .object(retention, Settings.Retention()), "How long what was seen is kept.", \.retention)
        Field(
            "geography", .boolean,
            "Whether the destinations of forwarded traffic are counted by country and autonomous system; it needs a file"
                + " of geoip.",
            default: .boolean(true), \.geography)
        Field("geoip", .object(geoIP, Settings.GeoIP()), "The GeoIP files (MaxMind DB format).", \.geoIP)
        Field(
            "peer_metrics", .boolean, "Whether /metrics has time series of each peer.", default: .boolean(true),
            \.peerMetrics)
    }

    private static let retention = FieldTable<Settings.Retention> {
        Field(
            "raw", .duration(3600...31_536_000, "of 1 hour to 365 days"), "Single samples.", default: .string("7d"),
            \.raw)
        Field(
            "hourly", .duration(172_800...315_360_000, "of 2 days to 3650 days"), "Sums by the hour.",
            default: .string("90d"), \.hourly)
        Field(
            "daily", .duration(604_800...631_152_000, "of 7 days to 7305 days"), "Sums by the day.",
            default: .string("730d"), \.daily)
        Field(
            "max_size", .size(10_000_000...100_000_000_000, "of 10MB to 100GB"), "The most it takes on disk.",
            default: .string("1GB"), \.maxSize)
    }

    private static let geoIP = FieldTable<Settings.GeoIP> {
        Field(
            "country", .geoFile, "A database of countries or cities, a file name below the host's geoip_directory.",
            \.country)
        Field(
            "asn", .geoFile, "A database of autonomous systems, a file name below the host's geoip_directory.", \.asn)
    }
}
