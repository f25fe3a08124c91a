internal import CLibMaxMindDB
import Glibc
import Model

/// An open database in MaxMind's format. The library reads it from several threads at once; nothing of it changes.
@safe final class GeoFile: @unchecked Sendable {
    /// The library's handle. It lies on the heap, as what is found points at it.
    private let handle: UnsafeMutablePointer<MMDB_s>

    /// The state of the file that was read.
    let stamp: GeoFileStamp
    /// When the database was made.
    let built: Timestamp
    /// What it says it is, such as `GeoLite2-Country`.
    let type: String

    /// Reads a file.
    ///
    /// - Throws: ``GeoFileFault`` when it can't be read or is no such database.
    init(path: String) throws(GeoFileFault) {
        let copy = try GeoFileCopy(of: path)
        let handle = UnsafeMutablePointer<MMDB_s>.allocate(capacity: 1)
        unsafe handle.initialize(to: MMDB_s())
        let code = unsafe MMDB_open(copy.path, UInt32(MMDB_MODE_MMAP), handle)
        guard code == MMDB_SUCCESS else {
            // The library has freed what it held.
            unsafe handle.deallocate()
            throw GeoFileFault("it is no database in MaxMind's format, or damaged: \(Self.text(of: code))")
        }
        unsafe self.handle = unsafe handle
        stamp = copy.stamp
        let metadata = unsafe handle.pointee.metadata
        built = Timestamp(seconds: Int64(clamping: unsafe metadata.build_epoch))
        type = unsafe metadata.database_type.map { GeoText.clean(unsafe String(cString: $0)) } ?? ""
    }

    deinit {
        unsafe MMDB_close(handle)
        unsafe handle.deallocate()
    }

    /// What is filed under an address; nil: nothing, or the file is damaged there.
    func record(of address: IPAddress) -> GeoRecord? {
        var code = MMDB_SUCCESS
        let result = unsafe Self.withSocketAddress(address) { unsafe MMDB_lookup_sockaddr(handle, $0, &code) }
        guard code == MMDB_SUCCESS, unsafe result.found_entry else { return nil }
        return unsafe GeoRecord(result.entry, of: self)
    }

    private static func withSocketAddress<Result>(
        _ address: IPAddress, _ body: (UnsafePointer<sockaddr>) -> Result
    ) -> Result {
        var storage = sockaddr_in6()
        return unsafe withUnsafeMutableBytes(of: &storage) { raw in
            let bytes = address.bytes
            let offset: Int
            if address.family == .ipv4 {
                unsafe raw.storeBytes(of: sa_family_t(AF_INET), as: sa_family_t.self)
                offset = MemoryLayout<sockaddr_in>.offset(of: \.sin_addr) ?? 4
            } else {
                unsafe raw.storeBytes(of: sa_family_t(AF_INET6), as: sa_family_t.self)
                offset = MemoryLayout<sockaddr_in6>.offset(of: \.sin6_addr) ?? 8
            }
            for index in bytes.indices { unsafe raw[offset + index] = bytes[index] }
            // The storage is as large and as aligned as either form needs.
            return unsafe raw.withMemoryRebound(to: sockaddr.self) { pointer in
                guard let base = pointer.baseAddress else { preconditionFailure("a variable has an address") }
                return unsafe body(base)
            }
        }
    }

    private static func text(of code: Int32) -> String {
        unsafe MMDB_strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
