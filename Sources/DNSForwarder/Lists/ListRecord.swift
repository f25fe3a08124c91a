import FoundationEssentials
import Model

/// What is known about the text of a compiled list: it stands beside it on disk.
struct ListRecord: Codable, Equatable, Sendable {
    /// What was declared when the text was read.
    var declaration: Declaration
    /// The SHA-256 of the text.
    var digest: String
    /// What the server told about it.
    var validators = ListValidators()
    /// When it was read, or confirmed by its server: seconds since the epoch.
    var updatedAt: Int64

    /// What of a declaration decides which text is taken, and how it is read.
    struct Declaration: Codable, Equatable, Sendable {
        var source: String
        var format: String
        var sha256: String?

        init(_ list: Blocklist) {
            switch list.source {
            case .url(let url): source = url
            case .file(let path): source = "file:\(path)"
            }
            format = list.format.rawValue
            sha256 = list.sha256.map { "\($0)" }
        }
    }

    /// The record as it stands in its file.
    var bytes: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return Array(try encoder.encode(self))
        }
    }

    init(declaration: Declaration, digest: String, updatedAt: Timestamp) {
        self.declaration = declaration
        self.digest = digest
        self.updatedAt = updatedAt.seconds
    }

    /// Reads a record; nil for anything else.
    init?(_ bytes: [UInt8]) {
        guard let record = try? JSONDecoder().decode(ListRecord.self, from: Data(bytes)) else { return nil }
        self = record
    }
}
