import CLibQREncode

/// A QR code (ISO/IEC 18004) that decodes to exactly the bytes it was made of.
public struct QRCode: Sendable {
    /// The most bytes a code holds: version 40, level L, byte mode. Two fewer when they are not all ASCII.
    public static let capacity = 2953
    /// The modules of light border that readers need on every side (ISO/IEC 18004, 6.3.8).
    static let quietZone = 4

    /// Modules per side, without the quiet zone: 21 to 177.
    let width: Int
    /// The modules row by row; true is dark.
    let modules: [Bool]

    /// The code of a text in UTF-8, in byte mode.
    ///
    /// Readers guess the encoding of bytes and take some UTF-8 for Big5 or Shift JIS, so a text that is not ASCII says
    /// what it is (ECI 26). ASCII goes without: old readers show the mark as text.
    ///
    /// Error correction is level M (15 %), and level L (7 %) for texts that would need more than 97 modules per side:
    /// on a screen small modules are the greater difficulty.
    ///
    /// - Throws: ``ProfileFailure`` when there are more than ``capacity`` bytes.
    public init(_ bytes: [UInt8]) throws(ProfileFailure) {
        let isASCII = bytes.allSatisfy { $0 < 0x80 }
        let capacity = isASCII ? Self.capacity : Self.capacity - 2
        guard bytes.count <= capacity else {
            throw ProfileFailure(
                .tooLarge,
                "the text has \(bytes.count) bytes, a QR code holds \(capacity): shorten allowed_ips of the peer, or"
                    + " give the device the file")
        }
        guard !bytes.isEmpty else { throw ProfileFailure(.invalidValue, "there is no text for a QR code") }
        let level = bytes.count <= Self.capacityOfVersion20M ? QR_ECLEVEL_M : QR_ECLEVEL_L
        guard let input = unsafe QRinput_new2(0, level) else { throw Self.exhausted(bytes) }
        // Frees the copy of the text as well.
        defer { unsafe QRinput_free(input) }
        let isAppended = unsafe bytes.withUnsafeBufferPointer {
            unsafe (isASCII || QRinput_appendECIheader(input, Self.eciUTF8) == 0)
                && QRinput_append(input, QR_MODE_8, Int32($0.count), $0.baseAddress) == 0
        }
        guard isAppended, let code = unsafe QRcode_encodeInput(input) else { throw Self.exhausted(bytes) }
        let width = Int(unsafe code.pointee.width)
        let cells = unsafe UnsafeMutableBufferPointer(start: code.pointee.data, count: width * width)
        // The lowest bit is the colour, 1 for dark.
        modules = unsafe cells.map { $0 & 1 == 1 }
        // The picture is the key.
        unsafe cells.update(repeating: 0)
        unsafe QRcode_free(code)
        self.width = width
    }

    private static func exhausted(_ bytes: [UInt8]) -> ProfileFailure {
        ProfileFailure(.exhausted, "no memory for a QR code of \(bytes.count) bytes")
    }

    /// The assignment of UTF-8 (AIM ITS/04-023).
    private static let eciUTF8: UInt32 = 26
    /// The bytes of version 20 (97 modules) at level M.
    private static let capacityOfVersion20M = 666

    /// Whether a module is dark; everything outside is the quiet zone.
    func isDark(_ x: Int, _ y: Int) -> Bool {
        (0..<width).contains(x) && (0..<width).contains(y) && modules[y * width + x]
    }
}

extension QRCode: CustomStringConvertible, CustomReflectable {
    /// The size, never the content.
    public var description: String { "QR code of \(width)x\(width) modules" }
    /// Shows nothing of the content.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
