import Foundation
import Model
import Telemetry
import Testing

/// The published test databases beside the repository, each entry of them.
@Suite struct PublishedGeoFileTests {
    /// The directory of the databases; nil, and a line that says so, where they are not at hand.
    private static func directory() -> String? {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let path = root.deletingLastPathComponent().appendingPathComponent("shared/data").path
        guard FileManager.default.fileExists(atPath: path + "/GeoLite2-Country-Test.mmdb") else {
            print("the published GeoIP databases are not at hand, only small ones of our own are tested")
            return nil
        }
        return path
    }

    private func entries(_ path: String) throws -> [(Prefix, [String: Any])] {
        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
        return try #require(json as? [[String: [String: Any]]]).flatMap { entry in
            try entry.map { (try #require(Prefix($0.key), "\($0.key)"), $0.value) }
        }
    }

    /// What an address is filed under: of overlapping networks the narrowest counts.
    private func narrowest(_ address: IPAddress, _ entries: [(Prefix, [String: Any])]) -> [String: Any]? {
        entries.filter { $0.0.contains(address) }.max { $0.0.length < $1.0.length }?.1
    }

    @Test func everyCountryIsThatOfTheList() throws {
        guard let directory = Self.directory() else { return }
        let reader = GeoIPReader(directory: directory)
        var settings = Settings.GeoIP()
        settings.country = "GeoLite2-Country-Test.mmdb"
        reader.configure(settings)
        #expect(reader.databases.first?.failure == nil)
        #expect(reader.databases.first?.type == "GeoLite2-Country")
        let entries = try entries(directory + "/GeoLite2-Country-Test.json")
        #expect(entries.count > 200)
        for (network, _) in entries {
            for address in [network.address, network.last] {
                let value = narrowest(address, entries)
                let country = (value?["country"] ?? value?["registered_country"]) as? [String: Any]
                let name = (country?["names"] as? [String: String])?["en"]
                #expect(
                    reader.place(of: address) == Place(country: country?["iso_code"] as? String, countryName: name),
                    "\(address) of \(network)")
            }
        }
    }

    @Test func everySystemIsThatOfTheList() throws {
        guard let directory = Self.directory() else { return }
        let reader = GeoIPReader(directory: directory)
        var settings = Settings.GeoIP()
        settings.asn = "GeoLite2-ASN-Test.mmdb"
        reader.configure(settings)
        #expect(reader.databases.first?.failure == nil)
        #expect(reader.databases.first?.type == "GeoLite2-ASN")
        let entries = try entries(directory + "/GeoLite2-ASN-Test.json")
        #expect(entries.count > 700)
        for (network, _) in entries {
            for address in [network.address, network.last] {
                let value = narrowest(address, entries)
                let number = value?["autonomous_system_number"] as? Int
                #expect(
                    reader.place(of: address)
                        == Place(
                            asn: number.map { UInt32($0) },
                            organization: value?["autonomous_system_organization"] as? String),
                    "\(address) of \(network)")
            }
        }
    }
}
