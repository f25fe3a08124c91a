import Model

extension FieldType where Value == ConfirmPolicy {
    /// `auto`, or a span of time.
    static var confirm: FieldType {
        FieldType(
            string: "confirm", allowed: "auto, 0s for never, or a duration of at most 1 hour, such as 120s",
            text: { policy in
                switch policy {
                case .auto: "auto"
                case .within(let time): SettingText.of(time)
                }
            }
        ) { text in
            if text == "auto" { return .auto }
            guard let seconds = DurationText.seconds(text), (0...3600).contains(seconds) else { return nil }
            return .within(.seconds(seconds))
        }
    }
}
