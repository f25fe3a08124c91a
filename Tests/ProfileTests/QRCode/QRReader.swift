import Foundation

/// `zbarimg`, a reader that shares no code with the writer.
enum QRReader {
    /// The text of the only code of a picture, as a reader that guesses the encoding gives it.
    ///
    /// - Parameter picture: A PNG or PGM file's bytes.
    static func text(_ picture: [UInt8], isolation: isolated (any Actor)? = #isolation) throws -> String {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("wirebuddy-\(UUID().uuidString)")
        try Data(picture).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let output = Pipe()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/zbarimg")
        process.arguments = ["--quiet", "--raw", file.path]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let read = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        // One line end is zbarimg's own.
        return String(decoding: read.dropLast(), as: UTF8.self)
    }

    /// A picture (PGM) of modules that were read back from another form; the outermost are the quiet zone.
    static func picture(_ rows: [[Bool]], scale: Int = 4) -> [UInt8] {
        let width = rows[0].count
        var bytes = Array("P5 \(width * scale) \(rows.count * scale) 255\n".utf8)
        for row in rows {
            let line = row.flatMap { [UInt8](repeating: $0 ? 0 : 255, count: scale) }
            for _ in 0..<scale { bytes += line }
        }
        return bytes
    }
}
