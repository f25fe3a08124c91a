import Model

/// How receivers of messages are shown: of their address scheme and host, and whether there is a key.
enum MaskedReceivers {
    /// The shown form of a list of receivers.
    static func shown(_ receivers: JSONValue) -> JSONValue {
        guard case .array(let items) = receivers else { return receivers }
        return .array(
            items.map { item in
                guard case .object(let entries) = item else { return item }
                return .object(
                    entries.map { name, value in
                        switch (name, value) {
                        case ("url", .string(let url)): (name, .string(Settings.Notification(url: url).shownURL))
                        case ("secret", _): ("has_secret", .boolean(value != .null))
                        default: (name, value)
                        }
                    })
            })
    }

    /// The schema of the shown form.
    static func servedSchema(_ schema: JSONValue) -> JSONValue {
        replacing(schema, required: ["url", "kinds", "has_secret", "window", "at", "always"]) { name, value in
            switch name {
            case "url": (name, shownURL)
            case "kinds": (name, OpenAPIForm.served(value, isRequired: true))
            case "secret": ("has_secret", boolean)
            default: (name, value)
            }
        }
    }

    /// The schema in a body: receivers as documents hold them, or all of them as they were served.
    static func bodySchema(_ schema: JSONValue) -> JSONValue {
        let properties = OpenAPIForm.request(schema["items"] ?? .object([]))
        guard case .object(let entries)? = properties["properties"] else { return schema }
        let url = JSONValue.object([("anyOf", .array([.reference("receiver-address"), shownURL]))])
        let items = OpenAPIForm.object(
            entries.map { $0.0 == "url" ? ($0.0, url) : $0 } + [("has_secret", boolean)], required: ["url"])
        guard case .object(let all) = schema else { return schema }
        return .object(all.map { $0.0 == "items" ? ($0.0, items) : $0 })
    }

    /// Whether a body says of the receivers what is shown of them.
    static func isShown(_ body: EditValue, as shown: JSONValue) -> Bool { given(body) == given(EditValue(shown)) }

    /// Without entries that say nothing.
    private static func given(_ value: EditValue) -> EditValue {
        switch value {
        case .list(let items): .list(items.map(given))
        case .map(let fields): .map(fields.filter { $0.value != .null })
        default: value
        }
    }

    private static let boolean = JSONValue.object([("type", .string("boolean")), ("readOnly", .boolean(true))])
    private static let shownURL = JSONValue.object([
        ("type", .string("string")), ("pattern", .string("^https?://[^/?]+(/…)?$")),
        ("description", .string("Scheme and host; /… stands for a path that is not shown.")),
    ])

    private static func replacing(
        _ schema: JSONValue, required: [String], _ change: (String, JSONValue) -> (String, JSONValue)
    ) -> JSONValue {
        guard case .object(let all) = schema, case .object(let entries)? = schema["items"]?["properties"] else {
            return schema
        }
        let items = OpenAPIForm.object(entries.map { change($0.0, $0.1) }, required: required)
        return .object(all.map { $0.0 == "items" ? ($0.0, items) : $0 })
    }
}
