import Profile
import Testing

@Test func platformsAreNamedAsTheAPINamesThem() {
    #expect(Platform.allCases.map(\.rawValue) == ["app", "linux"])
}
