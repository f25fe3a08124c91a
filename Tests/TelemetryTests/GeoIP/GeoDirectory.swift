import Foundation
import Model
import Telemetry
import Testing

/// A directory with GeoIP files, deleted with this value, and a reader of it.
final class GeoDirectory: Sendable {
    let path: String
    let reader: GeoIPReader

    init() throws {
        path = NSTemporaryDirectory() + "geoip-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        reader = GeoIPReader(directory: path)
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch { Issue.record(error) }
    }

    /// Puts a file in place of another at once, as `mv` does.
    func replace(_ name: String, with bytes: [UInt8]) throws {
        let draft = ".\(UUID().uuidString)"
        try #require(FileManager.default.createFile(atPath: path + "/" + draft, contents: nil))
        // `Data.write` would wait for the disk each time.
        try overwrite(draft, with: bytes)
        let isRenamed = unsafe rename(path + "/" + draft, path + "/" + name) == 0
        try #require(isRenamed)
    }

    /// Writes into the file that is there, as `cp` does.
    func overwrite(_ name: String, with bytes: [UInt8]) throws {
        let file = try #require(FileHandle(forWritingAtPath: path + "/" + name))
        try file.truncate(atOffset: 0)
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: path + "/" + name)
    }

    /// Makes the reader use `country.mmdb` and `asn.mmdb`.
    func configure(country: Bool = true, asn: Bool = true) {
        var settings = Settings.GeoIP()
        settings.country = country ? "country.mmdb" : nil
        settings.asn = asn ? "asn.mmdb" : nil
        reader.configure(settings)
    }

    func place(_ address: String) throws -> Place {
        reader.place(of: try #require(IPAddress(address)))
    }

    /// Looks for changes, as if a while had passed.
    func refresh(after seconds: Int = 2) {
        reader.refresh(now: .now + .seconds(seconds))
    }
}
