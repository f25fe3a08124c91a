import Foundation
import Model
import Profile
import Testing

/// Every form is read back by zbarimg, and gives exactly the text of the configuration.
@Suite("QR codes")
struct QRCodeTests {
    /// The texts of the contract: IPv4, dual stack, long and unusual names, many allowed IPs.
    static let texts: [String] = {
        let names = [
            "phone", "John's iPhone", String(repeating: "long name ", count: 12) + "x", "Gerät von Jörg",
            "電話機", "телефон Ивана", "📱👩‍💻", String(repeating: "電", count: 128), "هاتف",
        ]
        var texts: [String] = []
        for name in names {
            for sample in [try? Sample(), try? Sample.dual()] {
                guard var sample else { continue }
                sample.peer.name = name
                if let text = try? sample.text() { texts.append(text) }
            }
        }
        for count in [10, 40, 120] {
            guard var sample = try? Sample.dual() else { continue }
            sample.peer.routingMode = .splitTunnel
            sample.peer.allowedIPs = (0..<count).map {
                Prefix(IPAddress(v4: 0xC0A8_0000 + UInt32($0) << 8), length: 24)
            }
            if let text = try? sample.text() { texts.append(text) }
        }
        return texts
    }()

    @Test("the texts are all there") func count() { #expect(Self.texts.count == 21) }

    @Test("PNG", arguments: texts)
    func png(text: String) throws {
        let png = try QRCode(Array(text.utf8)).png()
        #expect(try QRReader.text(png) == text)
        #expect(Array(png.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        let side = png[16..<20].reduce(0) { $0 << 8 | Int($1) }
        #expect(side >= 300 && side == png[20..<24].reduce(0) { $0 << 8 | Int($1) })
    }

    @Test("SVG", arguments: texts)
    func svg(text: String) throws {
        let svg = try QRCode(Array(text.utf8)).svg()
        #expect(try QRReader.text(QRReader.picture(try rows(ofSVG: svg))) == text)
    }

    @Test("terminal, with colours and without", arguments: texts)
    func terminal(text: String) throws {
        let code = try QRCode(Array(text.utf8))
        #expect(try QRReader.text(QRReader.picture(try rows(ofTerminal: code.terminal()))) == text)
        let plain = code.terminal(colours: false)
        #expect(!plain.contains("\u{1B}"))
        // On a dark terminal the drawn parts are light.
        let rows = try rows(ofTerminal: plain).map { $0.map { !$0 } }
        #expect(try QRReader.text(QRReader.picture(rows)) == text)
    }

    @Test("the quiet zone has four modules on every side")
    func quietZone() throws {
        let code = try QRCode(Array("x".utf8))
        let rows = try rows(ofSVG: code.svg())
        #expect(rows.count == 21 + 8 && rows.allSatisfy { $0.count == rows.count })
        for (y, row) in rows.enumerated() {
            for (x, isDark) in row.enumerated() where isDark { #expect((4..<25).contains(x) && (4..<25).contains(y)) }
        }
        #expect(rows[4][4] && rows[4][24] && rows[24][4])
    }

    @Test("every size up to the capacity, and one byte more")
    func capacity() throws {
        for count in [1, 17, 666, 667, 1000, 2331, 2332, QRCode.capacity] {
            let text = String(repeating: "a/B9", count: count / 4) + String(repeating: "x", count: count % 4)
            #expect(try QRReader.text(try QRCode(Array(text.utf8)).png()) == text, "\(count) bytes")
        }
        let failure = #expect(throws: ProfileFailure.self) {
            try QRCode([UInt8](repeating: 0x61, count: QRCode.capacity + 1))
        }
        #expect(failure?.kind == .tooLarge)
        #expect(failure?.description.contains("2954 bytes, a QR code holds 2953") == true)
        #expect(throws: ProfileFailure.self) { try QRCode([]) }
        let umlauts = String(repeating: "ä", count: 1475)
        #expect(try QRReader.text(try QRCode(Array("x\(umlauts)".utf8)).png()) == "x\(umlauts)")
        #expect(throws: ProfileFailure.self) { try QRCode(Array("xx\(umlauts)".utf8)) }
    }

    @Test("the size of a module is the caller's, within reason")
    func moduleSize() throws {
        let code = try QRCode(Array("wirebuddy".utf8))
        for (asked, side) in [(1, 29), (10, 290), (0, 29), (1_000_000, 29 * 32)] {
            #expect(try code.png(moduleSize: asked)[16..<20].reduce(0) { $0 << 8 | Int($1) } == side)
        }
    }

    @Test("printing a code shows nothing of it")
    func redaction() throws {
        var dumped = ""
        let code = try QRCode(Array("secret".utf8))
        dump(code, to: &dumped)
        #expect("\(code)\(dumped)".contains("21x21"))
        #expect(!dumped.contains("modules:"))
    }

    /// The modules that the second path of the SVG fills.
    private func rows(ofSVG svg: String) throws -> [[Bool]] {
        let side = try #require(svg.firstMatch(of: /viewBox="0 0 (\d+) (\d+)"/).flatMap { Int($0.1) })
        #expect(svg.contains(##"<path fill="#fff" d="M0 0h\##(side)v\##(side)h-\##(side)z"/>"##))
        let path = try #require(svg.firstMatch(of: /fill="#000" d="([^"]*)"/)).1
        var rows = [[Bool]](repeating: [Bool](repeating: false, count: side), count: side)
        var rest = path
        while !rest.isEmpty {
            let run = try #require(rest.prefixMatch(of: /M(\d+) (\d+)h(\d+)v1h-(\d+)z/))
            let (x, y) = (try #require(Int(run.1)), try #require(Int(run.2)))
            let length = try #require(Int(run.3))
            #expect(run.3 == run.4)
            for column in x..<x + length { rows[y][column] = true }
            rest = rest[run.range.upperBound...]
        }
        return rows
    }

    /// The half blocks that a terminal draws in the colour of text.
    private func rows(ofTerminal text: String) throws -> [[Bool]] {
        var rows: [[Bool]] = []
        for line in text.split(separator: "\n") {
            let blocks = line.replacing("\u{1B}[38;5;16;48;5;231m", with: "").replacing("\u{1B}[0m", with: "")
            #expect(blocks.allSatisfy { "█▀▄ ".contains($0) })
            rows.append(blocks.map { "█▀".contains($0) })
            rows.append(blocks.map { "█▄".contains($0) })
        }
        return rows
    }
}
