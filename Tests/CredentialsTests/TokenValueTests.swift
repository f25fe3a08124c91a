import Credentials
import Model
import Testing

@Suite struct TokenValueTests {
    @Test(arguments: TokenValue.Kind.allCases)
    func aValueIsReadAgain(kind: TokenValue.Kind) throws {
        let value = TokenValue.generate(kind)
        let text = value.reveal()
        #expect(text.hasPrefix(kind.rawValue) && text.utf8.count == kind.rawValue.utf8.count + 43)
        let read = try #require(TokenValue(text))
        #expect(read.kind == kind && read.digest == value.digest)
        #expect(TokenValue.generate(kind).digest != value.digest)
        #expect(!"\(value)".contains(text.dropFirst(5)) && !String(reflecting: value).contains(text.dropFirst(5)))
    }

    @Test func whatCanBeNoTokenIsRefused() {
        let text = TokenValue.generate(.api).reveal()
        for wrong in ["", "wb_", String(text.dropLast()), text + "0", "xx_" + text.dropFirst(3), text.dropLast() + "-"]
        {
            #expect(TokenValue(String(wrong)) == nil, "\(wrong.count)")
        }
    }
}
