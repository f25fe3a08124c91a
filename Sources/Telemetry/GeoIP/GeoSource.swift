import Model

/// One of the files that the settings name.
struct GeoSource: Sendable {
    /// What a file is for.
    enum Use: String, Sendable {
        case country
        case asn
    }

    let use: Use
    let path: String
    /// The database; nil: it can't be used.
    private(set) var file: GeoFile?
    /// Why not.
    private(set) var failure: String?
    /// The state of the file when it was tried last.
    private var tried: GeoFileStamp?

    /// A file that is not read yet.
    init(use: Use, path: String) {
        self.use = use
        self.path = path
    }

    /// Reads the file.
    mutating func load() {
        tried = GeoFileStamp(path: path)
        do throws(GeoFileFault) {
            let file = try GeoFile(path: path)
            // What it held when it was copied, in case it was replaced just now.
            tried = file.stamp
            try check(file.type)
            self.file = file
            failure = nil
        } catch {
            file = nil
            failure = "\(path): \(error.message)"
        }
    }

    /// Whether the file is no longer what was tried.
    var hasChanged: Bool { GeoFileStamp(path: path) != tried }

    /// Files of other makers have types of any kind; only what is plainly the other one is refused.
    private func check(_ type: String) throws(GeoFileFault) {
        let text = type.lowercased()
        let hasCountries = ["country", "city", "location"].contains { text.contains($0) }
        switch use {
        case .country where text.contains("asn") && !hasCountries:
            throw GeoFileFault("it is a database of autonomous systems (\(type)): name it under geoip.asn")
        case .asn where hasCountries && !text.contains("asn") && !text.contains("isp"):
            throw GeoFileFault("it is a database of countries (\(type)): name it under geoip.country")
        default: return
        }
    }

    /// What is shown of it.
    var status: TelemetryStatus.GeoDatabase {
        TelemetryStatus.GeoDatabase(
            use: use.rawValue, path: path, built: file?.built, type: file?.type, failure: failure)
    }
}
