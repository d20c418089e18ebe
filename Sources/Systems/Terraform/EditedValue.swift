package import Foundation
import HCL
package import Model

/// What a file says at the place of an edit.
package struct EditedValue: Sendable, Equatable {
    /// As in `ValueEdit`: without quotes, lists as names with commas between. Nil when the file
    /// does not say it at all.
    package let text: String?
    /// `terraform/terraform.tfvars:3:17`; the file alone when it does not say it.
    package let location: String
    /// It is the new value of the edit.
    package let isNew: Bool

    /// - Parameter bytes: The file, as it is on disk or in a commit; nil when it is not there.
    /// - Throws: a `Problem` of kind `refused` with the place of a mistake in it.
    init(of edit: ValueEdit, in bytes: Data?) throws {
        let place = edit.place
        guard let bytes else {
            self.init(nil, place.file, isNew: false)
            return
        }
        if place.file.hasSuffix(".yaml") || place.file.hasSuffix(".yml") {
            let schematic = try SchematicText([UInt8](bytes), name: place.file)
            self.init(
                schematic.extensions.joined(separator: ","),
                "\(place.file):\(schematic.mark.line):\(schematic.mark.column)",
                isNew: schematic.extensions == FileEditing.names(edit.new))
            return
        }
        let document = try SourceFile(place.file, bytes: [UInt8](bytes)).document
        guard let path = try? HCLPath(place.path),
            let found = try? document.requiredValue(at: path)
        else {
            self.init(nil, place.file, isNew: false)
            return
        }
        let location = "\(place.file):\(found.line):\(found.column)"
        guard case .list(let items) = found.value else {
            let text = FileEditing.text(found.value)
            self.init(text ?? found.value.kindName, location, isNew: text == edit.new)
            return
        }
        let names = items.compactMap(\.string)
        self.init(
            names.joined(separator: ","), location,
            isNew: names.count == items.count && names == FileEditing.names(edit.new))
    }

    private init(_ text: String?, _ location: String, isNew: Bool) {
        self.text = text
        self.location = location
        self.isNew = isNew
    }
}

extension TerraformProject {
    /// What a text of the edited file says where the edit was made: one from a commit.
    ///
    /// - Parameter bytes: Nil when the file is not there.
    /// - Throws: a `Problem` of kind `refused` for a text that cannot be read.
    package func value(of edit: ValueEdit, in bytes: Data?) throws -> EditedValue {
        try EditedValue(of: edit, in: bytes)
    }

    /// What the file on disk says where the edit was made.
    /// - Throws: a `Problem` of kind `refused` for a file that cannot be read, and when another
    ///   place sets the same variable and wins.
    package func standingValue(of edit: ValueEdit) throws -> EditedValue {
        let bytes = FileManager.default.contents(atPath: root + "/" + edit.place.file)
        let value = try EditedValue(of: edit, in: bytes)
        if value.isNew { try checkTakesEffect(edit.place) }
        return value
    }
}
