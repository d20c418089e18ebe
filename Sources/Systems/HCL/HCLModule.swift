/// What a `.tf` file declares, as far as versions are concerned.
package struct HCLModule: Sendable {
    /// A `variable` block.
    package struct Variable: Equatable, Sendable {
        package let name: String
        /// The line of the block, from 1.
        package let line: Int
        /// The type constraint as written, or nil when there is none.
        package let type: String?
        /// The default with its place, or nil when the variable is required.
        package let defaultValue: HCLLocatedValue?
        /// `sensitive = true` is written in the block.
        package let isSensitive: Bool
    }

    /// What keeps the state: `backend "s3"` or `cloud` in a `terraform` block.
    package struct Backend: Equatable, Sendable {
        /// `s3`, `http`, … or `cloud`.
        package let type: String
        package let line: Int
    }

    /// Any block, such as `data "talos_machine_configuration" "worker"`.
    package struct Block: Equatable, Sendable {
        package let labels: [String]
        package let line: Int
        /// Names of the attributes that stand directly in it.
        package let attributes: [String]
        /// What is between the braces, in bytes of the file.
        package let body: Range<Int>
    }

    package let document: HCLDocument

    /// Parses a `.tf` file. Any expression may stand in it; only its syntax is checked.
    package init(parsing bytes: [UInt8]) throws(HCLError) {
        self.init(try HCLDocument(parsing: bytes, as: .module))
    }

    /// A module over a document that was parsed as one.
    package init(_ document: HCLDocument) { self.document = document }

    /// All `variable` blocks in file order.
    package var variables: [Variable] {
        let attributes = Dictionary(
            grouping: document.tree.attributes.filter { $0.block != nil }, by: \.block)
        return blocks(of: "variable", parent: nil).compactMap { index in
            let block = document.tree.blocks[index]
            guard block.labels.count == 1 else { return nil }
            let values = attributes[index] ?? []
            let value = { (name: String) in
                values.first { document.bytes[$0.name].elementsEqual(name.utf8) }?.value
            }
            return Variable(
                name: document.name(of: block.labels[0]), line: line(of: block),
                type: value("type").map(document.source(of:)),
                defaultValue: value("default").map(document.located),
                isSensitive: value("sensitive").map(document.value(of:)) == .bool(true))
        }
    }

    /// The names of all `output` blocks in file order.
    package var outputs: [String] {
        blocks(of: "output", parent: nil).compactMap {
            document.tree.blocks[$0].labels.first.map(document.name(of:))
        }
    }

    /// All backends and `cloud` blocks in file order. Terraform allows one.
    package var backends: [Backend] {
        blocks(of: "terraform", parent: nil).flatMap { parent in
            let backends = blocks(of: "backend", parent: parent).compactMap { index in
                document.tree.blocks[index].labels.first.map {
                    Backend(
                        type: document.name(of: $0), line: line(of: document.tree.blocks[index]))
                }
            }
            let clouds = blocks(of: "cloud", parent: parent).map {
                Backend(type: "cloud", line: line(of: document.tree.blocks[$0]))
            }
            return backends + clouds
        }
    }

    /// All blocks of a type at the top level, in file order.
    package func blocks(_ type: String) -> [Block] {
        blocks(of: type, parent: nil).map { index in
            let block = document.tree.blocks[index]
            let inside = document.tree.attributes.filter { $0.block == index }
            return Block(
                labels: block.labels.map(document.name(of:)), line: line(of: block),
                attributes: inside.map {
                    String(decoding: document.bytes[$0.name], as: UTF8.self)
                }, body: block.body)
        }
    }

    private func blocks(of type: String, parent: Int?) -> [Int] {
        document.tree.blocks.indices.filter {
            document.tree.blocks[$0].parent == parent
                && document.bytes[document.tree.blocks[$0].type].elementsEqual(type.utf8)
        }
    }

    private func line(of block: BlockRecord) -> Int {
        SourcePlace(of: block.type.lowerBound, in: document.bytes).line
    }
}
