extension Settings {
    /// What is observed and kept.
    public struct Telemetry: Sendable, Equatable {
        /// The time between samples; 30 s.
        public var sampleInterval: Duration = .seconds(30)
        /// How long what was seen is kept.
        public var retention = Retention()
        /// Whether the destinations of forwarded flows are counted by country and autonomous system. It needs at least one
        /// file of `geoIP`.
        public var geography = true
        /// The GeoIP files.
        public var geoIP = GeoIP()
        /// Whether `/metrics` has a time series per peer.
        public var peerMetrics = true

        /// The defaults.
        public init() {}

        /// Whether flows are to be counted: then the kernel has to.
        public var countsFlows: Bool { geography && (geoIP.country != nil || geoIP.asn != nil) }
    }

    /// How long what was seen is kept.
    public struct Retention: Sendable, Equatable {
        /// Single samples; 7 days.
        public var raw: Duration = .seconds(7 * 86_400)
        /// Sums by the hour; 90 days.
        public var hourly: Duration = .seconds(90 * 86_400)
        /// Sums by the day; 2 years.
        public var daily: Duration = .seconds(730 * 86_400)
        /// The room that it may take on the disk, in bytes; 1 GB.
        public var maxSize: Int64 = 1_000_000_000

        /// The defaults.
        public init() {}
    }

    /// The GeoIP files (MaxMind DB format), names below the host's `geoip_directory`.
    public struct GeoIP: Sendable, Equatable {
        /// A database of countries or cities; nil: none.
        public var country: String?
        /// A database of autonomous systems; nil: none.
        public var asn: String?

        /// None.
        public init() {}
    }

    /// Who is told of what.
    public struct Notification: Sendable, Hashable {
        /// Where it is sent to (`https://…`); it may hold a secret and is shown without its path and query.
        public var url: String
        /// What is told; empty: everything.
        public var kinds: [NotificationKind]
        /// The key of the signature; nil: none.
        public var secret: SecretReference?
        /// Equal messages within this time are sent once; 1 hour.
        public var window: Duration
        /// When the summary of the day is sent; 07:00.
        public var at: TimeOfDay
        /// Whether the summary is sent on days without anything to say too.
        public var always: Bool

        /// A receiver.
        public init(
            url: String, kinds: [NotificationKind] = [], secret: SecretReference? = nil,
            window: Duration = .seconds(3600), at: TimeOfDay = TimeOfDay(hour: 7), always: Bool = false
        ) {
            self.url = url
            self.kinds = kinds
            self.secret = secret
            self.window = window
            self.at = at
            self.always = always
        }

        /// Whether it is told things of a kind.
        public func wants(_ kind: NotificationKind) -> Bool { kinds.isEmpty || kinds.contains(kind) }

        /// Scheme and host (with its port): what of the address may be shown.
        public var origin: String {
            let bytes = url.utf8
            let start = bytes.firstRange(of: "//".utf8)?.upperBound ?? bytes.startIndex
            let end = bytes[start...].firstIndex { "/?#".utf8.contains($0) } ?? bytes.endIndex
            return String(url[..<end])
        }

        /// The address as it is shown: `/…` stands for a path or query.
        public var shownURL: String {
            let rest = url.dropFirst(origin.count)
            return rest.isEmpty || rest == "/" ? origin : origin + "/…"
        }
    }
}

/// What somebody may want to be told of.
public enum NotificationKind: String, Sendable, Hashable, CaseIterable {
    /// The host differs from what was applied.
    case drift
    /// A pass could not do what it had to.
    case passFailed = "pass-failed"
    /// A revision can't be used or was refused.
    case revisionFailed = "revision-failed"
    /// Access that was taken away is still there.
    case revocationFailed = "revocation-failed"
    /// What a day brought, once a day.
    case summary
}
