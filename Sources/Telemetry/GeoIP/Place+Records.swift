import Model

extension Place {
    /// Takes the country of a record: as MaxMind and DB-IP write it (a map with a code and names), or IPinfo (plain texts).
    mutating func takeCountry(of record: GeoRecord) {
        if let code = record.text("country", "iso_code").flatMap(GeoText.countryCode) {
            country = code
            countryName = record.text("country", "names", "en")
            return
        }
        let plain = record.text("country")
        if let code = (record.text("country_code") ?? plain).flatMap(GeoText.countryCode) {
            country = code
            countryName = record.text("country_name") ?? plain.flatMap { $0.utf8.count == 2 ? nil : $0 }
            return
        }
        // Where the address is not known, who holds it is told.
        guard let code = record.text("registered_country", "iso_code").flatMap(GeoText.countryCode) else { return }
        country = code
        countryName = record.text("registered_country", "names", "en")
    }

    /// Takes the autonomous system of a record: a number, or a text such as `AS64496`.
    mutating func takeSystem(of record: GeoRecord) {
        let number =
            record.number("autonomous_system_number") ?? record.number("asn")
            ?? record.text("asn").flatMap(Self.systemNumber)
        // Nobody holds number 0 (RFC 7607).
        guard let number, number != 0 else { return }
        asn = number
        organization =
            record.text("autonomous_system_organization") ?? record.text("as_name") ?? record.text("name")
    }

    private static func systemNumber(_ text: String) -> UInt32? {
        let hasLetters = text.hasPrefix("AS") || text.hasPrefix("as")
        return UInt32(text.dropFirst(hasLetters ? 2 : 0))
    }
}
