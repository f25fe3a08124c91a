import Testing

/// The lines of an answer in the text format of Prometheus.
struct MetricLines {
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// The values by series, as they are written.
    private(set) var values: [String: String] = [:]
    /// The names of families.
    private(set) var families: [String] = []

    /// Reads an answer, each line of which has to be of the format, and no series to be there twice.
    init(_ bytes: [UInt8]) throws {
        try #require(bytes.last == UInt8(ascii: "\n"))
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            if line.first == UInt8(ascii: "#") {
                let words = String(decoding: line, as: UTF8.self).split(separator: " ")
                guard words.count > 3, ["HELP", "TYPE"].contains(words[1]) else { throw Self.fault(line) }
                if words[1] == "TYPE" { families.append(String(words[2])) }
                continue
            }
            guard let end = Self.endOfSeries(line), line[end] == UInt8(ascii: " "),
                Double(String(decoding: line[(end + 1)...], as: UTF8.self)) != nil,
                let series = String(validating: line[..<end], as: UTF8.self),
                values.updateValue(String(decoding: line[(end + 1)...], as: UTF8.self), forKey: series) == nil
            else { throw Self.fault(line) }
        }
        try #require(Set(families).count == families.count)
    }

    /// The value of a series.
    subscript(series: String) -> String? { values[series] }

    /// Where the name and the labels end; nil: they are not as they should be.
    private static func endOfSeries(_ line: ArraySlice<UInt8>) -> Int? {
        var index = endOfWord(line, line.startIndex)
        guard index > line.startIndex, index < line.endIndex else { return nil }
        guard line[index] == UInt8(ascii: "{") else { return index }
        while true {
            let start = index + 1
            index = endOfWord(line, start)
            guard index > start, line[index...].starts(with: [UInt8(ascii: "="), UInt8(ascii: "\"")]) else {
                return nil
            }
            index += 2
            while index < line.endIndex, line[index] != UInt8(ascii: "\"") {
                index += line[index] == UInt8(ascii: "\\") ? 2 : 1
            }
            guard index + 2 < line.endIndex else { return nil }
            index += 1
            if line[index] == UInt8(ascii: "}") { return index + 1 }
            guard line[index] == UInt8(ascii: ",") else { return nil }
        }
    }

    private static func endOfWord(_ line: ArraySlice<UInt8>, _ start: Int) -> Int {
        var index = start
        while index < line.endIndex,
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(line[index])
                || line[index] == UInt8(ascii: "_")
        { index += 1 }
        return index
    }

    private static func fault(_ line: ArraySlice<UInt8>) -> Fault {
        Fault(description: String(decoding: line, as: UTF8.self))
    }
}
