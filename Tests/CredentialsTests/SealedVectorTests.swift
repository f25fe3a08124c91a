import Credentials
import Foundation
import Model
import Testing

/// The values of `Tests/Conformance/sealed-values.json`, sealed by another program (`Tests/Conformance/sealed.py`).
@Suite struct SealedVectorTests {
    struct Vector: Decodable {
        struct Party: Decodable {
            let `private`: String
            let `public`: String
        }

        let text: String
        let context: [String]
        let secret: String
        let recipients: [Party]
    }

    static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Conformance/sealed-values.json")

    @Test func valuesOfAnotherProgramOpen() throws {
        let vectors = try JSONDecoder().decode([Vector].self, from: Data(contentsOf: Self.file))
        #expect(vectors.count == 2)
        for vector in vectors {
            for party in vector.recipients {
                let key = try RecipientKey(try #require(SecretKey(text: party.private.utf8)))
                #expect("\(key.publicKey)" == party.public)
                let (context, secret) = try SecretOpener([key], of: "the test").open(vector.text)
                let identity =
                    switch context.identity {
                    case .publicKey(let key): "public_key:\(key)"
                    case .name(let name): "name:\(name)"
                    }
                #expect([context.repositoryID, context.kind, context.field, identity] == vector.context)
                secret.withBytes { #expect($0.elementsEqual(vector.secret.utf8)) }
            }
        }
    }
}
