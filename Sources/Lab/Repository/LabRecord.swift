import Foundation
import Model

/// What a lab remembers of its making: `.lab/lab.json`.
package struct LabRecord: Sendable, Codable {
    package var request: LabRequest
    package var block: AddressBlock

    package init(request: LabRequest, block: AddressBlock) {
        self.request = request
        self.block = block
    }

    /// Throws a `Problem` when `paths` is no lab.
    package static func load(_ paths: LabPaths) throws -> LabRecord {
        guard let bytes = FileManager.default.contents(atPath: paths.record) else {
            throw Problem(
                .refused, "This is not a lab.", at: paths.root,
                fix: "Make one with `bump lab new DIR`.")
        }
        do {
            return try JSONDecoder().decode(LabRecord.self, from: bytes)
        } catch {
            throw Problem(
                .refused, "The lab's description cannot be read.", at: paths.record,
                fix: "Make a new lab with `bump lab new DIR`.")
        }
    }

    package func save(_ paths: LabPaths) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try PrivateFile.write(try encoder.encode(self), to: paths.record)
    }
}
