import Model
import Programs
import Reconciler
import Subprocess

/// Pictures of traffic as files that only their owner can read: they tell when people were there.
enum PictureFile {
    /// The program of librsvg that draws SVG.
    private static let program = "rsvg-convert"

    /// Writes a picture as SVG.
    ///
    /// - Throws: ``CommandFailure`` when the file can't be written.
    static func write(svg: String, to path: String) throws(CommandFailure) {
        try TextFile.replace(path, with: svg, mode: 0o600)
    }

    /// Draws SVG as PNG, two pixels per unit.
    ///
    /// - Throws: ``CommandFailure`` when the program is missing, can't draw, or the file can't be written.
    static func write(png svg: String, to path: String) async throws(CommandFailure) {
        let bytes = try await drawn(svg)
        try TextFile.replace(path, with: bytes, mode: 0o600)
    }

    private static func drawn(_ svg: String) async throws(CommandFailure) -> [UInt8] {
        do {
            let result = try await Subprocess.run(
                .name(program), arguments: ["--zoom", "2", "--format", "png"],
                input: ProgramInput(Array(svg.utf8)), output: .bytes(limit: 64 << 20), error: .bytes(limit: 1 << 16))
            guard result.terminationStatus.isSuccess, !result.standardOutput.isEmpty else {
                let said = String(decoding: result.standardError, as: UTF8.self).split(separator: "\n").first ?? ""
                throw CommandFailure(.error, "\(program) can't draw the picture: \(said)")
            }
            return result.standardOutput
        } catch let failure as CommandFailure {
            throw failure
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw CommandFailure(
                .error,
                "\(program) draws PNG files and is not installed: install the package librsvg2-bin"
                    + " (apt-get install librsvg2-bin), or write --svg")
        } catch {
            throw CommandFailure(.error, "\(program) can't be run: \(error)")
        }
    }
}
