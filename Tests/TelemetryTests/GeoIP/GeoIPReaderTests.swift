import Foundation
import Model
import Telemetry
import Testing

@Suite struct GeoIPReaderTests {
    let countries = GeoFileWriter(entries: [
        ("198.51.100.0/24", .country("NL", "Netherlands")), ("198.51.100.128/25", .country("BE", "Belgium")),
        ("2001:db8::/32", .country("JP", "Japan")),
        ("203.0.113.0/25", .map([("registered_country", .map([("iso_code", .text("se"))]))])),
        ("203.0.113.128/26", .map([("country", .text("CH"))])),
        ("203.0.113.192/26", .map([("country_code", .text("AT")), ("country", .text("Austria"))])),
        ("192.0.2.0/24", .map([("continent", .map([("code", .text("EU"))]))])),
    ])
    let systems = GeoFileWriter(
        type: "Test-ASN",
        entries: [
            ("198.51.100.0/24", .system(64_496, "Example \"One\"")), ("2001:db8::/32", .system(4_200_000_000, "Two")),
            ("203.0.113.0/25", .map([("asn", .text("AS64500")), ("as_name", .text("Three"))])),
            ("203.0.113.128/25", .map([("autonomous_system_number", .number(0))])),
            ("192.0.2.0/24", .map([("asn", .text("nobody")), ("name", .text("No number"))])),
        ])

    func directory() throws -> GeoDirectory {
        let directory = try GeoDirectory()
        try directory.replace("country.mmdb", with: countries.bytes())
        try directory.replace("asn.mmdb", with: systems.bytes())
        return directory
    }

    @Test func bothFilesAnswer() throws {
        let directory = try directory()
        directory.configure()
        #expect(
            try directory.place("198.51.100.1")
                == Place(country: "NL", countryName: "Netherlands", asn: 64_496, organization: "Example \"One\""))
        #expect(try directory.place("198.51.100.129").country == "BE")
        #expect(
            try directory.place("2001:db8::1")
                == Place(country: "JP", countryName: "Japan", asn: 4_200_000_000, organization: "Two"))
        #expect(try directory.place("10.0.0.1").isEmpty)
        #expect(try directory.place("2001:db9::1").isEmpty)
        // Once more, from the memory.
        #expect(try directory.place("198.51.100.1").asn == 64_496)
        #expect(directory.reader.databases.map(\.use) == ["country", "asn"])
        #expect(directory.reader.databases.map(\.type) == ["Test-Country", "Test-ASN"])
        #expect(directory.reader.databases.allSatisfy { $0.built == Timestamp(seconds: 1_700_000_000) })
        #expect(directory.reader.databases.allSatisfy { $0.failure == nil })
    }

    @Test func filesOfOtherMakersAreUnderstood() throws {
        let directory = try directory()
        directory.configure()
        #expect(try directory.place("203.0.113.1") == Place(country: "SE", asn: 64_500, organization: "Three"))
        #expect(try directory.place("203.0.113.129") == Place(country: "CH"))
        #expect(try directory.place("203.0.113.200") == Place(country: "AT", countryName: "Austria"))
        #expect(try directory.place("192.0.2.1").isEmpty)
    }

    @Test func aDatabaseOfIPv4AloneSaysNothingOfIPv6() throws {
        let directory = try GeoDirectory()
        let writer = GeoFileWriter(ipVersion: 4, entries: [("198.51.100.0/24", .country("NL", "Netherlands"))])
        try directory.replace("country.mmdb", with: writer.bytes())
        directory.configure(asn: false)
        #expect(try directory.place("198.51.100.1").country == "NL")
        #expect(try directory.place("2001:db8::1").isEmpty)
    }

    @Test func withoutFilesThereIsNoAnswerAndAReason() throws {
        let directory = try GeoDirectory()
        #expect(try directory.place("198.51.100.1").isEmpty)
        #expect(directory.reader.databases.isEmpty)
        directory.configure()
        #expect(try directory.place("198.51.100.1").isEmpty)
        for database in directory.reader.databases {
            #expect(database.failure == "\(database.path): there is no such file: put it there")
            #expect(database.built == nil && database.type == nil)
        }
    }

    @Test func aFileThatComesAnswers() throws {
        let directory = try GeoDirectory()
        directory.configure()
        #expect(try directory.place("198.51.100.1").isEmpty)
        try directory.replace("country.mmdb", with: countries.bytes())
        directory.refresh()
        #expect(try directory.place("198.51.100.1").country == "NL")
        #expect(directory.reader.databases.map { $0.failure == nil } == [true, false])
    }

    @Test func aFileThatIsReplacedAnswersAnew() throws {
        let directory = try directory()
        directory.configure()
        #expect(try directory.place("198.51.100.1").country == "NL")
        let other = GeoFileWriter(built: 1_800_000_000, entries: [("198.51.100.0/24", .country("PT", "Portugal"))])
        try directory.replace("country.mmdb", with: other.bytes())
        #expect(try directory.place("198.51.100.1").country == "NL", "nobody looked yet")
        directory.refresh()
        #expect(
            try directory.place("198.51.100.1")
                == Place(country: "PT", countryName: "Portugal", asn: 64_496, organization: "Example \"One\""))
        #expect(directory.reader.databases.first?.built == Timestamp(seconds: 1_800_000_000))
    }

    /// A map of the file itself would end the process here.
    @Test func aFileThatIsCutShortWhileInUseStillAnswers() throws {
        let directory = try directory()
        directory.configure()
        try directory.overwrite("country.mmdb", with: [])
        try directory.overwrite("asn.mmdb", with: [1])
        for octet in 1...200 {
            #expect(try directory.place("198.51.100.\(octet)").country == (octet < 128 ? "NL" : "BE"))
        }
        directory.refresh()
        #expect(try directory.place("198.51.100.1").isEmpty)
        try directory.overwrite("country.mmdb", with: countries.bytes())
        directory.refresh(after: 4)
        #expect(try directory.place("198.51.100.1").country == "NL")
    }

    @Test func aFileThatGoesAnswersNoMore() throws {
        let directory = try directory()
        directory.configure()
        try directory.remove("country.mmdb")
        directory.refresh()
        #expect(try directory.place("198.51.100.1") == Place(asn: 64_496, organization: "Example \"One\""))
        #expect(directory.reader.databases.first?.failure?.contains("no such file") == true)
    }

    @Test func looksAreAtLeastASecondApart() throws {
        let directory = try directory()
        directory.configure()
        let now = ContinuousClock.now
        directory.reader.refresh(now: now)
        try directory.remove("country.mmdb")
        directory.reader.refresh(now: now + .milliseconds(900))
        #expect(directory.reader.databases.first?.failure == nil)
        directory.reader.refresh(now: now + .milliseconds(1000))
        #expect(directory.reader.databases.first?.failure != nil)
    }

    @Test func settingsChangeTheFiles() throws {
        let directory = try directory()
        directory.configure()
        directory.configure(country: false)
        #expect(try directory.place("198.51.100.1") == Place(asn: 64_496, organization: "Example \"One\""))
        #expect(directory.reader.databases.map(\.use) == ["asn"])
        directory.configure(country: false, asn: false)
        #expect(try directory.place("198.51.100.1").isEmpty)
        #expect(directory.reader.databases.isEmpty)
    }

    @Test func theFileOfTheOtherUseIsToldFrom() throws {
        let directory = try GeoDirectory()
        try directory.replace("country.mmdb", with: systems.bytes())
        try directory.replace("asn.mmdb", with: countries.bytes())
        directory.configure()
        let failures = directory.reader.databases.compactMap(\.failure)
        #expect(failures.count == 2)
        #expect(failures.first?.hasSuffix("autonomous systems (Test-ASN): name it under geoip.asn") == true)
        #expect(failures.last?.hasSuffix("countries (Test-Country): name it under geoip.country") == true)
        #expect(try directory.place("198.51.100.1").isEmpty)
    }

    @Test func textsOfAFileBringNoControlCharacters() throws {
        let directory = try GeoDirectory()
        let long = String(repeating: "ä", count: 5000)
        let writer = GeoFileWriter(entries: [
            ("198.51.100.0/25", .country("NL", "Nether\u{1B}[31mlands\n")), ("198.51.100.128/25", .country("B\n", "x")),
            ("203.0.113.0/24", .country("BE", long)),
        ])
        try directory.replace("country.mmdb", with: writer.bytes())
        directory.configure(asn: false)
        #expect(try directory.place("198.51.100.1").countryName == "Nether [31mlands ")
        #expect(try directory.place("198.51.100.129").isEmpty, "no code of a country")
        #expect(try directory.place("203.0.113.1").countryName == String(repeating: "ä", count: 100))
    }

    @Test func manyAddressesAreAnsweredFromABoundedMemory() throws {
        let directory = try directory()
        directory.configure()
        for number in 0..<60_000 {
            let address = IPAddress(v4: 0xC633_6400 + UInt32(number % 40_000))
            #expect(
                directory.reader.place(of: address).country
                    == (number % 40_000 < 256 ? number % 40_000 < 128 ? "NL" : "BE" : nil))
        }
    }

    @Test func whatIsNoFileIsSaid() throws {
        let directory = try GeoDirectory()
        try FileManager.default.createDirectory(
            atPath: directory.path + "/country.mmdb", withIntermediateDirectories: false)
        let isMade = unsafe mkfifo(directory.path + "/asn.mmdb", 0o600) == 0
        try #require(isMade)
        directory.configure()
        #expect(directory.reader.databases.compactMap(\.failure).count { $0.hasSuffix("it is no regular file") } == 2)
    }
}
