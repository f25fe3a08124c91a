import CLibPNG

extension QRCode {
    /// The pixels per module that make the picture at least 300 pixels wide.
    public var defaultModuleSize: Int { (300 + side - 1) / side }

    /// Modules per side, quiet zone included.
    public var side: Int { width + 2 * Self.quietZone }

    /// The picture as PNG: greyscale, black on white.
    ///
    /// - Parameter moduleSize: Pixels per module, clamped to 1...32; nil: ``defaultModuleSize``.
    /// - Throws: ``ProfileFailure`` when memory is short.
    public func png(moduleSize: Int? = nil) throws(ProfileFailure) -> [UInt8] {
        let scale = min(max(moduleSize ?? defaultModuleSize, 1), 32)
        let size = side * scale
        var pixels = [UInt8](repeating: 0xFF, count: size * size)
        for y in 0..<size {
            for x in 0..<size where isDark(x / scale - Self.quietZone, y / scale - Self.quietZone) {
                pixels[y * size + x] = 0
            }
        }
        defer { for index in pixels.indices { pixels[index] = 0 } }
        return try Self.encode(pixels, size: size)
    }

    /// Compresses rows of 8-bit grey; libpng's simplified interface reports errors by its result, without `longjmp`.
    private static func encode(_ pixels: [UInt8], size: Int) throws(ProfileFailure) -> [UInt8] {
        var image = unsafe png_image()
        unsafe image.version = png_uint_32(PNG_IMAGE_VERSION)
        unsafe image.width = png_uint_32(size)
        unsafe image.height = png_uint_32(size)
        unsafe image.format = png_uint_32(PNG_FORMAT_GRAY)
        defer { unsafe png_image_free(&image) }
        // Stored bytes, a filter byte per row, and room for chunks and zlib's framing: more than any picture takes.
        var length = pixels.count + size + pixels.count / 1000 + 4096
        var bytes = [UInt8](repeating: 0, count: length)
        let written = unsafe bytes.withUnsafeMutableBytes { output in
            unsafe pixels.withUnsafeBytes { input in
                unsafe png_image_write_to_memory(
                    &image, output.baseAddress, &length, 0, input.baseAddress, png_int_32(size), nil)
            }
        }
        guard written != 0 else {
            throw ProfileFailure(.exhausted, "no memory for a picture of \(size)x\(size) pixels")
        }
        return Array(bytes.prefix(length))
    }
}
