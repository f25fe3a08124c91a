internal import CLibMaxMindDB

/// What a database has filed under an address: a tree of maps.
@safe struct GeoRecord {
    private var entry: MMDB_entry_s
    /// Keeps the memory that the entry lies in.
    private let file: GeoFile

    @unsafe init(_ entry: MMDB_entry_s, of file: GeoFile) {
        unsafe self.entry = unsafe entry
        self.file = file
    }

    /// The text at a path; nil: there is none, or something else.
    func text(_ path: StaticString...) -> String? {
        guard let data = unsafe value(path), unsafe data.type == MMDB_DATA_TYPE_UTF8_STRING,
            let start = unsafe data.utf8_string
        else { return nil }
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: Int(data.data_size))
        let text = GeoText.clean(unsafe String(decoding: bytes.prefix(GeoText.longest), as: UTF8.self))
        return text.isEmpty ? nil : text
    }

    /// The number at a path; nil: there is none, or something else, or it does not fit.
    func number(_ path: StaticString...) -> UInt32? {
        guard let data = unsafe value(path) else { return nil }
        switch Int32(unsafe data.type) {
        case MMDB_DATA_TYPE_UINT32: return unsafe data.uint32
        case MMDB_DATA_TYPE_UINT16: return unsafe UInt32(data.uint16)
        case MMDB_DATA_TYPE_UINT64: return unsafe UInt32(exactly: data.uint64)
        case MMDB_DATA_TYPE_INT32: return unsafe UInt32(exactly: data.int32)
        default: return nil
        }
    }

    private func value(_ path: [StaticString]) -> MMDB_entry_data_s? {
        var start = unsafe entry
        var data = unsafe MMDB_entry_data_s()
        let code = unsafe withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: path.count + 1) {
            keys in
            for (index, key) in path.enumerated() {
                // A literal ends with a zero and stays where it is.
                unsafe keys.initializeElement(
                    at: index, to: UnsafeRawPointer(key.utf8Start).assumingMemoryBound(to: CChar.self))
            }
            unsafe keys.initializeElement(at: path.count, to: nil)
            return unsafe MMDB_aget_value(&start, &data, keys.baseAddress)
        }
        return unsafe code == MMDB_SUCCESS && data.has_data ? data : nil
    }
}
