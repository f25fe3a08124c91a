import DNSPolicy
import Glibc

/// The directory of the compiled lists: `key`, and for each list `NAME.list` and what is known about it, `NAME.json`.
///
/// Everything here blocks.
struct ListStore: Sendable {
    let directory: String
    let key: NameKey

    /// Opens the directory, 0700, and reads the key, 0600; what is missing is made.
    ///
    /// A key that can't be read is replaced: the lists compiled with it are then read again from their texts.
    init(_ directory: String) throws(ListStoreFault) {
        self.directory = directory
        try StoreFile.makeDirectory(directory)
        for file in try StoreFile.names(in: directory) where file.hasSuffix(".new") {
            // A crash left it half written.
            try StoreFile.remove("\(directory)/\(file)")
        }
        let path = "\(directory)/key"
        if let bytes = try StoreFile.read(path, limit: 64), let key = NameKey(bytes: bytes) {
            self.key = key
        } else {
            key = .random()
            try StoreFile.replace(path, with: key.bytes)
        }
    }

    /// A list as it was left, and what is known about it.
    struct Kept: Sendable {
        var list: CompiledList
        var record: ListRecord?
    }

    /// The list `name` as it was left.
    func load(_ name: String) -> Result<Kept, ListFileFault> {
        do throws(ListFileFault) {
            let list = try CompiledList.read(listPath(name), name: name, key: key)
            let bytes = try? StoreFile.read(recordPath(name), limit: 65_536)
            return .success(Kept(list: list, record: bytes.flatMap { ListRecord($0) }))
        } catch {
            return .failure(error)
        }
    }

    /// Puts a list in the place of the old one, and opens it from its file.
    ///
    /// The record goes first: after a crash in between nothing wrong is said about the new list.
    func install(_ list: CompiledList, _ record: ListRecord) throws -> CompiledList {
        try StoreFile.remove(recordPath(list.name))
        try list.write(to: listPath(list.name))
        try write(record, of: list.name)
        return try CompiledList.read(listPath(list.name), name: list.name, key: key)
    }

    /// Notes what is known about a list that stays.
    func write(_ record: ListRecord, of name: String) throws {
        try StoreFile.replace(recordPath(name), with: record.bytes)
    }

    /// Deletes the files of lists that are not declared.
    func removeAll(but names: Set<String>) throws(ListStoreFault) {
        for file in try StoreFile.names(in: directory) {
            let parts = file.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count > 1, let ending = parts.last, ["list", "json"].contains(ending) else { continue }
            if names.contains(parts.dropLast().joined(separator: ".")) { continue }
            try StoreFile.remove("\(directory)/\(file)")
        }
    }

    private func listPath(_ name: String) -> String { "\(directory)/\(name).list" }
    private func recordPath(_ name: String) -> String { "\(directory)/\(name).json" }
}
