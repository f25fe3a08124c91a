import Foundation

/// A text file of this repository, with its path relative to the root.
struct SourceFile: Sendable {
    let path: String
    let text: String

    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    var folders: [Substring] { path.split(separator: "/").dropLast() }

    /// The Swift target of a file in `Sources/<target>/`, or nil.
    var target: String? {
        let parts = path.split(separator: "/")
        return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
    }
}

/// The files of the repository as an editor shows them: nothing that was built, nothing of git.
struct SourceTree: Sendable {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    let files: [SourceFile]

    init() throws {
        let root = Self.root.path + "/"
        let found = FileManager.default.enumerator(atPath: root)
        var files: [SourceFile] = []
        while let path = found?.nextObject() as? String {
            let name = path.split(separator: "/").last ?? ""
            if name.hasPrefix(".build") || name == ".git" || name == "__pycache__" {
                found?.skipDescendants()
                continue
            }
            // A folder has no contents, a binary file is no UTF-8.
            guard let data = FileManager.default.contents(atPath: root + path),
                let text = String(data: data, encoding: .utf8)
            else { continue }
            files.append(SourceFile(path: path, text: text))
        }
        self.files = files.sorted { $0.path < $1.path }
    }

    func swift(in folder: String) -> [SourceFile] {
        files.filter { $0.path.hasPrefix(folder + "/") && $0.path.hasSuffix(".swift") }
    }

    /// Whether there is a file or a folder, also a picture.
    func holds(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(Self.root.path)/\(path)") }

    func text(of path: String) -> String? { files.first { $0.path == path }?.text }
}
