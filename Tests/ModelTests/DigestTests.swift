import Model
import Testing

@Suite struct DigestTests {
    @Test func printsHexadecimal() {
        let value = DigestValue(bytes: [0x00, 0x0F, 0xF0, 0xFF, 0x12, 0xAB, 0xCD])
        #expect(value.description == "000ff0ff12abcd")
        #expect(value.short == "000ff0ff12ab")
    }

    private func form(_ fields: [[UInt8]]) -> [UInt8] {
        var form = CanonicalForm()
        for field in fields { form.append(field) }
        return form.bytes
    }

    /// Reads a form back; only an injective form can be read back.
    private func fields(of form: [UInt8]) -> [[UInt8]]? {
        var fields: [[UInt8]] = []
        var rest = form[...]
        while !rest.isEmpty {
            var (count, shift) = (0, 0)
            while let byte = rest.popFirst() {
                count |= Int(byte & 0x7F) << shift
                shift += 7
                if byte < 0x80 { break }
            }
            guard count <= rest.count else { return nil }
            fields.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return fields
    }

    @Test func formsReadBack() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            let fields = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                let count = [0, 1, 2, 126, 127, 128, 129, 300, 16_383, 16_384].randomElement(using: &random) ?? 0
                return [UInt8](repeating: UInt8.random(in: 0...255, using: &random), count: count)
            }
            #expect(self.fields(of: form(fields)) == fields)
        }
    }

    @Test func neighboursDiffer() {
        let sequences: [[[UInt8]]] = [
            [], [[]], [[], []], [[1]], [[1], []], [[], [1]], [[0]], [[1, 2]], [[1], [2]], [[1, 1]], [[1], [1]],
            [[0, 0]],
        ]
        #expect(Set(sequences.map(form)).count == sequences.count)
    }

    @Test func textIsItsBytes() {
        var composed = CanonicalForm()
        composed.append("\u{E9}")
        var decomposed = CanonicalForm()
        decomposed.append("e\u{301}")
        #expect(composed.bytes == [2, 0xC3, 0xA9])
        #expect(decomposed.bytes == [3, 0x65, 0xCC, 0x81])
    }
}
