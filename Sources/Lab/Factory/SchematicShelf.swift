import Foundation
import Model
import Synchronization

/// The schematics that an Image Factory was told of, kept in a file beside the cluster.
package final class SchematicShelf: Sendable {
    private let file: String
    private let terraformState: String
    private let state: Mutex<State>

    private struct State {
        /// Canonical texts by id.
        var texts: [String: String]
        var terraformSeen: Date?
    }

    package init(file: String, terraformState: String) {
        self.file = file
        self.terraformState = terraformState
        let bytes = FileManager.default.contents(atPath: file)
        let texts = bytes.flatMap { try? JSONDecoder().decode([String: String].self, from: $0) }
        let empty = Schematic(extensions: []).yaml
        state = Mutex(State(texts: (texts ?? [:]).merging([SchematicID.empty.text: empty]) { $1 }))
    }

    /// The canonical text of a schematic; nil when nobody posted it.
    func text(_ id: SchematicID) -> String? { state.withLock { $0.texts[id.text] } }

    /// Keeps a schematic.
    func keep(_ document: SchematicDocument) {
        guard let id = document.id else { return }
        keep([id.text: document.text])
    }

    /// All that are known, with their extensions; what Terraform applied meanwhile included.
    func all() -> [SchematicID: [String]] {
        lookAtTerraform()
        var found: [SchematicID: [String]] = [:]
        for (id, text) in state.withLock({ $0.texts }) {
            guard let id = SchematicID(id), let document = try? SchematicDocument(posted: text)
            else { continue }
            found[id] = document.extensions
        }
        return found
    }

    private func keep(_ texts: [String: String]) {
        let all = state.withLock { state -> [String: String]? in
            let before = state.texts
            state.texts.merge(texts) { _, new in new }
            return state.texts == before ? nil : state.texts
        }
        guard let all, let bytes = try? JSONEncoder().encode(all) else { return }
        try? PrivateFile.write(bytes, to: file)
    }

    /// Terraform tells the factory of a schematic when it applies: its state file says of which.
    private func lookAtTerraform() {
        let attributes = try? FileManager.default.attributesOfItem(atPath: terraformState)
        guard let date = attributes?[.modificationDate] as? Date else { return }
        let isNew = state.withLock { state in
            defer { state.terraformSeen = date }
            return state.terraformSeen != date
        }
        guard isNew, let bytes = FileManager.default.contents(atPath: terraformState),
            let root = try? JSONDecoder().decode(JSONValue.self, from: bytes)
        else { return }
        var found: [String: String] = [:]
        for resource in root["resources"]?.array ?? []
        where resource["type"]?.string == "terraform_data"
            && ["schematic", "node_schematic"].contains(resource["name"]?.string)
        {
            for instance in resource["instances"]?.array ?? [] {
                guard let text = instance["attributes", "output", "value", "schematic"]?.string,
                    let document = try? SchematicDocument(posted: text), let id = document.id
                else { continue }
                found[id.text] = document.text
            }
        }
        if !found.isEmpty { keep(found) }
    }
}
