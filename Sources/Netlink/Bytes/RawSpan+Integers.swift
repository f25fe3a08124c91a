extension RawSpan {
    /// Reads an integer in the host's byte order, as netlink headers and most payloads have it.
    ///
    /// The caller has checked that the bytes are there; reading past the end traps.
    func load<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type = T.self, at offset: Int) -> T {
        unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: type)
    }
}
