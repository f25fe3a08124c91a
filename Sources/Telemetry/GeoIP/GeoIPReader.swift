public import Model
import Synchronization

/// Tells the country and the autonomous system of addresses, by the user's files in MaxMind's format.
///
/// Files may come, change and go at any time: who asks gets no answer where there is none, and ``databases`` says why. Nobody
/// who asks waits for a file to be read.
public final class GeoIPReader: Sendable {
    /// How often it is looked whether a file has changed, at most.
    static let refreshInterval = Duration.seconds(1)

    private let directory: String
    /// The sources by their use, which one task at a time renews.
    private let sources = Mutex(Sources())
    /// What answers.
    private let answers = Mutex(Answers())

    /// A reader of the files below a directory; it has none until ``configure(_:)``.
    public init(directory: String) {
        self.directory = directory
    }

    /// Takes the files that the settings name, and reads those that are others than before.
    public func configure(_ settings: Settings.GeoIP) {
        sources.withLock { sources in
            let country = settings.country.map { "\(directory)/\($0)" }
            let asn = settings.asn.map { "\(directory)/\($0)" }
            if sources.country?.path != country { sources.country = Self.loaded(.country, country) }
            if sources.asn?.path != asn { sources.asn = Self.loaded(.asn, asn) }
            publish(sources)
        }
    }

    /// Reads the files anew that have changed. Cheap, and done at most once a second; two at once do it once.
    public func refresh(now: ContinuousClock.Instant = .now) {
        sources.withLockIfAvailable { sources in
            if let last = sources.refreshed, now - last < Self.refreshInterval { return }
            sources.refreshed = now
            guard sources.country?.hasChanged == true || sources.asn?.hasChanged == true else { return }
            if sources.country?.hasChanged == true { sources.country?.load() }
            if sources.asn?.hasChanged == true { sources.asn?.load() }
            publish(sources)
        }
    }

    /// Reads all files anew.
    public func reload() {
        sources.withLock { sources in
            sources.country?.load()
            sources.asn?.load()
            publish(sources)
        }
    }

    /// What the files say of an address; empty where they say nothing.
    public func place(of address: IPAddress) -> Place {
        let (kept, files) = answers.withLock { answers in (answers.cache.place(of: address), answers.files) }
        if let kept { return kept }
        var place = Place()
        if let record = files.country?.record(of: address) { place.takeCountry(of: record) }
        if let record = files.asn?.record(of: address) { place.takeSystem(of: record) }
        answers.withLock { answers in
            // Files that were replaced meanwhile would say something else.
            if answers.files == files { answers.cache.insert(place, of: address) }
        }
        return place
    }

    /// The state of the files that the settings name.
    public var databases: [TelemetryStatus.GeoDatabase] { answers.withLock { $0.status } }

    private static func loaded(_ use: GeoSource.Use, _ path: String?) -> GeoSource? {
        guard let path else { return nil }
        var source = GeoSource(use: use, path: path)
        source.load()
        return source
    }

    private func publish(_ sources: Sources) {
        let fresh = Answers(
            files: Files(country: sources.country?.file, asn: sources.asn?.file),
            status: [sources.country, sources.asn].compactMap { $0?.status })
        // What is replaced is freed after the lock: it may be large.
        _ = answers.withLock { answers in
            let replaced = answers
            answers = fresh
            return replaced
        }
    }

    private struct Sources: Sendable {
        var country: GeoSource?
        var asn: GeoSource?
        var refreshed: ContinuousClock.Instant?
    }

    private struct Answers: Sendable {
        var files = Files()
        var status: [TelemetryStatus.GeoDatabase] = []
        var cache = PlaceCache()
    }

    private struct Files: Sendable, Equatable {
        var country: GeoFile?
        var asn: GeoFile?

        static func == (a: Files, b: Files) -> Bool { a.country === b.country && a.asn === b.asn }
    }
}
