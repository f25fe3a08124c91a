import Glibc
internal import Model

extension CompiledList {
    /// Writes the list to a file from which it is used again without its text.
    ///
    /// The file is written under another name in the same directory, brought to disk, and then renamed: a file that is
    /// in use is never changed, and a crash leaves the old one or the new one.
    ///
    /// - Throws: ``ListFileFault`` with the system's reason; the old file stands then.
    public func write(to path: String) throws(ListFileFault) {
        let text = fileText
        var header = ListFileHeader(
            format: format, keyMark: key.mark, capacity: names.places.capacity, count: names.count,
            mayNameAddresses: names.mayNameAddresses, textLength: text.count)
        let padding = [UInt8](repeating: 0, count: ListFileHeader.padded(text.count) - text.count)
        var sum = ListChecksum()
        sum.take(header.bytes.span)
        names.places.image { image in sum.take(image) }
        sum.take((text + padding).span)
        header.checksum = sum.value

        let file = try NewFile(replacing: path)
        try file.write(header.bytes.span)
        try names.places.image { (image) throws(ListFileFault) in try file.write(image) }
        try file.write((text + padding).span)
        try file.install()
    }

    /// Opens a list that ``write(to:)`` wrote. Its names are used straight from the file, which must not be changed;
    /// it may be replaced or deleted.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - name: the name of the list.
    ///   - key: the key it was compiled with.
    /// - Throws: ``ListFileFault`` for a file that is not whole, not of this version, or not of this key.
    public static func read(_ path: String, name: String, key: NameKey) throws(ListFileFault) -> CompiledList {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw errno == ENOENT ? .absent : .last }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .last }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .damaged("it is no file") }
        var first = [UInt8](repeating: 0, count: ListFileHeader.length)
        let got = unsafe pread(descriptor, &first, first.count, 0)
        guard got >= 0 else { throw .last }
        var header = try ListFileHeader(Array(first.prefix(got)))
        guard header.keyMark == key.mark else { throw .key }
        guard header.fileLength == status.st_size else {
            throw .damaged("it has \(status.st_size) bytes instead of \(header.fileLength)")
        }
        guard let memory = MappedMemory.file(descriptor, count: header.fileLength) else { throw .last }

        let expected = header.checksum
        header.checksum = 0
        var sum = ListChecksum()
        sum.take(header.bytes.span)
        memory.bytes(ListFileHeader.length..<header.fileLength) { sum.take($0) }
        guard sum.value == expected else { throw .damaged("its checksum is wrong") }
        let places = NamePlaces(memory, start: ListFileHeader.length, capacity: header.capacity)
        // A search ends at a free place.
        guard places.taken == header.count else { throw .damaged("its count is wrong") }
        let text = memory.bytes(header.textStart..<(header.textStart + header.textLength)) { bytes in
            bytes.indices.map { bytes[$0] }
        }
        return try CompiledList(
            name: name, format: header.format, key: key,
            names: NameTable(places: places, count: header.count, mayNameAddresses: header.mayNameAddresses),
            fileText: text)
    }

    /// What is not in the table: counts of skipped lines, an empty line, the rules.
    private var fileText: [UInt8] {
        let skipped = skipped.sorted { $0.key < $1.key }.map { "\($0.key.rawValue) \($0.value)\n" }
        return Array((skipped.joined() + "\n").utf8) + ruleText
    }

    private convenience init(
        name: String, format: Blocklist.Format, key: NameKey, names: NameTable, fileText: [UInt8]
    ) throws(ListFileFault) {
        var skipped: [SkipReason: Int] = [:]
        var rest = fileText[...]
        while let end = rest.firstIndex(of: 0x0A) {
            let words = String(decoding: rest[..<end], as: UTF8.self).split(separator: " ")
            rest = rest[(end + 1)...]
            if words.isEmpty { break }
            guard words.count == 2, let reason = SkipReason(rawValue: String(words[0])), let count = Int(words[1])
            else { throw .damaged("its counts can't be read") }
            skipped[reason] = count
        }
        guard let rules = KeptRules(text: rest, of: name, as: format) else {
            throw .damaged("its rules can't be read")
        }
        do {
            try self.init(name: name, format: format, key: key, names: names, rules: rules, skipped: skipped)
        } catch {
            throw .damaged("its expressions: \(error.reason)")
        }
    }
}
