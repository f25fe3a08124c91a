import Model

/// The table of `kind: User`.
enum UserKind {
    static let kind = Kind<User>(
        "User", "Somebody who may use the API.", schemaName: "user", table: table,
        initial: { User(username: "", location: $0) })

    static let username = table.number("username")
    static let id = table.number("id")
    static let email = table.number("email")
    static let role = table.number("role")
    static let enabled = table.number("enabled")

    static let table = FieldTable<User>(plainSecrets: ["password": "wirebuddy user hash-password"]) {
        Field(
            "username", .username, "The name at login and of the author of his changes, unique without regard to case.",
            required: true, \.username)
        Field(
            "id", .uuid, "A stable identifier; default: derived from the name, and written by a rename.",
            presentation: .fixed, \.id)
        Field(
            "email", .email, "The mail address, unique without regard to case.",
            get: { $0.email.isEmpty ? nil : $0.email }, set: { $0.email = $1 })
        Field("full_name", .fullName, "The full name.", default: .string(""), \.fullName)
        Field("description", .text, "Free text.", default: .string(""), \.description)
        Field("role", .word, "admin changes everything, user reads what is his own.", default: .string("user"), \.role)
        Field(
            "enabled", .boolean, "Whether he may log in and use tokens.", default: .boolean(true), \.enabled)
        Field(
            "password_hash", .passwordHash,
            "The Argon2id hash of his password, as wirebuddy user hash-password prints it; default: no login by password.",
            secret: true, presentation: .taken(as: "password"), \.passwordHash)
    }
}
