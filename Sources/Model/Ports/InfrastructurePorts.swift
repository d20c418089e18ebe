/// Reads the Terraform side: declared values and applied outputs. Throws a `Problem`.
package protocol InfrastructureReading: Sendable {
    /// What the files declare, with the place of each value.
    func declaration() async throws -> Declaration
    /// What the outputs say; throws `.refused` when nothing is applied.
    func applied() async throws -> Applied
}

/// Changes files, and applies with Terraform. Throws a `Problem`.
package protocol InfrastructureChanging: Sendable {
    /// Replaces one value, leaving every other byte alone. Already replaced is fine; any third
    /// value is refused.
    func edit(_ edit: ValueEdit) async throws
    /// The same backwards.
    func undo(_ edit: ValueEdit) async throws
    /// The bytes of the edit's file with the edit made in them, whatever is on disk.
    func text(_ bytes: [UInt8], after edit: ValueEdit) throws -> [UInt8]
    /// Makes a saved plan of the files as they are and judges it: any delete or replace is
    /// refused by address when `strict`, else reported. So is a schematic other than the promised
    /// one, where the plan knows it already. Gives a word of what would change.
    func review(
        directory: String, strict: Bool, schematic: SchematicPromise?, within limit: Duration,
        report: @escaping @Sendable (String) -> Void
    ) async throws -> String
    /// Destroys everything that the configuration made, by a saved plan. Already destroyed is fine.
    /// Gives a word of what was destroyed.
    func destroy(
        directory: String, within limit: Duration, report: @escaping @Sendable (String) -> Void
    ) async throws -> String
    /// Makes everything that the configuration describes, by a saved plan: what an earlier attempt
    /// left half made is made anew. Gives a word of what was made.
    func build(
        directory: String, within limit: Duration, report: @escaping @Sendable (String) -> Void
    ) async throws -> String
    /// Applies the reviewed plan; plans and reviews anew when it is stale or gone.
    func apply(
        directory: String, within limit: Duration, report: @escaping @Sendable (String) -> Void
    ) async throws -> String
}
